"""Batches of reports made in the background, one after another: how far each is, how it is stopped, and its zip."""

from __future__ import annotations

import logging
import secrets
import tempfile
import threading
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from fuping.spatial.errors import FupingError
from fuping.spatial.wording import worded

__all__ = ["MOST_WAITING", "Batch", "Batches", "BusyError"]

log = logging.getLogger("fuping.dashboard")

MOST_WAITING = 4
"""Batches that may wait for the one that is made; each takes a processor for minutes."""

KEPT = 4
"""Zips that are kept for their readers; the oldest goes first."""

ENDED = ("ready", "stopped", "failed")


class BusyError(FupingError):
    """As many batches wait as may."""


@dataclass(eq=False)
class Batch:
    """One batch.

    Parameters
    ----------
    id, title
        Which it is, and the name of its zip.
    total, done
        Reports in all, and those that are made.
    state
        ``waiting``, ``working``, ``ready``, ``stopped`` or ``failed``.
    told
        Why it failed.
    """

    id: str
    title: str
    total: int
    path: Path
    done: int = 0
    state: Literal["waiting", "working", "ready", "stopped", "failed"] = "waiting"
    told: str = ""
    stopped: threading.Event = field(default_factory=threading.Event)


class Batches:
    """The batches of one server; their zips lie in a temporary folder that goes with it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="fuping-reports-")
        self._all: dict[str, Batch] = {}
        self._turn = threading.Lock()
        self._adding = threading.Lock()

    def start(self, title: str, names: Sequence[tuple[str, str]], make: Callable[[str], bytes]) -> Batch:
        """Begin a batch.

        Parameters
        ----------
        names
            Code of each unit and its file name.
        make
            Gives the bytes of a unit's report.

        Raises
        ------
        BusyError
            :data:`MOST_WAITING` wait already.
        """
        with self._adding:
            if sum(one.state == "waiting" for one in self._all.values()) >= MOST_WAITING:
                raise BusyError(
                    worded("Too many batches of reports wait."), remedy=worded("Try again in some minutes.")
                )
            identity = secrets.token_hex(8)
            batch = Batch(identity, title, len(names), Path(self._folder.name) / f"{identity}.zip")
            self._all[batch.id] = batch
            self._forget()
        threading.Thread(target=self._run, args=(batch, names, make), name=f"batch {title}", daemon=True).start()
        return batch

    def get(self, identity: str) -> Batch | None:
        """Return a batch; ``None`` where there is none, or no longer."""
        return self._all.get(identity)

    def _run(self, batch: Batch, names: Sequence[tuple[str, str]], make: Callable[[str], bytes]) -> None:
        with self._turn:
            batch.state = "working"
            try:
                with zipfile.ZipFile(batch.path, "w", zipfile.ZIP_STORED) as archive:
                    for code, name in names:
                        if batch.stopped.is_set():
                            break
                        archive.writestr(name, make(code))
                        batch.done += 1
            except FupingError as error:
                batch.told, batch.state = error.told, "failed"
            except Exception:
                log.exception("the batch %s failed", batch.title)
                batch.state = "failed"
            else:
                batch.state = "ready" if batch.done == batch.total else "stopped"
            if batch.state != "ready":
                batch.path.unlink(missing_ok=True)

    def _forget(self) -> None:
        ended = [one for one in self._all.values() if one.state in ENDED]
        for old in ended[: max(0, len(ended) - KEPT)]:
            del self._all[old.id]
            old.path.unlink(missing_ok=True)
