"""Which units to look at first: poor again, newly poor, close to the line, or not sure on which side of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from fuping.spatial.dynamics.panel import Panel, PanelError, read_panel
from fuping.spatial.dynamics.status import StatusHistory
from fuping.spatial.dynamics.warning import Severity, exceedance
from numpy.typing import ArrayLike

__all__ = ["Reason", "WatchList", "watch_list"]

Reason = Literal["relapsed", "newly poor", "interval crosses", "close", "rising"]
"""``rising`` is a trend of getting poorer; alone it puts nobody on the list."""


@dataclass(frozen=True)
class WatchList:
    """Units to look at in the last year of a panel.

    Parameters
    ----------
    table
        One row a unit, gravest first, then by how far its value lies above (or nearest below) its line: ``unit``,
        ``severity``, ``status``, ``value``, ``low``, ``high``, ``line`` (of entry), ``margin`` (value less line),
        ``since`` (year of its last entry, exit or relapse; missing if none was seen) and ``reasons`` (a tuple of
        :data:`Reason`).
    counts
        Units by severity.
    n_poor
        Poor in the year, and how many of them are not on the list: surely poor, not newly, and not getting poorer.
    n_poor_unlisted
        See ``n_poor``.
    missing
        Units without a value in the year: not judged, and not safe either.
    year
        The last year of the panel.
    """

    table: pd.DataFrame
    counts: dict[Severity, int]
    n_poor: int
    n_poor_unlisted: int
    missing: tuple[object, ...]
    year: int


def watch_list(
    values: Panel,
    history: StatusHistory,
    *,
    low: Panel | None = None,
    high: Panel | None = None,
    trends: pd.Series | None = None,
    regions: ArrayLike | None = None,
) -> WatchList:
    """List the units that a change of status, the nearness of the line or an uncertain value puts on watch.

    Parameters
    ----------
    values
        Shape (m years, n units), higher is poorer; those that ``history`` was read from.
    history
        Status by :func:`~fuping.spatial.dynamics.status.status_history`.
    low, high
        Ends of the intervals of the values, both or neither.
    trends
        By unit, ``rising`` where it surely gets poorer, as ``mann_kendall(...)["trend"]``.
    regions
        n labels, where the rule differs by region.

    Returns
    -------
    WatchList
        ``red``: relapsed, or poor and rising. ``orange``: newly poor in the year; its interval lies on both sides of
        the line of entry; or close to the line and rising. ``yellow``: close to the line (at risk).

    Raises
    ------
    PanelError
        The history is of other years or units, the trends lack units, or the intervals do not enclose the values.

    Examples
    --------
    >>> from fuping.spatial.dynamics import StatusRule, status_history
    >>> rates = np.array([[25.0, 10.0, 21.0], [15.0, 18.5, 22.0], [20.5, 19.0, 23.0]])
    >>> rule = StatusRule(exit_below=20, enter_at=20, at_risk_from=18)
    >>> found = watch_list(rates, status_history(rates, rule, start="not poor"))
    >>> found.table[["unit", "severity", "reasons"]].values.tolist()
    [[0, 'red', ('relapsed',)], [1, 'yellow', ('close',)]]
    >>> found.n_poor, found.n_poor_unlisted
    (2, 1)
    """
    panel = read_panel(values)
    if not (history.status.index.equals(panel.index) and history.status.columns.equals(panel.columns)):
        raise PanelError("The history is of other years or units than the values.", remedy="Read it from these values.")
    units, year = panel.columns, int(panel.index[-1])
    line = history.rule.lines(len(units), regions)["enter"]
    # Units have lines of their own, so what is compared with zero is the distance from them.
    beyond = exceedance(panel - line, line=0.0, beyond="above", low=_less(low, line), high=_less(high, line)).iloc[-1]
    status, value = history.status.iloc[-1], panel.iloc[-1].to_numpy()
    poor = status.isin(["poor", "relapsed"]).to_numpy()
    bounds = [np.full(len(units), np.nan) if end is None else read_panel(end).to_numpy()[-1] for end in (low, high)]
    crosses = beyond.isin(["point beyond", "interval reaches"]).to_numpy() & ~np.isnan(bounds[0]) & ~np.isnan(bounds[1])
    close = (status == "at risk").to_numpy()
    # A first reading tells where a unit stands, not that it came there.
    now = history.changes[(history.changes["year"] == year) & history.changes["previous_year"].notna()]
    marks = {
        "relapsed": (status == "relapsed").to_numpy(),
        "newly poor": units.isin(now.loc[now["kind"] == "entry", "unit"]),
        "interval crosses": crosses,
        "close": close,
        "rising": _rising(trends, units) & (poor | close | crosses),
    }
    severity = np.select(
        [
            marks["relapsed"] | (poor & marks["rising"]),
            marks["newly poor"] | crosses | (close & marks["rising"]),
            close,
        ],
        get_args(Severity),
        "",
    )
    table = pd.DataFrame(
        {
            "unit": units,
            "severity": severity,
            "status": status.to_numpy(),
            "value": value,
            "low": bounds[0],
            "high": bounds[1],
            "line": line,
            "margin": value - line,
            "since": history.changes.groupby("unit")["year"].max().reindex(units).astype("Int64").array,
            "reasons": [
                tuple(word for word, mark in marks.items() if mark[at]) if severity[at] else ()
                for at in range(len(units))
            ],
        }
    )
    listed = table[severity != ""]
    gravity = listed["severity"].map({word: place for place, word in enumerate(get_args(Severity))})
    order = gravity.to_frame("gravity").assign(margin=-listed["margin"]).sort_values(["gravity", "margin"]).index
    return WatchList(
        table=listed.loc[order].reset_index(drop=True),
        counts={word: int((severity == word).sum()) for word in get_args(Severity)},
        n_poor=int(poor.sum()),
        n_poor_unlisted=int((poor & (severity == "")).sum()),
        missing=tuple(units[np.isnan(value)]),
        year=year,
    )


def _less(end: Panel | None, line: np.ndarray) -> pd.DataFrame | None:
    return None if end is None else read_panel(end) - line


def _rising(trends: pd.Series | None, units: pd.Index) -> np.ndarray:
    if trends is None:
        return np.zeros(len(units), dtype=bool)
    lost = units.difference(trends.index)
    if len(lost):
        raise PanelError(f"The trends lack {len(lost)} units, {lost[0]} among them.", remedy="Give one to each unit.")
    return (trends.reindex(units) == "rising").to_numpy()
