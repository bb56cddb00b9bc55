"""Features are the units of the store: all of them, with their boundaries, in every order of axes."""

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Transformer
from shapely.geometry import shape

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG4326 = "http://www.opengis.net/def/crs/EPSG/0/4326"
EPSG3857 = "http://www.opengis.net/def/crs/EPSG/0/3857"


@pytest.fixture(scope="module")
def kept(store):
    """Boundaries as the store keeps them, in the order of codes."""

    def read(pack, level):
        drawn = gpd.read_parquet(store.folder(pack) / f"boundaries-{level}.parquet")
        return drawn.sort_values("code").reset_index(drop=True)

    return read


def same_shape(ours, theirs):
    """Every point alike, whichever way round and wherever the rings start."""
    return shapely.equals_exact(
        shapely.normalize(ours), shapely.normalize(shapely.MultiPolygon(shapely.get_parts(theirs)))
    )


def codes(collection):
    return [feature["id"] for feature in collection["features"]]


def test_the_landing_page_leads_to_everything(api, get):
    links = {link["rel"]: link["href"] for link in get("")["links"]}
    assert {"self", "service-desc", "conformance", "data"} <= set(links)
    for href in links.values():
        assert api.get(href.removeprefix("http://localhost")).status_code == 200


def test_it_says_which_standards_it_keeps(get):
    kept = set(get("/conformance")["conformsTo"])
    assert {
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
        "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    } <= kept


def test_every_level_of_every_pack_is_a_collection(store, get):
    levels = {f"{pack}.{level['id']}" for pack in store.packs() for level in store.catalogue(pack)["levels"]}
    listed = get("/collections")["collections"]
    assert {one["id"] for one in listed} == levels
    assert listed[0] == get(f"/collections/{listed[0]['id']}")


def test_a_collection_is_named_in_both_languages(get):
    assert get("/collections/cn.county", lang="zh")["title"] == "中国 – 县级单位"
    assert get("/collections/cn.county", lang="en")["title"] == "China – Counties"


def test_the_extent_of_a_collection_is_that_of_its_units(kept, get):
    told = get("/collections/kr.province")["extent"]["spatial"]["bbox"][0]
    assert told == pytest.approx(kept("kr", "province").total_bounds.tolist())


@pytest.mark.parametrize("limit", [1, 7, 17, 1000])
def test_pages_add_up_to_the_whole(store, api, limit):
    found, path = [], f"/api/collections/kr.province/items?detail=coarse&limit={limit}"
    backwards = []
    while path:
        page = api.get(path).json
        assert page["numberReturned"] == len(page["features"]) <= limit
        assert page["numberMatched"] == 17
        found += codes(page)
        links = {link["rel"]: link["href"].removeprefix("http://localhost") for link in page["links"]}
        backwards.append((path, links.get("prev")))
        path = links.get("next")
    assert found == store.units("kr", "province")["code"]
    for (before, _), (_, prev) in pairwise(backwards):
        assert codes(api.get(prev).json) == codes(api.get(before).json)


def test_a_limit_beyond_the_maximum_counts_as_the_maximum(get):
    assert get("/collections/us.county/items", detail="coarse", limit=5000)["numberReturned"] == 1000
    full = get("/collections/us.county/items", limit=5000)
    assert full["numberReturned"] == 250
    after = next(link["href"] for link in full["links"] if link["rel"] == "next")
    assert "offset=250" in after


def test_a_page_beyond_the_end_is_empty(get):
    page = get("/collections/kr.province/items", offset=10**30)
    assert page["features"] == []
    assert page["numberMatched"] == 17


def test_units_and_shapes_are_those_of_the_store(kept, get):
    drawn = kept("kr", "municipality")
    features = get("/collections/kr.municipality/items", limit=1000)["features"]
    assert [one["id"] for one in features] == drawn["code"].tolist()
    for feature, (_, row) in zip(features, drawn.iterrows(), strict=True):
        assert same_shape(shape(feature["geometry"]), row.geometry)
        assert feature["properties"] == {
            key: row[key] for key in ("code", "name_en", "name_zh", "parent_level", "parent_code", "area_km2")
        }


def test_outer_rings_go_counter_clockwise(get):
    for feature in get("/collections/cn.province/items", code="110000,460000")["features"]:
        for part in shape(feature["geometry"]).geoms:
            assert part.exterior.is_ccw
            assert not any(hole.is_ccw for hole in part.interiors)


def test_a_unit_without_a_boundary_has_a_null_geometry(kept, get):
    drawn = kept("us", "county")
    nowhere = drawn.loc[drawn.geometry.is_empty | drawn.geometry.isna(), "code"]
    assert len(nowhere) > 0
    feature = get(f"/collections/us.county/items/{nowhere.iloc[0]}")
    assert feature["geometry"] is None
    assert feature["properties"]["area_km2"] is None


@pytest.mark.parametrize(
    ("pack", "level", "box"),
    [
        ("cn", "county", (113.5, 38.0, 115.2, 39.1)),
        ("cn", "county", (100.0, 25.0, 110.0, 30.0)),
        ("cn", "prefecture", (113.92, 38.85, 113.93, 38.86)),
        ("kr", "municipality", (126.5, 37.0, 127.5, 37.9)),
        ("us", "county", (-88.0, 32.0, -86.0, 33.0)),
        ("us", "county", (-180.0, -90.0, 180.0, 90.0)),
        ("us", "county", (0.0, 0.0, 1.0, 1.0)),
    ],
)
def test_a_box_finds_what_a_brute_force_intersection_finds(kept, get, pack, level, box):
    drawn = kept(pack, level)
    brute = drawn.loc[shapely.intersects(drawn.geometry.values, shapely.box(*box)), "code"].tolist()
    told = ",".join(map(str, box))
    found = get(f"/collections/{pack}.{level}/items", bbox=told, limit=1000, detail="coarse")
    assert found["numberMatched"] == len(brute)
    assert codes(found) == brute[:1000]
    swapped = ",".join(str(box[at]) for at in (1, 0, 3, 2))
    assert get(f"/collections/{pack}.{level}/items", bbox=swapped, bbox__crs=EPSG4326, detail="coarse")[
        "numberMatched"
    ] == len(brute)


def test_a_box_in_metres_finds_the_same(get):
    box = (126.5, 37.0, 127.5, 37.9)
    carry = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True).transform
    metres = ",".join(map(repr, [*carry(*box[:2]), *carry(*box[2:])]))
    degrees = get("/collections/kr.municipality/items", bbox=",".join(map(str, box)), limit=1000)
    assert codes(get("/collections/kr.municipality/items", bbox=metres, bbox__crs=EPSG3857, limit=1000)) == codes(
        degrees
    )


