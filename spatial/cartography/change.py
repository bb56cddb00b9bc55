"""Classes of differences: the same distance from zero on both sides, and one class about zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from fuping.spatial.cartography.classify import Classification, classify
from fuping.spatial.cartography.colour import diverging
from fuping.spatial.cartography.legend import printable_decimals
from numpy.typing import ArrayLike

__all__ = ["ChangeClasses", "classify_change"]

SHARES = (0.25, 0.5, 0.75)
"""Of the differences, by size: what is smaller than the first is about no change."""


@dataclass(frozen=True, eq=False)
class ChangeClasses:
    """Classes of differences.

    Parameters
    ----------
    classification
        As of any figures; the same in every year.
    colours
        One for each class; the neutral one holds zero.
    decimals
        That the breaks are rounded to.
    """

    classification: Classification
    colours: tuple[str, ...]
    decimals: int


def classify_change(differences: ArrayLike, *, decimals: int, higher_is_worse: bool | None) -> ChangeClasses:
    """Put differences of all years into up to seven classes about zero.

    The breaks are the quartiles of the differences' sizes, rounded, on both sides of zero, so equally large changes
    up and down are equally dark. Those that no difference passes are left out.

    Parameters
    ----------
    differences
        float64, shape (m years, n units); NaN is missing.
    decimals
        That the indicator carries; breaks are rounded to fewer where that is enough.
    higher_is_worse
        As in :func:`fuping.spatial.cartography.diverging`.

    Examples
    --------
    >>> found = classify_change([[-4.0, -3.0, 0.5, 1.0]], decimals=0, higher_is_worse=True)
    >>> found.classification.breaks, found.classification.classes.tolist()
    ((-3.0, -2.0, -1.0), [[0, 0, 3, 3]])
    >>> found.colours[-1]
    '#efede8'
    """
    table = np.asarray(differences, dtype=np.float64)
    there = table[~np.isnan(table)]
    sizes = np.abs(there)
    places = printable_decimals(sizes, declared=decimals)
    steps = np.unique(np.round(np.quantile(sizes, SHARES), places)) if len(sizes) else np.zeros(0)
    steps = steps[steps > 0]
    below = [-one for one in steps[::-1] if there.min() <= -one]
    above = [one for one in steps if there.max() > one]
    breaks = [*below, *above]
    # Without a break everything is about zero, which is one class.
    found = classify(table, scheme="manual", breaks=breaks) if breaks else classify(table * 0, scheme="quantiles")
    full = diverging(len(steps), len(steps), zero_class=True, higher_is_worse=higher_is_worse)
    return ChangeClasses(found, full[len(steps) - len(below) : len(steps) + 1 + len(above)][: found.k], places)
