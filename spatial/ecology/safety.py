"""How safe the land of a unit is: pressure on it, its state, and what is done (PSR), as one graded index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import pandas as pd
from fuping.spatial.composite import Aggregation, Normalisation, aggregate, grade, normalise
from fuping.spatial.weighting import CompositeError, check_weights, entropy_weights, equal_weights, pca_weights

__all__ = ["Dimension", "SafetyIndex", "Weighting", "safety_by_year", "safety_index", "year_on_year"]

Dimension = Literal["pressure", "state", "response"]
Weighting = Literal["equal", "entropy", "pca"]


@dataclass(frozen=True, eq=False)
class SafetyIndex:
    """An index of ecological safety and what it is made of.

    Parameters
    ----------
    table
        On the index of the values: the score of each dimension present, ``index`` (0 to 1, or standard scores; more is
        safer) and ``grade``.
    indicators
        ``dimension``, ``direction``, ``weight`` within the dimension and ``weight_overall``, for each indicator.
    scores
        Normalised indicators.
    """

    table: pd.DataFrame
    indicators: pd.DataFrame
    scores: pd.DataFrame


def safety_index(
    values: pd.DataFrame,
    *,
    indicators: pd.DataFrame,
    normalisation: Normalisation,
    weights: Weighting | pd.Series,
    dimension_weights: pd.Series,
    aggregation: Aggregation,
    breaks: Sequence[float],
    labels: Sequence[str],
    minimum_weight: float = 1.0,
) -> SafetyIndex:
    r"""Grade the ecological safety of units.

    Parameters
    ----------
    values
        n units (or units and years), one column an indicator; NaN is missing.
    indicators
        Index the columns of ``values``; ``dimension`` (pressure, state or response) and ``direction`` (positive: more
        is safer). Optional ``low`` and ``high``: limits of the scale, needed for fuzzy scores.
    normalisation
        See :func:`~fuping.spatial.composite.normalise`.
    weights
        Within the dimensions: given (index the indicators, summing to 1 in each dimension; those of
        :func:`~fuping.spatial.weighting.ahp_weights`, say), or how they are derived from the scores.
    dimension_weights
        Of the dimensions present, sum 1.
    aggregation
        Of indicators to dimensions and of dimensions to the index.
    breaks, labels
        Of the grades, from least to most safe.
    minimum_weight
        Least part of the weights that must be observed, within a dimension and among dimensions.

    Raises
    ------
    CompositeError
        Indicators without dimension, weights that do not fit, or values that cannot be normalised.

    Notes
    -----
    OECD 1993, *Core set of indicators for environmental performance reviews* (Environment Monographs 83):
    pressure–state–response. :math:`D_d = \sum_{j \in d} w_j x_j`, :math:`I = \sum_d W_d D_d`, or the weighted
    geometric means. Weights and scale decide ranks: test them with
    :func:`~fuping.spatial.composite.rank_intervals`, to which ``weight_overall`` can be given.
    """
    table = _read(values, indicators)
    given = {"low", "high"} <= set(table.columns)
    bounded = table.dropna(subset=["low", "high"]) if given else table.iloc[:0]
    limits = {name: (float(row["low"]), float(row["high"])) for name, row in bounded.iterrows()}
    scores = normalise(
        values[list(table.index)],
        method=normalisation,
        directions=table["direction"].to_dict(),
        limits={str(name): pair for name, pair in limits.items()} or None,
    )
    present = [one for one in get_args(Dimension) if (table["dimension"] == one).any()]
    between = pd.Series(check_weights(dimension_weights, present), index=present)
    within = pd.Series(index=table.index, dtype=float)
    dimensions = pd.DataFrame(index=values.index)
    for one in present:
        names = list(table.index[table["dimension"] == one])
        own = weights.reindex(names) if isinstance(weights, pd.Series) else _derived(scores[names], weights)
        within[names] = check_weights(own, names)
        dimensions[one] = aggregate(scores[names], weights=own, method=aggregation, minimum_weight=minimum_weight)
    index = aggregate(dimensions, weights=between, method=aggregation, minimum_weight=minimum_weight)
    result = dimensions.assign(index=index, grade=grade(index, breaks=breaks, labels=labels))
    told = table.assign(weight=within, weight_overall=within * table["dimension"].map(between).astype(float))
    return SafetyIndex(result, told, scores)


def safety_by_year(values: Mapping[int, pd.DataFrame], **options: Any) -> SafetyIndex:
    """Grade the ecological safety of units in several years on one scale.

    Parameters
    ----------
    values
        Year → units by indicators, every indicator measured in that year: one that is carried over from another year
        would hide what changed.
    **options
        As :func:`safety_index` takes them. Scales and derived weights are those of all years together, so that the
        index of a year can be compared with that of another.

    Returns
    -------
    SafetyIndex
        Tables with the index (``year``, unit), years ascending.

    Raises
    ------
    CompositeError
        There are no two years, or the years have other indicators; or as in :func:`safety_index`.
    """
    if len(values) < 2:
        raise CompositeError(f"{len(values)} years.", remedy="Give two years at least, or use safety_index.")
    columns = {year: set(table.columns) for year, table in values.items()}
    all_of = set.union(*columns.values())
    absent = {year: sorted(map(str, all_of - mine)) for year, mine in columns.items() if all_of - mine}
    if absent:
        year, names = next(iter(absent.items()))
        raise CompositeError(
            f"The year {year} has no {', '.join(names)}.", remedy="Leave the indicator out of all years, or supply it."
        )
    stacked = pd.concat({year: values[year] for year in sorted(values)}, names=["year"])
    return safety_index(stacked, **options)


def year_on_year(index: pd.Series) -> pd.DataFrame:
    """Lay the index of each year beside the year before.

    Parameters
    ----------
    index
        The column ``index`` of :func:`safety_by_year`, on (``year``, unit).

    Returns
    -------
    pandas.DataFrame
        On (``year``, unit) from the second year on: ``before``, ``after``, ``change`` (after − before) and
        ``years`` between them; missing where either year is. Years may lie any number of years apart.

    Examples
    --------
    >>> values = {(2010, "a"): 0.4, (2020, "a"): 0.5}
    >>> index = pd.Series(values).rename_axis(["year", "unit"])
    >>> year_on_year(index).round(2).reset_index().values.tolist()
    [[2020, 'a', 0.4, 0.5, 0.1, 10]]
    """
    wide = index.unstack(level=0).sort_index(axis=1)
    parts = {}
    for before, after in zip(wide.columns, wide.columns[1:], strict=False):
        table = pd.DataFrame({"before": wide[before], "after": wide[after]})
        parts[after] = table.assign(change=table["after"] - table["before"], years=after - before)
    return pd.concat(parts, names=["year"])


def _read(values: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    absent = [name for name in ("dimension", "direction") if name not in indicators.columns]
    if absent:
        raise CompositeError(f"The indicators have no column {', '.join(absent)}.", remedy="Add it.")
    differ = sorted(map(str, set(indicators.index) ^ set(values.columns)))
    if differ or indicators.index.has_duplicates:
        raise CompositeError(
            f"Values and indicators differ in {', '.join(differ) or 'repeated names'}.", remedy="Name each one once."
        )
    wrong = indicators.loc[~indicators["dimension"].isin(get_args(Dimension))]
    if len(wrong):
        raise CompositeError(
            f"Indicator {wrong.index[0]} has the dimension {wrong['dimension'].iloc[0]!r}.",
            remedy="Choose pressure, state or response.",
        )
    return indicators


def _derived(scores: pd.DataFrame, how: Weighting) -> pd.Series:
    if how not in get_args(Weighting):
        raise CompositeError(f"Weighting {how!r} is unknown.", remedy="Choose equal, entropy or pca, or give weights.")
    if len(scores.columns) == 1 or how == "equal":
        return equal_weights(list(scores.columns))
    return entropy_weights(scores) if how == "entropy" else pca_weights(scores)
