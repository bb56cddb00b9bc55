"""Who and what is there: people and property of each unit, by group, and how many live where a hazard reaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from fuping.spatial.raster.blocks import Executor
from fuping.spatial.raster.coverage_table import CoverageTable
from fuping.spatial.raster.grid import Grid, Window
from fuping.spatial.raster.source import Raster, require_surface
from fuping.spatial.raster.zonal import zonal_statistics
from fuping.spatial.raster.zonal_table import ZonalTable
from fuping.spatial.risk.errors import RiskError
from numpy.typing import NDArray

__all__ = ["exposed_people", "exposure_bias", "exposure_by_group"]

COLUMNS = ["unit", "group", "value", "function"]


def exposure_by_group(
    amount: pd.Series, *, share_poor: pd.Series, value_ratio: float, functions: dict[str, str]
) -> pd.DataFrame:
    r"""Split what is exposed between the poor and the rest.

    Parameters
    ----------
    amount
        People or property of each unit; index unit.
    share_poor
        0 to 1, the poor among the people, on the same index.
    value_ratio
        What a poor person has for each unit that another has, such as 0.3; 1 for people.
    functions
        Name of the vulnerability function of ``"poor"`` and ``"nonpoor"``.

    Returns
    -------
    pandas.DataFrame
        ``unit``, ``group``, ``value``, ``function``; the values of a unit sum to its amount.
        :math:`v_{poor} = A\,p k/(p k + 1 - p)`. Units with a missing amount or share have missing values.

    Raises
    ------
    RiskError
        Indices differ, a share is outside 0 to 1, an amount or the ratio is negative, or a function is not named.

    Examples
    --------
    >>> belongings, poor = pd.Series({"a": 90.0}), pd.Series({"a": 0.2})
    >>> functions = {"poor": "hut", "nonpoor": "house"}
    >>> table = exposure_by_group(belongings, share_poor=poor, value_ratio=0.5, functions=functions)
    >>> table["value"].round(9).tolist()
    [10.0, 80.0]
    """
    if not amount.index.equals(share_poor.index) or amount.index.has_duplicates:
        raise RiskError("Amounts and shares are of different units, or a unit stands twice.", remedy="Align them.")
    if set(functions) != {"poor", "nonpoor"}:
        raise RiskError(f"Functions are named for {', '.join(functions)}.", remedy="Name those of poor and nonpoor.")
    wrong = (share_poor < 0) | (share_poor > 1) | (amount < 0)
    if wrong.any() or value_ratio < 0:
        unit = amount.index[wrong][0] if wrong.any() else "every unit"
        raise RiskError(
            f"In {unit} the amount is {amount.get(unit, np.nan)}, the share {share_poor.get(unit, np.nan)} and the "
            f"ratio {value_ratio}.",
            remedy="Give amounts and a ratio of at least 0 and shares from 0 to 1.",
        )
    weight = share_poor * value_ratio
    part = (weight / (weight + 1 - share_poor)).where(share_poor < 1, 1.0).where(share_poor.notna())
    parts = {"poor": amount * part, "nonpoor": amount * (1 - part)}
    frames = [
        pd.DataFrame({"unit": amount.index, "group": group, "value": value.to_numpy(), "function": functions[group]})
        for group, value in parts.items()
    ]
    return pd.concat(frames, ignore_index=True)[COLUMNS]


@dataclass(frozen=True)
class _Reached:
    """A hazard as a raster of 1 where it reaches a threshold and 0 where it does not."""

    hazard: Raster
    threshold: float

    @property
    def grid(self) -> Grid:
        return self.hazard.grid

    @property
    def bands(self) -> tuple[str, ...]:
        return (f"{self.threshold:g}",)

    @property
    def colours(self) -> bool:
        return False

    def read(self, band: int, window: Window) -> NDArray[np.float64]:
        values = self.hazard.read(band, window)
        return np.where(np.isnan(values), np.nan, (values >= self.threshold).astype(float))


def exposed_people(
    table: CoverageTable,
    hazard: Raster,
    people: Raster,
    *,
    thresholds: Sequence[float],
    minimum_cells: float,
    executor: Executor | None = None,
) -> ZonalTable:
    """Count the people of each unit who live where a hazard reaches a threshold.

    Parameters
    ----------
    table
        Of the grid of both rasters.
    hazard, people
        One band each: intensity, and people in each cell.
    thresholds
        In the unit of the hazard.
    minimum_cells, executor
        As in :func:`~fuping.spatial.raster.zonal.zonal_statistics`.

    Returns
    -------
    ZonalTable
        A layer for each threshold: ``exposed`` people, ``share_exposed`` of the unit's people on cells where both are
        known, ``people`` there; and the columns of every zonal table.

    Raises
    ------
    RasterError
        A raster has several bands, or as in :func:`~fuping.spatial.raster.zonal.zonal_statistics`.
    """
    require_surface(hazard, what="Exposure to a hazard")
    rasters = {f"{one:g}": _Reached(hazard, float(one)) for one in thresholds}
    found = zonal_statistics(
        table,
        rasters,
        statistics=["sum", "mean"],
        minimum_cells=minimum_cells,
        weights=people,
        weight_kind="count",
        executor=executor,
    )
    named = {"sum": "exposed", "mean": "share_exposed", "weight": "people"}
    return replace(found, table=found.table.rename(columns=named))


def exposure_bias(share_exposed_poor: pd.Series, share_exposed_all: pd.Series) -> pd.Series:
    r"""Tell by how much more often the poor are exposed: :math:`PE = f_p/f - 1`.

    Above 0 the poor are exposed more than all (Winsemius et al. 2018, *Environment and Development Economics* 23:328).
    NaN where nobody is exposed.
    """
    return (share_exposed_poor / share_exposed_all.where(share_exposed_all > 0) - 1).rename("exposure_bias")
