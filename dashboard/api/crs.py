"""OGC API – Features Part 2: the coordinate reference systems offered, and the order of their axes."""

from __future__ import annotations

from functools import cache
from typing import Literal, get_args

import numpy as np
import shapely
from fuping.dashboard.api.errors import BadParameterError
from fuping.layers.schema.metadata import Text
from numpy.typing import NDArray
from pyproj import Transformer

__all__ = ["CRS84", "EPSG3857", "EPSG4326", "CRSUri", "box_of", "from_crs", "to_crs"]

CRSUri = Literal[
    "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    "http://www.opengis.net/def/crs/EPSG/0/4326",
    "http://www.opengis.net/def/crs/EPSG/0/3857",
]
"""CRS84 is longitude, latitude; EPSG:4326 latitude, longitude; EPSG:3857 easting, northing in metres."""

CRS84, EPSG4326, EPSG3857 = get_args(CRSUri)

WIDEST = {
    CRS84: np.array([360.0, 90.0]),
    EPSG4326: np.array([360.0, 90.0]),
    EPSG3857: np.array([20037508.342789244, 1e8]),
}
"""Where a bounding box ends that is given wider; the projection gives no numbers beyond."""


@cache
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def to_crs(shapes: NDArray[np.object_], crs: CRSUri) -> NDArray[np.object_]:
    """Return n geometries, given as longitude and latitude, with the coordinates of a CRS in the order of its axes."""
    if crs == CRS84:
        return shapes
    if crs == EPSG4326:
        return shapely.transform(shapes, lambda points: points[:, ::-1])
    return _projected(shapes, "EPSG:4326", "EPSG:3857")


def from_crs(shapes: NDArray[np.object_], crs: CRSUri) -> NDArray[np.object_]:
    """Return n geometries of a CRS as longitude and latitude."""
    return _projected(shapes, "EPSG:3857", "EPSG:4326") if crs == EPSG3857 else to_crs(shapes, crs)


def _projected(shapes: NDArray[np.object_], source: str, target: str) -> NDArray[np.object_]:
    carry = _transformer(source, target).transform
    return shapely.transform(shapes, lambda points: np.column_stack(carry(points[:, 0], points[:, 1])))


def box_of(bbox: tuple[float, ...], crs: CRSUri) -> shapely.Geometry:
    """Return a bounding box as longitude and latitude.

    Parameters
    ----------
    bbox
        Lower and upper corner in the order of the CRS's axes; of six numbers, the third and the last are heights, which
        units do not have. Where the west is greater than the east, the box crosses the antimeridian.

    Raises
    ------
    BadParameterError
        A lower bound is above its upper bound.

    Examples
    --------
    >>> box_of((38.0, 113.0, 39.0, 114.0), EPSG4326).bounds
    (113.0, 38.0, 114.0, 39.0)
    >>> box_of((170.0, 50.0, -170.0, 55.0), CRS84).geom_type
    'MultiPolygon'
    """
    half = len(bbox) // 2
    first, second, third, fourth = bbox[0], bbox[1], bbox[half], bbox[half + 1]
    west, south, east, north = (second, first, fourth, third) if crs == EPSG4326 else (first, second, third, fourth)
    if south > north or (crs == EPSG3857 and west > east):
        raise BadParameterError(
            "bbox",
            ",".join(f"{one:g}" for one in bbox),
            Text(en="its lower corner first", zh="先写左下角坐标"),
            Text(
                en=f"Give the corners in the order of the axes of {crs}: lower, then upper.",
                zh=f"请按{crs}的坐标轴次序先写下角、后写上角。",
            ),
        )
    if west > east:
        return shapely.union_all([shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)])
    corners = np.clip([[west, south], [east, north]], -WIDEST[crs], WIDEST[crs])
    if crs == EPSG3857:
        corners = np.column_stack(_transformer("EPSG:3857", "EPSG:4326").transform(corners[:, 0], corners[:, 1]))
    same = corners[0] == corners[1]
    if same.all():
        return shapely.Point(corners[0])
    return shapely.LineString(corners) if same.any() else shapely.box(*corners.ravel())
