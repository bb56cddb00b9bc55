"""Which grids of a pack are read, and each as declared: a GeoTIFF where it lies, an array around the pack's units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from fuping.layers.errors import SourceError
from fuping.layers.pack import Pack
from fuping.layers.schema.raster import RasterLayer
from fuping.layers.sources.locate import source_file
from fuping.spatial.ecology.indicators import aridity_index
from fuping.spatial.raster.derived import DerivedRaster
from fuping.spatial.raster.grid import Grid, Window, whole_turns
from fuping.spatial.raster.source import ArrayRaster, Raster, open_raster, raster_from_centres, require_surface
from fuping.spatial.raster.terrain import cell_metres, relief, slope, steep
from numpy.typing import NDArray
from pyproj import CRS

__all__ = ["MOST_CELLS", "cell_height_m", "loaded_rasters", "read_layer", "thornthwaite", "too_coarse", "too_large"]

DAYS = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])

MOST_CELLS = 120_000_000
"""Cells of which drainage can be worked out at once, at about 50 bytes each; a province at 90 m has some 50 million."""

MARGIN = 1.0
"""Degrees (or units of the CRS) around the units that are read, for slopes and squares at their edge."""


def loaded_rasters(pack: Pack, supplied: Path) -> list[tuple[RasterLayer, Path]]:
    """Return the grids of a pack whose files are there; one that a finer one takes the place of is left out."""
    there = {}
    for declared in pack.rasters:
        path = source_file(pack, pack.source(declared.source), supplied)
        if path is not None:
            there[declared.id] = (declared, path)
    replaced = {declared.instead_of for declared, _ in there.values()}
    return [one for name, one in there.items() if name not in replaced]


def cell_height_m(grid: Grid) -> float:
    """Return how many metres the cells in the middle of a grid measure north to south."""
    middle = Window(grid.rows // 2, 0, 1, 1)
    return float(cell_metres(grid, middle)[1][0])


def too_coarse(declared: RasterLayer, raster: Raster) -> bool:
    """Return whether the cells of a file are larger than those of which the declared quantity can be told."""
    return declared.coarsest_m is not None and cell_height_m(raster.grid) > declared.coarsest_m * 1.01


def too_large(declared: RasterLayer, raster: Raster) -> bool:
    """Return whether a grid has more cells than can be held at once, for a quantity that needs them all."""
    return declared.quantity == "near_drainage" and raster.grid.rows * raster.grid.columns > MOST_CELLS


def read_layer(declared: RasterLayer, path: Path, bounds: tuple[float, float, float, float]) -> Raster:
    """Read what a declaration asks of a file, around some bounds.

    Parameters
    ----------
    bounds
        west, south, east, north, in the CRS of the grid.

    Returns
    -------
    Raster
        Of one band, or of one for each year, named by it.

    Raises
    ------
    SourceError
        The file has no such variable or coordinates, or the bounds lie beyond its grid.
    RasterError, GridError
        As in :mod:`fuping.spatial.raster`.
    """
    if declared.format == "geotiff":
        # Some publishers do not write into the file which number stands for no data.
        told = {"crs": declared.crs, "crs_reason": declared.crs_reason, "nodata": declared.nodata}
        raster: Raster = open_raster(path, **told)  # type: ignore[arg-type]
        if (declared.scale, declared.offset) == (1, 0):
            if declared.quantity == "value":
                require_surface(raster, what=f"The grid {declared.id}")
                return raster
            if declared.quantity == "near_drainage":
                return _Drained(declared, raster, _around(raster, bounds, path))
            shape = _shape(declared, raster.grid)
            if shape is not None:
                # A terrain model may be far too large to be held.
                return DerivedRaster(raster, shape, declared.id)
        return _made(declared, [_part(raster, bounds, path)])
    if declared.years:
        return _by_year(declared, path, bounds)
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
    return raster_from_centres(values, x=x, y=y, crs=crs, nodata=declared.nodata, path=str(path))


def _by_year(declared: RasterLayer, path: Path, bounds: tuple[float, float, float, float]) -> ArrayRaster:
    """Read the part of every year around the bounds; the file may be far larger than what is held of it."""
    import xarray

    variable, x_name, y_name = str(declared.variable), str(declared.x), str(declared.y)
    with xarray.open_dataset(path) as opened:
        absent = [name for name in (variable, x_name, y_name, str(declared.years)) if name not in opened.variables]
        if absent:
            there = ", ".join(map(str, opened.variables))
            raise SourceError(f"{path} has no {', '.join(absent)}.", remedy=f"It has {there}.")
        x, y = opened[x_name].to_numpy(), opened[y_name].to_numpy()
        west, south, east, north = bounds
        # Whichever way the file counts longitudes; a margin alone does not open the other side of the globe.
        turns = whole_turns(CRS.from_user_input(str(declared.crs)).is_geographic)
        met = [x + turn for turn in turns if ((x + turn >= west) & (x + turn <= east)).any()]
        across = np.flatnonzero(np.any([(one >= west - MARGIN) & (one <= east + MARGIN) for one in met or [x]], axis=0))
        down = np.flatnonzero((y >= south - MARGIN) & (y <= north + MARGIN))
        if len(across) < 2 or len(down) < 2:
            raise SourceError(
                f"The grid of {path} does not reach the units at {bounds}.",
                remedy="Check the declared CRS and the order of the coordinates.",
            )
        part = opened[variable].isel({x_name: slice(across[0], across[-1] + 1), y_name: slice(down[0], down[-1] + 1)})
        years = [str(one) for one in opened[str(declared.years)].dt.year.to_numpy()]
        values = np.asarray(part.transpose(str(declared.years), y_name, x_name), dtype=np.float32)
        x, y = part[x_name].to_numpy(), part[y_name].to_numpy()
    if len(set(years)) < len(years):
        raise SourceError(f"Several bands of {path} are of one year.", remedy="Give yearly totals or means.")
    if declared.nodata is not None:
        values = np.where(values == np.float32(declared.nodata), np.float32(np.nan), values)
    values = values * np.float32(declared.scale) + np.float32(declared.offset)
    return raster_from_centres(values, x=x, y=y, crs=str(declared.crs), bands=years, path=str(path))


def _npz(path: Path) -> NDArray[np.float64]:
    try:
        with np.load(path) as held:
            return np.asarray(held[held.files[0]])
    except (OSError, ValueError, IndexError, BadZipFile) as problem:
        raise SourceError(
            f"{path} cannot be read as an array: {problem}.", remedy="Install the package anew."
        ) from None


@dataclass(frozen=True)
class _Drained:
    """The land near drainage within a window of a terrain model, worked out when it is first read."""

    declared: RasterLayer
    elevation: Raster
    window: Window
    colours: bool = field(default=False, init=False)

    @property
    def grid(self) -> Grid:
        return self.elevation.grid.part(self.window)

    @property
    def bands(self) -> tuple[str, ...]:
        return (self.declared.id,)

    def read(self, band: int, window: Window) -> NDArray[np.float64]:
        return self._made.read(band, window)

    @cached_property
    def _made(self) -> ArrayRaster:
        from fuping.spatial.risk.flood import near_drainage

        height = ArrayRaster(self.grid, self.elevation.read(0, self.window), self.bands)
        told = self.declared
        return near_drainage(height, channel_km2=float(told.channel_km2 or 0), height_m=float(told.height_m or 0))


def _part(raster: Raster, bounds: tuple[float, float, float, float], path: Path) -> ArrayRaster:
    window = _around(raster, bounds, path)
    cells = np.stack([raster.read(band, Window(*window)) for band in range(len(raster.bands))])
    return ArrayRaster(raster.grid.part(window), cells, raster.bands)


def _around(raster: Raster, bounds: tuple[float, float, float, float], path: Path) -> Window:
    west, south, east, north = bounds
    window = raster.grid.window((west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN))
    if window is None:
        raise SourceError(
            f"The grid of {path} from {raster.grid.bounds} does not reach the units at {bounds}.",
            remedy="Check the declared CRS and the order of the coordinates.",
        )
    return window


def _made(declared: RasterLayer, parts: list[ArrayRaster]) -> ArrayRaster:
    first = parts[0]
    values = first.values * declared.scale + declared.offset
    if declared.quantity == "value":
        return ArrayRaster(first.grid, values[:1], (declared.id,))
    shape = _shape(declared, first.grid)
    if shape is not None:
        return shape(ArrayRaster(first.grid, values[:1], (declared.id,)))
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


def _shape(declared: RasterLayer, grid: Grid) -> Callable[..., Any] | None:
    """Return the function of an elevation that gives the declared quantity; none where it is not one of terrain."""
    if declared.quantity == "relief":
        across = 1000 * declared.square_km / cell_height_m(grid) if declared.square_km else float(declared.square or 3)
        # The odd number that comes nearest.
        return partial(relief, cells=max(3, 2 * round((across - 1) / 2) + 1))
    return {"slope": slope, "steep": steep}.get(declared.quantity)
