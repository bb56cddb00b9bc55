"""Alerts as an overview shows them: lines, severities, how sure, who, and whether a target is reached in time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import current
from fuping.dashboard.components.field import Field
from fuping.dashboard.components.figure import data_table
from fuping.dashboard.components.yearly_change import share_bar, unit_cell
from fuping.dashboard.i18n.formats import difference, figure, inline, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.alert_loop import CALM, SEVERITY_COLOURS
from fuping.dashboard.queries.alerts import Alert, AlertList, Lines, able, alert_list
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.outlook import Outlook, outlook
from fuping.dashboard.state import OWN_CLASSES, ViewState

__all__ = ["alert_figures"]

STANDINGS = (
    ("beyond", SEVERITY_COLOURS["red"]),
    ("point beyond", SEVERITY_COLOURS["orange"]),
    ("interval reaches", SEVERITY_COLOURS["yellow"]),
    ("within", CALM),
    ("point within", CALM),
    ("missing", "hatch"),
)

VERDICTS = (
    ("reached", "#31a29f"),
    ("on track", "#8fd3c8"),
    ("not distinguishable", CALM),
    ("off track", "#cc7729"),
    ("overdue", "#8c2d04"),
    ("too few years", "hatch"),
)


def alert_figures(reader: Reader, view: ViewState) -> list[Any]:
    """Return the content of the figure; or why there can be no alerts, and of which indicators there can."""
    language = view.language
    found = alert_list(reader, view)
    if isinstance(found, str):
        parts: list[Any] = [html.P(message(f"overview.refused.{found}", language), className="told-why")]
        if found in ("no_line", "order"):
            return [*parts, _fields(reader, view, None)]
        return [*parts, *_able(reader, view)]
    declared = reader.indicator(view.pack, view.indicator)
    key = "overview.with_interval" if found.has_interval else "overview.without_interval"
    listed = [
        _severities(found, language),
        html.P(message(key, language), className="hint"),
        *_listed(view, found, declared),
    ]
    beside = [
        _standings(found, language),
        html.H3(message("overview.outlook", language)),
        *_outlook(view, outlook(reader, view, found.lines), declared),
    ]
    return [
        _lines(reader, view, found.lines, declared),
        _fields(reader, view, found.lines),
        html.Div([html.Div(listed), html.Div(beside)], className="figures"),
    ]


def _able(reader: Reader, view: ViewState) -> list[Any]:
    links: list[Any] = []
    for one in able(reader, view):
        links += [message("format.join", view.language)] if links else []
        links.append(link(view, one["name"][view.language], OWN_CLASSES | {"indicator": one["id"], "year": ""}))
    key = "overview.able" if links else "overview.none_able"
    return [html.P([message(key, view.language), " ", *links], className="able")]


def _lines(reader: Reader, view: ViewState, lines: Lines, declared: Mapping[str, Any]) -> html.P:
    language = view.language
    unit, decimals = declared["unit"][language], declared["decimals"]
    drawn = message(
        f"overview.line.{lines.source}",
        language,
        year=lines.year or "",
        level=reader.level(view.pack, view.level)["plural"][language],
        reference=(declared.get("alert_lines") or {}).get("reference", {}).get(language, ""),
    )
    words = message(
        "overview.lines",
        language,
        warning=figure(lines.warning, unit, decimals, language),
        guarantee=figure(lines.guarantee, unit, decimals, language),
        side=message(f"overview.side.{lines.beyond}", language),
    )
    return html.P([words, " ", drawn])


def _fields(reader: Reader, view: ViewState, lines: Lines | None) -> html.Div:
    language = view.language
    asked = dict(view.extra)
    unit = reader.indicator(view.pack, view.indicator)["unit"][language]
    shown = {"line": lines.warning, "grave": lines.guarantee} if lines else {}

    def number_field(param: str, placeholder: object = "") -> Field:
        label = message(f"overview.field.{param}", language, unit=unit)
        value = asked.get(param, "")
        return Field(
            id=f"field-{param}",
            param=param,
            label=label,
            kind="number",
            value=value,
            step="any",
            placeholder=str(placeholder),
        )

    fields = [number_field(param, f"{shown[param]:g}" if param in shown else "") for param in ("line", "grave")]
    if lines:
        fields += [number_field("target", f"{lines.warning:g}"), number_field("by", 2030)]
    return html.Div(fields, className="fields")


def _severities(found: AlertList, language: str) -> html.Div:
    parts = [
        (message(f"overview.severity.{word}", language), found.counts[word], colour)
        for word, colour in SEVERITY_COLOURS.items()
    ]
    parts += [
        (message("overview.severity.none", language), found.counts["none"], CALM),
        (message("overview.severity.missing", language), found.counts["missing"], "hatch"),
    ]
    return share_bar(parts, language)


def _listed(view: ViewState, found: AlertList, declared: Mapping[str, Any]) -> list[Any]:
    language = view.language
    if not found.listed:
        return [html.P(message("overview.no_alerts", language))]
    raised = sum(found.counts[word] for word in SEVERITY_COLOURS)
    rows = [_row(view, one, declared) for one in found.listed]
    head = [message("overview.unit", language), declared["unit"][language], message("overview.interval", language)]
    head += [message("overview.beyond_since", language), message("overview.evidence", language)]
    shown = message("overview.listed", language, n=len(found.listed), total=number(raised, 0, language))
    return [data_table(head, rows, "alerts"), html.P(shown, className="hint")]


def _row(view: ViewState, one: Alert, declared: Mapping[str, Any]) -> html.Tr:
    language, decimals = view.language, declared["decimals"]
    given = np.isfinite(one.low) and np.isfinite(one.high)
    interval = f"{number(one.low, decimals, language)}–{number(one.high, decimals, language)}" if given else "–"
    mark = html.I(className="swatch", style={"background": SEVERITY_COLOURS[one.severity]})
    word = message(f"overview.evidence.{one.evidence.replace(' ', '_').replace(',', '')}", language)
    return html.Tr(
        [
            html.Td([mark, *unit_cell(view, one.unit)]),
            html.Td(number(one.value, decimals, language)),
            html.Td(interval),
            html.Td(str(one.since)),
            html.Td(word, className="words"),
        ],
        **current(chosen=one.unit.code == view.unit),
    )


def _standings(found: AlertList, language: str) -> html.Div:
    words = [(word, colour) for word, colour in STANDINGS if word in found.now or word in found.before]
    rows = []
    for word, colour in words:
        fill = "var(--hatch)" if colour == "hatch" else colour
        name = message(f"overview.standing.{word.replace(' ', '_')}", language)
        before = [number(found.before.get(word, 0), 0, language)] if found.base else []
        rows.append(
            [
                [html.I(className="swatch", style={"background": fill}), name],
                *before,
                number(found.now.get(word, 0), 0, language),
            ]
        )
    head = [
        message("overview.standing", language),
        *([str(found.base)] if found.base else []),
        message("overview.this_year", language),
    ]
    parts: list[Any] = [data_table(head, rows, "standings")]
    if found.new is not None:
        parts.append(html.P(message("overview.new", language, n=number(found.new, 0, language), base=found.base)))
    return html.Div([html.H3(message("overview.standings", language)), *parts])


def _outlook(view: ViewState, found: Outlook, declared: Mapping[str, Any]) -> list[Any]:
    language = view.language
    unit, decimals = declared["unit"][language], declared["decimals"]
    told = {"target": figure(found.target, unit, decimals, language), "by": found.by, "since": found.since}
    if not found.counts:
        words = message("overview.too_few_years", language, n=found.n_years, least=found.least, since=found.since)
        return [html.P(words, className="told-why")]
    parts = [
        (message(f"overview.verdict.{word.replace(' ', '_')}", language), int(found.counts[word]), colour)
        for word, colour in VERDICTS
        if word in found.counts
    ]
    shown: list[Any] = [
        html.P(message("overview.outlook_what", language, **told), className="hint"),
        share_bar(parts, language),
    ]
    if found.selected and np.isfinite(found.selected[1]["pace"]):
        named, row = found.selected
        pace = difference(row["pace"], unit, decimals + 1, language)
        verdict = message(f"overview.verdict.{str(row['verdict']).replace(' ', '_')}", language)
        words = message("overview.outlook_of", language, name=named.name, pace=pace, verdict=inline(verdict, language))
        shown.append(html.P(words, className="selected-line"))
    return shown
