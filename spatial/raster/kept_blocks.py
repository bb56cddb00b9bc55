"""Blocks whose answers are kept in a folder, so that long work goes on where it was stopped."""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
from fuping.spatial.raster.blocks import Executor
from fuping.spatial.raster.source import FileRaster

__all__ = ["KeptBlocks"]


class KeptBlocks:
    """An executor that writes each block's answer to a folder and reads those that are there already.

    Parameters
    ----------
    folder
        Of the caller alone, since answers are read as they were pickled; made where it is not there. Answers are found
        by a digest of what they were worked out from, the bytes of arrays and the size and time of files among it:
        another raster, other units or other statistics find nothing and are worked out.
    executor
        Who does what is missing; the caller's own thread where not given.

    Examples
    --------
    >>> import tempfile
    >>> from fuping.spatial.raster.blocks import run_blocks
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     first = list(run_blocks(pow, [(2, 3), (3, 2)], executor=KeptBlocks(folder)))
    ...     again = KeptBlocks(folder)
    ...     second = list(run_blocks(pow, [(2, 3), (3, 2)], executor=again))
    >>> first, second, again.found
    ([8, 9], [8, 9], 2)
    """

    def __init__(self, folder: str | Path, executor: Executor | None = None) -> None:
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.executor = executor
        self.found = 0
        """Answers that were there."""
        self._digests: dict[int, tuple[Any, bytes]] = {}

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Start a call as :func:`~fuping.spatial.raster.blocks.run_blocks` makes it, or answer it from the folder."""
        function, task, _ = args  # the last says which attempt it is
        digest = hashlib.sha256(f"{function.__module__}.{function.__qualname__}".encode())
        self._add(digest, task)
        path = self.folder / f"{digest.hexdigest()}.pickle"
        answered: Future[Any] = Future()
        try:
            answered.set_result(pickle.loads(path.read_bytes()))
        except (OSError, EOFError, pickle.UnpicklingError):
            # Not there, or half of it: a disk was full.
            if self.executor is not None:
                return _Writing(self.executor.submit(fn, *args, **kwargs), path)
            return _Writing(_Later(lambda: fn(*args, **kwargs)), path)
        self.found += 1
        return answered

    def _add(self, digest: Any, value: Any) -> None:
        """Add what a value holds to a digest."""
        if isinstance(value, np.ndarray):
            digest.update(f"{value.dtype} {value.shape}".encode() + np.ascontiguousarray(value).tobytes())
        elif isinstance(value, tuple | list):
            digest.update(f"{type(value).__name__} {len(value)}".encode())
            for one in value:
                self._add(digest, one)
        elif isinstance(value, FileRaster):
            stat = os.stat(value.path)
            digest.update(f"{value} {stat.st_size} {stat.st_mtime_ns}".encode())
        elif is_dataclass(value) and hasattr(value, "read"):
            digest.update(self._once(value))
        elif is_dataclass(value):
            self._add(digest, [getattr(value, one.name) for one in fields(value)])
        else:
            digest.update(repr(value).encode())

    def _once(self, raster: Any) -> bytes:
        """Return the digest of a raster, or of a layer of one: worked out once for all blocks."""
        known = self._digests.get(id(raster))
        if known is None:
            own = hashlib.sha256()
            self._add(own, [getattr(raster, one.name) for one in fields(raster)])
            # The raster is kept beside it: its id must not go to another.
            known = self._digests[id(raster)] = (raster, own.digest())
        return known[1]


class _Later:
    """A call that is made when its result is asked for."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self.result = call


class _Writing:
    """A future whose result is written before it is given."""

    def __init__(self, future: Any, path: Path) -> None:
        self.future, self.path = future, path

    def result(self) -> Any:
        answer = self.future.result()
        draft = self.path.with_suffix(f".{os.getpid()}")
        draft.write_bytes(pickle.dumps(answer))
        os.replace(draft, self.path)
        return answer
