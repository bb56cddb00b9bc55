"""What a check of quality finds, what it leaves alone, and how often it is wrong. All figures here are simulated."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.dynamics import PanelError
from fuping.spatial.quality import (
    MODIFIED_Z,
    against_neighbours,
    against_own_past,
    broken_series,
    check_roll_up,
    completeness,
    completeness_by_unit,
    copied_series,
    last_digits,
    long_runs,
    modified_z,
    outside_limits,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal.graph import Graph

YEARS = range(2000, 2025)


def walk(seed, n=40, spread=1.0):
    """Return random walks about 50: 25 years of n units."""
    steps = np.random.default_rng(seed).normal(0, spread, (len(YEARS), n))
    return pd.DataFrame(50 + steps.cumsum(axis=0), index=YEARS, columns=[f"u{one:03d}" for one in range(n)])


def lattice(units, side):
    """Return the queen's neighbours of units that lie in rows of ``side``."""
    place = {one: divmod(at, side) for at, one in enumerate(units)}
    pairs = [
        (a, b)
        for a, (row, column) in place.items()
        for b, (other_row, other_column) in place.items()
        if a != b and max(abs(row - other_row), abs(column - other_column)) == 1
    ]
    return Graph.from_arrays([a for a, _ in pairs], [b for _, b in pairs], np.ones(len(pairs)))


def smooth(seed=1, side=8):
    """Return a surface that rises over a lattice, with noise, in three years, and its neighbours."""
    rng = np.random.default_rng(seed)
    row, column = np.divmod(np.arange(side * side), side)
    units = [f"u{one:03d}" for one in range(side * side)]
    grid = 20 + row + 2 * column + rng.normal(0, 1, (3, side * side))
    return pd.DataFrame(grid, index=[2010, 2015, 2020], columns=units), lattice(units, side)


def test_the_modified_z_is_that_of_iglewicz_and_hoaglin():
    # By hand: median 2.47, absolute deviations' median 0.17, so 0.6745 · (8.0 − 2.47) / 0.17.
    values = [2.1, 2.6, 2.4, 2.5, 2.3, 2.1, 2.3, 2.6, 8.0, 2.47, 2.64]
    found = modified_z(values)
    assert found[8] == pytest.approx(0.6745 * (8.0 - 2.47) / 0.17, rel=1e-4)
    assert (np.abs(found) > MODIFIED_Z).sum() == 1


def test_a_score_without_spread_is_missing_unless_rounding_gives_one():
    assert np.isnan(modified_z([5.0, 5.0, 5.0])).all()
    assert modified_z([5.0, 5.0, 6.0], floor=0.5).tolist() == [0.0, 0.0, 2.0]
    assert np.isnan(modified_z([[np.nan, 1.0], [np.nan, 1.0]], floor=1.0)[:, 0]).all()


@pytest.mark.parametrize("scale", ["difference", "log"])
def test_a_planted_spike_and_a_planted_step_are_found_and_nothing_twice(scale):
    panel = walk(3)
    panel.loc[2010, "u007"] += 40
    panel.loc[2015:, "u020"] += 40
    found = against_own_past(panel, scale=scale).table
    ours = found[found["unit"].isin(["u007", "u020"]) & (found["score"].abs() > 10)]
    assert set(zip(ours["unit"], ours["year"], ours["shape"], strict=True)) == {
        ("u007", 2010, "spike"),
        ("u020", 2015, "step"),
    }
    spike = ours[ours["unit"] == "u007"].iloc[0]
    assert spike["value"] - spike["expected"] == pytest.approx(40, abs=5)


def test_a_figure_that_fell_to_zero_is_found_on_the_scale_of_proportions():
    panel = (walk(4) * 100).round()
    panel.loc[2012, "u001"] = 0
    found = against_own_past(panel, scale="log", step=1).table
    assert found.iloc[0][["year", "unit", "value", "shape"]].tolist() == [2012, "u001", 0.0, "spike"]


def test_of_smooth_data_as_many_are_called_as_is_said():
    found = against_own_past(walk(5, n=2000), scale="difference")
    # The flags leave the way back from a spike out, so they are fewer than the scores beyond the limit.
    assert found.n_judged == 2000 * 24
    assert 0.003 < len(found.table) / found.n_judged < 0.007


def test_what_most_units_share_is_no_ones_outlier():
    panel = walk(6)
    panel.loc[2008:] += 30
    assert 2008 not in set(against_own_past(panel, scale="difference").table["year"])
    found = broken_series(panel, scale="difference", declared=[2008])
    assert found.breaks.index.tolist() == [2008]
    row = found.breaks.iloc[0]
    assert (row["direction"], bool(row["declared"]), row["share_up"]) == ("up", True, 1.0)


def test_a_change_across_a_declared_break_is_not_judged():
    panel = walk(7)
    panel.loc[2008:, "u003"] += 50
    told = against_own_past(panel, scale="difference", breaks=[2008])
    assert not ((told.table["unit"] == "u003") & (told.table["year"] == 2008)).any()
    assert told.n_not_judged == {"no figure before": 2 * 40}


