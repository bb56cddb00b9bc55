"""The nightly job: alerts are raised once, and the list carries figures, lines, sources and licences."""

import csv
import io
import json

import numpy as np
import pytest
from fuping.dashboard.cli_alerts import alerts_app
from fuping.dashboard.queries.alert_raising import alerts_to_raise
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.state import ViewState
from fuping.layers.office import entries, open_office
from fuping.spatial.errors import FupingError
from typer.testing import CliRunner


@pytest.fixture
def fuping(store, tmp_path, monkeypatch):
    """Run the command on the built packs, with an office of its own."""
    (tmp_path / "packs").symlink_to(store.root / "packs")

    monkeypatch.setenv("FUPING_DATA", str(tmp_path))
    monkeypatch.setenv("FUPING_DATABASE_URL", "")

    def run(*words):
        return CliRunner().invoke(alerts_app, words)

    return run


def test_what_is_raised_at_night_is_listed_in_the_morning(fuping, store, tmp_path):
    asked = ("raise", "kr", "--indicator", "grdp_per_head", "--level", "municipality", "--line", "20", "--grave", "15")
    values = store.values("kr", "grdp_per_head", "municipality")
    last = values.value[values.at(2020)]
    beyond = int((last <= 20).sum())
    dry = fuping(*asked, "--dry-run")
    assert f"{beyond} would be raised, 0 there already" in dry.stdout, dry.exception
    first, second = fuping(*asked), fuping(*asked)
    assert f"{beyond} raised, 0 there already" in first.stdout
    assert f"0 raised, {beyond} there already" in second.stdout
    listed = fuping("list", "kr", "--state", "open")
    rows = list(csv.DictReader(io.StringIO(listed.stdout)))
    assert len(rows) == beyond
    assert {row["severity"] for row in rows[: int((last <= 15).sum())]} == {"red"}
    assert all(row["licences"] and row["sources"] and row["build"] == store.version("kr") for row in rows)
    assert {(row["warning_line"], row["guarantee_line"], row["lines_from"]) for row in rows} == {
        ("20.0", "15.0", "given")
    }
    told = json.loads(fuping("list", "kr", "--format", "json").stdout)
    assert told["n_alerts"] == beyond == len(told["alerts"])
    assert told["indicators"][0]["sources"][0]["licence"]
    assert told["alerts"][0]["steps"][0]["who"] == "command"
    assert fuping("list", "kr", "--overdue").stdout.count("\n") == 1
    assert len(entries(open_office(tmp_path, url=""), who="command", limit=1000)) == beyond


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("raise", "xx", "--indicator", "grdp"), "is not built"),
        (("raise", "kr", "--indicator", "nothing"), "no figures of indicator 'nothing'"),
        (("raise", "kr", "--indicator", "grdp_per_head", "--level", "village"), "no figures of level 'village'"),
        (("raise", "kr", "--indicator", "grdp_per_head", "--year", "2019"), "no figures of year '2019'"),
        (("raise", "kr", "--indicator", "grdp"), "It is a total"),
        (("raise", "kr", "--indicator", "grdp_per_head", "--line", "20", "--grave", "30"), "guarantee line must lie"),
        (("list", "kr", "--state", "lost"), "There is no state 'lost'"),
        (("list", "kr", "--format", "xml"), "There is no format 'xml'"),
    ],
)
def test_what_cannot_be_done_is_told(fuping, words, told):
    failed = fuping(*words).exception
    assert isinstance(failed, FupingError)
    assert told in str(failed)


def test_an_alert_carries_what_it_was_judged_by(store):
    reader = Reader(store)
    if "us" not in reader.packs():
        pytest.skip("the pack us needs files that are not here")
    view = ViewState.read("pack=us&indicator=poverty_rate&year=2019&line=20&grave=30", reader.packs(), reader.catalogue)
    found = alerts_to_raise(reader, view)
    values = store.values("us", "poverty_rate", "county")
    assert len(found) == (values.value[values.at(2019)] >= 20).sum()
    gravest = found[0]
    at = store.units("us", "county")["code"].index(gravest.code)
    low = values.lower[values.at(2019), at]
    assert gravest.evidence["low"] == low >= 30
    assert gravest.severity == "red"
    assert gravest.cause == "income"
    assert gravest.value == np.float64(values.value[values.at(2019), at])
    lines = {"warning": 20.0, "guarantee": 30.0, "beyond": "above", "source": "given", "year": None}
    assert gravest.evidence["lines"] == lines
    json.dumps([one.evidence for one in found], allow_nan=False)
