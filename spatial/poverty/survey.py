r"""Estimates from samples with weights, strata and clusters.

Variances are those of the first stage: with :math:`u_{hc}=\sum_{k\in c} w_k z_k` the total of the linearised variable
over primary sampling unit c of stratum h,

.. math:: \hat V = \sum_h (1-f_h) \frac{n_h}{n_h-1} \sum_c (u_{hc}-\bar u_h)^2

(Wolter 2007, Introduction to Variance Estimation, chapter 6; Stata's and R survey's default). A part of the population
is estimated by giving the rows outside it a weight of zero, so that the whole design stays in the variance.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from fuping.spatial.poverty.bootstrap import replicate_weights
from fuping.spatial.poverty.errors import DesignError
from fuping.spatial.poverty.estimate import LINEARISATION, Estimate, Inference, interval
from fuping.spatial.poverty.linearised import Linearised, mean, total
from fuping.spatial.poverty.sample import Sample, read_numbers, read_sample, refuse_misaligned
from fuping.spatial.wording import worded
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Statistic",
    "by_group",
    "covariance",
    "estimate",
    "mean_of",
    "population_mean",
    "population_total",
    "ratio_of",
]

Statistic = Callable[[NDArray[np.float64]], Linearised]
"""A statistic as a function of the weights of the rows that have a value."""


def mean_of(values: NDArray[np.float64]) -> Statistic:
    """Give the weighted mean of rows as a statistic."""
    return lambda w: mean(values, w)


def ratio_of(above: NDArray[np.float64], below: NDArray[np.float64]) -> Statistic:
    """Give the ratio of two weighted means as a statistic: a mean among the rows that ``below`` marks, say."""
    return lambda w: mean(above, w) / mean(below, w)


def estimate(statistic: Statistic, sample: Sample, inference: Inference) -> Estimate:
    """Compute a statistic of a sample with its standard error and interval.

    Parameters
    ----------
    statistic
        Function of the weights of the rows that have a value.
    sample
        The design.
    inference
        How the standard error is computed.

    Returns
    -------
    Estimate

    Raises
    ------
    DesignError
        A stratum has one primary sampling unit and the inference refuses that; a bootstrap replicate leaves the
        statistic undefined.
    """
    found = statistic(sample.weights)
    sizes = sample.stratum_sizes
    n_psu, df = int(sizes.sum()), float(sizes.sum() - len(sizes))
    n, n_missing = int((sample.weights > 0).sum()), int((~sample.present).sum())
    counts = (n, n_missing, n_psu, len(sizes), df, inference.method)
    if inference.method == "bootstrap":
        value, se, low, high = _by_bootstrap(found.value, statistic, sample, inference, df, n)
        return Estimate(value, se, low, high, inference.confidence, *counts)
    variance = covariance(found.influence[:, None], sample, inference)[0, 0]
    se = float(np.sqrt(variance)) if df > 0 else float("nan")
    low, high = interval(found.value, se, df=df, n=n, inference=inference)
    return Estimate(float(found.value), se, low, high, inference.confidence, *counts)


def covariance(influences: NDArray[np.float64], sample: Sample, inference: Inference) -> NDArray[np.float64]:
    """Compute the linearised covariance matrix of several statistics of one sample.

    Parameters
    ----------
    influences
        float64, shape (m, k); influence of each of the m rows with a value on each of k statistics.
    sample
        The design.
    inference
        Finite population correction and what to do with single units.

    Returns
    -------
    float64, shape (k, k)

    Raises
    ------
    DesignError
        A stratum has one primary sampling unit and the inference refuses that.
    """
    sizes = sample.stratum_sizes
    alone = sizes == 1
    if alone.any() and inference.single_psu == "refuse":
        raise DesignError(
            worded(
                "Strata with one primary sampling unit have no variance of their own: {strata}.",
                strata=sample.named_strata(alone),
            ),
            remedy=worded("Merge them with a neighbouring stratum, or give single_psu='centre' or 'certainty'."),
            strata=[label for label, single in zip(sample.strata, alone, strict=True) if single],
        )
    shares = sample.weights[:, None] * influences
    units, strata = sample.psu[sample.present], sample.psu_strata
    u = np.stack([np.bincount(units, weights=column, minlength=len(strata)) for column in shares.T], axis=1)
    sums = np.stack([np.bincount(strata, weights=column, minlength=len(sizes)) for column in u.T], axis=1)
    centre = sums / sizes[:, None]
    if inference.single_psu == "centre":
        centre[alone] = u.mean(axis=0)
    apart = u - centre[strata]
    factor = np.where(alone, 1.0, sizes / np.maximum(sizes - 1, 1)) * (1 - sample.sampled_fractions(inference))
    return np.asarray((apart * factor[strata][:, None]).T @ apart)


def _by_bootstrap(
    value: float, statistic: Statistic, sample: Sample, inference: Inference, df: float, n: int
) -> tuple[float, float, float, float]:
    if df == 0:
        return value, float("nan"), float("nan"), float("nan")
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn = np.array([statistic(w).value for w in replicate_weights(sample, inference)])
    lost = int((~np.isfinite(drawn)).sum())
    if lost and np.isfinite(value):
        raise DesignError(
            worded("The statistic is not defined in {lost} of {drawn} replicates.", lost=lost, drawn=len(drawn)),
            remedy=worded("There are too few primary sampling units behind it; use linearisation."),
        )
    se = float(drawn.std(ddof=1))
    if inference.interval != "wald":
        return value, se, *interval(value, se, df=df, n=n, inference=inference)
    tails = np.quantile(drawn, [(1 - inference.confidence) / 2, (1 + inference.confidence) / 2])
    return float(value), se, float(tails[0]), float(tails[1])


def population_mean(
    values: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    inference: Inference = LINEARISATION,
) -> Estimate:
    """Estimate a mean. Arguments as in :func:`read_sample` and :func:`estimate`."""
    y, sample = read_sample(values, weights=weights, strata=strata, clusters=clusters)
    return estimate(mean_of(y), sample, inference)


def population_total(
    values: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    inference: Inference = LINEARISATION,
) -> Estimate:
    """Estimate a total over the rows with a value. Arguments as in :func:`read_sample` and :func:`estimate`."""
    y, sample = read_sample(values, weights=weights, strata=strata, clusters=clusters)
    return estimate(lambda w: total(y, w), sample, inference)


def by_group(
    measure: Callable[..., Estimate],
    values: ArrayLike,
    *,
    groups: ArrayLike,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    **parameters: Any,
) -> pd.DataFrame:
    """Estimate a measure in each group, with the whole sample as the design.

    Parameters
    ----------
    measure
        A function of this package with ``weights``, ``strata`` and ``clusters``, say
        :func:`~fuping.spatial.poverty.fgt.headcount_ratio`. A relative line given to it is that of each group.
    values, weights, strata, clusters
        As for the measure.
    groups
        shape (n,); label of each row; rows without one are outside every group.
    **parameters
        Passed on to the measure, the same for every group.

    Returns
    -------
    pandas.DataFrame
        One row a group, sorted by label, with the fields of :class:`Estimate`. A group without a value has NaN and
        ``n`` 0. ``attrs["n_without_group"]`` counts the rows outside.
    """
    numbers = read_numbers(values, "values")
    w = np.ones(len(numbers)) if weights is None else read_numbers(weights, "weights", like=values)
    refuse_misaligned(groups, "groups", len(groups), values)  # type: ignore[arg-type]
    labels = pd.Series(groups).reset_index(drop=True)
    missing = np.isnan(numbers)
    rows: dict[Any, dict[str, Any]] = {}
    for label in sorted(labels.dropna().unique()):
        inside = (labels == label).to_numpy(dtype=bool, na_value=False)
        lost = int((missing & inside).sum())
        # A weight that is negative or missing is refused by the measure, so it must not be zeroed away here.
        if w[inside & ~missing].sum() == 0 and not (w[inside] < 0).any():
            rows[label] = {"value": np.nan, "se": np.nan, "n": 0, "n_missing": lost}
            continue
        inner = np.where(inside | ~(w >= 0), w, 0.0)
        found = measure(numbers, weights=inner, strata=strata, clusters=clusters, **parameters)
        rows[label] = {**found.to_dict(), "n_missing": lost}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(Estimate.__dataclass_fields__))
    table.index.name = getattr(groups, "name", None) or "group"
    table.attrs["n_without_group"] = int(labels.isna().sum())
    return table
