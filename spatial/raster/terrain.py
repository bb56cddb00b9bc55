"""The shape of the land: slope, relief and ruggedness of a terrain model."""

from __future__ import annotations

import numpy as np
import pyproj
from fuping.spatial.raster.errors import RasterError
from fuping.spatial.raster.grid import Grid, Window
from fuping.spatial.raster.source import ArrayRaster, Raster, require_surface
from numpy.typing import NDArray
from scipy import ndimage

__all__ = ["cell_metres", "relief", "ruggedness", "slope", "steep"]

STEEP = 25.0
"""Degrees from which China's law forbids to till (Law on Water and Soil Conservation, art. 20)."""


def slope(elevation: Raster, *, window: Window | None = None) -> ArrayRaster:
    r"""Give the slope of each cell in degrees.

    Parameters
    ----------
    elevation
        One band, metres above sea level.
    window
        Part of the grid; all where not given. Cells beyond it are read to know its edge.

    Returns
    -------
    ArrayRaster
        On the grid of the window; NaN where a neighbour is missing, as at the edge of the raster.

    Raises
    ------
    RasterError
        There are several bands, colours, or coordinates in no known unit.

    Notes
    -----
    Horn (1981, *Proc. IEEE* 69:14–47): with neighbours a b c / d e f / g h i,
    :math:`p = [(c + 2f + i) - (a + 2d + g)]/8\Delta x`, :math:`q = [(a + 2b + c) - (g + 2h + i)]/8\Delta y`, slope
    :math:`\arctan\sqrt{p^2 + q^2}`. On a geographic grid Δx and Δy are the metres of a degree on the ellipsoid at the
    row's latitude.
    """
    z, part = _read(elevation, window, "Slope", 1)
    east, north = cell_metres(elevation.grid, part)
    right = z[:-2, 2:] + 2 * z[1:-1, 2:] + z[2:, 2:]
    left = z[:-2, :-2] + 2 * z[1:-1, :-2] + z[2:, :-2]
    above = z[:-2, :-2] + 2 * z[:-2, 1:-1] + z[:-2, 2:]
    below = z[2:, :-2] + 2 * z[2:, 1:-1] + z[2:, 2:]
    p, q = (right - left) / (8 * east[:, None]), (above - below) / (8 * north[:, None])
    degrees = np.degrees(np.arctan(np.hypot(p, q)))
    return _raster(elevation, part, np.where(np.isnan(z[1:-1, 1:-1]), np.nan, degrees), "slope")


def steep(elevation: Raster, *, degrees: float = STEEP, window: Window | None = None) -> ArrayRaster:
    """Give 1 where the slope is at least so many degrees and 0 elsewhere; its zonal mean is the share of steep land."""
    found = slope(elevation, window=window)
    values = found.values[0]
    marked = np.where(np.isnan(values), np.nan, (values >= degrees).astype(float))
    return ArrayRaster(found.grid, marked, (f"slope ≥ {degrees:g}°",))


def relief(elevation: Raster, *, cells: int, window: Window | None = None) -> ArrayRaster:
    """Give the range of elevation within a square around each cell.

    Parameters
    ----------
    elevation, window
        As in :func:`slope`.
    cells
        Side of the square, an odd number.

    Returns
    -------
    ArrayRaster
        Metres; missing cells do not count, a missing middle stays missing, and squares are cut at the raster's edge.
    """
    if cells < 3 or cells % 2 == 0:
        raise RasterError(f"A square of {cells} cells.", remedy="Give an odd number of at least 3.")
    z, part = _read(elevation, window, "Relief", cells // 2)
    known = ~np.isnan(z)
    top = ndimage.maximum_filter(np.where(known, z, -np.inf), size=cells, mode="constant", cval=-np.inf)
    low = ndimage.minimum_filter(np.where(known, z, np.inf), size=cells, mode="constant", cval=np.inf)
    edge = slice(cells // 2, -(cells // 2))
    inner = known[edge, edge]
    span = np.subtract(top[edge, edge], low[edge, edge], out=np.full(inner.shape, np.nan), where=inner)
    return _raster(elevation, part, span, "relief")


def ruggedness(elevation: Raster, *, window: Window | None = None) -> ArrayRaster:
    r"""Give the terrain ruggedness index of each cell.

    Parameters
    ----------
    elevation, window
        As in :func:`slope`.

    Notes
    -----
    :math:`TRI = \sqrt{\sum_{ij} (z_{ij} - z_{00})^2}` over the eight neighbours, in metres (Riley, DeGloria & Elliot
    1999, *Intermountain Journal of Sciences* 5:23–27). It grows with the size of the cells.
    """
    z, part = _read(elevation, window, "Ruggedness", 1)
    middle = z[1:-1, 1:-1]
    rows, columns = middle.shape
    total = np.zeros(middle.shape)
    for row in range(3):
        for column in range(3):
            total += (z[row : row + rows, column : column + columns] - middle) ** 2
    return _raster(elevation, part, np.sqrt(total), "ruggedness")


def _read(elevation: Raster, window: Window | None, what: str, border: int) -> tuple[NDArray[np.float64], Window]:
    """Read a window with a border around it; what lies beyond the raster is missing, or goes on around the globe."""
    require_surface(elevation, what=what)
    grid = elevation.grid
    part = window or Window(0, 0, grid.rows, grid.columns)
    top, bottom = max(part.row - border, 0), min(part.row + part.height + border, grid.rows)
    columns = np.arange(part.column - border, part.column + part.width + border)
    inside = columns % grid.columns if grid.wraps else columns[(columns >= 0) & (columns < grid.columns)]
    first, last = int(inside.min()), int(inside.max())
    read = elevation.read(0, Window(top, first, bottom - top, last - first + 1))[:, inside - first]
    rows = (top - (part.row - border), part.row + part.height + border - bottom)
    sides = (0, 0) if grid.wraps else (int((columns < 0).sum()), int((columns >= grid.columns).sum()))
    return np.pad(read, (rows, sides), constant_values=np.nan), part


def cell_metres(grid: Grid, part: Window) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give width and height of the cells of each row of a window, in metres.

    Returns
    -------
    (float64, float64), shape (rows of the window,)
        On the ellipsoid at the middle of the row for a geographic CRS.
    """
    crs = pyproj.CRS.from_user_input(grid.crs)
    if not crs.is_geographic:
        unit = crs.axis_info[0].unit_conversion_factor if crs.axis_info else 0.0
        if not unit:
            raise RasterError(f"The unit of {crs.name} is unknown.", remedy="Warp the raster to a metric projection.")
        return np.full(part.height, grid.cell_width * unit), np.full(part.height, grid.cell_height * unit)
    shape = crs.get_geod() or pyproj.Geod(ellps="WGS84")
    middle = np.radians(grid.north - grid.cell_height * (part.row + np.arange(part.height) + 0.5))
    flat = 1 - shape.es * np.sin(middle) ** 2
    along = np.radians(grid.cell_height) * shape.a * (1 - shape.es) / flat**1.5
    across = np.radians(grid.cell_width) * shape.a * np.cos(middle) / np.sqrt(flat)
    return across, along


def _raster(elevation: Raster, part: Window, values: NDArray[np.float64], name: str) -> ArrayRaster:
    return ArrayRaster(elevation.grid.part(part), values, (name,))
