"""Whether a figure's class is sure, given its interval."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["unsure_classes"]


def unsure_classes(lower: ArrayLike, upper: ArrayLike, *, breaks: Sequence[float]) -> NDArray[np.bool_]:
    """Return which figures have an interval that reaches into more than one class.

    Parameters
    ----------
    lower, upper
        float64, of any one shape; NaN where there is no interval, which is neither sure nor unsure: ``False``.
    breaks
        The inner breaks; a class holds ``lower break < value <= upper break``.

    Examples
    --------
    >>> unsure_classes([9.0, 11.0, float("nan")], [11.0, 12.0, float("nan")], breaks=[10.0]).tolist()
    [True, False, False]
    """
    low, high = np.asarray(lower, dtype=np.float64), np.asarray(upper, dtype=np.float64)
    inner = np.asarray(breaks, dtype=np.float64)
    different = np.searchsorted(inner, low, side="left") != np.searchsorted(inner, high, side="left")
    return np.asarray(different & ~np.isnan(low) & ~np.isnan(high))
