"""What was joined to the units of the level: what matched, what did not, and why."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.i18n.formats import day, inline, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.state import ViewState
from fuping.spatial.match_report import MatchReport

__all__ = ["join_report", "report_line", "report_reasons"]

ARROW = " → "


def join_report(reader: Reader, view: ViewState) -> list[Any]:
    """Return the reports of a view's level in full and those of other levels in one line each."""
    language = view.language
    catalogue = reader.catalogue(view.pack)
    titles = {one["id"]: one["title"][language] for one in catalogue["sources"]}
    levels = {one["id"]: one["plural"][language] for one in catalogue["levels"]}
    built = day(catalogue["built_at"], language)
    reports = [MatchReport.from_dict(one) for one in catalogue["reports"]]
    here = [one for one in reports if one.name.endswith(ARROW + view.level)]
    others = [one for one in reports if one not in here]
    return [
        html.H2(message("report.title", language)),
        html.P(
            message("report.what", language, level=inline(levels[view.level], language), date=built),
            className="hint",
        ),
        *(_full(one, _name(one, titles, levels), language) for one in here),
        html.H3(message("report.others", language)) if others else None,
        html.Ul([html.Li([_name(one, titles, levels), ": ", report_line(one, language)]) for one in others]),
    ]


def _name(report: MatchReport, titles: Mapping[str, str], levels: Mapping[str, str]) -> str:
    table, arrow, level = report.name.partition(ARROW)
    return f"{titles.get(table, table)}{arrow}{levels.get(level, level)}"


def report_line(report: MatchReport, language: str) -> str:
    """Return how many rows found a unit and how many did not, in one sentence."""
    counts = {"matched": report.matched, "n_left": report.n_left, "missed": len(report.unmatched_left)}
    key = "report.line" if report.unmatched_left else "report.all"
    return message(key, language, **{name: number(count, 0, language) for name, count in counts.items()})


def report_reasons(report: MatchReport, language: str) -> list[html.Li]:
    """Return why rows did not find one, the most frequent reason first."""
    return [
        html.Li(f"{message(f'vocabulary.unmatched.{reason}', language)}: {number(count, 0, language)}")
        for reason, count in sorted(report.reasons().items(), key=lambda one: -one[1])
    ]


def _full(report: MatchReport, name: str, language: str) -> html.Details:
    rows = [
        html.Tr(
            [
                html.Td(row.name.strip() or "–"),
                html.Td(row.code or "–"),
                html.Td(message(f"vocabulary.unmatched.{row.reason}", language)),
                html.Td(_row_number(row.detail)),
            ]
        )
        for row in report.unmatched_left
    ]
    head = [message(f"report.{key}", language) for key in ("name", "code", "why", "row")]
    parts: list[Any] = [html.Summary([html.Strong(name), html.Span(report_line(report, language))])]
    if rows:
        parts += [
            html.Ul(report_reasons(report, language)),
            html.Table([html.Thead(html.Tr([html.Th(one) for one in head])), html.Tbody(rows)]),
        ]
    if report.notes:
        title = message("report.notes", language, n=number(len(report.notes), 0, language))
        parts.append(html.Details([html.Summary(title), html.Ul([html.Li(one, lang="en") for one in report.notes])]))
    return html.Details(parts, className="report", open=False)


def _row_number(detail: str) -> str:
    found = re.match(r"row (\d+)", detail)
    return found.group(1) if found else "–"
