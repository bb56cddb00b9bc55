"""The parts of a unit: at which levels it has some, and how many a report can hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.places import Place, ancestors

__all__ = ["MOST_PARTS", "Parts", "parts_of"]

MOST_PARTS = 400
"""Units that one report lists, or that one batch makes reports of: a table of nine pages, or some minutes."""


@dataclass(frozen=True)
class Parts:
    """The units of a lower level that lie in a unit.

    Parameters
    ----------
    level
        As the catalogue has it.
    codes
        In the order of the level.
    """

    level: Mapping[str, Any]
    codes: tuple[str, ...]


def parts_of(reader: Reader, pack: str, place: Place) -> list[Parts]:
    """Return the parts of a unit at every level below it that has some, top down."""
    found = []
    for level in reader.catalogue(pack)["levels"]:
        column = ancestors(reader, pack, level["id"]).get(place.level, ())
        codes = reader.units(pack, level["id"])["code"]
        inside = tuple(code for code, above in zip(codes, column, strict=True) if above == place.code) if column else ()
        if inside:
            found.append(Parts(level, inside))
    return found
