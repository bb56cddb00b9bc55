"""Bootstrap, differences and false discovery."""

import numpy as np
import pytest
from fuping.spatial.errors import FupingError
from fuping.spatial.inference import bootstrap_units, difference, false_discoveries, proportion_interval
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats


def test_the_bootstrap_error_of_a_mean_is_near_its_formula():
    rng = np.random.default_rng(1)
    values = rng.normal(size=200)  # simulated
    estimate = bootstrap_units(lambda at: float(values[at].mean()), 200, seed=2, n_resamples=2000)
    assert estimate.se == pytest.approx(values.std() / np.sqrt(200), rel=0.06)
    assert estimate.low < estimate.value < estimate.high
    assert estimate.n == 200


def test_the_same_seed_gives_the_same_interval():
    values = np.arange(10.0)
    first, second = (bootstrap_units(lambda at: float(values[at].mean()), 10, seed=4, n_resamples=50) for _ in range(2))
    assert first == second


def test_drawing_whole_clusters_widens_the_interval_of_what_clusters_share():
    values = np.repeat(np.random.default_rng(3).normal(size=20), 10)  # simulated: ten alike in each cluster
    labels = np.repeat(np.arange(20), 10)
    alone = bootstrap_units(lambda at: float(values[at].mean()), 200, seed=1, n_resamples=500)
    together = bootstrap_units(lambda at: float(values[at].mean()), 200, seed=1, n_resamples=500, clusters=labels)
    assert together.se > 2 * alone.se


def test_a_statistic_that_often_has_no_value_gets_no_interval():
    estimate = bootstrap_units(lambda at: 1.0 if len(set(at)) > 2 else np.nan, 3, seed=1, n_resamples=50)
    assert np.isnan(estimate.low)


def test_units_without_a_cluster_are_refused():
    with pytest.raises(FupingError, match="1 of 3 units have no cluster, the first in position 1"):
        bootstrap_units(lambda at: 1.0, 3, seed=1, clusters=np.array(["a", None, "b"], dtype=object))


def test_more_successes_than_trials_are_refused():
    with pytest.raises(FupingError, match="5 of 4 trials"):
        proportion_interval([1, 5], 4)


def test_two_identical_estimates_without_error_do_not_differ():
    change = difference([5.0], [5.0], se_earlier=[0.0], se_later=[0.0])
    assert change.direction.tolist() == ["not distinguishable"]


def test_a_missing_estimate_gives_no_direction():
    change = difference([5.0, np.nan], [9.0, 9.0], se_earlier=[1.0, 1.0], se_later=[1.0, np.nan])
    assert change.direction.tolist() == ["rise", "missing"]
    assert change.n == 1


def test_looking_at_many_units_calls_fewer_changes():
    z = np.full(100, 0.0)
    z[:2] = 2.2
    alone = difference(np.zeros(100), z, se_earlier=np.zeros(100), se_later=np.ones(100))
    many = difference(np.zeros(100), z, se_earlier=np.zeros(100), se_later=np.ones(100), false_discovery=0.05)
    assert (alone.direction == "rise").sum() == 2
    assert (many.direction == "rise").sum() == 0


@settings(deadline=None)
@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_agrees_with_scipy_one_by_one(pair):
    k, n = pair
    low, high = proportion_interval(k, n)
    expected = stats.binomtest(k, n).proportion_ci(method="wilson")
    assert float(low) == pytest.approx(expected.low, abs=1e-12)
    assert float(high) == pytest.approx(expected.high, abs=1e-12)


@settings(deadline=None)
@given(st.lists(st.one_of(st.floats(0, 1), st.just(float("nan"))), min_size=1, max_size=30))
def test_adjusted_p_values_are_never_below_the_raw_ones(p):
    found = false_discoveries(p)
    known = ~np.isnan(p)
    assert (found.p_adjusted[known] >= np.array(p)[known] - 1e-12).all()
    assert np.isnan(found.p_adjusted[~known]).all()
    assert not found.found[~known].any()


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_in_percent_is_refused(confidence):
    with pytest.raises(FupingError, match=f"Confidence {confidence}"):
        difference([1.0], [2.0], se_earlier=[1.0], se_later=[1.0], confidence=confidence)
