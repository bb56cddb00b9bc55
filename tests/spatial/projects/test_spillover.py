"""Rings by hand, and on SIMULATED neighbours that gain half of the effect."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.projects.errors import DesignError
from fuping.spatial.projects.panel import read_panel
from fuping.spatial.projects.spillover import exposure_rings, spillover_effects
from monte_carlo import hold_to_95, rows_as_estimates

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


def neighbours(rng, n, effect=2.0):
    """SIMULATED: a third treated in 2 or 3, a third 15 km from one of them, which gains half, a third out of reach."""
    kilometres = np.repeat(np.arange(n // 3) * 1000.0, 3) + np.tile([0, 15, 300], n // 3)
    where = {"longitude": (kilometres * KM) % 360 - 180, "latitude": np.floor(kilometres * KM / 360) * 10}
    start = np.repeat(rng.choice([2.0, 3.0], n // 3), 3)
    kind = np.tile(["treated", "near", "far"], n // 3)
    gain = np.where(kind == "treated", effect, np.where(kind == "near", effect / 2, 0.0))
    y = rng.normal(size=(n, 3)) * 0.5 + gain[:, None] * (np.arange(1, 4) >= start[:, None])
    return panel_of(np.where(kind == "treated", start, np.nan), y), where


def test_simulated_spillovers_are_found_in_their_ring_and_corrected_in_the_effect():
    rng, n, effect = np.random.default_rng(8), 600, 2.0
    found = []
    for _ in range(400):
        panel, where = neighbours(rng, n)
        found.append(spillover_effects(panel, **where, breaks_km=[50, 100], method="regression"))
    hold_to_95([one.direct for one in found], truth=effect, name="direct")
    hold_to_95(rows_as_estimates([one.rings for one in found], 0), truth=effect / 2, name="ring")
    # Half of all controls are touched, half of these from 2 on and half from 3: they gain 1/4 on average in 2 and 1/2
    # in 3, by which the three cells fall short: (2 − 1/4 + 2 − 1/2 + 2 − (1/2 − 1/4)) / 3.
    assert np.mean([one.naive.value for one in found]) == pytest.approx(5 / 3, abs=0.02)
    assert {one.n_unexposed for one in found} == {n // 3}
    assert {tuple(one.rings["units"]) for one in found} == {(n // 3, 0)}
    assert all("Nothing can be compared" in one.rings.loc[1, "why"] for one in found)


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
