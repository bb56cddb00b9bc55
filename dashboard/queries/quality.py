"""What the quality page shows: how complete each indicator is, and what its figures are flagged for, or why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.graphs import GraphChoice, level_graph
from fuping.dashboard.queries.holdings import Completeness, level_completeness
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.places import ancestors
from fuping.dashboard.state import ViewState
from fuping.layers.quality import (
    COLUMNS,
    KINDS,
    Judgement,
    in_order,
    judge,
    judge_totals,
    refusal,
    wants_neighbours,
)
from libpysal.graph import Graph

__all__ = ["ROWS", "IndicatorQuality", "QualityShown", "border_graph", "flags_of", "pack_quality", "quality_shown"]

ROWS = 25
"""Flags on a page of the list."""

BORDERS = GraphChoice("queen", k=0, reach_km=0.0, mean=0.0)


@dataclass(frozen=True, eq=False)
class IndicatorQuality:
    """One indicator.

    Parameters
    ----------
    indicator
        As the catalogue has it.
    level
        The finest at which it has figures; totals are of the levels above.
    years
        How complete each is, at that level.
    judgement
        ``None`` where nothing can be judged.
    refused
        Why nothing can: ``categories`` or ``grid``.
    """

    indicator: Mapping[str, Any]
    level: str
    years: tuple[Completeness, ...]
    judgement: Judgement | None
    refused: str

    def count(self, kind: str) -> int:
        """Return how many figures are flagged for something."""
        return 0 if self.judgement is None else int((self.judgement.flags["kind"] == kind).sum())


@dataclass(frozen=True, eq=False)
class QualityShown:
    """What the page of a view shows.

    Parameters
    ----------
    indicators
        All that have figures, those that only serve to compute others too.
    of, kind
        The indicator and the kind that the list is narrowed to; empty: all.
    flags
        Those, in their order; columns ``indicator`` and those of :data:`fuping.layers.quality.COLUMNS`.
    """

    indicators: tuple[IndicatorQuality, ...]
    of: str
    kind: str
    flags: pd.DataFrame

    @property
    def n_flags(self) -> int:
        """All flags of the pack."""
        return sum(len(one.judgement.flags) for one in self.indicators if one.judgement)


def quality_shown(reader: Reader, view: ViewState) -> QualityShown:
    """Return the quality of a view's pack; the URL's ``of`` and ``flag`` narrow the list."""
    everything = pack_quality(reader, view.pack)
    of = view.option("of", [one.indicator["id"] for one in everything if one.judgement], "")
    kind = view.option("flag", KINDS, "")
    return QualityShown(everything, of, kind, _flags(reader, view.pack, reader.version(view.pack), of, kind))


@once(maxsize=64)
def _flags(reader: Reader, pack: str, version: str, of: str, kind: str) -> pd.DataFrame:
    flags = flags_of([one for one in _pack_quality(reader, pack, version) if of in ("", one.indicator["id"])])
    return flags[flags["kind"] == kind] if kind else flags


def flags_of(indicators: Sequence[IndicatorQuality]) -> pd.DataFrame:
    """Return all flags of some indicators, in their order, with a column ``indicator`` first."""
    found = [
        one.judgement.flags.assign(indicator=one.indicator["id"])
        for one in indicators
        if one.judgement and len(one.judgement.flags)
    ]
    columns = ["indicator", *COLUMNS]
    return in_order(pd.concat(found, ignore_index=True)[columns]) if found else pd.DataFrame(columns=columns)


def pack_quality(reader: Reader, pack: str) -> tuple[IndicatorQuality, ...]:
    """Return the quality of every indicator of a pack that has figures; kept until the pack is built again."""
    return _pack_quality(reader, pack, reader.version(pack))


@once(maxsize=8)
def _pack_quality(reader: Reader, pack: str, version: str) -> tuple[IndicatorQuality, ...]:
    catalogue = reader.catalogue(pack)
    found = []
    for one in catalogue["indicators"]:
        there = [level["id"] for level in catalogue["levels"] if one["levels"].get(level["id"], {}).get("n_values")]
        if not there:
            continue
        years = level_completeness(reader, pack, one["id"], there[-1])
        why = refusal(catalogue, one)
        judgement = None if why else _judged(reader, pack, one, there)
        found.append(IndicatorQuality(one, there[-1], years, judgement, why or ""))
    return tuple(found)


def border_graph(reader: Reader, pack: str, level: str, declared: Mapping[str, Any]) -> Graph | None:
    """Return who borders whom at a level, where an indicator can be compared with its neighbours."""
    if wants_neighbours(declared, len(reader.units(pack, level)["code"])):
        return None
    return level_graph(reader, pack, level, BORDERS).graph


def _judged(reader: Reader, pack: str, declared: Mapping[str, Any], levels: list[str]) -> Judgement:
    finest = levels[-1]
    graph = border_graph(reader, pack, finest, declared)
    values, codes = reader.values(pack, declared["id"], finest), reader.units(pack, finest)["code"]
    found = judge(declared, finest, values, codes, graph)
    intensive = declared["aggregation"] == "intensive"
    if declared["aggregation"] == "none" or (intensive and not declared["denominator"]):
        return replace(found, refused={**found.refused, "total": "no_weights"})
    weights = reader.values(pack, declared["denominator"], finest) if intensive else None
    above = ancestors(reader, pack, finest)
    totals = [
        judge_totals(
            declared,
            upper,
            (reader.values(pack, declared["id"], upper), reader.units(pack, upper)["code"]),
            (values, codes),
            above[upper],
            weights,
        )
        for upper in levels[:-1]
        if upper in above
    ]
    n_judged = sum(n for _, n, _ in totals)
    flags = [one for one in (found.flags, *(flags for flags, _, _ in totals)) if len(one)]
    return replace(
        found,
        flags=in_order(pd.concat(flags, ignore_index=True)) if flags else found.flags,
        judged={**found.judged, "total": n_judged},
        refused=dict(found.refused) if n_judged else {**found.refused, "total": "nothing_published"},
        partial=pd.concat([found.partial, *(partial for _, _, partial in totals)], ignore_index=True),
    )
