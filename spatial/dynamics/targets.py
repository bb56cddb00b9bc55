"""Whether the pace of change reaches a target in time."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from fuping.spatial.dynamics.panel import Panel, PanelError, read_panel
from fuping.spatial.dynamics.trend import LEAST_YEARS, mann_kendall
from numpy.typing import NDArray

__all__ = ["pace_to_target"]


def pace_to_target(
    values: Panel,
    *,
    target: float,
    target_year: int,
    better: Literal["lower", "higher"],
    since: int | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    r"""Compare the yearly change that a target requires with the one that is observed.

    Parameters
    ----------
    values
        Shape (m years, n units), NaN missing.
    target, target_year
        Value to reach, and by when.
    better
        ``"lower"`` or ``"higher"``: the direction of the target.
    since
        First year from which the pace is measured; the whole panel by default.
    confidence
        Coverage of the interval of the pace.

    Returns
    -------
    pandas.DataFrame
        Index unit; ``n`` (years used), ``last_year``, ``last_value``, ``required`` (change a year from the last value
        to the target), ``pace`` with ``low`` and ``high`` (Sen's slope), ``year_reached`` with ``year_early`` and
        ``year_late`` (inf: not at this pace), ``verdict``: reached, on track (the whole interval of the pace suffices),
        off track (none of it does), not distinguishable, overdue (the target year has passed), too few years.

    Raises
    ------
    PanelError
        ``better`` is unknown, ``since`` leaves no year, or the panel is malformed.

    Notes
    -----
    ``required`` :math:`= (c - x_n)/(T - t_n)`, year reached :math:`t_n + (c - x_n)/pace`, its limits with the limits
    of the pace. The pace is assumed to go on as it was; the last value is taken as exact.
    """
    if better not in ("lower", "higher"):
        raise PanelError(f"better={better!r} is unknown.", remedy="Choose lower or higher.")
    whole = read_panel(values)
    panel = whole if since is None else whole.loc[since:]
    if panel.empty or panel.isna().all(axis=None):
        raise PanelError(f"No value is observed since {since}.", remedy=f"The panel ends in {whole.index[-1]}.")
    pace = mann_kendall(panel, confidence=confidence)
    seen = panel.notna().to_numpy()
    position = np.where(seen.any(axis=0), seen.shape[0] - 1 - seen[::-1].argmax(axis=0), 0)
    last = panel.to_numpy()[position, np.arange(panel.shape[1])]
    years = np.where(seen.any(axis=0), panel.index.to_numpy()[position].astype(float), np.nan)
    sign = -1 if better == "lower" else 1
    gap = sign * (target - last)
    left = target_year - years
    required = np.divide(sign * gap, left, out=np.full(len(gap), np.nan), where=left > 0)
    slope = sign * pace["slope"].to_numpy()
    ends = np.sort(sign * pace[["low", "high"]].to_numpy(), axis=1)
    reached, late = gap <= 0, left <= 0
    needed = sign * required
    verdict = np.select(
        [np.isnan(last), reached, late, pace["n"] < LEAST_YEARS, ends[:, 0] >= needed, ends[:, 1] < needed],
        ["too few years", "reached", "overdue", "too few years", "on track", "off track"],
        "not distinguishable",
    )
    return pd.DataFrame(
        {
            "n": pace["n"],
            "last_year": pd.array(years, dtype="Float64").astype("Int64"),
            "last_value": last,
            "required": np.where(reached, 0.0, required),
            "pace": pace["slope"],
            "low": pace["low"],
            "high": pace["high"],
            "year_reached": _year(years, gap, slope),
            "year_early": _year(years, gap, ends[:, 1]),
            "year_late": _year(years, gap, ends[:, 0]),
            "verdict": verdict,
        },
        index=panel.columns,
    )


def _year(years: NDArray[np.float64], gap: NDArray[np.float64], pace: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        ahead = np.where(gap <= 0, 0.0, np.where(pace > 0, gap / pace, np.inf))
    return np.where(np.isnan(pace) & (gap > 0), np.nan, np.ceil(years + ahead))
