"""Points, lines and polygons in units, on squares of one degree and in real counties."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from fuping.spatial.boundaries.lines import lines_in_units
from fuping.spatial.errors import CRSError, GeometryError
from fuping.spatial.projects import locate
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

SQUARES = gpd.GeoDataFrame(
    {"code": ["a", "b", "c", "d"]},
    geometry=[shapely.box(x, y, x + 1, y + 1) for y in (0, 1) for x in (0, 1)],
    crs="EPSG:4326",
)


def series(crs="EPSG:4326", **shapes):
    return gpd.GeoSeries(shapes, crs=crs)


def shares(found):
    return {(one.location, one.unit): round(one.share, 6) for one in found.parts.itertuples()}


def test_a_point_a_road_and_an_area_are_each_measured_their_own_way():
    road = shapely.LineString([(0.5, 0.5), (1.5, 0.5)])
    found = locate(series(well=shapely.Point(0.5, 1.5), road=road, area=shapely.box(0.5, 0, 1.5, 1)), SQUARES)
    assert shares(found) == {
        ("well", "c"): 1.0,
        ("road", "a"): 0.5,
        ("road", "b"): 0.5,
        ("area", "a"): 0.5,
        ("area", "b"): 0.5,
    }
    assert found.outside.empty
    km = Geod(ellps="WGS84").line_length([0.5, 1.0, 1.5], [0.5, 0.5, 0.5]) / 1e3
    road, area = (found.parts.query("location == @one")["extent"].sum() for one in ("road", "area"))
    assert road == pytest.approx(km, rel=1e-6)
    assert area == pytest.approx(
        Geod(ellps="WGS84").geometry_area_perimeter(shapely.box(0.5, 0, 1.5, 1))[0] / 1e6, rel=1e-3
    )


def test_a_degree_of_road_in_the_north_is_half_as_long_as_at_the_equator():
    # Planar degrees would call both halves alike.
    units = gpd.GeoDataFrame(
        {"code": ["n", "s"]}, geometry=[shapely.box(0, 30, 1, 61), shapely.box(0, -1, 1, 30)], crs="EPSG:4326"
    )
    road = shapely.MultiLineString([[(0, 60), (1, 60)], [(0, 0), (1, 0)]])
    found = lines_in_units(series(road=road), units).set_index("unit_code")["km"]
    assert found["n"] / found["s"] == pytest.approx(0.5, abs=0.002)


def test_what_lies_outside_every_unit_is_a_row_without_one():
    shapes = series(
        sea=shapely.Point(9, 9), road=shapely.LineString([(1.5, 0), (3.5, 0)]), lake=shapely.box(1.5, 1, 2.5, 2)
    )
    found = locate(shapes, SQUARES)
    assert found.outside.round(3).to_dict() == {"sea": 1.0, "road": 0.75, "lake": 0.5}
    lost = found.parts[found.parts["unit"].isna()].set_index("location")
    assert lost["share"].round(3).to_dict() == found.outside.round(3).to_dict()
    assert found.parts.groupby("location")["share"].sum().to_numpy() == pytest.approx(1.0)
    nowhere = locate(shapes[:1], SQUARES)
    assert (nowhere.parts["unit"].tolist(), nowhere.parts["share"].tolist()) == ([None], [1.0])


def test_a_stretch_along_a_border_counts_once_in_the_first_unit():
    found = locate(series(road=shapely.LineString([(1, 0), (1, 2)])), SQUARES)
    assert set(shares(found)) == {("road", "a"), ("road", "c")}
    assert sum(shares(found).values()) == pytest.approx(1.0)


def test_a_difference_of_drawing_is_not_ground():
    found = locate(
        series(field=shapely.box(0.1, 0.1, 0.6, 1e-4 * -1 + 0.6), edge=shapely.box(0.5, -1e-4, 1, 1)), SQUARES
    )
    assert shares(found) == {("field", "a"): 1.0, ("edge", "a"): 1.0}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(-0.5, 2.5), st.floats(-0.5, 2.5)), min_size=2, max_size=6, unique=True))
def test_shares_of_any_line_add_up_to_one(points):
    line = shapely.LineString(points)
    if line.length < 1e-3:
        return
    parts = locate(series(line=line), SQUARES).parts
    assert parts["share"].sum() == pytest.approx(1.0)
    assert (parts["share"] > 0).all()
    assert parts["unit"].dropna().is_unique


def test_units_in_metres_give_the_same_shares():
    road = series(road=shapely.LineString([(0.2, 0.3), (1.9, 1.7)]))
    here, there = (locate(road, units) for units in (SQUARES, SQUARES.to_crs("EPSG:32631")))
    assert np.allclose(here.parts["share"], there.parts["share"], atol=1e-4)
    assert here.parts["unit"].tolist() == there.parts["unit"].tolist()


@pytest.mark.parametrize(
    ("shape", "told"),
    [
        (None, "1 locations are no points, lines or polygons: place"),
        (shapely.MultiPoint([(0, 0), (1, 1)]), "no points, lines or polygons"),
        (shapely.GeometryCollection([shapely.Point(0, 0)]), "no points, lines or polygons"),
        (shapely.Point(), "no points, lines or polygons"),
        (shapely.LineString([(0, 0), (0, 0)]), "no lines with a length: place"),
        (shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), "Self-intersection"),
    ],
)
def test_shapes_that_cannot_be_placed_are_named(shape, told):
    with pytest.raises(GeometryError, match=told):
        locate(gpd.GeoSeries({"place": shape}, crs="EPSG:4326"), SQUARES)


def test_a_missing_crs_is_refused():
    with pytest.raises(CRSError, match="no CRS"):
        locate(series(None, well=shapely.Point(0, 0)), SQUARES)
