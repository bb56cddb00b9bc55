"""How the land changes: trends of vegetation in every cell, and what one land cover became by another year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from fuping.spatial.dynamics.trend import mann_kendall
from fuping.spatial.ecology.indicators import EcologyError
from fuping.spatial.match_report import MatchReport
from fuping.spatial.raster.coverage_table import CoverageTable
from fuping.spatial.raster.errors import GridError
from fuping.spatial.raster.grid import Grid, Window
from fuping.spatial.raster.source import ArrayRaster, Raster, require_surface
from fuping.spatial.raster.zonal import zonal_classes
from numpy.typing import NDArray

__all__ = ["LandCoverChange", "cell_trends", "land_cover_change"]

CODES = 1000
"""Classes are whole numbers below it."""


@dataclass(frozen=True, eq=False)
class LandCoverChange:
    """What became of the land of n units.

    Parameters
    ----------
    table
        A row for each unit and pair of classes that occurs: ``unit``, ``from_class``, ``to_class``, ``share`` (of the
        unit's land that is known in both years; the shares of a unit sum to 1).
    covered
        Index unit: ``cells`` known in both years, ``share`` of the unit's area that they make up, ``status``.
    report
        Which units have no row, and why.
    """

    table: pd.DataFrame
    covered: pd.DataFrame
    report: MatchReport

    def net(self) -> pd.DataFrame:
        """Give the share of each class before and after, and the ``change``; index (unit, class)."""
        before = self.table.groupby(["unit", "from_class"])["share"].sum().rename_axis(["unit", "class"])
        after = self.table.groupby(["unit", "to_class"])["share"].sum().rename_axis(["unit", "class"])
        both = pd.concat({"before": before, "after": after}, axis=1).fillna(0.0).sort_index()
        return both.assign(change=both["after"] - both["before"])


@dataclass(frozen=True)
class _Pair:
    """Two rasters of classes as one, whose classes are pairs."""

    before: Raster
    after: Raster

    @property
    def grid(self) -> Grid:
        return self.before.grid

    @property
    def bands(self) -> tuple[str, ...]:
        return ("change",)

    @property
    def colours(self) -> bool:
        return False

    def read(self, band: int, window: Window) -> NDArray[np.float64]:
        one, other = self.before.read(0, window), self.after.read(0, window)
        for values in (one, other):
            wrong = ~np.isnan(values) & ((values < 0) | (values >= CODES) | (values != np.floor(values)))
            if wrong.any():
                raise EcologyError(
                    f"A land cover has the class {values[wrong][0]:g}.", remedy=f"Give whole numbers below {CODES}."
                )
        return one * CODES + other


def cell_trends(raster: Raster, *, years: Sequence[int], block_cells: int = 20_000) -> ArrayRaster:
    r"""Test each cell for a monotonic trend over its bands.

    Parameters
    ----------
    raster
        A band a year, such as the yearly greatest vegetation index.
    years
        Ascending, one a band; they need not be evenly spaced.
    block_cells
        Cells that are worked on at a time.

    Returns
    -------
    ArrayRaster
        Bands ``slope`` (Sen 1968; a year), ``p_value`` (Mann 1945, Kendall 1975; two-sided) and ``n``, the years with a
        value; NaN where fewer than four have one.

    Raises
    ------
    EcologyError
        There is not one year a band, or they do not ascend.

    Notes
    -----
    The test is :func:`fuping.spatial.dynamics.trend.mann_kendall`. With as many tests as cells, some p-values are small
    by chance: control the share of false discoveries before calling cells greener
    (:func:`fuping.spatial.inference.false_discoveries`).
    """
    if len(years) != len(raster.bands) or list(years) != sorted(set(years)):
        raise EcologyError(
            f"There are {len(raster.bands)} bands and the years {list(years)}.",
            remedy="Give ascending years, one a band.",
        )
    grid = raster.grid
    found = np.full((3, *grid.shape), np.nan)
    for window in grid.strips(Window(0, 0, *grid.shape), cells=block_cells):
        values = np.stack([raster.read(band, window).ravel() for band in range(len(years))])
        seen = np.flatnonzero((~np.isnan(values)).sum(axis=0) >= 4)
        if not len(seen):
            continue
        table = mann_kendall(pd.DataFrame(values[:, seen], index=list(years), columns=seen))
        rows = slice(window.row, window.row + window.height)
        for band, name in enumerate(("slope", "p_value", "n")):
            block = np.full(values.shape[1], np.nan)
            block[seen] = table[name].to_numpy(dtype=float)
            found[band, rows] = block.reshape(window.height, window.width)
    return ArrayRaster(grid, found, ("slope", "p_value", "n"))


def land_cover_change(
    table: CoverageTable, before: Raster, after: Raster, *, minimum_cells: float, minimum_share: float = 0.0
) -> LandCoverChange:
    """Tell what each land cover of each unit became.

    Parameters
    ----------
    table
        Of the grid of both rasters.
    before, after
        One band of classes each, whole numbers from 0 to 999.
    minimum_cells, minimum_share
        As in :func:`~fuping.spatial.raster.zonal.zonal_classes`.

    Raises
    ------
    RasterError, GridError
        As in :func:`~fuping.spatial.raster.zonal.zonal_classes`, or a raster has several bands.
    EcologyError
        A class is no whole number from 0 to 999.

    Notes
    -----
    A matrix of two maps that are each right in 80 % of the cells mostly shows their errors (Pontius et al. 2004,
    *Agriculture, Ecosystems & Environment* 101:251): compare maps of one series made for it.
    """
    for raster in (before, after):
        require_surface(raster, what="Land-cover change")
    for raster in (before, after):
        if not table.grid.is_same(raster.grid):
            raise GridError("A land cover is not on the table's grid.", remedy="Resample it there (rule nearest).")
    found = zonal_classes(table, _Pair(before, after), minimum_cells=minimum_cells, minimum_share=minimum_share)
    wide = found.table.droplevel("layer")
    pairs = wide.drop(columns=["majority", "cells", "share", "status"])
    long = pairs.stack().rename("share").reset_index()
    long.columns = ["unit", "pair", "share"]
    code = long["pair"].astype(int)
    long = long.assign(from_class=code // CODES, to_class=code % CODES)
    rows = long.loc[long["share"] > 0, ["unit", "from_class", "to_class", "share"]].reset_index(drop=True)
    return LandCoverChange(rows, wide[["cells", "share", "status"]], found.report)
