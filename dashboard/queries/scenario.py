"""What if: a storm of the record, moved or not, or an earthquake; who and what lies within each intensity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
import shapely
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.people import headcount
from fuping.dashboard.queries.risk import composite_of, storms_of
from fuping.dashboard.queries.shapes import level_shapes
from numpy.typing import NDArray

if TYPE_CHECKING:
    from fuping.spatial.risk.earthquakes import Attenuation

__all__ = [
    "INTENSITIES",
    "WINDS",
    "Band",
    "Kind",
    "Relation",
    "Storm",
    "bands",
    "earthquake_intensity",
    "finest_level",
    "points",
    "poverty_choices",
    "relations_of",
    "storm_wind",
    "storms_listed",
]

WINDS = (41.5, 32.7, 24.5, 17.2, 10.8)
"""m/s from which forces 14, 12, 10, 8 and 6 begin (GB/T 28591-2012)."""

INTENSITIES = (10, 9, 8, 7, 6)
"""Degrees of intensity, the lowest is where damage begins."""

Kind = Literal["wind", "intensity"]

MOST_LISTED = 60

EARTH_RADIUS_KM = 6371.0


@dataclass(frozen=True)
class Storm:
    """A storm of the record.

    Parameters
    ----------
    id
        Of IBTrACS.
    begins, ends
        Dates (ISO) of the track near the country.
    wind
        m/s, the greatest that it brought to a unit.
    units
        Units that it reached.
    """

    id: str
    begins: str
    ends: str
    wind: float
    units: int


@dataclass(frozen=True, eq=False)
class Relation:
    """How intensity falls off in a region, along and across the shaking."""

    id: str
    name: Mapping[str, str]
    scale: Mapping[str, str]
    along: Attenuation
    across: Attenuation
    sigma: float
    citation: str


@dataclass(frozen=True)
class Band:
    """What lies within one class of intensity.

    Parameters
    ----------
    least
        Where it begins.
    units, poor_units
        How many, and how many of them count as poor.
    people, people_poor_units, poor_people
        Living there, living in the poor units, and poor themselves; NaN where the pack does not count them.
    projects
        Projects that are known to cover a unit there.
    """

    least: float
    units: int
    poor_units: int
    people: float
    people_poor_units: float
    poor_people: float
    projects: tuple[str, ...]


def finest_level(reader: Reader, pack: str) -> str:
    """Return the lowest level that is drawn."""
    return str(reader.catalogue(pack)["levels"][-1]["id"])


def poverty_choices(reader: Reader, pack: str) -> Mapping[str, Any]:
    """Return the level of events and the indicators of poverty that may be counted within them: the composite's."""
    return composite_of(reader, pack) or {"poverty": [], "level": finest_level(reader, pack)}


def storms_listed(reader: Reader, pack: str) -> tuple[Storm, ...]:
    """Return the storms that brought the strongest wind to a unit, the strongest first."""
    return _listed(reader, pack, reader.version(pack))


@once(maxsize=8)
def _listed(reader: Reader, pack: str, version: str) -> tuple[Storm, ...]:
    found = storms_of(reader, pack)
    tracks = reader.store.table(pack, "storm_tracks")
    if found is None or tracks is None:
        return ()
    by_storm = found[1].groupby("track_id")["wind"].agg(["max", "size"])
    times = tracks.groupby("track_id")["time"].agg(["min", "max"])
    listed = by_storm.sort_values("max", ascending=False).head(MOST_LISTED)
    return tuple(
        Storm(
            str(name),
            str(times.at[name, "min"].date()),
            str(times.at[name, "max"].date()),
            float(row["max"]),
            int(row["size"]),
        )
        for name, row in listed.iterrows()
    )


def storm_wind(reader: Reader, pack: str, storm: str, *, north_km: float, east_km: float) -> NDArray[np.float64]:
    """Give the wind (m/s) of a storm like one of the record in every unit of its catalogue's level; 0 beyond it.

    Parameters
    ----------
    north_km, east_km
        By which its track is moved.
    """
    return _moved(reader, pack, reader.version(pack), storm, north_km, east_km)


@once(maxsize=32)
def _moved(reader: Reader, pack: str, version: str, storm: str, north_km: float, east_km: float) -> NDArray[np.float64]:
    found = storms_of(reader, pack)
    if found is None:
        return np.zeros(0)
    declared, winds = found
    codes = reader.units(pack, declared["level"])["code"]
    if not north_km and not east_km:
        mine = winds[winds["track_id"] == storm].set_index("code")["wind"]
    else:
        from fuping.spatial.risk.tracks import storm_winds

        tracks = reader.store.table(pack, "storm_tracks")
        track = tracks[tracks["track_id"] == storm].copy() if tracks is not None else pd.DataFrame()
        track["lat"] = track["lat"] + np.degrees(north_km / EARTH_RADIUS_KM)
        track["lon"] = track["lon"] + np.degrees(east_km / EARTH_RADIUS_KM) / np.cos(np.radians(track["lat"]))
        lon, lat = points(reader, pack, declared["level"])
        places = pd.DataFrame({"lon": lon, "lat": lat}, index=codes).dropna()
        told = {"surface_factor": declared["surface_factor"], "least_wind": declared["least_wind"]}
        reach = declared.get("reach_km", 500.0)
        mine = storm_winds(track, places, reach_km=reach, **told).set_index("code")["wind"]
    return mine.reindex(codes).fillna(0.0).to_numpy(dtype=float)


