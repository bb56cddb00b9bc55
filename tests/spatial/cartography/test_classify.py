"""Breaks by hand and by brute force; what holds for any table; ties, constants and empty data."""

from itertools import combinations

import numpy as np
import pytest
from fuping.spatial.cartography import OUTSIDE, SCHEMES, classify
from fuping.spatial.errors import FupingError
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

NAN = float("nan")

figures = arrays(
    float,
    array_shapes(min_dims=2, max_dims=2, max_side=12),
    elements=st.floats(-1e6, 1e6).map(lambda one: round(one, 3)) | st.just(NAN) | st.sampled_from([0.0, 1.0, 2.0]),
)


def within_squares(groups):
    return sum(float(((group - group.mean()) ** 2).sum()) for group in groups)


def best_partition(ordered, k):
    """Try every way to cut the sorted values into k runs."""
    cuts = combinations(range(1, len(ordered)), k - 1)
    return min(within_squares(np.split(ordered, list(cut))) for cut in cuts)


def test_quantiles_are_those_of_a_textbook():
    found = classify([np.arange(1.0, 9.0)], scheme="quantiles", k=4)
    assert found.breaks == (2.75, 4.5, 6.25)
    assert found.counts.tolist() == [[2, 2, 2, 2]]


def test_equal_intervals_split_the_range():
    found = classify([[0.0, 1.0, 5.0, 10.0]], scheme="equal_interval", k=4)
    assert found.breaks == (2.5, 5.0, 7.5)
    assert found.counts.tolist() == [[2, 1, 0, 1]]


def test_natural_breaks_are_the_best_of_all_partitions():
    values = np.array([1.0, 1.5, 2.0, 8.0, 8.5, 9.5, 20.0, 21.0, 40.0, 41.5])
    for k in (2, 3, 4):
        found = classify([values], scheme="natural_breaks", k=k)
        groups = [values[found.classes[0] == one] for one in range(k)]
        assert within_squares(groups) == pytest.approx(best_partition(values, k))


def test_a_box_has_quartiles_and_whiskers_only_where_a_figure_lies_beyond():
    values = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 30.0])
    assert classify([values], scheme="box").breaks == (3.0, 5.0, 7.0, 13.0)
    assert classify([values[:-1]], scheme="box").breaks == (2.75, 4.5, 6.25)


def test_head_tail_splits_at_the_mean_again_and_again():
    # Mean of all 4; of those above it (8, 11) 9.5.
    found = classify([[1.0, 1.0, 1.0, 2.0, 8.0, 11.0]], scheme="head_tail")
    assert found.breaks == (4.0, 9.5)
    assert found.counts.tolist() == [[4, 1, 1]]


def test_head_tail_never_has_more_than_nine_classes():
    # The head of an even spread is its upper half, so 2,048 values would be split eleven times.
    found = classify([np.arange(2048.0)], scheme="head_tail")
    assert found.k == 9
    assert found.breaks[:3] == (1023.5, 1535.5, 1791.5)


def test_standard_deviations_stand_about_the_mean():
    # Mean 0 and squares of 18 over 6: one deviation is the root of 3; two of them lie beyond every figure.
    found = classify([[-3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 3.0]], scheme="std_mean")
    assert found.breaks == pytest.approx((-(3.0**0.5), 3.0**0.5))
    assert found.counts.tolist() == [[1, 5, 1]]


def test_manual_breaks_stay_even_where_no_figure_is():
    found = classify([[3.0, 12.0]], scheme="manual", breaks=[10, 15, 20])
    assert found.breaks == (10.0, 15.0, 20.0)
    assert found.counts.tolist() == [[1, 1, 0, 0]]


def test_a_value_on_a_break_is_in_the_lower_class():
    assert classify([[10.0, 10.1]], scheme="manual", breaks=[10.0]).classes.tolist() == [[0, 1]]


def test_breaks_are_the_same_in_every_year():
    both = classify([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]], scheme="quantiles", k=2)
    assert both.breaks == (4.5,)
    assert both.counts.tolist() == [[4, 0], [0, 4]]


