"""Differences between years, their reasons where they miss, and breaks that lie between."""

import numpy as np
import pytest
from fuping.spatial.cube.change import change_since, difference_interval
from fuping.spatial.cube.missing import MissingReason
from fuping.spatial.cube.values import lay_out
from fuping.spatial.errors import CubeError
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

NAN = float("nan")
YEARS = [2000, 2005, 2010]


@pytest.fixture
def cube():
    """Three counties: one complete, one withheld in 2005, one that did not exist before 2010."""
    codes = np.repeat(["a", "b", "c"], 3)
    values = [10.0, 12.0, 9.0, 20.0, NAN, 26.0, NAN, NAN, 5.0]
    reasons = [0, 0, 0, 0, 3, 0, 4, 4, 0]
    return lay_out(codes, YEARS * 3, values, units=["a", "b", "c"], reason=reasons)


def test_each_year_is_compared_with_the_year_before(cube):
    found = change_since(cube, base=None)
    assert (found.years, found.bases) == ((2005, 2010), (2000, 2005))
    assert found.difference[:, 0].tolist() == [2.0, -3.0]


def test_all_years_after_a_base_are_compared_with_it(cube):
    found = change_since(cube, base=2000)
    assert (found.years, found.bases) == ((2005, 2010), (2000, 2000))
    assert found.difference[1, :2].tolist() == [-1.0, 6.0]
    assert change_since(cube, base=2010).years == ()


def test_a_change_misses_where_either_year_does_and_says_why(cube):
    found = change_since(cube, base=None)
    assert np.isnan(found.difference).tolist() == [[False, True, True], [False, True, True]]
    reasons = [[MissingReason(one).name for one in row] for row in found.reason.tolist()]
    assert reasons == [["OBSERVED", "SUPPRESSED", "NO_SUCH_UNIT"], ["OBSERVED", "SUPPRESSED", "NO_SUCH_UNIT"]]


def test_a_break_lies_between_when_the_new_method_starts_after_the_base(cube):
    assert change_since(cube, base=None, breaks=[2005]).crossed == ((2005,), ())
    assert change_since(cube, base=2000, breaks=[2005, 2008]).crossed == ((2005,), (2005, 2008))


def test_a_base_without_figures_is_refused(cube):
    with pytest.raises(CubeError, match=r"2001\..* 2000, 2005, 2010"):
        change_since(cube, base=2001)


def test_the_interval_of_a_difference_of_proportions_is_the_published_one():
    # Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions. Statistics in
    # Medicine 17, 873-890, table II, method 10: 56/70 less 48/80.
    first, second = ((n / total, *proportion_confint(n, total, method="wilson")) for n, total in ((56, 70), (48, 80)))
    low, high = difference_interval(first, second)
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


finite = st.floats(-1e3, 1e3)
width = st.floats(0, 1e2)


@given(finite, width, width, finite, width, width)
def test_the_interval_holds_the_difference_and_turns_with_it(later, below, above, earlier, base_below, base_above):
    one, other = (later, later - below, later + above), (earlier, earlier - base_below, earlier + base_above)
    low, high = difference_interval(one, other)
    assert low <= later - earlier <= high
    assert difference_interval(other, one) == (-high, -low)
    # Never wider than both intervals laid end to end.
    assert low >= (later - below) - (earlier + base_above) - 1e-9
    assert high <= (later + above) - (earlier - base_below) + 1e-9


def test_a_change_is_unsure_where_its_interval_holds_zero():
    low = [8.0, 10.0, 19.0, 25.0, NAN, NAN]
    high = [12.0, 14.0, 21.0, 27.0, NAN, NAN]
    values = [10.0, 12.0, 20.0, 26.0, 1.0, 2.0]
    cube = lay_out(["a", "a", "b", "b", "c", "c"], [2000, 2010] * 3, values, units=list("abc"), lower=low, upper=high)
    assert change_since(cube, base=None).unsure.tolist() == [[True, False, False]]
    assert change_since(lay_out(["a", "a"], [2000, 2010], [1.0, 2.0], units=["a"]), base=None).unsure is None
