"""Zonal statistics against brute force, partitions, exactextract, rasterstats and themselves cut otherwise."""

import importlib.util
import os
import signal
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from fuping.spatial.raster.coverage_table import coverage_table
from fuping.spatial.raster.errors import BlockError, ReadError
from fuping.spatial.raster.grid import Grid
from fuping.spatial.raster.kept_blocks import KeptBlocks
from fuping.spatial.raster.source import ArrayRaster, open_raster, raster_from_centres
from fuping.spatial.raster.zonal import zonal_classes, zonal_statistics
from fuping.spatial.raster.zonal_quantiles import zonal_quantiles
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.transform import from_origin
from rasters import square_grid, square_raster, units_of

NINE = np.arange(1.0, 10).reshape(3, 3)
MIDDLE = {"u": shapely.box(0.5, 0.5, 2.5, 2.5)}
EVERY = ["mean", "sum", "min", "max"]


def one_row(values, shapes=MIDDLE, statistics=EVERY, minimum_cells=0, **options):
    raster = square_raster(values)
    table = coverage_table(units_of(shapes), raster.grid, code="code")
    return zonal_statistics(table, raster, statistics=statistics, minimum_cells=minimum_cells, **options).table.iloc[0]


def test_nine_cells_are_summed_as_in_the_head():
    row = one_row(NINE)
    # A quarter of the corners, half of the sides, the whole of the middle.
    assert row["sum"] == 0.25 * (1 + 3 + 7 + 9) + 0.5 * (2 + 4 + 6 + 8) + 5 == 20
    assert (row["mean"], row["min"], row["max"], row["cells"], row["share"]) == (5, 1, 9, 4, 1)


def test_the_example_of_exactextracts_readme():
    """exactextract, README.md, "Supported statistics": values 1 to 4, weights 5 to 8, covered 0.5, 0, 1 and 0.25.

    The table there: count 1.75, sum 4.5, mean 2.57, weighted sum 31.5, weighted mean 2.74; min 1 and max 4.
    """
    values, weights = np.array([[1, 2], [3, 4.0]]), np.array([[5, 6], [7, 8.0]])
    covering = shapely.Polygon([(0, 0), (1.25, 0), (1.25, 1), (0.5, 1), (0.5, 2), (0, 2)])
    row = one_row(values, {"u": covering})
    assert (row["cells"], row["sum"], row["min"], row["max"]) == (1.75, 4.5, 1, 4)
    assert round(row["mean"], 2) == 2.57
    weighted = one_row(values, {"u": covering}, weights=square_raster(weights), weight_kind="count")
    assert weighted["sum"] == 31.5
    assert weighted["weight"] == 0.5 * 5 + 1.0 * 7 + 0.25 * 8
    assert round(weighted["mean"], 2) == 2.74


def test_a_cell_without_value_does_not_count():
    values = NINE.copy()
    values[1, 1] = np.nan
    row = one_row(values)
    assert (row["sum"], row["mean"], row["cells"], row["share"]) == (15, 5, 3, 0.75)


def test_weights_follow_people():
    people = square_raster(np.array([[0, 0, 0], [0, 0, 0], [1, 1, 1.0]]))
    row = one_row(NINE, weights=people, weight_kind="count")
    assert row["mean"] == (0.25 * 7 + 0.5 * 8 + 0.25 * 9) / 1
    assert row["sum"] == 8
    assert row["weight"] == 1


def test_a_cell_without_weight_does_not_count():
    people = square_raster(np.array([[np.nan] * 3, [np.nan] * 3, [1, 1, 1.0]]))
    row = one_row(NINE, weights=people, weight_kind="count")
    assert (row["mean"], row["cells"], row["share"]) == (8, 1, 0.25)


def test_a_unit_partly_beyond_the_raster_says_so():
    row = one_row(NINE, {"u": shapely.box(2, 0, 4, 3)})
    assert (row["sum"], row["share"], row["status"]) == (3 + 6 + 9, 0.5, "ok")


def test_a_unit_away_from_the_raster_is_kept_without_value():
    raster = square_raster(NINE)
    table = coverage_table(units_of(MIDDLE | {"far": shapely.box(7, 7, 8, 8)}), raster.grid, code="code")
    result = zonal_statistics(table, raster, statistics=["mean"], minimum_cells=1)
    assert result.table.loc[("far", "1"), "status"] == "outside"
    assert np.isnan(result.table.loc[("far", "1"), "mean"])
    assert result.report.reasons() == {"outside": 1}


