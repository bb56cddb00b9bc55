"""The page of the audit log, for administrators: what was done, by whom and when, what stood there before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import dash
from fuping.dashboard.components import html
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.field import Field, select_field
from fuping.dashboard.components.pager import pager
from fuping.dashboard.components.shell import document, fill_document
from fuping.dashboard.i18n.formats import moment, number
from fuping.dashboard.i18n.messages import catalogue, message
from fuping.dashboard.identity import identity
from fuping.dashboard.queries.audit import AuditAsked, audit_shown
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.state import ViewState
from fuping.layers.office import Entry

__all__ = ["layout", "register"]

COLUMNS = ("at", "who", "action", "subject", "change", "address")


def layout(reader: Reader, search: str) -> html.Div:
    """Return the page's places; the callback fills them and follows the URL."""
    return document("audit")


def register(app: dash.Dash, reader: Reader) -> None:
    """Add the page's callback."""
    fill_document(app, reader, "audit", _content)


def _content(reader: Reader, view: ViewState) -> list[Any]:
    language = view.language
    parts: list[Any] = [html.H1(message("page.audit", language))]
    if identity().role != "admin":
        return [*parts, html.P(message("audit.closed", language), className="refused", role="status")]
    shown = audit_shown(reader, view)
    rows = [html.Tr([html.Td(cell) for cell in _row(one, shown.people, language)]) for one in shown.found]
    head = html.Tr([html.Th(message(f"audit.column.{one}", language), scope="col") for one in COLUMNS])
    table = html.Table([html.Thead(head), html.Tbody(rows)], **data(table="audit"))
    query = urlencode({"who": shown.asked.who, "about": shown.asked.about})
    total = message("audit.found", language, n=number(shown.total, 0, language))
    return [
        *parts,
        html.P(message("audit.lead", language), className="lead"),
        html.Div(_fields(shown.asked, shown.people, language), className="fields"),
        html.P([total, " ", html.A(message("audit.file", language), href=f"/audit.csv?{query}")], role="status"),
        html.Div(table, className="wide-table") if rows else html.P(message("audit.none", language), className="hint"),
        *pager(view, shown.page, shown.pages),
    ]


def _fields(asked: AuditAsked, people: Mapping[str, str], language: str) -> list[Field]:
    options = [{"value": "", "label": message("projects.all", language)}]
    options += [{"value": name, "label": _who(name, people, language)} for name in people]
    about = Field(
        id="field-about",
        param="about",
        label=message("audit.about", language),
        kind="text",
        value=asked.about,
        placeholder="person:  alert:12",
        clears=["part"],
    )
    return [select_field("who", message("audit.column.who", language), asked.who, options, clears=["part"]), about]


def _who(name: str, people: Mapping[str, str], language: str) -> str:
    shown = people.get(name, name)
    if shown != name:
        return shown + message("format.bracket", language, text=name)
    return _words(f"audit.by.{name}", name, language)


def _row(one: Entry, people: Mapping[str, str], language: str) -> list[Any]:
    changes = [html.Div(words) for words in _changes(one, language)]
    action = _words(f"audit.action.{one.action.replace('.', '_')}", one.action, language)
    address = html.Small(one.address or "")
    return [moment(one.at, language), _who(one.who, people, language), action, html.Code(one.subject), changes, address]


def _changes(one: Entry, language: str) -> list[str]:
    """Return what stood there and what stands there now, a line for each part that differs."""
    before, after = one.before or {}, one.after or {}
    lines = []
    for part in dict.fromkeys((*before, *after)):
        old, new = before.get(part), after.get(part)
        if old == new:
            continue
        values = {"old": _value(part, old, language), "new": _value(part, new, language)}
        kind = "changed" if part in before and part in after else "new" if part in after else "old"
        named = _words(f"audit.part.{part}", part, language)
        lines.append(message(f"audit.is.{kind}", language, part=named, **values))
    return lines


def _value(part: str, value: Any, language: str) -> str:
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, bool):
        return message(f"audit.value.{'yes' if value else 'no'}", language)
    if part == "role":
        return _words(f"account.role.{value}", value, language)
    if part == "state":
        return _words(f"alerts.state.{value}", value, language)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _words(key: str, word: str, language: str) -> str:
    """Return what a word of the log is called in a language; one that no message names stays as it is."""
    return catalogue(language).get(key, word)
