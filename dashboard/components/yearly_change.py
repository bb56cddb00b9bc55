"""What changed since the year before: a bar of how many rose and fell, who most, and changes of status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import current, data
from fuping.dashboard.components.figure import data_table
from fuping.dashboard.components.navigation import page_href
from fuping.dashboard.components.unit_panel import figure_text
from fuping.dashboard.i18n.formats import PERCENT, difference, inline, number, year_list
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.scope import NamedUnit
from fuping.dashboard.queries.since_last_year import Flow, Mover, SinceLastYear
from fuping.dashboard.state import ViewState
from fuping.spatial.cartography import diverging

__all__ = ["completeness", "share_bar", "unit_cell", "yearly_change"]

WORSE_UP = {"higher_is_worse": True, "higher_is_better": False, "neutral": None}


def unit_cell(view: ViewState, unit: NamedUnit) -> list[Any]:
    """Return a unit's name, which selects it, what it lies in, and the way to the map."""
    name = link(view, unit.name, {"unit": unit.code}, **current(chosen=unit.code == view.unit))
    shown = html.A(message("page.map", view.language), href=page_href("map", replace(view, unit=unit.code, extra=())))
    parent = [html.Small(unit.parent)] if unit.parent else []
    return [name, " ", *parent, " ", html.Small(shown, className="links")]


def share_bar(parts: Sequence[tuple[str, int, str]], language: str) -> html.Div:
    """Return a bar of shares and its key: the name of each part, its number, and its colour or ``hatch``."""
    total = sum(n for _, n, _ in parts) or 1
    fills = {colour: "var(--hatch)" if colour == "hatch" else colour for _, _, colour in parts}
    bar = [
        html.I(style={"width": f"{100 * n / total:.2f}%", "background": fills[colour]}) for _, n, colour in parts if n
    ]
    key = [
        html.Li([html.I(style={"background": fills[colour]}), html.Span([name, " ", html.B(number(n, 0, language))])])
        for name, n, colour in parts
    ]
    return html.Div([html.Div(bar, className="share-bar"), html.Ul(key, className="key")])


def completeness(found: SinceLastYear, level: Mapping[str, Any], language: str) -> html.P:
    """Return how many units have a figure in the year, and why the others have none."""
    n_missing = sum(found.missing.values())
    counts = {"n": number(found.n_now, 0, language), "total": number(found.n_now + n_missing, 0, language)}
    plural = inline(level["plural"][language], language)
    words = message("overview.complete", language, year=found.year, level=plural, **counts)
    reasons = [
        message(
            "overview.reason",
            language,
            reason=message(f"vocabulary.reason.{int(reason)}", language),
            n=number(n, 0, language),
        )
        for reason, n in found.missing.items()
    ]
    without = message("overview.without", language, reasons=message("format.join", language).join(reasons))
    return html.P([words, " ", without] if reasons else words, className="hint", **data(figure="complete"))


def yearly_change(reader: Reader, view: ViewState, found: SinceLastYear) -> list[Any]:
    """Return the content of the figure; or why nothing is compared."""
    language = view.language
    declared = reader.indicator(view.pack, view.indicator)
    if found.base is None:
        return [html.P(message("overview.first_year", language, year=found.year), className="told-why")]
    if found.crossed:
        years = {"base": found.base, "year": found.year, "crossed": year_list(found.crossed)}
        return [html.P(message("overview.crossed", language, **years), className="told-why")]
    if not found.compared:
        words = message("overview.none_compared", language, base=found.base, year=found.year)
        return [html.P(words, className="told-why")]
    if declared["categories"]:
        return _flows(view, found, declared)
    return [
        _counts(found, declared, language),
        *_clear(found, language),
        *_selected(view, found, declared),
        _movers(view, found, declared),
    ]


def _counts(found: SinceLastYear, declared: Mapping[str, Any], language: str) -> html.Div:
    fall, still, rise = diverging(1, 1, zero_class=True, higher_is_worse=WORSE_UP[declared["direction"]])
    parts = [
        (message("overview.rose", language), found.rose, rise),
        (message("overview.unchanged", language), found.unchanged, still),
        (message("overview.fell", language), found.fell, fall),
        (message("overview.unknown", language), found.unknown, "hatch"),
    ]
    return share_bar(parts, language)


