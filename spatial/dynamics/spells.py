"""Spells of poverty, cut off where observation begins or ends, and how fast they end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from fuping.spatial.dynamics.panel import PanelError, read_panel
from fuping.spatial.inference import normal_quantile, proportion_interval
from scipy import stats

__all__ = ["ExitComparison", "ExitCurve", "compare_exits", "exit_curve", "spells"]


def spells(poor: pd.DataFrame, *, gaps: Literal["carry", "cut"]) -> pd.DataFrame:
    """List the spells of each unit.

    Parameters
    ----------
    poor
        Years × units; true or 1 while the unit is poor, false or 0 while not, missing otherwise, as
        ``status_history(...).poor``. A bare comparison (``rates >= 20``) turns missing into false: mask it first.
    gaps
        A missing reading inside a spell: ``"carry"`` joins both sides if both are poor; ``"cut"`` ends the spell there
        as right-censored, and begins the next as left-censored.

    Returns
    -------
    pandas.DataFrame
        One row a spell: ``unit``, ``start`` (first poor reading), ``end`` (first reading no longer poor; missing if
        censored), ``last_seen`` (last poor reading), ``duration``, ``left_censored`` (poor at the first reading, so
        the start is unknown), ``right_censored`` (no end seen), ``uncertain_years`` (years between the last poor
        reading and the end in excess of one).

    Raises
    ------
    PanelError
        A state is neither 0, 1 nor missing, ``gaps`` is unknown, or the panel is malformed.

    Notes
    -----
    Duration is end less start, in years; of a spell without an end, last poor reading less start: the years it is
    known to have outlasted.

    Examples
    --------
    >>> poor = pd.DataFrame({"a": [0, 1, 1, 0], "b": [1, 0, 0, 1]}, index=[2001, 2002, 2003, 2004])
    >>> spells(poor, gaps="cut")[["unit", "start", "duration", "left_censored", "right_censored"]].values.tolist()
    [['a', 2002, 2, False, False], ['b', 2001, 1, True, False], ['b', 2004, 0, False, True]]
    """
    if gaps not in ("carry", "cut"):
        raise PanelError(f"gaps={gaps!r} is unknown.", remedy="Choose carry or cut.")
    states_of = poor
    if isinstance(poor, pd.DataFrame):
        # At once, not column by column: there are thousands of units.
        grid = poor.to_numpy(dtype="float64", na_value=np.nan)
        states_of = pd.DataFrame(grid, index=poor.index, columns=poor.columns)
    panel = read_panel(states_of, name="poor")
    states = panel.to_numpy()
    odd = ~np.isnan(states) & (states != 0) & (states != 1)
    if odd.any():
        raise PanelError(f"State {states[odd][0]:g} is neither 0 nor 1.", remedy="Give true, false or missing.")
    years = panel.index.to_numpy()
    rows = [
        (unit, *spell)
        for unit, series in zip(panel.columns, states.T, strict=True)
        for spell in _spells_of(years, series, gaps)
    ]
    names = ["unit", "start", "end", "last_seen", "duration", "left_censored", "right_censored", "uncertain_years"]
    kinds = dict.fromkeys(("start", "last_seen", "duration", "uncertain_years"), "int64")
    return pd.DataFrame(rows, columns=names).astype(
        {**kinds, "end": "Int64", "left_censored": "bool", "right_censored": "bool"}
    )


def _spells_of(years: np.ndarray, series: np.ndarray, gaps: str) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    start: int | None = None
    last, left = 0, False
    unknown = True
    for year, state in zip(years.tolist(), series.tolist(), strict=True):
        if np.isnan(state):
            if gaps == "cut":
                if start is not None:
                    found.append((start, pd.NA, last, last - start, left, True, 0))
                start, unknown = None, True
            continue
        if state == 1:
            if start is None:
                start, left = year, unknown
            last = year
        elif start is not None:
            found.append((start, year, last, year - start, left, False, year - last - 1))
            start = None
        unknown = False
    if start is not None:
        found.append((start, pd.NA, last, last - start, left, True, 0))
    return found


@dataclass(frozen=True)
class ExitCurve:
    """Share of spells still going on after so many years.

    Parameters
    ----------
    table
        Index duration (years); ``n_at_risk``, ``n_exits``, ``n_censored``, ``hazard`` with ``hazard_low`` and
        ``hazard_high`` (Wilson), ``survival``, ``se`` (Greenwood), ``low``, ``high``.
    median, median_low, median_high
        First duration at which half have left, and where the limits of the curve cross one half; NaN where they do
        not within the time observed.
    n_spells, n_exits
        Spells used, and ends seen among them.
    n_left_out
        Left-censored spells, whose duration is unknown.
    confidence
        Coverage of the intervals.
    """

    table: pd.DataFrame
    median: float
    median_low: float
    median_high: float
    n_spells: int
    n_exits: int
    n_left_out: int
    confidence: float


def exit_curve(
    table: pd.DataFrame,
    *,
    confidence: float = 0.95,
    interval: Literal["log-log", "linear"] = "log-log",
) -> ExitCurve:
    r"""Estimate by Kaplan–Meier how long spells last.

    Parameters
    ----------
    table
        One row a spell, with ``duration`` (years, 0 or more), ``right_censored`` and, if known, ``left_censored``, as
        :func:`spells` gives it. Left-censored spells are left out and counted.
    confidence
        Coverage.
    interval
        ``"log-log"`` stays within 0 and 1 (Kalbfleisch & Prentice 1980); ``"linear"`` is the survival ± z se, clipped.

    Raises
    ------
    PanelError
        Columns are absent, a duration is negative or missing, or no spell is left.

    Notes
    -----
    :math:`S(t) = \prod_{t_j \le t}(1 - d_j/n_j)`, Greenwood's
    :math:`se^2 = S^2 \sum d_j/(n_j(n_j - d_j))` (Kaplan & Meier 1958). Spells censored at a duration count as at risk
    there. Spells are taken as independent, although a unit may have several.
    """
    z = normal_quantile(confidence)
    if interval not in ("log-log", "linear"):
        raise PanelError(f"Interval {interval!r} is unknown.", remedy="Choose log-log or linear.")
    known = _known_spells(table)
    censored = known["right_censored"].to_numpy(dtype=bool)
    duration = known["duration"].to_numpy(dtype=float)
    times = np.unique(duration)
    at = np.searchsorted(times, duration)
    exits = np.bincount(at[~censored], minlength=len(times))
    lost = np.bincount(at[censored], minlength=len(times))
    risk = len(duration) - np.concatenate([[0], np.cumsum(exits + lost)[:-1]])
    curve = stats.ecdf(stats.CensoredData.right_censored(duration, censored)).sf
    survival = curve.probabilities
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(exits / (risk * (risk - exits)))
        se = np.where(survival > 0, survival * np.sqrt(greenwood), 0.0)
        if interval == "linear":
            low, high = np.maximum(survival - z * se, 0.0), np.minimum(survival + z * se, 1.0)
        else:
            theta = z * np.sqrt(greenwood) / np.log(survival)
            low, high = survival ** np.exp(-theta), survival ** np.exp(theta)
            # No exit yet: nothing varies. Nobody left: the limits of the step before are the last that exist.
            low, high = np.where(survival == 1, 1.0, low), np.where(survival == 1, 1.0, high)
            low, high = np.where(survival == 0, np.nan, low), np.where(survival == 0, np.nan, high)
    hazard_low, hazard_high = proportion_interval(exits, risk, confidence=confidence)
    steps = pd.DataFrame(
        {
            "n_at_risk": risk,
            "n_exits": exits,
            "n_censored": lost,
            "hazard": exits / risk,
            "hazard_low": hazard_low,
            "hazard_high": hazard_high,
            "survival": survival,
            "se": se,
            "low": low,
            "high": high,
        },
        index=pd.Index(times, name="duration"),
    )
    return ExitCurve(
        table=steps,
        median=_first(times, survival <= 0.5 + 1e-12),
        median_low=_first(times, low <= 0.5),
        median_high=_first(times, high <= 0.5),
        n_spells=len(known),
        n_exits=int(exits.sum()),
        n_left_out=len(table) - len(known),
        confidence=confidence,
    )


def _first(times: np.ndarray, reached: np.ndarray) -> float:
    return float(times[np.argmax(reached)]) if reached.any() else float("nan")


def _known_spells(table: pd.DataFrame) -> pd.DataFrame:
    absent = [name for name in ("duration", "right_censored") if name not in table.columns]
    if absent:
        raise PanelError(f"The table of spells has no column {', '.join(absent)}.", remedy="Give what spells() gives.")
    known = table[~table["left_censored"].astype(bool)] if "left_censored" in table.columns else table
    bad = ~(known["duration"] >= 0)
    if bad.any():
        raise PanelError(f"{int(bad.sum())} durations are negative or missing.", remedy="Give years from 0.")
    if known.empty:
        raise PanelError(
            f"All {len(table)} spells are left-censored, so no duration is known."
            if len(table)
            else "There are no spells.",
            remedy="Observe from before the spells begin.",
        )
    return known


@dataclass(frozen=True)
class ExitComparison:
    """Log-rank test of two sets of spells.

    Parameters
    ----------
    statistic
        Chi-square with one degree of freedom.
    p_value
        Two-sided.
    n_first, n_second
        Spells compared.
    """

    statistic: float
    p_value: float
    n_first: int
    n_second: int


def compare_exits(first: pd.DataFrame, second: pd.DataFrame) -> ExitComparison:
    """Test by log-rank whether two sets of spells end at the same pace.

    Parameters
    ----------
    first, second
        Spells as for :func:`exit_curve`; left-censored ones are left out.

    Raises
    ------
    PanelError
        A table is malformed or empty, or no spell ends in either.
    """
    one, two = _known_spells(first), _known_spells(second)
    if one["right_censored"].all() and two["right_censored"].all():
        raise PanelError("No spell ends in either group.", remedy="There is nothing to compare yet.")
    sides = [
        stats.CensoredData.right_censored(
            side["duration"].to_numpy(dtype=float), side["right_censored"].to_numpy(dtype=bool)
        )
        for side in (one, two)
    ]
    test = stats.logrank(*sides)
    return ExitComparison(float(test.statistic**2), float(test.pvalue), len(one), len(two))
