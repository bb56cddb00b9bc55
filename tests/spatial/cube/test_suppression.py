"""Small counts are withheld, and so much with them that no sum of what is shown gives one back."""

import numpy as np
import pytest
from fuping.spatial.cube.suppression import withheld_counts
from hypothesis import given, settings
from hypothesis import strategies as st


def hidden(values, parents, below=10):
    return np.flatnonzero(withheld_counts(values, parents, below=below)).tolist()


@pytest.mark.parametrize(
    ("values", "told", "why"),
    [
        ([60, 12, 20, 28], [], "none is small"),
        ([60, 0, 20, 40], [], "zero tells of nobody"),
        ([60, 10, 20, 30], [], "the least count that is shown is shown"),
        ([60, 9, 20, 31], [1, 2], "the next smallest goes with the only small one"),
        ([60, 9, 9, 42], [1, 2], "two small ones protect each other"),
        ([60, 1, 1, 58], [1, 2, 3], "one and one are known from their sum of two"),
        ([60, 3, 0, 57], [1, 3], "a zero protects nobody"),
        ([20, 9, np.nan, 11], [1, 3], "what is missing anyway protects nobody"),
        ([3, 3, 0, 0], [0, 1], "a total of one part is that part"),
        ([20, 9, np.nan, np.nan], [0, 1], "where no part is left, the total goes"),
        ([np.nan, 9, 20, 30], [1], "without a total there is nothing to take it from"),
    ],
)
def test_what_is_withheld_of_one_parent(values, told, why):
    parents = [-1, 0, 0, 0] if not np.isnan(values[0]) else [-1, -1, -1, -1]
    assert hidden(values, parents) == told, why


def test_a_total_that_is_withheld_is_not_the_sum_of_parts_that_are_shown():
    #                0    1   2   3   4   5   6   7
    values = [100, 3, 40, 57, 3, 18, 22, 57]
    parents = [-1, 0, 0, 0, 1, 2, 2, 3]
    # The 3 goes, its only part with it; then the 40 of its neighbours, and of that one's parts the 18.
    assert hidden(values, parents) == [1, 2, 4, 5]


def test_a_unit_that_stands_at_two_levels_goes_at_both():
    assert hidden([50, 5, 45, 5], [-1, 0, 0, 1]) == [1, 2, 3]


@st.composite
def hierarchies(draw):
    """Three levels with counts that add up; units in the order of their levels."""
    parents, leaves = [-1], []
    for _ in range(draw(st.integers(1, 4))):
        province = len(parents)
        parents.append(0)
        for _ in range(draw(st.integers(0, 4))):
            leaves.append(len(parents))
            parents.append(province)
        if not leaves or leaves[-1] < province:
            leaves.append(province)
    values = np.zeros(len(parents))
    for leaf in leaves:
        values[leaf] = draw(st.sampled_from([0, 0, 1, 2, 5, 9, 10, 11, 25, 400]))
    for part in range(len(parents) - 1, 0, -1):
        values[parents[part]] += values[part]
    return values, parents


@settings(max_examples=300, deadline=None)
@given(hierarchies())
def test_no_count_that_is_withheld_follows_from_those_shown(made):
    values, parents = made
    gone = withheld_counts(values, parents, below=10)
    assert gone[(values > 0) & (values < 10)].all()
    assert not gone[values == 0].any()
    unknown = np.flatnonzero(gone)
    if not len(unknown):
        return
    # Every equation over the unknown counts; what can be added to them without changing any is its null space.
    equations = []
    for parent in range(len(parents)):
        parts = [part for part in range(len(parents)) if parents[part] == parent]
        if parts:
            equations.append([float(one in parts) - float(one == parent) for one in unknown])
    _, sizes, directions = np.linalg.svd(np.array(equations))
    free = directions[(sizes > 1e-9).sum() :]
    assert (np.abs(free) > 1e-9).any(axis=0).all()


@settings(max_examples=100, deadline=None)
@given(hierarchies())
def test_the_parts_withheld_of_a_total_that_is_shown_are_many_people_together(made):
    values, parents = made
    gone = withheld_counts(values, parents, below=10)
    for parent in range(len(parents)):
        parts = np.flatnonzero((np.array(parents) == parent) & gone)
        if len(parts) and not gone[parent]:
            assert len(parts) > 1
            assert values[parts].sum() >= 10
