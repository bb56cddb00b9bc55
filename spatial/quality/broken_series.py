"""Years from which on most units lie higher, or lower: a change of definition or method, or of the times."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from fuping.spatial.dynamics.panel import Panel, PanelError, read_panel
from fuping.spatial.quality.own_past import FEWEST_CHANGES, FEWEST_UNITS, yearly_changes
from fuping.spatial.quality.robust import Scale, modified_z

__all__ = ["SeriesCheck", "broken_series"]


@dataclass(frozen=True, eq=False)
class SeriesCheck:
    """What the years of a series show.

    Parameters
    ----------
    years
        Index ``year``, each year with a figure that follows another; ``n_judged`` units, ``share_up`` and
        ``share_down`` of them that changed by more than ``k`` deviations, ``change`` (median, on the scale, a year),
        ``declared`` and ``direction``: ``up``, ``down`` or empty.
    n_too_short
        Units with too few changes to be judged.
    """

    years: pd.DataFrame
    n_too_short: int

    @property
    def breaks(self) -> pd.DataFrame:
        """The years that most units break in, declared or not."""
        return self.years[self.years["direction"] != ""]


def broken_series(
    values: Panel,
    *,
    scale: Scale,
    step: float = 0.0,
    declared: Collection[int] = (),
    k: float = 2.0,
    share: float = 0.5,
    fewest_changes: int = FEWEST_CHANGES,
    fewest_units: int = FEWEST_UNITS,
) -> SeriesCheck:
    """Find years in which most units change in the same direction by more than is usual for each.

    Parameters
    ----------
    values
        Shape (m years, n units), NaN missing.
    scale, step
        As for :func:`~fuping.spatial.quality.against_own_past`.
    declared
        First years after a break that is declared; they are judged like the others and marked.
    k
        Modified z-score of a change among those of its unit, beyond which it counts.
    share
        Of the units, from which on a year is called broken.
    fewest_changes, fewest_units
        Changes that a unit, and units that a year must have to be judged.

    Raises
    ------
    PanelError
        No panel, or limits out of range.

    Notes
    -----
    A rule of thumb, not a test: units share their economy, so a recession shows as a break does, and only the source
    tells which it was. Of independent normal changes 8.7 % (10 changes) to 6 % (30) lie beyond 2 either way: half of
    30 units or more in one direction do not by chance.
    """
    if not (k > 0 and 0 < share <= 1 and fewest_changes >= 3 and fewest_units >= 1):
        raise PanelError(
            f"Found k {k}, a share of {share}, {fewest_changes} changes and {fewest_units} units.",
            remedy="Give k above 0, a share up to 1, 3 changes or more and 1 unit or more.",
        )
    panel = read_panel(values)
    changes = yearly_changes(panel, scale=scale, step=step)
    enough = (~np.isnan(changes.value)).sum(axis=0) >= fewest_changes
    own = np.where(enough, changes.value, np.nan)
    score = np.nan_to_num(modified_z(own, floor=changes.floor))
    n = (~np.isnan(own)).sum(axis=1)
    up, down = (np.divide((sign * score > k).sum(axis=1), n, out=np.zeros(len(n)), where=n > 0) for sign in (1, -1))
    direction = np.where(n < fewest_units, "", np.where(up >= share, "up", np.where(down >= share, "down", "")))
    table = pd.DataFrame(
        {
            "n_judged": n,
            "share_up": up,
            "share_down": down,
            "change": pd.DataFrame(own).median(axis=1).to_numpy(),
            "declared": [int(year) in set(declared) for year in panel.index],
            "direction": direction,
        },
        index=panel.index,
    )
    return SeriesCheck(table[table["n_judged"] > 0], int((~enough).sum()))
