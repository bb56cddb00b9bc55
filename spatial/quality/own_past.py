"""Figures that leave the path of their own unit: a spike, or a step."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
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
from numpy.typing import NDArray

__all__ = ["FEWEST_CHANGES", "FEWEST_UNITS", "Changes", "against_own_past", "yearly_changes"]

FEWEST_CHANGES = 10
"""Of fewer changes the usual ones are not known: of ten normal ones the score already takes 1.7 % for outliers."""

FEWEST_UNITS = 30
"""From so many on, the median change of a year says what is common to the units."""


@dataclass(frozen=True, eq=False)
class Changes:
    """Changes to each figure from the one before it, on the scale, a year; shape (m years, n units).

    Parameters
    ----------
    value
        NaN for a first figure, a missing one, and one across a declared break.
    before, gap
        The figure before on the scale, and the years since.
    floor
        What rounding alone makes of a change.
    """

    value: NDArray[np.float64]
    before: NDArray[np.float64]
    gap: NDArray[np.float64]
    floor: NDArray[np.float64]


def yearly_changes(panel: pd.DataFrame, *, scale: Scale, step: float, breaks: Collection[int] = ()) -> Changes:
    """Return the changes of a checked panel; between figures that lie years apart, the mean change a year."""
    y = on_scale(panel, scale, step)
    when = pd.DataFrame(
        np.where(y.notna(), y.index.to_numpy()[:, None].astype(float), np.nan), index=y.index, columns=y.columns
    )
    before, since = y.ffill().shift().to_numpy(), when.ffill().shift().to_numpy()
    years = panel.index.to_numpy()
    gap = years[:, None] - since
    for one in breaks:
        gap = np.where((since < one) & (years[:, None] >= one), np.nan, gap)
    error = pd.DataFrame(rounding(panel, scale, step), index=y.index, columns=y.columns).where(y.notna())
    floor = np.fmax(error.to_numpy(), error.ffill().shift().to_numpy()) / np.where(gap > 0, gap, np.nan)
    return Changes((y.to_numpy() - before) / gap, before, gap, np.nan_to_num(floor))


def against_own_past(
    values: Panel,
    *,
    scale: Scale,
    step: float = 0.0,
    breaks: Collection[int] = (),
    lower: Panel | None = None,
    upper: Panel | None = None,
    fewest_changes: int = FEWEST_CHANGES,
    threshold: float = MODIFIED_Z,
) -> Flags:
    """Flag figures whose change from the figure before is unlike the other changes of their unit.

    Parameters
    ----------
    values
        Shape (m years, n units), NaN missing.
    scale
        ``difference`` for rates and indices, ``log`` for counts and amounts, whose changes are in proportion.
    step
        What figures are rounded to.
    breaks
        First years after a declared break; a change across one is not judged.
    lower, upper
        Bounds of the figures; one that holds what was expected is not flagged.
    fewest_changes
        Changes that a unit must have to be judged.
    threshold
        Of the modified z-score.

    Returns
    -------
    Flags
        ``shape`` of a row is ``spike`` where the next change goes back as far out of the ordinary, else ``step``. The
        way back from a spike is not flagged again.

    Raises
    ------
    PanelError
        No panel, an unknown scale, bounds of other years or units, or a limit that is not positive.

    Notes
    -----
    Modified z-score (Iglewicz and Hoaglin 1993) of a unit's changes a year, less the median change of all units in that
    year where 30 or more changed: what most share is a matter of :func:`~fuping.spatial.quality.broken_series`. Of
    independent normal changes it flags 1.7 % where a unit has 10, 0.7 % of 20, 0.4 % of 30. A wrong first figure shows
    as a step of the second.
    """
    if not threshold > 0 or fewest_changes < 3:
        raise PanelError(
            f"Found a threshold of {threshold} and {fewest_changes} changes.",
            remedy="Give a threshold above 0 and 3 changes or more.",
        )
    panel = read_panel(values)
    bounds = companion(lower, panel, name="lower bounds"), companion(upper, panel, name="upper bounds")
    changes = yearly_changes(panel, scale=scale, step=step, breaks=breaks)
    enough = (~np.isnan(changes.value)).sum(axis=0) >= fewest_changes
    common = _common(changes.value)
    own = np.where(enough, changes.value - common, np.nan)
    score = modified_z(own, floor=changes.floor)
    usual = pd.DataFrame(own).median().to_numpy() + common
    expected = unscaled(changes.before + usual * changes.gap, scale, step)
    out = np.abs(np.nan_to_num(score)) > threshold
    spared = out & within(*bounds, expected)
    flags, spikes = _follow(out & ~spared, score, ~np.isnan(changes.value))
    table = flagged(panel, flags, expected, score)
    place = panel.index.get_indexer(table["year"]), panel.columns.get_indexer(table["unit"])
    table["shape"] = np.where(spikes[place], "spike", "step")
    judged = int((~np.isnan(score)).sum())
    there = int(panel.notna().to_numpy().sum())
    few = int(panel.loc[:, ~enough].notna().to_numpy().sum())
    left = {"too few years": few, "no figure before": there - few - judged}
    return Flags(table, judged, {why: n for why, n in left.items() if n}, int(spared.sum()))


def _common(changes: NDArray[np.float64]) -> NDArray[np.float64]:
    many = (~np.isnan(changes)).sum(axis=1) >= FEWEST_UNITS
    middle = np.zeros((len(changes), 1))
    if many.any():
        middle[many, 0] = np.nanmedian(changes[many], axis=1)
    return middle


def _follow(
    out: NDArray[np.bool_], score: NDArray[np.float64], seen: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Walk through the years: a change back from a flagged one makes that one a spike, and is not flagged itself."""
    flags, spikes = out.copy(), np.zeros(out.shape, dtype=bool)
    last = np.full(out.shape[1], -1)
    for year in range(len(out)):
        unit = np.flatnonzero(seen[year])
        before = last[unit]
        back = (before >= 0) & out[year, unit]
        back[back] = (score[year, unit[back]] * score[before[back], unit[back]] < 0) & flags[before[back], unit[back]]
        flags[year, unit[back]] = False
        spikes[before[back], unit[back]] = True
        last[unit] = year
    return flags, spikes
