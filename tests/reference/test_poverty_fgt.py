"""Poverty measures against textbook tables and another package's output."""

import pytest
from fuping.spatial.poverty.fgt import (
    headcount_ratio,
    poverty_gap,
    sen_index,
    sen_shorrocks_thon_index,
    severity,
    watts_index,
)

# Haughton and Khandker (2009), Handbook on Poverty and Inequality, World Bank, chapter 4: four people, line 125.
# Country C is the table of P1 (0.08, p. 70, issuu.com/world.bank.publications/docs/9780821376133/94) and of P2 (0.0136,
# p. 72). Countries A and B, with the same headcount ratio, are typed from memory, not read at a source.
COUNTRY_A = [100, 100, 150, 150]
COUNTRY_B = [124, 124, 150, 150]
COUNTRY_C = [100, 110, 150, 160]

# Example vector of R's ineq (Zeileis and Kleiber); pov(x, 2000), whose default is the Watts index, as a test of ineq
# recorded from R (testthat file "pov") keeps it to fifteen digits.
INEQ = [541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261]


def test_the_handbook_gap_and_severity():
    assert poverty_gap(COUNTRY_C, line=125).value == pytest.approx(0.08, abs=1e-12)
    assert severity(COUNTRY_C, line=125).value == pytest.approx(0.0136, abs=1e-12)


def test_the_handbook_headcount_does_not_see_how_poor_the_poor_are():
    assert headcount_ratio(COUNTRY_A, line=125).value == headcount_ratio(COUNTRY_B, line=125).value == 0.5


def test_the_watts_index_of_ineq():
    assert watts_index(INEQ, line=2000).value == pytest.approx(0.162014123921756, abs=1e-14)


def test_sen_by_the_handbook_formula():
    # The formula of chapter 4 by hand for country C: P0 = 1/2, mean of the poor 105, their Gini coefficient 10/(4·105).
    assert sen_index(COUNTRY_C, line=125).value == pytest.approx(0.5 * (1 - (1 - 10 / 420) * 105 / 125), abs=1e-12)


def test_sen_shorrocks_thon_by_shorrocks_formula():
    # Shorrocks (1995): sum of (2n - 2i + 1) times the gap over n squared, poorest first.
    assert sen_shorrocks_thon_index(COUNTRY_C, line=125).value == pytest.approx((7 * 0.2 + 5 * 0.12) / 16, abs=1e-12)
