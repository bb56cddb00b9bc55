"""Simple forecasts whose intervals are tried out on the past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from fuping.spatial.dynamics.panel import Panel, PanelError, read_panel
from fuping.spatial.inference import check_confidence, proportion_interval
from numpy.typing import NDArray
from scipy import stats

__all__ = ["BackTest", "alarm_rates", "back_test", "forecast"]

Method = Literal["last_value", "drift", "trend"]
LEAST: dict[str, int] = {"last_value": 3, "drift": 4, "trend": 4}
"""Fewest readings that leave two degrees of freedom or more for the spread of the errors."""

COLUMNS = ["unit", "origin", "horizon", "year", "value", "low", "high", "se", "n", "last_value"]


@dataclass(frozen=True)
class BackTest:
    """Forecasts of years that have passed, against what came.

    Parameters
    ----------
    errors
        One row a forecast: ``unit``, ``origin`` (last year used), ``horizon``, ``year``, ``value``, ``low``, ``high``,
        ``se``, ``n`` (readings used), ``last_value`` (at or before the origin), ``actual``.
    by_horizon
        Index horizon (years); ``n``, ``bias`` (mean of actual less forecast), ``mae``, ``rmse``, ``coverage`` of the
        intervals with its Wilson limits ``coverage_low`` and ``coverage_high``, ``nominal``, and ``stretch``: what
        the standard error must be multiplied by for the intervals to have held the nominal share. Forecasts of
        neighbouring places and years are not independent, so the limits are too narrow.
    method, confidence
        As asked for.
    """

    errors: pd.DataFrame
    by_horizon: pd.DataFrame
    method: Method
    confidence: float


def forecast(
    values: Panel,
    *,
    method: Method,
    horizons: Sequence[int],
    confidence: float = 0.8,
    calibration: BackTest | None = None,
    bounds: tuple[float, float] | None = None,
) -> pd.DataFrame:
    r"""Carry each unit's series forward.

    Parameters
    ----------
    values
        Shape (m years, n units), NaN missing; years need not be evenly spaced.
    method
        ``"last_value"`` (random walk), ``"drift"`` (random walk with the mean change), ``"trend"`` (least squares
        line).
    horizons
        Years after the last year of the panel, each 1 or more.
    confidence
        Nominal coverage of the intervals.
    calibration
        A back-test by the same method that holds these horizons: its ``stretch`` then replaces the t quantile, so
        that the intervals rest on errors made and not on the model.
    bounds
        Least and greatest possible value (0 and 100 for a rate); values and intervals are cut off there.

    Returns
    -------
    pandas.DataFrame
        One row a unit and horizon: ``unit``, ``origin``, ``horizon``, ``year``, ``value``, ``low``, ``high``, ``se``,
        ``n``, ``last_value``; NaN where a unit has fewer than 3 (last value) or 4 readings. A unit whose last reading
        is older than the panel's last year is carried over the longer gap.

    Raises
    ------
    PanelError
        The method is unknown, a horizon is below 1, or the calibration is of another method or lacks a horizon.

    Notes
    -----
    With gaps :math:`g` to the last reading and Δ between readings, random walk
    :math:`\hat\sigma^2 = mean(\Delta x^2/\Delta t)`, :math:`se = \hat\sigma\sqrt g`; drift
    :math:`se = \hat\sigma\sqrt{g(1 + g/(t_n - t_1))}` (Hyndman & Athanasopoulos 2021, Forecasting: principles and
    practice, 5.5); trend :math:`se = s\sqrt{1 + 1/n + (t - \bar t)^2/S_{tt}}`; Student's t.
    """
    _check(method, horizons, confidence)
    panel = read_panel(values)
    stretch: dict[int, float] = {}
    if calibration is not None:
        if calibration.method != method or calibration.confidence != confidence:
            raise PanelError(
                f"The calibration is of {calibration.method!r} at {calibration.confidence:g}, the forecast of "
                f"{method!r} at {confidence:g}.",
                remedy="Back-test the same method at the same confidence.",
            )
        stretch = calibration.by_horizon["stretch"].dropna().to_dict()
        lost = [horizon for horizon in horizons if horizon not in stretch]
        if lost:
            raise PanelError(f"The calibration has no errors at horizon {lost}.", remedy=f"It has {list(stretch)}.")
    table = _forecasts(panel, method, list(horizons), confidence)
    if stretch:
        reach = table["se"] * table["horizon"].map(stretch)
        table = table.assign(low=table["value"] - reach, high=table["value"] + reach)
    if bounds is not None:
        least, most = bounds
        if not least < most:
            raise PanelError(f"Bounds {bounds} are out of order.", remedy="Give least, then greatest.")
        table[["value", "low", "high"]] = table[["value", "low", "high"]].clip(least, most)
    return table


def _check(method: str, horizons: Sequence[int], confidence: float) -> None:
    check_confidence(confidence)
    if method not in get_args(Method):
        raise PanelError(f"Method {method!r} is unknown.", remedy=f"Choose one of {', '.join(get_args(Method))}.")
    if not len(horizons) or min(horizons) < 1:
        raise PanelError(f"Horizons {list(horizons)} are not all 1 or more.", remedy="Give years ahead, as [1, 2, 3].")


def _forecasts(panel: pd.DataFrame, method: str, horizons: list[int], confidence: float) -> pd.DataFrame:
    years = panel.index.to_numpy(dtype=float)
    origin = int(panel.index[-1])
    targets = origin + np.asarray(horizons, dtype=float)
    parts = []
    for series in panel.to_numpy().T:
        seen = ~np.isnan(series)
        n = int(seen.sum())
        last = series[seen][-1] if n else np.nan
        if n < LEAST[method]:
            value = se = np.full(len(targets), np.nan)
            dof = 1
        else:
            value, se, dof = _one_forecast(years[seen], series[seen], targets, method)
        reach = stats.t.ppf((1 + confidence) / 2, dof) * se
        parts.append(
            np.column_stack(
                [value, value - reach, value + reach, se, np.full_like(value, n), np.full_like(value, last)]
            )
        )
    grid = np.concatenate(parts)
    h, n_units = len(horizons), panel.shape[1]
    table = pd.DataFrame(
        {
            "unit": np.repeat(panel.columns.to_numpy(), h),
            "origin": origin,
            "horizon": np.tile(np.asarray(horizons, dtype=np.int64), n_units),
            "year": np.tile(targets.astype(np.int64), n_units),
            **{name: grid[:, at] for at, name in enumerate(COLUMNS[4:])},
        }
    )
    return table.astype({"n": "int64"})[COLUMNS]


def _one_forecast(
    times: NDArray[np.float64], series: NDArray[np.float64], targets: NDArray[np.float64], method: str
) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
    n = len(series)
    if method == "trend":
        mean_t, mean_x = times.mean(), series.mean()
        spread = ((times - mean_t) ** 2).sum()
        slope = ((times - mean_t) * (series - mean_x)).sum() / spread
        rest = series - mean_x - slope * (times - mean_t)
        s2 = (rest**2).sum() / (n - 2)
        se = np.sqrt(s2 * (1 + 1 / n + (targets - mean_t) ** 2 / spread))
        return mean_x + slope * (targets - mean_t), se, n - 2
    gaps, steps, ahead = np.diff(times), np.diff(series), targets - times[-1]
    if method == "last_value":
        s2 = (steps**2 / gaps).mean()
        return np.full(len(targets), series[-1]), np.sqrt(s2 * ahead), n - 1
    span = times[-1] - times[0]
    drift = (series[-1] - series[0]) / span
    s2 = ((steps - drift * gaps) ** 2 / gaps).sum() / (n - 2)
    return series[-1] + drift * ahead, np.sqrt(s2 * ahead * (1 + ahead / span)), n - 2


def back_test(
    values: Panel,
    *,
    method: Method,
    horizons: Sequence[int],
    first_origin: int,
    confidence: float = 0.8,
) -> BackTest:
    """Forecast from each past year with what was known then, and compare with what came.

    Parameters
    ----------
    values, method, horizons, confidence
        As for :func:`forecast`.
    first_origin
        First year to forecast from.

    Returns
    -------
    BackTest
        Years without an observed value are not compared. Values are used as they stand today: later revisions were
        not known then.

    Raises
    ------
    PanelError
        As :func:`forecast`, or nothing can be compared.
    """
    _check(method, horizons, confidence)
    panel = read_panel(values, minimum_years=2)
    observed = panel.reset_index().melt(id_vars="year", var_name="unit", value_name="actual").dropna()
    parts = [
        _forecasts(panel.loc[:origin], method, ahead, confidence)
        for origin in panel.index[(panel.index >= first_origin) & (panel.index < panel.index[-1])]
        if (ahead := [horizon for horizon in horizons if origin + horizon in panel.index])
    ]
    errors = (
        pd.concat(parts, ignore_index=True).dropna(subset=["value"]).merge(observed, on=["unit", "year"])
        if parts
        else pd.DataFrame()
    )
    if errors.empty:
        raise PanelError(
            f"From {first_origin} on no forecast at horizons {list(horizons)} meets an observed value.",
            remedy="Begin earlier, or ask for horizons between years of the panel.",
        )
    rows = {horizon: _accuracy(part, confidence) for horizon, part in errors.groupby("horizon")}
    by_horizon = pd.DataFrame.from_dict(rows, orient="index").rename_axis("horizon").astype({"n": "int64"})
    return BackTest(errors, by_horizon, method, confidence)


def _accuracy(part: pd.DataFrame, confidence: float) -> dict[str, float]:
    miss = (part["actual"] - part["value"]).to_numpy()
    n = len(miss)
    held = int(((part["actual"] >= part["low"]) & (part["actual"] <= part["high"])).sum())
    low, high = proportion_interval(held, n)
    se = part["se"].to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = np.sort(np.where(miss == 0, 0.0, np.abs(miss) / se))
    # Split conformal: the ⌈(n + 1)c⌉-th smallest; with too few errors no finite stretch is warranted.
    rank = int(np.ceil((n + 1) * confidence))
    return {
        "n": n,
        "bias": float(miss.mean()),
        "mae": float(np.abs(miss).mean()),
        "rmse": float(np.sqrt((miss**2).mean())),
        "coverage": held / n,
        "coverage_low": float(low),
        "coverage_high": float(high),
        "nominal": confidence,
        "stretch": float(scaled[rank - 1]) if rank <= n and np.isfinite(scaled[rank - 1]) else float("nan"),
    }


def alarm_rates(
    test: BackTest,
    *,
    line: float,
    beyond: Literal["above", "below"],
    alarm_on: Literal["point", "interval", "possible"],
    at_risk: Literal["all", "within"],
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Tell how often forecasts would have warned, rightly and wrongly, at each horizon.

    Parameters
    ----------
    test
        Forecasts and what came.
    line, beyond
        An event is a value at the line or beyond it on that side.
    alarm_on
        What raises the alarm: the ``"point"``, the whole ``"interval"`` or, as ``"possible"``, its far end beyond the
        line.
    at_risk
        ``"all"`` counts every unit; ``"within"`` those whose last value was not yet beyond, so that going on as before
        earns no hit.
    confidence
        Of the Wilson intervals.

    Returns
    -------
    pandas.DataFrame
        Index horizon; ``n``, ``n_events``, ``hits``, ``misses``, ``false_alarms``, ``quiet``; ``hit_rate`` (hits /
        events), ``false_alarm_rate`` (false alarms / non-events), ``false_alarm_ratio`` (false alarms / alarms), each
        with ``_low`` and ``_high``; NaN where there was nothing to divide by.

    Raises
    ------
    PanelError
        A choice is unknown.
    """
    for name, value, choices in (
        ("beyond", beyond, ("above", "below")),
        ("alarm_on", alarm_on, ("point", "interval", "possible")),
        ("at_risk", at_risk, ("all", "within")),
    ):
        if value not in choices:
            raise PanelError(f"{name}={value!r} is unknown.", remedy=f"Choose one of {', '.join(choices)}.")
    sign = 1 if beyond == "above" else -1
    near, far = ("low", "high") if sign == 1 else ("high", "low")
    column = {"point": "value", "interval": near, "possible": far}[alarm_on]
    errors = test.errors
    if at_risk == "within":
        errors = errors[sign * errors["last_value"] < sign * line]
    rows = {}
    for horizon in test.by_horizon.index:
        part = errors[errors["horizon"] == horizon]
        event, alarm = sign * part["actual"] >= sign * line, sign * part[column] >= sign * line
        hits, false = int((event & alarm).sum()), int((~event & alarm).sum())
        misses, quiet = int((event & ~alarm).sum()), int((~event & ~alarm).sum())
        row: dict[str, float] = {
            "n": len(part),
            "n_events": hits + misses,
            "hits": hits,
            "misses": misses,
            "false_alarms": false,
            "quiet": quiet,
        }
        for name, k, n in (
            ("hit_rate", hits, hits + misses),
            ("false_alarm_rate", false, false + quiet),
            ("false_alarm_ratio", false, hits + false),
        ):
            low, high = proportion_interval(k, n, confidence=confidence)
            row |= {name: k / n if n else float("nan"), f"{name}_low": float(low), f"{name}_high": float(high)}
        rows[horizon] = row
    whole = ["n", "n_events", "hits", "misses", "false_alarms", "quiet"]
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("horizon").astype(dict.fromkeys(whole, "int64"))
