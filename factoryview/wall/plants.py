"""The plants of a wall: opened on worker threads, played whatever view stands, opened again when they fail."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from factoryview import background
from factoryview.app.live import Live
from factoryview.app.playback import Playback, is_live
from factoryview.app.relaying import Relaying
from factoryview.app.rereading import Rereading, watched
from factoryview.errors import FactoryviewError, InputError
from factoryview.factory.factory import Opening
from factoryview.factory.inputs import inputs_of
from factoryview.factory.opening import open_factory
from factoryview.language import Code, Language
from factoryview.plant.models import Plant
from factoryview.plant.notes import HourReason, notes_path, read_notes
from factoryview.plant.wall_file import DEMO, Wall, WallPlant
from factoryview.resources import data_file
from factoryview.scene.art.art import Art
from factoryview.scene.painter import Painter
from factoryview.scene.theme import ThemeName
from factoryview.scene.themes import THEMES
from factoryview.time import DAY, micros_of
from factoryview.view.health import SILENT, FeedHealth
from factoryview.view.model import Model
from factoryview.view.playhead import Playhead, usual_pace
from factoryview.view.presentation import Presentation
from factoryview.wall.layout import wall_layout
from factoryview.wall.reload import BrokenFile

_PAUSES = (1.0, 2.0, 5.0, 10.0)
"""Seconds between two tries to open a plant; the last again and again."""
_RARELY = 300.0
"""Seconds between two tries where the last good one goes on meanwhile: for each try it has to stop recording."""
_BEFORE_END = 30 * DAY
"""How long before the end of a log its replay begins, where the wall file does not say."""


class _NotShown(Exception):
    """The plant is not shown any more."""


@dataclass(frozen=True)
class Closing:
    """The end of a plant that is not shown any more."""

    path: Path
    """Of its file."""
    recorded: bool
    _thread: threading.Thread

    def is_over(self, seconds: float = 0.0) -> bool:
        """Whether all it opened is closed; waits for that so long at most."""
        self._thread.join(seconds)
        return not self._thread.is_alive()


@dataclass(frozen=True)
class Speaking:
    """In which words plants are shown."""

    code: Code | None
    """As the wall file says; None: each plant's own."""
    system: Code
    """Where the plant does not say either."""
    title: str | None

    def language_of(self, plant: Plant) -> Language:
        return Language(self.code or plant.language or self.system, plant.timezone, plant.currency)


Open = Callable[[Path, Speaking, float, Callable[[float, str], None]], Playback]
"""Opens a file: path, words, width ÷ height of the floor, progress."""


def open_playback(path: Path, speaking: Speaking, aspect: float, progress: Callable[[float, str], None]) -> Playback:
    """A live plant, or a log that is replayed and read anew when it is replaced. Raises InputError."""
    if is_live(path):
        return Live(path, speaking.language_of, aspect, progress)
    files = watched(path, [file for file in inputs_of(path, None) if file.exists()])
    factory = open_factory(path, Opening(), lambda share, _doing: progress(share, ""))
    model = Model(factory, aspect=aspect)
    return Rereading(model, speaking.language_of(factory.plant), files, partial(open_factory, path, Opening()), aspect)


def path_of(said: WallPlant, folder: Path) -> Path:
    """Where a plant of a wall file in that folder is."""
    return data_file("umsatzwerk.toml") if said.file == DEMO else folder / said.file


def aspect_for(wall: Wall, said: WallPlant, size: tuple[int, int]) -> float:
    """Width ÷ height of a plant's floor on a display of that size: as its view of the whole plant shows it."""
    mine = [view for view in wall.view if wall.plant_of(view) is said or wall.plant_of(view) == said]
    view = next((view for view in mine if view.kind in ("whole", "timelapse")), None)
    distance = wall.distance_of(view) if view is not None else wall.screen.distance_m
    return wall_layout(size, wall.screen, distance).floor(ladder=True).aspect


