"""What takes a while to find out of a whole plant, asked on a worker thread for one working day after another."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

from factoryview.view.model import Model

Found = TypeVar("Found")


class Daily(Generic[Found]):
    """Remembers the last answer, and shows it until the next one has come. `get` returns at once."""

    def __init__(self, name: str, find: Callable[[Model, int], Found]) -> None:
        """name: of the thread. find: answers for a moment, µs UTC, from nothing later; any thread may call it."""
        self._worker, self._find = ThreadPoolExecutor(1, name), find
        self._asked: tuple[Model, int, Future[Found]] | None = None
        self._known: tuple[Model, int, Found] | None = None

    def get(self, model: Model, at: int) -> Found | None:
        """As known at the end of the last working day before a moment; None while that is found out."""
        levels = model.counts.jams.levels
        day = int(levels.moments[levels.at(at)])
        if self._asked is not None and self._asked[2].done():
            of, when, found = self._asked
            self._known, self._asked = (of, when, found.result()), None
        if self._asked is None and (self._known is None or self._known[:2] != (model, day)):
            self._asked = model, day, self._worker.submit(self._find, model, day)
        known = self._known
        if known is None or known[1] > day:
            return None
        same = known[0] is model or known[0].within is model.within is None  # a plant that goes on is still the same
        return known[2] if same else None

    def at_hand(self) -> object:
        """What has come."""
        return self._asked is not None and self._asked[2].done(), self._known

    def settle(self) -> None:
        """Wait until what was asked for has come."""
        if self._asked is not None:
            self._asked[2].exception()
