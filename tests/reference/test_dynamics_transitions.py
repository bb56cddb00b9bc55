"""Transitions of US state incomes 1929–2009 against giddy's documentation (giddy.markov, giddy.mobility).

The series and the neighbours (usjoin.csv, states48.gal) ship inside libpysal.
"""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.dynamics import (
    lisa_transitions,
    long_run,
    mobility,
    pooled_quantiles,
    quadrants,
    quantile_classes,
    spatial_lag,
    spatial_markov,
    transition_matrix,
)
from fuping.spatial.dynamics.spatial_transitions import QUADRANTS
from libpysal import examples
from libpysal.graph import read_gal


@pytest.fixture(scope="module")
def income():
    table = pd.read_csv(examples.get_path("usjoin.csv"))
    panel = table.loc[:, "1929":"2009"].T.astype(float)
    return panel.set_axis(panel.index.astype(int)).set_axis(range(48), axis=1)


@pytest.fixture(scope="module")
def graph():
    return read_gal(examples.get_path("states48.gal"))


def test_quintile_transitions_are_the_documented_ones(income):
    documented = [
        [0.91011236, 0.0886392, 0.00124844, 0.0, 0.0],
        [0.09972299, 0.78531856, 0.11080332, 0.00415512, 0.0],
        [0.0, 0.10125, 0.78875, 0.1075, 0.0025],
        [0.0, 0.00417827, 0.11977716, 0.79805014, 0.07799443],
        [0.0, 0.0, 0.00125156, 0.07133917, 0.92740926],
    ]
    matrix = transition_matrix(quantile_classes(income, 5))
    np.testing.assert_allclose(matrix.probability, documented, atol=5e-9)
    assert matrix.n_pairs == 48 * 80


@pytest.mark.parametrize(
    ("measure", "documented"), [("prais", 0.19759), ("determinant", 0.60685), ("second_eigenvalue", 0.03978)]
)
def test_mobility_indices_are_the_documented_ones(income, measure, documented):
    estimate = mobility(quantile_classes(income, 5), measure=measure, seed=1, n_resamples=20)
    assert round(estimate.value, 5) == documented
    assert estimate.n == 48


def test_the_homogeneity_test_of_spatial_transitions_is_the_documented_one(income, graph):
    relative = income.div(income.mean(axis=1), axis=0)
    lag_breaks = pooled_quantiles(spatial_lag(relative, graph), 5)
    np.testing.assert_allclose(lag_breaks, [0.88973386, 0.95891917, 1.01469758, 1.1183566], atol=5e-9)
    found = spatial_markov(relative, graph, breaks=pooled_quantiles(relative, 5), lag_breaks=lag_breaks)
    assert f"{found.test.likelihood_ratio:.3f}" == "170.659"
    assert f"{found.test.pearson:.3f}" == "200.624"
    assert found.test.dof == 60
    np.testing.assert_allclose(
        found.conditional[0].probability.iloc[0], [0.96341463, 0.0304878, 0.00609756, 0.0, 0.0], atol=5e-9
    )
    np.testing.assert_allclose(
        found.conditional[4].probability.iloc[4], [0.0, 0.0, 0.0, 0.02352941, 0.97647059], atol=5e-9
    )
    assert found.n_without_neighbours == 0


def test_moves_between_quadrants_are_the_documented_ones(income, graph):
    documented = [[1087, 44, 4, 34], [41, 470, 36, 1], [5, 34, 1422, 39], [30, 1, 40, 552]]
    assert lisa_transitions(income, graph).counts.to_numpy().tolist() == documented
    ends = long_run(quadrants(income, graph), labels=QUADRANTS, seed=1, n_resamples=20)
    np.testing.assert_allclose(ends["long_run"], [0.28561505, 0.14190226, 0.40493672, 0.16754598], atol=5e-9)


def test_shorrocks_index_of_a_matrix_worked_by_hand():
    # Two classes; of four leaving 0 one moves, of two leaving 1 one moves: (2 - (3/4 + 1/2)) / 1 = 3/4.
    classes = np.array([[0, 0, 0, 0, 1, 1], [0, 0, 0, 1, 1, 0]])
    assert mobility(classes, measure="prais", seed=1, n_resamples=9).value == pytest.approx(0.75)
    # Determinant 3/4 · 1/2 - 1/4 · 1/2 = 1/4; eigenvalues of a 2 × 2 stochastic matrix are 1 and its determinant.
    assert mobility(classes, measure="determinant", seed=1, n_resamples=9).value == pytest.approx(0.75)
    assert mobility(classes, measure="second_eigenvalue", seed=1, n_resamples=9).value == pytest.approx(0.75)
    # Two moves of one step among six transitions.
    assert mobility(classes, measure="bartholomew", seed=1, n_resamples=9).value == pytest.approx(2 / 6)
