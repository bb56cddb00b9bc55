"""The years of a series: how far apart they stand when nothing is left out, and which are left out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

__all__ = ["MOST_MAPS", "chosen_years", "gap_years", "rhythm", "swiped", "years_shown"]

MOST_MAPS = 12
"""More small maps than this are too small to be read."""


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


def years_shown(years: Sequence[int]) -> tuple[int, ...]:
    """Return the years that are drawn side by side: all, or :data:`MOST_MAPS` spread evenly from first to last.

    >>> years_shown([2010, 2020]), years_shown(range(2000, 2024))
    ((2010, 2020), (2000, 2002, 2004, 2006, 2008, 2010, 2013, 2015, 2017, 2019, 2021, 2023))
    """
    if len(years) <= MOST_MAPS:
        return tuple(years)
    last = len(years) - 1
    return tuple(years[round(place * last / (MOST_MAPS - 1))] for place in range(MOST_MAPS))


def chosen_years(years: Sequence[int], text: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return the years that a text names, in its order, each once, at most :data:`MOST_MAPS`; and what else it names.

    >>> chosen_years([2010, 2015, 2020], "2020, 2010、2012，2010 x")
    ((2020, 2010), ('2012', 'x'))
    """
    named = list(dict.fromkeys(one for one in re.split(r"[\s,，、;；]+", text) if one))
    known = {str(year): year for year in years}
    found = [known[one] for one in named if one in known]
    others = [one for one in named if one not in known] + [str(year) for year in found[MOST_MAPS:]]
    return tuple(found[:MOST_MAPS]), tuple(others)


def swiped(years: Sequence[int], asked: Mapping[str, str]) -> tuple[int, int]:
    """Return the two years on either side of the line: those asked for as ``left`` and ``right``, else first and last.

    >>> swiped([2010, 2015, 2020], {"right": "2015", "left": "x"})
    (2010, 2015)
    """
    known = {str(year): year for year in years}
    return known.get(asked.get("left", ""), years[0]), known.get(asked.get("right", ""), years[-1])
