"""Bring data in: a file is sent, checked and compared; a person takes it or lets it go; earlier builds come back."""

from __future__ import annotations

from typing import Any

import dash
from dash import ALL, Input, Output, State, ctx, dcc, no_update
from flask import request
from fuping.dashboard.asked import said
from fuping.dashboard.checks import checks_of
from fuping.dashboard.components import html
from fuping.dashboard.components.account_menu import sign_in_link
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.field import select_field
from fuping.dashboard.components.figure import data_table
from fuping.dashboard.components.proposal_parts import act_button, opened_proposal, proposal_list
from fuping.dashboard.components.send_file import file_sender
from fuping.dashboard.components.shell import document, header
from fuping.dashboard.i18n.formats import moment, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.identity import ForbiddenError, identity
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.supplying import Supplying, may_supply, supplying
from fuping.dashboard.state import ViewState
from fuping.dashboard.supply_routes import add_supply
from fuping.layers.errors import SourceError
from fuping.layers.ingest.proposals import Proposal
from fuping.layers.office import note_action
from fuping.spatial.wording import worded

__all__ = ["layout", "register"]

ENDINGS = ".csv,.gz,.xlsx,.parquet,.geojson,.json,.topojson,.gpkg,.zip,.xml,.tif,.tiff"


def layout(reader: Reader, search: str) -> html.Div:
    """Return the page's places; the callback fills them and follows the URL."""
    return document("supply", html.Div(id="supply-page"), dcc.Store(id="supply-done"))


def register(app: dash.Dash, reader: Reader) -> None:
    """Add the page's callbacks and its routes."""
    add_supply(app.server, reader)

    @app.callback(
        Output("supply-header", "children"),
        Output("supply-page", "children"),
        Input("supply-address", "frame"),
        Input("supply-done", "data"),
    )
    def fill(search: str, done: Any) -> Any:
        view = ViewState.read(search, reader.packs(), reader.catalogue)
        return header(reader, view, "supply"), _content(reader, view, supplying(reader, view))

    @app.callback(
        Output("supply-done", "data"),
        Input({"type": "supply-act", "index": ALL}, "n_clicks"),
        State("supply-address", "frame"),
        State({"type": "supply-note", "index": ALL}, "value"),
        prevent_initial_call=True,
    )
    def act(clicks: list[int | None], search: str, notes: list[str | None]) -> Any:
        if not any(clicks) or not ctx.triggered_id:
            return no_update
        view = ViewState.read(search, reader.packs(), reader.catalogue)
        what, _, of = ctx.triggered_id["index"].partition(":")
        _act(reader, view.pack, what, of, (notes or [""])[0] or "")
        return f"{what} {of} {reader.version(view.pack)} {sum(one or 0 for one in clicks)}"

    @app.callback(
        Output("supply-done", "data", allow_duplicate=True),
        Input("supply-columns", "sent"),
        State("supply-address", "frame"),
        prevent_initial_call=True,
    )
    def match(told: dict[str, Any] | None, search: str) -> Any:
        if not told:
            return no_update
        view = ViewState.read(search, reader.packs(), reader.catalogue)
        _match(reader, dict(view.extra).get("proposal", ""), told["values"])
        return f"columns {told['at']}"

    @app.callback(
        Output("supply-done", "data", allow_duplicate=True), Input("supply-job", "ended"), prevent_initial_call=True
    )
    def ended(told: str | None) -> Any:
        return told or no_update

    app.clientside_callback(
        "function (id) { if (id) window.fuping_map.navigate({ proposal: id });"
        " return window.dash_clientside.no_update; }",
        Output("supply-send", "title"),
        Input("supply-send", "sent"),
        prevent_initial_call=True,
    )


def _act(reader: Reader, pack: str, what: str, of: str, note: str) -> None:
    """Do what a button says, and note who did it in the same breath."""
    if not may_supply():
        raise ForbiddenError("Only who works for the whole pack may change it.", remedy="Sign in.", key="supply.closed")
    checks = checks_of(reader)
    if what == "check":
        checks.start(of)
        return
    if what not in ("use", "take", "drop"):
        raise SourceError(
            worded("{what!r} is nothing to be done.", what=what), remedy=worded("Use the buttons of the page.")
        )
    note = said(note)
    before: dict[str, Any]
    after: dict[str, Any]
    if what == "use":
        subject, before, after = pack, {"version": reader.version(pack)}, {"version": of, "note": note}
    else:
        # A proposal is of the pack that it was sent for, whatever the page's address says.
        one = checks.proposals.get(of)
        subject, before = f"{one.pack}/{one.source}", {"version": reader.version(one.pack)}
        after = {"proposal": one.id, "file": one.file, "sha256": one.sha256, "note": note if what == "take" else ""}
        after |= {"version": one.version} if what == "take" else before
        after |= {"columns": one.columns} if one.columns else {}
    with reader.office.writing() as connection:
        # What cannot be noted is not done; what is not done is not noted, as the transaction goes with it.
        who, where = identity().name, request.remote_addr
        note_action(connection, who, f"data.{what}", subject, before=before, after=after, address=where)
        if what == "use":
            reader.store.use(pack, of)
        elif what == "take":
            checks.proposals.take(of, note)
        else:
            checks.proposals.drop(of)


