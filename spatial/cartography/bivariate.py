"""Two indicators in one map: each in three classes, nine together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from fuping.spatial.cartography.classify import MISSING, Classification, classify
from numpy.typing import ArrayLike, NDArray

__all__ = ["PairClasses", "classify_pair"]

SIDE = 3

PLACES = {0: (), 1: (0,), 2: (0, 2), 3: (0, 1, 2)}
"""Where so many classes stand among the three: two stand at the ends, so that low and high look low and high."""


@dataclass(frozen=True, eq=False)
class PairClasses:
    """Classes of two indicators together.

    Parameters
    ----------
    classes
        int8, shape (m, n); ``3 * row + column``, the row from the second indicator, the column from the first; -1
        where either is missing.
    first, second
        Of each indicator alone.
    columns, rows
        Places, 0 to 2, of the classes that the first and the second have; ties may leave fewer than three.
    """

    classes: NDArray[np.int8]
    first: Classification
    second: Classification
    columns: tuple[int, ...]
    rows: tuple[int, ...]


def classify_pair(
    first: ArrayLike,
    second: ArrayLike,
    *,
    pooled_second: ArrayLike | None = None,
    breaks: tuple[Sequence[float] | None, Sequence[float] | None] = (None, None),
    decimals: tuple[int | None, int | None] = (None, None),
) -> PairClasses:
    """Put two indicators into thirds, each of all its years together.

    Parameters
    ----------
    first, second
        float64, shape (m years, n units), of the same years and units; NaN is missing.
    pooled_second
        All years of the second indicator, where some of them stand in ``second`` several times or not at all; the
        thirds are theirs.
    breaks
        Two breaks of an indicator, where they are given and not computed.
    decimals
        Round computed breaks of each to so many decimals.

    Examples
    --------
    >>> found = classify_pair([[1.0, 2.0, 3.0, float("nan")]], [[30.0, 20.0, 10.0, 20.0]])
    >>> found.classes.tolist()
    [[6, 4, 2, -1]]
    """
    one = _thirds(np.asarray(first, dtype=np.float64), breaks[0], decimals[0])
    two = _thirds(
        np.asarray(second if pooled_second is None else pooled_second, dtype=np.float64), breaks[1], decimals[1]
    )
    columns, rows = PLACES[one.k], PLACES[two.k]
    table = np.asarray(second, dtype=np.float64)
    row_of = np.searchsorted(np.array(two.breaks), table, side="left")
    row_of[np.isnan(table)] = MISSING
    missing = (one.classes < 0) | (row_of < 0)
    column = np.array([*columns, 0])[np.where(missing, -1, one.classes)]
    row = np.array([*rows, 0])[np.where(missing, -1, row_of)]
    classes = np.where(missing, MISSING, SIDE * row + column).astype(np.int8)
    return PairClasses(classes, one, two, columns, rows)


def _thirds(table: NDArray[np.float64], breaks: Sequence[float] | None, decimals: int | None) -> Classification:
    if breaks is not None:
        return classify(table, scheme="manual", breaks=breaks)
    return classify(table, scheme="quantiles", k=SIDE, decimals=decimals)
