"""How dry a month is for its place: standardised precipitation with and without evapotranspiration (SPI, SPEI).

The fits are those of the package climate_indices, the reference implementation of the US drought information system.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from climate_indices import compute, indices
from fuping.spatial.risk.errors import HazardError
from numpy.typing import NDArray

__all__ = ["spei", "spi"]

Distribution = Literal["gamma", "pearson"]

LEAST_YEARS = 30
"""Shortest record that McKee et al. (1993) hold enough for a fit."""


def spi(
    precipitation: pd.DataFrame,
    *,
    scale: int,
    calibration: tuple[int, int],
    distribution: Distribution = "gamma",
    minimum_years: int = LEAST_YEARS,
) -> pd.DataFrame:
    r"""Standardise the precipitation of the last months.

    Parameters
    ----------
    precipitation
        Monthly sums in mm, one column a unit, a row for every month from a January on; the index are months
        (``PeriodIndex`` of frequency M, or timestamps). NaN is missing.
    scale
        Months that are summed, 1 to 72.
    calibration
        First and last year that the distribution is fitted to.
    distribution
        ``"gamma"`` (McKee et al. 1993) or ``"pearson"`` (type III, Guttman 1999).
    minimum_years
        Fewest calibration years that are accepted.

    Returns
    -------
    pandas.DataFrame
        Standard normal scores on the same rows and columns, cut at ±3.09; NaN for the first ``scale − 1`` months.

    Raises
    ------
    HazardError
        Months are absent, do not begin in January or repeat; precipitation is negative; the calibration lies outside
        the record or is too short.

    Notes
    -----
    For each calendar month a gamma distribution is fitted to the sums above zero;
    :math:`H(x) = q + (1 - q) G(x)` with q the share of zeros, and :math:`SPI = \Phi^{-1}(H(x))` (McKee, Doesken &
    Kleist 1993; WMO 2012, no. 1090). Below −1 is moderate drought, below −1.5 severe, below −2 extreme.
    """
    years = _check(precipitation, scale, calibration, minimum_years)
    if (precipitation < 0).any(axis=None):
        raise HazardError("There is precipitation below zero.", remedy="Declare the value that stands for no data.")
    columns = {
        name: indices.spi(
            column.to_numpy(dtype=float),
            scale=scale,
            distribution=_distribution(distribution),
            data_start_year=years[0],
            calibration_year_initial=calibration[0],
            calibration_year_final=calibration[1],
            periodicity=compute.Periodicity.monthly,
        )
        for name, column in precipitation.items()
    }
    return _table(columns, precipitation)


def spei(
    precipitation: pd.DataFrame,
    evapotranspiration: pd.DataFrame,
    *,
    scale: int,
    calibration: tuple[int, int],
    distribution: Distribution = "gamma",
    minimum_years: int = LEAST_YEARS,
) -> pd.DataFrame:
    """Standardise precipitation less potential evapotranspiration (Vicente-Serrano et al. 2010).

    Parameters
    ----------
    evapotranspiration
        Potential, in mm a month, on the rows and columns of ``precipitation``.
    precipitation, scale, calibration, distribution, minimum_years
        As in :func:`spi`.

    Raises
    ------
    HazardError
        As in :func:`spi`, or the two tables differ in rows or columns.
    """
    years = _check(precipitation, scale, calibration, minimum_years)
    same = precipitation.index.equals(evapotranspiration.index)
    if not same or not precipitation.columns.equals(evapotranspiration.columns):
        raise HazardError(
            f"Precipitation is {precipitation.shape[0]} months × {precipitation.shape[1]} units, evapotranspiration "
            f"{evapotranspiration.shape[0]} × {evapotranspiration.shape[1]}.",
            remedy="Give both for the same months and units in the same order.",
        )
    columns = {
        name: indices.spei(
            column.to_numpy(dtype=float),
            evapotranspiration[name].to_numpy(dtype=float),
            scale=scale,
            distribution=_distribution(distribution),
            periodicity=compute.Periodicity.monthly,
            data_start_year=years[0],
            calibration_year_initial=calibration[0],
            calibration_year_final=calibration[1],
        )
        for name, column in precipitation.items()
    }
    return _table(columns, precipitation)


def _check(table: pd.DataFrame, scale: int, calibration: tuple[int, int], minimum_years: int) -> tuple[int, int]:
    if not isinstance(table.index, (pd.PeriodIndex, pd.DatetimeIndex)) or not len(table):
        raise HazardError(f"The rows are {type(table.index).__name__}, not months.", remedy="Give a PeriodIndex.")
    months = table.index.year.to_numpy() * 12 + table.index.month.to_numpy() - 1
    if months[0] % 12 or (np.diff(months) != 1).any():
        gap = "begin in January" if months[0] % 12 else "follow each other"
        raise HazardError(f"The months do not {gap}.", remedy="Give every month once, missing ones as NaN.")
    first, last = int(table.index.year[0]), int(table.index.year[-1])
    if not first <= calibration[0] <= calibration[1] <= last:
        raise HazardError(
            f"The calibration {calibration[0]}–{calibration[1]} lies outside the record {first}–{last}.",
            remedy="Choose years within it.",
        )
    n = calibration[1] - calibration[0] + 1
    if n < minimum_years:
        raise HazardError(f"The calibration has {n} years, fewer than {minimum_years}.", remedy="Give a longer record.")
    if not 1 <= scale <= 72:
        raise HazardError(f"A scale of {scale} months.", remedy="Give 1 to 72.")
    return first, last


def _distribution(name: Distribution) -> indices.Distribution:
    if name not in ("gamma", "pearson"):
        raise HazardError(f"Distribution {name!r} is unknown.", remedy="Choose gamma or pearson.")
    return indices.Distribution.gamma if name == "gamma" else indices.Distribution.pearson


def _table(columns: dict[object, NDArray[np.float64]], like: pd.DataFrame) -> pd.DataFrame:
    values = {name: np.asarray(column, dtype=float)[: len(like)] for name, column in columns.items()}
    return pd.DataFrame(values, index=like.index, columns=like.columns)
