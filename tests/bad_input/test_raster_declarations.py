"""Declarations and files of grids that cannot be right, and what they are told."""

import numpy as np
import pytest
from fuping.layers.errors import PackError, SourceError
from fuping.layers.pack import pack_folders, read_pack
from fuping.layers.schema.raster import RasterLayer, StormCatalogue
from fuping.layers.sources.rasters import read_layer
from pydantic import ValidationError

FIGURE = {"indicator": "i", "statistic": "mean"}
GRID = {"id": "r", "source": "s", "format": "geotiff", "year": 2019, "minimum_cells": 1, "figures": [FIGURE]}
TEXT = {"en": "x", "zh": "某"}
CLASS = {"codes": [1], "name": TEXT, "colour": "#000000"}
ARRAY = {"variable": "t", "x": "x", "y": "y", "crs": "EPSG:4326", "crs_reason": "degrees"}
STORM = {
    "id": "c",
    "source": "s",
    "level": "county",
    "first_season": 1980,
    "last_season": 2024,
    "environmental_pressure": 1010,
    "environmental_pressure_reason": "as the relation has it",
    "surface_factor": 0.9,
    "surface_factor_reason": "over the sea, as cited",
    "least_wind": 10.8,
    "figures": [{"indicator": "i", "statistic": "return_level", "return_period": 10}],
}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"minimum_cels": 3}, "minimum_cels"),
        ({"minimum_cells": 0}, "greater than 0"),
        ({"figures": []}, "at least 1 item"),
        ({"figures": [FIGURE | {"statistic": "median"}]}, "'mean', 'share', 'majority' or 'sum'"),
        ({"figures": [FIGURE | {"statistic": "share"}]}, "a share needs classes"),
        ({"variable": "t2m"}, "a GeoTIFF has no variable"),
        ({"crs": "EPSG:4326"}, "needs crs_reason"),
        ({"format": "netcdf"}, "a NetCDF file needs variable, x and y"),
        ({"format": "npz", "x": "x"}, "an npz file needs x and y"),
        ({"format": "netcdf", **ARRAY, "crs": None}, "needs crs"),
        ({"format": "netcdf", **ARRAY, "quantity": "aridity_index"}, "needs temperature"),
        ({"quantity": "relief"}, "a relief needs square"),
        ({"quantity": "relief", "square": 3, "square_km": 28}, "a relief needs square or square_km"),
        ({"quantity": "near_drainage", "height_m": 5}, "near_drainage needs channel_km2 and height_m"),
        ({"years": "time"}, "values of a NetCDF file"),
        ({"coarsest_m": 1000}, "stand together"),
        ({"figures": [FIGURE | {"statistic": "sum", "weighted_by": "people"}]}, "only a mean is weighted"),
        ({"shown": {"name": TEXT}}, "either classes or a unit"),
        ({"shown": {"name": TEXT, "unit": TEXT, "classes": [CLASS]}}, "either classes or a unit"),
        ({"shown": {"name": TEXT, "unit": TEXT, "breaks": [2, 2]}}, "breaks must ascend"),
        ({"shown": {"name": TEXT, "unit": TEXT, "breaks": list(range(9))}}, "at most 8"),
        ({"shown": {"name": TEXT, "classes": [CLASS], "breaks": [2]}}, "classes have no breaks"),
        ({"shown": {"name": TEXT, "classes": [CLASS, CLASS]}}, "a code stands in two classes"),
        ({"shown": {"name": TEXT, "classes": [CLASS | {"colour": "red"}]}}, "colour"),
    ],
)
def test_a_grid_that_cannot_be_read_as_declared_is_refused(change, told):
    with pytest.raises(ValidationError, match=told):
        RasterLayer.model_validate(GRID | change)