def test_smooth_series_break_nowhere():
    assert broken_series(walk(8, n=300), scale="difference").breaks.empty


def test_an_interval_that_holds_what_was_expected_is_not_flagged():
    panel = walk(9)
    panel.loc[2010, "u007"] += 40
    wide = against_own_past(panel, scale="difference", lower=panel - 60, upper=panel + 60)
    narrow = against_own_past(panel, scale="difference", lower=panel - 0.1, upper=panel + 0.1)
    assert wide.table.empty
    assert wide.n_within_interval > 0
    assert ((narrow.table["unit"] == "u007") & (narrow.table["year"] == 2010)).any()


def test_too_few_years_and_gaps_are_told_and_not_judged():
    panel = walk(10, n=3)
    panel.loc[2008:, "u001"] = np.nan
    panel.loc[2003, "u002"] = np.nan
    found = against_own_past(panel, scale="difference")
    assert found.n_not_judged == {"too few years": 8, "no figure before": 2}
    assert found.n_judged == 24 + 23


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 30), factor=st.floats(0.01, 1000), shift=st.permutations(range(12)))
def test_neither_order_nor_unit_of_measure_changes_what_is_flagged(seed, factor, shift):
    panel = walk(seed, n=12)
    panel.iloc[9, 4] += 30

    def named(found):
        return set(zip(found["year"], found["unit"], strict=True))

    told = named(against_own_past(panel, scale="difference").table)
    assert (2009, "u004") in told
    other = panel.iloc[:, list(shift)] * factor
    assert named(against_own_past(other, scale="difference").table) == told
    assert named(against_own_past(other, scale="log").table) == named(against_own_past(panel, scale="log").table)


def test_a_planted_difference_from_the_neighbours_is_found():
    panel, graph = smooth()
    panel.loc[2015, "u027"] += 30
    found = against_neighbours(panel, graph, scale="difference").table
    assert found.iloc[0][["year", "unit", "n_years"]].tolist() == [2015, "u027", 1]
    assert found.iloc[0]["value"] - found.iloc[0]["expected"] == pytest.approx(30, abs=5)
    # Those round it are compared with the median of theirs, which one outlier does not move far.
    assert len(found) == 1


def test_smooth_surfaces_have_few_outliers_and_a_lasting_one_is_known_as_such():
    panel, graph = smooth(2, side=30)
    found = against_neighbours(panel, graph, scale="difference")
    assert len(found.table) / found.n_judged < 0.003
    panel["u450"] += 40
    assert against_neighbours(panel, graph, scale="difference").table["n_years"].iloc[0] == 3


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 20), factor=st.floats(0.01, 100))
def test_neither_order_nor_unit_changes_who_is_unlike_the_neighbours(seed, factor):
    panel, graph = smooth(seed)
    panel.iloc[1, 20] -= 25
    told = against_neighbours(panel, graph, scale="difference").table[["year", "unit"]]
    other = against_neighbours(panel.iloc[:, ::-1] * factor, graph, scale="difference").table[["year", "unit"]]
    assert told.iloc[0].tolist() == [2015, "u020"]
    assert set(map(tuple, told.to_numpy())) == set(map(tuple, other.to_numpy()))


def test_islands_and_units_with_few_neighbours_are_not_judged():
    panel, _ = smooth()
    graph = Graph.from_arrays(list(panel.columns), list(panel.columns), np.zeros(panel.shape[1]))
    found = against_neighbours(panel, graph, scale="difference")
    assert (found.n_judged, found.n_not_judged) == (0, {"too few neighbours": 3 * 64})
    few, graph = smooth(side=4)
    assert against_neighbours(few, graph, scale="difference").n_not_judged == {"too few units": 3 * 16}


def test_completeness_counts_years_units_and_reasons():
    reason = np.array([[0, 0, 2, 8], [0, 1, 1, 8]], dtype=np.uint8)
    years = completeness(reason, [2010, 2020])
    assert years["share"].tolist() == pytest.approx([2 / 3, 1 / 3])
    assert years[2].tolist() == [1, 0]
    units = completeness_by_unit(reason, list("abcd"))
    assert units["observed"].tolist() == [2, 1, 0, 0]
    assert units["expected"].tolist() == [2, 2, 2, 0]
    assert np.isnan(units.at["d", "share"])


PARTS = pd.DataFrame({"a": [10.0, 20.0], "b": [5.0, np.nan], "c": [1.0, 1.0]}, index=[2010, 2020])
PARENTS = pd.Series({"a": "P", "b": "P", "c": "Q"})


def test_a_total_that_its_parts_do_not_make_is_named_with_the_parts_that_lack():
    whole = pd.DataFrame({"P": [15.0, 19.0], "Q": [1.0, 3.0]}, index=[2010, 2020])
    table = check_roll_up(whole, PARTS, PARENTS, aggregation="extensive").table.set_index(["unit", "year"])
    assert table["verdict"].to_dict() == {
        ("P", 2010): "agrees",
        ("P", 2020): "exceeds",
        ("Q", 2010): "agrees",
        ("Q", 2020): "differs",
    }
    assert table.at[("P", 2020), "missing"] == ("b",)
    assert table.at[("P", 2010), "missing"] == ()
    partial = check_roll_up(whole.assign(P=[15.0, 40.0]), PARTS, PARENTS, aggregation="extensive").table
    assert partial.loc[partial["verdict"] == "partial", "year"].tolist() == [2020]


