"""Which indicators of the ecological framework have figures of several years, and how they changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.figures_at import Latest

__all__ = ["YearlyChange", "yearly_changes"]


@dataclass(frozen=True)
class YearlyChange:
    """One indicator in its first and its last year, over the units that have figures in both.

    Parameters
    ----------
    indicator
        As the catalogue has it.
    first, last
        Years.
    before, after
        The middle of the units.
    safer, less_safe, same
        Units whose figure moved towards safety, away from it, or not at all.
    """

    indicator: Mapping[str, Any]
    first: int
    last: int
    before: float
    after: float
    safer: int
    less_safe: int
    same: int


def yearly_changes(
    reader: Reader, pack: str, framework: Mapping[str, Any], used: Sequence[Latest]
) -> tuple[list[YearlyChange], list[Latest]]:
    """Return the changes of the indicators that have several years, and the indicators that have one only."""
    sense = {one["indicator"]: 1 if one["direction"] == "positive" else -1 for one in framework["indicators"]}
    several, single = [], []
    for one in used:
        name = one.indicator["id"]
        values = reader.values(pack, name, framework["level"])
        known = np.isfinite(values.value)
        rows = np.flatnonzero(known.any(axis=1))
        both = known[rows[0]] & known[rows[-1]]
        if len(rows) < 2 or not both.any():
            single.append(one)
            continue
        before, after = values.value[rows[0]][both], values.value[rows[-1]][both]
        moved = sense[name] * (after - before)
        counts = (int((moved > 0).sum()), int((moved < 0).sum()), int((moved == 0).sum()))
        years = (int(values.years[rows[0]]), int(values.years[rows[-1]]))
        several.append(YearlyChange(one.indicator, *years, float(np.median(before)), float(np.median(after)), *counts))
    return several, single
