"""Which checks suit which indicator, and what they answer. All figures here are simulated."""

import numpy as np
import pandas as pd
import pytest
from fuping.layers.quality import COLUMNS, judge, judge_totals, refusal
from fuping.layers.stores import STATUS_WORDS
from fuping.spatial.cube.values import UnitYearValues, lay_out
from libpysal.graph import Graph

YEARS, SIDE = range(2000, 2020), 8
UNITS = [f"{one:03d}" for one in range(SIDE * SIDE)]
DERIVED, PUBLISHED = STATUS_WORDS.index("derived"), STATUS_WORDS.index("published")

RATE = {
    "id": "rate",
    "kind": "rate",
    "aggregation": "intensive",
    "denominator": "people",
    "decimals": 1,
    "minimum": 0.0,
    "maximum": 100.0,
    "breaks_in_series": [],
    "categories": [],
    "derive": None,
    "shown": True,
}
COUNT = RATE | {"id": "people", "kind": "count", "aggregation": "extensive", "decimals": 0, "maximum": None}


def given(grid, units=UNITS, status=PUBLISHED):
    rows = (
        pd.DataFrame(grid, index=YEARS[: len(grid)], columns=units).melt(ignore_index=False, var_name="code").dropna()
    )
    return lay_out(
        rows["code"].tolist(), rows.index, rows["value"], units=units, status=np.full(len(rows), status, dtype=np.uint8)
    )


@pytest.fixture(scope="module")
def grid():
    noise = np.random.default_rng(1).normal(0, 0.5, (len(YEARS), len(UNITS))).cumsum(axis=0)
    return (40 + np.divmod(np.arange(len(UNITS)), SIDE)[1] + noise).round(1)


@pytest.fixture(scope="module")
def graph():
    at = [divmod(one, SIDE) for one in range(len(UNITS))]
    pairs = [
        (UNITS[a], UNITS[b])
        for a, (row, column) in enumerate(at)
        for b, (other, beside) in enumerate(at)
        if a != b and max(abs(row - other), abs(column - beside)) == 1
    ]
    return Graph.from_arrays([a for a, _ in pairs], [b for _, b in pairs], np.ones(len(pairs)))


def kinds(found, code):
    return set(found.flags.loc[found.flags["code"] == code, "kind"])


def test_each_planted_fault_is_flagged_for_what_it_is(grid, graph):
    faulty = grid.copy()
    faulty[10, 20] += 30
    faulty[5, 3] = 120.0
    faulty[8:16, 40] = 47.3
    faulty[:, 50] = faulty[:, 9]
    found = judge(RATE, "county", given(faulty), UNITS, graph)
    assert list(found.flags.columns) == list(COLUMNS)
    assert {"past", "neighbours"} <= kinds(found, "020")
    assert "limit" in kinds(found, "003")
    run = found.flags[found.flags["kind"] == "run"].iloc[0]
    assert (run["code"], run["year"], run["n_years"], run["value"]) == ("040", 2015, 8, 47.3)
    copy = found.flags[found.flags["kind"] == "copy"].iloc[0]
    assert (copy["code"], copy["others"], copy["n_years"]) == ("050", "009", 20)
    # What is beyond measure stands before what is only far off.
    assert set(found.flags["kind"].iloc[:3]) == {"limit", "run", "copy"}


def test_a_place_that_is_unlike_its_neighbours_in_most_years_comes_last(grid, graph):
    apart = grid.copy()
    apart[:, 27] += 25
    found = judge(RATE, "county", given(apart), UNITS, graph)
    lasting = found.flags["shape"] == "lasting"
    assert set(found.flags.loc[lasting, "code"]) == {"027"}
    assert lasting.tolist() == sorted(lasting)


def test_rates_of_the_parts_of_a_divided_unit_are_no_copies(grid, graph):
    faulty = grid.copy()
    faulty[:, 50] = faulty[:, 9]
    assert not (judge(RATE, "county", given(faulty, status=DERIVED), UNITS, graph).flags["kind"] == "copy").any()


def test_a_total_is_not_compared_with_its_neighbours_and_few_years_not_with_the_past(grid, graph):
    found = judge(COUNT, "county", given(grid[:2] * 1000), UNITS, graph)
    assert found.refused == {"past": "few_years", "neighbours": "size", "run": "few_years", "copy": "few_years"}
    assert judge(RATE, "county", given(grid), UNITS, None).refused["neighbours"] == "few_units"


def test_what_has_no_figures_or_is_computed_here_is_refused():
    catalogue = {"rasters": [{"figures": [{"indicator": "relief"}]}], "storms": [{"figures": [{"indicator": "gales"}]}]}
    assert refusal(catalogue, RATE) is None
    assert refusal(catalogue, RATE | {"categories": [{"id": "poor"}]}) == "categories"
    assert refusal(catalogue, RATE | {"id": "relief"}) == refusal(catalogue, RATE | {"id": "gales"}) == "grid"
    assert refusal(catalogue, RATE | {"shown": False, "derive": {"numerator": "a"}}) == "helper"


@pytest.mark.parametrize(("status", "n"), [(PUBLISHED, 2), (DERIVED, 0)])
def test_only_published_totals_are_compared_with_their_parts(status, n):
    parts = given(np.array([[10.0, 20.0, 5.0, np.nan]]), ["a", "b", "c", "d"])
    whole = given(np.array([[45.0, 2.0]]), ["P", "Q"], status)
    flags, judged, partial = judge_totals(
        COUNT, "province", (whole, ["P", "Q"]), (parts, ["a", "b", "c", "d"]), ["P", "P", "Q", "Q"], None
    )
    assert len(flags) == judged == n
    assert partial.empty
    if n:
        assert flags.set_index("code")[["shape", "off", "others"]].to_numpy().tolist() == [
            ["differs", 15.0, ""],
            ["exceeds", -3.0, "d"],
        ]


def test_no_figures_at_all_is_an_answer(graph):
    empty = given(np.empty((0, len(UNITS))))
    assert isinstance(empty, UnitYearValues)
    flags, judged, partial = judge_totals(COUNT, "province", (empty, UNITS), (empty, UNITS), [""] * len(UNITS), None)
    assert (len(flags), judged, len(partial)) == (0, 0, 0)
