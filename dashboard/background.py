"""Work that goes on after the answer was given: one at a time, each can be broken off."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Self, cast
from weakref import WeakKeyDictionary

from fuping.dashboard.queries.cache import Reader

__all__ = ["Background"]

log = logging.getLogger("fuping.dashboard")

TURN = threading.Lock()
"""A build takes a processor and a gigabyte: the next one waits, whatever it is of."""


class Background(ABC):
    """The work of one kind that this process does.

    Parameters
    ----------
    reader
        Over the store that is worked on; :meth:`of` makes one for each reader.
    """

    what = "work"

    def __init__(self, reader: Reader) -> None:
        self._stops: dict[str, threading.Event] = {}

    @classmethod
    def of(cls, reader: Reader) -> Self:
        """Return the work over a reader's store; the same for its pages and its routes."""
        made = _MADE.setdefault(reader, {})
        if cls not in made:
            made[cls] = cls(reader)
        return cast(Self, made[cls])

    @abstractmethod
    def work(self, identity: str, stop: Callable[[], bool]) -> None:
        """Do one; ``stop`` is asked between its steps."""

    def start(self, identity: str) -> None:
        """Begin one; nothing happens where that is being done."""
        if identity in self._stops:
            return
        self._stops[identity] = threading.Event()
        threading.Thread(target=self._run, args=(identity,), name=f"{self.what} {identity}", daemon=True).start()

    def waits(self, identity: str) -> bool:
        """Return whether one is being done, or will be as soon as there is room."""
        return identity in self._stops

    def stop(self, identity: str) -> None:
        """Break one off, at its next step."""
        if identity in self._stops:
            self._stops[identity].set()

    def _run(self, identity: str) -> None:
        stop = self._stops[identity]
        try:
            with TURN:
                if not stop.is_set():
                    self.work(identity, stop.is_set)
        except Exception:
            log.exception("the %s of %s failed", self.what, identity)
        finally:
            del self._stops[identity]


_MADE: WeakKeyDictionary[Reader, dict[type[Background], Background]] = WeakKeyDictionary()
