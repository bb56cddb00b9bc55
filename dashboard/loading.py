"""Packs that were never built are loaded in the background; what was kept and built is noted in the audit log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fuping.dashboard.background import Background
from fuping.dashboard.queries.cache import Reader
from fuping.layers.ingest.loads import Load, Loads
from fuping.layers.office import note_action
from fuping.layers.pack import find_pack, pack_folders
from fuping.layers.sources.locate import file_facts, source_file

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
        before = self._kept(self.loads.of(identity))
        ended = self.loads.work(identity, stop)
        if ended.state != "done":
            return
        # Of a pack that was never built there is no build before.
        told: dict[str, Any] = {"action": "pack.build", "subject": ended.pack, "after": {"version": ended.version}}
        if ended.stage != "build":
            after = {"file": ended.file, "size": ended.size, "sha256": ended.sha256}
            subject = f"{ended.pack}/{ended.source}"
            told = {"action": "data.supply", "subject": subject, "before": before, "after": after}
        with self._office.writing() as connection:
            note_action(connection, ended.asked_by, **told)

    def _kept(self, asked: Load) -> dict[str, Any] | None:
        """Return what the log tells of the file in whose place another is put."""
        if asked.stage == "build" or not asked.source:
            return None
        pack, store = find_pack(self.loads.store, asked.pack), self.loads.store
        return file_facts(source_file(pack, pack.source(asked.source), store.supplied(asked.pack)))


loading_of = Loading.of
"""The same for the pages and the routes of a reader."""


def unbuilt(reader: Reader) -> list[str]:
    """Return the codes of the packs that are declared and not built."""
    return [code for code in pack_folders(reader.store.declared) if code not in reader.packs()]
