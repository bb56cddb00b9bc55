"""Which unit is where: overlaps of two sets of polygons, and the unit at a point."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from fuping.spatial.boundaries.geometry import repair_geometry, require_equal_area, require_polygons
from fuping.spatial.errors import GeometryError
from numpy.typing import NDArray

__all__ = ["equal_area_units", "overlap_table", "unit_at", "without_overlaps"]


def equal_area_units(
    geometry: gpd.GeoSeries, codes: Sequence[str] | pd.Series | NDArray[np.object_], *, equal_area_crs: str
) -> gpd.GeoDataFrame:
    """Project polygons for measuring, and make one of the parts of a code.

    Parameters
    ----------
    geometry, codes
        n polygons and the code of each.

    Returns
    -------
    geopandas.GeoDataFrame
        ``code`` and ``geometry``, valid, one row for each code in order of appearance; ground that parts of a code
        share counts once.
    """
    require_equal_area(equal_area_crs)
    frame = gpd.GeoDataFrame({"code": np.asarray(codes)}, geometry=geometry.array).to_crs(equal_area_crs)
    # Valid degrees can cross themselves by a rounding once they are projected.
    frame = repair_geometry(frame)[0]
    return frame.dissolve("code", sort=False, as_index=False) if frame["code"].duplicated().any() else frame


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
    left, right = (
        equal_area_units(units.geometry, units[code], equal_area_crs=equal_area_crs).geometry.to_numpy()
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


def without_overlaps(frame: gpd.GeoDataFrame, *, minimum_share: float = 1e-6) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Take from each polygon the ground of those before it.

    Parameters
    ----------
    frame
        n polygons with a column ``code``, as :func:`equal_area_units` gives them.
    minimum_share
        Overlaps that are no larger a share of either polygon are roundings, and are left.

    Returns
    -------
    (geopandas.GeoDataFrame, list of str)
        The polygons, and who overlapped whom, with the area.
    """
    shapes = frame.geometry.to_numpy().copy()
    later, earlier = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    before = earlier < later
    later, earlier = later[before], earlier[before]
    shared = shapely.area(shapely.intersection(shapes[later], shapes[earlier]))
    areas = shapely.area(shapes)
    real = shared > minimum_share * np.minimum(areas[later], areas[earlier])
    later, earlier, shared = later[real], earlier[real], shared[real]
    names = frame["code"].to_numpy()
    pairs = [f"{names[a]}/{names[b]} {area / 1e6:.3g} km²" for a, b, area in zip(earlier, later, shared, strict=True)]
    for one in np.unique(later):
        taken = shapely.union_all(frame.geometry.to_numpy()[earlier[later == one]])
        shapes[one] = shapely.difference(shapes[one], taken)
    return frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs)), pairs


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
