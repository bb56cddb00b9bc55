"""Rasters that cannot be used, and the error that each gives."""

import os
from concurrent.futures import ThreadPoolExecutor

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from fuping.spatial.errors import CRSError
from fuping.spatial.raster.coverage_table import coverage_table, read_coverage_table
from fuping.spatial.raster.errors import GridError, RasterError, ReadError, TableError
from fuping.spatial.raster.grid import Grid, Window, grid_of_centres
from fuping.spatial.raster.source import ArrayRaster, open_raster, require_surface
from fuping.spatial.raster.zonal import zonal_classes, zonal_statistics
from fuping.spatial.raster.zonal_quantiles import zonal_quantiles
from rasters import square_grid, square_raster, units_of

UNIT = {"u": shapely.box(0, 0, 2, 2)}
NINE = np.arange(1.0, 10).reshape(3, 3)


def write(path, values, transform=None, crs="EPSG:4326", **options):
    values = np.atleast_3d(values.T).T
    transform = transform or rasterio.transform.from_origin(100, 40, 1, 1)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=values.shape[1],
        width=values.shape[2],
        count=len(values),
        dtype=values.dtype,
        crs=crs,
        transform=transform,
        **options,
    ) as file:
        file.write(values)
    return path


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"crs": None}, GridError, "no CRS.*Declare it"),
        ({"transform": rasterio.Affine(1, 0.2, 100, 0.2, -1, 40)}, GridError, "rotated or sheared"),
        ({"transform": rasterio.Affine(1, 0, 100, 0, 1, 40)}, GridError, "is turned"),
        ({"transform": rasterio.transform.from_origin(400_000, 4e6, 30, 30)}, GridError, "WGS 84 in degrees, but x"),
        ({"crs": "EPSG:32650"}, GridError, "UTM zone 50N in metres, but x runs from 100 to 103.*look like degrees"),
    ],
)
def test_a_file_with_a_wrong_grid(tmp_path, options, error, words):
    path = write(tmp_path / "file.tif", NINE, **options)
    with pytest.raises(error, match=words):
        open_raster(path)


def test_a_file_that_is_no_raster(tmp_path):
    (tmp_path / "file.tif").write_text("slope;12")
    with pytest.raises(RasterError, match="cannot be read as a raster"):
        open_raster(tmp_path / "file.tif")


CUTS = {
    "strips": {},
    "packed": {"compress": "deflate"},
    "tiles": {"tiled": True, "blockxsize": 16, "blockysize": 16, "compress": "deflate"},
}


