"""Monotonic trends and breaks in the series of each unit."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pandas as pd
from fuping.spatial.dynamics.panel import Panel, PanelError, read_panel
from fuping.spatial.inference import check_confidence, false_discoveries, normal_quantile
from numpy.typing import ArrayLike, NDArray
from scipy import stats

__all__ = ["critical_value", "mann_kendall", "trend_break"]

EXACT_UP_TO = 10
"""Longest series without ties whose p-value is exact by default, as in Gilbert's (1987) Table A18."""

LEAST_YEARS = 4
"""Fewest values a trend is sought in; with three, no order of them is rare."""


def mann_kendall(
    values: Panel,
    *,
    confidence: float = 0.95,
    false_discovery: float = 0.05,
    method: Literal["auto", "exact", "normal"] = "auto",
) -> pd.DataFrame:
    r"""Test each unit for a monotonic trend and estimate its slope.

    Parameters
    ----------
    values
        Shape (m years, n units). Years need not be evenly spaced; missing years are left out.
    confidence
        Coverage of the slope's interval.
    false_discovery
        Share of false discoveries allowed among the units called rising or falling (Benjamini–Hochberg).
    method
        ``"exact"`` (no ties allowed), ``"normal"`` (ties corrected, continuity corrected), or ``"auto"``: exact for
        up to 10 values without ties.

    Returns
    -------
    pandas.DataFrame
        Index unit; ``n``, ``s``, ``s_se``, ``tau`` (tau-a), ``z``, ``p_value`` (two-sided), ``p_adjusted``, ``slope``
        (per year), ``low``, ``high`` (NaN where the values are too few for the coverage: 95 % takes
        six), ``trend``: rising, falling, not distinguishable, or too few years (n < 4).

    Raises
    ------
    PanelError
        The panel is malformed, or ``"exact"`` meets a tie.

    Notes
    -----
    :math:`S = \sum_{i<j} sgn(x_j - x_i)`, :math:`Var(S) = [n(n-1)(2n+5) - \sum_t t(t-1)(2t+5)]/18`,
    :math:`z = (S - sgn S)/\sqrt{Var(S)}`; slope the median of :math:`(x_j - x_i)/(t_j - t_i)` (Sen 1968), its limits
    the slopes of rank :math:`(N' - C)/2` and :math:`(N' + C)/2 + 1` with :math:`C = z_{1-\alpha/2}\sqrt{Var(S)}`,
    interpolated (Gilbert 1987, ch. 16). The values are taken as independent over the years: positive serial
    correlation makes trends be found too often.

    Examples
    --------
    >>> table = mann_kendall(np.array([[1.0], [2.0], [4.0], [8.0], [16.0]]))
    >>> table.loc[0, ["s", "slope"]].tolist(), round(float(table.loc[0, "p_value"]), 4)
    ([10.0, 3.375], 0.0167)
    """
    check_confidence(confidence)
    if method not in ("auto", "exact", "normal"):
        raise PanelError(f"Method {method!r} is unknown.", remedy="Choose auto, exact or normal.")
    panel = read_panel(values)
    years = panel.index.to_numpy(dtype=float)
    grid = panel.to_numpy()
    seen = ~np.isnan(grid)
    names = ["n", "s", "s_se", "tau", "z", "p_value", "slope", "low", "high"]
    found = np.full((len(panel.columns), len(names)), np.nan)
    found[:, 0] = seen.sum(axis=0)
    for mask in np.unique(seen, axis=1).T:  # units with figures in the same years are worked out together
        if mask.sum() < LEAST_YEARS:
            continue
        units = np.flatnonzero((seen == mask[:, None]).all(axis=0))
        series = grid[np.ix_(mask, units)]
        found[units, 1:] = _trends(panel.columns[units], years[mask], series, confidence, method)
    table = pd.DataFrame(found, index=panel.columns, columns=names).astype({"n": "int64"})
    adjusted = false_discoveries(table["p_value"], level=false_discovery)
    table.insert(names.index("p_value") + 1, "p_adjusted", adjusted.p_adjusted)
    table["trend"] = np.select(
        [table["n"] < LEAST_YEARS, adjusted.found & (table["s"] > 0), adjusted.found & (table["s"] < 0)],
        ["too few years", "rising", "falling"],
        "not distinguishable",
    )
    return table


