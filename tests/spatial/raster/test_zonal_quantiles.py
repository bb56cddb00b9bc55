"""Quantiles under units are those of the sorted cells, whoever reads them; all grids are SIMULATED."""

import tracemalloc
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest
import shapely
from fuping.spatial.raster.coverage_table import coverage_table
from fuping.spatial.raster.grid import Grid
from fuping.spatial.raster.kept_blocks import KeptBlocks
from fuping.spatial.raster.zonal_quantiles import zonal_quantiles
from hypothesis import given, settings
from hypothesis import strategies as st
from rasters import square_raster, units_of

ASKED = [0.0, 0.1, 0.5, 0.9, 1.0]


def sorted_quantiles(values, weights, quantiles):
    """Return the least value at which the part q of the weight is reached, the plain way."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    return [values[order][np.searchsorted(reached, q * reached[-1] * (1 - 1e-12))] for q in quantiles]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.floats(-1e30, 1e30, allow_subnormal=False),
            st.sampled_from([0.0, -0.0, 1.0, -1.0, np.nan, 3.5, 2.0**-40]),
        ),
        min_size=16,
        max_size=16,
    ),
    st.lists(st.integers(0, 3), min_size=16, max_size=16),
)
def test_they_are_those_of_the_sorted_cells(values, weights):
    values, weights = np.reshape(values, (4, 4)), np.reshape(weights, (4, 4)).astype(float)
    there = ~np.isnan(values) & (weights > 0)
    raster = square_raster(values)
    table = coverage_table(units_of({"u": shapely.box(0, 0, 4, 4)}), raster.grid, code="code")
    if np.isnan(values).all():
        return
    options = {"weights": square_raster(weights), "weight_kind": "count"}
    row = zonal_quantiles(table, raster, quantiles=ASKED, minimum_cells=0, **options).table.iloc[0]
    found = row[[f"q{one:g}" for one in ASKED]].tolist()
    if there.any():
        assert found == sorted_quantiles(values[there], weights[there], ASKED)
    else:
        assert np.isnan(found).all()


@pytest.fixture(scope="module")
def heights():
    rng = np.random.default_rng(3)
    values = rng.normal(0, 900, (60, 80)).round(1)
    values[rng.random(values.shape) < 0.1] = np.nan
    raster = square_raster(values)
    # Borders on borders of cells: every cell is in one unit, whole.
    shapes = {f"{x}-{y}": shapely.box(x, y, x + 20, y + 15) for x in range(0, 80, 20) for y in range(0, 60, 15)}
    return values, raster, coverage_table(units_of(shapes), raster.grid, code="code")


def test_each_unit_has_those_of_its_own_cells(heights):
    values, raster, table = heights
    found = zonal_quantiles(table, raster, quantiles=ASKED, minimum_cells=1).table
    for code, x, y in ((f"{x}-{y}", x, y) for x in range(0, 80, 20) for y in range(0, 60, 15)):
        # The grid's first row is its northernmost.
        mine = values[60 - y - 15 : 60 - y, x : x + 20]
        mine = mine[~np.isnan(mine)]
        row = found.loc[code].iloc[0]
        assert row[[f"q{one:g}" for one in ASKED]].tolist() == sorted_quantiles(mine, np.ones(len(mine)), ASKED)
        assert row["cells"] == len(mine)


@pytest.mark.parametrize("cells", [1, 700, 10**6])
def test_how_the_raster_is_cut_changes_nothing(heights, cells):
    _, raster, table = heights
    whole = zonal_quantiles(table, raster, quantiles=ASKED, minimum_cells=1).table
    assert zonal_quantiles(table, raster, quantiles=ASKED, minimum_cells=1, block_cells=cells).table.equals(whole)


@pytest.mark.parametrize("pool", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_who_reads_changes_nothing(heights, pool, tmp_path):
    _, raster, table = heights
    options = {"quantiles": ASKED, "minimum_cells": 1, "block_cells": 700}
    whole = zonal_quantiles(table, raster, **options).table
    told = []
    with pool(2) as workers:
        mine = zonal_quantiles(table, raster, **options, executor=workers, progress=lambda *one: told.append(one)).table
        kept = zonal_quantiles(table, raster, **options, executor=KeptBlocks(tmp_path, workers)).table
    assert mine.equals(whole)
    assert kept.equals(whole)
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]


def test_no_more_is_held_than_a_strip_and_the_digits():
    class Simulated:
        """SIMULATED: heights made up as they are read, so that only what the engine holds is measured."""

        def __init__(self, grid):
            self.grid, self.bands, self.colours = grid, ("1",), False

        def read(self, band, window):
            rng = np.random.default_rng(window.row)
            return rng.integers(0, 9000, (window.height, window.width)).astype(np.float64)

    grid = Grid("EPSG:6933", west=0, north=3000, cell_width=1, cell_height=1, rows=3000, columns=1000)
    units = units_of({"u": shapely.box(0, 0, 1000, 3000)}, scale=1)
    table = coverage_table(units, grid, code="code")
    tracemalloc.start()
    row = zonal_quantiles(table, Simulated(grid), quantiles=[0.5], minimum_cells=1, block_cells=50_000).table.iloc[0]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert row["cells"] == 3_000_000
    assert 4400 < row["q0.5"] < 4600
    # The values alone would be 24 MB.
    assert peak < 12_000_000
