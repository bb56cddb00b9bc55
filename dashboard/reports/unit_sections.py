"""The sections that every report has: figures beside others, trend, status, projects, neighbours, what is missing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from fuping.dashboard.components import profile_parts as words
from fuping.dashboard.figures.profile_trend import profile_trend_on_paper
from fuping.dashboard.figures.strip import strip
from fuping.dashboard.i18n.formats import number, year_list
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.i18n.sentences import listed
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.parts import parts_of
from fuping.dashboard.queries.profile import Benchmark, Profile
from fuping.dashboard.queries.profile_series import profile_series
from fuping.dashboard.queries.side_by_side import FigureColumn, FigureTable
from fuping.dashboard.queries.sources import note_facts
from fuping.dashboard.queries.surroundings import surroundings
from fuping.dashboard.reports.alert_section import alerts_section
from fuping.dashboard.reports.content import Align, Cell, Column, Picture, Row, Section, Table
from fuping.dashboard.reports.credits import Credits
from fuping.dashboard.reports.ecology_section import ecology_sections
from fuping.dashboard.reports.report_map import report_map
from fuping.dashboard.reports.risk_section import risk_sections
from fuping.dashboard.reports.wide_tables import side_by_side
from fuping.dashboard.state import ViewState

__all__ = ["figure_columns", "map_section", "unit_map", "unit_sections"]

STRIP_MM, TREND_MM = 34.0, 174.0

TREND_POINTS = (493.0, 170.0)


def unit_map(reader: Reader, found: Profile, credits: Credits) -> Section:
    """Return the map of the unit among those beside it; of the country, that of its parts."""
    view = found.view
    if found.above and view.year:
        scope = found.scope.name if found.scope else words.country_name(reader, found)
        return map_section(reader, view, surroundings(reader, found).siblings, credits, selected=found.at, scope=scope)
    declared = reader.indicator(view.pack, view.indicator)
    for part in parts_of(reader, view.pack, found.place) if not found.above else ():
        given = declared["levels"].get(part.level["id"], {})
        if given.get("n_values", 0) > 1:
            query = f"pack={view.pack}&indicator={view.indicator}&level={part.level['id']}&lang={view.language}"
            below = ViewState.read(query, reader.packs(), reader.catalogue).classed_as(view)
            return map_section(reader, below, np.arange(part.level["n_units"]), credits, scope=found.place.name)
    name = declared["name"][view.language]
    title = message("paper.map", view.language, indicator=name, year=view.year)
    return Section(title, message("paper.map_none", view.language, name=found.place.name, indicator=name))


def map_section(
    reader: Reader,
    view: ViewState,
    units: np.ndarray[tuple[int], np.dtype[np.int64]],
    credits: Credits,
    *,
    scope: str,
    selected: int | None = None,
) -> Section:
    """Return a map with its title, how it is read, and its note."""
    language = view.language
    declared = reader.indicator(view.pack, view.indicator)
    title = message("paper.map", language, indicator=declared["name"][language], year=view.year)
    drawn, apart = report_map(reader, view, units, selected=selected, scope=scope)
    level = words.level_words(reader, view.pack, view.level, language)
    hint = message("paper.map_hint", language, level=level, scope=scope)
    if apart:
        hint += " " + message("paper.map_outside", language, names=listed(apart, language))
    facts = note_facts(reader, view.pack, view.level, {view.indicator: [view.year]}, unit=units.tolist())
    return Section(title, hint, drawn, credits.note(facts))


def unit_sections(reader: Reader, found: Profile, credits: Credits) -> list[Section]:
    """Return the sections in their order; one that says nothing of this unit is left out."""
    made = (
        _benchmarks(reader, found, credits),
        _trend(reader, found, credits),
        _statuses(reader, found, credits),
        _projects(reader, found),
        alerts_section(reader, found),
        *_neighbours(reader, found, credits),
        *ecology_sections(reader, found, credits),
        *risk_sections(reader, found, credits),
        _gaps(found),
    )
    return [one for one in made if one]


def _note(reader: Reader, found: Profile, shown: dict[str, list[int]], credits: Credits, units: Sequence[int]) -> str:
    return credits.note(note_facts(reader, found.view.pack, found.place.level, shown, unit=units))


def _benchmarks(reader: Reader, found: Profile, credits: Credits) -> Section | None:
    if not found.benchmarks:
        return None
    language = found.view.language
    ranked = found.n_peers > 0
    above = [one for one in (found.parent, found.nation) if one]
    columns = [
        Column(message("data.indicator", language), share=3.2),
        Column(found.place.name, align="right", share=1.5),
        Column(message("note.year", language), align="right", share=0.8),
    ]
    if ranked:
        columns += [
            Column(message("profile.rank", language), align="right", share=1.3),
            Column(message("profile.position", language), align="center", share=2.7),
            Column(message("profile.median", language), align="right", share=1.4),
        ]
    columns += [Column(one.name, align="right", share=1.6) for one in above]
    rows = [
        Row(_cells(one, found, ranked, len(above)), one.indicator["id"] == found.view.indicator)
        for one in found.benchmarks
    ]
    shown = {one.indicator["id"]: [one.figure.year] for one in found.benchmarks}
    note = _note(reader, found, shown, credits, [found.at])
    title = message("profile.benchmarks", language)
    return Section(title, words.benchmark_hint(reader, found), Table(tuple(columns), tuple(rows)), note)


def _cells(one: Benchmark, found: Profile, ranked: bool, n_above: int) -> tuple[Cell, ...]:
    language, declared = found.view.language, one.indicator
    unit = declared["unit"][language]
    name = declared["name"][language] + ("" if unit == "%" else message("format.bracket", language, text=unit))
    cells: list[Cell] = [name, words.plain_figure(one.figure.value, declared, language), str(one.figure.year)]
    if ranked:
        cells.append(words.rank_text(one, language))
        if one.rank:
            label = words.strip_label(one, found)
            cells.append(Picture(strip(one.peers, one.figure.value, label=label), STRIP_MM, label))
        else:
            cells.append("–")
        cells.append(words.plain_figure(one.median, declared, language))
    above = ([one.parent] if n_above > 1 else []) + ([one.nation] if n_above else [])
    return (*cells, *(words.plain_figure(value, declared, language) for value in above))


def _trend(reader: Reader, found: Profile, credits: Credits) -> Section | None:
    if found.trend is None:
        return None
    language = found.view.language
    declared = reader.indicator(found.view.pack, found.trend)
    lines = [(words.line_name(reader, one, found), one) for one in profile_series(reader, found)]
    title = message("profile.trend", language, indicator=declared["name"][language])
    width, height = TREND_POINTS
    drawn = profile_trend_on_paper(lines, declared, language, width=width, height=height, label=title)
    own = lines[0][1]
    years = [year for year, value in zip(own.years, own.values, strict=True) if np.isfinite(value)]
    hint = words.years_note([one for _, one in lines], declared, language)
    note = _note(reader, found, {found.trend: years}, credits, [found.at])
    return Section(title, hint, Picture(drawn, TREND_MM, title), note)


def _statuses(reader: Reader, found: Profile, credits: Credits) -> Section | None:
    if not found.statuses:
        return None
    language = found.view.language
    rows = []
    for one in found.statuses:
        for run in one.runs:
            reason = message(f"vocabulary.reason.{int(run.reason)}", language)
            told = (
                run.category["name"][language] if run.category else message("format.missing", language, reason=reason)
            )
            name = one.indicator["name"][language] if run is one.runs[0] else ""
            rows.append(Row((name, year_list(run.years), told)))
    columns = (
        Column(message("data.indicator", language), share=2),
        Column(message("paper.years", language)),
        Column(message("paper.category", language), share=3),
    )
    years = {one.indicator["id"]: [year for run in one.runs for year in run.years] for one in found.statuses}
    note = _note(reader, found, years, credits, [found.at])
    return Section(message("profile.statuses", language), "", Table(columns, tuple(rows)), note)


def _projects(reader: Reader, found: Profile) -> Section | None:
    language = found.view.language
    if not reader.catalogue(found.view.pack)["projects"]:
        return None
    title = message("panel.projects", language)
    if found.projects is None:
        return Section(title, message("profile.projects_none", language))
    if not found.projects:
        return Section(title, message("panel.no_projects", language))
    rows = []
    for project, years in found.projects:
        named = message("overlay.named", language, named=project["named_units"], total=project["total_units"])
        rows.append(Row((project["name"][language], year_list(years), named)))
    columns = (
        Column(title, share=3),
        Column(message("paper.covered", language)),
        Column(message("note.source", language), share=2),
    )
    return Section(title, "", Table(columns, tuple(rows)))


def figure_columns(table: FigureTable, language: str) -> tuple[Column, ...]:
    """Return the columns of a table of figures: indicator, unit and year."""
    return tuple(_figure_column(one, language) for one in table.columns)


def _figure_column(one: FigureColumn, language: str) -> Column:
    unit = one.indicator["unit"][language]
    plain = unit == "%" or bool(one.indicator["categories"])
    align: Align = "left" if one.indicator["categories"] else "right"
    return Column(one.indicator["name"][language], str(one.year) if plain else f"{unit}, {one.year}", align)


def _neighbours(reader: Reader, found: Profile, credits: Credits) -> list[Section]:
    language, table = found.view.language, found.neighbours
    if not found.benchmarks or not found.above:
        return []
    title = message("profile.neighbours", language)
    if len(table.rows) < 2:
        return [Section(title, message("profile.no_neighbours", language, name=found.place.name))]
    rows = tuple(
        Row(
            (
                one.name,
                *(
                    words.cell_text(cell, column.indicator, language)
                    for cell, column in zip(cells, table.columns, strict=True)
                ),
            ),
            one.code == found.place.code,
        )
        for one, cells in table.rows
    )
    codes = reader.units(found.view.pack, found.place.level)["code"]
    shown = {column.indicator["id"]: [column.year] for column in table.columns}
    at = [codes.index(one.code) for one, _ in table.rows]
    note = " ".join(
        one for one in (words.missing_words(table, language), _note(reader, found, shown, credits, at)) if one
    )
    level = words.level_words(reader, found.view.pack, found.place.level, language)
    n = number(len(table.rows) - 1, 0, language)
    hint = message("profile.neighbours_hint", language, n=n, level=level, name=found.place.name)
    columns = (Column(message("table.unit", language), share=1.5), *figure_columns(table, language))
    return side_by_side(Section(title, hint, Table(columns, rows), note), 1, language)


def _gaps(found: Profile) -> Section:
    language = found.view.language
    title = message("profile.gaps", language)
    if not found.gaps:
        return Section(title, message("profile.gap_none", language, name=found.place.name))
    rows = []
    for gap in found.gaps:
        why = words.gap_text(gap, language)
        rows.append(Row((gap.indicator["name"][language], " ".join((why, *gap.commands)))))
    columns = (Column(message("data.indicator", language)), Column(message("profile.gap_why", language), share=2))
    return Section(title, "", Table(columns, tuple(rows)))
