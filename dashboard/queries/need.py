"""Units ranked by a figure that tells who is worse off, and which of them are the poorest part."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.state import ViewState
from numpy.typing import NDArray

__all__ = ["CUTS", "Need", "need", "ranking_years", "rankings"]

CUTS = ("10", "20", "30", "40", "50")
"""Poorest parts that can be asked for, in percent of the units with a figure."""

ENOUGH = 0.5
"""Least share of the units that must have a figure for a year to rank them."""


@dataclass(frozen=True, eq=False)
class Need:
    """Units of a level ranked.

    Parameters
    ----------
    declared
        The indicator that ranks them.
    year
        Of its figures.
    score
        float64, shape (n,); the higher, the worse off; NaN where there is no figure.
    value
        float64, shape (n,); the figures themselves.
    poorest
        bool, shape (n,); the poorest part, all units at its edge included.
    cut
        Percent asked for.
    edge
        Figure of the least poor unit among them.
    unsure
        Units whose interval, where its source gives one, reaches over the edge.
    """

    declared: Mapping[str, Any]
    year: int
    score: NDArray[np.float64]
    value: NDArray[np.float64]
    poorest: NDArray[np.bool_]
    cut: int
    edge: float
    unsure: int

    # Two rankings of one level by the same indicator, year and cut are one, also as a part of a cache's key.
    def __hash__(self) -> int:
        return hash((self.declared["id"], self.year, self.cut))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Need) and hash(self) == hash(other) and np.array_equal(self.score, other.score, True)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which units have a figure; shape (n,)."""
        return np.asarray(np.isfinite(self.score))


def ranking_years(reader: Reader, pack: str, indicator: str, level: str) -> list[int]:
    """Return the years in which enough units of a level have a figure."""
    values = reader.values(pack, indicator, level)
    share = np.isfinite(values.value).mean(axis=1)
    return [year for year, part in zip(values.years, share, strict=True) if part >= ENOUGH]


def rankings(reader: Reader, pack: str, level: str) -> list[Mapping[str, Any]]:
    """Return the indicators that tell worse from better off and are figures of a unit's people, not of its size."""
    return [
        one
        for one in reader.catalogue(pack)["indicators"]
        if one["shown"]
        and one["direction"] != "neutral"
        and one["aggregation"] == "intensive"
        and level in one["levels"]
        and ranking_years(reader, pack, one["id"], level)
    ]


def need(
    reader: Reader,
    view: ViewState,
    level: str,
    *,
    before: int | None = None,
    allowed: Collection[int] | None = None,
) -> Need | None:
    """Rank the units of a level as the URL asks: ``ranking``, ``ranking_year`` and ``cut``.

    Parameters
    ----------
    before
        Year that the ranking should not be after, where the URL names none: a programme's first.
    allowed
        Years that can be compared with something else; all where not given.

    Returns
    -------
    Need or None
        ``None`` where the pack has nothing that ranks these units in such a year.
    """
    offered = rankings(reader, view.pack, level)
    if not offered:
        return None
    names = [one["id"] for one in offered]
    start = view.indicator if view.indicator in names else names[0]
    declared = offered[names.index(view.option("ranking", names, start))]
    there = ranking_years(reader, view.pack, declared["id"], level)
    years = [year for year in there if allowed is None or year in allowed]
    if not years:
        return None
    early = [year for year in years if before is None or year <= before]
    year = int(view.option("ranking_year", [str(one) for one in years], str((early or years[:1])[-1])))
    cut = int(view.option("cut", CUTS, "20"))
    values = reader.values(view.pack, declared["id"], level)
    row = values.at(year)
    value = values.value[row]
    sign = 1.0 if declared["direction"] == "higher_is_worse" else -1.0
    score = sign * value
    known = np.isfinite(score)
    edge = float(np.sort(score[known])[::-1][max(1, round(cut / 100 * int(known.sum()))) - 1])
    lower, upper = values.lower[row], values.upper[row]
    unsure = int(((lower <= sign * edge) & (sign * edge <= upper) & known).sum())
    return Need(declared, year, score, value, known & (score >= edge), cut, sign * edge, unsure)
