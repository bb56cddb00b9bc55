"""Clusters over the years: emerging hot and cold spots, moves between quadrants, and Moran's I year by year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from fuping.dashboard.i18n.messages import LANGUAGES, message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.clusters import ALONE, FALSE_DISCOVERY, SEED, Settings, class_colours, settings, unfit
from fuping.dashboard.queries.graphs import level_graph
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.shown import ShownClass, ShownLayer
from fuping.dashboard.state import ViewState
from fuping.spatial.cartography import sequential
from fuping.spatial.cartography.colour import Ramp
from fuping.spatial.cube.missing import MissingReason, reason_counts
from fuping.spatial.cube.values import UnitYearValues
from fuping.spatial.dynamics.transitions import TransitionMatrix

__all__ = ["CATEGORIES", "Emerging", "emerging"]

READINGS = 10
"""The last so many are followed: each takes as long as one map of clusters."""

KINDS = ("new", "consecutive", "intensifying", "persistent", "diminishing", "sporadic", "oscillating", "historical")

MOST_PERMUTATIONS = 499
"""Ten years of them take as long as a reader waits."""

CATEGORIES = tuple(f"{kind} {side}" for side in ("hot", "cold") for kind in KINDS)


@dataclass(frozen=True, eq=False)
class Emerging:
    """What the years say together.

    Parameters
    ----------
    years, left_out
        Readings that were tested, and those that could not be.
    permutations
        Of each year's tests.
    by_year
        Moran's I of each.
    moves
        Between the quadrants of the Moran scatter plot; ``None`` with one reading.
    categories
        By unit; ``None`` with fewer than three readings.
    layer, values
        For the map of the categories.
    """

    years: tuple[int, ...]
    left_out: tuple[int, ...]
    permutations: int
    by_year: pd.DataFrame
    moves: TransitionMatrix | None
    categories: pd.Series | None
    layer: ShownLayer | None
    values: UnitYearValues | None


def emerging(reader: Reader, view: ViewState) -> Emerging:
    """Return the clusters over the last readings of the view's indicator."""
    version = reader.version(view.pack)
    return _emerging(reader, view.pack, version, view.indicator, view.level, settings(reader, view))


@once(maxsize=16)
def _emerging(reader: Reader, pack: str, version: str, indicator: str, level: str, chosen: Settings) -> Emerging:
    from fuping.spatial.dynamics.clusters import global_autocorrelation
    from fuping.spatial.dynamics.emerging import emerging_spots
    from fuping.spatial.dynamics.spatial_transitions import lisa_transitions

    values = reader.values(pack, indicator, level)
    fit = [year for year, row in zip(values.years, values.value, strict=True) if unfit(row) is None]
    years = tuple(fit[-READINGS:])
    left_out = tuple(year for year in values.years if year not in fit)
    if not years:
        return Emerging((), left_out, 0, pd.DataFrame(), None, None, None, None)
    codes = reader.units(pack, level)["code"]
    panel = pd.DataFrame([values.value[values.years.index(year)] for year in years], index=list(years), columns=codes)
    graph = level_graph(reader, pack, level, chosen.graph).graph
    permutations = min(chosen.permutations, MOST_PERMUTATIONS)
    sought: dict[str, Any] = {"seed": SEED, "permutations": permutations}
    by_year = global_autocorrelation(panel, graph, measure="moran", **sought).by_year
    moves = lisa_transitions(panel, graph) if len(years) > 1 else None
    if len(years) < 3:
        return Emerging(years, left_out, permutations, by_year, moves, None, None, None)
    categories = emerging_spots(panel, graph, false_discovery=FALSE_DISCOVERY, **sought).table["category"]
    reason = values.reason[values.years.index(years[-1])]
    layer, shown = _layer(categories, reader.indicator(pack, indicator)["direction"], years[-1], reason)
    return Emerging(years, left_out, permutations, by_year, moves, categories, layer, shown)


def _layer(categories: pd.Series, direction: str, year: int, reason: Any) -> tuple[ShownLayer, UnitYearValues]:
    base = class_colours(direction)
    ramps: tuple[Ramp, Ramp] = ("better", "worse") if direction == "higher_is_better" else ("worse", "better")
    colours = {
        f"{kind} {side}": colour
        for side, ramp in zip(("hot", "cold"), ramps, strict=True)
        for kind, colour in zip(reversed(KINDS), sequential(len(KINDS), ramp=ramp), strict=True)
    } | {"no pattern": base["not significant"], "not known": ALONE}
    coded = np.full((1, len(categories)), -1, dtype=np.int8)
    entries = []
    occurring = [one for one in (*CATEGORIES, "no pattern", "not known") if (categories == one).any()]
    empty = np.isin(categories, ["not known"]) & (reason > 0)
    for place, word in enumerate(occurring):
        inside = (categories == word).to_numpy() & ~empty
        coded[0, inside] = place
        name = {one: message(f"clusters.spot.{word.replace(' ', '_')}", one) for one in LANGUAGES}
        entries.append(ShownClass(colours[word], (int(inside.sum()),), name=name))
    told = np.where(empty, reason, int(MissingReason.OBSERVED)).astype(np.uint8)[None, :]
    blank = np.full(told.shape, np.nan)
    shown = np.where(empty, np.nan, 0.0)[None, :]
    values = UnitYearValues((year,), shown, told, blank, blank, np.zeros(told.shape, dtype=np.uint8))
    return ShownLayer((year,), coded, tuple(entries), (reason_counts(told[told > 0]),), 0), values
