"""The data page: what there is, where it is from, how complete it is, and how to take it away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash
from fuping.dashboard.adding import may_add_country
from fuping.dashboard.components import html
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.navigation import page_href
from fuping.dashboard.components.shell import command, document, fill_document
from fuping.dashboard.components.source_note import boundary_credit, cited
from fuping.dashboard.i18n.formats import day, inline, number, year_list
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.grids import grid_address, grids, source_of
from fuping.dashboard.queries.holdings import (
    Completeness,
    IndicatorHolding,
    SourceHolding,
    indicators_held,
    sources_held,
)
from fuping.dashboard.state import ViewState

__all__ = ["layout", "register"]

FORMS = ("csv", "xlsx", "parquet")
"""Formats that the page offers; those with geometry are large, so the command writes them."""


def layout(reader: Reader, search: str) -> html.Div:
    """Return the page's places; the callback fills them and follows the URL."""
    return document("data")


def register(app: dash.Dash, reader: Reader) -> None:
    """Add the page's callback."""
    fill_document(app, reader, "data", _content, follows="frame")


def _content(reader: Reader, view: ViewState) -> list[Any]:
    language = view.language
    catalogue = reader.catalogue(view.pack)
    built = message("data.built", language, date=day(catalogue["built_at"], language), id=reader.version(view.pack))
    return [
        html.H1(message("data.title", language, name=catalogue["pack"]["name"][language])),
        html.P(catalogue["pack"]["summary"][language], className="lead"),
        html.P(built, className="hint"),
        html.P(
            [
                html.A(message("data.quality", language), href=page_href("quality", view)),
                " · ",
                html.A(message("data.bring", language), href=page_href("supply", view)),
                *_adding(view),
            ]
        ),
        html.H2(message("data.indicators", language)),
        _indicators(reader, view),
        *_grids(reader, view),
        html.H2(message("data.sources", language)),
        _sources(sources_held(reader, view.pack), language),
        html.H2(message("note.boundaries", language)),
        html.P(boundary_credit(catalogue, language)),
        *(_lines(catalogue["lines"], language) if catalogue["lines"] else []),
    ]


def _adding(view: ViewState) -> list[Any]:
    if not may_add_country():
        return []
    return [" · ", html.A(message("country.add", view.language), href=page_href("add_country", view))]


def _table(head: list[str], rows: list[Any], **attributes: Any) -> html.Div:
    table = html.Table([html.Thead(html.Tr([html.Th(one) for one in head])), html.Tbody(rows)])
    return html.Div(table, className="wide-table", **attributes)


def _group(title: str, told: str, table: html.Div, *, opened: bool = False) -> html.Details:
    """Return a part of what there is, to be opened: all at once are 13,000 pixels on a phone."""
    return html.Details([html.Summary([html.B(title), html.Small(told)]), table], className="held", open=opened)


def _indicators(reader: Reader, view: ViewState) -> html.Div:
    language = view.language
    levels = {one["id"]: one["plural"][language] for one in reader.catalogue(view.pack)["levels"]}
    head = [message(f"data.{key}", language) for key in ("indicator", "level", "years", "complete", "take")]
    themes: dict[str, list[IndicatorHolding]] = {}
    for one in indicators_held(reader, view.pack):
        themes.setdefault(one.indicator["theme"][language], []).append(one)
    groups: list[Any] = []
    for theme, members in themes.items():
        rows = [_indicator(one, levels, view) for one in members]
        groups.append(_group(theme, _in_brief(members, language), _table(head, rows), opened=not groups))
    return html.Div(groups, **data(table="indicators"))


def _in_brief(members: list[IndicatorHolding], language: str) -> str:
    """Return how many indicators a theme has, of which years, and how many of them are not loaded."""
    closed = sum(not one.years for one in members)
    years = sorted({entry.year for one in members for entry in one.years})
    parts = [message("data.n_indicators", language, n=len(members))]
    parts += ["–".join(str(one) for one in dict.fromkeys((years[0], years[-1])))] if years else []
    parts += [message("data.n_not_loaded", language, n=closed)] if closed else []
    return " · ".join(parts)


def _indicator(held: IndicatorHolding, levels: dict[str, str], view: ViewState) -> html.Tr:
    language, one = view.language, held.indicator
    name: Any = html.Span(one["name"][language])
    if not held.years:
        told: list[Any] = [message("data.not_loaded", language), *(command(text) for text in held.commands)]
        cells = [html.Td([name, _unit(one, language)]), html.Td(told, colSpan=4, className="not-loaded-cell")]
        return html.Tr(cells, className="closed")
    shown = view.href(indicator=one["id"], level=held.level, year=held.years[-1].year)
    links = [
        html.A(form.upper(), href=f"/export/{view.pack}/{held.level}/{one['id']}.{form}", download="") for form in FORMS
    ]
    return html.Tr(
        [
            html.Td([html.A(name, href=f"/{shown}"), _unit(one, language)]),
            html.Td(levels[held.level]),
            html.Td(year_list(entry.year for entry in held.years)),
            html.Td(_complete(held.years[-1], language)),
            html.Td(links, className="take"),
        ]
    )


