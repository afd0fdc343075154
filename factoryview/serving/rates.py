"""How often something may be done: a token bucket."""

from __future__ import annotations

import time
from collections.abc import Callable


class TokenBucket:
    """So many at once, and so many per second for ever. To be used by one thread.

    >>> moments = iter([0.0, 0.0, 0.0, 0.5, 3.5, 3.5])
    >>> rate = TokenBucket(2, 1.0, lambda: next(moments))
    >>> [rate.allows() for _ in range(5)]
    [True, True, False, True, True]
    """

    def __init__(self, most: int, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._per_second, self._clock = most, per_second, clock
        self._left, self._at = float(most), clock()

    def allows(self) -> bool:
        """Whether it may be done now; if so, it counts."""
        now = self._clock()
        self._left = min(float(self._most), self._left + (now - self._at) * self._per_second)
        self._at = now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True
