"""What the evaluation page shows of a pack whose data carry no effect: coverage and targeting, and what would help."""

from __future__ import annotations

from typing import Any

import numpy as np
from fuping.dashboard.components import html
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.figure import data_table, figure
from fuping.dashboard.components.navigation import PAGES, page_href
from fuping.dashboard.components.shell import command
from fuping.dashboard.i18n.formats import inline, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.i18n.sentences import listed
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.coverage_targeting import CoverageFacts, Marked, closed_outcomes, coverage_facts
from fuping.dashboard.state import ViewState

__all__ = ["coverage_only"]


def coverage_only(reader: Reader, view: ViewState, level: str) -> list[Any]:
    """Return why no effect is shown, what would have to be loaded, and the coverage and targeting that are known."""
    language = view.language
    closed = closed_outcomes(reader, view.pack, level)
    parts: list[Any] = [
        html.Div(
            [
                html.Strong(message("evaluation.refused_title", language)),
                html.P(message("evaluation.no_outcome", language)),
                *_to_load(closed, language),
            ],
            className="refused",
            role="status",
            **data(refused="no_outcome"),
        )
    ]
    plural = inline(reader.level(view.pack, level)["plural"][language], language)
    for facts in coverage_facts(reader, view.pack, level):
        parts.append(_coverage(facts, plural, language))
    links = [
        html.A(message(f"page.{name}", language), href=page_href(name, view))
        for name in ("projects", "targeting")
        if name in PAGES
    ]
    if links:
        parts.append(html.P([message("evaluation.more_on", language), " ", *_spaced(links)]))
    return parts


def _spaced(links: list[Any]) -> list[Any]:
    return [part for one in links for part in (one, " ")]


def _to_load(closed: list[Any], language: str) -> list[Any]:
    if not closed:
        return []
    names = listed([one["name"][language] for one, _ in closed], language)
    commands = dict.fromkeys(each for _, given in closed for each in given)
    return [html.P(message("evaluation.load", language, names=names)), *(command(one) for one in commands)]


def _coverage(facts: CoverageFacts, plural: str, language: str) -> html.Section:
    rows = [
        [
            str(year),
            number(int(row["units_covered"]), 0, language),
            number(100 * float(row["units_covered_share"]), 1, language) + "%",
            number(100 * float(row["area_km2_covered_share"]), 1, language) + "%"
            if np.isfinite(row["area_km2_covered_share"])
            else "–",
        ]
        for year, row in facts.by_year.iterrows()
    ]
    keys = ("covered", "covered_share", "covered_area")
    head = [message("note.year", language), *(message(f"evaluation.{key}", language, units=plural) for key in keys)]
    project = facts.project
    note = html.Div((project["note"] or {}).get(language, ""), className="source-note")
    body: list[Any] = [data_table(head, rows, "coverage")]
    if facts.marked:
        body += [html.H3(message("evaluation.targeting", language)), _marked(facts.marked, language)]
    return figure(f"coverage-{project['id']}", project["name"][language], body, note, language)


def _share(share: float, language: str) -> str:
    return number(100 * share, 1, language) + "%" if np.isfinite(share) else "–"


def _marked(marked: tuple[Marked, ...], language: str) -> html.Div:
    keys = ("marked", "marked_covered", "others_covered", "leakage")
    rows = [
        [
            f"{one.indicator['name'][language]}, {one.year}",
            _share(one.found.poor_coverage, language),
            _share(one.found.non_poor_coverage, language),
            _share(one.found.leakage, language),
        ]
        for one in marked
    ]
    return data_table([message(f"evaluation.{key}", language) for key in keys], rows, "targeting")
