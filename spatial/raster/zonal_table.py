"""What zonal statistics of any kind have in common: the layers that are asked for, and the table that is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from fuping.spatial.match_report import MatchReport, Reason, Unmatched
from fuping.spatial.raster.coverage_table import CoverageTable
from fuping.spatial.raster.errors import GridError, RasterError
from fuping.spatial.raster.source import Raster
from fuping.spatial.raster.strips import Layer
from numpy.typing import NDArray

__all__ = ["Progress", "WeightKind", "ZonalTable", "add_runs", "finish", "layers_of"]

Progress = Callable[[int, int], None]

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


def layers_of(
    table: CoverageTable,
    rasters: Raster | Mapping[str, Raster],
    weights: Raster | None,
    weight_kind: WeightKind | None,
) -> tuple[tuple[Layer, ...], Layer | None]:
    """Return the bands to be read, named, and the weights; refuse what is not on the table's grid.

    Takes what :func:`fuping.spatial.raster.zonal.zonal_statistics` takes, and raises what it raises of rasters.
    """
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


def add_runs(total: NDArray[np.float64], unit: NDArray[np.int32], amount: NDArray[np.float64]) -> NDArray[np.float64]:
    """Go on adding where the last strip stopped: one addition after another, as if there had been a single strip."""
    every = np.concatenate([np.arange(len(total)), unit])
    return np.bincount(every, weights=np.concatenate([total, amount]), minlength=len(total)).astype(np.float64)


def finish(
    table: CoverageTable,
    layers: tuple[Layer, ...],
    columns: Mapping[str, NDArray[np.float64]],
    cells: NDArray[np.float64],
    covered: NDArray[np.float64],
    minimum_cells: float,
    minimum_share: float,
) -> ZonalTable:
    """Lay out statistics as a table, and refuse those of units with too little under them.

    Parameters
    ----------
    columns
        Statistic → float64, shape (m, n), for each layer and unit.
    cells, covered
        Cells with a value, parts counted as parts, and their area; float64, shape (m, n).
    minimum_cells, minimum_share
        Least of each that a unit needs.

    Raises
    ------
    RasterError
        A layer has no value under any unit.
    """
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
