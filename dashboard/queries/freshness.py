"""How old the figures of each source are, and how complete the latest year of each indicator is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.holdings import IndicatorHolding, indicators_held, sources_held
from fuping.dashboard.queries.once import once

__all__ = ["Freshness", "SourceAge", "freshness"]


@dataclass(frozen=True)
class SourceAge:
    """One source.

    Parameters
    ----------
    source
        As the catalogue has it.
    indicators
        How many of those offered come from it.
    latest
        Last year that it gives figures of; ``None`` where it gives none, as boundaries do, or is not loaded.
    age
        Years from then to this year.
    """

    source: Mapping[str, Any]
    indicators: int
    latest: int | None
    age: int | None


@dataclass(frozen=True)
class Freshness:
    """The sources in the pack's order; the indicators whose latest year is complete, and those whose is not.

    ``lacking`` is in the order of the share that has figures, the least first.
    """

    sources: tuple[SourceAge, ...]
    complete: tuple[IndicatorHolding, ...]
    lacking: tuple[IndicatorHolding, ...]


def freshness(reader: Reader, pack: str, *, this_year: int) -> Freshness:
    """Return how old and how complete a pack's figures are."""
    latest = _latest(reader, pack)
    sources = tuple(
        SourceAge(
            one.source,
            len(one.indicators),
            year := latest.get(one.source["id"]),
            None if year is None else this_year - year,
        )
        for one in sources_held(reader, pack)
    )
    held = [one for one in _held(reader, pack, reader.version(pack)) if one.years]
    lacking = sorted((one for one in held if one.years[-1].share < 1), key=lambda one: one.years[-1].share)
    return Freshness(sources, tuple(one for one in held if one.years[-1].share == 1), tuple(lacking))


@once(maxsize=16)
def _held(reader: Reader, pack: str, version: str) -> list[IndicatorHolding]:
    return indicators_held(reader, pack)


def _latest(reader: Reader, pack: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in reader.catalogue(pack)["indicators"]:
        for level in one["levels"].values():
            for year, sources in level["sources"].items():
                for source in sources:
                    found[source] = max(found.get(source, 0), int(year))
    return found
