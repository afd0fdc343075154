"""The cache of windows: bounded, fetched once, and ahead of the frame."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest

from factoryview.flow.moment.standing import Lanes
from factoryview.store.windows import StayArrays
from factoryview.view.windows import MOST, WindowCache

PATIENCE = 60.0
NOTHING = np.empty(0, np.int64)


class Source:
    """Hands out empty windows, and knows which thread asked for which."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int, bool]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.fails = 0
        self._main = threading.current_thread()

    def __call__(self, since: int, until: int) -> Lanes:
        self.asked.append((since, until, threading.current_thread() is self._main))
        assert self.gate.wait(PATIENCE)
        if self.fails:
            self.fails -= 1
            raise MemoryError("no room")
        columns = (NOTHING,) * 8
        return Lanes(StayArrays(since, until, *columns), [], 1)

    @property
    def bounds(self) -> list[tuple[int, int]]:
        return [(since, until) for since, until, _ in self.asked]


def settled(cache: WindowCache) -> None:
    """Wait until the worker has nothing left to do."""
    assert cache.prefetcher.settled(PATIENCE)


def test_a_window_holds_the_moment_and_is_fetched_once() -> None:
    source = Source()
    cache = WindowCache(source, 1000, 1999, 100)
    for moment in (1000, 1050, 1099, 1100, 1099):
        lanes = cache.at(moment)
        assert lanes.since <= moment < lanes.until
    assert source.bounds == [(1000, 1100), (1100, 1200)]


def test_what_is_looked_at_is_fetched_ahead_on_another_thread() -> None:
    source = Source()
    cache = WindowCache(source, 0, 999, 100)
    cache.ahead(250, pace=1.0)
    settled(cache)
    assert source.bounds == [(200, 300), (300, 400)]
    assert not any(on_main for _, _, on_main in source.asked)
    for moment in range(250, 400):
        cache.at(moment)
    assert len(source.asked) == 2, "no frame has to wait for a query"


def test_the_faster_it_plays_the_more_is_fetched_but_never_more_than_is_kept() -> None:
    source = Source()
    cache = WindowCache(source, 0, 99_999, 100)
    cache.ahead(0, pace=1_000_000.0)
    settled(cache)
    assert source.bounds == [(100 * k, 100 * (k + 1)) for k in range(MOST - 2)]
    assert len(cache._kept) == MOST - 2


def test_at_the_end_the_beginning_is_fetched_for_a_replay_that_loops() -> None:
    source = Source()
    cache = WindowCache(source, 0, 999, 100)
    cache.ahead(950, pace=1.0)
    settled(cache)
    assert source.bounds == [(900, 1000), (0, 100)]


def test_it_keeps_no_more_than_so_many_the_latest_used() -> None:
    source = Source()
    cache = WindowCache(source, 0, 9_999, 100)
    for k in range(30):
        cache.at(100 * k)
        cache.at(0)
    assert len(cache._kept) == MOST
    assert source.bounds.count((0, 100)) == 1


def test_a_frame_waits_for_a_window_that_is_on_its_way_instead_of_fetching_it_again() -> None:
    source = Source()
    source.gate.clear()
    cache = WindowCache(source, 0, 999, 100)
    cache.ahead(0, pace=1.0)
    found: list[Lanes] = []
    frames = [threading.Thread(target=lambda: found.append(cache.at(50))) for _ in range(4)]
    for frame in frames:
        frame.start()
    source.gate.set()
    for frame in frames:
        frame.join(PATIENCE)
    settled(cache)
    assert source.bounds.count((0, 100)) == 1
    assert len({id(lanes) for lanes in found}) == 1
    assert len(found) == 4


def test_what_was_wished_for_before_a_seek_is_no_longer_fetched() -> None:
    source = Source()
    source.gate.clear()
    cache = WindowCache(source, 0, 99_999, 100)
    cache.ahead(0, pace=1_000_000.0)
    while not source.asked:
        threading.Event().wait(0.001)
    cache.ahead(50_000, pace=1.0)
    source.gate.set()
    settled(cache)
    assert source.bounds == [(0, 100), (50_000, 50_100), (50_100, 50_200)]


def test_a_fetch_that_fails_is_told_to_the_frame_and_tried_again() -> None:
    source = Source()
    cache = WindowCache(source, 0, 99, 100)
    source.fails = 1
    cache.ahead(0, pace=1.0)
    settled(cache)
    source.fails = 1
    with pytest.raises(MemoryError, match="no room"):
        cache.at(0)
    assert cache.at(0).since == 0
    assert len(source.asked) == 3


@pytest.mark.parametrize("look", [lambda cache: cache.at(995), lambda cache: cache.ahead(995, 1.0)])
def test_the_end_of_a_live_log_is_one_window_into_the_future(look: Callable[[WindowCache], object]) -> None:
    source = Source()
    cache = WindowCache(source, 0, 999, 100, tail=(990, 10_000))
    look(cache)
    settled(cache)
    assert source.bounds == [(990, 10_000)]
    assert cache.at(5_000) is cache.at(995)
    assert cache.at(989).until == 1000


def test_a_log_that_has_grown_keeps_only_what_could_not_change() -> None:
    source = Source()
    cache = WindowCache(source, 0, 999, 100, tail=(990, 10_000))
    for moment in (50, 850, 950, 995):
        cache.at(moment)
    later = cache.continued(1100, (1090, 11_000))
    assert later.at(50) is cache.at(50)
    assert later.at(850) is cache.at(850)
    assert later.at(950) is not cache.at(950), "it reached beyond what had settled"
    assert later.at(1095) is not cache.at(995)
    assert source.bounds[-2:] == [(900, 1000), (1090, 11_000)]
