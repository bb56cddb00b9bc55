"""The map page: one indicator over its units and years, a unit in full, a table, and the source of it all.

Every callback reads the view from the URL, asks one query, draws one thing and returns it. What the browser does by
itself (years, selection, classes) is in the components' scripts.
"""

from __future__ import annotations

from typing import Any

import dash
from dash import Input, Output, no_update
from fuping.dashboard.components import html
from fuping.dashboard.components.address import Address, link
from fuping.dashboard.components.area_bar import area_bar
from fuping.dashboard.components.area_figures import area_figures
from fuping.dashboard.components.attributes import aria, data
from fuping.dashboard.components.grid_parts import cell_of_unit, grid_note
from fuping.dashboard.components.join_report import join_report
from fuping.dashboard.components.legend import Legend, legend_props
from fuping.dashboard.components.maplibre import MapView, map_props
from fuping.dashboard.components.pickers import pickers
from fuping.dashboard.components.ranking import part_table, ranking
from fuping.dashboard.components.ring_table import ring_table
from fuping.dashboard.components.series import national_page, unit_trend
from fuping.dashboard.components.shell import header
from fuping.dashboard.components.source_note import boundary_credit, source_note
from fuping.dashboard.components.timeline import Timeline, timeline_props
from fuping.dashboard.components.unit_panel import no_unit, unit_body, unit_head
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.kinds import KINDS
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.kinds import map_layer, years_shown
from fuping.dashboard.queries.places import place
from fuping.dashboard.queries.ranking import ranked_table
from fuping.dashboard.queries.shown import shown_layer
from fuping.dashboard.queries.sources import classed_facts, note_facts
from fuping.dashboard.queries.status_counts import counts_by_part
from fuping.dashboard.queries.unit import series, unit_facts
from fuping.dashboard.state import ViewState

__all__ = ["layout", "register"]

TABS = ("themes", "legend", "unit", "table", "report")
"""Parts of the page that share one place: the sheet on a narrow screen, the last three on a wide one."""


def layout(reader: Reader, search: str) -> html.Div:
    """Return the page's places, those of the map filled; callbacks fill the others, and follow the URL."""
    filled = _stage(reader, ViewState.read(search, reader.packs(), reader.catalogue))
    return html.Div(
        [
            Address(id="address"),
            html.Header(id="header"),
            html.Div(id="problem", role="alert"),
            html.Div(
                [
                    html.Nav([html.Div(id="pickers")], className="panel themes"),
                    html.Main(
                        [
                            html.Div(
                                [
                                    MapView(id="map", **filled["map"]),
                                    html.Div(id="area", className="area-bar"),
                                    html.Div(id="leave"),
                                    html.Div(
                                        [Legend(id="legend", **filled["legend"]), html.Div(id="legend-note")],
                                        className="panel legend-panel",
                                    ),
                                ],
                                className="stage",
                            ),
                            html.Div(Timeline(id="timeline", **filled["timeline"]), className="timeline-bar"),
                            html.Div(id="note", className="page-note"),
                        ],
                        className="map-figure",
                        **data(figure="map"),
                    ),
                    html.Main(id="national", className="national", **data(figure="series")),
                    html.Aside(
                        [
                            html.Div(id="tabs", className="tabs"),
                            html.Div(
                                [html.Div(id="unit-head"), html.Div(id="trend"), html.Div(id="unit-body")],
                                id="unit-panel",
                                className="panel unit-panel",
                            ),
                            html.Div(id="table", className="panel table-panel", **data(figure="table")),
                            html.Div(id="report", className="panel report-panel"),
                        ]
                    ),
                    html.Div(id="sheet-tabs", className="sheet-tabs"),
                ],
                id="body",
                className="body",
            ),
        ],
        className="app",
    )


def is_national(reader: Reader, view: ViewState) -> bool:
    """Return whether a view is of the whole country: a chart says more than a map of one unit."""
    return int(reader.level(view.pack, view.level)["n_units"]) == 1


def _stage(reader: Reader, view: ViewState) -> dict[str, dict[str, Any]]:
    """Return the properties of the map, its legend and its timeline."""
    if is_national(reader, view):
        return {"map": {}, "legend": {}, "timeline": {}}
    layer = map_layer(reader, view)
    base = layer.others[0] if view.kind == "change" and len(layer.shown.years) == 1 else None
    return {
        "map": map_props(reader, view),
        "legend": legend_props(reader, view, layer),
        "timeline": timeline_props(layer.shown.years, view.language, base=base),
    }


