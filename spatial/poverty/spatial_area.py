r"""The area model of Fay and Herriot with neighbours that resemble each other.

The area effects are autoregressive, :math:`u=\rho W u+\varepsilon` with :math:`\varepsilon\sim N(0,\sigma^2 I)`. So
their covariance is :math:`G=\sigma^2[(I-\rho W)'(I-\rho W)]^{-1}`, and an area borrows from its neighbours, also where
it has no direct estimate (Singh, Shukla and Kundu 2005, Survey Methodology 31(2), 183–195; Pratesi and Salvati 2008,
Statistical Methods and Applications 17, 113–141).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from fuping.spatial.inference import normal_quantile
from fuping.spatial.poverty.errors import ModelError
from fuping.spatial.poverty.sample import read_numbers
from fuping.spatial.poverty.small_area import model_data
from numpy.typing import NDArray
from scipy import optimize, sparse, stats

__all__ = ["SpatialFayHerriot", "spatial_fay_herriot"]

Floats = NDArray[np.float64]

BOUND = 0.995
"""Largest size of ρ that is tried; the covariance is singular at 1."""


@dataclass(frozen=True, eq=False)
class SpatialFayHerriot:
    r"""A fitted spatial area model and its predictions.

    Parameters
    ----------
    method
        How the variance parameters were estimated.
    rho
        :math:`\hat\rho`, spatial autocorrelation of the area effects; 0 where their variance is.
    variance
        :math:`\hat\sigma^2`.
    independence_p
        p-value of the likelihood ratio test of :math:`\rho=0`; NaN where ρ was given.
    coefficients
        One row a covariate: ``estimate``, ``se``, ``z``, ``p``.
    areas
        One row an area: ``direct``, ``direct_variance``, ``source`` (``"eblup"``, or ``"spatial"`` without a direct
        estimate), ``estimate``, ``mse``, ``rmse``, ``low``, ``high``, ``synthetic``.
    confidence
        Nominal coverage of the intervals.
    """

    method: Literal["reml", "ml"]
    rho: float
    variance: float
    independence_p: float
    coefficients: pd.DataFrame
    areas: pd.DataFrame
    confidence: float


def spatial_fay_herriot(
    direct: pd.Series,
    *,
    variances: pd.Series,
    covariates: pd.DataFrame,
    neighbours: NDArray[np.float64] | sparse.sparray,
    rho: float | None = None,
    method: Literal["reml", "ml"] = "reml",
    intercept: bool = True,
    confidence: float = 0.95,
) -> SpatialFayHerriot:
    r"""Fit the spatial area model and predict every area.

    Parameters
    ----------
    direct, variances, covariates, intercept, confidence
        As in :func:`~fuping.spatial.poverty.small_area.fay_herriot`.
    neighbours
        Weights W in the order of the areas, shape (n, n), not negative, diagonal 0, each row summing to 1, or to 0 for
        an area without neighbours.
    rho
        Spatial autocorrelation where it is known, between -1 and 1; estimated without.
    method
        Restricted or full maximum likelihood.

    Returns
    -------
    SpatialFayHerriot

    Raises
    ------
    ModelError
        As in ``fay_herriot``; the weights are not of that form; ρ is out of range.

    Notes
    -----
    Best prediction :math:`X\hat\beta+G_{\cdot s}V^{-1}(y-X_s\hat\beta)`, :math:`V=G_{ss}+\Psi`. Mean squared error
    :math:`g_1+g_2+2g_3` with the expected information of :math:`(\sigma^2,\rho)`; the term that Singh, Shukla and Kundu
    add for the curvature of V in ρ is left out. Each ρ that is tried takes an eigendecomposition of the sampled areas:
    seconds for hundreds of areas, minutes for thousands.
    """
    if method not in ("reml", "ml"):
        raise ModelError(f"Method {method!r} is unknown.", remedy="Choose reml or ml.")
    if rho is not None and not -1 < rho < 1:
        raise ModelError(f"rho is {rho}.", remedy="Give a number between -1 and 1.")
    y, psi, x, sampled = model_data(direct, variances, covariates, intercept)
    w = _weights(neighbours, len(y))
    ys, ps, xs = y[sampled], psi[sampled], x[sampled]

    def profile(one: float) -> tuple[float, float]:
        return _profile(_correlation(w, one)[np.ix_(sampled, sampled)], ys, ps, xs, method)

    fitted, tested = (rho, float("nan")) if rho is not None else _search(profile)
    sigma2 = profile(fitted)[1]
    # Without variance between areas there is nothing to be correlated.
    fitted = fitted if sigma2 > 0 else 0.0
    parameters = 1 if rho is not None or sigma2 == 0 else 2
    estimate, mse, synthetic, beta, q = _predict(w, fitted, sigma2, y, psi, x, sampled, parameters)
    z, rmse = normal_quantile(confidence), np.sqrt(mse)
    areas = pd.DataFrame(
        {
            "direct": y,
            "direct_variance": np.where(sampled, psi, np.nan),
            "source": np.where(sampled, "eblup", "spatial"),
            "estimate": estimate,
            "mse": mse,
            "rmse": rmse,
            "low": estimate - z * rmse,
            "high": estimate + z * rmse,
            "synthetic": synthetic,
        },
        index=covariates.index,
    )
    se = np.sqrt(np.diag(q))
    names = [*(["intercept"] if intercept else []), *map(str, covariates.columns)]
    coefficients = pd.DataFrame(
        {"estimate": beta, "se": se, "z": beta / se, "p": 2 * stats.norm.sf(np.abs(beta / se))}, index=names
    )
    return SpatialFayHerriot(method, fitted, sigma2, tested, coefficients, areas, confidence)


def _weights(neighbours: Any, n: int) -> Floats:
    w = neighbours.toarray() if sparse.issparse(neighbours) else neighbours
    w = read_numbers(w, "neighbours")
    if w.shape != (n, n):
        raise ModelError(f"neighbours have the shape {w.shape}.", remedy=f"There are {n} areas: give ({n}, {n}).")
    rows = w.sum(axis=1)
    off = ~(np.isclose(rows, 1) | (rows == 0))
    if not (w >= 0).all() or np.diag(w).any() or off.any():
        raise ModelError(
            "neighbours are negative, on the diagonal, or in rows that do not sum to 1.",
            remedy="Standardise the rows of a contiguity matrix.",
        )
    return w


def _correlation(w: Floats, rho: float) -> Floats:
    """Compute [(I - ρW)'(I - ρW)]^-1."""
    inverse = np.linalg.inv(np.eye(len(w)) - rho * w)
    return np.asarray(inverse @ inverse.T)


def _profile(c: Floats, y: Floats, psi: Floats, x: Floats, method: str) -> tuple[float, float]:
    """Maximise the likelihood over σ² for a given correlation; give its logarithm and σ²."""
    root = np.sqrt(psi)
    eigenvalues, vectors = np.linalg.eigh(c / np.outer(root, root))
    yt, xt = vectors.T @ (y / root), vectors.T @ (x / root[:, None])

    def negative(sigma2: float) -> float:
        v = 1 + sigma2 * eigenvalues
        cross = xt.T @ (xt / v[:, None])
        r = yt - xt @ np.linalg.solve(cross, xt.T @ (yt / v))
        value = 0.5 * (np.log(v).sum() + (r**2 / v).sum())
        return float(value + (0.5 * np.linalg.slogdet(cross)[1] if method == "reml" else 0.0))

    # On a grid first: the likelihood may have more than one top, one of them at zero.
    grid = np.concatenate([[0.0], np.median(psi) * np.logspace(-3, 3, 25)])
    best = int(np.argmin([negative(one) for one in grid]))
    if best == 0:
        return -negative(0.0), 0.0
    low, high = grid[best - 1], grid[min(best + 1, len(grid) - 1)]
    found = optimize.minimize_scalar(negative, bounds=(low, high), method="bounded", options={"xatol": 1e-10 * high})
    return -float(found.fun), float(found.x)


def _search(profile: Any) -> tuple[float, float]:
    """Maximise over ρ and test ρ = 0."""
    grid = np.linspace(-BOUND, BOUND, 11)
    values = [profile(one)[0] for one in grid]
    best = int(np.argmax(values))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    found = optimize.minimize_scalar(lambda one: -profile(one)[0], bounds=(low, high), method="bounded")
    ratio = 2 * (-float(found.fun) - profile(0.0)[0])
    return float(found.x), float(stats.chi2.sf(max(ratio, 0.0), 1))


def _predict(
    w: Floats,
    rho: float,
    sigma2: float,
    y: Floats,
    psi: Floats,
    x: Floats,
    sampled: NDArray[np.bool_],
    parameters: int,
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    c = _correlation(w, rho)
    g = sigma2 * c
    inverse = np.linalg.inv(g[np.ix_(sampled, sampled)] + np.diag(psi[sampled]))
    xs = x[sampled]
    q = np.asarray(np.linalg.inv(xs.T @ inverse @ xs))
    beta = q @ (xs.T @ inverse @ y[sampled])
    synthetic = x @ beta
    b = g[:, sampled] @ inverse
    estimate = synthetic + b @ (y[sampled] - synthetic[sampled])
    d = x - b @ xs
    mse = np.diag(g) - np.einsum("ij,ij->i", b, g[:, sampled]) + np.einsum("ij,jk,ik->i", d, q, d)
    slopes = [c]
    if parameters == 2:
        a = np.eye(len(w)) - rho * w
        slopes.append(sigma2 * c @ (w.T @ a + a.T @ w) @ c)
    inner = [slope[np.ix_(sampled, sampled)] for slope in slopes]
    information = np.array([[0.5 * np.sum((inverse @ one) * (two @ inverse)) for two in inner] for one in inner])
    spread = np.linalg.inv(information)
    # Derivative of b = G V^-1 by each parameter, then its mean square under V.
    moves = [(slope[:, sampled] - b @ part) @ inverse for slope, part in zip(slopes, inner, strict=True)]
    v = np.linalg.inv(inverse)
    for i, one in enumerate(moves):
        for j, two in enumerate(moves):
            mse = mse + 2 * spread[i, j] * np.einsum("ij,jk,ik->i", one, v, two)
    return estimate, mse, synthetic, beta, q
