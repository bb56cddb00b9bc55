"""Read a declared grid: a GeoTIFF where it lies, or an array with its coordinates around the pack's units."""

from __future__ import annotations

from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from fuping.layers.errors import SourceError
from fuping.layers.schema.raster import RasterLayer
from fuping.spatial.ecology.indicators import aridity_index
from fuping.spatial.raster.grid import Window
from fuping.spatial.raster.source import ArrayRaster, Raster, open_raster, raster_from_centres
from fuping.spatial.raster.terrain import relief, slope
from numpy.typing import NDArray

__all__ = ["read_layer", "thornthwaite"]

DAYS = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])

MARGIN = 1.0
"""Degrees (or units of the CRS) around the units that are read, for slopes and squares at their edge."""


def read_layer(declared: RasterLayer, path: Path, bounds: tuple[float, float, float, float]) -> Raster:
    """Read what a declaration asks of a file, around some bounds.

    Parameters
    ----------
    bounds
        west, south, east, north, in the CRS of the grid.

    Returns
    -------
    Raster
        Of one band.

    Raises
    ------
    SourceError
        The file has no such variable or coordinates, or the bounds lie beyond its grid.
    RasterError, GridError
        As in :mod:`fuping.spatial.raster`.
    """
    if declared.format == "geotiff":
        raster: Raster = open_raster(path, crs=declared.crs, crs_reason=declared.crs_reason)
        if declared.quantity == "value" and (declared.scale, declared.offset) == (1, 0):
            return raster
        return _made(declared, [_part(raster, bounds, path)])
    names = [name for name in (declared.variable, declared.temperature) if name]
    read = [_array(declared, path, name) for name in names or [""]]
    return _made(declared, [_part(one, bounds, path) for one in read])


def thornthwaite(temperature: NDArray[np.float64], latitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give yearly potential evapotranspiration in mm (Thornthwaite 1948), by the package climate_indices.

    Parameters
    ----------
    temperature
        Monthly means in degrees Celsius, shape (12, rows, columns).
    latitude
        Of the rows, shape (rows,).
    """
    from climate_indices import eto

    cells = np.broadcast_to(latitude[:, None], temperature.shape[1:]).astype(float)
    # The year only decides the days of February.
    # Where no month is above freezing the heat index is 0: nothing evaporates, and there is no aridity either.
    with np.errstate(divide="ignore", invalid="ignore"):
        months = eto.eto_thornthwaite(np.ascontiguousarray(temperature), cells.copy(), 2001, spatial_time_major=True)
    return np.asarray(months, dtype=float).sum(axis=0)


def _array(declared: RasterLayer, path: Path, variable: str) -> ArrayRaster:
    x_name, y_name, crs = str(declared.x), str(declared.y), str(declared.crs)
    if declared.format == "npz":
        values, x, y = (_npz(one) for one in (path, path.parent / x_name, path.parent / y_name))
        x, y = (x[0] if x.ndim == 2 else x), (y[:, 0] if y.ndim == 2 else y)
    else:
        import xarray

        with xarray.open_dataset(path) as opened:
            absent = [name for name in (variable, x_name, y_name) if name not in opened.variables]
            if absent:
                there = ", ".join(map(str, opened.variables))
                raise SourceError(f"{path} has no {', '.join(absent)}.", remedy=f"It has {there}.")
            values = np.asarray(opened[variable].transpose(..., y_name, x_name))
            x, y = opened[x_name].to_numpy(), opened[y_name].to_numpy()
    edge = declared.trim
    if edge:
        values, x, y = values[..., edge:-edge, edge:-edge], x[edge:-edge], y[edge:-edge]
    return raster_from_centres(values, x=x, y=y, crs=crs, nodata=declared.nodata)


def _npz(path: Path) -> NDArray[np.float64]:
    try:
        with np.load(path) as held:
            return np.asarray(held[held.files[0]])
    except (OSError, ValueError, IndexError, BadZipFile) as problem:
        raise SourceError(
            f"{path} cannot be read as an array: {problem}.", remedy="Install the package anew."
        ) from None


def _part(raster: Raster, bounds: tuple[float, float, float, float], path: Path) -> ArrayRaster:
    west, south, east, north = bounds
    window = raster.grid.window((west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN))
    if window is None:
        raise SourceError(
            f"The grid of {path} from {raster.grid.bounds} does not reach the units at {bounds}.",
            remedy="Check the declared CRS and the order of the coordinates.",
        )
    cells = np.stack([raster.read(band, Window(*window)) for band in range(len(raster.bands))])
    return ArrayRaster(raster.grid.part(window), cells, raster.bands)


def _made(declared: RasterLayer, parts: list[ArrayRaster]) -> ArrayRaster:
    first = parts[0]
    values = first.values * declared.scale + declared.offset
    if declared.quantity == "value":
        return ArrayRaster(first.grid, values[:1], (declared.id,))
    if declared.quantity in ("slope", "relief"):
        height = ArrayRaster(first.grid, values[:1], (declared.id,))
        return slope(height) if declared.quantity == "slope" else relief(height, cells=int(declared.square or 3))
    if len(values) != 12:
        raise SourceError(f"{declared.id} has {len(values)} bands.", remedy="A year is made of twelve months.")
    if declared.quantity == "annual_mean":
        made = (values * DAYS[:, None, None]).sum(axis=0) / DAYS.sum()
    elif declared.quantity == "annual_sum":
        made = values.sum(axis=0)
    else:
        grid = first.grid
        latitude = np.asarray(grid.north - grid.cell_height * (np.arange(grid.rows) + 0.5), dtype=np.float64)
        made = aridity_index(values.sum(axis=0), thornthwaite(parts[1].values, latitude))
    return ArrayRaster(first.grid, made, (declared.id,))
