"""Places drawn as points, roads and areas: read from tables and the files beside them, and money along them."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from fuping.layers.errors import TableError
from fuping.layers.ingest.projects import place_projects
from fuping.layers.sources.project_places import read_project_table
from fuping.spatial.errors import CRSError
from fuping.spatial.projects import cover
from fuping.spatial.projects.errors import AllocationError, ProjectError

UNITS = gpd.GeoDataFrame(
    {"code": ["101", "102", "201", "202"]},
    geometry=[shapely.box(x, y, x + 1, y + 1) for y in (0, 1) for x in (0, 1)],
    crs="EPSG:4326",
)

HEAD = (
    "project,programme,component,first_year,last_year,unit_code,longitude,latitude,wkt,location,place_name,amount,"
    "project_amount,currency\n"
)

ROAD = shapely.LineString([(0.5, 0.5), (1.5, 0.5)])


def table(folder, *rows):
    path = folder / "roads.csv"
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows), "utf-8")
    return path


def features(path, crs="EPSG:4326", **shapes):
    frame = gpd.GeoDataFrame({"location": list(shapes)}, geometry=list(shapes.values()), crs="EPSG:4326")
    frame.to_crs(crs).to_file(path)


def test_wkt_positions_and_codes_stand_in_one_table_and_money_follows_the_road(tmp_path):
    path = table(
        tmp_path,
        'R,roads,paving,2015,2016,,,,"LINESTRING (0.5 0.5, 1.5 0.5)",,main road,100.01,,USD',
        "R,roads,bridge,2015,2016,,1.5,0.2,,,ford,7,,USD",
        'R,roads,,2015,2016,,,,"POLYGON ((0 1, 2 1, 2 3, 0 3, 0 1))",,,,,',
        "R,roads,,2015,2016,102,,,,,,,,",
    )
    rows, report = place_projects(read_project_table(path), UNITS)
    found = {(one.component, one.unit): one.amount for one in rows.dropna(subset="amount").itertuples()}
    assert found == {("paving", "101"): 50.01, ("paving", "102"): 50.0, ("bridge", "102"): 7.0}
    # Half of the polygon lies in no unit and is a row without one.
    assert set(rows.loc[rows["component"].eq(""), "unit"]) == {"102", "201", "202", None}
    assert report.matched == 4
    assert report.notes[1:] == (
        "1 places by code, 1 by the unit that their point lies in, 1 lines by length, 1 polygons by area",
        "50.0% of R (row 4) lies outside every unit",
    )


@pytest.mark.parametrize("form", ["geojson", "gpkg"])
def test_features_beside_a_table_are_named_by_its_rows(tmp_path, form):
    path = table(tmp_path, "R,roads,,2015,2016,,,,,a,,,,", "R,roads,,2015,2016,,,,,b,,,,")
    # A GeoPackage may be in metres of its own; two features of one name are one location.
    metres = "EPSG:32631" if form == "gpkg" else "EPSG:4326"
    shapes = {"a": ROAD, "b": shapely.box(0.2, 1.2, 0.8, 1.8), "c": shapely.Point(0, 0)}
    features(tmp_path / f"roads.{form}", metres, **shapes)
    read = read_project_table(path)
    assert read.notes == (f"1 locations of roads.{form} are named by no row: c",)
    rows, _ = place_projects(read, UNITS)
    assert rows["unit"].tolist() == ["101", "102", "201"]


def test_a_workbook_has_shapes_too(tmp_path):
    row = {"project": "R", "programme": "roads", "first_year": 2015, "last_year": 2016, "wkt": ROAD.wkt}
    pd.DataFrame([row]).to_excel(tmp_path / "roads.xlsx", index=False)
    rows, _ = place_projects(read_project_table(tmp_path / "roads.xlsx"), UNITS)
    assert rows["unit"].tolist() == ["101", "102"]


def test_money_of_a_project_is_shared_by_length_and_what_lies_outside_keeps_its_part(tmp_path):
    path = table(
        tmp_path,
        'R,roads,,2015,2016,,,,"LINESTRING (0.5 0, 3.5 0)",,,,100.01,USD',
        'R,roads,,2015,2016,,,,"LINESTRING (1 0.5, 2 0.5)",,,,100.01,USD',
    )
    rows, _ = place_projects(read_project_table(path), UNITS, rule="shares")
    money = rows.set_index(rows["unit"].fillna("outside"))["amount"]
    # 0.5 of 4 degrees of road in 101, 1 + 1 in 102, 1.5 beyond; a degree at 0.5° north is a little shorter.
    assert money.to_dict() == pytest.approx({"101": 12.50, "102": 50.00, "outside": 37.51}, abs=0.01)
    assert round(money.sum(), 2) == 100.01


@pytest.mark.parametrize("rule", ["equal", "shares"])
def test_parts_of_a_project_share_its_money_to_the_cent(tmp_path, rule):
    shapes = [
        f'R,roads,part {n},2015,20{16 + n},,,,"LINESTRING (0.1 0.{n}, 1.{n} 1.5)",,,,1000.01,USD' for n in (1, 2, 3)
    ]
    rows, _ = place_projects(read_project_table(table(tmp_path, *shapes)), UNITS, rule=rule)
    assert round(rows["amount"].sum(), 2) == 1000.01
    assert rows["amount"].notna().all()
    # Parts that run side by side are one project in a unit, in each year that any of them runs.
    found = cover(rows, UNITS.set_index("code"), years=range(2014, 2021))
    assert found.active[0][0].tolist() == [0, 1, 1, 1, 1, 1, 0]
    assert found.known_amount.sum() == pytest.approx(1000.01)


def test_shares_of_a_road_and_a_well_are_refused(tmp_path):
    path = table(
        tmp_path,
        'R,roads,,2015,2016,,,,"LINESTRING (0.5 0.5, 1.5 0.5)",,,,10,USD',
        "R,roads,,2015,2016,102,,,,,,,10,USD",
    )
    with pytest.raises(AllocationError, match="Places of R are measured in different ways"):
        place_projects(read_project_table(path), UNITS, rule="shares")


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (',,,"LINESTRING (0 0, 0 0)",', r"row 2: found the WKT 'LINESTRING \(0 0, 0 0\)', which is not valid: Too few"),
        (',,,"POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))",', "which is not valid: Self-intersection"),
        (',,,"LINESTRING (500000 4000000, 510000 4000000)",', "which is not on the globe"),
        (",,,a road,", "row 2: found the WKT 'a road', which is no shape"),
        (",,,POINT EMPTY,", "which is no shape"),
        (',,,"MULTIPOINT (0 0, 1 1)",', "a MultiPoint; expected a point, line or polygon in degrees"),
        (",1,1,POINT (1 1),", "row 2: found values in longitude, latitude; wkt; expected one of them"),
        (",,,,bridge", r"found none of roads.geojson, roads.gpkg beside it"),
    ],
)
def test_shapes_that_are_none_are_refused_with_their_row(tmp_path, cells, told):
    with pytest.raises(TableError, match=told):
        read_project_table(table(tmp_path, f"R,roads,,2015,2016,{cells},,,,"))


def test_a_location_that_is_not_beside_the_table_is_named(tmp_path):
    path = table(tmp_path, "R,roads,,2015,2016,,,,,bridge,,,,")
    features(tmp_path / "roads.geojson", road=ROAD)
    with pytest.raises(TableError, match="row 2: found the location 'bridge'; expected the location of a feature of"):
        read_project_table(path)
    features(tmp_path / "roads.gpkg", road=ROAD)
    with pytest.raises(TableError, match=r"found roads.geojson, roads.gpkg beside it; expected one file"):
        read_project_table(path)
    (tmp_path / "roads.geojson").unlink()
    gpd.GeoDataFrame({"location": ["bridge"]}, geometry=[ROAD]).to_file(tmp_path / "roads.gpkg")
    with pytest.raises(CRSError, match=r"roads\.gpkg"):
        read_project_table(path)


def test_the_same_part_twice_in_a_unit_in_overlapping_years_is_refused_and_two_parts_are_not(tmp_path):
    twice = ["R,roads,paving,2015,2016,101,,,,,,,,", "R,roads,paving,2016,2017,101,,,,,,,,"]
    with pytest.raises(ProjectError, match="twice in overlapping years"):
        place_projects(read_project_table(table(tmp_path, *twice)), UNITS)
    apart = [twice[0], twice[1].replace("paving", "bridge")]
    rows, _ = place_projects(read_project_table(table(tmp_path, *apart)), UNITS)
    assert rows["component"].tolist() == ["paving", "bridge"]
