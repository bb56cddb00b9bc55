"""A status over the years: stacked counts, how many moved in each year, and the history of the selected unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from fuping.dashboard.components import html
from fuping.dashboard.components.field import Field
from fuping.dashboard.components.figure import chart, data_table, figure
from fuping.dashboard.components.source_note import source_note
from fuping.dashboard.components.unit_panel import figure_text
from fuping.dashboard.figures.status_bars import status_bars
from fuping.dashboard.i18n.formats import inline, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.scope import named
from fuping.dashboard.queries.shown import category_colours
from fuping.dashboard.queries.sources import note_facts
from fuping.dashboard.queries.spread import Spread, StatusYears, status_years
from fuping.dashboard.state import ViewState

__all__ = ["status_trend"]


def status_trend(reader: Reader, view: ViewState, found: Spread) -> list[Any]:
    """Return the figures of a status, and why it has no lines, ranks or convergence."""
    language = view.language
    declared = reader.indicator(view.pack, view.indicator)
    told = status_years(declared, found)
    colours = category_colours(declared)
    listed_only = view.option("all", ["1"], "") != "1"
    missing = message("legend.missing", language)
    drawn = status_bars(told, declared, colours, language, missing=missing, listed_only=listed_only)
    plural = reader.level(view.pack, view.level)["plural"][language]
    last = declared["categories"][-1]["name"][language]
    shown = declared["categories"][:-1] if listed_only else declared["categories"]
    key = html.Ul(
        [
            html.Li([html.I(style={"background": colour}), one["name"][language]])
            for one, colour in zip(shown, colours, strict=False)
        ],
        className="key",
    )
    title = message("trends.statuses", language, level=plural)
    without = message("trends.without_last", language, name=last) if listed_only else ""
    facts = note_facts(
        reader, view.pack, view.level, {view.indicator: list(found.years)}, unit=[int(one) for one in found.places]
    )
    note = source_note(facts, language, show_unit=False)
    table = _counts(told, declared, language)
    label = message("trends.show_last", language, name=last)
    switch = Field(id="field-all", param="all", label=label, kind="check", value="" if listed_only else "1")
    body = [html.Div(switch, className="fields"), chart(drawn, title, height=340), key]
    parts = [figure("statuses", title, body, note, language, hint=without, table=table, saved=True)]
    parts.append(_moves(told, declared, note, language))
    parts += _history(reader, view, found, declared)
    return [html.P(message("trends.refused.status", language), className="told-why"), *parts]


def _counts(told: StatusYears, declared: Mapping[str, Any], language: str) -> Any:
    names = [one["name"][language] for one in declared["categories"]]
    rows = [
        [str(year), *(number(int(n), 0, language) for n in (*told.counts[:, at], told.missing[at]))]
        for at, year in enumerate(told.years)
    ]
    return data_table([message("note.year", language), *names, message("legend.missing", language)], rows, "statuses")


def _moves(told: StatusYears, declared: Mapping[str, Any], note: Any, language: str) -> Any:
    title = message("trends.moves", language)
    if not told.moves:
        body: Any = html.P(message("trends.refused.one_year", language), className="told-why")
        return figure("moves", title, body, [], language)
    rows = [
        [
            message("trends.between", language, first=first, last=last),
            f"{figure_text(flow[0], declared, language)} → {figure_text(flow[1], declared, language)}",
            number(flow[2], 0, language),
        ]
        for first, last in zip(told.years, told.years[1:], strict=False)
        for flow in told.moves[last]
    ]
    still = [str(year) for year, flows in told.moves.items() if not flows]
    words = [html.P(message("trends.still", language, years=", ".join(still)), className="hint")] if still else []
    head = [message("data.years", language), message("overview.flow", language), message("overview.units", language)]
    return figure("moves", title, [data_table(head, rows, "moves"), *words], note, language)


def _history(reader: Reader, view: ViewState, found: Spread, declared: Mapping[str, Any]) -> list[Any]:
    codes = reader.units(view.pack, view.level)["code"]
    if view.unit not in codes:
        return []
    language, at = view.language, codes.index(view.unit)
    values = reader.values(view.pack, view.indicator, view.level)
    unit = named(reader, view, view.level, at)
    rows = []
    for row, year in enumerate(values.years):
        value = values.value[row, at]
        reason = message(f"vocabulary.reason.{int(values.reason[row, at])}", language)
        text = (
            message("format.missing", language, reason=reason)
            if np.isnan(value)
            else figure_text(value, declared, language)
        )
        rows.append([str(year), html.Span(text)])
    head = [message("note.year", language), inline(declared["name"][language], language)]
    title = message("trends.history", language, name=unit.name)
    facts = note_facts(reader, view.pack, view.level, {view.indicator: list(values.years)}, unit=at)
    return [figure("history", title, data_table(head, rows, "history"), source_note(facts, language), language)]
