"""Who is poor, has left, has come back or is close to it, by a declared rule with hysteresis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd
from fuping.spatial.dynamics.panel import Panel, PanelError, companion, read_panel
from numpy.typing import ArrayLike, NDArray

__all__ = ["CHINA_EXIT_2016", "Status", "StatusHistory", "StatusRule", "status_history"]

Status = Literal["not poor", "at risk", "poor", "exited", "relapsed", "missing"]
"""``exited``: not poor now, poor before; ``relapsed``: poor again; ``at risk``: not poor, near the line of entry."""

Line: TypeAlias = float | Mapping[str, float]
"""One line for all units, or one for each region."""


@dataclass(frozen=True)
class StatusRule:
    """When a unit counts as poor, in the unit of the values (the higher, the poorer).

    Parameters
    ----------
    exit_below
        A poor unit leaves when its value falls below this line.
    enter_at
        A unit that is not poor becomes poor when its value reaches this line; not below ``exit_below``. Between the
        two nothing changes: that is the hysteresis.
    at_risk_from
        A unit that is not poor is at risk from this line on; between 0 and ``enter_at``. None: nobody is.
    readings
        Readings in a row below ``exit_below`` that leaving takes.
    evidence
        ``"point"``: the value decides. ``"interval"``: the whole interval must lie beyond the line.
    source
        Where the rule is written down.

    Raises
    ------
    PanelError
        The lines are out of order, name different regions, or ``readings`` is below 1.
    """

    exit_below: Line
    enter_at: Line
    at_risk_from: Line | None = None
    readings: int = 1
    evidence: Literal["point", "interval"] = "point"
    source: str = ""

    def __post_init__(self) -> None:
        if self.readings < 1:
            raise PanelError(f"A rule of {self.readings} readings decides nothing.", remedy="Ask for 1 or more.")
        if self.evidence not in ("point", "interval"):
            raise PanelError(f"Evidence {self.evidence!r} is unknown.", remedy="Choose point or interval.")
        lines = [self.exit_below, self.enter_at] + ([] if self.at_risk_from is None else [self.at_risk_from])
        regions = sorted({region for line in lines if isinstance(line, Mapping) for region in line})
        for region in regions or [""]:
            values = [_line_of(line, region) for line in lines]
            if not values[0] <= values[1] or (len(values) == 3 and not values[2] <= values[1]):
                raise PanelError(
                    f"The lines{' of ' + region if region else ''} are out of order: leave below {values[0]:g}, "
                    f"enter at {values[1]:g}" + (f", at risk from {values[2]:g}." if len(values) == 3 else "."),
                    remedy="Neither the line of exit nor that of risk may lie above the line of entry.",
                )

    def lines(self, n: int, regions: ArrayLike | None) -> dict[str, NDArray[np.float64]]:
        """Give the three lines of each of n units; no line of risk is infinity."""
        by_region = any(isinstance(line, Mapping) for line in (self.exit_below, self.enter_at, self.at_risk_from))
        if by_region and regions is None:
            raise PanelError("The rule differs by region and no regions are given.", remedy="Give regions=.")
        labels = [""] * n if regions is None else [str(region) for region in np.asarray(regions).tolist()]
        if len(labels) != n:
            raise PanelError(f"There are {n} units and {len(labels)} regions.", remedy="Give each unit its region.")
        risk: Line = float("inf") if self.at_risk_from is None else self.at_risk_from
        wanted = {"exit": self.exit_below, "enter": self.enter_at, "risk": risk}
        return {name: np.array([_line_of(line, label) for label in labels]) for name, line in wanted.items()}


def _line_of(line: Line, region: str) -> float:
    if not isinstance(line, Mapping):
        return float(line)
    if region not in line:
        raise PanelError(
            f"The rule has no line for region {region!r}.",
            remedy=f"It knows {', '.join(map(str, line))}.",
            region=region,
        )
    return float(line[region])


CHINA_EXIT_2016 = StatusRule(
    exit_below={"east": 2.0, "centre": 2.0, "west": 3.0},
    enter_at={"east": 2.0, "centre": 2.0, "west": 3.0},
    source="General Offices of the CPC Central Committee and the State Council (April 2016), "
    "关于建立贫困退出机制的意见: headcount ratio below 2 %, in the west below 3 %",
)
"""China's rule of exit for poor counties; the opinion sets no separate line of entry, so it has no hysteresis."""


