"""The scenario page: a cyclone like one of the record, or an earthquake here; who and what lies within, on one page."""

from __future__ import annotations

from typing import Any

import dash
from fuping.dashboard.components import html
from fuping.dashboard.components.field import Field, select_field
from fuping.dashboard.components.overlay_figures import chosen_poverty, poverty_field
from fuping.dashboard.components.scenario_figures import event_article
from fuping.dashboard.components.shell import command, document, fill_document
from fuping.dashboard.i18n.formats import day, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.event import asked_event, earthquake, events_of
from fuping.dashboard.queries.scenario import poverty_choices, relations_of, storms_listed
from fuping.dashboard.reports.links import event_href
from fuping.dashboard.state import ViewState

__all__ = ["layout", "register"]

FURTHEST = 500
"""Kilometres by which a storm may be moved."""


def layout(reader: Reader, search: str) -> html.Div:
    """Return the page's places; the callback fills them and follows the URL."""
    return document("scenario")


def register(app: dash.Dash, reader: Reader) -> None:
    """Add the page's callback."""
    fill_document(app, reader, "scenario", _content)


def _content(reader: Reader, view: ViewState) -> list[Any]:
    language = view.language
    kinds = events_of(reader, view.pack)
    kind = view.option("event", kinds, kinds[0])
    options = [{"value": one, "label": message(f"scenario.event.{one}", language)} for one in kinds]
    which = select_field("event", message("scenario.event", language), kind, options)
    own = _cyclone_fields(reader, view) if kind == "cyclone" else _earthquake_fields(reader, view)
    declared = poverty_choices(reader, view.pack)
    choice = poverty_field(reader, view, declared)
    event = asked_event(reader, view)
    parts: list[Any] = [
        html.Div(
            [
                html.H1(message("scenario.title", language)),
                html.P(message("scenario.lead", language), className="lead"),
                *_no_storms(reader, view, kinds),
                html.Div([which, *own, *([] if choice is None else [choice])], className="fields"),
            ],
            className="not-printed",
        )
    ]
    if event is None:
        return [*parts, html.P(message("scenario.no_place", language), className="lead")]
    told = message("scenario.on_paper", language)
    paper = html.P([html.A(told, href=event_href(view), className="command")], className="hint not-printed")
    return [*parts, paper, *event_article(reader, view, event, chosen_poverty(reader, view, declared))]


def _no_storms(reader: Reader, view: ViewState, kinds: tuple[str, ...]) -> list[Any]:
    """Return what loads the storms, where the pack declares some that are not there."""
    catalogue = reader.catalogue(view.pack)
    if "cyclone" in kinds or not catalogue.get("storms"):
        return []
    source = next(one for one in catalogue["sources"] if one["id"] == catalogue["storms"][0]["source"])
    told = message("scenario.no_storms", view.language)
    return [html.P([told, " ", command(source["load_command"])], className="hint")]


def _number_field(view: ViewState, param: str, value: float | None, low: float, high: float, step: float) -> Field:
    return Field(
        id=f"field-{param}",
        param=param,
        label=message(f"scenario.{param}", view.language),
        kind="number",
        value="" if value is None else f"{value:g}",
        min=low,
        max=high,
        step=step,
    )


def _cyclone_fields(reader: Reader, view: ViewState) -> list[Field]:
    language = view.language
    listed = storms_listed(reader, view.pack)
    names = [one.id for one in listed]
    words = {
        one.id: message(
            "scenario.storm_named",
            language,
            date=day(one.begins, language),
            wind=number(one.wind, 0, language),
            id=one.id,
        )
        for one in listed
    }
    storm = select_field(
        "storm",
        message("scenario.storm", language),
        view.option("storm", names, names[0]),
        [{"value": name, "label": words[name]} for name in names],
    )
    moved = [
        _number_field(view, param, view.amount(param, 0, low=-FURTHEST, high=FURTHEST), -FURTHEST, FURTHEST, 50)
        for param in ("north", "east")
    ]
    return [storm, *moved]


def _earthquake_fields(reader: Reader, view: ViewState) -> list[Field]:
    found = earthquake(reader, view)
    relations = relations_of(reader, view.pack)
    names = [one.id for one in relations]
    zone = select_field(
        "zone",
        message("scenario.zone", view.language),
        view.option("zone", names, names[0]),
        [{"value": one.id, "label": one.name[view.language]} for one in relations],
    )
    place = found.place if found else (None, None)
    return [
        _number_field(view, "m", view.amount("m", 7.0, low=5, high=8.5), 5, 8.5, 0.1),
        _number_field(view, "lon", place[0], -180, 180, 0.01),
        _number_field(view, "lat", place[1], -90, 90, 0.01),
        zone,
    ]
