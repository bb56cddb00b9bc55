"""Polygons that run over the 180th meridian, cut there so that a flat map and a plane's geometry can use them."""

from __future__ import annotations

from typing import Any

import antimeridian
import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

__all__ = ["cut_at_antimeridian"]

HALF_TURN = 180.0
"""Degrees: no border of a unit steps further in one segment, so a longer step goes round the other way."""


def cut_at_antimeridian(geometry: gpd.GeoSeries) -> tuple[gpd.GeoSeries, NDArray[np.bool_]]:
    """Cut polygons whose ring steps from one side of the 180th meridian to the other.

    Such a ring (179.9, -179.9) is short on the globe and crosses the whole of a flat map. RFC 7946, section 3.1.9, asks
    for shapes cut in two there; sources that draw on a globe do not. Cut by the package antimeridian,
    along straight lines of the plate carrée.

    Parameters
    ----------
    geometry
        n shapes in degrees of longitude and latitude; those in another CRS come back as they are.

    Returns
    -------
    (geopandas.GeoSeries, ndarray of bool)
        The shapes, and which of them were cut.

    Examples
    --------
    >>> over = shapely.Polygon([(179, 0), (-179, 0), (-179, 1), (179, 1)])
    >>> cut, which = cut_at_antimeridian(gpd.GeoSeries([over], crs="EPSG:4326"))
    >>> sorted(part.bounds for part in cut[0].geoms), which.tolist()
    ([(-180.0, 0.0, -179.0, 1.0), (179.0, 0.0, 180.0, 1.0)], [True])
    """
    over = np.zeros(len(geometry), dtype=bool)
    if geometry.crs is None or not geometry.crs.is_geographic:
        return geometry, over
    shapes = geometry.to_numpy(copy=True)
    rings, owner = shapely.get_rings(shapely.get_parts(shapes), return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    long_step = (np.abs(np.diff(points[:, 0])) > HALF_TURN) & (np.diff(ring) == 0)
    _, unit = shapely.get_parts(shapes, return_index=True)
    over[unit[owner[ring[:-1][long_step]]]] = True
    shapes[over] = [_cut(shape) for shape in shapes[over]]
    return gpd.GeoSeries(shapes, index=geometry.index, crs=geometry.crs), over


def _cut(shape: Any) -> Any:
    """Cut the parts that run over the meridian; the others stay as they are drawn."""
    parts = []
    for part in shapely.get_parts(shape):
        x = shapely.get_coordinates(part.exterior)[:, 0]
        if np.abs(np.diff(x)).max() > HALF_TURN:
            parts += shapely.get_parts(antimeridian.fix_polygon(part, fix_winding=True, great_circle=False)).tolist()
        else:
            parts.append(part)
    return shapely.MultiPolygon(parts)
