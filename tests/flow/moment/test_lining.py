"""On a belt nobody overtakes and nobody overlaps; who finds no room is left to the pile."""

from __future__ import annotations

import numpy as np

from factoryview.flow.moment.lining import Waiting, line_up
from factoryview.flow.moment.ride import SPACING
from factoryview.store.windows import FOREVER, UNKNOWN
from tests.flow.moment.test_lane import lane_of


def test_who_waits_stands_in_order_of_arrival_and_apart() -> None:
    lane = lane_of([(entered, UNKNOWN, FOREVER, 1.0, FOREVER) for entered in range(0, 200, 4)])
    front = lane.waiting(10_000, 1000)
    belt = line_up(lane, Waiting.of(lane, front, lane.reached(front, 1.0)), 10_000_000_000)
    assert 0 < len(belt.id) < len(front)
    assert belt.id.tolist() == sorted(belt.id.tolist())
    assert np.all(np.diff(belt.position) <= -SPACING + 1e-9)
    assert belt.standing == len(belt.id)
    assert belt.position[0] == lane.length


def test_who_has_just_come_is_at_the_beginning() -> None:
    lane = lane_of([(1000, UNKNOWN, FOREVER, 1.0, FOREVER)])
    front = lane.waiting(1000, 10)
    belt = line_up(lane, Waiting.of(lane, front, lane.reached(front, 1.0)), 1000)
    assert (belt.position.tolist(), belt.standing) == ([0.0], 0)
