"""What projects cover: by year, on the map, by level and region, shared between programmes, and the gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import current
from fuping.dashboard.components.field import Field, select_field
from fuping.dashboard.components.figure import chart, data_table, figure, series_key
from fuping.dashboard.components.project_note import list_note, project_note
from fuping.dashboard.components.source_note import boundary_credit, source_note
from fuping.dashboard.components.thematic_map import thematic_map
from fuping.dashboard.figures.projects import shares_by_year
from fuping.dashboard.i18n.formats import figure as written
from fuping.dashboard.i18n.formats import inline, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.coverage import (
    ELSEWHERE,
    Covered,
    Gaps,
    coverage_by_parent,
    coverage_layer,
    covered_by_level,
    overlap,
)
from fuping.dashboard.queries.people import people_indicator
from fuping.dashboard.queries.places import ancestors, chain, place
from fuping.dashboard.queries.register import Entry
from fuping.dashboard.queries.sources import note_facts
from fuping.dashboard.state import ViewState

__all__ = ["coverage_by_year", "coverage_map", "coverage_of_levels", "gap_table", "overlap_table"]

MEASURES = ("units", "area_km2", "population", "poor_population")

MOST_GAPS = 30
"""Rows of the table of gaps; how many there are is told above it."""


def share_text(value: float, language: str) -> str:
    """Return a share of 1 as a percentage; a dash where it cannot be told."""
    return "–" if np.isnan(value) else written(100 * value, "%", 1, language)


def count_text(value: float, language: str) -> str:
    """Return a count; a dash where it cannot be told."""
    return "–" if np.isnan(value) else number(value, 0, language)


def measure_field(found: Covered, view: ViewState) -> tuple[str, Field]:
    """Return the measure that the URL asks for, and its field: those that have a figure in at least one year."""
    known = [one for one in MEASURES if one == "units" or found.together[f"{one}_covered_share"].notna().any()]
    measure = view.option("measure", known, "units")
    options = [{"value": one, "label": message(f"projects.measure.{one}", view.language)} for one in known]
    label = message("projects.measure", view.language)
    return measure, select_field("measure", label, measure, options)


def coverage_by_year(reader: Reader, view: ViewState, found: Covered, entries: Sequence[Entry]) -> html.Section:
    """Return the share that is covered, by year and programme."""
    language = view.language
    measure, field = measure_field(found, view)
    column = "units_covered_share" if measure == "units" else f"{measure}_covered_share"
    names = list(found.coverage.programmes)
    series = [
        (found.programmes[name][language], found.by_programme.xs(name, level="programme")[column].to_numpy() * 100)
        for name in names
    ]
    if len(names) > 1:
        together = message("projects.together", language)
        series = [(together, found.together[column].to_numpy() * 100), *series]
    key = series_key(name for name, _ in series)
    covered_column, whole = ("units_covered", "units") if measure == "units" else (f"{measure}_covered", measure)
    rows = [
        [
            str(year),
            count_text(row[covered_column], language),
            count_text(row[whole], language),
            share_text(row[column], language),
        ]
        for year, row in found.together.iterrows()
    ]
    head = [message(f"projects.{name}", language) for name in ("year", "covered", "of_all", "share")]
    level = inline(reader.level(view.pack, found.level)["plural"][language], language)
    notes: list[Any] = [list_note(entries, language)]
    hint = message("projects.by_year_hint", language, level=level)
    if measure in ("population", "poor_population"):
        years = [year for year, value in zip(found.years, found.together[column], strict=True) if not np.isnan(value)]
        counted = people_indicator(reader, view.pack, found.level, measure)  # type: ignore[arg-type]
        if counted:
            notes.append(source_note(note_facts(reader, view.pack, found.level, {counted["id"]: years}), language))
        hint += " " + message("projects.only_years", language, years=", ".join(map(str, years)))
    missing = [
        message("projects.no_people", language, what=message(f"projects.measure.{one}", language), level=level)
        for one in ("population", "poor_population")
        if found.together[f"{one}_covered_share"].isna().all()
    ]
    return figure(
        "coverage",
        message("projects.by_year", language),
        [
            html.Div([field], className="fields"),
            chart(shares_by_year(series, found.years, language), message("projects.by_year", language), height=260),
            key,
            *(html.P(one, className="hint") for one in missing),
        ],
        notes,
        language,
        hint=hint,
        table=data_table(head, rows, "coverage"),
        saved=True,
    )


def coverage_map(reader: Reader, view: ViewState, found: Covered, entries: Sequence[Entry]) -> html.Section:
    """Return the map of how many programmes cover each unit, with its timeline."""
    language = view.language
    layer, values = coverage_layer(found)
    title = message("projects.map", language)
    drawn = thematic_map(
        reader, replace(view, level=found.level), layer, values, name="coverage", title=title, decimals=0
    )
    partial = [one for one in entries if one.project["named_units"] < one.project["total_units"]]
    hint = message("projects.map_hint", language)
    hint += "".join(
        " "
        + message(
            "projects.partial",
            language,
            name=one.project["name"][language],
            named=one.project["named_units"],
            total=one.project["total_units"],
        )
        for one in partial
    )
    credit = boundary_credit(reader.catalogue(view.pack), language)
    return figure("map", title, drawn, project_note(entries, language, boundaries=credit), language, hint=hint)


def coverage_of_levels(
    reader: Reader, view: ViewState, found: Covered, entries: Sequence[Entry], year: int
) -> list[html.Section]:
    """Return coverage at each level, and of each unit of one level above, in a year."""
    language = view.language
    plural = {one["id"]: one["plural"][language] for one in reader.catalogue(view.pack)["levels"]}
    rows = [
        [
            plural[one.level],
            number(one.n_covered, 0, language),
            number(one.n_units, 0, language),
            share_text(one.n_covered / one.n_units, language),
        ]
        for one in covered_by_level(reader, view, found, year)
    ]
    head = [message(f"projects.{name}", language) for name in ("level", "touched", "of_all", "share")]
    levels = figure(
        "levels",
        message("projects.levels", language, year=year),
        data_table(head, rows, "levels"),
        list_note(entries, language),
        language,
        hint=message("projects.levels_hint", language, level=inline(plural[found.level], language)),
    )
    size = {one["id"]: one["n_units"] for one in reader.catalogue(view.pack)["levels"]}
    above = [one for one in ancestors(reader, view.pack, found.level) if size[one] > 1]
    if not above:
        return [levels]
    by = view.option("by", above, above[0])
    options = [{"value": one, "label": plural[one]} for one in above]
    label = message("projects.by_level", language)
    field = select_field("by", label, by, options)
    regions = figure(
        "regions",
        message("projects.regions", language, level=inline(plural[by], language), year=year),
        [html.Div([field], className="fields"), _regions(reader, view, found, by, year)],
        list_note(entries, language),
        language,
    )
    return [levels, regions]


def _regions(reader: Reader, view: ViewState, found: Covered, by: str, year: int) -> html.Div:
    language = view.language
    table = coverage_by_parent(reader, view, found, by, year)
    selected = {view.unit}
    if view.unit:
        units = reader.units(view.pack, found.level)["code"]
        if view.unit in units:
            selected |= {one.code for one in chain(reader, view.pack, found.level, view.unit, language)}
    with_people = table["population_covered_share"].notna().any()
    rows = []
    for code, row in table.iterrows():
        here = place(reader, view.pack, by, str(code), language) if code != ELSEWHERE else None
        name: Any = link(view, here.name, {"unit": here.code}) if here else message("projects.elsewhere", language)
        cells = [
            name,
            number(row["units_covered"], 0, language),
            number(row["units"], 0, language),
            share_text(row["units_covered_share"], language),
            share_text(row["area_km2_covered_share"], language),
            *([share_text(row["population_covered_share"], language)] if with_people else []),
        ]
        rows.append(html.Tr([html.Td(cell) for cell in cells], **current(chosen=code in selected)))
    keys = ["place", "covered", "of_all", "share", "share_area", *(["share_people"] if with_people else [])]
    return data_table([message(f"projects.{key}", language) for key in keys], rows, "regions")


def overlap_table(reader: Reader, view: ViewState, found: Covered, entries: Sequence[Entry], year: int) -> html.Section:
    """Return how many units two programmes cover both in a year."""
    language = view.language
    table = overlap(found, year)
    names = [found.programmes[name][language] for name in table.index]
    rows = [
        [name, *(number(value, 0, language) for value in values)]
        for name, values in zip(names, table.to_numpy().tolist(), strict=True)
    ]
    level = inline(reader.level(view.pack, found.level)["plural"][language], language)
    return figure(
        "overlap",
        message("projects.overlap", language, year=year),
        data_table([message("projects.programme", language), *names], rows, "overlap"),
        list_note(entries, language),
        language,
        hint=message("projects.overlap_hint", language, level=level),
    )


def gap_table(
    reader: Reader, view: ViewState, found: Covered, missed: Gaps, entries: Sequence[Entry], fields: Sequence[Field]
) -> html.Section:
    """Return the units among the poorest that were never covered."""
    language, ranked = view.language, missed.need
    level = reader.level(view.pack, found.level)["plural"][language]
    declared = ranked.declared
    unit, decimals = declared["unit"][language], declared["decimals"]
    with_poor = missed.table["poor_population"].notna().any()
    with_people = missed.table["population"].notna().any()
    rows = []
    for code, row in missed.table.head(MOST_GAPS).iterrows():
        here = place(reader, view.pack, found.level, str(code), language)
        above = chain(reader, view.pack, found.level, str(code), language)
        cells: list[Any] = [
            [
                link(view, here.name if here else code, {"unit": str(code)}),
                html.Small(f" {above[1].name}" if above[1:] else ""),
            ],
            written(row["value"], unit, decimals, language),
            *([count_text(row["poor_population"], language)] if with_poor else []),
            *([count_text(row["population"], language)] if with_people else []),
            number(row["area_km2"], 0, language),
        ]
        rows.append(html.Tr([html.Td(cell) for cell in cells], **current(chosen=code == view.unit)))
    told = {
        "n": number(len(missed.table), 0, language),
        "poorest": number(missed.n_poorest, 0, language),
        "level": inline(level, language),
        "cut": ranked.cut,
        "indicator": inline(declared["name"][language], language),
        "year": ranked.year,
    }
    lines = [html.P(message("projects.gaps_told", language, **told), className="lead")]
    if len(missed.table) > MOST_GAPS:
        lines.append(html.P(message("projects.gaps_first", language, n=MOST_GAPS), className="hint"))
    if missed.n_doubtful:
        doubtful = number(missed.n_doubtful, 0, language)
        lines.append(html.P(message("projects.gaps_doubtful", language, n=doubtful), className="hint"))
    keys = ["place", *(["poor"] if with_poor else []), *(["people"] if with_people else []), "area"]
    head = [message(f"projects.{key}", language) for key in keys]
    head.insert(1, f"{declared['name'][language]}, {ranked.year}")
    note = note_facts(reader, view.pack, found.level, {declared["id"]: [ranked.year]})
    return figure(
        "gaps",
        message("projects.gaps", language),
        [html.Div(list(fields), className="fields"), *lines, data_table(head, rows, "gaps") if rows else ""],
        [list_note(entries, language), source_note(note, language)],
        language,
        hint=message("projects.gaps_hint", language),
    )
