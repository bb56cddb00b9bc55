"""The figures of the risk page: maps of the composite, one unit's scores, cyclones, people exposed, poverty."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import current
from fuping.dashboard.components.ecology_figures import note_of, unit_names
from fuping.dashboard.components.figure import chart, data_table, figure
from fuping.dashboard.components.overlay_figures import poor_words
from fuping.dashboard.components.source_note import source_note
from fuping.dashboard.components.thematic_map import thematic_map
from fuping.dashboard.components.unit_panel import figure_text
from fuping.dashboard.figures.assessment import curve, makeup
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.figures_at import Poverty
from fuping.dashboard.queries.graded import graded_layer, pair_of
from fuping.dashboard.queries.people import people_indicator
from fuping.dashboard.queries.risk import GRADE_BREAKS, Exposed, Risk, storm_curve, storms_of
from fuping.dashboard.queries.sources import note_facts
from fuping.dashboard.state import ViewState
from fuping.spatial.cartography import Ramp, sequential

__all__ = [
    "GRADES",
    "SHOWN",
    "curve_figure",
    "exposure_figure",
    "indicator_table",
    "poverty_map",
    "ranked_table",
    "risk_map",
    "unit_figure",
    "wind_class",
]

SHOWN = ("risk", "hazard", "vulnerability", "coping", "unreliability")

GRADES = ("very_low", "low", "medium", "high", "very_high")

TWO_STEPS = (2.0, 4.0, 6.0, 8.0)

FORCES = ((17.2, 8), (24.5, 10), (32.7, 12))

MOST_ROWS = 12


def _classes(found: Risk, shown: str) -> tuple[Any, Any, tuple[float, ...]]:
    score = found.result.table[shown].to_numpy() if found.result else np.array([])
    breaks = GRADE_BREAKS if shown == "risk" else TWO_STEPS
    classes = np.where(np.isnan(score), -1, np.searchsorted(breaks, np.nan_to_num(score), side="right"))
    return score, classes, breaks


def risk_map(reader: Reader, view: ViewState, found: Risk, shown: str) -> html.Section:
    """Return the map of the composite, of one of its dimensions, or of how unreliable it is."""
    language, level = view.language, found.composite["level"]
    score, classes, breaks = _classes(found, shown)
    title = message(f"risk.dimension.{shown}", language)
    edges = (0.0, *breaks, 10.0)
    names = [
        {one: message(f"risk.grade.{grade}", one, low=f"{low:g}", high=f"{high:g}") for one in ("en", "zh")}
        for grade, low, high in zip(GRADES, edges, edges[1:], strict=False)
    ]
    ramp: Ramp = "neutral" if shown == "unreliability" else "worse"
    layer, values = graded_layer(found.year, classes, score, names, sequential(5, ramp=ramp))
    drawn = thematic_map(
        reader,
        replace(view, level=level),
        layer,
        values,
        name="risk",
        title=title,
        decimals=1,
        value_name=message("risk.score", language),
    )
    hint = message(f"risk.hint.{shown}", language)
    missing = int((classes < 0).sum())
    if missing:
        hint += " " + message("risk.without", language, n=number(missing, 0, language))
    return figure("risk", title, drawn, note_of(reader, view, level, found.used), language, hint=hint)


def unit_figure(reader: Reader, view: ViewState, found: Risk) -> html.Section:
    """Return the scores of the selected unit, by category, beside the middle of all."""
    language, level = view.language, found.composite["level"]
    title = message("risk.unit", language)
    codes = reader.units(view.pack, level)["code"]
    if view.unit not in codes or found.result is None:
        return figure("unit", title, html.P(message("ecology.select", language), className="hint ask"), [], language)
    at = codes.index(view.unit)
    told, parts = found.result.table.iloc[at], found.result.categories
    own = {one["category"]["en"]: one["category"][language] for one in found.composite["indicators"]}
    names, mine, middle = [], [], []
    for dimension in ("hazard", "vulnerability", "coping"):
        names.append(message(f"risk.dimension.{dimension}", language))
        mine.append(told[dimension])
        middle.append(found.result.table[dimension].median())
        for key in parts.columns:
            if key[0] == dimension:
                names.append(f"· {own[key[1]]}")
                mine.append(parts.iloc[at][key])
                middle.append(parts[key].median())
    name = unit_names(reader, view, level)[at]
    facts = {
        "name": name,
        "missing": number(100 * told["missing"], 0, language),
        "age": number(told["age"], 0, language),
        "unreliability": number(told["unreliability"], 1, language),
    }
    score = told["risk"]
    if np.isfinite(score):
        lead = message("risk.unit_score", language, risk=number(score, 1, language), **facts)
    else:
        lead = message("risk.unit_none", language, **facts)
    words = (name, message("ecology.middle", language))
    drawn = makeup(names, [one if np.isfinite(one) else None for one in mine], middle, most=10, words=words)  # type: ignore[misc]
    drawn["layout"]["xaxis"]["title"]["text"] = message("risk.axis", language)
    absent = message("risk.no_score", language)
    rows = [
        [label, number(a, 1, language) if np.isfinite(a) else absent, number(b, 1, language)]
        for label, a, b in zip(names, mine, middle, strict=True)
    ]
    heads = [message(one, language) for one in ("risk.part", "risk.score", "ecology.middle")]
    body = [html.P(lead, className="lead"), chart(drawn, title, height=60 + 28 * len(names))]
    note = note_of(reader, view, level, found.used, at)
    table = data_table(heads, rows, "unit-scores")
    return figure(
        "unit", title, body, note, language, hint=message("risk.unit_hint", language), table=table, saved=True
    )


def ranked_table(reader: Reader, view: ViewState, found: Risk, shown: str) -> html.Section:
    """Return the units with the highest scores."""
    language, level = view.language, found.composite["level"]
    score, _, _ = _classes(found, shown)
    codes, names = reader.units(view.pack, level)["code"], unit_names(reader, view, level)
    order = np.argsort(np.where(np.isnan(score), -1.0, score), kind="stable")[::-1]
    order = order[np.isfinite(score[order])][:MOST_ROWS]
    keys = ("risk", "hazard", "vulnerability", "coping", "unreliability")
    rows = []
    for at in order:
        told = found.result.table.iloc[at] if found.result else {}
        cells: list[Any] = [html.Th(link(view, names[at], {"unit": codes[at]}), scope="row")]
        cells += [html.Td(number(told[key], 1, language) if np.isfinite(told[key]) else "–") for key in keys]
        rows.append(html.Tr(cells, **current(chosen=codes[at] == view.unit)))
    head = [reader.level(view.pack, level)["name"][language]]
    head += [message(f"risk.short.{key}", language) for key in keys]
    title = message("risk.highest", language, score=message(f"risk.dimension.{shown}", language))
    return figure("highest", title, data_table(head, rows, "highest"), [], language)


def curve_figure(reader: Reader, view: ViewState, level: str) -> html.Section:
    """Return how often the selected unit has seen which wind of a cyclone."""
    language, title = view.language, message("risk.curve", view.language)
    codes, found = reader.units(view.pack, level)["code"], storms_of(reader, view.pack)
    if view.unit not in codes or found is None:
        return figure("curve", title, html.P(message("ecology.select", language), className="hint ask"), [], language)
    declared = found[0]
    span = {"first": declared["first_season"], "last": declared["last_season"]}
    name = unit_names(reader, view, level)[codes.index(view.unit)]
    note = _wind_note(reader, view, level, codes.index(view.unit))
    table = storm_curve(reader, view.pack, codes[codes.index(view.unit)])
    if table is None:
        least = number(declared["least_wind"], 1, language)
        return figure(
            "curve", title, html.P(message("risk.no_storm", language, name=name, least=least, **span)), note, language
        )
    lines = [(wind, message("risk.force", language, force=force)) for wind, force in FORCES]
    titles = (message("risk.period", language), message("risk.wind", language))
    drawn = curve(table["return_period"].tolist(), table["amount"].tolist(), lines=lines, titles=titles)
    n = round(float(table["frequency"].max()) * (span["last"] - span["first"] + 1))
    greatest = number(float(table["amount"].max()), 0, language)
    lead = message("risk.curve_lead", language, name=name, n=number(n, 0, language), greatest=greatest, **span)
    body = [html.P(lead, className="lead"), chart(drawn, title, height=300)]
    hint = message("risk.curve_hint", language, years=span["last"] - span["first"] + 1)
    return figure("curve", title, body, note, language, hint=hint, saved=True)


def exposure_figure(
    reader: Reader, view: ViewState, level: str, exposed: Exposed, poverty: Poverty | None
) -> html.Section:
    """Return the people who live where a wind comes once in ten years, and those in poor units."""
    language, title = view.language, message("risk.exposed", view.language)
    counted = bool(exposed.people_year)
    rows = []
    for (low, high), units, poor, heads, heads_poor in zip(
        exposed.bounds, exposed.units, exposed.poor_units, exposed.people, exposed.people_poor, strict=True
    ):
        row = [wind_class(low, high, language), number(units, 0, language)]
        row += [number(poor, 0, language)] if poverty else []
        row += [number(heads, 0, language)] if counted else []
        row += [number(heads_poor, 0, language)] if counted and poverty else []
        rows.append(row)
    plural = reader.level(view.pack, level)["plural"][language]
    head = [message("risk.wind_ten", language), plural]
    head += [message("risk.poor_units", language)] if poverty else []
    head += [message("risk.people", language)] if counted else []
    head += [message("risk.people_poor", language)] if counted and poverty else []
    parts = [message("risk.exposed_hint", language)]
    if poverty:
        parts.append(message("risk.poor_are", language, poor=poor_words(poverty, language)))
    if not counted:
        parts.append(message("risk.no_people", language))
    elif exposed.uncounted:
        parts.append(message("risk.uncounted", language, n=number(exposed.uncounted, 0, language)))
    shown = {"cyclone_wind_10yr": [exposed.wind.year]}
    declared = people_indicator(reader, view.pack, level, "population")
    if declared is not None and counted:
        shown[declared["id"]] = [exposed.people_year]
    if poverty:
        shown[poverty.figures.indicator["id"]] = [poverty.figures.year]
    note = source_note(note_facts(reader, view.pack, level, shown), language, show_unit=False)
    return figure("exposed", title, data_table(head, rows, "exposed"), note, language, hint=" ".join(parts))


def wind_class(low: float, high: float, language: str) -> str:
    """Return a class of wind in words."""
    if not low:
        return message("risk.below", language, high=number(high, 1, language))
    if np.isinf(high):
        return message("risk.at_least", language, low=number(low, 1, language))
    return message("risk.between", language, low=number(low, 1, language), high=number(high, 1, language))


def _wind_note(reader: Reader, view: ViewState, level: str, unit: int) -> Any:
    years = reader.indicator(view.pack, "cyclone_wind_10yr")["levels"][level]["years"]
    return source_note(note_facts(reader, view.pack, level, {"cyclone_wind_10yr": years}, unit=unit), view.language)


def poverty_map(reader: Reader, view: ViewState, found: Risk, poverty: Poverty) -> html.Section:
    """Return the map of poverty and risk together, each in thirds."""
    language, level = view.language, found.composite["level"]
    risk = found.result.table["risk"].to_numpy() if found.result else np.array([])
    classes, colours, places = pair_of(poverty.amount, risk)
    thirds = ("low", "middle", "high")

    def named(place: int, one: str) -> str:
        listed = bool(poverty.figures.indicator["categories"])
        first = message(f"risk.listed.{thirds[place % 3]}" if listed else f"risk.poverty.{thirds[place % 3]}", one)
        return message("risk.pair", one, poverty=first, risk=message(f"risk.third.{thirds[place // 3]}", one))

    names = [{one: named(place, one) for one in ("en", "zh")} for place in places]
    layer, values = graded_layer(found.year, classes, risk, names, colours)
    title = message("risk.poverty_map", language)
    drawn = thematic_map(
        reader,
        replace(view, level=level),
        layer,
        values,
        name="pair",
        title=title,
        decimals=1,
        value_name=message("risk.dimension.risk", language),
    )
    worst = [at for at, place in enumerate(places) if place == 8]
    n = int(np.isin(classes, worst).sum())
    hint = message("risk.poverty_hint", language, poor=poor_words(poverty, language), n=number(n, 0, language))
    used = tuple({one.indicator["id"]: one for one in (*found.used, poverty.figures)}.values())
    return figure("pair", title, drawn, note_of(reader, view, level, used), language, hint=hint)


def indicator_table(reader: Reader, view: ViewState, found: Risk) -> html.Section:
    """Return every indicator with its limits and why it is there."""
    language, level = view.language, found.composite["level"]
    declared = {one["indicator"]: one for one in found.composite["indicators"]}
    rows = []
    for one in found.used:
        own = declared[one.indicator["id"]]
        turned = own["direction"] == "negative"
        ends = (own["high"], own["low"]) if turned else (own["low"], own["high"])
        limits = [figure_text(end, {**one.indicator, "categories": []}, language) for end in ends]
        name = link(view, one.indicator["name"][language], {"indicator": one.indicator["id"], "level": level})
        cells = [
            html.Th(name, scope="row"),
            html.Td(message(f"risk.dimension.{own['dimension']}", language), className="words"),
            html.Td(own["category"][language], className="words"),
            html.Td(limits[0]),
            html.Td(limits[1]),
            html.Td(number(int(np.isfinite(one.value).sum()), 0, language)),
            html.Td(str(one.year)),
            html.Td(own["why"][language], className="words"),
        ]
        rows.append(html.Tr(cells, **current(chosen=one.indicator["id"] == view.indicator)))
    keys = ["ecology.head.indicator", "ecology.head.dimension", "risk.category", "risk.zero", "risk.ten"]
    keys += ["ecology.head.known", "ecology.head.year", "ecology.head.why"]
    table = data_table([message(key, language) for key in keys], rows, "risk-indicators")
    note = note_of(reader, view, level, found.used)
    hint = message("risk.indicators_hint", language)
    return figure("indicators", message("ecology.indicators", language), table, note, language, hint=hint)
