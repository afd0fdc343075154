"""While the wall runs: the watchdog is fed, memory minded, the display switched when it is time."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime

from factoryview.wall.control import Health
from factoryview.wall.keeping.power import DisplayPower
from factoryview.wall.keeping.pulse import Pulse, SupervisorGone
from factoryview.wall.keeping.supervisor import AGAIN

EARLIEST = 600.0
"""Seconds after the start before which memory is no reason to begin anew: a ceiling that is too low would be one."""
_log = logging.getLogger(__name__)


class Caretaker:
    """The loop tells it of every finished frame, and asks whether to end."""

    def __init__(
        self,
        health: Health,
        *,
        pulse: Pulse | None = None,
        power: DisplayPower | None = None,
        ceiling_mb: Callable[[], float | None] = lambda: None,
        local: Callable[[], datetime] = datetime.now,
        clock: Callable[[], float] = time.monotonic,
        also: Callable[[], None] = lambda: None,
    ) -> None:
        """ceiling_mb: resident memory above which a supervised wall begins anew. local: the wall's own time of day.
        also: whatever else is to be looked after.
        """
        self._health, self._pulse, self._power, self._ceiling = health, pulse, power, ceiling_mb
        self._local, self._clock, self._also = local, clock, also
        self._begun = clock()
        self._view: str | None = None
        self.leaving = False
        """The loop should end."""
        self.exit_status = 0
        """What the program should end with then."""

    def after_frame(self) -> None:
        """A frame is finished."""
        report = self._health.snapshot()
        changed, self._view = self._view not in (None, report.view), report.view
        self.alive()
        if changed and self._is_full(report.memory_mb):
            self.leaving, self.exit_status = True, AGAIN

    def alive(self) -> None:
        """The loop goes on, also without frames: while there is no display."""
        self._also()
        if self._power is not None:
            self._power.look(self._local())
        if self._pulse is not None:
            try:
                self._pulse.beat(self._view or "")
            except SupervisorGone:
                _log.warning("wall: its supervisor is gone; it ends")
                self._pulse, self.leaving = None, True

    def _is_full(self, memory_mb: float) -> bool:
        """Only what is supervised can begin anew."""
        ceiling = self._ceiling()
        if ceiling is None or self._pulse is None or self._clock() - self._begun < EARLIEST or memory_mb <= ceiling:
            return False
        _log.warning("wall: %.0f MB are above the ceiling of %.0f MB; it begins anew", memory_mb, ceiling)
        return True
