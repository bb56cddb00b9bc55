"""Weights of the indicators of a composite index: given, equal, or drawn from the scores or from judgements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from fuping.spatial.errors import FupingError
from numpy.typing import NDArray

__all__ = [
    "AHPWeights",
    "CompositeError",
    "ahp_weights",
    "check_weights",
    "entropy_weights",
    "equal_weights",
    "pca_weights",
]

RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
"""Mean consistency index of random matrices of order 1 to 10 (Saaty 1980, *The analytic hierarchy process*, p. 21)."""


class CompositeError(FupingError):
    """Indicators, weights or choices from which no index follows."""


@dataclass(frozen=True, eq=False)
class AHPWeights:
    """Weights from paired comparisons.

    Parameters
    ----------
    weights
        float64, one for each criterion; sum 1.
    greatest_eigenvalue
        λmax; equals the order of the matrix where the judgements agree perfectly.
    consistency_index, consistency_ratio
        (λmax − n)/(n − 1), and the same over that of random judgements.
    """

    weights: pd.Series
    greatest_eigenvalue: float
    consistency_index: float
    consistency_ratio: float


def equal_weights(columns: Sequence[str]) -> pd.Series:
    """Give every indicator the same weight."""
    return pd.Series(1 / len(columns), index=pd.Index(columns), dtype=float)


def entropy_weights(scores: pd.DataFrame) -> pd.Series:
    r"""Give indicators that tell units apart more weight.

    Parameters
    ----------
    scores
        n units, none negative; units with a missing score do not count.

    Raises
    ------
    CompositeError
        Fewer than two complete units, a negative score, a column of zeros, or columns that tell nothing apart.

    Notes
    -----
    :math:`p_{ij} = x_{ij}/\sum_i x_{ij}`, :math:`e_j = -\sum_i p_{ij}\ln p_{ij}/\ln n`,
    :math:`w_j = (1 - e_j)/\sum_k (1 - e_k)` (Hwang & Yoon 1981, *Multiple attribute decision making*, pp. 52–57).

    Examples
    --------
    >>> entropy_weights(pd.DataFrame({"same": [1.0, 1.0], "apart": [1.0, 0.0]})).tolist()
    [0.0, 1.0]
    """
    x = _complete(scores)
    if (x < 0).any():
        raise CompositeError(
            f"The least score is {x.min():g}; entropy needs none below zero.", remedy="Use min-max or fuzzy scores."
        )
    total = x.sum(axis=0)
    if (total == 0).any():
        empty = ", ".join(str(name) for name in scores.columns[total == 0])
        raise CompositeError(f"All scores of {empty} are zero.", remedy="Leave the indicator out.")
    p = x / total
    terms = np.where(p > 0, p * np.log(np.where(p > 0, p, 1.0)), 0.0)
    apart = np.maximum(1 + terms.sum(axis=0) / np.log(len(x)), 0.0)
    # A column of equal scores misses zero by the rounding of its logarithms.
    apart[apart < 1e-12] = 0.0
    if apart.sum() == 0:
        raise CompositeError("No indicator tells units apart.", remedy="Give the weights yourself.")
    return pd.Series(apart / apart.sum(), index=scores.columns)


def pca_weights(scores: pd.DataFrame) -> pd.Series:
    r"""Weigh indicators by how much of their variance the main components explain.

    Raises
    ------
    CompositeError
        Fewer than three complete units, or a column whose scores are all equal.

    Notes
    -----
    Of the correlation matrix, components with eigenvalues above 1 (Kaiser 1960):
    :math:`w_j \propto \sum_{k: \lambda_k > 1} \lambda_k v_{jk}^2` (communalities; without the rotation of OECD/JRC
    2008, p. 89). All equal where no eigenvalue is above 1, which means uncorrelated indicators.
    """
    x = _complete(scores)
    if len(x) < 3 or (np.ptp(x, axis=0) == 0).any():
        raise CompositeError(
            f"{len(x)} complete units, or an indicator whose scores are all equal.", remedy="Give more that differ."
        )
    value, vector = np.linalg.eigh(np.corrcoef(x, rowvar=False).reshape(x.shape[1], -1))
    kept = value > 1 + 1e-9
    if not kept.any():
        return equal_weights(list(scores.columns))
    explained = (vector[:, kept] ** 2 * value[kept]).sum(axis=1)
    return pd.Series(explained / explained.sum(), index=scores.columns)


def ahp_weights(comparisons: pd.DataFrame, *, most_inconsistent: float = 0.1) -> AHPWeights:
    r"""Derive weights from paired comparisons (analytic hierarchy process).

    Parameters
    ----------
    comparisons
        n × n with the same names down and across: how many times as important the row is as the column.
    most_inconsistent
        Greatest consistency ratio that is accepted.

    Raises
    ------
    CompositeError
        The matrix is not square, positive and reciprocal, of an order beyond 10, or its judgements contradict each
        other too much.

    Notes
    -----
    The weights are the principal eigenvector; :math:`CI = (\lambda_{max} - n)/(n - 1)`, :math:`CR = CI/RI` with
    Saaty's (1980) random indices.

    Examples
    --------
    >>> names = ["water", "soil"]
    >>> ahp_weights(pd.DataFrame([[1, 3], [1 / 3, 1]], index=names, columns=names)).weights.round(4).tolist()
    [0.75, 0.25]
    """
    a = comparisons.to_numpy(dtype=float)
    n = len(a)
    if a.shape != (n, n) or list(comparisons.index) != list(comparisons.columns) or not 1 <= n <= len(RANDOM_INDEX):
        raise CompositeError(
            f"The comparisons are {a.shape[0]} × {a.shape[1]}.",
            remedy="Give 1 to 10 criteria, the same in the same order down and across.",
        )
    if not (a > 0).all() or not np.allclose(a * a.T, 1, atol=1e-2):
        row, column = np.argwhere(~((a > 0) & np.isclose(a * a.T, 1, atol=1e-2)))[0]
        pair = f"{comparisons.index[row]} and {comparisons.columns[column]}"
        raise CompositeError(
            f"The comparisons of {pair} are {a[row, column]:g} and {a[column, row]:g}.",
            remedy="Each must be above zero and one over the other.",
        )
    values, vectors = np.linalg.eig(a)
    place = int(np.argmax(values.real))
    vector = np.abs(vectors[:, place].real)
    greatest = float(values[place].real)
    index = (greatest - n) / (n - 1) if n > 2 else 0.0
    ratio = index / RANDOM_INDEX[n - 1] if n > 2 else 0.0
    if ratio > most_inconsistent:
        raise CompositeError(
            f"The judgements contradict each other: consistency ratio {ratio:.3f}, above {most_inconsistent:g}.",
            remedy="Ask for the comparisons again.",
            consistency_ratio=ratio,
        )
    return AHPWeights(pd.Series(vector / vector.sum(), index=comparisons.index), greatest, index, ratio)


def check_weights(weights: pd.Series, columns: Sequence[str]) -> NDArray[np.float64]:
    """Give the weights in the order of the columns.

    Raises
    ------
    CompositeError
        Names differ, a weight is negative or missing, or they do not sum to 1.
    """
    if set(weights.index) != set(columns) or len(weights) != len(columns):
        differ = sorted(map(str, set(weights.index) ^ set(columns)))
        raise CompositeError(
            f"Weights and indicators differ in {', '.join(differ)}.", remedy="Name the same ones once."
        )
    w = weights.reindex(columns).to_numpy(dtype=float)
    if not (w >= 0).all() or abs(w.sum() - 1) > 1e-6:
        raise CompositeError(
            f"The weights {', '.join(f'{one:g}' for one in w)} sum to {w.sum():g}.",
            remedy="Give weights of at least 0 that sum to 1.",
        )
    return w


def _complete(scores: pd.DataFrame) -> NDArray[np.float64]:
    x: NDArray[np.float64] = np.asarray(scores.dropna(), dtype=float)
    if len(x) < 2:
        raise CompositeError(f"{len(x)} of {len(scores)} units have all scores.", remedy="Two are needed at least.")
    return x
