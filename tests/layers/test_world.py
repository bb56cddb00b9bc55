"""The world pack: countries drawn whole, published totals met, poverty joined as the platform sends it."""

import csv
import shutil

import numpy as np
import pandas as pd
import pytest
import shapely
from fuping.layers.build.pipeline import build_pack
from fuping.layers.country import Country
from fuping.layers.pack import pack_folders, read_pack
from fuping.layers.sources.locate import source_file
from fuping.layers.stores import EmbeddedStore
from fuping.spatial.cube.missing import MissingReason
from fuping.spatial.match_report import MatchReport

NO_SHAPE = [175, 254, 292, 312, 474, 535, 638, 772]
"""Numbers of areas that World Population Prospects lists and the boundary file does not draw."""


@pytest.fixture(scope="module")
def pack():
    return read_pack(pack_folders()["wd"])


@pytest.fixture(scope="module")
def world(store):
    return Country(store, "wd")


def test_people_of_the_world_are_those_that_the_united_nations_print(world, pack, store):
    rows = pd.read_csv(source_file(pack, pack.source("wpp"), store.supplied("wd")))
    printed = rows.groupby(["LocID", "Year"])["Value"].sum()
    ours = world.cube("population", level="world")["population"].to_series().droplevel("geometry")
    for year in (1950, 1985, 2020):
        drawn_nowhere = printed.loc[NO_SHAPE, year].sum()
        # Persons that the source rounds by age and sex: a few hundred in billions.
        assert abs(ours[year] + drawn_nowhere - printed[900, year]) < 2000, year


def test_means_of_regions_are_weighted_by_people(world):
    cube = world.cube(["life_expectancy", "population_yearly"])
    units = world.units("country").set_index("code")
    inside = units.index[units["parent_code"] == "143"]
    assert set(inside) == {"KAZ", "KGZ", "TJK", "TKM", "UZB"}
    years = cube["life_expectancy"].sel(code=inside, year=2000).to_numpy()
    people = cube["population_yearly"].sel(code=inside, year=2000).to_numpy()
    mean = float(world.cube("life_expectancy", level="region")["life_expectancy"].sel(code="143", year=2000))
    assert mean == pytest.approx((years * people).sum() / people.sum())


@pytest.mark.parametrize(
    ("code", "km2"),
    # CIA World Factbook, land area; the file is of 1:50 million, so coasts are rough.
    [("RUS", 16_377_742), ("FJI", 18_274), ("USA", 9_147_593), ("NZL", 264_537), ("KIR", 811)],
)
def test_countries_on_both_sides_of_the_antimeridian_keep_their_area_and_their_sides(world, code, km2):
    row = world.units("country").set_index("code").loc[code]
    assert row["area_km2"] == pytest.approx(km2, rel=0.06)
    parts = shapely.bounds(shapely.get_parts(row.geometry))
    assert (parts[:, 2] - parts[:, 0]).max() < 180
    assert row.geometry.is_valid
    assert -180 <= parts[:, 0].min() < -150
    assert 150 < parts[:, 2].max() <= 180


def test_every_shape_is_a_unit_or_stands_in_the_report(world):
    report: MatchReport = next(one for one in world.reports if one.name == "boundaries → country")
    assert {one.code: one.reason for one in report.unmatched_left} == {
        "ATA": "left_out",
        "IOA": "left_out",
        "KAS": "left_out",
        "ATC": "no_geometry",
        "VAT": "no_geometry",
    }
    assert "RUS: cut at the 180th meridian" in report.notes
    assert "all neighbours share their borders, without overlap" in report.notes


def test_codes_are_of_iso_and_lie_in_regions_of_m49(world, pack):
    with (pack.folder / "data" / "regions.csv").open(encoding="utf-8") as file:
        listed = {row["code"]: row["to_code"] for row in csv.DictReader(file)}
    units = world.units("country")
    assert dict(zip(units["code"], units["parent_code"], strict=True)) == listed
    assert {"CHN", "KEN", "FJI", "XKX", "VAT", "SSD"} <= set(units["code"])
    assert set(units["parent_level"]) == {"region"}


def test_names_stand_in_both_languages(world):
    names = world.units("country").set_index("code")[["name_en", "name_zh"]]
    assert names.loc["CIV"].tolist() == ["Côte d'Ivoire", "科特迪瓦"]
    assert names.loc["FJI"].tolist() == ["Fiji", "斐济"]
    assert not names["name_zh"].str.contains("[a-z]").any()


def test_what_a_source_does_not_cover_has_that_reason(world):
    cube = world.cube("population")
    assert int(cube["population_reason"].sel(code="HMD", year=2020)) == MissingReason.OUTSIDE


HEADER = "country_name,country_code,year,reporting_level,welfare_type,headcount,poverty_gap,gini\n"
SIMULATED = HEADER + (
    "Kenya,KEN,2015,national,consumption,0.25,0.1,0.4\n"
    "Albania,ALB,2015,national,income,0.2,0.1,0.3\n"
    "Albania,ALB,2015,national,consumption,0.1,0.05,0.31\n"
    "Argentina,ARG,2015,urban,income,0.02,0.01,0.42\n"
    "India,IND,2015,rural,consumption,0.3,0.1,0.3\n"
    "India,IND,2015,national,consumption,0.28,0.09,0.33\n"
    "Nowhere,ZZZ,2015,national,consumption,0.5,0.2,0.3\n"
)


def test_poverty_of_the_platform_joins_and_one_row_of_a_country_and_year_stands(pack, tmp_path):
    own = EmbeddedStore(tmp_path)
    folder = own.supplied("wd")
    folder.mkdir(parents=True)
    (folder / "pip_300.csv").write_text(SIMULATED, encoding="utf-8")
    slim = tmp_path / "declared" / "wd"
    shutil.copytree(pack.folder, slim)
    text = (slim / "tables.toml").read_text(encoding="utf-8")
    wpp = text.index('[[table]]\nid = "wpp"')
    (slim / "tables.toml").write_text(text[:wpp] + text[text.index('[[table]]\nid = "pip_300"') :], encoding="utf-8")
    build_pack(read_pack(slim), own)
    built = Country(own, "wd")
    rates = built.cube("poverty_300").sel(year=2015)
    known = dict(zip(rates["code"].values, rates["poverty_300"].values, strict=True))
    assert {code: value for code, value in known.items() if not np.isnan(value)} == pytest.approx(
        {"KEN": 25.0, "ALB": 10.0, "ARG": 2.0, "IND": 28.0}
    )
    assert float(built.cube("gini")["gini"].sel(code="ALB", year=2015)) == 31.0
    assert "poverty_300" not in built.cube(level="region")
    report = next(one for one in built.reports if one.name == "pip_300 → country")
    assert [one.code for one in report.unmatched_left] == ["ZZZ"]
    assert {"1 rows gave way to another of the unit and year (reporting_level)",
            "1 rows gave way to another of the unit and year (welfare_type)"} <= set(report.notes)  # fmt: skip


def test_lines_carry_the_values_of_the_world_bank(pack):
    values = {line.id: {one.year: one.value for one in line.values} for line in pack.lines}
    assert [values[name][2025] for name in ("wb_international", "wb_lower_middle", "wb_upper_middle")] == [3, 4.2, 8.3]
    assert np.all([one.reference for line in pack.lines for one in line.values])
