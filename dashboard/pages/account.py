"""Who has signed in, for themselves: what they may do where, and the tokens by which their programs read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import dash
from dash import ALL, Input, Output, ctx, dcc, no_update
from flask import request
from fuping.dashboard.components import html
from fuping.dashboard.components.account_menu import role_and_areas, sign_in_link
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.draft_form import DraftForm
from fuping.dashboard.components.shell import document, header
from fuping.dashboard.components.token_table import token_table
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.identity import ForbiddenError, changes, identity, session
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.state import ViewState
from fuping.layers.office.credentials import end_token, make_token, tokens_of
from fuping.layers.office.people import PersonError

__all__ = ["DAYS", "layout", "register"]

DAYS = ("7", "30", "90", "365")
"""How long a token may read; whoever needs longer asks for another, or an administrator by the command."""

USUAL = "90"


def layout(reader: Reader, search: str) -> html.Div:
    """Return the page's places; the callback fills them and follows the URL."""
    told = html.Div(id="account-told", role="status", className="told-once")
    return document("account", told, html.Div(id="account-page"), dcc.Store(id="account-done"))


def register(app: dash.Dash, reader: Reader) -> None:
    """Add the page's callbacks."""

    @app.callback(
        Output("account-header", "children"),
        Output("account-page", "children"),
        Output("account-told", "children"),
        Input("account-address", "frame"),
        Input("account-done", "data"),
    )
    def fill(search: str, done: dict[str, Any] | None) -> Any:
        view = ViewState.read(search, reader.packs(), reader.catalogue)
        told = done if ctx.triggered_id == "account-done" else None
        return header(reader, view, "account"), _content(reader, view, done), _outcome(told, view.language)

    @app.callback(
        Output("account-done", "data"),
        Input("account-form", "sent"),
        prevent_initial_call=True,
    )
    def make(sent: dict[str, Any] | None) -> Any:
        return _made(reader, sent["values"].get("days", "")) | {"at": str(sent["at"])} if sent else no_update

    @app.callback(
        Output("account-done", "data", allow_duplicate=True),
        Input({"type": "account-token", "index": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def end(clicks: list[int | None]) -> Any:
        if not any(clicks) or not ctx.triggered_id:
            return no_update
        return _ended(reader, ctx.triggered_id["index"]) | {"at": ctx.triggered_id["index"]}


def _made(reader: Reader, days: str) -> dict[str, str]:
    """Make a token for who asks; it is told once."""
    name = _asking()
    lasts = timedelta(days=int(days if days in DAYS else USUAL))
    try:
        made = make_token(reader.office, name, lasts=lasts, by=name, address=request.remote_addr)
    except PersonError as refused:
        return {
            "key": f"people.refused.{refused.why}",
            "name": identity().shown_name,
            "n": str(refused.values.get("n")),
        }
    return {"key": "account.made", "token": made}


def _ended(reader: Reader, token: str) -> dict[str, str]:
    name = _asking()
    end_token(reader.office, name, token, by=name, address=request.remote_addr)
    return {"key": "account.ended"}


def _asking() -> str:
    """Return the name of who asks, by a session of their own: a token makes no tokens."""
    if session() is None:
        raise ForbiddenError("Only who has signed in has tokens.", remedy="Sign in.", key="forbidden.sign_in")
    if changes.take(identity().name):
        raise ForbiddenError("Too many changes.", remedy="Wait a minute.", key="forbidden.too_many")
    return identity().name


def _content(reader: Reader, view: ViewState, done: dict[str, Any] | None) -> list[Any]:
    language = view.language
    parts: list[Any] = [html.H1(message("page.account", language))]
    if session() is None:
        told: list[Any] = [message("account.closed", language), " ", sign_in_link(language)]
        return [*parts, html.P(told, className="refused", role="status")]
    asking = identity()
    options = [{"value": one, "label": message("account.days", language, n=one)} for one in DAYS]
    field = {
        "name": "days",
        "kind": "choice",
        "label": message("account.lasts", language),
        "value": USUAL,
        "options": options,
    }
    form = DraftForm(
        id="account-form",
        seen=f"{done['at'] if done else ''} {language}",
        sections=[{"title": message("account.new", language), "hint": "", "fields": [field]}],
        wrong=[],
        buttons=[{"act": "make", "label": message("account.make", language), "quiet": False}],
    )
    tokens = tokens_of(reader.office, asking.name)
    call = f'curl -H "Authorization: Bearer fuping_…" {request.url_root}api/collections'
    return [
        *parts,
        html.P([html.Strong(asking.shown_name), " · ", role_and_areas(reader, asking, language)], className="lead"),
        html.H2(message("people.tokens", language)),
        html.P(message("account.tokens", language), className="hint"),
        html.P(html.Code(call, className="command")),
        token_table(tokens, language, buttons="account-token", none=message("account.no_tokens", language)),
        form,
    ]


def _outcome(done: dict[str, Any] | None, language: str) -> list[Any]:
    if not done:
        return []
    named = {name: done[name] for name in ("name", "n") if name in done}
    refused = done["key"].startswith("people.")
    told = html.P(message(done["key"], language, **named), className="told-why" if refused else "selected-line")
    if "token" not in done:
        return [told]
    return [told, html.Code(done["token"], className="command", **data(token="once"))]
