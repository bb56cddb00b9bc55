"""Which units are beyond a line, how surely, and since when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.scope import NamedUnit, named, scope
from fuping.dashboard.state import ViewState
from fuping.spatial.cube.values import UnitYearValues
from numpy.typing import NDArray

__all__ = [
    "FURTHEST",
    "Alert",
    "AlertList",
    "Judged",
    "Lines",
    "Refusal",
    "able",
    "alert_list",
    "judge",
    "refusal",
    "since",
]

Refusal = Literal["status", "neutral", "size", "no_line", "order", "no_figures"]

Source = Literal["given", "reference", "declared", "previous"]

MOST_LISTED = 12

LEAST_UNITS = 10
"""Fewer units have no worst twentieth."""

WORST_FIFTH, WORST_TWENTIETH = 0.8, 0.95

FURTHEST = 1e12


@dataclass(frozen=True)
class Lines:
    """The two lines; ``source`` tells who drew them, ``year`` that of the figures they are drawn from."""

    warning: float
    guarantee: float
    beyond: Literal["above", "below"]
    source: Source
    year: int | None = None


@dataclass(frozen=True)
class Alert:
    """One unit beyond a line.

    Parameters
    ----------
    severity
        ``red``, ``orange`` or ``yellow``.
    evidence
        ``whole interval``, ``value, not all of its interval`` or ``value only``.
    since
        First year of the unbroken row of figures at or beyond the warning line that ends in the view's year.
    """

    unit: NamedUnit
    severity: str
    evidence: str
    value: float
    low: float
    high: float
    since: int


@dataclass(frozen=True, eq=False)
class AlertList:
    """Alerts of an indicator in a year.

    Parameters
    ----------
    lines
        What was judged against.
    listed
        The gravest; and the selected unit where it is alerted and not among them.
    counts
        Severity → units; with ``none`` and ``missing``.
    now, before
        How the units stand to the warning line in the year and in the one before, words of
        :func:`fuping.spatial.dynamics.warning.exceedance` → units; ``before`` is empty where there is none to compare.
    base
        The year before.
    new
        Units whose figure is beyond the warning line and was not in the year before; ``None`` without such a year.
    has_interval
        Whether intervals were judged.
    """

    lines: Lines
    listed: tuple[Alert, ...]
    counts: Mapping[str, int]
    now: Mapping[str, int]
    before: Mapping[str, int]
    base: int | None
    new: int | None
    has_interval: bool


def refusal(declared: Mapping[str, Any]) -> Refusal | None:
    """Return why no line can be drawn for an indicator, whatever its figures; ``None`` where one can.

    Returns
    -------
    str or None
        ``status``: it has categories. ``neutral``: neither high nor low is bad. ``size``: it is a total, so its height
        tells how large a place is.
    """
    if declared["categories"]:
        return "status"
    if declared["direction"] == "neutral":
        return "neutral"
    return "size" if declared["aggregation"] == "extensive" else None


def able(reader: Reader, view: ViewState) -> list[Mapping[str, Any]]:
    """Return the indicators of the pack that alerts can be raised for."""
    return [
        one
        for one in reader.catalogue(view.pack)["indicators"]
        if one["shown"] and refusal(one) is None and any(level["n_values"] for level in one["levels"].values())
    ]


def alert_list(reader: Reader, view: ViewState) -> AlertList | Refusal:
    """Return the alerts of the view's indicator, level and year, or why there can be none."""
    judged = judge(reader, view)
    return judged if isinstance(judged, str) else _alert_list(reader, view, judged)


def judge(reader: Reader, view: ViewState) -> Judged | Refusal:
    """Judge the units that the view looks at against two lines, or return why they cannot be.

    The lines are the page's parameters ``line`` and ``grave``; else those that the pack declares; else the middle and
    the last of its class breaks; else what the worst fifth and the worst twentieth had reached in the year before.
    """
    declared = reader.indicator(view.pack, view.indicator)
    refused = refusal(declared)
    if refused:
        return refused
    lines = _lines(reader, view, declared)
    if isinstance(lines, str):
        return lines
    values = reader.values(view.pack, view.indicator, view.level)
    row = values.at(view.year)
    compared = bool(row) and not _crossed(declared, values.years[row - 1], view.year)
    inside = scope(reader, view, view.level).inside.tobytes()
    return _judged(
        reader, view.pack, reader.version(view.pack), view.indicator, view.level, row, lines, inside, compared=compared
    )


def _lines(reader: Reader, view: ViewState, declared: Mapping[str, Any]) -> Lines | Refusal:
    beyond: Literal["above", "below"] = "above" if declared["direction"] == "higher_is_worse" else "below"
    values = reader.values(view.pack, view.indicator, view.level)
    inside = scope(reader, view, view.level).inside
    row = values.at(view.year)
    if not np.isfinite(values.value[row, inside]).any():
        return "no_figures"
    nothing = float("nan")
    line = view.amount("line", nothing, low=-FURTHEST, high=FURTHEST)
    grave = view.amount("grave", nothing, low=-FURTHEST, high=FURTHEST)
    drawn = _drawn(declared, values, row, beyond)
    if np.isnan(line) and drawn is None:
        return "no_line"
    warning = drawn.warning if np.isnan(line) and drawn else line
    guarantee = drawn.guarantee if np.isnan(grave) and drawn and np.isnan(line) else grave
    guarantee = warning if np.isnan(guarantee) else guarantee
    if (guarantee < warning) if beyond == "above" else (guarantee > warning):
        return "order"
    given = not np.isnan(line) or not np.isnan(grave)
    return Lines(warning, guarantee, beyond, "given") if given or drawn is None else drawn


