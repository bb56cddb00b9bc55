"""Carry geometry from GCJ-02, the datum of Chinese web maps, to WGS 84."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from fuping.spatial.boundaries.geometry import require_crs
from fuping.spatial.errors import CRSError
from numpy.typing import NDArray

__all__ = ["gcj02_to_wgs84", "wgs84_to_gcj02_degrees"]

Floats = NDArray[np.float64]

SEMI_MAJOR_M = 6_378_245.0
ECCENTRICITY_SQUARED = 0.00669342162296594323
"""Krasovsky 1940, as in the published approximations of GCJ-02."""

ITERATIONS = 4
"""The offset varies by under 1e-4 over its own length, so each turn gains some four digits."""


def _offset(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    common = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    d_lat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    d_lat += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    d_lat += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    d_lon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    d_lon += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    d_lon += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    phi = np.radians(lat)
    magic = 1.0 - ECCENTRICITY_SQUARED * np.sin(phi) ** 2
    d_lat = np.degrees(d_lat / (SEMI_MAJOR_M * (1.0 - ECCENTRICITY_SQUARED) / magic**1.5))
    d_lon = np.degrees(d_lon / (SEMI_MAJOR_M / np.sqrt(magic) * np.cos(phi)))
    return d_lon, d_lat


def wgs84_to_gcj02_degrees(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Shift WGS 84 coordinates to GCJ-02 by the published approximation.

    Parameters
    ----------
    lon, lat
        Degrees, any shape.

    Returns
    -------
    (ndarray, ndarray)
        Shifted longitude and latitude, degrees. Points outside 72.004–137.8347° E, 0.8293–55.8271° N stay as they
        are, as in the reference implementations.

    References
    ----------
    The open implementation ``eviltransform`` (googollee), from which the constants are known.
    """
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    inside = (lon >= 72.004) & (lon <= 137.8347) & (lat >= 0.8293) & (lat <= 55.8271)
    d_lon, d_lat = _offset(lon, lat)
    return lon + np.where(inside, d_lon, 0.0), lat + np.where(inside, d_lat, 0.0)


def _inverse(points: Floats) -> Floats:
    lon, lat = points[:, 0], points[:, 1]
    guess_lon, guess_lat = lon.copy(), lat.copy()
    for _ in range(ITERATIONS):
        there_lon, there_lat = wgs84_to_gcj02_degrees(guess_lon, guess_lat)
        guess_lon += lon - there_lon
        guess_lat += lat - there_lat
    return np.column_stack([guess_lon, guess_lat])


def gcj02_to_wgs84(geometry: gpd.GeoSeries) -> gpd.GeoSeries:
    """Shift geometry from GCJ-02 to WGS 84.

    The inverse is found by iteration and agrees with the forward formula to better than 1e-7 degrees (1 cm). The
    formula itself is a public approximation of an undisclosed algorithm: expect an error of a few metres on the ground,
    against the 100–700 m by which GCJ-02 is off.

    Parameters
    ----------
    geometry
        n geometries in GCJ-02 degrees.

    Returns
    -------
    geopandas.GeoSeries
        On the same index, in EPSG:4326.

    Raises
    ------
    CRSError
        The coordinates are not degrees, so they are not GCJ-02.
    """
    if geometry.crs is not None and not geometry.crs.is_geographic:
        raise CRSError(
            f"The geometry is in {geometry.crs.name}, and GCJ-02 shifts longitude and latitude.",
            remedy="Give the geometry in degrees.",
        )
    require_crs(geometry.set_crs("EPSG:4326", allow_override=True))
    shifted = shapely.transform(geometry.to_numpy(), _inverse)
    return gpd.GeoSeries(shifted, index=geometry.index, crs="EPSG:4326")