def points(reader: Reader, pack: str, level: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return longitude and latitude of a point inside each unit; NaN where it has no shape."""
    return _points(reader, pack, reader.version(pack), level)


@once(maxsize=8)
def _points(reader: Reader, pack: str, version: str, level: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    inside = shapely.point_on_surface(level_shapes(reader, pack, level))
    found = np.full((2, len(inside)), np.nan)
    there = ~shapely.is_empty(inside)
    found[:, there] = shapely.get_coordinates(inside[there]).T
    return found[0], found[1]


def relations_of(reader: Reader, pack: str) -> tuple[Relation, ...]:
    """Return the pack's relations of intensity; where it declares none, that of California, for want of another."""
    from fuping.spatial.risk.earthquakes import BAKUN_WENTWORTH_1997, Attenuation

    found = []
    for one in reader.catalogue(pack).get("earthquakes", ()):
        sides = []
        for a, b, c, h in (one["along"], one["across"]):
            # The packs give common logarithms, as the papers do.
            sides.append(Attenuation(a, b, c / np.log(10), h, 0.0, one["citation"]))
        found.append(Relation(one["id"], one["name"], one["scale"], sides[0], sides[1], one["sigma"], one["citation"]))
    if found:
        return tuple(found)
    name = {"en": "California (the pack declares no relation)", "zh": "加利福尼亚（本数据包未声明衰减关系）"}
    scale = {"en": "modified Mercalli intensity", "zh": "修正麦加利烈度"}
    only = BAKUN_WENTWORTH_1997
    return (Relation("california", name, scale, only, only, float("nan"), only.source),)


def earthquake_intensity(
    reader: Reader, pack: str, level: str, *, lon: float, lat: float, magnitude: float, relation: Relation
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the intensity in every unit if it lay along, and if it lay across, the shaking; NaN without a shape."""
    to_lon, to_lat = points(reader, pack, level)
    a, b, c, d = (np.radians(one) for one in (lat, lon, to_lat, to_lon))
    half = np.sin((c - a) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((d - b) / 2) ** 2
    km = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half))
    known = np.isfinite(km)
    sides = (relation.along, relation.across)
    along, across = (np.where(known, one.intensity(magnitude, np.where(known, km, 0)), np.nan) for one in sides)
    # Near the centre the relation across may come out above the one along: it is no bound there.
    return np.fmax(along, across), np.fmin(along, across)


def bands(
    reader: Reader, pack: str, level: str, amount: NDArray[np.float64], kind: Kind, poor: NDArray[np.bool_] | None
) -> tuple[list[Band], dict[str, int]]:
    """Count what lies within each class, the strongest first.

    Returns
    -------
    (list of Band, dict of str to int)
        The classes; year of the people and of the poor people counted (``people``, ``poor``; absent without them) and
        the units reached whose people are not known (``uncounted``).
    """
    heads = headcount(reader, pack, level)
    poorest = headcount(reader, pack, level, "poor_population")
    covering = _covering(reader, pack, level)
    marked = np.zeros(len(amount), dtype=bool) if poor is None else poor
    limits = WINDS if kind == "wind" else INTENSITIES
    # Intensities are whole degrees: 6.5 to 7.5 is VII.
    edges = [one - 0.5 if kind == "intensity" else one for one in limits]
    found = []
    for place, (least, edge) in enumerate(zip(limits, edges, strict=True)):
        top = edges[place - 1] if place else np.inf
        inside = (amount >= edge) & (amount < top)
        projects = tuple(name for name, units in covering.items() if (units & inside).any())
        found.append(
            Band(
                float(least),
                int(inside.sum()),
                int((inside & marked).sum()),
                heads.total(inside),
                heads.total(inside & marked),
                poorest.total(inside),
                projects,
            )
        )
    reached = amount >= edges[-1]
    told = {name: one.year for name, one in (("people", heads), ("poor", poorest)) if one.year}
    told["uncounted"] = int((reached & np.isnan(heads.heads)).sum()) if heads.year else 0
    return found, told


def _covering(reader: Reader, pack: str, level: str) -> dict[str, NDArray[np.bool_]]:
    found = {}
    for project in reader.catalogue(pack)["projects"]:
        years, table = reader.coverage(pack, project["id"], level)
        if years:
            found[project["id"]] = np.asarray(table.any(axis=0))
    return found
