"""The people of the office: the list, one of them with role, areas and tokens, and the form that adds another."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import current, data
from fuping.dashboard.components.draft_form import DraftForm
from fuping.dashboard.components.figure import data_table
from fuping.dashboard.components.navigation import page_href
from fuping.dashboard.components.token_table import token_table
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.packs import pack_choices
from fuping.dashboard.queries.places import place_of_code
from fuping.dashboard.state import ViewState
from fuping.layers.office.credentials import HeldToken
from fuping.layers.office.people import ROLES, Person

__all__ = ["add_form", "opened_person", "outcome", "people_table"]


def outcome(done: dict[str, Any] | None, language: str) -> list[Any]:
    """Return what came of a button, with the link that is shown once."""
    if not done:
        return []
    told = message(done["key"], language, **done["values"])
    parts: list[Any] = [html.P(told, className="told-why" if done["refused"] else "selected-line")]
    if done["link"]:
        parts += [
            html.Code(done["link"], className="command", **data(link="once")),
            html.P(message("people.link_once", language), className="hint"),
        ]
    return parts


def people_table(reader: Reader, view: ViewState, shown: Sequence[Person], opened: str) -> html.Div:
    """Return the people as a table; each name opens one."""
    language = view.language
    rows = []
    for one in shown:
        named: list[Any] = [link(view, one.shown_name, {"person": one.name})]
        if one.shown_name != one.name:
            named += [html.Br(), html.Small(one.name)]
        cells: list[Any] = [
            html.Div(named),
            message(f"account.role.{one.role}", language),
            _areas(reader, one.areas, language),
            _way(one, language),
            html.Span(message(f"people.state.{_state(one)}", language), className=f"state {_state(one)}"),
        ]
        rows.append(html.Tr([html.Td(cell) for cell in cells], **current(chosen=one.name == opened)))
    head = [message(f"people.column.{key}", language) for key in ("name", "role", "areas", "way", "state")]
    return html.Div(data_table(head, rows, "people"), className="word-table")


def opened_person(reader: Reader, view: ViewState, one: Person, tokens: Sequence[HeldToken], seen: str) -> html.Section:
    """Return one person: what they may do where, their way in, and their tokens."""
    language = view.language
    acts = ["save", *([] if one.issuer or one.disabled else ["link"]), "enable" if one.disabled else "disable"]
    buttons = [{"act": act, "label": message(f"people.act.{act}", language), "quiet": act != "save"} for act in acts]
    fields = [_role_field(one.role, language), _areas_field(reader, one.areas, language)]
    form = DraftForm(
        id="people-form",
        seen=f"{one.name} {seen} {language}",
        sections=[{"title": message("people.duties", language), "hint": _areas_hint(language), "fields": fields}],
        wrong=[],
        buttons=buttons,
    )
    log = html.A(message("people.log", language), href=f"{page_href('audit', view)}&about=person:{one.name}")
    facts: list[Any] = [_way(one, language), " · ", message(f"people.state.{_state(one)}", language), " · ", log]
    other: list[Any] = [" ", html.Small(one.name)] if one.name != one.shown_name else []
    body: list[Any] = [html.H2([one.shown_name, *other]), html.P(facts, className="hint"), form]
    none = message("people.no_tokens", language)
    held = token_table(tokens, language, buttons="people-token", none=none)
    return html.Section(
        [*body, html.H3(message("people.tokens", language)), held], className="proposal", **data(state=_state(one))
    )


def add_form(reader: Reader, view: ViewState, seen: str, *, areas: Iterable[tuple[str, str]]) -> DraftForm:
    """Return the form that adds a person; ``areas`` are those that it begins with."""
    language = view.language
    fields: list[dict[str, Any]] = [
        {"name": name, "kind": "text", "label": message(f"people.field.{name}", language), "value": ""}
        for name in ("name", "shown_name")
    ]
    fields += [_role_field(ROLES[0], language), _areas_field(reader, areas, language)]
    issuer = os.environ.get("FUPING_OIDC_ISSUER", "")
    if issuer:
        label = message("people.field.subject", language, issuer=urlsplit(issuer).hostname)
        fields.append({"name": "subject", "kind": "text", "label": label, "value": ""})
    return DraftForm(
        id="people-add",
        seen=f"{seen} {language}",
        sections=[{"title": message("people.add", language), "hint": _areas_hint(language), "fields": fields}],
        wrong=[],
        buttons=[{"act": "add", "label": message("people.act.add", language), "quiet": False}],
    )


def _role_field(role: str, language: str) -> dict[str, Any]:
    options = [{"value": one, "label": message(f"account.role.{one}", language)} for one in ROLES]
    label = message("people.column.role", language)
    return {"name": "role", "kind": "choice", "label": label, "value": role, "options": options}


def _areas_field(reader: Reader, areas: Iterable[tuple[str, str]], language: str) -> dict[str, Any]:
    named = {f"{pack}:{code}": _name(reader, pack, code, language) for pack, code in sorted(areas)}
    built = [one for one in pack_choices(reader) if one.command is None]
    words = {key: message(f"people.areas.{key}", language) for key in ("search", "pack", "everywhere")}
    words |= {
        "none": message("search.none", language),
        "remove": message("people.areas.remove", language, name="{name}"),
    }
    return {
        "name": "areas",
        "kind": "areas",
        "label": message("people.column.areas", language),
        "value": ", ".join(named),
        "named": named,
        "packs": [{"value": one.code, "label": one.name[language]} for one in built],
        "text": words,
    }


def _areas_hint(language: str) -> str:
    return message("people.areas_hint", language)


def _areas(reader: Reader, areas: Iterable[tuple[str, str]], language: str) -> str:
    named = [
        _name(reader, pack, code, language) + message("format.bracket", language, text=f"{pack}:{code}")
        for pack, code in sorted(areas)
    ]
    return message("format.join", language).join(named) or message("people.everywhere", language)


def _name(reader: Reader, pack: str, code: str, language: str) -> str:
    found = place_of_code(reader, pack, code, language) if pack in reader.packs() else None
    return found.name if found else pack


def _way(one: Person, language: str) -> str:
    way = "provider" if one.issuer else "password" if one.has_password else "link"
    host = urlsplit(one.issuer or "").hostname or one.issuer or ""
    return message(f"people.way.{way}", language, name=host)


def _state(one: Person) -> str:
    return "disabled" if one.disabled else "works" if one.issuer or one.has_password else "invited"
