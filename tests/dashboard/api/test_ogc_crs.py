"""The abstract tests of OGC API – Features – Part 2: Coordinate Reference Systems by Reference (OGC 18-058), annex A.

The identifiers are those of the standard; what each asks is written anew here. What a feature looks like in a CRS is
compared with pyproj, which knows the order of axes by the CRS itself and not by our code.
"""

import re

import numpy as np
import pytest
import shapely
from fuping.dashboard.api.endpoints import CONFORMANCE
from pyproj import CRS, Transformer

PART_2 = "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
UNKNOWN = "http://www.opengis.net/def/crs/EPSG/0/32650"

ALL = [
    *("crs-uri", "default-crs", "storageCrs", "crs-parameter", "crs-parameter-invalid", "crs-parameter-default"),
    *("crs-parameter-transform", "bbox-crs-parameter", "bbox-crs-parameter-invalid", "bbox-crs-parameter-default"),
]

DONE = set()


def abstract_test(name):
    """Mark a function as the abstract test of a name."""

    def mark(function):
        DONE.add(name)
        return function

    return mark


def known(uri):
    """Return the CRS that pyproj knows under an identifier of OGC."""
    return CRS.from_authority(*re.fullmatch(r"http://www\.opengis\.net/def/crs/(\w+)/[\d.]+/(\w+)", uri).groups())


def carried(uri, points, *, back=False):
    """Return points, given as longitude and latitude, in the order of the axes of a CRS; or those of a CRS back."""
    here, there = (known(uri), known(CRS84)) if back else (known(CRS84), known(uri))
    return np.column_stack(Transformer.from_crs(here, there, always_xy=False).transform(*np.asarray(points).T))


def offered(get, place):
    return get(f"/collections/{place}")["crs"]


def asked(api, path, **query):
    given = {name.replace("__", "-"): value for name, value in query.items()}
    return api.get(f"/api/collections/{path}", query_string={"detail": "coarse"} | given)


@abstract_test("crs-uri")
def test_crs_identifiers_are_uris_of_crs(get, place):
    assert PART_2 in CONFORMANCE
    told = get("/collections")
    described = [get(f"/collections/{place}"), *told["collections"]]
    for uri in {*told["crs"], *(uri for one in described for uri in (*one["crs"], one["storageCrs"]))}:
        assert known(uri).name


@abstract_test("default-crs")
@abstract_test("storageCrs")
def test_the_list_has_the_default_and_the_storage_crs(get, place):
    for one in (get(f"/collections/{place}"), *get("/collections")["collections"]):
        assert CRS84 in one["crs"]
        assert one["storageCrs"] in one["crs"]


@abstract_test("crs-parameter")
def test_every_crs_is_answered_and_named_in_the_header(api, get, place):
    code = asked(api, f"{place}/items", limit=1).json["features"][0]["id"]
    for uri in offered(get, place):
        for path in (f"{place}/items", f"{place}/items/{code}"):
            answer = asked(api, path, crs=uri, **({"limit": 2} if path.endswith("items") else {}))
            assert (answer.status_code, answer.mimetype) == (200, "application/geo+json")
            assert answer.headers["Content-Crs"] == f"<{uri}>"
            assert answer.json["type"] in ("FeatureCollection", "Feature")


@abstract_test("crs-parameter-invalid")
@abstract_test("bbox-crs-parameter-invalid")
@pytest.mark.parametrize("given", [{"crs": UNKNOWN}, {"crs": "EPSG:4326"}, {"bbox__crs": UNKNOWN, "bbox": "1,1,2,2"}])
def test_a_crs_that_is_not_listed_is_refused(api, get, place, given):
    assert UNKNOWN not in offered(get, place)
    assert asked(api, f"{place}/items", **given).status_code == 400
    if "crs" in given:
        code = asked(api, f"{place}/items", limit=1).json["features"][0]["id"]
        assert asked(api, f"{place}/items/{code}", **given).status_code == 400


@abstract_test("crs-parameter-default")
def test_without_the_parameter_the_answer_is_in_crs84(api, place):
    first, second = asked(api, f"{place}/items", limit=3), asked(api, f"{place}/items", limit=3, crs=CRS84)
    assert first.headers["Content-Crs"] == f"<{CRS84}>"
    assert first.json["features"] == second.json["features"]


@abstract_test("crs-parameter-transform")
def test_coordinates_are_those_of_the_crs(api, get, place):
    def shapes(**query):
        found = asked(api, f"{place}/items", limit=3, **query).json["features"]
        return shapely.get_coordinates(shapely.from_geojson([str(one["geometry"]).replace("'", '"') for one in found]))

    plain = shapes()
    for uri in offered(get, place):
        np.testing.assert_allclose(carried(uri, shapes(crs=uri), back=True), plain, atol=1e-8)


@abstract_test("bbox-crs-parameter")
@abstract_test("bbox-crs-parameter-default")
def test_a_box_selects_the_same_in_every_crs(api, get, place):
    west, south, east, north = get(f"/collections/{place}")["extent"]["spatial"]["bbox"][0]
    middle = (west + east) / 2, (south + north) / 2
    # Between the middle and three quarters of the extent: in the north of the world no box of a Mercator ends.
    corners = np.array([middle, (middle[0] + (east - west) / 4, min(middle[1] + (north - south) / 4, 80))])

    def selected(box, **query):
        written = ",".join(f"{one:.9f}" for one in np.ravel(box))
        told = asked(api, f"{place}/items", bbox=written, limit=1000, **query).json
        return {one["id"] for one in told["features"]}

    plain = selected(corners)
    assert plain
    assert selected(corners, bbox__crs=CRS84) == plain
    for uri in offered(get, place):
        assert selected(carried(uri, corners), bbox__crs=uri) == plain


def test_every_abstract_test_has_its_own():
    assert set(ALL) == DONE
