"""The dashboard answers the same over the store in files and the store in a database: one build of Korea in both."""

import shutil

import pytest
from fuping.dashboard.app import create_app
from fuping.layers.stores import EmbeddedStore
from fuping.layers.stores.postgis import PostgisStore

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
