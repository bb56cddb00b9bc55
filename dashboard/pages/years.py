"""The years page: one map in several years side by side, or two of them with a line to drag between."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import dash
from fuping.dashboard.components import html
from fuping.dashboard.components.field import Field, indicator_field, level_field
from fuping.dashboard.components.figure import figure
from fuping.dashboard.components.legend import Legend, legend_props
from fuping.dashboard.components.maplibre import map_props
from fuping.dashboard.components.navigation import page_href
from fuping.dashboard.components.shell import document, fill_document
from fuping.dashboard.components.small_maps import SmallMaps
from fuping.dashboard.components.source_note import boundary_credit, source_note
from fuping.dashboard.i18n.formats import inline, year_list
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.i18n.sentences import listed, sentences
from fuping.dashboard.kinds import KINDS
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.kinds import map_layer
from fuping.dashboard.queries.places import place_of_code
from fuping.dashboard.queries.sources import classed_facts, note_facts
from fuping.dashboard.queries.years import MOST_MAPS, chosen_years, swiped, years_shown
from fuping.dashboard.state import ViewState

__all__ = ["layout", "register"]

MODES = ("grid", "swipe")

URLS = ("geometryUrl", "outlineUrl", "landUrl", "unitsUrl", "valuesUrl", "classesUrl")
KEPT = ("title", "language", "bounds", "text", *URLS)


def layout(reader: Reader, search: str) -> html.Div:
    """Return the page's places; the callback fills them and follows the URL."""
    return document("years")


def register(app: dash.Dash, reader: Reader) -> None:
    """Add the page's callback."""
    fill_document(app, reader, "years", _content, follows="place")


def _content(reader: Reader, view: ViewState) -> list[Any]:
    language = view.language
    view = replace(view, kind=KINDS[0])
    declared = reader.indicator(view.pack, view.indicator)
    every = declared["levels"].get(view.level, {}).get("years", [])
    fields = [indicator_field(reader, view), level_field(reader, view, several_only=True)]
    head = html.H1(message("years.title", language))
    if reader.level(view.pack, view.level)["n_units"] == 1 or not every:
        words = message("years.one_unit", language)
        return [head, html.Div(fields, className="fields"), html.P(words, className="lead")]
    mode = view.option("mode", MODES, MODES[0]) if len(every) > 1 else MODES[0]
    asked = dict(view.extra)
    chosen, others = chosen_years(every, asked.get("periods", ""))
    shown = swiped(every, asked) if mode == "swipe" else chosen or years_shown(every)
    fields += _choices(view, mode, every, shown)
    hints = [message(f"years.{mode}_hint", language)]
    if mode == "grid":
        if len(shown) < len(every) and not chosen:
            hints.append(message("years.some", language, n=len(shown), years=year_list(every)))
        if others:
            hints.append(message("years.others", language, years=listed(others, language), most=MOST_MAPS))
    maps = SmallMaps(
        id="years-maps",
        **{name: one for name, one in map_props(reader, view).items() if name in KEPT},
        years=list(shown),
        mode=mode,
        hrefs=[page_href("map", replace(view, year=year)) for year in shown],
        swipeText=message("years.line", language),
    )
    props = legend_props(reader, view, map_layer(reader, view))
    legend = html.Div(Legend(id="years-legend", **props), className="thematic-legend")
    area = place_of_code(reader, view.pack, view.within or "", language)
    where = area.name if area else reader.catalogue(view.pack)["pack"]["name"][language]
    level = inline(reader.level(view.pack, view.level)["plural"][language], language)
    title = f"{declared['name'][language]} · {where}, {level}"
    note = note_facts(reader, view.pack, view.level, {view.indicator: list(shown)})
    credit = boundary_credit(reader.catalogue(view.pack), language)
    drawn = html.Div([maps, legend], className="years-figure")
    return [
        head,
        html.Div(fields, className="fields"),
        figure(
            "years",
            title,
            drawn,
            source_note(classed_facts(note, view), language, boundaries=credit),
            language,
            hint=sentences(hints, language),
        ),
    ]


def _choices(view: ViewState, mode: str, every: list[int], shown: tuple[int, ...]) -> list[Field]:
    language = view.language
    if len(every) < 2:
        return []
    modes = [{"value": one, "label": message(f"years.{one}", language)} for one in MODES]
    label = message("years.mode", language)
    fields = [Field(id="years-mode", param="mode", label=label, kind="select", value=mode, options=modes)]
    if mode == "grid":
        example = ", ".join(str(one) for one in dict.fromkeys((every[-1], every[0])))
        fields.append(
            Field(
                id="years-periods",
                param="periods",
                label=message("years.periods", language),
                kind="text",
                value=dict(view.extra).get("periods", ""),
                placeholder=message("years.periods_example", language, years=example),
            )
        )
    if mode == "swipe":
        options = [{"value": str(one), "label": str(one)} for one in every]
        for side, year in zip(("left", "right"), shown, strict=True):
            label = message(f"years.{side}", language)
            fields.append(
                Field(id=f"years-{side}", param=side, label=label, kind="select", value=str(year), options=options)
            )
    return fields
