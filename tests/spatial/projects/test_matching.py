"""Matches by brute force, and their effect on SIMULATED units whose effect is known."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.projects.balance import balance_table, propensity_overlap
from fuping.spatial.projects.errors import DesignError
from fuping.spatial.projects.matching import local_residuals, match_nearest, matched_effect
from hypothesis import given, settings
from hypothesis import strategies as st
from monte_carlo import hold_to_95, moved_by
from scipy.spatial.distance import cdist


def draw(seed, n=120, effect=0.0):
    """SIMULATED units whose chance of treatment and outcome both rise with x."""
    rng = np.random.default_rng(seed)
    x = pd.DataFrame(rng.normal(size=(n, 2)), columns=["x", "z"], index=[f"u{i}" for i in range(n)])
    treated = pd.Series(rng.random(n) < 1 / (1 + np.exp(1 - x["x"])), index=x.index)
    treated.iloc[:2] = [True, False]
    return x, treated, x["x"] + rng.normal(size=n) + effect * treated


@given(st.integers(0, 10**6))
@settings(max_examples=20, deadline=None)
def test_each_match_is_the_nearest_within_the_caliper(seed):
    x, treated, _ = draw(seed, 40)
    try:
        found = match_nearest(x, treated, caliper=0.5)
    except DesignError:
        return
    chance = propensity_overlap(x, treated).propensity
    logit = np.log(chance / (1 - chance))
    place = logit / logit.std()
    by = found.pairs.groupby("treated")
    for unit in treated.index[treated]:
        gaps = (place[~treated] - place[unit]).abs()
        if unit in by.groups:
            mine = by.get_group(unit)
            assert mine["distance"].min() == pytest.approx(gaps.min())
            assert mine["weight"].sum() == pytest.approx(1)
            assert set(mine["control"]) == set(gaps.index[gaps**2 <= gaps.min() ** 2 + 1e-5])
        else:
            assert gaps.min() > 0.5 * (1 - 1e-9)
    assert found.report.matched + len(found.report.unmatched_left) == treated.sum()


def test_mahalanobis_neighbours_are_those_of_another_package():
    x, treated, _ = draw(5, 80)
    found = match_nearest(x, treated, metric="mahalanobis", neighbours=3)
    far = cdist(x[treated], x[~treated], "mahalanobis", VI=np.linalg.inv(np.cov(x.T)))
    expected = np.argsort(far, axis=1)[:, :3]
    controls = x.index[~treated]
    for row, unit in enumerate(x.index[treated]):
        mine = found.pairs[found.pairs["treated"] == unit]
        assert set(mine["control"]) == set(controls[expected[row]])
        assert sorted(mine["distance"]) == pytest.approx(sorted(far[row])[:3])


def test_equally_near_controls_share():
    x = pd.DataFrame({"x": [1.0, 1.0, 1.0, 2.0, 2.0, 0.0]})
    treated = pd.Series([True, False, False, True, False, False])
    found = match_nearest(x, treated)
    assert found.pairs[["treated", "control", "weight"]].to_numpy().tolist() == [[0, 1, 0.5], [0, 2, 0.5], [3, 4, 1.0]]
    outcome = pd.Series([5.0, 1.0, 2.0, 4.0, 3.0, 9.0])
    # (5 − 1.5 + 4 − 3) / 2
    assert matched_effect(found, outcome, treated).value == pytest.approx(2.25)


def test_the_error_does_not_depend_on_the_order_of_units_that_are_equally_near():
    rng = np.random.default_rng(9)
    x = pd.DataFrame({"x": rng.integers(0, 4, 120).astype(float), "z": rng.integers(0, 3, 120).astype(float)})
    treated = pd.Series(rng.random(120) < 0.4)
    y = x["x"] + pd.Series(rng.normal(size=120))
    errors = []
    for order in (np.arange(120), rng.permutation(120), np.arange(120)[::-1]):
        there = [one.iloc[order] for one in (x, treated, y)]
        matches = match_nearest(there[0], there[1], metric="mahalanobis")
        errors.append(matched_effect(matches, there[2], there[1]).se)
    assert errors == pytest.approx([errors[0]] * 3, rel=1e-9)


def test_the_variance_beside_a_unit_is_that_to_all_that_are_equally_near():
    # Controls at 0, 1, 1, 1: the two nearest of the first are among three at 1; those at 1 have each other.
    place, y = np.array([[0.0], [1.0], [1.0], [1.0], [9.0]]), np.array([6.0, 1.0, 2.0, 3.0, 0.0])
    found = local_residuals(place, y, np.array([True, True, True, True, False]))
    by_hand = [
        np.sqrt(3 / 4) * (6 - 2),
        np.sqrt(2 / 3) * (1 - 2.5),
        np.sqrt(2 / 3) * 0.0,
        np.sqrt(2 / 3) * (3 - 1.5),
        0,
    ]
    assert found == pytest.approx(by_hand)


def test_simulated_groups_are_more_alike_after_matching():
    x, treated, _ = draw(3, 1000)
    assert balance_table(x, treated).loc["x", "standardised_difference"] > 0.5
    for metric in ("propensity", "mahalanobis"):
        assert abs(match_nearest(x, treated, metric=metric).balance.loc["x", "standardised_difference"]) < 0.15


@pytest.mark.parametrize("slope", [0.0, 1.0], ids=["noise", "confounded"])
def test_simulated_effects_are_covered_as_often_as_said_and_none_is_found_in_one_of_twenty(slope):
    # Where the outcome rises with x the plain difference of means is off by more than 0.8. Draws that share units
    # share their matches too, which take nine tenths of the time.
    found = []
    for seed in range(60):
        x, treated, _ = draw(seed, 300)
        matches = match_nearest(x, treated, caliper=0.1)
        for noise in np.random.default_rng(10**6 + seed).normal(size=(20, 300)):
            found.append(matched_effect(matches, slope * x["x"] + noise, treated))
    hold_to_95(found)
    y = slope * x["x"] + noise
    moved_by(1.0, *(matched_effect(matches, y + effect * treated, treated) for effect in (0.0, 1.0)))


def test_several_neighbours_in_two_dimensions_leave_a_small_bias():
    # As Abadie and Imbens (2006) prove and the docstring tells; the plain difference is off by ten times as much.
    bias = []
    for seed in range(40):
        x, treated, y = draw(seed, 300)
        bias.append(matched_effect(match_nearest(x, treated, metric="mahalanobis", neighbours=2), y, treated).value)
    assert 0.02 < np.mean(bias) < 0.12


def test_what_cannot_be_matched_is_refused():
    x, treated, y = draw(4, 30)
    with pytest.raises(DesignError, match="The caliper is 0"):
        match_nearest(x, treated, caliper=0)
    with pytest.raises(DesignError, match="'manhattan' is unknown"):
        match_nearest(x, treated, metric="manhattan")
    with pytest.raises(DesignError, match="99 controls are asked"):
        match_nearest(x, treated, neighbours=99)
    with pytest.raises(DesignError, match="The groups do not overlap: gives_away"):
        match_nearest(x.assign(gives_away=treated.astype(float)), treated, metric="mahalanobis")
    with pytest.raises(DesignError, match="No treated unit has a control within 1e-12"):
        match_nearest(x, treated, caliper=1e-12)
    matches = match_nearest(x, treated)
    with pytest.raises(DesignError, match="1 units lack an outcome: u3"):
        matched_effect(matches, y.where(y.index != "u3"), treated)
    with pytest.raises(DesignError, match="different indexes"):
        matched_effect(matches, y.iloc[1:], treated)
