"""Carry values between units whose borders differ: shares by overlap of area, or of population at points."""

from __future__ import annotations

from typing import Literal, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
from fuping.spatial.boundaries.crosswalk import Crosswalk
from fuping.spatial.boundaries.geometry import has_no_shape, require_crs
from fuping.spatial.boundaries.overlay import overlap_table, unit_at
from fuping.spatial.errors import CrosswalkError
from fuping.spatial.match_report import MatchReport, Unmatched

__all__ = ["Partial", "areal_crosswalk"]

Partial = Literal["renormalise", "keep"]
"""Whether what a unit has outside all the others goes to them too, or to none."""

NOTED = 1e-3
"""Two drawings of one border differ; a cover short of or beyond 1 by more than this is told."""


def areal_crosswalk(
    from_units: gpd.GeoDataFrame,
    to_units: gpd.GeoDataFrame,
    *,
    from_vintage: str,
    to_vintage: str,
    code: str = "code",
    population: gpd.GeoDataFrame | None = None,
    population_column: str = "population",
    partial: Partial = "renormalise",
    equal_area_crs: str = "EPSG:6933",
    minimum_share: float = 1e-6,
) -> tuple[Crosswalk, MatchReport]:
    """Make a crosswalk whose weights are shares of area, or of the population at points.

    Parameters
    ----------
    from_units, to_units, code, equal_area_crs, minimum_share
        As for :func:`fuping.spatial.boundaries.overlay.overlap_table`.
    population
        Points with a column of weights, none negative or missing; a *from* unit without any falls back on area, which
        the report notes.
    partial
        What becomes of a *from* unit that the *to* units cover in part: all of it goes to them (``"renormalise"``), or
        the rest goes nowhere and its weights sum to less than 1 (``"keep"``).

    Returns
    -------
    (Crosswalk, MatchReport)
        *From* units of which nothing is covered are in the report and not in the crosswalk.

    Raises
    ------
    CRSError, GeometryError, CodeError
        See :func:`fuping.spatial.boundaries.geometry.require_polygons`.
    CrosswalkError
        ``partial`` is neither of the two, weights of points are negative or missing, or, under ``"keep"``, *to* units
        overlap, so that more than all of a unit would be carried.

    Notes
    -----
    Aᵢⱼ is the area that unit i shares with j: the weight is Aᵢⱼ / Aᵢ under ``"keep"`` and Aᵢⱼ / Σⱼ Aᵢⱼ under
    ``"renormalise"``; by population, people take the place of area. Weights by area take a variable as spread evenly
    over each unit; points of population put it where people are.

    References
    ----------
    Goodchild & Lam 1980, "Areal interpolation: a variant of the traditional spatial problem", Geo-Processing 1.
    """
    if partial not in get_args(Partial):
        raise CrosswalkError(f"partial={partial!r} is unknown.", remedy=f"Choose {' or '.join(get_args(Partial))}.")
    table = overlap_table(from_units, to_units, code=code, equal_area_crs=equal_area_crs, minimum_share=minimum_share)
    links = table[["from_code", "to_code"]].assign(weight=table["share_from"])
    notes = [f"{table.attrs['slivers']} slivers left out"] if table.attrs["slivers"] else []
    if population is not None:
        people, strays = _people(population, from_units, to_units, code, population_column)
        bare = ~links["from_code"].isin(people["from_code"])
        by_area = sorted(set(links.loc[bare, "from_code"]))
        notes += strays + ([f"by area, for want of people at points: {', '.join(by_area)}"] if by_area else [])
        links = pd.concat([links[bare], people[people["to_code"].notna()]], ignore_index=True)
    covered = links.groupby("from_code")["weight"].sum()
    off = covered[(covered - 1).abs() > NOTED]
    told = ", ".join(f"{name} {part:.1%}" for name, part in off.items())
    notes += [f"{len(off)} units are not covered to 100%: {told}"] if len(off) else []
    # What drawing alone leaves uncovered, or covers twice, is shared out in any case.
    whole = (covered - 1).abs() <= NOTED if partial == "keep" else covered > 0
    links["weight"] /= links["from_code"].map(covered.where(whole, 1.0))
    null = has_no_shape(from_units.geometry)
    lost = ~from_units[code].isin(covered.index[covered > 0])
    reached = set(links.loc[links["weight"] > 0, "to_code"])
    report = MatchReport(
        f"{from_vintage} → {to_vintage} by {'area' if population is None else 'population'}",
        n_left=len(from_units),
        n_right=len(to_units),
        matched=int((~lost).sum()),
        unmatched_left=tuple(
            Unmatched(str(name), "", "no_geometry" if shapeless else "not_covered")
            for name, shapeless in zip(from_units.loc[lost, code], null[lost], strict=True)
        ),
        unmatched_right=tuple(
            Unmatched(str(name), "", "not_covered") for name in to_units[code] if name not in reached
        ),
        notes=tuple(notes),
    )
    return Crosswalk(links.assign(kind="transfer"), from_vintage, to_vintage), report


def _people(
    population: gpd.GeoDataFrame, from_units: gpd.GeoDataFrame, to_units: gpd.GeoDataFrame, code: str, column: str
) -> tuple[pd.DataFrame, list[str]]:
    """Return from_code, to_code (missing: outside all) and each pair's share of the people of the *from* unit."""
    require_crs(population)
    people = population[column].astype(float)
    wrong = ~(people >= 0) | np.isinf(people)
    if wrong.any():
        raise CrosswalkError(
            f"{int(wrong.sum())} of {len(people)} points have a {column} that is missing, negative or infinite.",
            remedy="Leave these points out, or mend them.",
        )
    (start, _), (end, _) = (unit_at(population.geometry, units, code=code) for units in (from_units, to_units))
    stray = people[start.isna()]
    notes = [f"{len(stray)} points with {stray.sum():g} people lie in no unit of departure"] if len(stray) else []
    found = pd.DataFrame({"from_code": start, "to_code": end, "weight": people})[start.notna()]
    table = found.groupby(["from_code", "to_code"], as_index=False, dropna=False)["weight"].sum()
    whole = table.groupby("from_code")["weight"].transform("sum")
    return table.assign(weight=table["weight"] / whole)[whole > 0], notes
