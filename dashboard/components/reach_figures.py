"""How many a programme reaches, by year and on the map: recipients for every hundred people, or poor people."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from fuping.dashboard.components import html
from fuping.dashboard.components.field import Field, select_field
from fuping.dashboard.components.figure import chart, data_table, figure, series_key
from fuping.dashboard.components.source_note import boundary_credit, source_note
from fuping.dashboard.components.thematic_map import thematic_map
from fuping.dashboard.figures.projects import shares_by_year
from fuping.dashboard.i18n.formats import inline, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.people import Counted, recipient_indicators
from fuping.dashboard.queries.places import place
from fuping.dashboard.queries.reach import Reach, reach, reach_layer, reach_level
from fuping.dashboard.queries.sources import note_facts
from fuping.dashboard.state import ViewState

__all__ = ["reach_figures"]

COUNTED: tuple[Counted, ...] = ("population", "poor_population")


def reach_figures(reader: Reader, view: ViewState) -> list[Any]:
    """Return the reach of the programmes whose recipients the pack counts; nothing where it counts none."""
    if not recipient_indicators(reader, view.pack):
        return []
    language = view.language
    level = reach_level(reader, view)
    offered = recipient_indicators(reader, view.pack, level)
    names = [one["id"] for one in offered]
    asked = view.option("recipients", names, names[0])
    per = view.option("per", COUNTED, COUNTED[0])
    found = {one: reach(reader, view, asked, one, level) for one in COUNTED}
    shown = found[per] or found[COUNTED[0]]  # type: ignore[index]
    fields = [
        _field("recipients", asked, [(one["id"], one["name"][language]) for one in offered], language),
        _field(
            "per",
            shown.counted if shown else per,
            [(one, message(f"projects.measure.{one}", language)) for one in COUNTED if found[one]],
            language,
        ),
    ]
    title = html.H2(message("projects.reach", language))
    hint = html.P(message("projects.reach_hint", language), className="hint")
    parts: list[Any] = [html.Section([title, hint, html.Div(fields, className="fields")])]
    if shown is None:
        level_name = inline(reader.level(view.pack, level)["plural"][language], language)
        return [*parts, html.P(message("projects.reach_no_people", language, level=level_name), className="lead")]
    if found["poor_population"] is None:
        level_name = inline(reader.level(view.pack, level)["plural"][language], language)
        what = message("projects.measure.poor_population", language)
        parts.append(html.P(message("projects.no_people", language, what=what, level=level_name), className="hint"))
    return [*parts, _by_year(reader, view, shown), _map(reader, view, shown)]


def _field(param: str, value: str, options: list[tuple[str, str]], language: str) -> Field:
    return select_field(
        param, message(f"projects.{param}", language), value, [{"value": one, "label": label} for one, label in options]
    )


def _by_year(reader: Reader, view: ViewState, found: Reach) -> html.Section:
    language = view.language
    country = reader.catalogue(view.pack)["pack"]["name"][language]
    series = [(country, found.overall)]
    units = reader.units(view.pack, found.level)["code"]
    here = place(reader, view.pack, found.level, view.unit or "", language)
    if here:
        series.append((here.name, found.values.value[:, units.index(here.code)]))
    key = series_key(name for name, _ in series)
    rows = [
        [
            str(year),
            number(found.recipients[row], 0, language),
            number(found.people[row], 0, language),
            number(found.overall[row], 1, language) if np.isfinite(found.overall[row]) else "–",
            message("projects.n_of", language, n=number(int(found.n_both[row]), 0, language), total=len(units)),
        ]
        for row, year in enumerate(found.values.years)
    ]
    level = reader.level(view.pack, found.level)["plural"][language]
    head = [
        message("projects.year", language),
        found.declared["name"][language],
        found.against["name"][language],
        message(f"projects.per.{found.counted}", language),
        level,
    ]
    title = message(f"projects.per.{found.counted}", language)
    name = f"{found.declared['name'][language]}: {inline(title, language)}"
    breaks = sorted({*found.declared["breaks_in_series"], *found.against["breaks_in_series"]})
    fewest = int(found.n_both.min())
    hint = message(
        "projects.reach_sum",
        language,
        level=inline(level, language),
        n=number(fewest, 0, language),
        total=number(len(units), 0, language),
    )
    return figure(
        "reach",
        name,
        [chart(shares_by_year(series, found.values.years, language, breaks=breaks), name, height=280), key],
        source_note(_note(reader, view, found), language),
        language,
        hint=hint,
        table=data_table(head, rows, "reach"),
        saved=True,
    )


def _note(reader: Reader, view: ViewState, found: Reach) -> Any:
    years = list(found.values.years)
    shown = {found.declared["id"]: years, found.against["id"]: years}
    return note_facts(reader, view.pack, found.level, shown)


def _map(reader: Reader, view: ViewState, found: Reach) -> html.Section:
    language = view.language
    title = (
        f"{found.declared['name'][language]}: {inline(message(f'projects.per.{found.counted}', language), language)}"
    )
    drawn = thematic_map(
        reader,
        replace(view, level=found.level),
        reach_layer(found),
        found.values,
        name="reach",
        title=title,
        unit="%",
        decimals=1,
    )
    credit = boundary_credit(reader.catalogue(view.pack), language)
    note = source_note(_note(reader, view, found), language, boundaries=credit)
    level = reader.level(view.pack, found.level)["plural"][language]
    return figure(
        "reach-map", message("projects.reach_map", language, level=inline(level, language)), drawn, note, language
    )
