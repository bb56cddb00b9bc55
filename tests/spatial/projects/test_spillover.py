"""Rings by hand, and on SIMULATED neighbours that gain half of the effect."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.projects.errors import DesignError
from fuping.spatial.projects.panel import read_panel
from fuping.spatial.projects.spillover import exposure_rings, spillover_effects

KM = 360 / (2 * np.pi * 6371.0088)
"""Degrees of one kilometre along the equator."""


def panel_of(first, y):
    n, t = y.shape
    rows = pd.DataFrame(
        {
            "unit": np.repeat(np.arange(n), t),
            "year": np.tile(np.arange(1, t + 1), n),
            "y": y.reshape(-1),
            "first": np.repeat(np.array(first, dtype=float), t),
        }
    )
    return read_panel(rows, unit="unit", time="year", outcome="y", first_treated="first")


def test_rings_and_the_year_of_first_exposure_by_hand():
    # On the equator: treated at 0 km (in 4) and 60 km (in 2); others at 10, 30, 45, 200 km.
    first = [4, 2, np.nan, np.nan, np.nan, np.nan]
    panel = panel_of(first, np.zeros((6, 5)))
    kilometres = np.array([0, 60, 10, 30, 45, 200.0])
    ring, since = exposure_rings(panel, longitude=kilometres * KM, latitude=np.zeros(6), breaks_km=[20, 50])
    assert ring.tolist() == [-1, -1, 0, 1, 0, -1]
    # 10 km: only the unit at 0 is within 20. 30 km: both are within 50, the earlier counts. 45 km: only the one at 60.
    assert since.tolist() == [np.inf, np.inf, 4, 2, 2, np.inf]


def test_simulated_spillovers_are_found_in_their_ring_and_corrected_in_the_effect():
    rng = np.random.default_rng(8)
    n, effect = 900, 2.0
    kilometres = np.repeat(np.arange(n // 3) * 1000.0, 3) + np.tile([0, 15, 300], n // 3)
    longitude = (kilometres * KM) % 360 - 180
    latitude = np.floor(kilometres * KM / 360) * 10
    kind = np.tile(["treated", "near", "far"], n // 3)
    first = np.where(kind == "treated", 3.0, np.nan)
    gain = np.where(kind == "treated", effect, np.where(kind == "near", effect / 2, 0.0))
    y = rng.normal(size=(n, 4)) * 0.5 + np.array([0, 0, 1, 1]) * gain[:, None]
    found = spillover_effects(panel_of(first, y), longitude=longitude, latitude=latitude, breaks_km=[50, 100])
    assert found.n_unexposed == n // 3
    assert found.direct.low < effect < found.direct.high
    assert found.naive.high < effect
    near, beyond = found.rings.iloc[0], found.rings.iloc[1]
    assert near["low"] < effect / 2 < near["high"]
    assert (near["units"], beyond["units"]) == (n // 3, 0)
    assert "Nothing can be compared" in beyond["why"]


def test_rings_that_leave_no_control_or_do_not_ascend_are_refused():
    panel = panel_of([2, np.nan, np.nan], np.zeros((3, 3)))
    where = {"longitude": np.array([0.0, 0.1, 0.2]), "latitude": np.zeros(3)}
    with pytest.raises(DesignError, match="No unit lies farther than 500 km"):
        spillover_effects(panel, **where, breaks_km=[500])
    for breaks in ([], [50, 20], [0, 20]):
        with pytest.raises(DesignError, match="do not ascend"):
            exposure_rings(panel, **where, breaks_km=breaks)
    with pytest.raises(DesignError, match="Positions are missing"):
        exposure_rings(panel, longitude=np.zeros(2), latitude=np.zeros(2), breaks_km=[5])
