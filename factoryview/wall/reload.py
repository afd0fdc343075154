"""Hot reload: a changed file of the wall or of a plant is taken once it can be read; a broken one leaves the last good
one in force, and a corner of the screen says so.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from factoryview import background
from factoryview.app.rereading import Files
from factoryview.errors import InputError, PlantError
from factoryview.language import Language
from factoryview.language.said import because, in_language
from factoryview.plant.files import load_plant
from factoryview.plant.wall_file import Wall, load_wall

LOOK_EVERY = 2.0
"""Seconds between two looks at the files; one that is still being written looks otherwise at the next."""
_LONGEST_END = 2.0
"""Seconds that a look at a drive which does not answer is waited for in the end."""


@dataclass(frozen=True)
class BrokenFile:
    """A file that cannot be used now."""

    name: str
    since: datetime
    why: str
    """Empty: it is gone."""

    def said(self, language: Language) -> str:
        """What is wrong with it, since when; and that the last good one holds."""
        time = self.since.strftime("%H:%M")
        if not self.why:
            return language.text("kiosk.file_gone", name=self.name, time=time)
        return language.text("kiosk.file_broken", name=self.name, time=time, why=in_language(self.why, language.code))


class _Watched:
    """One file, how it was when it could last be used, and what is wrong with it now."""

    def __init__(self, path: Path, load: Callable[[Path], object]) -> None:
        self.path, self._load = path, load
        self._files = Files([path])
        self._broken: BrokenFile | None = None
        self._unreached: BrokenFile | None = None
        """The drive did not even say how it is; what was read of it stands."""
        self._again = False
        """To be read as soon as it can be, changed or not."""

    @property
    def broken(self) -> BrokenFile | None:
        """What is wrong with it."""
        return self._unreached or self._broken

    def look(self) -> object | None:
        """What can be read of it anew; None: nothing has changed, or it is broken."""
        try:
            self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            self._unreached = None
            self._say("", again=True)
            return None
        except OSError as error:
            self._unreached = self._unreached or BrokenFile(self.path.name, _now(), because(error))
            return None
        self._unreached = None
        if not self._files.replaced() and not self._again:
            return None
        try:
            loaded = self._load(self.path)
        except PlantError as error:
            problem = error.problems[0]
            self._say(f"{_line_of(problem.place)}{problem.found}")
            return None
        except Exception as error:  # noqa: BLE001  (a drive far away fails in many ways: said, and tried again)
            self._say(error.what if isinstance(error, InputError) else because(error), again=True)
            return None
        self._broken, self._again = None, False
        return loaded

    def _say(self, why: str, *, again: bool = False) -> None:
        since = self._broken.since if self._broken is not None else _now()
        self._broken, self._again = BrokenFile(self.path.name, since, why), again


class Watch:
    """Looks at the files of a wall on a thread of its own, for a disk far away may be slow."""

    def __init__(self, path: Path, wall: Wall) -> None:
        self._wall = _Watched(path, load_wall)
        self._plants: dict[str, _Watched] = {}
        self._lock = threading.Lock()
        self._fresh: Wall | None = None
        self._changed: set[str] = set()
        self._latest = wall
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Look from now on, every few seconds."""
        self._thread = background.begin(self._run, "watch", stop=self._stopping.set)

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(_LONGEST_END)

    def follow(self, wall: Wall, plants: Mapping[str, Path]) -> None:
        """These are the wall's plants now. Logs and stores are followed by whoever plays them."""
        with self._lock:
            self._latest = wall
            old = self._plants
            self._plants = {
                name: old[name] if name in old and old[name].path == path else _Watched(path, load_plant)
                for name, path in plants.items() if path.suffix == ".toml"
            }  # fmt: skip

    def take(self) -> tuple[Wall | None, set[str]]:
        """The wall as it was changed, if it was, and the plants whose files were."""
        with self._lock:
            fresh, self._fresh = self._fresh, None
            changed, self._changed = self._changed, set()
        return fresh, changed

    def look(self) -> None:
        """Look at all files once."""
        with self._lock:
            plants = dict(self._plants)
        fresh = self._wall.look()
        changed = {name for name, file in plants.items() if file.look() is not None}
        with self._lock:
            if isinstance(fresh, Wall):
                self._fresh = fresh
            self._changed |= changed

    def said(self, language: Language) -> str:
        """What is wrong with which file, since when; empty: nothing."""
        with self._lock:
            broken = next((file.broken for file in (self._wall, *self._plants.values()) if file.broken), None)
        return broken.said(language) if broken is not None else ""

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_EVERY):
            self.look()


def _now() -> datetime:
    return datetime.now().astimezone()


def _line_of(place: str) -> str:
    """`line 12: ` of a place in a file."""
    line = next((part.strip() for part in place.split(",") if part.strip().startswith("line ")), "")
    return f"{line}: " if line else ""
