"""The map alone for a room, an area from a file, and years in an order of one's own."""

import json

import pytest
from asked_until import until

KOREA = "?lang=en&pack=kr&indicator=basic_living_ratio&level=municipality&year=2015"


def test_the_map_stands_alone_for_a_room_and_plays_round(visit):
    page = visit(KOREA)
    page.evaluate("() => { document.documentElement.requestFullscreen = null; }")
    page.click("#wall")
    page.wait_for_selector("#wall-leave")
    assert not page.is_visible("aside")
    assert not page.is_visible("#header")
    assert page.is_visible(".legend")
    page.click(".timeline-play")
    page.wait_for_selector("#map[data-year='2020']")
    page.wait_for_selector("#map[data-year='2010']")
    page.keyboard.press("Escape")
    page.wait_for_selector("aside")
    assert "display=" not in page.url


def square(west, south, side):
    ring = [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


GIVEN = [square(126.7, 37.3, 0.5), square(129.0, 35.0, 0.1)]
TWO = {
    "type": "FeatureCollection",
    "features": [{"type": "Feature", "properties": {}, "geometry": one} for one in GIVEN],
}


@pytest.mark.parametrize(
    ("content", "told", "drawn"),
    [
        (json.dumps(GIVEN[0]), None, True),
        (json.dumps(TWO), "holds 2 polygons; the largest", True),
        (json.dumps(square(950_000, 1_950_000, 5000)), "no polygon in degrees", False),
        ("not json", "no polygon in degrees", False),
        (json.dumps({"type": "Point", "coordinates": [127, 37]}), "no polygon in degrees", False),
    ],
    ids=["one", "two", "metres", "text", "point"],
)
def test_an_area_comes_from_a_file(visit, content, told, drawn):
    page = visit(KOREA)
    with page.expect_file_chooser() as chosen:
        page.click(".fuping-map-file")
    chosen.value.set_files({"name": "area.geojson", "mimeType": "application/geo+json", "buffer": content.encode()})
    if told:
        until(page, "told => document.querySelector('.fuping-map-told')?.textContent.includes(told)", told)
    assert page.is_visible(".fuping-map-file")
    if drawn:
        page.wait_for_selector("#area .drawn")
        corners = [one.split("%2C") for one in page.url.split("drawn=")[1].split("&")[0].split("%3B")]
        assert {(round(float(x), 1), round(float(y), 1)) for x, y in corners} == {
            (126.7, 37.3), (127.2, 37.3), (127.2, 37.8), (126.7, 37.8),
        }  # fmt: skip
    else:
        assert "drawn=" not in page.url


def test_years_stand_in_the_order_in_which_they_are_named(visit):
    page = visit("years?pack=kr&lang=en&periods=2020,2010,1999", until=".small-maps[data-ready=true]")
    assert page.locator(".small-maps figcaption").all_inner_texts() == ["2020", "2010"]
    assert "Not drawn: 1999" in page.inner_text(".figure .hint")
