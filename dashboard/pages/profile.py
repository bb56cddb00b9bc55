"""The profile page: one unit of any level, beside its peers and neighbours, on a page that prints."""

from __future__ import annotations

from typing import Any

import dash
import numpy as np
from fuping.dashboard.components import html
from fuping.dashboard.components import profile_parts as words
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import current
from fuping.dashboard.components.figure import chart, data_table, figure, line_mark
from fuping.dashboard.components.profile_alerts import alerts_of_place
from fuping.dashboard.components.profile_head import place_search, profile_head
from fuping.dashboard.components.profile_history import gaps, profile_note, projects, statuses
from fuping.dashboard.components.shell import document, fill_document
from fuping.dashboard.components.unit_panel import figure_text
from fuping.dashboard.figures.profile_trend import LINES, profile_trend, profile_trend_on_paper
from fuping.dashboard.figures.strip import strip
from fuping.dashboard.figures.svg import data_uri
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.profile import Benchmark, Profile, profile
from fuping.dashboard.queries.profile_series import ProfileSeries, profile_series
from fuping.dashboard.state import OWN_CLASSES, ViewState

__all__ = ["layout", "register"]

FEW = 10
"""To begin with, the country is offered, and the units of the first level that has as many."""


def layout(reader: Reader, search: str) -> html.Div:
    """Return the page's places; the callback fills them and follows the URL."""
    return document("profile")


def register(app: dash.Dash, reader: Reader) -> None:
    """Add the page's callback."""
    fill_document(app, reader, "profile", _content, follows="place")


def _content(reader: Reader, view: ViewState) -> list[Any]:
    found = profile(reader, view)
    if found is None:
        return _empty(reader, view)
    beside = [one for one in (statuses(reader, found), projects(reader, found)) if one]
    columns = [one for one in (_trend(reader, found), html.Div(beside) if beside else None) if one]
    return [
        profile_head(reader, view, found),
        *_benchmarks(reader, found),
        html.Div(columns, className="figures profile-columns"),
        *alerts_of_place(reader, found),
        *_neighbours(reader, found),
        gaps(found),
    ]


def _empty(reader: Reader, view: ViewState) -> list[Any]:
    language = view.language
    parts: list[Any] = [html.H1(message("profile.title", language))]
    if view.unit:
        parts.append(html.P(message("compare.unknown", language, code=view.unit), role="alert"))
    parts += [html.P(message("profile.lead", language), className="lead")]
    parts.append(place_search(view, message("profile.choose", language)))
    levels = reader.catalogue(view.pack)["levels"]
    offered = [levels[0], *(one for one in levels if one["n_units"] >= FEW)][:2]
    links: list[Any] = []
    for level in offered:
        units = reader.units(view.pack, level["id"])
        for code, name in zip(units["code"], units[f"name_{language}"], strict=True):
            links.append(link(view, name, {"unit": code}, className="suggestion"))
    return [*parts, html.P([message("profile.start", language), *links], className="hint profile-start")]


def _benchmarks(reader: Reader, found: Profile) -> list[html.Section]:
    if not found.benchmarks:
        return []
    language = found.view.language
    head = [message("data.indicator", language), found.place.name, message("note.year", language)]
    ranked = found.n_peers > 0
    above = [one for one in (found.parent, found.nation) if one]
    if ranked:
        head += [message(f"profile.{key}", language) for key in ("rank", "position", "median")]
    head += [one.name for one in above]
    rows = [_benchmark(one, found, ranked, len(above)) for one in found.benchmarks]
    title = message("profile.benchmarks", language)
    note = profile_note(reader, found, {one.indicator["id"]: [one.figure.year] for one in found.benchmarks})
    table = data_table(head, rows, "benchmarks")
    return [figure("benchmarks", title, table, note, language, hint=words.benchmark_hint(reader, found))]


