"""Run the blocks of a raster, here or on other workers, in order and with failed ones tried again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol, TypeVar

from fuping.spatial.errors import FupingError
from fuping.spatial.raster.errors import BlockError, ReadError

__all__ = ["Executor", "run_blocks"]

Answer = TypeVar("Answer")


class Executor(Protocol):
    """What takes work: a :class:`concurrent.futures.Executor` or a ``dask.distributed.Client``."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Start a call and return its future, which has ``result()``."""


def run_blocks(
    function: Callable[..., Answer],
    tasks: Iterable[tuple[Any, ...]],
    *,
    executor: Executor | None = None,
    retries: int = 2,
    in_flight: int = 4,
) -> Iterator[Answer]:
    """Yield ``function(*task)`` of each task, in the order of the tasks.

    Parameters
    ----------
    function
        Must be importable by the workers where these are other processes.
    tasks
        Taken one by one, so that no more than ``in_flight`` of them and of their answers are held.
    executor
        Who does the work; here, one after another, where not given.
    retries
        How often a failed task is tried again. Errors that Fuping raises on purpose are not, for the input is bad; but
        a file that could not be read is.
    in_flight
        Tasks given out at a time.

    Raises
    ------
    BlockError
        A task failed ``retries + 1`` times; it names the task's number and the last error.
    ReadError
        It failed as often because a file could not be read.

    Examples
    --------
    >>> list(run_blocks(pow, [(2, 3), (3, 2)]))
    [8, 9]
    """
    if retries < 0 or in_flight < 1:
        raise BlockError(f"{retries} retries, {in_flight} in flight.", remedy="Give at least 0 and 1.")
    waiting: deque[tuple[int, tuple[Any, ...], Any]] = deque()
    for number, task in enumerate(tasks):
        waiting.append((number, task, _start(function, task, 0, executor)))
        if executor is None or len(waiting) == in_flight:
            yield _finish(function, *waiting.popleft(), executor=executor, retries=retries)
    while waiting:
        yield _finish(function, *waiting.popleft(), executor=executor, retries=retries)


def _start(function: Callable[..., Answer], task: tuple[Any, ...], attempt: int, executor: Executor | None) -> Any:
    return None if executor is None else executor.submit(_call, function, task, attempt)


def _call(function: Callable[..., Answer], task: tuple[Any, ...], attempt: int) -> Answer:
    """Call with the attempt among the arguments: dask answers equal calls with the same, failed, future."""
    return function(*task)


def _finish(
    function: Callable[..., Answer],
    number: int,
    task: tuple[Any, ...],
    future: Any,
    *,
    executor: Executor | None,
    retries: int,
) -> Answer:
    last: Exception | None = None
    for attempt in range(retries + 1):
        try:
            if executor is None:
                return function(*task)
            future = future if attempt == 0 else _start(function, task, attempt, executor)
            return future.result()
        except ReadError as problem:
            last = problem
        except FupingError:
            raise
        except Exception as problem:
            last = problem
    if isinstance(last, ReadError):
        # It names the file and what to do, which the number of a block would hide.
        raise last
    raise BlockError(
        f"Block {number} failed {retries + 1} times, the last time with {type(last).__name__}: {last}.",
        remedy="Nothing was changed; check the file and the workers, then start again.",
        block=number,
    ) from last
