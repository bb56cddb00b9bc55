"""Polygons that tile an area: simplification that keeps their shared borders, and areas."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely
from fuping.spatial.errors import CRSError
from numpy.typing import NDArray

__all__ = ["area_km2", "simplify_coverage"]


def simplify_coverage(geometry: gpd.GeoSeries, tolerances: Sequence[float]) -> dict[float, gpd.GeoSeries]:
    """Simplify a coverage at several tolerances; neighbours keep the same border.

    The coarser result is made from the finer one, which costs a fraction of starting over. A unit that would
    vanish keeps its finer shape.

    Parameters
    ----------
    geometry
        n polygons, in a CRS whose unit the tolerances have.
    tolerances
        Visvalingam–Whyatt tolerances (square root of an area), in units of the CRS.

    Returns
    -------
    dict of float to geopandas.GeoSeries
        One series on the same index for each tolerance.
    """
    results: dict[float, gpd.GeoSeries] = {}
    current: NDArray[np.object_] = geometry.to_numpy()
    for tolerance in sorted(tolerances):
        simpler = shapely.coverage_simplify(current, tolerance)
        current = np.where(shapely.is_empty(simpler), current, simpler)
        results[tolerance] = gpd.GeoSeries(current, index=geometry.index, crs=geometry.crs)
    return results


def area_km2(geometry: gpd.GeoSeries, *, equal_area_crs: str = "EPSG:6933") -> NDArray[np.float64]:
    """Return areas in km², measured in an equal-area projection.

    Raises
    ------
    CRSError
        The series has no CRS, so its unit is not known.
    """
    if geometry.crs is None:
        raise CRSError("The geometry has no CRS.", remedy="Set it with GeoSeries.set_crs before measuring.")
    return geometry.to_crs(equal_area_crs).area.to_numpy() / 1e6
