"""Proposals are checked in the background."""

from __future__ import annotations

from collections.abc import Callable

from fuping.dashboard.background import Background
from fuping.dashboard.queries.cache import Reader
from fuping.layers.ingest.proposals import Proposals
from fuping.layers.pack import find_pack

__all__ = ["Checks", "checks_of"]


class Checks(Background):
    """The checks that this process makes.

    Parameters
    ----------
    reader
        Over the store whose proposals are checked.
    """

    what = "check"

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader)
        self.proposals = Proposals(reader.store)
        self._store = reader.store

    def work(self, identity: str, stop: Callable[[], bool]) -> None:
        """Check a proposal."""
        self.proposals.check(find_pack(self._store, self.proposals.get(identity).pack), identity, stop)


checks_of = Checks.of
"""The same for the pages and the routes of a reader."""
