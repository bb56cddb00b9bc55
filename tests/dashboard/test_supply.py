"""A file comes in through the dashboard: only from who may, whole or not at all, and noted in the audit log."""

import csv
import io
import json
import re
import time
import zipfile

import pytest
from cheap_hasher import cheap_hasher  # noqa: F401
from fuping.dashboard import incoming
from fuping.dashboard.checks import checks_of
from fuping.dashboard.identity import COOKIE, ForbiddenError, identity
from fuping.dashboard.pages import supply
from fuping.dashboard.queries.supplying import needed_columns, supplying
from fuping.dashboard.state import ViewState
from fuping.layers.office import entries
from small_office import client_of, small_app
from small_pack import people

GOOD = b"code,people\nA1,11\nA2,20\n"


@pytest.fixture
def app(tmp_path):
    return small_app(tmp_path)


@pytest.fixture
def client(app):
    def of(name="", role="editor", areas=()):
        return client_of(app, name, role=role, areas=areas)

    return of


def propose(client, content=GOOD, name="next.csv"):
    """Send a file and wait for its check."""
    sent = client.put(f"/supply/at/figures?name={name}", data=content)
    assert sent.status_code == 200, sent.text
    identity = sent.get_json()["id"]
    for _ in range(600):
        told = client.get(f"/supply/proposals/{identity}.json").get_json()
        if not told["working"]:
            return identity, told["state"]
        time.sleep(0.05)
    raise AssertionError(told)


def noted(app):
    """Return what the log tells of data, the latest first."""
    return [one for one in entries(app.reader.office) if one.action.startswith("data.")]


def act(app, client, what, of, note=""):
    """Do what a button of the page does, as the person of a client."""
    with app.server.test_request_context("/", headers={"Cookie": f"{COOKIE}={client.get_cookie(COOKIE).value}"}):
        app.server.preprocess_request()
        supply._act(app.reader, "at", what, of, note)


def test_an_editor_proposes_and_takes_and_the_log_tells(app, client):
    li = client("li")
    before = app.reader.version("at")
    identity, state = propose(li)
    assert state == "ready"
    assert people(app.reader.store) == [10, 20]
    act(app, li, "take", identity, "counted again")
    assert people(app.reader.store) == [11, 20]
    taken, proposed = noted(app)
    assert (proposed.who, proposed.action, proposed.subject) == ("li", "data.propose", "at/figures")
    assert proposed.after["size"] == len(GOOD)
    assert (taken.action, taken.before, taken.after["note"]) == ("data.take", {"version": before}, "counted again")
    assert taken.after["version"] == app.reader.version("at") != before
    # The history tells which file a build is of, and what was said of it, to who may bring files in.
    view = ViewState.read("pack=at&lang=en", app.reader.packs(), app.reader.catalogue)
    for who, told in ((li, True), (client("zhao", role="viewer"), False)):
        with app.server.test_request_context("/", headers={"Cookie": f"{COOKIE}={who.get_cookie(COOKIE).value}"}):
            app.server.preprocess_request()
            shown = str(supply._history(view, supplying(app.reader, view)))
        assert (("counted again" in shown), ("next.csv" in shown), ("li" in re.findall(r"\w+", shown))) == (told,) * 3
    act(app, li, "use", before)
    assert people(app.reader.store) == [10, 20]
    assert noted(app)[0].action == "data.use"


@pytest.mark.parametrize(("language", "words"), [("en", "Check with these columns"), ("zh", "按所选列检查")])
def test_columns_are_chosen_in_a_form_and_the_log_tells_which(app, client, language, words):
    li = client("li")
    identity, state = propose(li, b"District,How many\nA1,11\nA2,20\n")
    assert state == "faulty"

    def as_li(work, who=li):
        given = f"pack=at&lang={language}&proposal={identity}"
        view = ViewState.read(given, app.reader.packs(), app.reader.catalogue)
        with app.server.test_request_context("/", headers={"Cookie": f"{COOKIE}={who.get_cookie(COOKIE).value}"}):
            app.server.preprocess_request()
            return work(view)

    shown = as_li(lambda view: str(supply._content(app.reader, view, supplying(app.reader, view))))
    assert words in shown
    assert "'wrong': ['people']" in shown or "wrong=['people']" in shown
    chosen = {"code": "District", "people": "How many"}
    with pytest.raises(ForbiddenError):
        as_li(lambda _: supply._match(app.reader, identity, chosen), client("wang", areas=[("at", "A1")]))
    as_li(lambda _: supply._match(app.reader, identity, chosen))
    for _ in range(600):
        told = li.get(f"/supply/proposals/{identity}.json").get_json()
        if not told["working"]:
            break
        time.sleep(0.05)
    assert told["state"] == "ready"
    act(app, li, "take", identity)
    assert people(app.reader.store) == [11, 20]
    assert noted(app)[0].after["columns"] == chosen


