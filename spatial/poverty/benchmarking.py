"""Make estimates of areas add up to totals that are known, or estimated better, for regions."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pandas as pd
from fuping.spatial.poverty.errors import ModelError
from fuping.spatial.poverty.sample import read_numbers

__all__ = ["BenchmarkMethod", "benchmark"]

BenchmarkMethod = Literal["ratio", "difference", "precision"]
"""All areas of a region times one factor; plus one number; or moved more the less precise they are."""


def benchmark(
    estimates: pd.Series,
    *,
    population: pd.Series,
    totals: pd.Series | float,
    regions: pd.Series | None = None,
    method: BenchmarkMethod = "ratio",
    mse: pd.Series | None = None,
) -> pd.DataFrame:
    r"""Benchmark rates or means of areas to totals.

    Parameters
    ----------
    estimates
        One an area, none missing: a headcount ratio, say.
    population
        People of each area, above zero.
    totals
        Total of each region, Σ people × estimate: the number of poor, say. One number without regions.
    regions
        Region of each area; all in one without.
    method
        ``"ratio"``: :math:`\theta_d T/\sum N\theta`. ``"difference"``: :math:`\theta_d + (T-\sum N\theta)/\sum N`.
        ``"precision"``: :math:`\theta_d + N_d m_d (T-\sum N\theta)/\sum N^2 m`, least squares weighted by precision
        (Wang, Fuller and Qu 2008, Survey Methodology 34(1), 29–36).
    mse
        Mean squared error m of each estimate, above zero, for ``"precision"``.

    Returns
    -------
    pandas.DataFrame
        On the index of the estimates: ``estimate``, ``benchmarked``, ``adjustment`` (their difference) and ``region``.
        Mean squared errors of the estimates do not carry over to the benchmarked ones.

    Raises
    ------
    ModelError
        Indices differ, a number is missing or out of range, a region has no total or a total no region, or a ratio is
        asked of estimates that sum to zero.

    Examples
    --------
    >>> rates, people = pd.Series([0.1, 0.3]), pd.Series([100.0, 100.0])
    >>> benchmark(rates, population=people, totals=44.0)["benchmarked"].round(3).tolist()
    [0.11, 0.33]
    """
    if method not in get_args(BenchmarkMethod):
        raise ModelError(f"Method {method!r} is unknown.", remedy=f"Choose {', '.join(get_args(BenchmarkMethod))}.")
    theta, n = _column(estimates, "estimates", estimates), _column(population, "population", estimates)
    if not (n > 0).all():
        raise ModelError("Areas have a population of zero or less.", remedy="Leave them out.")
    if method == "precision":
        if mse is None:
            raise ModelError("Precision benchmarking needs mse.", remedy="Give it, or choose ratio or difference.")
        spread = _column(mse, "mse", estimates)
        if not (spread > 0).all():
            raise ModelError("A mean squared error is zero or less.", remedy="Check the model.")
    else:
        spread = np.ones_like(theta)
    region = pd.Series("all", index=estimates.index) if regions is None else regions
    if not region.index.equals(estimates.index) or region.isna().any():
        raise ModelError("regions are missing or on another index than estimates.", remedy="Give each area its region.")
    wanted = totals if isinstance(totals, pd.Series) else pd.Series({"all": float(totals)})
    odd = sorted(str(one) for one in set(region) ^ set(wanted.index))
    if odd:
        raise ModelError(f"Regions and totals differ in {', '.join(odd)}.", remedy="Give one total for each region.")
    moved = theta.copy()
    for label, total in wanted.items():
        if not np.isfinite(total):
            raise ModelError(f"The total of {label} is {total}.", remedy="Give a number.")
        inside = (region == label).to_numpy()
        summed = float(n[inside] @ theta[inside])
        if method == "ratio":
            if summed == 0:
                raise ModelError(f"The estimates of {label} sum to zero.", remedy="Choose difference.")
            moved[inside] = theta[inside] * (total / summed)
        else:
            pull = np.ones_like(n) if method == "difference" else n * spread
            moved[inside] = theta[inside] + pull[inside] * (total - summed) / float(n[inside] @ pull[inside])
    return pd.DataFrame(
        {"estimate": theta, "benchmarked": moved, "adjustment": moved - theta, "region": region.to_numpy()},
        index=estimates.index,
    )


def _column(data: pd.Series, name: str, like: pd.Series) -> np.ndarray:
    if not data.index.equals(like.index):
        raise ModelError(f"{name} and estimates have different areas.", remedy="Put them on the same index.")
    numbers = read_numbers(data, name)
    if np.isnan(numbers).any():
        lost = [str(area) for area in data.index[np.isnan(numbers)]]
        raise ModelError(f"{name} are missing for {', '.join(lost[:10])}.", remedy="Give every area a number.")
    return numbers
