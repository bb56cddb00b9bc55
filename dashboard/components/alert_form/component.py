"""The form by which an alert goes on: only steps that may follow, and only what each must say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from fuping.dashboard.components.browser import BrowserComponent
from fuping.dashboard.i18n.messages import message
from fuping.layers.office.alert_moves import moves_from
from fuping.layers.office.alert_register import Alert
from fuping.layers.office.alert_steps import LONGEST_NAME, LONGEST_NOTE

__all__ = ["AlertForm", "step_form"]

WORDS = ("next", "note", "note_needed", "responsible", "due", "due_needed", "take")


class AlertForm(BrowserComponent):
    """The form of the next step; what was written stays where the step is refused.

    Parameters
    ----------
    alert, seen
        Id of the alert, and of the latest step that is shown.
    moves
        ``state``, ``label``, ``note`` (must say why), ``due`` (must name a day), ``names`` (may name who acts).
    people
        Names to choose from; another may be written.
    note
        Of a step that was refused, for another try.
    responsible, due
        Of the latest step.
    today
        The first day that may be named.
    most
        Characters of the note and of a name.
    text
        The form's words.
    step
        Set when the reader sends it: ``alert``, ``seen``, ``state``, ``note``, ``responsible``, ``due``, ``at``.
    """

    names = ("alert", "seen", "moves", "people", "note", "responsible", "due", "today", "most", "text", "step")


def step_form(one: Alert, people: Sequence[str], today: date, language: str, *, note: str = "") -> AlertForm:
    """Return the form of an alert's next step; ``note`` is that of a step that was refused."""
    due = one.last.due or ""
    moves = [
        {
            "state": move.after,
            "label": message(f"alerts.move.{move.kind}", language),
            "note": move.note,
            "due": move.due,
            "names": move.names,
        }
        for move in sorted(moves_from(one.state), key=lambda move: move.kind == "assigned")
    ]
    return AlertForm(
        id="alert-form",
        alert=one.id,
        seen=one.last.id,
        moves=moves,
        people=list(people),
        note=note,
        responsible=one.last.responsible,
        # A day that is past cannot be named again.
        due=due if due >= today.isoformat() else "",
        today=today.isoformat(),
        most=[LONGEST_NOTE, LONGEST_NAME],
        text={word: message(f"alerts.form.{word}", language) for word in WORDS},
    )