def warned(name, wind):
    return {"id": name, "name": TEXT, "wind": wind}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"last_season": 1980}, "must come after"),
        (
            {"figures": [{"indicator": "i", "statistic": "return_level", "return_period": 100}]},
            "45 seasons cannot tell",
        ),
        ({"figures": [{"indicator": "i", "statistic": "frequency", "threshold": 5}]}, "below least_wind"),
        ({"figures": [{"indicator": "i", "statistic": "frequency"}]}, "a frequency needs a threshold"),
        ({"surface_factor": 1.5}, "less than or equal to 1"),
        ({"early_warning": {"reference": TEXT, "thresholds": []}}, "at least 1 item"),
        ({"early_warning": {"thresholds": [warned("red", 20)]}}, "reference"),
        ({"early_warning": {"reference": TEXT, "thresholds": [warned("blue", 5)]}}, "5 lies below least_wind"),
        (
            {"early_warning": {"reference": TEXT, "thresholds": [warned("red", 30), warned("blue", 20)]}},
            "above the one before",
        ),
        (
            {"early_warning": {"reference": TEXT, "thresholds": [warned("red", 20), warned("red", 30)]}},
            "two thresholds have the same id",
        ),
    ],
)
def test_a_storm_catalogue_that_promises_too_much_is_refused(change, told):
    with pytest.raises(ValidationError, match=told):
        StormCatalogue.model_validate(STORM | change)


def test_a_grid_of_an_undeclared_source_or_indicator_is_a_fault_with_its_place(tmp_path):
    import shutil

    folder = tmp_path / "kr"
    shutil.copytree(pack_folders()["kr"], folder)
    (folder / "rasters.toml").write_text(
        '[[raster]]\nid = "r"\nsource = "nowhere"\nformat = "geotiff"\nyear = 2019\nminimum_cells = 1\n'
        'figures = [{ indicator = "nothing", statistic = "mean" }]\n'
    )
    with pytest.raises(PackError) as caught:
        read_pack(folder)
    assert "source 'nowhere'" in str(caught.value)
    assert "indicator 'nothing'" in str(caught.value)
    assert all(fault.file in ("rasters.toml", "ecology.toml", "risk.toml") for fault in caught.value.faults)


def declared(**changes):
    return RasterLayer.model_validate(GRID | changes)


def test_a_variable_that_the_file_has_not_is_named_with_those_it_has(tmp_path):
    import xarray as xr

    xr.Dataset({"tp": (("y", "x"), np.zeros((2, 2)))}, coords={"y": [1.0, 0.0], "x": [0.0, 1.0]}).to_netcdf(
        tmp_path / "a.nc"
    )
    with pytest.raises(SourceError, match=r"has no t\..*tp"):
        read_layer(declared(format="netcdf", **ARRAY), tmp_path / "a.nc", (0, 0, 1, 1))


def test_a_year_of_three_months_is_refused(tmp_path):
    import xarray as xr

    xr.Dataset({"t": (("m", "y", "x"), np.zeros((3, 2, 2)))}, coords={"y": [1.0, 0.0], "x": [0.0, 1.0]}).to_netcdf(
        tmp_path / "a.nc"
    )
    with pytest.raises(SourceError, match="3 bands"):
        read_layer(declared(format="netcdf", **ARRAY, quantity="annual_sum"), tmp_path / "a.nc", (0, 0, 1, 1))


def test_a_grid_of_another_place_is_refused(tmp_path):
    import xarray as xr

    xr.Dataset({"t": (("y", "x"), np.zeros((2, 2)))}, coords={"y": [1.0, 0.0], "x": [0.0, 1.0]}).to_netcdf(
        tmp_path / "a.nc"
    )
    with pytest.raises(SourceError, match="does not reach the units"):
        read_layer(declared(format="netcdf", **ARRAY), tmp_path / "a.nc", (100, 40, 101, 41))


def test_a_truncated_array_is_refused_by_name(tmp_path):
    for name in ("a", "x", "y"):
        (tmp_path / f"{name}.npz").write_bytes(b"PK\x03\x04 not the whole of it")
    told = ARRAY | {"variable": None, "x": "x.npz", "y": "y.npz"}
    with pytest.raises(SourceError, match=r"a\.npz cannot be read as an array"):
        read_layer(declared(format="npz", **told), tmp_path / "a.npz", (0, 0, 1, 1))
