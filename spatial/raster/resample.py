"""Bring a raster to another grid, by a rule that fits what its values are."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pyproj
from fuping.spatial.raster.errors import RasterError
from fuping.spatial.raster.grid import CLOSE, Grid, Window
from fuping.spatial.raster.source import ArrayRaster, Raster
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.transform import from_origin
from rasterio.warp import Resampling, reproject

__all__ = ["Rule", "resample"]

Rule = Literal["mean", "sum", "nearest", "bilinear"]
"""``mean`` for rates and measures to coarser cells, ``sum`` for amounts (people), ``nearest`` for classes, ``bilinear``
for smooth measures to finer cells."""

METHODS = {
    "mean": Resampling.average,
    "sum": Resampling.sum,
    "nearest": Resampling.nearest,
    "bilinear": Resampling.bilinear,
}


def resample(raster: Raster, grid: Grid, *, rule: Rule) -> ArrayRaster:
    """Bring a raster to another grid, in another CRS where need be.

    Parameters
    ----------
    raster
        Read only where the grid lies.
    grid
        Where to; the result is held in memory.
    rule
        How values are put together; there is no rule that fits all.

    Returns
    -------
    ArrayRaster
        NaN where the raster has no value.

    Raises
    ------
    RasterError
        The rule is unknown, the raster does not reach the grid, or colours would be averaged.

    Notes
    -----
    The work is GDAL's warper. ``sum`` shares the amount of a cell among those it covers; totals are kept but for the
    rounding of float64 where the grid covers the raster. Longitudes may be counted differently; a cell over the seam
    of a raster is a sum of both sides, and otherwise the value of one.
    """
    if rule not in get_args(Rule):
        raise RasterError(f"Rule {rule!r} is unknown.", remedy=f"Choose {', '.join(get_args(Rule))}.")
    if raster.colours:
        raise RasterError("The raster holds the colours of an image.", remedy="Give the file of values.")
    values = np.full((len(raster.bands), *grid.shape), np.nan)
    for turn, window, reached in _source_windows(raster.grid, grid):
        source = raster.grid.part(window)
        for band in range(len(raster.bands)):
            found = np.full(grid.shape, np.nan)
            reproject(
                raster.read(band, window),
                found,
                src_transform=_transform(source, turn),
                src_crs=CRS.from_user_input(source.crs),
                src_nodata=np.nan,
                dst_transform=_transform(grid),
                dst_crs=CRS.from_user_input(grid.crs),
                dst_nodata=np.nan,
                resampling=METHODS[rule],
            )
            # The warper may also fill the cell beside the one that the source ends at.
            found[:, ~reached] = np.nan
            both = values[band] + found if rule == "sum" else values[band]
            values[band] = np.where(np.isnan(values[band]), found, np.where(np.isnan(found), values[band], both))
    return ArrayRaster(grid, values, raster.bands)


def _source_windows(source: Grid, grid: Grid) -> list[tuple[float, Window, NDArray[np.bool_]]]:
    """Return by how many degrees to turn the source, which window of it is needed, and the columns it then reaches."""
    if not source.same_crs(grid.crs):
        to_source = pyproj.Transformer.from_crs(grid.crs, source.crs, always_xy=True)
        bounds = to_source.transform_bounds(*grid.bounds, densify_pts=41)
        return [(0.0, _source_window(source, bounds), np.ones(grid.columns, dtype=bool))]
    edges = grid.west + grid.cell_width * np.arange(grid.columns + 1)
    west, _, east, _ = source.bounds
    slack = CLOSE * source.cell_width
    windows = []
    for turn in source.turns():
        reached = np.asarray((edges[:-1] - turn < east - slack) & (edges[1:] - turn > west + slack))
        if reached.any():
            _, south, _, north = grid.bounds
            meeting = edges[:-1][reached][0] - turn, south, edges[1:][reached][-1] - turn, north
            windows.append((turn, _source_window(source, meeting), reached))
    if not windows:
        raise RasterError("The raster does not reach the grid.", remedy="Check that both are of the same place.")
    return windows


def _source_window(source: Grid, bounds: tuple[float, float, float, float]) -> Window:
    window = source.window(bounds)
    if window is None:
        raise RasterError("The raster does not reach the grid.", remedy="Check that both are of the same place.")
    # One cell more on each side, for rules that look at neighbours.
    top, left = max(window.row - 1, 0), max(window.column - 1, 0)
    bottom = min(window.row + window.height + 1, source.rows)
    right = min(window.column + window.width + 1, source.columns)
    return Window(top, left, bottom - top, right - left)


def _transform(grid: Grid, turn: float = 0.0) -> object:
    return from_origin(grid.west + turn, grid.north, grid.cell_width, grid.cell_height)
