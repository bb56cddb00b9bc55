"""The figures that an overview begins with: a band of the first, a table of the others, and where they are from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from fuping.dashboard.components import html
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.figure import data_table
from fuping.dashboard.components.navigation import page_href
from fuping.dashboard.components.source_note import source_note
from fuping.dashboard.components.unit_panel import figure_text
from fuping.dashboard.figures.sparkline import sparkline
from fuping.dashboard.figures.svg import data_uri
from fuping.dashboard.i18n.formats import PERCENT, difference, figure, inline, number, unit_pattern, year_list
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.headlines import Headline, Headlines
from fuping.dashboard.queries.sources import note_facts
from fuping.dashboard.state import ViewState

__all__ = ["key_band"]

GOOD = {("higher_is_worse", False), ("higher_is_better", True)}
"""Direction of an indicator and whether it rose, where that is good."""


def key_band(reader: Reader, view: ViewState, found: Headlines) -> list[Any]:
    """Return the band, the table, and their notes."""
    language = view.language
    if not found.band and not found.others:
        return [html.P(message("overview.no_figures", language), className="lead")]
    parts: list[Any] = [html.Ul([_card(one, view) for one in found.band], className="key-band", **data(figure="key"))]
    if found.others:
        parts.append(
            html.Details(
                [html.Summary(message("overview.others", language, n=len(found.others))), _others(found.others, view)],
                className="more-figures",
            )
        )
    if found.absent:
        names = message("format.join", language).join(one["name"][language] for one in found.absent)
        parts.append(html.P(message("overview.absent", language, names=names), className="hint"))
    notes = _notes(reader, view, (*found.band, *found.others))
    parts.append(html.Details([html.Summary(message("overview.sources_of", language)), *notes], className="notes"))
    return parts


def _links(one: Headline, view: ViewState) -> list[Any]:
    shown = replace(view, indicator=one.indicator["id"], level=one.level["id"], year=one.year, extra=())
    # The map of the one unit is a plain surface: show the finest level there, inside the same place.
    finest = _finest(one)
    mapped = replace(shown, level=finest, year=max(one.indicator["levels"][finest]["years"]))
    language = view.language
    named = {"name": one.indicator["name"][language]}
    return [
        html.A(
            message("page.map", language),
            href=page_href("map", mapped),
            title=message("overview.to_map", language, **named),
        ),
        html.A(
            message("page.trends", language),
            href=page_href("trends", shown),
            title=message("overview.to_trends", language, **named),
        ),
    ]


def _finest(one: Headline) -> str:
    there = {level: held["n_values"] for level, held in one.indicator["levels"].items() if held["n_values"]}
    return max(there, key=lambda level: there[level])


def _card(one: Headline, view: ViewState) -> html.Li:
    language = view.language
    return html.Li(
        [
            html.H3(one.indicator["name"][language]),
            html.Div([html.Span(_sized(one, language), className="value"), _picture(one, language)], className="row"),
            html.P([f"{one.year} · ", *_change(one, language)], className="facts"),
            html.P(_of(one, language), className="hint"),
            html.P(_links(one, view), className="links"),
        ]
    )


def _value(one: Headline, language: str) -> str:
    if one.measure in ("count", "grouped"):
        return number(one.value, 0, language)
    return figure_text(one.value, one.indicator, language)


def _sized(one: Headline, language: str) -> list[Any]:
    """Return the figure with its unit smaller, except of percents."""
    unit, decimals = one.indicator["unit"][language], one.indicator["decimals"]
    if one.measure in ("count", "grouped") or unit == PERCENT:
        return [_value(one, language)]
    before, after = unit_pattern(unit, language).split("{value}")
    return [html.Small(before), number(one.value, decimals, language), html.Small(after)]


def _of(one: Headline, language: str) -> str:
    """Return what the figure is of, its interval, and why later years have none."""
    plural = inline(one.level["plural"][language], language)
    words = []
    if one.measure == "count":
        first = inline(one.indicator["categories"][0]["name"][language], language)
        words.append(message("overview.count_of", language, name=first, n=number(one.n, 0, language), level=plural))
    elif one.measure == "grouped":
        words.append(message("overview.grouped_of", language, n=number(one.n, 0, language), level=plural))
    elif one.measure == "median":
        words.append(message("overview.median_of", language, n=number(one.n, 0, language), level=plural))
    if np.isfinite(one.lower) and np.isfinite(one.upper):
        unit, decimals = one.indicator["unit"][language], one.indicator["decimals"]
        span = f"{number(one.lower, decimals, language)}–{figure(one.upper, unit, decimals, language)}"
        words.append(message("map.interval", language, interval=span))
    if one.later is not None:
        reason = message(f"vocabulary.reason.{int(one.later)}", language)
        years = year_list(one.years[one.at + 1 :])
        words.append(message("overview.later", language, years=years, reason=reason))
    return message("format.join", language).join(words)


def _change(one: Headline, language: str) -> list[Any]:
    if one.before is None:
        return [message("overview.first_figure", language)]
    since = one.years[one.before]
    if one.crossed:
        return [message("overview.break", language, since=since, year=year_list(one.crossed))]
    counted = one.measure in ("count", "grouped")
    unit, decimals = ("", 0) if counted else (one.indicator["unit"][language], one.indicator["decimals"])
    size = difference(one.difference, unit, decimals, language)
    words = message("overview.since", language, change=size, since=since)
    if size[:1] not in "+−":
        return [message("overview.same_since", language, since=since)]
    rose = one.difference > 0
    good = (one.indicator["direction"], rose) in GOOD
    known = one.indicator["direction"] != "neutral"
    return [html.Span(f"{'▲' if rose else '▼'} {words}", className=("better" if good else "worse") if known else "")]


def _picture(one: Headline, language: str) -> Any:
    if one.before is None:
        return ""
    label = message(
        "overview.spark", language, name=one.indicator["name"][language], first=one.years[0], last=one.years[-1]
    )
    drawn = sparkline(one.years, one.series, breaks=one.indicator["breaks_in_series"], label=label)
    return html.Img(src=data_uri(drawn), alt=label, className="spark")


def _others(others: tuple[Headline, ...], view: ViewState) -> Any:
    language = view.language
    rows = [
        [
            [one.indicator["name"][language], html.Small(f" {_of(one, language)}")],
            _value(one, language),
            str(one.year),
            html.Span(_change(one, language), className="words"),
            html.Span(_links(one, view), className="links"),
        ]
        for one in others
    ]
    head = [message(f"data.{key}", language) for key in ("indicator", "value", "year")]
    return data_table([*head, message("overview.change", language), ""], rows, "headlines")


def _notes(reader: Reader, view: ViewState, shown: tuple[Headline, ...]) -> list[Any]:
    notes = []
    for level in dict.fromkeys(one.level["id"] for one in shown):
        mine = [one for one in shown if one.level["id"] == level]
        years = {
            one.indicator["id"]: [year for year, value in zip(one.years, one.series, strict=True) if np.isfinite(value)]
            for one in mine
        }
        units = sorted({int(at) for one in mine for at in one.units})
        facts = note_facts(reader, view.pack, level, years, unit=units)
        title = reader.level(view.pack, level)["plural"][view.language]
        notes.append(html.Section([html.H3(title), source_note(facts, view.language, show_unit=False)]))
    return notes
