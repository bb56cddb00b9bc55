"""Keep what was worked out, and work it out once where many ask for it at the same time."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Condition
from typing import Any, ParamSpec, TypeVar, cast

from cachetools import LRUCache, cached
from cachetools.keys import hashkey

__all__ = ["once"]

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def once(
    maxsize: int, size_of: Callable[[Any], int] | None = None, key: Callable[..., Hashable] = hashkey
) -> Callable[[Callable[Given, Answer]], Callable[Given, Answer]]:
    """Return a decorator that keeps the last answers of a function.

    With :func:`functools.lru_cache` everybody who asks before there is an answer works it out again: after a new build
    a page that takes a second would take each of its first readers many. Here the others wait for the first.

    Parameters
    ----------
    maxsize, size_of
        Answers that are kept; where ``size_of`` tells how large one is, what they are together.
    key
        What an answer depends on, of what is given; all of it where not told otherwise.

    Examples
    --------
    >>> double = once(maxsize=2)(lambda number: print("worked out") or 2 * number)
    >>> double(2), double(2)
    worked out
    (4, 4)
    """
    keep = cached(LRUCache(maxsize, getsizeof=size_of), key=key, condition=Condition())
    return cast(Callable[[Callable[Given, Answer]], Callable[Given, Answer]], keep)
