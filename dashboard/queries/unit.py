"""One unit in full: value, rank, change, series beside its peers, history, projects, and its other figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.places import Place, ancestors, chain, place
from fuping.dashboard.state import ViewState, levels_with_figures
from fuping.layers.stores import STATUS_WORDS
from fuping.spatial.cube.missing import MissingReason
from fuping.spatial.cube.values import UnitYearValues
from numpy.typing import NDArray

__all__ = [
    "Change",
    "KeyFigure",
    "Observation",
    "Rank",
    "Series",
    "UnitFacts",
    "change",
    "latest_figures",
    "observations",
    "peers_of",
    "projects_of",
    "rank",
    "series",
    "unit_facts",
]


@dataclass(frozen=True)
class Observation:
    """One figure: NaN where missing, with the reason; ``status`` is a word of the vocabulary."""

    year: int
    value: float
    lower: float
    upper: float
    reason: MissingReason
    status: str


@dataclass(frozen=True)
class Rank:
    """Place among the units with a figure that year, 1 for the highest; equal figures share the better place."""

    position: int
    of: int
    scope: Place | None
    """The unit they all lie in; ``None``: the whole country."""


@dataclass(frozen=True)
class Change:
    """Difference from the unit's previous figure, and whether the series breaks in between."""

    first_year: int
    year: int
    difference: float
    breaks: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Series:
    """A unit's figures and the median of its peers in the same years.

    Parameters
    ----------
    figures
        One for each year that the indicator has at this level.
    peers
        float64, one for each year; NaN where no peer has a figure.
    scope
        The unit whose parts the peers are; ``None``: all units of the level.
    n_peers
        How many they are.
    """

    figures: tuple[Observation, ...]
    peers: NDArray[np.float64]
    scope: Place | None
    n_peers: int


@dataclass(frozen=True)
class KeyFigure:
    """Latest figure of another indicator."""

    indicator: Mapping[str, Any]
    figure: Observation


@dataclass(frozen=True)
class UnitFacts:
    """What the side panel shows of one unit.

    Parameters
    ----------
    place, above
        The unit and what it lies in, top down.
    at
        Its place among the units of the level.
    area_km2
        Area of its boundary; ``None`` where its source has no shape of it.
    figure
        Of the view's indicator and year.
    ranks
        In the country and, where it lies in a unit below it, there.
    change
        ``None`` where there is no earlier figure, or for a status.
    history
        Of a status: every year.
    projects
        Those known to cover it, with the years.
    others
        Latest figures of the other indicators of the level.
    parts
        The next level below with figures, and how many of its units lie in this one; ``None`` where there is none.
    """

    place: Place
    above: tuple[Place, ...]
    at: int
    area_km2: float | None
    figure: Observation
    ranks: tuple[Rank, ...]
    change: Change | None
    history: tuple[Observation, ...]
    projects: tuple[tuple[Mapping[str, Any], tuple[int, ...]], ...]
    others: tuple[KeyFigure, ...]
    parts: tuple[Mapping[str, Any], int] | None


def _observation(values: UnitYearValues, row: int, at: int) -> Observation:
    return Observation(
        values.years[row],
        float(values.value[row, at]),
        float(values.lower[row, at]),
        float(values.upper[row, at]),
        MissingReason(int(values.reason[row, at])),
        STATUS_WORDS[int(values.status[row, at])],
    )


def observations(values: UnitYearValues, at: int) -> tuple[Observation, ...]:
    """Return a unit's figures, one for each year."""
    return tuple(_observation(values, row, at) for row in range(len(values.years)))


def rank(row: NDArray[np.float64], at: int, scope: Place | None, inside: NDArray[np.bool_]) -> Rank | None:
    """Return a unit's place among those of ``inside`` with a figure; ``None`` where it has none itself.

    >>> rank(np.array([3.0, 9.0, 9.0, np.nan]), 0, None, np.ones(4, dtype=bool))
    Rank(position=3, of=3, scope=None)
    """
    if np.isnan(row[at]):
        return None
    peers = row[inside & ~np.isnan(row)]
    return Rank(int((peers > row[at]).sum()) + 1, len(peers), scope)


def change(values: UnitYearValues, row: int, at: int, breaks: list[int], *, base: int | None = None) -> Change | None:
    """Return the difference from the figure of a base year, without one from the unit's previous figure.

    It is ``None`` where one of the two is missing.
    """
    before = range(row) if base is None else [values.at(base)]
    earlier = [one for one in before if not np.isnan(values.value[one, at])]
    if not earlier or np.isnan(values.value[row, at]):
        return None
    first, last = values.years[earlier[-1]], values.years[row]
    crossed = tuple(year for year in breaks if first < year <= last)
    return Change(first, last, float(values.value[row, at] - values.value[earlier[-1], at]), crossed)


