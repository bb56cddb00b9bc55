"""A file of boundaries, and the error that it must give, or the count that the report must have."""

import json
import zipfile

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from fuping.layers.errors import SourceError
from fuping.layers.sources.vector import read_vector
from fuping.spatial.boundaries.coverage import area_km2
from fuping.spatial.boundaries.geometry import repair_geometry
from fuping.spatial.errors import CRSError

BOW_TIE = shapely.Polygon([(114, 38), (115, 39), (115, 38), (114, 39)])


def counties(**changes):
    frame = gpd.GeoDataFrame(
        {"code": ["130624", "110101"], "name": ["阜平县", "东城区"]},
        geometry=[shapely.box(113, 38, 114, 39), shapely.box(114, 38, 115, 39)],
        crs="EPSG:4326",
    )
    return frame.assign(**changes)


def cut(path, part=0.5):
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * part)])


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(SourceError, match=r"There is no file .*a\.gpkg"):
        read_vector(tmp_path / "a.gpkg")


@pytest.mark.parametrize("form", ["gpkg", "geojson", "shp", "zip", "parquet", "topo.json"])
def test_an_empty_file(tmp_path, form):
    (tmp_path / f"a.{form}").touch()
    with pytest.raises(SourceError, match="is empty"):
        read_vector(tmp_path / f"a.{form}")


@pytest.mark.parametrize("form", ["gpkg", "geojson", "parquet"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.95])
def test_a_file_that_is_cut_off(tmp_path, form, part):
    path = tmp_path / f"a.{form}"
    frame = pd.concat([counties()] * 200, ignore_index=True)
    frame.to_parquet(path) if form == "parquet" else frame.to_file(path)
    cut(path, part)
    with pytest.raises(SourceError, match="does not read as"):
        read_vector(path)


def test_a_topology_that_is_cut_off(tmp_path):
    path = tmp_path / "a.topo.json"
    path.write_text(json.dumps({"type": "Topology", "arcs": [[[0, 0], [1, 1]]], "objects": {}})[:50])
    with pytest.raises(SourceError, match="does not read as a vector file"):
        read_vector(path)


