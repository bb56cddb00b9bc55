r"""Estimates for areas with few or no sampled people: direct, synthetic, and the model of Fay and Herriot.

The direct estimate of area d is :math:`y_d=\theta_d+e_d` with a known sampling variance :math:`\psi_d`, and
:math:`\theta_d=x_d'\beta+u_d` with :math:`u_d\sim N(0,\sigma^2)` (Fay and Herriot 1979, JASA 74, 269–277; Rao and
Molina 2015, Small Area Estimation, chapter 6).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from fuping.spatial.inference import normal_quantile
from fuping.spatial.poverty.errors import ModelError
from fuping.spatial.poverty.estimate import LINEARISATION, Estimate, Inference
from fuping.spatial.poverty.sample import read_numbers
from fuping.spatial.poverty.survey import by_group, population_mean
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, stats

__all__ = ["FayHerriot", "FitMethod", "direct_estimates", "fay_herriot", "model_data", "synthetic_estimates"]

Floats = NDArray[np.float64]

FitMethod = Literal["reml", "ml", "fh"]
"""Restricted or full maximum likelihood, or the moment equation of Fay and Herriot."""


@dataclass(frozen=True, eq=False)
class FayHerriot:
    r"""A fitted area model and its predictions.

    Parameters
    ----------
    method
        How the variance between areas was estimated.
    variance
        :math:`\hat\sigma^2` of the areas around the regression; 0 where the data show none, and then every prediction
        is synthetic.
    coefficients
        One row a covariate: ``estimate``, ``se``, ``z``, ``p``.
    areas
        One row an area: ``direct``, ``direct_variance``; ``source``, ``"eblup"`` or (without a direct estimate)
        ``"synthetic"``; ``estimate``, ``mse``, ``rmse``, ``low``, ``high``, ``cv``; ``shrinkage``, the weight of the
        direct estimate; ``synthetic``, the regression alone; ``residual``, standardised.
    log_likelihood, aic, bic
        Of the full likelihood at the estimates.
    confidence
        Nominal coverage of the intervals, which are normal with the root of the mean squared error.
    """

    method: FitMethod
    variance: float
    coefficients: pd.DataFrame
    areas: pd.DataFrame
    log_likelihood: float
    aic: float
    bic: float
    confidence: float


def direct_estimates(
    values: ArrayLike,
    *,
    areas: ArrayLike,
    measure: Callable[..., Estimate] = population_mean,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    inference: Inference = LINEARISATION,
    **parameters: Any,
) -> pd.DataFrame:
    """Estimate each area from its own sample.

    Parameters
    ----------
    values
        Numbers, shape (n,).
    areas
        shape (n,); area of each row.
    measure
        A function of this package, say ``headcount_ratio`` with ``line=``; the mean by default.
    weights, strata, clusters, inference, **parameters
        Passed on.

    Returns
    -------
    pandas.DataFrame
        As :func:`~fuping.spatial.poverty.survey.by_group`, with ``variance``, the square of ``se``. A variance of 0
        (nobody poor in the sample, or all) is no knowledge: set it to missing or smooth it before a model uses it.
    """
    table = by_group(
        measure,
        values,
        groups=areas,
        weights=weights,
        strata=strata,
        clusters=clusters,
        inference=inference,
        **parameters,
    )
    return table.assign(variance=table["se"].astype(float) ** 2)


def synthetic_estimates(class_estimates: pd.DataFrame, *, composition: pd.DataFrame) -> pd.DataFrame:
    r"""Give each area the means of classes of people, weighted by its own composition.

    Parameters
    ----------
    class_estimates
        One row a class (age, schooling, urban or rural) with ``value`` and ``se``, from
        :func:`~fuping.spatial.poverty.survey.by_group` over the whole sample.
    composition
        One row an area, one column a class: its people, not negative and not all zero.

    Returns
    -------
    pandas.DataFrame
        ``estimate`` and ``se`` of each area.

    Raises
    ------
    ModelError
        Classes differ, a number is missing or negative, or an area has nobody.

    Notes
    -----
    :math:`\hat\theta_d=\sum_c N_{dc}\bar y_c/N_d` (Gonzalez 1973; Rao and Molina 2015, section 3.2). The standard error
    takes classes as independent and leaves out the bias of taking a class to live alike in all areas, which is usually
    the larger part of the error.
    """
    odd = sorted(str(name) for name in set(class_estimates.index) ^ set(composition.columns))
    if odd:
        raise ModelError(f"Classes of estimates and composition differ in {', '.join(odd)}.", remedy="Name the same.")
    people = read_numbers(composition[list(class_estimates.index)], "composition")
    value, se = (read_numbers(class_estimates[name], name) for name in ("value", "se"))
    if not (people >= 0).all() or np.isnan(value).any():
        raise ModelError("Composition or class estimates are negative or missing.", remedy="Give every class a number.")
    size = people.sum(axis=1)
    empty = [str(area) for area, none in zip(composition.index, size == 0, strict=True) if none]
    if empty:
        raise ModelError(f"Areas without people: {', '.join(empty[:10])}.", remedy="Leave them out.")
    share = people / size[:, None]
    return pd.DataFrame({"estimate": share @ value, "se": np.sqrt(share**2 @ se**2)}, index=composition.index)


def fay_herriot(
    direct: pd.Series,
    *,
    variances: pd.Series,
    covariates: pd.DataFrame,
    method: FitMethod = "reml",
    intercept: bool = True,
    confidence: float = 0.95,
) -> FayHerriot:
    r"""Fit the model of Fay and Herriot and predict every area.

    Parameters
    ----------
    direct
        Direct estimates, one an area; NaN where the area was not sampled.
    variances
        Their sampling variances, above zero where there is a direct estimate.
    covariates
        One row an area, known for all; the three on the same index.
    method
        How the variance between areas is estimated.
    intercept
        Whether a constant is added to the covariates.
    confidence
        Nominal coverage of the intervals.

    Returns
    -------
    FayHerriot

    Raises
    ------
    ModelError
        Indices differ, a covariate is missing, a variance is zero, negative or missing, covariates are linearly
        dependent, or there are no more sampled areas than coefficients.

    Notes
    -----
    The empirical best linear unbiased predictor is :math:`\hat\gamma_d y_d + (1-\hat\gamma_d) x_d'\hat\beta` with
    :math:`\hat\gamma_d=\hat\sigma^2/(\hat\sigma^2+\psi_d)`. Its mean squared error is that of Prasad and Rao (1990,
    JASA 85, 163–171), :math:`g_1+g_2+2g_3`, less a bias for full maximum likelihood (Datta and Lahiri 2000, Statistica
    Sinica 10, 613–627) and for the moment method (Datta, Rao and Smith 2005, Biometrika 92, 183–196). Areas without a
    direct estimate have :math:`\hat\sigma^2 + x_d'\hat V(\hat\beta)x_d`.
    """
    if method not in get_args(FitMethod):
        raise ModelError(f"Method {method!r} is unknown.", remedy=f"Choose {', '.join(get_args(FitMethod))}.")
    y, psi, x, sampled = model_data(direct, variances, covariates, intercept)
    ys, ps, xs = y[sampled], psi[sampled], x[sampled]
    m, p = xs.shape
    sigma2 = _between_variance(ys, ps, xs, method)
    v = sigma2 + ps
    q = _inverse(xs.T @ (xs / v[:, None]))
    beta = q @ (xs.T @ (ys / v))
    synthetic, leverage = x @ beta, np.einsum("ij,jk,ik->i", x, q, x)
    r = ys - synthetic[sampled]
    gamma, estimate, mse = np.zeros(len(y)), synthetic.copy(), sigma2 + leverage
    gamma[sampled] = sigma2 / v
    estimate[sampled] = synthetic[sampled] + gamma[sampled] * r
    mse[sampled] = _mean_squared_error(sigma2, ps, xs, q, leverage[sampled], method)
    residual = np.full(len(y), np.nan)
    residual[sampled] = r / np.sqrt(v)
    z = normal_quantile(confidence)
    rmse = np.sqrt(mse)
    areas = pd.DataFrame(
        {
            "direct": y,
            "direct_variance": np.where(sampled, psi, np.nan),
            "source": np.where(sampled, "eblup", "synthetic"),
            "estimate": estimate,
            "mse": mse,
            "rmse": rmse,
            "low": estimate - z * rmse,
            "high": estimate + z * rmse,
            "cv": np.divide(rmse, np.abs(estimate), out=np.full(len(y), np.nan), where=estimate != 0),
            "shrinkage": gamma,
            "synthetic": synthetic,
            "residual": residual,
        },
        index=covariates.index,
    )
    se = np.sqrt(np.diag(q))
    names = [*(["intercept"] if intercept else []), *map(str, covariates.columns)]
    coefficients = pd.DataFrame(
        {"estimate": beta, "se": se, "z": beta / se, "p": 2 * stats.norm.sf(np.abs(beta / se))}, index=names
    )
    likelihood = float(-0.5 * (np.log(2 * np.pi * v) + r**2 / v).sum())
    parameters = p + 1
    aic, bic = 2 * parameters - 2 * likelihood, parameters * np.log(m) - 2 * likelihood
    return FayHerriot(method, sigma2, coefficients, areas, likelihood, float(aic), float(bic), confidence)


def model_data(
    direct: pd.Series, variances: pd.Series, covariates: pd.DataFrame, intercept: bool
) -> tuple[Floats, Floats, Floats, NDArray[np.bool_]]:
    """Check what an area model is fitted to; give y, ψ, X with its constant, and which areas were sampled."""
    for name, data in (("variances", variances), ("covariates", covariates)):
        if not data.index.equals(direct.index):
            raise ModelError(f"direct and {name} have different areas.", remedy="Put all three on the same index.")
    y, psi, x = (
        read_numbers(data, name)
        for data, name in ((direct, "direct"), (variances, "variances"), (covariates, "covariates"))
    )
    if np.isnan(x).any():
        lost = [str(area) for area in covariates.index[np.isnan(x).any(axis=1)]]
        raise ModelError(
            f"Covariates are missing for {len(lost)} areas: {', '.join(lost[:10])}.",
            remedy="Give every area its covariates, or leave it out.",
        )
    sampled = ~np.isnan(y)
    bad = sampled & ~(psi > 0)
    if bad.any():
        named = ", ".join(f"{area} ({value:g})" for area, value in zip(direct.index[bad][:10], psi[bad], strict=False))
        raise ModelError(
            f"{int(bad.sum())} direct estimates have no positive sampling variance: {named}.",
            remedy="Smooth the variances, or set these direct estimates to missing.",
        )
    if intercept:
        x = np.column_stack([np.ones(len(x)), x])
    m, p = int(sampled.sum()), x.shape[1]
    if m <= p:
        raise ModelError(f"{m} sampled areas cannot carry {p} coefficients.", remedy="Use fewer covariates.")
    scale = np.abs(x[sampled]).max(axis=0)
    if (scale == 0).any() or np.linalg.matrix_rank(x[sampled] / np.where(scale > 0, scale, 1.0)) < p:
        raise ModelError(
            "The covariates of the sampled areas are linearly dependent.",
            remedy="Drop one: all classes of a set together with an intercept, say.",
        )
    return y, psi, x, sampled


def _between_variance(y: Floats, psi: Floats, x: Floats, method: FitMethod) -> float:
    """Find the root of the score; 0 where the score is negative there, the boundary of the parameter."""

    def parts(sigma2: float) -> tuple[Floats, Floats, Floats]:
        v = sigma2 + psi
        q = _inverse(x.T @ (x / v[:, None]))
        return v, q, y - x @ (q @ (x.T @ (y / v)))

    def score(sigma2: float) -> float:
        v, q, r = parts(sigma2)
        if method == "fh":
            return float((r**2 / v).sum() - (len(y) - x.shape[1]))
        trace = (1 / v).sum()
        if method == "reml":
            trace -= np.trace(q @ (x.T @ (x / v[:, None] ** 2)))
        return float(((r / v) ** 2).sum() - trace)

    def objective(sigma2: float) -> float:
        v, q, r = parts(sigma2)
        likelihood = -0.5 * (np.log(v).sum() + (r**2 / v).sum())
        return float(likelihood + (0.5 * np.linalg.slogdet(q)[1] if method == "reml" else 0.0))

    start = float(np.median(psi))
    upper = start
    if score(0.0) <= 0:
        # The likelihood can still have a higher top away from zero.
        grid = start * np.logspace(-3, 3, 25)
        if method == "fh" or max(map(objective, grid)) <= objective(0.0):
            return 0.0
        best = int(np.argmax([objective(one) for one in grid]))
        low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
        return float(optimize.minimize_scalar(lambda one: -objective(one), bounds=(low, high), method="bounded").x)
    while score(upper) > 0:
        upper *= 2
        if upper > 1e12 * start:
            raise ModelError("The variance between areas does not converge.", remedy="Check units and outliers.")
    return float(optimize.brentq(score, 0.0, upper, xtol=1e-14 * start, rtol=1e-12))


def _mean_squared_error(
    sigma2: float, psi: Floats, x: Floats, q: Floats, leverage: Floats, method: FitMethod
) -> Floats:
    v = sigma2 + psi
    b = psi / v
    g1, g2 = sigma2 * b, b**2 * leverage
    one, two = (1 / v).sum(), (1 / v**2).sum()
    m = len(v)
    if method == "fh":
        spread, bias = 2 * m / one**2, 2 * (m * two - one**2) / one**3
    else:
        spread = 2 / two
        bias = 0.0 if method == "reml" else -float(np.trace(q @ (x.T @ (x / v[:, None] ** 2)))) / two
    return np.asarray(g1 + g2 + 2 * b**2 * spread / v - bias * b**2)


def _inverse(matrix: Floats) -> Floats:
    return np.asarray(np.linalg.inv(matrix), dtype=float)
