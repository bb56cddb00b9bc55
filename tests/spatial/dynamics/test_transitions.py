"""Transitions, mobility, ranks and their spatial kin."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.dynamics import (
    classes_by_breaks,
    compare_transitions,
    lisa_transitions,
    mobility,
    quadrants,
    quantile_classes,
    rank_change,
    spatial_lag,
    spatial_markov,
    transition_matrix,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from libpysal.graph import Graph

CLASSES = arrays(float, st.tuples(st.integers(2, 6), st.integers(1, 6)), elements=st.sampled_from([0.0, 1.0, 2.0]))


@settings(deadline=None)
@given(CLASSES)
def test_rows_of_the_matrix_sum_to_one_or_are_not_known(classes):
    matrix = transition_matrix(classes, labels=[0, 1, 2])
    sums = matrix.probability.sum(axis=1, min_count=1)
    np.testing.assert_allclose(sums.dropna(), 1.0)
    assert (sums.isna() == (matrix.counts.sum(axis=1) == 0)).all()
    known = matrix.probability.notna().to_numpy()
    p = matrix.probability.to_numpy()[known]
    assert (matrix.low.to_numpy()[known] <= p + 1e-12).all()
    assert (p <= matrix.high.to_numpy()[known] + 1e-12).all()


@settings(deadline=None)
@given(CLASSES, st.randoms())
def test_the_order_of_units_does_not_matter(classes, random):
    order = list(range(classes.shape[1]))
    random.shuffle(order)
    first, second = (transition_matrix(part, labels=[0, 1, 2]).counts for part in (classes, classes[:, order]))
    pd.testing.assert_frame_equal(first, second)


@settings(deadline=None)
@given(CLASSES)
def test_prais_and_determinant_lie_in_their_bounds(classes):
    for measure, most in (("prais", 1.5), ("determinant", 1.0), ("second_eigenvalue", 1.0), ("bartholomew", 1.0)):
        if len(np.unique(classes)) < 2 or classes.shape[1] < 2:
            return
        value = mobility(classes, measure=measure, seed=1, n_resamples=2, labels=[0, 1, 2]).value
        assert np.isnan(value) or -1e-9 <= value <= most + 1e-9


def test_missing_readings_are_counted_and_not_bridged():
    matrix = transition_matrix(np.array([[0, 0], [np.nan, 1], [1, 1]]), labels=[0, 1])
    assert matrix.counts.to_numpy().tolist() == [[0, 1], [0, 1]]
    assert (matrix.n_pairs, matrix.n_missing) == (2, 2)


def test_uneven_years_are_told_or_skipped():
    panel = pd.DataFrame({"a": [0, 1, 1, 0]}, index=[1989, 1993, 1995, 1996])
    assert transition_matrix(panel).steps == (1, 2, 4)
    yearly = transition_matrix(panel, step=1)
    assert (yearly.n_pairs, yearly.n_skipped, yearly.steps) == (1, 2, (1,))
    assert transition_matrix(panel, step=3).counts.to_numpy().tolist() == [[0, 0], [1, 0]]


def test_statuses_can_be_classes():
    status = pd.DataFrame([["poor", "poor"], ["exited", "poor"]], index=[2010, 2011])
    assert transition_matrix(status, labels=["poor", "exited"]).probability.loc["poor"].tolist() == [0.5, 0.5]


def test_identical_matrices_are_not_told_apart():
    test = compare_transitions([[[8, 2], [3, 7]], [[16, 4], [6, 14]]])
    assert test.likelihood_ratio == pytest.approx(0.0, abs=1e-12)
    assert test.n == 60


def test_breaks_belong_to_the_class_below():
    assert classes_by_breaks(np.array([[1.0, 2.0, 2.1, np.nan]]), [1, 2]).values.tolist()[0][:3] == [0, 1, 2]


def test_quantile_classes_hold_equal_numbers_and_leave_gaps_missing():
    classes = quantile_classes(np.array([[1.0, 2.0, 3.0, 4.0, np.nan]]), 2)
    assert classes.iloc[0, :4].tolist() == [0, 0, 1, 1]
    assert np.isnan(classes.iloc[0, 4])


def test_a_rank_change_is_called_only_beyond_its_error():
    values = np.array([[10.0, 20.0, 30.0], [30.0, 20.0, 10.0]])
    sure = rank_change(values, first=0, last=1, se=np.full((2, 3), 0.1))
    assert sure.table["change"].tolist() == [2, 0, -2]
    assert sure.table["moved"].tolist() == ["up", "not distinguishable", "down"]
    assert sure.tau == -1
    vague = rank_change(values, first=0, last=1, se=np.full((2, 3), 50.0))
    assert set(vague.table["moved"]) == {"not distinguishable"}
    assert set(rank_change(values, first=0, last=1).table["moved"]) == {"not distinguishable"}


# A chain a-b-c with an island d.
CHAIN = Graph.from_arrays(["a", "b", "b", "c", "d"], ["b", "a", "c", "b", "d"], [1, 1, 1, 1, 0])


def test_the_lag_averages_the_observed_neighbours():
    panel = pd.DataFrame([[1.0, 2.0, np.nan, 9.0]], columns=list("abcd"))
    lag = spatial_lag(panel, CHAIN).iloc[0]
    assert lag[["a", "b", "c"]].tolist() == [2.0, 1.0, 2.0]
    assert np.isnan(lag["d"])


def test_an_island_has_no_quadrant_and_is_counted_as_left_out():
    panel = pd.DataFrame([[1.0, 2.0, 8.0, 9.0], [2.0, 1.0, 9.0, 8.0]], columns=list("abcd"))
    assert quadrants(panel, CHAIN)["d"].isna().all()
    assert lisa_transitions(panel, CHAIN).n_pairs == 3
    found = spatial_markov(panel, CHAIN, breaks=[4], lag_breaks=[4.2])
    assert found.n_without_neighbours == 1
    assert found.overall.n_pairs == sum(part.n_pairs for part in found.conditional) == 3


def test_a_start_without_neighbours_does_not_lose_its_end():
    panel = pd.DataFrame([[1.0, np.nan, 1.0, 0.0], [1.0, 5.0, 1.0, 0.0], [9.0, 5.0, 9.0, 0.0]], columns=list("abcd"))
    found = spatial_markov(panel, CHAIN, breaks=[4], lag_breaks=[4.2])
    # Only the pairs that start in the second year have neighbours: a and c beside b (5), b between a and c (1).
    assert found.conditional[1].counts.to_numpy().tolist() == [[0, 2], [0, 0]]
    assert found.conditional[0].counts.to_numpy().tolist() == [[0, 0], [0, 1]]
