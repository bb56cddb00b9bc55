"""The command's errors are one clear paragraph and a non-zero exit."""

import hashlib
import subprocess
import sys

import pytest
from fuping.dashboard.cli import app
from fuping.layers.office import entries, open_office
from small_pack import small_store
from typer.testing import CliRunner


def fuping(*words, data):
    command = [sys.executable, "-c", "from fuping.dashboard.cli import main; main()", *words]
    environment = {"FUPING_DATA": str(data), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=data, check=False)


def test_packs_are_listed_with_what_to_do(tmp_path):
    listed = fuping("packs", data=tmp_path)
    assert listed.returncode == 0
    assert "cn  China 中国  not built (fuping build cn)" in listed.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("build", "xx"), "There is no pack 'xx'"),
        (("pack", "check", "."), "pack.toml: found no such file"),
        (("source", "add", "cn", "designations", "--file", "f"), "has no source 'designations' to supply"),
    ],
)
def test_an_error_is_one_paragraph(tmp_path, words, told):
    failed = fuping(*words, data=tmp_path)
    assert failed.returncode == 1
    assert told in failed.stderr
    assert "Traceback" not in failed.stderr


def test_every_command_has_help(tmp_path):
    listed = fuping("--help", data=tmp_path).stdout
    assert all(name in listed for name in ("packs", "build", "run", "pack", "source"))


def test_what_a_command_changes_is_in_the_log_with_what_stood_there_before(tmp_path, monkeypatch):
    own = small_store(tmp_path)
    first = own.version("at")
    monkeypatch.setenv("FUPING_DATA", str(own.root))
    monkeypatch.delenv("FUPING_DATABASE_URL", raising=False)
    file = tmp_path / "next.csv"
    file.write_text("code,people\nA1,11\nA2,20\n", encoding="utf-8")
    assert CliRunner().invoke(app, ["source", "add", "at", "figures", "--file", str(file)]).exit_code == 0
    assert CliRunner().invoke(app, ["build", "at"]).exit_code == 0
    second = own.version("at")
    assert CliRunner().invoke(app, ["version", "use", "at", first]).exit_code == 0
    assert CliRunner().invoke(app, ["version", "use", "at", "nothing"]).exit_code == 1
    used, built, added = entries(open_office(own.root, url=""))
    assert {one.who for one in (used, built, added)} == {"command"}
    assert (added.action, added.subject, added.after["file"]) == ("data.supply", "at/figures", "figures.csv")
    assert added.after["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest() != added.before["sha256"]
    assert (built.action, built.before, built.after) == ("data.build", {"version": first}, {"version": second})
    assert (used.action, used.before, used.after) == ("data.use", {"version": second}, {"version": first})


def test_a_file_of_projects_is_checked_against_a_pack_and_nothing_is_stored(store, tmp_path):
    table = tmp_path / "p.csv"
    head = "project,programme,first_year,last_year,unit_code,longitude,latitude,amount,currency\n"
    rows = ["P1,roads,2015,2017,130624,,,5,USD", "P1,roads,2015,2017,999999,,,,", "P2,roads,2015,,,0,0,7,CNY"]
    table.write_text(head + "\n".join(rows), encoding="utf-8")
    before = sorted(store.root.rglob("*"))
    checked = fuping("projects", "check", "cn", "--file", str(table), data=store.root)
    assert checked.returncode == 0, checked.stderr
    assert "1 of 3 rows matched 2875 units" in checked.stdout
    assert "999999 P1 — unknown_code" in checked.stdout
    assert "P2 — outside (0, 0) lies in no unit" in checked.stdout
    assert sorted(store.root.rglob("*")) == before
    # Half a degree of road in the county of Fuping, the other half of it at sea.
    drawn = "project,programme,first_year,last_year,wkt,project_amount,currency\n"
    road = '"MULTILINESTRING ((114 38.8, 114.2 38.8), (130 38.8, 130.2 38.8))"'
    table.write_text(f"{drawn}P1,roads,2015,2017,{road},100.01,USD\n", encoding="utf-8")
    spread = fuping("projects", "check", "cn", "--file", str(table), "--rule", "shares", data=store.root).stdout
    assert "50.0% of P1 (row 2) lies outside every unit" in spread
    assert "by shares: USD 50.01 in " in spread
    assert ", 50.00 outside every unit" in spread
    table.write_text(head + "P1,roads,2017,2015,130624,,,5,USD", encoding="utf-8")
    refused = fuping("projects", "check", "cn", "--file", str(table), data=store.root)
    assert refused.returncode == 1
    assert "an end before its start" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_projects_of_a_pack_are_written_and_read_back(store, tmp_path):
    for form, name in (("iati", "p.xml"), ("csv", "p.csv")):
        path = str(tmp_path / name)
        written = fuping("projects", "export", "cn", "--format", form, "--out", path, data=store.root)
        assert written.returncode == 0, written.stderr
        checked = fuping("projects", "check", "cn", "--file", path, data=store.root)
        assert "2 projects, 2 of them in at least one unit" in checked.stdout
    refused = fuping("projects", "export", "kr", "--out", str(tmp_path / "x"), data=store.root)
    assert refused.returncode == 1
    assert "declares no projects" in refused.stderr
