"""Lanes lined up as one table stand as each of them would stand alone."""

from __future__ import annotations

import random

import pytest

from factoryview.flow.moment.lane import Lane
from factoryview.flow.moment.lining import OnBelt, Waiting, line_up
from factoryview.flow.moment.riding import Riding
from factoryview.store.windows import FOREVER, UNKNOWN
from tests.flow.moment.test_lane import lane_of


def waiting_on(lane: Lane, at: int) -> Waiting:
    front = lane.waiting(at, lane.capacity + 2)
    return Waiting.of(lane, front, lane.reached(front, 500.0))


def as_read(belt: OnBelt) -> tuple[list[int], list[float], list[int], int]:
    return belt.id.tolist(), belt.position.tolist(), belt.hue.tolist(), belt.standing


@pytest.mark.parametrize("seed", range(5))
def test_each_row_stands_as_the_lane_does_alone(seed: int) -> None:
    rng = random.Random(seed)
    counts = [0, 1, 3, 40, 7]
    rng.shuffle(counts)
    times = [sorted([*rng.sample(range(2000), count), 9000]) for count in counts]
    lanes = [lane_of([(entered, UNKNOWN, FOREVER, 1.0, FOREVER) for entered in each], 480.0) for each in times]
    table, riding = Riding(lanes), 0
    for at in (1900, 400, 1200, 2600):
        waiting = [waiting_on(lane, at) for lane in lanes]
        for row, those in enumerate(waiting):
            table.put(row, those)
        rows = rng.sample(range(len(lanes)), rng.randrange(1, len(lanes) + 1))
        alone = [as_read(line_up(lanes[row], waiting[row], at)) for row in rows]
        assert [as_read(belt) for belt in table.line_up(rows, at)] == alone
        riding += sum(len(ids) - standing for ids, _, _, standing in alone)
    assert riding, "nobody rides"


def test_of_no_lane_nothing_stands() -> None:
    assert Riding([]).line_up([], 5) == []