def test_heights_in_a_box_count_for_nothing(get):
    flat = get("/collections/kr.province/items", bbox="126,37,127,38", detail="coarse")
    high = get("/collections/kr.province/items", bbox="126,37,-50,127,38,900", detail="coarse")
    assert codes(flat) == codes(high)


def test_a_box_across_the_antimeridian_finds_both_sides(kept, get):
    drawn = kept("us", "county")
    both = shapely.MultiPolygon([shapely.box(170, 50, 180, 55), shapely.box(-180, 50, -170, 55)])
    brute = drawn.loc[shapely.intersects(drawn.geometry.values, both), "code"].tolist()
    assert "02016" in brute, "Aleutians West lies on both sides"
    assert codes(get("/collections/us.county/items", bbox="170,50,-170,55")) == brute


@pytest.mark.parametrize("box", ["114.5,38.5,114.5,38.5", "114.5,38.5,115.5,38.5"])
def test_a_box_may_be_a_point_or_a_line(kept, get, box):
    west, south, east, _ = map(float, box.split(","))
    mark = shapely.Point(west, south) if west == east else shapely.LineString([(west, south), (east, south)])
    drawn = kept("cn", "county")
    brute = drawn.loc[shapely.intersects(drawn.geometry.values, mark), "code"].tolist()
    assert brute
    assert codes(get("/collections/cn.county/items", bbox=box)) == brute


