"""The audit log as its page shows it: one page of it, of one person or of one subject where asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fuping.dashboard.identity import identity
from fuping.dashboard.managing import managed
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.state import ViewState
from fuping.layers.office import Entry, count_entries, entries
from fuping.layers.office.people import COMMAND

__all__ = ["ROWS", "AuditAsked", "AuditShown", "audit_among", "audit_asked", "audit_shown"]

ROWS = 50
"""Entries of a page."""

OTHERS = ("anyone", COMMAND, "provider")
"""Who acts and is no person of the office."""


@dataclass(frozen=True)
class AuditAsked:
    """What the log is narrowed to: who did it, and what the name of its subject begins with; empty for all."""

    who: str = ""
    about: str = ""


@dataclass(frozen=True)
class AuditShown:
    """One page of the log.

    Parameters
    ----------
    asked
        What it is narrowed to.
    found
        Entries of the page, the latest first.
    people
        Name → shown name of whom it may be narrowed to.
    page, pages
        Number of the page, and how many there are.
    total
        Entries on all pages.
    """

    asked: AuditAsked
    found: Sequence[Entry]
    people: dict[str, str]
    page: int
    pages: int
    total: int


def audit_asked(view: ViewState) -> AuditAsked:
    """Return what the view narrows the log to."""
    given = dict(view.extra)
    return AuditAsked(given.get("who", ""), given.get("about", ""))


def audit_among(reader: Reader) -> list[str] | None:
    """Return the people whose doings an administrator of some areas reads; of all areas, ``None``: everybody's."""
    return [one.name for one in managed(reader)] if identity().areas else None


def audit_shown(reader: Reader, view: ViewState) -> AuditShown:
    """Return the page of the log that the view asks for."""
    asked = audit_asked(view)
    who, subject, among = asked.who or None, asked.about or None, audit_among(reader)
    total = count_entries(reader.office, who=who, subject=subject, among=among)
    pages = max(1, -(-total // ROWS))
    page = int(view.amount("part", 1, low=1, high=pages))
    skip = (page - 1) * ROWS
    found = entries(reader.office, who=who, subject=subject, among=among, limit=ROWS, skip=skip)
    known = {one.name: one.shown_name for one in managed(reader)} | {one: one for one in OTHERS}
    return AuditShown(asked, found, known, page, pages, total)
