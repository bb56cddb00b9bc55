"""What lies within some distance of the points where projects work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import shapely.geometry
from fuping.spatial.boundaries.antimeridian import cut_at_antimeridian
from fuping.spatial.boundaries.geometry import require_crs
from fuping.spatial.boundaries.overlay import overlap_table
from fuping.spatial.errors import GeometryError
from fuping.spatial.projects.errors import ProjectError
from fuping.spatial.raster.access import travel_time, walking_friction
from fuping.spatial.raster.source import ArrayRaster, Raster
from pyproj import Geod
from rasterio.features import shapes as outlines
from rasterio.transform import from_origin

__all__ = ["catchment_shares", "catchment_table", "circles_around", "ground_on_foot", "shares_within"]

GLOBE = Geod(ellps="WGS84")

CORNERS = 120
"""Of the polygon that stands for a circle: its area is 0.05 % below that of the circle."""

FASTEST = 0.1
"""Km in a minute that nobody exceeds on foot, downhill either."""

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
    return shares_within({one: circles_around(points, one) for one in sorted(set(km))}, units, code=code)


def ground_on_foot(
    points: gpd.GeoSeries, slope: Raster, *, minutes: Sequence[float]
) -> tuple[dict[float, shapely.Geometry], int]:
    """Return the ground from which any of n points is reached on foot within some minutes, in degrees.

    Parameters
    ----------
    points
        Points in a known CRS.
    slope
        One band, degrees; its cells should be narrower than hillsides (at most 1 km). NaN cannot be crossed.
    minutes
        Times above zero.

    Returns
    -------
    (dict of float to shapely.Geometry, int)
        Time, ascending → ground, in whole cells; and how many points lie beyond the raster or on a cell without slope,
        from which nobody was sent.

    Raises
    ------
    ProjectError
        No time is asked for, or one that is not above zero.
    CRSError, GeometryError, GridError
        As :func:`circles_around` and :func:`fuping.spatial.raster.access.travel_time`.

    Notes
    -----
    :func:`~fuping.spatial.raster.access.travel_time` over
    :func:`~fuping.spatial.raster.access.walking_friction`, there and back averaged. Neither rivers nor paths are known.
    """
    if not len(minutes) or min(minutes) <= 0:
        raise ProjectError("No time above zero is asked for.", remedy="Give minutes=, times above zero.")
    times = sorted(set(minutes))
    grounds: dict[float, list[shapely.Geometry]] = {time: [] for time in times}
    lost = 0
    for point in points.to_crs("EPSG:4326"):
        place = gpd.GeoSeries([point], crs="EPSG:4326")
        reach = gpd.GeoSeries([circles_around(place, times[-1] * FASTEST)], crs="EPSG:4326").to_crs(slope.grid.crs)
        window = slope.grid.window(tuple(reach.total_bounds.tolist()))
        if window is None:
            lost += 1
            continue
        grid = slope.grid.part(window)
        friction = ArrayRaster(grid, walking_friction(slope.read(0, window))[None], ("friction",))
        start = place.to_crs(grid.crs)
        row = int((grid.north - start.y[0]) // grid.cell_height)
        column = int((start.x[0] - grid.west) // grid.cell_width)
        inside = 0 <= row < grid.rows and 0 <= column < grid.columns
        if not inside or np.isnan(friction.values[0, row, column]):
            lost += 1
            continue
        needed = travel_time(friction, gpd.GeoDataFrame(geometry=start)).values[0]
        corner = from_origin(grid.west, grid.north, grid.cell_width, grid.cell_height)
        for time in times:
            near = (needed <= time).astype(np.uint8)
            cells = [shapely.geometry.shape(one) for one, _ in outlines(near, mask=near > 0, transform=corner)]
            grounds[time] += list(gpd.GeoSeries(cells, crs=grid.crs).to_crs("EPSG:4326"))
    return {time: shapely.union_all(cells) for time, cells in grounds.items()}, lost


def shares_within(
    grounds: Mapping[float, shapely.Geometry], units: gpd.GeoDataFrame, *, code: str = "code"
) -> pd.DataFrame:
    """Measure which share of each unit lies within some grounds, as :func:`catchment_shares` returns it.

    Parameters
    ----------
    grounds
        Label of a column → polygons in degrees, or nothing.
    units, code
        As :func:`catchment_shares` takes them.
    """
    table = pd.DataFrame(0.0, index=pd.Index(units[code], name="unit"), columns=list(grounds))
    table[units.geometry.isna().to_numpy() | units.geometry.is_empty.to_numpy()] = np.nan
    for label, ground in grounds.items():
        if ground.is_empty:
            continue
        drawn = gpd.GeoSeries([ground], crs="EPSG:4326")
        near = units.iloc[np.unique(units.sindex.query(drawn.to_crs(units.crs), predicate="intersects")[1])]
        if near.empty:
            continue
        shared = overlap_table(gpd.GeoDataFrame({code: ["within"]}, geometry=drawn), near, code=code)
        table.loc[shared["to_code"], label] = shared["share_to"].clip(upper=1.0).to_numpy()
    return table


def catchment_table(shares: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Add up what lies within each distance.

    Parameters
    ----------
    shares
        From :func:`catchment_shares` or :func:`shares_within`.
    units
        Indexed by unit code: ``area_km2`` and any of ``population`` and ``poor_population`` (missing where not
        counted).

    Returns
    -------
    pandas.DataFrame
        Indexed as the columns of ``shares``: ``units`` (that have ground within it), ``units_mostly`` (half of it or
        more), ``area_km2``, and for each count of people its sum, NaN where none of the units is counted, and
        ``_missing`` (units with ground within that are not counted).

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
    return pd.DataFrame(columns).rename_axis("within")
