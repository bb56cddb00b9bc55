"""Trends, breaks, convergence and polarisation."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.dynamics import (
    beta_convergence,
    esteban_ray,
    mann_kendall,
    polarisation_by_year,
    sigma_convergence,
    trend_break,
    wolfson,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

SERIES = arrays(
    float, st.tuples(st.integers(4, 9), st.integers(1, 3)), elements=st.floats(-50, 50).map(lambda x: round(x, 2))
)


@settings(deadline=None)
@given(SERIES)
def test_turning_the_series_round_turns_the_trend(values):
    ahead, back = mann_kendall(values), mann_kendall(values[::-1].copy())
    np.testing.assert_allclose(ahead["s"], -back["s"])
    np.testing.assert_allclose(ahead["slope"], -back["slope"], atol=1e-12)
    np.testing.assert_allclose(ahead["p_value"], back["p_value"])


@settings(deadline=None)
@given(SERIES, st.floats(0.1, 10))
def test_the_test_does_not_depend_on_the_unit_of_measurement(values, scale):
    one = mann_kendall(values)
    np.testing.assert_allclose(mann_kendall(np.round(values * 100) * 2.0)["s"], one["s"])
    np.testing.assert_allclose(mann_kendall(values * scale)["slope"], one["slope"] * scale, atol=1e-9)


def test_a_constant_series_has_no_trend_and_no_break():
    flat = np.full((12, 1), 7.0)
    found = mann_kendall(flat).loc[0]
    assert (found["s"], found["slope"], found["p_value"], found["trend"]) == (0, 0, 1, "not distinguishable")
    broken = trend_break(flat, model="level", seed=1, n_simulations=99).loc[0]
    assert (broken["f"], broken["p_value"], broken["verdict"]) == (0, 1, "not distinguishable")


def test_three_years_are_too_few_and_gaps_are_left_out():
    panel = pd.DataFrame({"short": [1.0, 2.0, 3.0, None, None], "gap": [1.0, None, 3.0, 4.0, 5.0]})
    found = mann_kendall(panel)
    assert found["trend"].tolist()[0] == "too few years"
    assert found.loc["gap", ["n", "slope"]].tolist() == [4, 1.0]


def test_a_step_is_dated_to_its_first_year_and_measured():
    rng = np.random.default_rng(5)
    steps = np.where(np.arange(30) < 18, 10.0, 20.0)[:, None] + rng.normal(size=(30, 1))  # simulated step at 18
    found = trend_break(steps, model="level", seed=1, n_simulations=499).loc[0]
    assert found["verdict"] == "break"
    assert found["year"] == 18
    assert found["low_year"] <= 18 <= found["high_year"]
    assert found["after"] - found["before"] == pytest.approx(10, abs=1)


def test_a_straight_line_breaks_in_level_but_not_in_trend():
    rng = np.random.default_rng(6)
    line = np.arange(30.0)[:, None] + rng.normal(size=(30, 1))  # simulated
    assert trend_break(line, model="level", seed=1, n_simulations=499).loc[0, "verdict"] == "break"
    assert trend_break(line, model="trend", seed=1, n_simulations=499).loc[0, "verdict"] == "not distinguishable"


def test_noise_is_called_broken_no_more_often_than_allowed():
    noise = np.random.default_rng(7).normal(size=(15, 400))  # simulated
    p = trend_break(noise, model="level", seed=1, n_simulations=999)["p_value"]
    # 5 % of 400 is 20; the binomial 99.9 % interval reaches to 35.
    assert (p <= 0.05).sum() <= 35
    assert (p <= 0.5).sum() == pytest.approx(200, abs=35)


def test_units_that_close_a_fifth_of_their_gap_a_year_have_that_speed():
    start = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 9.0])
    panel = np.exp(5 + np.exp(-0.2 * np.arange(4))[:, None] * (start - 5))
    found = beta_convergence(panel)
    assert found.speed.value == pytest.approx(0.2)
    assert found.half_life.value == pytest.approx(np.log(2) / 0.2)
    assert found.verdict == "converging"
    assert found.r_squared == pytest.approx(1)


def test_the_hc3_errors_are_those_of_the_sandwich_written_out():
    rng = np.random.default_rng(8)
    panel = np.exp(rng.normal(5, 1, size=(2, 12)))  # simulated
    found = beta_convergence(panel)
    x = np.column_stack([np.ones(12), np.log(panel[0])])
    y = np.log(panel[1]) - np.log(panel[0])
    inverse = np.linalg.inv(x.T @ x)
    rest = y - x @ inverse @ x.T @ y
    hat = np.diag(x @ inverse @ x.T)
    covariance = inverse @ (x.T * (rest / (1 - hat)) ** 2) @ x @ inverse
    assert found.slope.se == pytest.approx(np.sqrt(covariance[1, 1]))


def test_units_with_gaps_are_left_out_of_the_dispersion_and_counted():
    rng = np.random.default_rng(9)
    centre = rng.normal(size=40)  # simulated: the spread halves
    panel = np.vstack([10 + centre, 10 + centre * 0.75, 10 + centre * 0.5])
    panel[1, 0] = np.nan
    found = sigma_convergence(panel, measure="sd", seed=1, n_resamples=199)
    assert found.n_left_out == 1
    assert found.verdict == "converging"
    assert found.by_year.loc[2, "dispersion"] == pytest.approx(found.by_year.loc[0, "dispersion"] / 2)


def test_wolfson_is_one_for_two_camps_and_zero_for_equals():
    assert wolfson([0, 0, 2, 2]) == pytest.approx(1)
    assert wolfson([3, 3, 3]) == pytest.approx(0)
    # Mean 3, median 2; L(1/2) = (1 + 1)/12 with four of 1, 2, 2, 7: L = 3/12; Gini 0.375.
    assert wolfson([1, 2, 2, 7]) == pytest.approx(4 * 3 / 2 * (0.5 - 3 / 12 - 0.375 / 2))


def test_a_unit_without_people_is_not_in_the_middle():
    assert wolfson([0, 1, 2], weights=[1, 0, 1]) == wolfson([0, 2]) == 1


def test_esteban_ray_by_hand():
    # Shares 1/4 and 3/4 at 1 and 5, mean 4: (1/16 · 3/4 + 9/16 · 1/4) · 4 / 4.
    assert esteban_ray([1, 5, 5, 5], alpha=1) == pytest.approx(3 / 64 + 9 / 64)
    assert esteban_ray([1, 4, 6], alpha=1, groups=["a", "b", "b"]) == pytest.approx(
        (1 / 9 * 2 / 3 + 4 / 9 * 1 / 3) * 4 / (11 / 3)
    )


@settings(deadline=None)
@given(arrays(float, st.integers(2, 8), elements=st.floats(0.5, 50)), st.floats(0.2, 5))
def test_polarisation_does_not_depend_on_currency_or_order(values, scale):
    assert wolfson(values[::-1] * scale) == pytest.approx(wolfson(values), abs=1e-9)
    assert esteban_ray(values[::-1] * scale, alpha=1.3) == pytest.approx(esteban_ray(values, alpha=1.3), abs=1e-9)


@settings(deadline=None)
@given(arrays(float, st.integers(2, 8), elements=st.floats(0.5, 50)))
def test_esteban_ray_without_identification_is_twice_the_gini(values):
    gini = np.abs(values[:, None] - values).mean() / (2 * values.mean())
    assert esteban_ray(values, alpha=0) == pytest.approx(2 * gini, abs=1e-9)


def test_polarisation_by_year_carries_its_interval_and_n():
    panel = np.array([[1.0, 2.0, 3.0, 4.0, np.nan], [0.5, 0.6, 9.0, 9.1, 9.0]])
    table = polarisation_by_year(panel, index="wolfson", seed=1, n_resamples=50)
    assert table["n"].tolist() == [4, 5]
    assert (table["low"] <= table["high"]).all()
