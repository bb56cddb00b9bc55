"""Coverage by hand, by brute force, and with what is missing."""

import importlib.util
import itertools
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.projects.coverage import cover
from fuping.spatial.projects.errors import ProjectError
from fuping.spatial.projects.reach import coverage_table, gaps, intensity, programme_overlap
from hypothesis import given
from hypothesis import strategies as st

UNITS = pd.DataFrame(
    {"population": [100.0, 300.0, 600.0, 50.0], "poor_population": [50.0, 60.0, 0.0, 40.0], "area_km2": [1, 2, 3, 4]},
    index=["a", "b", "c", "d"],
)
ROWS = pd.DataFrame(
    [
        ("P1", "a", "roads", 2014, 2015, 20.0),
        ("P1", "b", "roads", 2014, 2015, 30.0),
        ("P2", "b", "schools", 2015, None, 40.0),
        ("P3", "b", "schools", 2015, 2015, 7.0),
        ("P4", "z", "schools", 2015, 2015, 1.0),
        ("P5", None, "schools", 2015, 2015, 1.0),
        ("P6", "c", "roads", 2001, 2002, 1.0),
    ],
    columns=["project", "unit", "programme", "first_year", "last_year", "amount"],
)
YEARS = (2013, 2014, 2015, 2016)


@pytest.fixture
def coverage():
    return cover(ROWS, UNITS, years=YEARS)


def test_what_is_covered_each_year_is_counted_by_hand(coverage):
    table = coverage_table(coverage)
    assert table["units_covered"].tolist() == [0, 2, 2, 1]
    assert table["units"].tolist() == [4] * 4
    assert table["population_covered"].tolist() == [0, 400, 400, 300]
    assert table["poor_population_covered_share"].tolist() == pytest.approx([0, 110 / 150, 110 / 150, 60 / 150])
    assert table["area_km2_covered"].tolist() == [0, 3, 3, 2]
    assert table["projects"].tolist() == [0, 2, 4, 1]


def test_two_projects_of_a_programme_cover_a_unit_once(coverage):
    table = coverage_table(coverage, by_programme=True)
    assert table.loc[("schools", 2015), ["units_covered", "projects"]].tolist() == [1, 2]
    assert table.loc[("roads", 2015), "population_covered"] == 400


def test_levels_add_up_to_the_whole(coverage):
    parents = pd.Series({"a": "N", "b": "S", "c": "S", "d": "N"})
    table = coverage_table(coverage, parents=parents)
    assert table.loc[("S", 2016), "units_covered"] == 1
    assert table.loc[("N", 2014), "population_covered"] == 100
    whole = coverage_table(coverage)
    for column in ("units", "units_covered", "population", "population_covered", "projects"):
        assert table[column].groupby("year").sum().tolist() == whole[column].tolist()


def test_rows_outside_every_unit_are_counted_with_their_reason(coverage):
    report = coverage.report
    assert (report.n_left, report.matched) == (7, 5)
    assert [(row.code, row.name, row.reason) for row in report.unmatched_left] == [
        ("z", "P4", "unknown_code"),
        ("", "P5", "missing_code"),
    ]
    assert report.notes == ("1 rows run in no year from 2013 to 2016",)


def test_programmes_overlap_where_both_have_been(coverage):
    assert programme_overlap(coverage).to_numpy().tolist() == [[2, 1], [1, 1]]
    assert programme_overlap(coverage, year=2014).to_numpy().tolist() == [[2, 0], [0, 0]]
    people = programme_overlap(coverage, year=2015, measure="population")
    assert people.loc["roads", "schools"] == 300


def test_a_gap_is_poor_and_never_covered_and_an_unknown_one_is_named(coverage):
    poor = pd.Series({"a": True, "b": True, "c": None, "d": True}, dtype="boolean")
    table, report = gaps(coverage, poor=poor)
    assert table.index.tolist() == ["d"]
    assert table.loc["d", "poor_population"] == 40
    assert [row.code for row in report.unmatched_left] == ["c"]
    assert report.unmatched_right == ()
    _, report = gaps(coverage, poor=pd.concat([poor, pd.Series({"q": True}, dtype="boolean")]))
    assert [(row.code, row.reason) for row in report.unmatched_right] == [("q", "unknown_code")]


