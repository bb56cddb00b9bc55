"""Add a country: two files are sent, what was found in them is put right and checked, and the map is made."""

from __future__ import annotations

from typing import Any, cast

import dash
from dash import ALL, Input, Output, State, ctx, dcc, no_update
from flask import request
from fuping.dashboard.adding import adding_of
from fuping.dashboard.adding_routes import NEW, add_adding
from fuping.dashboard.beginning import may_add, may_follow
from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import current
from fuping.dashboard.components.draft_parts import opened_draft
from fuping.dashboard.components.figure import data_table
from fuping.dashboard.components.send_file import file_sender
from fuping.dashboard.components.shell import document, header
from fuping.dashboard.i18n.formats import moment
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.identity import ForbiddenError, identity
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.state import ViewState
from fuping.layers.errors import SourceError
from fuping.layers.ingest.drafts import PARTS, Draft, Stage
from fuping.layers.office import note_action
from fuping.spatial.wording import worded

__all__ = ["layout", "register"]

ENDINGS = {"boundaries": ".gpkg,.geojson,.json,.topojson,.zip,.parquet", "table": ".csv,.gz,.xlsx,.parquet"}

MOST_SHOWN = 20


def layout(reader: Reader, search: str) -> html.Div:
    """Return the page's places; the callback fills them and follows the URL."""
    return document("add_country", html.Div(id="add_country-page"), dcc.Store(id="add_country-done"))


def register(app: dash.Dash, reader: Reader) -> None:
    """Add the page's callbacks and its routes."""
    add_adding(app.server, reader)

    @app.callback(
        Output("add_country-header", "children"),
        Output("add_country-page", "children"),
        Input("add_country-address", "frame"),
        Input("add_country-done", "data"),
    )
    def fill(search: str, done: Any) -> Any:
        view = ViewState.read(search, reader.packs(), reader.catalogue)
        return header(reader, view, "add_country"), _content(reader, view)

    @app.callback(
        Output("add_country-done", "data"),
        Input("draft-form", "sent"),
        State("add_country-address", "frame"),
        prevent_initial_call=True,
    )
    def sent(told: dict[str, Any] | None, search: str) -> Any:
        if not told:
            return no_update
        view = ViewState.read(search, reader.packs(), reader.catalogue)
        _act(reader, dict(view.extra).get("draft", ""), told["act"], told["values"])
        return str(told["at"])

    @app.callback(
        Output("add_country-done", "data", allow_duplicate=True),
        Input({"type": "draft-act", "index": ALL}, "n_clicks"),
        State("add_country-address", "frame"),
        prevent_initial_call=True,
    )
    def act(clicks: list[int | None], search: str) -> Any:
        if not any(clicks) or not ctx.triggered_id:
            return no_update
        view = ViewState.read(search, reader.packs(), reader.catalogue)
        _act(reader, dict(view.extra).get("draft", ""), ctx.triggered_id["index"], None)
        return f"{ctx.triggered_id['index']} {sum(one or 0 for one in clicks)}"

    @app.callback(
        Output("add_country-done", "data", allow_duplicate=True),
        Input("draft-job", "ended"),
        prevent_initial_call=True,
    )
    def ended(told: str | None) -> Any:
        return told or no_update

    for part in PARTS:
        app.clientside_callback(
            "function (told) { if (!told) return window.dash_clientside.no_update;"
            " window.fuping_map.navigate({ draft: told.split(' ')[0] }); return `${told} ${Date.now()}`; }",
            Output("add_country-done", "data", allow_duplicate=True),
            Input(f"draft-send-{part}", "sent"),
            prevent_initial_call=True,
        )


def _act(reader: Reader, draft: str, what: str, answers: dict[str, str] | None) -> None:
    """Do what a button says, and note a draft that is forgotten."""
    if not may_add(reader):
        raise ForbiddenError("Only an administrator may add a country.", remedy="Sign in.", key="country.closed")
    adding = adding_of(reader)
    if what == "drop":
        with reader.office.writing() as connection:
            files = adding.drafts.get(draft).files
            adding.drafts.drop(draft)
            who, where = identity().name, request.remote_addr
            note_action(connection, who, "pack.drop", f"draft:{draft}", before={"files": files}, address=where)
        return
    stage = adding.drafts.get(draft).stage if what == "again" else what
    if stage not in ("read", "check", "make"):
        raise SourceError(
            worded("{what!r} is nothing to be done.", what=what), remedy=worded("Use the buttons of the page.")
        )
    adding.drafts.ask(draft, cast(Stage, stage), answers, who=identity().name)
    adding.start(draft)


def _content(reader: Reader, view: ViewState) -> list[Any]:
    language = view.language
    parts: list[Any] = [
        html.H1(message("country.title", language)),
        html.P(message("country.lead", language), className="lead"),
    ]
    opened = _opened(reader, view)
    if not (may_add(reader) or (opened and may_follow(reader, opened.who))):
        return [*parts, html.P(message("country.closed", language), className="refused", role="status")]
    adding = adding_of(reader)
    working = opened is not None and adding.waits(opened.id)
    if not (opened and (opened.pack or working)):
        parts += _files(view, opened)
    if opened is not None:
        parts.append(opened_draft(view, opened, working=working))
    return [*parts, html.H2(message("country.drafts", language)), _drafts(view, adding.drafts.all(), opened)]


def _opened(reader: Reader, view: ViewState) -> Draft | None:
    wanted = dict(view.extra).get("draft", "")
    try:
        return adding_of(reader).drafts.get(wanted) if wanted else None
    except SourceError:
        return None


def _files(view: ViewState, opened: Draft | None) -> list[Any]:
    language = view.language
    parts: list[Any] = []
    for part in PARTS:
        url = f"/drafts/{opened.id if opened else NEW}/{part}"
        name = opened.files.get(part) if opened else None
        told = message("country.received", language, file=name) if name else message(f"country.needs.{part}", language)
        parts += [
            html.H2(message(f"country.file.{part}", language)),
            html.P(told, className="hint"),
            html.Div(file_sender(f"draft-send-{part}", url, ENDINGS[part], language, limits="country.limits"), key=url),
        ]
    return parts


def _drafts(view: ViewState, drafts: list[Draft], opened: Draft | None) -> Any:
    language = view.language
    if not drafts:
        return html.P(message("supply.none", language), className="hint")
    rows = []
    for one in drafts[:MOST_SHOWN]:
        cells: list[Any] = [
            link(view, ", ".join(one.files.values()) or one.id, {"draft": one.id}),
            one.pack or one.answers.get("code", ""),
            one.who,
            moment(one.made_at, language),
        ]
        shown = opened is not None and opened.id == one.id
        rows.append(html.Tr([html.Td(cell) for cell in cells], **current(chosen=shown)))
    head = [message("supply.file", language), message("country.code", language)]
    head += [message("supply.who", language), message("supply.when", language)]
    return html.Div(data_table(head, rows, "drafts"), className="word-table")
