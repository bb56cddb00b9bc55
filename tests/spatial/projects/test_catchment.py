"""Ground and people within some km of points, on squares of one degree and circles whose area is known."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from fuping.spatial.errors import CRSError, GeometryError
from fuping.spatial.projects import (
    catchment_shares,
    catchment_table,
    circles_around,
    ground_on_foot,
    shares_within,
)
from fuping.spatial.projects.errors import ProjectError
from fuping.spatial.raster.grid import Grid
from fuping.spatial.raster.source import ArrayRaster
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

UNITS = gpd.GeoDataFrame(
    {"code": ["a", "b", "c", "d", "none"]},
    geometry=[*(shapely.box(x, y, x + 1, y + 1) for y in (60, 61) for x in (0, 1)), None],
    crs="EPSG:4326",
)

GLOBE = Geod(ellps="WGS84")


def points(*places):
    return gpd.GeoSeries(shapely.points(places), crs="EPSG:4326")


def km2(shape):
    return abs(GLOBE.geometry_area_perimeter(shape)[0]) / 1e6


@pytest.mark.parametrize("place", [(0.5, 60.5), (114.2, 38.8), (-77.0, -12.0)])
def test_a_circle_has_the_area_of_a_circle_in_any_latitude(place):
    assert km2(circles_around(points(place), 25)) == pytest.approx(np.pi * 25**2, rel=1e-3)


def test_ground_that_two_circles_share_counts_once():
    one = km2(circles_around(points((0.5, 60.5)), 10))
    assert km2(circles_around(points((0.5, 60.5), (0.5, 60.5)), 10)) == pytest.approx(one)
    near = km2(circles_around(points((0.5, 60.5), (0.5, 60.55)), 10))
    assert one < near < 2 * one


def test_a_circle_over_the_antimeridian_is_in_two_parts():
    shape = circles_around(points((179.99, 10.0)), 25)
    assert shape.geom_type == "MultiPolygon"
    assert sum(km2(part) for part in shape.geoms) == pytest.approx(np.pi * 25**2, rel=1e-3)


def test_shares_are_of_the_units_and_nothing_is_missing_but_what_has_no_shape():
    shares = catchment_shares(points((0.5, 60.5)), UNITS, km=[25, 10])
    assert shares.columns.tolist() == [10, 25]
    assert shares.loc["a", 10] == pytest.approx(np.pi * 100 / km2(UNITS.geometry[0]), rel=2e-3)
    assert shares.loc["c", 10] == 0
    assert shares.loc["none"].isna().all()


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.floats(-1, 3), st.floats(59, 63)), min_size=1, max_size=4))
def test_what_is_near_is_within_what_is_nearer_still_allowed(places):
    shares = catchment_shares(points(*places), UNITS, km=[5, 20, 60]).dropna()
    assert (shares.diff(axis=1).dropna(axis=1) >= -1e-9).all().all()
    assert shares.to_numpy().min() >= 0
    assert shares.to_numpy().max() <= 1


def test_people_that_are_not_counted_are_told():
    shares = pd.DataFrame({5: [0.25, 0.0, 0.0], 50: [1.0, 0.5, 0.1]}, index=["a", "b", "c"])
    units = pd.DataFrame(
        {"area_km2": [10.0, 20.0, 30.0], "population": [100.0, 40.0, np.nan], "poor_population": np.nan},
        index=["a", "b", "c"],
    )
    found = catchment_table(shares, units)
    assert found.loc[5, ["units", "units_mostly", "area_km2", "population", "population_missing"]].tolist() == [
        1,
        0,
        2.5,
        25,
        0,
    ]
    assert found.loc[50, ["units", "units_mostly", "area_km2", "population", "population_missing"]].tolist() == [
        3,
        2,
        23,
        120,
        1,
    ]
    assert found["poor_population"].isna().all()


def flat(slope=0.0):
    grid = Grid("EPSG:4326", west=0, north=61, cell_width=0.005, cell_height=0.0025, rows=400, columns=400)
    cells = np.full((1, 400, 400), slope)
    cells[0, :, 300:] = np.nan
    return ArrayRaster(grid, cells, ("slope",))


def test_over_even_ground_an_hour_on_foot_is_five_km_and_uphill_less():
    place = points((0.6, 60.5))
    (even, lost), (steep, _) = (ground_on_foot(place, flat(slope), minutes=[60, 30]) for slope in (0.0, 20.0))
    assert (list(even), lost) == ([30, 60], 0)
    # Ways are bound to eight directions: the ground is an octagon, of 5.04 km to its corners.
    octagon = 2 * np.sqrt(2) * 5.04**2
    assert sum(km2(part) for part in shapely.get_parts(even[60])) == pytest.approx(octagon, rel=0.06)
    assert even[30].difference(even[60]).area == pytest.approx(0)
    assert steep[60].area < even[60].area / 4
    shares = shares_within(even, UNITS)
    assert 0 < shares.loc["a", 30] < shares.loc["a", 60] < 0.02


def test_points_from_which_nobody_can_go_are_counted():
    # Off the raster, and on a cell without slope.
    ground, lost = ground_on_foot(points((50, 60.5), (1.8, 60.5)), flat(), minutes=[30])
    assert (lost, ground[30].is_empty) == (2, True)
    assert shares_within(ground, UNITS)[30].dropna().eq(0).all()
    with pytest.raises(ProjectError, match="No time above zero"):
        ground_on_foot(points((0.5, 60.5)), flat(), minutes=[0])


@pytest.mark.parametrize(
    ("call", "error", "told"),
    [
        (lambda: catchment_shares(points((0, 60)), UNITS, km=[]), ProjectError, "No distance"),
        (lambda: catchment_shares(points((0, 60)), UNITS, km=[0]), ProjectError, "A catchment of 0 km"),
        (lambda: circles_around(points((0, 89.9)), 25), GeometryError, "25 km of a pole"),
        (lambda: circles_around(gpd.GeoSeries([shapely.box(0, 0, 1, 1)], crs=4326), 5), GeometryError, "points only"),
        (lambda: circles_around(gpd.GeoSeries([shapely.Point(0, 0)]), 5), CRSError, "no CRS"),
    ],
)
def test_what_cannot_be_drawn_is_refused(call, error, told):
    with pytest.raises(error, match=told):
        call()
