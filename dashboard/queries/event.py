"""The event that a URL asks for: its intensity in every unit, and what to say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.figures_at import Poverty
from fuping.dashboard.queries.people import headcount
from fuping.dashboard.queries.places import place_of_code
from fuping.dashboard.queries.risk import storms_of
from fuping.dashboard.queries.scenario import (
    INTENSITIES,
    WINDS,
    Band,
    Kind,
    Relation,
    Storm,
    bands,
    earthquake_intensity,
    finest_level,
    points,
    relations_of,
    storm_wind,
    storms_listed,
)
from fuping.dashboard.queries.shapes import level_shapes
from fuping.dashboard.state import ViewState
from numpy.typing import NDArray

__all__ = [
    "Event",
    "Within",
    "asked_event",
    "classes_of",
    "cyclone",
    "data_year",
    "earthquake",
    "events_of",
    "limits",
    "reach",
    "within",
]


AROUND, LEAST_AROUND = 0.35, 0.3
"""Of the extent that an event reaches, and degrees: what is shown around it."""


@dataclass(frozen=True, eq=False)
class Event:
    """One event.

    Parameters
    ----------
    kind
        What its intensity is: a wind in m/s, or a degree of intensity.
    level
        Whose units ``amount`` is of.
    amount, least
        float64, one a unit; NaN without a shape. Of an earthquake: if the unit lay along, and if it lay across the
        shaking; equal for a storm.
    magnitude
        Of an earthquake; the greatest wind of a storm.
    place
        Longitude and latitude of the epicentre.
    storm, moved
        Of a cyclone, and kilometres north and east.
    declared
        The storm catalogue as declared.
    relation
        Of an earthquake.
    """

    kind: Kind
    level: str
    amount: NDArray[np.float64]
    least: NDArray[np.float64]
    magnitude: float
    place: tuple[float, float] | tuple[None, None] = (None, None)
    storm: Storm | None = None
    moved: tuple[float, float] = (0.0, 0.0)
    declared: Mapping[str, Any] | None = None
    relation: Relation | None = None


@dataclass(frozen=True, eq=False)
class Within:
    """Who and what lies within the classes of an event.

    Parameters
    ----------
    bands, lower
        The strongest class first: by ``amount`` of the event, and by ``least``.
    told
        As of :func:`fuping.dashboard.queries.scenario.bands`.
    poverty
        Which units count as poor; ``None`` where that is not known at the event's level.
    """

    bands: tuple[Band, ...]
    lower: tuple[Band, ...]
    told: Mapping[str, int]
    poverty: Poverty | None

    @property
    def units(self) -> int:
        """Units that the event reaches."""
        return sum(one.units for one in self.bands)


def limits(event: Event) -> tuple[float, ...]:
    """Return what the classes of an event are called by, the lowest first."""
    return tuple(float(one) for one in reversed(WINDS if event.kind == "wind" else INTENSITIES))


def classes_of(event: Event) -> NDArray[np.int64]:
    """Return the class of each unit: 0 below the lowest, which the event does not reach; -1 without a shape."""
    # Intensities are whole degrees: 6.5 to 7.5 is VII.
    edges = [one - 0.5 if event.kind == "intensity" else one for one in limits(event)]
    return np.where(np.isnan(event.amount), -1, np.searchsorted(edges, np.nan_to_num(event.amount), side="right"))


def data_year(reader: Reader, pack: str, event: Event) -> int:
    """Return the year of what an event's map shows: of a storm its own, of an earthquake that of the people counted.

    Where nobody is counted, it is the year from which the boundaries hold.
    """
    if event.storm is not None:
        return int(event.storm.begins[:4])
    counted = headcount(reader, pack, event.level).year
    return counted or int(str(reader.catalogue(pack)["boundary"]["valid_from"])[:4])


def reach(reader: Reader, pack: str, event: Event) -> tuple[float, float, float, float] | None:
    """Return west, south, east and north of what an event reaches and land around it; ``None`` where nothing."""
    reached = level_shapes(reader, pack, event.level)[classes_of(event) > 0]
    if not len(reached):
        return None
    west, south, east, north = shapely.total_bounds(reached).tolist()
    wide, high = AROUND * (east - west) + LEAST_AROUND, AROUND * (north - south) + LEAST_AROUND
    return west - wide, south - high, east + wide, north + high


def within(reader: Reader, pack: str, event: Event, poverty: Poverty | None) -> Within:
    """Count what lies within each class of an event."""
    poor = poverty if poverty is not None and len(poverty.poor) == len(event.amount) else None
    found, told = bands(reader, pack, event.level, event.amount, event.kind, poor.poor if poor else None)
    lower, _ = bands(reader, pack, event.level, event.least, event.kind, None)
    return Within(tuple(found), tuple(lower), told, poor)


def events_of(reader: Reader, pack: str) -> tuple[str, ...]:
    """Return which kinds of event a pack can show."""
    return ("cyclone", "earthquake") if storms_listed(reader, pack) else ("earthquake",)


def asked_event(reader: Reader, view: ViewState) -> Event | None:
    """Return the event that the URL asks for, else the first kind that the pack can show; ``None`` without a place."""
    kinds = events_of(reader, view.pack)
    return cyclone(reader, view) if view.option("event", kinds, kinds[0]) == "cyclone" else earthquake(reader, view)


def cyclone(reader: Reader, view: ViewState) -> Event | None:
    """Return the storm that the URL asks for, else the strongest."""
    listed = {one.id: one for one in storms_listed(reader, view.pack)}
    found = storms_of(reader, view.pack)
    if found is None or not listed:
        return None
    storm = listed[view.option("storm", list(listed), next(iter(listed)))]
    north, east = (view.amount(name, 0, low=-500, high=500) for name in ("north", "east"))
    wind = storm_wind(reader, view.pack, storm.id, north_km=north, east_km=east)
    return Event(
        "wind",
        found[0]["level"],
        wind,
        wind,
        float(wind.max(initial=0)),
        storm=storm,
        moved=(north, east),
        declared=found[0],
    )


def earthquake(reader: Reader, view: ViewState) -> Event | None:
    """Return the earthquake that the URL asks for: at its coordinates, else in the middle of the selected unit."""
    level = finest_level(reader, view.pack)
    place = _place(reader, view)
    if place is None:
        return None
    relations = {one.id: one for one in relations_of(reader, view.pack)}
    relation = relations[view.option("zone", list(relations), next(iter(relations)))]
    magnitude = view.amount("m", 7.0, low=5, high=8.5)
    lon, lat = place
    most, least = earthquake_intensity(
        reader, view.pack, level, lon=lon, lat=lat, magnitude=magnitude, relation=relation
    )
    return Event("intensity", level, most, least, magnitude, place=place, relation=relation)


def _place(reader: Reader, view: ViewState) -> tuple[float, float] | None:
    lon = view.amount("lon", np.nan, low=-180, high=180)
    lat = view.amount("lat", np.nan, low=-90, high=90)
    if np.isfinite(lon) and np.isfinite(lat):
        return lon, lat
    here = place_of_code(reader, view.pack, view.unit or "", view.language)
    if here is None:
        return None
    at = reader.units(view.pack, here.level)["code"].index(here.code)
    x, y = (float(one[at]) for one in points(reader, view.pack, here.level))
    return (round(x, 2), round(y, 2)) if np.isfinite(x) else None
