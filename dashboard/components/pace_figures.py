"""The selected unit over the years, the pace to a target, and poverty in every reading that counts."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
from fuping.dashboard.components import html
from fuping.dashboard.components.field import Field
from fuping.dashboard.components.figure import chart, data_table, figure
from fuping.dashboard.components.status_figures import note
from fuping.dashboard.components.thematic_map import thematic_map
from fuping.dashboard.components.unit_panel import missing_text
from fuping.dashboard.figures.paces import VERDICT_COLOURS, paces
from fuping.dashboard.i18n.formats import difference, inline, number, year_list
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.i18n.sentences import clauses
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.identification import Identified
from fuping.dashboard.queries.pace import Pace, Persistence, pace, persistence
from fuping.dashboard.queries.rule import line_text
from fuping.dashboard.queries.unit import observations
from fuping.dashboard.state import ViewState

__all__ = ["pace_figure", "persistence_figure", "unit_history"]

VERDICTS = ("reached", "on track", "not distinguishable", "off track", "too few years")


def unit_history(reader: Reader, view: ViewState, found: Identified) -> list[Any]:
    """Return the status of the selected unit in each reading; nothing where none of the level is selected."""
    language = view.language
    units = reader.units(view.pack, view.level)
    if view.unit not in units["code"]:
        return []
    at = units["code"].index(view.unit)
    declared = reader.indicator(view.pack, view.indicator)
    cells, words = [], []
    for row, one in enumerate(observations(found.values, at)):
        place = int(found.codes[row, at])
        there = place >= 0
        word = found.states[place].name[language] if there else missing_text(one, language)
        mark = html.I(style={"background": found.states[place].colour}) if there else html.I(className="hatch")
        text = number(one.value, declared["decimals"], language) if there and found.rule else ""
        cells.append(html.Li([mark, html.B(str(one.year)), html.Small(text)], title=f"{one.year} · {word}"))
        words.append((one.year, word))
    runs = [(word, [year for year, _ in years]) for word, years in groupby(words, key=lambda one: one[1])]
    told = clauses([f"{year_list(years)} {word}" for word, years in runs], language)
    title = message("identification.unit", language, name=units[f"name_{language}"][at])
    hint = f"{declared['name'][language]} · {declared['unit'][language]}" if found.rule else ""
    strip = html.Ol(cells, className="status-strip", tabIndex=0)
    return [figure("unit-history", title, [html.P(told, className="told"), strip], [], language, hint=hint)]


def _verdict(verdict: str, language: str) -> str:
    return message(f"identification.verdict.{verdict.replace(' ', '_')}", language)


def pace_figure(reader: Reader, view: ViewState, found: Identified) -> list[Any]:
    """Return required beside actual pace, or why the data cannot tell."""
    told = pace(reader, view, found)
    if told is None:
        return []
    language, declared = view.language, reader.indicator(view.pack, view.indicator)
    unit, decimals = declared["unit"][language], declared["decimals"]
    title = message("identification.pace", language)
    if told.refused:
        why = message(f"identification.pace_refused.{told.refused}", language, readings=told.n_years)
        return [figure("pace", title, html.P(why, className="not-told"), [], language)]
    counts = told.table["verdict"].value_counts()
    fields = [
        Field(id="field-target", param="target", kind="number", step="any", value=f"{told.target:.10g}",
              label=message("identification.field.target", language, unit="")),
        Field(id="field-by", param="by", kind="number", step=1, value=str(told.target_year),
              label=message("identification.field.by", language, unit="")),
    ]  # fmt: skip
    values = {name.replace(" ", "_"): number(int(counts.get(name, 0)), 0, language) for name in VERDICTS}
    goal = line_text(told.target, unit, decimals, language)
    level = inline(reader.level(view.pack, view.level)["plural"][language], language)
    words = message("identification.pace_words", language, goal=goal, year=told.target_year, units=level, **values)
    drawn = told.table[told.table["verdict"].isin(list(VERDICT_COLOURS)) & told.table["pace"].notna()]
    body: list[Any] = [html.Div(fields, className="fields"), html.P(words, className="told")]
    body += _unit_pace(told, view, declared)
    if len(drawn):
        body += _pace_chart(reader, view, drawn, title, decimals)
    rows = [[_verdict(name, language), number(int(counts.get(name, 0)), 0, language)] for name in VERDICTS]
    head = [message("identification.pace_verdict", language), message("identification.flow_n", language)]
    return [
        figure(
            "pace",
            title,
            body,
            note(reader, view, found.years),
            language,
            hint=message("identification.pace_hint", language),
            table=data_table(head, rows, "pace"),
            saved=bool(len(drawn)),
        )
    ]


def _pace_chart(reader: Reader, view: ViewState, drawn: pd.DataFrame, title: str, decimals: int) -> list[Any]:
    language = view.language
    units = reader.units(view.pack, view.level)
    names = dict(zip(units["code"], units[f"name_{language}"], strict=True))
    chosen = drawn.index.get_loc(view.unit) if view.unit in drawn.index else None
    words = {one: _verdict(one, language) for one in VERDICT_COLOURS}
    picture = paces(
        drawn,
        words,
        [names[code] for code in drawn.index],
        selected=chosen,
        x_title=message("identification.pace_required", language),
        y_title=message("identification.pace_actual", language),
        decimals=decimals + 1,
    )
    key = [html.Li([html.I(style={"background": VERDICT_COLOURS[one]}), words[one]]) for one in VERDICT_COLOURS]
    return [chart(picture, title, height=340), html.Ul(key, className="key")]


def _unit_pace(told: Pace, view: ViewState, declared: Any) -> list[Any]:
    if view.unit not in told.table.index:
        return []
    one, language = told.table.loc[view.unit], view.language
    unit, decimals = declared["unit"][language], declared["decimals"] + 1
    if not np.isfinite(one["pace"]) or not np.isfinite(one["required"]):
        return [html.P(_verdict(one["verdict"], language), className="told")]
    values = {
        "verdict": _verdict(one["verdict"], language),
        "required": difference(one["required"], unit, decimals, language),
        "pace": difference(one["pace"], unit, decimals, language),
        "n": int(one["n"]),
    }
    if np.isfinite(one["low"]) and np.isfinite(one["high"]):
        span = [difference(one[end], unit, decimals, language) for end in ("low", "high")]
        interval = message("identification.pace_interval", language, low=span[0], high=span[1])
    else:
        interval = message("identification.pace_bare", language)
    return [html.P(message("identification.pace_unit", language, interval=interval, **values), className="told")]


def persistence_figure(reader: Reader, view: ViewState, found: Identified) -> list[Any]:
    """Return who was poor in every reading that counts; nothing for a declared status."""
    if found.rule is None:
        return []
    language = view.language
    title = message("identification.persistent", language)
    told = persistence(reader, view, found)
    if told is None:
        why = message("identification.one_reading", language)
        return [figure("persistence", title, html.P(why, className="not-told"), [], language)]
    field = Field(
        id="field-counted",
        param="counted",
        kind="text",
        value=", ".join(str(year) for year in told.years),
        label=message("identification.field.counted", language, unit=""),
    )
    reading = html.P(_persistent_words(reader, view, told), className="told")
    drawn = thematic_map(reader, view, told.layer, told.values, name="persistence", title=title)
    body = [html.Div([field], className="fields wide"), reading, drawn]
    return [
        figure(
            "persistence",
            title,
            body,
            note(reader, view, told.years, boundaries=True),
            language,
            hint=message("identification.persistent_hint", language, years=year_list(found.years)),
        )
    ]


def _persistent_words(reader: Reader, view: ViewState, told: Persistence) -> str:
    language = view.language
    words = message(
        "identification.persistent_words",
        language,
        n=number(told.n_persistent, 0, language),
        of=number(sum(told.counts), 0, language),
        units=inline(reader.level(view.pack, view.level)["plural"][language], language),
        years=year_list(told.years),
        unknown=number(told.n_unknown, 0, language),
    )
    if told.interval_years:
        years, firm = year_list(told.interval_years), number(told.n_firm, 0, language)
        return words + message("identification.persistent_firm", language, years=years, n=firm)
    return words + message("identification.persistent_bare", language)
