"""A pack that was never built is loaded in the browser: file by file, each checked, then built; the log tells who."""

import time

import pytest
from cheap_hasher import cheap_hasher  # noqa: F401
from fuping.dashboard import incoming
from fuping.dashboard.identity import COOKIE, ForbiddenError
from fuping.dashboard.loading import loading_of
from fuping.dashboard.pages import load
from fuping.dashboard.queries import packs
from fuping.dashboard.state import ViewState
from fuping.layers.errors import SourceError
from fuping.layers.ingest import loads
from fuping.layers.office import entries
from fuping.layers.stores import EmbeddedStore
from small_office import client_of, small_app
from small_pack import declare_unbuilt, people

GOOD = b"code,people\nA1,11\nA2,20\n"

SQUARES = b"""{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"code": "A1"}, "geometry": {"type": "Polygon", "coordinates": [[[0,0],[1,0],[1,1],[0,1],[0,0]]]}},
{"type": "Feature", "properties": {"code": "A2"}, "geometry": {"type": "Polygon", "coordinates": [[[1,0],[2,0],[2,1],[1,1],[1,0]]]}}
]}"""  # noqa: E501


@pytest.fixture
def app(tmp_path):
    made = small_app(tmp_path)
    declare_unbuilt(made.reader.store)
    return made


@pytest.fixture
def client(app):
    def of(name="li", role="editor", areas=()):
        return client_of(app, name, role=role, areas=areas)

    return of


def ended(client, pack="bt"):
    for _ in range(600):
        told = client.get(f"/load/{pack}.json").get_json()
        if not told["working"]:
            return told["state"]
        time.sleep(0.05)
    raise AssertionError(told)


def send(client, source, content, name):
    sent = client.put(f"/load/bt/{source}?name={name}", data=content)
    assert sent.status_code == 200, sent.text
    return ended(client)


def asked(app, client, work, query="load=bt"):
    cookie = client.get_cookie(COOKIE)
    view = ViewState.read(f"lang=en&pack=at&{query}", app.reader.packs(), app.reader.catalogue)
    with app.server.test_request_context("/load", headers={"Cookie": f"{COOKIE}={cookie.value}" if cookie else ""}):
        app.server.preprocess_request()
        return work(view)


def act(app, client, what, source="", pack="bt"):
    return asked(app, client, lambda _: load._act(app.reader, pack, what, source))


def shown(app, client, query="load=bt"):
    return str(asked(app, client, lambda view: load._content(app.reader, view), query))


def test_an_editor_loads_a_pack_and_the_log_tells(app, client):
    li = client()
    assert [one.command for one in packs.pack_choices(app.reader) if one.code == "bt"] == ["fuping build bt"]
    assert "The map needs first" in shown(app, li)
    assert send(li, "boundaries", SQUARES, "b.geojson") == "check done"
    assert "At least one file with figures" in shown(app, li)
    assert send(li, "figures", GOOD, "b.csv") == "check done"
    assert "Every file is there" in shown(app, li)
    assert app.reader.packs() == ["at"]
    act(app, li, "build")
    assert ended(li) == "build done"
    assert app.reader.packs() == ["at", "bt"]
    assert app.reader.store.values("bt", "people", "unit").value.tolist() == [[11, 20]]
    assert people(app.reader.store) == [10, 20]
    built, figures, boundaries = [one for one in entries(app.reader.office) if one.action != "sign_in"][:3]
    assert (built.who, built.action, built.subject) == ("li", "pack.build", "bt")
    assert built.after["version"] == app.reader.version("bt")
    assert (figures.action, figures.subject, figures.after["size"]) == ("data.supply", "bt/figures", len(GOOD))
    assert boundaries.subject == "bt/boundaries"
    assert "is loaded" in shown(app, li)
    assert li.put("/load/bt/figures?name=b.csv", data=GOOD).status_code == 404, "from now on it is proposed"
    with pytest.raises(SourceError, match="to load"):
        act(app, li, "build")


def test_a_file_that_is_not_as_declared_is_told_and_not_kept(app, client):
    li = client()
    assert send(li, "figures", b"code,people\nA1,ten\n", "b.csv") == "check faulty"
    told = shown(app, li)
    assert "row 2" in told
    assert "It was not kept" in told
    assert "第2行：现为'ten'；应为数字。" in shown(app, li, "load=bt&lang=zh")
    assert not list(app.reader.store.supplied("bt").glob("[!.]*"))
    assert send(li, "figures", GOOD, "b.csv") == "check done"
    assert send(li, "figures", b"code,people\nA1,ten\n", "b.csv") == "check faulty"
    assert (app.reader.store.supplied("bt") / "figures.csv").read_bytes() == GOOD
    act(app, li, "build")
    assert ended(li) == "build faulty", "there are no boundaries"
    assert app.reader.packs() == ["at"]
    assert "could not be made" in shown(app, li)


@pytest.mark.parametrize(
    ("name", "role", "areas"),
    [("", "", ()), ("zhao", "viewer", ()), ("qian", "editor", [("at", "A1")]), ("sun", "admin", [("at", "A1")])],
)
def test_nobody_else_may(app, client, name, role, areas):
    other = client(name, role, areas)
    assert other.put("/load/bt/figures?name=b.csv", data=GOOD).status_code == 403
    assert other.get("/load/bt.json").status_code == 403
    assert other.post("/load/bt/stop").status_code == 403
    with pytest.raises(ForbiddenError):
        act(app, other, "build")
    assert "Only an editor or administrator of the whole country" in shown(app, other)


def test_what_is_not_there_or_not_whole_or_too_large_is_refused(app, client, monkeypatch):
    li = client()
    assert li.put("/load/bt/pictures?name=b.csv", data=b"x").status_code == 400
    for pack in ("at", "zz", ".."):
        assert li.put(f"/load/{pack}/figures?name=b.csv", data=b"x").status_code == 404
    assert li.get("/load/zz.json").status_code == 404
    assert li.put("/load/bt/figures?name=b.csv", data=b"").status_code == 400
    monkeypatch.setattr(incoming, "LARGEST_FILE", 4)
    assert li.put("/load/bt/figures?name=b.csv", data=GOOD).status_code == 413
    assert not list(app.reader.store.supplied("bt").glob("[!.]*"))
    assert "Choose a country" in shown(app, li, "load=zz")


def test_a_build_can_be_broken_off_and_gone_on_with(app, client, monkeypatch):
    li = client()
    send(li, "boundaries", SQUARES, "b.geojson")
    send(li, "figures", GOOD, "b.csv")
    built = loads.build_pack

    def stopped_midway(pack, store, tell):
        def then(step, done, total):
            if step == "write":
                assert li.post("/load/bt/stop").status_code == 200
            tell(step, done, total)

        return built(pack, store, then)

    monkeypatch.setattr(loads, "build_pack", stopped_midway)
    act(app, li, "build")
    assert ended(li) == "build stopped"
    assert app.reader.packs() == ["at"]
    assert "nothing was changed" in shown(app, li)
    monkeypatch.setattr(loads, "build_pack", built)
    act(app, li, "again")
    assert ended(li) == "build done"
    assert app.reader.packs() == ["at", "bt"]


def test_what_a_killed_process_left_is_told_as_stopped(app, tmp_path):
    work = loading_of(app.reader).loads
    work.ask("bt", "build", who="li")
    assert loads.Loads(EmbeddedStore(app.reader.store.root)).of("bt").state == "stopped"
