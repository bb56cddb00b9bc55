"""The data page: what is there and what is not, and files that carry where they are from."""

import io
import json
import zipfile

import pandas as pd
import pytest
from fuping.dashboard.app import create_app
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.holdings import indicators_held, sources_held
from fuping.layers.pack import pack_folders, read_pack


@pytest.fixture(scope="module")
def client(store):
    return create_app(store).server.test_client()


def test_completeness_counts_every_unit_once(reader):
    for pack in reader.packs():
        for held in indicators_held(reader, pack):
            for entry in held.years:
                n = len(reader.units(pack, held.level)["code"])
                assert entry.observed + sum(entry.missing.values()) == n
                assert 0 <= entry.share <= 1


def test_the_status_of_counties_is_complete(reader):
    held = {one.indicator["id"]: one for one in indicators_held(reader, "cn")}
    assert [entry.share for entry in held["poverty_county_status"].years] == [1.0] * 9


def test_every_source_says_what_comes_from_it(reader):
    used = {one.source["id"]: [each["id"] for each in one.indicators] for one in sources_held(reader, "cn")}
    assert used["designations"] == ["poverty_county_status"]
    assert used["cnmaps"] == []


def test_what_is_not_loaded_names_the_command(store, tmp_path):
    pack = read_pack(pack_folders()["cn"])
    catalogue = store.catalogue("kr")
    there = {one["id"] for one in catalogue["sources"] if one["loaded"]}
    sources = {one["id"]: set(one["sources"]) for one in catalogue["indicators"]}
    for one in indicators_held(Reader(store), "kr"):
        assert bool(one.years) == bool(sources[one.indicator["id"]] & there), one.indicator["id"]
    # China's census is a source by address: where it was never loaded, the catalogue still offers it.
    from fuping.layers.build.catalogue import describe

    empty = pd.DataFrame({"indicator": [], "level": [], "year": [], "source": [], "value": [], "status": []})
    catalogue = describe(pack, {}, empty, [], {}, tmp_path / "nothing", [])
    census = next(one for one in catalogue["sources"] if one["id"] == "census_2010")
    assert (census["loaded"], census["load_command"]) == (False, "fuping source fetch cn census_2010")


def test_a_download_brings_its_metadata_along(client):
    answer = client.get("/export/cn/nation/rural_headcount_ratio.csv")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    names = archive.namelist()
    assert names == ["cn_nation_rural_headcount_ratio.csv", "cn_nation_rural_headcount_ratio.csv.metadata.json"]
    rows = pd.read_csv(archive.open(names[0])).set_index("year")
    assert rows.at[2011, "value"] == 12.7
    assert all(one["licence"] for one in json.loads(archive.read(names[1]))["sources"])


def test_a_workbook_comes_as_one_file(client):
    answer = client.get("/export/cn/nation/rural_headcount_ratio.xlsx")
    assert list(pd.read_excel(io.BytesIO(answer.data), sheet_name=None)) == ["data", "metadata"]


@pytest.mark.parametrize(
    "path",
    [
        "/export/xx/nation/rural_headcount_ratio.csv",
        "/export/cn/county/rural_headcount_ratio.csv",
        "/export/cn/nation/nothing.csv",
        "/export/cn/nation/rural_headcount_ratio.exe",
    ],
)
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404
