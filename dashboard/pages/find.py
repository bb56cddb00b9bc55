"""The page that finds places by conditions on their figures: a map, a list, and the list as a file."""

from __future__ import annotations

from typing import Any, get_args
from urllib.parse import urlencode

import dash
from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.area_bar import area_name
from fuping.dashboard.components.attributes import aria, current, data
from fuping.dashboard.components.field import Field, level_field
from fuping.dashboard.components.figure import data_table, figure
from fuping.dashboard.components.shell import document, fill_document
from fuping.dashboard.components.source_note import boundary_credit, source_note
from fuping.dashboard.components.thematic_map import thematic_map
from fuping.dashboard.components.unit_panel import figure_text
from fuping.dashboard.i18n.formats import inline, number
from fuping.dashboard.i18n.messages import LANGUAGES, message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.conditions import (
    MOST_CONDITIONS,
    Condition,
    Found,
    Operator,
    find,
    found_layer,
)
from fuping.dashboard.queries.sources import NoteFacts, note_facts
from fuping.dashboard.state import ViewState

__all__ = ["layout", "register"]

MOST_ROWS = 200
"""Rows that the page lists; the file has all."""

FIGURES: tuple[Operator, ...] = ("above", "at_least", "at_most", "below")


def layout(reader: Reader, search: str) -> html.Div:
    """Return the page's places; the callback fills them and follows the URL."""
    return document("find")


def register(app: dash.Dash, reader: Reader) -> None:
    """Add the page's callback."""
    fill_document(app, reader, "find", _content)


def _content(reader: Reader, view: ViewState) -> list[Any]:
    language = view.language
    found = find(reader, view)
    parts: list[Any] = [
        html.H1(message("find.title", language)),
        html.P(message("find.what", language), className="lead"),
        html.Div([level_field(reader, view, several_only=True)], className="fields"),
        html.Ul([_condition(reader, view, found, one) for one in found.conditions], className="conditions"),
    ]
    if len(found.conditions) < MOST_CONDITIONS:
        parts.append(_adding(reader, view, found))
    if not found.conditions:
        return [*parts, html.P(message("find.none", language), className="hint")]
    return [*parts, *_told(reader, view, found), *_results(reader, view, found)]


def _words(reader: Reader, view: ViewState, one: Condition) -> str:
    declared = reader.indicator(view.pack, one.indicator)
    return message(
        f"find.{one.operator}",
        view.language,
        name=declared["name"][view.language],
        value=figure_text(one.value, declared, view.language),
        year=one.year,
    )


def _condition(reader: Reader, view: ViewState, found: Found, one: Condition) -> html.Li:
    rest = ";".join(other.written() for other in found.conditions if other != one)
    words = message("find.remove", view.language)
    close = link(view, "✕", {"where": rest}, className="close", title=words, **aria(label=words))
    return html.Li([_words(reader, view, one), close])


def _adding(reader: Reader, view: ViewState, found: Found) -> html.Div:
    """Return the fields of the next condition and the link that adds it."""
    language = view.language
    offered = [
        one
        for one in reader.catalogue(view.pack)["indicators"]
        if one["shown"] and one["levels"].get(view.level, {}).get("n_values")
    ]
    by = view.option("by", [one["id"] for one in offered], view.indicator)
    declared = next((one for one in offered if one["id"] == by), offered[0])
    years = declared["levels"][view.level]["years"]
    year = view.option("in", [str(one) for one in years], str(years[-1]))
    categories = declared["categories"]
    operators = get_args(Operator)[len(FIGURES) :] if categories else FIGURES
    operator = view.option("op", operators, operators[0])
    named = [(one["id"], one["name"][language]) for one in offered]
    compared = [(one, message(f"find.op.{one}", language)) for one in operators]
    fields = [
        _select("by", "data.indicator", named, declared["id"], view),
        _select("op", "find.operator", compared, operator, view),
    ]
    if categories:
        codes = [(f"{one['code']:g}", one["name"][language]) for one in categories]
        value = view.option("than", [code for code, _ in codes], codes[0][0])
        fields.append(_select("than", "find.value", codes, value, view))
    else:
        typed = view.amount("than", float("nan"), low=-1e15, high=1e15)
        value = "" if typed != typed else f"{typed:g}"
        label = f"{message('find.value', language)} ({declared['unit'][language]})"
        fields.append(Field(id="find-than", param="than", label=label, kind="number", value=value, step="any"))
    fields.append(_select("in", "note.year", [(str(one), str(one)) for one in reversed(years)], year, view))
    add: Any = html.Span(message("find.needs_value", language), className="hint")
    if value:
        new = Condition(declared["id"], operator, float(value), int(year))  # type: ignore[arg-type]
        where = ";".join(dict.fromkeys([*(one.written() for one in found.conditions), new.written()]))
        cleared = dict.fromkeys(("by", "op", "than", "in"), "")
        add = link(view, message("find.add", language), {"where": where, **cleared}, className="button", id="find-add")
    return html.Div([*fields, add], className="fields")


