"""Threads whose work nobody waits for, and which are let finish a step when the program ends.

The interpreter stops threads that still run when it ends. Inside a library in C++ that is an exception that nothing
may swallow, and the whole process aborts ("FATAL: exception not rethrown").
"""

from __future__ import annotations

import atexit
import time
from collections.abc import Callable
from threading import Event, Thread
from weakref import WeakSet

_PATIENCE = 3.0
"""Seconds that the end of the program waits for them all together."""
_RUNNING: WeakSet[Thread] = WeakSet()
_ENDING = Event()


def begin(work: Callable[[], object], name: str) -> Thread:
    """Start work on a thread that does not keep the program alive. Between its steps it asks whether it is `ending`."""
    thread = Thread(target=work, name=name, daemon=True)
    _RUNNING.add(thread)
    thread.start()
    return thread


def ending() -> bool:
    """Whether the program ends: nothing that is begun now is of use to anybody."""
    return _ENDING.is_set()


@atexit.register
def _finish() -> None:
    _ENDING.set()
    until = time.monotonic() + _PATIENCE
    for thread in list(_RUNNING):
        thread.join(max(0.0, until - time.monotonic()))
