"""Raise alerts; each and the record of it are one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from fuping.layers.office.alert_moves import graver
from fuping.layers.office.alert_register import Alert, read_alerts
from fuping.layers.office.audit import note_action, now
from fuping.layers.office.database import Office
from fuping.layers.office.tables import alert, alert_step
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

__all__ = ["NewAlert", "Raised", "raise_alerts", "would_raise"]

Fate = Literal["new", "there", "continued", "risen"]


@dataclass(frozen=True)
class NewAlert:
    """An alert to raise.

    Parameters
    ----------
    evidence
        What it is judged by: the interval, the lines, the build; as JSON can hold it.
    """

    pack: str
    level: str
    code: str
    indicator: str
    year: int
    cause: str
    severity: str
    value: float | None
    evidence: Mapping[str, Any]

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Whose alert of what it is, in any year."""
        return (self.pack, self.level, self.code, self.indicator)


@dataclass(frozen=True)
class Raised:
    """What became of alerts that were to be raised; the numbers add up to theirs.

    Parameters
    ----------
    new
        Raised now.
    there
        The figure of that year has an alert already.
    continued
        An alert of an earlier year is open still: the figure is added to it.
    risen
        So it is, and the figure is graver than all before it.
    """

    new: int = 0
    there: int = 0
    continued: int = 0
    risen: int = 0


def would_raise(office: Office, alerts: Sequence[NewAlert]) -> Raised:
    """Return what :func:`raise_alerts` would do now, and do nothing."""
    with office.reading() as connection:
        fates = [fate for _, fate, _ in _fates(connection, alerts)]
    return _counted(fates)


def raise_alerts(office: Office, who: str, alerts: Sequence[NewAlert], *, address: str | None = None) -> Raised:
    """Raise alerts; the same ones a second time change nothing.

    Parameters
    ----------
    who
        Name of the person, or ``command``.
    alerts
        Each unit and indicator once.
    address
        Where the request came from.

    Raises
    ------
    ValueError
        A unit and indicator stand there twice.
    """
    fates: list[Fate] = []
    with office.writing() as connection:
        for one, fate, case in _fates(connection, alerts):
            fates.append(fate)
            if fate == "new":
                fates[-1] = _insert(connection, who, one, address)
            elif case is not None and fate != "there":
                _add_year(connection, who, one, case, address)
    return _counted(fates)


def _counted(fates: Sequence[Fate]) -> Raised:
    return Raised(**{fate: fates.count(fate) for fate in Raised.__dataclass_fields__})  # type: ignore[arg-type]


def _fates(connection: Connection, alerts: Sequence[NewAlert]) -> list[tuple[NewAlert, Fate, Alert | None]]:
    if len({one.key for one in alerts}) < len(alerts):
        raise ValueError("A unit and indicator stand among the alerts twice.")
    known: dict[tuple[str, str, str, str], list[Alert]] = {}
    for pack, level, indicator in sorted({(one.pack, one.level, one.indicator) for one in alerts}):
        same = (alert.c.pack == pack) & (alert.c.level == level) & (alert.c.indicator == indicator)
        for case in read_alerts(connection, select(alert).where(same)):
            known.setdefault((pack, level, case.code, indicator), []).append(case)
    return [(one, *_fate(one, known.get(one.key, []))) for one in alerts]


def _fate(one: NewAlert, cases: Sequence[Alert]) -> tuple[Fate, Alert | None]:
    taken_in = next((case for case in cases if one.year in case.years), None)
    if taken_in:
        return "there", taken_in
    earlier = [case for case in cases if case.state != "closed" and max(case.years) < one.year]
    if not earlier:
        return "new", None
    case = max(earlier, key=lambda each: max(each.years))
    return ("risen" if graver(one.severity, case.severity) else "continued"), case


def _insert(connection: Connection, who: str, one: NewAlert, address: str | None) -> Fate:
    kept = {name: getattr(one, name) for name in NewAlert.__dataclass_fields__}
    kept |= {"state": "raised", "evidence": {**one.evidence, "severity": one.severity}}
    try:
        with connection.begin_nested():
            id = connection.execute(insert(alert).values(kept).returning(alert.c.id)).scalar_one()
    except IntegrityError:
        # Someone else raised it since it was looked for.
        return "there"
    connection.execute(insert(alert_step).values(alert=id, state="raised", at=now(), who=who))
    told = {name: kept[name] for name in ("pack", "level", "code", "indicator", "year", "severity", "state")}
    note_action(connection, who, "alert.raised", f"alert:{id}", after=told, address=address)
    return "new"


def _add_year(connection: Connection, who: str, one: NewAlert, case: Alert, address: str | None) -> None:
    severity = one.severity if graver(one.severity, case.severity) else case.severity
    figure = {**one.evidence, "year": one.year, "value": one.value, "severity": one.severity, "at": now(), "who": who}
    evidence = {**case.evidence, "later": [*case.later, figure]}
    connection.execute(update(alert).where(alert.c.id == case.id).values(severity=severity, evidence=evidence))
    before = {"severity": case.severity, "year": max(case.years)}
    after = {"severity": severity, "year": one.year}
    note_action(connection, who, "alert.later_year", f"alert:{case.id}", before=before, after=after, address=address)
