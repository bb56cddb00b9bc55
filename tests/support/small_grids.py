"""A pack of one grid and a few square counties, made here and by no satellite."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from fuping.layers.pack import Pack
from fuping.layers.schema.metadata import Level, PackInfo, Source
from fuping.layers.schema.raster import RasterLayer
from rasterio.transform import from_origin

TEXT = {"en": "x", "zh": "某"}


def pack_of(*rasters, level=("county", "province")):
    info = PackInfo(
        code="xx", name=TEXT, summary=TEXT, default_indicator="i", default_level="county", bounds=(0, 0, 1, 1)
    )
    levels = tuple(
        Level(id=one, name=TEXT, plural=TEXT, width=2, pattern=".*", parent=above)
        for one, above in (("province", None), ("county", "province"))
    )
    source = Source(
        id="grid", title=TEXT, publisher=TEXT, licence="made for a test", citation="made for a test", kind="url",
        url="file:grid", status="modelled",
    )  # fmt: skip
    return Pack(Path(), info, levels, (), (source,), (), (), rasters=tuple(rasters))


def shapes_of(*boxes):
    """Counties a, b, … of one province; degrees near the equator, where cells are nearly equal in area."""
    codes = [chr(97 + place) for place in range(len(boxes))]
    county = gpd.GeoDataFrame(
        {"code": codes, "name_zh": codes, "parent_level": "province", "parent_code": "p"},
        geometry=[shapely.box(*one) for one in boxes],
        crs="EPSG:4326",
    )
    whole = [shapely.union_all(county.geometry)]
    province = gpd.GeoDataFrame(
        {"code": ["p"], "name_zh": ["p"], "parent_level": "", "parent_code": ""}, geometry=whole, crs="EPSG:4326"
    )
    return {"province": province, "county": county}


def geotiff(folder, values, *, nodata=255, cell=0.1):
    values = np.asarray(values, dtype="uint8")
    transform = from_origin(0, values.shape[0] * cell, cell, cell)
    profile = {"driver": "GTiff", "width": values.shape[1], "height": values.shape[0], "count": 1, "dtype": "uint8"}
    with rasterio.open(
        folder / "grid.tif", "w", crs="EPSG:4326", transform=transform, nodata=nodata, **profile
    ) as file:
        file.write(values, 1)


def layer(**changes):
    figures = [{"indicator": "i", "statistic": "mean"}]
    told = {"id": "r", "source": "grid", "format": "geotiff", "year": 2019, "minimum_cells": 1, "figures": figures}
    return RasterLayer.model_validate(told | changes)
