"""Who did what, when, from where, and what stood there before and after; rows are added and never changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from fuping.layers.office.database import Office
from fuping.layers.office.tables import audit
from sqlalchemy import Connection, Select, func, insert, select

__all__ = ["Entry", "count_entries", "entries", "later", "note_action", "now"]

SECRET = ("password", "secret", "token", "hash")
"""What a field's name holds where its value must not be kept."""


@dataclass(frozen=True)
class Entry:
    """One thing that was done.

    Parameters
    ----------
    at
        When, UTC.
    who
        Name of a person, ``command`` for the command line, or ``anyone`` where the office has no accounts.
    action, subject
        What was done, and to what: ``alert.close``, ``alert:12``.
    before, after
        What stood there, where it can be told.
    address
        Where the request came from.
    """

    at: str
    who: str
    action: str
    subject: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    address: str | None = None


def now() -> str:
    """Return the time as it is kept."""
    return later(timedelta())


def later(span: timedelta) -> str:
    """Return the time after a span from now, as it is kept."""
    return (datetime.now(UTC) + span).isoformat(timespec="seconds")


def note_action(
    connection: Connection,
    who: str,
    action: str,
    subject: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    address: str | None = None,
) -> None:
    """Note what was done, in the transaction that does it."""
    kept = {"before": _without_secrets(before), "after": _without_secrets(after)}
    connection.execute(insert(audit).values(at=now(), who=who, action=action, subject=subject, address=address, **kept))


def _without_secrets(told: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if told is None:
        return None
    return {name: "…" if any(word in name for word in SECRET) else value for name, value in told.items()}


def entries(
    office: Office,
    *,
    who: str | None = None,
    subject: str | None = None,
    among: Collection[str] | None = None,
    limit: int = 200,
    skip: int = 0,
) -> list[Entry]:
    """Return what was done, the latest first.

    Parameters
    ----------
    who
        Only what this person did.
    subject
        Only what was done to this, or to what its name begins with.
    among
        Only what these people did, and what was done to their accounts.
    limit, skip
        How many at most, after how many later ones.
    """
    query = _narrowed(select(audit), who, subject, among).order_by(audit.c.id.desc()).limit(limit).offset(skip)
    names = Entry.__dataclass_fields__
    with office.reading() as connection:
        return [Entry(**{name: row[name] for name in names}) for row in connection.execute(query).mappings()]


def count_entries(
    office: Office, *, who: str | None = None, subject: str | None = None, among: Collection[str] | None = None
) -> int:
    """Return how many entries :func:`entries` has to give."""
    query = _narrowed(select(func.count()).select_from(audit), who, subject, among)
    with office.reading() as connection:
        return int(connection.execute(query).scalar_one())


def _narrowed(query: Select[Any], who: str | None, subject: str | None, among: Collection[str] | None) -> Select[Any]:
    # PostgreSQL takes no NUL in a text, nor has any entry one.
    if who is not None:
        query = query.where(audit.c.who == who.replace("\0", ""))
    if among is not None:
        accounts = [f"person:{name}" for name in among]
        query = query.where(audit.c.who.in_(among) | audit.c.subject.in_(accounts))
    if subject is not None:
        query = query.where(audit.c.subject.startswith(subject.replace("\0", ""), autoescape=True))
    return query
