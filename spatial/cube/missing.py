"""Why a value is missing: one fixed list of reasons, carried from import to tooltip."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

__all__ = ["MissingReason", "reason_counts"]


class MissingReason(IntEnum):
    """Reason code of a value; the numbers are stored, so they never change."""

    OBSERVED = 0
    NOT_COLLECTED = 1
    """No table has this unit in this year."""
    NOT_PUBLISHED = 2
    """A table has the unit-year and leaves the cell empty."""
    SUPPRESSED = 3
    """Withheld to protect people, by its publisher or by a rule of the pack."""
    NO_SUCH_UNIT = 4
    """The unit did not exist in that year."""
    NO_MATCH = 5
    """A row is there, but its code could not be carried to this unit."""
    PARTIAL = 6
    """A total or mean of parts that were not all observed."""
    NOT_DERIVABLE = 7
    """Computed from others, of which one is missing or the denominator is zero."""
    OUTSIDE = 8
    """The source does not cover this unit, by its own definition."""
    TOO_COARSE = 9
    """The unit covers fewer cells of the grid than the pack declares to be enough."""


def reason_counts(reasons: NDArray[np.uint8]) -> dict[MissingReason, int]:
    """Count the values by reason, those observed included.

    Parameters
    ----------
    reasons
        uint8, any shape.

    Returns
    -------
    dict of MissingReason to int
        Only reasons that occur, in the order of their codes.

    Examples
    --------
    >>> {reason.name: n for reason, n in reason_counts(np.array([0, 0, 2], dtype=np.uint8)).items()}
    {'OBSERVED': 2, 'NOT_PUBLISHED': 1}
    """
    codes, counts = np.unique(reasons, return_counts=True)
    return {MissingReason(int(code)): int(count) for code, count in zip(codes, counts, strict=True)}
