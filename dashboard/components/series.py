"""A series as chart and table: the trend of a unit, and the page of an indicator for the whole country."""

from __future__ import annotations

from typing import Any

import numpy as np
from dash import dcc
from fuping.dashboard.components import html
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.figure import CONFIG
from fuping.dashboard.components.source_note import source_note
from fuping.dashboard.components.unit_panel import missing_text
from fuping.dashboard.figures.trend import trend
from fuping.dashboard.i18n.formats import inline, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.sources import note_facts
from fuping.dashboard.queries.unit import Series
from fuping.dashboard.state import ViewState

__all__ = ["national_page", "unit_trend"]


def _peers(reader: Reader, view: ViewState, series: Series) -> str:
    return message(
        "chart.peers",
        view.language,
        n=number(series.n_peers, 0, view.language),
        level=inline(reader.level(view.pack, view.level)["plural"][view.language], view.language),
        scope=series.scope.name if series.scope else reader.catalogue(view.pack)["pack"]["name"][view.language],
    )


def _key(series: Series, language: str, name: str, peers: str) -> list[html.Span]:
    rows = [html.Span([html.I(), name])]
    if any(np.isfinite(one.lower) for one in series.figures):
        rows.append(html.Span([html.I(className="band"), message("chart.band", language)]))
    if np.isfinite(series.peers).any():
        rows.append(html.Span([html.I(className="peers"), peers]))
    return rows


def unit_trend(reader: Reader, view: ViewState, series: Series, name: str) -> html.Section:
    """Return a unit's trend with its peers and its note."""
    language = view.language
    declared = reader.indicator(view.pack, view.indicator)
    years = [one.year for one in series.figures]
    at = reader.units(view.pack, view.level)["code"].index(view.unit)
    peers = _peers(reader, view, series)
    chart = trend(series, declared, language, name=name, peers=peers)
    note = note_facts(reader, view.pack, view.level, {view.indicator: years}, unit=at)
    title = message("chart.trend", language, unit=declared["unit"][language])
    return html.Section(
        [
            html.H3(title),
            html.Div(dcc.Graph(figure=chart, config=CONFIG), className="chart"),
            html.Div(_key(series, language, name, peers), className="chart-key"),
            source_note(note, language, show_unit=False),
        ],
        **data(figure="trend"),
    )


def national_page(reader: Reader, view: ViewState, series: Series) -> list[Any]:
    """Return the page of an indicator for the whole country: chart, table, note."""
    language = view.language
    declared = reader.indicator(view.pack, view.indicator)
    unit = declared["unit"][language]
    country = reader.catalogue(view.pack)["pack"]["name"][language]
    chart = trend(series, declared, language, name=country, peers="")
    rows = [
        html.Tr(
            [
                html.Td(one.year),
                html.Td(
                    missing_text(one, language)
                    if np.isnan(one.value)
                    else number(one.value, declared["decimals"], language)
                ),
                html.Td("–" if np.isnan(one.value) else message(f"vocabulary.status.{one.status}", language)),
            ]
        )
        for one in reversed(series.figures)
    ]
    head = [message("note.year", language), unit[:1].upper() + unit[1:], message("note.status", language)]
    note = note_facts(reader, view.pack, view.level, {view.indicator: [one.year for one in series.figures]})
    return [
        html.H2(f"{declared['name'][language]} · {country}"),
        html.P(message("chart.national", language, unit=unit), className="hint"),
        html.Div(dcc.Graph(figure=chart, config=CONFIG), className="chart"),
        html.Table([html.Thead(html.Tr([html.Th(one) for one in head])), html.Tbody(rows)]),
        source_note(note, language),
    ]
