"""The entries of a legend as numbers and colours; whoever prints them chooses the words and the digits' grouping."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from fuping.spatial.cartography.classify import Classification
from fuping.spatial.errors import FupingError
from numpy.typing import ArrayLike

__all__ = ["LegendEntry", "legend_entries", "printable_decimals"]


@dataclass(frozen=True)
class LegendEntry:
    """One class of a legend.

    Parameters
    ----------
    lower, upper
        The class holds ``lower < value <= upper``. The first has no lower and the last no upper bound, unless limits
        are closed.
    colour
        Of its units.
    counts
        Units of the class in each year.
    with_lower
        Whether it holds its lower bound too, as the first of closed limits does.
    """

    lower: float | None
    upper: float | None
    colour: str
    counts: tuple[int, ...]
    with_lower: bool = False


def legend_entries(classification: Classification, colours: Sequence[str]) -> tuple[LegendEntry, ...]:
    """Return the entries of a classification, the lowest class first.

    Raises
    ------
    FupingError
        There is not one colour for each class.

    Examples
    --------
    >>> from fuping.spatial.cartography.classify import classify
    >>> found = classify([[1.0, 2.0, 9.0]], scheme="manual", breaks=[5.0])
    >>> [(one.lower, one.upper, one.counts) for one in legend_entries(found, ["white", "black"])]
    [(None, 5.0, (2,)), (5.0, None, (1,))]
    """
    if len(colours) != classification.k:
        raise FupingError(
            f"{len(colours)} colours were given for {classification.k} classes.", remedy="Give one for each class."
        )
    ends = [] if classification.closed else [None]
    bounds = [*ends, *classification.breaks, *ends]
    return tuple(
        LegendEntry(
            bounds[place],
            bounds[place + 1],
            colour,
            tuple(classification.counts[:, place].tolist()),
            with_lower=classification.closed and place == 0,
        )
        for place, colour in enumerate(colours)
    )


def printable_decimals(values: ArrayLike, *, declared: int) -> int:
    """Return how many decimals breaks need: two digits of the spread of the middle half, never more than declared.

    Parameters
    ----------
    values
        Any shape; NaN is missing.
    declared
        Decimals that the indicator carries.

    Returns
    -------
    int
        Negative for tens, hundreds …

    Examples
    --------
    >>> printable_decimals([120_000.0, 480_000.0, 910_000.0], declared=0)
    -4
    >>> printable_decimals([4.2, 9.9, 13.5], declared=1)
    1
    """
    finite = np.asarray(values, dtype=np.float64)
    finite = finite[np.isfinite(finite)]
    if not len(finite):
        return declared
    lower, upper = np.quantile(finite, [0.25, 0.75])
    spread = float(upper - lower)
    if spread <= 0:
        return declared
    return min(declared, 1 - math.floor(math.log10(spread)))
