"""The flagged figures as a list: where, when, what was expected, how far off, and whom to ask."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pandas as pd
from fuping.dashboard.components import html
from fuping.dashboard.components.field import select_field
from fuping.dashboard.components.figure import data_table
from fuping.dashboard.components.pager import pager
from fuping.dashboard.i18n.formats import difference, figure, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.quality import ROWS, QualityShown
from fuping.dashboard.queries.quality_file import sources_of
from fuping.dashboard.queries.scope import named
from fuping.dashboard.state import ViewState
from fuping.layers.quality import KINDS

__all__ = ["flag_fields", "flag_list"]

COLUMNS = ("place", "figure", "expected", "off", "why", "ask")

MOST_NAMED = 4
"""Parts that a row names; the file has all."""


def flag_fields(view: ViewState, shown: QualityShown) -> html.Div:
    """Return what the list is narrowed by."""
    language = view.language
    everything = {"value": "", "label": message("projects.all", language)}
    indicators = [
        {"value": one.indicator["id"], "label": one.indicator["name"][language]}
        for one in shown.indicators
        if one.judgement
    ]
    kinds = [{"value": one, "label": message(f"quality.kind.{one}", language)} for one in KINDS]
    fields = [
        select_field("of", message("data.indicator", language), shown.of, [everything, *indicators], clears=["part"]),
        select_field("flag", message("quality.why", language), shown.kind, [everything, *kinds], clears=["part"]),
    ]
    return html.Div(fields, className="fields")


def flag_list(reader: Reader, view: ViewState, shown: QualityShown) -> list[Any]:
    """Return the list with its pages and its file; a sentence where nothing is flagged."""
    language, n = view.language, len(shown.flags)
    query = urlencode(view.to_query())
    take = html.A(message("quality.take", language), href=f"/quality/{view.pack}.csv?{query}", download="")
    if not n:
        return [html.P(message("quality.none", language), className="not-told"), html.P(take)]
    pages = -(-n // ROWS)
    page = round(view.amount("part", 1, low=1, high=pages))
    rows = [_row(reader, view, row) for _, row in shown.flags.iloc[(page - 1) * ROWS : page * ROWS].iterrows()]
    head = [message(f"quality.column.{name}", language) for name in COLUMNS]
    told = html.Span(message("quality.n_flags", language, n=number(n, 0, language)))
    foot = html.P([html.Span([told, take], className="alert-files"), *pager(view, page, pages)], className="pager")
    return [html.Div(data_table(head, rows, "flags"), className="word-table flags"), foot]


def _row(reader: Reader, view: ViewState, row: pd.Series) -> html.Tr:
    language = view.language
    declared = reader.indicator(view.pack, row["indicator"])
    unit, decimals = declared["unit"][language], declared["decimals"]
    place = named(reader, view, row["level"], reader.units(view.pack, row["level"])["code"].index(row["code"]))
    words: Any = place.name
    if declared["shown"]:
        there = view.href(
            indicator=row["indicator"], level=row["level"], year=int(row["year"]), unit=row["code"], extra=()
        )
        words = html.A(place.name, href=f"/{there}")
    known = pd.notna(row["expected"])
    asked = [
        one["title"][language] for one in sources_of(reader, view.pack, row["indicator"], row["level"], row["year"])
    ]
    cells: list[Any] = [
        [words, html.Small(place.parent), html.Small(f"{declared['name'][language]}, {row['year']}")],
        figure(row["value"], unit, decimals, language),
        figure(row["expected"], unit, decimals, language) if known else "–",
        difference(row["off"], unit, decimals, language) if known else "–",
        [message(f"quality.kind.{row['kind']}", language), html.Small(_why(reader, view, row))],
        "; ".join(asked),
    ]
    return html.Tr([html.Td(cell) for cell in cells])


def _why(reader: Reader, view: ViewState, row: pd.Series) -> str:
    """Return in what way a figure is off, and by how many times the limit."""
    language, shape = view.language, row["shape"]
    told = [message(f"quality.shape.{shape}", language)] if shape else []
    if (pd.notna(row["n_years"]) and row["kind"] != "neighbours") or shape == "lasting":
        told.append(message("quality.years", language, n=int(row["n_years"])))
    if pd.notna(row["times"]):
        told.append(message("quality.times", language, n=number(row["times"], 1, language)))
    if row["others"]:
        told.append(_others(reader, view, row))
    return message("format.join", language).join(told)


def _others(reader: Reader, view: ViewState, row: pd.Series) -> str:
    language, codes = view.language, row["others"].split(";")
    level = row["level"]
    if row["kind"] == "total":
        levels = reader.indicator(view.pack, row["indicator"])["levels"]
        level = [
            one["id"] for one in reader.catalogue(view.pack)["levels"] if levels.get(one["id"], {}).get("n_values")
        ][-1]
    units = reader.units(view.pack, level)
    names = [units[f"name_{language}"][units["code"].index(code)] for code in codes[:MOST_NAMED]]
    more = len(codes) - len(names)
    names += [f"+{number(more, 0, language)}"] if more else []
    return message(f"quality.others.{row['kind']}", language, names=", ".join(names))
