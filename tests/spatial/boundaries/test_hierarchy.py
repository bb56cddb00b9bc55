"""Sums and means of the levels above, and what they hold back."""

import warnings

import numpy as np
import pytest
from fuping.spatial.boundaries.hierarchy import check_hierarchy, roll_up
from fuping.spatial.errors import FupingError
from hypothesis import given
from hypothesis import strategies as st

NAN = np.nan


def test_sums_and_means_by_hand():
    values = np.array([[10.0, 20.0, 5.0], [1.0, 2.0, 3.0]])
    total = roll_up(values, ["p", "p", "q"], aggregation="extensive")
    assert total.codes.tolist() == ["p", "q"]
    assert total.value.tolist() == [[30.0, 5.0], [3.0, 3.0]]
    assert total.n_units.tolist() == [2, 1]
    mean = roll_up(values, ["p", "p", "q"], aggregation="intensive", weights=[300, 100, 7])
    # (10 · 300 + 20 · 100) / 400, (1 · 300 + 2 · 100) / 400
    assert mean.value.tolist() == [[12.5, 5.0], [1.25, 3.0]]


def test_weights_may_differ_by_year():
    mean = roll_up(np.array([[0.0, 8.0]] * 2), ["p", "p"], aggregation="intensive", weights=[[1, 1], [3, 1]])
    assert mean.value.tolist() == [[4.0], [2.0]]


def test_parents_come_sorted_whatever_the_order_of_the_units():
    total = roll_up(np.array([[1.0, 2.0, 4.0]]), ["q", "p", "q"], aggregation="extensive")
    assert (total.codes.tolist(), total.value.tolist()) == (["p", "q"], [[2.0, 5.0]])


def test_a_partial_sum_is_not_passed_off_as_a_total():
    up = roll_up(np.array([[10.0, NAN, 5.0]]), ["p", "p", "q"], aggregation="extensive")
    np.testing.assert_array_equal(up.value, [[NAN, 5.0]])
    assert up.n_observed.tolist() == [[1, 1]]
    assert up.share.tolist() == [[0.5, 1.0]]


@pytest.mark.parametrize(("minimum", "expected"), [(0.76, NAN), (0.75, 10.0), (0.0, 10.0)])
def test_a_mean_stands_where_enough_of_the_weight_is_observed(minimum, expected):
    up = roll_up(np.array([[10.0, NAN]]), ["p", "p"], aggregation="intensive", weights=[75, 25], minimum_share=minimum)
    np.testing.assert_array_equal(up.value, [[expected]])
    assert up.share.tolist() == [[0.75]]


def test_nothing_observed_is_missing_even_where_nothing_is_asked_for():
    for aggregation, weights in (("extensive", None), ("intensive", [1, 1])):
        up = roll_up(np.array([[NAN, NAN]]), ["p", "p"], aggregation=aggregation, weights=weights, minimum_share=0.0)
        assert np.isnan(up.value).all()


def test_zero_is_a_value():
    assert roll_up(np.array([[0.0, 0.0]]), ["p", "p"], aggregation="extensive").value.tolist() == [[0.0]]


def test_a_unit_without_people_weighs_nothing_missing_or_not():
    up = roll_up(np.array([[10.0, NAN]]), ["p", "p"], aggregation="intensive", weights=[5, 0])
    assert up.value.tolist() == [[10.0]]
    nobody = roll_up(np.array([[10.0]]), ["p"], aggregation="intensive", weights=[0], minimum_share=0.0)
    assert np.isnan(nobody.value).all()


def test_a_missing_weight_counts_as_the_mean_of_its_year():
    # Known weights are 100 and 300, so the third stands for 200: 400 of 600 are observed.
    up = roll_up(
        np.array([[1.0, 5.0, 9.0]]), ["p"] * 3, aggregation="intensive", weights=[100, 300, NAN], minimum_share=0.6
    )
    assert up.share[0, 0] == pytest.approx(400 / 600)
    assert up.value.tolist() == [[4.0]]
    assert up.n_observed.tolist() == [[2]]


def test_a_year_without_any_weight_is_missing_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        up = roll_up(np.array([[1.0, 2.0]]), ["p", "p"], aggregation="intensive", weights=[[NAN, NAN]])
    assert np.isnan(up.value).all()
    assert up.share.tolist() == [[0.0]]


units = st.lists(st.tuples(st.sampled_from("pqr"), st.floats(0, 1e6), st.floats(1, 1e6)), min_size=1, max_size=20)


@given(units)
def test_totals_and_weighted_totals_are_kept(rows):
    parents, values, weights = zip(*rows, strict=True)
    total = roll_up(np.array([values]), parents, aggregation="extensive")
    assert total.value.sum() == pytest.approx(sum(values), rel=1e-9, abs=1e-9)
    mean = roll_up(np.array([values]), parents, aggregation="intensive", weights=weights)
    people = roll_up(np.array([weights]), parents, aggregation="extensive")
    assert (mean.value * people.value).sum() == pytest.approx(np.dot(values, weights), rel=1e-9, abs=1e-9)


@given(units)
def test_two_steps_up_are_one(rows):
    parents, values, weights = zip(*rows, strict=True)
    parents, values, weights = np.array(parents), np.array([values]), np.array([weights])
    province = np.where(parents == "p", "A", "B")
    middle = roll_up(values, parents, aggregation="intensive", weights=weights)
    people = roll_up(weights, parents, aggregation="extensive").value
    above = ["A" if code == "p" else "B" for code in middle.codes]
    by_steps = roll_up(middle.value, above, aggregation="intensive", weights=people)
    at_once = roll_up(values, province, aggregation="intensive", weights=weights)
    np.testing.assert_allclose(by_steps.value, at_once.value, rtol=1e-9)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"parents": ["p"]}, "2 units and 1 parents"),
        ({"parents": ["p", ""]}, "1 units have no parent, at 1"),
        ({"parents": ["p", None]}, "1 units have no parent, at 1"),
        ({"aggregation": "mean"}, r"'mean' is unknown.*extensive or intensive"),
        ({"aggregation": "intensive", "weights": None}, "without weights.*denominator"),
        ({"aggregation": "intensive", "weights": [1, -1]}, "1 weights are negative, the least -1"),
        ({"aggregation": "intensive", "weights": [1, 1, 1]}, r"Weights have the shape \(3,\), values \(1, 2\)"),
        ({"weights": [1, 1]}, "summed, without weights"),
        ({"minimum_share": 1.5}, "minimum share is 1.5"),
        ({"values": np.array([1.0, 2.0])}, r"shape \(2,\).*\(years, units\)"),
    ],
)
def test_faults_are_named(arguments, words):
    good = {"values": np.array([[1.0, 2.0]]), "parents": ["p", "q"], "aggregation": "extensive"} | arguments
    with pytest.raises(FupingError, match=words):
        roll_up(good.pop("values"), good.pop("parents"), **good)


def test_units_without_a_parent_and_parents_without_units_are_told():
    report = check_hierarchy(["a", "b", "c"], ["p", "", "z"], ["p", "q"], "county → province")
    assert [(row.code, row.reason, row.detail) for row in report.unmatched_left] == [
        ("b", "missing_code", "parent ''"),
        ("c", "unknown_code", "parent 'z'"),
    ]
    assert [row.code for row in report.unmatched_right] == ["q"]
    assert (report.n_left, report.matched, report.n_right) == (3, 1, 2)
