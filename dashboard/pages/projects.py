"""The projects page: the register, what projects cover by year, place and programme, the gaps, and the money."""

from __future__ import annotations

from typing import Any

import dash
from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import current, data
from fuping.dashboard.components.catchment_figures import catchment_figure
from fuping.dashboard.components.coverage_figures import (
    coverage_by_year,
    coverage_map,
    coverage_of_levels,
    gap_table,
    overlap_table,
)
from fuping.dashboard.components.field import Field, select_field
from fuping.dashboard.components.figure import chart, figure
from fuping.dashboard.components.money_terms import terms_fields
from fuping.dashboard.components.need_fields import need_fields
from fuping.dashboard.components.project_money import money_figures, money_text
from fuping.dashboard.components.project_note import list_note, project_note
from fuping.dashboard.components.project_parts import beneficiaries_told, financed_by, project_parts, status_told
from fuping.dashboard.components.reach_figures import reach_figures
from fuping.dashboard.components.shell import command, document, fill_document
from fuping.dashboard.figures.projects import gantt
from fuping.dashboard.i18n.formats import inline, number, year_list
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.coverage import Covered, covered, uncovered_poor
from fuping.dashboard.queries.money_terms import terms_choice
from fuping.dashboard.queries.need import need
from fuping.dashboard.queries.people import recipient_indicators
from fuping.dashboard.queries.places import place_of_code
from fuping.dashboard.queries.register import Entry, Register, project_register
from fuping.dashboard.state import ViewState

__all__ = ["layout", "register"]

FILTERS = ("programme", "running", "status", "financier")

EXAMPLE = """[[programme]]
id = "rural_roads"
name = { en = "Rural roads", zh = "农村公路" }
publisher = { en = "Ministry of Transport", zh = "交通部" }

[[programme.projects]]
id = "R1"
name = { en = "Rural roads, first phase", zh = "农村公路一期" }
source = "roads_list"          # declared in sources.toml
path = "data/roads.csv"        # unit_code; or longitude, latitude; or wkt
level = "county"
first_year = 2015
last_year = 2020
named_units = 6                # units that the source names …
total_units = 27               # … of how many the project has
amount = 150
currency = "USD million"
status = "running"             # planned, running, finalised, closed, cancelled, suspended
payments = "data/paid.csv"     # date, kind, amount, currency

[[programme.projects.financiers]]
name = { en = "County governments", zh = "县级政府" }
share = 0.2
matching = true

[[programme.projects.components]]
id = "paving"
name = { en = "Paving", zh = "路面硬化" }

[[programme.projects.outputs]]
name = { en = "Roads paved", zh = "硬化道路" }
unit = { en = "km", zh = "公里" }
target = 300
component = "paving"

[[programme.projects.documents]]
title = { en = "Project paper", zh = "项目文件" }
url = "https://example.org/roads"
"""
"""What a pack that declares none is shown."""


def layout(reader: Reader, search: str) -> html.Div:
    """Return the page's places; the callback fills them and follows the URL."""
    return document("projects")


def register(app: dash.Dash, reader: Reader) -> None:
    """Add the page's callback."""
    fill_document(app, reader, "projects", _content, follows="place")


