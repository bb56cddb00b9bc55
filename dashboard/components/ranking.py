"""The table of all units of the level in the year, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.area_bar import area_name
from fuping.dashboard.components.attributes import aria, current, data
from fuping.dashboard.components.legend.kinds import kind_title
from fuping.dashboard.components.source_note import source_note
from fuping.dashboard.i18n.formats import PERCENT, difference, inline, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.kinds import years_shown
from fuping.dashboard.queries.places import Place
from fuping.dashboard.queries.ranking import PAGE_ROWS, RankedRow, RankedTable
from fuping.dashboard.queries.shown import MapLayer, ShownLayer
from fuping.dashboard.queries.sources import classed_facts, note_facts
from fuping.dashboard.state import Sort, ViewState

__all__ = ["part_table", "ranking"]

MOST_COLUMNS = 3


def ranking(reader: Reader, view: ViewState, table: RankedTable, layer: MapLayer) -> list[Any]:
    """Return the table of a view."""
    language = view.language
    declared = reader.indicator(view.pack, view.indicator)
    level = reader.level(view.pack, view.level)["plural"][language]
    title = message("table.title", language, level=level, area=area_name(reader, view), year=view.year)
    counted = message(
        "table.counted",
        language,
        n=number(table.n_listed, 0, language),
        total=number(table.n_units, 0, language),
        missing=number(table.n_missing, 0, language),
    )
    second = reader.indicator(view.pack, view.second) if view.second else None
    rows = [_row(one, view, declared, second, layer.shown, selected=one.code == view.unit) for one in table.rows]
    pinned = []
    if table.selected and all(one.code != view.unit for one in table.rows):
        pinned = [_row(table.selected, view, declared, second, layer.shown, selected=True)]
    note = note_facts(reader, view.pack, view.level, years_shown(reader, view))
    return [
        html.Div([html.H2(title), html.P([kind_title(reader, view), " · ", counted], className="hint")]),
        html.Table(
            [
                html.Thead(html.Tr(_head(view, table, declared, second))),
                html.Tbody([*pinned, *rows]) if rows else html.Tbody(_empty(view)),
            ],
            className="ranking pair" if second else "ranking",
        ),
        _pager(view, table),
        source_note(classed_facts(note, view), language, show_unit=not declared["categories"]),
    ]


def _empty(view: ViewState) -> html.Tr:
    undo = link(view, message("table.undo", view.language), {"only": "", "within": "", "drawn": "", "page": ""})
    return html.Tr(html.Td([message("table.empty", view.language), " ", undo], colSpan=4))


def _head(
    view: ViewState, table: RankedTable, declared: Mapping[str, Any], second: Mapping[str, Any] | None
) -> list[html.Th]:
    language, unit = view.language, declared["unit"][view.language]
    if declared["categories"]:
        return [
            _sorter(view, message("table.unit", language), "name", "name", span=2),
            _sorter(view, message("table.status", language), "high", "low"),
        ]
    if second:
        titles = [
            message("table.second", language, name=one["name"][language], unit=one["unit"][language], year=year)
            for one, year in ((declared, view.year), (second, table.second_year))
        ]
        return [
            _sorter(view, message("table.unit", language), "name", "name", span=2),
            _sorter(view, titles[0], "high", "low"),
            _sorter(view, titles[1], "second_high", "second_low"),
        ]
    change = message("table.change_none", language)
    if table.base:
        key = "table.change_points" if unit == PERCENT else "table.change"
        change = message(key, language, first=table.base, last=view.year)
    return [
        html.Th(message("table.rank", language), scope="col"),
        _sorter(view, message("table.unit", language), "name", "name"),
        _sorter(view, unit[:1].upper() + unit[1:], "high", "low"),
        _sorter(view, change, "change_high", "change_low"),
    ]


def _sorter(view: ViewState, words: Any, first: Sort, second: Sort, *, span: int = 1) -> html.Th:
    """Return a heading that sorts one way, and the other where it already does."""
    wanted = second if view.sort == first else first
    order = "descending" if view.sort == first and first != "name" else "ascending"
    state = aria(sort=order) if view.sort in (first, second) else {}
    arrow = {"descending": " ↓", "ascending": " ↑"}.get(state.get("aria-sort", ""), "")
    return html.Th(link(view, [words, arrow], {"sort": wanted, "page": ""}), scope="col", colSpan=span, **state)


def _row(
    one: RankedRow,
    view: ViewState,
    declared: Mapping[str, Any],
    second: Mapping[str, Any] | None,
    layer: ShownLayer,
    *,
    selected: bool,
) -> html.Tr:
    language, decimals = view.language, declared["decimals"]
    swatch = html.I(className="swatch hatch")
    if one.category >= 0:
        entry = layer.entries[one.category]
        plain = html.I(className="swatch", style={"background": entry.colour})
        swatch = html.I(className="swatch outside") if entry.outside else plain
    name = [link(view, one.name, {"unit": one.code, "side": "table"}), html.Small(one.parent)]
    marked = current(chosen=selected)
    wide = 2 if declared["categories"] or second else 1
    if one.category < 0:
        reason = message(f"vocabulary.reason.{int(one.reason)}", language)
        words = message("format.missing", language, reason=reason)
        cells = [html.Td(name), html.Td([swatch, words], colSpan=2, className="none")]
        return html.Tr([html.Td("–"), *cells], **marked)
    if declared["categories"]:
        value = (layer.entries[one.category].name or {})[language]
        return html.Tr([html.Td(name, colSpan=wide), html.Td([swatch, value], className="word")], **marked)
    value = number(one.value, decimals, language)
    if second:
        other = number(one.second, second["decimals"], language)
        return html.Tr([html.Td(name, colSpan=wide), html.Td([swatch, value]), html.Td(other)], **marked)
    change = "–" if np.isnan(one.difference) else difference(one.difference, "", decimals, language)
    figures: list[list[Any]] = [[value], [swatch, change]] if view.kind == "change" else [[swatch, value], [change]]
    position = html.Td(number(one.position or 0, 0, language))
    return html.Tr([position, html.Td(name), *(html.Td(cell) for cell in figures)], **marked)


def _pager(view: ViewState, table: RankedTable) -> html.Div:
    language = view.language
    first = (table.page - 1) * PAGE_ROWS + 1
    span = message(
        "table.page",
        language,
        first=number(min(first, table.n_listed), 0, language),
        last=number(min(first + PAGE_ROWS - 1, table.n_listed), 0, language),
        total=number(table.n_listed, 0, language),
    )
    steps: list[Any] = []
    for key, page in (("table.back", table.page - 1), ("table.next", table.page + 1)):
        words = message(key, language)
        inside = 1 <= page <= table.pages
        steps.append(link(view, words, {"page": str(page)}) if inside else html.Span(words, className="closed"))
    return html.Div([steps[0], html.Span(span), steps[1]], className="pager")


def part_table(reader: Reader, view: ViewState, layer: ShownLayer, parts: list[tuple[Place, tuple[int, ...]]]) -> Any:
    """Return how many units of each part of the country are in each category; nothing where these are many."""
    shown = layer.entries[:-1]
    if not parts or not 0 < len(shown) <= MOST_COLUMNS:
        return None
    language = view.language
    level = reader.level(view.pack, parts[0][0].level)["name"][language]
    head = [level, *((one.name or {})[language] for one in shown)]
    body = [
        html.Tr(
            [
                html.Td(link(view, part.name, {"within": part.code, "page": ""})),
                *(html.Td(number(count, 0, language)) for count in counts),
            ]
        )
        for part, counts in parts
    ]
    total = [sum(counts[column] for _, counts in parts) for column in range(len(shown))]
    foot = html.Tr([html.Th(message("table.total", language)), *(html.Th(number(one, 0, language)) for one in total)])
    table = html.Table([html.Thead(html.Tr([html.Th(one) for one in head])), html.Tbody(body), html.Tfoot(foot)])
    title = message("table.by_part", language, level=inline(level, language), year=view.year)
    return html.Details([html.Summary(title), table], className="parts", **data(figure="parts"))
