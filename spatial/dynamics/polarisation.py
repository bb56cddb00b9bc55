"""Whether units draw together into camps that lie far apart."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pandas as pd
from fuping.spatial.dynamics.panel import Panel, PanelError, read_panel
from fuping.spatial.inference import bootstrap_units
from fuping.spatial.poverty.quantiles import weighted_quantile
from numpy.typing import ArrayLike, NDArray

__all__ = ["esteban_ray", "polarisation_by_year", "wolfson"]

Index = Literal["wolfson", "esteban_ray"]


def _read(values: ArrayLike, weights: ArrayLike | None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    y = np.asarray(values, dtype=float)
    w = np.ones_like(y) if weights is None else np.asarray(weights, dtype=float)
    if y.ndim != 1 or w.shape != y.shape:
        raise PanelError(f"Values of shape {y.shape} meet weights of shape {w.shape}.", remedy="Give two lists alike.")
    known = ~np.isnan(y) & ~np.isnan(w)
    y, w = y[known], w[known]
    if (w < 0).any() or not w.sum() > 0:
        raise PanelError("Weights are negative or all zero.", remedy="Give people, or leave the weights out.")
    if (y < 0).any():
        raise PanelError(f"A value is negative ({y[y < 0][0]:g}).", remedy="Polarisation is of amounts of 0 or more.")
    order = np.argsort(y, kind="stable")
    return y[order], w[order] / w.sum()


def wolfson(values: ArrayLike, *, weights: ArrayLike | None = None) -> float:
    r"""Measure how far the middle has emptied towards both ends.

    Parameters
    ----------
    values
        n amounts of 0 or more (income of each unit); NaN is missing.
    weights
        People of each unit; equal by default. A unit without a weight does not count.

    Returns
    -------
    float
        0 where all are equal, 1 where half have nothing and the other half all, larger still for heavy upper tails;
        NaN where the median is 0.

    Raises
    ------
    PanelError
        A value or weight is negative, or the shapes differ.

    Notes
    -----
    :math:`W = 4\frac{\mu}{m}\left[\frac12 - L(\frac12) - \frac{G}{2}\right]` with mean μ, median m, Lorenz curve L and
    Gini G (Wolfson 1994, American Economic Review 84(2), p. 355). The Lorenz curve is linear between units; the
    median is the mean of the two middle values where the weights split evenly.

    Examples
    --------
    >>> wolfson([0.0, 2.0])
    1.0
    """
    y, w = _read(values, weights)
    p = np.concatenate([[0.0], np.cumsum(w)])
    total = (w * y).sum()
    median = weighted_quantile(y, w, 0.5)
    if total <= 0 or median <= 0:
        return float("nan")
    lorenz = np.concatenate([[0.0], np.cumsum(w * y) / total])
    gini = 1 - float(((lorenz[1:] + lorenz[:-1]) * w).sum())
    return float(4 * total / median * (0.5 - np.interp(0.5, p, lorenz) - gini / 2))


def esteban_ray(
    values: ArrayLike, *, alpha: float, groups: ArrayLike | None = None, weights: ArrayLike | None = None
) -> float:
    r"""Measure identification within groups against alienation between them.

    Parameters
    ----------
    values
        n amounts of 0 or more; NaN is missing.
    alpha
        Weight of identification, from 0 to 1.6; at 0 the index is twice the Gini.
    groups
        n labels of those who identify with each other (regions, say), each group standing at its mean; by default
        units with equal amounts are a group.
    weights
        People of each unit; equal by default.

    Returns
    -------
    float
        Scale-free (amounts are divided by their mean, shares sum to one); NaN where the mean is 0.

    Raises
    ------
    PanelError
        Alpha is out of range, or the values are malformed.

    Notes
    -----
    :math:`P = \sum_i \sum_j \pi_i^{1+\alpha} \pi_j |y_i - y_j| / \mu` (Esteban & Ray 1994, Econometrica 62, eq. 3 with
    K = 1/μ). Without groups the number of units moves the index: never compare panels of different size then.

    Examples
    --------
    >>> esteban_ray([0.0, 2.0], alpha=1.0)
    0.5
    """
    if not 0 <= alpha <= 1.6:
        raise PanelError(f"Alpha {alpha!r} is not from 0 to 1.6.", remedy="Take 1, or 1.6 for most identification.")
    levels, share = _camps(values, groups, weights)
    mean = float((levels * share).sum())
    if mean <= 0:
        return float("nan")
    heavy = share ** (1 + alpha)
    # Σⱼ πⱼ|yᵢ - yⱼ| from cumulated sums: thousands of counties need no n × n table.
    below, amount = np.cumsum(share), np.cumsum(share * levels)
    alienation = levels * (2 * below - 1) + amount[-1] - 2 * amount
    return float((heavy * alienation).sum() / mean)


def _camps(
    values: ArrayLike, groups: ArrayLike | None, weights: ArrayLike | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ascending level and share of people of each group."""
    y, w = np.asarray(values, dtype=float), None if weights is None else np.asarray(weights, dtype=float)
    if groups is not None:
        labels = np.asarray(groups)
        if labels.shape != y.shape:
            raise PanelError(f"{y.shape} values come with {labels.shape} groups.", remedy="Give each unit its group.")
        people = np.ones_like(y) if w is None else w
        table = pd.DataFrame({"group": labels, "total": y * people, "people": people}).dropna()
        sums = table.groupby("group")[["total", "people"]].sum()
        sums = sums[sums["people"] > 0]
        y, w = (sums["total"] / sums["people"]).to_numpy(), sums["people"].to_numpy()
    y, w = _read(y, w)
    levels, group = np.unique(y, return_inverse=True)
    return levels, np.bincount(group, weights=w, minlength=len(levels)).astype(float)