def test_a_mean_is_weighted_and_the_tolerance_is_what_was_said():
    weights = pd.DataFrame({"a": [3.0, 3.0], "b": [1.0, 1.0], "c": [1.0, 1.0]}, index=[2010, 2020])
    for published, verdict in ((8.75, "agrees"), (8.79, "agrees"), (8.80, "differs")):
        whole = pd.DataFrame({"P": [published]}, index=[2010])
        found = check_roll_up(whole, PARTS, PARENTS, aggregation="intensive", weights=weights, relative=0.005).table
        assert (found["expected"].item(), found["verdict"].item()) == (8.75, verdict)


def test_rounded_parts_may_miss_their_total_by_their_rounding():
    rng = np.random.default_rng(11)
    exact = pd.DataFrame(rng.uniform(0, 10, (1, 200)), index=[2020])
    parents = pd.Series("P", index=exact.columns)
    whole = pd.DataFrame({"P": [round(exact.to_numpy().sum())]}, index=[2020], dtype=float)
    told = check_roll_up(whole, exact.round(), parents, aggregation="extensive", relative=0, step=1)
    assert told.mismatches.empty
    strict = check_roll_up(whole + 102, exact.round(), parents, aggregation="extensive", relative=0, step=1)
    assert len(strict.mismatches) == (abs(whole.iat[0, 0] + 102 - exact.round().to_numpy().sum()) > 100.5)


def test_a_figure_carried_forward_is_found_and_small_counts_that_repeat_are_not():
    panel = (walk(12, n=300) * 100).round()
    panel.loc[2010:2016, "u005"] = 4321.0
    found = long_runs(panel, step=1)
    assert found[["unit", "first", "last", "n", "value"]].to_numpy().tolist() == [["u005", 2010, 2016, 7, 4321.0]]
    small = pd.DataFrame(np.random.default_rng(1).poisson(3, (25, 300)), index=YEARS)
    assert long_runs(small, step=1).empty


def test_a_copied_series_is_found():
    panel = walk(13).round(1)
    panel["u009"] = panel["u002"]
    assert copied_series(panel, step=0.1).to_numpy().tolist() == [["u009", "u002", 25]]
    panel.loc[2020, "u009"] += 0.1
    assert copied_series(panel, step=0.1).empty


def test_last_digits_are_even_in_counts_and_heaped_in_guesses():
    rng = np.random.default_rng(14)
    counts = pd.DataFrame(rng.lognormal(8, 1, (2, 3000)).round(), index=[2010, 2020])
    assert not last_digits(counts, step=1)["heaped"].any()
    guessed = counts.where(rng.uniform(size=counts.shape) > 0.3, (counts / 5).round() * 5)
    assert last_digits(guessed, step=1)["heaped"].all()
    assert last_digits(counts.iloc[:, :20], step=1)["p"].isna().all()


def test_what_cannot_be_is_named_with_its_limit():
    panel = pd.DataFrame({"a": [100.0, 101.0], "b": [-1.0, 0.0]}, index=[2010, 2020])
    found = outside_limits(panel, minimum=0, maximum=100)
    assert found[["year", "unit", "expected"]].to_numpy().tolist() == [[2010, "b", 0.0], [2020, "a", 100.0]]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda one: against_own_past(one, scale="root"), "scale 'root' is unknown"),
        (lambda one: against_own_past(one, scale="log", step=-1), "step is -1"),
        (lambda one: against_own_past(one, scale="log", threshold=0), "threshold of 0"),
        (lambda one: against_own_past(one, scale="log", fewest_changes=2), "2 changes"),
        (lambda one: against_own_past(one, scale="log", lower=one.iloc[1:], upper=one), "lower bounds"),
        (lambda one: against_own_past(one.iloc[::-1], scale="log"), "follows"),
        (lambda one: against_neighbours(one, smooth()[1], scale="log"), "knows 24 others"),
        (lambda one: broken_series(one, scale="log", share=1.5), "a share of 1.5"),
        (lambda one: outside_limits(one, minimum=5, maximum=1), "Nothing lies from 5 to 1"),
        (lambda one: long_runs(one, step=0), "step of 0"),
        (lambda one: copied_series(one, step=0), "step of 0"),
        (lambda one: last_digits(one, step=float("nan")), "step is nan"),
        (lambda one: check_roll_up(one, one + 1, PARENTS, aggregation="extensive", relative=-1), "tolerances of -1"),
        (lambda one: check_roll_up(one, PARTS.set_axis([1, 2]), PARENTS, aggregation="extensive"), "no year in common"),
    ],
)
def test_bad_input_is_refused_with_what_was_found(call, message):
    with pytest.raises(PanelError, match=message):
        call(walk(1))
