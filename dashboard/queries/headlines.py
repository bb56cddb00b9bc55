"""The figures that an overview begins with: each indicator once, for the country or for one unit of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.scope import scope
from fuping.dashboard.state import ViewState, levels_with_figures
from fuping.spatial.cube.missing import MissingReason
from fuping.spatial.cube.values import UnitYearValues
from numpy.typing import NDArray

__all__ = ["BAND", "Headline", "Headlines", "headlines"]

BAND = 8
"""Figures in the band; the others stand in a table below it."""

FEW_CATEGORIES = 3
"""A status of more categories groups units by kind, so what is counted is the units in any group but the last."""


@dataclass(frozen=True, eq=False)
class Headline:
    """One indicator over the years.

    Parameters
    ----------
    indicator
        As the catalogue has it.
    level
        Highest level that has figures for the place.
    measure
        ``figure``: of the one unit. ``median``: of the units inside. ``count``: units in the first category of a
        status; ``grouped``: in any category but the last.
    units
        Positions of the units behind it.
    years, series
        Every year of the indicator at the level, float64; NaN where missing.
    lower, upper
        Interval of the latest figure; NaN where its source gives none.
    at, before
        Rows of the latest figure and of the one before it; ``before`` is ``None`` where there is none.
    n
        Units with a figure in the latest year.
    crossed
        Breaks in the series between the two rows.
    later
        Reason why the years after the latest figure have none; ``None`` where it is of the last year.
    """

    indicator: Mapping[str, Any]
    level: Mapping[str, Any]
    measure: Literal["figure", "median", "count", "grouped"]
    units: NDArray[np.intp]
    years: tuple[int, ...]
    series: NDArray[np.float64]
    lower: float
    upper: float
    at: int
    before: int | None
    n: int
    crossed: tuple[int, ...]
    later: MissingReason | None

    @property
    def year(self) -> int:
        """Year of the latest figure."""
        return self.years[self.at]

    @property
    def value(self) -> float:
        """Latest figure."""
        return float(self.series[self.at])

    @property
    def difference(self) -> float:
        """Latest figure less the one before; NaN where there is none or the series breaks in between."""
        comparable = self.before is not None and not self.crossed
        return float(self.series[self.at] - self.series[self.before]) if comparable else float("nan")


@dataclass(frozen=True)
class Headlines:
    """The figures of a place: the band, the others, and the indicators that have none for it."""

    band: tuple[Headline, ...]
    others: tuple[Headline, ...]
    absent: tuple[Mapping[str, Any], ...]


def headlines(reader: Reader, view: ViewState) -> Headlines:
    """Return the figures of the view's ``within``, or of the country.

    The pack's default indicator comes first; the band then takes one indicator of each theme in turn, those with
    several years and with figures of at least half of the units before the others.
    """
    catalogue = reader.catalogue(view.pack)
    found, absent = [], []
    for declared in catalogue["indicators"]:
        if not declared["shown"]:
            continue
        one = _headline(reader, view, declared)
        if one:
            found.append(one)
        else:
            absent.append(declared)
    first = catalogue["pack"]["default_indicator"]
    found.sort(key=lambda one: one.indicator["id"] != first)
    order = _in_turn([one for one in found if one.before is not None and 2 * one.n >= len(one.units)])
    band = tuple(order[:BAND])
    return Headlines(band, tuple(one for one in found if one not in band), tuple(absent))


def _in_turn(found: list[Headline]) -> list[Headline]:
    themes: dict[str, list[Headline]] = {}
    for one in found:
        themes.setdefault(one.indicator["theme"]["en"], []).append(one)
    longest = max((len(each) for each in themes.values()), default=0)
    return [each[turn] for turn in range(longest) for each in themes.values() if turn < len(each)]


def _headline(reader: Reader, view: ViewState, declared: Mapping[str, Any]) -> Headline | None:
    for level in levels_with_figures(reader.catalogue(view.pack), declared):
        looked_at = scope(reader, view, level)
        if looked_at.state == "above":
            continue
        units = np.flatnonzero(looked_at.inside)
        values = reader.values(view.pack, declared["id"], level)
        if not np.isfinite(values.value[:, units]).any():
            continue
        # A total of a place is not the median of the totals of its parts.
        if len(units) > 1 and declared["aggregation"] == "extensive":
            continue
        return _of_units(reader, view, declared, level, values, units)
    return None


def _of_units(
    reader: Reader,
    view: ViewState,
    declared: Mapping[str, Any],
    level: str,
    values: UnitYearValues,
    units: NDArray[np.intp],
) -> Headline:
    inside = values.value[:, units]
    measure, series = _series(declared, inside)
    there = np.flatnonzero(np.isfinite(series))
    at = int(there[-1])
    before = int(there[-2]) if len(there) > 1 else None
    breaks = declared["breaks_in_series"]
    since = values.years[before] if before is not None else values.years[at]
    alone = measure == "figure"
    last = values.reason[-1, units]
    return Headline(
        indicator=declared,
        level=reader.level(view.pack, level),
        measure=measure,
        units=units,
        years=values.years,
        series=series,
        lower=float(values.lower[at, units[0]]) if alone else float("nan"),
        upper=float(values.upper[at, units[0]]) if alone else float("nan"),
        at=at,
        before=before,
        n=int(np.isfinite(inside[at]).sum()),
        crossed=tuple(year for year in breaks if since < year <= values.years[at]),
        later=MissingReason(int(np.bincount(last).argmax())) if at < len(values.years) - 1 else None,
    )


def _series(
    declared: Mapping[str, Any], inside: NDArray[np.float64]
) -> tuple[Literal["figure", "median", "count", "grouped"], NDArray[np.float64]]:
    known = np.isfinite(inside).any(axis=1)
    if declared["categories"]:
        codes = [one["code"] for one in declared["categories"]]
        if len(codes) <= FEW_CATEGORIES:
            return "count", np.where(known, (inside == codes[0]).sum(axis=1), np.nan)
        return "grouped", np.where(known, np.isin(inside, codes[:-1]).sum(axis=1), np.nan)
    if inside.shape[1] == 1:
        return "figure", inside[:, 0]
    medians = [float(np.median(row[np.isfinite(row)])) if np.isfinite(row).any() else np.nan for row in inside]
    return "median", np.array(medians)
