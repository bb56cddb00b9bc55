"""Differences between years, their reasons where they miss, and breaks that lie between."""

import numpy as np
import pytest
from fuping.spatial.cube.change import change_since
from fuping.spatial.cube.missing import MissingReason
from fuping.spatial.cube.values import lay_out
from fuping.spatial.errors import CubeError

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
