"""The report of an event on one page: what it is, its map, who and what lies within, the hardest hit, caveats."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from dash import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import current, data
from fuping.dashboard.components.ecology_figures import unit_names
from fuping.dashboard.components.figure import data_table, figure
from fuping.dashboard.components.overlay_figures import poor_words
from fuping.dashboard.components.source_note import source_note
from fuping.dashboard.components.thematic_map import thematic_map
from fuping.dashboard.i18n.formats import day, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.event import Event
from fuping.dashboard.queries.figures_at import Poverty
from fuping.dashboard.queries.graded import graded_layer
from fuping.dashboard.queries.people import people, people_indicator
from fuping.dashboard.queries.scenario import INTENSITIES, WINDS, Band, bands
from fuping.dashboard.queries.sources import note_facts
from fuping.dashboard.state import ViewState
from fuping.spatial.cartography import sequential

__all__ = ["event_report"]

FORCE = dict(zip(WINDS, (14, 12, 10, 8, 6), strict=True))

ROMAN = {10: "X", 9: "IX", 8: "VIII", 7: "VII", 6: "VI"}

MOST_ROWS = 12


def event_report(reader: Reader, view: ViewState, event: Event, poverty: Poverty | None) -> list[Any]:
    """Return the report."""
    poor = poverty if poverty is not None and len(poverty.poor) == len(event.amount) else None
    found, told = bands(reader, view.pack, event.level, event.amount, event.kind, poor.poor if poor else None)
    lower, _ = bands(reader, view.pack, event.level, event.least, event.kind, None)
    reached = sum(band.units for band in found)
    body = [html.H2(_title(reader, view, event)), html.P(_lead(reader, view, event, found), className="lead")]
    if not reached:
        body.append(html.P(message("scenario.nothing", view.language), className="lead"))
    else:
        body += [
            _map(reader, view, event),
            _within(reader, view, event, found, lower, told, poor),
            _hardest(reader, view, event),
        ]
    return [html.Article([*body, _caveats(view, event)], className="event-report", **data(figure="event"))]


def _title(reader: Reader, view: ViewState, event: Event) -> str:
    language = view.language
    if event.storm is not None:
        key = "scenario.title_moved" if any(event.moved) else "scenario.title_storm"
        date = day(event.storm.begins, language)
        return message(key, language, date=date, id=event.storm.id)
    lon, lat = event.place
    magnitude = number(event.magnitude, 1, language)
    where = {"lon": number(float(lon or 0), 2, language), "lat": number(float(lat or 0), 2, language)}
    return message("scenario.title_quake", language, m=magnitude, **where)


def _lead(reader: Reader, view: ViewState, event: Event, found: list[Band]) -> str:
    language = view.language
    plural = reader.level(view.pack, event.level)["plural"][language]
    units = number(sum(band.units for band in found), 0, language)
    heads = sum(band.people for band in found)
    names = unit_names(reader, view, event.level)
    worst = names[int(np.nanargmax(event.amount))]
    parts = [
        message(
            f"scenario.lead_{event.kind}",
            language,
            units=units,
            plural=plural.lower() if language == "en" else plural,
            worst=worst,
            most=number(float(np.nanmax(event.amount)), 0 if event.kind == "wind" else 1, language),
        )
    ]
    if np.isfinite(heads) and heads:
        parts.append(message("scenario.lead_people", language, people=number(heads, 0, language)))
    return " ".join(parts)


def _label(event: Event, least: float, language: str) -> str:
    if event.kind == "wind":
        return message("scenario.force", language, force=FORCE[least], wind=number(least, 1, language))
    return message("scenario.degree", language, degree=ROMAN[int(least)])


def _map(reader: Reader, view: ViewState, event: Event) -> html.Section:
    language = view.language
    limits = WINDS if event.kind == "wind" else tuple(one - 0.5 for one in INTENSITIES)
    edges = tuple(reversed(limits))
    # What lies below the lowest class is not missing: the event does not reach it.
    classes = np.where(np.isnan(event.amount), -1, np.searchsorted(edges, np.nan_to_num(event.amount), side="right"))
    labels = [{one: message("scenario.below", one) for one in ("en", "zh")}]
    least = WINDS if event.kind == "wind" else INTENSITIES
    labels += [{one: _label(event, float(low), one) for one in ("en", "zh")} for low in reversed(least)]
    colours = ("#efede8", *sequential(len(edges), ramp="worse"))
    # A scenario is of today; the storm's own year stands in the title.
    year = int(reader.catalogue(view.pack)["built_at"][:4])
    layer, values = graded_layer(year, classes, event.amount, labels, colours)
    title = message(f"scenario.map.{event.kind}", language)
    drawn = thematic_map(
        reader,
        replace(view, level=event.level),
        layer,
        values,
        name="scenario",
        title=title,
        decimals=1,
        value_name=message(f"scenario.amount.{event.kind}", language),
    )
    note = []
    if event.declared is not None:
        years = reader.indicator(view.pack, "cyclone_wind_10yr")["levels"][event.level]["years"]
        facts = note_facts(reader, view.pack, event.level, {"cyclone_wind_10yr": years})
        note = [source_note(facts, language, show_unit=False)]
    elif event.relation is not None:
        note = [
            html.Div([html.B(message("note.source", language)), " ", event.relation.citation], className="source-note")
        ]
    hint = message(f"scenario.map_hint.{event.kind}", language)
    return figure("event-map", title, drawn, note, language, hint=hint)


def _within(
    reader: Reader,
    view: ViewState,
    event: Event,
    found: list[Band],
    lower: list[Band],
    told: dict[str, int],
    poverty: Poverty | None,
) -> html.Section:
    language = view.language
    named = {one["id"]: one["name"][language] for one in reader.catalogue(view.pack)["projects"]}
    counted, poorest = "people" in told, "poor" in told
    quake = event.kind == "intensity" and event.relation is not None and event.relation.along != event.relation.across
    rows = []
    for band, low in zip(found, lower, strict=True):
        row: list[Any] = [_label(event, band.least, language), number(band.units, 0, language)]
        row += [number(band.poor_units, 0, language)] if poverty else []
        row += [number(band.people, 0, language)] if counted else []
        row += [number(low.people, 0, language)] if counted and quake else []
        row += [number(band.people_poor_units, 0, language)] if counted and poverty else []
        row += [number(band.poor_people, 0, language)] if poorest else []
        row.append(message("format.join", language).join(named[one] for one in band.projects) or "0")
        # A row of ready cells: the names of the projects run on.
        rows.append(html.Tr([*(html.Td(cell) for cell in row[:-1]), html.Td(row[-1], className="words")]))
    head = [
        message(f"scenario.amount.{event.kind}", language),
        reader.level(view.pack, event.level)["plural"][language],
    ]
    head += [message("risk.poor_units", language)] if poverty else []
    head += [message("risk.people" if not quake else "scenario.people_along", language)] if counted else []
    head += [message("scenario.people_across", language)] if counted and quake else []
    head += [message("risk.people_poor", language)] if counted and poverty else []
    head += [message("scenario.poor_people", language)] if poorest else []
    head.append(message("page.projects", language))
    parts = []
    if poverty:
        parts.append(message("risk.poor_are", language, poor=poor_words(poverty, language)))
    if not counted:
        parts.append(message("risk.no_people", language))
    elif told.get("uncounted"):
        parts.append(message("risk.uncounted", language, n=number(told["uncounted"], 0, language)))
    shown: dict[str, list[int]] = {}
    for kind, year in (("population", "people"), ("poor_population", "poor")):
        declared = people_indicator(reader, view.pack, event.level, kind)  # type: ignore[arg-type]
        if declared is not None and year in told:
            shown[declared["id"]] = [told[year]]
    if poverty:
        shown[poverty.figures.indicator["id"]] = [poverty.figures.year]
    note = [source_note(note_facts(reader, view.pack, event.level, shown), language, show_unit=False)] if shown else []
    title = message("scenario.within", language)
    return figure("within", title, data_table(head, rows, "within"), note, language, hint=" ".join(parts))


def _hardest(reader: Reader, view: ViewState, event: Event) -> html.Section:
    language, level = view.language, event.level
    codes, names = reader.units(view.pack, level)["code"], unit_names(reader, view, level)
    counted = people(reader, view.pack, level, "population")
    heads = None
    if counted is not None:
        known = np.flatnonzero(np.isfinite(counted.value).any(axis=1))
        heads = counted.value[known[-1]] if len(known) else None
    order = np.argsort(np.nan_to_num(event.amount), kind="stable")[::-1][:MOST_ROWS]
    rows = []
    for at in order:
        cells: list[Any] = [html.Th(link(view, names[at], {"unit": codes[at]}), scope="row")]
        cells.append(html.Td(number(float(event.amount[at]), 1, language)))
        if event.kind == "intensity":
            cells.append(html.Td(number(float(event.least[at]), 1, language)))
        if heads is not None:
            none = message("risk.no_score", language)
            cells.append(html.Td(number(float(heads[at]), 0, language) if np.isfinite(heads[at]) else none))
        rows.append(html.Tr(cells, **current(chosen=codes[at] == view.unit)))
    head = [reader.level(view.pack, level)["name"][language], message(f"scenario.amount.{event.kind}", language)]
    head += [message("scenario.across", language)] if event.kind == "intensity" else []
    head += [message("risk.people", language)] if heads is not None else []
    return figure("hardest", message("scenario.hardest", language), data_table(head, rows, "hardest"), [], language)


def _caveats(view: ViewState, event: Event) -> html.Section:
    language = view.language
    if event.kind == "wind":
        declared = event.declared or {}
        facts = {
            "factor": f"{declared.get('surface_factor', 0):g}",
            "pressure": f"{declared.get('environmental_pressure', 0):g}",
        }
        told = [message("scenario.caveat.wind", language, **facts), message("scenario.caveat.rain", language)]
        if any(event.moved):
            told.append(message("scenario.caveat.moved", language))
    else:
        relation = event.relation
        sigma = number(relation.sigma, 1, language) if relation and np.isfinite(relation.sigma) else ""
        told = [message("scenario.caveat.shape", language)]
        told += [message("scenario.caveat.sigma", language, sigma=sigma)] if sigma else []
        told.append(message("scenario.caveat.ground", language))
        told += [message("scenario.caveat.california", language)] if relation and relation.id == "california" else []
    told += [message("scenario.caveat.middle", language), message("scenario.caveat.not_loss", language)]
    title = html.H2(message("scenario.caveats", language))
    return html.Section([title, html.Ul([html.Li(one) for one in told])], className="figure caveats")
