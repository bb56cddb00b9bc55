"""Who manages whom: an administrator everybody, one of some areas those who work nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fuping.dashboard.identity import ForbiddenError, changes, identity, may_write
from fuping.dashboard.queries.cache import Reader
from fuping.layers.office.people import Person, people

__all__ = ["managed", "may_manage", "require_manage", "written_areas"]

BETWEEN = re.compile(r"[\s,;，；、]+")

Area = tuple[str, str]


def may_manage(reader: Reader, areas: Iterable[Area]) -> bool:
    """Return whether who asks may manage a person of some areas; none are all."""
    asking, wanted = identity(), tuple(areas)
    if asking.role != "admin":
        return False
    return not asking.areas or (bool(wanted) and all(may_write(reader, pack, code) for pack, code in wanted))


def require_manage(reader: Reader, *areas: Iterable[Area]) -> None:
    """Check that who asks may manage a person of some areas, as they are and as they would be.

    Raises
    ------
    ForbiddenError
        They are no administrator, or not of these areas, or they changed so much within a minute that it is no person
        who does.
    """
    if identity().role != "admin":
        raise ForbiddenError(
            "Only an administrator manages people.", remedy="Ask an administrator.", key="people.closed"
        )
    if not all(may_manage(reader, one) for one in areas):
        raise ForbiddenError(
            "They work outside of your areas.", remedy="Ask an administrator of all areas.", key="people.outside"
        )
    if changes.take(identity().name):
        raise ForbiddenError("Too many changes.", remedy="Wait a minute.", key="forbidden.too_many")


def managed(reader: Reader) -> list[Person]:
    """Return the people whom who asks may manage, by name."""
    return [one for one in people(reader.office) if may_manage(reader, one.areas)]


def written_areas(reader: Reader, text: str) -> tuple[frozenset[Area], list[str]]:
    """Read areas as a person writes them, and return them and what names no unit that is built.

    A slip of the pen would let a person write nowhere.
    """
    found, wrong = set(), []
    for one in filter(None, BETWEEN.split(text)):
        pack, _, code = one.partition(":")
        levels = reader.catalogue(pack)["levels"] if pack in reader.packs() else []
        if any(code in reader.units(pack, level["id"])["code"] for level in levels):
            found.add((pack, code))
        else:
            wrong.append(one)
    return frozenset(found), wrong
