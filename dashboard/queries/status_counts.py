"""How many units of each part of the country are in each category."""

from __future__ import annotations

import numpy as np
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.places import Place, ancestors, place
from fuping.dashboard.queries.shown import shown_layer
from fuping.dashboard.state import ViewState

__all__ = ["counts_by_part"]


def counts_by_part(reader: Reader, view: ViewState) -> list[tuple[Place, tuple[int, ...]]]:
    """Return the parts of the country with a unit in any category but the last, the most such units first.

    Returns
    -------
    list of (Place, tuple of int)
        The part, and its units in each category but the last, in the year of the view.
    """
    layer = shown_layer(reader, view)
    classes = layer.classes[layer.years.index(view.year)]
    n_listed = len(layer.entries) - 1
    found = []
    for level, column in ancestors(reader, view.pack, view.level).items():
        codes = np.array(column, dtype=object)
        if len(set(column) - {""}) < 2:
            continue
        for code in sorted(set(column) - {""}):
            counts = tuple(int((classes[codes == code] == one).sum()) for one in range(n_listed))
            part = place(reader, view.pack, level, code, view.language)
            if part and sum(counts):
                found.append((part, counts))
        break
    return sorted(found, key=lambda row: (-sum(row[1]), row[0].code))
