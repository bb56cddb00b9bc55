"""Places of a pack's projects: read from their lists, put to units, served to the map; the project here is made up."""

import gzip
import json

import geopandas as gpd
import pytest
import shapely
from fuping.dashboard.app import create_app
from fuping.layers.build.fingerprint import fingerprint
from fuping.layers.build.pipeline import build_pack
from fuping.layers.errors import PackError, TableError
from fuping.layers.pack import read_pack
from pack_with_sites import pack_with_sites


def served(own, project="wells"):
    client = create_app(own).server.test_client()
    told = client.get(f"/locations/at/{project}.json")
    return json.loads(gzip.decompress(told.data))["features"] if told.status_code == 200 else told.status_code


def test_points_are_those_of_the_list_and_reach_the_map(tmp_path):
    own = pack_with_sites(tmp_path, "A1,0.5,0.25,Well\nA2,1.5,0.75,\nA2,,,Office\n")
    build_pack(read_pack(own.declared / "at"), own)
    told = served(own)
    assert [one["geometry"]["coordinates"] for one in told] == [[0.5, 0.25], [1.5, 0.75]]
    assert [one["properties"]["name"] for one in told] == ["Well", ""]
    assert served(own, "nothing") == 404
    years, covered = own.coverage("at", "wells", "unit")
    assert (years, covered.tolist()) == ([2020], [[1, 1]])


def test_roads_and_areas_are_put_to_units_without_a_code(tmp_path):
    head = "longitude,latitude,wkt,place_name"
    field = "POLYGON ((1.5 0, 2.5 0, 2.5 1, 1.5 1, 1.5 0))"
    rows = f'0.5,0.5,,Well\n,,"LINESTRING (0.5 0.5, 1.5 0.5)",Road\n,,"{field}",Field\n'
    own = pack_with_sites(tmp_path, rows, head)
    build_pack(read_pack(own.declared / "at"), own)
    assert [(one["properties"]["name"], one["geometry"]["type"]) for one in served(own)] == [
        ("Well", "Point"),
        ("Road", "LineString"),
        ("Field", "Polygon"),
    ]
    assert own.coverage("at", "wells", "unit")[1].tolist() == [[1, 1]]
    table = own.table("at", "project_locations")
    assert {(one.place_name, one.unit): round(one.share, 3) for one in table.dropna(subset="unit").itertuples()} == {
        ("Well", "A1"): 1.0,
        ("Road", "A1"): 0.5,
        ("Road", "A2"): 0.5,
        ("Field", "A2"): 0.5,
    }
    report = next(one for one in own.catalogue("at")["reports"] if one["name"] == "wells → unit")
    assert report["matched"] == 3
    assert "50.0% of row 4 lies outside every unit" in report["notes"]


def test_shapes_beside_a_list_are_part_of_what_is_built(tmp_path):
    own = pack_with_sites(tmp_path, "road\n", "location")
    pack = read_pack(own.declared / "at")
    with pytest.raises(TableError, match=r"none of wells\.geojson, wells\.gpkg beside it"):
        build_pack(pack, own)
    road = gpd.GeoDataFrame({"location": ["road"]}, geometry=[shapely.LineString([(0.2, 0.5), (0.8, 0.5)])], crs=4326)
    road.to_file(own.declared / "at" / "wells.geojson")
    before = fingerprint(pack, own)
    build_pack(pack, own)
    assert own.coverage("at", "wells", "unit")[1].tolist() == [[1, 0]]
    road.set_geometry(road.translate(1)).to_file(own.declared / "at" / "wells.geojson")
    assert fingerprint(pack, own) != before


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("A1,0.5,,Well", "row 2"),
        ("A1,181,0,Well", "longitude 181"),
        ("A1,0.5,north,Well", "north"),
        ("A1,0.5,-91,Well", "degrees, longitude first"),
    ],
)
def test_a_position_that_is_none_is_refused_with_its_row(tmp_path, row, told):
    own = pack_with_sites(tmp_path, f"{row}\n")
    with pytest.raises(PackError, match=told):
        build_pack(read_pack(own.declared / "at"), own)


def test_a_component_that_is_not_declared_is_refused(tmp_path):
    own = pack_with_sites(tmp_path, "A1,paving\n", "unit_code,component")
    with pytest.raises(PackError, match="row 2: found the component 'paving'; expected one that the project declares"):
        build_pack(read_pack(own.declared / "at"), own)