def test_a_unit_without_geometry_is_kept_without_value():
    raster = square_raster(NINE)
    units = units_of(MIDDLE)
    units = pd.concat([units, gpd.GeoDataFrame({"code": ["none"]}, geometry=[None], crs=units.crs)], ignore_index=True)
    result = zonal_statistics(
        coverage_table(units, raster.grid, code="code"), raster, statistics=["sum"], minimum_cells=0
    )
    assert result.table["status"].tolist() == ["ok", "outside"]


def test_too_few_cells_give_no_value():
    row = one_row(NINE, {"u": shapely.box(0, 0, 0.5, 0.5)}, minimum_cells=1)
    assert row["status"] == "too few cells"
    assert row["cells"] == 0.25
    assert np.isnan(row["mean"])


def test_too_little_covered_gives_no_value():
    row = one_row(NINE, {"u": shapely.box(2, 0, 4, 3)}, minimum_share=0.6)
    assert row["status"] == "too little covered"


def test_classes_and_majority():
    raster = square_raster(np.array([[1, 1, 1], [2, 2, 2], [3, 3, 3]], dtype=np.uint8))
    table = coverage_table(units_of(MIDDLE), raster.grid, code="code")
    row = zonal_classes(table, raster, minimum_cells=1).table.iloc[0]
    # exactextract, python/tests/test_exact_extract.py, test_frac
    assert row[["1", "2", "3"]].tolist() == [0.25, 0.5, 0.25]
    assert row["majority"] == 2


def test_weighted_classes():
    raster = square_raster(np.array([[1, 1, 1], [2, 2, 2], [3, 3, 3]]))
    weights = square_raster(np.array([[3, 3, 3], [2, 2, 2], [1, 1, 1]]))
    table = coverage_table(units_of(MIDDLE), raster.grid, code="code")
    row = zonal_classes(table, raster, minimum_cells=1, weights=weights, weight_kind="count").table.iloc[0]
    # exactextract, python/tests/test_exact_extract.py, test_weighted_frac
    assert row[["1", "2", "3"]].tolist() == [0.375, 0.5, 0.125]


def test_quantiles_fall_on_cells():
    raster = square_raster(NINE)
    table = coverage_table(units_of(MIDDLE), raster.grid, code="code")
    row = zonal_quantiles(table, raster, quantiles=[0, 0.25, 0.5, 0.75, 1], minimum_cells=1).table.iloc[0]
    # Weights 1/4 1/2 1/4 1/2 1 1/2 1/4 1/2 1/4: a quarter of 4 is reached at 3, half at 5, three quarters at 6.
    assert row[["q0", "q0.25", "q0.5", "q0.75", "q1"]].tolist() == [1, 3, 5, 6, 9]


def test_layers_keep_their_names():
    bands = square_raster(np.stack([NINE, 2 * NINE]), bands=("2019", "2020"))
    table = coverage_table(units_of(MIDDLE), bands.grid, code="code")
    result = zonal_statistics(table, {"rain": bands, "slope": square_raster(NINE)}, statistics=["sum"], minimum_cells=0)
    assert result.table["sum"].to_dict() == {("u", "rain 2019"): 20, ("u", "rain 2020"): 40, ("u", "slope"): 20}


@st.composite
def polygons(draw):
    points = draw(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=3, max_size=7, unique=True))
    hull = shapely.convex_hull(shapely.MultiPoint([(x / 5, y / 5) for x, y in points]))
    return hull if hull.area > 0.2 else shapely.box(1.3, 2.1, 4.2, 3.7)


@settings(max_examples=15, deadline=None)
@given(shape=polygons(), seed=st.integers(0, 99))
def test_equals_a_hundred_points_a_side_of_every_cell(shape, seed):
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 5, (8, 8)).astype(float)
    values[rng.random((8, 8)) < 0.1] = np.nan
    n = 100
    centres = (np.arange(8 * n) + 0.5) / n
    inside = shapely.contains_xy(shape, *np.meshgrid(centres, centres[::-1]))
    fine = np.kron(values, np.ones((n, n)))
    known = inside & ~np.isnan(fine)
    if known.sum() < 2 * n:
        return
    raster = square_raster(values)
    table = coverage_table(units_of({"u": shape}), raster.grid, code="code")
    row = zonal_statistics(table, raster, statistics=EVERY, minimum_cells=0).table.iloc[0]
    # The border passes at most 8 × 4 cells; each sampled point on it is worth 1/n of a cell's side.
    assert row["sum"] == pytest.approx(np.nansum(fine[inside]) / n**2, abs=0.3)
    assert row["mean"] == pytest.approx(np.mean(fine[known]), abs=0.3 / (known.sum() / n**2))
    assert row["cells"] == pytest.approx(known.sum() / n**2, abs=0.1)
    shares = zonal_classes(table, raster, minimum_cells=0).table.iloc[0]
    for name in set(shares.index) & {"0", "1", "2", "3", "4"}:
        assert shares[name] == pytest.approx((fine[known] == int(name)).mean(), abs=0.1)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 9999))
