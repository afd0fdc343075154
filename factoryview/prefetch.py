"""Makes ahead what will be asked for soon, on a worker thread that ends when nothing is wished for any more."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from threading import Lock, Thread
from typing import Generic, TypeVar

from factoryview import background

Key = TypeVar("Key", bound=Hashable)


class Prefetcher(Generic[Key]):
    """One worker at most. What fails is left alone: whoever asks for it makes it again, and gets the error.

    It knows who makes things only while there is something to be made, so that the two are no cycle and what is made
    goes with its owner.
    """

    def __init__(self, name: str, is_kept: Callable[[Key], bool]) -> None:
        """name: of the thread. is_kept: nothing is to be done for it; called on any thread."""
        self._name, self._is_kept = name, is_kept
        self._wishes: tuple[Key, ...] = ()
        self._worker: Thread | None = None
        self._lock = Lock()

    def want(self, keys: Sequence[Key], make: Callable[[Key], object]) -> None:
        """Have these made, the first one first; what was wished for before is no longer. Returns at once.

        make: one of them, and keep it; called on any thread.
        """
        with self._lock:
            self._wishes = tuple(key for key in keys if not self._is_kept(key))
            if self._wishes and self._worker is None:
                self._worker = background.begin(partial(self._work, make), self._name)

    def settled(self, timeout: float) -> bool:
        """Wait until nothing is wished for any more, so many seconds at most; whether that is so."""
        with self._lock:
            worker = self._worker
        if worker is not None:
            worker.join(timeout)
        return worker is None or not worker.is_alive()

    def _work(self, make: Callable[[Key], object]) -> None:
        while (key := self._next()) is not None:
            try:
                make(key)
            except Exception:  # noqa: BLE001  (as the class says)
                with self._lock:
                    self._wishes = tuple(wish for wish in self._wishes if wish != key)

    def _next(self) -> Key | None:
        with self._lock:
            key = next((key for key in self._wishes if not self._is_kept(key)), None)
            if key is None or background.ending():
                self._worker = None
                return None
            return key
