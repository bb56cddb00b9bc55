"""From influence functions to standard errors, clustered or not, and to simultaneous bands."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from fuping.spatial.inference import Direction, Estimate, normal_quantile
from numpy.typing import NDArray
from scipy import stats

__all__ = ["Influence", "WaldTest", "direction", "estimate", "interval_table", "wald_test"]

Floats = NDArray[np.float64]

BLOCK = 250
"""Draws of the bootstrap that are held in memory at a time."""


@dataclass(frozen=True)
class WaldTest:
    """Joint test that several parameters are zero.

    Parameters
    ----------
    statistic, p_value
        χ² statistic and its p-value; NaN where there is nothing to test.
    df
        Parameters that are tested, less those that others imply.
    """

    statistic: float
    df: int
    p_value: float


@dataclass(frozen=True, eq=False)
class Influence:
    r"""Influence of each unit on k estimates.

    Parameters
    ----------
    values
        float64, shape (n, k), scaled so that :math:`\hat\theta - \theta \approx n^{-1} \sum_i \psi_i`.
    clusters
        intp, shape (n,), 0 to c − 1, or None: units are drawn one by one.

    Notes
    -----
    Callaway and Sant'Anna (2021), J. Econometrics 225, 200–230, theorem 2 (influence functions) and algorithm 1
    (bootstrap); for clusters their influence is summed first.
    """

    values: Floats = field(repr=False)
    clusters: NDArray[np.intp] | None = field(default=None, repr=False)

    def _sums(self) -> Floats:
        """Sum the influence of the units that are drawn together."""
        if self.clusters is None:
            return self.values
        sums = np.zeros((int(self.clusters.max()) + 1, self.values.shape[1]))
        np.add.at(sums, self.clusters, self.values)
        return sums

    @property
    def n_drawn(self) -> int:
        """Units, or clusters, that are drawn independently."""
        return len(self.values) if self.clusters is None else int(self.clusters.max()) + 1

    def covariance(self) -> Floats:
        """Return the covariance of the estimates, shape (k, k)."""
        sums = self._sums()
        return sums.T @ sums / len(self.values) ** 2

    def standard_errors(self) -> Floats:
        """Return the standard errors, shape (k,); NaN where an estimate does not vary at all."""
        variance = np.einsum("ij,ij->j", sums := self._sums(), sums) / len(self.values) ** 2
        return np.where(variance > 1e-20, np.sqrt(variance), np.nan)

    def critical_value(self, *, confidence: float, draws: int, seed: int) -> float:
        r"""Return the multiple of the standard errors whose band covers all k estimates at once.

        Parameters
        ----------
        confidence
            Nominal coverage of the band, 0 to 1.
        draws
            Draws of the multiplier bootstrap; 0 gives the pointwise critical value.
        seed
            Of the random numbers; the same seed gives the same band.

        Notes
        -----
        Weights of Mammen (1993); each draw gives :math:`\max_j |n^{-1/2}\sum_i V_i \psi_{ij}| / \hat\Sigma_j^{1/2}`,
        with :math:`\hat\Sigma` from the interquartile range, and the band takes their quantile. Not below the pointwise
        critical value, which a small number of draws can miss.
        """
        pointwise = normal_quantile(confidence)
        sums = self._sums()
        moves = np.isfinite(self.standard_errors())
        if moves.sum() <= 1 or draws == 0:
            return pointwise
        rng = np.random.default_rng(seed)
        root = np.sqrt(5.0)
        low, chance = (1 - root) / 2, (1 + root) / (2 * root)
        drawn = []
        for start in range(0, draws, BLOCK):
            first = rng.random((min(BLOCK, draws - start), len(sums))) < chance
            drawn.append(np.where(first, low, low + root) @ sums[:, moves])
        moved = np.concatenate(drawn)
        quartiles = np.quantile(moved, [0.25, 0.75], axis=0)
        spread = (quartiles[1] - quartiles[0]) / (stats.norm.ppf(0.75) - stats.norm.ppf(0.25))
        return max(pointwise, float(np.quantile(np.abs(moved / spread).max(axis=1), confidence)))

    def combined(self, weights: Floats, extra: Floats | None = None) -> Influence:
        """Return the influence on weighted sums of the estimates.

        Parameters
        ----------
        weights
            Shape (k, m).
        extra
            Shape (n, m); influence of each unit through weights that are themselves estimated.
        """
        values = self.values @ weights
        return Influence(values if extra is None else values + extra, self.clusters)


def estimate(value: float, se: float, *, n: int, confidence: float, method: str) -> Estimate:
    """Give an estimate its normal interval; NaN ends where it has no standard error."""
    reach = normal_quantile(confidence) * se
    return Estimate(value, value - reach, value + reach, se, n, confidence, method)


def direction(found: Estimate) -> Direction:
    """Say what an interval says: a rise or fall only where it leaves zero out."""
    if not (np.isfinite(found.value) and np.isfinite(found.se)):
        return "missing"
    if found.low > 0:
        return "rise"
    return "fall" if found.high < 0 else "not distinguishable"


def wald_test(values: Floats, covariance: Floats) -> WaldTest:
    r"""Test jointly that estimates are zero: :math:`W = \hat\theta' \hat V^{-1} \hat\theta \sim \chi^2`.

    Parameters
    ----------
    values, covariance
        Shapes (k,) and (k, k); estimates that are missing or do not vary are left out.

    Examples
    --------
    >>> wald_test(np.array([2.0]), np.array([[1.0]])).statistic
    4.0
    """
    keep = np.isfinite(values) & (np.diag(covariance) > 1e-20)
    if not keep.any():
        return WaldTest(float("nan"), 0, float("nan"))
    v = covariance[np.ix_(keep, keep)]
    # Estimates that others imply add no freedom: the scale-free rank counts those that are left.
    scale = np.sqrt(np.diag(v))
    correlation = v / np.outer(scale, scale)
    rank = int(np.linalg.matrix_rank(correlation, tol=1e-8, hermitian=True))
    z = values[keep] / scale
    statistic = float(z @ np.linalg.pinv(correlation, rcond=1e-8, hermitian=True) @ z)
    return WaldTest(statistic, rank, float(stats.chi2.sf(statistic, rank)))


def interval_table(values: Floats, se: Floats, *, confidence: float, critical_value: float) -> pd.DataFrame:
    """Lay estimates out with their pointwise interval, p-value and simultaneous band.

    Returns
    -------
    pandas.DataFrame
        ``att``, ``se``, ``low``, ``high`` (pointwise), ``p_value``, ``band_low``, ``band_high`` (simultaneous).
    """
    pointwise = normal_quantile(confidence)
    return pd.DataFrame(
        {
            "att": values,
            "se": se,
            "low": values - pointwise * se,
            "high": values + pointwise * se,
            "p_value": 2 * stats.norm.sf(np.abs(values / se)),
            "band_low": values - critical_value * se,
            "band_high": values + critical_value * se,
        }
    )
