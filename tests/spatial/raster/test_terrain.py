"""Slope, relief, ruggedness, travel time and resampling on rasters that can be worked out by hand."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from fuping.spatial.raster.access import travel_time, walking_friction
from fuping.spatial.raster.derived import RegriddedRaster
from fuping.spatial.raster.errors import GridError, RasterError
from fuping.spatial.raster.grid import Grid, Window
from fuping.spatial.raster.resample import resample
from fuping.spatial.raster.source import ArrayRaster
from fuping.spatial.raster.terrain import cell_metres, relief, ruggedness, slope, steep
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from rasters import CELL, square_grid, square_raster

NAN = np.nan


def test_a_plane_has_its_slope_and_no_border():
    x, y = np.meshgrid(np.arange(5.0), np.arange(4.0))
    found = slope(square_raster(3 * CELL * x / 5 + 4 * CELL * y / 5)).values[0]
    # A rise of 3/5 east and 4/5 south a cell: tan s = 1.
    np.testing.assert_allclose(found[1:-1, 1:-1], 45)
    assert np.isnan(found[0]).all()
    assert np.isnan(found[:, -1]).all()


def test_slope_of_an_esri_example():
    """ArcGIS Pro documentation, *How Slope works*: cells of 5 m, the middle slopes 75.25762°."""
    z = np.array([[50, 45, 50], [30, 30, 30], [8, 10, 10.0]])
    grid = Grid("EPSG:32650", 500_000, 4_000_015, 5, 5, 3, 3)
    assert slope(ArrayRaster(grid, z)).values[0, 1, 1] == pytest.approx(75.25762, abs=1e-4)


def test_a_window_is_what_the_whole_has_there():
    z = np.random.default_rng(0).normal(0, 500, (12, 9))
    whole, part = slope(square_raster(z)), slope(square_raster(z), window=Window(3, 0, 4, 5))
    np.testing.assert_array_equal(part.values[0], whole.values[0, 3:7, 0:5])
    np.testing.assert_array_equal(
        relief(square_raster(z), cells=5, window=Window(3, 2, 4, 5)).values[0],
        relief(square_raster(z), cells=5).values[0, 3:7, 2:7],
    )


def test_steep_land_is_marked_from_25_degrees():
    x = np.tile(np.arange(5.0), (3, 1)) * CELL
    # Tangents of 24.9 and 25.1 degrees.
    assert steep(square_raster(x * np.tan(np.radians(24.9)))).values[0, 1, 1:-1].tolist() == [0, 0, 0]
    assert steep(square_raster(x * np.tan(np.radians(25.1)))).values[0, 1, 1:-1].tolist() == [1, 1, 1]


def test_relief_is_the_range_around():
    z = np.arange(25.0).reshape(5, 5)
    z[0, 0] = NAN
    found = relief(square_raster(z), cells=3).values[0]
    assert found[2, 2] == 12
    assert found[1, 1] == 11
    assert found[4, 4] == 6
    assert np.isnan(found[0, 0])


def test_ruggedness_of_one_step():
    z = np.zeros((3, 3))
    z[0, 0], z[2, 2] = 3, -4
    assert ruggedness(square_raster(z)).values[0, 1, 1] == 5


def test_the_terrain_goes_on_around_the_globe():
    grid = Grid("EPSG:4326", -180, 10, 10, 10, 2, 36)
    z = np.tile(np.arange(36.0), (2, 1))
    found = relief(ArrayRaster(grid, z), cells=3).values[0]
    assert found[0, 0] == 35
    assert found[0, 5] == 2


def test_metres_of_a_degree_are_those_of_the_ellipsoid():
    grid = Grid("EPSG:4326", 100, 41, 0.1, 0.1, 10, 3)
    east, north = cell_metres(grid, Window(0, 0, 10, 3))
    geod = Geod(ellps="WGS84")
    assert east[4] == pytest.approx(geod.inv(100, 40.55, 100.1, 40.55)[2], rel=1e-6)
    assert north[4] == pytest.approx(geod.inv(100, 40.5, 100, 40.6)[2], rel=1e-6)


def points(*places, crs="EPSG:6933"):
    return gpd.GeoDataFrame(geometry=[shapely.Point(x * CELL, y * CELL) for x, y in places], crs=crs)


def test_travel_time_goes_around_what_cannot_be_crossed():
    friction = np.full((3, 3), 0.001)
    friction[:2, 1] = NAN
    # A minute a cell: down two rows, across below the wall, and up again.
    found = travel_time(square_raster(friction), points((0.5, 2.5))).values[0]
    assert found[:, 0].tolist() == pytest.approx([0, 1, 2])
    assert found[2, 1] == pytest.approx(1 + 2**0.5)
    assert found[0, 2] == pytest.approx(1 + 2 * 2**0.5 + 1)
    assert np.isnan(found[0, 1])


def test_an_island_is_not_reached():
    friction = np.full((1, 3), 0.001)
    friction[0, 1] = NAN
    assert np.isnan(travel_time(square_raster(friction), points((0.5, 0.5))).values[0, 0, 2])


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 999))
def test_travel_time_is_the_least_over_all_ways(seed):
    rng = np.random.default_rng(seed)
    friction = rng.uniform(0.001, 0.01, (6, 7))
    friction[rng.random((6, 7)) < 0.2] = NAN
    friction[0, 0] = friction[5, 6] = 0.002
    found = travel_time(square_raster(friction), points((0.5, 5.5), (6.5, 0.5))).values[0]
    # Relaxed again and again until nothing changes (Bellman–Ford).
    best = np.full((6, 7), np.inf)
    best[0, 0] = best[5, 6] = 0
    steps = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1) if (i, j) != (0, 0)]
    for _ in range(42):
        for r, c in np.argwhere(~np.isnan(friction)):
            for i, j in steps:
                if 0 <= r + i < 6 and 0 <= c + j < 7 and not np.isnan(friction[r + i, c + j]):
                    way = CELL * np.hypot(i, j) * (friction[r, c] + friction[r + i, c + j]) / 2
                    best[r, c] = min(best[r, c], best[r + i, c + j] + way)
    np.testing.assert_allclose(found, np.where(np.isinf(best), NAN, best))


def test_a_step_east_is_shorter_in_the_north():
    grid = Grid("EPSG:4326", 0, 61, 1, 1, 2, 2)
    there = gpd.GeoDataFrame(geometry=[shapely.Point(0.5, 60.5)], crs="EPSG:4326")
    found = travel_time(ArrayRaster(grid, np.full((2, 2), 0.001)), there).values[0]
    east, north = cell_metres(grid, Window(0, 0, 2, 2))
    assert found[0, 1] == pytest.approx(east[0] / 1000)
    assert found[1, 0] == pytest.approx(north.mean() / 1000)
    assert found[0, 1] < 0.52 * found[1, 0]


def test_walking_is_fastest_on_the_flat():
    pace = walking_friction([0, 10, 30])
    assert (np.diff(pace) > 0).all()


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: travel_time(square_raster(np.zeros((2, 2))), points((0.5, 0.5))), RasterError, "least friction is 0"),
        (lambda: travel_time(square_raster(np.ones((2, 2))), points((5, 5))), GridError, "1 places lie beyond .*: 0"),
        (
            lambda: travel_time(square_raster(np.ones((2, 2))), points((0.5, 0.5)).to_crs("EPSG:4326")),
            GridError,
            "different CRS",
        ),
        (lambda: travel_time(square_raster([[NAN, 1.0]]), points((0.5, 0.5))), RasterError, "None of 1 places"),
        (lambda: relief(square_raster(np.ones((3, 3))), cells=4), RasterError, "square of 4 cells"),
        (lambda: slope(square_raster(np.ones((3, 3, 3)))), RasterError, "Slope needs one band"),
        (lambda: resample(square_raster([[1.0]]), square_grid(1, 1), rule="cubic"), RasterError, "'cubic'"),
    ],
)
def test_bad_input_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_sums_are_kept_and_means_are_means():
    values = np.arange(16.0).reshape(4, 4)
    raster = square_raster(values)
    coarse = Grid("EPSG:6933", 0, 4000, 2000, 2000, 2, 2)
    blocks = values.reshape(2, 2, 2, 2).sum(axis=(1, 3))
    np.testing.assert_allclose(resample(raster, coarse, rule="sum").values[0], blocks)
    np.testing.assert_allclose(resample(raster, coarse, rule="mean").values[0], blocks / 4)
    assert resample(raster, raster.grid, rule="nearest").values[0].tolist() == values.tolist()


def test_missing_cells_stay_missing():
    raster = square_raster(np.array([[1.0, NAN], [NAN, NAN]]))
    coarse = Grid("EPSG:6933", 0, 2000, 1000, 1000, 2, 2)
    assert np.isnan(resample(raster, coarse, rule="mean").values[0]).tolist() == [[False, True], [True, True]]


def over_180(west):
    return Grid("EPSG:4326", west, 2, 1, 1, 2, 20)


@pytest.mark.parametrize("rule", ["sum", "mean", "nearest"])
def test_a_globe_is_brought_to_a_grid_over_180_from_both_of_its_ends(rule):
    globe = ArrayRaster(Grid("EPSG:4326", -180, 2, 1, 1, 2, 360), np.tile(np.arange(360.0), (2, 1)))
    ends = [*range(350, 360), *range(10)]
    for west in (170, -190):
        assert resample(globe, over_180(west), rule=rule).values[0].tolist() == [ends] * 2


def test_the_cells_of_one_count_of_longitudes_are_those_of_the_other():
    here = ArrayRaster(over_180(170), np.tile(np.arange(20.0), (2, 1)))
    assert RegriddedRaster(here, over_180(-190), "sum").read(0, Window(0, 9, 1, 3)).tolist() == [[9, 10, 11]]


def test_the_sum_of_a_cell_over_the_seam_is_of_both_sides():
    globe = ArrayRaster(Grid("EPSG:4326", -180, 2, 1, 1, 2, 360), np.tile(np.arange(360.0), (2, 1)))
    one = Grid("EPSG:4326", 179, 2, 2, 2, 1, 1)
    assert resample(globe, one, rule="sum").values[0].item() == pytest.approx(2 * (359 + 0))
