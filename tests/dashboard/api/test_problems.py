"""Whatever goes wrong on whichever route, the answer has one shape, in the language asked for."""

import pytest
from fuping.dashboard.api import routes
from fuping.dashboard.api.endpoints import ENDPOINTS
from fuping.dashboard.api.errors import KINDS, RequestError, kind_of
from fuping.dashboard.app import create_app
from fuping.layers.errors import NotBuiltError
from fuping.layers.stores import EmbeddedStore
from fuping.spatial.errors import CRSError, FupingError

PATHS = {
    "collectionId": "kr.province",
    "featureId": "11",
    "pack": "kr",
    "indicator": "population",
    "level": "province",
    "recordId": "kr.source.censuskor",
    "tileMatrixSetId": "WebMercatorQuad",
    "tileMatrix": "5",
    "tileRow": "12",
    "tileCol": "27",
    "problemKind": "unexpected",
}
RESOURCES = [f"/api{one.path.format(**PATHS)}" for one in ENDPOINTS] + ["/api/openapi.json"]


def check(answer, status, kind):
    """The one shape of RFC 9457 with a remedy, and nothing else."""
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.get_data(as_text=True)
    told = answer.json
    assert set(told) - {"parameter"} == {"type", "title", "status", "detail", "instance", "remedy"}
    assert told["type"] == f"http://localhost/api/problems/{kind}"
    assert told["status"] == status
    assert told["detail"]
    assert told["remedy"]
    assert "Traceback" not in answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-store"
    return told


@pytest.mark.parametrize("path", RESOURCES)
def test_every_resource_answers(api, path):
    assert api.get(path).status_code == 200


@pytest.mark.parametrize("path", RESOURCES)
def test_every_resource_refuses_a_parameter_that_it_does_not_have(api, path):
    told = check(api.get(f"{path}?nothing=1"), 400, "unknown-parameter")
    assert told["parameter"] == "nothing"
    assert told["instance"] == f"{path}?nothing=1"


@pytest.mark.parametrize("path", RESOURCES)
def test_every_resource_refuses_a_format_that_it_does_not_have(api, path):
    assert check(api.get(f"{path}?f=html"), 400, "bad-parameter")["parameter"] == "f"
    check(api.get(path, headers={"Accept": "image/png"}), 406, "not-acceptable")


