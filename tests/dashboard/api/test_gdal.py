"""GDAL's OAPIF driver, by which QGIS reads such an API, reads the units and the shapes of the store.

The server runs in a process of its own: GDAL does not let other threads of its process run while it waits.
"""

import subprocess
import sys

import geopandas as gpd
import pyogrio
import pytest
import shapely

SERVER = """
import sys
from pathlib import Path
from werkzeug.serving import make_server
from fuping.dashboard.app import create_app
from fuping.layers.stores import EmbeddedStore
server = make_server("127.0.0.1", 0, create_app(EmbeddedStore(Path(sys.argv[1]))).server, threaded=True)
print(server.server_port, flush=True)
server.serve_forever()
"""

pytestmark = pytest.mark.skipif("OAPIF" not in pyogrio.list_drivers(), reason="this GDAL has no OAPIF driver")


@pytest.fixture(scope="module")
def source(store):
    """Address of the API for GDAL."""
    command = [sys.executable, "-c", SERVER, str(store.root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        yield f"OAPIF:http://127.0.0.1:{process.stdout.readline().strip()}/api"
        process.kill()


def kept(store, pack, level):
    drawn = gpd.read_parquet(store.folder(pack) / f"boundaries-{level}.parquet")
    return drawn.sort_values("code").reset_index(drop=True)


def test_gdal_lists_every_level_as_a_layer(store, source):
    layers = pyogrio.list_layers(source)
    expected = [f"{pack}.{level['id']}" for pack in store.packs() for level in store.catalogue(pack)["levels"]]
    assert layers[:, 0].tolist() == expected
    assert set(layers[:, 1]) == {"MultiPolygon"}


@pytest.mark.parametrize(("pack", "level"), [("us", "county"), ("kr", "municipality"), ("cn", "province")])
def test_gdal_reads_the_units_and_shapes_of_the_store(store, source, pack, level):
    read = pyogrio.read_dataframe(source, layer=f"{pack}.{level}")
    stored = kept(store, pack, level)
    assert read["code"].tolist() == stored["code"].tolist()
    for name in ("name_en", "name_zh", "parent_level", "parent_code", "area_km2"):
        ours, theirs = read[name].astype(object), stored[name].astype(object)
        assert ours.where(ours.notna(), "").tolist() == theirs.where(theirs.notna(), "").tolist()
    gone = stored.geometry.is_empty | stored.geometry.isna()
    assert read.geometry.isna().tolist() == gone.tolist()
    parts = [shapely.MultiPolygon(shapely.get_parts(one)) for one in stored.geometry[~gone]]
    same = shapely.equals_exact(shapely.normalize(read.geometry[~gone].values), shapely.normalize(parts))
    assert same.all()


def test_gdal_asks_for_a_box_and_for_a_name(store, source):
    stored = kept(store, "us", "county")
    box = (-88.0, 32.0, -86.0, 33.0)
    brute = stored.loc[shapely.intersects(stored.geometry.values, shapely.box(*box)), "code"].tolist()
    assert pyogrio.read_dataframe(source, layer="us.county", bbox=box)["code"].tolist() == brute
    named = pyogrio.read_dataframe(source, layer="us.county", where="name_en = 'Autauga'")
    assert named["code"].tolist() == ["01001"]
    many = pyogrio.read_dataframe(source, layer="us.county", where="area_km2 > 20000 AND name_en LIKE 'N%'")
    wanted = stored[(stored["area_km2"] > 20000) & stored["name_en"].str.startswith("N")]
    assert sorted(many["code"]) == sorted(wanted["code"])


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857"])
def test_gdal_reads_each_reference_system_in_its_place(store, source, crs):
    read = pyogrio.read_dataframe(source, layer="kr.province", CRS=crs)
    expected = kept(store, "kr", "province").to_crs(crs).total_bounds
    assert read.total_bounds.tolist() == pytest.approx(expected.tolist())
