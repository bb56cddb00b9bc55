"""One indicator over the units of a level and its years: the slice that cubes, maps and charts are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from fuping.spatial.cube.missing import MissingReason
from fuping.spatial.errors import CubeError
from numpy.typing import ArrayLike, NDArray

__all__ = ["UnitYearValues", "lay_out", "lay_out_at"]


@dataclass(frozen=True, eq=False)
class UnitYearValues:
    """One indicator, m years by n units.

    Parameters
    ----------
    years
        The m years with at least one row, ascending.
    value
        float64, shape (m, n); NaN where missing.
    reason
        uint8, shape (m, n); codes of :class:`fuping.spatial.cube.missing.MissingReason`, 0 where observed.
    lower, upper
        float64, shape (m, n); bounds of the interval that its source gives, NaN where it gives none.
    status
        uint8, shape (m, n); how sure each figure is, as a position in the caller's list of words.
    """

    years: tuple[int, ...]
    value: NDArray[np.float64]
    reason: NDArray[np.uint8]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    status: NDArray[np.uint8]

    @property
    def has_interval(self) -> bool:
        """Whether any figure comes with bounds."""
        return bool(np.isfinite(self.lower).any() or np.isfinite(self.upper).any())

    def at(self, year: int) -> int:
        """Return the row of a year.

        Raises
        ------
        CubeError
            The year is not there; the message names those that are.
        """
        if year not in self.years:
            there = ", ".join(map(str, self.years)) or "none"
            raise CubeError(f"There are no figures for {year}.", remedy=f"Years: {there}.", year=year)
        return self.years.index(year)


def lay_out(
    code: Sequence[str] | NDArray[np.object_],
    year: ArrayLike,
    value: ArrayLike,
    *,
    units: Sequence[str],
    reason: ArrayLike | None = None,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    status: ArrayLike | None = None,
) -> UnitYearValues:
    """Lay a long table out as years by units.

    A unit-year without a row is ``NOT_COLLECTED``; a row without a value is ``NOT_PUBLISHED`` unless ``reason`` says
    otherwise.

    Parameters
    ----------
    code, year, value
        r rows; every (code, year) once.
    units
        The n unit codes of the result, in its order.
    reason, status
        r codes, uint8.
    lower, upper
        r bounds.

    Raises
    ------
    CubeError
        A unit-year stands twice, or a code is not among the units. Join first: a join reports what it cannot place.

    Examples
    --------
    >>> cube = lay_out(["b", "a"], [2012, 2013], [5.0, float("nan")], units=["a", "b"])
    >>> cube.years, cube.value.tolist(), cube.reason.tolist()
    ((2012, 2013), [[nan, 5.0], [nan, nan]], [[1, 0], [2, 1]])
    """
    names = [str(one) for one in units]
    place = {name: number for number, name in enumerate(names)}
    codes = np.asarray(code, dtype=object)
    column = np.fromiter((place.get(one, -1) for one in codes), dtype=np.int64, count=len(codes))
    unknown = sorted({str(one) for one in codes[column < 0]})
    if unknown:
        raise CubeError(
            f"{len(unknown)} codes are no units of this level: {', '.join(unknown[:10])}.",
            remedy="Join the table to the units first and read the report.",
            codes=unknown,
        )
    parts = {"reason": reason, "lower": lower, "upper": upper, "status": status}
    return lay_out_at(column, year, value, units=names, **parts)


def lay_out_at(
    column: NDArray[np.int64],
    year: ArrayLike,
    value: ArrayLike,
    *,
    units: Sequence[str],
    reason: ArrayLike | None = None,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    status: ArrayLike | None = None,
) -> UnitYearValues:
    """Lay a long table out whose rows are joined already: ``column`` is the position of each row's unit.

    Everything else is as in :func:`lay_out`.
    """
    numbers = np.asarray(value, dtype=np.float64)
    whole = np.asarray(year).astype(np.int64)
    first = int(whole.min()) if len(whole) else 0
    there = np.bincount(whole - first) > 0
    years, row = np.flatnonzero(there) + first, (np.cumsum(there) - 1)[whole - first]
    shape = (len(years), len(units))
    counts = np.bincount(row * len(units) + column, minlength=shape[0] * shape[1]).reshape(shape)
    if (counts > 1).any():
        pairs = np.argwhere(counts > 1)
        twice = [f"{units[unit]} in {years[when]}" for when, unit in pairs[:10]]
        raise CubeError(
            f"{len(pairs)} unit-years stand twice: {', '.join(twice)}.",
            remedy="Keep one row for each unit and year.",
        )

    def filled(given: ArrayLike | None, start: float, kind: type[np.generic]) -> NDArray[Any]:
        grid = np.full(shape, start, dtype=kind)
        if given is not None:
            grid[row, column] = np.asarray(given)
        return grid

    if reason is None:
        reason = np.where(np.isnan(numbers), MissingReason.NOT_PUBLISHED, MissingReason.OBSERVED)
    return UnitYearValues(
        years=tuple(int(one) for one in years),
        value=filled(numbers, np.nan, np.float64),
        reason=filled(reason, MissingReason.NOT_COLLECTED, np.uint8),
        lower=filled(lower, np.nan, np.float64),
        upper=filled(upper, np.nan, np.float64),
        status=filled(status, 0, np.uint8),
    )
