"""How old and how complete a pack's figures are, as an overview shows it."""

from __future__ import annotations

from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.figure import data_table
from fuping.dashboard.components.navigation import page_href
from fuping.dashboard.components.shell import command
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.freshness import Freshness, SourceAge
from fuping.dashboard.state import ViewState

__all__ = ["freshness_table"]

MOST_LACKING = 6


def freshness_table(view: ViewState, found: Freshness) -> html.Section:
    """Return the section: each source's latest year and age, then which indicators are incomplete."""
    language = view.language
    head = [message(f"overview.{key}", language) for key in ("source", "latest", "age", "indicators", "state")]
    rows = [_source(one, language) for one in found.sources]
    return html.Section(
        [
            html.H2(message("overview.freshness", language)),
            html.P(message("overview.freshness_hint", language), className="hint"),
            data_table(head, rows, "freshness"),
            *_complete(view, found),
        ],
        className="figure",
        **data(figure="freshness"),
    )


def _source(one: SourceAge, language: str) -> html.Tr:
    source = one.source
    loaded = html.Span(message("data.loaded", language))
    missing = html.Span([message("data.not_loaded", language), " ", command(source["load_command"])])
    age = "–" if one.age is None else str(one.age)
    cells: list[Any] = [
        [source["title"][language], html.Small(f" {source['publisher'][language]}")],
        str(one.latest) if one.latest else "–",
        age,
        str(one.indicators) if one.indicators else message("overview.boundaries_only", language),
    ]
    state = html.Td(loaded if source["loaded"] else missing, className="words")
    return html.Tr([*(html.Td(cell) for cell in cells), state])


def _complete(view: ViewState, found: Freshness) -> list[Any]:
    language = view.language
    total = len(found.complete) + len(found.lacking)
    words = message("overview.complete_all", language, n=len(found.complete), total=total)
    rows = [
        html.Li(
            message(
                "overview.lacking_one",
                language,
                name=one.indicator["name"][language],
                year=one.years[-1].year,
                n=number(one.years[-1].observed, 0, language),
                total=number(one.years[-1].expected, 0, language),
            )
        )
        for one in found.lacking[:MOST_LACKING]
    ]
    rest = len(found.lacking) - len(rows)
    more = [html.Li(message("overview.more_lacking", language, n=rest))] if rest > 0 else []
    to_data = html.A(message("overview.to_data", language), href=page_href("data", view))
    return [
        html.H3(message("overview.completeness", language)),
        html.P(words),
        html.Ul([*rows, *more], className="lacking"),
        html.P(to_data),
    ]
