"""Convergence of a trends page: change against the starting level, dispersion, Gini, each read in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.convergence_words import beta_words, change_unit, measure_decimals, sigma_words
from fuping.dashboard.components.field import select_field
from fuping.dashboard.components.figure import chart, data_table, figure
from fuping.dashboard.components.spread_figures import names_of, selected_place, spread_note
from fuping.dashboard.figures.convergence import dispersion, scatter
from fuping.dashboard.i18n.formats import inline, number, year_list
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.draw_level import DrawingLevel, draw_level, period, unequal
from fuping.dashboard.queries.spread import Spread
from fuping.dashboard.state import ViewState

__all__ = ["convergence_figures", "gini_figure"]

GINI_DECIMALS = 3


def convergence_figures(reader: Reader, view: ViewState, found: Spread) -> list[Any]:
    """Return the scatter with its reading and the dispersion with its, or why there are none."""
    language = view.language
    declared = reader.indicator(view.pack, view.indicator)
    drawing = draw_level(reader, view, found)
    title = message("trends.convergence", language)
    years = period(declared, found, view)
    fields = [_years_field(found, years, language)] if years and len(found.places) > 1 else []
    if isinstance(drawing, str):
        told = year_list(declared["breaks_in_series"])
        words = message(f"trends.refused.{drawing}", language, breaks=told)
        shown = fields if drawing in ("break", "few", "flat") else []
        return [figure("convergence", title, [*shown, html.P(words, className="told-why")], [], language)]
    plural = reader.level(view.pack, view.level)["plural"][language]
    names = dict(zip((int(at) for at in found.places), names_of(reader, view, found), strict=True))
    at = selected_place(reader, view, found)
    unit = change_unit(declared, language, log=drawing.log)
    drawn = scatter(
        drawing,
        declared,
        language,
        names=names,
        selected=None if at is None else int(found.places[at]),
        change_unit=unit,
    )
    reading = _reading(beta_words(drawing, declared, plural, language), "beta")
    note = spread_note(reader, view, found, [drawing.first, drawing.last])
    hint = message("trends.convergence_hint", language, level=inline(plural, language))
    body = [
        *fields,
        reading,
        chart(drawn, title, height=340),
        html.P(message("trends.chance", language), className="hint"),
    ]
    first = figure("convergence", title, body, note, language, hint=hint, saved=True)
    return [first, _dispersion(reader, view, found, drawing, plural)]


def _years_field(found: Spread, years: tuple[int, int], language: str) -> html.Div:
    known = [year for year, n in zip(found.years, found.n, strict=True) if n]
    fields = []
    for param, value, offered in (("from", years[0], known[:-1]), ("to", years[1], known[1:])):
        options = [{"value": str(year), "label": str(year)} for year in offered]
        label = message(f"trends.{param}_year", language)
        fields.append(select_field(param, label, str(value), options))
    return html.Div(fields, className="fields")


def _reading(words: Sequence[str], name: str) -> html.Div:
    return html.Div(
        [html.P(html.B(words[0])), *(html.P(one) for one in words[1:])], className="trend-reading", **data(reading=name)
    )


def _dispersion(reader: Reader, view: ViewState, found: Spread, drawing: DrawingLevel, plural: str) -> Any:
    language = view.language
    declared = reader.indicator(view.pack, view.indicator)
    title = message("trends.dispersion", language)
    if drawing.sigma is None:
        refused = html.P(message("trends.refused.incomplete", language), className="told-why")
        return figure("dispersion", title, refused, [], language)
    rows, decimals = drawing.sigma.by_year, measure_decimals(drawing)
    drawn = dispersion(
        drawing.sigma_years,
        rows["dispersion"],
        rows["low"],
        rows["high"],
        breaks=declared["breaks_in_series"],
        decimals=decimals,
        language=language,
    )
    hint = message(
        f"trends.measure.{drawing.sigma.measure}",
        language,
        level=inline(plural, language),
        unit=declared["unit"][language],
    )
    above = [one for one in [drawing.groups] if one]
    for one in above:
        named = inline(reader.level(view.pack, one)["plural"][language], language)
        hint += message("trends.drawn_by", language, level=named)
    table = _measure_table(list(drawing.sigma_years), rows.rename(columns={"dispersion": "value"}), decimals, language)
    body = [_reading(sigma_words(drawing, declared, plural, language), "sigma"), chart(drawn, title, height=300)]
    note = spread_note(reader, view, found, drawing.sigma_years)
    return figure("dispersion", title, body, note, language, hint=hint, table=table, saved=True)


def gini_figure(reader: Reader, view: ViewState, found: Spread) -> list[Any]:
    """Return the Gini coefficient over the years; nothing where it makes no sense."""
    language = view.language
    declared = reader.indicator(view.pack, view.indicator)
    told = unequal(declared, found)
    if told is None:
        return []
    rows = told.by_year
    years = [int(year) for year in rows.index]
    title = message("trends.gini", language)
    drawn = dispersion(
        years,
        rows["value"],
        rows["low"],
        rows["high"],
        breaks=declared["breaks_in_series"],
        decimals=GINI_DECIMALS,
        language=language,
    )
    plural = inline(reader.level(view.pack, view.level)["plural"][language], language)
    hint = message("trends.gini_hint", language, level=plural)
    table = _measure_table(years, rows, GINI_DECIMALS, language)
    note = spread_note(reader, view, found, years)
    return [figure("gini", title, chart(drawn, title, height=300), note, language, hint=hint, table=table, saved=True)]


def _measure_table(years: Sequence[int], rows: Any, decimals: int, language: str) -> Any:
    body = [
        [
            str(year),
            *(number(float(row[key]), decimals, language) for key in ("value", "low", "high")),
            number(row["n"], 0, language),
        ]
        for year, (_, row) in zip(years, rows.iterrows(), strict=True)
    ]
    head = [message("note.year", language), message("data.value", language)]
    head += [message(f"trends.{key}", language) for key in ("low_end", "high_end", "with_figure")]
    return data_table(head, body, "measure")
