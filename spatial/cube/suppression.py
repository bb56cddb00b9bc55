"""Which small counts of people are withheld, and which others with them, so that no total gives them back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["withheld_counts"]


def withheld_counts(
    values: ArrayLike, parents: Sequence[int] | NDArray[np.int64], *, below: float
) -> NDArray[np.bool_]:
    r"""Return which counts of one year are withheld.

    A count :math:`0 < x < b` is. Zero tells of nobody. Since the count of a parent is the sum of those of its parts,
    :math:`x_p = \sum_{i \in p} x_i`, each such equation must leave two counts open or none: then none follows from
    those shown, whatever equations are put together, because the equations of a hierarchy form a tree and each count
    stands in two of them at most. And the parts withheld of a parent that is shown must be :math:`b` or more together,
    since one and one are known from their sum of two. Where an equation needs one more, it is the smallest count among
    the parts; where no part is left, the parent.

    Parameters
    ----------
    values
        float64, shape (n,), none negative; of units of several levels. NaN is missing.
    parents
        n positions: of the unit that each lies in, -1 where it lies in none of these.
    below
        :math:`b`, the least count that is shown.

    Returns
    -------
    numpy.ndarray of bool, shape (n,)

    Notes
    -----
    Complementary cell suppression in a hierarchical table, one indicator at a time: Willenborg, L. and de Waal, T.
    (2001), *Elements of Statistical Disclosure Control*, Springer, chapter 6. Counts that are tied by other sums
    (women and men, and both) are not known here.

    Examples
    --------
    A country of 60 with parts of 3, 20 and 37: the 3 is withheld, and the 20 with it.

    >>> withheld_counts([60, 3, 20, 37], [-1, 0, 0, 0], below=10).tolist()
    [False, True, True, False]
    """
    count = np.asarray(values, dtype=np.float64)
    hidden = (count > 0) & (count < below)
    parts: defaultdict[int, list[int]] = defaultdict(list)
    for part, parent in enumerate(parents):
        if parent >= 0:
            parts[parent].append(part)
    waiting = list(parts)
    while waiting:
        parent = waiting.pop()
        lacking = _lacking(parent, parts[parent], count, hidden, below)
        if lacking is not None:
            hidden[lacking] = True
            # Its own equation, that of what it lies in, and this one once more.
            waiting += [one for one in (lacking, int(parents[lacking]), parent) if one in parts]
    return np.asarray(hidden, dtype=bool)


def _lacking(
    parent: int, parts: list[int], count: NDArray[np.float64], hidden: NDArray[np.bool_], below: float
) -> int | None:
    """Return which count must be withheld too for an equation to tell nothing; ``None`` where it tells nothing."""
    gone = [part for part in parts if hidden[part]]
    if not gone and not hidden[parent]:
        return None
    if gone and (hidden[parent] or (len(gone) > 1 and count[gone].sum() >= below)):
        return None
    shown = [part for part in parts if not hidden[part] and count[part] > 0]
    if shown:
        return min(shown, key=lambda part: count[part])
    return None if hidden[parent] else parent
