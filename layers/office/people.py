"""The people of an office: added, changed and disabled, each change noted in the transaction that makes it.

Nobody is deleted: what they did stays theirs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from fuping.layers.office.audit import note_action, now
from fuping.layers.office.database import Office
from fuping.layers.office.passwords import check_password, hashed
from fuping.layers.office.tables import area, person, session, token
from fuping.spatial.errors import FupingError
from sqlalchemy import Connection, Table, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

__all__ = [
    "COMMAND",
    "ROLES",
    "Person",
    "PersonError",
    "Role",
    "add_person",
    "count_people",
    "find_subject",
    "people",
    "read_person",
    "set_areas",
    "set_disabled",
    "set_password",
    "set_role",
]

Role = Literal["viewer", "editor", "admin"]

ROLES: tuple[Role, ...] = get_args(Role)

COMMAND = "command"
"""Who is named where the command line did it."""

RESERVED = ("anyone", COMMAND)

NAME = re.compile(r"[\w][\w.@+-]{1,79}")


class PersonError(FupingError):
    """There is no such person, they are disabled, or what is asked of them cannot be."""


@dataclass(frozen=True)
class Person:
    """One person of the office.

    Parameters
    ----------
    id, name, shown_name
        Number in the table, what they sign in with, and what is shown.
    role
        What they may do.
    areas
        (pack, code) of the units, with all that lies in them, where they may do it; everywhere where empty.
    disabled
        Whether they are kept out.
    issuer, subject
        Who vouches for them and under which subject; ``None`` for one who has a password here.
    has_password
        Whether they have one.
    """

    id: int
    name: str
    shown_name: str
    role: Role
    areas: frozenset[tuple[str, str]]
    disabled: bool
    issuer: str | None
    subject: str | None
    has_password: bool


def plain_name(name: str) -> str:
    """Return a name as it is kept: letters of one width, small where there are two cases."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def people(office: Office) -> list[Person]:
    """Return everybody, by name."""
    with office.reading() as connection:
        names = connection.execute(select(person.c.name).order_by(person.c.name)).scalars().all()
        return [read_person(connection, name, disabled=True) for name in names]


def count_people(office: Office) -> int:
    """Return how many are not disabled."""
    with office.reading() as connection:
        return connection.execute(select(func.count()).select_from(person).where(~person.c.disabled)).scalar_one()


def read_person(connection: Connection, name: str, *, disabled: bool = False) -> Person:
    """Return a person by name.

    Parameters
    ----------
    disabled
        Whether one who is disabled is returned too.

    Raises
    ------
    PersonError
        There is none of that name, or they are disabled.
    """
    row = connection.execute(select(person).where(person.c.name == plain_name(name))).one_or_none()
    if row is None:
        raise PersonError(f"There is no account {name!r}.", remedy="List them: fuping user list")
    if row.disabled and not disabled:
        raise PersonError(f"The account {name!r} is disabled.", remedy=f"Enable it: fuping user enable {name}")
    areas = connection.execute(select(area.c.pack, area.c.code).where(area.c.person == row.id)).all()
    return Person(
        row.id, row.name, row.shown_name, row.role, frozenset((one.pack, one.code) for one in areas),
        row.disabled, row.issuer, row.subject, row.password_hash is not None,
    )  # fmt: skip


def find_subject(office: Office, issuer: str, subject: str) -> Person | None:
    """Return the person for whom an issuer vouches under a subject, disabled or not; ``None`` where nobody."""
    wanted = (person.c.issuer == issuer, person.c.subject == subject)
    with office.reading() as connection:
        name = connection.execute(select(person.c.name).where(*wanted)).scalar_one_or_none()
        return read_person(connection, name, disabled=True) if name is not None else None


