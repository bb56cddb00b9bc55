"""Blocks whose answers are kept in a folder, so that long work goes on where it was stopped."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from fuping.spatial.raster.blocks import Executor
from fuping.spatial.raster.contents import Contents

__all__ = ["KeptBlocks"]


class KeptBlocks:
    """An executor that writes each block's answer to a folder and reads those that are there already.

    Parameters
    ----------
    folder
        Of the caller alone, since answers are read as they were pickled; made where it is not there. Answers are found
        by a digest of what they were worked out from (:mod:`fuping.spatial.raster.contents`): another raster, a file
        that changed or a part of a mosaic that did, other units, statistics or functions find nothing and are worked
        out.
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
        self._contents = Contents()

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Start a call as :func:`~fuping.spatial.raster.blocks.run_blocks` makes it, or answer it from the folder.

        Raises
        ------
        RasterError
            What is worked out from cannot be told from something else after a restart: a lambda, a function within
            another, a file that is not on this machine.
        """
        function, task, _ = args  # the last says which attempt it is
        path = self.folder / f"{self._contents.digest((function, task))}.pickle"
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
