"""How the ranks of units move over the years: the first, the last, or those around the selected one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.scope import NamedUnit, named
from fuping.dashboard.queries.spread import Spread
from fuping.dashboard.state import ViewState
from numpy.typing import NDArray

__all__ = ["RANKED", "RankPath", "RankPaths", "rank_paths"]

Ranked = Literal["high", "low", "around"]

RANKED: tuple[Ranked, ...] = get_args(Ranked)

SHOWN = 10

LEAST_UNITS = 3


@dataclass(frozen=True, eq=False)
class RankPath:
    """A unit's ranks and figures in each year; NaN where it has no figure."""

    unit: NamedUnit
    ranks: NDArray[np.float64]
    values: NDArray[np.float64]
    selected: bool


@dataclass(frozen=True, eq=False)
class RankPaths:
    """Ranks over m years; equal figures share the better rank.

    Parameters
    ----------
    years
        Those with figures of at least three units.
    n
        Units ranked in each.
    year
        That the units were chosen by: the last of ``years`` that is not after the view's.
    ranked
        Which were chosen: the highest or the lowest figures, or those next to the selected unit.
    from_low
        Whether rank 1 is the lowest figure; else it is the highest.
    paths
        In the order of their rank in ``year``; the selected unit is always among them where it has any rank.
    """

    years: tuple[int, ...]
    n: tuple[int, ...]
    year: int
    ranked: Ranked
    from_low: bool
    paths: tuple[RankPath, ...]


def rank_paths(reader: Reader, view: ViewState, found: Spread) -> RankPaths | Literal["one_unit", "few"]:
    """Return the paths of the units that the page's parameter ``ranked`` asks for, or why there are none."""
    if len(found.places) < LEAST_UNITS:
        return "one_unit"
    rows = np.flatnonzero(found.n >= LEAST_UNITS)
    if not len(rows):
        return "few"
    years = [found.years[row] for row in rows]
    last = max((at for at, year in enumerate(years) if year <= view.year), default=0)
    codes = reader.units(view.pack, view.level)["code"]
    at_unit = codes.index(view.unit) if view.unit in codes else -1
    chosen = int(np.flatnonzero(found.places == at_unit)[0]) if at_unit in found.places else None
    asked: str = view.option("ranked", RANKED, _first(reader, view))
    if asked == "around" and (chosen is None or np.isnan(found.values[rows[last], chosen])):
        asked = _first(reader, view)
    ranked: Ranked = next(one for one in RANKED if one == asked)
    from_low = ranked == "low" or (ranked == "around" and _first(reader, view) == "low")
    ranks = np.array([_ranks(-found.values[row] if from_low else found.values[row]) for row in rows])
    picked = _picked(ranks[last], ranked, chosen)
    if chosen is not None and chosen not in picked and np.isfinite(ranks[:, chosen]).any():
        picked.append(chosen)
    paths = tuple(
        RankPath(
            named(reader, view, view.level, int(found.places[one])),
            ranks[:, one],
            found.values[rows, one],
            one == chosen,
        )
        for one in picked
    )
    return RankPaths(tuple(years), tuple(found.n[rows].tolist()), years[last], ranked, from_low, paths)


def _first(reader: Reader, view: ViewState) -> Ranked:
    return "low" if reader.indicator(view.pack, view.indicator)["direction"] == "higher_is_better" else "high"


def _ranks(row: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ranks, 1 for the highest.

    >>> _ranks(np.array([3.0, 9.0, 9.0, np.nan])).tolist()
    [3.0, 1.0, 1.0, nan]
    """
    there = np.isfinite(row)
    ordered = np.sort(-row[there])
    return np.where(there, np.searchsorted(ordered, -np.where(there, row, 0.0)) + 1.0, np.nan)


def _picked(ranks: NDArray[np.float64], ranked: Ranked, chosen: int | None) -> list[int]:
    order = np.argsort(ranks, kind="stable")[: int(np.isfinite(ranks).sum())]
    if ranked == "around" and chosen is not None:
        middle = int(np.flatnonzero(order == chosen)[0])
        start = int(np.clip(middle - SHOWN // 2, 0, max(0, len(order) - SHOWN)))
        return [int(one) for one in order[start : start + SHOWN]]
    return [int(one) for one in order[:SHOWN]]