def test_a_zip_that_is_cut_off(tmp_path):
    counties().to_file(tmp_path / "a.shp", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for part in ("shp", "shx", "dbf", "prj", "cpg"):
            archive.write(tmp_path / f"a.{part}", f"a.{part}")
    cut(tmp_path / "a.zip")
    with pytest.raises(SourceError, match="does not read as a zip"):
        read_vector(tmp_path / "a.zip")


def test_a_zip_without_boundaries(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("readme.txt", "nothing here")
    with pytest.raises(SourceError, match=r"holds no vector file.*\.shp"):
        read_vector(tmp_path / "a.zip")


@pytest.mark.parametrize("suffix", ["shp", "dbf"])
def test_a_shapefile_of_which_one_file_is_cut_off(tmp_path, suffix):
    pd.concat([counties()] * 20, ignore_index=True).to_file(tmp_path / "a.shp", encoding="utf-8")
    cut(tmp_path / f"a.{suffix}")
    with pytest.raises(SourceError, match=rf"\.{suffix} of a\.shp is cut off: \d+ of \d+ bytes"):
        read_vector(tmp_path / "a.shp")


def test_a_zipped_shapefile_of_which_one_file_is_cut_off(tmp_path):
    counties().to_file(tmp_path / "a.shp", encoding="utf-8")
    cut(tmp_path / "a.shp")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for part in ("shp", "shx", "dbf", "prj", "cpg"):
            archive.write(tmp_path / f"a.{part}", f"in/a.{part}")
    with pytest.raises(SourceError, match=r"\.shp of a\.zip is cut off"):
        read_vector(tmp_path / "a.zip")


def test_a_shapefile_without_its_attributes(tmp_path):
    counties().to_file(tmp_path / "a.shp", encoding="utf-8")
    (tmp_path / "a.dbf").unlink()
    with pytest.raises(SourceError, match=r"without its \.dbf"):
        read_vector(tmp_path / "a.shp")


@pytest.mark.parametrize(
    ("name", "content"), [("a.gpkg", b"not a database"), ("a.geojson", b"{}"), ("a.shp", b"x" * 9)]
)
def test_a_file_of_another_format(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError):
        read_vector(tmp_path / name)


def test_a_table_is_no_layer_of_polygons(tmp_path):
    (tmp_path / "a.csv").write_text("code,name\n1,a\n")
    with pytest.raises(SourceError, match="has no geometry"):
        read_vector(tmp_path / "a.csv")
    pd.DataFrame({"code": ["1"]}).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(SourceError, match="does not read as GeoParquet"):
        read_vector(tmp_path / "a.parquet")


def test_a_shapefile_without_named_encoding_shows_how_its_text_would_read(tmp_path):
    counties().to_file(tmp_path / "a.shp", encoding="gb18030")
    (tmp_path / "a.cpg").unlink()
    with pytest.raises(SourceError, match="gb18030, in which it reads 阜平县") as caught:
        read_vector(tmp_path / "a.shp")
    # Bytes of GB18030 are no UTF-8.
    assert "utf-8" not in str(caught.value)


def test_ascii_needs_no_encoding(tmp_path):
    counties(name=["Fuping", "Dongcheng"]).to_file(tmp_path / "a.shp", encoding="utf-8")
    (tmp_path / "a.cpg").unlink()
    assert read_vector(tmp_path / "a.shp")["name"].tolist() == ["Fuping", "Dongcheng"]


def test_a_shapefile_that_names_the_wrong_encoding(tmp_path):
    counties().to_file(tmp_path / "a.shp", encoding="gb18030")
    (tmp_path / "a.cpg").write_text("UTF-8")
    with pytest.raises(SourceError, match=r"not in the encoding that it names.*gb18030"):
        read_vector(tmp_path / "a.shp")
    with pytest.raises(SourceError, match="not in the encoding utf-8"):
        read_vector(tmp_path / "a.shp", encoding="utf-8")


def test_an_encoding_that_does_not_exist(tmp_path):
    counties().to_file(tmp_path / "a.shp", encoding="utf-8")
    with pytest.raises(SourceError, match="'gbk2' declared for"):
        read_vector(tmp_path / "a.shp", encoding="gbk2")


def test_a_shapefile_without_crs(tmp_path):
    counties().to_file(tmp_path / "a.shp", encoding="utf-8")
    (tmp_path / "a.prj").unlink()
    with pytest.raises(CRSError, match=r"has no CRS.*Declare it"):
        read_vector(tmp_path / "a.shp")


def test_metres_that_are_called_degrees(tmp_path):
    counties().to_crs("EPSG:3857").set_crs("EPSG:4326", allow_override=True).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(CRSError, match=r"in degrees, but x from 1\.25.*e\+07.*projected"):
        read_vector(tmp_path / "a.parquet")


def test_degrees_that_are_called_metres(tmp_path):
    counties().set_crs("EPSG:3857", allow_override=True).to_file(tmp_path / "a.gpkg")
    with pytest.raises(CRSError, match=r"in metres, but x from 113 to 115.*look like degrees"):
        read_vector(tmp_path / "a.gpkg")


def test_a_declared_crs_that_contradicts_the_file(tmp_path):
    counties().to_file(tmp_path / "a.gpkg")
    with pytest.raises(SourceError, match=r"says that it is in WGS 84; EPSG:4490 was declared"):
        read_vector(tmp_path / "a.gpkg", crs="EPSG:4490")
    with pytest.raises(SourceError, match="'EPSG:0' declared for"):
        read_vector(tmp_path / "a.gpkg", crs="EPSG:0")


def test_an_absent_column_names_those_that_are_there(tmp_path):
    counties().to_file(tmp_path / "a.gpkg")
    with pytest.raises(SourceError, match=r"no column adcode\..*code, name"):
        read_vector(tmp_path / "a.gpkg", columns=["adcode"])


@pytest.mark.parametrize("form", ["gpkg", "geojson", "shp"])
def test_crossing_and_null_geometry_is_counted_and_no_row_is_lost(tmp_path, form):
    path = tmp_path / f"a.{form}"
    frame = pd.concat([counties(), counties(code=["1", "2"], geometry=[BOW_TIE, None])], ignore_index=True)
    frame.to_file(path, **({"encoding": "utf-8"} if form == "shp" else {}))
    mended, report = repair_geometry(read_vector(path))
    assert len(mended) == 4
    assert [fault.code for fault in report.invalid] == ["1"]
    assert [fault.code for fault in report.null] == ["2"]
    assert mended.geometry.dropna().is_valid.all()


def test_areas_are_not_measured_in_a_projection_that_bends_them():
    squares = gpd.GeoSeries([shapely.box(0, 60, 1, 61)], crs="EPSG:4326")
    with pytest.raises(CRSError, match="Mercator"):
        area_km2(squares, equal_area_crs="EPSG:3857")
