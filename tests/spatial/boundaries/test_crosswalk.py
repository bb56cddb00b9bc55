"""Crosswalks: what they are made of, the algebra they obey, and every fault by name."""

import numpy as np
import pandas as pd
import pytest
from crosswalks import chains, step
from fuping.spatial.boundaries.crosswalk import Crosswalk, compose, crosswalk, link_kinds, reverse
from fuping.spatial.errors import CrosswalkError
from hypothesis import given, settings
from hypothesis import strategies as st


def links(walk):
    return {(a, b): weight for a, b, weight in walk.links[["from_code", "to_code", "weight"]].to_numpy()}


def matrix(walk):
    table = walk.links.pivot(index="from_code", columns="to_code", values="weight").fillna(0.0)
    return table.loc[list(walk.from_codes), list(walk.to_codes)].to_numpy()


def test_units_without_a_row_keep_themselves():
    walk = step(("46113", "46102", "rename"), codes=["46113", "46115"])
    assert links(walk) == {("46113", "46102"): 1.0, ("46115", "46115"): 1.0}
    assert walk.links["kind"].tolist() == ["rename", "same"]
    assert (walk.from_codes, walk.to_codes) == (("46113", "46115"), ("46102", "46115"))


def test_a_weight_is_1_where_there_is_one_successor_and_may_be_text():
    assert links(step(("a", "x", "merge", ""), ("b", "x", "merge", "1"))) == {("a", "x"): 1.0, ("b", "x"): 1.0}


def test_published_decimals_are_scaled_to_the_last_bit():
    walk = step(*[("a", to, "split", 0.3333333333) for to in "xyz"])
    assert walk.links["weight"].sum() == pytest.approx(1.0, abs=1e-15)


def test_a_unit_of_the_same_code_may_take_in_another():
    assert links(step(("b", "a", "merge"), codes=["a", "b"])) == {("a", "a"): 1.0, ("b", "a"): 1.0}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([("a", "x", "split", 0.5), ("a", "y", "split", 0.4)], r"do not sum to 1: a → x \(split, weight 0.5\), a → y"),
        ([("a", "x", "split"), ("a", "y", "split")], "several successors without weights: a → x"),
        ([("a", "x", "split", 0.5), ("a", "y", "split")], "several successors without weights: a → y"),
        ([("a", "x", "split", -0.5), ("a", "y", "split", 1.5)], "negative weights: a → x"),
        ([("a", "x", "split", "half"), ("a", "y", "split", 0.5)], "no numbers: a → x .*half"),
        ([("a", "x", "merge"), ("a", "x", "merge")], "the same link twice: a → x"),
        ([("a", "x", "annexed")], r"kinds other than same, .*annexed"),
        ([("", "x", "rename")], "blank or not text"),
        ([(46113, "x", "rename")], "not text: 46113"),
        ([("a", None, "rename")], "not text: a → None"),
        ([("a", "x", "rename"), ("b", "x", "rename")], "not one to one: a → x .*b → x"),
        ([("a", "x", "rename", 0.9)], "do not sum to 1: a → x"),
    ],
)
def test_every_fault_is_named_with_its_row(changes, words):
    with pytest.raises(CrosswalkError, match=words):
        step(*changes)


def test_a_rename_into_a_unit_that_stands_is_no_rename():
    with pytest.raises(CrosswalkError, match="not one to one: a → b"):
        step(("a", "b", "rename"), codes=["a", "b"])


def test_all_faults_come_together():
    with pytest.raises(CrosswalkError) as caught:
        step(("a", "x", "split", -1), ("b", "y", "annexed"))
    assert len(caught.value.values["faults"]) == 3  # the weights of a do not sum to 1 either


def test_an_absent_column_is_named():
    with pytest.raises(CrosswalkError, match="no column kind"):
        crosswalk(pd.DataFrame({"from_code": ["a"], "to_code": ["x"]}), from_vintage="1", to_vintage="2")


def test_a_crosswalk_that_carries_more_than_there_is_cannot_be_made():
    table = pd.DataFrame({"from_code": "a", "to_code": ["x", "y"], "weight": [0.6, 0.6], "kind": "split"})
    with pytest.raises(CrosswalkError, match=r"more than 1: a → x, a → y"):
        Crosswalk(table, "1", "2")
    with pytest.raises(CrosswalkError, match="negative or missing: a → y"):
        Crosswalk(table.assign(weight=[0.5, np.nan]), "1", "2")


