"""The tables that the API gives are the figures of the store, in every format."""

import io
import json

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from fuping.spatial.cube.missing import MissingReason

PATH = "/api/indicators/us/poverty_rate/county"


def observations(store, pack, indicator, level):
    """Rows as the build has them, read without any code of the project."""
    rows = pd.read_parquet(store.folder(pack) / "observations.parquet")
    return rows[(rows["indicator"] == indicator) & (rows["level"] == level)].set_index(["code", "year"]).sort_index()


@pytest.mark.parametrize(
    ("pack", "indicator", "level"),
    [("us", "poverty_rate", "county"), ("cn", "poverty_county_status", "county"), ("kr", "population", "province")],
)
def test_csv_equals_the_store(store, api, pack, indicator, level):
    answer = api.get(f"/api/indicators/{pack}/{indicator}/{level}?f=csv")
    assert answer.mimetype == "text/csv"
    table = pd.read_csv(io.BytesIO(answer.data), dtype={"code": str}, keep_default_na=False, na_values={"value": [""]})
    rows = observations(store, pack, indicator, level)
    assert sorted(set(table["year"])) == sorted(set(rows.index.get_level_values("year")))
    assert len(table) == len(store.units(pack, level)["code"]) * table["year"].nunique()
    ours = table.set_index(["code", "year"]).sort_index()
    stored = ours.loc[rows.index]
    np.testing.assert_array_equal(stored["value"].to_numpy(), rows["value"].to_numpy(dtype=float))
    words = {reason.value: reason.name.lower() for reason in MissingReason} | {0: ""}
    assert stored["missing"].tolist() == [words[code] for code in rows["reason"]]
    assert stored["status"].tolist() == rows["status"].tolist()
    absent = ours.drop(rows.index)
    assert absent["value"].isna().all()
    assert set(absent["missing"]) <= {"not_collected"}


def test_every_missing_figure_has_a_reason_and_no_other_has_one(get):
    columns = get("/indicators/us/poverty_rate/county")["columns"]
    assert all(
        (value is None) == (why is not None) for value, why in zip(columns["value"], columns["missing"], strict=True)
    )
    assert any(columns["missing"])


def test_json_csv_and_parquet_are_one_table(api, get):
    asked = "years=2015,2018/2019&within=01"
    columns = get("/indicators/us/poverty_rate/county", years="2015,2018/2019", within="01")["columns"]
    told = pd.DataFrame(columns)
    texts = {"code": str, "missing": object, "status": object}
    csv = pd.read_csv(io.BytesIO(api.get(f"{PATH}?{asked}&f=csv").data), dtype=texts)
    parquet = pd.read_parquet(io.BytesIO(api.get(f"{PATH}?{asked}&f=parquet").data))
    assert told["year"].unique().tolist() == [2015, 2018, 2019]
    assert set(told["code"].str[:2]) == {"01"}
    for other in (csv, parquet):
        assert other.columns.tolist() == told.columns.tolist()
        for name in told:
            assert list(other[name].astype(object).where(other[name].notna(), None)) == columns[name]


def test_a_published_figure_is_told(get):
    """SAIPE 2019, Autauga County, all ages in poverty: 12.1 %, 90 % interval 9.9 to 14.3."""
    columns = get("/indicators/us/poverty_rate/county", years="2019", units="01001")["columns"]
    assert (columns["code"], columns["year"], columns["value"]) == (["01001"], [2019], [12.1])
    assert (columns["status"], columns["lower"], columns["upper"]) == (["modelled"], [9.9], [14.3])


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        ("text/csv", "text/csv"),
        ("application/vnd.apache.parquet", "application/vnd.apache.parquet"),
        ("application/json", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("text/csv;q=0.5, application/json;q=0.9", "application/json"),
        ("application/json;q=0.5, text/*", "text/csv"),
        (None, "application/json"),
    ],
)
def test_the_format_is_the_one_that_the_client_prefers(api, accept, mimetype):
    headers = {"Accept": accept} if accept else {}
    answer = api.get("/api/indicators/kr/population/nation", headers=headers)
    assert (answer.status_code, answer.mimetype) == (200, mimetype)
    assert "Accept" in answer.headers["Vary"]


def test_a_format_that_is_not_there_is_refused(api):
    answer = api.get("/api/indicators/kr/population/nation", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "csv" in answer.json["remedy"]


def test_licence_and_citation_go_with_the_figures(api, store):
    answer = api.get(f"{PATH}?units=01001")
    sources = {one["id"]: one for one in answer.json["sources"]}
    assert "saipe" in sources
    assert all(one["licence"] and one["citation"] for one in sources.values())
    assert answer.json["build"] == store.version("us")
    for form in ("json", "csv", "parquet"):
        header = api.get(f"{PATH}?units=01001&f={form}").headers["Link"]
        assert header.count('rel="license"') == len(sources)
        assert 'rel="describedby"' in header
    stated = next(part for part in header.split(", ") if 'rel="license"' in part).split(">")[0].strip("<")
    record = api.get(stated.removeprefix("http://localhost")).json
    assert record["properties"]["license"] in {one["licence"] for one in sources.values()}


def test_a_parquet_file_carries_its_metadata(api):
    answer = api.get(f"{PATH}?units=01001&f=parquet")
    facts = json.loads(pq.read_schema(io.BytesIO(answer.data)).metadata[b"fuping"])
    assert facts["indicator"]["id"] == "poverty_rate"
    assert facts["sources"][0]["citation"]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="us_county_poverty_rate.parquet"'


def test_the_catalogue_has_every_indicator_in_both_languages(store, get):
    for pack in [one["id"] for one in get("/indicators")["packs"]]:
        told = get(f"/indicators/{pack}")
        declared = {one["id"]: one for one in store.catalogue(pack)["indicators"]}
        assert [one["id"] for one in told["indicators"]] == list(declared)
        known = {one["id"] for one in told["sources"]}
        for one in told["indicators"]:
            assert one["name"]["en"]
            assert one["name"]["zh"]
            assert one["unit"] == declared[one["id"]]["unit"]
            for level, facts in one["levels"].items():
                assert facts["years"] == declared[one["id"]]["levels"][level]["years"]
            assert set(one["sources"]) <= known
        assert all(one["licence"] and one["citation"] for one in told["sources"])