@pytest.mark.parametrize("layout", CUTS)
@pytest.mark.parametrize("threads", [0, 1])
def test_a_file_cut_short_within_its_cells(tmp_path, layout, threads):
    values = np.random.default_rng(0).random((64, 64), dtype=np.float32)
    path = write(tmp_path / "rain.tif", values, **CUTS[layout])
    os.truncate(path, path.stat().st_size * 6 // 10)
    raster = open_raster(path)  # its header is whole, and so are its first rows
    np.testing.assert_array_equal(raster.read(0, Window(0, 0, 16, 64)), values[:16])
    units = gpd.GeoDataFrame({"code": ["u"]}, geometry=[shapely.box(100, -24, 164, 40)], crs="EPSG:4326")
    table = coverage_table(units, raster.grid, code="code")
    told = []
    executor = ThreadPoolExecutor(threads) if threads else None
    words = r"Rows 32 to 47 of .*rain\.tif, band 1, cannot be read: .*IReadBlock failed.*got \d+ bytes, expected \d+\. "
    with pytest.raises(ReadError, match=words + ".*fetch it again"):
        zonal_statistics(
            table, raster, statistics=["mean"], minimum_cells=1, block_cells=1024, executor=executor,
            progress=lambda done, total: told.append(done),
        )  # fmt: skip
    assert told == [1, 2]


def test_a_file_that_is_gone_when_it_is_read(tmp_path):
    path = write(tmp_path / "rain.tif", NINE)
    raster = open_raster(path)
    path.unlink()
    with pytest.raises(ReadError, match=r"Rows 0 to 2 of .*rain\.tif, band 1, cannot be read: .*No such file"):
        raster.read(0, Window(0, 0, 3, 3))


def test_a_crs_overruled_without_a_reason(tmp_path):
    path = write(tmp_path / "file.tif", NINE)
    with pytest.raises(RasterError, match=r"overruled by EPSG:4490\. Say why"):
        open_raster(path, crs="EPSG:4490")


def test_a_no_data_value_that_the_type_cannot_hold():
    with pytest.raises(RasterError, match=r"No data is said to be -9999, which uint8 cannot hold \(0 to 255\)"):
        square_raster(NINE.astype(np.uint8), nodata=-9999)


@pytest.mark.parametrize("fill", [1e38, 3.4e38, -3.4e38, -1e35, np.inf, -np.inf])
def test_a_fill_value_that_the_file_does_not_declare(tmp_path, fill):
    values = NINE.astype(np.float32)
    values[0, 1:] = fill
    path = write(tmp_path / "rain.tif", np.stack([NINE.astype(np.float32), values]))
    raster = open_raster(path)
    assert raster.read(0, Window(0, 0, 3, 3)).tolist() == NINE.tolist()
    words = r"rain\.tif, rows 0 to 2, band 2 holds -?(inf|\d[.\d]*e\+3\d) in 2 of 9 cells.*declare it \(nodata\)"
    with pytest.raises(RasterError, match=words):
        raster.read(1, Window(0, 0, 3, 3))
    # Rows without it can be read, and all once it is declared: here or in the file.
    assert raster.read(1, Window(1, 0, 2, 3)).tolist() == NINE[1:].tolist()
    known = [[1, None, None], [4, 5, 6], [7, 8, 9]]
    expected = np.array(known, dtype=float)
    np.testing.assert_array_equal(open_raster(path, nodata=fill).read(1, Window(0, 0, 3, 3)), expected)
    path = write(tmp_path / "declared.tif", values, nodata=float(np.float32(fill)))
    np.testing.assert_array_equal(open_raster(path).read(0, Window(0, 0, 3, 3)), expected)


def test_a_fill_value_among_the_values_of_an_array():
    with pytest.raises(RasterError, match=r"rain\.nc, band 1 holds 1e\+36 in 9 of 9 cells"):
        ArrayRaster(square_grid(3, 3), np.full((3, 3), 1e36), path="rain.nc").read(0, Window(0, 0, 3, 3))
    table = coverage_table(units_of(UNIT), square_grid(3, 3), code="code")
    with pytest.raises(RasterError, match="Band 1 holds inf in 4 of 4 cells"):
        zonal_statistics(table, square_raster(np.full((3, 3), np.inf)), statistics=["mean"], minimum_cells=1)


def test_large_figures_are_no_fill_values():
    values = np.array([[9.9e34, -9.9e34], [0, np.nan]])
    np.testing.assert_array_equal(ArrayRaster(square_grid(2, 2), values).read(0, Window(0, 0, 2, 2)), values)


def test_whole_numbers_that_have_overflowed():
    values = np.full((3, 3), np.iinfo(np.int64).min)
    raster = square_raster(values)
    table = coverage_table(units_of(UNIT), raster.grid, code="code")
    with pytest.raises(RasterError, match="-9223372036854775808, too large to be summed exactly"):
        zonal_statistics(table, raster, statistics=["sum"], minimum_cells=1)


def test_an_image_given_as_a_terrain_model(tmp_path):
    path = write(tmp_path / "file.tif", np.ones((3, 3, 3), dtype=np.uint8), photometric="RGB")
    image = open_raster(path)
    with pytest.raises(RasterError, match=r"Slope needs one band .* there are 3 \(the colours of an image\)"):
        require_surface(image, what="Slope")
    units = gpd.GeoDataFrame({"code": ["u"]}, geometry=[shapely.box(100, 38, 101, 39)], crs="EPSG:4326")
    table = coverage_table(units, image.grid, code="code")
    with pytest.raises(RasterError, match="holds the colours of an image"):
        zonal_statistics(table, image, statistics=["mean"], minimum_cells=1)


def test_several_bands_given_as_a_terrain_model():
    with pytest.raises(RasterError, match=r"there are 2 \(2019, 2020\)"):
        require_surface(square_raster(np.stack([NINE, NINE]), bands=("2019", "2020")), what="Slope")


def test_no_data_everywhere():
    raster = square_raster(np.full((3, 3), -1), nodata=-1)
    table = coverage_table(units_of(UNIT), raster.grid, code="code")
    with pytest.raises(RasterError, match=r"No cell under the 1 units has a value in 1\. Check the no-data value"):
        zonal_statistics(table, raster, statistics=["mean"], minimum_cells=1)


def test_units_that_do_not_overlap():
    with pytest.raises(GridError, match="do not overlap: units from 5000, 5000 to 6000, 6000, raster from 0, 0"):
        coverage_table(units_of({"u": shapely.box(5, 5, 6, 6)}), square_grid(3, 3), code="code")


def test_units_in_another_crs():
    units = gpd.GeoDataFrame({"code": ["u"]}, geometry=[shapely.box(0, 0, 1, 1)], crs="EPSG:4326")
    with pytest.raises(GridError, match=r"raster is in WGS 84 / NSIDC.*, the units in WGS 84\. Bring the units"):
        coverage_table(units, square_grid(3, 3), code="code")


def test_units_without_a_crs():
    units = gpd.GeoDataFrame({"code": ["u"]}, geometry=[shapely.box(0, 0, 1, 1)])
    with pytest.raises(CRSError, match="has no CRS"):
        coverage_table(units, square_grid(3, 3), code="code")


def test_a_raster_on_another_grid():
    table = coverage_table(units_of(UNIT), square_grid(3, 3), code="code")
    with pytest.raises(GridError, match="starts -1 rows and 0 columns away"):
        zonal_statistics(table, square_raster(np.ones((4, 3))), statistics=["mean"], minimum_cells=1)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"statistics": ["average"]}, "'average'.*Choose from mean, sum"),
        ({"statistics": []}, "are not named"),
        ({"weights": square_raster(NINE)}, "Give both weights and weight_kind"),
        ({"weight_kind": "count"}, "Give both weights and weight_kind"),
        ({"weights": square_raster(NINE - 5), "weight_kind": "count"}, "The weights hold -4, below zero"),
        ({"weights": square_raster(np.stack([NINE] * 2)), "weight_kind": "count"}, "2 bands"),
    ],
)
def test_arguments_that_mean_nothing(options, words):
    table = coverage_table(units_of({"u": shapely.box(0, 0, 3, 3)}), square_grid(3, 3), code="code")
    given = {"statistics": ["mean"], "minimum_cells": 1} | options
    with pytest.raises(RasterError, match=words):
        zonal_statistics(table, square_raster(NINE), **given)


