"""Grids: areas, windows, alignment, and longitudes that run to 360."""

import numpy as np
import pyproj
import pytest
from fuping.spatial.raster.errors import GridError
from fuping.spatial.raster.grid import Grid, Window, grid_of_centres
from hypothesis import given
from hypothesis import strategies as st


def globe(step):
    return Grid("EPSG:4326", -180, 90, step, step, round(180 / step), round(360 / step))


def test_cells_of_the_globe_sum_to_the_ellipsoid():
    # Moritz 1980, Geodetic Reference System 1980: mean radius of the sphere of equal surface R2 = 6,371,007.1810 m.
    grid = Grid("EPSG:4019", -180, 90, 1, 1, 180, 360)
    assert grid.row_areas().sum() * 360 == pytest.approx(4 * np.pi * 6_371_007.1810**2, rel=1e-10)


def test_a_cell_has_the_area_that_pyproj_measures_of_its_dense_outline():
    grid = Grid("EPSG:4326", 100, 38, 0.5, 0.5, 2, 1)
    step = np.linspace(0, 0.5, 2001)
    x = np.concatenate([100 + step, np.full(2001, 100.5), 100.5 - step, np.full(2001, 100.0)])
    y = np.concatenate([np.full(2001, 37.5), 37.5 + step, np.full(2001, 38.0), 38 - step])
    area, _ = pyproj.Geod(ellps="WGS84").polygon_area_perimeter(x, y)
    assert grid.row_areas()[0] == pytest.approx(abs(area), rel=1e-8)


def test_a_projected_cell_has_the_area_of_its_sides():
    assert Grid("EPSG:6933", 0, 4000, 1000, 500, 8, 3).row_areas().tolist() == [500_000] * 8


def test_the_hash_does_not_change_with_the_last_digit_of_a_fraction():
    one = Grid("EPSG:4326", 70, 50, 1 / 120, 1 / 120, 100, 100)
    other = Grid("EPSG:4326", 70, 50, 0.008333333333333333, 0.0083333333333333, 100, 100)
    assert one.digest == other.digest
    assert one.digest != Grid("EPSG:4326", 70, 50, 1 / 120, 1 / 120, 100, 101).digest


def test_alignment_is_told_in_whole_cells():
    wide = globe(0.5)
    part = Grid("EPSG:4326", 100, 30, 0.5, 0.5, 4, 6)
    assert wide.offset(part) == (120, 560)
    assert wide.part(Window(120, 560, 4, 6)).is_same(part)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (Grid("EPSG:4326", 100.2, 30, 0.5, 0.5, 4, 6), "shifted by 0.400 of a cell east"),
        (Grid("EPSG:4326", 100, 30, 0.25, 0.25, 4, 6), "0.5 × 0.5 and 0.25 × 0.25"),
        (Grid("EPSG:4490", 100, 30, 0.5, 0.5, 4, 6), "different CRS: WGS 84 and China Geodetic"),
    ],
)
def test_grids_that_do_not_fit_say_how(other, words):
    with pytest.raises(GridError, match=words):
        globe(0.5).offset(other)


@given(n=st.integers(4, 60), rows=st.integers(2, 9))
def test_rolled_longitudes_keep_each_cell_at_its_place(n, rows):
    x = np.arange(n) * 360 / n
    y = np.linspace(-40, 40, rows)
    grid, turned, rolled = grid_of_centres(x, y, crs="EPSG:4326")
    centres = grid.west + grid.cell_width * (np.arange(n) + 0.5)
    moved = np.roll(x, -rolled)
    assert turned
    np.testing.assert_allclose((centres - moved + 180) % 360 - 180, 0, atol=1e-9)
    assert centres.min() >= -180 - 1e-9
    assert centres.max() < 180


def test_longitudes_east_of_180_are_moved_as_a_whole():
    grid, _, rolled = grid_of_centres([200, 201, 202], [0, 1], crs="EPSG:4326")
    assert grid.west == -160.5
    assert rolled == 0


def test_longitudes_over_180_are_left_in_one_piece():
    grid, _, rolled = grid_of_centres([178.5, 179.5, 180.5, 181.5], [0, 1], crs="EPSG:4326")
    assert (grid.bounds, rolled) == ((178, -0.5, 182, 1.5), 0)


@pytest.mark.parametrize(
    ("west", "bounds", "found"),
    [
        (170, (-179, 0, -178, 1), (9, 11, 1, 1)),
        (170, (181, 0, 182, 1), (9, 11, 1, 1)),
        (-190, (181, 0, 182, 1), (9, 11, 1, 1)),
        (-190, (175, 0, 176, 1), (9, 5, 1, 1)),
        (170, (-180, 0, 180, 1), (9, 0, 1, 20)),
        (170, (-179, 0, 179, 1), (9, 0, 1, 20)),
    ],
)
def test_bounds_are_found_whichever_way_longitudes_are_counted(west, bounds, found):
    assert Grid("EPSG:4326", west, 10, 1, 1, 20, 20).window(bounds) == Window(*found)


def test_no_turn_is_taken_of_metres():
    assert Grid("EPSG:6933", 170, 10, 100, 100, 20, 20).window((-170, 0, -150, 1)) is None


def test_strips_are_whole_rows_and_cover_the_window_once():
    window = Window(3, 2, 10, 7)
    found = list(globe(1).strips(window, cells=20))
    assert {one.width for one in found} == {7}
    assert [row for one in found for row in range(one.row, one.row + one.height)] == list(range(3, 13))
    assert max(one.height * one.width for one in found) <= 20
