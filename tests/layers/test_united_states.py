"""SAIPE by county against what the Census Bureau publishes for the nation, over code changes of thirty years."""

import numpy as np
import pandas as pd
import pytest
from fuping.layers.country import Country
from fuping.spatial.cube.missing import MissingReason
from shared_data import needs_shared, shared

pytestmark = needs_shared

RAW = "us/saipe_county_1989_2019.csv.gz"


@pytest.fixture(scope="module")
def states(store):
    return Country(store, "us")


@pytest.fixture(scope="module")
def poor(states):
    return states.cube(["poverty_count", "poverty_rate", "median_household_income"])


@pytest.fixture(scope="module")
def raw():
    return pd.read_csv(shared(RAW), dtype={"fips": str})


def at(poor, code, year):
    return float(poor["poverty_count"].sel(code=code, year=year))


def test_the_nation_is_the_sum_of_its_counties_as_published(states):
    # Counties are rounded one by one, and controlled to the nation before rounding.
    published = pd.read_csv(shared("us/saipe_national_rows.csv"), dtype={"fips": str}).set_index("year")
    ours = states.cube(["poverty_count", "poverty_rate"], level="nation")
    for year in range(2013, 2020):
        assert float(ours["poverty_count"].sel(year=year)[0]) == pytest.approx(published.at[year, "pov_count"], abs=50)
        assert float(ours["poverty_rate"].sel(year=year)[0]) == pytest.approx(published.at[year, "pov_rate"], abs=0.05)


def test_no_poor_person_is_lost_over_a_code_change(poor, raw):
    carried = poor["poverty_count"].sum("geometry").to_series()
    given = raw.groupby("year")["pov_count"].sum()
    # 1989: one Alaskan area that was later cut up; 1993 and 1995: the national park in Montana. The report names both.
    known = {"02231", "30113"}
    lost = raw[raw["fips"].isin(known)].groupby("year")["pov_count"].sum().reindex(given.index, fill_value=0)
    np.testing.assert_allclose(carried.reindex(given.index), given - lost, rtol=0, atol=1e-6)


def test_a_state_is_the_sum_of_its_counties_in_2012(states, raw):
    year = raw[raw["year"] == 2012]
    by_hand = year.groupby(year["fips"].str[:2])["pov_count"].sum()
    ours = states.cube("poverty_count", level="state")["poverty_count"].sel(year=2012)
    observed = dict(zip(ours["code"].values, ours.values, strict=True))
    assert len(by_hand) == 51
    assert {code: observed[code] for code in by_hand.index} == by_hand.to_dict()


@pytest.mark.parametrize(
    ("before", "after", "year"),
    [("46113", "46102", 2014), ("02270", "02158", 2014), ("12025", "12086", 1995)],
)
def test_a_renamed_county_keeps_its_history(poor, raw, before, after, year):
    row = raw[(raw["fips"] == before) & (raw["year"] == year)].iloc[0]
    assert at(poor, after, year) == row["pov_count"]
    assert float(poor["poverty_rate"].sel(code=after, year=year)) == row["pov_rate"]


def test_bedford_city_is_counted_with_its_county_before_2013(poor, raw):
    both = raw[raw["fips"].isin(["51515", "51019"]) & (raw["year"] == 2012)]
    assert len(both) == 2
    assert at(poor, "51019", 2012) == both["pov_count"].sum()
    assert at(poor, "51019", 2015) == float(raw[(raw["fips"] == "51019") & (raw["year"] == 2015)]["pov_count"].iloc[0])
    # A median of two medians is not defined, so it is missing, with its reason.
    assert np.isnan(float(poor["median_household_income"].sel(code="51019", year=2012)))
    assert int(poor["median_household_income_reason"].sel(code="51019", year=2012)) == MissingReason.NOT_PUBLISHED


def test_a_merged_rate_is_weighted_by_the_people_it_is_a_share_of(poor, raw):
    both = raw[raw["fips"].isin(["51515", "51019"]) & (raw["year"] == 2012)]
    universe = both["pov_count"] / (both["pov_rate"] / 100)
    expected = 100 * both["pov_count"].sum() / universe.sum()
    assert float(poor["poverty_rate"].sel(code="51019", year=2012)) == pytest.approx(expected, rel=1e-12)


def test_valdez_cordova_is_carried_back_from_its_two_parts(store):
    people = Country(store, "us").cube("population")["population"]
    given = pd.read_csv(shared("us/population_county_2010_2023.csv.gz"), dtype={"fips": str}).set_index(
        ["fips", "year"]
    )
    parts = given.loc[("02063", 2022), "population"] + given.loc[("02066", 2022), "population"]
    assert float(people.sel(code="02261", year=2022)) == pytest.approx(parts, rel=1e-12)


def test_connecticut_keeps_its_total_over_the_planning_regions(store):
    people = Country(store, "us").cube("population")["population"]
    given = pd.read_csv(shared("us/population_county_2010_2023.csv.gz"), dtype={"fips": str})
    regions = given[given["fips"].str.startswith("09") & (given["year"] == 2022)]
    assert set(regions["fips"]) == {f"09{n}0" for n in range(11, 20)}
    counties = [code for code in people["code"].values if code.startswith("09")]
    ours = people.isel(geometry=np.isin(people["code"].values, counties)).sel(year=2022)
    assert len(counties) == 8
    assert float(ours.sum()) == pytest.approx(regions["population"].sum(), rel=1e-9)


def test_what_was_computed_is_marked_derived(store):
    from fuping.layers.stores import STATUS_WORDS

    cube = Country(store, "us").cube("population")
    word = STATUS_WORDS[int(cube["population_status"].sel(code="09001", year=2022))]
    assert word == "derived"
    assert STATUS_WORDS[int(cube["population_status"].sel(code="01001", year=2022))] == "modelled"


def test_a_county_without_a_shape_keeps_its_figures(poor, raw):
    given = raw[(raw["fips"] == "51610") & (raw["year"] == 2012)]["pov_count"].iloc[0]
    assert at(poor, "51610", 2012) == given


def test_what_the_source_does_not_cover_is_no_gap(states):
    cube = states.cube("poverty_count")
    assert int(cube["poverty_count_reason"].sel(code="72001", year=2012)) == MissingReason.OUTSIDE
    state = states.cube("poverty_count", level="state")
    assert int(state["poverty_count_reason"].sel(code="72", year=2012)) == MissingReason.OUTSIDE


def test_the_report_names_what_has_no_successor(states):
    joined = next(one for one in states.reports if one.name == "saipe → county")
    assert {row.code for row in joined.unmatched_left} == {"02231", "30113"}


def test_intervals_come_with_the_years_that_have_them(poor):
    assert np.isnan(float(poor["poverty_rate_lower"].sel(code="01001", year=2012)))
    one = poor.sel(code="01001", year=2013)
    assert float(one["poverty_rate_lower"]) < float(one["poverty_rate"]) < float(one["poverty_rate_upper"])
