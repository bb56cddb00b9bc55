"""What growth of the mean and redistribution around it did to poverty between two independent samples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from fuping.spatial.poverty.errors import PovertyError
from fuping.spatial.poverty.estimate import LINEARISATION, Estimate, Inference
from fuping.spatial.poverty.fgt import line_slope, poverty_of_rows, scale_by_line, with_line
from fuping.spatial.poverty.linearised import Linearised, mean
from fuping.spatial.poverty.periods import inside_period, two_samples
from fuping.spatial.poverty.survey import estimate
from numpy.typing import ArrayLike, NDArray

__all__ = ["GrowthMethod", "GrowthRedistribution", "growth_redistribution"]

Floats = NDArray[np.float64]

GrowthMethod = Literal["shapley", "datt_ravallion_before", "datt_ravallion_after"]
"""Which of the two distributions and means are held when the other changes: both, averaged; those before; after."""


@dataclass(frozen=True)
class GrowthRedistribution:
    """A change and its components; ``growth + redistribution + residual = change``.

    Parameters
    ----------
    before, after, change
        The measure in the two periods and its change.
    growth
        Part due to the change of the mean, shares of income being held.
    redistribution
        Part due to the change of the shares, the mean being held.
    residual
        What the method leaves over; exactly 0 by Shapley.
    method
        The method.
    """

    before: Estimate
    after: Estimate
    change: Estimate
    growth: Estimate
    redistribution: Estimate
    residual: Estimate
    method: GrowthMethod


def growth_redistribution(
    before: ArrayLike,
    after: ArrayLike,
    *,
    line: float,
    alpha: float = 0.0,
    method: GrowthMethod = "shapley",
    weights: tuple[ArrayLike | None, ArrayLike | None] = (None, None),
    strata: tuple[ArrayLike | None, ArrayLike | None] = (None, None),
    clusters: tuple[ArrayLike | None, ArrayLike | None] = (None, None),
    inference: Inference = LINEARISATION,
) -> GrowthRedistribution:
    r"""Split a change of poverty into growth of the mean and redistribution around it.

    Parameters
    ----------
    before, after
        Income or consumption a person in the two periods, in the same prices.
    line
        Poverty line in those prices.
    alpha
        0, or 1 or more: which Foster–Greer–Thorbecke measure.
    method
        ``"shapley"`` (Shorrocks 2013, Journal of Economic Inequality 11, 99–126), or Datt and Ravallion's (1992,
        Journal of Development Economics 38, 275–295) with the period before or after as reference.
    weights, strata, clusters
        The design of each period, before and after.
    inference
        How standard errors are computed.

    Raises
    ------
    PovertyError
        The method is unknown, alpha is out of range, a mean is not above zero, or a sample is refused.

    Notes
    -----
    With P(μ, L) the measure at a mean and a Lorenz curve, growth is :math:`P(\mu_1,L_r)-P(\mu_0,L_r)` and
    redistribution :math:`P(\mu_r,L_1)-P(\mu_r,L_0)`; Shapley averages over r = 0, 1. :math:`P(\mu_1,L_0)` is the
    measure of the incomes before, each times :math:`\mu_1/\mu_0`.
    """
    if method not in get_args(GrowthMethod):
        raise PovertyError(f"Method {method!r} is unknown.", remedy=f"Choose {', '.join(get_args(GrowthMethod))}.")
    if not (alpha == 0 or alpha >= 1):
        raise PovertyError(f"alpha is {alpha}.", remedy="Give 0, or 1 or more.")
    y, later, sample = two_samples(before, after, weights, strata, clusters)
    x = scale_by_line(y, line, sample, y)
    for name, mask in (("before", ~later), ("after", later)):
        if not sample.weights[mask] @ y[mask] > 0:
            raise PovertyError(f"The mean {name} is not above zero.", remedy="Growth needs positive means.")

    def at_mean(distribution: NDArray[np.bool_], mean_of: NDArray[np.bool_]) -> Callable[[Floats], Linearised]:
        def statistic(w: Floats) -> Linearised:
            inner = np.where(distribution, w, 0.0)
            if distribution is mean_of:
                return inside_period(mean(poverty_of_rows(x, alpha), inner), distribution)
            own, other = (inside_period(mean(y, np.where(mask, w, 0.0)), mask) for mask in (distribution, mean_of))
            moved = x * (other.value / own.value)
            found = inside_period(mean(poverty_of_rows(moved, alpha), inner), distribution)
            line_influence = own.influence / own.value - other.influence / other.value
            return with_line(found, line_slope(moved, inner, alpha), line_influence)

        return statistic

    earlier = ~later
    p00, p11 = at_mean(earlier, earlier), at_mean(later, later)
    p10, p01 = at_mean(earlier, later), at_mean(later, earlier)
    steps = {
        "datt_ravallion_before": (lambda w: p10(w) - p00(w), lambda w: p01(w) - p00(w)),
        "datt_ravallion_after": (lambda w: p11(w) - p01(w), lambda w: p11(w) - p10(w)),
        "shapley": (
            lambda w: (p10(w) - p00(w) + p11(w) - p01(w)) / 2,
            lambda w: (p01(w) - p00(w) + p11(w) - p10(w)) / 2,
        ),
    }
    growth, redistribution = steps[method]

    def residual(w: Floats) -> Linearised:
        if method == "shapley":
            return Linearised(0.0, np.zeros_like(w))
        return p11(w) - p00(w) - growth(w) - redistribution(w)

    return GrowthRedistribution(
        before=estimate(p00, sample, inference),
        after=estimate(p11, sample, inference),
        change=estimate(lambda w: p11(w) - p00(w), sample, inference),
        growth=estimate(growth, sample, inference),
        redistribution=estimate(redistribution, sample, inference),
        residual=estimate(residual, sample, inference),
        method=method,
    )
