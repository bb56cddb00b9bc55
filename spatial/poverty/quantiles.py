"""Weighted quantiles, and the density that their standard errors need."""

from __future__ import annotations

import numpy as np
from fuping.spatial.poverty.errors import PovertyError
from fuping.spatial.poverty.estimate import LINEARISATION, Estimate, Inference
from fuping.spatial.poverty.linearised import Linearised
from fuping.spatial.poverty.sample import read_sample
from fuping.spatial.poverty.survey import estimate
from numpy.typing import ArrayLike, NDArray

__all__ = ["density", "linearised_quantile", "quantile", "weighted_quantile"]

Floats = NDArray[np.float64]

EXACT = 1e-12
"""Part of all weight by which a cumulated weight may miss its target and still hit it."""


def weighted_quantile(values: Floats, weights: Floats, p: float) -> float:
    """Find the value below which a share p of the weight lies.

    Parameters
    ----------
    values, weights
        float64, shape (n,); some weight positive.
    p
        Share, between 0 and 1.

    Raises
    ------
    PovertyError
        The share is not between 0 and 1.

    Notes
    -----
    The smallest value whose cumulated weight reaches p; where it hits p exactly, the mean of that value and the next
    (Eurostat's definition, as in R's laeken: Alfons and Templ 2013, J. Statistical Software 54(15)).

    Examples
    --------
    >>> weighted_quantile(np.array([1.0, 2.0, 3.0, 4.0]), np.ones(4), 0.5)
    2.5
    """
    if not 0 < p < 1:
        raise PovertyError(f"A quantile at {p} is not between 0 and 1.", remedy="Give 0.5 for the median.")
    use = weights > 0
    order = np.argsort(values[use], kind="stable")
    y, upto = values[use][order], np.cumsum(weights[use][order])
    upto = upto / upto[-1]
    at = min(int(np.searchsorted(upto, p - EXACT)), len(y) - 1)
    if abs(upto[at] - p) <= EXACT and at + 1 < len(y):
        return float((y[at] + y[at + 1]) / 2)
    return float(y[at])


def density(values: Floats, weights: Floats, at: float) -> float:
    """Estimate the density of a variable at a point.

    Gaussian kernel with Silverman's (1986, equation 3.31) bandwidth 0.9·min(s, IQR/1.34)·n^(-1/5), n being Kish's
    effective sample size. Values that are all the same have an infinite density there and none elsewhere.
    """
    size = weights.sum()
    centre = float(weights @ values) / size
    s = float(np.sqrt(weights @ (values - centre) ** 2 / size))
    if s <= EXACT * abs(centre):
        return float("inf") if np.isclose(at, centre) else 0.0
    spread = (weighted_quantile(values, weights, 0.75) - weighted_quantile(values, weights, 0.25)) / 1.34
    width = 0.9 * (min(s, spread) if spread > 0 else s) * (size**2 / (weights @ weights)) ** -0.2
    kernel = np.exp(-0.5 * ((at - values) / width) ** 2) / (width * np.sqrt(2 * np.pi))
    return float(weights @ kernel) / size


def linearised_quantile(values: Floats, weights: Floats, p: float) -> Linearised:
    """Find a quantile and its influence, -(1[y ≤ q] - p) / (f(q) W) (Deville 1999)."""
    q = weighted_quantile(values, weights, p)
    return Linearised(q, -((values <= q) - p) / (density(values, weights, q) * weights.sum()))


def quantile(
    values: ArrayLike,
    *,
    p: float = 0.5,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    inference: Inference = LINEARISATION,
) -> Estimate:
    """Estimate a quantile; the median by default.

    Parameters
    ----------
    values, weights, strata, clusters
        As in :func:`~fuping.spatial.poverty.sample.read_sample`.
    p
        Share of the population below, between 0 and 1.
    inference
        How the standard error is computed.
    """
    y, sample = read_sample(values, weights=weights, strata=strata, clusters=clusters)
    return estimate(lambda w: linearised_quantile(y, w, p), sample, inference)
