"""What the command changes stands in the audit log beside what people do, as done by ``command``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fuping.layers.stores import Store

__all__ = ["noting"]

Note = Callable[..., None]


def noting(store: Store) -> Note:
    """Open the log, and return what notes an action in it: ``note(action, subject, before=…, after=…)``.

    It is opened before anything is changed, so that a log that cannot be written to stops the command first.
    """
    # The command starts in a moment where these are not needed.
    from fuping.layers.office import note_action, open_office
    from fuping.layers.office.people import COMMAND

    office = open_office(store.root)

    def note(
        action: str, subject: str, *, before: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None
    ) -> None:
        with office.writing() as connection:
            note_action(connection, COMMAND, action, subject, before=before, after=after)

    return note
