"""The map page: one indicator on the map over its years, a unit's history, a table, and the source of it all."""

from __future__ import annotations

from typing import Any

import dash
import numpy as np
from dash import Input, Output, State, ctx, dcc, html
from fuping.dashboard.components.maplibre import MapView
from fuping.dashboard.components.source_note import mark, source_note
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.layer import STATUS_COLOURS, category_counts
from fuping.dashboard.state import ViewState
from fuping.layers.stores import EmbeddedStore

__all__ = ["page", "register"]

MAP_LEVEL = "county"
STEP_MS = 1200

YEAR_JS = "function(year) { return [Number(year), String(year)]; }"
PLAY_JS = """function(tick, year, first, last) {
  return Number(year) >= last ? first : Number(year) + 1;
}"""
URL_JS = """function(year, unit, search) {
  const query = new URLSearchParams(search || '');
  if (year) query.set('year', year);
  if (unit) query.set('unit', unit); else query.delete('unit');
  window.history.replaceState(null, '', '?' + query.toString());
  return window.dash_clientside.no_update;
}"""


def register(app: dash.Dash, store: EmbeddedStore) -> None:
    """Add the page's callbacks."""

    @app.callback(Output("page", "children"), Input("url", "search"))
    def show(search: str) -> Any:
        packs = store.packs()
        if not packs:
            return html.P(
                message("error.not_built", "en") + " · " + message("error.not_built", "zh"), className="empty"
            )
        catalogue = store.catalogue(packs[0])
        return page(store, catalogue, ViewState.read(search, catalogue))

    @app.callback(
        Output("unit-panel", "children"), Output("counts", "children"), Output("legend", "children"),
        Input("map", "selected"), Input("map", "year"), State("url", "search"),
    )  # fmt: skip
    def details(unit: str | None, year: int, search: str) -> Any:
        catalogue = store.catalogue(store.packs()[0])
        view = ViewState.read(search, catalogue)
        indicator = _indicator(catalogue, view)
        return (
            _unit(store, catalogue, view, indicator, unit),
            _counts(store, view, indicator, year),
            _legend(store, view, indicator, year),
        )

    app.clientside_callback(YEAR_JS, [Output("map", "year"), Output("year-shown", "children")], Input("year", "value"))
    app.clientside_callback(
        PLAY_JS, Output("year", "value"), Input("tick", "n_intervals"),
        State("year", "value"), State("year", "min"), State("year", "max"), prevent_initial_call=True,
    )  # fmt: skip
    app.clientside_callback(
        URL_JS, Output("url-held", "data"), Input("year", "value"), Input("map", "selected"), State("url", "search")
    )
    app.clientside_callback(
        "function(on) { return on.includes('on'); }", Output("map", "overlay"), Input("overlay", "value")
    )

    @app.callback(
        Output("tick", "disabled"), Output("play", "children"),
        Input("play", "n_clicks"), State("tick", "disabled"), State("url", "search"), prevent_initial_call=True,
    )  # fmt: skip
    def play(_clicks: int, stopped: bool, search: str) -> tuple[bool, str]:
        view = ViewState.read(search, store.catalogue(store.packs()[0]))
        assert ctx.triggered_id == "play"
        return not stopped, message("time.pause" if stopped else "time.play", view.language)


def page(store: EmbeddedStore, catalogue: dict[str, Any], view: ViewState) -> html.Div:
    """Return the page of one view."""
    indicator = _indicator(catalogue, view)
    drawn = MAP_LEVEL in indicator["levels"]
    main = _map(store, catalogue, view, indicator) if drawn else _national(store, catalogue, view, indicator)
    return html.Div(
        [_header(catalogue, view), html.Div([_indicators(catalogue, view), *main], className="body")], className="app"
    )


def _indicator(catalogue: dict[str, Any], view: ViewState) -> dict[str, Any]:
    return next(one for one in catalogue["indicators"] if one["id"] == view.indicator)


def _header(catalogue: dict[str, Any], view: ViewState) -> html.Header:
    other = "zh" if view.language == "en" else "en"
    return html.Header(
        [
            html.H1(message("app.name", view.language)),
            html.Span(catalogue["pack"]["name"][view.language], className="pack"),
            dcc.Link(
                message("nav.language", view.language), href=view.href(language=other), id="language", refresh=False
            ),
        ]
    )


