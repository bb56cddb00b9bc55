"""Poverty laid over an assessment: the choice of what counts as poor, and where fragile land is poor too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import current
from fuping.dashboard.components.ecology_figures import note_of, unit_names
from fuping.dashboard.components.field import Field, select_field
from fuping.dashboard.components.figure import data_table, figure
from fuping.dashboard.components.thematic_map import thematic_map
from fuping.dashboard.components.unit_panel import figure_text
from fuping.dashboard.i18n.formats import figure as with_unit
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.ecology import GRADES, Assessment
from fuping.dashboard.queries.figures_at import Poverty, poverty_of
from fuping.dashboard.queries.graded import BOTH_COLOURS, graded_layer
from fuping.dashboard.state import ViewState

__all__ = ["chosen_poverty", "fragile_and_poor", "poor_words", "poverty_field"]

MOST_ROWS = 30


def _offered(reader: Reader, view: ViewState, declared: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    every = [reader.indicator(view.pack, name) for name in declared["poverty"]]
    return [one for one in every if one["levels"].get(declared["level"], {}).get("n_values")]


def chosen_poverty(reader: Reader, view: ViewState, declared: Mapping[str, Any]) -> Poverty | None:
    """Return which units count as poor by the URL's choice, else by the first indicator that has figures."""
    there = [one["id"] for one in _offered(reader, view, declared)]
    if not there:
        return None
    return poverty_of(reader, view.pack, view.option("poverty", there, there[0]), declared["level"])


def poverty_field(reader: Reader, view: ViewState, declared: Mapping[str, Any]) -> Field | None:
    """Return the choice of what poverty is read from; ``None`` where nothing of it is loaded."""
    there = _offered(reader, view, declared)
    if not there:
        return None
    names = [one["id"] for one in there]
    return select_field(
        "poverty",
        message("overlay.poverty", view.language),
        view.option("poverty", names, names[0]),
        [{"value": one["id"], "label": one["name"][view.language]} for one in there],
    )


def poor_words(poverty: Poverty, language: str) -> str:
    """Return which units count as poor, in words."""
    declared = poverty.figures.indicator
    name, year = declared["name"][language], poverty.figures.year
    if declared["categories"]:
        return message("overlay.listed", language, name=name, year=year)
    limit = with_unit(poverty.threshold, declared["unit"][language], declared["decimals"], language)
    return message("overlay.worst_third", language, name=name, year=year, limit=limit)


def fragile_and_poor(reader: Reader, view: ViewState, found: Assessment) -> html.Section:
    """Return the map of units in the two lowest grades, of poor ones, and of both, with those that are both."""
    language, level = view.language, found.framework["level"]
    poverty = chosen_poverty(reader, view, found.framework)
    title = message("overlay.title", language)
    if poverty is None or found.index is None:
        return figure("overlay", title, [], [], language)
    grades = np.asarray(found.grades)
    fragile, known = (grades >= 0) & (grades <= 1), (grades >= 0) & poverty.known
    classes = np.where(known, fragile + 2 * poverty.poor, -1)
    index = found.index.table["index"].to_numpy()
    names = [
        {one: message(f"overlay.class.{key}", one) for one in ("en", "zh")}
        for key in ("neither", "fragile", "poor", "both")
    ]
    layer, values = graded_layer(poverty.figures.year, classes, index, names, BOTH_COLOURS)
    drawn = thematic_map(
        reader, replace(view, level=level), layer, values, name="overlay", title=title, decimals=2,
        value_name=message("ecology.index", language),
    )  # fmt: skip
    counts = {
        key: number(int((classes == place).sum()), 0, language)
        for place, key in enumerate(("neither", "fragile", "poor", "both"))
    }
    expected = float(fragile[known].mean() * poverty.poor[known].mean() * known.sum()) if known.any() else 0.0
    lead = message("overlay.lead", language, expected=number(expected, 0, language), **counts)
    body = [html.P(lead, className="lead"), drawn, _both(reader, view, found, poverty, classes)]
    hint = message("overlay.hint", language, poor=poor_words(poverty, language))
    used = tuple({one.indicator["id"]: one for one in (*found.used, poverty.figures)}.values())
    return figure("overlay", title, body, note_of(reader, view, level, used), language, hint=hint)


def _both(reader: Reader, view: ViewState, found: Assessment, poverty: Poverty, classes: Any) -> html.Div:
    language, level = view.language, found.framework["level"]
    codes, names = reader.units(view.pack, level)["code"], unit_names(reader, view, level)
    index = found.index.table["index"].to_numpy() if found.index else np.zeros(len(codes))
    places = np.flatnonzero(classes == 3)
    order = places[np.argsort(index[places], kind="stable")][:MOST_ROWS]
    rows = []
    for at in order:
        name = link(view, names[at], {"unit": codes[at]})
        grade = message(f"ecology.grade.{GRADES[int(found.grades[at])]}", language)
        told = figure_text(float(poverty.figures.value[at]), dict(poverty.figures.indicator), language)
        cells = [html.Th(name, scope="row"), html.Td(number(index[at], 2, language)), html.Td(grade, className="words")]
        rows.append(html.Tr([*cells, html.Td(told)], **current(chosen=codes[at] == view.unit)))
    head = [
        reader.level(view.pack, level)["name"][language],
        message("ecology.index", language),
        message("ecology.head.grade", language),
        poverty.figures.indicator["name"][language],
    ]
    table = data_table(head, rows, "both")
    words = message("overlay.table", language, n=len(order), total=number(len(places), 0, language))
    return html.Div([html.H3(words), table])
