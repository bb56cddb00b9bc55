"""Work an alert through to its close, step by step; each and the record of it are one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from fuping.layers.errors import RefusedError
from fuping.layers.office.alert_moves import Move, move, moves_from
from fuping.layers.office.alert_register import Alert, read_alerts
from fuping.layers.office.audit import note_action, now
from fuping.layers.office.database import Office
from fuping.layers.office.tables import alert, alert_step
from sqlalchemy import insert, select, update

__all__ = ["LONGEST_NAME", "LONGEST_NOTE", "StepError", "take_step"]

LONGEST_NOTE, LONGEST_NAME = 2000, 120
"""Characters, as the tables have them."""

REFUSED = {
    "no_alert": ("There is no alert {id}.", "Look for it in the register."),
    "overtaken": (
        "{who} was first: the alert is now {state} ({note}).",
        "Look at what was done, then go on from there.",
    ),
    "not_allowed": ("No step leads from {before} to {after}.", "From here: {allowed}."),
    "note_needed": ("This step must say why.", "Write a note."),
    "due_needed": ("This step must say by when the work is to be done.", "Name a day."),
    "due_past": ("The day {due} is past.", "Name today or a later day."),
    "due_unreadable": ("{due!r} is no day.", "Write it as 2026-01-31."),
    "too_long": ("The {what} has {n} characters, more than {most}.", "Shorten it."),
    "nothing_said": ("The step changes nothing.", "Write a note, name who acts next, or name a day."),
}
"""Why a step is refused: what is wrong, and what to do."""


class StepError(RefusedError):
    """A step that cannot be taken; nothing was changed.

    Parameters
    ----------
    why
        One of :data:`REFUSED`.
    """

    reasons = REFUSED


def take_step(
    office: Office,
    who: str,
    alert_id: int,
    *,
    seen: int,
    state: str,
    today: date,
    note: str = "",
    responsible: str = "",
    due: str | None = None,
    address: str | None = None,
) -> int:
    """Take the next step of an alert.

    Parameters
    ----------
    who
        Name of the person.
    seen
        Id of the latest step that the person has seen; where another has been taken since, this one is refused.
    state
        Of the alert from now on; the same as before to name who acts, or to add a note.
    today
        Before which no day can be named.
    note
        What was found or done.
    responsible, due
        Who must act next, and by which day (ISO); a closed alert keeps neither.
    address
        Where the request came from.

    Returns
    -------
    int
        Id of the step.

    Raises
    ------
    StepError
        The step is not allowed, lacks what it must say, or comes second.
    """
    said = {"note": note.strip(), "responsible": responsible.strip(), "due": (due or "").strip() or None}
    _check_texts(said, today)
    with office.writing() as connection:
        # Of two that step at once, PostgreSQL lets the second wait here; SQLite did so when the transaction began.
        connection.execute(select(alert.c.id).where(alert.c.id == alert_id).with_for_update()).all()
        found = next(iter(read_alerts(connection, select(alert).where(alert.c.id == alert_id))), None)
        if found is None:
            raise StepError("no_alert", id=alert_id)
        if found.last.id != seen:
            told = {"who": found.last.who, "state": found.state, "note": found.last.note or "–", "at": found.last.at}
            raise StepError("overtaken", **told)
        step = move(found.state, state)
        if step is None:
            allowed = ", ".join(one.after for one in moves_from(found.state))
            raise StepError("not_allowed", before=found.state, after=state, allowed=allowed)
        said |= {} if step.names else {"responsible": "", "due": None}
        _check_needs(step, said, found)
        connection.execute(update(alert).where(alert.c.id == alert_id).values(state=state))
        row = {"alert": alert_id, "state": state, "at": now(), "who": who, **said}
        id = connection.execute(insert(alert_step).values(row).returning(alert_step.c.id)).scalar_one()
        before = {"state": found.state, "responsible": found.last.responsible, "due": found.last.due}
        after = {"state": state, **said}
        note_action(
            connection, who, f"alert.{step.kind}", f"alert:{alert_id}", before=before, after=after, address=address
        )
    return int(id)


def _check_texts(said: Mapping[str, str | None], today: date) -> None:
    for what, most in (("note", LONGEST_NOTE), ("responsible", LONGEST_NAME)):
        n = len(said[what] or "")
        if n > most:
            raise StepError("too_long", what=what, n=n, most=most)
    due = said["due"]
    if due is None:
        return
    try:
        day = date.fromisoformat(due)
    except ValueError:
        raise StepError("due_unreadable", due=due) from None
    if day.isoformat() != due:
        raise StepError("due_unreadable", due=due)
    if day < today:
        raise StepError("due_past", due=due)


def _check_needs(step: Move, said: Mapping[str, str | None], found: Alert) -> None:
    if step.note and not said["note"]:
        raise StepError("note_needed")
    if step.due and not said["due"]:
        raise StepError("due_needed")
    same = (said["responsible"], said["due"]) == (found.last.responsible, found.last.due)
    if step.kind == "assigned" and not said["note"] and same:
        raise StepError("nothing_said")
