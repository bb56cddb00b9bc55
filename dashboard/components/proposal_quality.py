"""What is to be asked about the figures that a proposed file brings, before it is taken."""

from __future__ import annotations

from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.figure import data_table
from fuping.dashboard.i18n.formats import figure, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.proposal_quality import KINDS, ChangedQuality, proposal_quality
from fuping.dashboard.state import ViewState
from fuping.layers.ingest.proposals import Proposal

__all__ = ["changed_figures_quality"]

MOST_LISTED = 10


def changed_figures_quality(reader: Reader, view: ViewState, one: Proposal) -> list[Any]:
    """Return how many new or changed figures are flagged by indicator, and the farthest off of each."""
    language = view.language
    found = proposal_quality(reader, one)
    if not found:
        return []
    names = {each["id"]: each["name"][language] for each in reader.catalogue(view.pack)["indicators"]}
    rows = [
        [names.get(each.indicator, each.indicator), number(each.n_figures, 0, language), *_counts(each, language)]
        for each in found
    ]
    head = [message("data.indicator", language), message("supply.brought", language)]
    head += [message(f"quality.kind.{kind}", language) for kind in KINDS]
    farthest = [item for each in found for item in _farthest(reader, view, each, names)]
    return [
        html.H3(message("supply.quality", language)),
        html.P(message("quality.lead", language)),
        data_table(head, rows, "changed-quality"),
        *([html.Ul(farthest, **data(list="changed-flags"))] if farthest else []),
    ]


def _counts(one: ChangedQuality, language: str) -> list[str]:
    counts = one.flags["kind"].value_counts()
    return [
        number(int(counts.get(kind, 0)), 0, language) if kind in one.judged else message("supply.not_judged", language)
        for kind in KINDS
    ]


def _farthest(reader: Reader, view: ViewState, one: ChangedQuality, names: dict[str, str]) -> list[html.Li]:
    declared = next((each for each in reader.catalogue(view.pack)["indicators"] if each["id"] == one.indicator), None)
    if declared is None:
        return []
    language = view.language
    units = reader.units(view.pack, one.level)
    known = dict(zip(units["code"], units[f"name_{language}"], strict=True))
    unit, decimals = declared["unit"][language], declared["decimals"]
    return [
        html.Li(
            message(
                "supply.flagged",
                language,
                name=names[one.indicator],
                place=known.get(row["code"], row["code"]),
                year=row["year"],
                value=figure(row["value"], unit, decimals, language),
                expected=figure(row["expected"], unit, decimals, language),
                why=message(f"quality.kind.{row['kind']}", language),
            )
        )
        for _, row in one.flags.head(MOST_LISTED).iterrows()
    ]
