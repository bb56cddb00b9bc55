"""Statistics of units from a coverage table: every band and raster on the grid in one pass, strip by strip."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, TypeVar, get_args

import numpy as np
from fuping.spatial.raster.blocks import Executor, run_blocks
from fuping.spatial.raster.coverage_table import CoverageTable
from fuping.spatial.raster.errors import RasterError
from fuping.spatial.raster.source import Raster
from fuping.spatial.raster.strips import MOST_CLASSES, class_sums, run_sums, strips
from fuping.spatial.raster.zonal_table import Progress, WeightKind, ZonalTable, add_runs, finish, layers_of
from numpy.typing import NDArray

__all__ = ["Statistic", "zonal_classes", "zonal_statistics"]

Statistic = Literal["mean", "sum", "min", "max"]

Pair = TypeVar("Pair")


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
    layers, weight = layers_of(table, rasters, weights, weight_kind)
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
                sums[place, number] = add_runs(sums[place, number], unit, amount)
            if extremes:
                here = strip.units
                least[number, here] = np.fmin(least[number, here], low)
                most[number, here] = np.fmax(most[number, here], high)
    cells, covered, total, weight_sum, weighted_sum = sums
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(weight_sum > 0, weighted_sum / weight_sum, np.nan)
    found: dict[Statistic, NDArray[np.float64]] = {"mean": mean, "sum": total, "min": least, "max": most}
    columns: dict[str, NDArray[np.float64]] = {name: found[name] for name in statistics}
    if weight:
        columns["weight"] = weight_sum
    return finish(table, layers, columns, cells, covered, minimum_cells, minimum_share)


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
    layers, weight = layers_of(table, rasters, weights, weight_kind)
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
            cells[number] = add_runs(cells[number], unit, parts)
            covered[number] = add_runs(covered[number], unit, parts * area)
            for one, amount in zip(classes, sums, strict=True):
                held = by_class.setdefault(float(one), np.zeros((m, n)))
                held[number] = add_runs(held[number], unit, amount * factor)
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
    return finish(table, layers, columns, cells, covered, minimum_cells, minimum_share)


def _told(pairs: Iterable[Pair], total: int, progress: Progress | None) -> Iterator[Pair]:
    for done, pair in enumerate(pairs, start=1):
        yield pair
        if progress is not None:
            progress(done, total)


def _class_name(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(value)