def _content(reader: Reader, view: ViewState) -> list[Any]:
    language = view.language
    country = reader.catalogue(view.pack)["pack"]["name"][language]
    title = html.H1(message("projects.title", language, name=country))
    shown = project_register(reader, view)
    if not shown.n_all:
        return [title, *_none_declared(reader, view), *reach_figures(reader, view)]
    counts = message("projects.lead", language, n=shown.n_all, programmes=len(shown.programmes))
    parts: list[Any] = [title, html.P(counts, className="lead"), html.Div(_filters(view, shown), className="fields")]
    if not shown.entries:
        undo = link(view, message("projects.undo", language), dict.fromkeys(FILTERS, ""))
        return [*parts, html.P([message("projects.filtered", language), " ", undo], className="lead")]
    parts += [*_selected(reader, view, shown), _table(reader, view, shown), *project_parts(view, shown.entries)]
    found = covered(reader, view, shown)
    if found is None or not found.coverage.active.any():
        return [*parts, *_money(reader, view, shown), *reach_figures(reader, view)]
    year = int(view.option("in_year", [str(one) for one in found.years], str(found.years[-1])))
    entries = [one for one in shown.entries if one.project["level"] == found.level]
    if view.project in {one.project["id"] for one in entries}:
        entries = [one for one in entries if one.project["id"] == view.project]
    by_year = coverage_by_year(reader, view, found, entries)
    parts += [html.Div([_gantt(view, shown), by_year], className="figures")]
    parts += [
        coverage_map(reader, view, found, entries),
        html.Div([_year_field(view, found, year)], className="fields"),
    ]
    levels = coverage_of_levels(reader, view, found, entries, year)
    if len(found.coverage.programmes) > 1:
        levels.insert(1, overlap_table(reader, view, found, entries, year))
    parts += [html.Div(levels[:-1], className="figures"), levels[-1], *_gaps(reader, view, found, entries)]
    parts.append(catchment_figure(reader, view, entries, found.level))
    return [*parts, *_money(reader, view, shown), *reach_figures(reader, view)]


def _money(reader: Reader, view: ViewState, shown: Register) -> list[Any]:
    choice = terms_choice(reader, view)
    fields = html.Div(terms_fields(view, choice), className="fields")
    found = money_figures(reader, view, shown.entries, choice)
    return [fields, *found] if found else []


def _none_declared(reader: Reader, view: ViewState) -> list[Any]:
    language = view.language
    parts: list[Any] = [html.P(message("projects.none_declared", language), className="lead")]
    if recipient_indicators(reader, view.pack):
        parts.append(html.P(message("projects.none_but_reach", language), className="lead"))
    steps: list[Any] = [
        message("projects.declare_list", language),
        message("projects.declare_toml", language),
        [message("projects.declare_build", language), " ", command(f"fuping build {view.pack}")],
        [
            message("projects.declare_check", language),
            " ",
            command(f"fuping projects check {view.pack} --file projects.xml"),
        ],
    ]
    how = html.Details(
        [
            html.Summary(message("projects.declare", language)),
            html.Ol([html.Li(step) for step in steps], className="steps-list"),
            html.Pre(EXAMPLE, className="example", tabIndex=0),
        ],
        **data(figure="declare"),
    )
    return [*parts, *_file_to_take_in(reader, view), how]


def _file_to_take_in(reader: Reader, view: ViewState) -> list[Any]:
    """Return how a file of projects is taken in as it is, where the pack has a place for one that is still empty."""
    catalogue = reader.catalogue(view.pack)
    # Builds of before have no lists.
    wanted = {one["source"] for one in catalogue.get("project_lists", [])}
    return [
        html.P([message("projects.take_in", view.language), " ", command(one["load_command"])], className="hint")
        for one in catalogue["sources"]
        if one["id"] in wanted and not one["loaded"]
    ]


def _filters(view: ViewState, shown: Register) -> list[Field]:
    language = view.language
    everything = message("projects.all", language)
    programmes = [{"value": "", "label": everything}]
    programmes += [{"value": one["en"], "label": one[language]} for one in shown.programmes]
    years = [{"value": "", "label": everything}, *({"value": str(y), "label": str(y)} for y in reversed(shown.years))]
    statuses = [{"value": "", "label": everything}]
    statuses += [{"value": one, "label": message(f"projects.status.{one}", language)} for one in shown.statuses]
    payers = [{"value": "", "label": everything}]
    payers += [{"value": one["en"], "label": one[language]} for one in shown.financiers]
    values = (shown.programme, shown.running, shown.status, shown.financier)
    # What no project of the pack tells is not asked for.
    return [
        select_field(param, message(f"projects.{param}", language), value, options, clears=["overlay"])
        for param, value, options in zip(FILTERS, values, (programmes, years, statuses, payers), strict=True)
        if len(options) > 1
    ]


