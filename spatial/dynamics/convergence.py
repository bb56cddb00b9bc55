"""Whether units grow alike: dispersion over the years, and growth against the starting level."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from fuping.spatial.dynamics.panel import Panel, PanelError, read_panel
from fuping.spatial.inference import Estimate, bootstrap_units, check_confidence
from numpy.typing import ArrayLike, NDArray
from scipy import stats

__all__ = ["BetaConvergence", "SigmaConvergence", "beta_convergence", "sigma_convergence"]

Dispersion = Literal["sd_log", "cv", "sd"]


@dataclass(frozen=True)
class SigmaConvergence:
    """Dispersion between units, year by year.

    Parameters
    ----------
    by_year
        Index year; ``dispersion``, ``low``, ``high``, ``se``, ``n``.
    change
        Last year less first year, over the same units, drawn together.
    verdict
        Told from the interval of ``change``.
    n_left_out
        Units without a value in every year; left out, so that a change of units is not taken for a change of spread.
    measure
        How dispersion is measured.
    """

    by_year: pd.DataFrame
    change: Estimate
    verdict: Literal["converging", "diverging", "not distinguishable"]
    n_left_out: int
    measure: Dispersion


@dataclass(frozen=True)
class BetaConvergence:
    """Growth regressed on the starting level.

    Parameters
    ----------
    intercept, slope
        Of average yearly growth on the (log) level at the start, with HC3 standard errors and t intervals.
    p_value
        Two-sided, of slope 0.
    speed
        Share of the gap closed a year, β; NaN where the slope implies none.
    half_life
        Years to close half the gap; its interval is open (inf) where that of the speed reaches 0.
    controls
        Index name of the control; ``value``, ``se``, ``low``, ``high``.
    r_squared
        Explained share of the variance of growth.
    verdict
        Told from the interval of the slope.
    n, n_left_out
        Units used, and units without a value in the first or last year or in a control.
    """

    intercept: Estimate
    slope: Estimate
    p_value: float
    speed: Estimate
    half_life: Estimate
    controls: pd.DataFrame
    r_squared: float
    verdict: Literal["converging", "diverging", "not distinguishable"]
    n: int
    n_left_out: int


def sigma_convergence(
    values: Panel,
    *,
    measure: Dispersion,
    seed: int,
    clusters: ArrayLike | None = None,
    n_resamples: int = 999,
    confidence: float = 0.95,
) -> SigmaConvergence:
    """Follow the dispersion between units over the years.

    Parameters
    ----------
    values
        Shape (m years, n units). Units with a missing year are left out and counted.
    measure
        ``"sd_log"``, standard deviation of logs (values above 0); ``"cv"``, coefficient of variation (mean above 0);
        ``"sd"``, standard deviation. All with divisor n - 1.
    seed, clusters, n_resamples, confidence
        Of the bootstrap over units; ``clusters`` are labels of all n units.

    Raises
    ------
    PanelError
        Fewer than two years or three complete units, an unknown measure, or values it is not defined for.

    Notes
    -----
    Barro & Sala-i-Martin (1992, J. Political Economy 100, p. 227): σ-convergence is a falling dispersion.
    """
    panel = read_panel(values, minimum_years=2)
    whole = panel.notna().all(axis=0).to_numpy()
    if whole.sum() < 3:
        raise PanelError(
            f"{int(whole.sum())} of {len(whole)} units have a value in every year; 3 are needed.",
            remedy="Leave out the years that most units lack.",
        )
    grid = panel.to_numpy()[:, whole]
    _check_dispersion(grid, measure)
    labels = None if clusters is None else np.asarray(clusters)[whole]
    n = grid.shape[1]

    def drawn(statistic: Callable[[NDArray[np.intp]], float]) -> Estimate:
        return bootstrap_units(statistic, n, seed=seed, clusters=labels, n_resamples=n_resamples, confidence=confidence)

    rows = [drawn(lambda at, row=row: _dispersion(row[at], measure)) for row in grid]  # type: ignore[misc]
    change = drawn(lambda at: _dispersion(grid[-1, at], measure) - _dispersion(grid[0, at], measure))
    by_year = pd.DataFrame(
        [(row.value, row.low, row.high, row.se, row.n) for row in rows],
        index=panel.index,
        columns=["dispersion", "low", "high", "se", "n"],
    )
    verdict: Literal["converging", "diverging", "not distinguishable"] = "not distinguishable"
    if change.high < 0:
        verdict = "converging"
    elif change.low > 0:
        verdict = "diverging"
    return SigmaConvergence(by_year, change, verdict, int((~whole).sum()), measure)


def _check_dispersion(grid: NDArray[np.float64], measure: Dispersion) -> None:
    if measure not in get_args(Dispersion):
        raise PanelError(f"Measure {measure!r} is unknown.", remedy=f"Choose one of {', '.join(get_args(Dispersion))}.")
    if measure == "sd_log" and (grid <= 0).any():
        raise PanelError(
            f"{int((grid <= 0).sum())} values are 0 or less and have no logarithm.", remedy="Use sd or cv."
        )
    if measure == "cv" and (grid.mean(axis=1) <= 0).any():
        raise PanelError("The mean of a year is 0 or less, so its coefficient of variation is void.", remedy="Use sd.")


def _dispersion(values: NDArray[np.float64], measure: Dispersion) -> float:
    if measure == "sd_log":
        return float(np.log(values).std(ddof=1))
    spread = float(values.std(ddof=1))
    return spread / float(values.mean()) if measure == "cv" else spread


def beta_convergence(
    values: Panel,
    *,
    first: int | None = None,
    last: int | None = None,
    log: bool = True,
    controls: pd.DataFrame | None = None,
    confidence: float = 0.95,
) -> BetaConvergence:
    r"""Regress average yearly growth on the level at the start.

    Parameters
    ----------
    values
        Shape (m years, n units); only the first and last year are used.
    first, last
        Years of the panel; its ends by default.
    log
        Growth of logs on the log level (values above 0), as for income; otherwise change on level, as for rates.
    controls
        Index the units, one column a control: makes the convergence conditional.
    confidence
        Coverage of the t intervals.

    Raises
    ------
    PanelError
        The years are not in the panel or not in order, fewer than four units beyond the number of coefficients are
        left, all start from the same level, or ``log`` meets a value of 0 or less.

    Notes
    -----
    :math:`\frac{1}{T}(y_{iT} - y_{i0}) = a + b\,y_{i0} + c'x_i + u_i`, HC3 standard errors (MacKinnon & White 1985).
    Speed :math:`\beta = -\ln(1 + bT)/T` (Barro & Sala-i-Martin 1992, eq. 10), interval by carrying the ends of the
    slope's; half-life :math:`\ln 2/\beta`. Errors of measurement in the start bias b towards convergence.
    """
    check_confidence(confidence)
    panel = read_panel(values, minimum_years=2)
    start, end = panel.index[0] if first is None else first, panel.index[-1] if last is None else last
    for year in (start, end):
        if year not in panel.index:
            raise PanelError(f"Year {year} is not in the panel.", remedy=f"Choose among {list(panel.index)}.")
    if end <= start:
        raise PanelError(f"The last year, {end}, is not after the first, {start}.", remedy="Swap them.")
    frame = pd.DataFrame({"start": panel.loc[start], "end": panel.loc[end]})
    beside = pd.DataFrame(index=panel.columns) if controls is None else controls.reindex(panel.columns)
    known = frame.notna().all(axis=1) & beside.notna().all(axis=1)
    frame, beside = frame[known], beside[known]
    if log and (frame <= 0).any(axis=None):
        unit = frame.index[(frame <= 0).any(axis=1)][0]
        raise PanelError(f"Unit {unit} has a value of 0 or less, which has no logarithm.", remedy="Use log=False.")
    if len(frame) < beside.shape[1] + 6:
        raise PanelError(
            f"{len(frame)} units have what is needed; at least {beside.shape[1] + 6} are.", remedy="Give more units."
        )
    level = np.log(frame["start"]) if log else frame["start"]
    if np.ptp(level.to_numpy()) == 0:
        raise PanelError(f"All units start from {frame['start'].iloc[0]:g}.", remedy="Convergence needs a spread.")
    span = int(end - start)
    growth = ((np.log(frame["end"]) if log else frame["end"]) - level) / span
    x = np.column_stack([np.ones(len(frame)), level, beside.to_numpy(dtype=float)])
    coefficients, se, r_squared = _least_squares(growth.to_numpy(), x)
    t = stats.t.ppf((1 + confidence) / 2, len(x) - x.shape[1])
    fits = [
        Estimate(c, c - t * s, c + t * s, s, len(x), confidence, "OLS, HC3")
        for c, s in zip(coefficients.tolist(), se.tolist(), strict=True)
    ]
    slope = fits[1]
    speed, half_life = _speed(slope, span)
    verdict: Literal["converging", "diverging", "not distinguishable"] = "not distinguishable"
    if slope.high < 0:
        verdict = "converging"
    elif slope.low > 0:
        verdict = "diverging"
    return BetaConvergence(
        intercept=fits[0],
        slope=slope,
        p_value=float(2 * stats.t.sf(abs(slope.value / slope.se), len(x) - x.shape[1])) if slope.se else 0.0,
        speed=speed,
        half_life=half_life,
        controls=pd.DataFrame(
            [(fit.value, fit.se, fit.low, fit.high) for fit in fits[2:]],
            index=beside.columns,
            columns=["value", "se", "low", "high"],
        ),
        r_squared=r_squared,
        verdict=verdict,
        n=len(frame),
        n_left_out=int((~known).sum()),
    )


def _least_squares(
    y: NDArray[np.float64], x: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    # statsmodels takes a second to import; only those who regress pay for it.
    from statsmodels.api import OLS

    if np.linalg.matrix_rank(x) < x.shape[1]:
        raise PanelError("A control is a sum of the others or constant.", remedy="Leave it out.")
    fit = OLS(y, x).fit(cov_type="HC3")
    return np.asarray(fit.params), np.asarray(fit.bse), float(fit.rsquared)


def _speed(slope: Estimate, span: int) -> tuple[Estimate, Estimate]:
    def speed_of(b: float) -> float:
        # Past bT = -1 units would have swapped places: no speed describes that.
        return float(-np.log1p(b * span) / span) if b * span > -1 else float("nan")

    value, low = speed_of(slope.value), speed_of(slope.high)
    high = speed_of(slope.low)
    high = float("inf") if np.isnan(high) and not np.isnan(low) else high
    se = slope.se / abs(1 + slope.value * span) if not np.isnan(value) else float("nan")
    speed = Estimate(value, low, high, se, slope.n, slope.confidence, "carried from the slope; se by the delta method")

    def years_of(beta: float) -> float:
        if np.isnan(beta):
            return float("nan")
        return float(np.log(2) / beta) if beta > 0 else float("inf")

    half = Estimate(
        years_of(value),
        years_of(high),
        years_of(low),
        float("nan"),
        slope.n,
        slope.confidence,
        "from the speed",
    )
    return speed, half
