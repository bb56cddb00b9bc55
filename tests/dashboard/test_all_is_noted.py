"""Whatever changes something is in the audit log: who, what, when, and what stood there before and after."""

import ast
import time
from pathlib import Path

import fuping.dashboard
import fuping.layers.office
import pytest
from cheap_hasher import cheap_hasher  # noqa: F401
from flask import g
from fuping.dashboard.checks import checks_of
from fuping.dashboard.guard import INVITED, SIGN_IN
from fuping.dashboard.identity import COOKIE
from fuping.dashboard.pages import account, supply
from fuping.dashboard.pages import people as people_page
from fuping.dashboard.signing_in import SIGN_OUT
from fuping.dashboard.state import ViewState
from fuping.layers.errors import SourceError
from fuping.layers.office import entries
from fuping.layers.office.credentials import tokens_of
from small_office import PASSWORD, client_of, small_app
from small_pack import declare_unbuilt

NOTED = {
    f"POST {SIGN_IN}": "sign_in",
    f"POST {SIGN_OUT}": "sign_out",
    f"POST {INVITED}": "person.password",
    "PUT /supply/<pack>/<source>": "data.propose",
    "PUT /load/<pack>/<source>": "data.supply",
    "PUT /drafts/<identifier>/<part>": "pack.file",
}
"""Routes that change something → what the log tells of it."""

CHANGES_NOTHING = {
    # Work is broken off; what it was for is noted when it is begun and when it is taken.
    *("POST /supply/proposals/<identifier>/stop", "POST /load/<pack>/stop", "POST /drafts/<identifier>/stop"),
    # Reports are made for who asks, and forgotten.
    *("POST /reports/<pack>/<code>.<form>", "POST /reports/batches/<identity>/stop"),
    # Callbacks, which are looked at below.
    "POST /_dash-update-component",
}

WITHOUT_NOTE = {
    # A session that lasts on, and those that ended, are told by their beginning.
    ("office/sessions.py", "find_session"),
}

NOTED_BY = {"_change", "_change_areas", "_add_year", "_raise", "note_action"}
"""What notes in the transaction of who calls it."""


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    return small_app(tmp_path_factory.mktemp("rules")).server.url_map.iter_rules()


def test_every_route_that_takes_more_than_a_question_is_known(rules):
    asked = {f"{method} {one.rule}" for one in rules for method in one.methods - {"GET", "HEAD", "OPTIONS"}}
    # The web API answers 405 to all of them.
    assert {one for one in asked if not one.split()[1].startswith("/api")} == set(NOTED) | CHANGES_NOTHING


def test_the_web_api_changes_nothing(tmp_path):
    client = client_of(small_app(tmp_path), "", role="")
    for path in ("/api", "/api/collections", "/api/collections/at.unit/items"):
        for method in (client.post, client.put, client.patch, client.delete):
            assert method(path).status_code == 405