def polarisation_by_year(
    values: Panel,
    *,
    index: Index,
    seed: int,
    alpha: float | None = None,
    groups: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    n_resamples: int = 499,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Follow an index of polarisation over the years, each with a bootstrap interval.

    Parameters
    ----------
    values
        Shape (m years, n units); the units observed in each year count.
    index
        ``"wolfson"``, or ``"esteban_ray"``, which needs ``alpha`` and ``groups``: units that are groups of their own
        cannot be drawn again, since a unit drawn twice would count as a larger group.
    seed, clusters, n_resamples, confidence
        Of the bootstrap over units.
    groups
        n labels, for Esteban–Ray.
    weights
        People, shape (n,).

    Returns
    -------
    pandas.DataFrame
        Index year; ``value``, ``low``, ``high``, ``se``, ``n``; NaN where fewer than three units were observed.

    Raises
    ------
    PanelError
        The panel is malformed, the index unknown, or alpha and groups are missing or not wanted.
    """
    if index not in get_args(Index):
        raise PanelError(f"Index {index!r} is unknown.", remedy=f"Choose {' or '.join(get_args(Index))}.")
    if any((part is None) == (index == "esteban_ray") for part in (alpha, groups)):
        raise PanelError(
            f"Index {index!r} comes with alpha={alpha!r} and {'no ' if groups is None else ''}groups.",
            remedy="Give both for esteban_ray, neither for wolfson.",
        )
    panel = read_panel(values)
    people = np.ones(panel.shape[1]) if weights is None else np.asarray(weights, dtype=float)
    camps = np.zeros(panel.shape[1]) if groups is None else np.asarray(groups)
    rows = []
    for row in panel.to_numpy():
        known = np.flatnonzero(~np.isnan(row) & ~np.isnan(people))
        if len(known) < 3:
            rows.append((np.nan, np.nan, np.nan, np.nan, len(known)))
            continue

        def statistic(at: NDArray[np.intp], row: NDArray[np.float64] = row, known: NDArray[np.intp] = known) -> float:
            drawn = known[at]
            if alpha is None:
                return wolfson(row[drawn], weights=people[drawn])
            return esteban_ray(row[drawn], alpha=alpha, groups=camps[drawn], weights=people[drawn])

        estimate = bootstrap_units(
            statistic,
            len(known),
            seed=seed,
            clusters=None if clusters is None else np.asarray(clusters)[known],
            n_resamples=n_resamples,
            confidence=confidence,
        )
        rows.append((estimate.value, estimate.low, estimate.high, estimate.se, estimate.n))
    return pd.DataFrame(rows, index=panel.index, columns=["value", "low", "high", "se", "n"])
