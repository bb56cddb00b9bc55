"""The figures of an event's page: its map, who and what lies within, the hardest hit, caveats."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import current, data
from fuping.dashboard.components.figure import data_table, figure
from fuping.dashboard.components.scenario_words import (
    caveats,
    class_label,
    event_lead,
    event_title,
    hardest,
    wind_facts,
    within_facts,
    within_hint,
    within_table,
)
from fuping.dashboard.components.source_note import source_note
from fuping.dashboard.components.thematic_map import thematic_map
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.event import Event, Within, classes_of, data_year, limits, reach, within
from fuping.dashboard.queries.figures_at import Poverty
from fuping.dashboard.queries.graded import GROUND, graded_layer
from fuping.dashboard.state import ViewState
from fuping.spatial.cartography import sequential

__all__ = ["event_article"]

MOST_ROWS = 12


def event_article(reader: Reader, view: ViewState, event: Event, poverty: Poverty | None) -> list[Any]:
    """Return the article."""
    language, found = view.language, within(reader, view.pack, event, poverty)
    lead = html.P(event_lead(reader, view, event, found), className="lead")
    body = [html.H2(event_title(event, language)), lead]
    if not found.units:
        body.append(html.P(message("scenario.nothing", language), className="lead"))
    else:
        body += [_map(reader, view, event), _within(reader, view, event, found), _hardest(reader, view, event)]
    return [html.Article([*body, _caveats(event, language)], className="event-report", **data(figure="event"))]


def _map(reader: Reader, view: ViewState, event: Event) -> html.Section:
    language = view.language
    classes = classes_of(event)
    labels = [{one: message("scenario.below", one) for one in ("en", "zh")}]
    labels += [{one: class_label(event, low, one) for one in ("en", "zh")} for low in limits(event)]
    colours = (GROUND, *sequential(len(limits(event)), ramp="worse"))
    layer, values = graded_layer(data_year(reader, view.pack, event), classes, event.amount, labels, colours)
    title = message(f"scenario.map.{event.kind}", language)
    lon, lat = event.place
    star = {"name": message("scenario.epicentre", language), "at": [lon, lat]} if lon is not None else None
    drawn = thematic_map(
        reader,
        replace(view, level=event.level),
        layer,
        values,
        name="scenario",
        title=title,
        decimals=1,
        value_name=message(f"scenario.amount.{event.kind}", language),
        frame=reach(reader, view.pack, event),
        star=star,
    )
    note = []
    if event.declared is not None:
        note = [source_note(wind_facts(reader, view, event), language, show_unit=False)]
    elif event.relation is not None:
        note = [
            html.Div([html.B(message("note.source", language)), " ", event.relation.citation], className="source-note")
        ]
    hint = message(f"scenario.map_hint.{event.kind}", language)
    return figure("event-map", title, drawn, note, language, hint=hint)


def _within(reader: Reader, view: ViewState, event: Event, found: Within) -> html.Section:
    language = view.language
    head, cells = within_table(reader, view, event, found)
    # Rows of ready cells: the names of the projects run on.
    projects = len(head) - 1 if reader.catalogue(view.pack)["projects"] else None
    rows = [
        html.Tr([html.Td(cell, className="words" if at == projects else None) for at, cell in enumerate(row)])
        for row in cells
    ]
    facts = within_facts(reader, view, event, found)
    note = [source_note(facts, language, show_unit=False)] if facts else []
    title = message("scenario.within", language)
    table = data_table(head, rows, "within")
    return figure("within", title, table, note, language, hint=within_hint(found, language))


def _hardest(reader: Reader, view: ViewState, event: Event) -> html.Section:
    language, codes = view.language, reader.units(view.pack, event.level)["code"]
    head, found = hardest(reader, view, event, MOST_ROWS)
    rows = []
    for at, (name, *cells) in found:
        first = html.Th(link(view, name, {"unit": codes[at]}), scope="row")
        rows.append(html.Tr([first, *(html.Td(cell) for cell in cells)], **current(chosen=codes[at] == view.unit)))
    return figure("hardest", message("scenario.hardest", language), data_table(head, rows, "hardest"), [], language)


def _caveats(event: Event, language: str) -> html.Section:
    title = html.H2(message("scenario.caveats", language))
    told = html.Ul([html.Li(one) for one in caveats(event, language)])
    return html.Section([title, told], className="figure caveats")
