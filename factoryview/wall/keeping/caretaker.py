"""After each finished frame: the watchdog is fed, the memory minded, the display switched when it is time."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime

import pygame

from factoryview.wall.control import Health
from factoryview.wall.keeping.power import DisplayPower
from factoryview.wall.keeping.pulse import Pulse, SupervisorGone
from factoryview.wall.keeping.supervisor import AGAIN

EARLIEST = 600.0
"""Seconds after the start before which memory is no reason to begin anew: a ceiling that is too low would be one."""
_log = logging.getLogger(__name__)


class Caretaker:
    """`exit_status` is what the program should end with once the loop has ended."""

    def __init__(
        self,
        health: Health,
        *,
        pulse: Pulse | None = None,
        ceiling_mb: float | None = None,
        power: DisplayPower | None = None,
        local: Callable[[], datetime] = datetime.now,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """ceiling_mb: resident memory above which a supervised wall begins anew. local: the wall's own time of day."""
        self._health, self._pulse, self._ceiling, self._power = health, pulse, ceiling_mb, power
        self._local, self._clock = local, clock
        self._begun = clock()
        self._view: str | None = None
        self.exit_status = 0

    def after_frame(self) -> None:
        """A frame is finished."""
        report = self._health.snapshot()
        self.alive(report.view)
        changed, self._view = self._view not in (None, report.view), report.view
        if changed and self._is_full(report.memory_mb):
            _log.warning("wall: %.0f MB are above the ceiling of %.0f MB", report.memory_mb, self._ceiling)
            self._leave(AGAIN)

    def alive(self, view: str = "") -> None:
        """The loop goes on, also without frames: while there is no display."""
        if self._power is not None:
            self._power.look(self._local())
        if self._pulse is not None:
            try:
                self._pulse.beat(view)
            except SupervisorGone:
                _log.warning("wall: its supervisor is gone; it ends")
                self._pulse = None
                self._leave(0)

    def _is_full(self, memory_mb: float) -> bool:
        """Only what is supervised can begin anew."""
        if self._ceiling is None or self._pulse is None or self._clock() - self._begun < EARLIEST:
            return False
        return memory_mb > self._ceiling

    def _leave(self, status: int) -> None:
        self.exit_status = status
        pygame.event.post(pygame.Event(pygame.QUIT))
