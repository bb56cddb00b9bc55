"""What the runs of one strip of a raster sum to; the part of zonal statistics that workers do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import groupby
from typing import Any

import numpy as np
from fuping.spatial.raster.coverage_table import CoverageTable
from fuping.spatial.raster.errors import RasterError
from fuping.spatial.raster.grid import Window
from fuping.spatial.raster.source import Raster
from numpy.typing import NDArray

__all__ = ["MOST_CLASSES", "Layer", "Strip", "class_sums", "entry_values", "run_sums", "strips"]

MOST_CLASSES = 512
"""Different values beyond which a layer is not taken for one of classes."""


@dataclass(frozen=True)
class Layer:
    """One band of one raster, and what it is called in the result."""

    name: str
    raster: Raster
    band: int

    def read(self, window: Window) -> NDArray[np.floating[Any]]:
        """Read a window as one row of cells, in float32 where the raster knows that it holds every value."""
        return next(_read((self,), window))


def _read(layers: Sequence[Layer], window: Window) -> Iterator[NDArray[np.floating[Any]]]:
    """Read a window of each layer as one row of cells; a raster whose bands follow each other is opened once."""
    for _, group in groupby(layers, key=lambda layer: id(layer.raster)):
        own = list(group)
        raster, bands = own[0].raster, [layer.band for layer in own]
        narrow = getattr(raster, "read_narrow", None)
        yield from (
            np.asarray(cells).ravel()
            for cells in (narrow(bands, window) if narrow else (raster.read(band, window) for band in bands))
        )


@dataclass(frozen=True, eq=False)
class Strip:
    """A contiguous piece of a coverage table.

    Parameters
    ----------
    window
        Cells of the strip.
    runs
        Which runs of the table.
    unit, row
        int32, shape (r,); unit of each run, and its row in the window.
    starts
        int64, shape (r + 1,).
    column, length, fraction
        Column in the window, number of cells and part of each, for each stretch.
    """

    window: Window
    runs: slice
    unit: NDArray[np.int32]
    row: NDArray[np.int32]
    starts: NDArray[np.int64]
    column: NDArray[np.int32]
    length: NDArray[np.int32]
    fraction: NDArray[np.float32]

    def __getstate__(self) -> dict[str, Any]:
        """Send to workers what it was made of, and not what was worked out of that."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @cached_property
    def first(self) -> NDArray[np.int64]:
        """Number of each stretch's first cell within the window, int64, shape (s,)."""
        return np.repeat(self.row.astype(np.int64) * self.window.width, np.diff(self.starts)) + self.column

    @cached_property
    def single(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Which stretches are of one cell, and the numbers of their cells."""
        which = np.flatnonzero(self.length == 1)
        return which, self.first[which]

    @cached_property
    def long(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Which stretches are of several cells; the number of the first and the one beyond the last of each in turn."""
        which = np.flatnonzero(self.length > 1)
        first = self.first[which]
        return which, np.stack([first, first + self.length[which]], axis=1).ravel()

    @cached_property
    def parts(self) -> NDArray[np.float64]:
        """Cells of each run, parts counted as parts; float64, shape (r,)."""
        return np.add.reduceat(self.length * self.fraction.astype(np.float64), self.starts[:-1])

    def cells(self) -> NDArray[np.int64]:
        """Number the cells of all stretches within the window, one after another."""
        begun = np.cumsum(self.length) - self.length
        return np.repeat(self.first - begun, self.length) + np.arange(int(self.length.sum()))

    def sums(self, values: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Sum values of the window's cells over each run, parts in part; float64, shape (r,)."""
        amounts = self._by_stretch(np.add, values)
        amounts *= self.fraction
        return np.add.reduceat(amounts, self.starts[:-1])

    @cached_property
    def units(self) -> NDArray[np.int32]:
        """Units that have runs here, ascending; int32, shape (u,)."""
        return np.unique(self.unit)

    @cached_property
    def _by_unit(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The runs ordered by unit, and where each unit begins among them."""
        order = np.argsort(self.unit, kind="stable")
        return order, np.searchsorted(self.unit[order], self.units)

    def extremes(self, values: NDArray[np.floating[Any]], which: np.ufunc) -> NDArray[np.float64]:
        """Give the least (``numpy.fmin``) or greatest (``numpy.fmax``) value that each unit touches here.

        Returns
        -------
        float64, shape (u,)
            Of :attr:`units`; NaN for none.
        """
        of_run = which.reduceat(self._by_stretch(which, values), self.starts[:-1])
        order, begins = self._by_unit
        return np.asarray(which.reduceat(of_run[order], begins))

    def _by_stretch(self, which: np.ufunc, values: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Reduce values over each stretch; float64, shape (s,)."""
        single, cells = self.single
        long, bounds = self.long
        amounts = np.empty(len(self.length))
        amounts[single] = values[cells]
        if len(long):
            # Every second piece lies between two stretches and is not asked for; none may begin beyond the last cell.
            if bounds.max() == len(values):
                values = np.append(values, values[-1:])
            amounts[long] = which.reduceat(values, bounds, dtype=np.float64)[::2]
        return amounts


def strips(table: CoverageTable, *, cells: int) -> tuple[Strip, ...]:
    """Cut a table into strips of at most ``cells`` cells, at least a row each; only what units cover is in them.

    The last cut is kept with the table, for the next raster on its grid.
    """
    found = table.cut.get(cells)
    if found is None:
        found = tuple(_cut(table, cells))
        table.cut.clear()
        table.cut[cells] = found
    return found


def _cut(table: CoverageTable, cells: int) -> Iterator[Strip]:
    for whole in table.grid.strips(table.window, cells=cells):
        runs = table.runs(whole.row, whole.row + whole.height)
        if runs.stop == runs.start:
            continue
        starts = table.starts[runs.start : runs.stop + 1]
        stretches = slice(int(starts[0]), int(starts[-1]))
        column, length = table.column[stretches], table.length[stretches]
        west, east = int(column.min()), int((column + length).max())
        yield Strip(
            Window(whole.row, west, whole.height, east - west),
            runs,
            table.unit[runs],
            table.row[runs] - np.int32(whole.row),
            starts - starts[0],
            column - np.int32(west),
            length,
            table.fraction[stretches],
        )


def run_sums(
    strip: Strip, layers: tuple[Layer, ...], weights: Layer | None, extremes: bool
) -> list[tuple[NDArray[np.float64], ...]]:
    """Sum a strip's cells over each run.

    Returns
    -------
    list of tuple of float64 arrays
        For each layer: of each run the parts of cells with a value (and a weight), the sum of values, the sums of
        weights and of weighted values (those of the parts and values again where there are no weights); of each unit
        here the least and the greatest value (empty arrays unless asked for).

    Notes
    -----
    A run lies in one row, and its stretches are summed each and then together, whatever the strip: the sums do not
    depend on how the raster is cut. They are in float64.
    """
    weight = _weights(weights, strip)
    answers: list[tuple[NDArray[np.float64], ...]] = []
    seen: NDArray[np.bool_] | None = None
    parts_seen = weights_seen = np.empty(0)
    for values in _read(layers, strip.window):
        parts, total = strip.parts, strip.sums(values)
        weighted_parts = parts if weight is None else strip.sums(weight)
        if np.isnan(total).any() or np.isnan(weighted_parts).any():
            # Somewhere under the units there is no value, or no weight: it must not spoil the sum of its run.
            there = ~np.isnan(values) if weight is None else ~(np.isnan(values) | np.isnan(weight))
            if seen is None or not np.array_equal(there, seen):
                seen = there
                parts_seen = strip.sums(there.astype(np.float32))
                weights_seen = parts_seen if weight is None else strip.sums(np.where(there, weight, 0.0))
            parts, weighted_parts = parts_seen, weights_seen
            total = strip.sums(np.where(there, values, np.float32(0)))
            touched = np.where(there, values, np.float32(np.nan))
        else:
            touched = values
        weighted = total if weight is None else strip.sums(np.where(np.isnan(touched), 0.0, touched * weight))
        least = most = np.empty(0)
        if extremes:
            least, most = strip.extremes(touched, np.fmin), strip.extremes(touched, np.fmax)
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
    weight = _weights(weights, strip)
    touched = np.zeros(strip.window.height * strip.window.width, dtype=bool)
    touched[strip.cells()] = True
    answers = []
    for layer, values in zip(layers, _read(layers, strip.window), strict=True):
        there = ~np.isnan(values)
        if weight is not None:
            there &= ~np.isnan(weight)
        classes = np.unique(values[there & touched])
        if len(classes) > MOST_CLASSES:
            raise RasterError(
                f"Layer {layer.name} has more than {MOST_CLASSES} different values, so it is not one of classes.",
                remedy="Ask for mean or quantiles instead, or classify it first.",
            )
        amount = np.where(there, np.float32(1) if weight is None else weight, np.float32(0))
        sums = [strip.sums(np.where(values == one, amount, np.float32(0))) for one in classes]
        stacked = np.stack(sums) if sums else np.empty((0, len(strip.row)))
        answers.append((classes.astype(np.float64), stacked, strip.sums(there.astype(np.float32))))
    return answers


def entry_values(strip: Strip, layer: Layer, weights: Layer | None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the value of every cell of every stretch, and its weight (1 where there are no weights); NaN is no data."""
    cells = strip.cells()
    values = layer.read(strip.window)[cells].astype(np.float64)
    weight = _weights(weights, strip)
    return values, np.ones(len(cells)) if weight is None else weight[cells].astype(np.float64)


def _weights(weights: Layer | None, strip: Strip) -> NDArray[np.floating[Any]] | None:
    if weights is None:
        return None
    values = weights.read(strip.window)
    if (values < 0).any():
        raise RasterError(
            f"The weights hold {float(np.nanmin(values)):g}, below zero.",
            remedy="Declare the value that stands for no data, or mend the raster.",
        )
    return values