def test_ties_make_fewer_classes_and_never_an_empty_one():
    found = classify([[0.0] * 8 + [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]], scheme="quantiles", k=5)
    assert found.k < 5
    assert (found.counts > 0).all()


def test_few_distinct_values_are_a_class_each():
    found = classify([[1.0, 1.0, 7.0, 9.0]], scheme="quantiles", k=5)
    assert found.breaks == (1.0, 7.0)
    assert found.counts.tolist() == [[2, 1, 1]]


@pytest.mark.parametrize("scheme", SCHEMES[:-1])
def test_constant_data_are_one_class_and_no_data_none(scheme):
    constant = classify([[4.0, 4.0, NAN]], scheme=scheme)
    assert (constant.k, constant.breaks, constant.classes.tolist()) == (1, (), [[0, 0, -1]])
    empty = classify([[NAN, NAN], [NAN, NAN]], scheme=scheme)
    assert (empty.k, empty.breaks, empty.missing.tolist()) == (0, (), [2, 2])
    assert np.isnan(empty.minimum)


def test_rounded_breaks_decide_the_class():
    found = classify([[1.04, 1.06, 3.0, 4.0]], scheme="quantiles", k=2, decimals=0)
    assert found.breaks == (2.0,)
    assert found.classes.tolist() == [[0, 0, 1, 1]]


@given(
    values=figures, scheme=st.sampled_from(SCHEMES[:-1]), k=st.integers(2, 9), decimals=st.none() | st.integers(-2, 2)
)
def test_every_figure_is_in_exactly_one_class(values, scheme, k, decimals):
    found = classify(values, scheme=scheme, k=k, decimals=decimals)
    assert (found.counts.sum(axis=1) + found.missing == values.shape[1]).all()
    assert list(found.breaks) == sorted(set(found.breaks))
    bounds = [-np.inf, *found.breaks, np.inf]
    for value, one in zip(values.ravel(), found.classes.ravel(), strict=True):
        assert one == -1 if np.isnan(value) else bounds[one] < value <= bounds[one + 1]
    if found.k > 1:
        assert found.counts[:, 0].sum() > 0
        assert found.counts[:, -1].sum() > 0


@given(values=figures, limits=st.lists(st.integers(-3, 3), min_size=2, max_size=6, unique=True).map(sorted))
def test_beyond_closed_limits_a_figure_is_outside_every_class(values, limits):
    found = classify(values, scheme="manual", breaks=limits, closed=True)
    outside = (values < limits[0]) | (values > limits[-1])
    assert np.array_equal(found.classes == OUTSIDE, outside)
    assert (found.counts.sum(axis=1) + found.missing + outside.sum(axis=1) == values.shape[1]).all()
    for value, one in zip(values.ravel(), found.classes.ravel(), strict=True):
        if one >= 0:
            assert limits[one] < value <= limits[one + 1] or (one == 0 and value == limits[0])


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ({"values": [[1.0]], "scheme": "jenks"}, "no scheme 'jenks'"),
        ({"values": [[1.0]], "scheme": "quantiles", "k": 1}, "1 classes were asked for"),
        ({"values": [1.0], "scheme": "quantiles"}, "1 dimensions"),
        ({"values": [[np.inf]], "scheme": "quantiles"}, "1 values are infinite"),
        ({"values": [[1.0]], "scheme": "manual"}, "'manual' needs breaks"),
        ({"values": [[1.0]], "scheme": "box", "breaks": [1.0]}, "'box' takes no breaks"),
        ({"values": [[1.0]], "scheme": "manual", "breaks": [2.0], "closed": True}, "two limits or more"),
        ({"values": [[1.0]], "scheme": "quantiles", "closed": True}, "two limits or more"),
        ({"values": [[1.0]], "scheme": "manual", "breaks": [2.0, 1.0]}, r"\[2.0, 1.0\] do not ascend"),
    ],
)
def test_what_cannot_be_classified_is_named(call, told):
    with pytest.raises(FupingError, match=told):
        classify(**call)
