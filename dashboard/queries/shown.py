"""One indicator as the map shows it: the class of every figure, the colours, the counts, and why figures miss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from fuping.dashboard.limits import decimals_of
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.once import once
from fuping.dashboard.state import ViewState
from fuping.spatial.cartography import (
    DIRECTIONS,
    OUTSIDE,
    STATUS_COLOURS,
    PairClasses,
    Scheme,
    classify,
    legend_entries,
    printable_decimals,
    qualitative,
    sequential,
)
from fuping.spatial.cube.missing import MissingReason, reason_counts
from fuping.spatial.cube.values import UnitYearValues
from numpy.typing import NDArray

__all__ = [
    "Circles",
    "MapLayer",
    "Rings",
    "ShownClass",
    "ShownLayer",
    "category_colours",
    "given_limits",
    "shown_layer",
]


@dataclass(frozen=True)
class ShownClass:
    """One class or category.

    Parameters
    ----------
    colour
        Of its units; empty: that of the land, on which such a unit stands for nothing.
    counts
        Units in each year.
    lower, upper
        Bounds of a class of figures: ``lower < value <= upper``.
    name
        Name of a category by language.
    with_lower
        Whether it holds its lower bound too.
    outside
        Whether it is no class, but what lies outside every class: drawn with a pattern of its own.
    """

    colour: str
    counts: tuple[int, ...]
    lower: float | None = None
    upper: float | None = None
    name: dict[str, str] | None = None
    with_lower: bool = False
    outside: bool = False


@dataclass(frozen=True, eq=False)
class ShownLayer:
    """Classes of one indicator at one level over its m years.

    Parameters
    ----------
    years
        The m years.
    classes
        int8, shape (m, n); -1 where missing.
    entries
        The classes, lowest first, or the categories as declared.
    missing
        For each year, how many figures miss for which reason.
    decimals
        That the bounds are printed with.
    """

    years: tuple[int, ...]
    classes: NDArray[np.int8]
    entries: tuple[ShownClass, ...]
    missing: tuple[dict[MissingReason, int], ...]
    decimals: int


@dataclass(frozen=True)
class Circles:
    """Size of circles: that of a figure has the radius ``radius * sqrt(figure / greatest)``, in pixels."""

    greatest: float
    radius: float


@dataclass(frozen=True, eq=False)
class Rings:
    """What each of the p parts of the country is made up of.

    Parameters
    ----------
    level
        Of the parts.
    counts
        int64, shape (m, p, k + 1); units in each of the k categories, and without one, in each year.
    size
        Of a ring, by how many units the part has.
    """

    level: str
    counts: NDArray[np.int64]
    size: Circles


@dataclass(frozen=True, eq=False)
class MapLayer:
    """What a map of any kind draws: classes, and what the kind adds to them.

    Parameters
    ----------
    shown
        The classes over the m years that can be shown.
    reason
        uint8, shape (m, n); why a unit has no class, 0 where it has one.
    others
        For each year, the earlier one of a change, or that of the second indicator.
    crossed
        For each year, the breaks in the series that its change crosses.
    unsure
        bool, shape (m, n); whether the interval reaches into another class, or that of a change holds zero; ``None``
        where there are no intervals.
    pair
        Classes of two indicators.
    circles
        Of a map of circles.
    rings
        Of a map of rings.
    """

    shown: ShownLayer
    reason: NDArray[np.uint8]
    others: tuple[int, ...] = ()
    crossed: tuple[tuple[int, ...], ...] = ()
    unsure: NDArray[np.bool_] | None = None
    pair: PairClasses | None = None
    circles: Circles | None = None
    rings: Rings | None = None


def shown_layer(reader: Reader, view: ViewState) -> ShownLayer:
    """Return the classes of a view's figures, whatever its kind of map."""
    limits, closed = given_limits(reader, view)
    typed = bool(view.own_limits and view.own_limits.breaks)
    # Also where what was typed cannot be used.
    scheme: Scheme = view.scheme if limits or view.scheme != "manual" else "quantiles"
    version = reader.version(view.pack)
    return _layer(reader, view.pack, version, view.indicator, view.level, scheme, view.k, limits, closed, typed)


def given_limits(reader: Reader, view: ViewState) -> tuple[tuple[float, ...], bool]:
    """Return the class limits that the reader typed, else those declared, and whether nothing beyond them is a class.

    None where classes are computed.
    """
    if view.scheme != "manual":
        return (), False
    own = view.own_limits
    limits = (own.breaks if own else ()) or tuple(reader.indicator(view.pack, view.indicator)["class_breaks"])
    return limits, bool(own and own.closed and len(limits) > 1)


@once(maxsize=512)
def _layer(
    reader: Reader,
    pack: str,
    version: str,
    indicator: str,
    level: str,
    scheme: Scheme,
    k: int,
    limits: tuple[float, ...],
    closed: bool,
    typed: bool,
) -> ShownLayer:
    declared = reader.indicator(pack, indicator)
    values = reader.values(pack, indicator, level)
    missing = tuple(reason_counts(row[row != MissingReason.OBSERVED]) for row in values.reason)
    if declared["categories"]:
        classes, entries = _categories(declared, values)
        return ShownLayer(values.years, classes, entries, missing, 0)
    if limits:
        decimals = decimals_of(limits) if typed else declared["decimals"]
        found = classify(values.value, scheme="manual", breaks=limits, closed=closed)
    else:
        decimals = printable_decimals(values.value, declared=declared["decimals"])
        found = classify(values.value, scheme=scheme, k=k, decimals=decimals)
    colours = sequential(found.k, ramp=DIRECTIONS[declared["direction"]]) if found.k else ()
    shown = [
        ShownClass(row.colour, row.counts, row.lower, row.upper, with_lower=row.with_lower)
        for row in legend_entries(found, colours)
    ]
    classes = found.classes
    if found.closed:
        beyond = classes == OUTSIDE
        classes = np.where(beyond, len(shown), classes).astype(np.int8)
        shown.append(ShownClass("", tuple(beyond.sum(axis=1).tolist()), outside=True))
    return ShownLayer(values.years, classes, tuple(shown), missing, decimals)


def _categories(declared: dict[str, Any], values: UnitYearValues) -> tuple[NDArray[np.int8], tuple[ShownClass, ...]]:
    listed = declared["categories"]
    classes = np.full(values.value.shape, -1, dtype=np.int8)
    entries = []
    for place, (one, colour) in enumerate(zip(listed, category_colours(declared), strict=True)):
        inside = values.value == one["code"]
        classes[inside] = place
        entries.append(ShownClass(colour, tuple(inside.sum(axis=1).tolist()), name=one["name"]))
    return classes, tuple(entries)


def category_colours(declared: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the colours of a status' categories, as declared; those declared without one get their own."""
    listed = declared["categories"]
    own = iter(qualitative(sum(one["colour"] is None for one in listed)))
    return tuple(STATUS_COLOURS[one["colour"]] if one["colour"] else next(own) for one in listed)
