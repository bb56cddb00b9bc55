"""The abstract tests of OGC API – Features – Part 1: Core (OGC 17-069r4, annex A), each under its identifier.

The identifiers are those of the standard; what each asks is written anew here. What is not tested is named: other
encodings than GeoJSON (HTML, GML), which the API does not declare, and coordinates with heights (CRS84h).
"""

from datetime import datetime
from itertools import pairwise

import pytest
from fuping.dashboard.api.endpoints import CONFORMANCE
from pyproj import CRS, Transformer
from shapely.geometry import box, shape

PART_1 = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"

DONE = set()


def abstract_test(name):
    """Mark a function as the abstract test of a name."""

    def mark(function):
        DONE.add(name)
        return function

    return mark


CORE = [
    *("http", "root-op", "root-success", "api-definition-op", "api-definition-success"),
    *("conformance-op", "conformance-success", "fc-md-op", "fc-md-success", "fc-md-links", "fc-md-items"),
    *("fc-md-items-links", "fc-md-extent", "sfc-md-op", "sfc-md-success", "fc-op", "fc-bbox-definition"),
    *("fc-bbox-response", "fc-limit-definition", "fc-limit-response", "fc-time-definition", "fc-time-response"),
    *("fc-response", "fc-links", "fc-timeStamp", "fc-numberMatched", "fc-numberReturned", "f-op", "f-success"),
    *("f-links", "crs84", "query-param-invalid", "query-param-unknown"),
]

OTHERS = [
    *("geojson/definition", "geojson/content"),
    *("oas30/definition-1", "oas30/definition-2", "oas30/oas-impl", "oas30/completeness", "oas30/exception-codes"),
    "oas30/security",
]


def path_of(href):
    return href.removeprefix("http://localhost").removeprefix("/api")


def parameter(document, name):
    told = document["paths"]["/collections/{collectionId}/items"]["get"]["parameters"]
    return next(one for one in told if one["name"] == name)


def links_of(told):
    """Check that every link has what it must, and return them by relation."""
    found = {}
    for link in told["links"]:
        assert link["rel"]
        assert link["type"]
        assert link["href"].startswith(("http://", "https://"))
        found.setdefault(link["rel"], []).append(link)
    return found


@abstract_test("core/http")
def test_core_http(api):
    for path in ("/api", "/api/conformance", "/api/collections"):
        for protocol in ("HTTP/1.1", "HTTP/1.0"):
            assert api.get(path, environ_overrides={"SERVER_PROTOCOL": protocol}).status_code == 200
        assert api.head(path).status_code == 200
        assert api.post(path).status_code == 405
    assert api.get("/api/nothing").status_code == 404
    assert api.get("/api", headers={"Accept": "image/png"}).status_code == 406


@abstract_test("core/root-op")
@abstract_test("core/root-success")
def test_core_root(get):
    links = links_of(get(""))
    assert {"service-desc", "conformance", "data"} <= set(links)
    assert all(get(path_of(links[rel][0]["href"])) for rel in ("service-desc", "conformance", "data"))


@abstract_test("core/api-definition-op")
@abstract_test("core/api-definition-success")
def test_core_api_definition(api, get):
    (link,) = links_of(get(""))["service-desc"]
    answer = api.get(f"/api{path_of(link['href'])}", headers={"Accept": link["type"]})
    assert (answer.status_code, answer.content_type) == (200, link["type"])
    assert answer.json["openapi"].startswith("3.0.")


@abstract_test("core/conformance-op")
@abstract_test("core/conformance-success")
def test_core_conformance(get):
    declared = get("/conformance")["conformsTo"]
    assert declared == list(CONFORMANCE)
    assert {f"{PART_1}{name}" for name in ("core", "geojson", "oas30")} <= set(declared)


@abstract_test("core/fc-md-op")
@abstract_test("core/fc-md-success")
@abstract_test("core/fc-md-links")
def test_core_collections(store, get):
    told = get("/collections")
    assert links_of(told)["self"][0]["href"].endswith("/api/collections")
    levels = [f"{pack}.{level['id']}" for pack in store.packs() for level in store.catalogue(pack)["levels"]]
    assert [one["id"] for one in told["collections"]] == levels


@abstract_test("core/fc-md-items")
@abstract_test("core/fc-md-items-links")
@abstract_test("core/fc-md-extent")
def test_core_each_collection_of_the_list(get):
    for one in get("/collections")["collections"]:
        items = links_of(one)["items"]
        assert [link["type"] for link in items] == ["application/geo+json"], "every encoding that is supported"
        for west, south, east, north in one["extent"]["spatial"]["bbox"]:
            assert -180 <= west <= 180
            assert -180 <= east <= 180
            assert -90 <= south <= north <= 90
        for moments in one["extent"]["temporal"]["interval"]:
            begin, end = (moment and datetime.fromisoformat(moment) for moment in moments)
            assert begin is None or end is None or begin <= end


