"""Which share of a line, a road or a canal, lies in each unit."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from fuping.spatial.boundaries.geometry import require_crs, require_polygons
from fuping.spatial.errors import GeometryError
from numpy.typing import NDArray

__all__ = ["length_km", "lines_in_units"]

LINES = (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING)

DEGREES = "EPSG:4326"

ELLIPSOID = pyproj.Geod(ellps="WGS84")

ROUNDING = 1e-9
"""Share of a line that is a rounding of where it enters a unit, and no part of it."""


def lines_in_units(lines: gpd.GeoSeries, units: gpd.GeoDataFrame, *, code: str = "code") -> pd.DataFrame:
    """Measure along the ellipsoid which share of each line lies in each unit, counting no stretch twice.

    Parameters
    ----------
    lines
        n lines in a known CRS, each index label once.
    units
        Valid polygons in a known CRS, each of a code of its own; a stretch along a border, or where units overlap, is
        in the first of them by code.

    Returns
    -------
    pandas.DataFrame
        One row for each line and unit that share a stretch, sorted by both: ``line`` (its index label), ``unit_code``,
        ``km`` and ``share_of_line`` (0–1). What the shares of a line miss of 1 lies in no unit.

    Raises
    ------
    CRSError, GeometryError, CodeError
        A CRS that is missing or wrong, geometry that is not lines or has no length, or units that
        :func:`fuping.spatial.boundaries.geometry.require_polygons` refuses.

    Notes
    -----
    Lines are cut in degrees and their pieces measured as geodesics of WGS 84 between their vertices (Karney 2013,
    *Journal of Geodesy* 87:43–55, as PROJ has it).

    Examples
    --------
    >>> units = gpd.GeoDataFrame({"code": ["a", "b"]}, geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)],
    ...                          crs="EPSG:4326")
    >>> road = gpd.GeoSeries([shapely.LineString([(0.5, 0), (2, 0)])], crs="EPSG:4326")
    >>> lines_in_units(road, units)[["unit_code", "share_of_line"]].round(6).values.tolist()
    [['a', 0.333333], ['b', 0.666667]]
    """
    require_crs(lines)
    require_polygons(units, code=code)
    shapes = lines.to_crs(DEGREES).to_numpy()
    whole = length_km(shapes)
    wrong = ~np.isin(shapely.get_type_id(shapes), LINES) | ~(whole > 0)
    if wrong.any():
        named = ", ".join(f"{label}" for label in lines.index[wrong][:10])
        raise GeometryError(f"{int(wrong.sum())} of {len(lines)} geometries are no lines with a length: {named}.")
    ground = units.to_crs(DEGREES).sort_values(code, kind="stable")
    polygons = ground.geometry.to_numpy()
    at_line, at_unit = shapely.STRtree(polygons).query(shapes, predicate="intersects")
    order = np.lexsort((at_unit, at_line))
    at_line, at_unit = at_line[order], at_unit[order]
    pieces = shapely.intersection(shapes[at_line], polygons[at_unit])
    km = length_km(pieces)
    shared = np.bincount(at_line, weights=km, minlength=len(shapes)) > whole * (1 + ROUNDING)
    for one in np.flatnonzero(shared):
        rows, left = np.flatnonzero(at_line == one), shapes[one]
        for row in rows:
            pieces[row] = shapely.intersection(left, polygons[at_unit[row]])
            left = shapely.difference(left, polygons[at_unit[row]])
        km[rows] = length_km(pieces[rows])
    table = pd.DataFrame(
        {
            "line": lines.index.to_numpy()[at_line],
            "unit_code": ground[code].to_numpy()[at_unit],
            "km": km,
            "share_of_line": np.minimum(km / whole[at_line], 1.0),
        }
    )
    return table[table["share_of_line"] > ROUNDING].reset_index(drop=True)


def length_km(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    """Measure n shapes in degrees of WGS 84 along the ellipsoid; 0 for what has no length.

    Examples
    --------
    >>> length_km(np.array([shapely.LineString([(0, 0), (1, 0)]), None], dtype=object)).round(1).tolist()
    [111.3, 0.0]
    """
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    km = np.zeros(len(shapes))
    km[there] = [ELLIPSOID.geometry_length(one) / 1e3 for one in shapes[there]]
    return km
