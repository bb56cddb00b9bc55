"""The report of an event on one page: what it is, its map, who and what lies within, the hardest hit, caveats."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import shapely
from fuping.dashboard.components.navigation import PAGES
from fuping.dashboard.components.overlay_figures import chosen_poverty
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
from fuping.dashboard.components.source_note import boundary_credit
from fuping.dashboard.figures.atlas import Mark
from fuping.dashboard.i18n.formats import day
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.i18n.sentences import clauses
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.event import Event, Within, classes_of, limits, reach, within
from fuping.dashboard.queries.risk import risk_of
from fuping.dashboard.queries.scenario import poverty_choices
from fuping.dashboard.queries.shapes import level_shapes
from fuping.dashboard.reports.content import Column, Report, Row, Section, Table
from fuping.dashboard.reports.credits import Credits
from fuping.dashboard.reports.report_map import Grading, graded_map
from fuping.dashboard.reports.risk_section import unassessed_names
from fuping.dashboard.state import ViewState
from fuping.spatial.cartography import sequential
from numpy.typing import NDArray

__all__ = ["write_event"]

MOST_ROWS = 6
"""Units among the hardest hit: what one page has room for."""

MAP_POINTS = 265.0
"""It is made smaller where the rest leaves less."""

BELOW = "#efede8"
"""Colour of a unit that the event does not reach."""


def write_event(reader: Reader, view: ViewState, event: Event, *, address: str, today: date) -> Report:
    """Return the report.

    Parameters
    ----------
    address, today
        As of :func:`fuping.dashboard.reports.build.write_report`.
    """
    language = view.language
    found = within(reader, view.pack, event, chosen_poverty(reader, view, poverty_choices(reader, view.pack)))
    catalogue, credits = reader.catalogue(view.pack), Credits(language)
    country = catalogue["pack"]["name"][language]
    told = [*caveats(event, language), *_unassessed(reader, view)]
    limits_of_it = Section(message("scenario.caveats", language), " ".join(told), share=0.46)
    sections = [replace(limits_of_it, share=1.0)]
    if found.units:
        drawn = [_map(reader, view, event, country, credits), _within(reader, view, event, found, credits)]
        sections = [*drawn, _hardest(reader, view, event), limits_of_it]
    title = event_title(event, language)
    nothing = "" if found.units else " " + message("scenario.nothing", language)
    seen = f"{address}{PAGES['scenario'].path}{view.href()}"
    boundary = message("paper.boundary_note", language, credit=boundary_credit(catalogue, language))
    closing = (boundary, message("paper.view", language, url=seen), message("paper.made", language))
    return Report(
        language=language,
        kicker=f"{message('paper.event', language)} · {country}",
        title=title,
        other_title="",
        facts=_facts(reader, view, event, today),
        locator=None,
        lead=event_lead(reader, view, event, found) + nothing,
        sections=tuple(sections),
        sources_title=message("data.sources", language),
        credits=credits.listed(),
        closing=closing,
        page=message("paper.page", language, page="{page}", pages="{pages}"),
        footer=f"{title} · {day(today.isoformat(), language)} · {reader.version(view.pack)}",
        compact=True,
    )


def _unassessed(reader: Reader, view: ViewState) -> list[str]:
    """Return which hazards the country's composite of risk says nothing of either."""
    risk = risk_of(reader, view.pack)
    if risk is None or not risk.unassessed:
        return []
    names = clauses(unassessed_names(risk, view.language), view.language)
    return [message("paper.event_unassessed", view.language, names=names)]


def _facts(reader: Reader, view: ViewState, event: Event, today: date) -> tuple[tuple[str, str], ...]:
    language = view.language
    facts = [(message("paper.event_kind", language), message("paper.event_not_forecast", language))]
    if event.relation is not None:
        relation = message("format.bracket", language, text=event.relation.scale[language])
        facts.append((message("scenario.zone", language), event.relation.name[language] + relation))
    facts.append((message("paper.date", language), day(today.isoformat(), language)))
    return (*facts, (message("paper.build", language), reader.version(view.pack)))


def _drawn(reader: Reader, pack: str, event: Event) -> NDArray[np.int64]:
    """Return the units that the event reaches and those around them: the rest of the country would make them small."""
    shapes, classes = level_shapes(reader, pack, event.level), classes_of(event)
    around = shapely.box(*(reach(reader, pack, event) or (0, 0, 0, 0)))
    # One that lies beyond in part would widen the frame: a county of many islands, say.
    return np.flatnonzero((classes > 0) | ((classes == 0) & shapely.contains_properly(around, shapes)))


def _map(reader: Reader, view: ViewState, event: Event, country: str, credits: Credits) -> Section:
    language = view.language
    names = [message("scenario.below", language)]
    names += [class_label(event, least, language) for least in limits(event)]
    colours = (BELOW, *sequential(len(limits(event)), ramp="worse"))
    title = message(f"scenario.map.{event.kind}", language)
    grading = Grading(title, classes_of(event), names, colours, message("legend.missing", language))
    at_level = replace(view, level=event.level)
    shown = _drawn(reader, view.pack, event)
    lon, lat = event.place
    centre = [Mark(message("scenario.epicentre", language), lon, lat)] if lon is not None and lat is not None else []
    drawn, _ = graded_map(
        reader, at_level, shown, grading, scope=country, height=MAP_POINTS, least_named=1, marks=centre
    )
    if event.relation is not None:
        note = f"{message('note.source', language)} {event.relation.citation}"
    else:
        note = credits.note(wind_facts(reader, view, event))
    return Section(title, message(f"paper.event_map.{event.kind}", language), drawn, note)


def _within(reader: Reader, view: ViewState, event: Event, found: Within, credits: Credits) -> Section:
    language = view.language
    head, rows = within_table(reader, view, event, found)
    columns = [Column(head[0], share=2.2), *(Column(one, align="right") for one in head[1:])]
    if reader.catalogue(view.pack)["projects"]:
        columns[-1] = Column(head[-1], share=2.8)
    facts = within_facts(reader, view, event, found)
    table = Table(tuple(columns), tuple(Row(tuple(row)) for row in rows))
    note = credits.note(facts) if facts else ""
    return Section(message("scenario.within", language), within_hint(found, language), table, note)


def _hardest(reader: Reader, view: ViewState, event: Event) -> Section:
    head, rows = hardest(reader, view, event, MOST_ROWS)
    codes = reader.units(view.pack, event.level)["code"]
    columns = (Column(head[0], share=1.5), *(Column(one, align="right") for one in head[1:]))
    table = Table(columns, tuple(Row(tuple(cells), codes[at] == view.unit) for at, cells in rows))
    return Section(message("scenario.hardest", view.language), "", table, share=0.54)
