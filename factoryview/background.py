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
from weakref import WeakKeyDictionary

_PATIENCE = 3.0
"""Seconds that the end of the program waits for them all together."""
_RUNNING: WeakKeyDictionary[Thread, Callable[[], object]] = WeakKeyDictionary()
"""How each is told that it is not wanted any more."""
_ENDING = Event()


def _nothing() -> None:
    """Nobody has to be told."""


def begin(work: Callable[[], object], name: str, *, stop: Callable[[], object] = _nothing) -> Thread:
    """Start work on a thread that does not keep the program alive. Between its steps it asks whether it is `ending`.

    stop: called when the program ends and the thread still runs, where it goes on until it is told; returns at once.
    """
    thread = Thread(target=work, name=name, daemon=True)
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
