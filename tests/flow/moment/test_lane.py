"""A lane counts who is present, waits and works at any moment, as one would by hand."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from factoryview.flow.moment.lane import Lane
from factoryview.store.windows import FOREVER, UNKNOWN, StayArrays

Stay = tuple[int, int, int, float, int]
"""Entered, started, left, weight, given up."""


def stays(seed: int) -> list[Stay]:
    rng = Random(seed)
    found = []
    for _ in range(60):
        entered = rng.randrange(1000)
        left = FOREVER if rng.random() < 0.2 else entered + rng.randrange(1, 400)
        started = rng.choice([UNKNOWN, entered + rng.randrange(400)])
        started = UNKNOWN if started != UNKNOWN and started > left else started
        lost = entered + rng.randrange(1, 600) if rng.random() < 0.3 else FOREVER
        found.append((entered, started, left, float(rng.randrange(1, 4)), lost))
    return sorted(found)


def lane_of(found: list[Stay], length: float = 10.0) -> Lane:
    entered, started, left, weight, lost = (np.array(column) for column in zip(*found, strict=True))
    n = len(found)
    zeros = np.zeros(n, dtype=np.int64)
    arrays = StayArrays(
        since=0, until=2000, id=np.arange(n), stage=zeros.astype(np.int16), belt=zeros.astype(np.int16),
        entered=entered, started=started, left=left, weight=weight, hue=zeros.astype(np.int8),
    )  # fmt: skip
    return Lane(arrays, np.arange(n), length, True, lost)


@pytest.mark.parametrize("seed", range(4))
def test_counts_are_those_of_a_plain_count(seed: int) -> None:
    found = stays(seed)
    lane = lane_of(found)
    for at in range(0, 1500, 37):
        counted = lane.counts(at)
        here = [stay for stay in found if stay[0] <= at < stay[2]]
        wrecks = [stay for stay in here if stay[4] <= at]
        work = [s for s in here if s[1] != UNKNOWN and s[1] <= at < s[4] and s[1] < s[4]]
        assert (counted.present, counted.number) == (sum(stay[3] for stay in here), len(here))
        assert (counted.wrecks, counted.wrecked) == (sum(stay[3] for stay in wrecks), len(wrecks))
        assert counted.at_work == sum(stay[3] for stay in work)


@pytest.mark.parametrize("seed", range(4))
def test_those_who_wait_have_come_and_not_begun(seed: int) -> None:
    found = stays(seed)
    lane = lane_of(found)
    for at in range(0, 1500, 111):
        ends = [min(left if started == UNKNOWN else started, lost) for _, started, left, _, lost in found]
        waits = [n for n, stay in enumerate(found) if stay[0] <= at < ends[n]]
        assert lane.waiting(at, 1000).tolist() == waits
        assert lane.waiting(at, 3).tolist() == waits[:3]


def test_a_ride_takes_at_most_its_share_of_a_stay() -> None:
    lane = lane_of([(0, UNKNOWN, 100, 1.0, FOREVER), (0, 40, 100, 1.0, FOREVER), (0, UNKNOWN, FOREVER, 1.0, FOREVER)])
    quick, known, open_ = lane.reached(np.arange(3), pace=1e9)
    assert (quick, known) == (70.0, 40.0)
    assert open_ > 100
