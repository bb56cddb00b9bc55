"""Carry values between units whose borders differ by where people live: a crosswalk from a raster of population."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from fuping.spatial.boundaries.crosswalk import Crosswalk
from fuping.spatial.boundaries.overlay import overlap_table
from fuping.spatial.errors import CrosswalkError
from fuping.spatial.match_report import MatchReport, Unmatched
from fuping.spatial.raster.coverage_table import coverage_table
from fuping.spatial.raster.source import Raster
from fuping.spatial.raster.zonal import zonal_statistics

__all__ = ["dasymetric_crosswalk"]


def dasymetric_crosswalk(
    from_units: gpd.GeoDataFrame,
    to_units: gpd.GeoDataFrame,
    population: Raster,
    *,
    from_vintage: str,
    to_vintage: str,
    code: str = "code",
    equal_area_crs: str = "EPSG:6933",
    minimum_share: float = 1e-6,
) -> tuple[Crosswalk, MatchReport]:
    r"""Make a crosswalk whose weights are shares of the people that a raster puts into the parts of each unit.

    Parameters
    ----------
    from_units, to_units, code, equal_area_crs, minimum_share
        As for :func:`fuping.spatial.boundaries.overlay.overlap_table`.
    population
        One band of people (or of anything that adds up), a number for each cell.

    Returns
    -------
    (Crosswalk, MatchReport)
        *From* units of which nothing is covered are in the report and not in the crosswalk. One in whose parts the
        raster has nobody goes by area, which the report notes.

    Raises
    ------
    CRSError, GeometryError, CodeError
        See :func:`fuping.spatial.boundaries.geometry.require_polygons`.
    CrosswalkError
        The raster has several bands, or negative people.

    Notes
    -----
    With :math:`p_{ij}` the people of the raster in what units i and j share, cells in part counted in part, the weight
    is :math:`p_{ij} / \sum_j p_{ij}`: all of a unit goes to those that cover it.

    References
    ----------
    Mennis 2003, "Generating surface models of population using dasymetric mapping", The Professional Geographer 55.
    """
    if len(population.bands) != 1:
        raise CrosswalkError(f"The raster has {len(population.bands)} bands.", remedy="Give one of people.")
    links = overlap_table(from_units, to_units, code=code, equal_area_crs=equal_area_crs, minimum_share=minimum_share)
    links["people"] = _people(links, from_units, to_units, population, code)
    whole = links.groupby("from_code")["people"].transform("sum")
    by_area = links["area_km2"] / links.groupby("from_code")["area_km2"].transform("sum")
    links["weight"] = np.where(whole > 0, links["people"] / whole.where(whole > 0, 1.0), by_area)
    bare = sorted(set(links.loc[~(whole > 0), "from_code"]))
    notes = [f"{links.attrs['slivers']} slivers left out"] if links.attrs.get("slivers") else []
    notes += [f"by area, for want of people in the raster: {', '.join(bare)}"] if bare else []
    sent, reached = set(links["from_code"]), set(links.loc[links["weight"] > 0, "to_code"])
    lost = [str(name) for name in from_units[code] if name not in sent]
    report = MatchReport(
        f"{from_vintage} → {to_vintage} by population of a raster",
        n_left=len(from_units),
        n_right=len(to_units),
        matched=len(sent),
        unmatched_left=tuple(Unmatched(name, "", "not_covered") for name in lost),
        unmatched_right=tuple(
            Unmatched(str(name), "", "not_covered") for name in to_units[code] if name not in reached
        ),
        notes=tuple(notes),
    )
    links = links[["from_code", "to_code", "weight"]].assign(kind="transfer")
    return Crosswalk(links, from_vintage, to_vintage), report


def _people(
    links: pd.DataFrame, from_units: gpd.GeoDataFrame, to_units: gpd.GeoDataFrame, population: Raster, code: str
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Sum the raster over what each pair shares; 0 where it has no value."""
    crs = population.grid.crs
    left, right = (units.set_index(code).geometry.to_crs(crs) for units in (from_units, to_units))
    shared = shapely.intersection(left.loc[links["from_code"]].to_numpy(), right.loc[links["to_code"]].to_numpy())
    # Where two borders cross, lines and points are shared too.
    parts = [shapely.union_all([one for one in shapely.get_parts(each) if shapely.area(one) > 0]) for each in shared]
    pieces = gpd.GeoDataFrame({code: [str(at) for at in range(len(parts))]}, geometry=parts, crs=crs)
    table = coverage_table(pieces, population.grid, code=code)
    found = zonal_statistics(table, population, statistics=["sum", "min"], minimum_cells=0).table
    if (found["min"] < 0).any():
        raise CrosswalkError("The raster has cells with fewer than no people.", remedy="Mark them as no data.")
    return found["sum"].fillna(0.0).to_numpy(dtype=float)
