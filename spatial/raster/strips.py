"""What the runs of one strip of a raster sum to; the part of zonal statistics that workers do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from fuping.spatial.raster.coverage_table import CoverageTable
from fuping.spatial.raster.errors import RasterError
from fuping.spatial.raster.grid import Window
from fuping.spatial.raster.source import Raster
from numpy.typing import NDArray
from scipy import sparse

__all__ = ["MOST_CLASSES", "Layer", "Strip", "class_sums", "entry_values", "run_sums", "strips"]

MOST_CLASSES = 512
"""Different values beyond which a layer is not taken for one of classes."""


@dataclass(frozen=True)
class Layer:
    """One band of one raster, and what it is called in the result."""

    name: str
    raster: Raster
    band: int

    def read(self, window: Window) -> NDArray[np.float64]:
        """Read a window as one row of cells."""
        return self.raster.read(self.band, window).ravel()


@dataclass(frozen=True, eq=False)
class Strip:
    """A contiguous piece of a coverage table.

    Parameters
    ----------
    window
        Cells of the strip.
    runs
        Which runs of the table.
    row
        int32, shape (r,); row of each run in the window.
    starts
        int64, shape (r + 1,).
    column, fraction
        Column in the window and part of the cell, for each entry.
    """

    window: Window
    runs: slice
    row: NDArray[np.int32]
    starts: NDArray[np.int64]
    column: NDArray[np.int32]
    fraction: NDArray[np.float32]

    def cells(self) -> NDArray[np.int64]:
        """Number each entry's cell within the window."""
        return np.repeat(self.row.astype(np.int64) * self.window.width, np.diff(self.starts)) + self.column

    def matrix(self) -> sparse.csr_array:
        """Give the r × cells matrix of the fractions."""
        size = self.window.height * self.window.width
        fraction = self.fraction.astype(np.float64)
        return sparse.csr_array((fraction, self.cells(), self.starts), shape=(len(self.row), size))


def strips(table: CoverageTable, *, cells: int) -> Iterator[Strip]:
    """Cut a table into strips of at most ``cells`` cells, at least a row each; rows without entries are left out."""
    for window in table.grid.strips(table.window, cells=cells):
        runs = table.runs(window.row, window.row + window.height)
        if runs.stop == runs.start:
            continue
        starts = table.starts[runs.start : runs.stop + 1]
        entries = slice(int(starts[0]), int(starts[-1]))
        yield Strip(
            window,
            runs,
            table.row[runs] - np.int32(window.row),
            starts - starts[0],
            table.column[entries] - np.int32(window.column),
            table.fraction[entries],
        )


def run_sums(
    strip: Strip, layers: tuple[Layer, ...], weights: Layer | None, extremes: bool
) -> list[tuple[NDArray[np.float64], ...]]:
    """Sum a strip's cells over each run.

    Returns
    -------
    list of tuple of float64 arrays, shape (r,)
        For each layer: parts of cells with a value (and a weight); the sum of values; the sums of weights and of
        weighted values (those of the parts and values again where there are no weights); least and greatest value
        (empty arrays unless asked for).

    Notes
    -----
    A run lies in one row and is summed from west to east whatever the strip, so the sums do not depend on how the
    raster is cut.
    """
    matrix = strip.matrix()
    weight = _weights(weights, strip)
    answers: list[tuple[NDArray[np.float64], ...]] = []
    seen: NDArray[np.bool_] | None = None
    parts = weighted_parts = np.empty(0)
    for layer in layers:
        values = layer.read(strip.window)
        there = ~np.isnan(values)
        if weight is not None:
            there &= ~np.isnan(weight)
        if seen is None or not np.array_equal(there, seen):
            seen = there
            parts = matrix @ there.astype(np.float64)
            weighted_parts = parts if weight is None else matrix @ np.where(there, weight, 0.0)
        known = np.where(there, values, 0.0)
        total = matrix @ known
        weighted = total if weight is None else matrix @ (known * np.where(there, weight, 0.0))
        least = most = np.empty(0)
        if extremes:
            touched = np.where(there, values, np.nan)[matrix.indices]
            least = np.fmin.reduceat(touched, strip.starts[:-1])
            most = np.fmax.reduceat(touched, strip.starts[:-1])
        answers.append((parts, total, weighted_parts, weighted, least, most))
    return answers


def class_sums(
    strip: Strip, layers: tuple[Layer, ...], weights: Layer | None
) -> list[tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]]:
    """Sum the parts (times weights) of a strip's cells over each run and class.

    Returns
    -------
    list of (float64 (k,), float64 (k, r), float64 (r,))
        For each layer: its k classes here, ascending; their sums; and the parts of cells with a value (and weight).

    Raises
    ------
    RasterError
        There are more than 512 different values.
    """
    matrix = strip.matrix()
    weight = _weights(weights, strip)
    touched = np.zeros(matrix.shape[1], dtype=bool)
    touched[matrix.indices] = True
    answers = []
    for layer in layers:
        values = layer.read(strip.window)
        there = ~np.isnan(values)
        if weight is not None:
            there &= ~np.isnan(weight)
        classes = np.unique(values[there & touched])
        if len(classes) > MOST_CLASSES:
            raise RasterError(
                f"Layer {layer.name} has more than {MOST_CLASSES} different values, so it is not one of classes.",
                remedy="Ask for mean or quantiles instead, or classify it first.",
            )
        amount = np.where(there, 1.0 if weight is None else weight, 0.0)
        sums = [matrix @ np.where(values == one, amount, 0.0) for one in classes]
        stacked = np.stack(sums) if sums else np.empty((0, matrix.shape[0]))
        answers.append((classes, stacked, matrix @ there.astype(np.float64)))
    return answers


def entry_values(strip: Strip, layer: Layer, weights: Layer | None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the value of every entry, and its weight (1 where there are no weights); NaN is no data."""
    cells = strip.cells()
    values = layer.read(strip.window)[cells]
    weight = _weights(weights, strip)
    return values, np.ones(len(cells)) if weight is None else weight[cells]


def _weights(weights: Layer | None, strip: Strip) -> NDArray[np.float64] | None:
    if weights is None:
        return None
    values = weights.read(strip.window)
    if (values < 0).any():
        raise RasterError(
            f"The weights hold {float(np.nanmin(values)):g}, below zero.",
            remedy="Declare the value that stands for no data, or mend the raster.",
        )
    return values
