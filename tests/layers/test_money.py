"""Money in common terms: rates and prices against published ones, and what has none counted and never guessed."""

import socket

import numpy as np
import pandas as pd
import pytest
from fuping.layers.errors import SourceError
from fuping.layers.ingest.projects import place_projects, read_projects
from fuping.layers.money import MoneyTerms, express, in_one_currency, price_years
from fuping.layers.schema.metadata import Indicator, PackInfo
from fuping.layers.sources.reference_rates import consumer_prices, reference_rates
from fuping.spatial.errors import FupingError
from pydantic import ValidationError


def rate(currency, to, year):
    table = reference_rates(to).table.set_index(["currency", "year"])["rate"]
    return table[currency, year]


@pytest.mark.parametrize(
    ("year", "dollars"), [(1999, 1.0658), (2008, 1.4708), (2016, 1.1069), (2019, 1.1195), (2020, 1.1422)]
)
def test_the_euro_bought_what_the_central_bank_publishes_as_the_years_average(year, dollars):
    # European Central Bank, euro exchange rates, US dollar, average of the year.
    assert rate("EUR", "USD", year) == pytest.approx(dollars, abs=6e-5)


@pytest.mark.parametrize(("currency", "average"), [("CNY", 7.8747), ("KRW", 1345.58), ("JPY", 121.85), ("GBP", 0.8897)])
def test_other_currencies_of_2020_against_the_euro(currency, average):
    # The same publication, averages of 2020, printed to five digits or six.
    assert rate("EUR", currency, 2020) == pytest.approx(average, rel=4e-5)


def test_prices_are_those_that_the_bureau_publishes():
    # Bureau of Labor Statistics, CPI-U, US city average, all items, annual average.
    assert consumer_prices()[[1913, 2000, 2010, 2020]].tolist() == [9.9, 172.2, 218.056, 258.811]


def test_a_year_that_is_not_whole_has_no_rate():
    table = reference_rates("USD").table
    assert table.loc[table["currency"] == "CNY", "year"].min() == 2006  # first quoted in April 2005
    assert table.loc[table["currency"] == "EUR", "year"].min() == 1999
    until = reference_rates("USD").until
    assert int(until[:4]) not in table["year"].to_numpy() or until[5:] > "12-23"
    assert table["rate"].gt(0).all()


def test_nothing_is_fetched(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    for one in (reference_rates, consumer_prices):
        one.cache_clear()
    assert len(reference_rates("CNY").table)
    assert len(consumer_prices())


AMOUNTS = pd.DataFrame(
    {
        "amount": [150.0, 100.0, 100.0, 7.0, 9.0, np.nan, 3.0],
        "currency": ["USD", "CNY", "CNY", "XAU", "KRW", "CNY", "USD"],
        "year": [2015, 2015, 2001, 2015, np.nan, 2015, np.nan],
    }
)


def test_amounts_are_converted_and_what_has_no_rate_is_told():
    found = express(AMOUNTS, MoneyTerms("USD"))
    assert found.amount.iloc[:2].tolist() == pytest.approx([150, 100 * rate("CNY", "USD", 2015)])
    assert found.why.tolist() == ["", "", "no_rate", "no_rate", "no_year", "", ""]
    assert found.amount.isna().tolist() == [False, False, True, True, True, True, False]
    assert found.left_out == 3
    assert found.rates[["currency", "year"]].to_numpy().tolist() == [["CNY", 2015]]


def test_constant_dollars_are_by_the_price_index():
    prices = consumer_prices()
    found = express(AMOUNTS, MoneyTerms("USD", 2020))
    assert found.amount[0] == pytest.approx(150 * prices[2020] / prices[2015])
    assert found.amount[1] == pytest.approx(100 * rate("CNY", "USD", 2015) * prices[2020] / prices[2015])
    # A dollar without a year is a dollar, but not one of a year's prices.
    assert found.why[6] == "no_year"
    assert price_years()[-1] == 1999


@pytest.mark.parametrize("terms", [MoneyTerms("XAU"), MoneyTerms("CNY", 2020), MoneyTerms("USD", 2099)])
def test_terms_that_there_are_no_rates_or_prices_for_are_refused(terms):
    with pytest.raises(SourceError):
        express(AMOUNTS, terms)


def test_negative_money_is_refused():
    with pytest.raises(FupingError, match="negative"):
        express(AMOUNTS.assign(amount=-1.0), MoneyTerms("USD"))


TABLE = """project,programme,first_year,last_year,unit_code,project_amount,currency
A,P,2015,2018,101,100,CNY
A,P,2015,2018,102,,CNY
B,P,2016,2018,101,10,USD
C,P,2001,2003,102,100,CNY
"""


def test_a_file_in_several_currencies_is_added_up_in_one(tmp_path):
    path = tmp_path / "projects.csv"
    path.write_text(TABLE)
    read = read_projects(path)
    assert set(read.totals()["currency"]) == {"CNY", "USD"}
    one = in_one_currency(read, "USD")
    assert one.totals().set_index("project")["amount"].to_dict() == pytest.approx(
        {"A": 100 * rate("CNY", "USD", 2015), "B": 10}, abs=0.005
    )
    assert "1 amounts have no rate to USD and are left out: CNY 2001" in one.notes
    units = pd.DataFrame({"code": ["101", "102"]})
    rows, report = place_projects(one, units, rule="equal")
    assert rows.groupby("project")["amount"].sum(min_count=1)["A"] == pytest.approx(
        100 * rate("CNY", "USD", 2015), abs=0.005
    )
    assert any("converted with yearly means" in note for note in report.notes)
    with pytest.raises(FupingError, match="Amounts are in CNY, USD"):
        place_projects(read, units, rule="equal")


INDICATOR = {
    "id": "helped",
    "theme": {"en": "a", "zh": "甲"},
    "name": {"en": "a", "zh": "甲"},
    "unit": {"en": "persons", "zh": "人"},
    "kind": "count",
    "aggregation": "extensive",
    "direction": "neutral",
    "meaning": {"en": "a", "zh": "甲"},
}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"role": "recipients", "kind": "rate", "aggregation": "intensive"}, "recipients are a count"),
        ({"role": "givers"}, "recipients"),
        ({"currency": "CNY"}, "only an amount has a currency"),
        ({"kind": "amount", "currency": "yuan"}, "pattern"),
        ({"kind": "amount", "currency": "CNY", "currency_scale": 0}, "greater than 0"),
    ],
)
def test_a_faulty_declaration_is_refused(change, message):
    assert Indicator(**INDICATOR | {"role": "recipients"}).role == "recipients"
    with pytest.raises(ValidationError, match=message):
        Indicator(**INDICATOR | change)


def test_a_report_currency_is_a_code():
    info = {"code": "at", "name": {"en": "a", "zh": "甲"}, "summary": {"en": "a", "zh": "甲"}}
    info |= {"default_indicator": "a", "default_level": "a", "bounds": [0, 0, 1, 1]}
    assert PackInfo(**info, report_currency="CNY").report_currency == "CNY"
    with pytest.raises(ValidationError):
        PackInfo(**info, report_currency="RMB yuan")
