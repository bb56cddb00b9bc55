"""Joins by code, point and area: every row is matched or has a reason, and nothing counts twice."""

import time

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from fuping.spatial.boundaries.join import areas_in_units, key_join, points_in_units
from fuping.spatial.errors import CodeError, CRSError, GeometryError
from fuping.spatial.match_report import MatchReport
from hypothesis import given, settings
from hypothesis import strategies as st

COUNTIES = pd.DataFrame({"code": ["01001", "01003", "02013"], "name": ["Autauga", "Baldwin", "Aleutians East"]})


def km(*corners):
    return shapely.box(*[corner * 1000 for corner in corners])


def frame(crs="EPSG:6933", column="code", **shapes):
    return gpd.GeoDataFrame({column: list(shapes)}, geometry=gpd.GeoSeries(list(shapes.values()), crs=crs))


def reasons(report):
    return [(row.code, row.reason, row.detail) for row in report.unmatched_left]


def test_rows_keep_their_index_and_get_the_columns_of_their_unit():
    data = pd.DataFrame({"fips": ["1003", "09001", "01001"], "rate": [1.0, 2.0, 3.0]}, index=[7, 7, 9])
    joined, report = key_join(data, COUNTIES, on="fips")
    assert joined.index.tolist() == [7, 7, 9]
    assert joined.columns.tolist() == ["fips", "rate", "name"]
    assert joined["fips"].tolist() == ["01003", "09001", "01001"]
    assert joined["name"].fillna("-").tolist() == ["Baldwin", "-", "Autauga"]
    assert joined["rate"].tolist() == [1.0, 2.0, 3.0]
    assert (report.n_left, report.matched, report.n_right) == (3, 2, 3)
    assert data["fips"].tolist() == ["1003", "09001", "01001"]


def test_every_reason_is_told_apart():
    data = pd.DataFrame(
        {
            "code": ["01001", "99999", "46113", None, "1.5", "01", "010010201", "02"],
            "name": ["Autauga", "?", "Shannon", "no code", "half", "Alabama", "a tract", "Alaska"],
        }
    )
    _, report = key_join(
        data, COUNTIES, on="code", data_name="name", unit_name="name",
        other_vintages={"2014": ["46113", "02013"]}, other_levels={"state": ["01", "02"], "tract": ["010010201"]},
    )  # fmt: skip
    assert reasons(report) == [
        ("99999", "unknown_code", ""),
        ("46113", "other_vintage", "vintage 2014"),
        ("", "missing_code", ""),
        ("1.5", "format", ""),
        ("01", "other_level", "level state, read as 00001"),
        ("010010201", "other_level", "level tract"),
        ("02", "other_level", "level state, read as 00002"),
    ]
    assert [row.name for row in report.unmatched_left][:3] == ["?", "Shannon", "no code"]
    assert [(row.code, row.name, row.reason) for row in report.unmatched_right] == [
        ("01003", "Baldwin", "no_data"),
        ("02013", "Aleutians East", "no_data"),
    ]
    assert report.n_left == report.matched + sum(report.reasons().values())


def test_what_was_mended_is_noted_and_what_was_read_is_told():
    _, report = key_join(pd.DataFrame({"fips": [1001.0, 9001.0]}), COUNTIES, on="fips")
    assert reasons(report) == [("9001.0", "unknown_code", "read as 09001")]
    assert report.notes == ("2 codes written as floats", "2 codes without their leading zeros")


def test_duplicates_are_rows_alike_in_code_and_year():
    data = pd.DataFrame({"code": ["01001", "01001", "1001", "01003", "x", "x"], "year": [1, 2, 2, 1, 1, 1]})
    _, report = key_join(data, COUNTIES, on="code", by=["year"])
    assert report.duplicated_left == ("01001",)
    assert reasons(report) == [("x", "format", "year 1"), ("x", "format", "year 1")]
    _, report = key_join(data[:2], COUNTIES, on="code")
    assert report.duplicated_left == ("01001",)
    _, report = key_join(data[:2], COUNTIES, on="code", by=["year"])
    assert report.duplicated_left == ()


def test_columns_that_both_have_stay_apart():
    data = pd.DataFrame({"code": ["1001"], "name": ["as printed"]})
    joined, _ = key_join(data, COUNTIES, on="code")
    assert joined.iloc[0].to_dict() == {"code": "01001", "name": "as printed", "name_unit": "Autauga"}


