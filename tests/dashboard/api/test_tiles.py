"""Vector tiles hold the units of the square of Web Mercator that they are asked for."""

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from pyproj import Transformer
from shapely.geometry import shape

STEPS = 4096
HALF = 20037508.342789244


def tile(api, collection, z, y, x, query=""):
    answer = api.get(f"/api/collections/{collection}/tiles/WebMercatorQuad/{z}/{y}/{x}{query}")
    assert answer.status_code == 200
    assert answer.mimetype == "application/vnd.mapbox-vector-tile"
    return mapbox_vector_tile.decode(answer.data)["units"]


def square(z, y, x):
    """Bounds in metres by the definition of OGC's WebMercatorQuad."""
    side = 2 * HALF / 2**z
    return x * side - HALF, HALF - (y + 1) * side, (x + 1) * side - HALF, HALF - y * side


@pytest.mark.parametrize(("z", "y", "x"), [(7, 49, 109), (10, 396, 873), (12, 1586, 3493)])
def test_a_tile_draws_the_units_that_lie_in_its_square(api, store, z, y, x):
    """Tiles over Seoul: each unit's drawn area is that of its stored polygon cut at the square."""
    import geopandas as gpd

    layer = tile(api, "kr.municipality", z, y, x)
    west, south, east, north = square(z, y, x)
    box = shapely.box(west, south, east, north)
    carry = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True).transform
    drawn = gpd.read_parquet(store.folder("kr") / "boundaries-municipality.parquet").set_index("code").geometry
    metres = {
        code: shapely.transform(one, lambda points: np.column_stack(carry(*points.T))) for code, one in drawn.items()
    }
    cut = {code: one.intersection(box).area for code, one in metres.items() if one.intersects(box)}
    step = (east - west) / STEPS
    found = {}
    for feature in layer["features"]:
        part = shapely.make_valid(shape(feature["geometry"])).intersection(shapely.box(0, 0, STEPS, STEPS))
        found[feature["properties"]["code"]] = part.area * step**2
    large = {code for code, area in cut.items() if area > (20 * step) ** 2}
    assert large <= set(found)
    tolerance = 0.02 * (east - west) ** 2 if z < 9 else 0.002 * (east - west) ** 2
    for code in large:
        assert found[code] == pytest.approx(cut[code], abs=tolerance, rel=0.05)


def test_a_tile_carries_the_figures_asked_for(api):
    layer = tile(api, "kr.province", 5, 12, 27, "?indicators=population&year=2020")
    assert any(feature["properties"].get("population") for feature in layer["features"])


def test_an_empty_tile_has_no_content(api):
    answer = api.get("/api/collections/kr.province/tiles/WebMercatorQuad/5/0/0")
    assert (answer.status_code, answer.data) == (204, b"")


def test_the_whole_world_is_one_tile(api, store):
    codes = {feature["properties"]["code"] for feature in tile(api, "kr.province", 0, 0, 0)["features"]}
    assert codes <= set(store.units("kr", "province")["code"])
    assert codes


@pytest.mark.parametrize(
    ("path", "status"),
    [("WebMercatorQuad/5/32/0", 400), ("WebMercatorQuad/99/0/0", 400), ("WebMercatorQuad/a/0/0", 400),
     ("WebMercatorQuad/5/-1/0", 400), ("WebMercatorQuad/5/²/0", 400), ("Other/0/0/0", 404)],
)  # fmt: skip
def test_a_tile_outside_the_set_is_refused(api, path, status):
    assert api.get(f"/api/collections/kr.province/tiles/{path}").status_code == status


def test_the_set_of_tiles_tells_their_address(api, get):
    told = get("/collections/kr.province/tiles/WebMercatorQuad")
    assert get("/collections/kr.province/tiles")["tilesets"] == [told]
    template = next(link["href"] for link in told["links"] if link["rel"] == "item")
    href = template.replace("{tileMatrix}", "0").replace("{tileRow}", "0").replace("{tileCol}", "0")
    assert api.get(href.removeprefix("http://localhost")).status_code == 200
