"""Deprivations, their nested weights and scores: what the counting approach counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from fuping.spatial.poverty.errors import LineError, PovertyError
from fuping.spatial.poverty.sample import Sample, read_numbers, read_sample
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "CLOSE",
    "checked_weights",
    "deprivation_scores",
    "deprivations",
    "is_poor",
    "nested_weights",
    "normalised_gaps",
    "read_deprivations",
]

Floats = NDArray[np.float64]

CLOSE = 1e-9
"""By how much a sum of weights may miss the cutoff, or 1, as far as thirds and sixths are not exact in binary."""


def nested_weights(
    structure: Mapping[str, Sequence[str] | Mapping[str, float]],
    *,
    dimension_weights: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Weight dimensions, and indicators within dimensions.

    Parameters
    ----------
    structure
        Dimension to its indicators, which weigh the same, or to indicators with their weights within the dimension.
    dimension_weights
        Weight of each dimension; the same for all without it.

    Returns
    -------
    pandas.DataFrame
        Indexed by indicator, with ``dimension`` and ``weight``; weights sum to 1.

    Raises
    ------
    PovertyError
        An indicator stands twice, a weight is not above zero, or a dimension is empty or has no weight.

    Examples
    --------
    >>> nested_weights({"health": ["nutrition", "mortality"], "income": ["income"]})["weight"].tolist()
    [0.25, 0.25, 0.5]
    """
    outer = dict.fromkeys(structure, 1.0) if dimension_weights is None else dict(dimension_weights)
    if set(outer) != set(structure):
        odd = sorted(set(outer) ^ set(structure))
        raise PovertyError(f"Dimensions and their weights differ in {', '.join(odd)}.", remedy="Name the same in both.")
    rows = []
    for dimension, inner in structure.items():
        within = dict(inner) if isinstance(inner, Mapping) else dict.fromkeys(inner, 1.0)
        if not within:
            raise PovertyError(f"Dimension {dimension!r} has no indicators.", remedy="Leave it out or fill it.")
        if not isinstance(inner, Mapping) and len(within) != len(inner):
            raise PovertyError(f"Dimension {dimension!r} names an indicator twice.", remedy="Name each once.")
        parts = np.array([float(value) for value in within.values()])
        share = float(outer[dimension]) / sum(float(value) for value in outer.values())
        bad = ~(np.isfinite(parts) & (parts > 0))
        if bad.any() or not share > 0:
            named = [name for name, wrong in zip(within, bad, strict=True) if wrong] or [dimension]
            raise PovertyError(f"The weight of {', '.join(named)} is not above zero.", remedy="Give positive weights.")
        rows += [(name, dimension, share * part / parts.sum()) for name, part in zip(within, parts, strict=True)]
    table = pd.DataFrame(rows, columns=["indicator", "dimension", "weight"]).set_index("indicator")
    twice = table.index[table.index.duplicated()].unique().tolist()
    if twice:
        raise PovertyError(f"Indicators stand in two dimensions: {', '.join(twice)}.", remedy="Name each once.")
    return table


def deprivations(achievements: pd.DataFrame, *, cutoffs: Mapping[str, float]) -> pd.DataFrame:
    """Mark who falls short of each deprivation cutoff.

    Parameters
    ----------
    achievements
        One row a person or household, one column an indicator; more is better; NaN is missing.
    cutoffs
        For each column, what is just enough.

    Returns
    -------
    pandas.DataFrame of float64
        1 where below the cutoff, 0 where not, NaN where missing, on the same index.

    Raises
    ------
    PovertyError
        Columns and cutoffs do not have the same names.
    """
    z = _cutoffs(achievements, cutoffs)
    return (achievements < z).astype(float).where(achievements.notna())


def normalised_gaps(achievements: pd.DataFrame, *, cutoffs: Mapping[str, float]) -> pd.DataFrame:
    """Compute (z - x)/z where an achievement x is below its cutoff z, else 0, for cardinal indicators.

    Raises
    ------
    LineError
        A cutoff is not above zero.
    PovertyError
        Columns and cutoffs do not have the same names.
    """
    z = _cutoffs(achievements, cutoffs)
    low = z.index[~(z > 0)].tolist()
    if low:
        raise LineError(f"The cutoff of {', '.join(low)} is not above zero.", remedy="A gap is a share of its cutoff.")
    return (1 - achievements / z).clip(lower=0).astype(float)


def _cutoffs(achievements: pd.DataFrame, cutoffs: Mapping[str, float]) -> pd.Series:
    odd = sorted(str(name) for name in set(cutoffs) ^ set(achievements.columns))
    if odd:
        raise PovertyError(f"Achievements and cutoffs differ in {', '.join(odd)}.", remedy="Name the same in both.")
    return pd.Series(cutoffs, dtype="float64").reindex(achievements.columns)


def deprivation_scores(deprivations: pd.DataFrame, *, indicators: pd.DataFrame) -> pd.Series:
    """Sum the weights of each row's deprivations; NaN where one of its indicators is missing."""
    g, w = _matrix(deprivations, indicators)
    return pd.Series(g @ w, index=deprivations.index, name="deprivation_score")


def is_poor(scores: Floats, k: float) -> NDArray[np.bool_]:
    """Tell whose score reaches the cutoff.

    Raises
    ------
    PovertyError
        The cutoff is not above 0 and at most 1.
    """
    if not 0 < k <= 1:
        raise PovertyError(
            f"The cutoff k is {k}.", remedy="Give a share of the weights above 0 and at most 1, say 1/3."
        )
    return np.asarray(scores >= k - CLOSE)


def read_deprivations(
    deprivations: pd.DataFrame,
    indicators: pd.DataFrame,
    weights: ArrayLike | None,
    strata: ArrayLike | None,
    clusters: ArrayLike | None,
) -> tuple[Floats, Floats, Sample]:
    """Check deprivations and weights; give the cells of complete rows, the weights of columns, and the design."""
    g, w = _matrix(deprivations, indicators)
    frame = pd.DataFrame(g, index=deprivations.index)
    cells, sample = read_sample(frame, weights=weights, strata=strata, clusters=clusters)
    return cells, w, sample


def _matrix(deprivations: pd.DataFrame, indicators: pd.DataFrame) -> tuple[Floats, Floats]:
    names = list(indicators.index)
    w = checked_weights(indicators, deprivations, "Deprivations")
    g = read_numbers(deprivations[names], "deprivations")
    wrong = ~(np.isnan(g) | (g == 0) | (g == 1))
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise PovertyError(
            f"{int(wrong.sum())} deprivations are neither 0 nor 1, the first {g[row, column]:g} in column "
            f"{names[column]}, row {row}.",
            remedy="Make them with deprivations().",
        )
    return g, w


def checked_weights(indicators: pd.DataFrame, table: pd.DataFrame, name: str) -> Floats:
    """Give the weights of the columns of a table, in the order of the indicators.

    Raises
    ------
    PovertyError
        A column has no weight, a weight no column, or the weights are not positive with a sum of 1.
    """
    odd = sorted(str(one) for one in set(indicators.index) ^ set(table.columns))
    if odd:
        raise PovertyError(f"{name} and weights differ in {', '.join(odd)}.", remedy="Name the same in both.")
    w = indicators["weight"].to_numpy(dtype=float)
    if not (w > 0).all() or abs(w.sum() - 1) > CLOSE:
        raise PovertyError(f"The weights of indicators sum to {w.sum():g}.", remedy="Make them with nested_weights.")
    return w