def test_geometry_comes_along_and_units_without_it_are_told():
    units = frame("EPSG:4326", **{"01001": shapely.box(0, 0, 1, 1), "01003": None})
    joined, report = key_join(pd.DataFrame({"fips": [1001, 1003, 9]}), units, on="fips")
    assert isinstance(joined, gpd.GeoDataFrame)
    assert joined.crs == "EPSG:4326"
    assert joined.geometry.isna().tolist() == [False, True, True]
    assert "1 units without geometry have data: 01003" in report.notes


def test_points_that_are_joined_by_code_keep_their_own_geometry_too():
    points = gpd.GeoDataFrame({"code": ["a"]}, geometry=[shapely.Point(0, 0)], crs="EPSG:6933")
    joined, _ = key_join(points, frame(a=km(0, 0, 1, 1)), on="code")
    assert joined["geometry"].iloc[0].geom_type == "Point"
    assert joined.geometry.name == "geometry_unit"


def test_no_rows_join_nothing():
    joined, report = key_join(pd.DataFrame({"code": pd.Series([], dtype=str)}), COUNTIES, on="code")
    assert (len(joined), report.matched, len(report.unmatched_right)) == (0, 0, 3)


@pytest.mark.parametrize(
    ("units", "options", "words"),
    [
        (COUNTIES, {"on": "fips"}, r"data have no column fips\. Columns: code"),
        (COUNTIES, {"on": "code", "by": ["year"]}, "data have no column year"),
        (COUNTIES, {"on": "code", "code": "geoid"}, "units have no column geoid"),
        (COUNTIES, {"on": "code", "unit_name": "label"}, "units have no column label"),
        (pd.DataFrame({"code": ["01001", "1001"]}), {"on": "code"}, r"from 4 to 5 characters.*width="),
        (pd.DataFrame({"code": ["01001", "1001"]}), {"on": "code", "width": 5}, "1 codes of units stand twice: 01001"),
        (pd.DataFrame({"code": ["01001", None]}), {"on": "code"}, r"1 units have no code of 5 characters: \(none\)"),
        (COUNTIES, {"on": "code", "pattern": "02.*"}, r"2 units have no code of the pattern 02\.\*: 01001, 01003"),
    ],
)
def test_faults_are_named(units, options, words):
    with pytest.raises(CodeError, match=words):
        key_join(pd.DataFrame({"code": ["01001"]}), units, **options)


@given(st.lists(st.one_of(st.sampled_from(["01001", "1003", 2013.0, "01", "46113", None]), st.text(max_size=6))))
def test_counts_add_up_and_the_report_survives_json(cells):
    data = pd.DataFrame({"code": pd.Series(cells, dtype=object)})
    joined, report = key_join(data, COUNTIES, on="code", other_vintages={"2014": ["46113"]})
    assert len(joined) == report.n_left == len(cells) == report.matched + len(report.unmatched_left)
    assert joined["name"].notna().sum() == report.matched
    reached = joined.loc[joined["name"].notna(), "code"].nunique()
    assert report.n_right == reached + len(report.unmatched_right)
    assert MatchReport.from_dict(report.to_dict()) == report


def test_a_long_table_of_3200_units_and_31_years_is_joined_at_once():
    codes = [f"{number:06d}" for number in range(3200)]
    data = pd.DataFrame({"code": np.repeat(codes, 31), "year": np.tile(np.arange(1990, 2021), 3200)})
    start = time.process_time()
    joined, report = key_join(data, pd.DataFrame({"code": codes, "name": codes}), on="code", by=["year"])
    # It takes some 0.3 s; the limit leaves room for a busy machine, and none for comparing every row with every unit.
    assert time.process_time() - start < 3
    assert (report.matched, report.duplicated_left) == (99_200, ())
    assert (joined["name"] == joined["code"]).all()


def points(**places):
    shapes = {
        name: None if place is None else shapely.Point(place[0] * 1000, place[1] * 1000)
        for name, place in places.items()
    }
    return frame(column="id", **shapes)


TWO = frame(b=km(1, 0, 2, 1), a=km(0, 0, 1, 1)).assign(name=["B", "A"])


def test_each_point_is_in_one_unit_or_has_a_reason():
    given_points = points(inside=(1.5, 0.5), border=(1, 0.5), corner=(0, 0), away=(9, 9), null=None)
    found, report = points_in_units(given_points, TWO, point_id="id", unit_name="name")
    assert found["unit_code"].fillna("-").tolist() == ["b", "a", "a", "-", "-"]
    assert reasons(report) == [("away", "outside", ""), ("null", "no_geometry", "")]
    assert report.notes == ("1 points on a border, counted in the first unit by code",)
    assert (report.n_left, report.matched, report.n_right) == (5, 3, 2)
    assert "unit_code" not in given_points


