"""Which unit is where: overlaps of two sets of polygons, and the unit at a point."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from fuping.spatial.boundaries.geometry import repair_geometry, require_polygons
from fuping.spatial.errors import GeometryError
from numpy.typing import NDArray

__all__ = ["overlap_table", "unit_at"]


def overlap_table(
    from_units: gpd.GeoDataFrame,
    to_units: gpd.GeoDataFrame,
    *,
    code: str = "code",
    equal_area_crs: str = "EPSG:6933",
    minimum_share: float = 1e-6,
) -> pd.DataFrame:
    """Measure the overlap of every pair of units.

    Parameters
    ----------
    from_units, to_units
        Valid polygons, each in a known CRS and of a code of its own; null geometry overlaps nothing.
    equal_area_crs
        Where areas are measured.
    minimum_share
        Overlaps that are a smaller share of *both* units are slivers of two drawings of one border, and are left out;
        ``attrs["slivers"]`` counts them.

    Returns
    -------
    pandas.DataFrame
        from_code, to_code, area_km2, share_from, share_to (0–1), sorted by code.

    Raises
    ------
    CRSError, GeometryError, CodeError
        See :func:`fuping.spatial.boundaries.geometry.require_polygons`.
    """
    require_polygons(from_units, code=code)
    require_polygons(to_units, code=code)
    # Valid degrees can cross themselves by a rounding once they are projected.
    left, right = (
        repair_geometry(units.to_crs(equal_area_crs), code=code)[0].geometry.to_numpy()
        for units in (from_units, to_units)
    )
    at_right, at_left = shapely.STRtree(left).query(right, predicate="intersects")
    area = shapely.area(shapely.intersection(left[at_left], right[at_right]))
    table = pd.DataFrame(
        {
            "from_code": from_units[code].to_numpy()[at_left],
            "to_code": to_units[code].to_numpy()[at_right],
            "area_km2": area / 1e6,
            "share_from": area / shapely.area(left)[at_left],
            "share_to": area / shapely.area(right)[at_right],
        }
    )
    # Neighbours that only touch have no overlap, not a small one.
    table = table[area > 0]
    sliver = table[["share_from", "share_to"]].max(axis=1) < minimum_share
    kept = table[~sliver].sort_values(["from_code", "to_code"], ignore_index=True)
    kept.attrs["slivers"] = int(sliver.sum())
    return kept


def unit_at(points: gpd.GeoSeries, units: gpd.GeoDataFrame, *, code: str) -> tuple[pd.Series, NDArray[np.bool_]]:
    """Find the unit of each point; on a border, the first by code.

    Parameters
    ----------
    points
        n points in a known CRS; null or empty ones lie nowhere.
    units
        Polygons in a known CRS, each of a code of its own.

    Returns
    -------
    (pandas.Series of str, ndarray of bool)
        Codes on the index of ``points``, missing where there is no unit; and which points lie in several.

    Raises
    ------
    GeometryError
        Geometry that is not a point.
    """
    shapes = points.to_crs(units.crs).to_numpy()
    other = ~shapely.is_missing(shapes) & (shapely.get_type_id(shapes) != shapely.GeometryType.POINT)
    if other.any():
        kinds = ", ".join(sorted({shape.geom_type for shape in shapes[other]}))
        raise GeometryError(
            f"{int(other.sum())} of {len(shapes)} geometries are not points: {kinds}.", remedy="Give points."
        )
    at_point, at_unit = shapely.STRtree(units.geometry.to_numpy()).query(shapes, predicate="intersects")
    by_point = pd.Series(units[code].to_numpy()[at_unit], index=at_point).groupby(level=0)
    first = by_point.min().reindex(range(len(points))).set_axis(points.index)
    return first, by_point.size().reindex(range(len(points)), fill_value=0).to_numpy() > 1
