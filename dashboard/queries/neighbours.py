"""Which units of a level border a unit."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.shapes import level_shapes
from numpy.typing import NDArray

__all__ = ["neighbours_of", "tiled"]

SAME_BORDER_M = 50.0
"""Borders that lie no farther apart are one border: some sources leave gaps between units, and maps round."""


def neighbours_of(reader: Reader, pack: str, level: str, code: str) -> tuple[str, ...]:
    """Return the codes of the units that border a unit, at least in a point; the map's geometry is what is asked."""
    return _neighbours(reader, pack, reader.version(pack), level, code)


@once(maxsize=1024)
def _neighbours(reader: Reader, pack: str, version: str, level: str, code: str) -> tuple[str, ...]:
    import geopandas as gpd
    from fuping.dashboard.figures.projection import LocalProjection, unwrapped
    from fuping.spatial.boundaries.neighbours import neighbours_from_polygons

    codes: list[Any] = reader.units(pack, level)["code"]
    at = codes.index(code)
    shapes = level_shapes(reader, pack, level)
    if shapes[at].is_empty:
        return ()
    near = shapely.box(*(shapely.bounds(shapes[at]) + np.array([-0.01, -0.01, 0.01, 0.01])))
    # Boxes before borders: a level has thousands of units, and a handful lie here.
    there = np.flatnonzero(shapely.intersects(shapely.box(*shapely.bounds(shapes).T), near))
    if len(there) < 2:
        return ()
    local = unwrapped(shapes[there])
    placed = LocalProjection.around(shapely.bounds(local[there.tolist().index(at)])).project(local)
    units = gpd.GeoSeries(tiled(placed), index=[codes[one] for one in there])
    graph = neighbours_from_polygons(units, rule="queen").graph
    return tuple(sorted(str(one) for one in graph[code].index if graph[code][one] > 0))


def tiled(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return polygons that share their borders exactly."""
    polygons = np.array([_polygons(one) for one in shapely.make_valid(shapes, method="structure")], dtype=object)
    tiled = shapely.coverage_clean(polygons, gap_width=SAME_BORDER_M, snapping_distance=SAME_BORDER_M / 10)
    return np.array([_polygons(one) for one in tiled], dtype=object)


def _polygons(shape: shapely.Geometry) -> shapely.MultiPolygon:
    return shapely.MultiPolygon([one for one in shapely.get_parts(shape) if one.geom_type == "Polygon"])
