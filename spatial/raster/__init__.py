"""From cells to units: grids, rasters, coverage tables, zonal statistics, terrain and travel time.

The functions ``coverage_table`` and ``resample`` are imported from their own modules, which they would hide.
"""

from fuping.spatial.raster.access import travel_time, walking_friction
from fuping.spatial.raster.blocks import Executor, run_blocks
from fuping.spatial.raster.coverage_table import CoverageTable, read_coverage_table, units_digest
from fuping.spatial.raster.dasymetric import dasymetric_crosswalk
from fuping.spatial.raster.derived import DerivedRaster, RegriddedRaster
from fuping.spatial.raster.errors import BlockError, GridError, RasterError, ReadError, TableError
from fuping.spatial.raster.grid import Grid, Window, grid_of_centres
from fuping.spatial.raster.kept_blocks import KeptBlocks
from fuping.spatial.raster.source import (
    ArrayRaster,
    FileRaster,
    Raster,
    open_raster,
    raster_from_centres,
    require_surface,
)
from fuping.spatial.raster.terrain import relief, ruggedness, slope, steep
from fuping.spatial.raster.zonal import zonal_classes, zonal_statistics
from fuping.spatial.raster.zonal_quantiles import zonal_quantiles
from fuping.spatial.raster.zonal_table import ZonalTable

__all__ = [
    "ArrayRaster",
    "BlockError",
    "CoverageTable",
    "DerivedRaster",
    "Executor",
    "FileRaster",
    "Grid",
    "GridError",
    "KeptBlocks",
    "Raster",
    "RasterError",
    "ReadError",
    "RegriddedRaster",
    "TableError",
    "Window",
    "ZonalTable",
    "dasymetric_crosswalk",
    "grid_of_centres",
    "open_raster",
    "raster_from_centres",
    "read_coverage_table",
    "relief",
    "require_surface",
    "ruggedness",
    "run_blocks",
    "slope",
    "steep",
    "travel_time",
    "units_digest",
    "walking_friction",
    "zonal_classes",
    "zonal_quantiles",
    "zonal_statistics",
]
