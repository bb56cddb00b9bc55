"""Designs: what counts, single units, intervals, groups, differences."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.poverty.estimate import Estimate, Inference, difference
from fuping.spatial.poverty.fgt import headcount_ratio
from fuping.spatial.poverty.survey import by_group, population_mean
from scipy import stats

Y = [1.0, 2.0, 4.0, 7.0, 9.0]
ONE_ALONE = {"strata": ["a", "a", "a", "a", "b"]}


def test_without_a_design_the_standard_error_is_the_textbook_one():
    found = population_mean(Y)
    assert found.se == pytest.approx(np.std(Y, ddof=1) / np.sqrt(5))
    half = stats.t.ppf(0.975, 4) * found.se
    assert (found.low, found.high) == pytest.approx((found.value - half, found.value + half))


def test_a_stratum_with_one_unit_taken_with_certainty_adds_nothing():
    found = population_mean(Y, **ONE_ALONE, inference=Inference(single_psu="certainty"))
    z = (np.array(Y[:4]) - np.mean(Y)) / 5
    assert found.se == pytest.approx(np.sqrt(4 / 3 * ((z - z.mean()) ** 2).sum()))
    assert found.df == 3


def test_a_stratum_with_one_unit_can_be_centred_at_the_mean_of_all():
    found = population_mean(Y, **ONE_ALONE, inference=Inference(single_psu="centre"))
    z = (np.array(Y) - np.mean(Y)) / 5
    variance = 4 / 3 * ((z[:4] - z[:4].mean()) ** 2).sum() + (z[4] - z.mean()) ** 2
    assert found.se == pytest.approx(np.sqrt(variance))


@pytest.mark.parametrize("method", ["linearisation", "bootstrap"])
def test_a_design_without_degrees_of_freedom_has_a_value_and_no_standard_error(method):
    found = population_mean([3.0, 5.0], strata=[1, 2], inference=Inference(method=method, single_psu="certainty"))
    assert found.value == 4
    assert np.isnan([found.se, found.low, found.high]).all()


def test_the_same_cluster_label_in_two_strata_is_two_units():
    assert population_mean(Y[:4], strata=[1, 1, 2, 2], clusters=[1, 2, 1, 2]).n_psu == 4


def test_a_bootstrap_with_the_same_seed_is_the_same():
    inference = Inference(method="bootstrap", replicates=50, seed=4)
    assert population_mean(Y, inference=inference) == population_mean(Y, inference=inference)


def test_a_bootstrap_respects_the_finite_population():
    y = np.random.default_rng(0).normal(size=100)
    whole = Inference(method="bootstrap", replicates=2000, psu_population=200)
    expected = np.std(y, ddof=1) / 10 * np.sqrt(1 - 100 / 200)
    assert population_mean(y, inference=whole).se == pytest.approx(expected, rel=0.06)


def test_a_share_that_is_zero_in_the_sample_has_an_interval_with_a_length():
    found = headcount_ratio([5.0] * 20, line=1, inference=Inference(interval="beta"))
    assert (found.value, found.se, found.low) == (0, 0, 0)
    # Clopper and Pearson for 0 of 20.
    assert found.high == pytest.approx(1 - 0.025 ** (1 / 20))


def test_the_beta_interval_of_a_simple_sample_is_clopper_and_pearsons():
    poor = [0.5] * 6 + [5.0] * 14
    found = headcount_ratio(poor, line=1, inference=Inference(interval="beta"))
    exact = stats.binomtest(6, 20).proportion_ci(method="exact")
    # n - 1 stands for n in the variance, so that the effective size is 19.
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high), abs=0.01)


def test_the_logit_interval_stays_within_zero_and_one():
    found = headcount_ratio([0.5] + [5.0] * 9, line=1, inference=Inference(interval="logit"))
    assert 0 < found.low < 0.1 < found.high < 1
    assert headcount_ratio([0.5] + [5.0] * 9, line=1).low < 0


def test_groups_are_estimated_apart_and_rows_without_one_are_counted():
    y = pd.Series([1.0, 3.0, np.nan, 5.0, 7.0, np.nan])
    groups = pd.Series(["b", "b", "b", "a", None, "c"], name="county")
    table = by_group(population_mean, y, groups=groups)
    assert table.index.tolist() == ["a", "b", "c"]
    assert table.index.name == "county"
    assert table["value"].tolist()[:2] == [5, 2]
    assert np.isnan(table.loc["c", "value"])
    assert table["n"].tolist() == [1, 2, 0]
    assert table["n_missing"].tolist() == [0, 1, 1]
    assert table.attrs["n_without_group"] == 1


def test_the_difference_of_two_surveys_adds_their_variances():
    before = population_mean(Y)
    after = population_mean([3.0, 4.0, 8.0])
    change = difference(before, after)
    assert change.value == pytest.approx(after.value - before.value)
    assert change.se == pytest.approx(np.hypot(before.se, after.se))
    # Welch's test has the same degrees of freedom.
    assert change.df == pytest.approx(stats.ttest_ind([3.0, 4.0, 8.0], Y, equal_var=False).df)
    assert isinstance(change, Estimate)


def test_arguments_are_not_changed():
    y, w = np.array([1.0, np.nan, 3.0]), np.array([1.0, 2.0, 3.0])
    kept = y.copy(), w.copy()
    population_mean(y, weights=w)
    np.testing.assert_array_equal(y, kept[0])
    np.testing.assert_array_equal(w, kept[1])
