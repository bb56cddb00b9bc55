"""Korea's districts over three years: one level, no double count, and the totals that are known."""

import numpy as np
import pandas as pd
import pytest
from fuping.layers.country import Country
from fuping.layers.pack import pack_folders, read_pack
from fuping.layers.sources.locate import source_file
from fuping.spatial.cube.missing import MissingReason


@pytest.fixture(scope="module")
def korea(store):
    return Country(store, "kr")


@pytest.fixture(scope="module")
def raw(store):
    pack = read_pack(pack_folders()["kr"])
    return pd.read_parquet(source_file(pack, pack.source("censuskor"), store.supplied("kr")))


def test_recipients_sum_to_the_known_national_numbers(korea):
    # Ministry of Health and Welfare: 1.55 million in 2010, 1.65 in 2015, 2.13 in 2020; the 2010 table has 1.59 with
    # Cheongju and Changwon twice.
    recipients = korea.cube("basic_living_recipients")["basic_living_recipients"].sum("geometry").to_series()
    assert (recipients / 1e6).round(2).to_dict() == {2010: 1.55, 2015: 1.65, 2020: 2.13}


def test_people_are_counted_once(korea):
    # Census of 2010: 48.6 million in all, of whom those in households are fewer.
    people = korea.cube("population", level="nation")["population"].to_series().droplevel("geometry")
    assert 46e6 < people[2010] < 48.6e6
    assert 48e6 < people[2020] < 51.9e6


def test_districts_of_a_city_are_reported_not_added(korea):
    joined = next(one for one in korea.reports if one.name == "population → municipality")
    assert set(joined.reasons()) == {"other_level"}
    assert joined.n_left == joined.matched + len(joined.unmatched_left)


def test_what_stands_twice_is_left_out_with_its_reason(korea):
    notes = " ".join(next(one for one in korea.reports if one.name == "basic_living → municipality").notes)
    assert "Cheongju in 2010 stands a second time" in notes
    assert "Changwon in 2010 stands a second time" in notes


def test_cheongju_takes_its_former_county_in(korea, raw):
    rows = raw[
        (raw["class1"] == "basic living security") & (raw["year"] == 2010) & raw["class2"].isin(["female", "male"])
    ]
    parts = rows[rows["adm2_code"].isin([33010, 33310])]["value"].sum()
    assert float(korea.cube("basic_living_recipients")["basic_living_recipients"].sel(code="33040", year=2010)) == parts


def test_a_ratio_is_missing_where_its_people_are_not_known(korea):
    cube = korea.cube(["basic_living_ratio", "population"])
    assert np.isnan(float(cube["basic_living_ratio"].sel(code="31020", year=2015)))
    assert int(cube["basic_living_ratio_reason"].sel(code="31020", year=2015)) != MissingReason.OBSERVED


def test_no_simulated_row_is_read(raw):
    pack = read_pack(pack_folders()["kr"])
    wanted = [table.where | part.where for table in pack.tables for part in table.series]
    assert any(raw["class2"].astype(str).str.contains("simulated"))
    assert not any("simulated" in str(one) for one in wanted)


def test_every_municipality_lies_in_a_province(korea):
    units = korea.units()
    assert len(units) == 229
    assert set(units["parent_level"]) == {"province"}
