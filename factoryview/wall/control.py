"""Where the wall's loop and its remote meet: orders go to the loop, its health and its newest picture come back.

The remote's server runs on a thread of its own. Each object here has one lock, held for a few assignments only, so that
neither side ever waits for the other; the only exception is `Picture.newest`, in which the server's side may wait.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from factoryview.flow.moment.life import State
from factoryview.plant.notes import Answered

MOST_ORDERS = 64
"""Orders that wait for the loop at most; the oldest are dropped and counted."""
DARKEST = 0.2
"""The least brightness that can be asked for: a wall never goes black by an order."""


@dataclass(frozen=True, slots=True)
class Next:
    """Show the next view."""


@dataclass(frozen=True, slots=True)
class Previous:
    """Show the view before."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Stay at the view that is shown."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on with the rotation."""


@dataclass(frozen=True, slots=True)
class Pin:
    """Show one view until it is unpinned. view: as `HealthReport.views` has it."""

    view: str


@dataclass(frozen=True, slots=True)
class Unpin:
    """Go on with the rotation after a pinned view."""


@dataclass(frozen=True, slots=True)
class Brightness:
    """How bright the picture is, `DARKEST` to 1. Raises ValueError outside."""

    value: float

    def __post_init__(self) -> None:
        if not DARKEST <= self.value <= 1.0:
            raise ValueError(f"the brightness must be between {DARKEST} and 1")


@dataclass(frozen=True, slots=True)
class ShowCode:
    """Show the code of the phone page for some seconds."""

    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """Somebody answered an alarm. It is already in the plant's notes: the loop only has to read them again."""

    alarm: str
    """`AlarmReport.id`."""
    state: Answered
    measure: str = ""
    role: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Somebody said why an hour was as it was. It is already in the plant's notes, like an `Answer`."""

    plant: str
    day: date
    hour: int
    text: str


Order = Next | Previous | Pause | Resume | Pin | Unpin | Brightness | ShowCode | Answer | Reason


class Steering:
    """Orders on their way to the loop; any thread may put, the loop takes once a frame."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders: deque[Order] = deque(maxlen=MOST_ORDERS)
        self._dropped = 0

    def put(self, order: Order) -> None:
        with self._lock:
            self._dropped += len(self._orders) == MOST_ORDERS
            self._orders.append(order)

    def take(self) -> list[Order]:
        """What was put since, oldest first; nothing of it comes again."""
        with self._lock:
            taken = list(self._orders)
            self._orders.clear()
        return taken

    @property
    def dropped(self) -> int:
        """Orders that were never taken because the loop stood too long."""
        with self._lock:
            return self._dropped


@dataclass(frozen=True, slots=True)
class AlarmReport:
    """An alarm as the wall shows it, to be answered on the phone. Holds nothing that the wall may not show."""

    plant: str
    """`PlantReport.name`."""
    stage: str
    kind: str
    """As `flow.moment.alarms.Kind`."""
    state: State
    since: int
    """µs UTC, in the time of the data."""
    text: str
    """The alarm in the wall's words and language."""
    role: str = ""
    measure: str = ""
    until: date | None = None

    @property
    def id(self) -> str:
        """Names the alarm among those that go on."""
        return f"{self.plant}/{self.stage}/{self.kind}"


@dataclass(frozen=True, slots=True)
class PlantReport:
    """A plant on the wall."""

    name: str
    at: int
    """The moment of its data that is shown, µs UTC: what is answered was said then."""
    timezone: str
    notes: Path
    """The file its answers and reasons are kept in."""


@dataclass(frozen=True, slots=True)
class HealthReport:
    """What the loop last said of itself."""

    frame_at: int = 0
    """When the newest frame was finished, µs UTC of this computer's clock; 0 before the first."""
    beat: float = 0.0
    """The same on the clock that never jumps (`time.monotonic`), for whoever judges whether the loop stands."""
    frames: int = 0
    """Finished frames since the start."""
    view: str = ""
    views: tuple[str, ...] = ()
    """In their turn; what may be pinned."""
    pinned: str = ""
    paused: bool = False
    brightness: float = 1.0
    events: Mapping[str, int] = field(default_factory=dict)
    """Source → its newest event, µs UTC."""
    memory_mb: float = 0.0
    """Resident size."""
    version: str = ""
    alarms: tuple[AlarmReport, ...] = ()
    plants: tuple[PlantReport, ...] = ()

    def age(self) -> float | None:
        """Seconds since the last finished frame; None before the first."""
        return time.monotonic() - self.beat if self.frames else None


class Health:
    """The loop says after each finished frame how it is; the server and the watchdog read."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._report = HealthReport()

    def beat(
        self,
        *,
        frame_at: int,
        view: str,
        views: tuple[str, ...],
        events: Mapping[str, int],
        memory_mb: float,
        version: str,
        alarms: tuple[AlarmReport, ...] = (),
        plants: tuple[PlantReport, ...] = (),
        pinned: str = "",
        paused: bool = False,
        brightness: float = 1.0,
    ) -> None:
        """A frame is finished; the fields are those of `HealthReport`."""
        with self._lock:
            self._report = HealthReport(
                frame_at, time.monotonic(), self._report.frames + 1, view, views, pinned, paused, brightness,
                dict(events), memory_mb, version, alarms, plants,
            )  # fmt: skip

    def snapshot(self) -> HealthReport:
        with self._lock:
            return self._report


@dataclass(frozen=True, slots=True)
class Pixels:
    """A finished frame: rows of R, G, B from the top, three bytes each."""

    width: int
    height: int
    rgb: bytes


class Picture:
    """The newest finished frame for whoever asks; the loop copies one only when it is asked for.

    if picture.wanted():
        picture.keep(Pixels(*surface.get_size(), pygame.image.tobytes(surface, "RGB")))
    """

    def __init__(self, seconds: float = 1.0) -> None:
        """seconds: a frame is copied at most so often."""
        self._changed = threading.Condition()
        self._seconds = seconds
        self._asked = False
        self._pixels: Pixels | None = None
        self._kept = float("-inf")

    def wanted(self) -> bool:
        """Whether the loop should `keep` the frame it has just finished."""
        with self._changed:
            return self._asked and time.monotonic() - self._kept >= self._seconds

    def keep(self, pixels: Pixels) -> None:
        with self._changed:
            self._pixels, self._kept, self._asked = pixels, time.monotonic(), False
            self._changed.notify_all()

    def newest(self, seconds: float) -> Pixels | None:
        """A frame not older than the pause between two copies; waits at most so long for the loop, then gives the last
        one, or None where there is none. Never to be called by the loop.
        """
        with self._changed:
            if time.monotonic() - self._kept < self._seconds:
                return self._pixels
            self._asked = True
            self._changed.wait_for(lambda: not self._asked, seconds)
            return self._pixels
