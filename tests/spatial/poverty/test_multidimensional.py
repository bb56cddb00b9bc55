"""Counting deprivations: bounds, parts that add up, cutoffs, groups, change, robustness."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.poverty.counting import deprivation_scores, deprivations, nested_weights
from fuping.spatial.poverty.multidimensional import alkire_foster, alkire_foster_by_group, change_over_time
from fuping.spatial.poverty.robustness import Scenario, assess_robustness
from fuping.spatial.poverty.survey import population_mean
from hypothesis import given
from hypothesis import strategies as st

NAMES = ["a", "b", "c"]
WEIGHTS = nested_weights({"one": ["a", "b"], "two": ["c"]})
cells = st.lists(st.lists(st.integers(0, 1), min_size=3, max_size=3), min_size=2, max_size=25)
cutoffs = st.sampled_from([0.1, 0.25, 1 / 3, 0.5, 0.75, 1.0])


def table(rows):
    return pd.DataFrame(rows, columns=NAMES)


def simulated(seed, n=400):
    random = np.random.default_rng(seed)
    return table((random.uniform(size=(n, 3)) < [0.5, 0.4, 0.3]).astype(int)), random.uniform(1, 3, n)


@given(cells, cutoffs)
def test_m0_is_h_times_a_and_the_sum_of_contributions(rows, k):
    found = alkire_foster(table(rows), indicators=WEIGHTS, k=k)
    m0 = found.adjusted_headcount_ratio.value
    if found.headcount_ratio.value > 0:
        assert found.headcount_ratio.value * found.intensity.value == pytest.approx(m0, abs=1e-12)
        assert k - 1e-9 <= found.intensity.value <= 1 + 1e-12
        assert found.indicators["relative_contribution"].sum() == pytest.approx(1)
    else:
        assert np.isnan(found.intensity.value)
    assert found.indicators["contribution"].sum() == pytest.approx(m0, abs=1e-12)
    assert found.dimensions["contribution"].sum() == pytest.approx(m0, abs=1e-12)


@given(cells)
def test_a_higher_cutoff_never_finds_more_poverty(rows):
    found = [alkire_foster(table(rows), indicators=WEIGHTS, k=k) for k in (0.25, 0.5, 0.75, 1.0)]
    for name in ("headcount_ratio", "adjusted_headcount_ratio"):
        assert (np.diff([getattr(one, name).value for one in found]) <= 1e-12).all()


@given(cells, cutoffs)
def test_one_more_deprivation_of_a_poor_person_raises_m0(rows, k):
    frame = table(rows)
    scores = deprivation_scores(frame, indicators=WEIGHTS)
    open_to_more = frame[(scores >= k - 1e-9) & (scores < 1 - 1e-9)]
    if open_to_more.empty:
        return
    worse = frame.copy()
    person = open_to_more.index[0]
    worse.loc[person, worse.columns[worse.loc[person] == 0][0]] = 1
    before, after = (
        alkire_foster(one, indicators=WEIGHTS, k=k).adjusted_headcount_ratio.value for one in (frame, worse)
    )
    assert after > before


@given(cells, cutoffs)
def test_deprivations_of_the_non_poor_do_not_count(rows, k):
    frame = table(rows)
    scores = deprivation_scores(frame, indicators=WEIGHTS)
    healed = frame.where(scores >= k - 1e-9, 0)
    found = [alkire_foster(one, indicators=WEIGHTS, k=k).adjusted_headcount_ratio.value for one in (frame, healed)]
    assert found[0] == found[1]


@given(cells, cutoffs, st.data())
def test_groups_add_up_to_the_whole(rows, k, data):
    groups = data.draw(st.lists(st.sampled_from("xyz"), min_size=len(rows), max_size=len(rows)))
    weights = data.draw(st.lists(st.integers(1, 5), min_size=len(rows), max_size=len(rows)))
    whole = alkire_foster(table(rows), indicators=WEIGHTS, k=k, weights=weights)
    parts = alkire_foster_by_group(table(rows), indicators=WEIGHTS, k=k, groups=groups, weights=weights)
    assert parts["share"].sum() == pytest.approx(1)
    assert parts["contribution"].sum() == pytest.approx(whole.adjusted_headcount_ratio.value, abs=1e-12)
    assert (parts["share"] * parts["headcount_ratio"]).sum() == pytest.approx(whole.headcount_ratio.value, abs=1e-12)


def test_a_third_of_the_weights_reaches_a_cutoff_of_a_third():
    weights = nested_weights({"one": list("pqrstu"), "two": ["v"], "three": ["w"]})
    frame = pd.DataFrame([[1] * 6 + [0, 0], [0] * 8], columns=weights.index)
    assert alkire_foster(frame, indicators=weights, k=1 / 3).headcount_ratio.value == 0.5


def test_weights_may_differ_between_and_within_dimensions():
    weights = nested_weights({"one": {"a": 1, "b": 3}, "two": ["c"]}, dimension_weights={"one": 2, "two": 1})
    assert weights["weight"].tolist() == pytest.approx([1 / 6, 1 / 2, 1 / 3])
    assert weights["dimension"].tolist() == ["one", "one", "two"]


def test_a_missing_indicator_leaves_the_person_out_and_is_counted():
    frame = table([[1, 1, 1], [0, np.nan, 0], [0, 0, 0]])
    found = alkire_foster(frame, indicators=WEIGHTS, k=0.5)
    assert found.headcount_ratio.value == 0.5
    assert (found.headcount_ratio.n, found.headcount_ratio.n_missing) == (2, 1)


def test_a_missing_achievement_is_not_a_deprivation():
    marked = deprivations(pd.DataFrame({"a": [1.0, np.nan, 5.0]}), cutoffs={"a": 3})
    assert marked["a"].tolist()[0] == 1
    assert np.isnan(marked["a"].tolist()[1])


def test_standard_errors_are_those_of_means_of_censored_scores():
    frame, w = simulated(0)
    clusters = np.repeat(range(80), 5)
    found = alkire_foster(frame, indicators=WEIGHTS, k=0.5, weights=w, clusters=clusters)
    scores = deprivation_scores(frame, indicators=WEIGHTS)
    censored = scores.where(scores >= 0.5, 0.0)
    alone = population_mean(censored, weights=w, clusters=clusters)
    assert found.adjusted_headcount_ratio == alone


def test_the_standard_error_of_intensity_is_its_spread_over_simulated_surveys():
    found = [alkire_foster(simulated(seed)[0], indicators=WEIGHTS, k=0.5).intensity for seed in range(200)]
    spread = np.std([one.value for one in found])
    assert np.mean([one.se for one in found]) == pytest.approx(spread, rel=0.15)


def test_change_over_time_by_hand():
    before = alkire_foster(table([[1, 1, 1], [1, 1, 0], [0, 0, 0], [0, 0, 0]]), indicators=WEIGHTS, k=0.5)
    after = alkire_foster(table([[1, 1, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]]), indicators=WEIGHTS, k=0.5)
    change = change_over_time(before, after, years=2)
    assert change.loc["headcount_ratio", ["before", "after", "absolute", "annual"]].tolist() == [
        0.5,
        0.25,
        -0.25,
        -0.125,
    ]
    assert change.loc["headcount_ratio", "annual_relative"] == pytest.approx(np.sqrt(0.5) - 1)
    assert change.loc["c", ["before", "after"]].tolist() == [0.25, 0]
    se = np.hypot(before.headcount_ratio.se, after.headcount_ratio.se)
    assert change.loc["headcount_ratio", "se"] == pytest.approx(se)


def test_an_order_that_nothing_moves_is_robust():
    rows = [[1, 1, 1]] * 30 + [[0, 0, 0]] * 10 + [[1, 1, 1]] * 5 + [[0, 0, 0]] * 35
    groups = ["poor"] * 40 + ["rich"] * 40
    scenarios = {"base": Scenario(WEIGHTS, 1 / 3), "half": Scenario(WEIGHTS, 0.5), "all": Scenario(WEIGHTS, 1.0)}
    found = assess_robustness(table(rows), scenarios=scenarios, groups=groups)
    assert found.values.loc["poor"].tolist() == [0.75] * 3
    assert found.correlations["kendall"].tolist() == [1, 1]
    assert found.pairs[["significant", "robust", "robust_significant"]].to_numpy().tolist() == [[True] * 3]
    assert found.robust_share == 1


def test_an_order_that_weights_turn_round_is_not_robust():
    rows = [[1, 0, 0]] * 50 + [[0, 0, 1]] * 50
    groups = ["x"] * 50 + ["y"] * 50
    other = nested_weights({"one": {"a": 8, "b": 1}, "two": ["c"]}, dimension_weights={"one": 9, "two": 1})
    found = assess_robustness(
        table(rows), scenarios={"base": Scenario(WEIGHTS, 0.1), "other": Scenario(other, 0.1)}, groups=groups
    )
    assert found.correlations.loc["other", "spearman"] == pytest.approx(-1)
    assert found.pairs["robust"].tolist() == [False]
    assert found.robust_share == 0


def test_pairs_are_tested_with_the_covariance_of_their_shared_clusters():
    random = np.random.default_rng(6)
    n, clusters = 200, np.repeat(range(40), 5)
    shared = np.repeat(random.uniform(0, 0.8, 40), 5)
    frame = table((random.uniform(size=(n, 3)) < shared[:, None]).astype(int))
    groups = np.tile(["x", "y", "x", "y", "x"], 40)
    scenarios = {"base": Scenario(WEIGHTS, 0.5), "same": Scenario(WEIGHTS, 0.5)}
    found = assess_robustness(frame, scenarios=scenarios, groups=groups, clusters=clusters)
    scores = deprivation_scores(frame, indicators=WEIGHTS).to_numpy()
    censored, x = np.where(scores >= 0.5, scores, 0), groups == "x"
    gap = censored[x].mean() - censored[~x].mean()
    assert found.pairs.loc[0, "difference"] == pytest.approx(gap)
    z = np.where(x, (censored - censored[x].mean()) / x.sum(), -(censored - censored[~x].mean()) / (~x).sum())
    u = np.bincount(clusters, weights=z)
    se = np.sqrt(40 / 39 * ((u - u.mean()) ** 2).sum())
    assert bool(found.pairs.loc[0, "significant"]) == (abs(gap) > 2.0227 * se)
