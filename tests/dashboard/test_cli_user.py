"""People and the audit log from the command line."""

import csv
import io
import json

import pytest
from cheap_hasher import cheap_hasher  # noqa: F401
from fuping.dashboard.cli import app
from fuping.layers.office import note_action, open_office
from fuping.layers.office.credentials import find_by_password, find_by_token
from fuping.layers.office.people import people
from small_pack import small_store
from typer.testing import CliRunner

PASSWORD = "four words of chance"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return small_store(tmp_path_factory.mktemp("store"))


@pytest.fixture
def office(built, tmp_path, monkeypatch):
    (tmp_path / "packs").symlink_to(built.root / "packs")
    monkeypatch.setenv("FUPING_DATA", str(tmp_path))
    monkeypatch.delenv("FUPING_DATABASE_URL", raising=False)
    return open_office(tmp_path, url="")


def fuping(*words, typed=None):
    return CliRunner().invoke(app, list(words), input=typed)


def add(*words, typed=f"{PASSWORD}\n{PASSWORD}\n"):
    return fuping("user", "add", *words, typed=typed)


def test_a_person_is_added_listed_changed_and_kept_out(office):
    assert add("li", "--role", "editor", "--area", "at:A1", "--shown-name", "李明").exit_code == 0
    assert PASSWORD not in add("wang").output
    listed = fuping("user", "list").output
    assert "li  李明  editor  at:A1  password\n" in listed
    assert "wang  wang  viewer  everywhere  password\n" in listed
    fuping("user", "role", "li", "admin")
    fuping("user", "area", "li", "at:A2", "at:A1")
    fuping("user", "disable", "wang")
    listed = fuping("user", "list").output
    assert "li  李明  admin  at:A1, at:A2  password\n" in listed
    assert "wang  wang  viewer  everywhere  password  disabled\n" in listed
    fuping("user", "enable", "wang")
    fuping("user", "area", "li")
    assert [(one.disabled, one.areas) for one in people(office)] == [(False, frozenset())] * 2


def test_a_password_comes_from_a_file_or_is_typed_twice(office, tmp_path):
    (tmp_path / "password").write_text(f"{PASSWORD}\r\nwhat follows\n", encoding="utf-8")
    assert fuping("user", "add", "li", "--password-file", str(tmp_path / "password")).exit_code == 0
    assert find_by_password(office, "li", PASSWORD)
    assert fuping("user", "password", "li", typed="another four of them\nanother four of them\n").exit_code == 0
    assert find_by_password(office, "li", "another four of them")
    assert add("wang", typed=f"{PASSWORD}\nsomething else\n").exit_code != 0
    refused = fuping("user", "add", "wang", "--password-file", str(tmp_path))
    assert "cannot be read" in str(refused.exception)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("x", "--role", "king"), "There is no role 'king'"),
        (("li", "--area", "A1"), "names no area"),
        (("li", "--area", "at:"), "names no area"),
        (("li", "--area", "at:A9"), "has no unit 'A9'"),
        (("li", "--area", "xx:A1"), "'xx' is not built"),
        (("li", "--issuer", "https://id.example"), "not told how"),
        (("x y",), "cannot be the name"),
    ],
)
def test_a_slip_of_the_pen_is_refused(office, words, told):
    refused = add(*words)
    assert refused.exit_code != 0
    assert told in str(refused.exception)
    assert people(office) == []


def test_a_person_of_a_provider_needs_no_password(office):
    assert add("li", "--issuer", "https://id.example", "--subject", "7", typed=None).exit_code == 0
    assert "https://id.example 7" in fuping("user", "list").output


def test_a_token_is_shown_once(office):
    add("li")
    given = fuping("user", "token", "li", "--days", "3").output.strip()
    assert find_by_token(office, given).name == "li"
    assert given not in fuping("audit").output


def test_the_audit_log_is_told_as_csv_and_json(office):
    add("li", "--role", "editor")
    with office.writing() as connection:
        note_action(connection, "=cmd()", "alert.close", "alert:1", before={"state": "measure"}, address="10.0.0.1")
    rows = list(csv.DictReader(io.StringIO(fuping("audit").output)))
    assert [one["subject"] for one in rows] == ["alert:1", "person:li"]
    assert rows[0]["who"] == "'=cmd()"
    assert json.loads(rows[0]["before"]) == {"state": "measure"}
    told = json.loads(fuping("audit", "--who", "command", "--format", "json").output)
    assert [one["action"] for one in told] == ["person.add"]
    assert told[0]["after"]["role"] == "editor"
    assert json.loads(fuping("audit", "--subject", "alert:", "--format", "json").output)[0]["subject"] == "alert:1"
    assert "There is no format" in str(fuping("audit", "--format", "xml").exception)
