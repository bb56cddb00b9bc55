"""The register of alerts as a page shows it: what the URL asks for, how many there are of each kind, and one opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fuping.dashboard.identity import Identity, identity
from fuping.dashboard.queries.alert_raising import NO_CAUSE
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.places import ancestors
from fuping.dashboard.queries.watching import unit_names
from fuping.dashboard.state import ViewState
from fuping.layers.office.alert_moves import OPEN, SEVERITIES, STATES
from fuping.layers.office.alert_register import Alert, alerts_of
from fuping.layers.office.people import people
from fuping.layers.schema.vocabulary import Cause, words

__all__ = [
    "CAUSES",
    "PEOPLE",
    "ROWS",
    "STANDING",
    "Asked",
    "RegisterShown",
    "Waiting",
    "alert_place",
    "asked",
    "lies_in",
    "register_shown",
    "shown_names",
    "waiting_for_me",
]

ROWS = 50

STANDING = ("open", *STATES, "all")
"""What may be asked of the state."""

PEOPLE = ("everybody", "me", "area", "overdue")
"""Whose alerts may be asked for."""

CAUSES = (*words(Cause), NO_CAUSE)


@dataclass(frozen=True)
class Asked:
    """What the URL asks of the register; empty where it asks nothing.

    Parameters
    ----------
    standing
        One of :data:`STANDING`.
    whose
        One of :data:`PEOPLE`.
    severity, cause, indicator
        Only these.
    within, unit
        Code of a unit that they lie in, and of the unit itself.
    """

    standing: str
    whose: str
    severity: str
    cause: str
    indicator: str
    within: str
    unit: str


@dataclass(frozen=True)
class Waiting:
    """Open alerts that are assigned to who asks, and those that are overdue in their area."""

    mine: int
    late: int


@dataclass(frozen=True, eq=False)
class RegisterShown:
    """A register as it is shown.

    Parameters
    ----------
    asked
        What was asked.
    found
        All alerts that meet it, overdue first.
    everything
        All alerts of the pack, whatever is asked.
    by_state, by_severity, by_people
        How many there were if that were asked instead, and all else stayed.
    indicators
        Those that any alert of the pack is of.
    opened
        The alert that the URL opens; ``None`` where it opens none, or there is none with its id.
    opens
        Id that the URL opens.
    """

    asked: Asked
    found: tuple[Alert, ...]
    everything: tuple[Alert, ...]
    by_state: Mapping[str, int]
    by_severity: Mapping[str, int]
    by_people: Mapping[str, int]
    indicators: tuple[str, ...]
    opened: Alert | None
    opens: str


def asked(view: ViewState, indicators: Sequence[str] = ()) -> Asked:
    """Return what a URL asks."""
    return Asked(
        standing=view.option("state", STANDING, STANDING[0]),
        whose=view.option("whose", PEOPLE, PEOPLE[0]),
        severity=view.option("colour", SEVERITIES, ""),
        cause=view.option("cause", CAUSES, ""),
        indicator=view.option("of", indicators, ""),
        within=view.within or "",
        unit=view.unit or "",
    )


def register_shown(reader: Reader, view: ViewState, today: date) -> RegisterShown:
    """Return the register of the view's pack."""
    everything = alerts_of(reader.office, view.pack, today=today)
    indicators = tuple(dict.fromkeys(one.indicator for one in everything))
    wanted = asked(view, indicators)
    held = [one for one in everything if _held(reader, one, wanted)]
    asking = identity()

    def count(key: str) -> list[Alert]:
        tests = {
            "standing": lambda one: standing(one, wanted.standing),
            "severity": lambda one: wanted.severity in ("", one.severity),
            "whose": lambda one: _whose(reader, one, wanted.whose, asking, today),
        }
        return [one for one in held if all(test(one) for name, test in tests.items() if name != key)]

    of_any_state, of_any_colour, of_anybody = count("standing"), count("severity"), count("whose")
    opens = dict(view.extra).get("alert", "")
    return RegisterShown(
        asked=wanted,
        found=tuple(count("")),
        everything=tuple(everything),
        by_state={name: sum(standing(one, name) for one in of_any_state) for name in STANDING},
        by_severity=Counter(one.severity for one in of_any_colour),
        by_people={name: sum(_whose(reader, one, name, asking, today) for one in of_anybody) for name in PEOPLE},
        indicators=indicators,
        opened=next((one for one in everything if str(one.id) == opens), None),
        opens=opens,
    )


def standing(one: Alert, wanted: str) -> bool:
    """Return whether an alert is in a state that is asked for."""
    return wanted == "all" or one.state == wanted or (wanted == "open" and one.state in OPEN)


def _held(reader: Reader, one: Alert, wanted: Asked) -> bool:
    return (
        wanted.cause in ("", one.cause)
        and wanted.indicator in ("", one.indicator)
        and wanted.unit in ("", one.code)
        and (not wanted.within or lies_in(reader, one, (wanted.within,)))
    )


def _whose(reader: Reader, one: Alert, wanted: str, asking: Identity, today: date) -> bool:
    if wanted == "me":
        return asking.signed_in and one.last.responsible in (asking.name, asking.shown_name)
    if wanted == "area":
        areas = tuple(code for pack, code in asking.areas if pack == one.pack)
        return asking.signed_in and (not asking.areas or lies_in(reader, one, areas))
    return wanted == "everybody" or one.overdue(today)


def waiting_for_me(reader: Reader, pack: str, today: date) -> Waiting | None:
    """Return what waits for who asks in a pack; ``None`` where nobody has signed in."""
    asking = identity()
    if not asking.signed_in:
        return None
    still = alerts_of(reader.office, pack, today=today, states=OPEN)
    mine = sum(_whose(reader, one, "me", asking, today) for one in still)
    late = sum(one.overdue(today) and _whose(reader, one, "area", asking, today) for one in still)
    return Waiting(mine, late)


def lies_in(reader: Reader, one: Alert, codes: Sequence[str]) -> bool:
    """Return whether the unit of an alert is one of some units, or lies in one."""
    above = _above(reader, one.pack, reader.version(one.pack), one.level).get(one.code, ())
    return one.code in codes or any(code in codes for code in above)


@once(maxsize=64)
def _above(reader: Reader, pack: str, version: str, level: str) -> dict[str, tuple[str, ...]]:
    if level not in {one["id"] for one in reader.catalogue(pack)["levels"]}:
        return {}
    codes = reader.units(pack, level)["code"]
    columns = list(ancestors(reader, pack, level).values())
    return {code: tuple(column[at] for column in columns) for at, code in enumerate(codes)}


def alert_place(reader: Reader, one: Alert, language: str) -> tuple[str, str]:
    """Return what the unit of an alert is called, and what it lies in; its code where this build has no such unit."""
    return _places(reader, one.pack, reader.version(one.pack), one.level, language).get(one.code, (one.code, ""))


@once(maxsize=64)
def _places(reader: Reader, pack: str, version: str, level: str, language: str) -> dict[str, tuple[str, str]]:
    if level not in {one["id"] for one in reader.catalogue(pack)["levels"]}:
        return {}
    names, above = unit_names(reader, pack, level, language)
    return dict(zip(reader.units(pack, level)["code"], zip(names, above, strict=True), strict=True))


def shown_names(reader: Reader) -> dict[str, str]:
    """Return the names that people are shown by."""
    return {one.name: one.shown_name or one.name for one in people(reader.office)}
