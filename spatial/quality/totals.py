"""Published figures of upper units against the sum or mean of their parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from fuping.spatial.boundaries.crosswalk import Aggregation
from fuping.spatial.boundaries.hierarchy import roll_up
from fuping.spatial.dynamics.panel import Panel, PanelError, companion, read_panel

__all__ = ["RollUpCheck", "check_roll_up"]


@dataclass(frozen=True, eq=False)
class RollUpCheck:
    """Published figures and what their parts make.

    Parameters
    ----------
    table
        A row for each published figure whose unit has parts: ``year``, ``unit``, ``value`` (published), ``expected``
        (of the parts; NaN where it cannot be said), ``n_parts``, ``missing`` (tuple of the parts without a figure),
        ``tolerance`` and ``verdict``: ``agrees``, ``differs``, ``exceeds`` (parts that are not all there already make
        more than the whole), or ``partial`` (parts are missing, so it cannot be said).
    """

    table: pd.DataFrame

    @property
    def mismatches(self) -> pd.DataFrame:
        """The figures that differ, the farthest off first in terms of their tolerance."""
        found = self.table[self.table["verdict"].isin(["differs", "exceeds"])]
        off = (found["value"] - found["expected"]).abs() / found["tolerance"].where(found["tolerance"] > 0, 1e-12)
        return found.loc[off.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def check_roll_up(
    published: Panel,
    values: Panel,
    parents: pd.Series,
    *,
    aggregation: Aggregation,
    weights: Panel | None = None,
    relative: float = 0.005,
    step: float = 0.0,
) -> RollUpCheck:
    """Compare published figures with the total or the weighted mean of their parts.

    Parameters
    ----------
    published
        Shape (m years, k upper units), NaN where nothing is published.
    values
        Shape (m' years, n units), NaN missing; years that both have are compared.
    parents
        Unit → upper unit, empty where there is none.
    aggregation, weights
        As for :func:`~fuping.spatial.boundaries.hierarchy.roll_up`; weights on the years and units of ``values``.
    relative
        Part of the published figure by which the parts may miss it.
    step
        What figures are rounded to; each part may be off by half of it.

    Raises
    ------
    PanelError
        No panels, no year in common, tolerances below zero, or weights of other units.
    FupingError
        Weights are absent from a mean or given with a sum.
    """
    if not (relative >= 0 and step >= 0):
        raise PanelError(f"Found tolerances of {relative} and {step}.", remedy="Give none below 0.")
    whole, parts = read_panel(published, name="published figures"), read_panel(values, name="parts")
    weight = companion(weights, parts, name="weights")
    years = whole.index.intersection(parts.index)
    if years.empty:
        raise PanelError("Published figures and parts have no year in common.", remedy="Give the same years.")
    whole.columns = whole.columns.astype(str)
    above = parents.reindex(parts.columns).fillna("").astype(str)
    inside = above.isin(whole.columns).to_numpy()
    if not inside.any():
        return RollUpCheck(pd.DataFrame(columns=_COLUMNS))
    parts, above = parts.loc[years, inside], above[inside]
    grid = parts.to_numpy()
    heavy = None if weight is None else weight.loc[years].to_numpy()[:, inside]
    total = roll_up(grid, above.tolist(), aggregation=aggregation, weights=heavy, minimum_share=0.0)
    seen = ~np.isnan(grid) if heavy is None else ~np.isnan(grid) & ~np.isnan(heavy)
    negative = bool((grid < 0).any())
    rows = []
    wanted = whole.loc[years, list(total.codes)].to_numpy()
    names = parts.columns.astype(str).to_numpy()
    for place, code in enumerate(total.codes):
        members = np.flatnonzero((above == code).to_numpy())
        n_parts = len(members)
        for row, year in enumerate(years):
            value, made = float(wanted[row, place]), float(total.value[row, place])
            if np.isnan(value):
                continue
            missing = tuple(names[members[~seen[row, members]]].tolist())
            # A sum carries the rounding of each part; a mean no more than one of them.
            rounded = step / 2 * (1 + (n_parts if aggregation == "extensive" else 1))
            tolerance = max(relative * abs(value), rounded)
            if missing:
                exceeds = aggregation == "extensive" and not negative and made > value + tolerance
                verdict = "exceeds" if exceeds else "partial"
            else:
                verdict = "agrees" if abs(made - value) <= tolerance else "differs"
            rows.append((int(year), code, value, made, n_parts, missing, tolerance, verdict))
    return RollUpCheck(pd.DataFrame(rows, columns=_COLUMNS))


_COLUMNS = ["year", "unit", "value", "expected", "n_parts", "missing", "tolerance", "verdict"]
