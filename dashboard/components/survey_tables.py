"""Results of the measurement page as tables: measures, units, groups, deprivations, and what was matched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import current, data
from fuping.dashboard.components.figure import data_table
from fuping.dashboard.components.join_report import report_line, report_reasons
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.i18n.refusals import told_in
from fuping.dashboard.queries.code_match import CodeMatch
from fuping.dashboard.queries.deprivations import Counted
from fuping.dashboard.queries.measurement import GroupTable, Measured, Measures, Refused
from fuping.dashboard.queries.survey_line import SetLine
from fuping.dashboard.state import ViewState

__all__ = [
    "counting_table",
    "group_rows",
    "interval",
    "line_name",
    "match_told",
    "measure_table",
    "refused_text",
    "unit_rows",
]

PERCENTS = ("headcount", "gap", "severity")

MOST_LISTED = 50
"""Labels that were not matched; the file of results has all of them."""


def line_name(one: SetLine, value: float, language: str) -> str:
    """Return what a line is called, with its value in the welfare's unit."""
    shown = number(value, 2 if value < 100 else 0, language)
    if one.kind == "median":
        return message("measurement.named.median", language, share=number(100 * one.value, 0, language), value=shown)
    if one.kind == "amount":
        return message("measurement.named.amount", language, value=shown)
    if one.kind == "bank":
        return message("measurement.named.bank", language, value=shown, year=one.year)
    name = one.name[language] if one.name else ""
    return message("measurement.named.pack", language, name=name, year=one.year, value=shown)


def interval(low: float, high: float, decimals: int, language: str, scale: float = 1) -> str:
    """Return both ends of an interval; a dash where there is none."""
    if not (np.isfinite(low) and np.isfinite(high)):
        return "–"
    return f"{number(scale * low, decimals, language)} – {number(scale * high, decimals, language)}"


def refused_text(found: Refused, language: str) -> str:
    """Return why there is no figure."""
    if found.why == "other":
        return message("measurement.why.other", language, detail=told_in(found.detail, language))
    return message(f"measurement.why.{found.why}", language)


def _row(one: Measured, language: str) -> list[Any]:
    percent = one.name in PERCENTS
    money = one.name in ("mean", "median")
    scale, decimals = (100, 2) if percent else (1, 2 if money else 4)
    label = [
        message(f"measurement.measure.{one.name}", language),
        html.Small(message(f"measurement.what.{one.name}", language)),
    ]
    if isinstance(one.found, Refused):
        return [label, html.Span(refused_text(one.found, language), className="none"), "", "", ""]
    found, unit = one.found, "%" if percent else ""
    if not np.isfinite(found.value):
        return [label, "–", "", "", ""]
    return [
        label,
        number(scale * found.value, decimals, language) + unit,
        number(scale * found.se, decimals, language) if np.isfinite(found.se) else "–",
        interval(found.low, found.high, decimals, language, scale),
        number(found.n, 0, language),
    ]


def _head(first: str, language: str) -> list[str]:
    return [first, *(message(f"measurement.{key}", language) for key in ("value", "se", "interval", "n"))]


def measure_table(found: Measures, language: str) -> list[Any]:
    """Return the measures: for each line those at it, then those without a line."""
    parts: list[Any] = []
    for (one, measures), value in zip(found.poverty, found.line_values, strict=True):
        first = line_name(one, value, language)
        parts.append(data_table(_head(first, language), [_row(each, language) for each in measures], "poverty"))
    rows = [_row(each, language) for each in (*found.inequality, found.mean, found.median)]
    return [*parts, data_table(_head(message("measurement.inequality", language), language), rows, "inequality")]


def _figures(row: pd.Series, least: int, language: str) -> list[Any]:
    if row["n"] < least:
        return [html.Span(message("measurement.small", language, least=least), className="none"), "", "", ""]
    cells: list[Any] = []
    for name in ("headcount_ratio", "poverty_gap"):
        value = row[name]
        cells.append("–" if not np.isfinite(value) else number(100 * value, 1, language) + "%")
        cells.append(interval(row[f"{name}_low"], row[f"{name}_high"], 1, language, 100))
    return cells


