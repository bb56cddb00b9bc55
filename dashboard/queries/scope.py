"""Which units a page looks at: those of the whole country, or those inside one unit; and what each is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.places import Place, ancestors, chain, members, place_of_code
from fuping.dashboard.state import ViewState
from numpy.typing import NDArray

__all__ = ["NamedUnit", "Scope", "named", "scope", "wholes"]


@dataclass(frozen=True, eq=False)
class Scope:
    """The units of one level that are looked at.

    Parameters
    ----------
    place
        The unit that they lie in; ``None``: the whole country.
    inside
        bool, shape (n units of the level,).
    state
        ``whole``: no unit is named. ``parts``: the units that lie in it. ``itself``: the level is its own.
        ``above``: the level is higher, so nothing of it lies inside and all units are looked at. ``unknown``: no unit
        has the code, so all are looked at.
    """

    place: Place | None
    inside: NDArray[np.bool_]
    state: Literal["whole", "parts", "itself", "above", "unknown"]


@dataclass(frozen=True)
class NamedUnit:
    """A unit of a level: its position there, and the unit above that tells it from others of the same name."""

    at: int
    code: str
    name: str
    parent: str


def scope(reader: Reader, view: ViewState, level: str) -> Scope:
    """Return which units of a level the view's ``within`` leaves."""
    codes = reader.units(view.pack, level)["code"]
    everywhere = np.ones(len(codes), dtype=bool)
    if not view.within:
        return Scope(None, everywhere, "whole")
    place = place_of_code(reader, view.pack, view.within, view.language)
    if place is None:
        return Scope(None, everywhere, "unknown")
    if place.level == level:
        return Scope(place, np.array([code == place.code for code in codes]), "itself")
    if place.level in ancestors(reader, view.pack, level):
        # ``members`` answers with all units where none lies inside.
        column = ancestors(reader, view.pack, level)[place.level]
        none = np.zeros(len(codes), dtype=bool)
        inside = members(reader, view.pack, level, place.code) if place.code in column else none
        return Scope(place, inside, "parts")
    return Scope(place, everywhere, "above")


def wholes(reader: Reader, view: ViewState) -> list[Place]:
    """Return the units that a page can be narrowed to: those of the highest level that parts the country.

    The one that the view names is among them, whatever its level.
    """
    finest = reader.catalogue(view.pack)["levels"][-1]["id"]
    above = ancestors(reader, view.pack, finest)
    level = next((one for one in above if reader.level(view.pack, one)["n_units"] > 1), None)
    found = []
    if level:
        units = reader.units(view.pack, level)
        inside = set(above[level])
        rows = zip(units["code"], units[f"name_{view.language}"], strict=True)
        found = [Place(level, code, name, "") for code, name in rows if code in inside]
    chosen = place_of_code(reader, view.pack, view.within, view.language) if view.within else None
    return found if chosen is None or any(one.code == chosen.code for one in found) else [chosen, *found]


def named(reader: Reader, view: ViewState, level: str, at: int) -> NamedUnit:
    """Return what the unit at a position of a level is called."""
    units = reader.units(view.pack, level)
    code = units["code"][at]
    above = [
        one.name
        for one in chain(reader, view.pack, level, code, view.language)
        if reader.level(view.pack, one.level)["n_units"] > 1
    ]
    return NamedUnit(at, code, units[f"name_{view.language}"][at], above[-1] if above else "")