def _indicators(catalogue: dict[str, Any], view: ViewState) -> html.Nav:
    links = []
    for one in catalogue["indicators"]:
        chosen = one["id"] == view.indicator
        links.append(
            dcc.Link(
                one["name"][view.language],
                href=view.href(indicator=one["id"], year=None),
                className="choice chosen" if chosen else "choice",
            )
        )
    meaning = _indicator(catalogue, view)["meaning"][view.language]
    return html.Nav([html.H2(message("panel.indicators", view.language)), *links, html.P(meaning, className="meaning")])


def _map(store: EmbeddedStore, catalogue: dict[str, Any], view: ViewState, indicator: dict[str, Any]) -> list[Any]:
    pack, version = view.pack, store.version(view.pack)
    years: list[int] = indicator["levels"][MAP_LEVEL]["years"]
    year = view.year if view.year is not None and view.year in years else years[0]
    west, south, east, north = catalogue["pack"]["bounds"]
    language = view.language
    stage = html.Div(
        [
            MapView(
                id="map",
                title=indicator["name"][language],
                geometryUrl=f"/geometry/{pack}/{MAP_LEVEL}.json?v={version}",
                outlineUrl=f"/geometry/{pack}/province.json?v={version}",
                dataUrl=f"/values/{pack}/{MAP_LEVEL}/{indicator['id']}.json?lang={language}&v={version}",
                workerUrl="/map/fuping_map_worker.js",
                year=year,
                selected=view.unit,
                overlay=view.overlay,
                bounds=[[west, south], [east, north]],
                labels={
                    "NavigationControl.ZoomIn": message("map.zoom_in", language),
                    "NavigationControl.ZoomOut": message("map.zoom_out", language),
                },
            ),
            html.Div(id="legend", className="legend", children=_legend(store, view, indicator, year)),
        ],
        className="stage",
    )
    timeline = html.Div(
        [
            html.Button(message("time.play", language), id="play", n_clicks=0),
            html.Span(year, id="year-shown", className="year-shown"),
            dcc.Input(
                id="year", type="range", min=years[0], max=years[-1], step=1, value=year, className="slider",
            ),
            html.Div([html.Span(one) for one in years], className="ticks"),
            dcc.Interval(id="tick", interval=STEP_MS, disabled=True),
            dcc.Store(id="url-held"),
        ],
        className="timeline",
    )  # fmt: skip
    overlay = dcc.Checklist(
        id="overlay",
        options=[{"label": message("panel.overlay_show", language), "value": "on"}],
        value=["on"] if view.overlay else [],
    )
    side = html.Aside(
        [
            html.Div(id="unit-panel"),
            html.Section([html.H2(message("panel.overlay", language)), overlay]),
            html.Section(
                [html.Div(id="counts"), source_note(catalogue, indicator, years, language)],
                **mark("figure", "counts"),
            ),
            _reports(catalogue, language),
        ]
    )
    note = source_note(catalogue, indicator, years, language, boundaries=True)
    figure = html.Main([stage, timeline, note], **mark("figure", "map"))
    return [figure, side]


def _legend(store: EmbeddedStore, view: ViewState, indicator: dict[str, Any], year: int) -> list[Any]:
    total, _ = category_counts(store, view.pack, indicator, MAP_LEVEL, year)
    language = view.language
    rows: list[Any] = [html.B(f"{indicator['name'][language]} · {year}")]
    for category, count in zip(indicator["categories"], total, strict=True):
        swatch = html.I(style={"background": STATUS_COLOURS[category["colour"]]})
        rows.append(html.Div([swatch, category["name"][language], html.Span(f"{count:,}")]))
    missing = len(store.units(view.pack, MAP_LEVEL)["code"]) - sum(total)
    rows.append(html.Div([html.I(className="hatch"), message("legend.missing", language), html.Span(f"{missing:,}")]))
    rows.append(html.Div([html.I(className="covered"), message("legend.covered", language)]))
    return rows


def _counts(store: EmbeddedStore, view: ViewState, indicator: dict[str, Any], year: int) -> list[Any]:
    _, by_parent = category_counts(store, view.pack, indicator, MAP_LEVEL, year)
    provinces = store.units(view.pack, "province")
    names = dict(zip(provinces["code"], provinces[f"name_{view.language}"], strict=True))
    shown = indicator["categories"][:-1]
    head = [message("table.unit", view.language), *(one["name"][view.language] for one in shown)]
    body = [
        html.Tr([html.Td(names.get(code, code)), *(html.Td(f"{n:,}") for n in counts[:-1])])
        for code, counts in by_parent
    ]
    return [
        html.H2(f"{message('table.title', view.language)} · {year}"),
        html.Table([html.Thead(html.Tr([html.Th(one) for one in head])), html.Tbody(body)]),
    ]


