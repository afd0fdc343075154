"""A replay of files that may be replaced while it plays, as exports are every night: they are read anew."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from factoryview import background
from factoryview.app.counting import Counting, NotWanted, aside
from factoryview.errors import FactoryviewError, InputError
from factoryview.factory.factory import Factory, Progress
from factoryview.language import Language
from factoryview.language.said import also, because
from factoryview.plant.files import load_plant
from factoryview.sources.engine import sparing
from factoryview.view.health import SILENT, FeedHealth
from factoryview.view.model import Model

LOOK_EVERY = 2.0
"""Seconds between two looks at the files; between two that see the same, nobody is taken to write in them."""
ASK_EVERY = 300.0
"""Seconds between two times that a warehouse is asked for what is new: twelve times an hour."""
TRY_AGAIN = 300.0
"""Seconds after which what could not be read is tried again, changed or not: a server or a drive may be back."""
_LONGEST_END = 2.0
"""Seconds that a reading nobody wants any more is waited for."""
_COUNTED, _LAID_OUT = 0.65, 0.85
"""Of a large log, about which share of the time has passed once its stays are there, and once all is counted."""


def _silent(_share: float, _doing: str) -> None:
    return


class Files:
    """Files that are read, and how they looked when they were."""

    def __init__(self, paths: Iterable[Path]) -> None:
        """To be made before they are read: what changes meanwhile has changed since."""
        self._paths = tuple(paths)
        self._read = self._before = self._looks()

    def replaced(self) -> bool:
        """Whether they are others now, all of them there, and look as when this was last asked; reported once."""
        looks, before = self._looks(), self._before
        self._before = looks
        if looks == self._read or looks != before or not all(looks):
            return False
        self._read = looks
        return True

    def _looks(self) -> tuple[tuple[int, ...], ...]:
        return tuple(map(_looks_of, self._paths))


class Asked(Files):
    """Files, and a warehouse that does not say when it changes: it is asked again, and seldom, because that costs."""

    def __init__(self, paths: Iterable[Path]) -> None:
        super().__init__(paths)
        self._due = time.monotonic() + ASK_EVERY

    def replaced(self) -> bool:
        """Whether the files are others now, or it is time to ask again."""
        changed, due = super().replaced(), time.monotonic() >= self._due
        if due:
            self._due = time.monotonic() + ASK_EVERY
        return changed or due


def watched(path: Path, inputs: Iterable[Path]) -> Files:
    """What is looked at while a plant plays. path: what is opened. inputs: the files of which it is made."""
    try:
        known = load_plant(path) if path.suffix == ".toml" else None
    except InputError:
        known = None  # opening it says so
    return Asked(inputs) if known is not None and known.warehouse is not None else Files(inputs)


def _looks_of(file: Path) -> tuple[int, ...]:
    """The identity of this edition of a file; nothing if it is not there."""
    try:
        found = file.stat()
    except OSError:
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


class Rereading:
    """A `Playback` of a log. What cannot be read leaves the picture as it was, and is reported at its end."""

    def __init__(
        self, model: Model, language: Language, files: Files, reopen: Callable[[Progress], Factory], aspect: float
    ) -> None:
        """files: of which the model was made. reopen: reads them anew, may raise; aspect: of the floor.

        A model of what a log begins with is followed by that of all of it, as soon as that has been counted.
        """
        self.model, self.language = model, language
        self._counting = Counting(self._counted) if model.until is not None else None
        model.counting = self._counting
        self._looked_at = model.first
        self._files, self._reopen, self._aspect = files, reopen, aspect
        self._trouble, self._again = "", 0.0
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        self._thread = background.begin(self._run, "rereading", stop=self._stopping.set)

    def now(self) -> int | None:
        return None

    def health(self) -> FeedHealth:
        """While the files cannot be read, what is shown is as old as its last moment."""
        last = self.model.last
        return FeedHealth(last, trouble=self._trouble, trouble_since=last - 1) if self._trouble else SILENT

    def look(self, at: int, pace: float) -> None:
        self._looked_at = at
        self.model.look_ahead(at, pace)

    def stop(self) -> None:
        """As for any playback. What still counts a log ends at its next step, and is waited for."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(_LONGEST_END if self._counting is None else None)

    def _run(self) -> None:
        undone = self._tried(self._study)
        if self._counting is not None and undone is None:
            undone = self._tried(self._count)
        while not self._stopping.wait(LOOK_EVERY):
            if self._files.replaced():
                undone = self._tried(self._renew)
            elif undone is not None and time.monotonic() >= self._again:
                undone = self._tried(undone)

    def _study(self) -> None:
        self.model.study()
        if not background.ending() and self.model.until is None:
            self.model.look_back()

    def _count(self) -> None:
        """Show all of the log instead of what it begins with, where one looks now, once that is at hand."""
        assert self._counting is not None, "only what a log begins with is counted on"
        try:
            model = self._counting.made(self._stopping)
            if model.factory.store.files_as is not None:  # found again, it is asked by threads that give way to none
                model.factory.store.close()
                model = Model(self._reopen(_silent), aspect=self._aspect)
            aside(lambda: model.study(self._looked_at), self._stopping)
        except NotWanted:
            return
        model.prefetch(self._looked_at)
        self.model, self._counting = model, None
        if not self._stopping.is_set():
            model.look_back()

    def _counted(self, tell: Progress) -> Model:
        with sparing():
            factory = self._reopen(lambda share, doing: tell(_COUNTED * share, doing))
        name = factory.name
        return Model(
            factory, aspect=self._aspect, progress=lambda share: tell(_COUNTED + (_LAID_OUT - _COUNTED) * share, name)
        )

    def _renew(self) -> None:
        model = Model(self._reopen(_silent), aspect=self._aspect, before=self.model)
        model.study()
        model.look_back()
        self.model = model

    def _tried(self, work: Callable[[], None]) -> Callable[[], None] | None:
        """What has to be tried again, after a while: the work, if it could not be done, which is reported."""
        try:
            work()
        except Exception as error:  # noqa: BLE001  (whatever it is, a picture that stands still must say so)
            why = also([type(error).__name__, because(error)], ": ")
            self._trouble = error.words if isinstance(error, FactoryviewError) else why
            self._again = time.monotonic() + TRY_AGAIN
            return work
        self._trouble = ""
        return None
