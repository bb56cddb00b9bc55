"""Whether an area model may be believed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from fuping.spatial.poverty.errors import ModelError
from fuping.spatial.poverty.small_area import FayHerriot
from scipy import stats

__all__ = ["Diagnostics", "diagnose"]


@dataclass(frozen=True)
class Diagnostics:
    """Checks of a fitted area model; small p-values speak against it.

    Parameters
    ----------
    n_sampled, n_synthetic
        Areas with and without a direct estimate.
    normality, normality_p
        Shapiro and Wilk's W of the standardised residuals.
    bias_intercept, bias_slope, bias_p
        Regression of direct on model estimates, weighted by 1/ψ, and Wald's test of intercept 0 and slope 1. Direct
        estimates are unbiased, so model estimates should lie around the diagonal; shrinkage alone makes the slope a
        little more than 1.
    goodness, goodness_p
        Sum of (direct - model)² / (ψ + mse) and its p-value by chi-square with ``n_sampled`` degrees of freedom. It
        takes the two as independent, which they are not, so that it rejects too rarely.
    median_cv_direct, median_cv_model
        Median coefficients of variation of the sampled areas.
    outliers
        Areas whose standardised residual is beyond 3.
    """

    n_sampled: int
    n_synthetic: int
    normality: float
    normality_p: float
    bias_intercept: float
    bias_slope: float
    bias_p: float
    goodness: float
    goodness_p: float
    median_cv_direct: float
    median_cv_model: float
    outliers: tuple[str, ...]


def diagnose(model: FayHerriot) -> Diagnostics:
    """Check residuals, bias, goodness of fit and gain of precision of a fitted model.

    Parameters
    ----------
    model
        From :func:`~fuping.spatial.poverty.small_area.fay_herriot`.

    Raises
    ------
    ModelError
        Fewer than three sampled areas, or predictions that do not vary, to which no line can be fitted.

    Notes
    -----
    Brown, Chambers, Heady and Heasman (2001), Evaluation of small area estimation methods, Statistics Canada Symposium.
    """
    areas = model.areas[model.areas["source"] == "eblup"]
    direct, psi, found, mse = (areas[name].to_numpy(float) for name in ("direct", "direct_variance", "estimate", "mse"))
    if len(areas) < 3:
        raise ModelError(f"{len(areas)} sampled areas cannot be checked.", remedy="Use the direct estimates.")
    if np.ptp(found) <= 1e-12 * np.abs(found).max():
        raise ModelError("The model predicts the same for every area.", remedy="Give it covariates.")
    residual = areas["residual"].to_numpy(float)
    shapiro = stats.shapiro(residual)
    x = np.column_stack([np.ones(len(found)), found])
    q = np.linalg.inv(x.T @ (x / psi[:, None]))
    line = q @ (x.T @ (direct / psi))
    apart = line - np.array([0.0, 1.0])
    spread = float((((direct - x @ line) ** 2) / psi).sum() / (len(found) - 2))
    wald = float(apart @ np.linalg.solve(q * spread, apart)) / 2
    goodness = float(((direct - found) ** 2 / (psi + mse)).sum())
    far = areas.index[np.abs(residual) > 3]
    return Diagnostics(
        n_sampled=len(areas),
        n_synthetic=len(model.areas) - len(areas),
        normality=float(shapiro.statistic),
        normality_p=float(shapiro.pvalue),
        bias_intercept=float(line[0]),
        bias_slope=float(line[1]),
        bias_p=float(stats.f.sf(wald, 2, len(found) - 2)),
        goodness=goodness,
        goodness_p=float(stats.chi2.sf(goodness, len(areas))),
        median_cv_direct=float(np.nanmedian(np.sqrt(psi) / np.where(direct != 0, np.abs(direct), np.nan))),
        median_cv_model=float(np.nanmedian(areas["cv"].to_numpy(float))),
        outliers=tuple(str(area) for area in far),
    )