def test_nothing_is_taken_without_a_note_of_it(app, client, monkeypatch):
    """Not by a note that cannot be written, nor where the log cannot be."""
    li = client("li")
    version = app.reader.version("at")
    identity, _ = propose(li)

    def full(*_, **__):
        raise OSError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(supply, "note_action", full)
        for what, of in (("take", identity), ("use", version), ("drop", identity)):
            with pytest.raises(OSError, match="no space"):
                act(app, li, what, of)
    assert (app.reader.version("at"), people(app.reader.store)) == (version, [10, 20])
    act(app, li, "take", identity, "as \ud800agreed\0")
    assert people(app.reader.store) == [11, 20]
    assert (noted(app)[0].action, noted(app)[0].after["note"]) == ("data.take", "as agreed")


def test_what_is_refused_is_not_noted_as_done(app, client):
    li = client("li")
    identity, state = propose(li, b"code,people\nA1,ten\n")
    assert state == "faulty"
    with pytest.raises(Exception, match="not ready"):
        act(app, li, "take", identity)
    assert [one.action for one in noted(app)] == ["data.propose"]


@pytest.mark.parametrize(
    "asking",
    [{}, {"name": "wu", "role": "viewer"}, {"name": "wu", "areas": [("at", "A1")]}],
    ids=["none", "reads", "area"],
)
def test_who_may_not_is_told_nothing_and_changes_nothing(app, client, asking):
    identity, _ = propose(client("li"))
    other = client(**asking)
    assert other.put("/supply/at/figures?name=x.csv", data=GOOD).status_code == 403
    for address in (f"/supply/proposals/{identity}.json", f"/supply/proposals/{identity}.csv"):
        assert other.get(address).status_code == 403
    assert other.post(f"/supply/proposals/{identity}/stop").status_code == 403
    if asking:
        with pytest.raises(ForbiddenError):
            act(app, other, "take", identity)
    assert people(app.reader.store) == [10, 20]


def test_a_file_that_is_too_large_or_empty_is_refused(client, monkeypatch):
    monkeypatch.setattr(incoming, "LARGEST_FILE", 10)
    li = client("li")
    assert li.put("/supply/at/figures?name=x.csv", data=b"x" * 11).status_code == 413
    assert li.put("/supply/at/figures?name=x.csv", data=b"").status_code == 400


@pytest.mark.parametrize("address", ["/supply/xx/figures?name=x.csv", "/supply/proposals/nothing.json"])
def test_what_is_not_there_is_404(client, address):
    li = client("li")
    answer = li.put(address, data=GOOD) if "name=" in address else li.get(address)
    assert answer.status_code == 404


def test_a_source_of_fixed_bytes_is_refused_with_the_reason(client):
    answer = client("li").put("/supply/at/boundaries?name=x.geojson", data=b"{}")
    assert answer.status_code == 400
    assert "no source 'boundaries' to supply" in answer.text


def test_every_change_is_taken_away_as_a_file_that_tells_what_it_is(app, client):
    li = client("li")
    identity, _ = propose(li)
    archive = zipfile.ZipFile(io.BytesIO(li.get(f"/supply/proposals/{identity}.csv").data))
    table, about = sorted(archive.namelist(), key=lambda name: name.endswith("json"))
    rows = list(csv.DictReader(io.StringIO(archive.read(table).decode("utf-8-sig"))))
    assert [(row["code"], float(row["old"]), float(row["new"])) for row in rows if row["level"] == "unit"] == [
        ("A1", 10, 11)
    ]
    told = json.loads(archive.read(about))
    assert told["who"] == "li"
    assert told["sha256"] == checks_of(app.reader).proposals.get(identity).sha256


def test_the_template_has_the_columns_that_are_read(app, client):
    told = client().get("/supply/at/figures/template.csv").data.decode("utf-8-sig")
    assert told.strip() == "code,people"
    assert client().get("/supply/at/nothing/template.csv").status_code == 404


def test_columns_of_shipped_packs_are_found_in_the_files_of_their_tables(store):
    tables = [table for pack in ("cn", "kr") for table in store.catalogue(pack)["tables"]]
    assert all(needed_columns(table) for table in tables if table.get("code_column"))


def test_outside_of_a_request_nobody_may(app):
    assert identity().name == "anyone"
    with app.server.test_request_context("/"), pytest.raises(ForbiddenError):
        supply._act(app.reader, "at", "use", app.reader.version("at"), "")
