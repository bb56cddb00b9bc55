"""Intervals and false discovery against the papers that introduced or compared them."""

import numpy as np
import pytest
from fuping.spatial.inference import difference, false_discoveries, proportion_interval, se_from_interval


def test_benjamini_and_hochbergs_example():
    # Benjamini & Hochberg (1995), JRSS B 57, section 4.1: 15 tests, four rejected at 0.05 (Bonferroni: three). Read as
    # statsmodels' and others' test of the procedure.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240]
    p += [0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    found = false_discoveries(p, level=0.05)
    assert found.found.tolist() == [True] * 4 + [False] * 11
    assert found.n_tests == 15


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    # Newcombe (1998), Statistics in Medicine 17, 857–872, Table I, method 3 (Wilson score); read where other projects'
    # tests cite that table with these four rows.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_newcombes_wilson_intervals(k, n, low, high):
    bottom, top = proportion_interval(k, n)
    assert (round(float(bottom), 4), round(float(top), 4)) == (low, high)


def test_a_ninety_percent_interval_spans_twice_1645_standard_errors():
    # Census (SAIPE): 90 % bounds are the estimate ± 1.645 standard errors.
    assert se_from_interval([10 - 1.645], [10 + 1.645], confidence=0.90)[0] == pytest.approx(1.0, abs=1e-4)


def test_the_difference_of_two_estimates_follows_the_census_rule():
    # Census (ACS handbook, ch. 7): significant at 90 % where |a - b| / sqrt(se² + se²) exceeds 1.645.
    z = np.array([1.64, 1.65])
    change = difference([0.0, 0.0], z * 5, se_earlier=[3.0, 3.0], se_later=[4.0, 4.0], confidence=0.90)
    assert change.direction.tolist() == ["not distinguishable", "rise"]