def test_no_raster():
    table = coverage_table(units_of(UNIT), square_grid(3, 3), code="code")
    with pytest.raises(RasterError, match="No raster was given"):
        zonal_statistics(table, {}, statistics=["mean"], minimum_cells=1)


def test_a_measured_layer_given_as_classes():
    values = np.arange(900.0).reshape(30, 30)
    table = coverage_table(units_of({"u": shapely.box(0, 0, 30, 30)}), square_grid(30, 30), code="code")
    with pytest.raises(RasterError, match="more than 512 different values"):
        zonal_classes(table, square_raster(values), minimum_cells=1)


def test_a_quantile_in_percent():
    table = coverage_table(units_of(UNIT), square_grid(3, 3), code="code")
    with pytest.raises(RasterError, match=r"Quantiles \[50\]"):
        zonal_quantiles(table, square_raster(NINE), quantiles=[50], minimum_cells=1)


@pytest.mark.parametrize(
    ("values", "options", "words"),
    [
        (np.ones((2, 3)), {}, r"shape \(1, 2, 3\), the grid \(3, 3\)"),
        (np.ones((2, 3, 3)), {"bands": ("a", "a")}, "2 bands and the names a, a"),
        (np.ones((3, 3), dtype=complex), {}, "of type complex128"),
    ],
)
def test_arrays_that_are_no_rasters(values, options, words):
    with pytest.raises(RasterError, match=words):
        ArrayRaster(square_grid(3, 3), values, **options)


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        ([0, 1, 3], [0, 1], "centres of the columns are unevenly spaced"),
        ([0, 1, 2], [0], "1 rows: the cell size cannot be told"),
        ([2, 1, 0], [0, 1], "Columns run west"),
    ],
)
def test_centres_that_are_no_grid(x, y, words):
    with pytest.raises(GridError, match=words):
        grid_of_centres(x, y, crs="EPSG:4326")


@pytest.mark.parametrize("crs", ["", "EPSG:999999"])
def test_a_grid_without_a_known_crs(crs):
    with pytest.raises(GridError, match=r"no CRS|is unknown"):
        Grid(crs, 0, 0, 1, 1, 2, 2)


def test_a_file_that_is_no_coverage_table(tmp_path):
    (tmp_path / "table.parquet").write_text("no")
    with pytest.raises(TableError, match=r"cannot be read.*Compute the table anew"):
        read_coverage_table(tmp_path / "table.parquet", grid=square_grid(3, 3), units=units_of(UNIT), code="code")
    units_of(UNIT).to_parquet(tmp_path / "units.parquet")
    with pytest.raises(TableError, match="is no coverage table"):
        read_coverage_table(tmp_path / "units.parquet", grid=square_grid(3, 3), units=units_of(UNIT), code="code")
