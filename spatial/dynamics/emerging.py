"""Hot and cold spots over the years: new, persistent, fading, gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from fuping.spatial.dynamics.clusters import local_getis_ord
from fuping.spatial.dynamics.panel import Panel, PanelError, read_panel
from fuping.spatial.dynamics.trend import mann_kendall
from libpysal.graph import Graph
from numpy.typing import ArrayLike

__all__ = ["EmergingSpots", "emerging_category", "emerging_spots"]

MOST = 0.9
"""Share of the years from which a spot counts as lasting (Esri's definitions)."""


def emerging_category(
    spots: ArrayLike, *, trend: Literal["rising", "falling", "not distinguishable", "too few years"]
) -> str:
    """Name the history of one place.

    Parameters
    ----------
    spots
        One entry a year, ascending: 1 hot, -1 cold, 0 neither, NaN not known (left out).
    trend
        Of its z-scores.

    Returns
    -------
    str
        ``no pattern``, ``not known`` (no year known), or one of these followed by ``hot`` or ``cold``: ``new`` (the
        last year only), ``consecutive`` (one unbroken run up to the last year), ``intensifying``, ``persistent``,
        ``diminishing`` (at least 90 % of the years and the last, z growing, neither, or shrinking), ``oscillating``
        (the last year, and the opposite before), ``sporadic`` (the last year, on and off before), ``historical`` (at
        least 90 % of the years, but not the last).

    Raises
    ------
    PanelError
        An entry is none of these.

    Notes
    -----
    Definitions of Esri's *Emerging Hot Spot Analysis*.

    Examples
    --------
    >>> emerging_category([0, 0, 1], trend="not distinguishable"), emerging_category([-1, 1, 0, 1], trend="rising")
    ('new hot', 'oscillating hot')
    """
    signs = np.asarray(spots, dtype=float)
    known = signs[~np.isnan(signs)]
    if not np.isin(known, [-1, 0, 1]).all():
        raise PanelError(f"Spots {signs.tolist()} hold something else than -1, 0, 1.", remedy="Give one a year.")
    if not len(known):
        return "not known"
    for sign, word in ((1, "hot"), (-1, "cold")):
        here = known == sign
        lasting = here.mean() >= MOST
        if here[-1]:
            return f"{_alive(here, bool((known == -sign).any()), lasting, sign, trend)} {word}"
        if lasting:
            return f"historical {word}"
    return "no pattern"


def _alive(here: np.ndarray, opposite: bool, lasting: bool, sign: int, trend: str) -> str:
    run = len(here) if here.all() else int(np.argmin(here[::-1]))
    if here.sum() == 1 and len(here) > 1:
        return "new"
    if lasting:
        growing, shrinking = ("rising", "falling") if sign == 1 else ("falling", "rising")
        return {growing: "intensifying", shrinking: "diminishing"}.get(trend, "persistent")
    if opposite:
        return "oscillating"
    return "consecutive" if run == here.sum() else "sporadic"


@dataclass(frozen=True)
class EmergingSpots:
    """Category of each unit, and what it rests on.

    Parameters
    ----------
    table
        Index unit; ``category``, ``n_years`` (tested), ``n_hot``, ``n_cold``, ``trend`` and ``p_adjusted`` of the
        z-scores, ``slope`` (z a year) with ``low`` and ``high``.
    z
        Years × units, Gi* z-scores; NaN where not tested.
    spots
        Years × units, 1 hot, -1 cold, 0 neither, NaN not tested.
    counts
        Units by category.
    """

    table: pd.DataFrame
    z: pd.DataFrame
    spots: pd.DataFrame
    counts: pd.Series


def emerging_spots(
    values: Panel,
    graph: Graph,
    *,
    seed: int,
    permutations: int = 9999,
    false_discovery: float = 0.05,
) -> EmergingSpots:
    """Follow Gi* over the years and name each unit's history.

    Parameters
    ----------
    values
        Shape (m years, n units), NaN missing; two years or more with values.
    graph
        Neighbours of the same units.
    seed, permutations
        Of the conditional permutations of each year.
    false_discovery
        Share allowed within each year, and among the trends.

    Raises
    ------
    PanelError
        There is one year only, or a year cannot be tested.

    Notes
    -----
    Each year is tested on its own, against the mean of that year: a general rise moves no category. Esri's tool also
    counts the neighbours of the year before, and sets values against the mean of all years, so its answers differ.
    """
    panel = read_panel(values, minimum_years=2)
    z = pd.DataFrame(np.nan, index=panel.index, columns=panel.columns)
    spots = z.copy()
    for year, row in panel.iterrows():
        if row.isna().all():
            continue
        found = local_getis_ord(row, graph, seed=seed, permutations=permutations, false_discovery=false_discovery).table
        z.loc[year] = found["z"]
        sign = found["cluster"].map({"hot": 1.0, "cold": -1.0}).fillna(0.0)
        spots.loc[year] = sign.where(found["z"].notna())
    trends = mann_kendall(z, false_discovery=false_discovery)
    categories = [
        emerging_category(spots[unit], trend=trend)  # type: ignore[arg-type]
        for unit, trend in trends["trend"].items()
    ]
    table = pd.DataFrame(
        {
            "category": categories,
            "n_years": spots.notna().sum(),
            "n_hot": (spots == 1).sum(),
            "n_cold": (spots == -1).sum(),
        },
        index=panel.columns,
    ).join(trends[["trend", "p_adjusted", "slope", "low", "high"]])
    return EmergingSpots(table, z, spots, table["category"].value_counts())
