"""Work that outlives the process that does it: a folder each, with what is known of it, and how it ends."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from fuping.layers.errors import PackError, SourceError, TableError
from fuping.spatial.errors import FupingError
from fuping.spatial.wording import Worded, worded

__all__ = ["MOST_FAULTS", "StoppedError", "WorkFolders", "ended_by", "plain_name"]

IDENTITY = re.compile("[0-9a-f]{16}")

PATIENCE = 1.0
"""Seconds to wait for a lock: who only asks whether somebody works holds it for a moment too."""

LONGEST_NAME = 200
"""Bytes; file systems take 255."""

MOST_FAULTS = 200
"""Faults that are kept of a file; how many there are in all is kept too."""


class StoppedError(FupingError):
    """The work was broken off."""


def ended_by(error: FupingError) -> dict[str, Any]:
    """Return what is kept of work that an error ended: ``state``, and its faults where it did not just stop."""
    if isinstance(error, StoppedError):
        return {"state": "stopped"}
    faults = error.faults if isinstance(error, TableError | PackError) else (error,)
    return {"state": "faulty", "faults": tuple(one.told for one in faults[:MOST_FAULTS]), "n_faults": len(faults)}


def plain_name(name: str) -> str:
    """Return the name that a file is kept by: what a browser says, without the folders that it may lie in.

    Characters that no name has are left out; one longer than a file's may be is cut before its endings.

    >>> plain_name("../a.csv"), plain_name(f"a{chr(0)}.csv"), plain_name(".."), len(plain_name("县" * 500 + ".csv.gz"))
    ('a.csv', 'a.csv', 'file', 71)
    """
    plain = "".join(one for one in name.replace("\\", "/").rpartition("/")[2] if one.isprintable())
    if not plain.strip("."):
        return "file"
    if len(plain.encode()) <= LONGEST_NAME:
        return plain
    endings = "".join(Path(plain).suffixes[-2:])
    room = LONGEST_NAME - len(endings.encode())
    return plain.encode()[:room].decode(errors="ignore") + endings if room > 0 else "file"


def _written(text: Any) -> Any:
    """Return a text as JSON keeps it; one that is worded with its template, by which it is told in other languages."""
    if not isinstance(text, Worded):
        return text
    return {"template": text.template, "values": {name: _written(one) for name, one in text.values.items()}}


def _read(kept: Any) -> Any:
    if not isinstance(kept, dict):
        return kept
    values = {name: _read(one) for name, one in kept["values"].items()}
    return Worded(kept["template"].format(**values), kept["template"], values)


class WorkFolders:
    """Folders of one kind of work.

    Parameters
    ----------
    root
        Where they lie.
    what
        What one is called; what is known of it is in ``WHAT.json``.
    """

    def __init__(self, root: Path, what: str) -> None:
        self.root, self.what = root, what

    def names(self) -> list[str]:
        """Return the ids of all."""
        return [path.parent.name for path in self.root.glob(f"*/{self.what}.json")]

    def folder(self, identity: str) -> Path:
        """Return where one lies, or would lie.

        Raises
        ------
        SourceError
            It cannot be an id.
        """
        if not IDENTITY.fullmatch(identity):
            raise SourceError(
                worded("{identity!r} is no {what}.", identity=identity, what=self.what),
                remedy=worded("See the list of every {what}.", what=self.what),
            )
        return self.root / identity

    def read(self, identity: str) -> dict[str, Any]:
        """Return what is known of one, with its ``faults`` as they were kept.

        Raises
        ------
        SourceError
            There is none.
        """
        path = self.folder(identity) / f"{self.what}.json"
        if not path.is_file():
            raise SourceError(
                worded("There is no {what} {identity!r}.", what=self.what, identity=identity),
                remedy=worded("See the list of every {what}.", what=self.what),
            )
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return told | {"faults": tuple(_read(one) for one in told["faults"])}

    def keep(self, identity: str, told: Mapping[str, Any]) -> None:
        """Write what is known of one, in one step; its ``faults`` stay worded."""
        path = self.folder(identity) / f"{self.what}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        kept = {**told, "faults": [_written(one) for one in told["faults"]]}
        draft.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(draft, path)

    @contextmanager
    def held(self, identity: str) -> Iterator[None]:
        """Work on one alone.

        Raises
        ------
        SourceError
            Another does.
        """
        try:
            with FileLock(self.folder(identity) / ".lock", timeout=PATIENCE):
                yield
        except Timeout:
            raise SourceError(
                worded("The {what} {identity} is being worked on.", what=self.what, identity=identity),
                remedy=worded("Wait, or stop that."),
            ) from None

    def is_held(self, identity: str) -> bool:
        """Return whether somebody works on one."""
        try:
            with FileLock(self.folder(identity) / ".lock", timeout=0):
                return False
        except Timeout:
            return True
