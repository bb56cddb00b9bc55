"""How long it takes to get there: least-cost travel time over a friction surface.

SciPy's graph does the search, because each step has a length of its own: on a grid of degrees, steps east shorten
towards the poles. scikit-image's minimum-cost path holds less in memory but knows one cell size for the whole grid.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from fuping.spatial.raster.errors import GridError, RasterError
from fuping.spatial.raster.grid import Grid, Window
from fuping.spatial.raster.source import ArrayRaster, Raster, require_surface
from fuping.spatial.raster.terrain import cell_metres
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

__all__ = ["travel_time", "walking_friction"]

MOST_CELLS = 20_000_000
"""Cells beyond which a search is refused; each takes about 150 bytes."""

STEPS = ((0, 1), (1, 0), (1, 1), (1, -1))
"""Rows and columns of half of the eight neighbours; the graph goes both ways."""


def walking_friction(slope_degrees: ArrayLike) -> NDArray[np.float64]:
    r"""Give minutes a metre on foot over a slope, there and back averaged.

    Notes
    -----
    Tobler (1993, *Three presentations on geographical analysis and modeling*, NCGIA 93-1):
    :math:`v = 6 e^{-3.5|\tan s + 0.05|}` km/h.

    Examples
    --------
    >>> round(0.06 / walking_friction(0).item(), 2)
    5.04
    """
    rise = np.tan(np.radians(np.asarray(slope_degrees, dtype=float)))
    paces = [0.06 / (6 * np.exp(-3.5 * np.abs(way * rise + 0.05))) for way in (1, -1)]
    return np.asarray((paces[0] + paces[1]) / 2)


def travel_time(friction: Raster, places: gpd.GeoDataFrame, *, window: Window | None = None) -> ArrayRaster:
    """Give the minutes from each cell to the nearest place.

    Parameters
    ----------
    friction
        One band: minutes a metre, as the Malaria Atlas Project publishes it; NaN cannot be crossed.
    places
        Points in the CRS of the raster.
    window
        Part of the grid to search; ways do not leave it.

    Returns
    -------
    ArrayRaster
        On the grid of the window; NaN where no way leads.

    Raises
    ------
    GridError
        The CRS differ, a place lies beyond the window, or the window has more than 20 million cells.
    RasterError
        There is no place, friction of zero or less, or every place lies where nobody can go.

    Notes
    -----
    Dijkstra over eight neighbours; a step costs its length times the mean friction of its two cells (Weiss et al.
    2018, *Nature* 553:333–336). Ways are bound to eight directions, so that over even ground times come out up to 8 %
    high.
    """
    require_surface(friction, what="Travel time")
    part = window or Window(0, 0, *friction.grid.shape)
    grid = friction.grid.part(part)
    if grid.rows * grid.columns > MOST_CELLS:
        raise GridError(
            f"The window has {grid.rows * grid.columns / 1e6:.0f} million cells.",
            remedy=f"Search windows of at most {MOST_CELLS / 1e6:.0f} million.",
        )
    cost = friction.read(0, part)
    if (cost <= 0).any():
        raise RasterError(f"The least friction is {np.nanmin(cost):g}.", remedy="Give minutes a metre, above zero.")
    starts = _cells(places, grid)
    starts = starts[~np.isnan(cost.ravel()[starts])]
    if not len(starts):
        raise RasterError(f"None of {len(places)} places lies on a cell with friction.", remedy="Check their places.")
    minutes = dijkstra(_graph(cost, grid), directed=False, indices=np.unique(starts), min_only=True)
    return ArrayRaster(grid, np.where(np.isfinite(minutes), minutes, np.nan).reshape(grid.shape), ("travel time",))


def _cells(places: gpd.GeoDataFrame, grid: Grid) -> NDArray[np.int64]:
    if places.crs is None or not grid.same_crs(places.crs):
        raise GridError("Places and raster are in different CRS.", remedy="Use GeoDataFrame.to_crs on the places.")
    kinds = set(places.geometry.geom_type)
    if kinds - {"Point"}:
        raise RasterError(f"Places are {', '.join(sorted(map(str, kinds)))}.", remedy="Give points.")
    column = np.floor((places.geometry.x.to_numpy() - grid.west) / grid.cell_width).astype(np.int64)
    row = np.floor((grid.north - places.geometry.y.to_numpy()) / grid.cell_height).astype(np.int64)
    beyond = (row < 0) | (row >= grid.rows) | (column < 0) | (column >= grid.columns)
    if beyond.any():
        names = ", ".join(str(name) for name in places.index[beyond][:10])
        raise GridError(f"{int(beyond.sum())} places lie beyond the raster: {names}.", remedy="Leave them out.")
    return row * grid.columns + column


def _graph(cost: NDArray[np.float64], grid: Grid) -> sparse.csr_array:
    width, height = cell_metres(grid, Window(0, 0, *grid.shape))
    number = np.arange(cost.size, dtype=np.int32).reshape(cost.shape)
    tails, heads, weights = [], [], []
    for down, right in STEPS:
        here = (slice(0, grid.rows - down), slice(max(-right, 0), grid.columns - max(right, 0)))
        there = (slice(down, grid.rows), slice(max(right, 0), grid.columns - max(-right, 0)))
        rows = grid.rows - down
        east = (width[:rows] + width[down:]) / 2 * abs(right)
        south = (height[:rows] + height[down:]) / 2 * down
        minutes = (cost[here] + cost[there]) / 2 * np.hypot(east, south)[:, None]
        passable = ~np.isnan(minutes)
        tails.append(number[here][passable])
        heads.append(number[there][passable])
        weights.append(minutes[passable])
    entries = (np.concatenate(tails), np.concatenate(heads))
    return sparse.csr_array((np.concatenate(weights), entries), shape=(cost.size, cost.size))
