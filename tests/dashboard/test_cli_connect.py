"""``fuping connect`` as it is typed; the service is a stub on this machine and its figures are simulated."""

import json
from dataclasses import replace

import pytest
from fuping.dashboard.cli import app
from fuping.layers import connect
from fuping.spatial.errors import FupingError
from stub_service import as_json, cache, client, patient, stub
from typer.testing import CliRunner

__all__ = ["cache", "client", "patient", "stub"]


@pytest.fixture
def typed(stub, cache, patient, monkeypatch, tmp_path):
    """Run a command whose services lie on the stub."""
    real = connect.collect

    def collect(one, given, out, **more):
        own = replace(one, base=stub.base, hosts=())
        return real(own, given, out, cache=cache, retry=patient, loopback=True, **more)

    monkeypatch.setattr(connect, "collect", collect)
    monkeypatch.chdir(tmp_path)

    def run(*words):
        return CliRunner().invoke(app, ["connect", *words])

    return run


def test_the_list_names_every_service_in_both_languages_with_its_options(typed):
    told = typed("list").output
    for one in connect.CONNECTORS.values():
        assert f"{one.id}  {one.title.en} {one.title.zh}" in told
        assert all(option.name in told for option in one.options)
    assert "FUPING_CENSUS_KEY" in told
    assert "FUPING_HAPI_ID" in told


def test_a_table_is_written_with_its_metadata(typed, stub, tmp_path):
    row = {"indicator": {"id": "SI.POV.DDAY"}, "country": {"id": "KE", "value": "Kenya"}, "countryiso3code": "KEN"}
    about = {"page": 1, "pages": 1, "total": 1}
    stub.script("/v2/country/KEN/indicator/SI.POV.DDAY", as_json([about, [row | {"date": "2015", "value": None}]]))
    words = ["--option", "indicator=SI.POV.DDAY", "--option", "countries=KEN", "--out", "ken.csv"]
    done = typed("get", "worldbank", *words)
    assert done.exit_code == 0, done.output
    assert "value: no value in 1 of 1 rows" in done.output
    assert "ken.csv: 1 rows; ken.csv.metadata.json" in done.output
    assert (tmp_path / "ken.csv").read_text().splitlines()[1] == "KEN,Kenya,2015,SI.POV.DDAY,,"
    assert json.loads((tmp_path / "ken.csv.metadata.json").read_text())["source"] == "worldbank"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["get", "nowhere", "--out", "a.csv"], "no service 'nowhere'"),
        (["get", "worldbank", "--option", "indicator", "--out", "a.csv"], "Write --option NAME=VALUE"),
        (["get", "worldbank", "--out", "a.csv"], "indicator is not given"),
    ],
)
def test_what_is_typed_wrong_is_told_and_nothing_written(typed, stub, tmp_path, words, told):
    done = typed(*words)
    assert isinstance(done.exception, FupingError)
    assert told in str(done.exception)
    assert stub.asked == []
    assert list(tmp_path.glob("*.csv*")) == []