def _select(param: str, label: str, options: list[tuple[str, str]], value: str, view: ViewState) -> Field:
    clears = {"by": ["op", "than", "in"]}.get(param, [])
    return Field(
        id=f"find-{param}",
        param=param,
        label=message(label, view.language),
        kind="select",
        value=value,
        options=[{"value": one, "label": words} for one, words in options],
        clears=clears,
    )


def _told(reader: Reader, view: ViewState, found: Found) -> list[html.P]:
    language = view.language
    counts = {
        "n": number(found.count(1), 0, language),
        "total": number(int(found.inside.sum()), 0, language),
        "level": inline(reader.level(view.pack, view.level)["plural"][language], language),
        "area": area_name(reader, view),
    }
    told = [html.P(message("find.told", language, **counts), className="lead", role="status")]
    if found.count(-1):
        told.append(html.P(message("find.unknown", language, n=number(found.count(-1), 0, language))))
    return told


def _results(reader: Reader, view: ViewState, found: Found) -> list[Any]:
    language = view.language
    names = {answer: {each: message(f"find.answer.{answer}", each) for each in LANGUAGES} for answer in ("yes", "no")}
    layer, values = found_layer(found, names)
    title = message("find.map", language)
    drawn = thematic_map(reader, view, layer, values, name="find", title=title)
    credit = boundary_credit(reader.catalogue(view.pack), language)
    note = source_note(_note(reader, view, found), language, boundaries=credit)
    return [
        figure("find-map", title, drawn, note, language),
        figure("find-list", message("find.list", language), _list(reader, view, found), note, language),
    ]


def _note(reader: Reader, view: ViewState, found: Found) -> NoteFacts:
    years: dict[str, list[int]] = {}
    for one in found.conditions:
        years.setdefault(one.indicator, []).append(one.year)
    return note_facts(reader, view.pack, view.level, years)


def _list(reader: Reader, view: ViewState, found: Found) -> list[Any]:
    language = view.language
    units = reader.units(view.pack, view.level)
    met = [at for at, answer in enumerate(found.answer) if answer == 1 and found.inside[at]]
    declared = [reader.indicator(view.pack, one.indicator) for one in found.conditions]
    rows = []
    for at in met[:MOST_ROWS]:
        name = link(view, units[f"name_{language}"][at], {"unit": units["code"][at]})
        cells = [figure_text(row[at], one, language) for row, one in zip(found.values, declared, strict=True)]
        chosen = units["code"][at] == view.unit
        rows.append(html.Tr([html.Td(name), *(html.Td(cell) for cell in cells)], **current(chosen=chosen)))
    heads = [f"{each['name'][language]}, {one.year}" for each, one in zip(declared, found.conditions, strict=True)]
    table = data_table([reader.level(view.pack, view.level)["name"][language], *heads], rows, "found")
    told = [html.P(message("find.first", language, n=MOST_ROWS), className="hint")] if len(met) > MOST_ROWS else []
    asked = {key: one for key, one in view.to_query().items() if key in ("level", "within", "where", "indicator")}
    href = f"/found/{view.pack}.csv?{urlencode(asked)}"
    take = html.A(message("find.take", language), href=href, download="", **data(take="csv"))
    return [*told, table, html.P(take, className="hint")]
