"""China's census by county: the workbooks as published against the cleaned table of the same figures."""

import numpy as np
import pandas as pd
import pytest
from fuping.layers.country import Country
from fuping.spatial.cube.missing import MissingReason
from shared_data import needs_shared, shared

pytestmark = needs_shared

# Column of the cleaned table → indicator, and how its unit becomes ours.
SAME = {
    "population": ("population", 1),
    "schooling_years": ("mean_schooling", 1),
    "illiterate15plus_pct": ("illiteracy_rate", 1),
    "agri_employment_share": ("farm_employment_share", 100),
}
WITHOUT = {
    "piped_water_share": "without_piped_water",
    "kitchen_share": "without_kitchen",
    "toilet_share": "without_toilet",
    "bath_share": "without_bath",
}


@pytest.fixture(scope="module")
def cube(store):
    return Country(store, "cn").cube([name for name, _ in SAME.values()] + list(WITHOUT.values()))


@pytest.fixture(scope="module")
def cleaned():
    return pd.read_csv(shared("china/county_census_2010_2020.csv"), dtype={"adcode": str})


def pairs(cube, cleaned, column, indicator, year):
    """Return (cleaned, ours) for the counties whose code is drawn and that received from nobody else."""
    given = cleaned[cleaned["year"] == year].set_index("adcode")[column]
    ours = pd.Series(cube[indicator].sel(year=year).values, index=cube["code"].values)
    own = pd.Series(cube["population"].sel(year=year).values, index=cube["code"].values)
    people = cleaned[cleaned["year"] == year].set_index("adcode")["population"]
    same = [code for code in given.index if code in ours.index and people.get(code) == own[code]]
    both = pd.DataFrame({"given": given.reindex(same), "ours": ours.reindex(same)})
    return both[both["given"].notna()]


@pytest.mark.parametrize("year", [2010, 2020])
@pytest.mark.parametrize("column", SAME)
def test_a_published_column_arrives_unchanged(cube, cleaned, column, year):
    indicator, scale = SAME[column]
    both = pairs(cube, cleaned, column, indicator, year)
    assert len(both) > 2400
    # The cleaned table rounds: shares to four digits, the rest to two.
    np.testing.assert_allclose(both["ours"], both["given"] * scale, atol=0.0051 * scale if scale == 1 else 0.0051)


@pytest.mark.parametrize("year", [2010, 2020])
@pytest.mark.parametrize("column", WITHOUT)
def test_a_share_without_is_what_the_share_with_leaves(cube, cleaned, column, year):
    both = pairs(cube, cleaned, column, WITHOUT[column], year)
    assert len(both) > 2400
    np.testing.assert_allclose(both["ours"], 100 - 100 * both["given"], atol=0.0051)


@pytest.mark.parametrize("year", [2010, 2020])
def test_no_one_is_lost_between_the_table_and_the_map_but_what_the_report_names(store, cube, cleaned, year):
    country = Country(store, "cn")
    report = next(one for one in country.reports if one.name == f"census_{year} → county")
    lost = {row.code for row in report.unmatched_left}
    given = cleaned[cleaned["year"] == year]
    kept = given[~given["adcode"].isin(lost)]["population"].sum()
    ours = pd.Series(cube["population"].sel(year=year).values, index=cube["code"].values)
    # The cleaned table leaves out cities without counties (Dongguan, say); the workbook and the map have them.
    cities = ours[ours.index.str.endswith("00")].sum()
    assert ours.sum() - cities == pytest.approx(kept, rel=1e-3)
    assert report.n_left == report.matched + len(report.unmatched_left)


@pytest.mark.parametrize(("year", "people"), [(2010, 1_339_724_852), (2020, 1_411_778_724)])
def test_the_provinces_hold_the_people_that_the_census_counted(store, year, people):
    # National Bureau of Statistics, communiqués of 2011 and 2021; servicemen (about 2 million) are in no province.
    total = float(Country(store, "cn").cube("population", level="province")["population"].sel(year=year).sum())
    assert total == pytest.approx(people, rel=0.007)


def test_most_designated_counties_have_the_census(store):
    cn = Country(store, "cn")
    poor = cn.cube("poverty_county_status")["poverty_county_status"].sel(year=2012).values == 1
    for year in (2010, 2020):
        there = ~np.isnan(cn.cube("without_piped_water")["without_piped_water"].sel(year=year).values)
        assert (poor & there).sum() >= 825


def test_a_share_of_what_the_table_does_not_cover_is_outside_too(store):
    cube = Country(store, "cn").cube("without_piped_water")
    abroad = [code for code in cube["code"].values if code[:2] in ("71", "81", "82")]
    reasons = cube["without_piped_water_reason"].sel(year=2020).values[np.isin(cube["code"].values, abroad)]
    assert len(abroad) > 20
    assert set(reasons) == {MissingReason.OUTSIDE}
