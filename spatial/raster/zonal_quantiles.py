"""Quantiles of the cells under units, digit by digit of the values: no more is held than a count for each digit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from fuping.spatial.raster.blocks import Executor, run_blocks
from fuping.spatial.raster.coverage_table import CoverageTable
from fuping.spatial.raster.errors import RasterError
from fuping.spatial.raster.source import Raster
from fuping.spatial.raster.strips import Layer, Strip, entry_values, strips
from fuping.spatial.raster.zonal_table import Progress, WeightKind, ZonalTable, add_runs, finish, layers_of
from numpy.typing import NDArray

__all__ = ["DigitSums", "digit_sums", "zonal_quantiles"]

SIGN = np.uint64(1 << 63)

DIGITS = 256
"""Values of one digit of a key, a byte."""

SHIFTS = tuple(range(56, -1, -8))
"""Bits to the right of each digit of a key of 64 bits, the leading one first."""


def zonal_quantiles(
    table: CoverageTable,
    rasters: Raster | Mapping[str, Raster],
    *,
    quantiles: Sequence[float],
    minimum_cells: float,
    weights: Raster | None = None,
    weight_kind: WeightKind | None = None,
    minimum_share: float = 0.0,
    block_cells: int = 2_000_000,
    executor: Executor | None = None,
    retries: int = 2,
    progress: Progress | None = None,
) -> ZonalTable:
    r"""Find quantiles of the cells that each unit covers, weighted by the area covered or by weights.

    Parameters
    ----------
    table, rasters, minimum_cells, weights, weight_kind, minimum_share, block_cells, executor, retries
        As in :func:`~fuping.spatial.raster.zonal.zonal_statistics`.
    quantiles
        Each from 0 to 1.
    progress
        Called after each strip with how many are done, of how many at most: digits that all values share are skipped.

    Returns
    -------
    ZonalTable
        A column for each quantile, such as ``q0.5``.

    Raises
    ------
    GridError, RasterError, BlockError
        As in :func:`~fuping.spatial.raster.zonal.zonal_statistics`, or a quantile is not from 0 to 1.

    Notes
    -----
    The least value below or at which at least the part q of the weight lies, so a cell cut in two changes nothing
    (exactextract interpolates between cells and differs by less than the step to the next value).

    Values are not sorted, which would hold them all, but found from their leading digit on, as a radix sort does: the
    weight under each digit tells which of them holds the quantile, and the next reading looks at those values only.
    2 KB are held for each unit and quantile, however many cells it has. A layer is read once for each byte in which its
    values differ: at most eight times, two or three times where they are whole numbers.
    """
    wrong = [one for one in quantiles if not 0 <= one <= 1]
    if wrong or not quantiles:
        raise RasterError(f"Quantiles {wrong or 'are not named'}.", remedy="Give numbers from 0 to 1.")
    layers, weight = layers_of(table, rasters, weights, weight_kind)
    n, m, k = len(table.codes), len(layers), len(quantiles)
    pieces = strips(table, cells=block_cells)
    areas = table.grid.row_areas()
    besides = areas[table.row] if weight_kind != "count" else None
    here = [np.unique(table.unit[strip.runs], return_inverse=True) for strip in pieces]
    cells, covered = np.zeros((m, n)), np.zeros((m, n))
    found = np.full((k, m, n), np.nan)
    steps = len(pieces) * len(SHIFTS) * m
    for number, layer in enumerate(layers):
        keys, below, whole = np.zeros((k, n), dtype=np.uint64), np.zeros((k, n)), np.zeros(n)
        ones, zeros = np.uint64(0), ~np.uint64(0)
        for place, shift in enumerate(SHIFTS):
            digit = np.uint64(DIGITS - 1) << np.uint64(shift)
            if place and not (ones ^ zeros) & digit:
                keys |= ones & digit
                continue
            sums = np.zeros((k, n, DIGITS))
            tasks = _tasks(pieces, here, layer, weight, besides, keys, shift)
            answers = run_blocks(digit_sums, tasks, executor=executor, retries=retries)
            for done, (strip, (units, _), answer) in enumerate(zip(pieces, here, answers, strict=True), start=1):
                sums[:, units] += answer.weights
                if not place:
                    cells[number] = add_runs(cells[number], table.unit[strip.runs], answer.parts)
                    area = answer.parts * areas[table.row[strip.runs]]
                    covered[number] = add_runs(covered[number], table.unit[strip.runs], area)
                    ones, zeros = ones | answer.ones, zeros & answer.zeros
                if progress is not None:
                    progress((number * len(SHIFTS) + place) * len(pieces) + done, steps)
            if not place:
                whole = sums[0].sum(axis=1)
            keys |= _digit(sums, below, np.asarray(quantiles)[:, None] * whole) << np.uint64(shift)
        found[:, number] = np.where(whole > 0, _values(keys), np.nan)
    if progress is not None:
        progress(steps, steps)
    columns = {f"q{one:g}": rows for one, rows in zip(quantiles, found, strict=True)}
    return finish(table, layers, columns, cells, covered, minimum_cells, minimum_share)


class DigitSums(NamedTuple):
    """What one strip tells of one digit of its values.

    Parameters
    ----------
    weights
        float64, shape (k, u, 256); weight of the values of each unit whose key begins as that of the quantile does, by
        their next digit.
    parts
        float64, shape (r,); cells of each run with a value and a weight, parts counted as parts.
    ones, zeros
        Bits that any key has, and bits that every key has.
    """

    weights: NDArray[np.float64]
    parts: NDArray[np.float64]
    ones: np.uint64
    zeros: np.uint64


def digit_sums(
    strip: Strip,
    layer: Layer,
    weights: Layer | None,
    unit: NDArray[np.intp],
    area: NDArray[np.float64] | None,
    known: NDArray[np.uint64],
    shift: int,
) -> DigitSums:
    """Sum the weights of a strip's cells by the digit of their key, for those whose key begins as it is known to.

    Parameters
    ----------
    strip, layer, weights
        What is read.
    unit
        Shape (r,); place of each run's unit among the u units of the strip.
    area
        Shape (r,); what a cell of each run weighs besides; nothing where not given.
    known
        Shape (k, u); the digits before ``shift`` of the key of each quantile of each unit.
    shift
        One of :data:`SHIFTS`.
    """
    values, amounts = entry_values(strip, layer, weights)
    run = np.repeat(np.arange(len(strip.row)), np.add.reduceat(strip.length, strip.starts[:-1]))
    fraction = np.repeat(strip.fraction.astype(np.float64), strip.length)
    there = ~(np.isnan(values) | np.isnan(amounts))
    parts = np.asarray(np.bincount(run[there], weights=fraction[there], minlength=len(strip.row)), dtype=np.float64)
    there &= amounts > 0
    run, key = run[there], _keys(values[there])
    weight = amounts[there] * fraction[there] * (1.0 if area is None else area[run])
    place = unit[run]
    k, u = known.shape
    by_digit = place * DIGITS + ((key >> np.uint64(shift)) & np.uint64(DIGITS - 1)).astype(np.intp)
    sums = np.empty((k, u * DIGITS))
    for number in range(k):
        which = slice(None) if shift == SHIFTS[0] else _alike(key, known[number, place], shift)
        sums[number] = np.bincount(by_digit[which], weights=weight[which], minlength=u * DIGITS)
    ones, zeros = np.bitwise_or.reduce(key, initial=0), np.bitwise_and.reduce(key, initial=~np.uint64(0))
    return DigitSums(sums.reshape(k, u, DIGITS), parts, np.uint64(ones), np.uint64(zeros))


def _tasks(
    pieces: Sequence[Strip],
    here: Sequence[tuple[NDArray[np.int32], NDArray[np.intp]]],
    layer: Layer,
    weight: Layer | None,
    area: NDArray[np.float64] | None,
    keys: NDArray[np.uint64],
    shift: int,
) -> Iterator[tuple[object, ...]]:
    for strip, (units, unit) in zip(pieces, here, strict=True):
        yield strip, layer, weight, unit, None if area is None else area[strip.runs], keys[:, units], shift


def _alike(key: NDArray[np.uint64], known: NDArray[np.uint64], shift: int) -> NDArray[np.bool_]:
    """Tell which keys begin as they are known to, before a digit."""
    before = np.uint64(shift + 8)
    return np.asarray((key >> before) == (known >> before))


def _digit(sums: NDArray[np.float64], below: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Return the digit under which each quantile lies, (k, n), and add what lies below it to ``below``."""
    reached = np.cumsum(sums, axis=2)
    # Rounding of the sums must not push a quantile that falls between two cells to the next.
    good = (sums > 0) & (below[..., None] + reached >= wanted[..., None] * (1 - 1e-12))
    last = DIGITS - 1 - (sums > 0)[..., ::-1].argmax(axis=2)
    digit = np.where(good.any(axis=2), good.argmax(axis=2), last)
    before = np.take_along_axis(reached, np.maximum(digit - 1, 0)[..., None], axis=2)[..., 0]
    below += np.where(digit > 0, before, 0.0)
    return digit.astype(np.uint64)


def _keys(values: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Return whole numbers in the order of the values: the bits of a double, those of negative ones turned round."""
    # Minus zero is zero.
    bits = (values + 0.0).view(np.uint64)
    return np.where(bits & SIGN, ~bits, bits | SIGN)


def _values(keys: NDArray[np.uint64]) -> NDArray[np.float64]:
    return np.where(keys & SIGN, keys ^ SIGN, ~keys).view(np.float64)
