"""Carry values between units whose borders differ: shares by overlap of area, or of population at points."""

from __future__ import annotations

from typing import Literal

import geopandas as gpd
import pandas as pd
import shapely
from fuping.spatial.boundaries.crosswalk import Crosswalk
from fuping.spatial.boundaries.geometry import require_crs
from fuping.spatial.match_report import MatchReport, Unmatched

__all__ = ["areal_crosswalk", "overlap_table"]


def overlap_table(
    from_units: gpd.GeoDataFrame,
    to_units: gpd.GeoDataFrame,
    *,
    code: str = "code",
    equal_area_crs: str = "EPSG:6933",
    minimum_share: float = 1e-6,
) -> pd.DataFrame:
    """Measure the overlap of every pair of units.

    Parameters
    ----------
    from_units, to_units
        Polygons, each in a known CRS.
    equal_area_crs
        Where areas are measured.
    minimum_share
        Overlaps that are a smaller share of *both* units are slivers of two drawings of one border, and are left out;
        ``attrs["slivers"]`` counts them.

    Returns
    -------
    pandas.DataFrame
        from_code, to_code, area_km2, share_from, share_to (0–1), sorted by code.

    Raises
    ------
    CRSError
        A CRS is missing or wrong.
    """
    require_crs(from_units)
    require_crs(to_units)
    left = from_units.geometry.to_crs(equal_area_crs).to_numpy()
    right = to_units.geometry.to_crs(equal_area_crs).to_numpy()
    at_right, at_left = shapely.STRtree(left).query(right, predicate="intersects")
    area = shapely.area(shapely.intersection(left[at_left], right[at_right])) / 1e6
    table = pd.DataFrame(
        {
            "from_code": from_units[code].to_numpy()[at_left],
            "to_code": to_units[code].to_numpy()[at_right],
            "area_km2": area,
            "share_from": area * 1e6 / shapely.area(left)[at_left],
            "share_to": area * 1e6 / shapely.area(right)[at_right],
        }
    )
    sliver = table[["share_from", "share_to"]].max(axis=1) < minimum_share
    kept = table[~sliver].sort_values(["from_code", "to_code"], ignore_index=True)
    kept.attrs["slivers"] = int((sliver & (table["area_km2"] > 0)).sum())
    return kept


def areal_crosswalk(
    from_units: gpd.GeoDataFrame,
    to_units: gpd.GeoDataFrame,
    *,
    from_vintage: str,
    to_vintage: str,
    code: str = "code",
    population: gpd.GeoDataFrame | None = None,
    population_column: str = "population",
    partial: Literal["renormalise", "keep"] = "renormalise",
    equal_area_crs: str = "EPSG:6933",
    minimum_share: float = 1e-6,
) -> tuple[Crosswalk, MatchReport]:
    """Make a crosswalk whose weights are shares of area, or of the population at points.

    Weights by area take a variable as spread evenly over each unit (Goodchild & Lam 1980, "Areal interpolation: a
    variant of the traditional spatial problem", Geo-Processing 1); points of population put it where people are.

    Parameters
    ----------
    population
        Points with a column of weights; a *from* unit without any falls back on area, which the report notes.
    partial
        What becomes of a *from* unit that the *to* units cover in part: all of it goes to them (``"renormalise"``), or
        the rest goes to the code ``""``, which is no unit (``"keep"``).

    Returns
    -------
    (Crosswalk, MatchReport)
        *From* units that nothing covers are in the report and not in the crosswalk.
    """
    options = {"code": code, "equal_area_crs": equal_area_crs}
    table = overlap_table(from_units, to_units, minimum_share=minimum_share, **options)  # type: ignore[arg-type]
    links = table[["from_code", "to_code"]].assign(weight=table["share_from"])
    notes = [f"{table.attrs['slivers']} slivers left out"] if table.attrs["slivers"] else []
    if population is not None:
        counted = _counted(population, from_units, to_units, code, population_column)
        with_people = links["from_code"].isin(counted["from_code"])
        bare = sorted(set(links.loc[~with_people, "from_code"]))
        notes += [f"by area, for want of people at points: {', '.join(bare)}"] if bare else []
        links = pd.concat([links[~with_people], counted], ignore_index=True)
    covered = links.groupby("from_code")["weight"].sum()
    lacking = {name: part for name, part in covered.items() if part < 1 - 1e-3}
    notes += [f"{name} is covered to {part:.1%}" for name, part in lacking.items()]
    if partial == "renormalise":
        links["weight"] /= links["from_code"].map(covered)
    else:
        rest = pd.DataFrame({"from_code": list(lacking), "to_code": "", "weight": [1 - p for p in lacking.values()]})
        full = ~links["from_code"].isin(list(lacking))
        links["weight"] = links["weight"].where(~full, links["weight"] / links["from_code"].map(covered))
        links = pd.concat([links, rest], ignore_index=True)
    links = links.assign(kind="transfer")[["from_code", "to_code", "weight", "kind"]]
    links = links.sort_values(["from_code", "to_code"], ignore_index=True)
    outside = [str(name) for name in from_units[code] if name not in covered.index]
    report = MatchReport(
        f"{from_vintage} → {to_vintage} by {'area' if population is None else 'population'}",
        n_left=len(from_units),
        n_right=len(to_units),
        matched=len(from_units) - len(outside),
        unmatched_left=tuple(Unmatched(name, "", "not_covered") for name in outside),
        notes=tuple(notes),
    )
    return Crosswalk(links, from_vintage, to_vintage), report


def _counted(
    population: gpd.GeoDataFrame, from_units: gpd.GeoDataFrame, to_units: gpd.GeoDataFrame, code: str, column: str
) -> pd.DataFrame:
    """Share each unit's people by where their points lie in the other units."""
    require_crs(population)
    found = pd.DataFrame({"people": population[column].to_numpy(dtype=float)})
    for name, units in (("from_code", from_units), ("to_code", to_units)):
        points = population.geometry.to_crs(units.crs).to_numpy()
        point, unit = shapely.STRtree(units.geometry.to_numpy()).query(points, predicate="intersects")
        # A point on a border counts once, for the first unit in order.
        first = pd.Series(units[code].to_numpy()[unit], index=point).groupby(level=0).min()
        found[name] = first.reindex(range(len(population)))
    found = found.dropna()
    table = found.groupby(["from_code", "to_code"], as_index=False)["people"].sum()
    whole = table.groupby("from_code")["people"].transform("sum")
    return table[whole > 0].assign(weight=(table["people"] / whole)[whole > 0]).drop(columns="people")