def _match(reader: Reader, proposal: str, columns: dict[str, str]) -> None:
    """Check a file again by the columns that a person chose."""
    if not may_supply():
        raise ForbiddenError("Only who works for the whole pack may change it.", remedy="Sign in.", key="supply.closed")
    checks = checks_of(reader)
    checks.proposals.match(proposal, columns)
    checks.start(proposal)


def _content(reader: Reader, view: ViewState, found: Supplying) -> list[Any]:
    language = view.language
    name = reader.catalogue(view.pack)["pack"]["name"][language]
    parts: list[Any] = [
        html.H1(message("supply.title", language, name=name)),
        html.P(message("supply.lead", language), className="lead"),
    ]
    if may_supply():
        parts += _proposing(reader, view, found)
    else:
        way: list[Any] = [] if identity().signed_in else [" ", sign_in_link(language)]
        parts.append(html.P([message("supply.closed", language), *way], className="refused", role="status"))
    return [*parts, html.H2(message("supply.history", language)), _history(view, found)]


def _proposing(reader: Reader, view: ViewState, found: Supplying) -> list[Any]:
    language = view.language
    if found.source is None:
        return [html.P(message("supply.no_source", language))]
    titles = {one["id"]: one["title"][language] for one in found.sources}
    options = [{"value": key, "label": title} for key, title in titles.items()]
    chosen = found.source["id"]
    label = message("supply.source", language)
    working = found.opened is not None and checks_of(reader).waits(found.opened.id)
    return [
        html.Div([select_field("source", label, chosen, options, clears=["proposal"])], className="fields"),
        *_needed(view, found),
        _send(view, chosen),
        opened_proposal(reader, view, found, working=working),
        html.H2(message("supply.proposals", language)),
        proposal_list(view, found, titles),
    ]


def _needed(view: ViewState, found: Supplying) -> list[Any]:
    language = view.language
    listed = []
    for one in found.tables:
        columns: list[Any] = []
        for column in one.columns:
            columns += [html.Code(column), " "]
        template = html.A(
            message("supply.template", language), href=f"/supply/{view.pack}/{one.id}/template.csv", download=""
        )
        told = message("supply.needs", language, form=one.form.upper())
        listed.append(html.Li([told, " ", *columns, template if one.form == "csv" else ""]))
    return [html.Ul(listed, className="needed", **data(table="needed"))] if listed else []


def _send(view: ViewState, source: str) -> html.Div:
    url = f"/supply/{view.pack}/{source}"
    return html.Div(file_sender("supply-send", url, ENDINGS, view.language), key=url)


def _history(view: ViewState, found: Supplying) -> html.Div:
    language = view.language
    # Whoever may not supply is not told who did.
    taken = {one.version: one for one in reversed(found.proposals) if one.state == "taken"}
    rows = []
    for one in found.builds:
        state: Any = html.Strong(message("supply.in_use", language))
        if not one.current:
            state = act_button("use", one.version, language, quiet=True) if may_supply() else ""
        sources = number(len(one.sources), 0, language)
        row: list[Any] = [html.Code(one.version), moment(one.built_at, language), sources, state]
        rows.append([*row, _brought(taken.get(one.version), view)] if may_supply() else row)
    head = [message(f"supply.{key}", language) for key in ("build", "when", "sources", "state_of")]
    head += [message("supply.brought", language)] if may_supply() else []
    return html.Div(data_table(head, rows, "builds"), className="word-table")


def _brought(taken: Proposal | None, view: ViewState) -> Any:
    """Return which file a build was made of, who sent it, and what was said of it."""
    if taken is None:
        return ""
    parts: list[Any] = [link(view, taken.file, {"proposal": taken.id}), f" · {taken.who}"]
    return html.Span([*parts, html.Br(), html.Small(taken.note)] if taken.note else parts)
