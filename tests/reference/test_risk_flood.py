"""Heights above drainage on valleys whose answer is known, and damage of stages by hand."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.raster.grid import Grid
from fuping.spatial.raster.source import ArrayRaster
from fuping.spatial.risk.errors import HazardError
from fuping.spatial.risk.vulnerability import VulnerabilityFunction

pytest.importorskip("pyflwdir")

from fuping.spatial.risk.flood import flood_damage, flood_depth, height_above_drainage, near_drainage

ROWS, COLUMNS, MIDDLE = 60, 41, 20


def raster(values):
    """Cells of 1 km of an equal-area projection."""
    values = np.asarray(values, dtype=float)
    return ArrayRaster(Grid("EPSG:6933", 0, values.shape[0] * 1000, 1000, 1000, *values.shape), values)


def valley(side=10.0, fall=1.0):
    """A straight valley that falls to the south; its sides rise evenly from the channel in the middle."""
    across = np.abs(np.arange(COLUMNS) - MIDDLE)[None, :] * side
    return across + (ROWS - np.arange(ROWS))[:, None] * fall


def test_in_a_straight_valley_the_height_is_that_above_the_channel_where_the_steepest_way_meets_it():
    z = valley()
    # Only the middle drains 100 km² and more.
    found = height_above_drainage(raster(z), channel_km2=100).values[0]
    assert (found[10:, MIDDLE] == 0).all()
    # From j columns aside the steepest way is straight across or diagonal; either way down the channel lies as many
    # metres lower as the sides rose, and at most the fall along j rows more.
    for aside in (1, 5, 15):
        here = found[12:40, MIDDLE + aside]
        assert ((here >= 10 * aside - 1e-3) & (here <= 11 * aside + 1e-3)).all()
    np.testing.assert_allclose(found[12:40], found[12:40, ::-1], atol=1e-3)


def test_a_hollow_is_filled_and_what_has_no_channel_below_is_not_told():
    z = valley()
    z[30, MIDDLE + 3] -= 200
    found = height_above_drainage(raster(z), channel_km2=100).values[0]
    assert found[30, MIDDLE + 3] == 0
    none = height_above_drainage(raster(z), channel_km2=10_000).values[0]
    assert np.isnan(none).all()
    with pytest.raises(HazardError, match="above zero"):
        height_above_drainage(raster(z), channel_km2=0)


def test_missing_heights_stay_missing():
    z = valley()
    z[:, :3] = np.nan
    found = height_above_drainage(raster(z), channel_km2=100).values[0]
    assert np.isnan(found[:, :3]).all()
    assert np.isfinite(found[20:40, 5:35]).all()


def test_the_land_near_drainage_is_that_up_to_the_height():
    above = height_above_drainage(raster(valley()), channel_km2=100).values[0]
    near = near_drainage(raster(valley()), channel_km2=100, height_m=15).values[0]
    known = np.isfinite(above)
    np.testing.assert_array_equal(near[known], above[known] <= 15)
    assert np.isnan(near[~known]).all()


def test_damage_of_stages_is_depth_by_the_function_times_what_stands_there():
    above = raster([[0.0, 1.0, 3.0, np.nan]])
    value = raster([[100.0, 200.0, 400.0, 800.0]])
    half = VulnerabilityFunction("houses", "flood", "m", [0, 4], [0, 1], "made for a test")
    stages = pd.Series({"often": 2.0, "rare": 5.0})
    often = pd.Series({"often": 0.1, "rare": 0.01})
    # 2 m: 100·2/4 + 200·1/4; 5 m: 100·1 + 200·1 + 400·2/4.
    assert flood_depth(above, 2.0).values[0].tolist()[0][:3] == [2, 1, 0]
    curve = flood_damage(above, value, stages=stages, frequency=often, function=half)
    assert curve["amount"].tolist() == [100, 500]
    np.testing.assert_allclose(curve["return_period"], [1 / 0.11, 100])
    wind = VulnerabilityFunction("roofs", "tropical cyclone", "m/s", [0, 4], [0, 1], "made for a test")
    with pytest.raises(HazardError, match="tropical cyclone in m/s"):
        flood_damage(above, value, stages=stages, frequency=often, function=wind)