def _trends(
    names: pd.Index, years: NDArray[np.float64], series: NDArray[np.float64], confidence: float, method: str
) -> NDArray[np.float64]:
    """s, its standard error, tau, z, p, slope and its limits of n years × units without gaps, a row a unit."""
    n = len(series)
    first, second = np.triu_indices(n, 1)
    rise = series[second] - series[first]
    s = np.sign(rise).sum(axis=0)
    # A value that is there t times counts t times here, so that t(t-1)(2t+5) a group is (t-1)(2t+5) a value.
    times = (series[:, None, :] == series[None, :, :]).sum(axis=0)
    variance = (n * (n - 1) * (2 * n + 5) - ((times - 1) * (2 * times + 5)).sum(axis=0)) / 18
    se = np.sqrt(variance)
    z = np.divide(s - np.sign(s), se, out=np.zeros_like(s), where=se > 0)
    tied = (times > 1).any(axis=0)
    if method == "exact" and tied.any():
        unit = names[int(np.flatnonzero(tied)[0])]
        raise PanelError(f"Unit {unit} has tied values, which have no exact p-value.", remedy="Use auto or normal.")
    p = np.minimum(1.0, 2 * stats.norm.sf(np.abs(z)))
    if method == "exact" or (method == "auto" and n <= EXACT_UP_TO):
        for one in np.unique(s[~tied]):  # without ties, p follows from n and s alone
            same = np.flatnonzero((s == one) & ~tied)
            p[same] = stats.kendalltau(years, series[:, same[0]], method="exact").pvalue
    slopes = np.sort(rise / (years[second] - years[first])[:, None], axis=0)
    reach = normal_quantile(confidence) * se
    low, high = (_at_rank(slopes, rank) for rank in ((len(slopes) - reach) / 2, (len(slopes) + reach) / 2 + 1))
    return np.column_stack([s, se, 2 * s / (n * (n - 1)), z, p, np.median(slopes, axis=0), low, high])


