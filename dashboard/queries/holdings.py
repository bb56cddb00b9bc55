"""What a pack holds: its sources, how complete each indicator is, its poverty lines; what the data page shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fuping.dashboard.queries.cache import Reader
from fuping.spatial.quality.completeness import completeness

__all__ = ["Completeness", "IndicatorHolding", "SourceHolding", "indicators_held", "level_completeness", "sources_held"]


@dataclass(frozen=True)
class SourceHolding:
    """A source, whether it is loaded, and which indicators come from it."""

    source: Mapping[str, Any]
    indicators: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Completeness:
    """How many units of a level have a figure in a year, and why the others have none."""

    year: int
    observed: int
    expected: int
    missing: Mapping[int, int]

    @property
    def share(self) -> float:
        """Observed part of the units that the source covers, 0 to 1."""
        return self.observed / self.expected if self.expected else 0.0


@dataclass(frozen=True)
class IndicatorHolding:
    """An indicator at its finest level, year by year; no years where it is not loaded."""

    indicator: Mapping[str, Any]
    level: str
    years: tuple[Completeness, ...]
    commands: tuple[str, ...]


def sources_held(reader: Reader, pack: str) -> list[SourceHolding]:
    """Return the sources of a pack in the order of its declaration."""
    catalogue = reader.catalogue(pack)
    offered = [one for one in catalogue["indicators"] if one["shown"]]
    return [
        SourceHolding(source, tuple(one for one in offered if source["id"] in one["sources"]))
        for source in catalogue["sources"]
    ]


def indicators_held(reader: Reader, pack: str) -> list[IndicatorHolding]:
    """Return the indicators that are offered, with the completeness of each year at the finest level."""
    catalogue = reader.catalogue(pack)
    named = {one["id"]: one for one in catalogue["sources"]}
    held = []
    for one in catalogue["indicators"]:
        if not one["shown"]:
            continue
        there = [level["id"] for level in catalogue["levels"] if one["levels"].get(level["id"], {}).get("n_values")]
        closed = [named[name] for name in one["sources"] if not named[name]["loaded"]]
        commands = tuple(source["load_command"] for source in closed)
        years = level_completeness(reader, pack, one["id"], there[-1]) if there else ()
        held.append(IndicatorHolding(one, there[-1] if there else "", years, commands))
    return held


def level_completeness(reader: Reader, pack: str, indicator: str, level: str) -> tuple[Completeness, ...]:
    """Return how complete an indicator is at a level, year by year."""
    values = reader.values(pack, indicator, level)
    table = completeness(values.reason, values.years)
    why = [name for name in table.columns if name not in ("observed", "expected", "share")]
    return tuple(
        Completeness(
            int(year), int(row["observed"]), int(row["expected"]), {one: int(row[one]) for one in why if row[one]}
        )
        for year, row in zip(values.years, table.to_dict("records"), strict=True)
    )
