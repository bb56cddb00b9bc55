"""The risk page: hazard, vulnerability and coping by unit, the cyclones that came, who lives where, and poverty."""

from __future__ import annotations

from typing import Any

import dash
from fuping.dashboard.components import html
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.early_warning_figures import warning_figure
from fuping.dashboard.components.field import select_field
from fuping.dashboard.components.grid_parts import grid_fields
from fuping.dashboard.components.overlay_figures import chosen_poverty, poverty_field
from fuping.dashboard.components.risk_figures import (
    SHOWN,
    curve_figure,
    exposure_figure,
    indicator_table,
    poverty_map,
    ranked_table,
    risk_map,
    unit_figure,
)
from fuping.dashboard.components.seismic_figures import seismic_figure
from fuping.dashboard.components.shell import document, fill_document
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.pages.ecology import not_used, nothing_declared
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.early_warning import warning_record
from fuping.dashboard.queries.risk import Risk, exposed_people, risk_of
from fuping.dashboard.queries.seismic import seismic_record
from fuping.dashboard.state import ViewState

__all__ = ["layout", "register"]


def layout(reader: Reader, search: str) -> html.Div:
    """Return the page's places; the callback fills them and follows the URL."""
    return document("risk")


def register(app: dash.Dash, reader: Reader) -> None:
    """Add the page's callback."""
    fill_document(app, reader, "risk", _content)


def _content(reader: Reader, view: ViewState) -> list[Any]:
    language = view.language
    title = html.H1(message("risk.title", language))
    found = risk_of(reader, view.pack)
    if found is None:
        return [title, nothing_declared("risk.toml", language)]
    level = found.composite["level"]
    poverty = chosen_poverty(reader, view, found.composite)
    parts: list[Any] = [
        title,
        html.P(message("risk.lead", language), className="lead"),
        html.P(found.composite["note"][language], className="hint"),
        *not_used(found.left_out, language),
        *_unassessed(found, language),
    ]
    if found.result is None:
        join = message("format.join", language)
        names = join.join(message(f"risk.dimension.{one}", language) for one in found.lacking)
        parts.append(html.P(message("risk.lacking", language, names=names), role="alert"))
    else:
        shown = view.option("score", SHOWN, SHOWN[0])
        options = [{"value": one, "label": message(f"risk.dimension.{one}", language)} for one in SHOWN]
        field = select_field("score", message("risk.score", language), shown, options)
        over = grid_fields(reader, view)
        parts += [html.Div([field, *over], className="fields"), risk_map(reader, view, found, shown)]
        parts.append(
            html.Div([unit_figure(reader, view, found), ranked_table(reader, view, found, shown)], className="figures")
        )
    choice = poverty_field(reader, view, found.composite)
    fields = [html.Div([choice], className="fields")] if choice is not None else []
    exposed = exposed_people(reader, view.pack, level, poverty.poor if poverty else None)
    parts += fields
    if exposed is not None:
        both = [curve_figure(reader, view, level), exposure_figure(reader, view, level, exposed, poverty)]
        parts.append(html.Div(both, className="figures"))
    warned = warning_record(reader, view.pack)
    if warned is not None:
        parts.append(warning_figure(reader, view, warned, poverty))
    shaken = seismic_record(reader, view.pack)
    if shaken is not None:
        parts.append(seismic_figure(reader, view, shaken))
    if found.result is not None and poverty is not None:
        parts.append(poverty_map(reader, view, found, poverty))
    if found.used:
        parts.append(indicator_table(reader, view, found))
    return parts


def _unassessed(found: Risk, language: str) -> list[Any]:
    """Return the hazards that no figure tells of, each with the reason."""
    if not found.unassessed:
        return []
    rows = [html.Li([html.B(one["name"][language]), f" {one['why'][language]}"]) for one in found.unassessed]
    title = html.Summary(message("risk.unassessed", language, n=number(len(found.unassessed), 0, language)))
    return [html.Details([title, html.Ul(rows)], className="choices unassessed", open=True, **data(part="unassessed"))]
