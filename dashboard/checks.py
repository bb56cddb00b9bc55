"""Proposals are checked in the background, one at a time; each can be broken off."""

from __future__ import annotations

import logging
import threading
from weakref import WeakKeyDictionary

from fuping.dashboard.queries.cache import Reader
from fuping.layers.ingest.proposals import Proposals
from fuping.layers.pack import find_pack

__all__ = ["Checks", "checks_of"]

log = logging.getLogger("fuping.dashboard")


class Checks:
    """The checks that this process makes.

    Parameters
    ----------
    reader
        Over the store whose proposals are checked.
    """

    def __init__(self, reader: Reader) -> None:
        self.proposals = Proposals(reader.store)
        self._store = reader.store
        self._stops: dict[str, threading.Event] = {}
        # A build takes a processor and a gigabyte: the next one waits.
        self._turn = threading.Lock()

    def start(self, identity: str) -> None:
        """Begin to check a proposal; nothing happens where that is being done."""
        if identity in self._stops:
            return
        self._stops[identity] = threading.Event()
        threading.Thread(target=self._run, args=(identity,), name=f"check {identity}", daemon=True).start()

    def waits(self, identity: str) -> bool:
        """Return whether a proposal is being checked, or will be as soon as there is room."""
        return identity in self._stops

    def stop(self, identity: str) -> None:
        """Break a check off, at its next step."""
        if identity in self._stops:
            self._stops[identity].set()

    def _run(self, identity: str) -> None:
        stop = self._stops[identity]
        try:
            with self._turn:
                if not stop.is_set():
                    pack = find_pack(self._store, self.proposals.get(identity).pack)
                    self.proposals.check(pack, identity, stop.is_set)
        except Exception:
            log.exception("the check of proposal %s failed", identity)
        finally:
            del self._stops[identity]


_CHECKS: WeakKeyDictionary[Reader, Checks] = WeakKeyDictionary()


def checks_of(reader: Reader) -> Checks:
    """Return the checks over a reader's store; the same for its pages and its routes."""
    return _CHECKS.setdefault(reader, Checks(reader))
