"""How a person shows who they are: by a password, or their programs by a token."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from fuping.layers.office.audit import later, note_action, now
from fuping.layers.office.database import Office
from fuping.layers.office.passwords import hashed, is_password, needs_rehash
from fuping.layers.office.people import COMMAND, Person, PersonError, plain_name, read_person
from fuping.layers.office.sessions import token_hash
from fuping.layers.office.tables import person, token
from sqlalchemy import delete, func, insert, select, update

__all__ = [
    "TOKEN_PREFIX",
    "HeldToken",
    "end_token",
    "find_by_password",
    "find_by_token",
    "make_token",
    "tokens_of",
]

ID_LENGTH = 16
"""Characters of a hash by which a token is told from the others."""

MOST_TOKENS = 20
"""That a person may have at a time."""

TOKEN_PREFIX = "fuping_"
"""Tokens begin with it, so that one which lies about in a file is found."""


def find_by_password(office: Office, name: str, password: str, *, address: str | None = None) -> Person | None:
    """Return the person who has a name and a password; ``None``, after as long, whatever of it is wrong.

    A hash that was made with other parameters than are used now is made again. A wrong password of a name that is
    known is noted; an unknown name is not, since it may be a password that was typed into the wrong field.
    """
    kept = plain_name(name)
    query = select(person.c.password_hash, person.c.disabled).where(person.c.name == kept)
    with office.reading() as connection:
        row = connection.execute(query).one_or_none()
    right = is_password(row.password_hash if row else None, password)
    if row is None:
        return None
    subject = f"person:{kept}"
    with office.writing() as connection:
        if not right or row.disabled:
            note_action(connection, "anyone", "sign_in.refused", subject, address=address)
            return None
        if needs_rehash(row.password_hash):
            mine = person.c.name == kept
            connection.execute(update(person).where(mine).values(password_hash=hashed(password)))
            note_action(connection, kept, "person.rehash", subject, address=address)
        return read_person(connection, kept)


def make_token(office: Office, name: str, *, lasts: timedelta, by: str = COMMAND, address: str | None = None) -> str:
    """Make a token by which a person's programs read; it is told once, and only its hash is kept.

    Raises
    ------
    PersonError
        There is no such person, they are disabled, or they have as many tokens as anybody may.
    """
    made, ends = TOKEN_PREFIX + secrets.token_urlsafe(32), later(lasts)
    with office.writing() as connection:
        found = read_person(connection, name)
        connection.execute(delete(token).where(token.c.ends_at <= now()))
        held = connection.execute(select(func.count()).where(token.c.person == found.id)).scalar_one()
        if held >= MOST_TOKENS:
            raise PersonError("tokens", name=found.name, n=held)
        kept = token_hash(made)
        row = {"token_hash": kept, "person": found.id, "made_at": now(), "ends_at": ends}
        connection.execute(insert(token).values(**row))
        after = {"id": kept[:ID_LENGTH], "ends_at": ends}
        note_action(connection, by, "person.token", f"person:{found.name}", after=after, address=address)
    return made


def find_by_token(office: Office, given: str) -> Person | None:
    """Return the person to whom a token was given; ``None`` where there is none, or it has ended."""
    if not given.startswith(TOKEN_PREFIX):
        return None
    wanted = (token.c.token_hash == token_hash(given), token.c.ends_at > now(), ~person.c.disabled)
    with office.reading() as connection:
        name = connection.execute(select(person.c.name).join_from(token, person).where(*wanted)).scalar_one_or_none()
        return read_person(connection, name) if name is not None else None


@dataclass(frozen=True)
class HeldToken:
    """A token as it is listed: from which nothing can be read, since only its hash is kept.

    Parameters
    ----------
    id
        Beginning of the hash.
    made_at, ends_at
        UTC.
    """

    id: str
    made_at: str
    ends_at: str


def tokens_of(office: Office, name: str) -> list[HeldToken]:
    """Return the tokens of a person that still read, the latest first."""
    query = select(token).join(person).where(person.c.name == plain_name(name), token.c.ends_at > now())
    with office.reading() as connection:
        found = connection.execute(query.order_by(token.c.made_at.desc(), token.c.token_hash)).all()
    return [HeldToken(one.token_hash[:ID_LENGTH], one.made_at, one.ends_at) for one in found]


def end_token(office: Office, name: str, id: str, *, by: str, address: str | None = None) -> bool:
    """End a token of a person; return whether there was one."""
    with office.writing() as connection:
        found = read_person(connection, name, disabled=True)
        mine = (token.c.person == found.id, func.substr(token.c.token_hash, 1, ID_LENGTH) == id)
        held = connection.execute(select(token.c.ends_at).where(*mine)).scalar_one_or_none()
        if held is None:
            return False
        connection.execute(delete(token).where(*mine))
        before = {"id": id, "ends_at": held}
        note_action(connection, by, "person.token_end", f"person:{found.name}", before=before, address=address)
    return True
