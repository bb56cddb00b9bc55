"""The years of a series: how far apart they stand when nothing is left out, and which are left out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

__all__ = ["gap_years", "rhythm"]


def rhythm(years: Sequence[int]) -> int:
    """Return the least distance between two years of a series; 1 where there are not two.

    >>> rhythm([1989, 1993, 1995, 1996]), rhythm([2010, 2020]), rhythm([2015])
    (1, 10, 1)
    """
    return min((after - before for before, after in pairwise(years)), default=1)


def gap_years(years: Sequence[int]) -> list[int]:
    """Return the years that the rhythm of a series would have and the series has not.

    >>> gap_years([1993, 1995, 1996]), gap_years([2010, 2015, 2020])
    ([1994], [])
    """
    if not years:
        return []
    there = set(years)
    return [year for year in range(years[0], years[-1], rhythm(years)) if year not in there]
