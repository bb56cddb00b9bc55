"""The land around a pack on its maps: beside the pack's units and never on them, credited, and none round the world."""

import gzip
import json
import re
from base64 import b64decode
from datetime import date

import numpy as np
import pytest
import shapely
from fuping.dashboard.app import create_app
from fuping.dashboard.components.maplibre import map_props
from fuping.dashboard.components.profile_head import profile_head
from fuping.dashboard.components.source_note import boundary_credit
from fuping.dashboard.queries.land import OVERLAP, land_polygons
from fuping.dashboard.queries.profile import profile
from fuping.dashboard.queries.shapes import level_shapes
from fuping.dashboard.queries.surroundings import surroundings
from fuping.dashboard.reports.build import write_report
from fuping.dashboard.reports.report_map import report_map
from fuping.dashboard.state import ViewState
from fuping.layers.sources.countries import installed_countries
from fuping.layers.sources.vector import read_vector
from plotly.utils import PlotlyJSONEncoder


@pytest.fixture(scope="module")
def client(store):
    return create_app(store).server.test_client()


def view_of(reader, query):
    return ViewState.read(query, reader.packs(), reader.catalogue)


def land_of(client, pack):
    answer = client.get(f"/land/{pack}.json?v=1")
    assert answer.status_code == 200
    topology = json.loads(gzip.decompress(answer.data))
    step = topology["transform"]["scale"][0]
    lines = [np.cumsum(arc, axis=0) * step for arc in topology["arcs"]]
    polygons = [[lines[ring[0]] for ring in polygon] for polygon in topology["objects"]["land"]["arcs"]]
    land = shapely.make_valid(shapely.MultiPolygon([(outer, holes) for outer, *holes in polygons]))
    return answer, land, shapely.MultiLineString([lines[one[0]] for one in topology["objects"]["borders"]["arcs"]])


@pytest.mark.parametrize(("pack", "level"), [("cn", "nation"), ("kr", "nation")])
def test_no_land_or_border_of_others_lies_inside_the_pack(reader, client, pack, level):
    _, land, borders = land_of(client, pack)
    own = shapely.union_all(shapely.make_valid(level_shapes(reader, pack, level, detail=1)))
    # Under the pack's units it goes as far as said and no farther; the rest is simplifying and rounding.
    inside = shapely.buffer(own, -OVERLAP - 0.08)
    assert shapely.intersection(land, inside).area < 1e-6
    assert shapely.intersection(borders, inside).length < 1e-6


def countries():
    found = installed_countries()
    frame = read_vector(found.path, layer=found.layer, columns=["a3"])
    return dict(zip(frame["a3"], frame.geometry, strict=True))


@pytest.mark.parametrize(
    ("pack", "own", "others"),
    [
        ("cn", ("CHN", "TWN", "HKG", "MAC"), ("MNG", "KAZ", "NPL", "VNM", "PRK", "KOR", "JPN", "PHL")),
        ("kr", ("KOR",), ("PRK", "JPN", "CHN")),
        ("us", ("USA", "PRI"), ("CAN", "MEX", "CUB")),
    ],
)
def test_the_others_are_the_others(reader, client, pack, own, others):
    if pack not in reader.packs():
        pytest.skip("the pack needs files that are not here")
    _, land, _ = land_of(client, pack)
    shapes = countries()
    for code in own:
        spot = shapely.point_on_surface(max(shapely.get_parts(shapes[code]), key=shapely.area))
        assert not land.intersects(spot), code
    for code in others:
        spot = shapely.point_on_surface(max(shapely.get_parts(shapes[code]), key=shapely.area))
        assert land.intersects(spot), code


def test_nothing_of_others_lies_in_the_south_china_sea_as_the_pack_draws_it(reader):
    # Between the coasts: from Hainan to 6° north, clear of Vietnam, Borneo, Palawan and Luzon.
    sea = shapely.Polygon([(111, 17), (111, 12), (111, 7.5), (113, 7), (116, 10), (117.5, 13), (118.5, 17)])
    assert not any(one.intersects(sea) for one in land_polygons(reader, "cn"))


def test_it_is_sent_small_and_kept(client):
    answer, *_ = land_of(client, "cn")
    assert len(answer.data) < 50_000
    assert "immutable" in answer.headers["Cache-Control"]
    again = client.get("/land/cn.json?v=1", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_the_world_has_no_neighbours(reader, client):
    assert client.get("/land/wd.json").status_code == 404
    assert client.get("/land/xx.json").status_code == 404
    assert map_props(reader, view_of(reader, "?pack=wd"))["landUrl"] is None
    assert len(land_polygons(reader, "wd")) == 0
    assert "Land of other countries" not in boundary_credit(reader.catalogue("wd"), "en")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Land of other countries around it:"), ("zh", "周围其他国家的陆地：")]
)
def test_its_source_and_licence_stand_beside_the_map(reader, language, words):
    credit = boundary_credit(reader.catalogue("cn"), language)
    told = credit[credit.index(words) :]
    assert "Natural Earth" in told
    assert "BSD-3-Clause" in told


def test_a_map_on_paper_has_it_beneath_its_units(reader):
    view = view_of(reader, "?pack=kr&indicator=basic_living_ratio&level=province&year=2020&lang=en")
    picture, _ = report_map(reader, view, np.arange(17), scope="Korea")
    fills = re.findall(r'<path d="[^"]*" fill="(#[0-9a-f]{6})"', picture.svg)
    assert fills[0] == "#f4f2ed"
    assert "#f4f2ed" not in fills[fills.count("#f4f2ed") :]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_maps_of_a_profile_and_of_its_report_have_it_beneath_all_else(reader, language):
    view = view_of(reader, f"?pack=cn&unit=530000&lang={language}")
    found = profile(reader, view)
    head = json.dumps(profile_head(reader, view, found), cls=PlotlyJSONEncoder)
    pictures = [b64decode(one).decode() for one in re.findall(r"data:image/svg[^,]*,([^\"]*)", head)]
    given = {"language": language, "address": "http://x", "today": date(2026, 11, 28)}
    pictures.append(write_report(reader, "cn", "530000", **given).locator.svg)
    assert len(pictures) == 3
    for picture in pictures:
        fills = re.findall(r'<path d="[^"]*" fill="(#[0-9a-f]{6})"', picture)
        assert fills[0] == "#f4f2ed"
        assert "#f4f2ed" not in fills[fills.count("#f4f2ed") :]
    world = profile(reader, view_of(reader, f"?pack=wd&unit=CHN&lang={language}"))
    assert len(surroundings(reader, world).land) == 0
