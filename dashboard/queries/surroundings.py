"""Where a unit lies, as polygons: the country's divisions around it, and the units of its level beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.land import land_polygons
from fuping.dashboard.queries.places import ancestors, outline_level
from fuping.dashboard.queries.profile import Profile
from fuping.dashboard.queries.shapes import level_shapes
from numpy.typing import NDArray

__all__ = ["Framed", "Surroundings", "framed", "surroundings"]

WIDEST_DEGREES = 90.0
"""An extent wider than this cannot be drawn in one projection that is true to shape."""


@dataclass(frozen=True, eq=False)
class Framed:
    """Units parted into those within the map's frame and those too far away for it.

    Parameters
    ----------
    inside, outside
        Places of the units in their level; ``outside`` is drawn in insets.
    """

    inside: NDArray[np.int64]
    outside: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What a locator map draws.

    Parameters
    ----------
    divisions
        Polygons of the highest level that parts the country.
    home
        Place among them of the one that the unit is or lies in; ``None`` where there is none.
    siblings
        Places, in the unit's level, of the units beside it, itself among them.
    land
        Of other countries; none around a pack of the world.
    """

    divisions: NDArray[np.object_]
    home: int | None
    siblings: NDArray[np.int64]
    land: NDArray[np.object_]


def framed(reader: Reader, pack: str, shapes: NDArray[np.object_], at: NDArray[np.int64]) -> Framed:
    """Part units of a level by whether one frame can hold them: by the pack's bounds where they lie too far apart."""
    drawn = at[~shapely.is_empty(shapes[at])]
    bounds = shapely.bounds(shapes[drawn])
    if not len(drawn) or bounds[:, 2].max() - bounds[:, 0].min() <= WIDEST_DEGREES:
        return Framed(drawn, at[:0])
    west, south, east, north = reader.catalogue(pack)["pack"]["bounds"]
    centre = shapely.get_coordinates(shapely.point_on_surface(shapes[drawn]))
    inside = (centre >= (west, south)).all(axis=1) & (centre <= (east, north)).all(axis=1)
    # Units on both sides of 180° lie far apart by their numbers only.
    return Framed(drawn[inside], drawn[~inside]) if inside.any() else Framed(drawn, at[:0])


def surroundings(reader: Reader, found: Profile) -> Surroundings:
    """Return what is around the unit of a profile."""
    pack, level = found.view.pack, found.place.level
    above = ancestors(reader, pack, level)
    levels = reader.catalogue(pack)["levels"]
    parted = outline_level(reader.catalogue(pack), level, above) or levels[0]["id"]
    if reader.level(pack, parted)["n_units"] == 1:
        parted = level if found.above else next((one["id"] for one in levels if one["n_units"] > 1), level)
    codes = reader.units(pack, parted)["code"]
    home = found.place.code if parted == level else above[parted][found.at] if found.above else ""
    whole = np.arange(len(reader.units(pack, level)["code"]))
    if found.scope is not None:
        column = np.array(above[found.scope.level], dtype=object)
        whole = np.flatnonzero(column == found.scope.code)
    home_at = codes.index(home) if home in codes and len(codes) > 1 else None
    return Surroundings(level_shapes(reader, pack, parted), home_at, whole, land_polygons(reader, pack))
