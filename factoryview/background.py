"""Threads that do not keep the program alive, and which are let finish a step when it ends.

The interpreter stops threads that still run when it ends. Inside a library in C++ that is an exception that nothing
may swallow, and the whole process aborts ("FATAL: exception not rethrown"). So every thread that opens, reads or counts
begins here; one that does not says why.
"""

from __future__ import annotations

import atexit
import time
from collections.abc import Callable
from threading import Event, Thread

_PATIENCE = 3.0
"""Seconds that the end of the program waits for them all together."""
_RUNNING: dict[Thread, Callable[[], object]] = {}
"""How each is told that it is not wanted any more. One that has ended is none: who began it goes with it."""
_ENDING = Event()


def _nothing() -> None:
    """Nobody has to be told."""


def begin(work: Callable[[], object], name: str, *, stop: Callable[[], object] = _nothing) -> Thread:
    """Start work on a thread that does not keep the program alive. Between its steps it asks whether it is `ending`.

    stop: called when the program ends and the thread still runs, where it goes on until it is told; returns at once.
    """

    def run() -> None:
        try:
            work()
        finally:
            del _RUNNING[thread]

    thread = Thread(target=run, name=name, daemon=True)
    _RUNNING[thread] = stop
    thread.start()
    return thread


def ending() -> bool:
    """Whether the program ends: nothing that is begun now is of use to anybody."""
    return _ENDING.is_set()


@atexit.register
def _finish() -> None:
    _ENDING.set()
    until = time.monotonic() + _PATIENCE
    running = [(thread, stop) for thread, stop in list(_RUNNING.items()) if thread.is_alive()]
    for _, stop in running:
        stop()
    for thread, _ in running:
        thread.join(max(0.0, until - time.monotonic()))