def written():
    """Give each function that opens a transaction to write, and what it calls."""
    for root in (fuping.layers.office, fuping.dashboard):
        home = Path(root.__path__[0])
        for path in sorted(home.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not isinstance(node, ast.FunctionDef):
                    continue
                called = [one.func for one in ast.walk(node) if isinstance(one, ast.Call)]
                names = {one.attr if isinstance(one, ast.Attribute) else getattr(one, "id", "") for one in called}
                if "writing" in names:
                    yield f"{home.name}/{path.relative_to(home)}", node.name, names


def test_every_transaction_that_writes_notes_an_action():
    found = list(written())
    assert len(found) > 15
    silent = {(path, name) for path, name, called in found if not called & NOTED_BY}
    assert silent == WITHOUT_NOTE


def asked(app, client, work, query=""):
    view = ViewState.read(f"pack=at&lang=en&{query}", app.reader.packs(), app.reader.catalogue)
    with app.server.test_request_context("/", headers={"Cookie": f"{COOKIE}={client.get_cookie(COOKIE).value}"}):
        app.server.preprocess_request()
        return work(view)


def propose(app, client, content=b"code,people\nA1,11\nA2,20\n"):
    sent = client.put("/supply/at/figures?name=next.csv", data=content).get_json()["id"]
    for _ in range(600):
        if not client.get(f"/supply/proposals/{sent}.json").get_json()["working"]:
            return sent
        time.sleep(0.05)
    raise AssertionError(checks_of(app.reader).proposals.get(sent))


def test_what_stood_there_before_and_after_is_told_of_accounts_tokens_files_and_rollbacks(tmp_path):
    app = small_app(tmp_path)
    wang = client_of(app, "wang", role="admin")

    def last(action):
        one = entries(app.reader.office)[0]
        assert (one.who, one.action, bool(one.at)) == ("wang", action, True)
        return one.before, one.after

    def person(what, **said):
        return asked(app, wang, lambda view: people_page._act(app.reader, view, what, said), "person=li")

    asked(app, wang, lambda view: people_page._act(app.reader, view, "add", {"name": "li", "role": "viewer"}))
    person("save", role="editor", areas="")
    assert last("person.role") == ({"role": "viewer"}, {"role": "editor"})
    person("save", role="editor", areas="at:A1")
    assert last("person.areas") == ({"areas": []}, {"areas": ["at:A1"]})
    person("disable")
    assert last("person.disable") == ({"disabled": False}, {"disabled": True})

    asked(app, wang, lambda _: account._made(app.reader, "7"))
    before, made = last("person.token")
    assert before is None
    [held] = tokens_of(app.reader.office, "wang")
    asked(app, wang, lambda _: account._ended(app.reader, held.id))
    assert last("person.token_end") == (made, None)

    first = app.reader.version("at")
    proposal = propose(app, wang)
    asked(app, wang, lambda _: supply._act(app.reader, "at", "take", proposal, "figures of 2021"))
    second = app.reader.version("at")
    before, after = last("data.take")
    assert (before, after["version"], after["note"]) == ({"version": first}, second, "figures of 2021")
    asked(app, wang, lambda _: supply._act(app.reader, "at", "use", first, "too early"))
    assert last("data.use") == ({"version": second}, {"version": first, "note": "too early"})
    proposal = propose(app, wang, b"code,people\nA1,5\nA2,6\n")
    asked(app, wang, lambda _: supply._act(app.reader, "at", "drop", proposal, ""))
    assert last("data.drop")[1]["proposal"] == proposal


def test_a_proposal_is_noted_under_its_own_pack_whatever_the_address_names(tmp_path):
    app = small_app(tmp_path)
    declare_unbuilt(app.reader.store)
    wang = client_of(app, "wang", role="editor")
    proposal, before = propose(app, wang), len(entries(app.reader.office))
    with pytest.raises(SourceError, match="nothing to be done"):
        asked(app, wang, lambda _: supply._act(app.reader, "at", "forge", proposal, ""))
    assert len(entries(app.reader.office)) == before
    asked(app, wang, lambda _: supply._act(app.reader, "bt", "drop", proposal, ""))
    assert entries(app.reader.office)[0].subject == "at/figures"


def test_a_route_notes_what_it_says_it_notes(tmp_path):
    app = small_app(tmp_path)
    wang = client_of(app, "wang", role="admin")
    wang.put("/drafts/new/table?name=t.csv", data=b"code,people\nA1,1\n")
    propose(app, wang)
    guest = client_of(app, "", role="")
    guest.post(SIGN_IN, data={"name": "wang", "password": PASSWORD})
    csrf = asked(app, guest, lambda _: g.session.csrf)
    guest.post(SIGN_OUT, data={"csrf": csrf})
    told = {one.action for one in entries(app.reader.office)}
    # The others are noted in test_loading.py and test_people_page.py, from their route to the entry.
    assert {NOTED[one] for one in NOTED} - {"data.supply", "person.password"} <= told
