"""Headcount ratios of a reader's survey laid on the units of a pack."""

from __future__ import annotations

import numpy as np
import pandas as pd
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.code_match import CodeMatch
from fuping.dashboard.queries.shown import ShownClass, ShownLayer
from fuping.spatial.cartography import classify, legend_entries, printable_decimals, sequential
from fuping.spatial.cube.missing import MissingReason, reason_counts
from fuping.spatial.cube.values import UnitYearValues

__all__ = ["survey_layer"]


def survey_layer(
    reader: Reader, pack: str, match: CodeMatch, table: pd.DataFrame, year: int
) -> tuple[ShownLayer, UnitYearValues]:
    """Return classes and figures, in percent, of the units that were matched.

    Parameters
    ----------
    match
        Of the labels of ``table``, in its order.
    table
        ``headcount_ratio`` with ``_low`` and ``_high``; missing where too few were observed.
    year
        Of the survey; 0 where it has none.
    """
    n = len(reader.units(pack, match.level)["code"])
    here = match.places >= 0
    at = match.places[here]
    value, lower, upper = (np.full((1, n), np.nan) for _ in range(3))
    reason = np.full((1, n), MissingReason.NOT_COLLECTED, dtype=np.uint8)
    names = ("headcount_ratio", "headcount_ratio_low", "headcount_ratio_high")
    for cells, name in zip((value, lower, upper), names, strict=True):
        cells[0, at] = 100 * table[name].to_numpy()[here]
    reason[0, at] = MissingReason.NOT_DERIVABLE
    reason[np.isfinite(value)] = MissingReason.OBSERVED
    values = UnitYearValues((year,), value, reason, lower, upper, np.zeros((1, n), dtype=np.uint8))
    decimals = printable_decimals(value, declared=1)
    found = classify(value, scheme="quantiles", k=5, breaks=None, decimals=decimals)
    colours = sequential(found.k, ramp="worse") if found.k else ()
    entries = tuple(ShownClass(row.colour, row.counts, row.lower, row.upper) for row in legend_entries(found, colours))
    missing = (reason_counts(reason[reason != MissingReason.OBSERVED]),)
    return ShownLayer((year,), found.classes, entries, missing, decimals), values