def _selected(reader: Reader, view: ViewState, shown: Register) -> list[Any]:
    language = view.language
    here = place_of_code(reader, view.pack, view.unit or "", language)
    if here is None:
        return []
    if here.level not in {one.project["level"] for one in shown.entries}:
        return []
    mine = [one for one in shown.entries if one.covers]
    join = message("format.join", language)
    told = join.join(f"{one.project['name'][language]}, {year_list(one.covers)}" for one in mine)
    key = "projects.selected" if mine else "projects.selected_none"
    close = link(view, message("projects.unselect", language), {"unit": ""})
    return [html.P([message(key, language, name=here.name, projects=told), " ", close], className="lead")]


def _table(reader: Reader, view: ViewState, shown: Register) -> html.Section:
    language = view.language
    rows = [_row(view, one) for one in shown.entries]
    keys = ("project", "lead_by", "when", "amount", "units_named", "source")
    head = [html.Th(message(f"projects.{key}", language), scope="col") for key in keys]
    table = html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)])
    back = []
    if view.project:
        back = [html.P(link(view, message("projects.show_all", language), {"overlay": ""}), className="hint")]
    return figure(
        "register",
        message("projects.register", language),
        [html.Div(table, className="wide-table", **data(table="register")), *back, *_file_to_take_in(reader, view)],
        project_note(shown.entries, language),
        language,
        hint=message("projects.register_hint", language),
    )


def _row(view: ViewState, one: Entry) -> html.Tr:
    language, project = view.language, one.project
    money: list[Any] = [message("projects.amount_unknown", language)]
    if one.money:
        money = [money_text(one.money, language), html.Small(one.money.remark, lang="en")]
    named = message("projects.n_of", language, n=project["named_units"], total=project["total_units"])
    on_map = message("projects.on_map", language, n=number(one.n_units, 0, language))
    source: Any = one.source["title"][language]
    if one.source["url"]:
        source = html.A(source, href=one.source["url"], target="_blank", rel="noopener noreferrer")
    note = (project["note"] or {}).get(language, "")
    name = link(view, project["name"][language], {"overlay": project["id"]})
    return html.Tr(
        [
            html.Td([name, html.Small(project["programme"][language], className="under")]),
            html.Td([one.lead[language], *financed_by(project, language)]),
            html.Td([f"{project['first_year']}–{project['last_year']}", *status_told(project, language)]),
            html.Td(money),
            html.Td([named, html.Small(on_map), *beneficiaries_told(project, language)]),
            html.Td([source, html.Small(note)]),
        ],
        **current(chosen=view.project == project["id"] or bool(one.covers)),
    )


def _gantt(view: ViewState, shown: Register) -> html.Section:
    language = view.language
    rows = []
    for one in shown.entries:
        first, last = one.project["first_year"], one.project["last_year"]
        looked_at = view.project in (None, one.project["id"]) and (not view.unit or bool(one.covers))
        rows.append((one.project["name"][language], first, last, f"{first}–{last}", looked_at))
    drawn, height = gantt(rows, language, years=shown.years)
    title = message("projects.gantt", language)
    return figure(
        "gantt",
        title,
        chart(drawn, title, height=height),
        list_note(shown.entries, language),
        language,
        hint=message("projects.gantt_hint", language),
        saved=True,
    )


def _year_field(view: ViewState, found: Covered, year: int) -> Field:
    return select_field(
        "in_year",
        message("projects.in_year", view.language),
        str(year),
        [{"value": str(one), "label": str(one)} for one in reversed(found.years)],
    )


def _gaps(reader: Reader, view: ViewState, found: Covered, entries: list[Entry]) -> list[Any]:
    ranked = need(reader, view, found.level, before=found.years[0])
    if ranked is None:
        level = inline(reader.level(view.pack, found.level)["plural"][view.language], view.language)
        title = html.H2(message("projects.gaps", view.language))
        return [html.Section([title, html.P(message("need.none", view.language, level=level), className="hint")])]
    fields = need_fields(reader, view, found.level, ranked)
    return [gap_table(reader, view, found, uncovered_poor(found, ranked), entries, fields)]
