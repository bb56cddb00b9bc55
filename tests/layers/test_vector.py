"""Two counties, written by hand or by GDAL in every format that is read, come back the same."""

import json
import zipfile

import geopandas as gpd
import pytest
import shapely
from fuping.layers.errors import SourceError
from fuping.layers.sources.vector import read_vector

COUNTIES = gpd.GeoDataFrame(
    {"code": ["130624", "110101"], "name": ["阜平县", "东城区"]},
    geometry=[shapely.box(113, 38, 114, 39), shapely.box(114, 38, 115, 39)],
    crs="EPSG:4326",
)

# The border between the two squares is arc 0, which the second follows backwards (~0 is -1); deltas are of one degree.
TOPOLOGY = {
    "type": "Topology",
    "transform": {"scale": [1, 1], "translate": [113, 38]},
    "arcs": [[[1, 0], [0, 1]], [[1, 1], [-1, 0], [0, -1], [1, 0]], [[1, 0], [1, 0], [0, 1], [-1, 0]]],
    "objects": {
        "counties": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "arcs": [[0, 1]], "properties": {"code": "130624", "name": "阜平县"}},
                {"type": "Polygon", "arcs": [[2, -1]], "properties": {"code": "110101", "name": "东城区"}},
            ],
        }
    },
}


def zipped(folder, name="counties.zip", inside=""):
    COUNTIES.to_file(folder / "counties.shp", encoding="utf-8")
    with zipfile.ZipFile(folder / name, "w") as archive:
        for part in sorted(folder.glob("counties.*")):
            if part.suffix != ".zip":
                archive.write(part, inside + part.name)
    return folder / name


def written(folder, form):
    path = folder / f"counties.{form}"
    if form == "zip":
        return zipped(folder)
    if form in ("topo.json", "topojson", "json"):
        path.write_text(json.dumps(TOPOLOGY, ensure_ascii=False), encoding="utf-8")
    elif form == "parquet":
        COUNTIES.to_parquet(path)
    else:
        COUNTIES.to_file(path, **({"encoding": "utf-8"} if form == "shp" else {}))
    return path


def assert_counties(frame):
    assert frame[["code", "name"]].values.tolist() == COUNTIES[["code", "name"]].values.tolist()
    assert frame.geometry.geom_equals(COUNTIES.geometry).all()
    assert frame.crs.to_epsg() == 4326


@pytest.mark.parametrize("form", ["gpkg", "geojson", "shp", "zip", "parquet", "topo.json", "topojson", "json"])
def test_every_format_gives_the_same_two_counties(tmp_path, form):
    assert_counties(read_vector(written(tmp_path, form)))


@pytest.mark.parametrize("form", ["gpkg", "geojson", "shp", "zip", "parquet", "topo.json"])
def test_only_the_columns_asked_for_are_kept(tmp_path, form):
    assert list(read_vector(written(tmp_path, form), columns=["name", "name"]).columns) == ["name", "geometry"]


def test_a_shapefile_in_a_folder_of_its_zip_is_found(tmp_path):
    assert_counties(read_vector(zipped(tmp_path, inside="2020/县界/")))


def test_one_file_of_a_zip_is_chosen_by_its_stem(tmp_path):
    path = zipped(tmp_path)
    COUNTIES.iloc[:1].to_file(tmp_path / "other.geojson")
    with zipfile.ZipFile(path, "a") as archive:
        archive.write(tmp_path / "other.geojson", "other.geojson")
    assert_counties(read_vector(path, layer="counties"))
    assert len(read_vector(path, layer="other")) == 1
    with pytest.raises(SourceError, match=r"holds 2 vector files.*counties, other"):
        read_vector(path)


def test_a_layer_is_chosen_by_name(tmp_path):
    path = tmp_path / "two.gpkg"
    COUNTIES.to_file(path, layer="counties")
    COUNTIES.iloc[:1].to_file(path, layer="towns")
    assert_counties(read_vector(path, layer="counties"))
    with pytest.raises(SourceError, match=r"has 2 layers.*counties, towns"):
        read_vector(path)
    with pytest.raises(SourceError, match=r"no layer 'villages'.*counties, towns"):
        read_vector(path, layer="villages")


def test_a_topology_of_several_objects_asks_which(tmp_path):
    path = tmp_path / "two.topojson"
    objects = TOPOLOGY["objects"]
    path.write_text(json.dumps(TOPOLOGY | {"objects": objects | {"more": objects["counties"]}}), encoding="utf-8")
    with pytest.raises(SourceError, match="counties, more"):
        read_vector(path)
    assert_counties(read_vector(path, layer="counties"))


def test_null_geometry_is_left_to_the_check_of_geometry(tmp_path):
    COUNTIES.assign(geometry=[COUNTIES.geometry[0], None]).to_file(tmp_path / "a.gpkg")
    assert read_vector(tmp_path / "a.gpkg").geometry.isna().tolist() == [False, True]


def test_longitude_first_is_the_same_crs(tmp_path):
    COUNTIES.set_crs("OGC:CRS84", allow_override=True).to_parquet(tmp_path / "a.parquet")
    assert len(read_vector(tmp_path / "a.parquet", crs="EPSG:4326")) == 2


def test_a_declared_crs_fills_what_the_file_lacks(tmp_path):
    COUNTIES.to_file(tmp_path / "a.shp", encoding="utf-8")
    (tmp_path / "a.prj").unlink()
    assert read_vector(tmp_path / "a.shp", crs="EPSG:4490").crs.to_epsg() == 4490


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_a_declared_encoding_reads_a_shapefile_that_names_none(tmp_path, encoding):
    COUNTIES.to_file(tmp_path / "a.shp", encoding=encoding)
    (tmp_path / "a.cpg").unlink()
    assert_counties(read_vector(tmp_path / "a.shp", encoding=encoding))


def test_a_shapefile_in_gb18030_that_says_so_is_read(tmp_path):
    COUNTIES.to_file(tmp_path / "a.shp", encoding="gb18030")
    assert_counties(read_vector(tmp_path / "a.shp"))
