"""Who asks, and what they may write: a person who signed in, or anyone, who may read."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Flask, g, has_request_context, request
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.places import ancestors
from fuping.dashboard.rate_limit import RateLimit
from fuping.layers.office.credentials import find_by_token
from fuping.layers.office.people import Person, Role
from fuping.layers.office.sessions import Session, find_session
from fuping.spatial.errors import FupingError

__all__ = ["ANYONE", "COOKIE", "ForbiddenError", "Identity", "add_identity", "identity", "may_write", "require_write"]

COOKIE = "fuping_session"

WRITERS = ("editor", "admin")


changes = RateLimit(120, 60)
"""What one person may change within a minute."""


@dataclass(frozen=True)
class Identity:
    """Who asks.

    Parameters
    ----------
    name, shown_name
        What they sign in with, and what is shown; the audit log keeps the first.
    role
        What they may do.
    areas
        (pack, code) of the units, with all that lies in them, where they may write; everywhere where empty.
    """

    name: str
    shown_name: str
    role: Role
    areas: frozenset[tuple[str, str]] = frozenset()

    @property
    def signed_in(self) -> bool:
        """Whether it is a person of the office."""
        return self != ANYONE


ANYONE = Identity("anyone", "", "viewer")
"""Who has not signed in: may read, and changes nothing."""


class ForbiddenError(FupingError):
    """Who asks may not do what is asked; ``key`` names the message that tells it to a reader."""

    def __init__(self, message: str, *, remedy: str, key: str) -> None:
        super().__init__(message, remedy=remedy)
        self.key = key


def identity() -> Identity:
    """Return who asks; outside of a request, and without a session, :data:`ANYONE`."""
    return g.get("identity", ANYONE) if has_request_context() else ANYONE


def identity_of(person: Person) -> Identity:
    """Return a person as who asks."""
    return Identity(person.name, person.shown_name, person.role, person.areas)


def session() -> Session | None:
    """Return the session of who asks."""
    return g.get("session") if has_request_context() else None


def add_identity(server: Flask, reader: Reader) -> None:
    """Find out who asks before anything is served; without a session or a token nothing is looked up."""

    @server.before_request
    def find() -> None:
        token = request.cookies.get(COOKIE)
        found = find_session(reader.office, token) if token else None
        if found:
            g.session, g.identity = found, identity_of(found.person)
        elif request.authorization and request.authorization.type == "bearer" and request.path.startswith("/api"):
            person = find_by_token(reader.office, request.authorization.token or "")
            if person:
                # A program that somebody left running reads, whatever they themselves may do.
                g.identity = replace(identity_of(person), role="viewer")


def may_write(reader: Reader, pack: str, code: str) -> bool:
    """Return whether who asks may write about a unit: as editor or admin, where it lies in one of their areas."""
    asking = identity()
    if asking.role not in WRITERS:
        return False
    return not asking.areas or _lies_in(reader, pack, code, {one for held, one in asking.areas if held == pack})


def require_write(reader: Reader, pack: str, code: str) -> None:
    """Check that who asks may write about a unit.

    Raises
    ------
    ForbiddenError
        They may not: nobody has signed in, the role is to read, the unit lies outside of their areas, or they changed
        so much within a minute that it is no person who does.
    """
    asking = identity()
    if may_write(reader, pack, code):
        if changes.take(asking.name):
            raise ForbiddenError("Too many changes.", remedy="Wait a minute.", key="forbidden.too_many")
        return
    if not asking.signed_in:
        raise ForbiddenError("Only who has signed in may change this.", remedy="Sign in.", key="forbidden.sign_in")
    if asking.role not in WRITERS:
        raise ForbiddenError(
            f"The role of {asking.name} is to read.", remedy="Ask an administrator.", key="forbidden.role"
        )
    raise ForbiddenError(
        f"{code} of {pack} lies outside of the areas of {asking.name}.",
        remedy="Ask an administrator.",
        key="forbidden.area",
    )


def _lies_in(reader: Reader, pack: str, code: str, areas: set[str]) -> bool:
    """Return whether a unit or one above it is among some; at every level that has the code, where several do."""
    if not areas or pack not in reader.packs():
        return False
    found = []
    for level in (one["id"] for one in reader.catalogue(pack)["levels"]):
        codes = reader.units(pack, level)["code"]
        if code in codes:
            at = codes.index(code)
            found.append({code, *(column[at] for column in ancestors(reader, pack, level).values())})
    return bool(found) and all(areas & one for one in found)
