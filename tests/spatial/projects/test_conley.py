"""Spatial standard errors by brute force, at their limits, and on SIMULATED units that are alike when near."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.projects.conley import conley_covariance, conley_standard_errors
from fuping.spatial.projects.did import group_time_effects
from fuping.spatial.projects.errors import SpatialCovarianceError
from fuping.spatial.projects.influence import Influence, estimate
from fuping.spatial.projects.panel import read_panel
from monte_carlo import hold_to_95
from pyproj import Geod


@pytest.fixture
def places():
    rng = np.random.default_rng(0)
    return rng.uniform(100, 110, 40), rng.uniform(25, 35, 40)


@pytest.fixture
def influence():
    return Influence(np.random.default_rng(1).normal(size=(40, 2)))


@pytest.mark.parametrize("kernel", ["bartlett", "uniform"])
def test_the_covariance_is_the_sum_over_near_pairs(places, influence, kernel):
    longitude, latitude = places
    sphere = Geod(a=6371008.8, b=6371008.8)
    expected = np.zeros((2, 2))
    for i in range(40):
        for j in range(40):
            km = sphere.inv(longitude[i], latitude[i], longitude[j], latitude[j])[2] / 1000
            if km < 250:
                weight = 1 - km / 250 if kernel == "bartlett" else 1.0
                expected += weight * np.outer(influence.values[i], influence.values[j]) / 40**2
    got = conley_covariance(influence, longitude=longitude, latitude=latitude, cutoff_km=250, kernel=kernel)
    assert got == pytest.approx(expected, abs=1e-9)


def test_a_short_cutoff_gives_the_usual_errors(places, influence):
    longitude, latitude = places
    got = conley_standard_errors(influence, longitude=longitude, latitude=latitude, cutoff_km=1e-6)
    assert got == pytest.approx(influence.standard_errors())


def test_units_at_one_place_are_a_cluster(influence):
    clusters = np.arange(40) // 4
    got = conley_standard_errors(influence, longitude=100.0 + clusters, latitude=np.full(40, 30.0), cutoff_km=10)
    assert got == pytest.approx(Influence(influence.values, clusters).standard_errors())


def test_simulated_likeness_of_near_units_is_seen_by_conley_and_not_by_the_usual_errors():
    # 100 places a degree apart, 4 units at each, that share every shock and, place by place, the treatment.
    rng, found = np.random.default_rng(2), {"usual": [], "conley": []}
    place = np.repeat(np.arange(100), 4)
    where = {
        "longitude": 100.0 + place % 10 + rng.normal(0, 0.01, 400),
        "latitude": 30.0 + place // 10 + rng.normal(0, 0.01, 400),
    }
    for _ in range(600):
        treated = rng.random(100) < 0.5
        shock = rng.normal(size=(100, 2))[place] + 0.3 * rng.normal(size=(400, 2))
        rows = pd.DataFrame(
            {
                "unit": np.repeat(np.arange(400), 2),
                "year": np.tile([1, 2], 400),
                "y": shock.reshape(-1) + np.outer(treated[place], [0, 1]).reshape(-1),
                "first": np.repeat(np.where(treated[place], 2.0, np.nan), 2),
            }
        )
        panel = read_panel(rows, unit="unit", time="year", outcome="y", first_treated="first")
        effects = group_time_effects(panel, draws=0)
        att = effects.table["att"].iloc[0]
        errors = {
            "usual": effects.table["se"].iloc[0],
            "conley": conley_standard_errors(effects.influence, **where, cutoff_km=40, kernel="uniform")[0],
        }
        for name, se in errors.items():
            found[name].append(estimate(att, se, n=400, confidence=0.95, method=name))
    hold_to_95(found["conley"], truth=1)
    assert np.mean([one.low <= 1 <= one.high for one in found["usual"]]) < 0.75


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cutoff_km": 0}, "The cutoff is 0 km"),
        ({"kernel": "gauss"}, "The kernel 'gauss' is unknown"),
        ({"longitude": np.full(40, np.nan)}, "40 positions are missing or no degrees, first that of unit number 0"),
        ({"latitude": np.full(40, 4.5e6)}, "40 positions are missing or no degrees.*latitude 4500000.0"),
        ({"longitude": np.zeros(3), "latitude": np.zeros(3)}, "There are 3 positions for 40 units"),
    ],
)
def test_what_gives_no_covariance_is_refused(places, influence, change, message):
    given = {"longitude": places[0], "latitude": places[1], "cutoff_km": 100, "kernel": "bartlett"} | change
    with pytest.raises(SpatialCovarianceError, match=message):
        conley_covariance(influence, **given)


def test_a_negative_variance_is_refused_not_hidden():
    # Three units in a row whose neighbours cancel: 1 + 4 + 1 - 2·2 - 2·2 = -2.
    influence = Influence(np.array([[1.0], [-2.0], [1.0]]))
    with pytest.raises(SpatialCovarianceError, match="The variance of 1 estimates is negative"):
        conley_covariance(
            influence, longitude=np.array([0.0, 1.0, 2.0]), latitude=np.zeros(3), cutoff_km=150, kernel="uniform"
        )
