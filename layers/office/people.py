"""The people of an office: added, changed and disabled, each change noted in the transaction that makes it.

Nobody is deleted: what they did stays theirs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, get_args

from fuping.layers.errors import RefusedError
from fuping.layers.office.audit import note_action, now
from fuping.layers.office.database import Office
from fuping.layers.office.passwords import check_password, hashed
from fuping.layers.office.tables import area, invitation, person, session, token
from sqlalchemy import Connection, delete, func, insert, select, update
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
    "set_duties",
    "set_password",
    "set_role",
]

Role = Literal["viewer", "editor", "admin"]

ROLES: tuple[Role, ...] = get_args(Role)

COMMAND = "command"
"""Who is named where the command line did it."""

RESERVED = ("anyone", COMMAND)

NAME = re.compile(r"[\w][\w.@+-]{1,79}")


REFUSED = {
    "nobody": ("There is no account {name!r}.", "List them: fuping user list"),
    "disabled": ("The account {name!r} is disabled.", "Enable it: fuping user enable {name}"),
    "name": (
        "{name!r} cannot be the name of an account.",
        "Use 2 to 80 letters, digits and . _ - + @, and none of: anyone, command.",
    ),
    "untold": (
        "It is not told how {name!r} signs in.",
        "Give a password, both an issuer and a subject, or let a link be made.",
    ),
    "taken": ("The name {name!r}, or the subject, already has an account.", "List them: fuping user list"),
    "vouched": ("{name!r} signs in through {issuer} and has no password here.", "Change it there."),
    "tokens": ("{name!r} has {n} tokens.", "End one first: on the page of the account, or by an administrator."),
    "last": ("{name!r} is the last administrator.", "Make another one first."),
}
"""Why what is asked of a person cannot be: what is wrong, and what to do."""


class PersonError(RefusedError):
    """There is no such person, they are disabled, or what is asked of them cannot be.

    Parameters
    ----------
    why
        One of :data:`REFUSED`.
    """

    reasons = REFUSED


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
    """Return a name as it is kept: letters of one width, small where there are two cases, and no NUL."""
    return unicodedata.normalize("NFKC", name).replace("\0", "").strip().casefold()


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
        raise PersonError("nobody", name=name)
    if row.disabled and not disabled:
        raise PersonError("disabled", name=name)
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
    invited: bool = False,
    by: str = COMMAND,
    address: str | None = None,
) -> Person:
    """Add a person, who signs in with a password, or through who vouches for them.

    Parameters
    ----------
    invited
        Whether they choose their password by a link that is made for them.

    Raises
    ------
    PersonError
        The name or the subject is taken, the name cannot be one, or it is not told how they sign in.
    PasswordError
        The password is too weak.
    """
    kept = plain_name(name)
    if not NAME.fullmatch(kept) or kept in RESERVED:
        raise PersonError("name", name=name)
    ways = (password is not None, issuer is not None, invited)
    if sum(ways) != 1 or (issuer is None) != (subject is None):
        raise PersonError("untold", name=name)
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
        raise PersonError("taken", name=name) from None


def set_role(office: Office, name: str, role: Role, *, by: str = COMMAND) -> None:
    """Give a person another role; their sessions end, so that none goes on with the one before."""
    with office.writing() as connection:
        _change(connection, read_person(connection, name, disabled=True), "person.role", by, None, role=role)


def set_disabled(office: Office, name: str, disabled: bool, *, by: str = COMMAND, address: str | None = None) -> None:
    """Keep a person out, or let them in again; what they have open ends, and so do their tokens and links.

    Raises
    ------
    PersonError
        There is no such person; or the last administrator would be kept out, which only the command may do.
    """
    action = "person.disable" if disabled else "person.enable"
    with office.writing() as connection, _with_administrators(connection, name, by):
        _change(connection, read_person(connection, name, disabled=True), action, by, address, disabled=disabled)


def set_password(office: Office, name: str, password: str, *, by: str = COMMAND) -> None:
    """Give a person another password; what they have open ends, and so do their tokens and links.

    Raises
    ------
    PersonError
        There is no such person, or somebody else vouches for them.
    PasswordError
        The password is too weak.
    """
    check_password(plain_name(name), password)
    with office.writing() as connection:
        found = read_person(connection, name, disabled=True)
        if found.issuer:
            raise PersonError("vouched", name=found.name, issuer=found.issuer)
        _change(connection, found, "person.password", by, None, password_hash=hashed(password))


def set_areas(office: Office, name: str, areas: Iterable[tuple[str, str]], *, by: str = COMMAND) -> None:
    """Say where a person may do what their role lets them do: everywhere where nothing is named."""
    with office.writing() as connection:
        _change_areas(connection, read_person(connection, name, disabled=True), areas, by, None)


def set_duties(
    office: Office, name: str, role: Role, areas: Iterable[tuple[str, str]], *, by: str, address: str | None = None
) -> None:
    """Give a person a role and areas at once; what is as it was is left as it is.

    Raises
    ------
    PersonError
        There is no such person, or nobody would be left who manages the others.
    """
    wanted = frozenset(areas)
    with office.writing() as connection, _with_administrators(connection, name, by):
        found = read_person(connection, name, disabled=True)
        if role != found.role:
            _change(connection, found, "person.role", by, address, role=role)
        if wanted != found.areas:
            _change_areas(connection, found, wanted, by, address)


ENDS = {"role": (session,), "disabled": (session, token, invitation), "password_hash": (session, token, invitation)}
"""What ends when a field of a person changes."""


def _change(connection: Connection, found: Person, action: str, by: str, address: str | None, **values: Any) -> None:
    ((field, _),) = values.items()
    before = {field: getattr(found, field)} if field != "password_hash" else {}
    connection.execute(update(person).where(person.c.id == found.id).values(**values))
    for table in ENDS[field]:
        connection.execute(delete(table).where(table.c.person == found.id))
    note_action(connection, by, action, f"person:{found.name}", before=before, after=values, address=address)


def _change_areas(
    connection: Connection, found: Person, areas: Iterable[tuple[str, str]], by: str, address: str | None
) -> None:
    wanted = frozenset(areas)
    connection.execute(delete(area).where(area.c.person == found.id))
    _put_areas(connection, found.id, wanted)
    told = {"before": {"areas": _told(found.areas)}, "after": {"areas": _told(wanted)}}
    note_action(connection, by, "person.areas", f"person:{found.name}", address=address, **told)


@contextmanager
def _with_administrators(connection: Connection, name: str, by: str) -> Iterator[None]:
    """Refuse a change after which no administrator is left, or none of all areas where there was one."""
    before = _administrators(connection)
    yield
    if by != COMMAND and any(old and not new for old, new in zip(before, _administrators(connection), strict=True)):
        raise PersonError("last", name=name)


def _administrators(connection: Connection) -> tuple[int, int]:
    """Return how many administrators there are, and how many of them of all areas."""
    # Of two who step back at once, PostgreSQL lets the second wait here; SQLite did so when the transaction began.
    admins = select(person.c.id).where(person.c.role == "admin", ~person.c.disabled).with_for_update()
    found = connection.execute(admins).scalars().all()
    limited = set(connection.execute(select(area.c.person)).scalars())
    return len(found), len([one for one in found if one not in limited])


def _put_areas(connection: Connection, number: int, areas: Iterable[tuple[str, str]]) -> None:
    rows = [{"person": number, "pack": pack, "code": code} for pack, code in sorted(set(areas))]
    if rows:
        connection.execute(insert(area), rows)


def _told(areas: Iterable[tuple[str, str]]) -> list[str]:
    return sorted(f"{pack}:{code}" for pack, code in areas)
