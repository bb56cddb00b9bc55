"""What services sent, kept on disk: to be asked again only whether it changed, and to go on where a transfer broke.

Of every address (without its secrets) there are ``KEY.body`` and ``KEY.json``, and ``KEY.part`` while it has not come
whole. A body whose bytes are not those of its ``KEY.json`` counts as absent.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import platformdirs
from filelock import FileLock, Timeout
from fuping.layers.connect.request import Request
from fuping.layers.file_hash import file_hash

__all__ = ["Answer", "Cache", "Part"]

FORGOTTEN = 7 * 24 * 3600.0
"""Age in seconds at which a transfer that nobody finishes is removed."""


@dataclass(frozen=True)
class Answer:
    """What a service sent.

    Parameters
    ----------
    path
        Where the bytes are kept; the next answer to the same request takes their place.
    url
        The address, without secrets.
    sha256, size
        Of the bytes.
    fetched
        When they came, UTC.
    checked
        When the service last said that they are the present ones, UTC.
    etag, last_modified
        How the service knows them again; empty where it does not say.
    """

    path: Path
    url: str
    sha256: str
    size: int
    fetched: str
    checked: str
    etag: str = ""
    last_modified: str = ""


class Part:
    """A transfer that has not come whole: its bytes, and how the service knows what they are part of."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.told = path.with_name(f"{path.name}.json")

    @property
    def size(self) -> int:
        """Bytes that came."""
        return self.path.stat().st_size if self.path.exists() else 0

    @property
    def validator(self) -> str:
        """Entity tag or date for ``If-Range``; empty where a transfer cannot go on."""
        try:
            return str(json.loads(self.told.read_text("utf-8"))["validator"])
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def begin(self, validator: str) -> None:
        """Start from the first byte."""
        self.path.write_bytes(b"")
        self.told.write_text(json.dumps({"validator": validator}), "utf-8")

    def clear(self) -> None:
        """Forget what came."""
        self.path.unlink(missing_ok=True)
        self.told.unlink(missing_ok=True)


class Cache:
    """A folder of answers.

    Parameters
    ----------
    folder
        ``$FUPING_CACHE``, else the user's cache folder, where not given.
    """

    def __init__(self, folder: Path | None = None) -> None:
        home = os.environ.get("FUPING_CACHE") or platformdirs.user_cache_dir("fuping", appauthor=False)
        self.folder = folder or Path(home) / "connect"

    def held(self, request: Request) -> Answer | None:
        """Return the answer kept for a request, or None where there is none whose bytes are whole."""
        body, told = self._path(request, "body"), self._path(request, "json")
        try:
            answer = Answer(path=body, **json.loads(told.read_text("utf-8")))
            whole = file_hash(body) == answer.sha256
        except (OSError, ValueError, TypeError):
            return None
        return answer if whole else None

    def keep(self, request: Request, answer: Answer) -> Answer:
        """Keep an answer, moving its bytes here, and return it with the path they have now."""
        body, told = self._path(request, "body"), self._path(request, "json")
        os.replace(answer.path, body)
        facts = {name: value for name, value in asdict(answer).items() if name != "path"}
        draft = told.with_name(f"{told.name}.{uuid.uuid4().hex}")
        draft.write_text(json.dumps(facts, ensure_ascii=False), "utf-8")
        os.replace(draft, told)
        return Answer(path=body, **facts)

    @contextmanager
    def part(self, request: Request) -> Iterator[Part]:
        """Take the unfinished transfer of a request, alone; one that stays unfinished can be gone on with.

        A process that finds it taken starts a transfer of its own from nothing. The lock is the system's, so one that
        is killed leaves it free, with the bytes that came.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self._sweep()
        lock = FileLock(self._path(request, "lock"), blocking=False, is_singleton=False)
        try:
            lock.acquire()
        except Timeout:
            part = Part(self._path(request, f"{uuid.uuid4().hex}.part"))
        else:
            part = Part(self._path(request, "part"))
        try:
            yield part
        finally:
            if not (lock.is_locked and part.size and part.validator):
                part.clear()
            lock.release()

    def _path(self, request: Request, suffix: str) -> Path:
        key = hashlib.sha256(request.shown.encode()).hexdigest()[:40]
        return self.folder / f"{key}.{suffix}"

    def _sweep(self) -> None:
        for old in self.folder.glob("*.part*"):
            try:
                if time.time() - old.stat().st_mtime > FORGOTTEN:
                    old.unlink()
            except OSError:
                continue
