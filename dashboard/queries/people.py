"""How many people, and how many poor people, the units of a level have: where a pack counts them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from fuping.dashboard.queries.cache import Reader
from fuping.spatial.cube.values import UnitYearValues
from numpy.typing import NDArray

__all__ = ["Counted", "Headcount", "headcount", "people", "people_indicator", "recipient_indicators"]

Counted = Literal["population", "poor_population"]

ENDINGS: dict[Counted, tuple[str, ...]] = {
    "population": ("population",),
    "poor_population": ("poverty_count", "poor_population"),
}
"""Ids of indicators that count people; of the poor also behind another word: ``rural_poor_population``."""

WHOLE = "persons"
"""Unit of measure of a count of single people."""


@dataclass(frozen=True, eq=False)
class Headcount:
    """People of each unit in the last year that counts some.

    Parameters
    ----------
    heads
        float64, one a unit; NaN where not counted.
    year
        Of the count; 0 where the pack counts nobody at the level.
    """

    heads: NDArray[np.float64]
    year: int

    def total(self, among: NDArray[np.bool_]) -> float:
        """Return the people of some units; NaN where the pack counts nobody."""
        return float(np.nansum(self.heads[among])) if self.year else float("nan")


def _counts(declared: Mapping[str, Any], level: str) -> bool:
    counted = declared["aggregation"] == "extensive" and declared["unit"]["en"] == WHOLE
    return counted and declared["levels"].get(level, {}).get("n_values", 0) > 0


def people_indicator(reader: Reader, pack: str, level: str, counted: Counted) -> Mapping[str, Any] | None:
    """Return the indicator that counts people at a level; ``None`` where the pack has none there."""
    for declared in reader.catalogue(pack)["indicators"]:
        name = declared["id"]
        named = name in ENDINGS[counted] or (counted != "population" and name.endswith(ENDINGS[counted]))
        if named and _counts(declared, level):
            return dict(declared)
    return None


def people(reader: Reader, pack: str, level: str, counted: Counted) -> UnitYearValues | None:
    """Return how many people each unit has by year; ``None`` where the pack does not count them at the level."""
    declared = people_indicator(reader, pack, level, counted)
    return reader.values(pack, declared["id"], level) if declared else None


def headcount(reader: Reader, pack: str, level: str, counted: Counted = "population") -> Headcount:
    """Return the last count of people of a level's units."""
    values = people(reader, pack, level, counted)
    nobody = Headcount(np.full(len(reader.units(pack, level)["code"]), np.nan), 0)
    if values is None:
        return nobody
    rows = np.flatnonzero(np.isfinite(values.value).any(axis=1))
    return Headcount(values.value[rows[-1]], values.years[rows[-1]]) if len(rows) else nobody


def recipient_indicators(reader: Reader, pack: str, level: str = "") -> list[Mapping[str, Any]]:
    """Return the indicators that count whom a programme reaches: those whose declared role is ``recipients``.

    Parameters
    ----------
    level
        Only those with figures there; at any level where not given.
    """
    catalogue = reader.catalogue(pack)
    levels = [level] if level else [one["id"] for one in catalogue["levels"]]
    return [
        one
        for one in catalogue["indicators"]
        if one.get("role") == "recipients" and any(_counts(one, name) for name in levels)
    ]