def test_money_is_spread_over_the_years_and_a_partial_sum_is_no_total(coverage):
    table = intensity(coverage)
    assert table.loc[("a", 2014), "amount_per_poor"] == pytest.approx(10 / 50)
    # P2 still runs, so its money in 2015 is not known, though that of P1 and P3 is.
    assert table.loc[("b", 2015), "known_amount"] == pytest.approx(15 + 7)
    assert np.isnan(table.loc[("b", 2015), "amount"])
    assert table.loc[("b", 2015), "unknown_amounts"] == 1
    assert table.loc[("d", 2015), "amount"] == 0
    assert np.isnan(table.loc[("c", 2015), "amount_per_poor"])


def test_a_missing_population_makes_no_partial_total_unless_it_is_allowed():
    units = UNITS.assign(population=[np.nan, 300.0, 600.0, 50.0])
    coverage = cover(ROWS, units, years=[2014, 2016])
    strict = coverage_table(coverage)
    assert np.isnan(strict["population_covered"][2014])
    assert strict["population_missing"].tolist() == [1, 0]
    assert strict["population_covered"][2016] == 300
    assert np.isnan(strict["population_covered_share"]).all()
    lenient = coverage_table(coverage, minimum_share=0.5)
    assert lenient["population_covered"].tolist() == [300, 300]


def test_people_may_change_from_year_to_year():
    index = pd.MultiIndex.from_product([["a", "b"], [2014, 2015]])
    units = pd.DataFrame({"population": [100, 110, 300, 330]}, index=index)
    table = coverage_table(cover(ROWS[:2], units, years=[2014, 2015]))
    assert table["population_covered"].tolist() == [400, 440]


ROW = st.tuples(
    st.sampled_from("abcdx"), st.sampled_from(["roads", "schools"]), st.integers(2010, 2020), st.integers(0, 5)
)


@given(st.lists(ROW, min_size=1, max_size=25))
def test_the_layout_equals_counting_row_by_row(drawn):
    rows = pd.DataFrame(
        [
            (f"P{i}", unit, programme, first, first + more, 12.0)
            for i, (unit, programme, first, more) in enumerate(drawn)
        ],
        columns=ROWS.columns,
    )
    coverage = cover(rows, UNITS, years=range(2012, 2019))
    for (p, programme), (u, unit), (t, year) in itertools.product(
        enumerate(coverage.programmes), enumerate(coverage.units), enumerate(coverage.years)
    ):
        here = [
            more for at, kind, first, more in drawn if (at, kind) == (unit, programme) and first <= year <= first + more
        ]
        assert coverage.active[p, u, t] == len(here)
        assert coverage.known_amount[p, u, t] == pytest.approx(sum(12 / (more + 1) for more in here), abs=1e-9)
    assert coverage.report.matched + len(coverage.report.unmatched_left) == len(rows)


def test_what_cannot_be_counted_is_refused(coverage):
    with pytest.raises(ProjectError, match="No year is asked for"):
        cover(ROWS, UNITS, years=[])
    with pytest.raises(ProjectError, match="population is negative or no number in b"):
        cover(ROWS, UNITS.assign(population=[1, -1, 1, 1]), years=YEARS)
    with pytest.raises(ProjectError, match="has a twice"):
        cover(ROWS, pd.concat([UNITS, UNITS[:1]]), years=YEARS)
    with pytest.raises(ProjectError, match="2 units have no parent: c, d"):
        coverage_table(coverage, parents=pd.Series({"a": "N", "b": "S"}))
    with pytest.raises(ProjectError, match="The year 1999 is not studied; the years are 2013 to 2016"):
        programme_overlap(coverage, year=1999)


def test_an_empty_list_covers_nothing():
    coverage = cover(ROWS[:0], UNITS, years=YEARS)
    assert coverage_table(coverage)["units_covered"].tolist() == [0] * 4
    assert intensity(coverage)["amount"].eq(0).all()
    assert programme_overlap(coverage).empty


def test_ten_thousand_projects_in_three_thousand_counties_over_twenty_years_take_less_than_five_seconds():
    place = Path(__file__).parents[3] / "benchmarks" / "coverage.py"
    spec = importlib.util.spec_from_file_location("benchmark_of_coverage", place)
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    rows, units = benchmark.simulate(50, 1), benchmark.counties()
    assert (rows["project"].nunique(), rows["unit"].nunique(), len(rows)) == (10_000, 3_000, 500_000)
    begin = time.perf_counter()
    people, money = benchmark.laid_out(rows, units)
    assert time.perf_counter() - begin < 5
    few = rows[rows["unit"] < "000100"]
    (people, money), (again, spent) = benchmark.laid_out(few, units), benchmark.explode_and_merge(few, units)
    np.testing.assert_allclose(people.loc[again.index], again.astype(float))
    np.testing.assert_allclose(money.loc[spent.index].to_numpy(), spent.to_numpy(float))
