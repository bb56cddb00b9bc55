"""Who is beyond a declared line, how surely, and how grave that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from fuping.spatial.dynamics.panel import Panel, PanelError, companion, read_panel
from numpy.typing import NDArray

__all__ = ["AlertLine", "Alerts", "alerts", "exceedance"]

Side = Literal["above", "below"]
Severity = Literal["red", "orange", "yellow"]


def exceedance(
    values: Panel, *, line: float, beyond: Side, low: Panel | None = None, high: Panel | None = None
) -> pd.DataFrame:
    """Tell whether each value, and its interval, lies beyond a line.

    Parameters
    ----------
    values
        Shape (m years, n units), NaN missing.
    line, beyond
        Beyond is at the line or past it on that side.
    low, high
        Ends of the intervals, both or neither.

    Returns
    -------
    pandas.DataFrame
        Years × units: ``beyond`` (the whole interval), ``point beyond`` (the value, not all of its interval),
        ``interval reaches`` (not the value, but some of its interval), ``within``, ``missing``; without an interval
        ``point beyond`` or ``point within``.

    Raises
    ------
    PanelError
        The panel is malformed, or the intervals do not enclose the values.

    Examples
    --------
    >>> rates = np.array([[25.0, 21.0, 19.0, 15.0]])
    >>> exceedance(rates, line=20, beyond="above", low=rates - 2, high=rates + 2).values.tolist()
    [['beyond', 'point beyond', 'interval reaches', 'within']]
    """
    panel = read_panel(values)
    near, far = _ends(panel, low, high, beyond)
    sign = 1 if beyond == "above" else -1
    point, whole, some = (sign * part >= sign * line for part in (panel.to_numpy(), near, far))
    bare = np.isnan(near)
    words = np.select(
        [panel.isna(), bare & point, bare, whole, point, some],
        ["missing", "point beyond", "point within", "beyond", "point beyond", "interval reaches"],
        "within",
    )
    # As objects: pandas would make a column of text of each of thousands of units.
    return pd.DataFrame(words, index=panel.index, columns=panel.columns, dtype=object)


def _ends(
    panel: pd.DataFrame, low: Panel | None, high: Panel | None, beyond: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the end of each interval nearest to being safe, then the other; NaN without an interval."""
    if beyond not in ("above", "below"):
        raise PanelError(f"beyond={beyond!r} is unknown.", remedy="Choose above or below.")
    bottom, top = companion(low, panel, name="low"), companion(high, panel, name="high")
    if (bottom is None) != (top is None):
        raise PanelError("Only one end of the intervals is given.", remedy="Give low= and high=, or neither.")
    if bottom is None or top is None:
        nothing = np.full(panel.shape, np.nan)
        return nothing, nothing
    outside = ((bottom > panel) | (top < panel)).to_numpy()
    if outside.any():
        year, unit = (part[0] for part in np.nonzero(outside))
        raise PanelError(
            f"The interval of unit {panel.columns[unit]} in {panel.index[year]} does not enclose its value.",
            remedy="Give low ≤ value ≤ high.",
        )
    half = bottom.isna() | top.isna()
    ends = [end.mask(half).to_numpy() for end in (bottom, top)]
    return (ends[0], ends[1]) if beyond == "above" else (ends[1], ends[0])


@dataclass(frozen=True)
class AlertLine:
    """A declared pair of lines for one indicator.

    Parameters
    ----------
    indicator
        Its identifier.
    cause
        What an alert is put down to (illness, schooling, disaster, housing and water, income fall, …).
    warning
        First line.
    guarantee
        Second line, at least as far out: what must not happen.
    beyond
        On which side of the lines it is bad.
    source
        Where the lines are written down.

    Raises
    ------
    PanelError
        The guarantee line is not as far out as the warning line.
    """

    indicator: str
    cause: str
    warning: float
    guarantee: float
    beyond: Side
    source: str = ""

    def __post_init__(self) -> None:
        if self.beyond not in ("above", "below"):
            raise PanelError(f"beyond={self.beyond!r} is unknown.", remedy="Choose above or below.")
        sign = 1 if self.beyond == "above" else -1
        if not sign * self.guarantee >= sign * self.warning:
            raise PanelError(
                f"{self.indicator}: the guarantee line, {self.guarantee:g}, comes before the warning line, "
                f"{self.warning:g}.",
                remedy=f"Bad is {self.beyond} the lines; put the guarantee line farther {self.beyond}.",
            )


@dataclass(frozen=True)
class Alerts:
    """Alerts of one indicator in one year.

    Parameters
    ----------
    table
        One row a unit that is alerted, gravest first: ``unit``, ``year``, ``indicator``, ``cause``, ``severity``,
        ``line`` (guarantee or warning), ``evidence``, ``value``, ``low``, ``high``, ``expected_year`` (of a forecast).
    counts
        Units by severity, and ``none``, ``missing``.
    missing
        Units without a value in the year: not alerted, and not safe either.
    """

    table: pd.DataFrame
    counts: dict[str, int]
    missing: tuple[object, ...]


