"""The polygons of a level as the API gives them.

A level may have millions of vertices, so its full polygons are read for the units of one page and not kept.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import shapely
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.shapes import level_shapes
from numpy.typing import NDArray

__all__ = ["Detail", "polygons", "touching"]

Detail = Literal["full", "fine", "coarse"]


def polygons(
    reader: Reader, pack: str, level: str, places: NDArray[np.int64], *, detail: Detail = "full"
) -> NDArray[np.object_]:
    """Return the polygons of some units in degrees, with outer rings counter-clockwise as RFC 7946 has them.

    Parameters
    ----------
    places
        k positions in the order of the level's units.

    Returns
    -------
    numpy.ndarray
        k multipolygons, of single polygons too, so that a layer has one type; ``None`` where a unit has none.
    """
    if not len(places):
        return np.empty(0, dtype=object)
    if detail == "full":
        codes = [reader.units(pack, level)["code"][place] for place in places]
        found = reader.store.polygons(pack, level, codes)
    else:
        fine = detail == "fine" and reader.has_fine_geometry(pack, level)
        found = level_shapes(reader, pack, level, detail=int(fine))[places]
    found = np.asarray(found, dtype=object).copy()
    found[shapely.is_empty(found)] = None
    single = shapely.get_type_id(found) == shapely.GeometryType.POLYGON
    found[single] = [shapely.MultiPolygon([one]) for one in found[single]]
    return shapely.orient_polygons(found)


def touching(
    reader: Reader, pack: str, level: str, area: shapely.Geometry, *, exactly: bool = True
) -> NDArray[np.bool_]:
    """Return which units of a level an area touches; of polygons only those across its edge are read.

    Parameters
    ----------
    area
        In degrees.
    exactly
        Else the bounds of a unit stand for it.
    """
    bounds = reader.store.bounds(pack, level)
    boxes = np.where(np.isfinite(bounds).all(axis=1), shapely.box(*bounds.T), None)
    shapely.prepare(area)
    touched = shapely.intersects(area, boxes)
    if not exactly:
        return touched
    unsure = np.flatnonzero(touched & ~shapely.contains(area, boxes))
    shapes = polygons(reader, pack, level, unsure)
    touched[unsure] = shapely.intersects(area, shapes)
    return touched
