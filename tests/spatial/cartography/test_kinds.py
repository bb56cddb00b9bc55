"""Classes of changes, of two indicators and of uncertain figures, and the sizes of circles."""

import math

import numpy as np
import pytest
from fuping.spatial.cartography import (
    classify_change,
    classify_pair,
    diverging,
    largest_radius,
    round_sizes,
    sequential,
    unsure_classes,
)
from fuping.spatial.cartography.colour import NEUTRAL
from hypothesis import given
from hypothesis import strategies as st

NAN = float("nan")
figures = st.lists(st.one_of(st.floats(-1e4, 1e4), st.just(NAN)), min_size=1, max_size=40)


def test_changes_have_the_quartiles_of_their_sizes_on_both_sides_of_zero():
    # Sizes 1 to 9: quartiles 3, 5, 7.
    changes = [[-9.0, -7.0, -5.0, -3.0, -1.0, 2.0, 4.0, 6.0, 8.0]]
    found = classify_change(changes, decimals=0, higher_is_worse=True)
    assert found.classification.breaks == (-7.0, -5.0, -3.0, 3.0, 5.0, 7.0)
    assert found.classification.classes.tolist() == [[0, 0, 1, 2, 3, 3, 4, 5, 6]]
    assert found.colours == diverging(3, 3, zero_class=True)


def test_changes_of_one_sign_keep_the_colours_of_their_side():
    found = classify_change([[-8.0, -6.0, -4.0, -2.0, NAN]], decimals=0, higher_is_worse=True)
    both = diverging(3, 3, zero_class=True)
    assert found.colours == both[:4]
    assert found.classification.classes[0, -1] == -1


def test_no_change_anywhere_is_one_neutral_class():
    found = classify_change([[0.0, 0.0, NAN]], decimals=1, higher_is_worse=False)
    assert (found.classification.classes.tolist(), found.colours) == ([[0, 0, -1]], (NEUTRAL,))
    assert classify_change([[NAN]], decimals=1, higher_is_worse=True).colours == ()


@given(figures)
def test_zero_is_always_in_the_neutral_class(changes):
    found = classify_change([[*changes, 0.0]], decimals=1, higher_is_worse=None)
    assert found.colours[found.classification.classes[0, -1]] == NEUTRAL
    assert len(found.colours) == found.classification.k


def test_a_change_that_is_neither_good_nor_bad_is_not_drawn_as_better():
    down, _, up = diverging(1, 1, zero_class=True, higher_is_worse=None)
    assert (down, up) == (sequential(3, ramp="worse")[1], sequential(3, ramp="neutral")[1])


def test_two_indicators_make_nine_classes_by_thirds_of_each():
    first = [[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]]
    second = [[60.0, 10.0, 50.0, 20.0, 40.0, 30.0]]
    found = classify_pair(first, second)
    # Thirds: up to 2.67, up to 4.33; up to 26.7, up to 43.3.
    assert found.classes.tolist() == [[6, 0, 7, 1, 5, 5]]


def test_a_pair_misses_where_either_indicator_does():
    found = classify_pair([[NAN, 2.0, 3.0, 1.0]], [[1.0, NAN, 3.0, 2.0]])
    assert (found.classes < 0).tolist() == [[True, True, False, False]]


def test_ties_that_leave_two_classes_put_them_at_the_ends():
    found = classify_pair([[0.0, 0.0, 0.0, 0.0, 1.0, 1.0]], [[1.0, 2.0, 3.0, 1.0, 2.0, 3.0]])
    assert (found.columns, found.rows) == ((0, 2), (0, 1, 2))
    assert found.classes.tolist() == [[0, 3, 6, 0, 5, 8]]


def test_thirds_are_those_of_all_years_of_the_second_indicator():
    found = classify_pair([[1.0, 2.0, 3.0]], [[1.0, 2.0, 3.0]], pooled_second=[[1.0, 2.0, 3.0], [7.0, 8.0, 9.0]])
    # The first third of 1, 2, 3, 7, 8, 9 ends at 2.67.
    assert (found.classes // 3).tolist() == [[0, 0, 1]]


@given(figures, st.lists(st.floats(-100, 100), min_size=1, max_size=4, unique=True).map(sorted))
def test_a_class_is_unsure_where_a_break_lies_in_the_interval(middles, breaks):
    middle = np.array(middles)
    found = unsure_classes(middle - 5, middle + 5, breaks=breaks)
    wanted = [any(one - 5 <= edge < one + 5 for edge in breaks) for one in middles]
    assert found.tolist() == wanted


def test_circles_of_the_fullest_year_cover_the_area_asked_for():
    # Areas 100 %, 50 % and 50 % of the greatest: two circles' worth of ink in the second year.
    radius = largest_radius([[40.0, NAN, 0.0], [100.0, 50.0, 50.0]], ink=2 * math.pi * 15**2)
    assert radius == pytest.approx(15)
    assert largest_radius([[NAN, 0.0]], ink=100) == 0


@given(st.floats(1e-3, 1e12))
def test_a_legend_of_circles_has_round_descending_sizes_up_to_the_greatest(greatest):
    sizes = round_sizes(greatest)
    assert sizes[0] <= greatest * (1 + 1e-9) < 2.51 * sizes[0]
    assert sizes[0] > sizes[1] > sizes[2] > 0
