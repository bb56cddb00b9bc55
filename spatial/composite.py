"""Composite indices: indicators brought to one scale, put together, graded, and the ranks tested for the choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal, get_args

import numpy as np
import pandas as pd
from fuping.spatial.weighting import CompositeError, check_weights
from numpy.typing import NDArray

__all__ = [
    "Aggregation",
    "CompositeError",
    "Direction",
    "Normalisation",
    "RankIntervals",
    "aggregate",
    "grade",
    "normalise",
    "rank_intervals",
]

Direction = Literal["positive", "negative"]
"""Whether more of an indicator makes the index higher or lower."""

Normalisation = Literal["min-max", "z", "fuzzy"]
Aggregation = Literal["linear", "geometric"]


@dataclass(frozen=True, eq=False)
class RankIntervals:
    """Ranks under every combination of choices.

    Parameters
    ----------
    table
        On the index of the indicators: ``rank`` under the first choices, ``lowest``, ``median`` and ``highest`` rank
        (1 is the greatest index; ties share the mean), NaN where an indicator is missing.
    ranks
        One column a combination: normalisation, weights, aggregation.
    """

    table: pd.DataFrame
    ranks: pd.DataFrame


def normalise(
    values: pd.DataFrame,
    *,
    method: Normalisation,
    directions: Mapping[str, Direction],
    limits: Mapping[str, tuple[float, float]] | None = None,
) -> pd.DataFrame:
    r"""Bring indicators to one scale on which more is always more of the index.

    Parameters
    ----------
    values
        n units, one column an indicator; NaN is missing and stays so.
    method
        ``"min-max"``: 0 to 1 between the least and greatest value, or between ``limits``. ``"z"``: standard scores.
        ``"fuzzy"``: membership of a half-trapezoid, 0 up to the lower and 1 from the upper of the ``limits``.
    directions
        Of every column.
    limits
        Lower and upper limit of columns; needed for all with ``"fuzzy"``, not allowed with ``"z"``. With
        ``"min-max"`` a value beyond them is refused.

    Raises
    ------
    CompositeError
        A column without direction, all its values equal or missing, limits that are absent, upside down or overrun.

    Notes
    -----
    OECD/JRC 2008, *Handbook on constructing composite indicators*, pp. 83–88. With a negative direction
    :math:`1 - x'` (min-max, fuzzy) or :math:`-x'` (z). Standard deviation with n − 1.

    Examples
    --------
    >>> table = pd.DataFrame({"slope": [0.0, 5.0, 25.0], "cover": [20.0, 60.0, 100.0]})
    >>> signs = {"slope": "negative", "cover": "positive"}
    >>> normalise(table, method="min-max", directions=signs).values.tolist()
    [[1.0, 0.0], [0.8, 0.5], [0.0, 1.0]]
    """
    if method not in get_args(Normalisation):
        raise CompositeError(f"Normalisation {method!r} is unknown.", remedy="Choose min-max, z or fuzzy.")
    limits = dict(limits or {})
    scaled = {}
    for name in values.columns:
        direction = directions.get(name)
        if direction not in get_args(Direction):
            raise CompositeError(
                f"Indicator {name} has the direction {direction!r}, not positive or negative.",
                remedy="Say positive or negative.",
            )
        column = values[name].to_numpy(dtype=float)
        if np.isinf(column).any():
            raise CompositeError(f"Indicator {name} is infinite in places.", remedy="Mend it, or leave it empty.")
        known = column[~np.isnan(column)]
        if method == "z":
            if name in limits:
                raise CompositeError(f"Standard scores of {name} have no limits.", remedy="Leave them out.")
            middle, spread = _centre(known, name)
            score = (column - middle) / spread
            scaled[name] = score if direction == "positive" else -score
            continue
        low, high = _limits(name, known, method, limits)
        score = (column - low) / (high - low)
        score = np.clip(score, 0, 1) if method == "fuzzy" else score
        scaled[name] = score if direction == "positive" else 1 - score
    return pd.DataFrame(scaled, index=values.index)


def aggregate(
    scores: pd.DataFrame, *, weights: pd.Series, method: Aggregation, minimum_weight: float = 1.0
) -> pd.Series:
    r"""Put scores together.

    Parameters
    ----------
    scores
        n units; above zero for a geometric mean, none negative.
    weights
        One for each column, sum 1.
    method
        ``"linear"``: :math:`\sum_j w_j x_j`, in which one good score makes up for a bad one. ``"geometric"``:
        :math:`\prod_j x_j^{w_j}`, in which it does so less, and a single zero makes the whole zero.
    minimum_weight
        Least part of the weights whose scores are there for a unit to have an index; below 1 the weights of the rest
        are scaled up.

    Raises
    ------
    CompositeError
        Weights that do not fit, an unknown method, or a negative score in a geometric mean.

    Examples
    --------
    >>> table = pd.DataFrame({"a": [0.9], "b": [0.1]})
    >>> half = pd.Series({"a": 0.5, "b": 0.5})
    >>> [round(aggregate(table, weights=half, method=how).item(), 4) for how in ("linear", "geometric")]
    [0.5, 0.3]
    """
    w = check_weights(weights, list(scores.columns))
    if method not in get_args(Aggregation):
        raise CompositeError(f"Aggregation {method!r} is unknown.", remedy="Choose linear or geometric.")
    if not 0 < minimum_weight <= 1:
        raise CompositeError(f"minimum_weight is {minimum_weight}.", remedy="Give a share above 0 and at most 1.")
    x = scores.to_numpy(dtype=float)
    there = ~np.isnan(x)
    seen = there @ w
    enough = (seen >= minimum_weight - 1e-9) & (seen > 0)
    scaled = np.where(there, w, 0.0) / np.where(enough, seen, 1.0)[:, None]
    if method == "linear":
        value = np.where(there, x * scaled, 0.0).sum(axis=1)
    else:
        if (x < 0).any():
            raise CompositeError(
                f"The least score is {np.nanmin(x):g}; a geometric mean needs none below zero.",
                remedy="Use min-max or fuzzy scores.",
            )
        with np.errstate(divide="ignore"):
            logs = np.log(np.where(there, x, 1.0))
        value = np.exp(np.where(scaled > 0, logs * np.where(scaled > 0, scaled, 0.0), 0.0).sum(axis=1))
    return pd.Series(np.where(enough, value, np.nan), index=scores.index)


def grade(index: pd.Series, *, breaks: Sequence[float], labels: Sequence[str]) -> pd.Series:
    """Sort an index into grades; a value on a break belongs to the upper grade, a missing one to none.

    Raises
    ------
    CompositeError
        The breaks do not ascend, or there is not one label more than breaks.

    Examples
    --------
    >>> grade(pd.Series([0.1, 0.5, np.nan]), breaks=[0.5], labels=["poor", "good"]).tolist()
    ['poor', 'good', nan]
    """
    if list(breaks) != sorted(set(breaks)) or len(labels) != len(breaks) + 1 or len(set(labels)) != len(labels):
        raise CompositeError(
            f"There are {len(breaks)} breaks and {len(labels)} labels.",
            remedy="Give ascending breaks and one label more, all different.",
        )
    place = np.searchsorted(np.asarray(breaks, dtype=float), index.to_numpy(dtype=float), side="right")
    names = pd.Categorical.from_codes(
        np.where(index.isna(), -1, place).astype(int), categories=list(labels), ordered=True
    )
    return pd.Series(names, index=index.index, name="grade")


def rank_intervals(
    values: pd.DataFrame,
    *,
    directions: Mapping[str, Direction],
    normalisations: Sequence[Normalisation],
    weightings: Mapping[str, pd.Series],
    aggregations: Sequence[Aggregation],
    limits: Mapping[str, tuple[float, float]] | None = None,
) -> RankIntervals:
    """Rank units under every combination of normalisation, weights and aggregation that is reasonable.

    Parameters
    ----------
    values, directions, limits
        As in :func:`normalise`; ``limits`` are used by fuzzy scores only.
    normalisations, weightings, aggregations
        The choices; the first of each gives the rank that the others are compared with. Geometric means of z-scores
        do not exist and are left out.

    Raises
    ------
    CompositeError
        A choice cannot be made, or none is left.
    """
    ranks = {}
    for scale, name, how in product(normalisations, weightings, aggregations):
        if scale == "z" and how == "geometric":
            continue
        scores = normalise(values, method=scale, directions=directions, limits=limits if scale == "fuzzy" else None)
        ranks[scale, name, how] = aggregate(scores, weights=weightings[name], method=how).rank(ascending=False)
    if not ranks:
        raise CompositeError("No combination of choices is left.", remedy="A geometric mean needs min-max or fuzzy.")
    every = pd.DataFrame(ranks)
    every.columns.names = ["normalisation", "weights", "aggregation"]
    table = pd.DataFrame(
        {
            "rank": every.iloc[:, 0],
            "lowest": every.max(axis=1),
            "median": every.median(axis=1),
            "highest": every.min(axis=1),
        }
    )
    return RankIntervals(table, every)


def _centre(known: NDArray[np.float64], name: str) -> tuple[float, float]:
    spread = float(np.std(known, ddof=1)) if len(known) > 1 else 0.0
    if not spread > 0:
        raise CompositeError(f"Indicator {name} does not vary.", remedy="Leave it out.")
    return float(known.mean()), spread


def _limits(
    name: str, known: NDArray[np.float64], method: Normalisation, limits: Mapping[str, tuple[float, float]]
) -> tuple[float, float]:
    if name in limits:
        low, high = limits[name]
        if not low < high:
            raise CompositeError(f"The limits of {name} are {low:g} and {high:g}.", remedy="Give the lower one first.")
        if method == "min-max" and len(known) and not low <= known.min() <= known.max() <= high:
            raise CompositeError(
                f"Indicator {name} runs from {known.min():g} to {known.max():g}, beyond {low:g} to {high:g}.",
                remedy="Widen the limits, or use fuzzy scores, which end there.",
            )
        return float(low), float(high)
    if method == "fuzzy":
        raise CompositeError(f"Indicator {name} has no limits.", remedy="Fuzzy scores need a lower and an upper one.")
    if not len(known) or known.min() == known.max():
        raise CompositeError(f"Indicator {name} does not vary.", remedy="Leave it out, or give limits.")
    return float(known.min()), float(known.max())