def _unit(indicator: Any, language: str) -> html.Small:
    return html.Small(f" {indicator['unit'][language]}")


def _complete(last: Completeness, language: str) -> list[Any]:
    counts = {"n": number(last.observed, 0, language), "total": number(last.expected, 0, language)}
    reasons = [
        f"{message(f'vocabulary.reason.{reason}', language)} {number(count, 0, language)}"
        for reason, count in last.missing.items()
    ]
    bar = html.Span(html.I(style={"width": f"{100 * last.share:.1f}%"}), className="bar")
    text = message("data.complete_of", language, year=last.year, **counts)
    return [bar, html.Span(text), html.Small(message("format.join", language).join(reasons))]


def _grids(reader: Reader, view: ViewState) -> list[Any]:
    language = view.language
    rows = []
    for one in grids(reader, view.pack):
        source = source_of(reader, view.pack, one)
        shown = page_href("map", view) + f"&grid={one['id']}"
        size = message("data.kilobytes", language, n=number(one["bytes"] / 1000, 0, language))
        unit = one["unit"][language] if one["unit"] else message("data.classes", language)
        rows.append(
            html.Tr(
                [
                    html.Td([html.A(one["name"][language], href=shown), html.Small(f" {unit}")]),
                    html.Td([cited(source, language), html.Small(source["licence"])]),
                    html.Td(str(one["year"])),
                    html.Td(html.A("GeoTIFF", href=f"{grid_address(view.pack, one)}.tif", download="")),
                    html.Td(size),
                ]
            )
        )
    if not rows:
        return []
    head = [message(f"data.{key}", language) for key in ("grid", "source", "year", "take", "size")]
    told = message("data.n_grids", language, n=len(rows))
    return [_group(message("data.grids", language), told, _table(head, rows, **data(table="grids")))]


def _sources(held: list[SourceHolding], language: str) -> html.Div:
    head = [message(f"data.{key}", language) for key in ("source", "publisher")]
    head += [message("note.licence", language), message("note.status", language), message("data.state", language)]
    groups = []
    for key, loaded in (("data.loaded", True), ("data.not_loaded", False)):
        rows = [_source(one.source, language) for one in held if one.source["loaded"] is loaded]
        if rows:
            told = message("data.n_sources", language, n=len(rows))
            groups.append(_group(message(key, language), told, _table(head, rows)))
    return html.Div(groups, **data(table="sources"))


def _source(source: Mapping[str, Any], language: str) -> html.Tr:
    about: Any = source["title"][language]
    if source["url"]:
        about = html.A(about, href=source["url"], target="_blank", rel="noopener noreferrer")
    state: list[Any] = [message("data.loaded" if source["loaded"] else "data.not_loaded", language)]
    state.append(html.Small(f"sha256 {source['sha256'][:12]}…") if source["sha256"] and source["loaded"] else "")
    pinned = source.get("pinned_on")
    state.append(html.Small(message("data.pinned", language, on=day(pinned, language))) if pinned else "")
    state.append("" if source["loaded"] else command(source["load_command"]))
    warnings = [message(f"vocabulary.warning.{word}", language) for word in source["warnings"]]
    status = message(f"vocabulary.status.{source['status']}", language)
    return html.Tr(
        [
            html.Td([about, html.Small(source["citation"])]),
            html.Td([source["publisher"][language], html.Small(str(source["year"] or ""))]),
            html.Td(source["licence"]),
            html.Td([status, html.Small("; ".join(warnings))]),
            html.Td(state, className="not-loaded-cell"),
        ]
    )


def _lines(lines: list[dict[str, Any]], language: str) -> list[Any]:
    rows = [
        html.Tr(
            [
                html.Td(line["name"][language]),
                html.Td(str(value["year"])),
                html.Td(f"{number(value['value'], 0, language)} {inline(line['unit'][language], language)}"),
                html.Td(message(f"vocabulary.status.{value['status']}", language)),
                html.Td(value["reference"], lang="en"),
            ]
        )
        for line in lines
        for value in line["values"]
    ]
    head = [message(f"data.{key}", language) for key in ("line", "year", "value", "sure", "reference")]
    return [html.H2(message("data.lines", language)), _table(head, rows, **data(table="lines"))]