def test_units_that_tile_the_plane_add_up_to_the_raster(seed):
    rng = np.random.default_rng(seed)
    values = rng.gamma(1, 1000, (20, 30))
    seeds = shapely.MultiPoint(rng.uniform(0, 1, (25, 2)) * [30, 20])
    cells = shapely.voronoi_polygons(seeds, extend_to=shapely.box(0, 0, 30, 20))
    pieces = shapely.intersection(list(cells.geoms), shapely.box(0, 0, 30, 20))
    raster = square_raster(values)
    table = coverage_table(units_of({f"{i:02d}": one for i, one in enumerate(pieces)}), raster.grid, code="code")
    total = zonal_statistics(table, raster, statistics=["sum"], minimum_cells=0).table["sum"].sum()
    assert total == pytest.approx(values.sum(), rel=1e-6)


def star(rng, centre):
    angle = np.sort(rng.uniform(0, 2 * np.pi, 40))
    radius = rng.uniform(0.5, 4, 40)
    return shapely.Polygon(np.c_[centre[0] + radius * np.cos(angle), centre[1] + radius * np.sin(angle)])


@pytest.fixture
def geographic():
    """Simulated layers and star-shaped units over 8° of latitude."""
    rng = np.random.default_rng(7)
    grid = Grid("EPSG:4326", 100, 40, 0.1, 0.1, 80, 90)
    values = rng.gamma(1, 10, (3, 80, 90))
    values[:, rng.random((80, 90)) < 0.05] = np.nan
    values[2, :20] = np.nan
    shapes = {f"{i:02d}": star(rng, rng.uniform([101, 33], [108, 39])) for i in range(12)}
    return grid, ArrayRaster(grid, values), units_of(shapes, "EPSG:4326", 1.0)


def test_equals_exactextract_with_spherical_weights(geographic):
    grid, raster, units = geographic
    table = coverage_table(units, grid, code="code")
    ours = zonal_statistics(table, raster, statistics=EVERY, minimum_cells=0).table.xs("1", level="layer")
    west, south, east, north = grid.bounds
    source = NumPyRasterSource(raster.values[0], west, south, east, north)
    operations = ["mean(coverage_weight=area_spherical_m2)", "sum", "min", "max", "count"]
    theirs = exact_extract(source, units, operations, output="pandas")
    # A sphere and an ellipsoid weigh the rows of one unit alike up to 1e-3.
    np.testing.assert_allclose(ours["mean"], theirs.iloc[:, 0], rtol=1e-3)
    for name, other in (("sum", "sum"), ("min", "min"), ("max", "max"), ("cells", "count")):
        np.testing.assert_allclose(ours[name], theirs[other], rtol=1e-6)


@pytest.mark.parametrize("block_cells", [1, 333, 10**9])
def test_the_cut_of_the_raster_changes_no_bit(geographic, block_cells):
    grid, raster, units = geographic
    table = coverage_table(units, grid, code="code")
    people = ArrayRaster(grid, np.random.default_rng(1).gamma(1, 5, grid.shape))
    options = {"statistics": EVERY, "minimum_cells": 1, "weights": people, "weight_kind": "density"}
    whole = zonal_statistics(table, raster, **options).table
    pd.testing.assert_frame_equal(
        zonal_statistics(table, raster, block_cells=block_cells, **options).table, whole, check_exact=True
    )


