"""What is found and mended in geometry, on squares."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from fuping.spatial.boundaries.geometry import (
    check_coverage,
    check_geometry,
    repair_geometry,
    require_crs,
    require_polygons,
)
from fuping.spatial.errors import CodeError, CRSError, GeometryError

box = shapely.box
# The line crosses itself at (1, 1/2), where y = x/2 meets y = 1 - x/2.
BOW_TIE = shapely.Polygon([(0, 0), (4, 2), (4, -1), (0, 1)])
# Two exterior squares that overlap by half, as one multipolygon: 1 + 1 - 1/2.
TWICE = shapely.MultiPolygon([box(0, 0, 1, 1), box(0.5, 0, 1.5, 1)])
FLAT = shapely.Polygon([(0, 0), (1, 1), (2, 2), (0, 0)])


def frame(*shapes, codes=None, crs="EPSG:6933"):
    named = codes if codes is not None else [f"u{number}" for number in range(len(shapes))]
    return gpd.GeoDataFrame({"code": named}, geometry=gpd.GeoSeries(list(shapes), crs=crs))


def test_good_polygons_have_no_faults():
    report = check_geometry(frame(box(0, 0, 1, 1), TWICE.geoms[0]))
    assert report.ok
    assert str(report) == "0 faults in 2 geometries"


def test_each_fault_is_found_and_named():
    report = check_geometry(
        frame(None, shapely.Polygon(), BOW_TIE, shapely.Point(0, 0), box(0, 0, 1, 1), box(1, 0, 2, 1), box(2, 0, 3, 1),
              codes=["n", "e", "b", "p", "d", "d", None])
    )  # fmt: skip
    assert [(fault.code, fault.kind) for fault in report.faults] == [
        ("n", "null"),
        ("e", "empty"),
        ("b", "invalid"),
        ("p", "not_polygon"),
        ("d", "duplicated_code"),
        ("", "no_code"),
    ]
    assert report.invalid[0].detail.startswith("Self-intersection[")
    assert report.not_polygon[0].detail == "Point"
    assert report.duplicated[0].detail == "2 times"
    assert report.no_code[0].detail == "row 6"
    assert not report.ok
    assert json.loads(json.dumps(report.to_dict()))["n"] == 7


def test_a_bow_tie_becomes_its_two_wings():
    units = frame(BOW_TIE, box(0, 0, 1, 1)).assign(name=["a", "b"])
    mended, report = repair_geometry(units)
    assert mended.geometry.is_valid.all()
    assert mended.geometry.geom_type.tolist() == ["MultiPolygon", "Polygon"]
    # Left wing: base 1, height 1. Right wing: base 3, height 3.
    assert mended.geometry.area.tolist() == pytest.approx([0.5 + 4.5, 1.0])
    # The wings have opposite signs in the shoelace formula: 4.5 - 0.5 = 4 before, 5 after.
    assert report.invalid[0].detail.endswith("made valid, area changed by 25.00%")
    assert mended["name"].tolist() == ["a", "b"]
    assert not units.geometry.is_valid.all()


def test_ground_counted_twice_counts_once_after_repair():
    mended, report = repair_geometry(frame(TWICE))
    assert mended.geometry.area[0] == pytest.approx(1.5)
    assert report.invalid[0].detail.endswith("area changed by -25.00%")


def test_what_has_no_area_is_emptied_and_says_so():
    mended, report = repair_geometry(frame(FLAT))
    assert mended.geometry.is_empty.all()
    assert report.invalid[0].detail.endswith("nothing is left of it that has an area")


def test_repair_loses_no_row_and_keeps_null_and_empty():
    mended, report = repair_geometry(frame(None, BOW_TIE, shapely.Polygon()).set_index(pd.Index([7, 7, 9])))
    assert mended.index.tolist() == [7, 7, 9]
    assert mended.geometry.isna().tolist() == [True, False, False]
    assert mended.crs == "EPSG:6933"
    assert (len(report.null), len(report.empty), len(report.invalid)) == (1, 1, 1)


def test_an_absent_code_column_names_the_columns():
    with pytest.raises(CodeError, match=r"no column 'adcode'.*columns are code"):
        check_geometry(frame(box(0, 0, 1, 1)), code="adcode")


@pytest.mark.parametrize(
    ("units", "error", "words"),
    [
        (frame(BOW_TIE), GeometryError, "1 of 1 geometries are invalid: u0: Self-intersection.*repair_geometry"),
        (frame(shapely.Point(9e3, 9e3)), GeometryError, "1 of 1 geometries are not polygons: u0: Point"),
        (frame(box(0, 0, 1e3, 1), box(1, 0, 2, 1), codes=["a", "a"]), CodeError, r"stand twice: a \(2 times\)"),
        (frame(box(0, 0, 1e3, 1), codes=[None]), CodeError, "1 units have no code: row 0"),
        (frame(box(0, 0, 1, 1), crs=None), CRSError, "no CRS"),
    ],
)
def test_what_cannot_be_overlaid_is_refused(units, error, words):
    if units.crs is not None:
        # Coordinates of a few metres from the origin of a projection are taken for degrees.
        units = units.set_geometry(units.geometry.scale(1e3, 1e3, origin=(0, 0)))
    with pytest.raises(error, match=words):
        require_polygons(units, code="code")


def test_null_geometry_may_be_overlaid():
    require_polygons(frame(None, box(0, 0, 1e4, 1e4)), code="code")


@pytest.mark.parametrize(
    ("shape", "crs", "words"),
    [
        (box(0, 0, 1, 1), None, "no CRS"),
        (box(5e5, 4e6, 6e5, 5e6), "EPSG:4326", "WGS 84 in degrees, but x from 500000 to 600000"),
        (box(0, -100, 10, 0), "EPSG:4326", "y from -100 to 0"),
        (box(-10, 0, 350, 10), "EPSG:4326", "x from -10 to 350"),
        (box(113, 38, 114, 39), "EPSG:3857", "in metres, but x from 113 to 114"),
        (box(113, 38, 114, 39), "EPSG:2263", "in US survey foots, but x from 113"),
    ],
)
def test_a_crs_that_is_missing_or_cannot_be_is_refused(shape, crs, words):
    with pytest.raises(CRSError, match=words):
        require_crs(gpd.GeoSeries([shape], crs=crs))


@pytest.mark.parametrize(
    ("shape", "crs"),
    [
        (box(-180, -90, 180, 90), "EPSG:4326"),
        (box(0, -90, 360, 90), "EPSG:4326"),
        (box(73, 18, 135, 54), "EPSG:4490"),
        (box(5e5, 4e6, 6e5, 5e6), "EPSG:32650"),
        (None, "EPSG:4326"),
    ],
)
def test_a_crs_that_can_be_is_accepted(shape, crs):
    require_crs(gpd.GeoSeries([shape], crs=crs))


def labelled(**shapes):
    return gpd.GeoSeries(shapes, crs="EPSG:6933")


def test_squares_that_meet_are_a_coverage():
    assert check_coverage(labelled(a=box(0, 0, 1, 1), b=box(1, 0, 2, 1)), largest_gap=1.0).ok


def test_an_overlap_is_measured_and_names_both():
    report = check_coverage(labelled(a=box(0, 0, 2, 1), b=box(1, 0, 3, 1), c=box(3, 0, 4, 1)))
    assert report.overlaps == (("a", "b", 1.0),)
    assert set(report.unmatched_edges) == {"a", "b"}
    assert not report.ok


def test_a_vertex_that_the_neighbour_lacks_is_told_without_an_overlap():
    split = shapely.Polygon([(1, 0), (2, 0), (2, 1), (1, 1), (1, 0.5)])
    report = check_coverage(labelled(a=box(0, 0, 1, 1), b=split))
    assert set(report.unmatched_edges) == {"a", "b"}
    assert report.overlaps == ()


def test_a_hole_is_a_gap_up_to_the_size_asked_for():
    ring = box(0, 0, 4, 4).difference(box(1, 1, 3, 2))
    assert check_coverage(labelled(a=ring), largest_gap=2.0).gaps == (2.0,)
    assert check_coverage(labelled(a=ring), largest_gap=1.9).gaps == ()
    assert check_coverage(labelled(a=ring)).gaps == ()


def test_null_geometry_does_not_shift_the_blame():
    report = check_coverage(labelled(n=None, a=box(0, 0, 2, 1), e=shapely.Polygon(), b=box(1, 0, 3, 1)))
    assert report.overlaps == (("a", "b", 1.0),)
    assert set(report.unmatched_edges) == {"a", "b"}
    assert report.n == 4


def test_invalid_geometry_is_not_measured():
    with pytest.raises(GeometryError, match="1 geometries are invalid: x"):
        check_coverage(labelled(x=BOW_TIE))


def test_no_polygons_are_a_coverage():
    assert check_coverage(gpd.GeoSeries(np.array([], dtype=object), crs="EPSG:6933")).ok
