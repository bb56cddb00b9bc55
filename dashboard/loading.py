"""Packs that were never built are loaded in the background; what was kept and built is noted in the audit log."""

from __future__ import annotations

from collections.abc import Callable

from fuping.dashboard.background import Background
from fuping.dashboard.queries.cache import Reader
from fuping.layers.ingest.loads import Loads
from fuping.layers.office import note_action
from fuping.layers.pack import pack_folders

__all__ = ["Loading", "loading_of", "unbuilt"]


class Loading(Background):
    """The packs that this process loads.

    Parameters
    ----------
    reader
        Over the store that they are loaded into.
    """

    what = "load"

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader)
        self.loads = Loads(reader.store)
        self._office = reader.office

    def work(self, identity: str, stop: Callable[[], bool]) -> None:
        """Do what was asked of a pack."""
        ended = self.loads.work(identity, stop)
        if ended.state != "done":
            return
        told = {"action": "pack.build", "subject": ended.pack, "after": {"version": ended.version}}
        if ended.stage != "build":
            after = {"file": ended.file, "size": ended.size, "sha256": ended.sha256}
            told = {"action": "data.supply", "subject": f"{ended.pack}/{ended.source}", "after": after}
        with self._office.writing() as connection:
            note_action(connection, ended.asked_by, **told)  # type: ignore[arg-type]


loading_of = Loading.of
"""The same for the pages and the routes of a reader."""


def unbuilt(reader: Reader) -> list[str]:
    """Return the codes of the packs that are declared and not built."""
    return [code for code in pack_folders(reader.store.declared) if code not in reader.packs()]
