"""What changed between two years, and why it cannot be said where a figure is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from fuping.spatial.cube.missing import MissingReason
from fuping.spatial.cube.values import UnitYearValues
from numpy.typing import NDArray

__all__ = ["Change", "change_since", "difference_interval"]


@dataclass(frozen=True, eq=False)
class Change:
    """Differences of one indicator, m years by n units, each from an earlier year.

    Parameters
    ----------
    years, bases
        The m years, and the earlier one that each is compared with.
    difference
        float64, shape (m, n); the figure of the year less that of the base; NaN where either is missing.
    lower, upper
        float64, shape (m, n); the interval of the difference, of the level of the figures' own; NaN where one of the
        two figures has none.
    reason
        uint8, shape (m, n); that of the year's figure where it is missing, else that of the base's; 0 where both
        are there.
    crossed
        For each of the m years, the breaks in the series after its base and not after itself.
    """

    years: tuple[int, ...]
    bases: tuple[int, ...]
    difference: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    reason: NDArray[np.uint8]
    crossed: tuple[tuple[int, ...], ...]

    @property
    def unsure(self) -> NDArray[np.bool_] | None:
        """Where the interval of the difference holds zero, shape (m, n); ``None`` where no difference has one.

        A difference without an interval is neither sure nor unsure: ``False``.
        """
        if not np.isfinite(self.lower).any():
            return None
        return np.asarray((self.lower <= 0) & (self.upper >= 0))


def difference_interval(
    later: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    earlier: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Return the interval of a difference, recovered from the intervals of two independent estimates.

    The method of variance estimates recovery [1]_, which keeps intervals that are not symmetric and asks for no
    standard error: :math:`L = d - \sqrt{(x_2 - l_2)^2 + (u_1 - x_1)^2}` and
    :math:`U = d + \sqrt{(u_2 - x_2)^2 + (x_1 - l_1)^2}` for :math:`d = x_2 - x_1`. Estimates of the same unit that
    move together from year to year have a narrower interval, so that too little is called a change rather than too
    much.

    Parameters
    ----------
    later, earlier
        Value, lower and upper end, float64 of one shape; both intervals of one level.

    References
    ----------
    .. [1] Zou, G. Y. and Donner, A. (2008). Construction of confidence limits about effect measures: a general
       approach. Statistics in Medicine 27, 1693-1702.

    Examples
    --------
    >>> low, high = difference_interval((np.array([7.0]), np.array([4.0]), np.array([9.0])), (np.array([2.0]),) * 3)
    >>> low.tolist(), high.tolist()
    ([2.0], [7.0])
    """
    (value, low, high), (base, base_low, base_high) = later, earlier
    difference = value - base
    below = np.hypot(value - low, base_high - base)
    above = np.hypot(high - value, base - base_low)
    return difference - below, difference + above


def change_since(values: UnitYearValues, *, base: int | None, breaks: Sequence[int] = ()) -> Change:
    """Return the change of every later year since a base year.

    Parameters
    ----------
    base
        The year that all later ones are compared with; ``None``: each is compared with the year before it among
        those that the indicator has.
    breaks
        First years of a new definition or method: figures before and from such a year do not compare.

    Returns
    -------
    Change
        Of the years after the base; of none where none is later.

    Raises
    ------
    CubeError
        The base is no year of the indicator.

    Examples
    --------
    >>> from fuping.spatial.cube.values import lay_out
    >>> cube = lay_out(["a", "a", "b"], [2010, 2020, 2020], [5.0, 3.0, 7.0], units=["a", "b"])
    >>> found = change_since(cube, base=None, breaks=[2015])
    >>> found.years, found.bases, found.difference.tolist(), found.reason.tolist(), found.crossed
    ((2020,), (2010,), [[-2.0, nan]], [[0, 1]], ((2015,),))
    """
    first = 0 if base is None else values.at(base)
    rows = list(range(first + 1, len(values.years)))
    before = [row - 1 if base is None else first for row in rows]
    later, earlier = values.reason[rows], values.reason[before]
    years = tuple(values.years[row] for row in rows)
    bases = tuple(values.years[row] for row in before)
    lower, upper = difference_interval(
        (values.value[rows], values.lower[rows], values.upper[rows]),
        (values.value[before], values.lower[before], values.upper[before]),
    )
    return Change(
        years=years,
        bases=bases,
        difference=values.value[rows] - values.value[before],
        lower=lower,
        upper=upper,
        reason=np.where(later != MissingReason.OBSERVED, later, earlier).astype(np.uint8),
        crossed=tuple(
            tuple(one for one in breaks if start < one <= end) for start, end in zip(bases, years, strict=True)
        ),
    )
