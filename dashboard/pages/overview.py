"""The overview: key figures of a country or a part of it, what changed, alerts, and how fresh the figures are."""

from __future__ import annotations

from datetime import date
from typing import Any

import dash
from dash import Input, Output, State, no_update
from flask import request
from fuping.dashboard.components import html
from fuping.dashboard.components.alert_figures import alert_figures
from fuping.dashboard.components.alert_raise import raise_part, raised_words, to_raise_here
from fuping.dashboard.components.field import Field, indicator_field, level_field, select_field, year_field
from fuping.dashboard.components.figure import figure
from fuping.dashboard.components.freshness_table import freshness_table
from fuping.dashboard.components.key_band import key_band
from fuping.dashboard.components.shell import document, fill_document
from fuping.dashboard.components.source_note import source_note
from fuping.dashboard.components.yearly_change import completeness, yearly_change
from fuping.dashboard.i18n.formats import day
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.identity import identity
from fuping.dashboard.queries.alerts import refusal
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.freshness import freshness
from fuping.dashboard.queries.headlines import headlines
from fuping.dashboard.queries.scope import Scope, scope, wholes
from fuping.dashboard.queries.since_last_year import SinceLastYear, since_last_year
from fuping.dashboard.queries.sources import note_facts
from fuping.dashboard.state import ViewState
from fuping.layers.office.alerts import raise_alerts

__all__ = ["layout", "place_field", "register", "scope_words"]


def layout(reader: Reader, search: str) -> html.Div:
    """Return the page's places; the callback fills them and follows the URL."""
    return document("overview")


def register(app: dash.Dash, reader: Reader) -> None:
    """Add the page's callbacks."""
    fill_document(app, reader, "overview", _content)

    @app.callback(
        Output("raise-part", "children"),
        Input("raise-alerts", "n_clicks"),
        State("overview-address", "search"),
        prevent_initial_call=True,
    )
    def raise_these(clicks: int, search: str) -> Any:
        if not clicks:
            return no_update
        view = ViewState.read(search, reader.packs(), reader.catalogue)
        mine, outside = to_raise_here(reader, view)
        raised = raise_alerts(reader.office, identity().name, mine, address=request.remote_addr)
        return raised_words(view, raised, outside)


def _content(reader: Reader, view: ViewState) -> list[Any]:
    language = view.language
    looked_at = scope(reader, view, view.level)
    pack = reader.catalogue(view.pack)
    name = looked_at.place.name if looked_at.place else pack["pack"]["name"][language]
    fresh = freshness(reader, view.pack, this_year=date.today().year)
    latest = max((one.latest for one in fresh.sources if one.latest), default=None)
    parts: list[Any] = [
        html.H1(message("overview.title", language, name=name)),
        html.P(
            message("overview.as_of", language, year=latest or "–", date=day(pack["built_at"], language)),
            className="hint",
        ),
        html.Div(place_field(reader, view), className="fields"),
        *key_band(reader, view, headlines(reader, view)),
        html.H2(message("overview.looked_at", language)),
        html.Div(
            [indicator_field(reader, view), level_field(reader, view), year_field(reader, view)], className="fields"
        ),
        *scope_words(reader, view, looked_at),
    ]
    if view.year:
        found = since_last_year(reader, view)
        parts += [_changed(reader, view, found), _alerts(reader, view)]
    return [*parts, freshness_table(view, fresh)]


def place_field(reader: Reader, view: ViewState) -> list[Field]:
    """Return the choice of the country or one of its parts; nothing where it has none."""
    country = reader.catalogue(view.pack)["pack"]["name"][view.language]
    places = wholes(reader, view)
    options = [{"value": "", "label": country}, *({"value": one.code, "label": one.name} for one in places)]
    label = message("overview.place", view.language)
    field = select_field("within", label, view.within or "", options, clears=["page"])
    return [field] if places else []


def scope_words(reader: Reader, view: ViewState, looked_at: Scope) -> list[Any]:
    """Return what is said where the place asked for does not narrow the units of the level."""
    if looked_at.state not in ("above", "unknown"):
        return []
    level = reader.level(view.pack, view.level)["plural"][view.language]
    name = looked_at.place.name if looked_at.place else view.within
    text = message(f"overview.scope.{looked_at.state}", view.language, name=name, level=level)
    return [html.P(text, role="alert", className="told-why")]


def _changed(reader: Reader, view: ViewState, found: SinceLastYear) -> Any:
    language = view.language
    declared = reader.indicator(view.pack, view.indicator)
    years = [found.year] if found.base is None else [found.base, found.year]
    at = [int(one) for one in found.scope.inside.nonzero()[0]]
    note = note_facts(reader, view.pack, view.level, {view.indicator: years}, unit=at)
    place = found.scope.place.name if found.scope.place and found.scope.state != "above" else ""
    title = message("overview.changed", language, name=declared["name"][language])
    level = reader.level(view.pack, view.level)
    key = "overview.changed_hint" if found.base else "overview.changed_alone"
    named = {"level": level["plural"][language], "base": found.base, "year": found.year}
    named["place"] = place or reader.catalogue(view.pack)["pack"]["name"][language]
    body = [*yearly_change(reader, view, found), completeness(found, level, language)]
    return figure("changed", title, body, source_note(note, language), language, hint=message(key, language, **named))


def _alerts(reader: Reader, view: ViewState) -> Any:
    language = view.language
    declared = reader.indicator(view.pack, view.indicator)
    title = message("overview.alerts", language, name=declared["name"][language])
    years = [year for year in declared["levels"][view.level]["years"] if year <= view.year]
    note: list[Any] = []
    if refusal(declared) is None:
        note = [source_note(note_facts(reader, view.pack, view.level, {view.indicator: years}), language)]
    hint = message("overview.alerts_hint", language)
    body = [*alert_figures(reader, view), html.Div(raise_part(reader, view), id="raise-part")]
    return figure("alerts", title, body, note, language, hint=hint)