@pytest.mark.parametrize("dtype", ["float32", "int16", "uint8"])
def test_the_cut_of_a_file_of_narrow_numbers_changes_no_bit_and_its_sums_are_wide(tmp_path, geographic, dtype):
    grid, raster, units = geographic
    values = np.where(np.isnan(raster.values), 0, raster.values * 3).astype(dtype)
    # Sums of float32 would miss the second number beside the first.
    values[0, 40] = 120
    if dtype == "float32":
        values[0, 40], values[0, 41] = 3e7, 0.7
    profile = {"driver": "GTiff", "height": 80, "width": 90, "count": 3, "dtype": dtype, "nodata": 1}
    placed = {"crs": grid.crs, "transform": from_origin(100, 40, 0.1, 0.1), "photometric": "MINISBLACK"}
    with rasterio.open(tmp_path / "f.tif", "w", **profile, **placed) as file:
        file.write(values)
    table = coverage_table(units, grid, code="code")
    wide = ArrayRaster(grid, np.where(values == 1, np.nan, values.astype(np.float64)))
    options = {"statistics": EVERY, "minimum_cells": 1}
    expected = zonal_statistics(table, wide, **options).table
    for block_cells in (1, 333, 10**9):
        found = zonal_statistics(table, open_raster(tmp_path / "f.tif"), block_cells=block_cells, **options).table
        pd.testing.assert_frame_equal(found, expected, rtol=1e-14)
        if block_cells == 1:
            first = found
        pd.testing.assert_frame_equal(found, first, check_exact=True)


