"""The side panel of a unit: its figure with rank and change; its history, projects and other figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import aria, current, data
from fuping.dashboard.components.navigation import page_href
from fuping.dashboard.components.source_note import source_note
from fuping.dashboard.i18n.formats import area, difference, figure, inline, number, year_list
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.shown import ShownLayer
from fuping.dashboard.queries.sources import note_facts
from fuping.dashboard.queries.unit import Change, KeyFigure, Observation, Rank, UnitFacts
from fuping.dashboard.state import OWN_CLASSES, ViewState

__all__ = ["figure_text", "missing_text", "no_unit", "unit_body", "unit_head"]


def no_unit(reader: Reader, view: ViewState) -> html.P:
    """Return what is said while no unit is selected."""
    level = inline(reader.level(view.pack, view.level)["name"][view.language], view.language)
    return html.P(message("panel.unit_hint", view.language, level=level), className="hint pad")


def missing_text(observation: Observation, language: str) -> str:
    """Return ``n/a`` with the reason."""
    reason = message(f"vocabulary.reason.{int(observation.reason)}", language)
    return message("format.missing", language, reason=reason)


def figure_text(value: float, declared: Mapping[str, Any], language: str) -> str:
    """Return a figure with its unit, or the name of its category."""
    if declared["categories"]:
        names = {category["code"]: category["name"][language] for category in declared["categories"]}
        return str(names[int(value)])
    return figure(value, declared["unit"][language], declared["decimals"], language)


def unit_head(reader: Reader, view: ViewState, facts: UnitFacts, layer: ShownLayer) -> list[Any]:
    """Return the top of the panel: which unit, its figure in the year, rank and change."""
    language = view.language
    close = message("panel.close", language)
    country = reader.catalogue(view.pack)["pack"]["name"][language]
    above: list[Any] = [link(view, country, {"within": "", "page": ""})]
    for one in facts.above:
        if reader.level(view.pack, one.level)["n_units"] > 1:
            above += [" › ", link(view, one.name, {"within": one.code, "page": ""})]
    details = [facts.place.other_name] if facts.place.other_name else []
    details += [f"{message('panel.code', language)} {facts.place.code}", area(facts.area_km2, language)]
    head: list[Any] = [
        html.Div(
            [
                html.H2(facts.place.name),
                link(view, "✕", {"unit": "", "side": ""}, className="close", title=close, **aria(label=close)),
            ],
            className="unit-title",
        ),
        html.P(above, className="trail"),
        html.P(" · ".join(details), className="hint"),
        html.H3(reader.indicator(view.pack, view.indicator)["name"][language]),
        *_figure(reader, view, facts, layer),
    ]
    if facts.parts:
        level, count = facts.parts
        words = message(
            "panel.parts", language, n=number(count, 0, language), level=inline(level["plural"][language], language)
        )
        changes = {"level": level["id"], "within": facts.place.code, "unit": "", "only": "", "page": ""}
        head.append(html.P(link(view, words, changes, className="more")))
    beside = replace(view, compared=(facts.place.code, *(one.code for one in facts.above)))
    words = message("panel.compare", language)
    head.append(html.P(html.A(words, href=page_href("compare", beside)), className="more"))
    return head


def _figure(reader: Reader, view: ViewState, facts: UnitFacts, layer: ShownLayer) -> list[Any]:
    language, declared = view.language, reader.indicator(view.pack, view.indicator)
    shown = facts.figure
    if np.isnan(shown.value):
        text = [html.Span(message("legend.missing", language), className="value none")]
        lines = [f"{shown.year} · {message(f'vocabulary.reason.{int(shown.reason)}', language)}"]
    else:
        unit, decimals = declared["unit"][language], declared["decimals"]
        if declared["categories"]:
            place = int(layer.classes[layer.years.index(shown.year), facts.at])
            entry = layer.entries[place]
            swatch = html.I(className="swatch", style={"background": entry.colour})
            text = [html.Span([swatch, (entry.name or {})[language]], className="value word")]
        else:
            text = [html.Span(figure(shown.value, unit, decimals, language), className="value")]
        lines = [f"{shown.year} · {message(f'vocabulary.status.{shown.status}', language)}"]
        if not np.isnan(shown.lower) and not np.isnan(shown.upper):
            span = f"{number(shown.lower, decimals, language)}–{figure(shown.upper, unit, decimals, language)}"
            lines.append(message("map.interval", language, interval=span))
        lines += [_rank(one, view, reader) for one in facts.ranks]
        if facts.change:
            lines += _change(facts.change, unit, decimals, language)
    return [html.Div(text), html.Ul([html.Li(line) for line in lines], className="facts")]


def _rank(rank: Rank, view: ViewState, reader: Reader) -> str:
    language = view.language
    country = reader.catalogue(view.pack)["pack"]["name"][language]
    return message(
        "panel.rank",
        language,
        position=number(rank.position, 0, language),
        of=number(rank.of, 0, language),
        level=inline(reader.level(view.pack, view.level)["plural"][language], language),
        scope=rank.scope.name if rank.scope else country,
    )


def _change(change: Change, unit: str, decimals: int, language: str) -> list[str]:
    size = difference(change.difference, unit, decimals, language)
    lines = [message("panel.change", language, change=size, first=change.first_year, last=change.year)]
    if change.breaks:
        lines.append(message("panel.change_break", language, year=year_list(change.breaks)))
    return lines


def unit_body(reader: Reader, view: ViewState, facts: UnitFacts, layer: ShownLayer) -> list[Any]:
    """Return what stands below the trend: history of a status, projects, other figures."""
    parts: list[Any] = []
    if facts.history:
        parts.append(_history(reader, view, facts, layer))
    if reader.catalogue(view.pack)["projects"]:
        parts.append(_projects(facts, view.language))
    if facts.others:
        parts.append(_others(reader, view, facts))
    return parts


def _history(reader: Reader, view: ViewState, facts: UnitFacts, layer: ShownLayer) -> html.Section:
    language = view.language
    rows = []
    for row, one in enumerate(facts.history):
        place = int(layer.classes[row, facts.at])
        if place < 0:
            swatch, words = html.I(className="swatch hatch"), missing_text(one, language)
        else:
            entry = layer.entries[place]
            swatch = html.I(className="swatch", style={"background": entry.colour})
            words = (entry.name or {})[language]
        status = message(f"vocabulary.status.{one.status}", language) if one.status else ""
        rows.append(
            html.Li(
                [swatch, html.B(one.year), html.Span(words), html.Small(status)],
                **current(chosen=one.year == view.year),
            )
        )
    note = note_facts(reader, view.pack, view.level, {view.indicator: layer.years}, unit=facts.at)
    return html.Section(
        [
            html.H3(message("panel.history", language)),
            html.Ol(rows, className="history"),
            source_note(note, language, show_unit=False),
        ],
        **data(figure="history"),
    )


def _projects(facts: UnitFacts, language: str) -> html.Section:
    rows: list[Any] = []
    for project, years in facts.projects:
        named = message("overlay.short", language, named=project["named_units"], total=project["total_units"])
        rows.append(html.Li([html.Span(project["name"][language]), html.Small(f"{year_list(years)} · {named}")]))
    content: Any = html.Ul(rows, className="projects")
    if not rows:
        content = html.P(message("panel.no_projects", language), className="hint")
    return html.Section([html.H3(message("panel.projects", language)), content])


def _others(reader: Reader, view: ViewState, facts: UnitFacts) -> html.Section:
    language = view.language
    shown = {one.indicator["id"]: [one.figure.year] for one in facts.others}
    note = note_facts(reader, view.pack, view.level, shown, unit=facts.at)
    return html.Section(
        [
            html.H3(message("panel.others", language)),
            html.Table(html.Tbody([_other(one, view) for one in facts.others])),
            source_note(note, language, show_unit=False),
        ],
        **data(figure="others"),
    )


def _other(one: KeyFigure, view: ViewState) -> html.Tr:
    language, declared = view.language, one.indicator
    value = figure_text(one.figure.value, declared, language)
    changes = OWN_CLASSES | {"indicator": declared["id"], "only": "", "page": ""}
    return html.Tr(
        [
            html.Th(link(view, declared["name"][language], changes), scope="row"),
            html.Td(value),
            html.Td(one.figure.year),
        ]
    )
