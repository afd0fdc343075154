"""The watchdog: a parent process that starts the wall, hears its pulse, and begins it anew with the same view.

A loop that is frozen cannot help itself; a process above it can. It knows nothing but the pulse (`pulse.py`), so it has
nothing to freeze on.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from factoryview.wall.keeping.notify import Notifier
from factoryview.wall.keeping.pulse import SUPERVISED

AGAIN = 75
"""Exit status of a wall that asks to be begun anew (EX_TEMPFAIL of sysexits.h): its memory is above the ceiling."""
UNUSABLE = (2, 3)
"""Exit statuses of a wall whose files cannot be used; final only if it never lived: else the files were good once."""
_TICK = 0.5
"""Seconds between two looks at a wall that says nothing."""
_OURS = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")
"""Variables by which systemd speaks to the supervisor alone."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Patience:
    """How long the supervisor waits, in seconds."""

    starting: float = 300.0
    """For the first pulse: large logs take their time."""
    silent: float = 60.0
    """For the next one."""
    pause: float = 60.0
    """Between two starts, however they ended."""
    parting: float = 5.0
    """For a wall that is asked to end, until it is ended."""


class Supervisor:
    """Runs one wall. `starts` counts how often it was begun."""

    def __init__(
        self,
        command: Callable[[str], Sequence[str]],
        environment: Mapping[str, str],
        patience: Patience | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """command: the program and its arguments, to begin with a view of that name; empty: with the first."""
        self._command, self._clock = command, clock
        self._patience = patience or Patience()
        self._notifier = Notifier(environment)
        self._environment = {name: value for name, value in environment.items() if name not in _OURS} | {
            SUPERVISED: "1"
        }
        self._ending = threading.Event()
        self._view = ""
        self._lived = False
        self.starts = 0

    def run(self) -> int:
        """Until the wall is closed or this process is asked to end; the exit status. To be called by the main thread,
        which takes signals. Raises OSError where the program cannot be started.
        """
        before = {number: signal.signal(number, self._end_soon) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            return self._run()
        finally:
            self._notifier.stopping()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _end_soon(self, *_: object) -> None:
        self._ending.set()

    def _run(self) -> int:
        self._notifier.ready()
        status: int | None = None
        while not self._is_over(status):
            begun = self._clock()
            status = self._run_once()
            if not self._is_over(status):
                self._wait(begun + self._patience.pause - self._clock())
        return status if status in UNUSABLE and not self._lived else 0

    def _is_over(self, status: int | None) -> bool:
        """It was closed, can never be shown, or this process is asked to end."""
        return self._ending.is_set() or status == 0 or (status in UNUSABLE and not self._lived)

    def _run_once(self) -> int | None:
        """One life of the wall: its exit status; None if it stood and was ended."""
        self.starts += 1
        child = subprocess.Popen(
            list(self._command(self._view)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=self._environment
        )
        beats: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        # waited for below; it only reads a pipe, which ends with the child
        hearing = threading.Thread(target=_hear, args=(child, beats), name="pulse", daemon=True)
        hearing.start()
        try:
            status = self._watch(child, beats)
        finally:
            self._end(child)
            hearing.join(self._patience.parting)
        if status is not None and not self._is_over(status):
            reason = "its memory is above the ceiling" if status == AGAIN else f"it ended with status {status}"
            _log.warning("wall: %s; it begins anew with view %r", reason, self._view)
        return status

    def _watch(self, child: subprocess.Popen[bytes], beats: queue.SimpleQueue[str | None]) -> int | None:
        begun, limit = self._clock(), self._patience.starting
        while not self._ending.is_set():
            try:
                view = beats.get(timeout=_TICK)
            except queue.Empty:
                if self._clock() - begun <= limit:
                    if limit == self._patience.starting:
                        self._notifier.alive("starting")
                    continue
                _log.warning("wall: no frame for %.0f s; it begins anew with view %r", limit, self._view)
                return None
            if view is None:
                return child.wait()
            self._view, begun, limit, self._lived = view, self._clock(), self._patience.silent, True
            self._notifier.alive(view)
        return None

    def _end(self, child: subprocess.Popen[bytes]) -> None:
        """Ask it, then end it."""
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(self._patience.parting)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def _wait(self, seconds: float) -> None:
        """Between two starts."""
        end = self._clock() + seconds
        while self._clock() < end and not self._ending.is_set():
            self._notifier.alive("waiting to begin anew")
            self._ending.wait(min(_TICK, max(0.0, end - self._clock())))


def _hear(child: subprocess.Popen[bytes], beats: queue.SimpleQueue[str | None]) -> None:
    """Every view that is said, and None at the end."""
    assert child.stdout is not None
    with child.stdout as pipe:
        for line in pipe:
            try:
                view = json.loads(line)
            except ValueError:  # a library of the child wrote to standard output
                os.write(2, line)
                continue
            if isinstance(view, str):
                beats.put(view)
    beats.put(None)