def _tabs(view: ViewState, names: tuple[str, ...]) -> list[Any]:
    return [
        link(view, message(f"tab.{name}", view.language), {"side": name, "sheet": "1"}, **data(tab=name))
        for name in names
    ]


def register(app: dash.Dash, reader: Reader) -> None:
    """Add the page's callbacks."""

    def view_of(search: str) -> ViewState:
        return ViewState.read(search, reader.packs(), reader.catalogue)

    @app.callback(
        Output("header", "children"),
        Output("tabs", "children"),
        Output("sheet-tabs", "children"),
        Output("pickers", "children"),
        Output("area", "children"),
        Output("leave", "children"),
        Output("body", "data-page"),
        Input("address", "frame"),
    )
    def frame(search: str) -> Any:
        view = view_of(search)
        page = "national" if is_national(reader, view) else "map"
        tabs = _tabs(view, TABS[2:]), _tabs(view, TABS)
        words = message("nav.wall_leave", view.language)
        leave = link(view, "✕", {"display": ""}, id="wall-leave", title=words, **aria(label=words))
        return header(reader, view), *tabs, pickers(reader, view), area_bar(reader, view), leave, page

    parts = {"map": MapView, "legend": Legend, "timeline": Timeline}
    outputs = {
        name: {prop: Output(name, prop) for prop in part.names if prop not in ("ready",)}
        for name, part in parts.items()
    }

    @app.callback(output=outputs, inputs=[Input("address", "frame")])
    def stage(search: str) -> Any:
        props = _stage(reader, view_of(search))
        return {name: dict.fromkeys(each, no_update) | props[name] for name, each in outputs.items()}

    @app.callback(Output("national", "children"), Input("address", "frame"))
    def national(search: str) -> Any:
        view = view_of(search)
        if not is_national(reader, view):
            return None
        only = reader.units(view.pack, view.level)["code"][0]
        return national_page(reader, view, series(reader, view, only))

    @app.callback(Output("note", "children"), Output("legend-note", "children"), Input("address", "search"))
    def note(search: str) -> Any:
        view = view_of(search)
        facts = note_facts(reader, view.pack, view.level, years_shown(reader, view))
        credit = boundary_credit(reader.catalogue(view.pack), view.language)
        over = [] if is_national(reader, view) else grid_note(reader, view)
        shown = source_note(classed_facts(facts, view), view.language, over=over, boundaries=credit)
        return shown, shown

    @app.callback(Output("unit-head", "children"), Output("unit-body", "children"), Input("address", "search"))
    def unit(search: str) -> Any:
        view = view_of(search)
        facts = unit_facts(reader, view)
        if facts is None:
            return no_unit(reader, view), None
        layer = shown_layer(reader, view)
        cell = cell_of_unit(reader, view, facts.place.level, facts.at)
        return unit_head(reader, view, facts, layer), [*cell, *unit_body(reader, view, facts, layer)]

    # Chart and table wait for the map's first picture: plotly is not fetched before it, and rows do not slow it.
    @app.callback(Output("trend", "children"), Input("address", "place"), Input("map", "ready"))
    def unit_series(search: str, ready: bool | None) -> Any:
        view = view_of(search)
        here = place(reader, view.pack, view.level, view.unit or "", view.language)
        if here is None or reader.indicator(view.pack, view.indicator)["categories"]:
            return None
        if not ready:
            return no_update
        return unit_trend(reader, view, series(reader, view, here.code), here.name)

    @app.callback(Output("table", "children"), Input("address", "search"), Input("map", "ready"))
    def table(search: str, ready: bool | None) -> Any:
        view = view_of(search)
        if not ready or is_national(reader, view):
            return no_update
        layer = shown_layer(reader, view)
        drawn = map_layer(reader, view)
        listed = [*ring_table(reader, view, drawn), *ranking(reader, view, ranked_table(reader, view), drawn)]
        figures = area_figures(reader, view)
        if figures or view.within or view.drawn:
            return [figures, *listed]
        if view.kind != KINDS[0] or not reader.indicator(view.pack, view.indicator)["categories"]:
            return listed
        return [part_table(reader, view, layer, counts_by_part(reader, view)), *listed]

    @app.callback(Output("report", "children"), Input("address", "search"))
    def report(search: str) -> Any:
        view = view_of(search)
        return join_report(reader, view) if view.side == "report" else None
