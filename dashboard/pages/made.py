"""How a figure was made: from the bytes of its source to the number, and the Python that gives it again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import dash
import numpy as np
from fuping.dashboard.components import html
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.field import indicator_field, level_field, year_field
from fuping.dashboard.components.join_report import report_line, report_reasons
from fuping.dashboard.components.shell import document, fill_document
from fuping.dashboard.components.snippet import copyable
from fuping.dashboard.components.source_note import source_note
from fuping.dashboard.components.unit_panel import figure_text, missing_text
from fuping.dashboard.i18n.formats import day, inline, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.lineage import GridRead, Lineage, TableRead, lineage, sources_of
from fuping.dashboard.queries.places import Place, place
from fuping.dashboard.queries.shown import given_limits
from fuping.dashboard.queries.snippet import snippet
from fuping.dashboard.queries.sources import note_facts
from fuping.dashboard.queries.supplying import added_over
from fuping.dashboard.queries.unit import observations
from fuping.dashboard.state import ViewState
from fuping.spatial.match_report import MatchReport

__all__ = ["layout", "register"]


def layout(reader: Reader, search: str) -> html.Div:
    """Return the page's places; the callback fills them and follows the URL."""
    return document("made")


def register(app: dash.Dash, reader: Reader) -> None:
    """Add the page's callback."""
    fill_document(app, reader, "made", _content)


def _content(reader: Reader, view: ViewState) -> list[Any]:
    language = view.language
    fields = [indicator_field(reader, view), level_field(reader, view), year_field(reader, view)]
    title = html.H1(message("made.title", language))
    head = [title, html.Div(fields, className="fields")]
    if not view.year:
        return [*head, html.P(message("panel.no_figures", language), className="lead")]
    found = lineage(reader, view.pack, view.indicator, view.level, view.year)
    here = place(reader, view.pack, view.level, view.unit or "", language)
    steps = [
        html.Li([html.H2(message("made.bytes", language)), *(_source(one, language) for one in sources_of(found))]),
        html.Li([html.H2(message("made.checks", language)), *(_read(one, language) for one in _reads(found))]),
    ]
    if found.how == "gridded":
        steps[-1] = html.Li(
            [html.H2(message("made.checks", language)), *(_grid(found, one, language) for one in found.grids)]
        )
    elif found.how != "read":
        steps.append(html.Li([html.H2(message("made.worked_out", language)), *_worked_out(found, language)]))
    steps.append(html.Li([html.H2(message("made.number", language)), *_number(reader, view, here)]))
    limits, closed = given_limits(reader, view)
    code = snippet(view.pack, found, view.year, here.code if here else None, limits=limits, closed=closed)
    built = day(reader.catalogue(view.pack)["built_at"], language)
    return [
        *head,
        html.P(found.indicator["meaning"][language], className="lead"),
        html.Ol(steps, className="lineage", **data(figure="lineage")),
        html.H2(message("made.python", language)),
        html.P(message("made.python_why", language), className="hint"),
        copyable(code, language),
        html.P(message("data.built", language, date=built, id=reader.version(view.pack)), className="hint"),
    ]


def _reads(found: Lineage) -> Iterator[tuple[Lineage, TableRead]]:
    """Yield every table at the end of the line once for each indicator read from it."""
    met = set()
    for one in (found, *found.parts, *(inner for part in found.parts for inner in part.parts)):
        for read in one.tables:
            key = one.indicator["id"], one.level["id"], read.table["id"]
            if key not in met:
                met.add(key)
                yield one, read


def _source(source: Mapping[str, Any], language: str) -> html.Dl:
    where = source["package"] or source["url"] or ""
    facts = {
        "note.source": html.A(source["title"][language], href=source["url"])
        if source["url"]
        else source["title"][language],
        "data.publisher": " ".join(filter(None, (source["publisher"][language], str(source["year"] or "")))),
        "note.licence": source["licence"],
        "made.file": html.Code(" ".join(filter(None, (where, source["path"])))),
        "made.hash": html.Code(source["sha256"] or message("made.no_hash", language)),
        "made.accessed": day(source["accessed"], language) if source["accessed"] else "",
        "note.status": message(f"vocabulary.status.{source['status']}", language),
        "made.cite": source["citation"],
    }
    return _told({key: told for key, told in facts.items() if told}, language)


def _told(facts: Mapping[str, Any], language: str) -> html.Dl:
    return html.Dl([part for key, told in facts.items() for part in (html.Dt(message(key, language)), html.Dd(told))])


