"""A wall without a window or a clock: its time passes when a test says so, its plants are small and need no file."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pygame

from factoryview.app.playback import Playback
from factoryview.language import Code, Language
from factoryview.plant.wall_file import Wall, read_wall
from factoryview.scene.art.raster import opaque
from factoryview.scene.ui.node import Node
from factoryview.view.health import SILENT, FeedHealth
from factoryview.view.model import Model
from factoryview.view.presentation import Presentation
from factoryview.wall.clock import WallClock
from factoryview.wall.control import Order
from factoryview.wall.kiosk import Kiosk
from factoryview.wall.plants import Speaking

VIEWS = ("whole", "constraint", "goals", "leaks", "ladder")
FRAME = 1 / 30


class Hands(WallClock):
    """A clock that stands until it is moved."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self.now, self.at = 1000.0, round(at.replace(tzinfo=UTC).timestamp() * 1e6)
        self.zone = ZoneInfo("UTC")

    def seconds(self) -> float:
        return self.now

    def micros(self) -> int:
        return self.at

    def pass_(self, seconds: float) -> None:
        self.now += seconds
        self.at += round(seconds * 1e6)


class Played:
    """A playback of a model; as a live plant it has a clock and sources whose health a test sets."""

    def __init__(self, presentation: Presentation, now: Callable[[], int | None] = lambda: None) -> None:
        self.model: Model = presentation.model
        self.language: Language = presentation.language
        self.of: FeedHealth = SILENT
        self._now = now
        self.begun = self.stopped = 0

    def begin(self) -> None:
        self.begun += 1

    def now(self) -> int | None:
        return self._now()

    def health(self) -> FeedHealth:
        return self.of

    def look(self, at: int, pace: float) -> None:
        self.model.look_ahead(at, pace)

    def stop(self) -> None:
        self.stopped += 1


def wall_text(*views: str, extra: str = "", plant: str = "start = 2025-04-08T12:00:00") -> str:
    """A wall file of one plant; views by their kind, or as a whole table."""
    text = f'{extra}\n[[plant]]\nname = "Works"\nfile = "works.csv"\n{plant}\n'
    for view in views or VIEWS:
        kind = view if "=" in view else f'kind = "{view}"\nseconds = 10'
        text += f"[[view]]\n{kind}\n"
    return text


class Wand:
    """A kiosk on a surface nobody sees."""

    def __init__(
        self, opens: Callable[[], Playback], text: str | None = None, *, size: tuple[int, int] = (640, 360),
        folder: Path | None = None, at: datetime = datetime(2026, 3, 2, 10), view: str = "",
        lang: Code | None = None,
    ) -> None:  # fmt: skip
        pygame.display.init()
        self.hands = Hands(at)
        self.surface = opaque(size)
        path = (folder or Path("nowhere")) / "wall.toml"
        text = text or wall_text()
        if folder is not None:
            path.write_text(text, encoding="utf-8")
        self.wall: Wall = read_wall(text)

        def open_it(_path: Path, _speaking: Speaking, _aspect: float, _tell: object) -> Playback:
            return opens()

        self.kiosk = Kiosk(path, self.wall, "en", clock=self.hands, open_it=open_it, view=view, lang=lang)
        self.painted: list[pygame.Rect] = []

    @property
    def plant(self):  # type: ignore[no-untyped-def]
        return next(iter(self.kiosk.plants.values()))

    def frame(self, seconds: float = FRAME, spare: float = 60.0) -> Wand:
        """One frame after so many seconds. spare: seconds for drawing what comes next; 0: a step of it."""
        self.hands.pass_(seconds)
        self.painted = self.kiosk.frame(self.surface, seconds)
        self.kiosk.spare(spare)
        return self

    def fetched(self) -> Wand:
        """Until what the next view needs of the log is there: frames of a test pass faster than a log is read."""
        limit = time.monotonic() + 60
        while self.kiosk._next.waiting:
            assert time.monotonic() < limit, "what the next view needs never came"
            self.kiosk.spare(60.0)
            time.sleep(0.002)
        return self

    def wait(self, seconds: float, frame: float = 1.0) -> Wand:
        for _ in range(round(seconds / frame)):
            self.frame(frame)
        return self

    def until_open(self) -> Wand:
        """Until the plant is there and seen."""
        limit = time.monotonic() + 60
        self.frame(0.0)
        while self.plant.presentation is None or not self.kiosk._shown.scene.holds():
            assert time.monotonic() < limit, self.plant.trouble
            self.frame(0.0)
            time.sleep(0.002)
        return self.frame(0.0)

    def order(self, *orders: Order) -> Wand:
        for order in orders:
            self.kiosk.remote.steering.put(order)
        return self.frame().frame().frame()

    def node(self, name: str) -> Node | None:
        return self.kiosk.tree.find(name)

    def says(self, name: str) -> str:
        found = self.node(name)
        assert found is not None, f"no node {name}; there are {[node.id for node in self.kiosk.tree.walk()]}"
        return found.label

    def blank(self) -> bool:
        """Whether the surface shows hardly anything."""
        small = pygame.transform.scale(self.surface, (64, 36))
        return len({tuple(small.get_at((x, y)))[:3] for x in range(64) for y in range(36)}) < 8

    def __enter__(self) -> Wand:
        return self

    def __exit__(self, *_: object) -> None:
        self.kiosk.stop()
