r"""Statistics that carry their influence function: the rules of Deville's linearisation as arithmetic.

The linearised variable of a statistic T of weighted data is :math:`z_k = \partial T / \partial w_k`. The variance of T
under a sampling design is approximated by that of the total :math:`\sum_k w_k z_k` (Deville 1999, Survey Methodology
25(2), 193–203), and sums, products, quotients and smooth functions of statistics follow the rules of calculus.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Linearised", "mean", "ranked_mean", "total"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Linearised:
    """A statistic and its derivative by each weight.

    Parameters
    ----------
    value
        The statistic.
    influence
        float64, shape (n,); derivative of the statistic by the weight of each of the n rows.

    Examples
    --------
    >>> y, w = np.array([1.0, 3.0]), np.array([1.0, 1.0])
    >>> share = total(y, w) / total(np.ones(2), w)
    >>> share.value, share.influence.tolist()
    (2.0, [-0.5, 0.5])
    """

    value: float
    influence: Floats

    def __add__(self, other: Linearised | float) -> Linearised:
        """Add a statistic or a constant."""
        if isinstance(other, Linearised):
            return Linearised(self.value + other.value, self.influence + other.influence)
        return Linearised(self.value + other, self.influence)

    def __mul__(self, other: Linearised | float) -> Linearised:
        """Multiply by a statistic or a constant."""
        if isinstance(other, Linearised):
            influence = self.value * other.influence + other.value * self.influence
            return Linearised(self.value * other.value, influence)
        return Linearised(self.value * other, self.influence * other)

    def __truediv__(self, other: Linearised | float) -> Linearised:
        """Divide; a statistic over one that is zero is not defined and gives NaN."""
        if not isinstance(other, Linearised):
            return self * (1 / other)
        if other.value == 0:
            return Linearised(np.nan, np.full_like(self.influence, np.nan))
        ratio = self.value / other.value
        return Linearised(ratio, (self.influence - ratio * other.influence) / other.value)

    def __neg__(self) -> Linearised:
        return self * -1.0

    def __sub__(self, other: Linearised | float) -> Linearised:
        """Subtract a statistic or a constant."""
        return self + (-other)

    def __pow__(self, power: float) -> Linearised:
        """Raise to a constant power."""
        return self.through(self.value**power, power * self.value ** (power - 1))

    def log(self) -> Linearised:
        """Take the natural logarithm."""
        return self.through(float(np.log(self.value)), 1 / self.value)

    def through(self, value: float, slope: float) -> Linearised:
        """Pass through a smooth function, given its value and slope here."""
        return Linearised(value, slope * self.influence)

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other: float) -> Linearised:
        return -self + other


def total(values: Floats, weights: Floats) -> Linearised:
    """Sum of w y."""
    return Linearised(float(weights @ values), values)


def mean(values: Floats, weights: Floats) -> Linearised:
    """Sum of w y over the sum of w."""
    size = weights.sum()
    average = float(weights @ values) / size
    return Linearised(average, (values - average) / size)


def ranked_mean(values: Floats, weights: Floats, *, by: Floats) -> Linearised:
    r"""Mean of values times the fractional rank of another variable.

    Parameters
    ----------
    values
        float64, shape (n,).
    weights
        float64, shape (n,), not negative.
    by
        float64, shape (n,); the variable that ranks. Where it ties, values must tie too.

    Notes
    -----
    :math:`B = W^{-2} \sum_i w_i g_i (C_i + w_i/2)`, with C the weight of all rows ranked before; so
    :math:`\partial B/\partial w_k = W^{-2} [g_k (C_k + w_k) + \sum_{i>k} w_i g_i] - 2B/W`.
    The Gini coefficient, Sen's index and that of Sen, Shorrocks and Thon are functions of such means.
    """
    order = np.argsort(by, kind="stable")
    g, w = values[order], weights[order]
    size = w.sum()
    upto = np.cumsum(w)
    mass = w * g
    above = mass.sum() - np.cumsum(mass)
    b = float(mass @ (upto - w / 2)) / size**2
    influence = np.empty_like(g)
    influence[order] = (g * upto + above) / size**2 - 2 * b / size
    return Linearised(b, influence)