@abstract_test("core/sfc-md-op")
@abstract_test("core/sfc-md-success")
def test_core_one_collection(get, place):
    listed = next(one for one in get("/collections")["collections"] if one["id"] == place)
    alone = get(f"/collections/{place}")
    assert {key: alone[key] for key in ("id", "title", "description", "extent", "itemType", "crs")} == {
        key: listed[key] for key in ("id", "title", "description", "extent", "itemType", "crs")
    }
    assert "self" in links_of(alone)


@abstract_test("core/fc-op")
@abstract_test("core/fc-response")
@abstract_test("core/fc-links")
@abstract_test("core/fc-numberMatched")
@abstract_test("core/fc-numberReturned")
def test_core_features(store, api, place):
    pack, level = place.split(".")
    answer = api.get(f"/api/collections/{place}/items?detail=coarse&limit=9")
    told = answer.json
    assert (answer.status_code, answer.mimetype, told["type"]) == (200, "application/geo+json", "FeatureCollection")
    assert {one["type"] for one in told["features"]} == {"Feature"}
    assert told["numberReturned"] == len(told["features"])
    assert told["numberMatched"] == len(store.units(pack, level)["code"])
    links = links_of(told)
    assert links["self"][0]["type"] == "application/geo+json"
    assert ("next" in links) == (told["numberMatched"] > 9)


@abstract_test("core/fc-timeStamp")
def test_core_time_stamp(get, place):
    told = get(f"/collections/{place}/items", detail="coarse", limit=1)
    # It may be left out (/req/core/fc-timeStamp): answers are cached by their content.
    assert "timeStamp" not in told or datetime.fromisoformat(told["timeStamp"])


@abstract_test("core/fc-bbox-definition")
def test_core_bbox_definition(get):
    told = parameter(get("/openapi.json"), "bbox")
    assert (told["in"], told["required"], told["style"], told["explode"]) == ("query", False, "form", False)
    assert told["schema"] == {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}


@abstract_test("core/fc-bbox-response")
def test_core_bbox_response(get, place):
    everything = get(f"/collections/{place}/items", limit=1000)["features"]
    drawn = {one["id"]: shape(one["geometry"]) for one in everything if one["geometry"]}
    west, south, east, north = get(f"/collections/{place}")["extent"]["spatial"]["bbox"][0]
    middle = (west + east) / 2, (south + north) / 2
    for asked in ((west, south, *middle), (*middle, east, north), (0, 0, 0, 0), (-180, -90, 180, 90)):
        told = get(f"/collections/{place}/items", limit=1000, bbox=",".join(map(str, asked)))
        assert {one["id"] for one in told["features"]} == {
            code for code, polygon in drawn.items() if polygon.intersects(box(*asked))
        }


@abstract_test("core/fc-limit-definition")
def test_core_limit_definition(get):
    told = parameter(get("/openapi.json"), "limit")
    assert (told["in"], told["required"], told["schema"]["type"]) == ("query", False, "integer")
    assert (told.get("style", "form"), told["schema"]["default"] >= 1) == ("form", True)


@abstract_test("core/fc-limit-response")
def test_core_limit_response(get, place):
    default = parameter(get("/openapi.json"), "limit")["schema"]["default"]
    for limit in (1, 2, 7, None):
        told = get(f"/collections/{place}/items", detail="coarse", **({"limit": limit} if limit else {}))
        assert told["numberReturned"] == min(limit or default, told["numberMatched"])


@abstract_test("core/fc-time-definition")
def test_core_time_definition(get):
    told = parameter(get("/openapi.json"), "datetime")
    assert (told["in"], told["required"], told["schema"]["type"]) == ("query", False, "string")
    assert told.get("style", "form") == "form"


@abstract_test("core/fc-time-response")
def test_core_time_response(get, place):
    begin, end = get(f"/collections/{place}")["extent"]["temporal"]["interval"][0]
    everything = get(f"/collections/{place}/items", detail="coarse", limit=1)["numberMatched"]
    inside = begin or end or "2000-01-01T00:00:00Z"
    asked = {inside: everything, f"{inside}/..": everything, f"../{inside}": everything, "../..": None}
    if begin:
        asked["1000-01-01T00:00:00Z"] = asked["../1000-01-01T00:00:00Z"] = 0
    if end:
        asked["3000-01-01T00:00:00Z"] = asked["3000-01-01T00:00:00Z/.."] = 0
    for moment, wanted in asked.items():
        if wanted is not None:
            told = get(f"/collections/{place}/items", detail="coarse", limit=1, datetime=moment)
            assert told["numberMatched"] == wanted, moment


