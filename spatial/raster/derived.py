"""Rasters that are worked out of others window by window: however large the file, only what is asked for is held."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from fuping.spatial.raster.grid import Grid, Window
from fuping.spatial.raster.resample import Rule, resample
from fuping.spatial.raster.source import ArrayRaster, Raster
from numpy.typing import NDArray

__all__ = ["DerivedRaster", "RegriddedRaster"]


@dataclass(frozen=True)
class DerivedRaster:
    """One band on the grid of another raster.

    Parameters
    ----------
    source
        What it is worked out of.
    work
        Function of the source and the keyword ``window``, such as :func:`~fuping.spatial.raster.terrain.slope` or a
        :class:`functools.partial` of one, that gives the band within the window.
    name
        Of the band.

    Examples
    --------
    >>> from fuping.spatial.raster.terrain import slope
    >>> grid = Grid("EPSG:6933", west=0, north=3000, cell_width=1000, cell_height=1000, rows=3, columns=3)
    >>> rising = ArrayRaster(grid, np.arange(3) * np.ones((3, 1)) * 1000)
    >>> round(DerivedRaster(rising, slope, "slope").read(0, Window(1, 1, 1, 1)).item(), 6)
    45.0
    """

    source: Raster
    work: Callable[..., ArrayRaster]
    name: str
    colours: bool = field(default=False, init=False)

    @property
    def grid(self) -> Grid:
        """Grid of the source."""
        return self.source.grid

    @property
    def bands(self) -> tuple[str, ...]:
        """Its one name."""
        return (self.name,)

    def read(self, band: int, window: Window) -> NDArray[np.float64]:
        """Read a window; see :class:`~fuping.spatial.raster.source.Raster`."""
        return np.asarray(self.work(self.source, window=window).values[band], dtype=np.float64)


@dataclass(frozen=True)
class RegriddedRaster:
    """Another raster on this grid, brought there window by window.

    Parameters
    ----------
    source
        In the CRS of the grid or another.
    grid
        Where to.
    rule
        As in :func:`~fuping.spatial.raster.resample.resample`.
    """

    source: Raster
    grid: Grid
    rule: Rule
    colours: bool = field(default=False, init=False)

    @property
    def bands(self) -> tuple[str, ...]:
        """Those of the source."""
        return self.source.bands

    def read(self, band: int, window: Window) -> NDArray[np.float64]:
        """Read a window, NaN where the source does not reach."""
        part = self.grid.part(window)
        if self.source.grid.same_crs(part.crs) and self.source.grid.window(part.bounds) is None:
            return np.full(part.shape, np.nan)
        return np.asarray(resample(self.source, part, rule=self.rule).values[band], dtype=np.float64)
