"""Two indicators at once, as the map shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.shown import MapLayer, ShownClass, ShownLayer
from fuping.dashboard.state import ViewState
from fuping.spatial.cartography import bivariate, classify_pair, printable_decimals
from fuping.spatial.cube.missing import MissingReason, reason_counts

__all__ = ["nearest_year", "pair_layer"]


def pair_layer(reader: Reader, view: ViewState) -> MapLayer:
    """Return the view's indicator with its second one, each in thirds of all its years.

    Where the second has no figures in a year, those of its nearest year stand in; ``others`` names it.
    """
    if view.second is None:
        raise ValueError("a view of two indicators has a second one")
    both = [reader.indicator(view.pack, one) for one in (view.indicator, view.second)]
    first, second = (reader.values(view.pack, one["id"], view.level) for one in both)
    years = tuple(nearest_year(second.years, year) for year in first.years)
    rows = [second.at(year) for year in years]
    found = classify_pair(
        first.value,
        second.value[rows],
        pooled_second=second.value,
        breaks=(_given(both[0]), _given(both[1])),
        decimals=(_decimals(first.value, both[0]), _decimals(second.value, both[1])),
    )
    reason = np.where(first.reason != MissingReason.OBSERVED, first.reason, second.reason[rows]).astype(np.uint8)
    cells = [colour for line in bivariate() for colour in line]
    counts = [(found.classes == place).sum(axis=1).tolist() for place in range(len(cells))]
    entries = tuple(ShownClass(colour, tuple(count)) for colour, count in zip(cells, counts, strict=True))
    missing = tuple(reason_counts(row[row != MissingReason.OBSERVED]) for row in reason)
    shown = ShownLayer(first.years, found.classes, entries, missing, 0)
    return MapLayer(shown, reason, others=years, pair=found)


def nearest_year(years: Sequence[int], wanted: int) -> int:
    """Return the year nearest to the one wanted; the earlier of two that are as near.

    >>> nearest_year([2010, 2020], 2015)
    2010
    """
    return min(years, key=lambda year: (abs(year - wanted), year))


def _given(declared: Mapping[str, Any]) -> list[float] | None:
    """Return an indicator's own breaks where they make three classes."""
    return declared["class_breaks"] if len(declared["class_breaks"]) == 2 else None


def _decimals(value: Any, declared: Mapping[str, Any]) -> int:
    return printable_decimals(value, declared=declared["decimals"])