def series(reader: Reader, view: ViewState, code: str) -> Series:
    """Return a unit's series with its peers: the units of the level in the same highest part of the country."""
    values = reader.values(view.pack, view.indicator, view.level)
    at = reader.units(view.pack, view.level)["code"].index(code)
    scope, inside = peers_of(reader, view, at)
    others = inside.copy()
    others[at] = False
    figures = observations(values, at)
    peers = np.array([_median(row[others]) for row in values.value])
    return Series(figures, peers, scope, int(others.sum()))


def _median(row: NDArray[np.float64]) -> float:
    there = row[~np.isnan(row)]
    return float(np.median(there)) if len(there) else float("nan")


def peers_of(reader: Reader, view: ViewState, at: int) -> tuple[Place | None, NDArray[np.bool_]]:
    """Return which units of the level a unit is put beside, itself among them, and what they all lie in."""
    for level, column in ancestors(reader, view.pack, view.level).items():
        if column[at] and len(set(column)) > 1:
            inside = np.array(column, dtype=object) == column[at]
            return place(reader, view.pack, level, column[at], view.language), np.asarray(inside, dtype=bool)
    return None, np.ones(len(reader.units(view.pack, view.level)["code"]), dtype=bool)


def unit_facts(reader: Reader, view: ViewState) -> UnitFacts | None:
    """Return the facts of the view's unit; ``None`` where none is selected at its level."""
    here = place(reader, view.pack, view.level, view.unit or "", view.language)
    if here is None:
        return None
    units = reader.units(view.pack, view.level)
    at = units["code"].index(here.code)
    declared = reader.indicator(view.pack, view.indicator)
    values = reader.values(view.pack, view.indicator, view.level)
    row = values.years.index(view.year)
    ranks: tuple[Rank, ...] = ()
    is_status = declared["kind"] == "status"
    if not is_status:
        scope, inside = peers_of(reader, view, at)
        everywhere = np.ones(len(units["code"]), dtype=bool)
        found = [rank(values.value[row], at, None, everywhere)]
        found += [rank(values.value[row], at, scope, inside)] if scope else []
        ranks = tuple(one for one in found if one)
    return UnitFacts(
        place=here,
        above=tuple(chain(reader, view.pack, view.level, here.code, view.language)),
        at=at,
        area_km2=units["area_km2"][at],
        figure=_observation(values, row, at),
        ranks=ranks,
        change=None if is_status else change(values, row, at, declared["breaks_in_series"], base=view.base),
        history=observations(values, at) if is_status else (),
        projects=tuple(projects_of(reader, view, at)),
        others=tuple(
            one for one in latest_figures(reader, view.pack, view.level, at) if one.indicator["id"] != view.indicator
        ),
        parts=_parts(reader, view, here.code),
    )


def _parts(reader: Reader, view: ViewState, code: str) -> tuple[Mapping[str, Any], int] | None:
    catalogue = reader.catalogue(view.pack)
    for level in levels_with_figures(catalogue, reader.indicator(view.pack, view.indicator)):
        column = ancestors(reader, view.pack, level).get(view.level, ())
        if code in column:
            return reader.level(view.pack, level), column.count(code)
    return None


def projects_of(reader: Reader, view: ViewState, at: int) -> list[tuple[Mapping[str, Any], tuple[int, ...]]]:
    """Return the projects known to cover a unit, with the years."""
    found = []
    for project in reader.catalogue(view.pack)["projects"]:
        years, covered = reader.coverage(view.pack, project["id"], view.level)
        mine = tuple(year for year, row in zip(years, covered, strict=True) if row[at])
        if mine:
            found.append((project, mine))
    return found


def latest_figures(reader: Reader, pack: str, level: str, at: int) -> list[KeyFigure]:
    """Return a unit's latest figure of each indicator that is shown and has one for it."""
    found = []
    for declared in reader.catalogue(pack)["indicators"]:
        if not declared["shown"] or level not in declared["levels"]:
            continue
        values = reader.values(pack, declared["id"], level)
        rows = np.flatnonzero(~np.isnan(values.value[:, at]))
        if len(rows):
            found.append(KeyFigure(declared, _observation(values, int(rows[-1]), at)))
    return found
