"""The register of alerts as it is read: each alert with all its steps, and which of them are asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fuping.layers.office.alert_moves import SEVERITIES, Kind, move
from fuping.layers.office.database import Office
from fuping.layers.office.tables import alert, alert_step
from sqlalchemy import Connection, Select, select

__all__ = ["Alert", "Step", "alert_of", "alerts_of", "overdue", "read_alerts"]


@dataclass(frozen=True)
class Step:
    """One step of an alert.

    Parameters
    ----------
    id
        Of the step; the next one is taken by someone who has seen this one.
    state
        Of the alert after it.
    kind
        What it is called.
    at, who
        When, UTC, and by whom.
    note
        What was found or done.
    responsible, due
        Who must act next, and by which day (ISO); empty and ``None`` where nobody has said.
    """

    id: int
    state: str
    kind: Kind
    at: str
    who: str
    note: str
    responsible: str
    due: str | None


@dataclass(frozen=True)
class Alert:
    """One alert: a unit beyond a line.

    Parameters
    ----------
    year, value
        Of the figure that raised it.
    cause
        What it is put down to.
    severity
        The gravest since it was raised.
    evidence
        What it was judged by, as it stood; under ``later`` the figures of later years, in order.
    steps
        From the first on; at least one.
    """

    id: int
    pack: str
    level: str
    code: str
    indicator: str
    year: int
    cause: str
    severity: str
    value: float | None
    evidence: Mapping[str, Any]
    state: str
    steps: tuple[Step, ...]

    @property
    def last(self) -> Step:
        """The latest step."""
        return self.steps[-1]

    @property
    def later(self) -> tuple[Mapping[str, Any], ...]:
        """Figures of later years that came while it was open: ``year``, ``value``, ``severity``, ``at``, ``who`` …"""
        return tuple(self.evidence.get("later", ()))

    @property
    def risen(self) -> bool:
        """Whether a later year was graver than the one that raised it."""
        return bool(self.later) and self.severity != self.evidence["severity"]

    @property
    def years(self) -> frozenset[int]:
        """Years whose figures it has taken in."""
        return frozenset({self.year, *(int(one["year"]) for one in self.later)})

    def overdue(self, today: date) -> bool:
        """Return whether the day is past by which someone was to act."""
        return self.state != "closed" and self.last.due is not None and self.last.due < today.isoformat()


def read_alerts(connection: Connection, asked: Select[Any]) -> list[Alert]:
    """Return the alerts that a query of their table finds, with all their steps, by id."""
    rows = connection.execute(asked.order_by(alert.c.id)).mappings().all()
    ids = asked.with_only_columns(alert.c.id)
    steps: dict[int, list[Step]] = defaultdict(list)
    for row in connection.execute(
        select(alert_step).where(alert_step.c.alert.in_(ids)).order_by(alert_step.c.id)
    ).mappings():
        told = dict(row)
        mine = steps[told.pop("alert")]
        mine.append(Step(kind=_kind(mine[-1].state if mine else None, told["state"]), **told))
    return [Alert(**row, steps=tuple(steps[row["id"]])) for row in rows]


def _kind(before: str | None, after: str) -> Kind:
    step = move(before, after) if before is not None else None
    return step.kind if step else "raised"


def alert_of(office: Office, id: int) -> Alert | None:
    """Return one alert; ``None`` where there is none with that id."""
    with office.reading() as connection:
        return next(iter(read_alerts(connection, select(alert).where(alert.c.id == id))), None)


def alerts_of(
    office: Office,
    pack: str,
    *,
    today: date,
    level: str | None = None,
    code: str | None = None,
    inside: Collection[tuple[str, str]] | None = None,
    states: Iterable[str] | None = None,
    severity: str | None = None,
    cause: str | None = None,
    indicator: str | None = None,
    year: int | None = None,
    responsible: Collection[str] | None = None,
    overdue_only: bool = False,
) -> list[Alert]:
    """Return the alerts of a pack: those overdue first, then the gravest, then those due soonest.

    Parameters
    ----------
    today
        By which a day is past.
    level, code, states, severity, cause, indicator, year
        Only these.
    inside
        Level and code of the units that lie in an area; only theirs.
    responsible
        Names of one person; only what they are to act on next.
    overdue_only
        Only those whose day is past.
    """
    asked = select(alert).where(alert.c.pack == pack)
    named = {"level": level, "code": code, "severity": severity, "cause": cause, "indicator": indicator, "year": year}
    for name, wanted in named.items():
        if wanted is not None:
            asked = asked.where(alert.c[name] == wanted)
    if states is not None:
        asked = asked.where(alert.c.state.in_(list(states)))
    with office.reading() as connection:
        found = read_alerts(connection, asked)
    kept = [
        one
        for one in found
        if (inside is None or (one.level, one.code) in inside)
        and (responsible is None or one.last.responsible in responsible)
        and (not overdue_only or one.overdue(today))
    ]
    order: tuple[str, ...] = SEVERITIES
    return sorted(
        kept,
        key=lambda one: (
            not one.overdue(today),
            one.state == "closed",
            order.index(one.severity),
            one.last.due or "9",
            one.id,
        ),
    )


def overdue(office: Office, pack: str, today: date) -> list[Alert]:
    """Return the open alerts of a pack whose day is past."""
    return alerts_of(office, pack, today=today, overdue_only=True)
