"""What changed since the year before: how many units rose and fell, which the most, and which changed their status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.scope import NamedUnit, Scope, named, scope
from fuping.dashboard.state import ViewState
from fuping.spatial.cube.change import change_since
from fuping.spatial.cube.missing import MissingReason, reason_counts
from fuping.spatial.cube.values import UnitYearValues
from numpy.typing import NDArray

__all__ = ["Flow", "Mover", "SinceLastYear", "since_last_year"]

MOST_MOVERS = 8

MOST_LISTED = 12
"""Units that are listed by name when they changed their status."""


@dataclass(frozen=True)
class Mover:
    """One unit in two years.

    Parameters
    ----------
    before, after
        Its figures, or the codes of its categories.
    clear
        Whether the intervals of the two figures lie apart; ``None`` where its source gives none.
    """

    unit: NamedUnit
    before: float
    after: float
    clear: bool | None

    @property
    def difference(self) -> float:
        """Later figure less the earlier."""
        return self.after - self.before


@dataclass(frozen=True)
class Flow:
    """Units that went from one category to another; the first of them by name."""

    before: float
    after: float
    n: int
    units: tuple[NamedUnit, ...]


@dataclass(frozen=True, eq=False)
class SinceLastYear:
    """Change of an indicator at a level since the year before that it has.

    Parameters
    ----------
    scope
        The units looked at.
    year, base
        The two years; ``base`` is ``None`` in the first year.
    crossed
        Breaks in the series between them: then nothing is compared.
    n_now, missing
        Units with a figure in the year, and why the others have none; those outside the source's scope included.
    rose, fell, unchanged, unknown
        Units; unchanged is less than half of the last digit that the indicator is printed with, unknown lacks one of
        the two figures.
    clear_rises, clear_falls
        Those whose intervals lie apart; ``None`` where no interval is given.
    risers, fallers
        Those that changed most, the first the most.
    flows
        Of a status: changes of category, the most frequent first.
    selected
        The selected unit, where it is among those looked at and has both figures.
    """

    scope: Scope
    year: int
    base: int | None
    crossed: tuple[int, ...]
    n_now: int
    missing: Mapping[MissingReason, int]
    rose: int = 0
    fell: int = 0
    unchanged: int = 0
    unknown: int = 0
    clear_rises: int | None = None
    clear_falls: int | None = None
    risers: tuple[Mover, ...] = ()
    fallers: tuple[Mover, ...] = ()
    flows: tuple[Flow, ...] = ()
    selected: Mover | None = None

    @property
    def compared(self) -> int:
        """Units with both figures."""
        return self.rose + self.fell + self.unchanged + sum(one.n for one in self.flows)


def since_last_year(reader: Reader, view: ViewState) -> SinceLastYear:
    """Return what changed in the view's year, among the units that its ``within`` leaves."""
    declared = reader.indicator(view.pack, view.indicator)
    values = reader.values(view.pack, view.indicator, view.level)
    looked_at = scope(reader, view, view.level)
    row = values.at(view.year)
    reasons = values.reason[row, looked_at.inside]
    known: dict[str, Any] = {
        "scope": looked_at,
        "year": view.year,
        "n_now": int((reasons == MissingReason.OBSERVED).sum()),
        "missing": reason_counts(reasons[reasons != MissingReason.OBSERVED]),
    }
    if not row:
        return SinceLastYear(base=None, crossed=(), **known)
    change = change_since(values, base=None, breaks=declared["breaks_in_series"])
    at = change.years.index(view.year)
    known |= {"base": change.bases[at], "crossed": change.crossed[at]}
    difference = np.where(looked_at.inside, change.difference[at], np.nan)
    known["unknown"] = int((looked_at.inside & np.isnan(difference)).sum())
    if change.crossed[at]:
        return SinceLastYear(**known)
    clear = _clear(values, row)
    if view.unit in (codes := reader.units(view.pack, view.level)["code"]):
        one = codes.index(view.unit)
        known["selected"] = _mover(reader, view, values, row, one, clear) if np.isfinite(difference[one]) else None
    if declared["categories"]:
        known |= _moves(reader, view, values, row, difference)
    else:
        known |= _counts(difference, declared["decimals"], clear)
        known |= _movers(reader, view, values, row, difference, declared["decimals"], clear)
    return SinceLastYear(**known)


def _clear(values: UnitYearValues, row: int) -> NDArray[np.bool_] | None:
    """Return whose two intervals lie apart; ``None`` where no unit has both."""
    ends = [values.lower[row], values.upper[row], values.lower[row - 1], values.upper[row - 1]]
    both = np.isfinite(ends).all(axis=0)
    return both & ((ends[0] > ends[3]) | (ends[1] < ends[2])) if both.any() else None


def _still(difference: NDArray[np.float64], decimals: int) -> NDArray[np.bool_]:
    # What prints as no change is none, however the binary figures differ.
    return np.abs(difference) < 0.5 * 10.0**-decimals


def _counts(difference: NDArray[np.float64], decimals: int, clear: NDArray[np.bool_] | None) -> dict[str, Any]:
    still = _still(difference, decimals)
    rose, fell = (difference > 0) & ~still, (difference < 0) & ~still
    return {
        "rose": int(rose.sum()),
        "fell": int(fell.sum()),
        "unchanged": int((still & np.isfinite(difference)).sum()),
        "clear_rises": None if clear is None else int((rose & clear).sum()),
        "clear_falls": None if clear is None else int((fell & clear).sum()),
    }


def _movers(
    reader: Reader,
    view: ViewState,
    values: UnitYearValues,
    row: int,
    difference: NDArray[np.float64],
    decimals: int,
    clear: NDArray[np.bool_] | None,
) -> dict[str, Any]:
    moved = np.flatnonzero(np.isfinite(difference) & ~_still(difference, decimals))
    order = moved[np.argsort(difference[moved], kind="stable")]
    ends = {"risers": order[::-1][:MOST_MOVERS], "fallers": order[:MOST_MOVERS]}
    signs = {"risers": 1, "fallers": -1}
    return {
        name: tuple(
            _mover(reader, view, values, row, int(at), clear) for at in places if signs[name] * difference[at] > 0
        )
        for name, places in ends.items()
    }


def _mover(
    reader: Reader, view: ViewState, values: UnitYearValues, row: int, at: int, clear: NDArray[np.bool_] | None
) -> Mover:
    apart = None if clear is None or np.isnan(values.lower[row, at]) else bool(clear[at])
    unit = named(reader, view, view.level, at)
    return Mover(unit, float(values.value[row - 1, at]), float(values.value[row, at]), apart)


def _moves(
    reader: Reader, view: ViewState, values: UnitYearValues, row: int, difference: NDArray[np.float64]
) -> dict[str, Any]:
    moved = np.flatnonzero(np.isfinite(difference) & (difference != 0))
    pairs = [(float(values.value[row - 1, at]), float(values.value[row, at])) for at in moved]
    flows = []
    for (before, after), n in Counter(pairs).most_common():
        mine = [int(at) for at, pair in zip(moved, pairs, strict=True) if pair == (before, after)]
        units = tuple(named(reader, view, view.level, at) for at in mine[:MOST_LISTED])
        flows.append(Flow(before, after, n, units))
    return {"flows": tuple(flows), "unchanged": int((difference == 0).sum())}
