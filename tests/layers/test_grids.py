"""Grids kept in a build: small ones made here, and those of the packs against the files they were cut from."""

import numpy as np
import pytest
import rasterio
from fuping.layers.build.grids import write_grids
from fuping.layers.pack import pack_folders, read_pack
from fuping.layers.sources.locate import source_file
from fuping.layers.sources.rasters import read_layer
from fuping.spatial.raster.grid import Window
from small_grids import TEXT, geotiff, layer, pack_of, shapes_of

CLASSES = [
    {"codes": [1, 2], "name": {"en": "Low", "zh": "低"}, "colour": "#112233"},
    {"codes": [7], "name": {"en": "High", "zh": "高"}, "colour": "#aabbcc"},
    {"codes": [9], "name": {"en": "None", "zh": "无"}, "colour": "#000000"},
]
MEASURED = {"name": TEXT, "unit": {"en": "m", "zh": "米"}}


def written(tmp_path, values, shown, *boxes):
    geotiff(tmp_path, values)
    folder = tmp_path / "build"
    folder.mkdir()
    found = write_grids(pack_of(layer(shown=shown)), shapes_of(*boxes), tmp_path, folder)
    return found, folder / "grid-r.tif"


def test_a_grid_is_cut_to_the_cells_that_touch_a_unit(tmp_path):
    values = [[1, 2, 7, 7], [7, 1, 1, 255], [9, 9, 9, 9]]
    found, path = written(
        tmp_path, values, {"name": TEXT, "classes": CLASSES}, (0, 0.11, 0.19, 0.29), (0.21, 0.11, 0.35, 0.19)
    )
    with rasterio.open(path) as file:
        assert file.read(1).tolist() == [[1, 2, 255, 255], [7, 1, 1, 255]]
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert file.tags()["LICENCE"] == file.tags()["CITATION"] == "made for a test"
        assert file.tags()["CLASS_7"] == "High"
        assert file.colormap(1)[7] == (0xAA, 0xBB, 0xCC, 255)
        assert file.nodata == 255
    assert [one["name"]["en"] for one in found[0]["classes"]] == ["Low", "High"]
    assert found[0]["kind"] == "class"
    assert found[0]["bounds"] == pytest.approx([0, 0.1, 0.4, 0.3])
    assert found[0]["bytes"] == path.stat().st_size


def test_what_is_measured_keeps_its_numbers_and_gets_classes_of_equal_count(tmp_path):
    found, path = written(tmp_path, [list(range(1, 15))], MEASURED, (0, 0, 1.4, 0.1))
    with rasterio.open(path) as file:
        assert file.read(1).tolist() == [list(range(1, 15))]
        assert file.dtypes == ("float32",)
        assert file.tags()["UNIT"] == "m"
    assert found[0]["breaks"] == np.round(np.quantile(np.arange(1, 15), np.arange(1, 7) / 7)).tolist()
    assert len(found[0]["colours"]) == 7
    assert found[0]["range"] == [1, 14]


def test_a_grid_without_any_cell_of_the_units_is_kept_and_says_so(tmp_path):
    found, _ = written(tmp_path, [[255, 255]], MEASURED, (0, 0, 0.2, 0.1))
    assert found[0]["range"] is None
    assert found[0]["breaks"] == []


def test_nothing_is_kept_of_a_grid_that_is_not_shown_or_not_there(tmp_path):
    geotiff(tmp_path, [[1]])
    assert write_grids(pack_of(layer()), shapes_of((0, 0, 0.1, 0.1)), tmp_path, tmp_path) == []
    away = tmp_path / "empty"
    away.mkdir()
    assert write_grids(pack_of(layer(shown=MEASURED)), shapes_of((0, 0, 0.1, 0.1)), away, away) == []


@pytest.mark.parametrize("code", ["cn", "kr"])
def test_every_cell_of_a_pack_is_that_of_the_file_it_was_cut_from(store, code):
    pack = read_pack(pack_folders()[code])
    for declared in pack.rasters:
        path = source_file(pack, pack.source(declared.source), store.supplied(code))
        if path is None:
            continue
        raster = read_layer(declared, path, store.extent(code, "nation"))
        kept = next(one for one in store.catalogue(code)["grids"] if one["id"] == declared.id)
        assert kept["bytes"] < 1_000_000, "a build stays small"
        with rasterio.open(store.grid(code, declared.id)) as file:
            mine = file.read(1, masked=True).astype(float).filled(np.nan)
            west, north = file.transform.c, file.transform.f
        row = round((raster.grid.north - north) / raster.grid.cell_height)
        column = round((west - raster.grid.west) / raster.grid.cell_width)
        rows, columns = np.nonzero(~np.isnan(mine))
        picked = np.random.default_rng(3).choice(len(rows), 300)
        for down, across in zip(rows[picked], columns[picked], strict=True):
            here = raster.read(0, Window(int(row + down), int(column + across), 1, 1))[0, 0]
            assert mine[down, across] == pytest.approx(here, rel=1e-6), (declared.id, down, across)
        assert kept["range"] == pytest.approx([np.nanmin(mine), np.nanmax(mine)], rel=1e-6)


def test_every_grid_of_a_pack_is_shown_and_its_codes_have_a_class(store):
    for code in ("cn", "kr"):
        pack, grids = read_pack(pack_folders()[code]), store.catalogue(code)["grids"]
        assert {one["id"] for one in grids} <= {one.id for one in pack.rasters}
        for one in grids:
            if one["kind"] != "class":
                assert len(one["colours"]) == len(one["breaks"]) + 1
                continue
            known = {number for each in one["classes"] for number in each["codes"]}
            with rasterio.open(store.grid(code, one["id"])) as file:
                assert set(np.unique(file.read(1)).tolist()) - {255} <= known, one["id"]
