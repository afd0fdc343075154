"""All of a large log counted while a window shows what it begins with, on threads to which all others go first."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from factoryview import background
from factoryview.factory.factory import Progress
from factoryview.view.model import Model

T = TypeVar("T")
_LOW = 10
"""By how much such a thread is nicer than the others, where the system knows that of threads (Linux)."""
_LOOK = 0.2
"""Seconds between two looks whether it has ended."""


class NotWanted(Exception):
    """Nobody waits for it any more."""


class Counting:
    """Makes the model of all of a log. Steps that tell how far they are end at once when nobody wants it any more."""

    def __init__(self, make: Callable[[Progress], Model]) -> None:
        """make: counts the log; told how far it is, which may raise to end it."""
        self.share, self.failed = 0.0, False
        self._make = make

    def made(self, unwanted: threading.Event) -> Model:
        """Count it and wait for that. Raises what it raises, and NotWanted once that is set."""
        self.share = 0.0

        def tell(share: float, _doing: str) -> None:
            if unwanted.is_set():
                raise NotWanted
            self.share = max(self.share, share)

        try:
            found = aside(lambda: self._make(tell), unwanted)
        except NotWanted:
            raise
        except BaseException:
            self.failed = True
            raise
        self.failed = False
        return found


def aside(work: Callable[[], T], unwanted: threading.Event) -> T:
    """Do work on a thread to which others go first, as do those that it begins; wait for it and give what it gives."""
    done: list[T] = []
    raised: list[BaseException] = []

    def run() -> None:
        give_way()
        try:
            done.append(work())
        except BaseException as error:  # noqa: BLE001  (raised by whoever waits)
            raised.append(error)

    thread = background.begin(run, "counting", stop=unwanted.set)
    while thread.is_alive():
        thread.join(_LOOK)
    if raised:
        raise raised[0]
    return done[0]


def give_way() -> None:
    """Let all threads but those that this one begins go before this one; for good."""
    if sys.platform == "linux":
        with suppress(OSError):  # a system that does not let it
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOW)
