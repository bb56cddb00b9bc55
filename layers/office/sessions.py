"""Sessions of people who signed in: the browser holds a token made by chance, the table only its hash.

Whoever reads the table, or a copy of it, cannot take a session over.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from fuping.layers.office.audit import later, note_action, now
from fuping.layers.office.database import Office
from fuping.layers.office.people import Person, read_person
from fuping.layers.office.tables import person, session
from sqlalchemy import delete, insert, select, update

__all__ = ["LASTS", "Session", "begin_session", "end_session", "find_session", "token_hash"]

LASTS = timedelta(hours=12)
"""How long a session lasts after it was last used."""

RENEWED = timedelta(hours=1)
"""A session is not written anew more often than this, however much its person does."""


@dataclass(frozen=True)
class Session:
    """A person who signed in.

    Parameters
    ----------
    person
        Who it is.
    token
        What the browser shows again; nobody else may see it.
    csrf
        What a form of this session carries, so that no other site can send one.
    """

    person: Person
    token: str
    csrf: str


def token_hash(token: str) -> str:
    """Return what is kept of a token. It is of 256 bits by chance, so that no slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin_session(office: Office, name: str, *, address: str | None = None) -> Session:
    """Begin a session of a person who has shown who they are; those that have ended are cleared.

    Raises
    ------
    PersonError
        There is no such person, or they are disabled.
    """
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    made = {"made_at": now(), "ends_at": later(LASTS)}
    with office.writing() as connection:
        found = read_person(connection, name)
        connection.execute(delete(session).where(session.c.ends_at <= now()))
        connection.execute(insert(session).values(token_hash=token_hash(token), person=found.id, csrf=csrf, **made))
        note_action(connection, found.name, "sign_in", f"person:{found.name}", address=address)
    return Session(found, token, csrf)


def find_session(office: Office, token: str) -> Session | None:
    """Return the session of a token, and let it last on; ``None`` where there is none, or it has ended."""
    hashed = token_hash(token)
    query = select(session.c.csrf, session.c.ends_at, person.c.name).join(person)
    with office.reading() as connection:
        row = connection.execute(query.where(session.c.token_hash == hashed, ~person.c.disabled)).one_or_none()
        if row is None or row.ends_at <= now():
            return None
        found = read_person(connection, row.name)
    if row.ends_at < later(LASTS - RENEWED):
        with office.writing() as connection:
            connection.execute(update(session).where(session.c.token_hash == hashed).values(ends_at=later(LASTS)))
    return Session(found, token, row.csrf)


def end_session(office: Office, ended: Session, *, address: str | None = None) -> None:
    """End a session: its token opens nothing any more."""
    with office.writing() as connection:
        connection.execute(delete(session).where(session.c.token_hash == token_hash(ended.token)))
        note_action(connection, ended.person.name, "sign_out", f"person:{ended.person.name}", address=address)
