"""The register of alerts as a table, with what it can be narrowed to and how many there are of each kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.alert_words import declared_of, due_words, evidence_words, figure_words, state_mark
from fuping.dashboard.components.attributes import aria, current, data
from fuping.dashboard.components.field import select_field
from fuping.dashboard.components.pager import pager
from fuping.dashboard.components.watch_table import severity_mark
from fuping.dashboard.i18n.formats import figure as written
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.identity import identity
from fuping.dashboard.queries.alert_register import CAUSES, PEOPLE, ROWS, STANDING, RegisterShown, alert_place
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.state import ViewState
from fuping.layers.office.alert_moves import SEVERITIES
from fuping.layers.office.alert_register import Alert

__all__ = ["alert_filters", "alert_table"]

COLUMNS = ("severity", "place", "indicator", "figure", "cause", "state", "responsible", "due")

FILES = ("csv", "xlsx")


def alert_filters(reader: Reader, view: ViewState, shown: RegisterShown, places: list[Any]) -> list[Any]:
    """Return the filters: whose, in which state, of which colour, and of what.

    Parameters
    ----------
    places
        The field that chooses a place.
    """
    language, asked = view.language, shown.asked
    people = PEOPLE if identity().signed_in else ("everybody", "overdue")
    rows: list[tuple[str, list[tuple[str, Any, int]]]] = [
        ("whose", [(one, message(f"alerts.whose.{one}", language), shown.by_people[one]) for one in people]),
        ("state", [(one, message(f"alerts.state.{one}", language), shown.by_state[one]) for one in STANDING]),
        (
            "colour",
            [
                ("", message("alerts.any_colour", language), sum(shown.by_severity.values())),
                *((one, severity_mark(one, language), shown.by_severity.get(one, 0)) for one in SEVERITIES),
            ],
        ),
    ]
    chosen = {"whose": asked.whose, "state": asked.standing, "colour": asked.severity}
    chips = [_chips(view, name, options, chosen[name]) for name, options in rows]
    everything = message("projects.all", language)
    indicators = [{"value": "", "label": everything}]
    known = {one["id"]: one["name"][language] for one in reader.catalogue(view.pack)["indicators"]}
    indicators += [{"value": one, "label": known.get(one, one)} for one in shown.indicators]
    causes = [{"value": "", "label": everything}]
    causes += [{"value": one, "label": message(f"vocabulary.cause.{one}", language)} for one in CAUSES]
    fields = [
        *places,
        select_field("of", message("data.indicator", language), asked.indicator, indicators, clears=["part"]),
        select_field("cause", message("alerts.column.cause", language), asked.cause, causes, clears=["part"]),
    ]
    return [html.Div(chips, className="chip-rows"), html.Div(fields, className="fields"), *_unit(reader, view, shown)]


def _chips(view: ViewState, name: str, options: list[tuple[str, Any, int]], chosen: str) -> html.Ul:
    language = view.language
    items = [
        html.Li(
            link(
                view,
                [words, " ", html.B(number(n, 0, language))],
                {name: "" if value == options[0][0] else value, "part": ""},
                **current(chosen=value == chosen),
            )
        )
        for value, words, n in options
    ]
    return html.Ul(
        items, className="chips", **aria(label=message(f"alerts.chips.{name}", language)), **data(chips=name)
    )


def _unit(reader: Reader, view: ViewState, shown: RegisterShown) -> list[Any]:
    if not shown.asked.unit:
        return []
    one = next((each for each in shown.everything if each.code == shown.asked.unit), None)
    name = alert_place(reader, one, view.language)[0] if one else shown.asked.unit
    close = link(view, message("alerts.every_place", view.language), {"unit": ""})
    return [html.P([message("alerts.only_place", view.language, name=name), " ", close], className="told")]


def alert_table(reader: Reader, view: ViewState, shown: RegisterShown, today: date) -> list[Any]:
    """Return the table with its pages and files; a sentence where there is nothing to list."""
    language = view.language
    if not shown.everything:
        return [html.P(message("alerts.none_yet", language), className="not-told")]
    if not shown.found:
        return [html.P(message("alerts.none_found", language), className="not-told")]
    pages = -(-len(shown.found) // ROWS)
    page = round(view.amount("part", 1, low=1, high=pages))
    rows = [_row(reader, view, one, today) for one in shown.found[(page - 1) * ROWS : page * ROWS]]
    head = [html.Th(message(f"alerts.column.{name}", language), scope="col") for name in COLUMNS]
    table = html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)])
    query = urlencode(view.to_query())
    files: list[Any] = [
        html.A(message(f"alerts.file.{form}", language), href=f"/alerts/{view.pack}.{form}?{query}", download="")
        for form in FILES
    ]
    told = html.Span(message("alerts.n_found", language, n=number(len(shown.found), 0, language)))
    return [
        html.Div(table, className="figure-table alerts", tabIndex=0, **data(table="alert-register")),
        html.P([html.Span([told, *files], className="alert-files"), *pager(view, page, pages)], className="pager"),
    ]


def _row(reader: Reader, view: ViewState, one: Alert, today: date) -> html.Tr:
    language = view.language
    name, above = alert_place(reader, one, language)
    declared = declared_of(reader, one)
    opened = link(view, name, {"alert": str(one.id)})
    return html.Tr(
        [
            html.Td([severity_mark(one.severity, language), *_risen(one, language)]),
            html.Td([opened, html.Small(above)] if above else opened, className="words"),
            html.Td([declared["name"][language], html.Small(str(one.year))], className="words"),
            html.Td(
                [
                    *figure_words(one, declared, language),
                    html.Small(evidence_words(one.evidence, language)),
                    *_latest(one, declared, language),
                ]
            ),
            html.Td(message(f"vocabulary.cause.{one.cause}", language), className="words"),
            html.Td(state_mark(one.state, language)),
            html.Td(one.last.responsible or "–", className="words"),
            html.Td(due_words(one, today, language)),
        ],
        **current(chosen=str(one.id) == dict(view.extra).get("alert")),
    )


def _risen(one: Alert, language: str) -> list[Any]:
    if not one.risen:
        return []
    year = next(each["year"] for each in one.later if each["severity"] == one.severity)
    return [html.Small(message("alerts.risen", language, year=year))]


def _latest(one: Alert, declared: Mapping[str, Any], language: str) -> list[Any]:
    if not one.later:
        return []
    last = one.later[-1]
    shown = written(last["value"], declared["unit"][language], declared["decimals"], language)
    return [html.Small(message("alerts.latest", language, year=last["year"], value=shown))]
