"""What a poverty measure must do when incomes, weights or the line change."""

import numpy as np
import pytest
from fuping.spatial.poverty.fgt import (
    foster_greer_thorbecke,
    headcount_ratio,
    poor_population,
    poverty_gap,
    sen_index,
    sen_shorrocks_thon_index,
    severity,
    watts_index,
)
from fuping.spatial.poverty.lines import RelativeLine
from hypothesis import assume, given
from hypothesis import strategies as st

MEASURES = [headcount_ratio, poverty_gap, severity, watts_index, sen_index, sen_shorrocks_thon_index]
DISTRIBUTION_SENSITIVE = [severity, watts_index, sen_index, sen_shorrocks_thon_index]
incomes = st.lists(st.integers(1, 1000).map(float), min_size=2, max_size=30)
lines = st.integers(2, 900).map(float)


@pytest.mark.parametrize("measure", MEASURES)
@given(incomes, lines, st.sampled_from([0.5, 2.0, 8.0]))
def test_a_change_of_money_changes_nothing(measure, y, z, factor):
    assert measure(np.array(y) * factor, line=z * factor).value == pytest.approx(measure(y, line=z).value, abs=1e-12)


@pytest.mark.parametrize("measure", MEASURES)
@given(incomes, lines, st.integers(2, 4))
def test_a_population_and_its_copies_are_equally_poor(measure, y, z, copies):
    assert measure(np.repeat(y, copies), line=z).value == pytest.approx(measure(y, line=z).value, abs=1e-12)


@pytest.mark.parametrize("measure", MEASURES)
@given(incomes, lines, st.data())
def test_a_weight_stands_for_copies(measure, y, z, data):
    weights = data.draw(st.lists(st.integers(1, 4), min_size=len(y), max_size=len(y)))
    copied = measure(np.repeat(y, weights), line=z).value
    assert measure(y, line=z, weights=weights).value == pytest.approx(copied, abs=1e-12)


@pytest.mark.parametrize("measure", MEASURES)
@given(incomes, lines, st.floats(0, 1000))
def test_incomes_of_the_non_poor_do_not_count(measure, y, z, gift):
    richer = np.where(np.array(y) >= z, np.array(y) + gift, y)
    assert measure(richer, line=z).value == pytest.approx(measure(y, line=z).value, abs=1e-12)


@pytest.mark.parametrize("measure", MEASURES[1:])
@given(incomes, lines)
def test_a_poorer_poor_person_is_more_poverty(measure, y, z):
    y = np.array(y)
    assume((y < z).any())
    poorer = y.copy()
    poorer[int(np.argmin(y))] *= 0.9
    assert measure(poorer, line=z).value > measure(y, line=z).value


@pytest.mark.parametrize("measure", DISTRIBUTION_SENSITIVE)
@given(incomes, lines)
def test_a_transfer_from_poor_to_less_poor_is_more_poverty(measure, y, z):
    y = np.sort(np.array(y))
    poor = y[y < z]
    assume(len(poor) > 1 and poor[-1] > poor[0])
    # Small enough for the receiver to stay below the line and the giver above zero.
    amount = min(z - poor[-1], poor[0]) / 2
    unequal = y.copy()
    unequal[0] -= amount
    unequal[len(poor) - 1] += amount
    assert measure(unequal, line=z).value > measure(y, line=z).value


@pytest.mark.parametrize("measure", [headcount_ratio, poverty_gap, severity, sen_index, sen_shorrocks_thon_index])
@given(incomes, lines)
def test_measures_lie_between_nobody_poor_and_all_destitute(measure, y, z):
    assert -1e-12 <= measure(y, line=z).value <= 1 + 1e-12
    assert measure(np.zeros(len(y)), line=z).value == pytest.approx(1)
    assert measure(np.full(len(y), z), line=z).value == 0


@given(incomes, lines)
def test_measures_keep_their_order(y, z):
    h, gap, depth = (measure(y, line=z).value for measure in (headcount_ratio, poverty_gap, severity))
    assert h + 1e-12 >= gap >= depth - 1e-12
    assert watts_index(y, line=z).value >= gap - 1e-12
    assert gap - 1e-12 <= sen_index(y, line=z).value <= h + 1e-12


@given(incomes, lines)
def test_sen_is_what_his_formula_says(y, z):
    poor = np.sort([value for value in y if value < z])
    assume(len(poor))
    mean = poor.mean()
    gini = np.abs(np.subtract.outer(poor, poor)).mean() / (2 * mean)
    expected = len(poor) / len(y) * (1 - (1 - gini) * mean / z)
    assert sen_index(y, line=z).value == pytest.approx(expected, abs=1e-12)


@given(incomes, lines)
def test_sen_shorrocks_thon_is_the_gap_and_the_inequality_of_gaps(y, z):
    gaps = np.maximum(1 - np.array(y) / z, 0)
    assume(gaps.any())
    gini = np.abs(np.subtract.outer(gaps, gaps)).mean() / (2 * gaps.mean())
    expected = gaps.mean() * (1 + gini)
    assert sen_shorrocks_thon_index(y, line=z).value == pytest.approx(expected, abs=1e-12)


def test_someone_at_the_line_is_not_poor():
    assert headcount_ratio([99.0, 100.0], line=100).value == 0.5


def test_each_row_can_have_its_own_line():
    rural_and_urban = headcount_ratio([80.0, 80.0], line=[70.0, 90.0])
    assert rural_and_urban.value == 0.5


def test_a_missing_income_is_counted_and_is_not_zero():
    found = headcount_ratio([np.nan, 50.0, 150.0, 160.0], line=[100.0] * 4)
    assert found.value == pytest.approx(1 / 3)
    assert (found.n, found.n_missing, found.n_psu) == (3, 1, 4)


def test_the_number_of_poor_is_the_sum_of_their_weights():
    found = poor_population([50.0, 150.0, 60.0], line=100, weights=[10, 20, 30])
    assert found.value == 40


def test_a_relative_line_is_a_share_of_the_weighted_median():
    # The weighted median is 30, the line 18.
    y, w = [10.0, 20.0, 30.0, 40.0], [1, 1, 2, 1]
    assert foster_greer_thorbecke(y, line=RelativeLine(0.6), weights=w).value == pytest.approx(1 / 5)
    assert foster_greer_thorbecke(y, line=RelativeLine(0.6, of="mean"), alpha=1, weights=w).value == pytest.approx(
        (1 - 10 / 15.6) / 5
    )
