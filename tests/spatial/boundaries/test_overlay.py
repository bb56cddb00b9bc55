"""Overlaps, points and ground counted once, on squares of one kilometre."""

import geopandas as gpd
import pytest
import shapely
from fuping.spatial.boundaries.overlay import equal_area_units, overlap_table, unit_at, without_overlaps
from fuping.spatial.errors import CodeError, CRSError, GeometryError


def km(*corners):
    return shapely.box(*[corner * 1000 for corner in corners])


def units(crs="EPSG:6933", **shapes):
    return gpd.GeoDataFrame({"code": list(shapes)}, geometry=gpd.GeoSeries(list(shapes.values()), crs=crs))


def test_shares_are_of_either_side():
    table = overlap_table(units(a=km(0, 0, 2, 1)), units(x=km(1, 0, 5, 1)))
    assert table.to_dict("records") == [
        {"from_code": "a", "to_code": "x", "area_km2": 1.0, "share_from": 0.5, "share_to": 0.25}
    ]


def test_neighbours_that_touch_do_not_overlap_even_where_no_sliver_is_left_out():
    table = overlap_table(units(a=km(0, 0, 1, 1)), units(x=km(1, 0, 2, 1), y=km(1, 1, 2, 2)), minimum_share=0.0)
    assert len(table) == 0
    assert table.attrs["slivers"] == 0


def test_slivers_are_left_out_and_counted():
    # A tenth of a metre of one border drawn twice, 1/10,000 of either unit.
    pair = units(a=km(0, 0, 1, 1)), units(x=km(0, 0, 0.9999, 1), y=km(0.9999, 0, 2, 1))
    kept = overlap_table(*pair, minimum_share=1e-3)
    assert (kept["to_code"].tolist(), kept.attrs["slivers"]) == (["x"], 1)
    assert overlap_table(*pair)["to_code"].tolist() == ["x", "y"]


def test_a_small_unit_inside_a_large_one_is_no_sliver():
    table = overlap_table(units(a=km(50, 50, 50.001, 50.001)), units(x=km(0, 0, 100, 100)), minimum_share=1e-3)
    assert table["share_from"].tolist() == [1.0]


def test_each_side_may_have_a_crs_of_its_own():
    square = shapely.box(113, 38, 113.1, 38.1)
    table = overlap_table(units("EPSG:4326", a=square), units("EPSG:4326", x=square).to_crs("EPSG:32649"))
    assert table["share_from"].iloc[0] == pytest.approx(1.0, abs=1e-4)


def test_null_geometry_overlaps_nothing():
    assert len(overlap_table(units(a=None, b=km(0, 0, 1, 1)), units(x=km(0, 0, 1, 1)))) == 1


def test_what_cannot_be_measured_is_refused():
    good, square = units(x=km(0, 0, 1, 1)), km(0, 0, 1, 1)
    with pytest.raises(CRSError, match="no CRS"):
        overlap_table(units(None, a=square), good)
    with pytest.raises(GeometryError, match="geometries are invalid: a: Self-intersection"):
        overlap_table(good, units(a=shapely.Polygon([(0, 0), (1e3, 1e3), (1e3, 0), (0, 1e3)])))
    with pytest.raises(CodeError, match="stand twice"):
        overlap_table(units(a=square, b=square).assign(code="a"), good)


def test_parts_of_a_code_become_one_and_count_shared_ground_once():
    parts = gpd.GeoSeries([km(0, 0, 2, 1), km(9, 9, 10, 10), km(1, 0, 3, 1)], crs="EPSG:6933")
    whole = equal_area_units(parts, ["b", "a", "b"], equal_area_crs="EPSG:6933")
    assert whole["code"].tolist() == ["b", "a"]
    assert (whole.area / 1e6).tolist() == pytest.approx([3.0, 1.0])


def test_the_first_keeps_the_ground_that_several_have():
    frame = units(a=km(0, 0, 2, 1), b=km(1, 0, 3, 1), c=km(1.5, 0, 4, 1), d=km(4, 0, 5, 1))
    cut, pairs = without_overlaps(frame)
    assert (cut.area / 1e6).tolist() == pytest.approx([2.0, 1.0, 1.0, 1.0])
    assert pairs == ["a/b 1 km²", "a/c 0.5 km²", "b/c 1.5 km²"]
    assert frame.area.sum() / 1e6 == pytest.approx(7.5)


def test_a_point_on_a_border_goes_to_the_first_by_code_whatever_the_order():
    points = gpd.GeoSeries([shapely.Point(1000, 500), shapely.Point(500, 500), None], index=[5, 5, 6], crs="EPSG:6933")
    for frame in (units(a=km(0, 0, 1, 1), b=km(1, 0, 2, 1)), units(b=km(1, 0, 2, 1), a=km(0, 0, 1, 1))):
        found, border = unit_at(points, frame, code="code")
        assert found.index.tolist() == [5, 5, 6]
        assert found.fillna("-").tolist() == ["a", "a", "-"]
        assert border.tolist() == [True, False, False]


def test_what_is_not_a_point_is_refused():
    with pytest.raises(GeometryError, match="1 of 2 geometries are not points: Polygon"):
        unit_at(gpd.GeoSeries([km(0, 0, 1, 1), shapely.Point(0, 0)], crs="EPSG:6933"), units(a=None), code="code")
