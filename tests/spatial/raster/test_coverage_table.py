"""The coverage table: its fractions, its file, and what it is refused for."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from fuping.spatial.raster.coverage_table import coverage_table, read_coverage_table
from fuping.spatial.raster.errors import GridError, TableError
from fuping.spatial.raster.grid import Grid
from rasters import square_grid, units_of
from shapely.affinity import translate

TRIANGLES = {
    "south": shapely.Polygon([(0, 0), (3, 0), (3, 3)]),
    "north": shapely.Polygon([(0, 0), (3, 3), (0, 3)]),
}


@pytest.fixture
def table():
    return coverage_table(units_of(TRIANGLES), square_grid(3, 3), code="code")


def dense(table):
    whole = np.zeros((len(table.codes), *table.grid.shape))
    runs = np.repeat(np.arange(len(table.row)), np.diff(table.starts))
    for run, column, length, fraction in zip(runs, table.column, table.length, table.fraction, strict=True):
        whole[table.unit[run], table.row[run], column : column + length] += fraction
    return whole


def test_the_diagonal_halves_its_cells(table):
    assert dense(table)[0].tolist() == [[0, 0, 0.5], [0, 0.5, 1], [0.5, 1, 1]]
    assert dense(table).sum(axis=0).tolist() == [[1.0] * 3] * 3
    assert table.area.tolist() == [4.5e6, 4.5e6]


def test_cells_that_are_covered_alike_are_held_as_one_stretch_however_many():
    table = coverage_table(units_of({"u": shapely.box(0.5, 0, 999, 2)}), square_grid(2, 1000), code="code")
    assert table.column.tolist() == [0, 1] * 2
    assert table.length.tolist() == [1, 998] * 2
    assert table.fraction.tolist() == [0.5, 1] * 2


def test_holes_and_parts_are_respected():
    ring = shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2))
    far = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)])
    table = coverage_table(units_of({"ring": ring, "far": far}), square_grid(3, 3), code="code")
    assert dense(table)[0].tolist() == [[1, 1, 1], [1, 0, 1], [1, 1, 1]]
    assert dense(table)[1].tolist() == [[0, 0, 1], [0, 0, 0], [1, 0, 0]]


def test_a_written_table_is_read_as_it_was(table, tmp_path):
    table.write(tmp_path / "table.parquet")
    again = read_coverage_table(
        tmp_path / "table.parquet", grid=square_grid(3, 3), units=units_of(TRIANGLES), code="code"
    )
    for name in ("unit", "row", "starts", "column", "length", "fraction", "area"):
        np.testing.assert_array_equal(getattr(again, name), getattr(table, name))
        assert getattr(again, name).dtype == getattr(table, name).dtype
    assert (again.codes, again.units, again.grid) == (table.codes, table.units, table.grid)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"grid": square_grid(3, 4)}, "The grid of .* are not those given"),
        ({"units": units_of(TRIANGLES | {"south": shapely.Polygon([(0, 0), (3, 0), (3, 2.9)])})}, "The units of"),
        ({"units": units_of({"south": TRIANGLES["north"], "north": TRIANGLES["south"]})}, "The units of"),
        ({"units": units_of(dict(zip("ab", TRIANGLES.values(), strict=True)))}, "The units of"),
    ],
)
def test_a_changed_grid_or_unit_refuses_the_table(table, tmp_path, change, words):
    table.write(tmp_path / "table.parquet")
    given = {"grid": square_grid(3, 3), "units": units_of(TRIANGLES)} | change
    with pytest.raises(TableError, match=words):
        read_coverage_table(tmp_path / "table.parquet", code="code", **given)


def test_a_small_grid_does_not_name_the_cells_of_far_units():
    units = units_of({"near": shapely.box(0.5, 0.5, 1.5, 1.5), "far": shapely.box(1e5, 1e5, 3e5, 3e5)})
    table = coverage_table(units, square_grid(2, 2), code="code")
    assert table.length.sum() == 4
    assert table.area.tolist() == [1e6, 0]


ISLANDS = {
    "west": shapely.box(176, 0, 178, 1),
    "east": shapely.box(-178, 1, -175.5, 2),
    "far east": shapely.box(-177, 2, -176, 3),
    "both": shapely.MultiPolygon([shapely.box(179.5, 3, 180, 4), shapely.box(-180, 3, -179, 4)]),
    "wide": shapely.MultiPolygon([shapely.box(27, 5, 180, 6), shapely.box(-180, 5, -169, 6)]),
    "away": shapely.box(0, 0, 1, 1),
}
"""Columns of a grid from 170 to 190 that each covers, and how much of them."""
ON_ISLANDS = {
    "west": {6: 1, 7: 1},
    "east": {12: 1, 13: 1, 14: 0.5},
    "far east": {13: 1},
    "both": {9: 0.5, 10: 1},
    "wide": dict.fromkeys(range(20), 1),
    "away": {},
}


def eastward(shape):
    """The same with longitudes from 0 to 360."""
    parts = [translate(part, 360 if part.bounds[0] < 0 else 0) for part in shapely.get_parts(shape)]
    return shapely.union_all(parts)


@pytest.mark.parametrize("count", [lambda shape: shape, eastward])
@pytest.mark.parametrize("west", [170, -190])
def test_units_on_both_sides_of_180_find_their_cells_whichever_way_they_are_counted(west, count):
    grid = Grid("EPSG:4326", west, 8, 1, 1, 8, 20)
    shapes = {name: count(shape) for name, shape in ISLANDS.items()}
    table = coverage_table(units_of(shapes, "EPSG:4326", 1), grid, code="code")
    for number, (name, columns) in enumerate(ON_ISLANDS.items()):
        covered = dense(table)[number].sum(axis=0)
        assert {at: covered[at] for at in np.flatnonzero(covered)} == pytest.approx(columns), name
    # A degree of longitude in a row is as large wherever it lies: what the grid leaves out counts in the area.
    degree = grid.row_areas()
    share = table.covered() / np.where(table.area > 0, table.area, 1)
    assert share.tolist() == pytest.approx([1, 1, 1, 1, 20 / 164, 0])
    assert table.area.tolist()[:4] == pytest.approx([2 * degree[7], 2.5 * degree[6], degree[5], 1.5 * degree[4]])


def test_no_part_is_counted_twice_where_the_first_column_is_repeated_as_the_last():
    grid = Grid("EPSG:4326", -180.5, 2, 1, 1, 2, 361)
    shapes = {"a": shapely.box(179, 0, 180, 1), "b": shapely.box(-180, 0, -179, 1), "c": shapely.box(178.5, 1, 180, 2)}
    table = coverage_table(units_of(shapes, "EPSG:4326", 1), grid, code="code")
    assert dense(table).sum(axis=(1, 2)).tolist() == [1, 1, 1.5]


def test_a_table_too_large_to_hold_is_refused_before_it_is_made():
    grid = Grid("EPSG:4326", 70, 55, 1 / 36000, 1 / 36000, 35 * 36000, 70 * 36000)
    units = gpd.GeoDataFrame({"code": ["a"]}, geometry=[shapely.box(80, 25, 120, 50)], crs="EPSG:4326")
    with pytest.raises(GridError, match=r"about 1\.3e\+12 cells"):
        coverage_table(units, grid, code="code")
