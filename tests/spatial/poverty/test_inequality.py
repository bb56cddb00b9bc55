"""What an index of inequality must do when incomes or weights change."""

import functools

import numpy as np
import pytest
from fuping.spatial.poverty.inequality import (
    atkinson,
    generalised_entropy,
    gini,
    lorenz_curve,
    quantile_ratio,
    share_ratio,
    theil_l,
    theil_t,
)
from hypothesis import assume, given
from hypothesis import strategies as st

INDICES = [
    gini,
    theil_t,
    theil_l,
    functools.partial(generalised_entropy, alpha=2),
    functools.partial(atkinson, epsilon=0.5),
    functools.partial(atkinson, epsilon=1),
    functools.partial(atkinson, epsilon=2),
]
incomes = st.lists(st.integers(1, 1000).map(float), min_size=2, max_size=30)


@pytest.mark.parametrize("index", [*INDICES, share_ratio])
@given(incomes, st.sampled_from([0.25, 3.0]))
def test_inequality_is_of_shares_not_of_amounts(index, y, factor):
    assert index(np.array(y) * factor).value == pytest.approx(index(y).value, abs=1e-10)


@pytest.mark.parametrize("index", [*INDICES, share_ratio])
@given(incomes, st.data())
def test_a_weight_stands_for_copies(index, y, data):
    weights = data.draw(st.lists(st.integers(1, 4), min_size=len(y), max_size=len(y)))
    assert index(y, weights=weights).value == pytest.approx(index(np.repeat(y, weights)).value, abs=1e-10)


@pytest.mark.parametrize("index", INDICES)
@given(incomes)
def test_a_transfer_from_poorer_to_richer_is_more_inequality(index, y):
    y = np.sort(np.array(y))
    assume(y[-1] > y[0])
    unequal = y.copy()
    unequal[0] -= y[0] / 2
    unequal[-1] += y[0] / 2
    assert index(unequal).value > index(y).value


@pytest.mark.parametrize("index", INDICES)
@given(incomes)
def test_indices_are_not_negative_and_zero_for_equals(index, y):
    assert index(y).value >= -1e-12
    assert index([7.0, 7.0, 7.0]).value == pytest.approx(0, abs=1e-12)


@given(incomes)
def test_gini_is_half_the_relative_mean_difference(y):
    expected = np.abs(np.subtract.outer(y, y)).mean() / (2 * np.mean(y))
    assert gini(y).value == pytest.approx(expected, abs=1e-12)


@given(incomes)
def test_the_lorenz_curve_is_convex_and_below_the_diagonal(y):
    curve = lorenz_curve(y)
    p, share = curve.index.to_numpy(), curve["value"].to_numpy(dtype=float)
    assert (share <= p + 1e-12).all()
    steps = np.diff(np.concatenate([[0], share, [1]]))
    assert (np.diff(steps) >= -1e-12).all()


def test_lorenz_ordinates_by_hand():
    curve = lorenz_curve([1.0, 2.0, 3.0, 4.0], at=[0.25, 0.375, 0.5])
    assert curve["value"].tolist() == pytest.approx([0.1, 0.2, 0.3])


def test_ratios_by_hand():
    y = np.arange(1.0, 11.0)
    assert share_ratio(y).value == pytest.approx((9 + 10) / (1 + 2))
    assert share_ratio(y, top=0.1, bottom=0.4).value == pytest.approx(10 / (1 + 2 + 3 + 4))
    assert quantile_ratio(y).value == pytest.approx(9.5 / 1.5)


def test_an_income_of_zero_has_no_logarithm_but_a_gini():
    assert gini([0.0, 1.0]).value == pytest.approx(0.5)
    assert theil_t([0.0, 1.0]).value == pytest.approx(np.log(2))
