"""The watch-list: which units to look at first and why, in three grades of colour that are also words."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pandas as pd
from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import aria, current, data
from fuping.dashboard.components.figure import figure
from fuping.dashboard.components.pager import pager
from fuping.dashboard.components.status_figures import note
from fuping.dashboard.i18n.formats import difference, inline, number, year_list
from fuping.dashboard.i18n.formats import figure as written
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.i18n.sentences import clauses, sentences
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.watching import ORDERS, Watch, ordered, unit_names, watch
from fuping.dashboard.state import ViewState

__all__ = ["interval_text", "severity_mark", "watch_figure"]

ROWS = 50

SORTED = {"severity": "severity", "unit": "name", "margin": "margin", "since": "since"}
"""Column → the order that its head sets."""


def interval_text(value: float, low: float, high: float, declared: Any, language: str) -> list[Any]:
    """Return a figure with its interval below it, where it has one."""
    unit, decimals = declared["unit"][language], declared["decimals"]
    shown: list[Any] = [written(value, unit, decimals, language)]
    if low == low and high == high:
        span = f"{number(low, decimals, language)}–{number(high, decimals, language)}"
        shown.append(html.Small(message("map.interval", language, interval=span)))
    return shown


def watch_figure(reader: Reader, view: ViewState) -> html.Section:
    """Return the watch-list of the last reading, or why there can be none."""
    language = view.language
    title = message("identification.watch", language)
    listed = watch(reader, view)
    if listed is None:
        why = message("identification.watch_declared", language)
        return figure("watch", title, html.P(why, className="not-told"), [], language)
    found = listed.found
    title = message("identification.watch_in", language, year=found.year)
    body: list[Any] = [html.P(_words(reader, view, listed), className="told"), _counts(found.counts, language)]
    if len(found.table):
        body += _table(reader, view, listed)
    hint = [message("identification.watch_hint", language), _trend_words(listed, language)]
    return figure("watch", title, body, note(reader, view, (found.year,)), language, hint=sentences(hint, language))


def _trend_words(listed: Watch, language: str) -> str:
    if not listed.trend_years:
        return message("identification.no_trend", language)
    return message("identification.trend", language, years=year_list(listed.trend_years), n=len(listed.trend_years))


def _words(reader: Reader, view: ViewState, listed: Watch) -> str:
    language, found = view.language, listed.found
    counted = inline(reader.level(view.pack, view.level)["plural"][language], language)
    values = {
        "n": number(len(found.table), 0, language),
        "poor": number(found.n_poor, 0, language),
        "unlisted": number(found.n_poor_unlisted, 0, language),
        "missing": number(len(found.missing), 0, language),
        "units": counted,
    }
    return message("identification.watch_words", language, **values)


def severity_mark(severity: str, language: str, text: str = "") -> html.Span:
    """Return a severity as a colour, a shape and a word."""
    words = message(f"identification.severity.{severity}", language)
    mark = html.I(className=f"grade {severity}", **aria(hidden="true"))
    return html.Span([mark, f"{words}{text}"], className="graded")


def _counts(counts: Any, language: str) -> html.P:
    marks: list[Any] = []
    for severity, n in counts.items():
        marks.append(severity_mark(severity, language, f" {number(n, 0, language)}"))
    return html.P(marks, className="grades")


def _table(reader: Reader, view: ViewState, listed: Watch) -> list[Any]:
    language, table = view.language, listed.found.table
    codes = reader.units(view.pack, view.level)["code"]
    names, above = unit_names(reader, view.pack, view.level, language)
    called = dict(zip(codes, zip(names, above, strict=True), strict=True))
    order = view.option("order", ORDERS, "severity")
    rows = ordered(table, order, {code: one[0] for code, one in called.items()}, language)
    pages = -(-len(rows) // ROWS)
    page = round(view.amount("part", 1, low=1, high=pages))
    declared = reader.indicator(view.pack, view.indicator)
    shown = rows.iloc[(page - 1) * ROWS : page * ROWS]
    body = [_row(view, row, called[row["unit"]], declared) for _, row in shown.iterrows()]
    columns = ("severity", "unit", "status", "value", "margin", "reasons", "since")
    head = [html.Th(_head(view, column, order), scope="col") for column in columns]
    listing = html.Table([html.Thead(html.Tr(head)), html.Tbody(body)])
    query = urlencode(view.to_query())
    file = html.A(
        message("identification.watch_csv", language),
        href=f"/watch/{view.pack}/{view.level}/{view.indicator}.csv?{query}",
        download="",
    )
    parts: list[Any] = [html.Div(listing, className="figure-table watch", tabIndex=0, **data(table="watch"))]
    return [*parts, html.P([file, *pager(view, page, pages)], className="pager watch-foot")]


def _head(view: ViewState, column: str, order: str) -> Any:
    words = message(f"identification.watch_{column}", view.language)
    if column not in SORTED:
        return words
    return link(view, words, {"order": SORTED[column], "part": ""}, **current(chosen=SORTED[column] == order))


def _row(view: ViewState, row: pd.Series, called: tuple[str, str], declared: Any) -> html.Tr:
    language = view.language
    name = link(view, called[0], {"unit": row["unit"]})
    reasons = [message(f"identification.reason.{one.replace(' ', '_')}", language) for one in row["reasons"]]
    unit, decimals = declared["unit"][language], declared["decimals"]
    cells = [
        html.Td(severity_mark(row["severity"], language)),
        html.Td([name, html.Small(called[1])] if called[1] else name, className="words"),
        html.Td(message(f"identification.state.{row['status'].replace(' ', '_')}", language), className="words"),
        html.Td(interval_text(row["value"], row["low"], row["high"], declared, language)),
        html.Td(difference(row["margin"], unit, decimals, language)),
        html.Td(clauses(reasons, language), className="words"),
        html.Td("–" if pd.isna(row["since"]) else str(row["since"])),
    ]
    return html.Tr(cells, **current(chosen=row["unit"] == view.unit))