def _at_rank(ordered: NDArray[np.float64], rank: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each column, the value at a rank from 1, interpolated; NaN where there is none."""
    there = (rank >= 1) & (rank <= len(ordered))
    below = np.clip(np.floor(rank), 1, len(ordered) - 1).astype(np.intp)
    lower, upper = (np.take_along_axis(ordered, at[None, :], axis=0)[0] for at in (below - 1, below))
    return np.where(there, lower + (rank - below) * (upper - lower), np.nan)


Model = Literal["level", "trend"]


def trend_break(
    values: Panel,
    *,
    model: Model,
    seed: int,
    trim: float = 0.15,
    confidence: float = 0.95,
    false_discovery: float = 0.05,
    n_simulations: int = 1999,
) -> pd.DataFrame:
    r"""Seek one break at an unknown year in each unit's level or linear trend.

    Parameters
    ----------
    values
        Shape (m years, n units); missing years are left out.
    model
        What changes: ``"level"``, the mean; ``"trend"``, intercept and slope.
    seed
        Of the simulated null distribution and of the intervals.
    trim
        Least share of the years on either side of a break, 0 to 0.5; never fewer than 2 (level) or 3 (trend) years.
    confidence
        Coverage of the interval of the year.
    false_discovery
        Share of false discoveries allowed among the units called broken (Benjamini–Hochberg).
    n_simulations
        Draws of the null distribution; the least p-value is 1/(draws + 1).

    Returns
    -------
    pandas.DataFrame
        Index unit; ``n``, ``f`` (sup F), ``p_value``, ``p_adjusted``, ``year`` (first of the new regime, the best
        candidate even where no break is called), ``low_year``, ``high_year`` (only where a break is called),
        ``before``, ``after`` (mean, or slope a year), ``verdict``: break, not distinguishable, or too few years.

    Raises
    ------
    PanelError
        The panel is malformed, the model unknown or the trim outside 0 to 0.5.

    Notes
    -----
    :math:`\sup_\tau F(\tau)`, :math:`F = (RSS_0 - RSS_\tau)/(RSS_\tau/(n - 2k))` (Quandt 1960; Andrews 1993). Under
    independent normal errors its null distribution depends on the years alone, so it is simulated for the very years
    at hand: exact in short series, where the asymptotic values are not; see :func:`critical_value`. Serial correlation
    makes breaks be found too often. The interval of the year comes from a parametric bootstrap of the fitted break.
    """
    check_confidence(confidence)
    if model not in get_args(Model):
        raise PanelError(f"Model {model!r} is unknown.", remedy=f"Choose {' or '.join(get_args(Model))}.")
    _check_trim(trim)
    panel = read_panel(values)
    years, grid = panel.index.to_numpy(dtype=float), panel.to_numpy()
    n_units = grid.shape[1]
    f, p = np.full(n_units, np.nan), np.full(n_units, np.nan)
    at = np.full(n_units, -1)
    seen = ~np.isnan(grid)
    for mask in np.unique(seen, axis=1).T:
        units = np.flatnonzero((seen == mask[:, None]).all(axis=0))
        splits = _splits(int(mask.sum()), model, trim)
        if not len(splits):
            continue
        x = _regressors(years[mask], model)
        scan = _f_statistics(grid[np.ix_(mask, units)], x, splits)
        null = np.sort(_null(x, splits, seed, n_simulations))
        f[units], at[units] = scan.max(axis=0), splits[scan.argmax(axis=0)]
        beyond = n_simulations - np.searchsorted(null, f[units], side="left")
        p[units] = (1 + beyond) / (1 + n_simulations)
    found = false_discoveries(p, level=false_discovery)
    rng = np.random.default_rng(seed)
    rows = []
    for unit in range(n_units):
        mask = seen[:, unit]
        rows.append(
            (int(mask.sum()), *[np.nan] * 5)
            if at[unit] < 0
            else _one_break(
                years[mask],
                grid[mask, unit],
                int(at[unit]),
                model,
                trim,
                confidence,
                rng if found.found[unit] else None,
            )
        )
    table = pd.DataFrame(
        rows, index=panel.columns, columns=["n", "year", "low_year", "high_year", "before", "after"]
    ).astype({"n": "int64"})
    for place, (name, column) in enumerate({"f": f, "p_value": p, "p_adjusted": found.p_adjusted}.items(), start=1):
        table.insert(place, name, column)
    table["verdict"] = np.select([at < 0, found.found], ["too few years", "break"], "not distinguishable")
    return table


def critical_value(
    years: ArrayLike, *, model: Model, level: float, seed: int, trim: float = 0.15, n_simulations: int = 9999
) -> float:
    """Give the sup F that normal noise in these years exceeds with probability ``level``.

    Parameters
    ----------
    years
        m ascending years with values.
    model, trim, seed, n_simulations
        As for :func:`trend_break`.
    level
        Probability of exceeding the value where there is no break.

    Raises
    ------
    PanelError
        There are too few years for a break.

    Notes
    -----
    For many years it approaches Andrews' (1993, corrected 2003) asymptotic value: 8.68 for one parameter, 5 % and
    15 % trimming.
    """
    check_confidence(level)
    _check_trim(trim)
    times = np.asarray(years, dtype=float)
    splits = _splits(len(times), model, trim)
    if not len(splits):
        raise PanelError(f"{len(times)} years are too few for a break in the {model}.", remedy="Give more years.")
    return float(np.quantile(_null(_regressors(times, model), splits, seed, n_simulations), 1 - level))


def _check_trim(trim: float) -> None:
    if not 0 <= trim < 0.5:
        raise PanelError(f"Trim {trim!r} is not from 0 to 0.5.", remedy="Give the least share on either side.")


def _splits(n: int, model: Model, trim: float) -> NDArray[np.intp]:
    """Lengths of the first regime that are allowed."""
    least = max(int(np.floor(trim * n)), 2 if model == "level" else 3)
    return np.arange(least, n - least + 1)


def _regressors(years: NDArray[np.float64], model: Model) -> NDArray[np.float64]:
    # Centred and scaled, so that the fit does not lose digits on years near 2000.
    ones = np.ones(len(years))
    return ones[:, None] if model == "level" else np.column_stack([ones, (years - years.mean()) / np.ptp(years)])


def _rss(y: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.float64]:
    basis, _ = np.linalg.qr(x)
    return ((y - basis @ (basis.T @ y)) ** 2).sum(axis=0)


def _f_statistics(y: NDArray[np.float64], x: NDArray[np.float64], splits: NDArray[np.intp]) -> NDArray[np.float64]:
    """F of every split (rows) for every series (columns of y)."""
    n, k = x.shape
    y = y - y.mean(axis=0)
    noise = 1e-20 * np.maximum((y**2).sum(axis=0), np.finfo(float).tiny)
    whole = _rss(y, x)
    whole = np.where((y**2).sum(axis=0) == 0, 0.0, whole)
    parts = np.stack([_rss(y[:split], x[:split]) + _rss(y[split:], x[split:]) for split in splits])
    with np.errstate(divide="ignore", invalid="ignore"):
        f = (whole - parts) / (np.where(parts <= noise, 0.0, parts) / (n - 2 * k))
    return np.where(whole <= noise, 0.0, np.maximum(f, 0.0))


def _null(x: NDArray[np.float64], splits: NDArray[np.intp], seed: int, n_simulations: int) -> NDArray[np.float64]:
    noise = np.random.default_rng(seed).standard_normal((len(x), n_simulations))
    return _f_statistics(noise, x, splits).max(axis=0)


def _one_break(
    years: NDArray[np.float64],
    series: NDArray[np.float64],
    split: int,
    model: Model,
    trim: float,
    confidence: float,
    rng: np.random.Generator | None,
) -> tuple[float, ...]:
    x = _regressors(years, model)
    fits = [np.linalg.lstsq(x[part], series[part], rcond=None)[0] for part in (slice(split), slice(split, None))]
    unscale = 1.0 if model == "level" else 1 / np.ptp(years)
    before, after = (float(fit[-1] * unscale) for fit in fits)
    if rng is None:
        return len(series), years[split], np.nan, np.nan, before, after
    fitted = np.concatenate([x[:split] @ fits[0], x[split:] @ fits[1]])
    spread = np.sqrt(((series - fitted) ** 2).sum() / max(len(series) - 2 * x.shape[1], 1))
    draws = fitted[:, None] + spread * rng.standard_normal((len(series), 499))
    splits = _splits(len(series), model, trim)
    years_drawn = years[splits[_f_statistics(draws, x, splits).argmax(axis=0)]]
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    low, high = np.quantile(years_drawn, tails, method="nearest")
    return len(series), years[split], low, high, before, after
