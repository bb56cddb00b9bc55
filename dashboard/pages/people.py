"""The people of the office, for administrators: added, given a role and areas, kept out, and helped to a password."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from typing import Any, cast
from urllib.parse import urlencode

import dash
from dash import ALL, Input, Output, State, ctx, dcc, no_update
from flask import request
from fuping.dashboard.components import html
from fuping.dashboard.components.people_parts import add_form, opened_person, outcome, people_table
from fuping.dashboard.components.shell import document, header
from fuping.dashboard.guard import INVITED
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.identity import identity
from fuping.dashboard.managing import managed, require_manage, written_areas
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.state import ViewState
from fuping.layers.office.credentials import end_token, tokens_of
from fuping.layers.office.invitations import make_invitation
from fuping.layers.office.people import ROLES, PersonError, Role, add_person, people, set_disabled, set_duties

__all__ = ["layout", "register"]


@dataclass(frozen=True)
class Done:
    """What came of a button.

    Parameters
    ----------
    key
        Of the message that tells it.
    values
        What the message is filled with.
    link
        By which a person chooses their password; it is shown once.
    refused
        Whether nothing was changed.
    """

    key: str
    values: dict[str, str]
    link: str = ""
    refused: bool = False


def layout(reader: Reader, search: str) -> html.Div:
    """Return the page's places; the callback fills them and follows the URL."""
    return document(
        "people",
        html.Div(id="people-told", role="status", className="told-once"),
        html.Div(id="people-page"),
        dcc.Store(id="people-done"),
    )


def register(app: dash.Dash, reader: Reader) -> None:
    """Add the page's callbacks."""

    @app.callback(
        Output("people-header", "children"),
        Output("people-page", "children"),
        Output("people-told", "children"),
        Input("people-address", "frame"),
        Input("people-done", "data"),
    )
    def fill(search: str, done: dict[str, Any] | None) -> Any:
        view = ViewState.read(search, reader.packs(), reader.catalogue)
        # What was told belongs to the button, and goes when another person is opened.
        told = done if ctx.triggered_id == "people-done" else None
        if told and told["refused"]:
            # What was written stays, to be put right.
            return no_update, no_update, outcome(told, view.language)
        return header(reader, view, "people"), _content(reader, view, done), outcome(told, view.language)

    def acted(sent: dict[str, Any] | None, search: str) -> Any:
        if not sent:
            return no_update
        view = ViewState.read(search, reader.packs(), reader.catalogue)
        return asdict(_act(reader, view, sent["act"], sent["values"])) | {"at": str(sent["at"])}

    for form in ("people-add", "people-form"):
        app.callback(
            Output("people-done", "data", allow_duplicate=True),
            Input(form, "sent"),
            State("people-address", "frame"),
            prevent_initial_call=True,
        )(acted)

    @app.callback(
        Output("people-done", "data", allow_duplicate=True),
        Input({"type": "people-token", "index": ALL}, "n_clicks"),
        State("people-address", "frame"),
        prevent_initial_call=True,
    )
    def end(clicks: list[int | None], search: str) -> Any:
        if not any(clicks) or not ctx.triggered_id:
            return no_update
        view = ViewState.read(search, reader.packs(), reader.catalogue)
        token = ctx.triggered_id["index"]
        return asdict(_act(reader, view, "token", {"token": token})) | {"at": token}


def _act(reader: Reader, view: ViewState, what: str, said: dict[str, str]) -> Done:
    """Do what a button says; who does it and from where is noted in the same transaction."""
    areas, wrong = written_areas(reader, said.get("areas", ""))
    try:
        if what == "add":
            require_manage(reader, areas)
            return _unknown(wrong) if wrong else _add(reader, view, said, areas)
        opened = dict(view.extra).get("person", "")
        found = next((one for one in people(reader.office) if one.name == opened), None)
        if found is None:
            raise PersonError("nobody", name=opened)
        require_manage(reader, found.areas, *([areas] if what == "save" else []))
        by: dict[str, Any] = {"by": identity().name, "address": request.remote_addr}
        named = {"name": found.shown_name}
        if what == "save":
            if wrong:
                return _unknown(wrong)
            set_duties(reader.office, found.name, _role(said), areas, **by)
        elif what == "link":
            link = _link(make_invitation(reader.office, found.name, **by), view.language)
            return Done("people.done.link", named, link)
        elif what == "token":
            end_token(reader.office, found.name, said["token"], **by)
        elif what in ("disable", "enable"):
            set_disabled(reader.office, found.name, what == "disable", **by)
        return Done(f"people.done.{what}", named)
    except PersonError as refused:
        values = {name: str(value) for name, value in refused.values.items()}
        return Done(f"people.refused.{refused.why}", values, refused=True)


def _add(reader: Reader, view: ViewState, said: dict[str, str], areas: frozenset[tuple[str, str]]) -> Done:
    by: dict[str, Any] = {"by": identity().name, "address": request.remote_addr}
    issuer, subject = os.environ.get("FUPING_OIDC_ISSUER", ""), said.get("subject", "").strip()
    vouched: dict[str, Any] = {"issuer": issuer, "subject": subject} if issuer and subject else {"invited": True}
    name, shown_name = said.get("name", ""), said.get("shown_name", "").strip()[:120]
    made = add_person(reader.office, name, shown_name=shown_name, role=_role(said), areas=areas, **vouched, **by)
    if made.issuer:
        return Done("people.done.vouched", {"name": made.shown_name})
    link = _link(make_invitation(reader.office, made.name, **by), view.language)
    return Done("people.done.add", {"name": made.shown_name}, link)


def _role(said: dict[str, str]) -> Role:
    return cast(Role, said.get("role") if said.get("role") in ROLES else ROLES[0])


def _unknown(wrong: list[str]) -> Done:
    return Done("people.refused.areas", {"areas": ", ".join(wrong)}, refused=True)


def _link(key: str, language: str) -> str:
    return f"{request.url_root.rstrip('/')}{INVITED}?{urlencode({'lang': language, 'key': key})}"


def _content(reader: Reader, view: ViewState, done: dict[str, Any] | None) -> list[Any]:
    language = view.language
    parts: list[Any] = [html.H1(message("people.title", language))]
    if identity().role != "admin":
        return [*parts, html.P(message("people.closed", language), className="refused", role="status")]
    shown = managed(reader)
    opened = dict(view.extra).get("person", "")
    found = next((one for one in shown if one.name == opened), None)
    seen = done["at"] if done else ""
    parts.append(html.P(message("people.lead", language), className="lead"))
    if found is not None:
        parts.append(opened_person(reader, view, found, tokens_of(reader.office, found.name), seen))
    elif opened:
        parts.append(html.P(message("people.refused.nobody", language, name=opened), className="told-why"))
    return [
        *parts,
        people_table(reader, view, shown, opened),
        add_form(reader, view, seen, areas=identity().areas),
    ]
