"""The latest figures of an indicator at a level, as one column: what assessments of several indicators start from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.once import once
from numpy.typing import NDArray

__all__ = ["Latest", "NotUsed", "Poverty", "cells_of", "latest", "least_cells", "poverty_of", "usable"]

LISTED = ("poor", "exited", "relapsed", "at_risk")
"""Colours of the categories of a status that say that a unit is or was designated as poor."""


@dataclass(frozen=True, eq=False)
class Latest:
    """Figures of one indicator in the last year that has some.

    Parameters
    ----------
    indicator
        As the catalogue has it.
    year
        Of the figures.
    value
        float64, one a unit of the level; NaN where missing.
    """

    indicator: Mapping[str, Any]
    year: int
    value: NDArray[np.float64]


@dataclass(frozen=True)
class NotUsed:
    """An indicator that an assessment cannot use: it has no figures at the level, or all are equal.

    Parameters
    ----------
    indicator
        As the catalogue has it.
    commands
        What loads its sources; empty where its figures are equal.
    """

    indicator: Mapping[str, Any]
    commands: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Poverty:
    """Which units count as poor.

    Parameters
    ----------
    figures
        What poverty is read from.
    amount
        float64; more is poorer, a list of poor units as 0 and 1.
    poor
        bool; on the list, or in the worst third of the units that have a figure.
    known
        bool; whether the unit has a figure.
    threshold
        From which on a unit counts; NaN for a list.
    """

    figures: Latest
    amount: NDArray[np.float64]
    poor: NDArray[np.bool_]
    known: NDArray[np.bool_]
    threshold: float


def latest(reader: Reader, pack: str, indicator: str, level: str) -> Latest | None:
    """Return an indicator's figures in the last year that has some; ``None`` where no year at the level has."""
    declared = reader.indicator(pack, indicator)
    if not declared["levels"].get(level, {}).get("n_values"):
        return None
    values = reader.values(pack, indicator, level)
    rows = np.flatnonzero(np.isfinite(values.value).any(axis=1))
    return Latest(declared, values.years[rows[-1]], values.value[rows[-1]])


def usable(reader: Reader, pack: str, names: Sequence[str], level: str) -> tuple[list[Latest], list[NotUsed]]:
    """Return the indicators that tell units of a level apart, and the others with why not."""
    commands = {one["id"]: one["load_command"] for one in reader.catalogue(pack)["sources"] if not one["loaded"]}
    used, left = [], []
    for name in names:
        found = latest(reader, pack, name, level)
        if found is not None and np.nanmin(found.value) < np.nanmax(found.value):
            used.append(found)
            continue
        declared = reader.indicator(pack, name)
        wanted = tuple(dict.fromkeys(commands[one] for one in declared["sources"] if one in commands))
        left.append(NotUsed(declared, () if found else wanted))
    return used, left


def poverty_of(reader: Reader, pack: str, indicator: str, level: str) -> Poverty | None:
    """Return which units of a level count as poor by an indicator; ``None`` where it has no figures there."""
    found = latest(reader, pack, indicator, level)
    if found is None:
        return None
    known = np.isfinite(found.value)
    listed = [one["code"] for one in found.indicator["categories"] if one["colour"] in LISTED]
    if found.indicator["categories"]:
        poor = np.isin(found.value, listed)
        return Poverty(found, np.where(known, poor.astype(float), np.nan), poor, known, float("nan"))
    sign = -1.0 if found.indicator["direction"] == "higher_is_better" else 1.0
    amount = sign * found.value
    threshold = float(np.nanquantile(amount, 2 / 3))
    poor = known & (np.where(known, amount, -np.inf) >= threshold) & (np.where(known, amount, 0) > np.nanmin(amount))
    return Poverty(found, amount, poor, known, sign * threshold)


def cells_of(reader: Reader, pack: str, level: str, code: str) -> dict[str, float]:
    """Return how many cells of its grid a unit covers, for each indicator that is read off one."""
    raster_of = {
        figure["indicator"]: grid["id"]
        for grid in reader.catalogue(pack).get("rasters", ())
        for figure in grid["figures"]
    }
    counts = _cells(reader, pack, reader.version(pack)).get((level, code), {})
    return {indicator: counts[raster] for indicator, raster in raster_of.items() if raster in counts}


def least_cells(reader: Reader, pack: str) -> dict[str, float]:
    """Return the least cells that a unit must cover for a figure of each indicator that is read off a grid."""
    grids = reader.catalogue(pack).get("rasters", ())
    return {figure["indicator"]: grid["minimum_cells"] for grid in grids for figure in grid["figures"]}


@once(maxsize=8)
def _cells(reader: Reader, pack: str, version: str) -> dict[tuple[str, str], dict[str, float]]:
    table = reader.store.table(pack, "cells")
    found: dict[tuple[str, str], dict[str, float]] = {}
    if table is not None:
        for row in table.itertuples():
            found.setdefault((row.level, row.code), {})[row.raster] = float(row.cells)
    return found
