"""Figures unlike those of the places next to them."""

from __future__ import annotations

import numpy as np
from fuping.spatial.dynamics.lag import matrix_for
from fuping.spatial.dynamics.panel import Panel, PanelError, companion, read_panel
from fuping.spatial.quality.robust import (
    MODIFIED_Z,
    Flags,
    Scale,
    flagged,
    modified_z,
    on_scale,
    rounding,
    unscaled,
    within,
)
from libpysal.graph import Graph
from numpy.typing import NDArray

__all__ = ["FEWEST_NEIGHBOURS", "against_neighbours"]

FEWEST_NEIGHBOURS = 3
"""The median of two is no more than their mean."""

FEWEST_JUDGED = 30
"""Of fewer differences the usual ones are not known."""


def against_neighbours(
    values: Panel,
    graph: Graph,
    *,
    scale: Scale,
    step: float = 0.0,
    lower: Panel | None = None,
    upper: Panel | None = None,
    fewest_neighbours: int = FEWEST_NEIGHBOURS,
    threshold: float = MODIFIED_Z,
) -> Flags:
    """Flag figures whose difference from the median of their neighbours is unlike that of other units in the year.

    Parameters
    ----------
    values
        Shape (m years, n units), NaN missing. Not totals: their height tells how large a place is.
    graph
        Neighbours of the same units; weights say who, not how much. Islands are not judged.
    scale, step, lower, upper, threshold
        As for :func:`~fuping.spatial.quality.against_own_past`.
    fewest_neighbours
        With a figure in the year, for a unit to be judged.

    Returns
    -------
    Flags
        ``n_years`` of a row is in how many years its unit is flagged: one that is so in most is another kind of place
        rather than wrong in each.

    Raises
    ------
    PanelError
        No panel, a graph over other units, or limits that are not positive.

    Notes
    -----
    The median algorithm of Lu, Chen and Kou (2003), *Algorithms for spatial outlier detection*, ICDM, 597–600, with
    the differences standardised by median and median absolute deviation instead of mean and standard deviation, which
    the outliers themselves would widen. Years in which fewer than 30 units can be judged are not.
    """
    if not threshold > 0 or fewest_neighbours < 1:
        raise PanelError(
            f"Found a threshold of {threshold} and {fewest_neighbours} neighbours.",
            remedy="Give a threshold above 0 and 1 neighbour or more.",
        )
    panel = read_panel(values)
    bounds = companion(lower, panel, name="lower bounds"), companion(upper, panel, name="upper bounds")
    matrix = matrix_for(graph, panel.columns)
    y = on_scale(panel, scale, step).to_numpy()
    around, n_around = _medians(y, matrix.indptr, matrix.indices)
    apart = np.where(n_around >= fewest_neighbours, y - around, np.nan)
    apart[(~np.isnan(apart)).sum(axis=1) < FEWEST_JUDGED] = np.nan
    score = modified_z(apart, axis=1, floor=rounding(panel, scale, step))
    middle = np.array([[np.nanmedian(row) if not np.isnan(row).all() else np.nan] for row in apart])
    expected = unscaled(around + middle, scale, step)
    out = np.abs(np.nan_to_num(score)) > threshold
    spared = out & within(*bounds, expected)
    out &= ~spared
    table = flagged(panel, out, expected, score)
    table["n_years"] = out.sum(axis=0)[panel.columns.get_indexer(table["unit"])]
    there = ~np.isnan(panel.to_numpy())
    judged = ~np.isnan(score)
    lone = there & (n_around < fewest_neighbours)
    left = {"too few neighbours": int(lone.sum()), "too few units": int((there & ~judged & ~lone).sum())}
    return Flags(table, int(judged.sum()), {why: n for why, n in left.items() if n}, int(spared.sum()))


def _medians(
    y: NDArray[np.float64], start: NDArray[np.int32], neighbour: NDArray[np.int32]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the median over the observed neighbours, and how many they are; both (m, n)."""
    count = np.diff(start)
    middle = np.full(y.shape, np.nan)
    seen = np.zeros(y.shape, dtype=np.int64)
    # Units of as many neighbours together: one block for all would be as wide as the one with most.
    for width in np.unique(count[count > 0]):
        units = np.flatnonzero(count == width)
        block = y[:, neighbour[start[units][:, None] + np.arange(width)]]
        seen[:, units] = (~np.isnan(block)).sum(axis=2)
        known = seen[:, units] > 0
        some = middle[:, units]
        some[known] = np.nanmedian(block[known], axis=1)
        middle[:, units] = some
    return middle, seen
