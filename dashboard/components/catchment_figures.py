"""What lies near the points of projects: a map of how much of each unit, and a table by distance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from fuping.dashboard.components import html
from fuping.dashboard.components.attributes import current
from fuping.dashboard.components.field import select_field
from fuping.dashboard.components.figure import data_table, figure
from fuping.dashboard.components.grid_parts import grid_credit
from fuping.dashboard.components.project_note import list_note
from fuping.dashboard.components.source_note import boundary_credit, source_note
from fuping.dashboard.components.thematic_map import thematic_map
from fuping.dashboard.i18n.formats import inline, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.catchment import (
    MOST_POINTS,
    OFFERED,
    Catchment,
    Measure,
    catchment,
    catchment_layer,
    slope_grid,
)
from fuping.dashboard.queries.people import Counted, people_indicator
from fuping.dashboard.queries.register import Entry
from fuping.dashboard.queries.sources import note_facts
from fuping.dashboard.state import ViewState

__all__ = ["catchment_figure"]

HEADS: dict[Counted, str] = {"population": "projects.people", "poor_population": "projects.poor"}
"""What is counted → the key of its title."""


def catchment_figure(reader: Reader, view: ViewState, entries: Sequence[Entry], level: str) -> html.Section:
    """Return the catchments of the projects that are shown, or why there are none to draw."""
    language = view.language
    title = message("projects.catchment", language)
    slope = slope_grid(reader, view.pack)
    measures = [one for one in OFFERED if one == "km" or slope]
    asked = view.option("near_by", measures, "km")
    found = catchment(reader, view, tuple(entries), level, asked)  # type: ignore[arg-type]
    if found is None:
        why = html.P(message("projects.catchment_refused", language), className="lead")
        return figure("catchment", title, why, list_note(entries, language), language)
    offered = [str(one) for one in OFFERED[found.measure]]
    within = int(view.option("near", offered, offered[1]))
    fields = []
    if slope:
        ways = [{"value": one, "label": message(f"projects.near_by.{one}", language)} for one in measures]
        fields.append(
            select_field("near_by", message("projects.near_by", language), found.measure, ways, clears=["near"])
        )
    options = [{"value": one, "label": _written(found.measure, int(one), language)} for one in offered]
    fields.append(select_field("near", message("projects.catchment_km", language), str(within), options))
    plural = reader.level(view.pack, level)["plural"][language]
    layer, values = catchment_layer(found, within, max(one.project["last_year"] for one in found.entries))
    shown = message("projects.catchment_shown", language, within=_written(found.measure, within, language))
    drawn = thematic_map(
        reader,
        replace(view, level=level),
        layer,
        values,
        name="catchment",
        title=shown,
        unit="%",
        decimals=0,
        value_name=shown,
        frame=found.frame,
        projects=[one.project["id"] for one in found.entries],
    )
    counts = {
        "n": number(found.n_points, 0, language),
        "projects": number(len(found.entries), 0, language),
        "without": number(found.n_without, 0, language),
    }
    lead = message("projects.catchment_lead" if found.n_without else "projects.catchment_all", language, **counts)
    told = [message("projects.catchment_people", language)]
    if found.measure == "minutes" and slope:
        told.insert(0, message("projects.catchment_foot", language, grid=slope["name"][language]))
        if found.n_lost:
            told.insert(1, message("projects.catchment_lost", language, n=number(found.n_lost, 0, language)))
    else:
        told.insert(0, message("projects.catchment_straight", language))
        if not slope:
            told.append(message("projects.catchment_no_foot", language))
        elif found.n_points > MOST_POINTS:
            told.append(message("projects.catchment_too_many", language, most=MOST_POINTS))
    table = _table(found, within, plural, language)
    return figure(
        "catchment",
        title,
        [html.P(lead, className="lead"), html.Div(fields, className="fields"), drawn, table],
        _notes(reader, view, found),
        language,
        hint=("" if language == "zh" else " ").join(told),
    )


def _written(measure: Measure, within: int, language: str) -> str:
    return message(f"projects.near.{measure}", language, n=within)


def _table(found: Catchment, within: int, plural: str, language: str) -> html.Div:
    counted = [one for one in HEADS if found.years[one]]
    keys = ("catchment_km", "catchment_units", "catchment_mostly", "area")
    head = [message(f"projects.{key}", language, level=plural) for key in keys]
    head += [f"{message(HEADS[one], language)}, {found.years[one]}" for one in counted]
    rows = []
    for label, row in found.table.iterrows():
        reach = int(label)  # type: ignore[call-overload]
        cells: list[Any] = [
            _written(found.measure, reach, language),
            number(row["units"], 0, language),
            number(row["units_mostly"], 0, language),
            number(row["area_km2"], 0, language),
        ]
        for one in counted:
            told = "–" if np.isnan(row[one]) else number(row[one], 0, language)
            n = int(row[f"{one}_missing"])
            without = (
                [html.Small(message("projects.catchment_missing", language, n=n, level=inline(plural, language)))]
                if n
                else []
            )
            cells.append([told, *without])
        rows.append(html.Tr([html.Td(cell) for cell in cells], **current(chosen=reach == within)))
    return data_table(head, rows, "catchment")


def _notes(reader: Reader, view: ViewState, found: Catchment) -> list[Any]:
    language = view.language
    notes: list[Any] = [list_note(found.entries, language)]
    if found.measure == "minutes" and (slope := slope_grid(reader, view.pack)):
        credit = grid_credit(reader, view.pack, slope, "projects.catchment_slope", language)
        notes.append(html.Div(credit, className="source-note"))
    years = {
        declared["id"]: [found.years[one]]
        for one in HEADS
        if found.years[one] and (declared := people_indicator(reader, view.pack, found.level, one))
    }
    if years:
        drawn = boundary_credit(reader.catalogue(view.pack), language)
        notes.append(source_note(note_facts(reader, view.pack, found.level, years), language, boundaries=drawn))
    uncounted = [message(f"projects.measure.{one}", language) for one in HEADS if not found.years[one]]
    if uncounted:
        level = inline(reader.level(view.pack, found.level)["plural"][language], language)
        told = [message("projects.catchment_uncounted", language, what=what, level=level) for what in uncounted]
        notes.insert(0, html.P(" ".join(told), className="hint"))
    return notes