def unit_rows(found: GroupTable, names: Sequence[str], codes: Sequence[str], view: ViewState, name: str) -> html.Div:
    """Return poverty by unit or group.

    Parameters
    ----------
    names, codes
        Of each row: what it is called, and the code of the unit that it is, empty where it is none.
    """
    language = view.language
    head = [
        message("measurement.label", language),
        message("measurement.n", language),
        message("measurement.measure.headcount", language),
        message("measurement.interval", language),
        message("measurement.measure.gap", language),
        message("measurement.interval", language),
    ]
    rows = []
    for (_, row), called, code in zip(found.table.iterrows(), names, codes, strict=True):
        first = link(view, called, {"unit": code}) if code else called
        cells = [first, number(row["n"], 0, language), *_figures(row, found.least, language)]
        marks = data(unit=code) if code else {}
        rows.append(
            html.Tr([html.Td(cell) for cell in cells], **marks, **current(chosen=bool(code) and code == view.unit))
        )
    return data_table(head, rows, name)


def group_rows(table: pd.DataFrame, least: int, language: str) -> html.Div:
    """Return the decomposition by group; a group that is too small tells its size alone."""
    keys = ("label", "n", "people", "rate", "interval", "contribution")
    rows = []
    for label, row in table.iterrows():
        cells = [str(label), number(row["n"], 0, language), number(100 * row["share"], 1, language) + "%"]
        if row["n"] < least:
            cells += [message("measurement.small", language, least=least), "", ""]
        else:
            cells += [
                number(100 * row["value"], 1, language) + "%",
                interval(row["value_low"], row["value_high"], 1, language, 100),
                number(100 * row["relative_contribution"], 1, language) + "%"
                if np.isfinite(row["relative_contribution"])
                else "–",
            ]
        rows.append(cells)
    return data_table([message(f"measurement.{key}", language) for key in keys], rows, "groups")


def counting_table(found: Counted, language: str) -> list[Any]:
    """Return H, A and M0, and the deprivations with their contributions."""
    measures = found.measures
    named = (
        ("h", measures.headcount_ratio),
        ("a", measures.intensity),
        ("m0", measures.adjusted_headcount_ratio),
    )
    rows = [
        [
            [message(f"measurement.measure.{key}", language), html.Small(message(f"measurement.what.{key}", language))],
            number(100 * one.value, 1, language) + "%" if np.isfinite(one.value) else "–",
            number(100 * one.se, 1, language) if np.isfinite(one.se) else "–",
            interval(one.low, one.high, 1, language, 100),
            number(one.n, 0, language),
        ]
        for key, one in named
    ]
    keys = ("deprivation", "weight_of", "raw", "censored", "contribution")
    parts = [
        [
            str(name),
            number(100 * row["weight"], 1, language) + "%",
            number(100 * row["raw_headcount"], 1, language) + "%",
            number(100 * row["censored_headcount"], 1, language) + "%",
            number(100 * row["relative_contribution"], 1, language) + "%"
            if np.isfinite(row["relative_contribution"])
            else "–",
        ]
        for name, row in measures.indicators.iterrows()
    ]
    first = message("measurement.at_cutoff", language, k=number(100 * measures.k, 1, language))
    return [
        data_table(_head(first, language), rows, "multidimensional"),
        data_table([message(f"measurement.{key}", language) for key in keys], parts, "deprivations"),
    ]


def match_told(match: CodeMatch, level: str, language: str) -> html.Details:
    """Return which labels found a unit and which did not."""
    report = match.report
    summary: list[Any] = [
        html.Strong(message("measurement.matched", language, level=level)),
        " ",
        report_line(report, language),
    ]
    lost = [
        html.Li([html.Span(row.code), " ", html.Small(message(f"vocabulary.unmatched.{row.reason}", language))])
        for row in report.unmatched_left[:MOST_LISTED]
    ]
    return html.Details(
        [html.Summary(summary), html.Ul(report_reasons(report, language)), html.Ul(lost)],
        className="report",
        **data(figure="matched"),
    )