def _benchmark(one: Benchmark, found: Profile, ranked: bool, n_above: int) -> html.Tr:
    language, declared = found.view.language, one.indicator
    unit = declared["unit"][language]
    name = link(found.view, declared["name"][language], OWN_CLASSES | {"indicator": declared["id"]})
    first = [name, html.Small(f" {unit}")] if unit != "%" else [name]
    cells = [
        html.Td(first),
        html.Td(html.B(words.plain_figure(one.figure.value, declared, language))),
        html.Td(one.figure.year),
    ]
    if ranked:
        picture: Any = "–"
        if one.rank:
            label = words.strip_label(one, found)
            picture = html.Img(src=data_uri(strip(one.peers, one.figure.value, label=label)), alt=label, title=label)
        cells += [html.Td(words.rank_text(one, language)), html.Td(picture, className="strip")]
        cells.append(html.Td(words.plain_figure(one.median, declared, language)))
    above = ([one.parent] if n_above > 1 else []) + ([one.nation] if n_above else [])
    cells += [html.Td(words.plain_figure(value, declared, language)) for value in above]
    return html.Tr(cells, **current(chosen=declared["id"] == found.view.indicator))


def _trend(reader: Reader, found: Profile) -> html.Section | None:
    if found.trend is None:
        return None
    language = found.view.language
    declared = reader.indicator(found.view.pack, found.trend)
    lines = [(words.line_name(reader, one, found), one) for one in profile_series(reader, found)]
    title = message("profile.trend", language, indicator=declared["name"][language])
    paper = profile_trend_on_paper(lines, declared, language, width=250, height=120, label=title)
    key = [html.Li([_mark(one), name]) for name, one in lines]
    body = [
        html.Div(chart(profile_trend(lines, declared, language), title, height=260), className="on-screen"),
        html.Ul(key, className="key on-screen"),
        html.Img(src=data_uri(paper), alt=title, className="on-paper"),
    ]
    years = [year for year, value in zip(lines[0][1].years, lines[0][1].values, strict=True) if np.isfinite(value)]
    note = profile_note(reader, found, {found.trend: years})
    hint = words.years_note([one for _, one in lines], declared, language)
    return figure(
        "trend", title, body, note, language, hint=hint, table=_trend_table(lines, declared, language), saved=True
    )


def _mark(one: ProfileSeries) -> html.I:
    colour, width, dash = LINES[one.role]
    return line_mark(colour, dash, width)


def _trend_table(lines: list[tuple[str, ProfileSeries]], declared: dict[str, Any], language: str) -> html.Div:
    rows = []
    for year in sorted({year for _, one in lines for year in one.years}, reverse=True):
        cells = [dict(zip(one.years, one.values, strict=True)).get(year, np.nan) for _, one in lines]
        rows.append([str(year), *(words.plain_figure(float(value), declared, language) for value in cells)])
    return data_table([message("note.year", language), *(name for name, _ in lines)], rows, "trend")


def _neighbours(reader: Reader, found: Profile) -> list[html.Section]:
    language, table = found.view.language, found.neighbours
    if not found.benchmarks or not found.above:
        return []
    title = message("profile.neighbours", language)
    if len(table.rows) < 2:
        hint = message("profile.no_neighbours", language, name=found.place.name)
        return [figure("neighbours", title, html.P(hint, className="hint"), [], language)]
    units = [one for one, _ in table.rows]
    head = [message("data.indicator", language), *(link(found.view, one.name, {"unit": one.code}) for one in units)]
    rows = []
    for at, column in enumerate(table.columns):
        unit = column.indicator["unit"][language]
        below = f"{column.year}" if unit == "%" else f"{unit}, {column.year}"
        figures = [
            html.Td(
                words.cell_text(cells[at], column.indicator, language),
                title=figure_text(cells[at].value, column.indicator, language) if np.isfinite(cells[at].value) else "",
                className="chosen" if one.code == found.place.code else "",
            )
            for one, cells in table.rows
        ]
        rows.append(html.Tr([html.Td([column.indicator["name"][language], html.Small(f" {below}")]), *figures]))
    codes = reader.units(found.view.pack, found.place.level)["code"]
    shown = {column.indicator["id"]: [column.year] for column in table.columns}
    note = profile_note(reader, found, shown, [codes.index(one.code) for one, _ in table.rows])
    level = words.level_words(reader, found.view.pack, found.place.level, language)
    told = message("profile.neighbours_hint", language, n=len(table.rows) - 1, level=level, name=found.place.name)
    body = [data_table(head, rows, "neighbours"), html.P(words.missing_words(table, language), className="hint")]
    return [figure("neighbours", title, body, note, language, hint=told)]
