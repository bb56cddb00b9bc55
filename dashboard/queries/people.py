"""How many people, and how many poor people, the units of a level have: where a pack counts them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from fuping.dashboard.queries.cache import Reader
from fuping.spatial.cube.values import UnitYearValues

__all__ = ["Counted", "people", "people_indicator", "recipient_indicators"]

Counted = Literal["population", "poor_population"]

ENDINGS: dict[Counted, tuple[str, ...]] = {
    "population": ("population",),
    "poor_population": ("poverty_count", "poor_population"),
}
"""Ids of indicators that count people; of the poor also behind another word: ``rural_poor_population``."""

WHOLE = "persons"
"""Unit of measure of a count of single people."""


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
