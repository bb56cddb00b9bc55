"""Tiles of small grids: every pixel has the colour of the class of the cell it lies in."""

import io

import numpy as np
import pytest
import rasterio
from fuping.spatial.raster.errors import RasterError
from fuping.spatial.raster.tiles import Painting, cell_at, tile_exists, tile_png
from PIL import Image
from rasterio.transform import from_origin

GREYS = ("#101010", "#808080", "#f0f0f0")
MEASURED = Painting(GREYS, breaks=(10.0, 20.0))


def geotiff(path, values, *, west=100.0, north=40.0, cell=1.0, nodata=None, crs="EPSG:4326"):
    values = np.asarray(values)
    profile = {"driver": "GTiff", "width": values.shape[1], "height": values.shape[0], "count": 1, "nodata": nodata}
    transform = from_origin(west, north, cell, cell)
    with rasterio.open(path, "w", dtype=values.dtype.name, crs=crs, transform=transform, **profile) as file:
        file.write(values, 1)
    return path


def pixels(body):
    return np.asarray(Image.open(io.BytesIO(body)).convert("RGBA"))


def places(z, x, y):
    """Degrees of the middles of a tile's pixels, by the formulas of the Web Mercator scheme."""
    n = 2**z
    along = (np.arange(256) + 0.5) / 256
    lon = (x + along) / n * 360 - 180
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * (y + along) / n))))
    return lon, lat


def tile_of(lon, lat, z):
    n = 2**z
    y = (1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2 * n
    return int((lon + 180) / 360 * n), int(y)


@pytest.mark.parametrize("painting", [MEASURED, Painting(GREYS, codes=((3, 12), (18,), (27,)))])
def test_every_pixel_has_the_colour_of_its_cell_and_no_other(tmp_path, painting):
    cells = np.random.default_rng(5).choice(np.array([3, 12, 18, 27, 255], dtype="uint8"), size=(6, 8))
    path = geotiff(tmp_path / "grid.tif", cells, nodata=255)
    x, y = tile_of(102, 38, 6)
    shown = pixels(tile_png(path, 6, x, y, painting))
    lon, lat = places(6, x, y)
    column, row = (lon - 100), (40 - lat)
    checked = 0
    for down in range(0, 256, 7):
        for across in range(0, 256, 7):
            at, where = row[down], column[across]
            # A pixel's breadth from an edge of a cell either side is right.
            if min(at % 1, 1 - at % 1, where % 1, 1 - where % 1) < 0.05:
                continue
            inside = 0 <= at < 6 and 0 <= where < 8
            value = float(cells[int(at), int(where)]) if inside else 255.0
            place = int(painting.classes(np.nan if value == 255 else value))
            colour = (0,) if place < 0 else (*bytes.fromhex(GREYS[place][1:]), 255)
            found = shown[down, across]
            assert tuple(found) == colour if place >= 0 else found[3] == 0, (at, where, value)
            checked += 1
    assert checked > 500


def test_a_tile_is_there_where_the_grid_is_and_nowhere_else(tmp_path):
    path = geotiff(tmp_path / "grid.tif", np.ones((2, 2), dtype="float32"))
    x, y = tile_of(101, 39, 5)
    assert tile_exists(path, 5, x, y)
    assert not tile_exists(path, 5, x + 8, y)
    for absent in ((5, -1, 0), (5, 32, 0), (5, 0, 32), (-1, 0, 0), (23, 0, 0)):
        assert not tile_exists(path, *absent)


def test_the_cell_at_a_place_is_the_one_it_lies_in_whatever_the_projection(tmp_path):
    cells = np.array([[1.0, 2.0], [np.nan, 4.0]], dtype="float32")
    plain = geotiff(tmp_path / "plain.tif", cells, nodata=np.nan)
    assert [cell_at(plain, *place) for place in ((100.2, 39.9), (101.7, 39.1), (101.2, 38.5))] == [1.0, 2.0, 4.0]
    assert np.isnan(cell_at(plain, 100.5, 38.5))
    assert cell_at(plain, 99.9, 39.5) is None
    assert cell_at(plain, 101.0, 40.1) is None
    # Cells of 1 km north of the equator on the central meridian of UTM zone 47 (99° E).
    far = geotiff(tmp_path / "utm.tif", cells, west=499_000, north=2000, cell=1000, nodata=np.nan, crs="EPSG:32647")
    assert cell_at(far, 99 - 0.004, 0.0136) == 1.0
    assert cell_at(far, 99 + 0.004, 0.0045) == 4.0


def test_colours_must_be_as_many_as_classes():
    with pytest.raises(RasterError, match="1 colours for 2 classes"):
        Painting(("#000000",), breaks=(1.0,))


@pytest.mark.parametrize("west", [178.0, -182.0])
def test_the_cell_at_a_place_is_found_on_both_sides_of_180(tmp_path, west):
    path = geotiff(tmp_path / "grid.tif", [[1, 2, 3, 4]], west=west)
    assert [cell_at(path, lon, 39.5) for lon in (178.5, 179.5, -179.5, -178.5)] == [1, 2, 3, 4]
    assert cell_at(path, -177.5, 39.5) is None