class PlantOnWall:
    """One plant: what is known of it, where its playback stands. All but its opening happens on the loop's thread."""

    def __init__(
        self, said: WallPlant, folder: Path, speaking: Speaking, theme: ThemeName, *, low_motion: bool, now: int,
        aspect: float = 2.1, open_it: Open = open_playback, after: Sequence[Closing] = (),
    ) -> None:  # fmt: skip
        """folder: of the wall file. now: µs UTC. aspect: width ÷ height of its floor. after: what has to end before, as
        only one may record into a store.
        """
        self.said, self.name, self.since = said, said.name, now
        self.path = path_of(said, folder)
        self.edition = 0
        """Another number whenever what was laid out of it does not hold any more."""
        self.broken: BrokenFile | None = None
        """Why it cannot be opened as it is now."""
        self.doing = ""
        self.presentation: Presentation | None = None
        self.painter: Painter | None = None
        self.playback: Playback | None = None
        self.reasons: tuple[HourReason, ...] = ()
        """Why hours brought what they brought, as people said."""
        self.head = Playhead(0, 1.0, 0, 0)
        self._plain = Art(THEMES[theme])
        self._speaking, self._aspect, self._theme, self._low_motion = speaking, aspect, theme, low_motion
        self._open, self._after, self._wanted, self._wake = open_it, after, True, threading.Event()
        self._fresh: Playback | None = None
        self._good: Playback | None = None
        """Opened last."""
        self._older: list[threading.Thread] = []
        """They close what was shown before."""
        self._relaying: Relaying | None = None
        self._resized = False
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def same(self, said: WallPlant, speaking: Speaking, *, low_motion: bool) -> bool:
        """Whether that would be this plant."""
        return (said, speaking, low_motion) == (self.said, self._speaking, self._low_motion)

    def begin(self) -> None:
        """Open it, on a thread of its own, as often as it takes."""
        self._thread = background.begin(self._run, f"open {self.name}", stop=self._want_no_more)

    def reopen(self) -> None:
        """Its file has changed: open it anew; until that is done the one so far stays."""
        if self._thread is None or not self._thread.is_alive():
            self.begin()
        else:
            self._wake.set()

    def stop(self) -> Closing:
        """Nobody looks any more. What it opened is closed on a thread, as a disk or a server may be slow."""
        with self._lock:
            recorded = self.live
            self._want_no_more()
            playbacks = [each for each in (self.playback, self._fresh) if each is not None]
            self.playback = self._fresh = None
            ending = [*self._older, *([self._thread] if self._thread is not None else [])]

        def close() -> None:
            for playback in playbacks:
                playback.stop()
            for thread in ending:
                thread.join()

        return Closing(self.path, recorded, background.begin(close, f"close {self.name}"))

    @property
    def trouble(self) -> str:
        """Why it cannot be opened as it is now; empty: nothing is known against it."""
        return self.broken.why if self.broken is not None else ""

    def fit(self, aspect: float) -> None:
        """The display has another shape now: where that is much, the floor is laid out anew. aspect: of the floor."""
        self._resized = self._resized or aspect != self._aspect
        self._aspect = aspect

    def advance(self, seconds: float) -> None:
        """So many seconds of display have passed."""
        with self._lock:
            fresh, self._fresh = self._fresh, None
        if fresh is not None:
            self.show(fresh)
        if self.playback is None or self.presentation is None:
            return
        if self._resized and self._relaying is not None:
            self._relaying.look(self._aspect)
        if self.playback.model is not self.presentation.model:
            self._renew(self.playback.model)
        self.head = self.head.advanced(seconds, self.playback.now())
        self.playback.look(self.head.at, self.head.shown_pace)

    def dress(self, theme: ThemeName) -> None:
        """Wear another theme."""
        if theme != self._theme:
            self._theme, self._plain = theme, Art(THEMES[theme])
            self.edition += 1
            if self.presentation is not None:
                self._new_painter(self.presentation)

    @property
    def art(self) -> Art:
        """What it is painted with."""
        return self.painter.art if self.painter is not None else self._plain

    def health(self) -> FeedHealth:
        """How its live sources are."""
        return self.playback.health() if self.playback is not None else SILENT

    @property
    def live(self) -> bool:
        return self.playback is not None and self.playback.now() is not None

    @property
    def notes(self) -> Path:
        """Where its answers are kept."""
        return notes_path(self.path)

    @property
    def language(self) -> Language:
        """What it speaks; before it is known, what the wall does."""
        if self.presentation is not None:
            return self.presentation.language
        return Language(self._speaking.code or self._speaking.system)

    def read_notes(self) -> str:
        """Take what people answered and said; what is wrong with the file, empty: nothing."""
        if self.presentation is None:
            return ""
        try:
            notes = read_notes(self.notes)
        except InputError as error:
            return error.words
        self.presentation.model.factory.notes, self.reasons = notes, notes.reason
        return ""

    def lost_since(self) -> int | None:
        """Since when nothing of it is known to be true any more (µs; 0: there never was anything): of a live plant of
        which every source is late, or nothing can be read. None: something is.
        """
        health = self.health()
        if not self.live:
            return None
        if health.trouble and health.trouble_since < self.head.at:
            return health.trouble_since
        feeds = health.feeds(self.head.at)
        if not feeds or any(feed.late_since is None for feed in feeds):
            return None
        return max(feed.late_since or 0 for feed in feeds)

    def _want_no_more(self) -> None:
        self._wanted = False
        self._wake.set()

    def _run(self) -> None:
        for closing in self._after:
            while self._wanted and not closing.is_over(0.1):
                self.doing = closing.path.name
        tries = 0
        while True:
            self._wake.clear()
            if not self._wanted:
                return
            try:
                self._make_way()
                opened = self._open(self.path, self._speaking, self._aspect, self._tell)
            except _NotShown:
                return
            except Exception as error:  # noqa: BLE001  (whatever it is, the wall says so and tries again)
                self._say(error)
                goes_on = self._go_on()
                self._wake.wait(_RARELY if goes_on else _PAUSES[min(tries, len(_PAUSES) - 1)])
                tries += 1
                continue
            with self._lock:
                unseen = self._fresh if self._wanted else opened
                if self._wanted:
                    self._fresh = self._good = opened
                    self.broken = None
            if unseen is not None:
                unseen.stop()
            if not self._wake.is_set():
                return

    def _make_way(self) -> None:
        """Only one may record into a store: the one so far ends as soon as the changed file can be read. It goes on to
        show what is in its store until the new one is there.
        """
        if isinstance(self._good, Live) and is_live(self.path):
            self._good.give_way()

    def _go_on(self) -> bool:
        """The last good one records again, as the changed one cannot be opened; whether there is one that does."""
        if not isinstance(self._good, Live):
            return False
        try:
            self._good.go_on()
        except Exception as error:  # noqa: BLE001  (as for one that cannot be opened)
            self._say(error)
            return False
        return True

    def _say(self, error: Exception) -> None:
        why = error.words if isinstance(error, FactoryviewError) else _last_line(error)
        since = self.broken.since if self.broken is not None else datetime.now().astimezone()
        self.broken = BrokenFile(self.path.name, since, why)

    def _tell(self, _share: float, doing: str) -> None:
        self.doing = doing
        if not self._wanted:
            raise _NotShown

    def show(self, playback: Playback) -> None:
        """Show what was opened."""
        before, old = self.playback, self.head if self.presentation is not None else None
        playback.begin()
        self.playback, self._relaying = playback, Relaying(playback)
        presentation = Presentation(playback.model, playback.language, title=self._speaking.title)
        self.presentation, self.head = presentation, self._first_head(playback.model, old)
        self._new_painter(presentation)
        self.read_notes()
        if before is not None:
            closing = background.begin(before.stop, f"close {self.name}")
            self._older = [thread for thread in (*self._older, closing) if thread.is_alive()]

    def _first_head(self, model: Model, old: Playhead | None) -> Playhead:
        first, last = model.first, model.last
        days = self.said.seconds_per_day
        pace = DAY / days if days else usual_pace(last - first)
        start = max(first, last - _BEFORE_END)
        if self.said.start is not None:
            zone = Language("en", model.factory.plant.timezone).zone
            said = self.said.start if self.said.start.tzinfo else self.said.start.replace(tzinfo=zone)
            start = min(max(first, micros_of(said)), last)
        head = Playhead(start, pace, start, last, loop=True)
        if self.playback is not None and self.playback.now() is not None:
            return head.to_live()
        return replace(head, at=old.at) if old is not None and start <= old.at < last else head

    def _renew(self, model: Model) -> None:
        """Go on with what has come since."""
        assert self.presentation is not None
        assert self.painter is not None
        same = model.topology.plan is self.presentation.model.topology.plan
        self.presentation = self.presentation.of(model)
        self.head = self._first_head(model, self.head)
        if same:
            self.painter.renew(self.presentation.facts)
        else:
            self._new_painter(self.presentation)

    def _new_painter(self, presentation: Presentation) -> None:
        self.painter = Painter(presentation.facts, THEMES[self._theme], low_motion=self._low_motion)
        self.edition += 1


def _last_line(error: BaseException) -> str:
    return traceback.format_exception_only(error)[-1].strip()