def test_units_without_points_and_points_listed_twice_are_told():
    twice = points(p=(0.5, 0.5), q=(0.6, 0.5)).assign(id="p")
    _, report = points_in_units(twice, TWO, point_id="id", unit_name="name")
    assert report.duplicated_left == ("p",)
    assert [(row.code, row.name, row.reason) for row in report.unmatched_right] == [("b", "B", "no_data")]


def test_points_may_be_in_degrees():
    where = gpd.GeoDataFrame(geometry=[shapely.Point(113.5, 38.5)], index=["p"], crs="EPSG:4326")
    county = frame("EPSG:4326", a=shapely.box(113, 38, 114, 39)).to_crs("EPSG:3857")
    found, _ = points_in_units(where, county)
    assert found["unit_code"].to_dict() == {"p": "a"}
    assert found.crs == "EPSG:4326"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(-1, 5), st.integers(-1, 5)), min_size=1, max_size=30))
def test_every_point_of_a_grid_counts_once(places):
    # Points at the corners of the cells touch up to four of them.
    grid = frame(**{f"c{x}{y}": km(x + 100, y, x + 101, y + 1) for x in range(4) for y in range(4)})
    found, report = points_in_units(points(**{f"p{i}": (x + 100, y) for i, (x, y) in enumerate(places)}), grid)
    inside = sum(0 <= x <= 4 and 0 <= y <= 4 for x, y in places)
    assert found["unit_code"].notna().sum() == report.matched == inside
    assert report.n_left == len(places)


def test_points_that_cannot_be_placed_are_refused():
    with pytest.raises(GeometryError, match="1 of 1 geometries are not points: Polygon"):
        points_in_units(frame(a=km(0, 0, 1, 1)), TWO)
    with pytest.raises(CRSError, match="no CRS"):
        points_in_units(points(p=(0, 0)).set_crs(None, allow_override=True), TWO)
    with pytest.raises(CodeError, match="column 'unit_code' already"):
        points_in_units(points(p=(1.5, 0.5)).assign(unit_code="x"), TWO)
    with pytest.raises(CodeError, match="points have no column site"):
        points_in_units(points(p=(1.5, 0.5)), TWO, point_id="site")
    with pytest.raises(CodeError, match=r"stand twice: a \(2 times\)"):
        points_in_units(points(p=(1.5, 0.5)), TWO.assign(code="a"))


def areas(**shapes):
    return frame(column="id", **shapes)


def rows(table):
    return {(row.area_id, row.unit_code): tuple(row)[3:] for row in table.itertuples(index=True)}


def test_shares_of_an_area_and_of_a_unit():
    table, report = areas_in_units(areas(park=km(0.5, 0, 1.25, 1)), TWO, area_id="id")
    assert rows(table) == {
        # km², share of the park, share of the unit, km² not counted before
        ("park", "a"): pytest.approx((0.5, 2 / 3, 0.5, 0.5)),
        ("park", "b"): pytest.approx((0.25, 1 / 3, 0.25, 0.25)),
    }
    assert (report.n_left, report.matched, report.n_right, report.notes) == (1, 1, 2, ())


def test_ground_of_two_areas_counts_once():
    table, report = areas_in_units(areas(one=km(0, 0, 0.75, 1), two=km(0.5, 0, 1, 1)), TWO, area_id="id")
    assert rows(table) == {
        ("one", "a"): pytest.approx((0.75, 1.0, 0.75, 0.75)),
        ("two", "a"): pytest.approx((0.5, 1.0, 0.5, 0.25)),
    }
    assert table["first_km2"].sum() == pytest.approx(1.0)
    assert report.notes == ("areas overlap, first_km2 counts their ground once: one/two 0.25 km²",)


def test_an_area_inside_an_earlier_one_adds_no_ground():
    table, _ = areas_in_units(areas(whole=km(0, 0, 2, 1), part=km(0, 0, 1, 1)), TWO, area_id="id")
    assert rows(table)["part", "a"] == pytest.approx((1.0, 1.0, 1.0, 0.0))


