"""Treated, comparison and left-out units as a layer of a map."""

from __future__ import annotations

import numpy as np
from fuping.dashboard.i18n.messages import LANGUAGES, message
from fuping.dashboard.queries.evaluation import COMPARISON, EXCLUDED, TREATED, Group
from fuping.dashboard.queries.shown import ShownClass, ShownLayer
from fuping.spatial.cube.missing import MissingReason
from fuping.spatial.cube.values import UnitYearValues

__all__ = ["GROUP_COLOURS", "group_layer"]

GROUP_COLOURS = {TREATED: "#0b6b6c", COMPARISON: "#d9b25f", EXCLUDED: "#a9aca6"}

GROUP_NAMES = {TREATED: "treated", COMPARISON: "comparison", EXCLUDED: "left_out"}


def group_layer(group: Group, year: int, *, known: np.ndarray | None = None) -> tuple[ShownLayer, UnitYearValues]:
    """Return the layer of n units.

    Parameters
    ----------
    group
        int8; :data:`TREATED`, :data:`COMPARISON` or :data:`EXCLUDED`.
    year
        That the map is of.
    known
        bool; units that the data speak of; all where not given.
    """
    n = len(group)
    there = np.ones(n, dtype=bool) if known is None else known
    classes = np.where(there, group, -1).astype(np.int8)[None]
    entries = tuple(
        ShownClass(
            colour,
            (int((classes == code).sum()),),
            name={language: message(f"evaluation.group.{GROUP_NAMES[code]}", language) for language in LANGUAGES},
        )
        for code, colour in GROUP_COLOURS.items()
    )
    value = np.where(there, group, np.nan).astype(np.float64)[None]
    reason = np.where(there, MissingReason.OBSERVED, MissingReason.NOT_COLLECTED).astype(np.uint8)[None]
    lost = int((~there).sum())
    missing = ({MissingReason.NOT_COLLECTED: lost} if lost else {},)
    empty = np.full((1, n), np.nan)
    values = UnitYearValues((year,), value, reason, empty, empty, np.zeros((1, n), dtype=np.uint8))
    return ShownLayer((year,), classes, entries, missing, 0), values