@pytest.mark.parametrize("pool", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_workers_change_no_bit(geographic, pool):
    grid, raster, units = geographic
    table = coverage_table(units, grid, code="code")
    alone = zonal_statistics(table, raster, statistics=EVERY, minimum_cells=1, block_cells=900).table
    with pool(2) as executor:
        together = zonal_statistics(
            table, raster, statistics=EVERY, minimum_cells=1, block_cells=900, executor=executor
        ).table
        classes = zonal_classes(
            table, ArrayRaster(grid, raster.values[0] // 10), minimum_cells=1, block_cells=900, executor=executor
        ).table
    pd.testing.assert_frame_equal(alone, together, check_exact=True)
    pd.testing.assert_frame_equal(
        classes,
        zonal_classes(table, ArrayRaster(grid, raster.values[0] // 10), minimum_cells=1).table,
        check_exact=True,
    )


class Unsteady:
    """A raster whose reads fail a given number of times."""

    def __init__(self, raster, failures, error=None):
        self.grid, self.bands, self.colours = raster.grid, raster.bands, False
        self.raster, self.failures = raster, failures
        self.error = error or OSError("connection lost")

    def read(self, band, window):
        if self.failures:
            self.failures -= 1
            raise self.error
        return self.raster.read(band, window)


@pytest.mark.parametrize("threads", [0, 2])
@pytest.mark.parametrize("error", [OSError("connection lost"), ReadError("Rows 0 to 2 cannot be read.")])
def test_a_failed_block_is_tried_again(threads, error):
    raster = Unsteady(square_raster(NINE), 2, error)
    table = coverage_table(units_of(MIDDLE), raster.grid, code="code")
    executor = ThreadPoolExecutor(threads) if threads else None
    result = zonal_statistics(table, raster, statistics=["sum"], minimum_cells=0, executor=executor)
    assert result.table["sum"].tolist() == [20]


class Stopping:
    """An executor that takes a given number of calls and is then interrupted."""

    def __init__(self, calls):
        self.calls = calls

    def submit(self, fn, /, *args, **kwargs):
        if not self.calls:
            raise KeyboardInterrupt
        self.calls -= 1
        answered = Future()
        answered.set_result(fn(*args, **kwargs))
        return answered


BLOCKS = {"statistics": EVERY, "minimum_cells": 1, "block_cells": 900}


def test_progress_is_told_block_by_block(geographic):
    grid, raster, units = geographic
    told = []
    zonal_statistics(
        coverage_table(units, grid, code="code"), raster, **BLOCKS, progress=lambda *counts: told.append(counts)
    )
    assert told == [(done, len(told)) for done in range(1, len(told) + 1)]
    assert len(told) > 5


def test_stopped_work_goes_on_where_it_was(geographic, tmp_path):
    grid, raster, units = geographic
    table = coverage_table(units, grid, code="code")
    alone = zonal_statistics(table, raster, **BLOCKS).table
    with pytest.raises(KeyboardInterrupt):
        zonal_statistics(table, raster, **BLOCKS, executor=KeptBlocks(tmp_path, Stopping(6)))
    kept = list(tmp_path.glob("*.pickle"))
    assert len(kept) == 3  # six begun, of which four may wait for their turn
    kept[0].write_bytes(kept[0].read_bytes()[:20])  # the disk was full
    again = KeptBlocks(tmp_path)
    pd.testing.assert_frame_equal(
        zonal_statistics(table, raster, **BLOCKS, executor=again).table, alone, check_exact=True
    )
    assert again.found == 2
    other = KeptBlocks(tmp_path)
    changed = ArrayRaster(grid, raster.values + 1)
    found = zonal_statistics(table, changed, **BLOCKS, executor=other).table
    assert other.found == 0
    np.testing.assert_allclose(found["mean"], alone["mean"] + 1)


def test_a_file_that_changed_is_read_again(tmp_path):
    path = tmp_path / "heights.tif"
    table = coverage_table(units_of(MIDDLE), square_grid(3, 3), code="code")
    sums = []
    for times, is_new in ((1, True), (1, False), (2, True)):
        if is_new:
            options = {"driver": "GTiff", "height": 3, "width": 3, "count": 1, "dtype": "float64", "crs": "EPSG:6933"}
            with rasterio.open(path, "w", **options, transform=from_origin(0, 3000, 1000, 1000)) as file:
                file.write(times * NINE, 1)
        kept = KeptBlocks(tmp_path / "kept")
        found = zonal_statistics(table, open_raster(path), statistics=["sum"], minimum_cells=0, executor=kept).table
        sums.append((found["sum"].item(), kept.found))
    assert sums == [(20, 0), (20, 1), (40, 0)]


def test_a_block_that_keeps_failing_is_named():
    raster = Unsteady(square_raster(NINE), 99)
    table = coverage_table(units_of(MIDDLE), raster.grid, code="code")
    with pytest.raises(BlockError, match=r"Block 0 failed 2 times.*OSError: connection lost"):
        zonal_statistics(table, raster, statistics=["sum"], minimum_cells=0, retries=1)


def test_a_file_that_cannot_be_read_again_and_again_is_told_in_its_own_words():
    raster = Unsteady(square_raster(NINE), 3, ReadError("Rows 0 to 2 cannot be read."))
    table = coverage_table(units_of(MIDDLE), raster.grid, code="code")
    with pytest.raises(ReadError, match=r"^Rows 0 to 2 cannot be read\.$"):
        zonal_statistics(table, raster, statistics=["sum"], minimum_cells=0, retries=2)
    assert raster.failures == 0


def test_rows_nearer_the_equator_weigh_more():
    grid = Grid("EPSG:4326", 0, 60, 30, 30, 2, 1)
    raster = ArrayRaster(grid, np.array([[0.0], [1.0]]))
    table = coverage_table(units_of({"u": shapely.box(0, 0, 30, 60)}, "EPSG:4326", 1.0), grid, code="code")
    row = zonal_statistics(table, raster, statistics=["mean"], minimum_cells=0).table.iloc[0]
    # On a sphere the share of the lower row is sin 30° / sin 60° = 1/√3; flattening moves it in the third digit.
    assert row["mean"] == pytest.approx(1 / np.sqrt(3), abs=2e-3)


def test_a_unit_at_the_date_line_finds_cells_that_were_rolled():
    x = np.arange(0, 360, 10.0)
    raster = raster_from_centres(np.tile(x, (3, 1)), x=x, y=[-10, 0, 10], crs="EPSG:4326")
    units = units_of({"east": shapely.box(176, -5, 180, 5), "west": shapely.box(-180, -5, -176, 5)}, "EPSG:4326", 1.0)
    table = coverage_table(units, raster.grid, code="code")
    result = zonal_statistics(table, raster, statistics=["mean"], minimum_cells=0).table
    # Both lie in the cell that is centred on 180° and was the middle of the file's rows.
    assert result["mean"].tolist() == pytest.approx([180, 180])
    assert result["share"].tolist() == [1, 1]


def test_sums_do_not_overflow_the_type_of_the_file():
    raster = square_raster(np.full((3, 3), 250, dtype=np.uint8))
    table = coverage_table(units_of({"u": shapely.box(0, 0, 3, 3)}), square_grid(3, 3), code="code")
    assert zonal_statistics(table, raster, statistics=["sum"], minimum_cells=1).table["sum"].item() == 2250


def test_a_dask_client_changes_no_bit(geographic):
    distributed = pytest.importorskip("distributed", reason="dask.distributed is not installed")
    grid, raster, units = geographic
    table = coverage_table(units, grid, code="code")
    alone = zonal_statistics(table, raster, statistics=EVERY, minimum_cells=1).table
    with distributed.Client(processes=False, n_workers=1, threads_per_worker=2, dashboard_address=None) as client:
        together = zonal_statistics(
            table, raster, statistics=EVERY, minimum_cells=1, block_cells=2000, executor=client
        ).table
    pd.testing.assert_frame_equal(alone, together, check_exact=True)


class Deadly:
    """A dask client one of whose workers is killed while it works."""

    def __init__(self, client, after):
        self.client, self.after, self.killed = client, after, None

    def submit(self, fn, /, *args, **kwargs):
        self.after -= 1
        if self.after == 0:
            pids = self.client.run(os.getpid)
            self.killed = next(iter(pids.values()))
            os.kill(self.killed, signal.SIGKILL)
        return self.client.submit(fn, *args, **kwargs)


def test_a_dask_worker_that_is_killed_in_the_middle_changes_no_bit(geographic):
    distributed = pytest.importorskip("distributed", reason="dask.distributed is not installed")
    grid, raster, units = geographic
    table = coverage_table(units, grid, code="code")
    alone = zonal_statistics(table, raster, statistics=EVERY, minimum_cells=1).table
    cluster = {"processes": True, "n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with distributed.Client(**cluster, silence_logs=50) as client:
        deadly = Deadly(client, after=6)
        together = zonal_statistics(
            table, raster, statistics=EVERY, minimum_cells=1, block_cells=500, executor=deadly
        ).table
        assert deadly.killed is not None
        assert deadly.killed not in client.run(os.getpid).values()
    pd.testing.assert_frame_equal(alone, together, check_exact=True)


@pytest.fixture(scope="module")
def terrain():
    """Heights of the ITU (1/12°) over the Loess Plateau and Qinling, and 40 simulated units on them."""
    folder = importlib.util.find_spec("itur")
    if folder is None or folder.origin is None:
        pytest.skip("itur is not installed (pip install fuping[risk])")
    base = Path(folder.origin).parent / "data" / "1511"
    heights, lat, lon = (np.load(base / f"v2_{one}.npz")["arr_0"] for one in ("topo", "lat", "lon"))
    rows = (lat[:, 0] > 33.05) & (lat[:, 0] < 39.0)
    columns = (lon[0] > 105.05) & (lon[0] < 113.0)
    part = heights[np.ix_(rows, columns)].astype(float)
    raster = raster_from_centres(part, x=lon[0][columns], y=lat[:, 0][rows], crs="EPSG:4326")
    rng = np.random.default_rng(5)
    places = rng.uniform([106.5, 34.5], [111.5, 37.5], (40, 2))
    units = units_of({f"{at:02d}": star(rng, one / 0.3) for at, one in enumerate(places)}, "EPSG:4326", 1.0)
    units["geometry"] = units.geometry.scale(0.3, 0.3, origin=(0, 0))
    grid = raster.grid
    return raster, units, raster.values[0], from_origin(grid.west, grid.north, grid.cell_width, grid.cell_height)


def test_figures_of_a_real_terrain_lie_within_what_rasterstats_gives(terrain):
    rasterstats = pytest.importorskip("rasterstats", reason="rasterstats is not installed")
    raster, units, values, transform = terrain
    table = coverage_table(units, raster.grid, code="code")
    ours = zonal_statistics(table, raster, statistics=EVERY, minimum_cells=0).table.xs("1", level="layer")
    told = {"affine": transform, "stats": ["count", "sum", "min", "max", "mean"], "nodata": -32768}
    touched = pd.DataFrame(rasterstats.zonal_stats(units, values, all_touched=True, **told), index=ours.index)
    middles = pd.DataFrame(rasterstats.zonal_stats(units, values, all_touched=False, **told), index=ours.index)
    assert (middles["count"] > 20).all()
    # All-touched counts every cell at the border whole: heights are above the sea here, so the sums are bounds.
    assert (values > 0).all()
    assert (ours["cells"] <= touched["count"] + 1e-9).all()
    assert (ours["sum"] <= touched["sum"] + 1e-6).all()
    assert (ours["min"] >= touched["min"]).all()
    assert (ours["max"] <= touched["max"]).all()
    assert (ours["min"] <= middles["min"]).all()
    assert (ours["max"] >= middles["max"]).all()
    # Centres miss and gain cells alike along a border: their mean is near, and no bound.
    np.testing.assert_allclose(ours["mean"], middles["mean"], rtol=0.1)