def _unit(
    store: EmbeddedStore, catalogue: dict[str, Any], view: ViewState, indicator: dict[str, Any], unit: str | None
) -> Any:
    language = view.language
    units = store.units(view.pack, MAP_LEVEL)
    if unit not in units["code"]:
        return html.P(message("panel.unit_hint", language), className="hint")
    at = units["code"].index(unit)
    values = store.values(view.pack, indicator["id"], MAP_LEVEL)
    names = {category["code"]: category for category in indicator["categories"]}
    steps = []
    for year, value in zip(values.years, values.value[:, at], strict=True):
        category = names.get(None if np.isnan(value) else int(value))
        label = category["name"][language] if category else message("legend.missing", language)
        colour = STATUS_COLOURS[category["colour"]] if category else "transparent"
        steps.append(html.Li([html.I(style={"background": colour}), html.B(year), label]))
    projects = []
    for project in catalogue["projects"]:
        _, covered = store.coverage(view.pack, project["id"], MAP_LEVEL)
        if covered[:, at].any():
            projects.append(html.Li(f"{project['name'][language]} · {project['first_year']}–{project['last_year']}"))
    facts = (
        f"{message('panel.code', language)} {unit} · {message('panel.area', language)} {units['area_km2'][at]:,.0f} km²"
    )
    return html.Section(
        [
            html.H2(units[f"name_{language}"][at], className="unit-name"),
            html.P(facts, className="hint"),
            html.H3(message("panel.history", language)),
            html.Ol(steps, className="history"),
            html.H3(message("panel.projects", language)),
            html.Ul(projects) if projects else html.P(message("panel.no_projects", language), className="hint"),
            source_note(catalogue, indicator, values.years, language),
        ],
        **mark("figure", "unit"),
    )


def _reports(catalogue: dict[str, Any], language: str) -> html.Details:
    lines: list[Any] = []
    for report in catalogue["reports"]:
        lines.append(html.P([html.B(report["name"]), " — ", message("report.line", language, **report)]))
        missed = []
        for row in report["unmatched_left"]:
            reason = message(f"vocabulary.unmatched.{row['reason']}", language)
            missed.append(f"{row['name'] or row['code']} ({reason}, {row['detail']})")
        if missed:
            lines.append(html.P(message("report.missed", language, rows="; ".join(missed))))
        lines += [html.P(note) for note in report["notes"]]
    return html.Details([html.Summary(message("report.title", language)), *lines], className="reports")


def _national(store: EmbeddedStore, catalogue: dict[str, Any], view: ViewState, indicator: dict[str, Any]) -> list[Any]:
    values = store.values(view.pack, indicator["id"], "nation")
    language = view.language
    observed = [None if np.isnan(one) else float(one) for one in values.value[:, 0]]
    figure = {
        "data": [{"x": values.years, "y": observed, "mode": "lines+markers", "line": {"color": "#0b5d5e"}}],
        "layout": {
            "margin": {"l": 56, "r": 16, "t": 16, "b": 40},
            "yaxis": {"title": {"text": indicator["unit"][language]}, "rangemode": "tozero"},
            "xaxis": {"tickformat": "d"},
            "font": {"family": "inherit", "size": 13},
            "paper_bgcolor": "transparent",
            "plot_bgcolor": "transparent",
        },
    }
    rows = [
        html.Tr(
            [
                html.Td(year),
                html.Td(
                    message("legend.missing", language) if value is None else f"{value:,.{indicator['decimals']}f}"
                ),
                html.Td(message(f"vocabulary.status.{status}", language)),
            ]
        )
        for year, value, status in zip(values.years, observed, values.status, strict=True)
    ]
    head = [message("time.year", language), indicator["unit"][language], message("note.status", language)]
    return [
        html.Main(
            [
                html.H2(indicator["name"][language]),
                html.P(message("chart.national", language), className="hint"),
                dcc.Graph(figure=figure, config={"displayModeBar": False, "responsive": True}, className="chart"),
                html.Table([html.Thead(html.Tr([html.Th(one) for one in head])), html.Tbody(rows)]),
                source_note(catalogue, indicator, values.years, language),
            ],
            className="national",
            **mark("figure", "series"),
        )
    ]