def test_an_area_drawn_twice_under_one_id_is_one_area():
    twice = areas(p=km(0, 0, 1, 1), q=km(0, 0, 1, 1)).assign(id="park")
    table, report = areas_in_units(twice, TWO, area_id="id")
    assert rows(table) == {("park", "a"): pytest.approx((1.0, 1.0, 1.0, 1.0))}
    assert (report.n_left, report.matched, report.duplicated_left) == (2, 2, ("park",))


def test_ground_of_two_units_counts_for_the_first_by_code():
    overlapping = frame(y=km(1, 0, 3, 1), x=km(0, 0, 2, 1))
    table, report = areas_in_units(areas(park=km(0, 0, 3, 1)), overlapping, area_id="id")
    assert rows(table) == {
        ("park", "x"): pytest.approx((2.0, 2 / 3, 1.0, 2.0)),
        ("park", "y"): pytest.approx((1.0, 1 / 3, 0.5, 1.0)),
    }
    assert report.notes == ("units overlap, the first by code has the ground: x/y 1 km²",)


def test_areas_outside_partly_outside_and_null_are_told():
    given_areas = areas(part=km(1.5, 0, 3.5, 1), away=km(9, 9, 10, 10), null=None).assign(label=["P", "W", "N"])
    table, report = areas_in_units(given_areas, TWO, area_id="id", area_name="label", unit_name="name")
    assert rows(table) == {("part", "b"): pytest.approx((0.5, 0.25, 0.5, 0.5))}
    assert [(row.code, row.name, row.reason) for row in report.unmatched_left] == [
        ("away", "W", "outside"),
        ("null", "N", "no_geometry"),
    ]
    assert [(row.code, row.name, row.reason) for row in report.unmatched_right] == [("a", "A", "not_covered")]
    assert report.notes == ("75.0% of part lies outside every unit",)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 5)] * 2, *[st.integers(1, 3)] * 2), min_size=1, max_size=5))
def test_first_km2_adds_up_to_the_ground_that_areas_cover(boxes):
    grid = frame(**{f"c{x}{y}": km(2 * x, 2 * y, 2 * x + 2, 2 * y + 2) for x in range(3) for y in range(3)})
    drawn = areas(**{f"p{i}": km(x, y, x + w, y + h) for i, (x, y, w, h) in enumerate(boxes)})
    table, report = areas_in_units(drawn, grid, area_id="id")
    # Cells of one square kilometre counted one by one.
    covered = {(i, j) for x, y, w, h in boxes for i in range(x, x + w) for j in range(y, y + h) if i < 6 and j < 6}
    assert table["first_km2"].sum() == pytest.approx(len(covered), rel=1e-6)
    for unit, part in table.groupby("unit_code"):
        column, row = int(unit[1]), int(unit[2])
        here = sum(i // 2 == column and j // 2 == row for i, j in covered)
        assert part["first_km2"].sum() == pytest.approx(here, rel=1e-6)
    assert report.n_left == report.matched + len(report.unmatched_left)


def test_areas_in_degrees_are_measured_in_an_equal_area_projection():
    county = frame("EPSG:4326", a=shapely.box(113, 38, 114, 40))
    south = frame("EPSG:4326", "id", south=shapely.box(113, 38, 114, 39))
    table, _ = areas_in_units(south, county, area_id="id")
    # Between latitudes p and q the area goes by sin q - sin p on the sphere, and nearly so on the ellipsoid.
    sine = np.sin(np.radians([38, 39, 40]))
    assert table["share_of_unit"].iloc[0] == pytest.approx((sine[1] - sine[0]) / (sine[2] - sine[0]), abs=2e-4)
    assert table["share_of_unit"].iloc[0] > 0.503


def test_areas_that_cannot_be_measured_are_refused():
    bow_tie = shapely.Polygon([(0, 0), (1e3, 1e3), (1e3, 0), (0, 1e3)])
    with pytest.raises(GeometryError, match="1 of 1 geometries are invalid"):
        areas_in_units(areas(p=bow_tie), TWO, area_id="id")
    with pytest.raises(GeometryError, match="not polygons"):
        areas_in_units(points(p=(1.5, 0.5)), TWO, area_id="id")
    with pytest.raises(CodeError, match="1 areas have no id"):
        areas_in_units(areas(p=km(0, 0, 1, 1)).assign(id=None), TWO, area_id="id")
    with pytest.raises(CodeError, match="areas have no column zone"):
        areas_in_units(areas(p=km(0, 0, 1, 1)), TWO, area_id="zone")
