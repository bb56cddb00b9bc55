"""The quality of the packs: what is flagged in them, and that every flag carries where to ask."""

import csv
import io
import json
import zipfile

import pandas as pd
import pytest
from fuping.dashboard.app import create_app
from fuping.dashboard.cli import app
from fuping.dashboard.queries.proposal_quality import changed_quality
from fuping.dashboard.queries.quality import flags_of, pack_quality, quality_shown
from fuping.dashboard.state import ViewState
from fuping.spatial.errors import FupingError
from shared_data import needs_shared
from typer.testing import CliRunner


def of(reader, pack):
    return {one.indicator["id"]: one for one in pack_quality(reader, pack)}


def test_every_indicator_with_figures_is_judged_or_says_why_not(reader):
    found = of(reader, "kr")
    assert (found["climate_zone"].refused, found["mean_elevation"].refused) == ("categories", "grid")
    told = found["basic_pension_ratio"].judgement
    assert told.refused["past"] == "few_years"
    assert told.judged["neighbours"] > 300
    assert set(told.flags["kind"]) == {"neighbours"}
    assert pack_quality(reader, "kr") is pack_quality(reader, "kr")


@needs_shared
def test_the_farm_workers_of_hebei_in_2010_are_fewer_than_those_of_its_counties(reader):
    flags = of(reader, "cn")["farm_workers_long"].judgement.flags
    row = flags[flags["level"] == "province"].iloc[0]
    assert (row["code"], row["year"], row["value"], row["shape"]) == ("130000", 2010, 2006.0, "exceeds")
    assert row["expected"] > 2_000_000


@needs_shared
def test_saipe_flags_about_as_many_as_heavy_tails_give(reader):
    rate = of(reader, "us")["poverty_rate"].judgement
    share = (rate.flags["kind"] == "past").sum() / rate.judged["past"]
    assert 0.005 < share < 0.03
    assert rate.within_interval > 0
    # The hurricane of 2005: St. Bernard, Louisiana.
    flags = of(reader, "us")["poverty_count"].judgement.flags
    assert flags.iloc[0][["code", "year"]].tolist() == ["22087", 2006]


def test_the_url_narrows_the_list(reader):
    def shown(query):
        return quality_shown(reader, ViewState.read(query, reader.packs(), reader.catalogue))

    every, one = shown("pack=kr"), shown("pack=kr&of=disabled_ratio&flag=neighbours")
    assert set(one.flags["indicator"]) == {"disabled_ratio"}
    assert len(one.flags) < len(every.flags) == every.n_flags == len(flags_of(every.indicators))
    assert shown("pack=kr&of=nothing&flag=nothing").flags.equals(every.flags)


def test_the_file_holds_what_the_page_lists_with_sources_and_what_was_not_judged(store, reader):
    answer = create_app(store).server.test_client().get("/quality/kr.csv?pack=kr&of=disabled_ratio")
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert set(archive.namelist()) == {"kr_flags.csv", "kr_completeness.csv", "kr_quality.metadata.json"}
    rows = list(csv.DictReader(io.StringIO(archive.read("kr_flags.csv").decode())))
    assert len(rows) == of(reader, "kr")["disabled_ratio"].count("neighbours") > 0
    assert all(row["sources"] and row["name_zh"] and row["status"] and float(row["times"]) >= 1 for row in rows)
    told = json.loads(archive.read("kr_quality.metadata.json"))
    assert told["indicators"][0]["not_judged"]["past"] == "few_years"
    assert told["indicators"][0]["sources"][0]["licence"]
    assert "not an error" in told["answer"]
    assert create_app(store).server.test_client().get("/quality/nowhere.csv").status_code == 404


@pytest.fixture
def fuping(store, monkeypatch):
    monkeypatch.setenv("FUPING_DATA", str(store.root))
    monkeypatch.setenv("FUPING_DATABASE_URL", "")
    return lambda *words: CliRunner().invoke(app, ["quality", *words])


def test_the_command_tells_the_same(fuping, reader, tmp_path):
    listed = list(csv.DictReader(io.StringIO(fuping("kr").stdout)))
    assert len(listed) == len(flags_of(pack_quality(reader, "kr")))
    asked = fuping("kr", "--indicator", "disabled_ratio", "--format", "json", "--out", str(tmp_path / "q.json"))
    assert "figures to ask about" in asked.stdout
    told = json.loads((tmp_path / "q.json").read_text())
    assert {row["indicator"] for row in told["flags"]} == {"disabled_ratio"}
    assert told["completeness"][0]["expected"] > 200
    assert all(row["expected"] is not None for row in told["flags"])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("kr", "--format", "xml"), "no format 'xml'"),
        (("kr", "--indicator", "wealth"), "no figures of the indicator 'wealth'"),
        (("zz",), "'zz' is not built"),
    ],
)
def test_a_wrong_request_says_what_there_is(fuping, words, message):
    error = fuping(*words).exception
    assert isinstance(error, FupingError)
    assert message in str(error)


def test_what_a_build_aside_changes_is_judged_and_nothing_else(store, reader, tmp_path):
    with store.files("kr", store.version("kr")) as build:
        for name in ("catalogue.json", "units.parquet"):
            (tmp_path / name).write_bytes((build / name).read_bytes())
        rows = pd.read_parquet(build / "observations.parquet")
    one = rows[(rows["indicator"] == "disabled_ratio") & (rows["code"] == "11010") & (rows["year"] == 2020)]
    rows.loc[one.index, "value"] = 60.0  # simulated
    rows.to_parquet(tmp_path / "observations.parquet")
    changed = one[["indicator", "level", "code", "year"]].assign(old=one["value"], new=60.0, what="changed")
    (found,) = changed_quality(reader, "kr", tmp_path, changed)
    assert (found.indicator, found.level, found.n_figures, found.judged) == (
        "disabled_ratio",
        "municipality",
        1,
        ("neighbours",),
    )
    assert found.flags[["code", "year", "value", "kind"]].to_numpy().tolist() == [["11010", 2020, 60.0, "neighbours"]]
    assert changed_quality(reader, "kr", tmp_path, changed.assign(what="removed", new=float("nan"))) == ()