def _drawn(
    declared: Mapping[str, Any], values: UnitYearValues, row: int, beyond: Literal["above", "below"]
) -> Lines | None:
    lines = declared.get("alert_lines")
    if lines:
        return Lines(lines["warning"], lines["guarantee"], beyond, "reference")
    breaks = declared["class_breaks"]
    if breaks:
        ordered = breaks if beyond == "above" else breaks[::-1]
        return Lines(ordered[len(ordered) // 2], ordered[-1], beyond, "declared")
    if not row or _crossed(declared, values.years[row - 1], values.years[row]):
        return None
    before = values.value[row - 1][np.isfinite(values.value[row - 1])]
    if len(before) < LEAST_UNITS:
        return None
    shares = (WORST_FIFTH, WORST_TWENTIETH) if beyond == "above" else (1 - WORST_FIFTH, 1 - WORST_TWENTIETH)
    warning, guarantee = np.round(np.quantile(before, shares), declared["decimals"]).tolist()
    return Lines(warning, guarantee, beyond, "previous", values.years[row - 1])


def _alert_list(reader: Reader, view: ViewState, judged: Judged) -> AlertList:
    kept = judged.rows.head(MOST_LISTED)
    codes = reader.units(view.pack, view.level)["code"]
    if view.unit in codes:
        others = judged.rows.iloc[MOST_LISTED:]
        kept = pd.concat([kept, others[others["unit"] == codes.index(view.unit)]])
    return AlertList(
        lines=judged.lines,
        listed=tuple(_alert(reader, view, judged.lines, one) for one in kept.to_dict("records")),
        counts=judged.counts,
        now=judged.now,
        before=judged.before,
        base=judged.base,
        new=judged.new,
        has_interval=judged.has_interval,
    )


@dataclass(frozen=True, eq=False)
class Judged:
    """The units beyond the lines.

    Parameters
    ----------
    rows
        As :func:`fuping.spatial.dynamics.warning.alerts` gives them; ``unit`` is the position in the level.
    lines, counts, now, before, base, new, has_interval
        As of :class:`AlertList`.
    """

    rows: pd.DataFrame
    lines: Lines
    base: int | None
    counts: Mapping[str, int]
    now: Mapping[str, int]
    before: Mapping[str, int]
    new: int | None
    has_interval: bool


@once(maxsize=64)
def _judged(
    reader: Reader,
    pack: str,
    version: str,
    indicator: str,
    level: str,
    row: int,
    lines: Lines,
    inside: bytes,
    *,
    compared: bool,
) -> Judged:
    from fuping.spatial.dynamics.warning import AlertLine, alerts, exceedance

    values = reader.values(pack, indicator, level)
    places = np.flatnonzero(np.frombuffer(inside, dtype=bool))
    panel, low, high = _panels(values, slice(row - 1 if compared else row, row + 1), places)
    line = AlertLine(indicator, "", lines.warning, lines.guarantee, lines.beyond)
    raised = alerts(panel, line, year=values.years[row], low=low, high=high)
    words = exceedance(panel, line=lines.warning, beyond=lines.beyond, low=low, high=high).to_numpy(dtype=object)
    beyond = (words == "beyond") | (words == "point beyond")
    # A unit without a figure in the year before is not new: it may have been there.
    new = int((beyond[-1] & ~beyond[0] & panel.iloc[0].notna().to_numpy()).sum()) if compared else None
    before = Counter(words[0].tolist()) if compared else {}
    base = values.years[row - 1] if compared else None
    now = Counter(words[-1].tolist())
    return Judged(raised.table, lines, base, raised.counts, now, before, new, low is not None)


def _panels(
    values: UnitYearValues, rows: slice, places: NDArray[np.intp]
) -> tuple[pd.DataFrame, pd.DataFrame | None, pd.DataFrame | None]:
    """Return values and ends of intervals, years × positions; no ends where none is given."""

    def panel(grid: NDArray[np.float64]) -> pd.DataFrame:
        return pd.DataFrame(grid[rows][:, places], index=list(values.years[rows]), columns=places)

    low, high = panel(values.lower), panel(values.upper)
    given = bool(low.notna().any(axis=None) and high.notna().any(axis=None))
    return panel(values.value), low if given else None, high if given else None


def _crossed(declared: Mapping[str, Any], first: int, last: int) -> bool:
    return any(first < year <= last for year in declared["breaks_in_series"])


def since(reader: Reader, view: ViewState, lines: Lines, at: int) -> int:
    """Return the first year of the unbroken row of figures at or beyond the warning line that ends in the view's."""
    declared = reader.indicator(view.pack, view.indicator)
    values = reader.values(view.pack, view.indicator, view.level)
    sign = 1 if lines.beyond == "above" else -1
    first = values.at(view.year)
    while (
        first
        and sign * values.value[first - 1, at] >= sign * lines.warning
        and not _crossed(declared, values.years[first - 1], values.years[first])
    ):
        first -= 1
    return values.years[first]


def _alert(reader: Reader, view: ViewState, lines: Lines, row: Mapping[Any, Any]) -> Alert:
    at = int(row["unit"])
    unit = named(reader, view, view.level, at)
    figures = float(row["value"]), float(row["low"]), float(row["high"])
    return Alert(unit, row["severity"], row["evidence"], *figures, since(reader, view, lines, at))