@abstract_test("core/f-op")
@abstract_test("core/f-success")
@abstract_test("core/f-links")
def test_core_feature(api, get, place):
    for listed in get(f"/collections/{place}/items", limit=5)["features"]:
        answer = api.get(f"/api/collections/{place}/items/{listed['id']}")
        one = answer.json
        assert (answer.status_code, answer.mimetype, one["type"]) == (200, "application/geo+json", "Feature")
        assert (one["id"], one["geometry"], one["properties"]) == (
            listed["id"], listed["geometry"], listed["properties"],
        )  # fmt: skip
        links = links_of(one)
        assert path_of(links["self"][0]["href"]) == f"/collections/{place}/items/{listed['id']}"
        assert links["collection"][0]["href"].endswith(f"/collections/{place}")


@abstract_test("core/crs84")
def test_core_crs84(get, place):
    told = get(f"/collections/{place}")
    assert told["storageCrs"] == told["extent"]["spatial"]["crs"] == "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    west, south, east, north = told["extent"]["spatial"]["bbox"][0]
    plain = get(f"/collections/{place}/items", limit=3)["features"]
    latitude_first = "http://www.opengis.net/def/crs/EPSG/0/4326"
    swapped = get(f"/collections/{place}/items", limit=3, crs=latitude_first)["features"]
    turn = Transformer.from_crs(CRS("EPSG:4326"), CRS("OGC:CRS84"), always_xy=False)
    for one, other in zip(plain, swapped, strict=True):
        if one["geometry"] is None:
            continue
        x, y = shape(one["geometry"]).representative_point().coords[0]
        assert west <= x <= east
        assert south <= y <= north
        first = shape(other["geometry"]).geoms[0].exterior.coords[0]
        assert turn.transform(*first) == pytest.approx(shape(one["geometry"]).geoms[0].exterior.coords[0])


@abstract_test("core/query-param-unknown")
def test_core_unknown_parameter(api, place):
    for path in ("", "/conformance", "/collections", f"/collections/{place}", f"/collections/{place}/items"):
        assert api.get(f"/api{path}?unknown_parameter=1").status_code == 400


@abstract_test("core/query-param-invalid")
def test_core_invalid_parameter(api, place):
    for query in ("limit=x", "limit=0", "limit=-1", "bbox=1,2,3", "bbox=a,b,c,d", "datetime=yesterday"):
        answer = api.get(f"/api/collections/{place}/items?{query}")
        assert (answer.status_code, answer.mimetype) == (400, "application/problem+json"), query


@abstract_test("geojson/definition")
@abstract_test("geojson/content")
def test_geojson(api, get, place):
    document = get("/openapi.json")["paths"]
    for path in ("/collections/{collectionId}/items", "/collections/{collectionId}/items/{featureId}"):
        assert "application/geo+json" in document[path]["get"]["responses"]["200"]["content"]
    told = api.get(f"/api/collections/{place}/items?limit=2", headers={"Accept": "application/geo+json"})
    assert told.mimetype == "application/geo+json"
    for one in told.json["features"]:
        assert set(one) >= {"type", "id", "geometry", "properties"}
        for polygon in shape(one["geometry"]).geoms if one["geometry"] else ():
            assert polygon.exterior.is_ccw, "RFC 7946, 3.1.6"


@abstract_test("oas30/definition-1")
@abstract_test("oas30/definition-2")
def test_oas30_definition(api):
    answer = api.get("/api/openapi.json", headers={"Accept": "application/vnd.oai.openapi+json;version=3.0"})
    assert answer.content_type == "application/vnd.oai.openapi+json;version=3.0"
    assert answer.json["openapi"] == "3.0.3"


@abstract_test("oas30/completeness")
@abstract_test("oas30/oas-impl")
def test_oas30_completeness(api, get, place):
    document = get("/openapi.json")
    pack, level = place.split(".")
    code = get(f"/collections/{place}/items", detail="coarse", limit=1)["features"][0]["id"]
    for path in (p for p in document["paths"] if p.startswith("/collections") and "{tile" not in p):
        filled = path.replace("{collectionId}", f"{pack}.{level}").replace("{featureId}", code)
        told = api.get(f"/api{filled}")
        described = document["paths"][path]["get"]["responses"]["200"]
        assert told.status_code == 200
        assert told.mimetype in {media.split(";")[0] for media in described["content"]}


@abstract_test("oas30/exception-codes")
def test_oas30_exception_codes(get):
    for one in get("/openapi.json")["paths"].values():
        assert {"400", "404", "500"} <= set(one["get"]["responses"])


@abstract_test("oas30/security")
def test_oas30_security(get):
    document = get("/openapi.json")
    named = {scheme for way in document["security"] for scheme in way}
    assert named <= set(document["components"]["securitySchemes"])
    assert {} in document["security"], "anybody may read where nothing else is set"


def test_every_abstract_test_has_its_own():
    assert {f"core/{name}" for name in CORE} | set(OTHERS) == DONE
    assert all(first <= second for first, second in pairwise(sorted(DONE)))
