"""The trends page: an indicator over the years, all units of a level at once; whether they draw level."""

from __future__ import annotations

from typing import Any

import dash
from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.convergence_figures import convergence_figures, gini_figure
from fuping.dashboard.components.field import indicator_field, level_field, year_field
from fuping.dashboard.components.search_box import SearchBox
from fuping.dashboard.components.shell import document, fill_document
from fuping.dashboard.components.spread_figures import distribution_figure, lines_figure, rank_figure
from fuping.dashboard.components.status_trend import status_trend
from fuping.dashboard.i18n.formats import year_list
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.pages.overview import place_field, scope_words
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.places import place_of_code
from fuping.dashboard.queries.spread import Spread, spread, tracks
from fuping.dashboard.state import ViewState

__all__ = ["layout", "register"]


def layout(reader: Reader, search: str) -> html.Div:
    """Return the page's places; the callback fills them and follows the URL."""
    return document("trends")


def register(app: dash.Dash, reader: Reader) -> None:
    """Add the page's callback."""
    fill_document(app, reader, "trends", _content)


def _content(reader: Reader, view: ViewState) -> list[Any]:
    language = view.language
    declared = reader.indicator(view.pack, view.indicator)
    fields = [indicator_field(reader, view), level_field(reader, view), *place_field(reader, view)]
    parts: list[Any] = [
        html.H1(message("trends.title", language, name=declared["name"][language])),
        html.P(declared["meaning"][language], className="lead"),
        html.Div([*fields, year_field(reader, view)], className="fields"),
    ]
    if not view.year:
        return [*parts, html.P(message("trends.refused.no_figures", language), className="told-why")]
    found = spread(reader, view)
    parts += [*_chosen(reader, view), *scope_words(reader, view, found.scope)]
    if not found.n.any():
        return [*parts, html.P(message("trends.refused.no_figures", language), className="told-why")]
    parts.append(html.P(_span(found, declared, language), className="hint"))
    if declared["categories"]:
        return [*parts, *status_trend(reader, view, found)]
    lines = lines_figure(reader, view, found, tracks(reader, view))
    if len(found.places) == 1:
        return [*parts, lines, html.P(message("trends.refused.one_unit", language), className="told-why")]
    convergence, *dispersion = convergence_figures(reader, view, found)
    columns = [
        [distribution_figure(reader, view, found), convergence, *gini_figure(reader, view, found)],
        [rank_figure(reader, view, found), *dispersion],
    ]
    return [*parts, lines, html.Div([html.Div(one) for one in columns], className="figures trends-figures")]


def _chosen(reader: Reader, view: ViewState) -> list[Any]:
    """Return the search that selects a unit, and which is selected."""
    language = view.language
    box = SearchBox(
        id="trends-search",
        url=f"/search/{view.pack}.json",
        placeholder=message("trends.search", language),
        none=message("search.none", language),
        sets="unit",
    )
    if not view.unit:
        return [box, html.P(message("trends.choose", language), className="hint")]
    place = place_of_code(reader, view.pack, view.unit, language)
    if place is None:
        return [box, html.P(message("compare.unknown", language, code=view.unit), role="alert", className="told-why")]
    words = message(
        "trends.chosen", language, name=place.name, level=reader.level(view.pack, place.level)["name"][language]
    )
    clear = link(view, message("trends.clear", language), {"unit": ""})
    return [box, html.P([words, " ", clear], className="selected-line")]


def _span(found: Spread, declared: Any, language: str) -> str:
    """Return the years that there are, and where the series breaks."""
    years = [year for year, n in zip(found.years, found.n, strict=True) if n]
    words = message("trends.years", language, years=year_list(years))
    inside = [year for year in declared["breaks_in_series"] if years[0] < year <= years[-1]]
    return words + (message("trends.breaks", language, years=year_list(inside)) if inside else "")
