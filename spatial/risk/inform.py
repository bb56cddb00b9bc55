"""A composite of risk in the manner of INFORM: hazard and exposure, vulnerability, lack of coping capacity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from fuping.spatial.risk.errors import RiskError
from numpy.typing import NDArray

__all__ = ["DIMENSIONS", "InformRisk", "high_driven_mean", "inform_risk"]

Dimension = Literal["hazard", "vulnerability", "coping"]

DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
"""Hazard and exposure, vulnerability, lack of coping capacity."""

NEEDED = ("dimension", "category", "low", "high", "direction")


@dataclass(frozen=True, eq=False)
class InformRisk:
    """Risk scores of n units, 0 to 10.

    Parameters
    ----------
    table
        On the index of the values: ``hazard``, ``vulnerability``, ``coping`` (lack of), ``risk``,
        ``missing`` (share of the indicators), ``age`` (mean years of those that are there; NaN where not given) and
        ``unreliability``, 0 (all there and new) to 10.
    categories
        One column a (dimension, category).
    """

    table: pd.DataFrame
    categories: pd.DataFrame


def high_driven_mean(scores: pd.DataFrame) -> pd.Series:
    r"""Average scores of 0 to 10 so that a high one weighs more than in the plain mean.

    Notes
    -----
    :math:`\frac{10 - G}{9}\cdot 10` with G the geometric mean of :math:`\frac{10 - x}{10}\cdot 9 + 1`, by which INFORM
    puts hazards together (Marin-Ferrer, Vernaccini & Poljanšek 2017, *INFORM concept and methodology*, JRC 106949).
    Missing scores do not count.

    Examples
    --------
    >>> high_driven_mean(pd.DataFrame({"flood": [10.0, 4.0], "drought": [0.0, 4.0]})).round(2).tolist()
    [7.6, 4.0]
    """
    x = _in_range(scores)
    turned = np.log((10 - x) / 10 * 9 + 1)
    there = ~np.isnan(turned)
    n = there.sum(axis=1)
    mean = np.where(there, turned, 0.0).sum(axis=1) / np.maximum(n, 1)
    return pd.Series(np.where(n > 0, (10 - np.exp(mean)) / 9 * 10, np.nan), index=scores.index)


def inform_risk(
    values: pd.DataFrame,
    *,
    indicators: pd.DataFrame,
    years: pd.DataFrame | None = None,
    year: int | None = None,
    most_missing: float = 0.5,
    oldest: float = 10.0,
    minimum_share: float = 0.5,
) -> InformRisk:
    r"""Put indicators together to risk.

    Parameters
    ----------
    values
        n units, one column an indicator; NaN is missing.
    indicators
        Index the columns of ``values``: ``dimension`` (hazard, vulnerability or coping), ``category``, ``low`` and
        ``high`` (values of scores 0 and 10 for a positive ``direction``: more is more risk; the other way round for a
        negative one). Values beyond are cut.
    years
        Year of each value, on the rows and columns of ``values``.
    year
        Year of the index; given with ``years``.
    most_missing, oldest
        Share of missing indicators and mean age in years that count as wholly unreliable.
    minimum_share
        Least share of the indicators of a dimension for it to have a score.

    Returns
    -------
    InformRisk

    Raises
    ------
    RiskError
        Columns are absent, names differ, a dimension has no indicator, limits are upside down, or years do not fit.

    Notes
    -----
    Within a category the plain mean, of the categories of hazards :func:`high_driven_mean` and of the others the plain
    mean, and :math:`R = H^{1/3} V^{1/3} C^{1/3}` (De Groeve, Poljanšek & Vernaccini 2015, *INFORM concept and
    methodology*, JRC 94338). Unreliability is the mean of two scores, for missing values and for their age, after the
    idea of INFORM's lack of reliability, with limits declared here.
    """
    _check(values, indicators, years, year)
    scores = _scores(values, indicators)
    categories = {}
    parts = {}
    for dimension in DIMENSIONS:
        own = indicators.index[indicators["dimension"] == dimension]
        for category, rows in indicators.loc[own].groupby("category", sort=False):
            categories[dimension, str(category)] = scores[list(rows.index)].mean(axis=1)
        together = pd.DataFrame({key[1]: column for key, column in categories.items() if key[0] == dimension})
        score = high_driven_mean(together) if dimension == "hazard" else together.mean(axis=1)
        parts[dimension] = score.where(scores[own].notna().mean(axis=1) >= minimum_share - 1e-9)
    table = pd.DataFrame(parts)
    table["risk"] = table[list(DIMENSIONS)].prod(axis=1, skipna=False) ** (1 / 3)
    table["missing"] = values[list(indicators.index)].isna().mean(axis=1)
    age = _age(values, years, year)
    table["age"] = age
    faults = pd.DataFrame({"missing": table["missing"] / most_missing, "age": age / oldest}).clip(0, 1)
    table["unreliability"] = 10 * faults.mean(axis=1)
    frame = pd.DataFrame(categories)
    frame.columns = pd.MultiIndex.from_tuples(categories, names=["dimension", "category"])
    return InformRisk(table, frame)


def _scores(values: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    low, high = indicators["low"].astype(float), indicators["high"].astype(float)
    part = ((values[list(indicators.index)] - low) / (high - low)).clip(0, 1)
    falls = indicators["direction"] == "negative"
    turned = np.where(falls.to_numpy(), 1 - part.to_numpy(), part.to_numpy())
    return pd.DataFrame(10 * turned, index=values.index, columns=indicators.index)


def _age(values: pd.DataFrame, years: pd.DataFrame | None, year: int | None) -> pd.Series:
    if years is None or year is None:
        return pd.Series(np.nan, index=values.index)
    ages = (year - years).where(values.notna())
    if (ages < 0).any(axis=None):
        raise RiskError(f"A value is of a year after {year}.", remedy="Check the years.")
    return ages.mean(axis=1)


def _in_range(scores: pd.DataFrame) -> NDArray[np.float64]:
    x = scores.to_numpy(dtype=float)
    if ((x < 0) | (x > 10)).any():
        raise RiskError(f"Scores run from {np.nanmin(x):g} to {np.nanmax(x):g}.", remedy="Give scores of 0 to 10.")
    return x


def _check(values: pd.DataFrame, indicators: pd.DataFrame, years: pd.DataFrame | None, year: int | None) -> None:
    absent = [name for name in NEEDED if name not in indicators.columns]
    if absent:
        raise RiskError(f"The indicators have no column {', '.join(absent)}.", remedy="Add it.")
    differ = sorted(map(str, set(values.columns) ^ set(indicators.index)))
    if differ or indicators.index.has_duplicates:
        raise RiskError(f"Values and indicators differ in {', '.join(differ)}.", remedy="Name each one once.")
    for dimension in DIMENSIONS:
        if not (indicators["dimension"] == dimension).any():
            raise RiskError(f"Dimension {dimension} has no indicator.", remedy="Risk needs all three.")
    for column, allowed in (("dimension", DIMENSIONS), ("direction", ("positive", "negative"))):
        wrong = indicators.index[~indicators[column].isin(allowed)]
        if len(wrong):
            raise RiskError(
                f"Indicator {wrong[0]} has the {column} {indicators.loc[wrong[0], column]!r}.",
                remedy=f"Choose {', '.join(allowed)}.",
            )
    wrong = indicators.index[~(indicators["low"] < indicators["high"])]
    if len(wrong):
        raise RiskError(
            f"Indicator {wrong[0]} has the limits {indicators.loc[wrong[0], 'low']} and "
            f"{indicators.loc[wrong[0], 'high']}.",
            remedy="Give the lower one first; direction says which is worse.",
        )
    if (years is None) != (year is None):
        raise RiskError("Years of the values and the year of the index go together.", remedy="Give both or neither.")
    if years is not None and not (years.index.equals(values.index) and set(years.columns) >= set(values.columns)):
        raise RiskError("The years are not on the rows and columns of the values.", remedy="Align them.")
