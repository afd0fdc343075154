"""Follows one live source for as long as it is wanted: reconnects, hands on what comes, knows how old it is."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Literal, NamedTuple

from factoryview import background
from factoryview.errors import FactoryviewError
from factoryview.language.said import said
from factoryview.plant.feeds import FeedSettings
from factoryview.plant.secrets import filled, hidden
from factoryview.sources.feeds import open_feed
from factoryview.sources.feeds.feed import Batch, Feed, FeedError, Position

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0
"""Seconds before a lost source is tried again: doubled each time, and jittered, so that not all come at once. However
long a server was away, a wall is back within ten seconds."""

Status = Literal["starting", "live", "retrying", "stopped"]


class Taken(NamedTuple):
    """What became of a batch that is on disk."""

    accepted: int
    duplicates: int
    rejected: int


@dataclass(frozen=True)
class FeedState:
    """How a source is. Moments in µs since 1970 UTC."""

    name: str
    status: Status = "starting"
    since: int = 0
    """When the status began; as long as it was never heard of, when it was first asked."""
    heard: int | None = None
    """The last sign of life; None: none yet."""
    newest: int | None = None
    """When the last new event came; None: none yet."""
    trouble: str = ""
    """Why it is not live, or why what it gives cannot be kept."""
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0

    def late_since(self, settings: FeedSettings, now: int) -> int | None:
        """The last moment its data can be trusted, if it is late; else None. 0: it never spoke."""
        if now - (self.since if self.heard is None else self.heard) > _micros(settings.late_after):
            return self.heard or 0
        if settings.quiet_after is not None:
            last = self.newest if self.newest is not None else self.since
            if now - last > _micros(settings.quiet_after):
                return last
        return None


def _micros(span: timedelta) -> int:
    return span // timedelta(microseconds=1)


def now_micros() -> int:
    """This computer's clock, µs since 1970 UTC."""
    return time.time_ns() // 1_000


class Follower:
    """Runs one feed on a thread of its own.

    take: called with every batch that has messages, and the moment it arrived (µs UTC, by the clock as it is now, for
    it may have been set right since); it returns when the batch is on disk. If it raises a FactoryviewError, the
    batch is kept and tried again, so nothing is lost and the source waits. position: where the store says the feed
    stands.
    """

    def __init__(
        self,
        settings: FeedSettings,
        folder: Path,
        position: Callable[[], Position | None],
        take: Callable[[Batch, int], Taken],
    ) -> None:
        self.settings, self._secrets = filled(settings)
        self._folder, self._position, self._take = folder, position, take
        self.state = FeedState(settings.name, since=now_micros())
        self._stopping = threading.Event()
        self._feed: Feed = open_feed(self.settings, folder)
        self._used = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to follow."""
        self._thread = background.begin(self._run, f"feed {self.settings.name}", stop=self._end_soon)

    def stop(self, seconds: float = 5.0) -> bool:
        """Stop following; whether it has ended in that time."""
        self._end_soon()
        if self._thread is None:
            return True
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _end_soon(self) -> None:
        self._stopping.set()
        self._feed.close()

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            began = now_micros()
            try:
                if self._used:
                    self._feed = open_feed(self.settings, self._folder)
                self._used = True
                self._follow()
            except Exception as error:  # noqa: BLE001  (one source's fault, told on the screen, must not end the rest)
                told = error.words if isinstance(error, FactoryviewError) else f"{type(error).__name__}: {error}"
                failures = 0 if (self.state.heard or 0) > began else failures + 1
                self._set("retrying", hidden(told, self._secrets))
                self._stopping.wait(pause_after(failures))
            finally:
                self._feed.close()
        self._set("stopped", self.state.trouble)

    def _follow(self) -> None:
        self._feed.start(self._position())
        self._set("live")
        for batch in self._feed.batches():
            now = now_micros()
            self.state = replace(self.state, heard=now)
            if batch.messages:
                self._keep(batch)
            if self._stopping.is_set():
                return
        if not self._stopping.is_set():
            raise FeedError(said("trouble.source_ended"))

    def _keep(self, batch: Batch) -> None:
        failures, came = 0, time.monotonic_ns()
        while True:
            try:
                taken = self._take(batch, now_micros() - (time.monotonic_ns() - came) // 1_000)
                break
            except FactoryviewError as error:
                failures += 1
                self.state = replace(self.state, trouble=error.words)
                if self._stopping.wait(pause_after(failures)):
                    batch.settled(error)
                    return
        batch.settled(None)
        state = self.state
        self.state = replace(
            state,
            newest=now_micros() if taken.accepted else state.newest,
            trouble="",
            accepted=state.accepted + taken.accepted,
            duplicates=state.duplicates + taken.duplicates,
            rejected=state.rejected + taken.rejected,
        )

    def _set(self, status: Status, trouble: str = "") -> None:
        same = status == self.state.status or self.state.heard is None
        since = self.state.since if same else now_micros()
        self.state = replace(self.state, status=status, since=since, trouble=trouble)


def pause_after(failures: int) -> float:
    """Seconds to wait after so many failures in a row: exponential back-off with full jitter above the half."""
    longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(failures, 10))
    return longest * random.uniform(0.5, 1.0)