def add_person(
    office: Office,
    name: str,
    *,
    shown_name: str = "",
    role: Role = "viewer",
    areas: Iterable[tuple[str, str]] = (),
    password: str | None = None,
    issuer: str | None = None,
    subject: str | None = None,
    by: str = COMMAND,
    address: str | None = None,
) -> Person:
    """Add a person, who signs in with a password, or through who vouches for them.

    Raises
    ------
    PersonError
        The name or the subject is taken, the name cannot be one, or neither password nor issuer is given.
    PasswordError
        The password is too weak.
    """
    kept = plain_name(name)
    if not NAME.fullmatch(kept) or kept in RESERVED:
        raise PersonError(
            f"{name!r} cannot be the name of an account.",
            remedy="Use 2 to 80 letters, digits and . _ - + @, and none of: " + ", ".join(RESERVED) + ".",
        )
    if (password is None) == (issuer is None) or (issuer is None) != (subject is None):
        raise PersonError(
            f"It is not told how {name!r} signs in.", remedy="Give a password, or both an issuer and a subject."
        )
    if password is not None:
        check_password(kept, password)
    stored = {"name": kept, "shown_name": shown_name or name.strip(), "role": role}
    who = {"issuer": issuer, "subject": subject}
    secret = hashed(password) if password is not None else None
    row = stored | who | {"password_hash": secret, "disabled": False, "made_at": now()}
    try:
        with office.writing() as connection:
            made = connection.execute(insert(person).values(**row)).inserted_primary_key
            _put_areas(connection, made[0] if made else 0, areas)
            told = stored | who | {"areas": _told(areas)}
            note_action(connection, by, "person.add", f"person:{kept}", after=told, address=address)
            return read_person(connection, kept)
    except IntegrityError:
        raise PersonError(
            f"The name {name!r}, or the subject, already has an account.", remedy="List them: fuping user list"
        ) from None


def set_role(office: Office, name: str, role: Role, *, by: str = COMMAND) -> None:
    """Give a person another role; their sessions end, so that none goes on with the one before."""
    _change(office, name, "person.role", by, {"role": role}, ends=(session,))


def set_disabled(office: Office, name: str, disabled: bool, *, by: str = COMMAND) -> None:
    """Keep a person out, or let them in again; what they have open ends, and so do their tokens."""
    action = "person.disable" if disabled else "person.enable"
    _change(office, name, action, by, {"disabled": disabled}, ends=(session, token))


def set_password(office: Office, name: str, password: str, *, by: str = COMMAND) -> None:
    """Give a person another password; what they have open ends, and so do their tokens.

    Raises
    ------
    PersonError
        There is no such person, or somebody else vouches for them.
    PasswordError
        The password is too weak.
    """
    check_password(plain_name(name), password)
    _change(office, name, "person.password", by, {"password_hash": hashed(password)}, ends=(session, token))


def set_areas(office: Office, name: str, areas: Iterable[tuple[str, str]], *, by: str = COMMAND) -> None:
    """Say where a person may do what their role lets them do: everywhere where nothing is named."""
    wanted = frozenset(areas)
    with office.writing() as connection:
        found = read_person(connection, name, disabled=True)
        connection.execute(delete(area).where(area.c.person == found.id))
        _put_areas(connection, found.id, wanted)
        before, after = {"areas": _told(found.areas)}, {"areas": _told(wanted)}
        note_action(connection, by, "person.areas", f"person:{found.name}", before=before, after=after)


def _change(
    office: Office, name: str, action: str, by: str, values: Mapping[str, Any], *, ends: Iterable[Table]
) -> None:
    with office.writing() as connection:
        found = read_person(connection, name, disabled=True)
        if "password_hash" in values and found.issuer:
            raise PersonError(
                f"{found.name!r} signs in through {found.issuer} and has no password here.",
                remedy="Change it there.",
            )
        before = {field: getattr(found, field) for field in values if field != "password_hash"}
        connection.execute(update(person).where(person.c.id == found.id).values(**values))
        for table in ends:
            connection.execute(delete(table).where(table.c.person == found.id))
        note_action(connection, by, action, f"person:{found.name}", before=before, after=values)


def _put_areas(connection: Connection, number: int, areas: Iterable[tuple[str, str]]) -> None:
    rows = [{"person": number, "pack": pack, "code": code} for pack, code in sorted(set(areas))]
    if rows:
        connection.execute(insert(area), rows)


def _told(areas: Iterable[tuple[str, str]]) -> list[str]:
    return sorted(f"{pack}:{code}" for pack, code in areas)
