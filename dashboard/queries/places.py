"""Units in their hierarchy: what each lies in, and which lie in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.once import once
from fuping.spatial.boundaries import hierarchy
from numpy.typing import NDArray

__all__ = ["Place", "ancestors", "chain", "members", "outline_level", "place", "place_of_code"]


@dataclass(frozen=True)
class Place:
    """One unit: its level, code, name in the language asked for, and name in the other."""

    level: str
    code: str
    name: str
    other_name: str


def place(reader: Reader, pack: str, level: str, code: str, language: str) -> Place | None:
    """Return a unit of a level; ``None`` where there is no such code."""
    units = reader.units(pack, level)
    if code not in units["code"]:
        return None
    at = units["code"].index(code)
    name, other = units[f"name_{language}"][at], units["name_zh" if language == "en" else "name_en"][at]
    return Place(level, code, str(name), "" if other == name else str(other))


def place_of_code(reader: Reader, pack: str, code: str, language: str) -> Place | None:
    """Return the highest unit with a code."""
    for level in reader.catalogue(pack)["levels"]:
        found = place(reader, pack, level["id"], code, language)
        if found:
            return found
    return None


def ancestors(reader: Reader, pack: str, level: str) -> Mapping[str, tuple[str, ...]]:
    """Return what the units of a level lie in.

    Returns
    -------
    dict of str to tuple of str
        Level above, top down → the code of each unit's ancestor there; empty where it has none at that level.
    """
    return _ancestors(reader, pack, reader.version(pack), level)


@once(maxsize=64)
def _ancestors(reader: Reader, pack: str, version: str, level: str) -> dict[str, tuple[str, ...]]:
    levels = [one["id"] for one in reader.catalogue(pack)["levels"]]
    parents = {
        one: dict(zip(columns["code"], zip(columns["parent_level"], columns["parent_code"], strict=True), strict=True))
        for one, columns in ((one, reader.units(pack, one)) for one in levels)
    }
    found = hierarchy.ancestors(parents, level)
    return {one: tuple(found[one]) for one in levels if one in found}


def chain(reader: Reader, pack: str, level: str, code: str, language: str) -> list[Place]:
    """Return what a unit lies in, top down."""
    at = reader.units(pack, level)["code"].index(code)
    above = [(one, column[at]) for one, column in ancestors(reader, pack, level).items() if column[at]]
    found = (place(reader, pack, one, parent, language) for one, parent in above)
    return [one for one in found if one]


def members(reader: Reader, pack: str, level: str, within: str | None) -> NDArray[np.bool_]:
    """Return which units of a level lie in the unit of a higher level with a code; all where there is no such unit."""
    n_units = len(reader.units(pack, level)["code"])
    for column in ancestors(reader, pack, level).values():
        inside = np.array(column, dtype=object) == within
        if inside.any():
            return np.asarray(inside, dtype=bool)
    return np.ones(n_units, dtype=bool)


def outline_level(catalogue: Mapping[str, Any], level: str, above: Mapping[str, Any]) -> str | None:
    """Return the level whose borders are drawn over a level's: the highest that parts the country, else the country.

    Parameters
    ----------
    above
        Levels that units of ``level`` lie in, as the keys of :func:`ancestors`.
    """
    size = {one["id"]: one["n_units"] for one in catalogue["levels"]}
    parted = [one for one in above if size[one] > 1]
    return next(iter(parted), next(iter(above), None))
