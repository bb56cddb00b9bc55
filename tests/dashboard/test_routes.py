"""What the browser fetches: data of the right kind, errors for what is not there, and headers that keep it at home."""

import gzip
import json
import re
from html import unescape

import numpy as np
import pytest
from fuping.dashboard.app import create_app
from fuping.layers.stores import EmbeddedStore


@pytest.fixture(scope="module")
def client(store):
    return create_app(store).server.test_client()


def fetch(client, url):
    answer = client.get(url)
    assert answer.status_code == 200, url
    return json.loads(gzip.decompress(answer.data))


def test_every_part_of_the_map_has_the_same_units(client):
    units = fetch(client, "/units/kr/municipality.json")
    geometry = fetch(client, "/geometry/kr/municipality.json")
    values = fetch(client, "/values/kr/municipality/basic_living_ratio.json")
    classes = fetch(client, "/classes/kr/municipality/basic_living_ratio.json?scheme=natural_breaks&k=4")
    drawn = [one["properties"]["code"] for one in geometry["objects"]["units"]["geometries"]]
    assert drawn == units["codes"]
    assert {len(row) for row in (*values["value"], *classes["classes"])} == {len(drawn)}
    assert len(classes["colours"]) == 4
    assert values["years"] == classes["years"] == [2010, 2015, 2020]


@pytest.mark.parametrize("page", ["/", "/trends"])
def test_a_page_brings_what_its_charts_run_on(client, page):
    # Dash's charts call regeneratorRuntime, which only its polyfill defines.
    text = client.get(page).text
    assert "/polyfill@" in text
    assert "/dash_table/" not in text


def test_the_first_page_of_china_is_no_larger_than_it_need_be(client):
    page = client.get("/?pack=cn", headers={"Accept-Encoding": "gzip"})
    text = gzip.decompress(page.data).decode()
    fetched = re.findall(r'(?:src|href)="(/[^"]+)"', text)
    assert any("/geometry/cn/county.json" in one for one in fetched)
    assert any("dash_renderer" in one for one in fetched)
    sizes = {one: len(client.get(unescape(one), headers={"Accept-Encoding": "gzip"}).data) for one in fetched}
    # What callbacks answer and the headers come on top: about 60 kB.
    assert sum(sizes.values()) < 1_300_000, sizes


def test_what_does_not_change_is_kept_by_the_browser(client):
    kept = client.get("/units/kr/municipality.json?v=1").headers
    assert "immutable" in kept["Cache-Control"]
    assert client.get("/units/kr/municipality.json", headers={"If-None-Match": kept["ETag"]}).status_code == 304
    assert client.get("/units/kr/municipality.json").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "url",
    [
        "/units/xx/county.json",
        "/units/cn/village.json",
        "/geometry/cn/village.json",
        "/values/cn/county/nothing.json",
        "/values/cn/county/central_poverty_funds.json",
        "/classes/cn/county/nothing.json",
        "/search/xx.json?q=a",
        "/map/secret.js",
    ],
)
def test_what_is_not_there_is_not_found(client, url):
    assert client.get(url).status_code == 404


def test_search_answers_in_the_language_asked_for(client):
    hits = client.get("/search/cn.json?q=fuping&lang=zh").json
    assert hits[0]["name"] == "阜平县"
    assert hits[0]["note"] == "县级 · 保定市 · 河北省"
    assert client.get("/search/cn.json?q=").json == []


def test_the_page_may_run_no_script_but_its_own_and_evaluates_none(client):
    answer = client.get("/?lang=zh")
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert "unsafe" not in policy["script-src"]
    assert "http" not in answer.headers["Content-Security-Policy"]
    assert '<html lang="zh">' in answer.text
    assert "阜平：贫困监测" in answer.text


def test_the_page_announces_the_data_of_its_view(client):
    page = client.get("/?pack=kr&indicator=disabled_ratio&level=province").text
    assert 'href="/geometry/kr/province.json?v=' in page
    assert 'href="/values/kr/province/disabled_ratio.json?v=' in page


def test_an_address_cannot_put_markup_into_the_page(client):
    page = client.get('/?pack="><script>alert(1)</script>&lang="><b>').text
    assert "alert(1)" not in page
    assert "<b>" not in page


def test_a_large_answer_is_compressed_for_who_takes_it(client):
    url = "/_dash-component-suites/dash/html/dash_html_components.min.js"
    packed = client.get(url, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in client.get(url).headers


def test_without_any_pack_the_page_says_what_to_do(tmp_path):
    client = create_app(EmbeddedStore(tmp_path)).server.test_client()
    assert client.get("/").status_code == 200
    layout = client.get("/_dash-layout").text
    assert "fuping build" in layout


def test_every_layer_of_every_pack_is_served_with_the_status_of_each_figure(client, store):
    for pack in store.packs():
        for declared in store.catalogue(pack)["indicators"]:
            for level in declared["levels"]:
                told = fetch(client, f"/values/{pack}/{level}/{declared['id']}.json")
                values = store.values(pack, declared["id"], level)
                for row, status, reason in zip(told["status"], values.status, values.reason, strict=True):
                    listed = np.full(len(status), row) if isinstance(row, int) else np.array(row)
                    observed = reason == 0
                    np.testing.assert_array_equal(listed[observed], status[observed])
