"""Grids read off at units: small ones that can be summed in the head, made here and by no satellite."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import rasterio
import xarray as xr
from fuping.layers.build.rasters import read_grids
from fuping.layers.schema.metadata import Source
from fuping.layers.sources.rasters import read_layer, thornthwaite
from fuping.spatial.cube.missing import MissingReason
from fuping.spatial.raster.grid import Window
from rasterio.transform import from_origin
from small_grids import TEXT, geotiff, layer, pack_of, shapes_of


def figures_of(found, level="county", indicator="i"):
    rows = np.concatenate([one.to_numpy() for one in found.observations])
    columns = list(found.observations[0].columns)
    at = {name: columns.index(name) for name in ("indicator", "level", "code", "value", "reason")}
    return {
        row[at["code"]]: (row[at["value"]], row[at["reason"]])
        for row in rows
        if row[at["level"]] == level and row[at["indicator"]] == indicator
    }


def test_means_are_by_area_and_the_level_above_by_all_its_cells(tmp_path):
    # a covers 2 and 4, b half of 6.
    geotiff(tmp_path, [[2, 4, 6]])
    shapes = shapes_of((0, 0, 0.2, 0.1), (0.2, 0, 0.25, 0.1))
    found = read_grids(pack_of(layer(minimum_cells=0.5)), shapes, tmp_path)
    counties, province = figures_of(found), figures_of(found, "province")
    assert counties["a"][0] == pytest.approx(3, abs=1e-5)
    assert counties["b"][0] == pytest.approx(6, abs=1e-5)
    assert province["p"][0] == pytest.approx((2 + 4 + 6 / 2) / 2.5, abs=1e-4)


def test_shares_and_the_largest_class(tmp_path):
    geotiff(tmp_path, [[1, 2, 2, 7]])
    figures = [
        {"indicator": "i", "statistic": "share", "classes": [1, 7], "scale": 100},
        {"indicator": "most", "statistic": "majority"},
        {"indicator": "none", "statistic": "share", "classes": [9], "scale": 100},
    ]
    found = read_grids(pack_of(layer(figures=figures)), shapes_of((0, 0, 0.4, 0.1)), tmp_path)
    assert figures_of(found)["a"][0] == pytest.approx(50, abs=1e-4)
    assert figures_of(found, indicator="most")["a"][0] == 2
    # A class that occurs nowhere covers nothing; that is a figure, not a gap.
    assert figures_of(found, indicator="none")["a"] == (0, MissingReason.OBSERVED)


def test_a_unit_with_too_few_cells_is_refused_with_the_reason_but_counts_above(tmp_path):
    geotiff(tmp_path, [[2, 4, 6]])
    shapes = shapes_of((0, 0, 0.2, 0.1), (0.2, 0, 0.25, 0.1))
    found = read_grids(pack_of(layer(minimum_cells=1)), shapes, tmp_path)
    value, reason = figures_of(found)["b"]
    assert np.isnan(value)
    assert reason == MissingReason.TOO_COARSE
    assert figures_of(found, "province")["p"][0] == pytest.approx(3.6, abs=1e-4)
    report = next(one for one in found.reports if one.name == "r → county")
    assert (report.n_left, report.matched) == (2, 1)
    assert report.unmatched_left[0].code == "b"
    assert "0.5 cells of at least 1" in report.unmatched_left[0].detail
    cells = found.tables["cells"].set_index(["level", "code"])["cells"]
    assert cells["county", "b"] == pytest.approx(0.5, abs=1e-5)
    assert cells["province", "p"] == pytest.approx(2.5, abs=1e-5)


def test_no_data_is_outside_and_never_zero(tmp_path):
    geotiff(tmp_path, [[255, 255, 6]])
    found = read_grids(pack_of(layer()), shapes_of((0, 0, 0.2, 0.1), (0.2, 0, 0.3, 0.1)), tmp_path)
    value, reason = figures_of(found)["a"]
    assert np.isnan(value)
    assert reason == MissingReason.OUTSIDE
    # Two thirds of the province are unknown: less than the half that is asked for.
    assert figures_of(found, "province")["p"][1] == MissingReason.TOO_COARSE


def test_what_is_not_there_gives_nothing_and_the_command_that_installs_it(tmp_path):
    found = read_grids(pack_of(layer()), shapes_of((0, 0, 0.2, 0.1)), tmp_path)
    assert (found.observations, found.tables, found.reports) == ([], {}, [])
    from fuping.layers.sources.locate import load_command, source_file

    away = Source(
        id="away", title=TEXT, publisher=TEXT, licence="x", citation="x", kind="package", package="no_such_package",
        distribution="no-such-package", extra="risk", path="x.tif", status="modelled",
    )  # fmt: skip
    assert source_file(pack_of(), away, tmp_path) is None
    assert load_command("cn", away) == 'pip install "fuping[risk]" && fuping build cn'


def test_outlines_are_generalised_within_the_bound_that_is_told(tmp_path):
    geotiff(tmp_path, [[1]])
    found = read_grids(pack_of(layer(minimum_cells=0.1)), shapes_of((0, 0, 0.05, 0.1)), tmp_path)
    assert any("at most 0.01 degrees, a tenth of the finest cell" in note for note in found.reports[0].notes)


def climate(folder):
    """Three columns at 0°, 90° and 180° east to be rolled; January 31 mm and 31 °C, all else nothing."""
    rain, warmth = np.zeros((12, 3, 4)), np.zeros((12, 3, 4))
    rain[0, :, 1], warmth[0, :, 1] = 31.0, 31.0
    coordinates = {"month": range(1, 13), "latitude": [45.0, 0.0, -45.0], "longitude": [0.0, 90.0, 180.0, 270.0]}
    dims = ("month", "latitude", "longitude")
    xr.Dataset({"tp": (dims, rain), "t2m": (dims, warmth)}, coords=coordinates).to_netcdf(folder / "grid.nc")
    return folder / "grid.nc"


@pytest.mark.parametrize(
    ("quantity", "variable", "expected"), [("annual_sum", "tp", 31), ("annual_mean", "t2m", 961 / 365.25)]
)
def test_months_are_added_or_averaged_by_their_days_at_the_right_place(tmp_path, quantity, variable, expected):
    declared = layer(
        format="netcdf", variable=variable, x="longitude", y="latitude", crs="EPSG:4326", crs_reason="degrees",
        quantity=quantity,
    )  # fmt: skip
    raster = read_layer(declared, climate(tmp_path), (60, -5, 80, 5))
    window = raster.grid.window((89, -1, 91, 1))
    assert raster.read(0, window).max() == pytest.approx(expected)
    assert raster.grid.bounds[0] < 45.01


def test_evaporation_over_many_cells_is_that_of_each_cell_alone():
    from climate_indices import eto

    rng = np.random.default_rng(7)
    months = 15 + 12 * np.sin(np.linspace(0, 2 * np.pi, 12))[:, None, None] + rng.normal(0, 3, (12, 2, 3))
    latitude = np.array([40.0, -10.0])
    found = thornthwaite(months, latitude)
    for row in range(2):
        for column in range(3):
            alone = eto.eto_thornthwaite(months[:, row, column], float(latitude[row]), 2001).sum()
            assert found[row, column] == pytest.approx(alone)


def test_edges_that_repeat_the_globe_are_cut(tmp_path):
    # 90° cells with one column more at each side, as the heights of P.1511 have two.
    lon = np.tile(np.arange(-225.0, 226, 90), (4, 1))
    lat = np.tile(np.array([135.0, 45, -45, -135])[:, None], (1, 6))
    heights = np.tile(np.array([4.0, 1, 2, 3, 4, 1]), (4, 1))
    for name, values in (("grid", heights), ("lon", lon), ("lat", lat)):
        np.savez(tmp_path / f"{name}.npz", values)
    declared = layer(format="npz", x="lon.npz", y="lat.npz", trim=1, crs="EPSG:4326", crs_reason="degrees")
    raster = read_layer(declared, tmp_path / "grid.npz", (-80, -80, 80, 80))
    assert raster.grid.shape == (2, 2)
    assert raster.values[0].tolist() == [[2, 3], [2, 3]]


def write(folder, name, values, cell=0.1, north=None, dtype="float32"):
    """A simulated grid with its south-west corner at 0, 0."""
    values = np.asarray(values, dtype=dtype)
    top = values.shape[0] * cell if north is None else north
    shape = {"width": values.shape[1], "height": values.shape[0], "count": 1, "dtype": dtype}
    with rasterio.open(
        folder / name, "w", driver="GTiff", crs="EPSG:4326", transform=from_origin(0, top, cell, cell), **shape
    ) as file:
        file.write(values, 1)


def finer_pack(**changes):
    """A coarse grid and a finer one of another source that takes its place."""
    fine = layer(id="fine", source="finer", instead_of="r", **changes)
    pack = pack_of(layer(), fine)
    other = pack.sources[0].model_copy(update={"id": "finer"})
    return replace(pack, sources=(*pack.sources, other))


def test_a_finer_grid_takes_the_place_of_the_coarse_one_and_tells_of_units_that_were_refused(tmp_path):
    geotiff(tmp_path, [[2, 4]])
    shapes = shapes_of((0, 0, 0.15, 0.1), (0.15, 0, 0.2, 0.1))
    pack = finer_pack(minimum_cells=4)
    coarse = figures_of(read_grids(pack, shapes, tmp_path))
    assert coarse["b"][1] == MissingReason.TOO_COARSE
    # Simulated: cells of a tenth of a tenth of a degree, all 7.
    write(tmp_path, "finer.tif", np.full((10, 20), 7), cell=0.01)
    found = read_grids(pack, shapes, tmp_path)
    assert {row for one in found.observations for row in one["source"]} == {"finer"}
    assert figures_of(found)["b"] == (pytest.approx(7), MissingReason.OBSERVED)
    assert set(found.tables["cells"]["raster"]) == {"fine"}
    # A finer file that covers a unit with fewer cells than it declares refuses it as the coarse one did.
    asking = finer_pack(minimum_cells=60)
    assert figures_of(read_grids(asking, shapes, tmp_path))["b"][1] == MissingReason.TOO_COARSE


def test_a_file_of_too_large_cells_gives_nothing_and_says_why(tmp_path):
    geotiff(tmp_path, [[2, 4, 6]])
    why = {"en": "slopes of hills are narrower than 11 km", "zh": "坡面窄于11公里"}
    declared = layer(quantity="slope", coarsest_m=1000, coarsest_reason=why)
    found = read_grids(pack_of(declared), shapes_of((0, 0, 0.3, 0.1)), tmp_path)
    assert figures_of(found)["a"][1] == figures_of(found, "province")["p"][1] == MissingReason.TOO_COARSE
    report = next(one for one in found.reports if one.name == "r → county")
    assert report.matched == 0
    assert "cells of 11,057 m, larger than 1,000 m: slopes of hills" in report.notes[0]


def test_people_are_added_up_and_weigh_what_they_live_on(tmp_path):
    # County a: 90 people on a cell of 0 and 10 on one of 1; province with b: 100 more on 1, 5 on 0.
    write(tmp_path, "grid.tif", [[0, 1, 1, 0]])
    write(tmp_path, "heads.tif", [[90, 10, 100, 5]])
    people = layer(id="people", source="heads", figures=[{"indicator": "heads", "statistic": "sum"}])
    exposed = layer(figures=[{"indicator": "i", "statistic": "mean", "weighted_by": "people", "scale": 100}])
    pack = pack_of(exposed, people)
    pack = replace(pack, sources=(*pack.sources, pack.sources[0].model_copy(update={"id": "heads"})))
    shapes = shapes_of((0, 0, 0.2, 0.1), (0.2, 0, 0.4, 0.1))
    found = read_grids(pack, shapes, tmp_path)
    assert figures_of(found, indicator="heads")["a"][0] == pytest.approx(100)
    assert figures_of(found, "province", "heads")["p"][0] == pytest.approx(205)
    assert figures_of(found)["a"][0] == pytest.approx(10)
    assert figures_of(found, "province")["p"][0] == pytest.approx(100 * 110 / 205)
    # Without people nothing stands for what they weigh.
    (tmp_path / "heads.tif").unlink()
    assert read_grids(pack, shapes, tmp_path).observations == []


def test_people_on_another_grid_are_brought_to_the_cells_that_they_weigh(tmp_path):
    write(tmp_path, "grid.tif", [[0, 1]])
    # Simulated, half as wide: 30 + 30 people on the first cell, 10 + 10 on the second.
    write(tmp_path, "heads.tif", [[15, 15, 5, 5], [15, 15, 5, 5]], cell=0.05)
    people = layer(id="people", source="heads", figures=[{"indicator": "heads", "statistic": "sum"}])
    exposed = layer(figures=[{"indicator": "i", "statistic": "mean", "weighted_by": "people"}])
    pack = pack_of(exposed, people)
    pack = replace(pack, sources=(*pack.sources, pack.sources[0].model_copy(update={"id": "heads"})))
    found = read_grids(pack, shapes_of((0, 0, 0.2, 0.1)), tmp_path)
    assert figures_of(found)["a"][0] == pytest.approx(20 / 80)


def test_every_year_of_a_file_gives_figures_of_its_own(tmp_path):
    rain = np.array([[[100.0, 300.0]] * 2, [[200.0, 400.0]] * 2])
    days = np.array(["2019-01-01", "2020-01-01"], dtype="datetime64[ns]")
    coordinates = {"time": days, "latitude": [0.05, 0.15], "longitude": [0.05, 0.15]}
    dims = ("time", "latitude", "longitude")
    xr.Dataset({"precip": (dims, rain)}, coords=coordinates).to_netcdf(tmp_path / "grid.nc")
    declared = layer(
        format="netcdf", variable="precip", x="longitude", y="latitude", crs="EPSG:4326", crs_reason="degrees",
        years="time", year=2020,
    )  # fmt: skip
    found = read_grids(pack_of(declared), shapes_of((0, 0, 0.2, 0.2)), tmp_path)
    rows = pd.concat(found.observations).query("level == 'county'").set_index("year")["value"]
    assert rows.to_dict() == pytest.approx({2019: 200, 2020: 300}, rel=1e-5)
    assert sorted(one.name for one in found.reports) == ["r → county", "r → province"]


@pytest.mark.parametrize("step", [0.1, 10])
def test_years_of_a_file_whose_longitudes_run_to_360_reach_units_in_the_west(tmp_path, step):
    """Of a part of the globe, and of all of it, which is turned."""
    x = np.arange(259.05, 261, 0.1) if step == 0.1 else np.arange(5.0, 360, step)
    rain = np.broadcast_to(x, (1, 2, len(x)))
    coordinates = {"time": np.array(["2020-01-01"], dtype="datetime64[ns]"), "y": [0.05, 0.15], "x": x}
    xr.Dataset({"precip": (("time", "y", "x"), rain)}, coords=coordinates).to_netcdf(tmp_path / "grid.nc")
    declared = layer(
        format="netcdf", variable="precip", x="x", y="y", crs="EPSG:4326", crs_reason="degrees", years="time", year=2020
    )
    west, _, east, _ = bounds = (-100.0, 0.0, -99.9, 0.1) if step == 0.1 else (-180.0, 0.0, 180.0, 0.1)
    raster = read_layer(declared, tmp_path / "grid.nc", bounds)
    assert west >= raster.grid.bounds[0] - 1e-6
    assert east <= raster.grid.bounds[2] + 1e-6
    window = raster.grid.window((-99.99, 0.01, -99.98, 0.02))
    assert raster.read(0, window).item() == pytest.approx(260.05 if step == 0.1 else 265)


def test_relief_over_kilometres_takes_as_many_cells_as_come_nearest(tmp_path):
    heights = np.zeros((9, 9))
    heights[4, 7] = 900
    write(tmp_path, "grid.tif", heights, cell=0.01)
    for across, seen in ((3.3, 0), (7.7, 900)):
        declared = layer(quantity="relief", square_km=across)
        raster = read_layer(declared, tmp_path / "grid.tif", (0, 0, 0.09, 0.09))
        assert raster.read(0, Window(4, 4, 1, 1)).item() == seen


def test_the_blocks_of_the_work_are_told_up_to_the_last(tmp_path):
    geotiff(tmp_path, [[2, 4, 6]])
    told = []
    read_grids(pack_of(layer()), shapes_of((0, 0, 0.3, 0.1)), tmp_path, blocks=lambda *of: told.append(of))
    assert told == [(1, 1), (1, 1)]


def test_land_near_drainage_is_read_off_a_fine_model_and_refused_of_a_coarse_or_too_large_one(tmp_path, monkeypatch):
    pytest.importorskip("pyflwdir")
    # A simulated valley that falls to the south, in cells of about 90 m; sides rise by 20 m a cell.
    across = np.abs(np.arange(40) - 20)[None, :] * 20.0
    write(tmp_path, "grid.tif", across + np.arange(60)[::-1][:, None], cell=1 / 1200)
    told = {"quantity": "near_drainage", "channel_km2": 1, "height_m": 15, "coarsest_m": 100,
            "coarsest_reason": TEXT}  # fmt: skip
    shapes = shapes_of((0, 0, 40 / 1200, 40 / 1200))
    found = read_grids(pack_of(layer(**told)), shapes, tmp_path)
    # The channel and nothing beside it: one column of forty.
    assert figures_of(found)["a"][0] == pytest.approx(1 / 40, abs=0.01)
    monkeypatch.setattr("fuping.layers.sources.rasters.MOST_CELLS", 100)
    large = read_grids(pack_of(layer(**told)), shapes, tmp_path)
    assert figures_of(large)["a"][1] == MissingReason.TOO_COARSE
    assert "2,400 cells" in large.reports[0].notes[0]
    coarse = read_grids(pack_of(layer(**told | {"coarsest_m": 30})), shapes, tmp_path)
    assert "cells of 92 m, larger than 30 m" in coarse.reports[0].notes[0]