@dataclass(frozen=True)
class StatusHistory:
    """Status of n units in m years.

    Parameters
    ----------
    status
        Years × units, one of :data:`Status`; ``missing`` where the year has no value.
    poor
        Years × units, nullable boolean; missing where the status is.
    firm
        Years × units, nullable boolean: the interval lies on one side of every line that could have changed the
        status; missing where no interval is given.
    changes
        One row an entry, exit or relapse: ``unit``, ``kind``, ``year``, ``previous_year`` (the reading before, so the
        change lies in between), ``value``, ``firm``.
    counts
        Years × status, with ``n`` observed.
    rule
        The rule that was applied.
    """

    status: pd.DataFrame
    poor: pd.DataFrame
    firm: pd.DataFrame
    changes: pd.DataFrame
    counts: pd.DataFrame
    rule: StatusRule


def status_history(
    values: Panel,
    rule: StatusRule,
    *,
    start: Literal["not poor", "poor"] | pd.Series,
    regions: ArrayLike | None = None,
    low: Panel | None = None,
    high: Panel | None = None,
) -> StatusHistory:
    """Follow each unit through the rule, reading by reading.

    Parameters
    ----------
    values
        Shape (m years, n units), higher is poorer; NaN is missing and changes nothing.
    rule
        The declared lines.
    start
        What units count as before their first reading: one word for all, or booleans by unit (True: poor, as on a
        list of designated counties).
    regions
        n labels, where the rule differs by region.
    low, high
        Ends of the interval of each value; both or neither. A value without an interval is taken as exact where the
        rule asks for the interval.

    Raises
    ------
    PanelError
        The panel is malformed, ``start`` or ``regions`` does not cover the units, one end of the intervals is given
        without the other or does not enclose the values, or the rule asks for intervals and there are none.

    Examples
    --------
    >>> rule = StatusRule(exit_below=10, enter_at=15, at_risk_from=12)
    >>> history = status_history(np.array([[20.0], [12.0], [9.0], [13.0], [15.0]]), rule, start="not poor")
    >>> history.status[0].tolist()
    ['poor', 'poor', 'exited', 'at risk', 'relapsed']
    """
    panel = read_panel(values)
    bounds = _bounds(panel, low, high)
    if rule.evidence == "interval" and bounds is None:
        raise PanelError("The rule decides by the interval and there is none.", remedy="Give low= and high=.")
    m, n = panel.shape
    lines = rule.lines(n, regions)
    grid = panel.to_numpy()
    bottom, top = (grid, grid) if bounds is None else bounds
    known = None if bounds is None else np.where(np.isnan(bottom) | np.isnan(top), np.nan, 1.0)
    bottom, top = np.where(np.isnan(bottom), grid, bottom), np.where(np.isnan(top), grid, top)
    by_interval = rule.evidence == "interval"
    poor = _start(start, panel.columns)
    was_poor = poor.copy()
    streak = np.zeros(n, dtype=int)
    words = np.full((m, n), "missing", dtype=object)
    states = np.zeros((m, n))
    firm = np.full((m, n), np.nan)
    last = np.full(n, -1)
    changes: list[tuple[object, ...]] = []
    for year in range(m):
        value = grid[year]
        seen = ~np.isnan(value)
        below = (top[year] if by_interval else value) < lines["exit"]
        reached = (bottom[year] if by_interval else value) >= lines["enter"]
        streak = np.where(seen, np.where(below, streak + 1, 0), streak)
        leaves = seen & poor & (streak >= rule.readings)
        enters = seen & ~poor & reached
        if known is not None:
            sure_of_exit = (top[year] < lines["exit"]) | (bottom[year] >= lines["exit"])
            sure_of_entry = (top[year] < lines["enter"]) | (bottom[year] >= lines["enter"])
            firm[year] = np.where(seen & ~np.isnan(known[year]), np.where(poor, sure_of_exit, sure_of_entry), np.nan)
        again = enters & was_poor
        poor = (poor & ~leaves) | enters
        near = ~poor & (value >= lines["risk"])
        words[year] = np.select(
            [~seen, poor & (again | (_words_before(words, last) == "relapsed")), poor, near, was_poor | leaves],
            ["missing", "relapsed", "poor", "at risk", "exited"],
            "not poor",
        )
        for unit in np.flatnonzero(leaves | enters):
            kind = "exit" if leaves[unit] else "relapse" if again[unit] else "entry"
            before = panel.index[last[unit]] if last[unit] >= 0 else pd.NA
            sure = pd.NA if np.isnan(firm[year, unit]) else bool(firm[year, unit])
            changes.append((panel.columns[unit], kind, panel.index[year], before, value[unit], sure))
        was_poor |= poor
        states[year] = np.where(seen, poor, np.nan)
        last = np.where(seen, year, last)
    # As objects: pandas would make a column of text of each of thousands of units.
    status = pd.DataFrame(words, index=panel.index, columns=panel.columns, dtype=object)
    return StatusHistory(
        status=status,
        poor=_boolean(states, panel),
        firm=_boolean(firm, panel),
        changes=pd.DataFrame(changes, columns=["unit", "kind", "year", "previous_year", "value", "firm"]).astype(
            {"kind": "str", "year": "int64", "previous_year": "Int64", "value": "float64", "firm": "boolean"}
        ),
        counts=_counts(status),
        rule=rule,
    )


