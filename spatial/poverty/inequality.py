r"""Inequality: Gini, generalised entropy (Theil), Atkinson, quantile and share ratios, the Lorenz curve.

Functions take ``weights``, ``strata`` and ``clusters`` as :func:`~fuping.spatial.poverty.sample.read_sample` does and
return an :class:`~fuping.spatial.poverty.estimate.Estimate`. Negative values are refused: the indices are not bounded
with them. Influence functions follow from means, quantiles and ranked means by the rules of
:mod:`~fuping.spatial.poverty.linearised`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from fuping.spatial.poverty.errors import PovertyError
from fuping.spatial.poverty.estimate import LINEARISATION, Estimate, Inference
from fuping.spatial.poverty.linearised import Linearised, mean, ranked_mean
from fuping.spatial.poverty.quantiles import linearised_quantile
from fuping.spatial.poverty.sample import read_sample
from fuping.spatial.poverty.survey import estimate
from fuping.spatial.wording import worded
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "atkinson",
    "generalised_entropy",
    "gini",
    "linearised_entropy",
    "lorenz_curve",
    "quantile_ratio",
    "refuse_undefined_entropy",
    "share_ratio",
    "theil_l",
    "theil_t",
]

Floats = NDArray[np.float64]


def gini(
    values: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    inference: Inference = LINEARISATION,
) -> Estimate:
    r"""Estimate the Gini coefficient, 0 (equal) to 1.

    Notes
    -----
    :math:`G = 2B/\mu - 1`, with B the mean of value times fractional rank: half the relative mean difference, without
    the factor n/(n-1). Its influence is that of Binder and Kovačević (1995, Survey Methodology 21(2), 137–145).

    Examples
    --------
    >>> round(gini([1.0, 3.0]).value, 10)
    0.25
    """

    def statistic(y: Floats, w: Floats) -> Linearised:
        return 2 * (ranked_mean(y, w, by=y) / mean(y, w)) - 1

    return _estimate(statistic, values, weights, strata, clusters, inference)


def generalised_entropy(
    values: ArrayLike,
    *,
    alpha: float,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    inference: Inference = LINEARISATION,
) -> Estimate:
    r"""Estimate :math:`GE(\alpha) = [W^{-1}\sum w_i (y_i/\mu)^\alpha - 1] / [\alpha(\alpha-1)]`.

    Parameters
    ----------
    values
        Income or consumption a person, shape (n,).
    alpha
        0: Theil's L, the mean logarithmic deviation; 1: Theil's T; 2: half the squared coefficient of variation.
    weights, strata, clusters, inference
        As in :func:`gini`.

    Raises
    ------
    PovertyError
        A value is negative, or is zero with α ≤ 0.

    Notes
    -----
    Shorrocks (1980), Econometrica 48(3), 613–625. :math:`GE(1) = \overline{y\ln y}/\mu - \ln\mu` with 0 ln 0 = 0,
    :math:`GE(0) = \ln\mu - \overline{\ln y}`.
    """

    def statistic(y: Floats, w: Floats) -> Linearised:
        if alpha <= 0:
            _refuse_zeros(y, w, f"GE({alpha:g})")
        return linearised_entropy(y, w, alpha)

    return _estimate(statistic, values, weights, strata, clusters, inference)


def theil_t(
    values: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    inference: Inference = LINEARISATION,
) -> Estimate:
    """Estimate Theil's T, :func:`generalised_entropy` with α = 1."""
    return generalised_entropy(values, alpha=1, weights=weights, strata=strata, clusters=clusters, inference=inference)


def theil_l(
    values: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    inference: Inference = LINEARISATION,
) -> Estimate:
    """Estimate Theil's L, the mean logarithmic deviation, :func:`generalised_entropy` with α = 0."""
    return generalised_entropy(values, alpha=0, weights=weights, strata=strata, clusters=clusters, inference=inference)


def atkinson(
    values: ArrayLike,
    *,
    epsilon: float,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    inference: Inference = LINEARISATION,
) -> Estimate:
    r"""Estimate :math:`A_\varepsilon = 1 - [W^{-1}\sum w_i (y_i/\mu)^{1-\varepsilon}]^{1/(1-\varepsilon)}`.

    Parameters
    ----------
    values
        Income or consumption a person, shape (n,).
    epsilon
        Aversion to inequality, above 0; with 1 the geometric over the arithmetic mean, subtracted from 1.
    weights, strata, clusters, inference
        As in :func:`gini`.

    Raises
    ------
    PovertyError
        Epsilon is not above zero; a value is negative, or is zero with ε ≥ 1.

    Notes
    -----
    Atkinson (1970), Journal of Economic Theory 2(3), 244–263.
    """
    if not (np.isfinite(epsilon) and epsilon > 0):
        raise PovertyError(f"epsilon is {epsilon}.", remedy="Give a number above zero; 0.5, 1 and 2 are usual.")

    def statistic(y: Floats, w: Floats) -> Linearised:
        if epsilon >= 1:
            _refuse_zeros(y, w, f"Atkinson's index with epsilon {epsilon:g}")
        mu = mean(y, w)
        positive = np.where(y > 0, y, 1.0)
        if epsilon == 1:
            logs = mean(np.log(positive), w)
            level = logs.through(float(np.exp(logs.value)), float(np.exp(logs.value)))
        else:
            level = mean(np.where(y > 0, positive ** (1 - epsilon), 0.0), w) ** (1 / (1 - epsilon))
        return 1 - level / mu

    return _estimate(statistic, values, weights, strata, clusters, inference)


