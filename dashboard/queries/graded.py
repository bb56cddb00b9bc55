"""Classes that a page has worked out for one year, as a layer of a map with the figures behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from fuping.dashboard.queries.shown import ShownClass, ShownLayer
from fuping.spatial.cartography import bivariate, classify_pair
from fuping.spatial.cube.missing import MissingReason, reason_counts
from fuping.spatial.cube.values import UnitYearValues
from numpy.typing import ArrayLike, NDArray

__all__ = ["BOTH_COLOURS", "GROUND", "graded_layer", "pair_of"]

BOTH_COLOURS = ("#ebe9e3", "#c08a2d", "#7fa8bf", "#4a1c40")
"""Neither, the first only, the second only, both: light to dark, so also without colour vision."""

GROUND = ""
"""Colour of a class that is not reached: that of the land, which is dark where the page is."""


def graded_layer(
    year: int,
    classes: ArrayLike,
    value: ArrayLike,
    names: Sequence[Mapping[str, str]],
    colours: Sequence[str],
    *,
    missing: MissingReason = MissingReason.NOT_DERIVABLE,
) -> tuple[ShownLayer, UnitYearValues]:
    """Return a layer of one year.

    Parameters
    ----------
    classes
        One a unit, counted from 0; -1 where it has none.
    value
        What the tooltip tells; NaN where missing.
    names, colours
        Of the classes; names by language.
    missing
        Why a unit has no class.
    """
    of = np.asarray(classes).astype(np.int8)[None]
    figures = np.where(of >= 0, np.asarray(value, dtype=float), np.nan)
    reason = np.where(of >= 0, MissingReason.OBSERVED, missing).astype(np.uint8)
    entries = tuple(
        ShownClass(colour, (int((of == place).sum()),), name=dict(name))
        for place, (name, colour) in enumerate(zip(names, colours, strict=True))
    )
    layer = ShownLayer((year,), of, entries, (reason_counts(reason[reason != MissingReason.OBSERVED]),), 0)
    empty = np.full(figures.shape, np.nan)
    return layer, UnitYearValues((year,), figures, reason, empty, empty, np.zeros(figures.shape, dtype=np.uint8))


def pair_of(first: ArrayLike, second: ArrayLike) -> tuple[NDArray[np.int8], tuple[str, ...], tuple[int, ...]]:
    """Put two columns into thirds together.

    Returns
    -------
    (int8, tuple of str, tuple of int)
        Class of each unit among those that can occur, -1 where either is missing; their colours; and for each
        ``3 * row + column``: the third of the second and of the first.
    """
    columns = [np.asarray(one, dtype=float) for one in (first, second)]
    found = classify_pair([columns[0]], [columns[1]], breaks=(_thirds(columns[0]), _thirds(columns[1])))
    cells = [colour for line in bivariate() for colour in line]
    places = tuple(3 * row + column for row in found.rows for column in found.columns)
    number = {place: at for at, place in enumerate(places)}
    classes = np.array([number.get(int(one), -1) for one in found.classes[0]], dtype=np.int8)
    return classes, tuple(cells[place] for place in places), places


def _thirds(column: NDArray[np.float64]) -> list[float] | None:
    """Return the breaks between thirds, fewer where many units share a figure; none of their own where all do."""
    known = column[np.isfinite(column)]
    if not len(known):
        return None
    # Without breaks the classification would load a library that takes seconds in a fresh process.
    return [float(one) for one in np.unique(np.quantile(known, [1 / 3, 2 / 3])) if one < known.max()] or None
