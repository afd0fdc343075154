"""The clocks of a wall: one that never jumps, and the one that people read."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo


@dataclass
class WallClock:
    """Asked by the loop, and by nothing that draws."""

    zone: ZoneInfo | None = field(default=None)
    """None: the system's."""

    def seconds(self) -> float:
        """Of the clock that never jumps."""
        return time.monotonic()

    def micros(self) -> int:
        """µs UTC."""
        return time.time_ns() // 1000

    def local(self) -> datetime:
        """The moment on the wall's own clock, without its zone."""
        moment = datetime.fromtimestamp(self.micros() / 1e6, UTC)
        return (moment.astimezone(self.zone) if self.zone else moment.astimezone()).replace(tzinfo=None)
