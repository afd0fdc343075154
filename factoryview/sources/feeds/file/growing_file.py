"""A file that grows, or every file that comes into a folder: rotated, truncated, renamed and copied ones too."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from fnmatch import fnmatch
from gzip import GzipFile
from pathlib import Path
from stat import S_ISREG

import watchfiles

from factoryview.language.said import said
from factoryview.plant.feeds import FeedSettings, FileFeed
from factoryview.sources.feeds.feed import (
    LARGEST_BATCH,
    LONGEST_SILENCE,
    Batch,
    Feed,
    FeedError,
    Message,
    Position,
    shown,
)
from factoryview.sources.feeds.file.lines import Lines
from factoryview.sources.feeds.file.progress import Progress, beginnings, is_packed
from factoryview.sources.feeds.own_files import own_files

LARGEST_READ = 4 << 20
"""Bytes of a batch, about."""
QUIET = 5.0
"""Seconds without a change after which nobody is taken to be writing in a file."""
STILL = 60.0
"""Seconds without a change after which a last row that has all its fields is taken without the end of its line: many
programs write none behind the last, and one that writes in pieces goes on sooner.
"""
FORGOTTEN = 3_600.0
"""Seconds after which a file that is gone, or has been rotated away and is quiet, is forgotten."""


def open_feed(settings: FeedSettings, folder: Path) -> Feed:
    """The feed of a `FileFeed`."""
    assert isinstance(settings, FileFeed)
    return GrowingFile(settings, folder)


@dataclass(slots=True)
class _Followed:
    """A file that is read on when it changes."""

    progress: Progress
    """Replaced, never changed."""
    looks: tuple[int, ...] = ()
    """Size, time of change and inode when it was last looked at."""
    since: float = 0.0
    """When it began to look so, or was found to be gone; of the monotonic clock."""
    calm: int = 0
    """How often its last line has been looked at since it became quiet: once then, and once more when it is still."""
    _text: tuple[Progress, str] | None = None

    def text(self) -> str:
        """The progress as JSON; made once for each."""
        if self._text is None or self._text[0] is not self.progress:
            self._text = self.progress, _json(self.progress.written())
        return self._text[1]


class GrowingFile:
    """Follows a file or a folder; see `Feed`. Once closed it stays so.

    A file is known by what it holds and its inode, not by its name: what was renamed or copied is not read again, and
    what became shorter or another one is read from its beginning. What has been given carries a key of file, line,
    byte and hash of the line. The position names every file of the folder: thousands of them are fine, a million not.
    """

    def __init__(self, settings: FileFeed, folder: Path) -> None:
        self._path = folder / settings.path
        many = self._path.is_dir() or settings.path.endswith(("/", os.sep)) or settings.pattern != "*"
        self._pattern = settings.pattern if many else None
        self._folder = self._path if many else self._path.parent
        self._closed = threading.Event()
        self._files: dict[str, _Followed] = {}
        self._trouble: FeedError | None = None
        """Of one file; reported when the others have been read."""

    def start(self, position: Position | None) -> None:
        """Look whether the folder is there. The file itself may come later."""
        try:
            written = json.loads(position or "{}")
            self._files = {name: _Followed(Progress.read(one)) for name, one in written.items()}
        except (ValueError, TypeError, AttributeError) as error:
            raise FeedError(said("trouble.place_lost"), where=shown(str(self._path))) from error
        self._there()

    def batches(self) -> Iterator[Batch]:
        """What is there now, then what is added, within a blink where the system tells of changes, else a second."""
        for _ in self._wakes():
            yield from self.look()
            if self._closed.is_set():
                return

    def close(self) -> None:
        """End `batches`. No file is open between two batches' ends."""
        self._closed.set()

    def look(self) -> Iterator[Batch]:
        """Look at every file once and read what is new: one batch at least, the last one is perhaps empty."""
        messages: list[Message] = []
        size, given = 0, time.monotonic()
        self._trouble = None
        for name, file in self._changed():
            try:
                for found, read in self._read(name, file):
                    messages += found
                    size += read
                    late = time.monotonic() - given > LONGEST_SILENCE / 2
                    if late or len(messages) >= LARGEST_BATCH // 2 or size >= LARGEST_READ:
                        yield Batch(messages, self._position())
                        messages, size, given = [], 0, time.monotonic()
                        if self._closed.is_set():
                            return
            except OSError as error:
                self._note(name, error)
        yield Batch(messages, self._position())
        if self._trouble:
            raise self._trouble

    def _wakes(self) -> Iterator[None]:
        """At once, whenever something changes, and twice as often as a sign of life is due (network drives)."""
        yield None
        pause = LONGEST_SILENCE / 2
        try:
            for _ in watchfiles.watch(
                self._folder,
                watch_filter=None,
                debounce=50,
                step=10,
                rust_timeout=int(pause * 1000),
                yield_on_timeout=True,
                stop_event=self._closed,
                recursive=False,
            ):
                yield None
        except (OSError, RuntimeError):  # this system cannot watch this folder: it is looked at instead
            while not self._closed.wait(pause):
                yield None

    def _there(self, all_of_them: bool = False) -> dict[str, os.stat_result]:
        """The ordinary files by name: those known, then those asked for, or all of the folder.

        Those known are looked at before the others are listed: one that was copied away and emptied is then never
        seen without its copy. Raises FeedError without a folder.
        """
        found: dict[str, os.stat_result] = {}
        try:
            self._add(found, list(self._files))
            if self._pattern is None and not all_of_them:
                self._folder.stat()
                self._add(found, [self._path.name])
            else:
                listed = sorted(os.listdir(self._folder))
                self._add(found, [name for name in listed if all_of_them or self._asked_for(name)])
        except OSError as error:
            raise self._unreadable(self._folder, error) from error
        return self._without_own(found)

    def _add(self, found: dict[str, os.stat_result], names: Iterable[str]) -> None:
        for name in names:
            if name not in found:
                with suppress(FileNotFoundError):
                    status = (self._folder / name).stat()
                    if S_ISREG(status.st_mode):
                        found[name] = status

    def _without_own(self, found: dict[str, os.stat_result]) -> dict[str, os.stat_result]:
        """Whatever it is called: to read it would bring more of it, and to close it would give up SQLite's locks."""
        own = own_files()
        others = {name: status for name, status in found.items() if (status.st_dev, status.st_ino) not in own}
        if self._pattern is None and self._path.name in found.keys() - others.keys():
            raise FeedError(said("trouble.recorded_into"), where=shown(str(self._path)))
        return others

    def _asked_for(self, name: str) -> bool:
        if self._pattern is None:
            return name == self._path.name
        return fnmatch(name, self._pattern) and not name.startswith(".") and not name.lower().endswith(".toml")

    def _changed(self) -> list[tuple[str, _Followed]]:
        """The files that are to be read, those known longest first."""
        now = time.monotonic()
        there = self._there()
        known = [(name, file.progress.inode) for name, file in self._files.items() if file.progress.inode]
        if any(name not in there or there[name].st_ino != inode for name, inode in known):
            there = self._there(all_of_them=True)
            self._files = self._renamed(there)
        for name in there:
            unpacked = name[:-3] if is_packed(name) else ""
            if name not in self._files and unpacked not in there and self._asked_for(name):
                try:
                    self._files[name] = _Followed(self._first(name))
                except OSError as error:
                    self._note(name, error)
        due = []
        for name, file in list(self._files.items()):
            status = there.get(name)
            looks = () if status is None else (status.st_size, status.st_mtime_ns, status.st_ino)
            if looks != file.looks or not file.since:
                file.looks, file.since, file.calm = looks, now, 0
            elif file.calm < 2 and now - file.since >= (QUIET, STILL)[file.calm]:
                file.calm += 1
            else:
                if now - file.since > FORGOTTEN and (not looks or not self._asked_for(name)):
                    del self._files[name]
                continue
            if looks:
                due.append((name, file))
        return due

    def _renamed(self, there: Mapping[str, os.stat_result]) -> dict[str, _Followed]:
        """Every known file under the name it has now, in the order in which they became known."""
        names = {status.st_ino: name for name, status in there.items()}
        now_called: dict[str, str] = {}
        for name, file in self._files.items():
            status, elsewhere = there.get(name), names.get(file.progress.inode)
            if status is not None and status.st_ino == file.progress.inode:
                now_called[name] = name
            elif elsewhere is not None and file.progress.offset and self._fits(elsewhere, file.progress):
                now_called[name] = elsewhere
                file.since, file.calm = time.monotonic(), 0
        taken = set(now_called.values())
        for name in self._files:
            if name not in now_called and name not in taken:
                now_called[name] = name
        return {now_called[name]: file for name, file in self._files.items() if name in now_called}

    def _first(self, name: str) -> Progress:
        """The progress of a file seen for the first time: that of one it is a copy of, else none. Raises OSError."""
        packed = is_packed(name)
        known = [file.progress for file in self._files.values() if file.progress.is_telling]
        fresh = Progress(shown(name))
        if not known:
            return fresh
        with (self._folder / name).open("rb") as file:
            heads = beginnings(file, packed)
            for one in known:
                if one.head in heads and (packed or one.tail) and one.fits(file, packed):
                    same = copy(one)
                    same.seal(file, packed)
                    return same
        return fresh

    def _fits(self, name: str, progress: Progress) -> bool:
        try:
            with (self._folder / name).open("rb") as file:
                return progress.fits(file, is_packed(name))
        except FileNotFoundError:
            return False
        except OSError as error:
            raise self._unreadable(self._folder / name, error) from error

    def _read(self, name: str, file: _Followed) -> Iterator[tuple[list[Message], int]]:
        """What is new in a file: messages, and how many bytes they were read from. Raises OSError.

        The file's progress moves only with what is given.
        """
        packed = is_packed(name)
        with (self._folder / name).open("rb", buffering=1 << 16) as raw:
            progress = copy(file.progress) if file.progress.fits(raw, packed) else file.progress.replaced(shown(name))
            raw.seek(0)
            content = GzipFile(fileobj=raw) if packed else raw
            settled = packed or (file.calm > 0 and (self._pattern is not None or not self._asked_for(name)))
            lines = Lines(content, progress, quiet=packed or file.calm > 0, still=file.calm > 1, settled=settled)
            while not lines.ended:
                begin = progress.offset
                found = lines.take(LARGEST_BATCH // 2 - 1, LARGEST_READ // 4)
                failure = lines.failed
                if packed and failure is not None:
                    found += self._failure(failure, file, progress)
                    failure = None
                progress.seal(raw, packed)
                file.progress = copy(progress)
                yield found, progress.offset - begin
                if failure is not None:
                    raise failure

    def _failure(self, error: Exception, file: _Followed, progress: Progress) -> list[Message]:
        """What is to be said of a packed file that cannot be unpacked to its end."""
        key = f"{progress.label}@{progress.offset}-end"
        if isinstance(error, EOFError):  # perhaps it is still being written
            return [Message({}, "", key, said("trouble.packed_cut"))] if file.calm else []
        progress.state = "unreadable"
        return [Message({}, "", key, said("trouble.packed_damaged"))]

    def _position(self) -> Position:
        return "{" + ",".join(f"{_json(name)}:{file.text()}" for name, file in self._files.items()) + "}"

    def _note(self, name: str, error: OSError) -> None:
        """Remember why a file cannot be read; one that is gone meanwhile is no trouble."""
        if not isinstance(error, FileNotFoundError):
            self._trouble = self._trouble or self._unreadable(self._folder / name, error)

    def _unreadable(self, path: Path, error: OSError) -> FeedError:
        return FeedError(said("trouble.cannot_read", why=error), where=shown(str(path)))


def _json(value: object) -> str:
    """ASCII, so that also a name that is no UTF-8 comes back as it was."""
    return json.dumps(value, separators=(",", ":"))
