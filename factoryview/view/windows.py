"""A bounded cache of the log's windows, prefetched on a worker thread: a frame finds its window at hand."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock

from factoryview.flow.moment.standing import Lanes
from factoryview.prefetch import Prefetcher

Fetch = Callable[[int, int], Lanes]
"""Queries the stays with presence in [since, until), µs UTC, and sorts them into lanes. Any thread may call it."""
AHEAD = 3.0
"""Seconds of display whose windows are prefetched."""
MOST = 6
"""Windows kept: the one shown, three to come, and two that were."""
_TAIL = -1
"""The key of the window that is open at its end."""


class WindowCache:
    """Lanes by moment. Any thread may ask; a window is fetched by one of them, the others wait for it."""

    def __init__(self, fetch: Fetch, first: int, last: int, width: int, tail: tuple[int, int] | None = None) -> None:
        """The log from `first` to `last` (µs UTC) in windows of `width`.

        tail: of a live plant, a window of its own that reaches from its last moments into the future.
        """
        self._fetch, self._first, self._last, self._width, self._tail = fetch, first, last, width, tail
        self._kept: OrderedDict[int, Future[Lanes]] = OrderedDict()
        self._lock = Lock()
        self.prefetcher: Prefetcher[int] = Prefetcher("prefetch", self._kept.__contains__)

    def at(self, moment: int) -> Lanes:
        """The lanes of the window a moment lies in. Waits for the query if it has not been prefetched."""
        return self._of(self._key(moment))

    def has(self, moment: int) -> bool:
        """Whether the window of a moment has been fetched."""
        with self._lock:
            held = self._kept.get(self._key(moment))
        return held is not None and held.done()

    def another(self) -> WindowCache:
        """A cache of the same log that has nothing yet."""
        return WindowCache(self._fetch, self._first, self._last, self._width, self._tail)

    def ahead(self, moment: int, pace: float) -> None:
        """Prefetch the window of a moment, and those the playhead enters next, on a worker thread.

        pace: data µs per second of display. Returns at once; what was wished for before is no longer.
        """
        reached = moment + max(round(AHEAD * pace), self._width)
        keys = [self._key(moment)]
        while len(keys) < MOST - 2 and keys[-1] != _TAIL and self._bounds(keys[-1])[1] <= min(reached, self._last):
            keys.append(self._key(self._bounds(keys[-1])[1]))
        if self._last < reached and self._tail is None:
            keys.append(self._key(self._first))
        self.prefetcher.want(keys, self._of)

    def continued(self, last: int, tail: tuple[int, int]) -> WindowCache:
        """A cache of the same log that has grown: windows that ended before the tail so far hold what they held."""
        later = WindowCache(self._fetch, self._first, last, self._width, tail)
        with self._lock:
            kept = [(key, held) for key, held in self._kept.items() if key != _TAIL]
        settled = self._tail[0] if self._tail is not None else self._last
        later._kept.update((key, held) for key, held in kept if self._bounds(key)[1] <= settled)
        return later

    def _of(self, key: int) -> Lanes:
        with self._lock:
            held = self._kept.get(key)
            mine = held is None
            if held is None:
                held = self._kept[key] = Future()
            self._kept.move_to_end(key)
            self._trim()
        if mine:
            try:
                held.set_result(self._fetch(*self._bounds(key)))
            except BaseException as error:
                with self._lock:
                    self._kept.pop(key, None)
                held.set_exception(error)
                raise
        return held.result()

    def _trim(self) -> None:
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def _key(self, moment: int) -> int:
        if self._tail is not None and moment >= self._tail[0]:
            return _TAIL
        return (moment - self._first) // self._width

    def _bounds(self, key: int) -> tuple[int, int]:
        if key == _TAIL and self._tail is not None:
            return self._tail
        return self._first + key * self._width, self._first + (key + 1) * self._width
