"""Values over a crosswalk: sums keep their totals, means are means, and what is missing is named."""

import numpy as np
import pandas as pd
import pytest
from crosswalks import chains, step
from fuping.spatial.boundaries.crosswalk import Crosswalk, compose
from fuping.spatial.boundaries.transfer import transfer
from fuping.spatial.errors import CrosswalkError
from hypothesis import given, settings
from hypothesis import strategies as st

# One unit renamed, one split, two merged, one unchanged.
CHANGES = step(
    ("a", "a2", "rename"), ("b", "b1", "split", 0.25), ("b", "b2", "split", 0.75), ("c", "cd", "merge"),
    ("d", "cd", "merge"), codes=list("abcde"),
)  # fmt: skip
VALUES = pd.Series({"a": 1.0, "b": 8.0, "c": 10.0, "d": 20.0, "e": 5.0})


def test_sums_go_over_every_kind_of_change():
    carried, report = transfer(VALUES, CHANGES, aggregation="extensive")
    assert carried.to_dict() == {"a2": 1.0, "b1": 2.0, "b2": 6.0, "cd": 30.0, "e": 5.0}
    assert (report.n_left, report.matched, report.n_right) == (5, 5, 5)
    assert report.notes == ()


def test_means_are_weighted_by_their_denominators():
    people = pd.Series({"a": 1, "b": 1, "c": 100, "d": 300, "e": 1})
    carried, _ = transfer(VALUES, CHANGES, aggregation="intensive", weights=people)
    # (10 · 100 + 20 · 300) / 400; the halves of b keep its rate.
    assert carried.to_dict() == {"a2": 1.0, "b1": 8.0, "b2": 8.0, "cd": 17.5, "e": 5.0}


def test_a_mean_of_parts_of_units_weighs_people_by_the_share_that_moved():
    walk = step(("a", "x", "split", 0.5), ("a", "y", "split", 0.5), ("b", "x", "merge"))
    people = pd.Series({"a": 200, "b": 100})
    carried, _ = transfer(pd.Series({"a": 10.0, "b": 40.0}), walk, aggregation="intensive", weights=people)
    # x has 100 people at 10 and 100 at 40.
    assert carried.to_dict() == {"x": 25.0, "y": 10.0}


@settings(max_examples=30, deadline=None)
@given(chains(), st.data())
def test_totals_are_kept_over_any_chain(chain, data):
    entries = {code: data.draw(st.floats(0, 1e9)) for code in chain[0].from_codes}
    at_once, _ = transfer(pd.Series(entries), compose(*chain), aggregation="extensive")
    by_step = pd.Series(entries)
    for one in chain:
        by_step, _ = transfer(by_step, one, aggregation="extensive")
    total = sum(entries.values())
    assert at_once.sum() == pytest.approx(total, rel=1e-9)
    pd.testing.assert_series_equal(at_once, by_step, rtol=1e-9, atol=1e-6)


@settings(max_examples=30, deadline=None)
@given(chains(), st.data())
def test_a_mean_lies_between_its_parts_and_keeps_numerator_and_denominator(chain, data):
    walk = compose(*chain)
    rate = pd.Series({code: data.draw(st.floats(0, 100)) for code in walk.from_codes})
    people = pd.Series({code: data.draw(st.floats(1, 1e6)) for code in walk.from_codes})
    carried, _ = transfer(rate, walk, aggregation="intensive", weights=people)
    moved, _ = transfer(people, walk, aggregation="extensive")
    assert (carried >= rate.min() - 1e-9).all()
    assert (carried <= rate.max() + 1e-9).all()
    assert (carried * moved).sum() == pytest.approx((rate * people).sum(), rel=1e-9)


def test_years_are_carried_each_by_itself():
    index = pd.MultiIndex.from_tuples([("c", 2010), ("d", 2010), ("c", 2011), ("e", 2011)], names=["code", "year"])
    values = pd.Series([1.0, 2.0, 4.0, 5.0], index=index, name="people")
    values.attrs["unit"] = "persons"
    carried, report = transfer(values, CHANGES, aggregation="extensive")
    assert carried.index.names == ["code", "year"]
    assert (carried.name, carried.attrs) == ("people", {"unit": "persons"})
    assert carried.dropna().to_dict() == {("cd", 2010): 3.0, ("e", 2011): 5.0}
    # In 2011 d has no entry: a part is not passed off as the whole, nor a year made up that nobody entered.
    assert carried.isna().to_dict() == {("cd", 2010): False, ("cd", 2011): True, ("e", 2011): False}
    assert report.notes == ("cd is missing in 2011: no value or denominator of d",)


