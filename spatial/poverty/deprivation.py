r"""A deprivation index of places, from the rates that a census publishes of them.

Rates say how many people lack each thing, not who lacks several at once. So the index is no multidimensional poverty
index: it counts no poor, and has no H, A or M0 of its own. What it does equal is the M0 that the same weights would
give if anyone with any deprivation counted as poor (union identification), because that M0 is the weighted mean of the
raw headcounts. The share of people with at least one deprivation is only known within bounds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from fuping.spatial.poverty.counting import checked_weights
from fuping.spatial.poverty.errors import PovertyError
from fuping.spatial.poverty.sample import read_numbers
from numpy.typing import NDArray

__all__ = ["DeprivationIndex", "RateUnit", "deprivation_index", "rank_ranges"]

RateUnit = Literal["share", "percent"]
"""Whether rates run from 0 to 1 or from 0 to 100; the index is in the same unit."""

RESERVED = re.compile(r"(?<![a-z])MPI(?![a-z])|multidimensional poverty|多维贫困", re.IGNORECASE)
"""Names of an index that rates of places cannot give."""


@dataclass(frozen=True, eq=False)
class DeprivationIndex:
    """An index of n units and what it is made of.

    Parameters
    ----------
    name
        What it is called wherever it is shown.
    unit
        Unit of rates and index.
    indicators
        ``dimension`` and ``weight`` of each rate.
    table
        On the index of the rates: ``index``; ``weight_observed``, the part of the weights whose rate is there;
        ``rank`` (1 most deprived, ties share the mean); ``any_lower`` and ``any_upper``, bounds of the share of people
        with at least one of the deprivations.
    contributions
        Same rows, one column a rate: its part of the index; the parts sum to it.
    """

    name: str
    unit: RateUnit
    indicators: pd.DataFrame
    table: pd.DataFrame
    contributions: pd.DataFrame


def deprivation_index(
    rates: pd.DataFrame,
    *,
    indicators: pd.DataFrame,
    name: str,
    unit: RateUnit,
    minimum_weight: float = 1.0,
) -> DeprivationIndex:
    r"""Average rates of deprivation with nested weights.

    Parameters
    ----------
    rates
        One row a unit (or unit and year), one column a rate of people or households that are deprived; NaN is missing.
    indicators
        ``dimension`` and ``weight`` of each column, from
        :func:`~fuping.spatial.poverty.counting.nested_weights`.
    name
        What the index is called; it must not be called a multidimensional poverty index.
    unit
        ``"share"`` (0 to 1) or ``"percent"`` (0 to 100).
    minimum_weight
        Least part of the weights that must be observed for a unit to have a value, above 0 to 1. Below 1 the weights
        of a unit with a missing rate are scaled up to 1, so that it is measured otherwise than the rest.

    Returns
    -------
    DeprivationIndex

    Raises
    ------
    PovertyError
        Naming the first offender: a rate outside its range, columns without weight or weights without column, no unit
        with a value, a name that promises more than rates can give.

    Notes
    -----
    :math:`D_u = \sum_j w_j h_{uj}`. Bounds of the share with any deprivation (Fréchet):
    :math:`\max_j h_{uj} \le H_u \le \min(1, \sum_j h_{uj})`; they need every rate and the same people behind all rates.

    Examples
    --------
    >>> from fuping.spatial.poverty.counting import nested_weights
    >>> rates = pd.DataFrame({"no_water": [40.0], "no_school": [10.0]}, index=["130624"])
    >>> weights = nested_weights({"housing": ["no_water"], "education": ["no_school"]})
    >>> found = deprivation_index(rates, indicators=weights, name="Deprivation index", unit="percent")
    >>> found.table.loc["130624", ["index", "any_lower", "any_upper"]].tolist()
    [25.0, 40.0, 50.0]
    """
    if not name.strip() or RESERVED.search(name):
        raise PovertyError(
            f"An index of rates cannot be called {name!r}.",
            remedy="Rates do not say who is deprived of several things at once; call it a deprivation index.",
        )
    if unit not in ("share", "percent"):
        raise PovertyError(f"Unit {unit!r} is unknown.", remedy="Choose share or percent.")
    if not 0 < minimum_weight <= 1:
        raise PovertyError(f"minimum_weight is {minimum_weight}.", remedy="Give a share above 0 and at most 1.")
    h, w = _rates(rates, indicators, unit)
    there = ~np.isnan(h)
    observed = there @ w
    enough = (observed >= minimum_weight - 1e-9) & (observed > 0)
    if not enough.any():
        raise PovertyError(
            f"None of {len(h)} units has rates for {minimum_weight:g} of the weights.",
            remedy="Check the rates, or lower minimum_weight knowingly.",
        )
    scale = np.divide(w, observed[:, None], out=np.zeros_like(h), where=enough[:, None])
    parts = np.where(there & enough[:, None], np.where(there, h, 0.0) * scale, np.nan)
    value = np.where(enough, np.nansum(parts, axis=1), np.nan)
    full = there.all(axis=1)
    top = 1.0 if unit == "share" else 100.0
    table = pd.DataFrame(
        {
            "index": value,
            "weight_observed": observed,
            "rank": pd.Series(value, index=rates.index).rank(ascending=False),
            "any_lower": np.where(full, np.where(there, h, 0.0).max(axis=1), np.nan),
            "any_upper": np.where(full, np.minimum(np.where(there, h, 0.0).sum(axis=1), top), np.nan),
        },
        index=rates.index,
    )
    columns = pd.DataFrame(parts, index=rates.index, columns=indicators.index)
    return DeprivationIndex(name, unit, indicators[["dimension", "weight"]].copy(), table, columns)


def rank_ranges(rates: pd.DataFrame, *, alternatives: Mapping[str, pd.DataFrame], unit: RateUnit) -> pd.DataFrame:
    """Rank units under several weights.

    Parameters
    ----------
    rates
        As in :func:`deprivation_index`; units with a missing rate have no rank.
    alternatives
        Name to weights of the same columns, from ``nested_weights``.
    unit
        Unit of the rates.

    Returns
    -------
    pandas.DataFrame
        On the index of the rates: the rank under each alternative (1 most deprived), then ``best`` and ``worst``: the
        lowest and highest of them.

    Raises
    ------
    PovertyError
        There are no alternatives, or as in :func:`deprivation_index`.
    """
    if not alternatives:
        raise PovertyError("There are no weights to rank by.", remedy="Give at least one set.")
    ranks = {
        name: deprivation_index(rates, indicators=weights, name="deprivation index", unit=unit).table["rank"]
        for name, weights in alternatives.items()
    }
    table = pd.DataFrame(ranks, index=rates.index)
    return table.assign(best=table.min(axis=1), worst=table.max(axis=1))


def _rates(
    rates: pd.DataFrame, indicators: pd.DataFrame, unit: RateUnit
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    names = list(indicators.index)
    w = checked_weights(indicators, rates, "Rates")
    h = read_numbers(rates[names], "rates")
    top = 1.0 if unit == "share" else 100.0
    wrong = (h < 0) | (h > top)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise PovertyError(
            f"{int(wrong.sum())} rates are outside 0 to {top:g}, the first {h[row, column]:g} of {names[column]} in "
            f"{rates.index[row]}.",
            remedy="Mend them, or say the right unit.",
            unit=rates.index[row],
        )
    return h, w
