"""Project lists, money and designs that are wrong, and the error each must give."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.projects.allocation import allocate
from fuping.spatial.projects.errors import AllocationError, ProjectError
from fuping.spatial.projects.money import convert, deflate
from fuping.spatial.projects.project_list import check_projects

GOOD = {"project": "P1", "unit": "11", "programme": "roads", "first_year": 2015, "last_year": 2017, "amount": 5.0}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"last_year": 2014}, r"an end before its start: row 7 \(project P1, unit 11, .*last_year 2014"),
        ({"amount": -5.0}, r"negative money: row 7 .*amount -5"),
        ({"amount": "five"}, r"money that is no number: row 7 .*amount five"),
        ({"first_year": 2015.5}, r"a first year that is missing or no whole number: row 7"),
        ({"first_year": None}, r"a first year that is missing or no whole number: row 7"),
        ({"last_year": "soon"}, r"a last year that is no whole number: row 7 .*last_year soon"),
        ({"unit": " "}, r"text that is blank or a number: row 7"),
        ({"unit": 11}, r"text that is blank or a number: row 7"),
        ({"programme": None}, r"text that is blank or a number: row 7"),
    ],
)
def test_a_project_list_names_the_row_and_the_value(change, message):
    rows = pd.DataFrame([GOOD | {"project": "P0"}, GOOD | change], index=[3, 7])
    with pytest.raises(ProjectError, match=message) as caught:
        check_projects(rows)
    assert caught.value.values["rows"] == [7]


def test_all_faults_of_a_project_list_come_at_once():
    rows = pd.DataFrame([GOOD | {"amount": -1}, GOOD | {"project": "P2", "last_year": 2000}])
    with pytest.raises(ProjectError, match=r"an end before its start.*; negative money"):
        check_projects(rows)


def test_the_same_project_may_return_to_a_unit_later_but_not_overlap():
    rows = pd.DataFrame([GOOD, GOOD | {"first_year": 2018, "last_year": 2019}])
    assert len(check_projects(rows)) == 2
    with pytest.raises(ProjectError, match=r"twice in overlapping years: row 1"):
        check_projects(rows.assign(first_year=[2015, 2017]))
    with pytest.raises(ProjectError, match=r"twice in overlapping years: row 1"):
        check_projects(rows.assign(last_year=[None, 2019]))


def test_every_row_within_a_long_one_is_named_though_another_ended_before_it():
    rows = pd.DataFrame(
        [GOOD | {"first_year": a, "last_year": b} for a, b in ((2000, 2020), (2001, 2002), (2010, 2011))]
    )
    with pytest.raises(ProjectError, match=r"overlapping years: row 1 .*, row 2"):
        check_projects(rows)


def test_a_missing_column_is_named():
    with pytest.raises(ProjectError, match="no column last_year"):
        check_projects(pd.DataFrame([GOOD]).drop(columns="last_year"))


LINKS = pd.DataFrame({"project": ["P1", "P1"], "unit": ["a", "b"]})


@pytest.mark.parametrize(
    ("projects", "links", "options", "message"),
    [
        ({"amount": [-1.0]}, {}, {"rule": "equal"}, r"negative money: row 0 \(project P1, amount -1\)"),
        ({"amount": [1.005]}, {}, {"rule": "equal"}, "money finer than 2 decimals: row 0"),
        ({"amount": [1e15]}, {}, {"rule": "equal"}, "money too large to be exact to 2 decimals"),
        ({"amount": [np.inf]}, {}, {"rule": "equal"}, "money that is no number: row 0"),
        ({}, {}, {"rule": "fair"}, "The rule 'fair' is unknown. Choose one of equal, population"),
        ({}, {"project": ["P1", "P9"]}, {"rule": "equal"}, r"not in the list: row 1 \(project P9, unit b\)"),
        ({}, {"unit": ["a", "a"]}, {"rule": "equal"}, "pairs of project and unit that stand twice: row 0"),
        ({}, {"share": [0.5, 0.4]}, {"rule": "shares"}, r"shares that do not sum to 1: row 0 .*share 0.5"),
        ({}, {"share": [1.5, -0.5]}, {"rule": "shares"}, r"no shares that is a number of zero or more: row 1"),
        ({}, {}, {"rule": "shares"}, "no column share"),
        ({}, {}, {"rule": "population"}, "needs a table of units with the column population"),
    ],
)
def test_an_allocation_that_cannot_be_made_is_refused(projects, links, options, message):
    table = pd.DataFrame({"project": ["P1"], "amount": [10.0]}).assign(**projects)
    with pytest.raises(AllocationError, match=message):
        allocate(table, LINKS.assign(**links), **options)


@pytest.mark.parametrize(
    ("people", "message"),
    [
        ({"a": 5.0, "b": np.nan}, r"no population that is a number.*: row 1 \(project P1, unit b, population nan\)"),
        ({"a": 5.0}, "units that are not in the table of units: row 1"),
        ({"a": 0.0, "b": 0.0}, "units whose population is zero throughout: row 0"),
    ],
)
def test_a_unit_without_people_is_not_given_an_invented_weight(people, message):
    units = pd.DataFrame({"population": people})
    with pytest.raises(AllocationError, match=message):
        allocate(pd.DataFrame({"project": ["P1"], "amount": [10.0]}), LINKS, rule="population", units=units)


RATES = pd.DataFrame({"currency": ["USD"], "to_currency": ["CNY"], "year": [2016], "rate": [6.6]})


@pytest.mark.parametrize(
    ("row", "rates", "message"),
    [
        ({"currency": "XYZ"}, {}, r"no rate to CNY: row 4 \(amount 1, currency XYZ, year 2016\)"),
        ({"year": 1999}, {}, "no rate to CNY: row 4 .*year 1999"),
        ({"amount": -1.0}, {}, "money that is negative or no number: row 4"),
        ({}, {"rate": [0.0]}, "a rate that is not positive: row 0 .*rate 0"),
    ],
)
def test_money_without_a_rate_is_named(row, rates, message):
    rows = pd.DataFrame([{"amount": 1.0, "currency": "USD", "year": 2016} | row], index=[4])
    with pytest.raises(AllocationError, match=message):
        convert(rows, to="CNY", rates=RATES.assign(**rates))


@pytest.mark.parametrize(
    ("year", "base", "message"),
    [(1999, 2010, "no price index: row 0 .*year 1999"), (2010, 1990, "no value for the base year 1990; it has 2010")],
)
def test_money_without_a_price_index_is_named(year, base, message):
    rows = pd.DataFrame({"amount": [1.0], "year": [year]})
    with pytest.raises(AllocationError, match=message):
        deflate(rows, prices=pd.Series({2010: 100.0, 2011: 103.0}), base_year=base)
