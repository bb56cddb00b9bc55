"""Disaster risk of each unit by the pack's composite, the cyclones that came, and who lives where they blow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.figures_at import Latest, NotUsed, latest, usable
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.people import headcount
from numpy.typing import NDArray

if TYPE_CHECKING:
    from fuping.spatial.risk.inform import InformRisk

__all__ = [
    "GRADE_BREAKS",
    "Exposed",
    "Risk",
    "composite_of",
    "exposed_people",
    "risk_of",
    "storm_curve",
    "storms_of",
]

GRADE_BREAKS = (2.0, 3.5, 5.0, 6.5)
"""INFORM's own limits of very low, low, medium, high and very high risk (JRC, INFORM Risk Index, 0 to 10)."""

FORCES = ((0.0, 10.8), (10.8, 17.2), (17.2, 24.5), (24.5, 32.7), (32.7, np.inf))
"""m/s: below force 6, from 6, from 8, from 10, from 12 of the Beaufort scale (WMO no. 306, code table 1100)."""


@dataclass(frozen=True, eq=False)
class Risk:
    """The composite.

    Parameters
    ----------
    composite
        As declared.
    used, left_out
        Indicators with figures, and those without.
    lacking
        Dimensions without any indicator; where there is one, there is no composite.
    result
        Scores of the units of the composite's level.
    grades
        0 (very low) to 4, −1 without a score.
    year
        Of the newest figure.
    """

    composite: Mapping[str, Any]
    used: tuple[Latest, ...]
    left_out: tuple[NotUsed, ...]
    lacking: tuple[str, ...]
    result: InformRisk | None
    grades: NDArray[np.int8] | None
    year: int

    @property
    def unassessed(self) -> tuple[Mapping[str, Any], ...]:
        """Hazards that no figure tells of, as declared: ``name`` and ``why``."""
        used = {one.indicator["id"] for one in self.used}
        return tuple(one for one in self.composite.get("unassessed", ()) if not used & set(one["indicators"]))


@dataclass(frozen=True, eq=False)
class Exposed:
    """Units and people by the wind that comes once in ten years.

    Parameters
    ----------
    bounds
        Of each class in m/s, from the strongest.
    units, poor_units
        In each class.
    people, people_poor
        Living in them, and in those of them that count as poor; NaN where the pack counts nobody.
    people_year
        Of the count of people; 0 without one.
    uncounted
        Units without a count of people.
    wind
        The figures of the wind.
    """

    bounds: tuple[tuple[float, float], ...]
    units: tuple[int, ...]
    poor_units: tuple[int, ...]
    people: tuple[float, ...]
    people_poor: tuple[float, ...]
    people_year: int
    uncounted: int
    wind: Latest


def composite_of(reader: Reader, pack: str) -> Mapping[str, Any] | None:
    """Return the pack's composite of risk, or nothing where it declares none or its level is not drawn."""
    catalogue = reader.catalogue(pack)
    drawn = {one["id"] for one in catalogue["levels"]}
    return next((one for one in catalogue.get("risk", ()) if one["level"] in drawn), None)


def risk_of(reader: Reader, pack: str) -> Risk | None:
    """Return the composite of the units of its level; ``None`` where the pack declares none."""
    return _risk(reader, pack, reader.version(pack)) if composite_of(reader, pack) else None


@once(maxsize=8)
def _risk(reader: Reader, pack: str, version: str) -> Risk:
    from fuping.spatial.risk.inform import DIMENSIONS, inform_risk

    composite = composite_of(reader, pack) or {}
    declared = {one["indicator"]: one for one in composite["indicators"]}
    used, left = usable(reader, pack, list(declared), composite["level"])
    there = {declared[one.indicator["id"]]["dimension"] for one in used}
    lacking = tuple(one for one in DIMENSIONS if one not in there)
    year = max((one.year for one in used), default=0)
    if lacking:
        return Risk(composite, tuple(used), tuple(left), lacking, None, None, year)
    codes = reader.units(pack, composite["level"])["code"]
    names = [one.indicator["id"] for one in used]
    values = pd.DataFrame({one.indicator["id"]: one.value for one in used}, index=codes)
    years = pd.DataFrame({one.indicator["id"]: one.year for one in used}, index=codes)
    keys = ("dimension", "low", "high", "direction")
    table = pd.DataFrame({key: [declared[name][key] for name in names] for key in keys}, index=names)
    table["category"] = [declared[name]["category"]["en"] for name in names]
    result = inform_risk(values, indicators=table, years=years, year=year, minimum_share=composite["minimum_share"])
    score = result.table["risk"].to_numpy()
    grades = np.where(np.isnan(score), -1, np.searchsorted(GRADE_BREAKS, np.nan_to_num(score), side="right"))
    return Risk(composite, tuple(used), tuple(left), (), result, grades.astype(np.int8), year)


@once(maxsize=4)
def _winds(reader: Reader, pack: str, version: str) -> tuple[Mapping[str, Any], pd.DataFrame] | None:
    table = reader.store.table(pack, "storm_winds")
    declared = next(iter(reader.catalogue(pack).get("storms", ())), None)
    if table is None or declared is None or not len(table):
        return None
    return declared, table[table["catalogue"] == declared["id"]]


def storms_of(reader: Reader, pack: str) -> tuple[Mapping[str, Any], pd.DataFrame] | None:
    """Return the pack's storm catalogue as declared and the wind of each storm in each unit; or nothing."""
    return _winds(reader, pack, reader.version(pack))


def storm_curve(reader: Reader, pack: str, code: str) -> pd.DataFrame | None:
    """Return how often a unit has seen which wind; ``None`` where no storm reached it."""
    from fuping.spatial.risk.hazard import exceedance_curve

    found = storms_of(reader, pack)
    if found is None:
        return None
    declared, winds = found
    mine = winds.loc[winds["code"] == code, "wind"]
    if not len(mine):
        return None
    years = declared["last_season"] - declared["first_season"] + 1
    return exceedance_curve(mine, pd.Series(1 / years, index=mine.index))


def exposed_people(
    reader: Reader, pack: str, level: str, poor: NDArray[np.bool_] | None, among: NDArray[np.bool_] | None = None
) -> Exposed | None:
    """Count units and people by the wind once in ten years; ``None`` where the pack has no such wind at the level.

    Parameters
    ----------
    poor
        Whether each unit counts as poor; ``None`` where that is not known.
    among
        Which units are counted; all where not given.
    """
    known = {one["id"] for one in reader.catalogue(pack)["indicators"]}
    wind = latest(reader, pack, "cyclone_wind_10yr", level) if "cyclone_wind_10yr" in known else None
    if wind is None:
        return None
    counted = headcount(reader, pack, level)
    whole = np.ones(len(wind.value), dtype=bool) if among is None else among
    marked = np.zeros(len(wind.value), dtype=bool) if poor is None else poor
    inside = [whole & (wind.value >= low) & (wind.value < high) for low, high in reversed(FORCES)]
    return Exposed(
        tuple(reversed(FORCES)),
        tuple(int(one.sum()) for one in inside),
        tuple(int((one & marked).sum()) for one in inside),
        tuple(counted.total(one) for one in inside),
        tuple(counted.total(one & marked) for one in inside),
        counted.year,
        int((whole & np.isfinite(wind.value) & np.isnan(counted.heads)).sum()) if counted.year else 0,
        wind,
    )
