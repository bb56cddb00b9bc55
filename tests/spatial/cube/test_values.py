"""A long table laid out by unit and year: nothing moves, nothing is filled in, and order does not matter."""

import numpy as np
import pytest
from fuping.spatial.cube.missing import MissingReason
from fuping.spatial.cube.values import lay_out
from fuping.spatial.errors import CubeError
from hypothesis import given
from hypothesis import strategies as st

UNITS = ["d", "a", "c", "b"]
CELLS = st.dictionaries(
    st.tuples(st.sampled_from(UNITS), st.integers(1990, 1995)), st.floats(-1e6, 1e6) | st.just(np.nan), min_size=1
)


@given(CELLS, st.randoms())
def test_every_cell_lands_on_its_unit_and_year_in_any_order(cells, random):
    rows = list(cells.items())
    random.shuffle(rows)
    laid = lay_out([unit for (unit, _), _ in rows], [year for (_, year), _ in rows], [v for _, v in rows], units=UNITS)
    assert laid.years == tuple(sorted({year for _, year in cells}))
    for place, year in enumerate(laid.years):
        for column, unit in enumerate(UNITS):
            value, reason = laid.value[place, column], laid.reason[place, column]
            if (unit, year) not in cells:
                assert np.isnan(value)
                assert reason == MissingReason.NOT_COLLECTED
            elif np.isnan(cells[unit, year]):
                assert np.isnan(value)
                assert reason == MissingReason.NOT_PUBLISHED
            else:
                assert value == cells[unit, year]
                assert reason == MissingReason.OBSERVED


def test_a_measured_zero_is_observed():
    laid = lay_out(["a"], [2012], [0.0], units=["a"])
    assert laid.value[0, 0] == 0
    assert laid.reason[0, 0] == MissingReason.OBSERVED


def test_a_reason_of_the_source_stands():
    laid = lay_out(["a"], [2012], [np.nan], units=["a"], reason=[MissingReason.SUPPRESSED])
    assert laid.reason[0, 0] == MissingReason.SUPPRESSED


def test_a_unit_year_twice_is_named():
    with pytest.raises(CubeError, match="a in 2012"):
        lay_out(["a", "a"], [2012, 2012], [1, 2], units=["a"])


def test_an_unknown_code_is_named():
    with pytest.raises(CubeError, match="1 codes are no units of this level: x"):
        lay_out(["a", "x"], [2012, 2012], [1, 2], units=["a"])


def test_a_year_that_is_not_there_names_those_that_are():
    with pytest.raises(CubeError, match="Years: 2012, 2014"):
        lay_out(["a", "a"], [2012, 2014], [1, 2], units=["a"]).at(2013)


def test_bounds_are_kept_beside_the_value():
    laid = lay_out(["a"], [2012], [5.0], units=["a", "b"], lower=[4.0], upper=[6.5])
    assert laid.has_interval
    assert (laid.lower[0, 0], laid.upper[0, 0]) == (4.0, 6.5)
    assert not lay_out(["a"], [2012], [5.0], units=["a"]).has_interval