@pytest.mark.parametrize("path", RESOURCES)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
def test_every_resource_refuses_to_be_changed(api, path, method):
    answer = api.open(path, method=method)
    check(answer, 405, "method-not-allowed")
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", [one for one in ENDPOINTS if "{" in one.path], ids=lambda one: one.path)
def test_what_a_path_names_and_is_not_there_is_not_found(api, path):
    for name in (
        "collectionId",
        "featureId",
        "pack",
        "indicator",
        "level",
        "recordId",
        "tileMatrixSetId",
        "problemKind",
    ):
        if f"{{{name}}}" in path.path:
            told = check(api.get(f"/api{path.path.format(**PATHS | {name: 'nothing 无'})}"), 404, "not-found")
            assert told["parameter"] == name
            assert "nothing 无" in told["detail"]


@pytest.mark.parametrize("path", ["/api/nothing", "/api/collections/kr.province/nothing", "/api/a/b/c/d", "/api/%00"])
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_a_path_that_leads_nowhere_is_not_found(api, path, method):
    check(api.open(path, method=method), 404, "not-found")


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=many", "limit"),
        ("limit=", "limit"),
        ("limit=1.5", "limit"),
        ("limit=1&limit=2", "limit"),
        ("offset=-1", "offset"),
        ("bbox=1,2,3", "bbox"),
        ("bbox=1,2,3,4,5", "bbox"),
        ("bbox=1,2,3,4,5,6,7", "bbox"),
        ("bbox=1,2,3,x", "bbox"),
        ("bbox=1,2,nan,4", "bbox"),
        ("bbox=1,2,inf,4", "bbox"),
        ("bbox=1,5,3,4", "bbox"),
        ("bbox=", "bbox"),
        ("bbox=9,1,3,4&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/3857", "bbox"),
        ("bbox=1,2,3,4&bbox-crs=EPSG:4326", "bbox-crs"),
        ("crs=http://www.opengis.net/def/crs/EPSG/0/9999", "crs"),
        ("datetime=yesterday", "datetime"),
        ("datetime=2020", "datetime"),
        ("datetime=2020-13-01", "datetime"),
        ("datetime=2020-01-02/2020-01-01", "datetime"),
        ("datetime=2020-01-01/2020-01-02/2020-01-03", "datetime"),
        ("datetime=..", "datetime"),
        ("datetime=0001-01-01T00:00:00%2B14:00", "datetime"),
        ("datetime=", "datetime"),
        ("code=", "code"),
        ("within=nothing", "within"),
        ("within=", "within"),
        ("detail=some", "detail"),
        ("filter=nothing = 1", "filter"),
        ("filter=", "filter"),
        ("filter=" + "a" * 2001, "filter"),
        ("filter=code='11'&filter-lang=sql", "filter-lang"),
        ("filter=code='11'&filter-crs=4326", "filter-crs"),
        ("bbox_crs=http://www.opengis.net/def/crs/OGC/1.3/CRS84", "bbox_crs"),
        ("indicators=population", "year"),
        ("year=2020", "indicators"),
        ("indicators=nothing&year=2020", "indicators"),
        ("indicators=population&year=1900", "year"),
        ("indicators=population&year=last", "year"),
        ("lang=fr", "lang"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(api, query, parameter):
    kind = "unknown-parameter" if parameter == "bbox_crs" else "bad-parameter"
    for language in ("en", "zh"):
        asked = query if "lang=" in query else f"{query}&lang={language}"
        answer = api.get(f"/api/collections/kr.province/items?{asked}")
        assert check(answer, 400, kind)["parameter"] == parameter


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("years=1900", "years"),
        ("years=2010/x", "years"),
        ("years=2010,,2015", "years"),
        ("years=2016/2018", "years"),
        ("units=11,99", "units"),
        ("within=11", "within"),
        ("f=xlsx", "f"),
    ],
)
def test_a_table_that_cannot_be_is_refused_by_name(api, query, parameter):
    told = check(api.get(f"/api/indicators/kr/population/province?{query}"), 400, "bad-parameter")
    assert told["parameter"] == parameter


def test_a_problem_is_told_in_the_language_asked_for(api):
    path = "/api/collections/kr.province/items?limit=0"
    english, chinese = api.get(path).json, api.get(path, headers={"Accept-Language": "zh-CN,zh;q=0.9"}).json
    assert english["title"] == "Bad value of a parameter"
    assert chinese["title"] == "参数值有误"
    assert api.get(f"{path}&lang=zh").json["detail"] == chinese["detail"] == "参数“limit”的值为“0”；应为不小于1的整数。"


def test_a_fault_of_the_server_tells_nothing_of_its_inside(store, monkeypatch, caplog):
    def fails(*given):
        raise KeyError("secret")

    client = create_app(store).server.test_client()
    monkeypatch.setattr(routes, "read", fails)
    answer = client.get("/api")
    check(answer, 500, "unexpected")
    assert "secret" not in answer.get_data(as_text=True)
    assert "secret" in caplog.text


@pytest.mark.parametrize(
    ("error", "status"),
    [(NotBuiltError("The pack is gone.", remedy="Build it."), 503), (CRSError("A CRS."), 422), (OSError("disk"), 500)],
)
def test_the_nearest_class_of_an_error_decides_its_status(error, status):
    assert kind_of(error).status == status


def test_every_kind_of_problem_is_explained(get):
    for kind in KINDS.values():
        assert get(f"/problems/{kind.name}", lang="zh")["title"] == kind.title.zh


def test_errors_of_requests_all_have_a_kind():
    for error in RequestError.__subclasses__():
        assert error in KINDS


def test_a_store_without_packs_has_an_empty_api(tmp_path):
    client = create_app(EmbeddedStore(tmp_path)).server.test_client()
    assert client.get("/api").status_code == 200
    assert client.get("/api/collections").json["collections"] == []
    assert client.get("/api/records").json["features"] == []
    assert client.get("/api/openapi.json").status_code == 200
    check(client.get("/api/collections/kr.province/items"), 404, "not-found")


def test_a_setting_that_is_neither_is_refused(store, monkeypatch):
    monkeypatch.setenv("FUPING_API_CORS", "yes")
    with pytest.raises(FupingError, match="FUPING_API_CORS is 'yes'"):
        create_app(store)
