"""A plan as a layer of a map: who is served, or how much money a resident each unit gets."""

from __future__ import annotations

import numpy as np
import pandas as pd
from fuping.dashboard.i18n.messages import LANGUAGES, message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.plan import Plan
from fuping.dashboard.queries.shown import ShownClass, ShownLayer
from fuping.spatial.cartography import DIRECTIONS, classify, legend_entries, sequential
from fuping.spatial.cube.missing import MissingReason, reason_counts
from fuping.spatial.cube.values import UnitYearValues

__all__ = ["plan_layer"]

SERVED = {"served": "#0b5d5e", "served_in_part": "#8fb9b4", "not_served": "#efede8"}

DECIMALS = 2


def plan_layer(reader: Reader, pack: str, level: str, found: Plan, year: int) -> tuple[ShownLayer, UnitYearValues]:
    """Return the layer, and money a resident of each unit; units that were left out have none.

    Parameters
    ----------
    year
        That the plan's figures are of.
    """
    codes = reader.units(pack, level)["code"]
    each = (found.table["amount"] / found.table["people"]).reindex(pd.Index(codes)).to_numpy()[None]
    none = np.full(each.shape, np.nan)
    reason = np.where(np.isfinite(each), MissingReason.OBSERVED, MissingReason.NOT_DERIVABLE).astype(np.uint8)
    values = UnitYearValues((year,), each, reason, none, none, np.zeros(each.shape, dtype=np.uint8))
    missing = (reason_counts(reason[reason != MissingReason.OBSERVED]),)
    if found.rule == "geographic":
        # Where the money ends, units of the same score share what is left.
        full = each >= found.transfer * (1 - 1e-9)
        classes = np.select([np.isnan(each), full, each > 0], [-1, 0, 1], default=2).astype(np.int8)
        entries = tuple(
            ShownClass(
                colour,
                (int((classes == at).sum()),),
                name={language: message(f"targeting.{key}", language) for language in LANGUAGES},
            )
            for at, (key, colour) in enumerate(SERVED.items())
        )
        return ShownLayer((year,), classes, entries, missing, DECIMALS), values
    classed = classify(each, scheme="quantiles", k=5, decimals=DECIMALS)
    colours = sequential(classed.k, ramp=DIRECTIONS["neutral"]) if classed.k else ()
    rows = legend_entries(classed, colours)
    entries = tuple(ShownClass(row.colour, row.counts, row.lower, row.upper) for row in rows)
    return ShownLayer((year,), classed.classes, entries, missing, DECIMALS), values