def _words_before(words: NDArray[np.object_], last: NDArray[np.intp]) -> NDArray[np.object_]:
    """Status of each unit at its reading before; ``missing`` where there was none."""
    return np.where(last >= 0, words[last, np.arange(words.shape[1])], "missing")


def _bounds(
    panel: pd.DataFrame, low: Panel | None, high: Panel | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    bottom, top = companion(low, panel, name="low"), companion(high, panel, name="high")
    if bottom is None and top is None:
        return None
    if bottom is None or top is None:
        raise PanelError("Only one end of the intervals is given.", remedy="Give low= and high=, or neither.")
    outside = (bottom > panel) | (top < panel)
    if outside.any(axis=None):
        year, unit = (part[0] for part in np.nonzero(outside.to_numpy()))
        raise PanelError(
            f"The interval of unit {panel.columns[unit]} in {panel.index[year]}, {bottom.iloc[year, unit]:g} to "
            f"{top.iloc[year, unit]:g}, does not enclose its value, {panel.iloc[year, unit]:g}.",
            remedy="Give low ≤ value ≤ high.",
        )
    return bottom.to_numpy(), top.to_numpy()


def _start(start: object, units: pd.Index) -> NDArray[np.bool_]:
    if isinstance(start, pd.Series):
        lost = units.difference(start.index)
        if len(lost) or not start.index.is_unique or start.isna().any():
            raise PanelError(
                f"The starting status covers {len(units) - len(lost)} of {len(units)} units"
                + (f"; {lost[0]} is among the absent." if len(lost) else ", with gaps or repeats."),
                remedy="Give True or False for each unit.",
            )
        return start.reindex(units).to_numpy(dtype=bool)
    if start not in ("not poor", "poor"):
        raise PanelError(f"Start {start!r} is unknown.", remedy="Choose poor or not poor, or give booleans by unit.")
    return np.full(len(units), start == "poor")


def _boolean(grid: NDArray[np.float64], panel: pd.DataFrame) -> pd.DataFrame:
    # Column by column from whole arrays: pandas' own conversion takes twice as long over thousands of units.
    unknown, true = np.isnan(grid), grid == 1
    units = range(grid.shape[1])
    columns = {unit: pd.arrays.BooleanArray(true[:, unit].copy(), unknown[:, unit].copy()) for unit in units}
    return pd.DataFrame(columns, index=panel.index).set_axis(panel.columns, axis=1)


def _counts(status: pd.DataFrame) -> pd.DataFrame:
    words = list(get_args(Status))
    grid = status.to_numpy()
    counts = pd.DataFrame({word: (grid == word).sum(axis=1) for word in words}, index=status.index)
    counts["n"] = counts[[word for word in words if word != "missing"]].sum(axis=1)
    return counts
