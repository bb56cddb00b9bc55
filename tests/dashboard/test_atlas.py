"""Maps that the server draws: true to area and distance, every unit drawn, names escaped, missing hatched."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pyproj
import pytest
import shapely
from fuping.dashboard.figures.atlas import HATCH, Inset, MapKey, Mark, atlas, scale_length
from fuping.dashboard.figures.projection import LocalProjection, extent, unwrapped

SVG = "{http://www.w3.org/2000/svg}"


def squares(*corners):
    return np.array([shapely.box(x, y, x + 1, y + 1) for x, y in corners], dtype=object)


def test_a_unit_without_data_is_hatched_and_the_others_keep_their_colour():
    drawn = ET.fromstring(atlas(squares((10, 50), (11, 50)), ["#123456", None], width=200, height=200, label="x"))
    fills = [one.get("fill") for one in drawn.iter(f"{SVG}path")]
    assert fills.count("#123456") == 1
    assert fills.count(HATCH) == 1


def test_names_and_labels_are_text_and_never_markup():
    name = "</text><script>alert(1)</script>&"
    key = MapKey(name, name, [("#000", name, "1")])
    text = atlas(squares((10, 50)), ["#000"], width=400, height=300, label=name, names=[name], key=key)
    assert "<script" not in text
    assert name in {one.text for one in ET.fromstring(text).iter(f"{SVG}text")} | {ET.fromstring(text)[0].text}


def test_areas_keep_their_ratio_wherever_they_lie():
    # A degree square at 60° N has about half the area of one at the equator: brute force on the ellipsoid.
    low, high = squares((0, 0), (0, 59.5))
    geod = pyproj.Geod(ellps="WGS84")
    dense = [shapely.segmentize(one, 0.01) for one in (low, high)]
    true = [abs(geod.geometry_area_perimeter(one)[0]) for one in dense]
    placed = LocalProjection.around((0, 0, 1, 60.5)).project(np.array(dense, dtype=object))
    np.testing.assert_allclose(shapely.area(placed), true, rtol=1e-4)


@pytest.mark.parametrize("latitude", [0, 40])
def test_the_scale_bar_is_as_long_as_it_says(latitude):
    text = atlas(squares((10, latitude)), ["#000"], width=300, height=300, label="x")
    told = float(re.search(r">([\d,.]+) km<", text).group(1)) * 1000
    long = float(re.search(r'd="M1 [\d.]+V[\d.]+H([\d.]+)V', text).group(1)) - 1
    # The unit is one degree high and fills the frame's height or width; its true height is that of the ellipsoid.
    path = re.search(r'<path d="M([^"]+)Z" fill="#000"', text).group(1)
    ys = [float(point.split(" ")[1]) for point in path.split("L")]
    _, _, metres = pyproj.Geod(ellps="WGS84").inv(10.5, latitude, 10.5, latitude + 1)
    assert long / (max(ys) - min(ys)) == pytest.approx(told / metres, rel=0.01)


def test_a_scale_length_is_round_and_fits():
    for metres in (999.0, 1000.0, 4999.0, 5000.0, 123_456.0):
        length = scale_length(metres)
        assert metres / 2.5 < length <= metres
        assert f"{length:.0e}"[0] in "125"


def test_a_unit_on_both_sides_of_180_degrees_is_drawn_as_one():
    split = np.array([shapely.box(178, 50, 180, 52), shapely.box(-180, 50, -170, 52)], dtype=object)
    west, _, east, _ = extent(unwrapped(split))
    assert (west, east) == (178, 190)


def test_the_world_is_drawn_whole_and_its_units_keep_their_sides():
    world = np.array([shapely.box(-170, 10, -160, 20), shapely.box(-5, 0, 5, 20), shapely.box(160, 10, 180, 20)])
    assert extent(unwrapped(world)).tolist() == [-170, 0, 180, 20]
    whole = LocalProjection.around(extent(world))
    assert whole.whole
    west, middle, east = (shape.centroid.x for shape in whole.project(world))
    assert west < middle < east
    # Equal-area: as large as on the sphere of the same authalic radius, to a few thousandths.
    cell = np.radians(10) * (np.sin(np.radians(20)) - np.sin(np.radians(0))) * 6371.0072**2
    assert abs(shapely.area(whole.project(shapely.segmentize(world[1:2], 0.5)))[0] / 1e6 / cell - 1) < 5e-3


def test_a_far_unit_stands_in_an_inset_with_its_name():
    far = Inset("Far & away", squares((150, -10)), ["#abcdef"], True)
    text = atlas(squares((10, 50)), ["#000"], width=300, height=300, label="x", insets=[far])
    assert "Far &amp; away" in text
    assert "#abcdef" in text


def test_an_islet_is_a_dot_and_does_not_vanish():
    islet = shapely.box(11.5, 50, 11.5001, 50.0001)
    text = atlas(
        np.array([squares((10, 50))[0], islet], dtype=object), ["#000", "#f00"], width=200, height=200, label="x"
    )
    assert 'stroke="#f00"' in text


def test_a_star_stands_at_its_place_with_its_name_and_at_the_edge_where_it_lies_beyond():
    unit, told = squares((10, 50)), {"width": 300, "height": 300, "label": "x", "furniture": False}
    for lon, middle in ((10.5, 150), (60, 293)):
        drawn = atlas(unit, ["#000"], marks=[Mark("<centre>", lon, 50.5)], **told)
        star = re.search(r'd="M([^"]+)Z" fill="#101413"', drawn).group(1)
        corners = np.array([[float(one) for one in part.split()] for part in star.split("L")])
        assert len(corners) == 10
        # The points and the notches of a star lie evenly around its middle.
        assert corners[:, 0].mean() == pytest.approx(middle, abs=1.5)
    assert "<centre>" in {one.text for one in ET.fromstring(drawn).iter(f"{SVG}text")}