@pytest.mark.parametrize(
    ("when", "n_units"),
    [
        ("2016-06-01", 56),
        ("2015-07-01T00:00:00Z", 56),
        ("2015-06-30", 0),
        ("2019-01-01", 0),
        ("2018-12-31T23:59:59+00:00", 56),
        ("2019-01-01T01:00:00+02:00", 56),
        ("../2015-07-01", 56),
        ("2018-01-01/..", 56),
        ("2010-01-01/2011-01-01", 0),
        ("../..", 56),
    ],
)
def test_a_moment_outside_the_validity_of_a_boundary_finds_nothing(get, when, n_units):
    """Counties of 2017 are valid from 2015-07-01 until before 2019-01-01."""
    assert get("/collections/us.state/items", datetime=when, detail="coarse")["numberMatched"] == n_units


def test_axes_come_in_the_order_of_the_reference_system(api):
    path = "/api/collections/kr.province/items/11"
    given = {crs: api.get(path, query_string={"crs": crs}) for crs in (CRS84, EPSG4326, EPSG3857)}
    assert all(answer.headers["Content-Crs"] == f"<{crs}>" for crs, answer in given.items())
    east_north, north_east, metres = (
        np.array(answer.json["geometry"]["coordinates"][0][0]) for answer in given.values()
    )
    assert (north_east == east_north[:, ::-1]).all()
    carried = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True).transform(*east_north.T)
    assert metres == pytest.approx(np.column_stack(carried))


def test_simplified_shapes_are_lighter_and_near_the_full_ones(api):
    sizes, areas = {}, {}
    for detail in ("full", "fine", "coarse"):
        answer = api.get(f"/api/collections/cn.province/items/110000?detail={detail}")
        sizes[detail], areas[detail] = len(answer.data), shape(answer.json["geometry"]).area
    assert sizes["full"] > sizes["fine"] > sizes["coarse"]
    assert [areas["fine"], areas["coarse"]] == pytest.approx([areas["full"]] * 2, rel=0.02)


def test_units_are_found_by_code_name_and_parent(get):
    path = "/collections/cn.county/items"
    fuping = codes(get(path, name="阜平县"))
    assert fuping == ["130624"]
    assert codes(get(path, name_zh="阜平县")) == codes(get(path, code="130624")) == fuping
    assert codes(get(path, name_en="阜平县")) == []
    siblings = get(path, parent_code="130600", limit=100, detail="coarse")
    assert "130624" in codes(siblings)
    assert {one["properties"]["parent_code"] for one in siblings["features"]} == {"130600"}
    inside = get(path, within="130000", limit=1000, detail="coarse")
    assert "130624" in codes(inside)
    assert all(code.startswith("13") for code in codes(inside))
    assert codes(get(path, within="130000", parent_code="140100")) == []


def test_figures_come_with_their_status_and_the_reason_where_they_are_missing(store, get):
    page = get("/collections/us.county/items", indicators="poverty_rate,poverty_count", year=2019, limit=1000, offset=0)
    values = store.values("us", "poverty_rate", "county")
    row = values.years.index(2019)
    for place, feature in enumerate(page["features"]):
        facts = feature["properties"]
        if np.isnan(values.value[row, place]):
            assert facts["poverty_rate"] is None
            assert facts["poverty_rate_missing"] in {"not_collected", "not_published", "no_such_unit", "outside"}
        else:
            assert facts["poverty_rate"] == values.value[row, place]
            assert facts["poverty_rate_missing"] is None
            assert facts["poverty_rate_status"] == "modelled"
        assert facts["year"] == 2019
    autauga = page["features"][0]["properties"]
    assert (autauga["code"], autauga["poverty_rate"]) == ("01001", 12.1), "SAIPE 2019, all ages"


def test_a_category_comes_with_its_identifier(get):
    facts = get("/collections/cn.county/items/130624", indicators="poverty_county_status", year=2015)["properties"]
    assert facts["poverty_county_status_category"] == "poor"


def test_one_unit_leads_to_the_one_above_it(api, get):
    links = {link["rel"]: link["href"] for link in get("/collections/cn.county/items/130624")["links"]}
    assert api.get(links["up"].removeprefix("http://localhost")).json["id"] == "130600"
    assert links["collection"].endswith("/api/collections/cn.county")


def test_what_can_be_filtered_by_is_what_features_have(get):
    named = set(get("/collections/kr.province/queryables")["properties"]) - {"geometry"}
    assert named == set(get("/collections/kr.province/items/11")["properties"])
