"""Intervals, differences and false discovery, shared by every measure that carries its uncertainty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from fuping.spatial.errors import FupingError
from numpy.typing import ArrayLike, NDArray
from scipy import stats

__all__ = [
    "Difference",
    "Discoveries",
    "Estimate",
    "bootstrap_units",
    "check_confidence",
    "difference",
    "false_discoveries",
    "normal_quantile",
    "proportion_interval",
    "se_from_interval",
]

Direction = Literal["rise", "fall", "not distinguishable", "missing"]


@dataclass(frozen=True)
class Estimate:
    """One number with its interval.

    Parameters
    ----------
    value, low, high
        The estimate and the ends of its interval; NaN where it cannot be computed.
    se
        Standard error; NaN where the interval does not rest on one.
    n
        Units the estimate rests on.
    confidence
        Nominal coverage of the interval, 0 to 1.
    method
        How the interval was found.
    """

    value: float
    low: float
    high: float
    se: float
    n: int
    confidence: float
    method: str


@dataclass(frozen=True)
class Discoveries:
    """Which of many tests count as discoveries.

    Parameters
    ----------
    p_adjusted
        float64, shape of the input; NaN where the p-value was missing.
    found
        bool, same shape; False where the p-value was missing.
    n_tests, n_missing
        p-values that were tested, and that were missing.
    level
        Share of false discoveries that is allowed, 0 to 1.
    """

    p_adjusted: NDArray[np.float64]
    found: NDArray[np.bool_]
    n_tests: int
    n_missing: int
    level: float


@dataclass(frozen=True)
class Difference:
    """Later minus earlier, unit by unit.

    Parameters
    ----------
    value, low, high, se, p_value
        float64, one shape; NaN where an estimate is missing.
    direction
        str, same shape: ``rise`` or ``fall`` only where the change is statistically distinguishable from none.
    n
        Differences that could be computed.
    confidence
        Nominal coverage of the intervals, 0 to 1.
    """

    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    se: NDArray[np.float64]
    p_value: NDArray[np.float64]
    direction: NDArray[np.str_]
    n: int
    confidence: float


def check_confidence(confidence: float) -> None:
    """Refuse a confidence that is no share between 0 and 1.

    Raises
    ------
    FupingError
        It is not: 95 instead of 0.95, say.
    """
    if not 0 < confidence < 1:
        raise FupingError(
            f"Confidence {confidence!r} is not between 0 and 1.",
            remedy="Give a share: 0.95 for 95 %.",
            confidence=confidence,
        )


def normal_quantile(confidence: float) -> float:
    """Give the standard errors by which a two-sided normal interval reaches to either side.

    Raises
    ------
    FupingError
        The confidence is not between 0 and 1.

    Examples
    --------
    >>> round(normal_quantile(0.95), 2)
    1.96
    """
    check_confidence(confidence)
    return float(stats.norm.ppf((1 + confidence) / 2))


def se_from_interval(low: ArrayLike, high: ArrayLike, *, confidence: float) -> NDArray[np.float64]:
    r"""Recover the standard error from a published normal interval.

    Parameters
    ----------
    low, high
        Ends of the interval, one shape; NaN is missing.
    confidence
        Coverage the publisher states (0.90 for SAIPE).

    Raises
    ------
    FupingError
        An upper end lies below its lower end.

    Notes
    -----
    :math:`se = (high - low) / 2z_{(1+c)/2}`.

    Examples
    --------
    >>> se_from_interval([10.0], [13.29], confidence=0.90).round(3).tolist()
    [1.0]
    """
    z = normal_quantile(confidence)
    bottom, top = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
    crossed = top < bottom
    if crossed.any():
        raise FupingError(
            f"{int(crossed.sum())} intervals end below their beginning, the first from {bottom[crossed][0]:g} to "
            f"{top[crossed][0]:g}.",
            remedy="Give low before high.",
        )
    return (top - bottom) / (2 * z)


def difference(
    earlier: ArrayLike,
    later: ArrayLike,
    *,
    se_earlier: ArrayLike,
    se_later: ArrayLike,
    correlation: float = 0.0,
    confidence: float = 0.95,
    false_discovery: float | None = None,
) -> Difference:
    r"""Subtract two sets of estimates and tell which changes are distinguishable from none.

    Parameters
    ----------
    earlier, later
        Estimates, one shape; NaN is missing.
    se_earlier, se_later
        Their standard errors, same shape.
    correlation
        Correlation of the two estimation errors; 0 for independent samples.
    confidence
        Coverage of the intervals; without ``false_discovery`` a change is called where its interval excludes 0.
    false_discovery
        Allowed share of false discoveries (Benjamini–Hochberg) when many units are looked at together.

    Raises
    ------
    FupingError
        The shapes differ, a standard error is negative, or the correlation is not between -1 and 1.

    Notes
    -----
    :math:`se^2 = se_1^2 + se_2^2 - 2\rho\, se_1 se_2`, normal interval.

    Examples
    --------
    >>> change = difference([20.0, 20.0], [17.0, 19.0], se_earlier=[1.0, 1.0], se_later=[1.0, 1.0])
    >>> change.direction.tolist()
    ['fall', 'not distinguishable']
    """
    quantile = normal_quantile(confidence)
    arrays = [np.asarray(part, dtype=float) for part in (earlier, later, se_earlier, se_later)]
    if len({part.shape for part in arrays}) != 1:
        shapes = ", ".join(str(part.shape) for part in arrays)
        raise FupingError(f"The estimates and standard errors have shapes {shapes}.", remedy="Give four of one shape.")
    first, last, se_first, se_last = arrays
    for name, errors in (("se_earlier", se_first), ("se_later", se_last)):
        if (errors < 0).any():
            raise FupingError(
                f"{name} holds a negative standard error, {errors[errors < 0][0]:g}.", remedy="Give 0 or more."
            )
    if not -1 <= correlation <= 1:
        raise FupingError(f"Correlation {correlation!r} is not between -1 and 1.", remedy="Give 0 where unknown.")
    value = last - first
    se = np.sqrt(np.maximum(se_first**2 + se_last**2 - 2 * correlation * se_first * se_last, 0.0))
    se = np.where(np.isnan(value), np.nan, se)
    reach = quantile * se
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where((se == 0) & (value == 0), 0.0, value / se)
    p_value = 2 * stats.norm.sf(np.abs(z))
    known = ~np.isnan(p_value)
    if false_discovery is None:
        called = known & (p_value <= 1 - confidence)
    else:
        called = false_discoveries(p_value, level=false_discovery).found
    direction = np.select(
        [~known, called & (value > 0), called & (value < 0)], ["missing", "rise", "fall"], "not distinguishable"
    )
    return Difference(value, value - reach, value + reach, se, p_value, direction, int(known.sum()), confidence)


def false_discoveries(p_values: ArrayLike, *, level: float = 0.05, method: Literal["bh", "by"] = "bh") -> Discoveries:
    """Adjust p-values for the number of tests, leaving missing ones missing.

    Parameters
    ----------
    p_values
        Any shape; NaN is missing and does not count as a test.
    level
        Allowed share of false discoveries.
    method
        ``"bh"``: Benjamini & Hochberg (1995), for independent or positively dependent tests, as neighbouring units
        are. ``"by"``: Benjamini & Yekutieli (2001), for any dependence.

    Raises
    ------
    FupingError
        A p-value lies outside 0 to 1, or the level or method is unknown.

    Examples
    --------
    >>> false_discoveries([0.01, 0.04, 0.5, np.nan], level=0.05).found.tolist()
    [True, False, False, False]
    """
    if method not in ("bh", "by"):
        raise FupingError(f"Method {method!r} is unknown.", remedy="Choose bh or by.")
    check_confidence(level)
    p = np.asarray(p_values, dtype=float)
    known = ~np.isnan(p)
    wrong = known & ~((p >= 0) & (p <= 1))
    if wrong.any():
        raise FupingError(f"{p[wrong][0]:g} is no p-value.", remedy="Give numbers from 0 to 1, NaN where missing.")
    adjusted = np.full(p.shape, np.nan)
    if known.any():
        adjusted[known] = stats.false_discovery_control(p[known], method=method)
    found = known & (np.where(known, adjusted, 1.0) <= level)
    return Discoveries(adjusted, found, int(known.sum()), int((~known).sum()), level)


def proportion_interval(
    k: ArrayLike, n: ArrayLike, *, confidence: float = 0.95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Give the Wilson (1927) score interval of k successes in n trials.

    Parameters
    ----------
    k, n
        Counts that broadcast to one shape; n = 0 gives NaN.
    confidence
        Nominal coverage.

    Returns
    -------
    (low, high)
        float64, the broadcast shape, within 0 and 1.

    Raises
    ------
    FupingError
        There are fewer than 0 or more successes than trials.

    Notes
    -----
    With z the normal quantile: centre :math:`(k + z^2/2)/(n + z^2)`, half-width
    :math:`z\sqrt{k(n-k)/n + z^2/4}/(n + z^2)`. SciPy's ``binomtest`` gives the same one proportion at a time; this
    serves whole matrices.
    """
    z = normal_quantile(confidence)
    hits, trials = np.broadcast_arrays(np.asarray(k, dtype=float), np.asarray(n, dtype=float))
    wrong = (hits < 0) | (hits > trials)
    if wrong.any():
        raise FupingError(
            f"{hits[wrong][0]:g} of {trials[wrong][0]:g} trials are no successes.",
            remedy="Give k from 0 to n.",
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = (hits + z**2 / 2) / (trials + z**2)
        half = z * np.sqrt(hits * (trials - hits) / trials + z**2 / 4) / (trials + z**2)
    low = np.where(hits == 0, 0.0, np.maximum(centre - half, 0.0))
    high = np.where(hits == trials, 1.0, np.minimum(centre + half, 1.0))
    return np.where(trials > 0, low, np.nan), np.where(trials > 0, high, np.nan)


Interval = Literal["percentile", "basic"]


def bootstrap_units(
    statistic: Callable[[NDArray[np.intp]], float],
    n_units: int,
    *,
    seed: int,
    clusters: ArrayLike | None = None,
    n_resamples: int = 999,
    confidence: float = 0.95,
    method: Interval = "percentile",
) -> Estimate:
    """Put an interval around a statistic of units by drawing whole units, with all their years, again.

    Parameters
    ----------
    statistic
        Takes positions of units (int, shape (k,), repeats allowed) and returns one number; NaN where it is not defined.
    n_units
        Units there are.
    seed
        Of the random draws.
    clusters
        n_units labels (provinces, say); whole clusters are drawn, so that dependence within them is kept.
    n_resamples, confidence
        Draws, and nominal coverage.
    method
        ``"percentile"`` or ``"basic"`` (Davison & Hinkley 1997, ch. 5). Bias-corrected intervals need the statistic
        once more for each unit and are left out for panels of thousands.

    Returns
    -------
    Estimate
        ``se`` is the standard deviation over the draws. The interval is NaN where more than 5 % of the draws had no
        value.

    Raises
    ------
    FupingError
        Fewer than two units or clusters, so nothing varies, or a unit has no cluster.
    """
    check_confidence(confidence)
    if method not in get_args(Interval):
        raise FupingError(f"Method {method!r} is unknown.", remedy=f"Choose {' or '.join(get_args(Interval))}.")
    labels = np.arange(n_units) if clusters is None else pd.factorize(np.asarray(clusters), sort=True)[0]
    if len(labels) != n_units:
        raise FupingError(f"There are {n_units} units and {len(labels)} cluster labels.", remedy="Give one a unit.")
    if (labels < 0).any():
        raise FupingError(
            f"{int((labels < 0).sum())} of {n_units} units have no cluster, the first in position {labels.argmin()}.",
            remedy="Give every unit its cluster; one of its own, if it belongs to none.",
        )
    n_groups = int(labels.max(initial=-1)) + 1
    groups = np.split(np.argsort(labels, kind="stable"), np.cumsum(np.bincount(labels, minlength=n_groups))[:-1])
    if n_groups < 2:
        raise FupingError(
            f"A bootstrap needs 2 units or clusters; there are {n_groups}.",
            remedy="Give more units, or leave the interval out.",
        )
    rng = np.random.default_rng(seed)
    value = float(statistic(np.arange(n_units)))
    lone = n_groups == n_units

    def draw() -> NDArray[np.intp]:
        chosen = rng.integers(n_groups, size=n_groups)
        return chosen if lone else np.concatenate([groups[group] for group in chosen])

    draws = np.array([statistic(draw()) for _ in range(n_resamples)], dtype=float)
    drawn = draws[np.isfinite(draws)]
    name = f"{method} bootstrap of {'units' if clusters is None else 'clusters'}, {n_resamples} draws"
    if len(drawn) < 0.95 * n_resamples or not np.isfinite(value):
        return Estimate(value, np.nan, np.nan, np.nan, n_units, confidence, name)
    low, high = np.quantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2])
    if method == "basic":
        low, high = 2 * value - high, 2 * value - low
    return Estimate(value, float(low), float(high), float(drawn.std(ddof=1)), n_units, confidence, name)
