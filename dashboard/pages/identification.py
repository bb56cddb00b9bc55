"""The identification page: who is poor in each year, who left, who came back, and whom to look at first."""

from __future__ import annotations

from typing import Any

import dash
import numpy as np
from dash import Input, Output
from flask import Response, abort, request
from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.pace_figures import pace_figure, persistence_figure, unit_history
from fuping.dashboard.components.repeated_notes import fold_repeated
from fuping.dashboard.components.rule_fields import rule_part, what_fields
from fuping.dashboard.components.shell import document, fill_document
from fuping.dashboard.components.status_figures import change_figures, exit_figure, flow_figures, status_map
from fuping.dashboard.components.watch_table import watch_figure
from fuping.dashboard.i18n.formats import figure as written
from fuping.dashboard.i18n.formats import inline, number, year_list
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.i18n.sentences import listed, sentences
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.choices import indicator_choices
from fuping.dashboard.queries.identification import Identified, identified, refusal
from fuping.dashboard.queries.watching import watch_csv
from fuping.dashboard.state import ViewState

__all__ = ["layout", "register"]


def layout(reader: Reader, search: str) -> html.Div:
    """Return the page's places; the callbacks fill them and follow the URL."""
    return document("identification")


def register(app: dash.Dash, reader: Reader) -> None:
    """Add the page's callbacks and the file of its watch-list."""
    # The map and the charts of all units are not drawn again when one is selected.
    fill_document(app, reader, "identification", _content, follows="frame")

    @app.callback(Output("identification-units", "children"), Input("identification-address", "place"))
    def fill_units(search: str) -> list[Any]:
        view = ViewState.read(search, reader.packs(), reader.catalogue)
        return [] if refusal(reader, view) else fold_repeated(_of_units(reader, view), view.language)

    @app.server.get("/watch/<pack>/<level>/<indicator>.csv")
    def watch_file(pack: str, level: str, indicator: str) -> Response:
        query = f"{request.query_string.decode()}&pack={pack}&level={level}&indicator={indicator}"
        view = ViewState.read(query, reader.packs(), reader.catalogue)
        if (view.pack, view.level, view.indicator) != (pack, level, indicator) or refusal(reader, view):
            abort(404)
        text = watch_csv(reader, view)
        if not text:
            abort(404)
        name = f"{pack}_{level}_{indicator}_watch.csv"
        # Excel takes a file for UTF-8 only where it begins with the mark.
        response = Response(b"\xef\xbb\xbf" + text.encode(), mimetype="text/csv")
        response.headers["Content-Disposition"] = f"attachment; filename={name}"
        return response


def _content(reader: Reader, view: ViewState) -> list[Any]:
    language = view.language
    head = [html.H1(message("identification.title", language)), what_fields(reader, view)]
    refused = refusal(reader, view)
    if refused:
        return [*head, *_refused(reader, view, refused)]
    found = identified(reader, view)
    return [
        *head,
        *rule_part(reader, view, found),
        html.P(_reading(reader, view, found), className="told"),
        status_map(reader, view, found),
        *change_figures(reader, view, found),
        *flow_figures(reader, view, found),
        html.Div(id="identification-units"),
        exit_figure(reader, view, found),
        *persistence_figure(reader, view, found),
    ]


def _of_units(reader: Reader, view: ViewState) -> list[Any]:
    found = identified(reader, view)
    return [*unit_history(reader, view, found), watch_figure(reader, view), *pace_figure(reader, view, found)]


def _refused(reader: Reader, view: ViewState, why: str) -> list[Any]:
    language, declared = view.language, reader.indicator(view.pack, view.indicator)
    level = inline(reader.level(view.pack, view.level)["plural"][language], language)
    words = message(f"identification.refused.{why}", language, name=declared["name"][language], level=level)
    suited = [
        link(view, one.indicator["name"][language], {"indicator": one.indicator["id"], "level": ""})
        for theme in indicator_choices(reader, view.pack)
        for one in theme.choices
        if one.offered and one.indicator["aggregation"] != "extensive"
    ]
    others = [part for one in suited for part in (" · ", one)][1:]
    instead = html.P([message("identification.instead", language), " ", *others])
    return [html.P(words, className="not-told"), instead]


def _reading(reader: Reader, view: ViewState, found: Identified) -> str:
    """Return the last reading in words: how many are in which status, and of how many it is not sure."""
    language = view.language
    there = np.flatnonzero((found.codes >= 0).any(axis=1))
    row = int(there[-1])
    n = int((found.codes[row] >= 0).sum())
    level = inline(reader.level(view.pack, view.level)["plural"][language], language)
    counts = [
        message(
            "identification.count_of",
            language,
            name=inline(state.name[language], language),
            n=number(entry.counts[row], 0, language),
            share=written(100 * entry.counts[row] / n, "%", 1, language),
        )
        for state, entry in zip(found.states, found.layer.entries, strict=True)
        if entry.counts[row]
    ]
    facts = {"year": found.years[row], "n": number(n, 0, language), "units": level}
    words = [message("identification.reading", language, counts=listed(counts, language), **facts)]
    if n < found.codes.shape[1]:
        absent = number(found.codes.shape[1] - n, 0, language)
        words.append(message("identification.reading_missing", language, n=absent))
    words.append(message("identification.reading_years", language, n=len(there), years=year_list(found.years)))
    if found.rule and found.history is not None:
        words.append(_sureness(found, row, language))
    elif found.rule is None:
        words.append(message("identification.reading_declared", language))
        words += _rule_unread(reader, view)
    return sentences(words, language)


def _rule_unread(reader: Reader, view: ViewState) -> list[str]:
    """Return the rule by which a status was decided, and why it is not applied here; nothing where none is declared."""
    # Builds made before the catalogue held such rules have none.
    rule = reader.indicator(view.pack, view.indicator).get("rule")
    if not rule:
        return []
    return [message("identification.rule_unread", view.language, rule=rule[view.language])]


def _sureness(found: Identified, row: int, language: str) -> str:
    if found.history is None or not found.values.has_interval:
        return message("identification.no_interval", language)
    firm = found.history.firm.iloc[row]
    judged = int(firm.notna().sum())
    if not judged:
        return message("identification.no_interval", language)
    unsure = int((~firm.dropna().astype(bool)).sum())
    return message("identification.unsure", language, n=number(unsure, 0, language), of=number(judged, 0, language))
