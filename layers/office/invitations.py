"""A link by which a person chooses their own password, once: nobody else ever knows it, and only its hash is kept."""

from __future__ import annotations

import secrets
from datetime import timedelta

from fuping.layers.office.audit import later, note_action, now
from fuping.layers.office.database import Office
from fuping.layers.office.passwords import check_password, hashed
from fuping.layers.office.people import Person, PersonError, read_person
from fuping.layers.office.sessions import token_hash
from fuping.layers.office.tables import invitation, person, session, token
from sqlalchemy import Connection, delete, insert, select, update

__all__ = ["LASTS", "accept_invitation", "find_invitation", "make_invitation"]

LASTS = timedelta(days=3)
"""How long a link is good, if nobody uses it before."""


def make_invitation(office: Office, name: str, *, by: str, address: str | None = None) -> str:
    """Make what a link carries; those made before for the same person end.

    Raises
    ------
    PersonError
        There is no such person, they are disabled, or somebody else vouches for them.
    """
    made, ends = secrets.token_urlsafe(32), later(LASTS)
    with office.writing() as connection:
        found = read_person(connection, name)
        if found.issuer:
            raise PersonError("vouched", name=found.name, issuer=found.issuer)
        connection.execute(
            delete(invitation).where((invitation.c.person == found.id) | (invitation.c.ends_at <= now()))
        )
        row = {"token_hash": token_hash(made), "person": found.id, "made_at": now(), "ends_at": ends}
        connection.execute(insert(invitation).values(**row))
        after = {"ends_at": ends}
        note_action(connection, by, "person.invite", f"person:{found.name}", after=after, address=address)
    return made


def find_invitation(office: Office, given: str) -> Person | None:
    """Return for whom a link was made; ``None`` where it is none, was used, or has ended."""
    with office.reading() as connection:
        return _invited(connection, given)


def accept_invitation(office: Office, given: str, password: str, *, address: str | None = None) -> Person | None:
    """Give a person the password that they chose by a link, which then ends, as does all that they had open.

    Returns
    -------
    Person
        ``None`` where the link is none, was used, or has ended.

    Raises
    ------
    PasswordError
        The password is too weak; the link stays good.
    """
    invited = find_invitation(office, given)
    if invited is None:
        return None
    check_password(invited.name, password)
    secret = hashed(password)
    with office.writing() as connection:
        # Of two who use the link at once, the second finds none.
        mine = invitation.c.token_hash == token_hash(given)
        if not connection.execute(delete(invitation).where(mine, invitation.c.ends_at > now())).rowcount:
            return None
        connection.execute(update(person).where(person.c.id == invited.id).values(password_hash=secret))
        for table in (session, token):
            connection.execute(delete(table).where(table.c.person == invited.id))
        subject, after = f"person:{invited.name}", {"password_hash": secret}
        note_action(connection, invited.name, "person.password", subject, after=after, address=address)
        return read_person(connection, invited.name)


def _invited(connection: Connection, given: str) -> Person | None:
    wanted = (invitation.c.token_hash == token_hash(given), invitation.c.ends_at > now(), ~person.c.disabled)
    name = connection.execute(select(person.c.name).join_from(invitation, person).where(*wanted)).scalar_one_or_none()
    return read_person(connection, name) if name is not None else None
