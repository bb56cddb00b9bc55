"""Small rasters and squares that can be summed in the head."""

import geopandas as gpd
import numpy as np
import shapely
from fuping.spatial.raster.grid import Grid
from fuping.spatial.raster.source import ArrayRaster

CELL = 1000.0


def square_grid(rows: int, columns: int) -> Grid:
    """Cells of 1 km, the lower left corner at 0, 0 of an equal-area CRS."""
    return Grid("EPSG:6933", 0, rows * CELL, CELL, CELL, rows, columns)


def square_raster(values, **options) -> ArrayRaster:
    """A raster on :func:`square_grid`."""
    values = np.asarray(values)
    return ArrayRaster(square_grid(*values.shape[-2:]), values, **options)


def units_of(shapes: dict, crs: str = "EPSG:6933", scale: float = CELL) -> gpd.GeoDataFrame:
    """Named shapes, in cells counted from the lower left corner."""
    scaled = [shapely.transform(shape, lambda points: points * scale) for shape in shapes.values()]
    return gpd.GeoDataFrame({"code": list(shapes)}, geometry=scaled, crs=crs)
