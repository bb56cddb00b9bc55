"""What is unchanged is not sent again; what is sent is compressed; other origins read only where that is allowed."""

import gzip

import pytest
from fuping.dashboard.app import create_app

PATH = "/api/collections/kr.province/items?limit=2"


def test_what_is_unchanged_is_not_sent_again(api):
    first = api.get(PATH)
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "no-cache"
    again = api.get(PATH, headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert api.get(PATH, headers={"If-None-Match": f'"other", {tag}'}).status_code == 304
    assert api.get(PATH, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_tag_belongs_to_what_was_asked(api):
    tags = {
        api.get(PATH).headers["ETag"],
        api.get(f"{PATH}&offset=2").headers["ETag"],
        api.get(PATH, headers={"Accept-Language": "zh"}).headers["ETag"],
        api.get(PATH, base_url="https://other.example").headers["ETag"],
        *(api.get(f"/api/indicators/kr/population/nation?f={form}").headers["ETag"] for form in ("json", "csv")),
    }
    assert len(tags) == 6


def test_a_new_build_has_a_new_tag(store, monkeypatch):
    client = create_app(store).server.test_client()
    before = client.get(PATH).headers["ETag"], client.get("/api/indicators/us").headers["ETag"]
    version = store.version
    monkeypatch.setattr(store, "version", lambda pack: version(pack) + ("x" if pack == "kr" else ""))
    monkeypatch.setattr(store, "folder", lambda pack: store.root / "packs" / pack / version(pack))
    after = client.get(PATH, headers={"If-None-Match": before[0]})
    assert after.status_code == 200
    assert after.headers["ETag"] != before[0]
    assert client.get("/api/indicators/us").headers["ETag"] == before[1], "another pack's build changes nothing"


def test_a_star_does_not_hide_that_nothing_is_there(api):
    assert api.get("/api/collections/nothing/items", headers={"If-None-Match": "*"}).status_code == 404


@pytest.mark.parametrize("path", [PATH, "/api", "/api/indicators/kr/population/province?f=csv", "/api/nothing"])
def test_head_is_get_without_the_body(api, path):
    got, head = api.get(path), api.head(path)
    assert (head.status_code, head.data) == (got.status_code, b"")
    for name in ("Content-Type", "Content-Length", "ETag"):
        assert head.headers.get(name) == got.headers.get(name)


def test_options_tells_what_can_be_done(api):
    answer = api.options(PATH)
    assert (answer.status_code, answer.data, answer.headers["Allow"]) == (204, b"", "GET, HEAD, OPTIONS")


@pytest.mark.parametrize(
    "path", [PATH, "/api/indicators/kr/population/municipality?f=csv", "/api/openapi.json", "/api/collections"]
)
def test_what_is_large_is_compressed_for_whoever_takes_it(api, path):
    plain, packed = api.get(path), api.get(path, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.data) < len(plain.data)


def test_other_origins_may_not_read_unless_that_is_set(api):
    answer = api.get(PATH, headers={"Origin": "https://other.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_other_origins_may_read_where_that_is_set(store, monkeypatch):
    monkeypatch.setenv("FUPING_API_CORS", "1")
    client = create_app(store).server.test_client()
    for path in (PATH, "/api/nothing"):
        assert client.get(path).headers["Access-Control-Allow-Origin"] == "*"
    asked = {"Origin": "https://other.example", "Access-Control-Request-Method": "GET"}
    before = client.options(PATH, headers=asked)
    assert before.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "Access-Control-Allow-Origin" not in client.get("/units/kr/province.json").headers


def test_pages_outside_the_api_are_as_they_were(api):
    assert api.get("/apiary").mimetype == "text/html"
    assert api.get("/api").mimetype == "application/json"
