"""What changed between two years, as the map shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
from fuping.dashboard.i18n.messages import LANGUAGES, message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.shown import MapLayer, ShownClass, ShownLayer, category_colours
from fuping.dashboard.state import ViewState
from fuping.spatial.cartography import classify_change, legend_entries, qualitative
from fuping.spatial.cartography.colour import NEUTRAL
from fuping.spatial.cube.change import Change, change_since
from fuping.spatial.cube.missing import MissingReason, reason_counts
from fuping.spatial.cube.values import UnitYearValues
from numpy.typing import NDArray

__all__ = ["change_layer"]

MOST_TRANSITIONS = 8

HIGHER_IS_WORSE = {"higher_is_worse": True, "higher_is_better": False, "neutral": None}


def change_layer(reader: Reader, view: ViewState) -> MapLayer:
    """Return the change of each later year since the view's base; of a status, from which category to which."""
    declared = reader.indicator(view.pack, view.indicator)
    values = reader.values(view.pack, view.indicator, view.level)
    change = change_since(values, base=view.base, breaks=declared["breaks_in_series"])
    if declared["categories"]:
        classes, entries, decimals = *_transitions(declared, values, change), 0
    else:
        higher = HIGHER_IS_WORSE[declared["direction"]]
        found = classify_change(change.difference, decimals=declared["decimals"], higher_is_worse=higher)
        rows = legend_entries(found.classification, found.colours)
        classes, decimals = found.classification.classes, found.decimals
        entries = tuple(ShownClass(row.colour, row.counts, row.lower, row.upper) for row in rows)
    missing = tuple(reason_counts(row[row != MissingReason.OBSERVED]) for row in change.reason)
    shown = ShownLayer(change.years, classes, entries, missing, decimals)
    unsure = None if declared["categories"] else change.unsure
    return MapLayer(shown, change.reason, others=change.bases, crossed=change.crossed, unsure=unsure)


def _transitions(
    declared: Mapping[str, Any], values: UnitYearValues, change: Change
) -> tuple[NDArray[np.int8], tuple[ShownClass, ...]]:
    """Return classes of changes of category: first those that stayed, then each change, the most frequent first."""
    before = values.value[[values.at(year) for year in change.bases]]
    after = values.value[[values.at(year) for year in change.years]]
    there = change.reason == MissingReason.OBSERVED
    moved = there & (before != after)
    pairs = Counter(zip(before[moved].tolist(), after[moved].tolist(), strict=True)).most_common()
    kept = [pair for pair, _ in pairs[:MOST_TRANSITIONS]]
    classes = np.full(before.shape, -1, dtype=np.int8)
    classes[there] = 0
    classes[moved] = len(kept) + 1
    for place, (start, end) in enumerate(kept, start=1):
        classes[moved & (before == start) & (after == end)] = place
    names = [{one: message("kind.unchanged", one) for one in LANGUAGES}]
    names += [_transition(declared, start, end) for start, end in kept]
    if len(pairs) > len(kept):
        names.append({one: message("kind.other_change", one) for one in LANGUAGES})
    colours = (NEUTRAL, *_target_colours(declared, [end for _, end in kept], len(names) - 1))
    entries = tuple(
        ShownClass(colour, tuple((classes == place).sum(axis=1).tolist()), name=name)
        for place, (colour, name) in enumerate(zip(colours, names, strict=True))
    )
    return classes, entries


def _transition(declared: Mapping[str, Any], start: float, end: float) -> dict[str, str]:
    named = {one["code"]: one["name"] for one in declared["categories"]}
    return {one: f"{named[int(start)][one]} → {named[int(end)][one]}" for one in LANGUAGES}


def _target_colours(declared: Mapping[str, Any], ends: list[float], n: int) -> tuple[str, ...]:
    """Return the colours of the categories changed to, where they tell the changes apart; else colours of their own."""
    by_code = dict(zip((one["code"] for one in declared["categories"]), category_colours(declared), strict=True))
    colours = tuple(by_code[int(end)] for end in ends)
    return colours if len(set(colours)) == n else qualitative(n)
