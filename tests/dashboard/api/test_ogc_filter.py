"""The abstract tests of OGC API – Features – Part 3: Filtering (OGC 19-079r2) and of CQL2 (OGC 21-065r2).

The identifiers are those of the standards; what each asks is written anew here. What is not tested is named: the counts
of CQL2's own data sets, which no package brings (``*/test-data``), and properties that are true or false or times,
which units do not have: such literals are compared with each other.
"""

import itertools
import json
import random

import pytest
from fuping.dashboard.api.endpoints import CONFORMANCE

PART_3 = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/"
CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf/"

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG4326 = "http://www.opengis.net/def/crs/EPSG/0/4326"
EPSG3857 = "http://www.opengis.net/def/crs/EPSG/0/3857"

VALUES = {"string": "'foo'", "number": "3.14"}
SAME, OTHER = ("=", ">=", "<="), ("<>", "<", ">")

CASES = {
    *(f"filter/{name}" for name in ("get-conformance", "get-collections", "get-collection", "filter-param")),
    *(f"filter/{name}" for name in ("filter-lang-default", "filter-crs-wgs84", "filter-crs-param")),
    *(f"filter/{name}" for name in ("expression-construction", "mixing-expressions")),
    *(f"queryables/{name}" for name in ("get-queryables-op", "get-queryables-response", "queryables-link")),
    *(f"basic-cql2/{name}" for name in ("basic-test", "comparison", "is-null", "boolean", "logical")),
    *(f"advanced-comparison-operators/{name}" for name in ("like", "between", "in", "logical")),
    *(f"case-insensitive-comparison/{name}" for name in ("casei", "casei-like", "logical")),
    *(f"accent-insensitive-comparison/{name}" for name in ("accenti", "accenti-like", "logical")),
    *(f"basic-spatial-functions/{name}" for name in ("s_intersects", "logical")),
    *(f"property-property/comparison-{name}" for name in ("value-property", "property-property", "value-value")),
    "property-property/logical",
    *("cql2-text/validate", "cql2-text/escaping", "cql2-json/validate"),
}

DONE = set()


def abstract_test(name):
    """Mark a function as the abstract test of a name."""

    def mark(function):
        DONE.add(name)
        return function

    return mark


@pytest.fixture(scope="module")
def place():
    """One collection, as each filter is asked of it many times; those of other levels have the same columns."""
    return "kr.province"


@pytest.fixture(scope="module")
def select(api, place):
    """Ask for the codes of the units for which a filter is true; a status other than 200 is returned as it is."""

    def selected(text, **query):
        given = {"filter": text, "detail": "coarse", "limit": 1000}
        given |= {name.replace("__", "-"): value for name, value in query.items()}
        answer = api.get(f"/api/collections/{place}/items", query_string=given)
        return {one["id"] for one in answer.json["features"]} if answer.status_code == 200 else answer.status_code

    return selected


@pytest.fixture(scope="module")
def queryables(get, place):
    """Name → schema."""
    return get(f"/collections/{place}/queryables")["properties"]


def of_type(queryables, *types):
    return [(name, one["type"]) for name, one in queryables.items() if one.get("type") in types]


@abstract_test("filter/get-conformance")
@abstract_test("filter/get-collections")
def test_what_is_declared(get):
    told = get("/conformance")["conformsTo"]
    assert {f"{PART_3}{name}" for name in ("queryables", "filter", "features-filter")} <= set(told)
    declared = {one.removeprefix(CQL2) for one in CONFORMANCE if one.startswith(CQL2)}
    assert {name.split("/")[0] for name in DONE} - {"filter", "queryables"} == declared
    assert isinstance(get("/collections")["collections"], list)


