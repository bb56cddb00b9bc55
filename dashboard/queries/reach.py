"""How many a programme reaches: its recipients against the people, or the poor people, of the same units and year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.people import Counted, people_indicator, recipient_indicators
from fuping.dashboard.queries.shown import ShownClass, ShownLayer
from fuping.dashboard.state import ViewState
from fuping.spatial.cartography import DIRECTIONS, classify, legend_entries, sequential
from fuping.spatial.cube.missing import MissingReason, reason_counts
from fuping.spatial.cube.values import UnitYearValues
from numpy.typing import NDArray

__all__ = ["Reach", "reach", "reach_layer", "reach_level"]

DECIMALS = 1


@dataclass(frozen=True, eq=False)
class Reach:
    """Recipients of a programme for every hundred people, or poor people.

    Parameters
    ----------
    declared, against
        Indicators of the recipients, and of the people that they are divided by.
    counted
        Which people those are.
    level
        Of the units.
    values
        Recipients for every hundred people of each unit, by year; NaN where one of the two is missing or nobody lives.
    recipients, people
        float64, shape (m,); sums over the units with both.
    n_both
        int64, shape (m,); how many those are.
    """

    declared: Mapping[str, Any]
    against: Mapping[str, Any]
    counted: Counted
    level: str
    values: UnitYearValues
    recipients: NDArray[np.float64]
    people: NDArray[np.float64]
    n_both: NDArray[np.int64]

    @property
    def overall(self) -> NDArray[np.float64]:
        """Recipients for every hundred people over the units with both figures; shape (m,)."""
        return np.divide(
            100 * self.recipients, self.people, out=np.full(len(self.people), np.nan), where=self.people > 0
        )


def reach_level(reader: Reader, view: ViewState) -> str:
    """Return the view's level where recipients are counted there in several units, else the finest that has them."""
    levels = [one["id"] for one in reader.catalogue(view.pack)["levels"] if one["n_units"] > 1]
    there = [level for level in levels if recipient_indicators(reader, view.pack, level)]
    return view.level if view.level in there else there[-1]


def reach(reader: Reader, view: ViewState, indicator: str, counted: Counted, level: str) -> Reach | None:
    """Divide a programme's recipients by people; ``None`` where no year has both."""
    return _reach(reader, view.pack, reader.version(view.pack), indicator, counted, level)


@once(maxsize=16)
def _reach(reader: Reader, pack: str, version: str, indicator: str, counted: Counted, level: str) -> Reach | None:
    against = people_indicator(reader, pack, level, counted)
    if against is None:
        return None
    top, bottom = reader.values(pack, indicator, level), reader.values(pack, against["id"], level)
    years = tuple(year for year in top.years if year in bottom.years)
    if not years:
        return None
    over = top.value[[top.years.index(year) for year in years]]
    under = bottom.value[[bottom.years.index(year) for year in years]]
    both = np.isfinite(over) & (under > 0)
    ratio = np.divide(100 * over, under, out=np.full(over.shape, np.nan), where=both)
    none = np.full(over.shape, np.nan)
    reason = np.where(both, MissingReason.OBSERVED, MissingReason.NOT_DERIVABLE).astype(np.uint8)
    values = UnitYearValues(years, ratio, reason, none, none, np.zeros(over.shape, dtype=np.uint8))
    return Reach(
        reader.indicator(pack, indicator),
        against,
        counted,
        level,
        values,
        np.where(both, over, 0.0).sum(axis=1),
        np.where(both, under, 0.0).sum(axis=1),
        both.sum(axis=1),
    )


@once(maxsize=16)
def reach_layer(found: Reach) -> ShownLayer:
    """Return the layer of a map, its classes held over all years."""
    values = found.values
    classed = classify(values.value, scheme="quantiles", k=5, decimals=DECIMALS)
    colours = sequential(classed.k, ramp=DIRECTIONS["neutral"]) if classed.k else ()
    rows = legend_entries(classed, colours)
    entries = tuple(ShownClass(row.colour, row.counts, row.lower, row.upper) for row in rows)
    missing = tuple(reason_counts(row[row != MissingReason.OBSERVED]) for row in values.reason)
    return ShownLayer(values.years, classed.classes, entries, missing, DECIMALS)
