"""The figures of who is poor over the years: map, counts, changes, flows, transitions and exits."""

from __future__ import annotations

from typing import Any

import pandas as pd
from fuping.dashboard.components import html
from fuping.dashboard.components.field import Field
from fuping.dashboard.components.figure import chart, data_table, figure
from fuping.dashboard.components.source_note import boundary_credit, source_note
from fuping.dashboard.components.thematic_map import thematic_map
from fuping.dashboard.figures.flows import sankey
from fuping.dashboard.figures.status import CHANGE_COLOURS, changes, counts_by_year, exit_steps
from fuping.dashboard.i18n.formats import figure as written
from fuping.dashboard.i18n.formats import inline, number, year_list
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.i18n.sentences import listed, sentences
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.exits import CLOCKS, Exits, exits
from fuping.dashboard.queries.flows import Flow, changes_by_year, flows, moves
from fuping.dashboard.queries.identification import Identified
from fuping.dashboard.queries.sources import note_facts
from fuping.dashboard.state import ViewState

__all__ = ["change_figures", "exit_figure", "flow_figures", "note", "status_map"]


def note(reader: Reader, view: ViewState, years: tuple[int, ...], *, boundaries: bool = False) -> html.Div:
    """Return the source note of the view's indicator in some years."""
    credit = boundary_credit(reader.catalogue(view.pack), view.language) if boundaries else ""
    facts = note_facts(reader, view.pack, view.level, {view.indicator: years})
    return source_note(facts, view.language, boundaries=credit)


def status_map(reader: Reader, view: ViewState, found: Identified) -> html.Section:
    """Return the map of statuses with its timeline."""
    language, declared = view.language, reader.indicator(view.pack, view.indicator)
    name, unit = declared["name"][language], declared["unit"][language]
    told: dict[str, Any] = {"title": name}
    if found.rule is not None:
        told |= {"unit": unit, "decimals": declared["decimals"], "value_name": name}
    drawn = thematic_map(reader, view, found.layer, found.values, name="identification", **told)
    key = "identification.map_hint" if found.rule else "identification.map_hint_declared"
    title = message("identification.map", language)
    credit = note(reader, view, found.years, boundaries=True)
    return figure("status-map", title, drawn, credit, language, hint=message(key, language))


def _key(rows: list[tuple[str, str]]) -> html.Ul:
    return html.Ul(
        [html.Li([html.I(style={"background": colour}, className="outlined"), name]) for colour, name in rows],
        className="key",
    )


def change_figures(reader: Reader, view: ViewState, found: Identified) -> list[Any]:
    """Return how many units are in which status by year, and how many come and go."""
    language = view.language
    shown = [place for place, state in enumerate(found.states) if not state.ordinary]
    counts = [
        (found.states[place].name[language], found.states[place].colour, found.layer.entries[place].counts)
        for place in shown
    ]
    names = [state.name[language] for state in found.states]
    head = [message("note.year", language), *names, message("legend.missing", language)]
    rows = [
        [
            str(year),
            *(number(entry.counts[row], 0, language) for entry in found.layer.entries),
            number(sum(found.layer.missing[row].values()), 0, language),
        ]
        for row, year in enumerate(found.years)
    ]
    title = message("identification.counts", language)
    first = figure(
        "status-counts",
        title,
        [chart(counts_by_year(found.years, counts, language), title, height=280), _key([(c, n) for n, c, _ in counts])],
        note(reader, view, found.years),
        language,
        hint=message("identification.counts_hint", language),
        table=data_table(head, rows, "status-counts"),
        saved=True,
    )
    table = changes_by_year(found)
    if table.empty:
        return [first]
    return [html.Div([first, _changes(reader, view, found, table)], className="figures")]


def _changes(reader: Reader, view: ViewState, found: Identified, table: pd.DataFrame) -> html.Section:
    language = view.language
    kinds = {kind: message(f"identification.kind.{kind}", language) for kind in CHANGE_COLOURS}
    judged = found.values.has_interval and found.rule is not None
    firm = message("identification.firm", language)
    head = [message("note.year", language)]
    for name in kinds.values():
        head += [name, firm] if judged else [name]
    rows = []
    for row in table.itertuples():
        cells = [str(row.Index)]
        for kind in kinds:
            cells.append(number(getattr(row, kind), 0, language))
            cells += [number(getattr(row, f"{kind}_firm"), 0, language)] if judged else []
        rows.append(cells)
    title = message("identification.changes", language)
    hint = message("identification.changes_hint", language)
    if judged:
        hint = sentences([hint, message("identification.changes_firm", language)], language)
    return figure(
        "status-changes",
        title,
        [chart(changes(table, kinds), title, height=280), _key([(CHANGE_COLOURS[one], kinds[one]) for one in kinds])],
        note(reader, view, found.years),
        language,
        hint=hint,
        table=data_table(head, rows, "status-changes"),
        saved=True,
    )


