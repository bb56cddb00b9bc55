"""One alert opened: what it was judged by, what was done since, and the form of the next step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from fuping.dashboard.components import html
from fuping.dashboard.components.account_menu import sign_in_link
from fuping.dashboard.components.address import link
from fuping.dashboard.components.alert_form import step_form
from fuping.dashboard.components.alert_words import (
    declared_of,
    due_words,
    evidence_words,
    figure_words,
    line_words,
    state_mark,
    who,
)
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.navigation import page_href
from fuping.dashboard.components.source_note import source_note
from fuping.dashboard.components.watch_table import interval_text, severity_mark
from fuping.dashboard.i18n.formats import day, moment
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.identity import WRITERS, identity, may_write
from fuping.dashboard.queries.alert_register import alert_place, shown_names
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.sources import note_facts
from fuping.dashboard.state import ViewState
from fuping.layers.office.alert_register import Alert
from fuping.layers.office.people import people

__all__ = ["alert_case", "history", "reading_only"]


def alert_case(reader: Reader, view: ViewState, one: Alert, today: date, *, note: str = "") -> html.Section:
    """Return an alert with its evidence, its history, and the form for those who may take the next step.

    Parameters
    ----------
    note
        Of a step that was refused, for another try.
    """
    language = view.language
    name, above = alert_place(reader, one, language)
    declared = declared_of(reader, one)
    close = link(view, "✕", {"alert": ""}, className="close", title=message("alerts.close_case", language))
    title = message("alerts.case", language, id=one.id, name=name)
    head = html.Div(
        [html.H2([title, html.Small(above)] if above else title), close],
        className="unit-title",
    )
    known = view.level if one.level not in declared["levels"] else one.level
    there = replace(view, unit=one.code, within=None, level=known, indicator=one.indicator, year=one.year)
    ways = [
        html.A(message("alerts.to_profile", language), href=page_href("profile", there)),
        html.A(message("alerts.to_overview", language), href=page_href("overview", there)),
    ]
    facts: list[tuple[str, Any]] = [
        ("severity", [severity_mark(one.severity, language)]),
        ("state", [state_mark(one.state, language)]),
        ("responsible", [one.last.responsible or message("alerts.nobody", language)]),
        ("due", [due_words(one, today, language)]),
    ]
    listed = html.Dl(
        [part for key, value in facts for part in (html.Dt(message(f"alerts.column.{key}", language)), html.Dd(value))]
    )
    columns = [
        html.Div([listed, *_evidence(reader, one, declared, language), html.P(ways, className="ways")]),
        html.Div([html.H3(message("alerts.history", language)), history(reader, one, language)]),
    ]
    return html.Section(
        [
            head,
            html.Div(columns, className="figures"),
            *_next(reader, one, today, language, note),
            *_note(reader, one, declared, language),
        ],
        className="figure case",
        **data(figure="case", alert=str(one.id)),
    )


def _evidence(reader: Reader, one: Alert, declared: Any, language: str) -> list[Any]:
    figure = [
        declared["name"][language],
        " ",
        html.Small(str(one.year)),
        html.B(figure_words(one, declared, language), className="value"),
    ]
    since = one.evidence["since"]
    sure = evidence_words(one.evidence, language)
    words = [
        message(f"alerts.beyond.{one.evidence['line']}", language, sure=sure),
        line_words(one.evidence, declared, language),
        *([message("alerts.since", language, year=since)] if since != one.year else []),
        message("alerts.cause_is", language, cause=message(f"vocabulary.cause.{one.cause}", language)),
        *_now(reader, one, declared, language),
    ]
    return [
        html.H3(message("alerts.evidence", language)),
        html.P(figure),
        html.Ul([html.Li(each) for each in words], className="told-list"),
    ]


def _now(reader: Reader, one: Alert, declared: Any, language: str) -> list[Any]:
    """Return what the build in use says, where it is not the one that the alert was raised from."""
    build = message("alerts.build", language, build=one.evidence["build"])
    if reader.version(one.pack) == one.evidence["build"] or one.level not in declared["levels"]:
        return [build]
    values = reader.values(one.pack, one.indicator, one.level)
    codes = reader.units(one.pack, one.level)["code"]
    if one.code not in codes or one.year not in values.years:
        return [build, message("alerts.gone", language)]
    value = float(values.value[values.at(one.year), codes.index(one.code)])
    if np.isfinite(value) and one.value is not None and np.isclose(value, one.value):
        return [build, message("alerts.same_now", language)]
    shown = interval_text(value, np.nan, np.nan, declared, language)[0] if np.isfinite(value) else "–"
    return [build, message("alerts.other_now", language, value=shown)]


def history(reader: Reader, one: Alert, language: str) -> html.Ol:
    """Return all that happened to an alert in order: each step, and each figure of a later year."""
    names = shown_names(reader)
    declared = declared_of(reader, one)
    items: list[tuple[str, html.Li]] = []
    for step in one.steps:
        kind = html.B(message(f"alerts.kind.{step.kind}", language))
        told: list[Any] = [kind, " ", _by(step.who, step.at, names, language)]
        told += [html.P(step.note)] if step.note else []
        told += [html.Small(_next_words(step.responsible, step.due, language))] if step.responsible or step.due else []
        items.append((step.at, html.Li(told, **data(kind=step.kind))))
    for each in one.later:
        low, high = (float("nan") if each[end] is None else each[end] for end in ("low", "high"))
        told = [html.B(message("alerts.kind.later_year", language, year=each["year"])), " "]
        told += [_by(each["who"], each["at"], names, language), " ", severity_mark(each["severity"], language), " "]
        told += interval_text(each["value"], low, high, declared, language)
        items.append((each["at"], html.Li(told, **data(kind="later_year"))))
    return html.Ol(
        [item for _, item in sorted(items, key=lambda pair: pair[0])], className="steps-taken", **data(list="history")
    )


def _by(name: str, at: str, names: dict[str, str], language: str) -> html.Small:
    return html.Small(message("alerts.by", language, who=who(name, names, language), at=moment(at, language)))


def _next_words(responsible: str, due: str | None, language: str) -> str:
    named = responsible or message("alerts.nobody", language)
    if due is None:
        return message("alerts.next_who", language, who=named)
    return message("alerts.next_by", language, who=named, day=day(due, language))


def _next(reader: Reader, one: Alert, today: date, language: str, note: str) -> list[Any]:
    title = html.H3(message("alerts.form.title", language))
    if not may_write(reader, one.pack, one.code):
        return [title, reading_only(language, area=True)]
    able = [
        each.shown_name or each.name for each in people(reader.office) if each.role in WRITERS and not each.disabled
    ]
    return [title, step_form(one, able, today, language, note=note)]


def reading_only(language: str, *, area: bool = False) -> html.P:
    """Return why who asks cannot write, and what to do.

    Parameters
    ----------
    area
        Whether it is the place that they may not write about, where their role is to write.
    """
    asking = identity()
    if not asking.signed_in:
        key = "forbidden.sign_in"
    else:
        key = "forbidden.area" if area and asking.role in WRITERS else "forbidden.role"
    way: list[Any] = [] if asking.signed_in else [" ", sign_in_link(language)]
    return html.P([message(key, language), *way], className="not-told", **data(told="reading"))


def _note(reader: Reader, one: Alert, declared: Any, language: str) -> list[Any]:
    years = declared["levels"].get(one.level, {}).get("years", [])
    codes = reader.units(one.pack, one.level)["code"] if years else []
    shown = [year for year in sorted(one.years) if year in years]
    if one.code not in codes or not shown:
        return []
    facts = note_facts(reader, one.pack, one.level, {one.indicator: shown}, unit=codes.index(one.code))
    return [source_note(facts, language)]
