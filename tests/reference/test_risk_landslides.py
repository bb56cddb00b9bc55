"""Frequency ratios by their definition, and slopes whose safety textbooks give in one line."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.risk.errors import HazardError
from fuping.spatial.risk.landslides import frequency_ratio, infinite_slope, success_rate, susceptibility_index
from hypothesis import given, settings
from hypothesis import strategies as st


def test_a_ratio_is_the_share_of_the_landslides_over_the_share_of_the_area():
    """Lee & Talib 2005: FR = (share of landslides)/(share of the area), here of numbers that divide without rest."""
    slope = np.repeat(["0-15", "15-30", "30-45"], [600, 300, 100])
    failed = np.zeros(1000, dtype=bool)
    failed[:12], failed[600:624], failed[900:924] = True, True, True
    found = frequency_ratio(slope, failed)["frequency_ratio"]
    np.testing.assert_allclose(found, [0.2 / 0.6, 0.4 / 0.3, 0.4 / 0.1])


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.booleans(), st.floats(0.5, 5)), min_size=5, max_size=60))
def test_ratios_weighted_by_the_area_average_to_one(cells):
    classes, failed, area = zip(*cells, strict=True)
    if not any(failed):
        with pytest.raises(HazardError, match="No slope failed"):
            frequency_ratio(classes, failed, area=area)
        return
    found = frequency_ratio(classes, failed, area=area)
    assert (found["frequency_ratio"] * found["area_share"]).sum() == pytest.approx(1)
    assert found["landslide_share"].sum() == pytest.approx(1)


def test_the_index_adds_the_factors_and_does_not_guess_what_is_unknown():
    slope, rock = ["flat", "steep", "steep", None], ["hard", "hard", "soft", "soft"]
    ratios = {
        "slope": pd.DataFrame({"frequency_ratio": {"flat": 0.5, "steep": 2.0}}),
        "rock": pd.DataFrame({"frequency_ratio": {"hard": 0.25, "soft": 1.5}}),
    }
    index = susceptibility_index({"slope": slope, "rock": rock}, ratios)
    np.testing.assert_allclose(index[:3], [0.75, 2.25, 3.5])
    assert np.isnan(index[3])
    assert success_rate(index, [False, False, True, True]) == 1
    with pytest.raises(HazardError, match="ratios of slope"):
        susceptibility_index({"rock": rock}, {"slope": ratios["slope"]})


def test_safety_of_dry_sand_is_friction_over_slope_and_about_half_of_it_under_seepage():
    """Skempton & DeLory 1957; any textbook: F = tan φ/tan β, and (γ − γw)/γ of it with the water at the surface."""
    dry = infinite_slope([15, 30], friction_degrees=30)
    np.testing.assert_allclose(dry, np.tan(np.radians(30)) / np.tan(np.radians([15, 30])))
    assert dry[1] == pytest.approx(1)
    wet = infinite_slope([15], friction_degrees=30, saturated=1, unit_weight=19.62)
    assert wet[0] == pytest.approx(dry[0] / 2)
    with pytest.raises(HazardError, match="Slopes from 0"):
        infinite_slope([0.0], friction_degrees=30)


def test_cohesion_holds_a_slope_up_to_its_critical_height():
    """At F = 1 without friction the depth is c/(γ sin β cos β): 10 kPa, 20 kN/m³, 45° hold 1 m."""
    assert infinite_slope([45], friction_degrees=0, cohesion_kpa=10, depth_m=1)[0] == pytest.approx(1)