def flow_figures(reader: Reader, view: ViewState, found: Identified) -> list[Any]:
    """Return the flows between years and the transition matrix; why not, where there is one reading."""
    language = view.language
    moved = flows(found)
    if moved is None:
        return [_refused("status-flows", "identification.flows", message("identification.one_reading", language), view)]
    names = [state.name[language] for state in found.states]
    missing = message("legend.missing", language)
    title = message("identification.flows", language)
    hint = message(
        "identification.flows_hint",
        language,
        years=year_list(moved.years),
        left=number(moved.n_left_out, 0, language),
        units=inline(reader.level(view.pack, view.level)["plural"][language], language),
    )
    called = dict(enumerate(names)) | {-1: missing}

    def row(one: Flow) -> list[Any]:
        return [f"{one.first_year}–{one.year}", called[one.before], called[one.after], number(one.n, 0, language)]

    head = [message(f"identification.flow_{part}", language) for part in ("years", "before", "after", "n")]
    table = data_table(head, [row(one) for one in moved.everyone], "status-flows")
    drawn: list[Any] = [html.P(message("identification.no_flow", language), className="hint")]
    if moved.drawn:
        used = {state for one in moved.drawn for state in (one.before, one.after)}
        colours = [state.colour for state in found.states]
        key = [(colours[place], name) for place, name in enumerate(names) if place in used]
        key += [("#8f918c", missing)] if -1 in used else []
        drawn = [chart(sankey(moved.years, moved.drawn, names, colours, missing), title, height=400), _key(key)]
    parts = [
        figure(
            "status-flows", title, drawn, note(reader, view, moved.years), language, hint=hint, table=table, saved=True
        )
    ]
    return [*parts, *_matrix(reader, view, found)]


def _matrix(reader: Reader, view: ViewState, found: Identified) -> list[Any]:
    language = view.language
    matrix = moves(found)
    if matrix is None:
        return []
    names = [state.name[language] for state in found.states]
    head = [message("identification.matrix_from", language), *names, message("identification.matrix_n", language)]
    rows = []
    for place, name in enumerate(names):
        counted = int(matrix.counts.loc[place].sum())
        if not counted:
            continue
        cells = [
            _cell(matrix.probability.loc[place, to], matrix.low.loc[place, to], matrix.high.loc[place, to], language)
            for to in range(len(names))
        ]
        rows.append([name, *cells, number(counted, 0, language)])
    hint = message(
        "identification.matrix_hint",
        language,
        n=number(matrix.n_pairs, 0, language),
        missing=number(matrix.n_missing, 0, language),
        steps=listed([str(one) for one in matrix.steps], language),
    )
    title = message("identification.matrix", language)
    table = data_table(head, rows, "transitions")
    return [figure("transitions", title, table, note(reader, view, found.years), language, hint=hint)]


def _cell(share: float, low: float, high: float, language: str) -> list[Any]:
    span = f"{number(100 * low, 1, language)}–{number(100 * high, 1, language)}"
    return [written(100 * share, "%", 1, language), html.Small(span)]


def _refused(name: str, key: str, why: str, view: ViewState) -> html.Section:
    return figure(name, message(key, view.language), html.P(why, className="not-told"), [], view.language)


def exit_figure(reader: Reader, view: ViewState, found: Identified) -> html.Section:
    """Return how long units stay poor, or why the data cannot tell."""
    language = view.language
    told = exits(found, view.option("clock", CLOCKS, ""))
    level = reader.level(view.pack, view.level)["plural"][language]
    title = message("identification.exits", language)
    if told.curve is None:
        n = told.n_of[told.clock]
        why = message(f"identification.exits_refused.{told.refused}", language, n=n, readings=told.n_years)
        return _refused("exits", "identification.exits", why, view)
    table = told.curve.table
    rows = [
        [
            str(int(at)),
            number(row.n_at_risk, 0, language),
            number(row.n_exits, 0, language),
            number(row.n_censored, 0, language),
            written(100 * row.survival, "%", 1, language),
            "–" if pd.isna(row.low) else f"{number(100 * row.low, 1, language)}–{number(100 * row.high, 1, language)}",
        ]
        for at, row in zip(table.index, table.itertuples(), strict=True)
    ]
    head = [
        message(f"identification.exits_{part}", language) for part in ("years", "risk", "left", "cut", "still", "ci")
    ]
    drawn = exit_steps(
        table,
        x_title=message(f"identification.clock_axis.{told.clock}", language, year=told.first_year),
        y_title=message("identification.exits_still", language),
        name=message("identification.exits_still", language),
    )
    options = [
        {
            "value": one,
            "label": message(f"identification.clock.{one}", language, n=number(n, 0, language), year=told.first_year),
        }
        for one, n in told.n_of.items()
    ]
    label = message("identification.field.clock", language, unit="")
    field = Field(id="field-clock", param="clock", label=label, kind="select", value=told.clock, options=options)
    body = [
        html.Div([field], className="fields"),
        html.P(_exit_words(told, inline(level, language), language), className="told"),
        chart(drawn, title, height=300),
        _at_risk(table, language),
    ]
    return figure(
        "exits",
        title,
        body,
        note(reader, view, found.years),
        language,
        hint=message("identification.exits_hint", language),
        table=data_table(head, rows, "exits"),
        saved=True,
    )


def _at_risk(table: pd.DataFrame, language: str) -> html.P:
    """Return the number at risk at a few durations, as text below the curve."""
    places = sorted({round(one * (len(table) - 1) / 5) for one in range(6)})
    parts = [f"{int(table.index[at])}: {number(int(table['n_at_risk'].iloc[at]), 0, language)}" for at in places]
    return html.P(
        message("identification.at_risk_row", language, counts=message("format.join", language).join(parts)),
        className="hint",
    )


def _exit_words(told: Exits, level: str, language: str) -> str:
    curve = told.curve
    if curve is None:
        return ""
    values = {"n": number(curve.n_spells, 0, language), "out": number(curve.n_exits, 0, language), "units": level}
    words = [message(f"identification.exits_of.{told.clock}", language, year=told.first_year, **values)]
    if curve.median == curve.median:
        low, high = (number(one, 0, language) if one == one else "?" for one in (curve.median_low, curve.median_high))
        median = number(curve.median, 0, language)
        words.append(message("identification.exits_median", language, median=median, low=low, high=high))
    else:
        words.append(message("identification.exits_no_median", language))
    if told.n_between:
        words.append(message("identification.exits_between", language, n=number(told.n_between, 0, language)))
    return sentences(words, language)
