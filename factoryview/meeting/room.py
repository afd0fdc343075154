"""Where phones and the screen of a meeting meet: one course, changed by one at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable

from factoryview.meeting.course import Course


class Room:
    """Holds the course of a meeting. Any thread may ask and change it."""

    def __init__(self, course: Course) -> None:
        self._lock = threading.Lock()
        self._course = course
        self.titles: tuple[str, ...] = ()
        """What the moments are called, for the phones."""

    @property
    def course(self) -> Course:
        """As it is now."""
        with self._lock:
            return self._course

    def change(self, how: Callable[[Course], Course]) -> bool:
        """Make another course of it; whether that is another."""
        with self._lock:
            before, self._course = self._course, how(self._course)
            return self._course != before