def test_kinds_are_told_from_the_links():
    table = pd.DataFrame(
        [("a", "a"), ("b", "c"), ("d", "e"), ("d", "f"), ("g", "h"), ("i", "h"), ("j", "k"), ("j", "l"), ("m", "l")]
    )
    kinds = link_kinds(table.set_axis(["from_code", "to_code"], axis=1))
    assert kinds.tolist() == ["same", "rename", "split", "split", "merge", "merge", "split", "transfer", "merge"]


def test_a_split_of_half_a_split_is_a_quarter():
    first = step(("a", "x", "split", 0.5), ("a", "y", "split", 0.5))
    second = step(("x", "p", "split", 0.5), ("x", "q", "split", 0.5), codes=["x", "y"], start="2", end="3")
    assert links(compose(first, second)) == {("a", "p"): 0.25, ("a", "q"): 0.25, ("a", "y"): 0.5}


def test_a_rename_there_and_back_is_the_same_unit():
    there, back = step(("a", "b", "rename")), step(("b", "a", "rename"), start="2", end="3")
    assert compose(there, back).links["kind"].tolist() == ["same"]
    assert compose(there) == there


@settings(max_examples=30, deadline=None)
@given(chains())
def test_composing_is_the_product_of_the_matrices(chain):
    first, second, third = chain
    expected = matrix(first) @ matrix(second) @ matrix(third)
    np.testing.assert_allclose(matrix(compose(*chain)), expected, atol=1e-12)


@settings(max_examples=30, deadline=None)
@given(chains())
def test_composing_is_associative(chain):
    first, second, third = chain
    left, right = compose(compose(first, second), third), compose(first, compose(second, third))
    pd.testing.assert_frame_equal(left.links, right.links, rtol=1e-12)


@settings(max_examples=30, deadline=None)
@given(chains(steps=4))
def test_no_chain_loses_or_gains_weight(chain):
    total = compose(*chain).links.groupby("from_code")["weight"].sum()
    np.testing.assert_allclose(total, 1.0, atol=1e-9)


def test_steps_must_meet():
    with pytest.raises(CrosswalkError, match="to '2' is followed by one from '3'"):
        compose(step(("a", "b", "rename")), step(("b", "c", "rename"), start="3", end="4"))
    with pytest.raises(CrosswalkError, match="2 → 3 has no row for b"):
        compose(step(("a", "b", "rename")), step(("z", "c", "rename"), start="2", end="3"))


def test_reverse_gives_each_part_its_share_of_the_whole():
    walk = step(("a", "x", "merge"), ("b", "x", "split", 0.5), ("b", "y", "split", 0.5))
    back = reverse(walk, {"a": 30, "b": 20})
    # x holds all 30 of a and 10 of the 20 of b; y is b's alone.
    assert links(back) == {("x", "a"): 0.75, ("x", "b"): 0.25, ("y", "b"): 1.0}
    assert (back.from_vintage, back.to_vintage) == ("2", "1")


def test_reverse_of_renames_needs_no_sizes():
    assert links(reverse(step(("a", "b", "rename")), {})) == {("b", "a"): 1.0}


@settings(max_examples=30, deadline=None)
@given(chains(steps=1), st.data())
def test_what_is_carried_there_and_back_has_the_same_total(chain, data):
    sizes = {code: data.draw(st.floats(1, 1e6)) for code in chain[0].from_codes}
    back = reverse(chain[0], sizes)
    there = np.array(list(sizes.values())) @ matrix(chain[0])
    returned = there @ matrix(back)
    # Each part goes back in proportion to what came from there, so that even the units are as they were.
    np.testing.assert_allclose(returned, list(sizes.values()), rtol=1e-9)


@pytest.mark.parametrize("sizes", [{"a": 1}, {"a": 1, "b": np.nan}, {"a": 1, "b": -1}, {"a": 1, "b": np.inf}])
def test_reverse_names_the_unit_whose_size_is_needed(sizes):
    with pytest.raises(CrosswalkError, match="no size for b"):
        reverse(step(("a", "x", "merge"), ("b", "x", "merge")), sizes)


def test_reverse_of_a_unit_without_people_is_refused():
    with pytest.raises(CrosswalkError, match="all zero behind x"):
        reverse(step(("a", "x", "merge"), ("b", "x", "merge")), {"a": 0, "b": 0})
