"""The page of the audit log: for administrators only, told in both languages, narrowed, paged, and as a file."""

import csv
import io
import re
from pathlib import Path
from typing import get_args

import fuping.dashboard
import fuping.layers
import pytest
from cheap_hasher import cheap_hasher  # noqa: F401
from fuping.dashboard.app import create_app
from fuping.dashboard.i18n.messages import catalogue
from fuping.dashboard.identity import COOKIE
from fuping.dashboard.pages import audit
from fuping.dashboard.queries.audit import ROWS, audit_shown
from fuping.dashboard.state import ViewState
from fuping.layers.office import note_action, open_office
from fuping.layers.office.alert_moves import Kind
from fuping.layers.office.people import add_person, set_areas, set_role
from fuping.layers.office.sessions import begin_session

PASSWORD = "four words of chance"


@pytest.fixture
def app(store, tmp_path):
    app = create_app(store, open_office(tmp_path, url=""))
    for name, role in (("li", "admin"), ("wang", "editor"), ("zhao", "viewer")):
        add_person(app.reader.office, name, shown_name=name.title(), role=role, password=PASSWORD)
    set_role(app.reader.office, "zhao", "editor", by="li")
    set_areas(app.reader.office, "zhao", [("kr", "11")], by="li")
    return app


def token(app, name):
    return begin_session(app.reader.office, name).token if name else ""


def client(app, name):
    client = app.server.test_client()
    client.set_cookie(COOKIE, token(app, name))
    return client


def page(app, name, query=""):
    view = ViewState.read(f"pack=kr&{query}", app.reader.packs(), app.reader.catalogue)
    with app.server.test_request_context("/audit", headers={"Cookie": f"{COOKIE}={token(app, name)}"}):
        app.server.preprocess_request()
        return str(audit._content(app.reader, view))


@pytest.mark.parametrize("name", ["", "wang", "zhao"])
def test_only_an_administrator_reads_it(app, name):
    assert "Only an administrator" in page(app, name)
    assert "Role changed" not in page(app, name)
    assert client(app, name).get("/audit.csv").status_code == 403


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            ("Role changed", "Role: Viewer → Editor", "Areas: – → kr:11", "Li (li)", "command line", "Account added"),
        ),
        ("zh", ("更改角色", "角色由只读改为编辑", "地区由–改为kr:11", "Li（li）", "命令行", "新增账户")),
    ],
)
def test_it_tells_who_changed_what_and_what_stood_there(app, language, words):
    told = page(app, "li", f"lang={language}")
    assert [one for one in words if one not in told] == []
    assert "argon2" not in told


def test_it_is_narrowed_to_a_person_or_a_subject(app):
    def found(query):
        view = ViewState.read(f"pack=kr&{query}", app.reader.packs(), app.reader.catalogue)
        return [one.action for one in audit_shown(app.reader, view).found]

    assert found("who=li") == ["person.areas", "person.role"]
    assert found("about=person:wang") == ["person.add"]
    assert found("who=li&about=person:wang") == []
    assert found("about=%25") == []
    assert "Nothing was noted" in page(app, "li", "who=nobody")


def test_a_long_log_is_read_page_by_page(app):
    with app.reader.office.writing() as connection:
        for number in range(ROWS * 2):
            note_action(connection, "li", "x", f"alert:{number}")

    def part(number):
        view = ViewState.read(f"pack=kr&who=li&about=alert:&part={number}", app.reader.packs(), app.reader.catalogue)
        return audit_shown(app.reader, view)

    first, second = part(1), part(2)
    assert (first.total, first.pages) == (ROWS * 2, 2)
    assert [one.subject for one in (*first.found, *second.found)] == [f"alert:{n}" for n in reversed(range(ROWS * 2))]
    assert part(9).page == 1


def test_an_administrator_of_some_areas_reads_of_those_who_work_there_alone(app):
    """The page and the file: not who works elsewhere, nor from which address."""
    add_person(app.reader.office, "qian", role="admin", areas=[("kr", "11")], password=PASSWORD)
    with app.reader.office.writing() as connection:
        note_action(connection, "wang", "data.take", "kr/figures", address="192.0.2.7")
        note_action(connection, "zhao", "alert.close", "alert:7", address="192.0.2.8")
        note_action(connection, "anyone", "sign_in.refused", "person:wang", address="192.0.2.9")
    told = page(app, "qian")
    assert "192.0.2.8" in told
    assert not [one for one in ("192.0.2.7", "192.0.2.9", "kr/figures", "person:wang", "Wang") if one in told]
    rows = list(csv.DictReader(io.StringIO(client(app, "qian").get("/audit.csv").data.decode("utf-8-sig"))))
    assert {one["who"] for one in rows if not one["subject"].startswith("person:")} == {"zhao"}
    assert {one["subject"] for one in rows} <= {"person:qian", "person:zhao", "alert:7"}
    assert "192.0.2.7" in page(app, "li")


def test_the_file_holds_what_the_page_is_narrowed_to(app):
    with app.reader.office.writing() as connection:
        note_action(connection, "wang", "x", "=1+1", after={"note": "<b>"})
    answer = client(app, "li").get("/audit.csv?who=wang")
    assert answer.headers["Cache-Control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [(one["who"], one["subject"], one["after"]) for one in rows] == [("wang", "'=1+1", '{"note": "<b>"}')]


def test_every_action_of_the_program_has_words():
    sources = [*Path(fuping.dashboard.__path__[0]).rglob("*.py"), *Path(fuping.layers.__path__[0]).rglob("*.py")]
    calls = re.findall(r"note_action\((.{0,160})", "\n".join(path.read_text("utf-8") for path in sources), re.DOTALL)
    known = {
        one for call in calls for one in re.findall(r'"((?:person|data|alert|sign_in|office|pack)[a-z_.]*)",', call)
    }
    known |= {f"alert.{one}" for one in get_args(Kind)} | {f"person.{one}" for one in ("role", "password", "disable")}
    known |= {
        "data.take",
        "data.drop",
        "data.use",
        "person.enable",
        "office.restore",
        "person.token_end",
        "data.supply",
        "data.build",
        "pack.build",
    }
    assert {"sign_in", "sign_out", "sign_in.refused", "person.add", "data.propose"} <= known | {"sign_out"}
    named = {key.removeprefix("audit.action.") for key in catalogue("en")}
    assert {one for one in known if one.replace(".", "_") not in named} == set()
