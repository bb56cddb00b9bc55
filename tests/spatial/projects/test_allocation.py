"""Money over units: it adds up to the coin, whatever the rule."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.projects.allocation import allocate, largest_remainder
from fuping.spatial.projects.errors import AllocationError
from fuping.spatial.projects.money import convert, deflate
from hypothesis import given
from hypothesis import strategies as st

UNITS = pd.DataFrame(
    {"population": [100, 300, 600], "poor_population": [50.0, 50.0, 0.0]}, index=pd.Index(["a", "b", "c"], name="unit")
)


def one_project(amount, units=("a", "b", "c"), **columns):
    links = pd.DataFrame({"project": "P1", "unit": list(units)} | columns)
    return pd.DataFrame({"project": ["P1"], "amount": [amount]}), links


@st.composite
def many_to_many(draw):
    n_projects = draw(st.integers(1, 6))
    names = [f"P{i}" for i in range(n_projects)]
    cents = draw(st.lists(st.integers(0, 10**13), min_size=n_projects, max_size=n_projects))
    links = [(name, f"u{unit:02d}") for name in names for unit in sorted(draw(st.sets(st.integers(0, 19), min_size=1)))]
    people = draw(st.lists(st.integers(1, 5_000_000), min_size=20, max_size=20))
    units = pd.DataFrame({"population": people}, index=[f"u{unit:02d}" for unit in range(20)])
    return cents, pd.DataFrame(links, columns=["project", "unit"]).sample(frac=1, random_state=1), units


@given(many_to_many(), st.sampled_from(["equal", "population"]))
def test_the_parts_of_a_project_add_up_to_its_amount_to_the_cent(case, rule):
    cents, links, units = case
    projects = pd.DataFrame({"project": [f"P{i}" for i in range(len(cents))], "amount": np.array(cents) / 100})
    allocated, report = allocate(projects, links, rule=rule, units=units)
    got = (allocated["amount"] * 100).round().astype("int64").groupby(allocated["project"]).sum()
    assert got.to_dict() == {f"P{i}": value for i, value in enumerate(cents)}
    assert (allocated["amount"] >= 0).all()
    assert allocated.index.equals(links.index)
    assert report.matched == len(cents)


@given(many_to_many(), st.lists(st.integers(0, 3), min_size=20, max_size=20))
def test_where_poor_people_decide_units_without_them_get_nothing_and_the_parts_still_add_up(case, poor):
    cents, links, units = case
    units["poor_population"] = poor
    projects = pd.DataFrame({"project": [f"P{i}" for i in range(len(cents))], "amount": np.array(cents) / 100})
    there = links["unit"].map(units["poor_population"])
    if (there.groupby(links["project"]).sum() == 0).any():
        with pytest.raises(AllocationError, match="poor_population is zero throughout"):
            allocate(projects, links, rule="poor_population", units=units)
        return
    allocated, _ = allocate(projects, links, rule="poor_population", units=units)
    got = (allocated["amount"] * 100).round().astype("int64").groupby(allocated["project"]).sum()
    assert got.to_dict() == {f"P{i}": value for i, value in enumerate(cents)}
    assert (allocated.loc[there == 0, "amount"] == 0).all()


@given(many_to_many(), st.integers(0, 10**6), st.floats(-9e-7, 9e-7))
def test_given_shares_that_miss_one_by_as_much_as_is_allowed_still_add_up(case, seed, miss):
    cents, links, _ = case
    drawn = pd.Series(np.random.default_rng(seed).random(len(links)), index=links.index)
    share = drawn / drawn.groupby(links["project"]).transform("sum") * (1 + miss)
    projects = pd.DataFrame({"project": [f"P{i}" for i in range(len(cents))], "amount": np.array(cents) / 100})
    allocated, _ = allocate(projects, links.assign(share=share), rule="shares")
    got = (allocated["amount"] * 100).round().astype("int64").groupby(allocated["project"]).sum()
    assert got.to_dict() == {f"P{i}": value for i, value in enumerate(cents)}


@pytest.mark.parametrize(
    ("amount", "people", "served"),
    [
        (1e13, np.ones(3000), 3000),
        (1e13, np.r_[1e9, np.ones(2999)], 3000),
        (0.01, np.ones(3000), 1),
        (0.01, np.r_[np.zeros(2999), 1.0], 1),
        (0.0, np.ones(3), 0),
        (10.0, np.full(3, 5e-324), 3),
        (12_345_678_901.23, np.arange(3000.0), 2999),
    ],
    ids=["vast", "vast and uneven", "a cent", "a cent to the last", "nothing", "weights near zero", "every size"],
)
def test_extreme_amounts_and_weights_add_up_to_the_cent(amount, people, served):
    units = pd.DataFrame({"population": people}, index=[f"u{i:04d}" for i in range(len(people))])
    links = pd.DataFrame({"project": "P1", "unit": units.index})
    allocated, _ = allocate(
        pd.DataFrame({"project": ["P1"], "amount": [amount]}), links, rule="population", units=units
    )
    parts = [Decimal(str(one)) for one in allocated["amount"].round(2)]
    assert sum(parts) == Decimal(str(amount))
    assert sum(one > 0 for one in parts) == served
    assert all(one == 0 for one, weight in zip(parts, people, strict=True) if weight == 0)


@given(st.integers(0, 10**6), st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(sum))
def test_each_part_lies_within_one_coin_of_its_exact_quota(total, weights):
    parts = largest_remainder(np.array([total]), np.array(weights, dtype=float), np.zeros(len(weights), dtype=np.intp))
    assert parts.sum() == total
    for part, weight in zip(parts.tolist(), weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1
        assert weight or part == 0


@pytest.mark.parametrize(
    ("weights", "seats"),
    # Five states, 26 seats: "test_balinski_young_example2" of martinlackner/apportionment, hamilton.
    [([9061, 7179, 5259, 3319, 1182], [9, 7, 5, 4, 1])],
)
def test_hamiltons_method_gives_the_seats_of_the_textbook(weights, seats):
    got = largest_remainder(np.array([26]), np.array(weights, dtype=float), np.zeros(5, dtype=np.intp))
    quotas = [Fraction(26 * w, sum(weights)) for w in weights]
    floors = [int(q) for q in quotas]
    top = sorted(range(5), key=lambda i: floors[i] - quotas[i])[: 26 - sum(floors)]
    assert got.tolist() == [f + (i in top) for i, f in enumerate(floors)] == seats


def test_money_follows_people_and_poor_people():
    projects, links = one_project(1000.0)
    assert allocate(projects, links, rule="population", units=UNITS)[0]["amount"].tolist() == [100, 300, 600]
    assert allocate(projects, links, rule="poor_population", units=UNITS)[0]["amount"].tolist() == [500, 500, 0]


def test_given_shares_are_kept_and_published_percentages_may_miss_one_by_a_little():
    projects, links = one_project(100.0, share=[0.3333333, 0.3333333, 0.3333334])
    assert allocate(projects, links, rule="shares")[0]["amount"].sum().round(2) == 100.0


def test_a_missing_amount_stays_missing_and_is_noted():
    projects, links = one_project(np.nan)
    allocated, report = allocate(projects, links, rule="equal")
    assert allocated["amount"].isna().all()
    assert report.notes == ("1 projects have no amount: P1",)


def test_a_project_without_units_is_reported_not_dropped():
    projects = pd.DataFrame({"project": ["P1", "P2"], "amount": [1.0, 2.0]})
    _, report = allocate(projects, pd.DataFrame({"project": ["P1"], "unit": ["a"]}), rule="equal")
    assert [row.code for row in report.unmatched_left] == ["P2"]


def test_a_currency_without_cents_is_spread_in_whole_units():
    projects, links = one_project(100)
    assert allocate(projects, links, rule="equal", decimals=0)[0]["amount"].tolist() == [34, 33, 33]


def test_a_rate_that_stands_the_other_way_round_is_inverted():
    rates = pd.DataFrame({"currency": ["USD"], "to_currency": ["CNY"], "year": [2016], "rate": [8.0]})
    rows = pd.DataFrame({"amount": [16.0, None], "currency": ["CNY", "CNY"], "year": [2016, 2016]})
    converted = convert(rows, to="USD", rates=rates)
    assert converted[0] == 2.0
    assert np.isnan(converted[1])
    assert converted.attrs == {"currency": "USD"}


def test_each_amount_is_converted_at_the_rate_of_its_own_year():
    rates = pd.DataFrame({"currency": "USD", "to_currency": "CNY", "year": [2015, 2016], "rate": [6.0, 7.0]})
    rows = pd.DataFrame({"amount": [1.0, 1.0], "currency": "USD", "year": [2016, 2015]}, index=["x", "y"])
    assert convert(rows, to="CNY", rates=rates).to_dict() == {"x": 7.0, "y": 6.0}


def test_deflating_there_and_back_changes_nothing():
    prices = pd.Series({2010: 100.0, 2015: 120.0})
    rows = pd.DataFrame({"amount": [10.0, 60.0], "year": [2010, 2015]})
    real = deflate(rows, prices=prices, base_year=2015)
    assert real.tolist() == pytest.approx([12.0, 60.0])
    back = deflate(rows.assign(amount=real, year=2015), prices=prices, base_year=2010)
    assert back.tolist() == pytest.approx([10.0, 50.0])


def test_no_links_allocate_nothing_and_say_so():
    allocated, report = allocate(*one_project(5.0, units=()), rule="equal")
    assert allocated.empty
    assert report.reasons() == {"missing_code": 1}