def _read(step: tuple[Lineage, TableRead], language: str) -> html.Div:
    found, one = step
    name = message(
        "made.read",
        language,
        indicator=found.indicator["name"][language],
        level=inline(found.level["plural"][language], language),
        table=one.table["id"],
    )
    facts = {
        "made.column": one.part.get("value", one.part.get("year_column", "")),
        "made.rows_where": _conditions({**one.table.get("where", {}), **one.part.get("where", {})}),
        "made.added_over": ", ".join(added_over(one.part)),
        "made.times": f"{one.part['scale']:g}" if "scale" in one.part else "",
        "made.codes_of": one.table.get("vintage", ""),
    }
    told = {key: html.Code(str(value)) for key, value in facts.items() if value != ""}
    return html.Div([html.H3(name), _told(told, language), *_checks(one.report, language)])


def _grid(found: Lineage, one: GridRead, language: str) -> html.Div:
    """Return how the figures were read off a grid or along storm tracks."""
    name = message(
        "made.gridded",
        language,
        indicator=found.indicator["name"][language],
        level=inline(found.level["plural"][language], language),
        table=one.declared["id"],
    )
    facts = {
        "made.quantity": one.declared.get("quantity", ""),
        "made.statistic": one.figure["statistic"],
        "made.classes": ", ".join(map(str, one.figure.get("classes", ()))),
        "made.threshold": one.figure.get("threshold", one.figure.get("return_period", "")),
        "made.least_cells": one.declared.get("minimum_cells", ""),
        "made.overruled": one.declared.get("crs_reason", ""),
    }
    told = {key: html.Code(str(value)) for key, value in facts.items() if value != ""}
    return html.Div([html.H3(name), _told(told, language), *_checks(one.report, language)])


def _checks(report: MatchReport | None, language: str) -> list[Any]:
    if report is None:
        return []
    told: list[Any] = [html.P(report_line(report, language)), html.Ul(report_reasons(report, language))]
    if report.notes:
        words = message("report.notes", language, n=number(len(report.notes), 0, language))
        told.append(html.Details([html.Summary(words), html.Ul([html.Li(note, lang="en") for note in report.notes])]))
    return told


def _conditions(where: Mapping[str, Any]) -> str:
    parts = [
        f"{name} ∈ {{{', '.join(map(str, one))}}}" if isinstance(one, list) else f"{name} = {one}"
        for name, one in where.items()
    ]
    return "; ".join(parts)


def _worked_out(found: Lineage, language: str) -> list[Any]:
    names = [part.indicator["name"][language] for part in found.parts]
    if found.how == "derived":
        rule = found.indicator["derive"]
        key = "made.complement" if rule["complement"] else "made.derived"
        told = message(key, language, top=names[0], bottom=names[1], scale=number(rule["scale"], 0, language))
        inner = [step for part in found.parts for step in _worked_out(part, language)]
        return [html.P(told), *inner]
    if found.how == "rolled_up":
        below = inline(found.parts[0].level["plural"][language], language)
        share = number(100 * found.indicator["roll_up_share"], 0, language)
        key = "made.weighted" if len(names) > 1 else "made.summed"
        told = message(key, language, level=below, weight=names[-1], share=share)
        return [html.P(told), *(step for part in found.parts for step in _worked_out(part, language))]
    return []


def _number(reader: Reader, view: ViewState, here: Place | None) -> list[Any]:
    language, declared = view.language, reader.indicator(view.pack, view.indicator)
    values = reader.values(view.pack, view.indicator, view.level)
    row = values.years.index(view.year)
    if here is None:
        counts = {
            "n": number(int(np.isfinite(values.value[row]).sum()), 0, language),
            "total": number(values.value.shape[1], 0, language),
            "level": inline(reader.level(view.pack, view.level)["plural"][language], language),
        }
        note = note_facts(reader, view.pack, view.level, {view.indicator: [view.year]})
        told: list[Any] = [html.P(message("made.all", language, **counts))]
        return [*told, source_note(note, language, made=False)]
    at = reader.units(view.pack, view.level)["code"].index(here.code)
    shown = observations(values, at)[row]
    missing = np.isnan(shown.value)
    text = missing_text(shown, language) if missing else figure_text(shown.value, declared, language)
    note = note_facts(reader, view.pack, view.level, {view.indicator: [view.year]}, unit=at)
    where = f"{here.name} ({here.code}), {view.year}"
    return [html.P([html.Span(text, className="value"), " ", where]), source_note(note, language, made=False)]
