"""Trends of cells, changes of land cover, and values that cannot be."""

import numpy as np
import pytest
import shapely
from fuping.spatial.ecology.change import cell_trends, land_cover_change
from fuping.spatial.ecology.indicators import (
    EcologyError,
    aridity_index,
    modified_fournier,
    slope_steepness_factor,
    soil_erodibility,
    soil_loss,
)
from fuping.spatial.raster.coverage_table import coverage_table
from fuping.spatial.raster.errors import GridError
from rasters import square_grid, square_raster, units_of

BEFORE = np.array([[1, 1, 2], [1, 2, 2], [3, 3, np.nan]])
AFTER = np.array([[1, 2, 2], [1, 2, 1], [3, np.nan, 3]])


def change(**options):
    units = units_of({"u": shapely.box(0, 0, 3, 3), "far": shapely.box(9, 9, 10, 10)})
    table = coverage_table(units, square_grid(3, 3), code="code")
    return land_cover_change(table, square_raster(BEFORE), square_raster(AFTER), **({"minimum_cells": 1} | options))


def test_what_became_of_each_cover():
    found = change()
    rows = {(row.from_class, row.to_class): row.share * 7 for row in found.table.itertuples()}
    assert rows == pytest.approx({(1, 1): 2, (1, 2): 1, (2, 1): 1, (2, 2): 2, (3, 3): 1})
    assert found.covered.loc["u", "cells"] == 7
    assert found.report.reasons() == {"outside": 1}


def test_net_change_sums_to_nothing():
    net = change().net()
    assert net["change"].sum() == pytest.approx(0)
    assert net.loc[("u", 2), "change"] == pytest.approx(0)


def test_covers_on_another_grid_are_refused():
    table = coverage_table(units_of({"u": shapely.box(0, 0, 3, 3)}), square_grid(3, 3), code="code")
    with pytest.raises(GridError, match="not on the table's grid"):
        land_cover_change(table, square_raster(BEFORE), square_raster(np.ones((4, 3))), minimum_cells=1)


def test_trends_are_the_same_however_the_raster_is_cut():
    bands = np.random.default_rng(0).normal(size=(6, 5, 4))
    bands[2, 1, 1] = np.nan
    bands[:3, 0, 0] = np.nan
    one, other = (cell_trends(square_raster(bands), years=range(6), block_cells=n) for n in (4, 999))
    np.testing.assert_array_equal(one.values, other.values)
    assert one.values[2, 1, 1] == 5
    assert np.isnan(one.values[:, 0, 0]).all()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: cell_trends(square_raster(np.ones((3, 2, 2))), years=[1, 2]), r"3 bands and the years \[1, 2\]"),
        (lambda: soil_erodibility(40, 40, 40, 1), "sum to 120 %"),
        (lambda: soil_loss(1, 1, 1, 50, 1), "values of C lie beyond 0 to 1, such as 50"),
        (lambda: slope_steepness_factor(-9999), "values of slope lie beyond 0 to 90, such as -9999"),
        (lambda: modified_fournier([1.0] * 11), "There are 11 months"),
        (lambda: aridity_index(-1, 1), "values of precipitation lie beyond"),
    ],
)
def test_values_that_cannot_be_are_named(call, words):
    with pytest.raises(EcologyError, match=words):
        call()


def test_classes_that_are_no_whole_numbers_are_named():
    table = coverage_table(units_of({"u": shapely.box(0, 0, 3, 3)}), square_grid(3, 3), code="code")
    with pytest.raises(EcologyError, match=r"class 1\.5"):
        land_cover_change(table, square_raster(BEFORE + 0.5), square_raster(AFTER), minimum_cells=1)