def test_denominators_may_differ_by_year_or_stand_for_all():
    index = pd.MultiIndex.from_product([["c", "d"], [1, 2]])
    values = pd.Series([0.0, 0.0, 10.0, 10.0], index=index)
    by_year = pd.Series([1, 3, 1, 1], index=index)
    carried, _ = transfer(values, CHANGES, aggregation="intensive", weights=by_year)
    assert carried.to_list() == [5.0, 2.5]
    carried, _ = transfer(values, CHANGES, aggregation="intensive", weights=pd.Series({"c": 1, "d": 4}))
    assert carried.to_list() == [8.0, 8.0]


def test_a_missing_part_makes_the_whole_missing_and_is_named():
    carried, report = transfer(VALUES.mask(VALUES.index == "d"), CHANGES, aggregation="extensive")
    assert np.isnan(carried["cd"])
    assert report.notes == ("cd is missing: no value or denominator of d",)
    assert report.matched == 5


def test_a_missing_denominator_matters_only_where_there_are_several_parts():
    people = pd.Series({"c": 100.0, "d": np.nan})
    carried, report = transfer(VALUES, CHANGES, aggregation="intensive", weights=people)
    assert carried.drop("cd").to_dict() == {"a2": 1.0, "b1": 8.0, "b2": 8.0, "e": 5.0}
    assert np.isnan(carried["cd"])
    assert report.notes == ("cd is missing: no value or denominator of d",)


def test_a_part_without_people_needs_no_rate():
    rate = pd.Series({"c": 10.0, "d": np.nan})
    carried, _ = transfer(rate, CHANGES, aggregation="intensive", weights=pd.Series({"c": 5, "d": 0}))
    assert carried.to_dict() == {"cd": 10.0}
    carried, report = transfer(rate, CHANGES, aggregation="intensive", weights=pd.Series({"c": 0, "d": 0}))
    assert carried.isna().all()
    assert report.notes == ("cd is missing: all its denominators are zero",)


def test_what_has_no_unit_is_in_the_report_and_what_has_no_entry_too():
    entries = pd.Series({"a": 1.0, "cd": 2.0, "zz": 3.0})
    carried, report = transfer(entries, CHANGES, aggregation="extensive")
    assert carried.to_dict() == {"a2": 1.0}
    assert [(row.code, row.reason) for row in report.unmatched_left] == [
        ("cd", "other_vintage"),
        ("zz", "unknown_code"),
    ]
    assert [row.code for row in report.unmatched_right] == ["b1", "b2", "cd", "e"]


def test_the_part_outside_every_unit_is_told_and_not_carried():
    table = pd.DataFrame({"from_code": ["a"], "to_code": ["x"], "weight": [0.75], "kind": ["transfer"]})
    carried, report = transfer(pd.Series({"a": 8.0}), Crosswalk(table, "1", "2"), aggregation="extensive")
    assert carried.to_dict() == {"x": 6.0}
    assert report.notes == ("a: 25.00% of it lies outside the units of 2",)


def test_no_entries_give_no_results():
    carried, report = transfer(
        pd.Series([], dtype=float, index=pd.Index([], dtype=str)), CHANGES, aggregation="extensive"
    )
    assert len(carried) == 0
    assert report.n_left == 0


def test_means_of_several_parts_need_denominators():
    with pytest.raises(CrosswalkError, match=r"carried to cd without its denominators.*weights="):
        transfer(VALUES, CHANGES, aggregation="intensive")
    assert transfer(VALUES[["a", "b"]], CHANGES, aggregation="intensive")[0].to_dict() == {"a2": 1, "b1": 8, "b2": 8}


@pytest.mark.parametrize(("bad", "found"), [(-1.0, "-1.0"), (np.inf, "inf")])
def test_denominators_that_cannot_be_are_named(bad, found):
    with pytest.raises(CrosswalkError, match=f"1 denominators are negative or infinite.*'c': {found}"):
        transfer(VALUES, CHANGES, aggregation="intensive", weights=pd.Series({"c": bad, "d": 1}))


def test_entries_stand_once_and_have_code_and_year():
    with pytest.raises(CrosswalkError, match=r"1 values that stand twice.*'a'"):
        transfer(pd.Series([1.0, 2.0], index=["a", "a"]), CHANGES, aggregation="extensive")
    blank = pd.MultiIndex.from_tuples([("a", 2010), ("b", None)])
    with pytest.raises(CrosswalkError, match=r"1 values without a code or year.*'b'"):
        transfer(pd.Series([1.0, 2.0], index=blank), CHANGES, aggregation="extensive")


def test_an_unknown_aggregation_lists_the_known():
    with pytest.raises(CrosswalkError, match=r"'mean' is unknown.*extensive or intensive"):
        transfer(VALUES, CHANGES, aggregation="mean")


def test_the_input_stays_as_it_was():
    before = VALUES.copy()
    transfer(VALUES, CHANGES, aggregation="extensive")
    pd.testing.assert_series_equal(VALUES, before)
