"""Countries are read, checked and made in the background; a pack that was made is noted in the audit log."""

from __future__ import annotations

from collections.abc import Callable

from fuping.dashboard.background import Background
from fuping.dashboard.identity import identity
from fuping.dashboard.queries.cache import Reader
from fuping.layers.ingest.drafts import Drafts
from fuping.layers.office import note_action

__all__ = ["Adding", "adding_of", "may_add_country"]


class Adding(Background):
    """The countries that this process works on.

    Parameters
    ----------
    reader
        Over the store that they are added to.
    """

    what = "draft"

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader)
        self.drafts = Drafts(reader.store)
        self._office = reader.office

    def work(self, identity: str, stop: Callable[[], bool]) -> None:
        """Do what was asked of a draft."""
        ended = self.drafts.work(identity, stop)
        if not ended.pack:
            return
        after = {"draft": ended.id, "files": ended.files, "sha256": ended.sha256}
        with self._office.writing() as connection:
            note_action(connection, ended.asked_by, "pack.made", ended.pack, after=after)


adding_of = Adding.of
"""The same for the pages and the routes of a reader."""


def may_add_country() -> bool:
    """Return whether who asks may add a country: an administrator without areas."""
    asking = identity()
    return asking.role == "admin" and not asking.areas
