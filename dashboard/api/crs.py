"""The coordinate reference systems of the API, named by their URIs; what is stored is CRS84."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Literal, get_args

import numpy as np
import shapely
from fuping.dashboard.api.documents import Fault
from fuping.dashboard.api.errors import ParameterError
from numpy.typing import NDArray
from pyproj import Transformer

__all__ = ["CRS84", "CRS_URIS", "CrsUri", "area_of", "from_stored", "to_stored"]

CrsUri = Literal[
    "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    "http://www.opengis.net/def/crs/EPSG/0/4326",
    "http://www.opengis.net/def/crs/EPSG/0/3857",
]
"""Longitude and latitude; the same with latitude first, as EPSG has it; spherical Mercator in metres."""

CRS84: CrsUri = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CRS_URIS: tuple[CrsUri, ...] = get_args(CrsUri)

AUTHORITY = dict(zip(CRS_URIS, ("OGC:CRS84", "EPSG:4326", "EPSG:3857"), strict=True))


@cache
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target)


def _moved(shapes: NDArray[np.object_], source: CrsUri, target: CrsUri) -> NDArray[np.object_]:
    if source == target:
        return shapes
    transformer = _transformer(AUTHORITY[source], AUTHORITY[target])
    return shapely.transform(shapes, lambda points: np.column_stack(transformer.transform(*points.T)))


def from_stored(shapes: NDArray[np.object_], crs: CrsUri) -> NDArray[np.object_]:
    """Return n geometries in the coordinates and the axis order of ``crs``."""
    return _moved(shapes, CRS84, crs)


def to_stored(shape: shapely.Geometry, crs: CrsUri) -> shapely.Geometry:
    """Return a geometry given in ``crs`` in longitude and latitude."""
    return _moved(np.array([shape]), crs, CRS84)[0]


def area_of(bbox: Sequence[float], crs: CrsUri) -> shapely.Geometry:
    """Return a box in longitude and latitude; one across the antimeridian becomes two.

    Parameters
    ----------
    bbox
        4 numbers in the axis order of ``crs``, or 6, whose heights are not used.

    Raises
    ------
    ParameterError
        The lower corner is not below the upper one.

    Examples
    --------
    >>> area_of([170, -10, -170, 10], CRS84).geom_type
    'MultiPolygon'
    """
    corners = (bbox[:2], bbox[2:4]) if len(bbox) == 4 else (bbox[:2], bbox[3:5])
    if crs != CRS84:
        corners = tuple(_transformer(AUTHORITY[crs], "OGC:CRS84").transform(*corner) for corner in corners)
    (west, south), (east, north) = corners
    turned = west > east and "3857" in crs
    if not np.isfinite([west, south, east, north]).all() or south > north or turned:
        raise ParameterError(
            [
                Fault(
                    parameter="bbox", found=",".join(f"{one:g}" for one in bbox), expected="a lower and an upper corner"
                )
            ]
        )
    if west <= east:
        return shapely.box(west, south, east, north)
    return shapely.union(shapely.box(west, south, 180, north), shapely.box(-180, south, east, north))