@abstract_test("queryables/get-queryables-op")
@abstract_test("queryables/get-queryables-response")
@abstract_test("basic-cql2/basic-test")
def test_the_queryables_are_a_schema(api, place):
    path = f"/api/collections/{place}/queryables"
    answer = api.get(path, query_string={"lang": "zh"}, headers={"Accept": "application/schema+json"})
    assert (answer.status_code, answer.mimetype) == (200, "application/schema+json")
    told = answer.json
    assert told["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert told["$id"] == f"http://localhost{path}", "the address without a query"
    assert told["type"] == "object"
    assert all("type" in one or one["format"].startswith("geometry") for one in told["properties"].values())
    assert of_type(told["properties"], "string", "number")


@abstract_test("queryables/queryables-link")
@abstract_test("filter/get-collection")
def test_every_collection_leads_to_its_queryables(get):
    for one in get("/collections")["collections"]:
        found = [link for link in one["links"] if link["rel"] == "http://www.opengis.net/def/rel/ogc/1.0/queryables"]
        assert [link["href"].split("?")[0] for link in found] == [
            f"http://localhost/api/collections/{one['id']}/queryables"
        ]


@abstract_test("filter/filter-param")
@abstract_test("filter/filter-lang-default")
@abstract_test("filter/expression-construction")
def test_a_filter_selects_and_what_is_none_is_refused(select, queryables):
    every = select("true")
    for language in ({}, {"filter__lang": "cql2-text"}):
        for name in queryables:
            assert select(f"{name} IS NULL", **language) | select(f"{name} IS NOT NULL", **language) == every
        assert select("THIS IS NOT A FILTER", **language) == 400
        assert select("this_is_not_a_queryable IS NULL", **language) == 400
    assert select("true", filter__lang="sql") == 400


@abstract_test("filter/mixing-expressions")
def test_other_filters_are_joined_by_and(select, get, place):
    west, south, east, north = get(f"/collections/{place}")["extent"]["spatial"]["bbox"][0]
    box = f"{west},{south},{(west + east) / 2},{(south + north) / 2}"
    here, some = select("true", bbox=box), select("name_en > 'J'")
    assert select("name_en > 'J'", bbox=box) == here & some
    assert here & some not in (here, some)


@abstract_test("filter/filter-crs-wgs84")
@abstract_test("filter/filter-crs-param")
def test_geometries_in_a_filter_are_of_wgs84_or_of_the_crs_named(select, get, place):
    west, south, east, north = get(f"/collections/{place}")["extent"]["spatial"]["bbox"][0]
    shaped = select("geometry IS NOT NULL")
    assert select(f"S_INTERSECTS(geometry,BBOX({west},{south},{east},{north}))") == shaped
    assert select("S_INTERSECTS(geometry,BBOX(1000000,1000000,2000000,2000000))") == 400
    turned = f"S_INTERSECTS(geometry,BBOX({south},{west},{north},{east}))"
    assert select(turned, filter__crs=EPSG4326) == shaped
    assert select("S_INTERSECTS(geometry,BBOX(-20037508,-20037508,20037508,20037508))", filter__crs=EPSG3857) == shaped
    assert select("true", filter__crs="http://www.opengis.net/def/crs/EPSG/0/32650") == 400


def compared(select, left, right):
    """Compare two sides by all operators; what cannot both be true has nothing in common."""
    found = {op: select(f"{left} {op} {right}") for op in (*SAME, *OTHER)}
    assert not found["="] & found["<>"]
    assert not found[">"] & found["<="]
    assert not found["<"] & found[">="]
    return found


@abstract_test("basic-cql2/comparison")
@abstract_test("property-property/comparison-value-property")
def test_comparisons(select, queryables):
    turned = {">": "<", "<": ">", ">=": "<=", "<=": ">="}
    for name, kind in of_type(queryables, *VALUES):
        found, back = compared(select, name, VALUES[kind]), compared(select, VALUES[kind], name)
        assert all(found[op] == back[turned.get(op, op)] for op in found)
        assert found["<"] | found[">="] == select(f"{name} IS NOT NULL")


@abstract_test("property-property/comparison-property-property")
def test_a_property_is_itself(select, queryables):
    for name, _ in of_type(queryables, *VALUES):
        found = compared(select, name, name)
        assert all(found[op] == set() for op in OTHER)
        assert all(found[op] == select(f"{name} IS NOT NULL") for op in SAME)


@abstract_test("property-property/comparison-value-value")
@pytest.mark.parametrize(
    "value", ["'foo'", "true", "3.14", "1", "TIMESTAMP('2022-04-14T14:48:46Z')", "DATE('2022-04-14')"]
)
def test_a_value_is_itself(select, value):
    found = compared(select, value, value)
    assert all(found[op] == set() for op in OTHER)
    assert all(found[op] == select("true") for op in SAME)


@abstract_test("basic-cql2/is-null")
@abstract_test("basic-cql2/boolean")
def test_what_is_missing_and_what_is_true(select, queryables):
    for name in queryables:
        assert not select(f"{name} IS NULL") & select(f"{name} is not null")
    assert select("false") == set()
    assert select("true") == select("not false")


@abstract_test("advanced-comparison-operators/like")
@abstract_test("advanced-comparison-operators/between")
@abstract_test("advanced-comparison-operators/in")
def test_like_between_and_in(select, queryables):
    for name, _ in of_type(queryables, "string"):
        assert not select(f"{name} like '_%'") & select(f"{name} like ''")
        assert select(f"{name} LIKE '%'") == select(f"{name} like '%%'")
        assert select(f"{name} like '\\%\\_'") == set()
        assert select(f"{name} in ('foo', 'bar')") == set()
    for name, _ in of_type(queryables, "number"):
        inside = select(f"{name} BETWEEN 0 AND 1000")
        assert inside == select(f"{name} >= 0 AND {name} <= 1000")
        assert select(f"{name} between 100.0 and 1.0") == set()
        assert select(f"{name} IN (1, 2, 3)") <= inside


@abstract_test("case-insensitive-comparison/casei")
@abstract_test("case-insensitive-comparison/casei-like")
@abstract_test("accent-insensitive-comparison/accenti")
@abstract_test("accent-insensitive-comparison/accenti-like")
@pytest.mark.parametrize(("function", "word", "alike"), [("CASEI", "se", "SE"), ("ACCENTI", "Seo", "Séo")])
def test_what_differs_in_case_or_accents_alone_is_the_same(select, queryables, function, word, alike):
    for name, _ in of_type(queryables, "string"):
        equal = select(f"{function}({name}) = {function.lower()}('{word}')")
        assert not equal & select(f"{function}({name}) <> {function.lower()}('{alike}')")
        first, second = (select(f"{function}({name}) LIKE {function.lower()}('{one}%')") for one in (word, alike))
        assert first == second


@abstract_test("basic-spatial-functions/s_intersects")
def test_s_intersects(select):
    assert select("S_INTERSECTS(geometry,BBOX(-180,-90,180,90))") == select("geometry IS NOT NULL")
    assert isinstance(select("S_INTERSECTS(geometry,POINT(7.02 49.92))"), set)
    assert select("S_INTERSECTS(POINT(127 37.5),geometry)") == select("S_INTERSECTS(geometry,POINT(127 37.5))")
    assert select("S_INTERSECTS(geometry,POINT(90 180))") == 400
    both = "S_INTERSECTS(geometry,BBOX(-180,-90,-90,90)) AND S_INTERSECTS(geometry,BBOX(90,-90,180,90))"
    west, east = (select(f"S_INTERSECTS(geometry,BBOX({box}))") for box in ("-180,-90,-90,90", "90,-90,180,90"))
    assert select(both) == west & east


PREDICATES = [
    *("name_en = 'Seoul'", "area_km2 >= 600", "name_zh IS NULL", "parent_code <> '11'", "name_en LIKE 'S%'"),
    *("area_km2 between 100 and 1000", "code in ('11', '21')", "CASEI(name_en) = casei('SEOUL')", "'B' < name_en"),
    *("ACCENTI(name_en) LIKE accenti('B%')", "S_INTERSECTS(geometry,BBOX(126,36,128,38))", "true", "name_en = name_en"),
]


@abstract_test("basic-cql2/logical")
@abstract_test("advanced-comparison-operators/logical")
@abstract_test("case-insensitive-comparison/logical")
@abstract_test("accent-insensitive-comparison/logical")
@abstract_test("basic-spatial-functions/logical")
@abstract_test("property-property/logical")
def test_what_is_joined_is_what_its_parts_are(select):
    """Of properties without missing values NOT is all the others; the standard asks no more than success."""
    every, drawn = select("true"), random.Random(8)
    whole = [one for one in PREDICATES if select(f"({one}) or not ({one})") == every]
    assert len(whole) > 5
    truth = {one: select(one) for one in whole}
    for p1, p2, p3, p4 in (drawn.sample(whole, 4) for _ in range(10)):
        a, b, c, d = (truth[one] for one in (p1, p2, p3, p4))
        joined = f"((NOT ({p1}) AND {p2}) OR ({p3} and NOT ({p4})) or not ({p1} AND {p4}))"
        assert select(joined) == ((every - a) & b) | (c & (every - d)) | (every - (a & d))


@abstract_test("cql2-text/validate")
@abstract_test("cql2-text/escaping")
def test_a_quotation_mark_in_a_text_is_doubled_or_behind_a_backslash(select):
    assert select("name_en = 'O''x'") == select("name_en = 'O\\'x'") == set()
    assert select("name_en <> 'O''x'") == select("name_en <> 'O\\'x'") == select("name_en IS NOT NULL")


@abstract_test("cql2-json/validate")
def test_the_json_form_selects_what_the_text_does(select):
    for name, op in itertools.product(("name_en", "code"), ("=", "<>", "<", ">=")):
        given = {"op": op, "args": [{"property": name}, "Seoul"]}
        assert select(json.dumps(given), filter__lang="cql2-json") == select(f"{name} {op} 'Seoul'")
    assert select('{"op": "isNull", "args": [{"property": "nothing"}]}', filter__lang="cql2-json") == 400
    assert select("name_en = 'Seoul'", filter__lang="cql2-json") == 400


def test_every_abstract_test_has_its_own():
    assert DONE == CASES