def alerts(
    values: Panel,
    line: AlertLine,
    *,
    year: int,
    low: Panel | None = None,
    high: Panel | None = None,
    forecasts: pd.DataFrame | None = None,
) -> Alerts:
    """Raise an alert for each unit beyond a declared line in one year, or forecast to be.

    Parameters
    ----------
    values
        Shape (m years, n units), NaN missing.
    line
        Declared lines, with the cause.
    year
        Year of the panel to judge.
    low, high
        Ends of the intervals of the values, both or neither.
    forecasts
        ``unit``, ``origin``, ``year`` and ``value`` of later years, as
        :func:`~fuping.spatial.dynamics.forecast.forecast` gives them.

    Returns
    -------
    Alerts
        ``red``: the whole interval is beyond the guarantee line. ``orange``: the value is beyond the guarantee line,
        or the whole interval beyond the warning line. ``yellow``: the value is beyond the warning line, or is forecast
        to be. Where no interval is known the value alone decides and ``evidence`` says ``value only``.

    Raises
    ------
    PanelError
        The year is not in the panel, intervals do not enclose the values, or the forecasts start from another year.

    Examples
    --------
    >>> income = AlertLine("income", "income fall", warning=8000, guarantee=6000, beyond="below")
    >>> raised = alerts(np.array([[5000.0, 7000.0, 9000.0]]), income, year=0)
    >>> raised.table[["unit", "severity"]].values.tolist()
    [[0, 'red'], [1, 'orange']]
    """
    panel = read_panel(values)
    if year not in panel.index:
        raise PanelError(f"Year {year} is not in the panel.", remedy=f"Choose among {list(panel.index)}.")
    near, far = _ends(panel, low, high, line.beyond)
    bottom, top = (near, far) if line.beyond == "above" else (far, near)
    at = panel.index.get_loc(year)
    sign = 1 if line.beyond == "above" else -1
    value, end = sign * panel.to_numpy()[at], sign * near[at]
    bare = np.isnan(end)
    whole = np.where(bare, value, end)
    guarantee, warning = sign * line.guarantee, sign * line.warning
    expected = _expected_years(forecasts, panel.columns, year, sign, warning)
    conditions = [whole >= guarantee, value >= guarantee, whole >= warning, value >= warning, ~np.isnan(expected)]
    severity = np.select(conditions, ["red", "orange", "orange", "yellow", "yellow"], "none")
    severity = np.where(np.isnan(value), "missing", severity)
    beyond_now = conditions[3]
    evidence = np.select(
        [~beyond_now, bare, conditions[0] | (~conditions[1] & conditions[2])],
        ["forecast", "value only", "whole interval"],
        "value, not all of its interval",
    )
    table = pd.DataFrame(
        {
            "unit": panel.columns,
            "year": year,
            "indicator": line.indicator,
            "cause": line.cause,
            "severity": severity,
            "line": np.where(conditions[1], "guarantee", "warning"),
            "evidence": evidence,
            "value": panel.to_numpy()[at],
            "low": bottom[at],
            "high": top[at],
            "expected_year": pd.array(np.where(beyond_now, np.nan, expected), dtype="Float64").astype("Int64"),
        }
    )
    raised = table[table["severity"].isin(["red", "orange", "yellow"])]
    gravity = raised["severity"].map({"red": 0, "orange": 1, "yellow": 2})
    order = gravity.to_frame("gravity").assign(value=-sign * raised["value"]).sort_values(["gravity", "value"]).index
    counts = {word: int((severity == word).sum()) for word in ("red", "orange", "yellow", "none", "missing")}
    return Alerts(raised.loc[order].reset_index(drop=True), counts, tuple(panel.columns[np.isnan(value)]))


def _expected_years(
    forecasts: pd.DataFrame | None, units: pd.Index, year: int, sign: int, warning: float
) -> NDArray[np.float64]:
    """First year each unit is forecast beyond the warning line; NaN if none."""
    if forecasts is None:
        return np.full(len(units), np.nan)
    absent = [name for name in ("unit", "origin", "year", "value") if name not in forecasts.columns]
    if absent:
        raise PanelError(f"The forecasts have no column {', '.join(absent)}.", remedy="Give what forecast() gives.")
    origins = forecasts["origin"].unique()
    if list(origins) != [year]:
        raise PanelError(
            f"The forecasts start from {sorted(origins.tolist())}, the alerts are of {year}.",
            remedy="Forecast from the panel up to that year.",
        )
    beyond = forecasts[sign * forecasts["value"] >= warning]
    return beyond.groupby("unit")["year"].min().reindex(units).to_numpy(dtype=float)
