"""A country comes in through the dashboard: only by an administrator, and noted in the audit log."""

import time

import pytest
from cheap_hasher import cheap_hasher  # noqa: F401
from fuping.dashboard import incoming
from fuping.dashboard.adding import adding_of
from fuping.dashboard.identity import COOKIE, ForbiddenError
from fuping.dashboard.pages import add_country
from fuping.layers.ingest.drafts import Drafts
from fuping.layers.office import entries
from small_office import client_of, small_app

SQUARES = """{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"code": "B1"}, "geometry": {"type": "Polygon", "coordinates": [[[0,0],[1,0],[1,1],[0,1],[0,0]]]}},
{"type": "Feature", "properties": {"code": "B2"}, "geometry": {"type": "Polygon", "coordinates": [[[1,0],[2,0],[2,1],[1,1],[1,0]]]}}
]}"""  # noqa: E501

TABLE = "code,people\nB1,11\nB2,20\n"

WHOSE = [f"{part}.{key}" for part in ("table", "boundaries") for key in ("title", "publisher", "licence", "citation")]

SAID = {
    "code": "bt",
    "name.en": "Bensalem",
    "name.zh": "本色列",
    "level.en": "District",
    "level.en_plural": "Districts",
    "level.zh": "区",
    "year": "2020",
} | dict.fromkeys(WHOSE, "Office")


@pytest.fixture
def app(tmp_path):
    return small_app(tmp_path)


@pytest.fixture
def client(app):
    def of(name="wang", role="admin", areas=()):
        return client_of(app, name, role=role, areas=areas)

    return of


def ended(client, draft):
    for _ in range(600):
        told = client.get(f"/drafts/{draft}.json").get_json()
        if not told["working"]:
            return told["state"]
        time.sleep(0.05)
    raise AssertionError(told)


def send(client, table=TABLE):
    first = client.put("/drafts/new/boundaries?name=b.geojson", data=SQUARES.encode())
    assert first.status_code == 200, first.text
    draft = first.get_json()["id"].split()[0]
    assert client.get(f"/drafts/{draft}.json").get_json()["state"] == "files waiting"
    second = client.put(f"/drafts/{draft}/table?name=b.csv", data=table.encode())
    assert second.get_json()["id"].split()[0] == draft
    assert ended(client, draft) == "read done"
    return draft


def act(app, client, draft, what, said=None):
    """Do what a button of the page does, as the person of a client."""
    cookie = client.get_cookie(COOKIE)
    with app.server.test_request_context("/", headers={"Cookie": f"{COOKIE}={cookie.value}" if cookie else ""}):
        app.server.preprocess_request()
        add_country._act(app.reader, draft, what, said)


def test_an_administrator_makes_a_country_and_the_log_tells(app, client):
    wang = client()
    draft = send(wang)
    act(app, wang, draft, "check", SAID)
    assert ended(wang, draft) == "check done"
    assert app.reader.packs() == ["at"]
    act(app, wang, draft, "make", SAID)
    assert ended(wang, draft) == "make done"
    assert app.reader.packs() == ["at", "bt"]
    assert app.reader.catalogue("bt")["pack"]["name"]["zh"] == "本色列"
    made, table, boundaries = [one for one in entries(app.reader.office) if one.action.startswith("pack.")]
    assert (made.who, made.action, made.subject) == ("wang", "pack.made", "bt")
    assert set(made.after["sha256"]) == {"boundaries", "table"}
    assert (table.action, table.after["part"], boundaries.after["file"]) == ("pack.file", "table", "b.geojson")


@pytest.mark.parametrize(
    ("name", "role", "areas"),
    [("", "", ()), ("li", "editor", ()), ("zhao", "viewer", ()), ("qian", "admin", [("at", "A1")])],
)
def test_nobody_else_may(app, client, name, role, areas):
    other = client(name, role, areas)
    assert other.put("/drafts/new/table?name=b.csv", data=TABLE.encode()).status_code == 403
    draft = adding_of(app.reader).drafts.open("wang").id
    assert other.get(f"/drafts/{draft}.json").status_code == 403
    assert other.post(f"/drafts/{draft}/stop").status_code == 403
    with pytest.raises(ForbiddenError):
        act(app, other, draft, "drop")


def test_what_is_not_there_or_not_whole_or_too_large_is_refused(app, client, monkeypatch):
    wang = client()
    assert wang.put("/drafts/new/pictures?name=b.csv", data=b"x").status_code == 404
    assert wang.put("/drafts/0123456789abcdef/table?name=b.csv", data=b"x").status_code == 404
    assert wang.get("/drafts/etc.json").status_code == 404
    assert wang.put("/drafts/new/table?name=b.csv", data=b"").status_code == 400
    monkeypatch.setattr(incoming, "LARGEST_FILE", 4)
    assert wang.put("/drafts/new/table?name=b.csv", data=TABLE.encode()).status_code == 413
    assert Drafts(app.reader.store).all() == []


def test_a_name_cannot_lead_out_of_the_draft(app, client):
    wang = client()
    sent = wang.put("/drafts/new/table?name=..%2F..%2Fevil.csv", data=TABLE.encode())
    draft = sent.get_json()["id"].split()[0]
    assert adding_of(app.reader).drafts.get(draft).files == {"table": "evil.csv"}
    assert not list(app.reader.store.root.glob("evil.csv"))


def test_a_file_that_cannot_be_read_is_told_on_the_page_and_the_draft_can_be_forgotten(app, client):
    wang = client()
    draft = wang.put("/drafts/new/boundaries?name=b.geojson", data=b"{}").get_json()["id"].split()[0]
    wang.put(f"/drafts/{draft}/table?name=b.csv", data=TABLE.encode())
    assert ended(wang, draft) == "read faulty"
    act(app, wang, draft, "drop")
    assert wang.get(f"/drafts/{draft}.json").status_code == 404
    assert next(one for one in entries(app.reader.office)).action == "pack.drop"
