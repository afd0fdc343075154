"""Answers that many frames ask for alike: kept while all that they depend on is the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Answer = TypeVar("Answer")


class Remembered:
    """For each question its last answer. It changes no answer, only how often one is looked for."""

    def __init__(self) -> None:
        self._last: dict[Hashable, tuple[object, object]] = {}

    def of(self, what: Hashable, key: object, find: Callable[[], Answer]) -> Answer:
        """What `find` says. key: all that this depends on."""
        last = self._last.get(what)
        if last is None or last[0] != key:
            last = self._last[what] = key, find()
        return last[1]  # type: ignore[return-value]  # `what` has answers of one type

    def known(self, what: Hashable, key: object) -> Any:
        """The last answer, if it depends on the same; else None."""
        last = self._last.get(what)
        return last[1] if last is not None and last[0] == key else None

    def keep(self, what: Hashable, key: object, answer: Answer) -> Answer:
        """An answer that depends on that."""
        self._last[what] = key, answer
        return answer
