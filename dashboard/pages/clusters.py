"""The clusters page: whether alike units lie together in a year, where, and how that changed."""

from __future__ import annotations

from typing import Any

import dash
from dash import Input, Output
from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.cluster_fields import cluster_fields
from fuping.dashboard.components.cluster_figures import cluster_maps, cluster_table, moran_plot
from fuping.dashboard.components.cluster_words import graph_words, overall_words, unit_words
from fuping.dashboard.components.emerging_figures import emerging_figures
from fuping.dashboard.components.repeated_notes import fold_repeated
from fuping.dashboard.components.shell import document, fill_document
from fuping.dashboard.i18n.formats import inline, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.clusters import LEAST_UNITS, LEAST_VALUES, clusters, refusal
from fuping.dashboard.queries.graphs import MOST_NEIGHBOURS, graph_choice
from fuping.dashboard.state import ViewState

__all__ = ["layout", "register"]


def layout(reader: Reader, search: str) -> html.Div:
    """Return the page's places; the callbacks fill them and follow the URL."""
    return document("clusters")


def register(app: dash.Dash, reader: Reader) -> None:
    """Add the page's callbacks: the year shown follows the whole URL, what needs all years only what changes it."""
    fill_document(app, reader, "clusters", _content, follows="frame")

    @app.callback(Output("clusters-now", "children"), Input("clusters-address", "search"))
    def fill_now(search: str) -> list[Any]:
        view = ViewState.read(search, reader.packs(), reader.catalogue)
        return fold_repeated(_now(reader, view), view.language)

    @app.callback(Output("clusters-years", "children"), Input("clusters-address", "frame"))
    def fill_years(search: str) -> list[Any]:
        view = ViewState.read(search, reader.packs(), reader.catalogue)
        return fold_repeated(_years(reader, view), view.language)


def _content(reader: Reader, view: ViewState) -> list[Any]:
    waiting = html.P(message("clusters.working", view.language), className="hint")
    return [
        html.H1(message("clusters.title", view.language)),
        html.Div(waiting, id="clusters-now"),
        html.Div(waiting, id="clusters-years"),
    ]


def _now(reader: Reader, view: ViewState) -> list[Any]:
    fields = cluster_fields(reader, view)
    refused = refusal(reader, view)
    if refused:
        return [*fields, *_refused(reader, view, refused)]
    found = clusters(reader, view)
    chosen = unit_words(reader, view, found)
    return [
        *fields,
        html.P(overall_words(reader, view, found), className="told first"),
        html.P(graph_words(reader, view, found), className="hint"),
        *([html.P(chosen, className="told chosen")] if chosen else []),
        cluster_maps(reader, view, found),
        moran_plot(reader, view, found),
        cluster_table(reader, view, found),
    ]


def _years(reader: Reader, view: ViewState) -> list[Any]:
    if reader.indicator(view.pack, view.indicator)["categories"] or graph_choice(reader, view).too_wide:
        return []
    return emerging_figures(reader, view)


def _refused(reader: Reader, view: ViewState, why: str) -> list[Any]:
    language, declared = view.language, reader.indicator(view.pack, view.indicator)
    values = reader.values(view.pack, view.indicator, view.level)
    row = values.value[values.years.index(view.year)] if view.year in values.years else values.value[:0]
    facts = {
        "name": declared["name"][language],
        "level": inline(reader.level(view.pack, view.level)["plural"][language], language),
        "year": view.year,
        "n": number(int((row == row).sum()), 0, language),
        "least": LEAST_VALUES if why == "few_values" else LEAST_UNITS,
        "most": MOST_NEIGHBOURS,
    }
    parts: list[Any] = [html.P(message(f"clusters.refused.{why}", language, **facts), className="not-told")]
    if why == "too_wide":
        parts.append(html.P(link(view, message("clusters.nearer", language), {"reach": ""})))
    return parts
