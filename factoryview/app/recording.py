"""`record`: follows the live sources of a plant into its store, without a window, until somebody ends it."""

from __future__ import annotations

import errno
import io
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType

from rich.box import SIMPLE
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from factoryview.factory.opening import store_of
from factoryview.language import Code, Language
from factoryview.language.said import in_language
from factoryview.plant.files import load_plant
from factoryview.plant.models import Plant
from factoryview.sources.feeds.follower import FeedState
from factoryview.store.journal.recorder import Recorder
from factoryview.terminal import plain, steered

SUM_EVERY = 60.0
"""Seconds between two lines that say how much has come."""
LOOK_EVERY = 0.2
"""Seconds between two looks at how the feeds are."""

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS}


def record(
    path: Path, seconds: float | None = None, *, language_of: Callable[[Plant], Code] = lambda _plant: "en"
) -> None:
    """Record a plant until Ctrl-C or SIGTERM, or for so many seconds; every change of a source is logged in a line.

    Raises InputError for a plant, feeds or a store that cannot be used. Trouble on the way is logged; it
    does not end the recording.
    """
    plant = load_plant(path)
    store = store_of(path, plant)
    recorder = Recorder(plant, path.parent, store)
    language = Language(language_of(plant), plant.timezone)
    log = RecordingLog(Console(file=steered(sys.stdout), soft_wrap=True, highlight=False), language)
    log.say(log.text("begin", name=plant.name, store=store))
    with _ended_by_signals() as ending, log.live():
        recorder.start()
        try:
            until = None if seconds is None else time.monotonic() + seconds
            while not ending.wait(LOOK_EVERY) and (until is None or time.monotonic() < until):
                log.look(recorder.states(), recorder.trouble, recorder.upkeep_trouble)
        finally:
            recorder.stop()
            log.look(recorder.states(), recorder.trouble, recorder.upkeep_trouble)
    log.sum_up()


class RecordingLog:
    """Lines with the time before them; on a terminal a table of the sources stays below them."""

    def __init__(self, console: Console, language: Language) -> None:
        """What the console's encoding does not know, the name of a file perhaps, is spelled out there from now on."""
        if isinstance(console.file, io.TextIOWrapper):
            console.file.reconfigure(errors="backslashreplace")
        self._console, self._language = console, language
        self._live: Live | None = None
        self._told: dict[str, tuple[str, str]] = {}
        self._trouble = self._upkeep = ""
        self._states: list[FeedState] = []
        self._summed = time.monotonic()

    @contextmanager
    def live(self) -> Iterator[None]:
        """While inside, a terminal shows the table."""
        if not self._console.is_terminal:
            yield
            return
        with Live(console=self._console, refresh_per_second=4, transient=True) as self._live:
            yield
        self._live = None

    def text(self, key: str, **values: object) -> str:
        """The text of that key, its gaps filled."""
        return self._language.text(f"record.{key}", **values)

    def say(self, line: str) -> None:
        """One line, with the moment it was said; where it cannot be written now, it waits or is lost."""
        now = datetime.now(self._language.zone).isoformat(" ", "seconds")
        with _outlived():
            self._console.print(Text(plain(f"{now}  {line}")))
            self._console.file.flush()

    def look(self, states: list[FeedState], trouble: str, upkeep: str = "") -> None:
        """Tell what has changed since the last look, and now and then how much has come."""
        self._states = states
        for state in states:
            now = (state.status, state.trouble)
            if self._told.get(state.name) != now:
                self._told[state.name] = now
                why = in_language(state.trouble, self._language.code)
                self.say(f"{state.name}: {self.text(state.status)}{f', {why}' if why else ''}")
        if trouble != self._trouble:
            why = in_language(trouble, self._language.code)
            self.say(self.text("trouble", why=why) if trouble else self.text("writable"))
            self._trouble = trouble
        if upkeep and upkeep != self._upkeep:
            self.say(self.text("upkeep", why=in_language(upkeep, self._language.code)))
        self._upkeep = upkeep
        if self._live is not None:
            with _outlived():
                self._live.update(self._table())
        elif time.monotonic() - self._summed >= SUM_EVERY:
            self.sum_up()

    def sum_up(self) -> None:
        """A line that says how much has come from every source."""
        self._summed = time.monotonic()
        for state in self._states:
            events, twice, rejected = self._counts(state)
            heard = self._clock(state.heard)
            self.say(f"{state.name}: {self.text('sum', events=events, twice=twice, rejected=rejected, heard=heard)}")

    def _table(self) -> Table:
        table = Table(*self.text("columns").split("|"), box=SIMPLE)
        for state in self._states:
            moments = (self._clock(state.heard), self._clock(state.newest))
            table.add_row(Text(plain(state.name)), self.text(state.status), *moments, *self._counts(state))
        return table

    def _counts(self, state: FeedState) -> list[str]:
        """Events taken, come twice and rejected."""
        return [self._language.number(count) for count in (state.accepted, state.duplicates, state.rejected)]

    def _clock(self, moment: int | None) -> str:
        if moment is None:
            return self.text("never")
        return datetime.fromtimestamp(moment / 1e6, self._language.zone).isoformat(" ", "seconds")


@contextmanager
def _outlived() -> Iterator[None]:
    """A log on a full disk must not end what fills the store; that nobody listens any more must."""
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise


@contextmanager
def _ended_by_signals() -> Iterator[threading.Event]:
    """Set by Ctrl-C and SIGTERM while inside; a second one ends the program at once."""
    ending = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def end(_number: int, _frame: FrameType | None) -> None:
        ending.set()
        for number, handler in before.items():
            signal.signal(number, handler)

    for number in before:
        signal.signal(number, end)
    try:
        yield ending
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
