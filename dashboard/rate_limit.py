"""How often something may be tried: counted in memory, by the address that asks or by the name that is tried.

One process serves an office, so that its memory is where to count.
"""

from __future__ import annotations

import math
import time

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

__all__ = ["RateLimit"]


class RateLimit:
    """So many attempts within any span of so many seconds, for each key."""

    def __init__(self, times: int, seconds: int) -> None:
        self._item = RateLimitItemPerSecond(times, seconds)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def take(self, key: str) -> int:
        """Count an attempt, and return 0; where there were too many, the seconds until the next is allowed."""
        return 0 if self._limiter.hit(self._item, key) else self._until(key)

    def wait(self, key: str) -> int:
        """Return what :meth:`take` would, without counting."""
        return 0 if self._limiter.test(self._item, key) else self._until(key)

    def forget(self, key: str) -> None:
        """Begin anew with a key."""
        self._limiter.clear(self._item, key)

    def _until(self, key: str) -> int:
        return max(1, math.ceil(self._limiter.get_window_stats(self._item, key).reset_time - time.time()))