def quantile_ratio(
    values: ArrayLike,
    *,
    upper: float = 0.9,
    lower: float = 0.1,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    inference: Inference = LINEARISATION,
) -> Estimate:
    """Estimate the ratio of two quantiles; P90/P10 by default. NaN where the lower quantile is zero."""
    return _estimate(
        lambda y, w: linearised_quantile(y, w, upper) / linearised_quantile(y, w, lower),
        values,
        weights,
        strata,
        clusters,
        inference,
    )


def share_ratio(
    values: ArrayLike,
    *,
    top: float = 0.2,
    bottom: float = 0.2,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    inference: Inference = LINEARISATION,
) -> Estimate:
    """Estimate the income of the top share of people over that of the bottom share.

    S80/S20 by default; the Palma ratio is ``top=0.1, bottom=0.4``. NaN where the bottom has nothing.
    """
    return _estimate(
        lambda y, w: (1 - _lorenz(y, w, 1 - top)) / _lorenz(y, w, bottom),
        values,
        weights,
        strata,
        clusters,
        inference,
    )


def lorenz_curve(
    values: ArrayLike,
    *,
    at: Sequence[float] = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    inference: Inference = LINEARISATION,
) -> pd.DataFrame:
    """Estimate ordinates of the Lorenz curve: the share of all income that the poorest share of people has.

    Parameters
    ----------
    values
        Income or consumption a person, shape (n,).
    at
        Shares of people, each between 0 and 1.
    weights, strata, clusters, inference
        As in :func:`gini`.

    Returns
    -------
    pandas.DataFrame
        One row for each of ``at``, with the fields of an estimate.

    Notes
    -----
    Between two people the curve is straight. Influence: Kovačević and Binder (1997), Journal of Official Statistics
    13(1), 41–58.
    """
    rows = {
        p: _estimate(lambda y, w, p=p: _lorenz(y, w, p), values, weights, strata, clusters, inference).to_dict()  # type: ignore[misc]
        for p in at
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("population_share")


def _lorenz(y: Floats, w: Floats, p: float) -> Linearised:
    if not 0 < p < 1:
        raise PovertyError(f"A population share of {p} is not between 0 and 1.", remedy="Give 0.2, say.")
    order = np.argsort(y, kind="stable")
    upto = np.cumsum(w[order])
    last = min(int(np.searchsorted(upto, p * upto[-1])), len(y) - 1)
    q = y[order][last]
    before = upto[last] - w[order][last]
    below = float(w[order][:last] @ y[order][:last]) + (p * upto[-1] - before) * q
    income = Linearised(below, np.where(y < q, y - q, 0.0) + p * q)
    return income / Linearised(float(w @ y), y)


def linearised_entropy(y: Floats, w: Floats, alpha: float) -> Linearised:
    """Compute generalised entropy and its influence; see :func:`generalised_entropy`."""
    mu = mean(y, w)
    positive = np.where(y > 0, y, 1.0)
    if alpha == 1:
        return mean(y * np.log(positive), w) / mu - mu.log()
    if alpha == 0:
        return mu.log() - mean(np.log(positive), w)
    power = mean(np.where(y > 0, positive**alpha, 0.0), w)
    return (power / mu**alpha - 1) / (alpha * (alpha - 1))


def refuse_undefined_entropy(y: Floats, w: Floats, alpha: float) -> None:
    """Refuse incomes for which generalised entropy has no value."""
    _refuse_negative(y, w)
    if alpha <= 0:
        _refuse_zeros(y, w, f"GE({alpha:g})")


def _refuse_negative(y: Floats, w: Floats) -> None:
    negative = int(((y < 0) & (w > 0)).sum())
    if negative:
        raise PovertyError(
            worded("{negative} values are negative, for which inequality is not defined.", negative=negative),
            remedy=worded("Decide what they mean: leave them out, or set them to zero."),
        )
    if not (w @ y) > 0:
        raise PovertyError(
            worded("All values are zero, so that nothing is shared."), remedy=worded("Check the values.")
        )


def _refuse_zeros(y: Floats, w: Floats, name: str) -> None:
    zeros = int(((y <= 0) & (w > 0)).sum())
    if zeros:
        raise PovertyError(
            worded("{zeros} values are zero, for which {name} is not defined.", zeros=zeros, name=name),
            remedy=worded("Leave them out knowingly, or use the Gini coefficient or Theil's T."),
        )


def _estimate(
    statistic: Callable[[Floats, Floats], Linearised],
    values: ArrayLike,
    weights: ArrayLike | None,
    strata: ArrayLike | None,
    clusters: ArrayLike | None,
    inference: Inference,
) -> Estimate:
    y, sample = read_sample(values, weights=weights, strata=strata, clusters=clusters)
    _refuse_negative(y, sample.weights)
    return estimate(lambda w: statistic(y, w), sample, inference)
