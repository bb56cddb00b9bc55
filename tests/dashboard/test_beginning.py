"""A store without any pack is begun in the browser: at the machine itself by whoever, elsewhere by who may anyway."""

import time

import pytest
from cheap_hasher import cheap_hasher  # noqa: F401
from fuping.dashboard.app import create_app
from fuping.dashboard.identity import COOKIE, ForbiddenError
from fuping.dashboard.pages import add_country, load
from fuping.dashboard.state import ViewState
from fuping.layers.office import entries, open_office
from fuping.layers.office.people import add_person
from small_office import PASSWORD, client_of
from small_pack import write_small_pack

TABLE = b"code,people\nA1,11\nA2,20\n"


@pytest.fixture
def app(tmp_path):
    return create_app(write_small_pack(tmp_path), open_office(tmp_path / "office", url=""))


def asked(app, client, work, address="127.0.0.1", **headers):
    cookie = client.get_cookie(COOKIE)
    headers |= {"Cookie": f"{COOKIE}={cookie.value}"} if cookie else {}
    with app.server.test_request_context("/load", headers=headers, environ_base={"REMOTE_ADDR": address}):
        app.server.preprocess_request()
        return work()


def layout(app, client, path="/", **asking):
    # Dash asks for the layout of the page that is named as the one that asks.
    return str(asked(app, client, lambda: app.layout(), Referer=f"http://localhost{path}", **asking))


def ended(client, pack="at"):
    for _ in range(600):
        answer = client.get(f"/load/{pack}.json")
        assert answer.status_code == 200
        if not answer.get_json()["working"]:
            return answer.get_json()["state"]
        time.sleep(0.05)
    raise AssertionError(answer.get_json())


def test_whoever_sits_at_the_machine_loads_the_first_pack_and_no_second(app):
    me = client_of(app, "", role="")
    first = layout(app, me)
    assert "/load?lang=zh&load=at" in first
    assert "/load?lang=en&load=cn" in first
    assert "/add-country?lang=en" in first
    assert "load-page" in layout(app, me, "/load?load=at&lang=zh")
    assert me.get("/load?load=at&lang=zh").text.count('<html lang="zh">') == 1
    view = ViewState.read("load=at&lang=zh", [], app.reader.catalogue)
    assert "load-act" in str(asked(app, me, lambda: load._content(app.reader, view)))
    asked(app, me, lambda: load._act(app.reader, "at", "build", ""))
    assert ended(me) == "build done"
    assert app.reader.packs() == ["at"]
    [note] = entries(app.reader.office)
    assert (note.who, note.action, note.subject) == ("anyone", "pack.build", "at")
    with pytest.raises(ForbiddenError):
        asked(app, me, lambda: load._act(app.reader, "cn", "build", ""))
    assert me.put("/drafts/new/table?name=t.csv", data=TABLE).status_code == 403


def test_whoever_sits_at_the_machine_adds_a_country_from_two_files(app):
    me = client_of(app, "", role="")
    sent = me.put("/drafts/new/table?name=t.csv", data=TABLE)
    assert sent.status_code == 200
    draft = sent.get_json()["id"].split()[0]
    view = ViewState.read(f"draft={draft}&lang=en", [], app.reader.catalogue)
    assert "t.csv" in str(asked(app, me, lambda: add_country._content(app.reader, view)))


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("192.0.2.7", {}),
        ("127.0.0.1", {"Host": "fuping.example.org"}),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}),
        ("127.0.0.1", {"Via": ""}),
    ],
    ids=["from elsewhere", "under another name", "through a web server", "through one that hides it"],
)
def test_nobody_else_without_an_account_begins(app, address, headers):
    other = client_of(app, "", role="")
    other.environ_base["REMOTE_ADDR"] = address
    assert other.put("/drafts/new/table?name=t.csv", data=TABLE, headers=headers).status_code == 403
    assert other.put("/load/at/figures?name=t.csv", data=TABLE, headers=headers).status_code == 403
    assert other.get("/load/at.json", headers=headers).status_code == 403
    told = layout(app, other, address=address, **headers)
    assert "load=at" not in told
    assert "fuping build" in told
    assert "/sign-in" in told


@pytest.mark.parametrize(
    ("name", "value"), [("FUPING_SECRET", "x" * 12), ("FUPING_SIGN_IN", "required"), ("FUPING_BEHIND_PROXY", "1")]
)
def test_where_strangers_are_kept_out_nobody_begins_without_an_account(app, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    other = client_of(app, "", role="")
    assert other.put("/drafts/new/table?name=t.csv", data=TABLE).status_code == 403


def test_an_office_with_accounts_is_begun_by_who_may_load(app):
    nobody = client_of(app, "", role="")
    add_person(app.reader.office, "first", password=PASSWORD, role="viewer")
    assert nobody.put("/drafts/new/table?name=t.csv", data=TABLE).status_code == 403
    reads = client_of(app, "zhao", role="viewer")
    assert "Only an editor or administrator of everything" in layout(app, reads)
    edits = client_of(app, "li", role="editor")
    shown = layout(app, edits)
    assert "load=at" in shown
    assert "/add-country" not in shown
    asked(app, edits, lambda: load._act(app.reader, "at", "build", ""))
    assert ended(edits) == "build done"
    assert entries(app.reader.office)[0].who == "li"
