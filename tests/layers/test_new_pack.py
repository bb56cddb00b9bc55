"""A pack made of a boundary file and a table: what is guessed, what is refused, and that it builds."""

import geopandas as gpd
import pandas as pd
import pytest
from fuping.dashboard.cli import app
from fuping.layers.build.pipeline import build_pack
from fuping.layers.country import open_country
from fuping.layers.errors import PackError, SourceError
from fuping.layers.ingest.guess import guess_boundary, guess_table
from fuping.layers.pack import read_pack
from fuping.layers.stores import EmbeddedStore
from shapely.geometry import box
from typer.testing import CliRunner

CODES = ["AB.1", "AB.2", "AB.10", "AB.11"]
TOLD = ["--name", "Atlantis", "--licence", "CC BY 4.0", "--publisher", "Office", "--citation", "Office 2020"]


@pytest.fixture
def files(tmp_path):
    """Four squares whose codes differ in length, and their invented figures in two years (simulated)."""
    squares = [box(10 + x, 50 + y, 11 + x, 51 + y) for x in (0, 1) for y in (0, 1)]
    drawn = gpd.GeoDataFrame(
        {"fid_1": [7, 7, 8, 9], "PCODE": CODES, "NAME_1": ["One", "Two", "Ten", "Eleven"]}, geometry=squares, crs=4326
    )
    drawn.to_file(tmp_path / "districts.gpkg")
    rows = [
        {"code": code, "year": year, "people": 100 * (place + 1), "poverty rate": 10.5 + place, "remark": "as printed"}
        for year in (2019, 2020)
        for place, code in enumerate(CODES)
    ]
    pd.DataFrame(rows).to_csv(tmp_path / "figures.csv", index=False)
    return tmp_path


def call(files, *more, **given):
    named = ["--boundaries", str(files / "districts.gpkg"), "--table", str(files / "figures.csv")]
    return CliRunner().invoke(app, ["pack", "new", "at", *named, *TOLD, *more], **given)


def test_columns_are_told_apart_by_what_is_in_them(files):
    drawn = guess_boundary(files / "districts.gpkg")
    assert (drawn.code_column, drawn.name_columns, drawn.uneven) == ("PCODE", {"en": "NAME_1"}, True)
    level = drawn.level({"en": "District", "zh": "区"}, {"en": "Districts", "zh": "区"}, "nation")
    found = guess_table(files / "figures.csv", drawn.codes, level=level)
    assert (found.code_column, found.year_column, found.years) == ("code", "year", (2019, 2020))
    assert [(one.id, one.kind, one.decimals) for one in found.figures] == [
        ("people", "count", 0),
        ("poverty_rate", "rate", 1),
    ]
    assert (found.matched, found.n_rows) == (8, 8)


def test_the_pack_builds_and_gives_the_figures_of_the_table(files, monkeypatch):
    monkeypatch.setenv("FUPING_DATA", str(files / "data"))
    told = call(files, "--yes")
    assert told.exit_code == 0, told.output
    store = EmbeddedStore(files / "data")
    build_pack(read_pack(store.declared / "at"), store)
    country = open_country("at", root=files / "data")
    cube = country.cube(["people", "poverty_rate"], level="unit")
    assert cube["poverty_rate"].sel(year=2020, code="AB.10").item() == 12.5
    assert country.units("unit").set_index("code").loc["AB.11", "name_en"] == "Eleven"
    assert country.cube("people", level="nation")["people"].sel(year=2019).item() == 1000
    assert country.catalogue["sources"][1]["licence"] == "CC BY 4.0"
    listed = CliRunner().invoke(app, ["packs"]).output
    assert "at  Atlantis" in listed


def test_nothing_is_kept_without_a_yes_or_of_a_table_that_is_faulty(files, monkeypatch):
    monkeypatch.setenv("FUPING_DATA", str(files / "data"))
    declined = call(files, input="count\nrate\nn\n")
    assert declined.exit_code == 1
    rows = pd.read_csv(files / "figures.csv", dtype=str)
    many = pd.concat([rows] * 10, ignore_index=True).assign(year=[2000 + place // 4 for place in range(80)])
    many.loc[3, "poverty rate"] = "12,5x"
    many.to_csv(files / "figures.csv", index=False)
    faulty = call(files, "--yes")
    assert isinstance(faulty.exception, PackError)
    assert "row 5" in str(faulty.exception)
    assert not any((files / "data").rglob("*.toml"))


def test_what_cannot_be_guessed_is_said(files):
    twice = gpd.read_file(files / "districts.gpkg").assign(PCODE="AB.1", NAME_1="One Two")
    twice.to_file(files / "twice.gpkg")
    with pytest.raises(SourceError, match="PCODE: 4 units and 1 codes"):
        guess_boundary(files / "twice.gpkg")
    drawn = guess_boundary(files / "districts.gpkg")
    level = drawn.level({"en": "District", "zh": "区"}, {"en": "Districts", "zh": "区"}, "nation")
    pd.DataFrame({"code": ["X1", "X2"], "v": [1, 2]}).to_csv(files / "other.csv", index=False)
    with pytest.raises(SourceError, match=r"No column of other\.csv holds the units' codes"):
        guess_table(files / "other.csv", drawn.codes, level=level)
    with pytest.raises(SourceError, match="has no column 'GID'"):
        guess_boundary(files / "districts.gpkg", code_column="GID")


def test_codes_that_lost_their_zeros_get_them_back(tmp_path):
    squares = gpd.GeoDataFrame({"fips": [1001, 12003]}, geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], crs=4326)
    squares.to_file(tmp_path / "counties.geojson")
    drawn = guess_boundary(tmp_path / "counties.geojson")
    assert drawn.codes == ("01001", "12003")
    assert drawn.pattern == r"^\d{5}$"
