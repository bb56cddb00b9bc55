"""What lies within some distance of the points where projects work."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from fuping.spatial.boundaries.antimeridian import cut_at_antimeridian
from fuping.spatial.boundaries.geometry import require_crs
from fuping.spatial.boundaries.overlay import overlap_table
from fuping.spatial.errors import GeometryError
from fuping.spatial.projects.errors import ProjectError
from pyproj import Geod

__all__ = ["catchment_shares", "catchment_table", "circles_around"]

GLOBE = Geod(ellps="WGS84")

CORNERS = 120
"""Of the polygon that stands for a circle: its area is 0.05 % below that of the circle."""

MOSTLY = 0.5
"""Share of a unit from which it lies mostly within a distance."""


def circles_around(points: gpd.GeoSeries, km: float) -> shapely.Geometry:
    """Return the ground within so many km of any of n points, in degrees: geodesic circles, what they share once.

    Raises
    ------
    CRSError
        The points have no CRS.
    GeometryError
        Geometry that is no point, or a point nearer to a pole than the distance.
    ProjectError
        The distance is not above zero.
    """
    require_crs(points)
    if not km > 0:
        raise ProjectError(f"A catchment of {km} km is asked for.", remedy="Give a distance above zero.")
    shapes = points.to_crs("EPSG:4326").to_numpy()
    if (shapely.get_type_id(shapes) != shapely.GeometryType.POINT).any() or shapely.is_empty(shapes).any():
        raise GeometryError("Catchments are drawn around points only.", remedy="Leave lines and areas out.")
    place = shapely.get_coordinates(shapes)
    if (np.abs(place[:, 1]) > 90 - km / 110).any():
        raise GeometryError(f"A point lies within {km:g} km of a pole.", remedy="Leave it out.")
    way = np.tile(np.arange(CORNERS) * 360 / CORNERS, len(place))
    start = np.repeat(place, CORNERS, axis=0)
    lon, lat, _ = GLOBE.fwd(start[:, 0], start[:, 1], way, np.full(len(way), km * 1000.0))
    rings = np.column_stack([lon, lat]).reshape(len(place), CORNERS, 2)
    circles = gpd.GeoSeries(shapely.polygons(shapely.linearrings(rings)), crs="EPSG:4326")
    return shapely.union_all(cut_at_antimeridian(circles)[0].to_numpy())


def catchment_shares(
    points: gpd.GeoSeries, units: gpd.GeoDataFrame, *, km: Sequence[float], code: str = "code"
) -> pd.DataFrame:
    """Measure which share of each unit lies within some distances of any point.

    Parameters
    ----------
    points
        n points in a known CRS.
    units
        u valid polygons in a known CRS, each of a code of its own.
    km
        Distances along the ellipsoid.

    Returns
    -------
    pandas.DataFrame
        Indexed by code in the order of the units, a column for each distance, ascending: shares of area (0–1), NaN
        for a unit without a shape.

    Raises
    ------
    CRSError, GeometryError, CodeError
        As :func:`circles_around` and :func:`fuping.spatial.boundaries.overlay.overlap_table`.
    ProjectError
        No distance is asked for, or one that is not above zero.

    Examples
    --------
    >>> units = gpd.GeoDataFrame({"code": ["a", "b"]}, geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)],
    ...                          crs="EPSG:4326")
    >>> well = gpd.GeoSeries([shapely.Point(0.5, 0.5)], crs="EPSG:4326")
    >>> catchment_shares(well, units, km=[10, 100]).round(2).to_dict("list")
    {10: [0.03, 0.0], 100: [1.0, 0.35]}
    """
    if not len(km):
        raise ProjectError("No distance is asked for.", remedy="Give km=, distances above zero.")
    table = pd.DataFrame(0.0, index=pd.Index(units[code], name="unit"), columns=sorted(set(km)))
    table[units.geometry.isna().to_numpy() | units.geometry.is_empty.to_numpy()] = np.nan
    for distance in table.columns:
        ground = gpd.GeoSeries([circles_around(points, distance)], crs="EPSG:4326")
        near = units.iloc[np.unique(units.sindex.query(ground.to_crs(units.crs), predicate="intersects")[1])]
        if near.empty:
            continue
        reached = gpd.GeoDataFrame({code: ["within"]}, geometry=ground)
        shared = overlap_table(reached, near, code=code)
        table.loc[shared["to_code"], distance] = shared["share_to"].clip(upper=1.0).to_numpy()
    return table


def catchment_table(shares: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Add up what lies within each distance.

    Parameters
    ----------
    shares
        From :func:`catchment_shares`.
    units
        Indexed by unit code: ``area_km2`` and any of ``population`` and ``poor_population`` (missing where not
        counted).

    Returns
    -------
    pandas.DataFrame
        Indexed by ``km``: ``units`` (that have ground within it), ``units_mostly`` (half of it or more), ``area_km2``,
        and for each count of people its sum, NaN where none of the units is counted, and ``_missing`` (units with
        ground within that are not counted).

    Notes
    -----
    People are taken to live evenly over a unit. Where the points lie where people do, as clinics and schools, that
    counts too few of them.

    Examples
    --------
    >>> shares = pd.DataFrame({10: [0.5, 0.0]}, index=["a", "b"])
    >>> units = pd.DataFrame({"area_km2": [8.0, 9.0], "population": [100, 300]}, index=["a", "b"])
    >>> catchment_table(shares, units).loc[10].to_dict()
    {'units': 1.0, 'units_mostly': 1.0, 'area_km2': 4.0, 'population': 50.0, 'population_missing': 0.0}
    """
    within = shares.fillna(0.0)
    columns: dict[str, pd.Series] = {
        "units": within.gt(0).sum(),
        "units_mostly": within.ge(MOSTLY).sum(),
        "area_km2": within.mul(units["area_km2"].reindex(shares.index), axis=0).sum(),
    }
    for counted in ("population", "poor_population"):
        if counted in units:
            heads = units[counted].reindex(shares.index)
            missing = within.gt(0).mul(heads.isna(), axis=0)
            columns[counted] = within.mul(heads, axis=0).sum().where(missing.sum() < within.gt(0).sum())
            columns[f"{counted}_missing"] = missing.sum()
    return pd.DataFrame(columns).rename_axis("km")