def _clear(found: SinceLastYear, language: str) -> list[Any]:
    if found.clear_rises is None or found.clear_falls is None:
        return [html.P(message("overview.no_interval", language), className="hint")]
    counts = {"rises": number(found.clear_rises, 0, language), "falls": number(found.clear_falls, 0, language)}
    return [html.P(message("overview.clear", language, **counts), className="hint")]


def _selected(view: ViewState, found: SinceLastYear, declared: Mapping[str, Any]) -> list[Any]:
    one = found.selected
    if one is None:
        return []
    language = view.language
    words = message(
        "overview.selected",
        language,
        name=one.unit.name,
        before=figure_text(one.before, declared, language),
        after=figure_text(one.after, declared, language),
        change=difference(one.difference, declared["unit"][language], declared["decimals"], language),
    )
    return [html.P(words, className="selected-line")]


def _movers(view: ViewState, found: SinceLastYear, declared: Mapping[str, Any]) -> html.Div:
    language = view.language
    tables = []
    for name, movers in (("risers", found.risers), ("fallers", found.fallers)):
        title = html.H3(message(f"overview.{name}", language))
        body = (
            _table(view, found, declared, movers, name)
            if movers
            else html.P(message("overview.nobody", language), className="hint")
        )
        tables.append(html.Div([title, body]))
    return html.Div(tables, className="figures")


def _table(
    view: ViewState, found: SinceLastYear, declared: Mapping[str, Any], movers: Sequence[Mover], name: str
) -> Any:
    language, decimals = view.language, declared["decimals"]
    unit = message("overview.points", language) if declared["unit"][language] == PERCENT else declared["unit"][language]
    rows = [
        html.Tr(
            [
                html.Td(unit_cell(view, one.unit)),
                html.Td(number(one.before, decimals, language)),
                html.Td(number(one.after, decimals, language)),
                html.Td(
                    [
                        difference(one.difference, "", decimals, language),
                        "" if one.clear else html.Sup("*") if one.clear is False else "",
                    ]
                ),
            ],
            **current(chosen=one.unit.code == view.unit),
        )
        for one in movers
    ]
    head = ["", str(found.base), str(found.year), message("overview.change_in", language, unit=unit)]
    starred = (
        [html.P(message("overview.star", language), className="hint")]
        if any(one.clear is False for one in movers)
        else []
    )
    return html.Div([data_table(head, rows, name), *starred])


def _flows(view: ViewState, found: SinceLastYear, declared: Mapping[str, Any]) -> list[Any]:
    language = view.language
    moved = sum(one.n for one in found.flows)
    counts = {"moved": number(moved, 0, language), "same": number(found.unchanged, 0, language)}
    parts: list[Any] = [html.P(message("overview.moved", language, **counts), className="lead")]
    if found.selected and found.selected.unit.code == view.unit:
        one = found.selected
        names = {
            "name": one.unit.name,
            "before": figure_text(one.before, declared, language),
            "after": figure_text(one.after, declared, language),
        }
        parts.append(html.P(message("overview.selected_status", language, **names), className="selected-line"))
    if not moved:
        return parts
    rows = [
        html.Tr(
            [
                html.Td(
                    f"{figure_text(one.before, declared, language)} → {figure_text(one.after, declared, language)}"
                ),
                html.Td(number(one.n, 0, language)),
                html.Td(_units_of(view, one), className="words"),
            ]
        )
        for one in found.flows
    ]
    head = [message(f"overview.{key}", language) for key in ("flow", "units", "which")]
    shown = page_href("map", replace(view, kind="change", extra=()))
    return [
        *parts,
        data_table(head, rows, "flows"),
        html.P(html.A(message("overview.flows_map", language), href=shown)),
    ]


def _units_of(view: ViewState, one: Flow) -> list[Any]:
    language = view.language
    cells: list[Any] = []
    for unit in one.units:
        named = f"{unit.name}{message('format.bracket', language, text=unit.parent)}" if unit.parent else unit.name
        cells += [", " if language == "en" else "、"] if cells else []
        cells.append(link(view, named, {"unit": unit.code}, **current(chosen=unit.code == view.unit)))
    rest = one.n - len(one.units)
    return [*cells, message("overview.and_more", language, n=number(rest, 0, language))] if rest else cells
