"""Places side by side, of any levels: their series of one indicator and their latest figures of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.places import Place, chain, place_of_code
from fuping.dashboard.queries.unit import Observation, latest_figures, observations
from fuping.dashboard.state import MOST_COMPARED, ViewState

__all__ = ["Compared", "Comparison", "compare"]


@dataclass(frozen=True)
class Compared:
    """One place.

    Parameters
    ----------
    place, at
        The unit, and its place among those of its level.
    figures
        Of the view's indicator, one for each year that it has at the unit's level; empty where it has none there.
    latest
        Indicator → latest figure, or why there is none; only indicators that are given at the unit's level.
    """

    place: Place
    at: int
    figures: tuple[Observation, ...]
    latest: Mapping[str, Observation]


@dataclass(frozen=True)
class Comparison:
    """The places compared.

    Parameters
    ----------
    compared
        In the order chosen.
    unknown
        Codes that no unit has.
    above
        What the places lie in and is not among them, top down; empty where no more fit.
    """

    compared: tuple[Compared, ...]
    unknown: tuple[str, ...]
    above: tuple[Place, ...]


def compare(reader: Reader, view: ViewState) -> Comparison:
    """Return the places that the view names; the selected unit where it names none."""
    codes = view.compared or ((view.unit,) if view.unit else ())
    found = {code: place_of_code(reader, view.pack, code, view.language) for code in codes}
    compared = tuple(_compared(reader, view, place) for place in found.values() if place)
    above = [
        one
        for each in compared
        for one in chain(reader, view.pack, each.place.level, each.place.code, view.language)
        if one.code not in found
    ]
    room = len(codes) < MOST_COMPARED
    unknown = tuple(code for code, place in found.items() if place is None)
    return Comparison(compared, unknown, tuple(dict.fromkeys(above)) if room else ())


def _compared(reader: Reader, view: ViewState, place: Place) -> Compared:
    at = reader.units(view.pack, place.level)["code"].index(place.code)
    there = place.level in reader.indicator(view.pack, view.indicator)["levels"]
    figures = observations(reader.values(view.pack, view.indicator, place.level), at) if there else ()
    latest = {one.indicator["id"]: one.figure for one in latest_figures(reader, view.pack, place.level, at)}
    for declared in reader.catalogue(view.pack)["indicators"]:
        if declared["shown"] and place.level in declared["levels"] and declared["id"] not in latest:
            latest[declared["id"]] = observations(reader.values(view.pack, declared["id"], place.level), at)[-1]
    return Compared(place, at, figures, latest)
