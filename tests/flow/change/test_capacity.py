"""The day on which the capacity of a queue changed: counted plainly, and found."""

from __future__ import annotations

import heapq

import numpy as np
import pytest

from factoryview.flow.change.capacity import Queue, likelihood, placed
from factoryview.flow.change.points import Point
from factoryview.flow.verdict.clock import Clock
from factoryview.flow.verdict.visits import Visits
from factoryview.time import HOUR
from tests.flow.change.test_changes import BEGIN
from tests.flow.change.test_changes import found as told

DAYS, CHANGED = 120, 70


def clock(days: int) -> Clock:
    """Work goes on from 8 to 17."""
    hours = (np.arange(days * 24) % 24 >= 8) & (np.arange(days * 24) % 24 < 17)
    return Clock(0.0, hours, np.concatenate([[0.0], np.cumsum(hours)]))


def queue_of(entered: list[float], left: list[float], days: int = DAYS) -> Queue:
    n = len(entered)
    visits = Visits(np.array(entered), np.full(n, np.nan), np.array(left), np.full(n, -1), np.zeros(n, bool))
    return Queue(visits, clock(days), np.arange(days + 1) * 24.0)


def served(seed: int, before: int, after: int, load: float) -> Queue:
    """Exponential work, first come first served, by so many servers until a day and since then."""
    rng = np.random.default_rng(seed)
    n = rng.poisson(12 * DAYS)
    work = rng.exponential(9 * before * load / 12, n)
    come = np.sort(rng.uniform(0, 9 * DAYS, n))
    free = [0.0] * before
    ends = []
    for at, each in zip(come.tolist(), work.tolist(), strict=True):
        if free[0] >= 9 * CHANGED or at >= 9 * CHANGED:
            while len(free) < after:
                heapq.heappush(free, 9.0 * CHANGED)
            while len(free) > after:
                heapq.heappop(free)
        begun = max(at, heapq.heappop(free))
        heapq.heappush(free, begun + each)
        ends.append(begun + each)
    wall = [[worked // 9 * 24 + 8 + worked % 9 for worked in some] for some in (come.tolist(), ends)]
    kept = [end if end < 24 * DAYS else np.inf for end in wall[1]]
    return queue_of(wall[0], kept)


def test_what_servers_did_is_counted_plainly() -> None:
    entered, left = [6.0, 9.0, 10.0, 31.0, 33.0, 34.0, 57.0], [34.0, 12.0, 33.0, 36.0, np.inf, 36.0, 60.0]
    work = queue_of(entered, left, 3).work(1, 3)

    for c in (1, 2, 3):
        for day in (0, 1):
            moments = np.arange((day + 1) * 24, (day + 2) * 24, 1 / 4) + 1 / 8
            plain = 0.0
            for at in moments.tolist():
                if 8 <= at % 24 < 17:
                    here = sum(a <= at < b for a, b in zip(entered, left, strict=True))
                    plain += min(here, c) / 4
            assert work.time[c - 1, day] == pytest.approx(plain), (c, day)
    # 33: two of three stay, one comes; 34: three before one leaves, one comes; 36: three, then two; 60: two
    assert work.gone.tolist() == [4.0, 1.0]
    assert work.logs[1].tolist() == pytest.approx([4 * np.log(2), np.log(2)])
    assert work.logs[2].tolist() == pytest.approx([3 * np.log(3) + np.log(2), np.log(2)])


@pytest.mark.parametrize(("before", "after", "load"), [(3, 6, 0.92), (4, 2, 0.7), (2, 1, 0.6)])
def test_the_day_on_which_servers_come_or_go_is_found(before: int, after: int, load: float) -> None:
    off = []
    for seed in range(8):
        queue = served(seed, before, after, load)
        gone = queue.visits.departures
        rough = Point(CHANGED + 9, CHANGED - 15, CHANGED + 15, 2.0)
        point = placed(queue, np.zeros(len(gone)), (gone // 24).astype(np.int64), rough, 10, DAYS - 5)
        assert point.low <= point.day <= point.high
        off.append(abs(point.day - CHANGED))
    assert np.median(off) <= 1
    assert sum(each <= 3 for each in off) >= 7, off


def test_a_stage_without_a_change_has_no_likely_day() -> None:
    gains = [np.ptp(likelihood(served(seed, 3, 3, 0.7).work(10, DAYS - 10))[10:-10]) for seed in range(5)]
    changed = [np.ptp(likelihood(served(seed, 4, 2, 0.7).work(10, DAYS - 10))[10:-10]) for seed in range(5)]

    assert max(gains) < min(changed)


@pytest.mark.parametrize(("seed", "what", "cause"), [(19, "people", "contention"), (143, "delay", "work")])
def test_a_queue_is_told_from_what_merely_takes_its_time(seed: int, what: str, cause: str) -> None:
    shift, records, changes = told(seed, what, "entry")
    true = records.day_of(BEGIN + round(shift.day * HOUR))
    [change] = [each for each in changes if each.stage == shift.stage]

    assert records.by_name[str(shift.stage)].kind == "queue", "over both it looks like one"
    assert abs(records.day_of(change.at) - true) <= 1
    assert change.cause == cause
