"""Polygons that tile an area: simplification that keeps their shared borders, and areas."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely
from fuping.spatial.boundaries.geometry import require_equal_area
from fuping.spatial.errors import CoverageError, CRSError
from numpy.typing import NDArray

__all__ = ["area_km2", "simplify_coverage"]


def simplify_coverage(geometry: gpd.GeoSeries, tolerances: Sequence[float]) -> dict[float, gpd.GeoSeries]:
    """Simplify a coverage at several tolerances; neighbours keep the same border.

    The coarser result is made from the finer one, which costs a fraction of starting over. No unit vanishes, as the
    topology of the coverage is kept; null geometry stays null.

    Parameters
    ----------
    geometry
        n polygons, in a CRS whose unit the tolerances have.
    tolerances
        Visvalingam–Whyatt tolerances (square root of an area), in units of the CRS, none negative.

    Returns
    -------
    dict of float to geopandas.GeoSeries
        One series on the same index for each tolerance, from fine to coarse.

    Raises
    ------
    CoverageError
        A tolerance is negative or no number.

    References
    ----------
    Visvalingam & Whyatt 1993, "Line generalisation by repeated elimination of points", The Cartographic Journal 30(1);
    over a coverage as in GEOS, ``CoverageSimplifier``.
    """
    wrong = [tolerance for tolerance in tolerances if not tolerance >= 0]
    if wrong:
        raise CoverageError(f"Tolerances {wrong} are negative or no numbers.", remedy="Give lengths of 0 or more.")
    results: dict[float, gpd.GeoSeries] = {}
    current: NDArray[np.object_] = geometry.to_numpy().copy()
    there = ~shapely.is_missing(current)
    for tolerance in sorted(tolerances):
        current = current.copy()
        current[there] = shapely.coverage_simplify(current[there], tolerance)
        results[tolerance] = gpd.GeoSeries(current, index=geometry.index, crs=geometry.crs)
    return results


def area_km2(geometry: gpd.GeoSeries, *, equal_area_crs: str = "EPSG:6933") -> NDArray[np.float64]:
    """Return areas in km², measured in an equal-area projection.

    Raises
    ------
    CRSError
        The series has no CRS, so its unit is not known, or the projection does not keep areas.
    """
    require_equal_area(equal_area_crs)
    if geometry.crs is None:
        raise CRSError("The geometry has no CRS.", remedy="Set it with GeoSeries.set_crs before measuring.")
    return geometry.to_crs(equal_area_crs).area.to_numpy() / 1e6
