"""Statistics of units from a coverage table: every band and raster on the grid in one pass, strip by strip."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

import numpy as np
import pandas as pd
from fuping.spatial.match_report import MatchReport, Reason, Unmatched
from fuping.spatial.raster.blocks import Executor, run_blocks
from fuping.spatial.raster.coverage_table import CoverageTable
from fuping.spatial.raster.errors import GridError, RasterError
from fuping.spatial.raster.source import Raster
from fuping.spatial.raster.strips import MOST_CLASSES, Layer, class_sums, entry_values, run_sums, strips
from numpy.typing import NDArray

__all__ = ["Statistic", "WeightKind", "ZonalTable", "zonal_classes", "zonal_quantiles", "zonal_statistics"]

Statistic = Literal["mean", "sum", "min", "max"]

Progress = Callable[[int, int], None]

Pair = TypeVar("Pair")

WeightKind = Literal["count", "density"]
"""Whether a cell of the weighting raster holds an amount (people) or an amount for its area (people a km²)."""

REASONS: dict[str, Reason] = {
    "outside": "outside",
    "no data": "no_data",
    "too few cells": "not_covered",
    "too little covered": "not_covered",
}


@dataclass(frozen=True, eq=False)
class ZonalTable:
    """Statistics of n units and m layers.

    Parameters
    ----------
    table
        Index (``unit``, ``layer``), units in their order, layers within a unit. The statistics (NaN where they are
        refused); ``cells``, the number of cells with a value that the unit covers, parts counted as parts; ``share``,
        the part of the unit's area that they make up; ``status``: ``ok``, ``outside`` (the unit covers no cell),
        ``no data``, ``too few cells`` or ``too little covered``.
    report
        How many of the n × m rows have statistics, and why the others have none.
    """

    table: pd.DataFrame
    report: MatchReport


def zonal_statistics(
    table: CoverageTable,
    rasters: Raster | Mapping[str, Raster],
    *,
    statistics: Sequence[Statistic],
    minimum_cells: float,
    weights: Raster | None = None,
    weight_kind: WeightKind | None = None,
    minimum_share: float = 0.0,
    block_cells: int = 2_000_000,
    executor: Executor | None = None,
    retries: int = 2,
    progress: Progress | None = None,
) -> ZonalTable:
    r"""Summarise the cells that each unit covers.

    Parameters
    ----------
    table
        Of the grid of all rasters.
    rasters
        One raster, whose bands are the layers, or rasters by name.
    statistics
        ``"mean"`` is weighted by the area covered, or by ``weights``; ``"sum"`` adds the values (of amounts, such as
        people), those of part cells in part; ``"min"`` and ``"max"`` count every cell that is touched.
    minimum_cells
        Least number of cells with a value; a unit with fewer gets no statistics but the status ``too few cells``.
    weights
        A raster of one band on the same grid; cells without a weight do not count. ``"sum"`` then sums value × weight.
    weight_kind
        What the weights are; must be given with them.
    minimum_share
        Least part of the unit's area with a value, 0 to 1.
    block_cells
        Cells read at a time from each band. The results are the same, to the last bit, whatever it is.
    executor
        Who reads and sums the strips: threads, processes or a dask client; in
        :class:`~fuping.spatial.raster.kept_blocks.KeptBlocks` they go on where they were stopped.
    retries
        How often a failed strip is tried again.
    progress
        Called after each strip with how many are done, and of how many.

    Returns
    -------
    ZonalTable

    Raises
    ------
    GridError
        A raster is not on the table's grid.
    RasterError
        No raster, no statistic or an unknown one; an image of colours; weights without kind, or negative; a layer
        without any value under the units.
    BlockError
        A strip failed too often.

    Notes
    -----
    With :math:`f_{ui}` the part of cell i in unit u, :math:`a_i` the area of the cell:
    :math:`\bar x_u = \sum_i f_{ui} a_i x_i / \sum_i f_{ui} a_i` and :math:`\sum_i f_{ui} x_i`; with weights
    :math:`w_i` the mean is :math:`\sum f w x / \sum f w` (count) or :math:`\sum f a w x / \sum f a w` (density).
    Only cells with a value count.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from fuping.spatial.raster.grid import Grid
    >>> from fuping.spatial.raster.source import ArrayRaster
    >>> from fuping.spatial.raster.coverage_table import coverage_table
    >>> grid = Grid("EPSG:6933", west=0, north=1000, cell_width=1000, cell_height=1000, rows=1, columns=2)
    >>> half = gpd.GeoDataFrame({"code": ["a"]}, geometry=[shapely.box(0, 0, 1500, 1000)], crs="EPSG:6933")
    >>> table = coverage_table(half, grid, code="code")
    >>> raster = ArrayRaster(grid, np.array([[2.0, 8.0]]))
    >>> zonal_statistics(table, raster, statistics=["mean", "sum"], minimum_cells=1).table.iloc[0, :4].tolist()
    [4.0, 6.0, 1.5, 1.0]
    """
    unknown = [one for one in statistics if one not in get_args(Statistic)]
    if unknown or not statistics:
        raise RasterError(
            f"Statistics {', '.join(map(repr, unknown)) or 'are not named'}.",
            remedy=f"Choose from {', '.join(get_args(Statistic))}.",
        )
    layers, weight = _layers(table, rasters, weights, weight_kind)
    n, m = len(table.codes), len(layers)
    areas = table.grid.row_areas()
    extremes = "min" in statistics or "max" in statistics
    sums = np.zeros((5, m, n))
    least, most = np.full((m, n), np.nan), np.full((m, n), np.nan)
    pieces = strips(table, cells=block_cells)
    tasks = ((strip, layers, weight, extremes) for strip in pieces)
    answers = run_blocks(run_sums, tasks, executor=executor, retries=retries)
    for strip, answer in _told(zip(pieces, answers, strict=True), len(pieces), progress):
        unit = table.unit[strip.runs]
        area = areas[table.row[strip.runs]]
        by_area = weight_kind != "count"
        for number, (parts, total, weighted_parts, weighted, low, high) in enumerate(answer):
            factor = area if by_area else 1.0
            for place, amount in enumerate(
                (parts, parts * area, weighted if weight else total, weighted_parts * factor, weighted * factor)
            ):
                sums[place, number] = _continue(sums[place, number], unit, amount)
            if extremes:
                np.fmin.at(least[number], unit, low)
                np.fmax.at(most[number], unit, high)
    cells, covered, total, weight_sum, weighted_sum = sums
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(weight_sum > 0, weighted_sum / weight_sum, np.nan)
    found: dict[Statistic, NDArray[np.float64]] = {"mean": mean, "sum": total, "min": least, "max": most}
    columns: dict[str, NDArray[np.float64]] = {name: found[name] for name in statistics}
    if weight:
        columns["weight"] = weight_sum
    return _finish(table, layers, columns, cells, covered, minimum_cells, minimum_share)


def zonal_classes(
    table: CoverageTable,
    rasters: Raster | Mapping[str, Raster],
    *,
    minimum_cells: float,
    weights: Raster | None = None,
    weight_kind: WeightKind | None = None,
    minimum_share: float = 0.0,
    block_cells: int = 2_000_000,
    executor: Executor | None = None,
    retries: int = 2,
    progress: Progress | None = None,
) -> ZonalTable:
    r"""Find the share of each class, such as land cover, in each unit.

    Parameters
    ----------
    table, rasters, minimum_cells, weights, weight_kind, minimum_share, block_cells, executor, retries,
    progress
        As in :func:`zonal_statistics`; the values are classes.

    Returns
    -------
    ZonalTable
        A column for each class that occurs, named by its number: :math:`\sum f a 1[x = c] / \sum f a`, the shares of a
        row sum to 1; and ``majority``, the class of the largest share (the lowest of equals).

    Raises
    ------
    GridError, RasterError, BlockError
        As in :func:`zonal_statistics`, or there are more than 512 different values.
    """
    layers, weight = _layers(table, rasters, weights, weight_kind)
    n, m = len(table.codes), len(layers)
    areas = table.grid.row_areas()
    by_class: dict[float, NDArray[np.float64]] = {}
    cells, covered = np.zeros((m, n)), np.zeros((m, n))
    pieces = strips(table, cells=block_cells)
    tasks = ((strip, layers, weight) for strip in pieces)
    answers = run_blocks(class_sums, tasks, executor=executor, retries=retries)
    for strip, answer in _told(zip(pieces, answers, strict=True), len(pieces), progress):
        unit = table.unit[strip.runs]
        area = areas[table.row[strip.runs]]
        factor = area if weight_kind != "count" else 1.0
        for number, (classes, sums, parts) in enumerate(answer):
            cells[number] = _continue(cells[number], unit, parts)
            covered[number] = _continue(covered[number], unit, parts * area)
            for one, amount in zip(classes, sums, strict=True):
                held = by_class.setdefault(float(one), np.zeros((m, n)))
                held[number] = _continue(held[number], unit, amount * factor)
        if len(by_class) > MOST_CLASSES:
            raise RasterError(
                f"There are more than {MOST_CLASSES} different values.",
                remedy="These are no classes: ask for the mean.",
            )
    names = sorted(by_class)
    stacked = np.stack([by_class[one] for one in names]) if names else np.empty((0, m, n))
    whole = stacked.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(whole > 0, stacked / whole, np.nan)
    columns = {_class_name(one): share for one, share in zip(names, shares, strict=True)}
    if names:
        largest = np.asarray(names)[stacked.argmax(axis=0)]
        columns["majority"] = np.where(whole > 0, largest, np.nan)
    return _finish(table, layers, columns, cells, covered, minimum_cells, minimum_share)


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
) -> ZonalTable:
    r"""Find quantiles of the cells that each unit covers, weighted by the area covered or by weights.

    Parameters
    ----------
    table, rasters, minimum_cells, weights, weight_kind, minimum_share, block_cells
        As in :func:`zonal_statistics`.
    quantiles
        Each from 0 to 1.

    Returns
    -------
    ZonalTable
        A column for each quantile, such as ``q0.5``.

    Raises
    ------
    GridError, RasterError
        As in :func:`zonal_statistics`, or a quantile is not from 0 to 1.

    Notes
    -----
    The least value below or at which at least the part q of the weight lies, so a cell cut in two changes nothing
    (exactextract interpolates between cells and differs by less than the step to the next value). One layer's values
    under all units are held at a time: 16 bytes for each cell under them.
    """
    wrong = [one for one in quantiles if not 0 <= one <= 1]
    if wrong or not quantiles:
        raise RasterError(f"Quantiles {wrong or 'are not named'}.", remedy="Give numbers from 0 to 1.")
    layers, weight = _layers(table, rasters, weights, weight_kind)
    n, m = len(table.codes), len(layers)
    lengths = np.add.reduceat(table.length, table.starts[:-1])
    unit = np.repeat(table.unit, lengths)
    fraction = np.repeat(table.fraction.astype(np.float64), table.length)
    area = fraction * np.repeat(table.grid.row_areas()[table.row], lengths)
    factor = area if weight_kind != "count" else fraction
    cells, covered = np.zeros((m, n)), np.zeros((m, n))
    found = np.full((len(quantiles), m, n), np.nan)
    for number, layer in enumerate(layers):
        read = [entry_values(strip, layer, weight) for strip in strips(table, cells=block_cells)]
        values, amounts = (np.concatenate(parts) for parts in zip(*read, strict=True))
        there = ~np.isnan(values) & ~np.isnan(amounts)
        cells[number] = np.bincount(unit[there], weights=fraction[there], minlength=n)
        covered[number] = np.bincount(unit[there], weights=area[there], minlength=n)
        there &= amounts > 0
        found[:, number] = _quantiles(unit[there], values[there], (amounts * factor)[there], n, quantiles)
    columns = {f"q{one:g}": rows for one, rows in zip(quantiles, found, strict=True)}
    return _finish(table, layers, columns, cells, covered, minimum_cells, minimum_share)


def _told(pairs: Iterable[Pair], total: int, progress: Progress | None) -> Iterator[Pair]:
    for done, pair in enumerate(pairs, start=1):
        yield pair
        if progress is not None:
            progress(done, total)


def _layers(
    table: CoverageTable,
    rasters: Raster | Mapping[str, Raster],
    weights: Raster | None,
    weight_kind: WeightKind | None,
) -> tuple[tuple[Layer, ...], Layer | None]:
    named = rasters if isinstance(rasters, Mapping) else {"": rasters}
    layers = tuple(
        Layer(" ".join(filter(None, (name, band if not name or len(raster.bands) > 1 else ""))), raster, number)
        for name, raster in named.items()
        for number, band in enumerate(raster.bands)
    )
    if not layers:
        raise RasterError("No raster was given.", remedy="Give one at least.")
    if (weights is None) != (weight_kind is None) or weight_kind not in (None, *get_args(WeightKind)):
        raise RasterError(
            f"Weights {'are' if weights is None else 'of the kind'} {weight_kind!r}.",
            remedy="Give both weights and weight_kind, count or density.",
        )
    if weights is not None and len(weights.bands) != 1:
        raise RasterError(f"The weights have {len(weights.bands)} bands.", remedy="Choose one.")
    for name, raster in [*named.items(), *([("weights", weights)] if weights is not None else [])]:
        if raster.colours:
            raise RasterError(
                f"Raster {name or raster.bands[0]} holds the colours of an image.", remedy="Give the file of values."
            )
        offset = table.grid.offset(raster.grid)
        if offset != (0, 0) or raster.grid.shape != table.grid.shape:
            raise GridError(
                f"Raster {name or raster.bands[0]} starts {offset[0]} rows and {offset[1]} columns away from the "
                f"table's grid, and has {raster.grid.shape} cells instead of {table.grid.shape}.",
                remedy="Compute a table for its grid, or resample it to this one.",
            )
    return layers, None if weights is None else Layer("weights", weights, 0)


def _continue(total: NDArray[np.float64], unit: NDArray[np.int32], amount: NDArray[np.float64]) -> NDArray[np.float64]:
    """Go on adding where the last strip stopped: one addition after another, as if there had been a single strip."""
    every = np.concatenate([np.arange(len(total)), unit])
    return np.bincount(every, weights=np.concatenate([total, amount]), minlength=len(total)).astype(np.float64)


def _quantiles(
    unit: NDArray[np.int32],
    values: NDArray[np.float64],
    weights: NDArray[np.float64],
    n: int,
    quantiles: Sequence[float],
) -> NDArray[np.float64]:
    order = np.lexsort((weights, values, unit))
    unit, values, weights = unit[order], values[order], weights[order]
    first = np.searchsorted(unit, np.arange(n + 1))
    found = np.full((len(quantiles), n), np.nan)
    for one in np.flatnonzero(np.diff(first)):
        part = slice(first[one], first[one + 1])
        reached = np.cumsum(weights[part])
        # Rounding of the sums must not push a quantile that falls between two cells to the next.
        wanted = np.asarray(quantiles) * reached[-1] * (1 - 1e-12)
        found[:, one] = values[part][np.searchsorted(reached, wanted)]
    return found


def _class_name(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(value)


def _finish(
    table: CoverageTable,
    layers: tuple[Layer, ...],
    columns: Mapping[str, NDArray[np.float64]],
    cells: NDArray[np.float64],
    covered: NDArray[np.float64],
    minimum_cells: float,
    minimum_share: float,
) -> ZonalTable:
    empty = [layer.name for layer, row in zip(layers, cells, strict=True) if not (row > 0).any()]
    if empty:
        raise RasterError(
            f"No cell under the {len(table.codes)} units has a value in {', '.join(empty[:10])}.",
            remedy="Check the no-data value of the raster and the place of the units.",
        )
    outside = np.bincount(table.unit, minlength=len(table.codes)) == 0
    share = np.divide(covered, table.area, out=np.zeros_like(covered), where=table.area > 0)
    # Fractions are float32; a unit that lies within the raster is covered wholly.
    share = np.minimum(share, 1.0)
    status = np.select(
        [np.broadcast_to(outside, cells.shape), cells == 0, cells < minimum_cells - 1e-6, share < minimum_share - 1e-6],
        ["outside", "no data", "too few cells", "too little covered"],
        "ok",
    )
    good = status == "ok"
    names = [layer.name for layer in layers]
    index = pd.MultiIndex.from_product([table.codes, names], names=["unit", "layer"])
    frame = pd.DataFrame(
        {name: np.where(good, rows, np.nan).T.ravel() for name, rows in columns.items()}
        | {"cells": cells.T.ravel(), "share": share.T.ravel(), "status": status.T.ravel()},
        index=index,
    )
    missed = frame.loc[frame["status"] != "ok", ["status", "cells", "share"]]
    unmatched = tuple(
        Unmatched(unit, layer, REASONS[row.status], f"{row.status}: {row.cells:.3g} cells, {row.share:.1%} covered")
        for (unit, layer), row in zip(missed.index, missed.itertuples(), strict=True)
    )
    report = MatchReport(
        "Units and raster layers",
        n_left=len(frame),
        n_right=len(table.codes),
        matched=len(frame) - len(missed),
        unmatched_left=unmatched,
    )
    return ZonalTable(frame, report)
