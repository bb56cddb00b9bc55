"""What kept answers are found by: the same after a restart, and another for whatever is another."""

import os
import subprocess
import sys
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pytest
import rasterio
from fuping.spatial.raster.contents import Contents
from fuping.spatial.raster.coverage_table import coverage_table
from fuping.spatial.raster.derived import DerivedRaster, RegriddedRaster
from fuping.spatial.raster.errors import RasterError
from fuping.spatial.raster.kept_blocks import KeptBlocks
from fuping.spatial.raster.source import open_raster
from fuping.spatial.raster.terrain import relief, ruggedness, slope
from fuping.spatial.raster.zonal import zonal_statistics
from rasterio.transform import from_origin
from rasters import square_grid, square_raster, units_of
from shapely import box

HEIGHTS = np.arange(36.0).reshape(6, 6) ** 2

RESTARTED = """
import numpy as np
from functools import partial
from fuping.spatial.raster.contents import Contents
from fuping.spatial.raster.derived import DerivedRaster
from fuping.spatial.raster.grid import Grid
from fuping.spatial.raster.source import ArrayRaster
from fuping.spatial.raster.terrain import relief, slope
filler = [object() for _ in range({objects})]
grid = Grid("EPSG:6933", 0, 6000.0, 1000.0, 1000.0, 6, 6)
heights = ArrayRaster(grid, np.arange(36.0).reshape(6, 6) ** 2)
for work in (slope, partial(relief, cells=3)):
    print(Contents().digest(DerivedRaster(heights, work, "made")))
"""


def digest(value):
    return Contents().digest(value)


def made(work, values=HEIGHTS):
    return DerivedRaster(square_raster(values), work, "made")


def test_a_derived_raster_is_found_again_after_a_restart():
    runs = [
        subprocess.run(
            [sys.executable, "-c", RESTARTED.format(objects=objects)],
            env=os.environ | {"PYTHONHASHSEED": str(objects)}, capture_output=True, text=True, check=True,
        ).stdout.split()
        for objects in (1, 50_000)
    ]  # fmt: skip
    assert runs[0] == runs[1] == [digest(made(slope)), digest(made(partial(relief, cells=3)))]


def test_each_function_parameter_and_source_has_a_digest_of_its_own():
    rasters = [
        made(slope),
        made(ruggedness),
        made(relief),
        made(partial(relief, cells=3)),
        made(partial(relief, cells=5)),
        made(slope, HEIGHTS + 1),
        made(slope, HEIGHTS.astype(np.float32)),
        RegriddedRaster(square_raster(HEIGHTS), square_grid(6, 6), "sum"),
        RegriddedRaster(square_raster(HEIGHTS), square_grid(6, 6), "mean"),
    ]
    assert len({digest(one) for one in rasters}) == len(rasters)
    assert digest(made(partial(relief, cells=3))) == digest(made(partial(relief, cells=3)))


@dataclass(frozen=True)
class One:
    number: int


@dataclass(frozen=True)
class Other:
    number: int


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ab", "c"), ("a", "bc")),
        ((1, (2,)), ((1, 2),)),
        ((1,), (True,)),
        ([1], (1,)),
        (np.array([1, 2]), np.array([[1, 2]])),
        (np.array([1]), np.array([1.0])),
        (One(1), Other(1)),
        (np.arange(2000.0), np.where(np.arange(2000) == 1000, -1, np.arange(2000.0))),
    ],
)
def test_values_that_look_alike_are_told_apart(one, other):
    assert digest(one) != digest(other)


def within():
    def work(raster, *, window):
        return slope(raster, window=window)

    return work


class Unnamed:
    pass


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (made(lambda raster, *, window: slope(raster, window=window)), r"<lambda>: after a restart"),
        (made(within()), r"within\.<locals>\.work"),
        (made(partial(lambda raster, window: slope(raster, window=window))), "<lambda>"),
        (made(square_raster(HEIGHTS).read), "from a method"),
        (Unnamed(), r"a Unnamed.*Make it a dataclass"),
    ],
)
def test_what_has_no_name_of_its_own_is_refused(tmp_path, value, words):
    with pytest.raises(RasterError, match=words):
        digest(value)


def test_work_with_a_lambda_is_refused_before_it_is_done(tmp_path):
    table = coverage_table(units_of({"u": box(1, 1, 4, 4)}), square_grid(6, 6), code="code")
    raster = made(lambda raster, *, window: slope(raster, window=window))
    given = {"statistics": ["mean"], "minimum_cells": 0}
    with pytest.raises(RasterError, match=r"<lambda>.*Define it in a module"):
        zonal_statistics(table, raster, executor=KeptBlocks(tmp_path), **given)
    assert not list(tmp_path.iterdir())
    kept = [KeptBlocks(tmp_path) for _ in range(2)]
    for one in kept:
        zonal_statistics(table, made(slope), executor=one, **given)
    assert [one.found for one in kept] == [0, 1]


PART = """<SimpleSource><SourceFilename relativeToVRT="1">{name}</SourceFilename><SourceBand>1</SourceBand>
<SrcRect xOff="0" yOff="0" xSize="{size}" ySize="2"/><DstRect xOff="{at}" yOff="0" xSize="{size}" ySize="2"/>
</SimpleSource>"""

MOSAIC = """<VRTDataset rasterXSize="4" rasterYSize="2"><SRS>EPSG:6933</SRS>
<GeoTransform>0,1000,0,2000,0,-1000</GeoTransform><VRTRasterBand dataType="Float64" band="1">{parts}</VRTRasterBand>
</VRTDataset>"""


def write_part(folder, number, value):
    profile = {"driver": "GTiff", "height": 2, "width": 2, "count": 1, "dtype": "float64", "crs": "EPSG:6933"}
    transform = from_origin(2000 * number, 2000, 1000, 1000)
    with rasterio.open(folder / f"part{number}.tif", "w", transform=transform, **profile) as file:
        file.write(np.full((1, 2, 2), value))


@pytest.mark.parametrize("nested", [False, True])
def test_a_part_of_a_mosaic_that_changed_is_read_again(tmp_path, nested):
    write_part(tmp_path, 0, 1.0)
    write_part(tmp_path, 1, 2.0)
    parts = "".join(PART.format(name=f"part{at}.tif", size=2, at=2 * at) for at in range(2))
    path = tmp_path / "mosaic.vrt"
    path.write_text(MOSAIC.format(parts=parts))
    if nested:
        path = tmp_path / "whole.vrt"
        path.write_text(MOSAIC.format(parts=PART.format(name="mosaic.vrt", size=4, at=0)))
    table = coverage_table(units_of({"u": box(0, 0, 4, 2)}), square_grid(2, 4), code="code")
    found = []
    for value in (2.0, 2.0, 5.0):
        if value == 5.0:
            write_part(tmp_path, 1, value)
        kept = KeptBlocks(tmp_path / "kept")
        result = zonal_statistics(table, open_raster(path), statistics=["sum"], minimum_cells=0, executor=kept)
        found.append((result.table["sum"].item(), kept.found))
    assert found == [(12, 0), (12, 1), (24, 0)]


def test_a_file_elsewhere_cannot_be_told_from_one_that_changed(tmp_path):
    write_part(tmp_path, 0, 1.0)
    raster = replace(open_raster(tmp_path / "part0.tif"), path="/vsicurl/https://example.org/part0.tif")
    with pytest.raises(RasterError, match=r"part0\.tif, which is no plain file on this machine.*Fetch it"):
        digest(raster)
