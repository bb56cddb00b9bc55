"""The dashboard answers the same over the store in files and the store in a database: one build of Korea in both."""

import shutil
from contextlib import contextmanager, nullcontext

import pytest
from fuping.dashboard.app import create_app
from fuping.layers.stores import EmbeddedStore
from fuping.layers.stores.postgis import PostgisStore
from sqlalchemy import Engine, event

ANSWERS = [
    "/geometry/kr/municipality.json",
    "/geometry/kr/province.json?detail=1",
    "/units/kr/municipality.json",
    "/coverage/kr/municipality.json",
    "/values/kr/municipality/basic_living_ratio.json",
    "/classes/kr/municipality/population.json",
    "/search/kr.json?q=Jongno",
    "/api/collections",
    "/api/collections/kr.municipality/items?limit=20&offset=10",
    "/api/collections/kr.municipality/items?bbox=126.5,37,127.5,38&limit=300",
    "/api/collections/kr.province/tiles/WebMercatorQuad/6/24/54",
    "/api/collections/kr.municipality/tiles/WebMercatorQuad/10/396/873",
    "/api/indicators/kr/population/municipality",
    "/api/indicators/kr/population/municipality?f=csv",
    "/api/indicators/kr",
]


@pytest.fixture(scope="module")
def clients(store, new_database, tmp_path_factory):
    """The dashboard over each store; both hold one build, and it alone."""
    root, version = tmp_path_factory.mktemp("served"), store.version("kr")
    both = EmbeddedStore(root / "files"), PostgisStore(new_database(), root / "database")
    for number, one in enumerate(both):
        one.adopt("kr", version, shutil.copytree(store.folder("kr"), root / f"copy {number}"))
    return [create_app(one).server.test_client() for one in both]


@pytest.mark.parametrize("path", ANSWERS)
def test_the_same_bytes_are_answered(clients, path):
    first, second = (client.get(path) for client in clients)
    assert (first.status_code, second.status_code) in ((200, 200), (204, 204))
    assert second.data == first.data
    assert second.headers.get("ETag") == first.headers.get("ETag")


@pytest.mark.parametrize("page", ["map?pack=kr", "map?pack=kr&indicator=population&level=province&lang=zh"])
def test_the_same_page_is_laid_out(clients, page):
    referrer = {"Referer": f"http://localhost/{page}"}
    first, second = (client.get("/_dash-layout", headers=referrer) for client in clients)
    assert first.status_code == 200
    assert second.json == first.json


@contextmanager
def counted():
    """Count the statements that are sent meanwhile, and how many of them ask which build is current."""
    sent = []

    def note(connection, cursor, statement, *_):
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield sent
    event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", ["/api/collections", "/api/records?limit=100", "/api/openapi.json"])
def test_which_build_is_current_is_looked_up_once_for_an_answer(clients, monkeypatch, path):
    _, client = clients
    first = client.get(path)
    with counted() as sent:
        again = client.get(path)
    assert (again.status_code, again.data) == (200, first.data)
    assert sum("current" in one for one in sent) == 1
    assert len(sent) <= 2
    monkeypatch.setattr(PostgisStore, "moment", lambda self: nullcontext())
    with counted() as before:
        assert client.get(path).data == first.data
    assert len(before) >= 5 * len(sent), "what it would cost to look each time"


def test_an_answer_is_of_one_state_of_the_database_whatever_is_built_meanwhile(store, new_database, tmp_path):
    version = store.version("kr")
    own = PostgisStore(new_database(), tmp_path / "database")
    own.adopt("kr", version, shutil.copytree(store.folder("kr"), tmp_path / "one"))
    with own.moment():
        assert (own.packs(), own.version("kr")) == (["kr"], version)
        before = own.units("kr", "province")
        other = PostgisStore(own._engine.url.render_as_string(hide_password=False), tmp_path / "other")
        other.adopt("kr", "later", shutil.copytree(store.folder("kr"), tmp_path / "two"))
        other.adopt("xx", "first", shutil.copytree(store.folder("kr"), tmp_path / "three"))
        assert (own.packs(), own.version("kr"), own.units("kr", "province")) == (["kr"], version, before)
        assert own.catalogue("kr")["built_at"]
    assert (own.packs(), own.version("kr")) == (["kr", "xx"], "later")
