"""A follower keeps at its source: it reconnects, keeps what cannot be stored yet, and knows how old its data is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from factoryview.errors import InputError
from factoryview.plant.feeds import RedisFeed
from factoryview.sources.feeds import follower as module
from factoryview.sources.feeds.feed import Batch, FeedError, Message
from factoryview.sources.feeds.follower import FeedState, Follower, Taken, pause_after

SETTINGS = RedisFeed(name="shop", kind="redis", url="redis://:geheim@host", stream="s")
SECOND = 1_000_000


class Script:
    """Feeds that do what a list says: an error is raised, a batch given; after the last they only live."""

    def __init__(self, *steps: Exception | Batch) -> None:
        self.steps = list(steps)
        self.positions: list[str | None] = []
        self.closed = 0

    def open_feed(self, _settings: object, _folder: Path) -> Script:
        return self

    def start(self, position: str | None) -> None:
        self.positions.append(position)

    def batches(self) -> Iterator[Batch]:
        while True:
            if not self.steps:
                time.sleep(0.01)
                yield Batch((), "end")
                continue
            step = self.steps.pop(0)
            if isinstance(step, Exception):
                raise step
            yield step

    def close(self) -> None:
        self.closed += 1


def batch(position: str, settled: Callable[[Exception | None], None] = lambda _error: None) -> Batch:
    return Batch((Message({}, "raw"),), position, settled)


def follow(script: Script, take: Callable[[Batch, int], Taken], until: Callable[[Follower], bool]) -> Follower:
    """A follower that has ended, after it ran until something was so."""
    kept: list[str] = []

    def remember(given: Batch, arrived: int) -> Taken:
        taken = take(given, arrived)
        kept.append(given.position)
        return taken

    with patch.object(module, "open_feed", script.open_feed), patch.object(module, "FIRST_PAUSE", 0.01):
        found = Follower(SETTINGS, Path(), lambda: kept[-1] if kept else None, remember)
        found.start()
        deadline = time.monotonic() + 60
        while not until(found):
            assert time.monotonic() < deadline, found.state
            time.sleep(0.005)
        assert found.stop()
    return found


def test_it_goes_on_after_what_is_kept_when_the_source_was_lost() -> None:
    script = Script(batch("1"), FeedError("host is gone"), batch("2"))
    found = follow(script, lambda _b, _a: Taken(1, 0, 0), lambda f: f.state.accepted == 2)
    assert script.positions == [None, "1"]
    assert found.state.status == "stopped"
    assert script.closed >= 2


def test_while_a_source_is_lost_it_says_why_without_the_secret() -> None:
    script = Script(*(FeedError("redis://:geheim@host refused geheim") for _ in range(1000)))
    seen: list[FeedState] = []

    def lost(found: Follower) -> bool:
        seen.append(found.state)
        return found.state.status == "retrying"

    follow(script, lambda _b, _a: Taken(0, 0, 0), lost)
    assert "geheim" not in seen[-1].trouble
    assert "refused" in seen[-1].trouble


def test_an_unforeseen_error_ends_nothing() -> None:
    script = Script(ZeroDivisionError("oops"), batch("1"))
    found = follow(script, lambda _b, _a: Taken(1, 0, 0), lambda f: f.state.accepted == 1)
    assert found.state.accepted == 1


def test_what_cannot_be_stored_is_tried_again_until_it_is_and_then_settled_once() -> None:
    settled: list[Exception | None] = []
    troubles = [InputError("the disk is full"), InputError("the disk is full")]
    states: list[FeedState] = []

    def take(_batch: Batch, _arrived: int) -> Taken:
        if troubles:
            raise troubles.pop()
        return Taken(1, 2, 3)

    def done(found: Follower) -> bool:
        states.append(found.state)
        return found.state.accepted == 1

    script = Script(batch("1", settled.append))
    found = follow(script, take, done)
    assert settled == [None]
    assert script.positions == [None], "it stayed connected"
    assert any(state.trouble == "the disk is full" for state in states)
    assert (found.state.accepted, found.state.duplicates, found.state.rejected) == (1, 2, 3)


def test_a_batch_that_was_not_stored_when_it_ends_is_given_back() -> None:
    settled: list[Exception | None] = []
    began = threading.Event()

    def take(_batch: Batch, _arrived: int) -> Taken:
        began.set()
        raise InputError("the disk is full")

    follow(Script(batch("1", settled.append)), take, lambda _f: began.is_set())
    assert [str(error) for error in settled] == ["the disk is full"]


def test_a_source_is_late_after_its_time_without_a_sign_of_life() -> None:
    state = FeedState("shop", "live", since=0, heard=100 * SECOND, newest=50 * SECOND)
    limit = int(SETTINGS.late_after.total_seconds()) * SECOND
    assert state.late_since(SETTINGS, 100 * SECOND + limit) is None
    assert state.late_since(SETTINGS, 100 * SECOND + limit + 1) == 100 * SECOND


def test_a_source_that_never_spoke_is_late_since_ever() -> None:
    state = FeedState("shop", "retrying", since=100 * SECOND)
    limit = int(SETTINGS.late_after.total_seconds()) * SECOND
    assert state.late_since(SETTINGS, 100 * SECOND + limit) is None
    assert state.late_since(SETTINGS, 101 * SECOND + limit) == 0


def test_refused_from_the_beginning_it_becomes_late() -> None:
    script = Script(*(FeedError("refused") for _ in range(1000)))
    began = module.now_micros()
    found = follow(script, lambda _b, _a: Taken(0, 0, 0), lambda _f: len(script.positions) > 5)
    assert found.state.heard is None
    assert began <= found.state.since <= began + 1_000_000, "its time is not counted anew with every attempt"


def test_a_source_that_cannot_even_be_opened_again_is_tried_on() -> None:
    script, opened = Script(FeedError("gone"), batch("1")), iter((None, OSError("too many open files")))

    def open_feed(settings: object, folder: Path) -> Script:
        trouble = next(opened, None)
        if trouble is not None:
            raise trouble
        return script.open_feed(settings, folder)

    with patch.object(module, "open_feed", open_feed), patch.object(module, "FIRST_PAUSE", 0.01):
        found = Follower(SETTINGS, Path(), lambda: None, lambda _b, _a: Taken(1, 0, 0))
        found.start()
        deadline = time.monotonic() + 60
        while found.state.accepted < 1:
            assert time.monotonic() < deadline, found.state
            time.sleep(0.005)
        assert found.stop()


def test_silence_is_no_fault_unless_the_plant_says_so() -> None:
    state = FeedState("shop", "live", since=0, heard=1000 * SECOND, newest=50 * SECOND)
    assert state.late_since(SETTINGS, 1001 * SECOND) is None
    strict = SETTINGS.model_copy(update={"quiet_after": timedelta(seconds=60)})
    assert state.late_since(strict, 110 * SECOND + 1) == 50 * SECOND
    assert state.late_since(strict, 110 * SECOND) is None


@pytest.mark.parametrize("failures", range(12))
def test_pauses_grow_have_a_jitter_and_an_end(failures: int) -> None:
    longest = min(module.LONGEST_PAUSE, module.FIRST_PAUSE * 2**failures)
    pauses = {pause_after(failures) for _ in range(50)}
    assert longest / 2 <= min(pauses) < max(pauses) <= longest
