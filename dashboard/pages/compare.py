"""The compare page: two to six places of any level; one indicator over the years, all of them in their latest."""

from __future__ import annotations

from typing import Any

import dash
import numpy as np
from dash import dcc
from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import aria, current, data
from fuping.dashboard.components.figure import CONFIG, line_mark
from fuping.dashboard.components.search_box import SearchBox
from fuping.dashboard.components.shell import document, fill_document
from fuping.dashboard.components.source_note import source_note
from fuping.dashboard.components.unit_panel import figure_text, missing_text
from fuping.dashboard.figures.comparison import COLOURS, DASHES, comparison
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.comparison import Compared, Comparison, compare
from fuping.dashboard.queries.sources import note_facts
from fuping.dashboard.state import MOST_COMPARED, OWN_CLASSES, ViewState

__all__ = ["layout", "register"]


def layout(reader: Reader, search: str) -> html.Div:
    """Return the page's places; the callback fills them and follows the URL."""
    return document("compare")


def register(app: dash.Dash, reader: Reader) -> None:
    """Add the page's callback."""
    fill_document(app, reader, "compare", _content, follows="place")


def _content(reader: Reader, view: ViewState) -> list[Any]:
    language = view.language
    found = compare(reader, view)
    parts: list[Any] = [html.H1(message("compare.title", language)), *_chosen(view, found)]
    parts += [html.P(message("compare.unknown", language, code=code), role="alert") for code in found.unknown]
    if not found.compared:
        return [*parts, html.P(message("compare.empty", language), className="lead")]
    declared = reader.indicator(view.pack, view.indicator)
    parts.append(html.H2(f"{declared['name'][language]} · {declared['unit'][language]}"))
    if declared["categories"] or not any(np.isfinite(each.value) for one in found.compared for each in one.figures):
        parts.append(_key(found, view))
    else:
        drawn = comparison([(one.place.name, one.figures) for one in found.compared], declared, language)
        parts += [html.Div(dcc.Graph(figure=drawn, config=CONFIG), className="chart tall"), _key(found, view)]
    parts += [html.H2(message("compare.latest", language)), _table(reader, view, found)]
    return [*parts, *_notes(reader, view, found)]


def _codes(found: Comparison, *, without: str = "", also: str = "") -> dict[str, str]:
    kept = [one.place.code for one in found.compared if one.place.code != without]
    # Taking the last one away leaves none; the selected unit would come back in its place.
    return {"units": ",".join([*kept, also] if also else kept), "unit": ""}


def _chosen(view: ViewState, found: Comparison) -> list[Any]:
    language = view.language
    if len(found.compared) >= MOST_COMPARED:
        return [html.P(message("compare.full", language, n=MOST_COMPARED), className="hint")]
    box = SearchBox(
        id="compare-search",
        url=f"/search/{view.pack}.json",
        placeholder=message("compare.add", language),
        none=message("search.none", language),
        adds="units",
    )
    if not found.above:
        return [box]
    links: list[Any] = [message("compare.above", language)]
    links += [link(view, f"+ {one.name}", _codes(found, also=one.code), className="suggestion") for one in found.above]
    return [box, html.P(links, className="hint")]


def _key(found: Comparison, view: ViewState) -> html.Ul:
    rows = []
    for one, colour, dash_ in zip(found.compared, COLOURS, DASHES, strict=False):
        words = message("compare.remove", view.language, name=one.place.name)
        close = link(
            view, "✕", _codes(found, without=one.place.code), className="close", title=words, **aria(label=words)
        )
        line = line_mark(colour, dash_, 2)
        absent = "" if one.figures else html.Small(message("compare.none", view.language))
        rows.append(html.Li([line, html.Span(one.place.name), absent, close]))
    return html.Ul(rows, className="compared", **data(figure="compared"))


def _table(reader: Reader, view: ViewState, found: Comparison) -> html.Div:
    language = view.language
    rows = []
    for declared in reader.catalogue(view.pack)["indicators"]:
        if not any(declared["id"] in one.latest for one in found.compared):
            continue
        name = link(view, declared["name"][language], OWN_CLASSES | {"indicator": declared["id"]})
        first = html.Th([name, html.Small(f" {declared['unit'][language]}")], scope="row")
        cells = [html.Td(_cell(one, declared, language)) for one in found.compared]
        rows.append(html.Tr([first, *cells], **current(chosen=declared["id"] == view.indicator)))
    head = html.Tr([html.Th(message("data.indicator", language)), *(html.Th(one.place.name) for one in found.compared)])
    table = html.Table([html.Thead(head), html.Tbody(rows)])
    return html.Div(table, className="side-by-side", tabIndex=0, **data(table="compared"))


def _cell(one: Compared, declared: dict[str, Any], language: str) -> list[Any]:
    latest = one.latest.get(declared["id"])
    if latest is None:
        return [html.Span(message("compare.none", language), className="none")]
    if np.isnan(latest.value):
        return [html.Span(missing_text(latest, language), className="none"), html.Small(str(latest.year))]
    return [figure_text(latest.value, declared, language), html.Small(str(latest.year))]


def _notes(reader: Reader, view: ViewState, found: Comparison) -> list[Any]:
    """Return a note for each level, on the figures of its places that are shown."""
    notes = []
    for level in dict.fromkeys(one.place.level for one in found.compared):
        there = [one for one in found.compared if one.place.level == level]
        shown: dict[str, set[int]] = {}
        for one in there:
            for name, latest in one.latest.items():
                shown.setdefault(name, set()).add(latest.year)
            if one.figures:
                shown.setdefault(view.indicator, set()).update(each.year for each in one.figures)
        years = {name: sorted(found_years) for name, found_years in shown.items()}
        facts = note_facts(reader, view.pack, level, years, unit=[one.at for one in there])
        title = reader.level(view.pack, level)["plural"][view.language]
        notes.append(html.Section([html.H3(title), source_note(facts, view.language, show_unit=False)]))
    return notes
