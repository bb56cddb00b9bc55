"""The states of an alert and the steps that lead from one to the next: the one table that says what may follow what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

__all__ = ["MOVES", "OPEN", "SEVERITIES", "STATES", "Kind", "Move", "Severity", "State", "graver", "move", "moves_from"]

State = Literal["raised", "checked", "measure", "followed_up", "closed"]

STATES: tuple[State, ...] = get_args(State)
"""In the order in which an alert goes through them."""

OPEN = STATES[:-1]

Severity = Literal["red", "orange", "yellow"]

SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""Gravest first."""

Kind = Literal["raised", "assigned", "checked", "no_ground", "measure", "followed_up", "closed", "returned", "reopened"]
"""What a step is called; ``raised`` is the first one and follows nothing."""


@dataclass(frozen=True)
class Move:
    """A step that may be taken.

    Parameters
    ----------
    before, after
        States.
    kind
        What it is called.
    note
        Whether it must say why.
    due
        Whether it must say by when the next one is due.
    """

    before: State
    after: State
    kind: Kind
    note: bool = False
    due: bool = False

    @property
    def names(self) -> bool:
        """Whether someone may be named who acts next; nobody does once an alert is closed."""
        return self.after != "closed"


MOVES = (
    *(Move(state, state, "assigned") for state in OPEN),
    Move("raised", "checked", "checked"),
    Move("checked", "measure", "measure"),
    Move("checked", "closed", "no_ground", note=True),
    Move("measure", "followed_up", "followed_up"),
    Move("followed_up", "closed", "closed", note=True),
    Move("checked", "raised", "returned", note=True, due=True),
    Move("measure", "checked", "returned", note=True, due=True),
    Move("followed_up", "measure", "returned", note=True, due=True),
    Move("closed", "raised", "reopened", note=True),
)
"""All steps. What is returned goes back to the state before, to be done again by a day that is named."""

_BY_STATES: dict[tuple[str, str], Move] = {(one.before, one.after): one for one in MOVES}


def move(before: str, after: str) -> Move | None:
    """Return the step from one state to another; ``None`` where there is none.

    >>> move("checked", "closed").kind, move("raised", "closed")
    ('no_ground', None)
    """
    return _BY_STATES.get((before, after))


def moves_from(state: str) -> tuple[Move, ...]:
    """Return the steps that may be taken in a state.

    >>> [one.after for one in moves_from("checked")]
    ['checked', 'measure', 'closed', 'raised']
    """
    return tuple(one for one in MOVES if one.before == state)


def graver(first: str, second: str) -> bool:
    """Return whether the first severity is graver than the second.

    >>> graver("red", "yellow"), graver("yellow", "yellow")
    (True, False)
    """
    order: tuple[str, ...] = SEVERITIES
    return order.index(first) < order.index(second)
