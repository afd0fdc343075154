from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from factoryview.whatif.calendar import Calendar
from factoryview.whatif.kernel import Held, Pool, simulate

pytest.importorskip("simpy")
from tests.kit.queues import steps_of
from tests.kit.simpy_plant import random_plant, simpy_line, simpy_run


@pytest.mark.parametrize("seed", range(10))
def test_simpy_says_the_same_of_random_plants(seed: int) -> None:
    """Of the same draws, so step by step: closer than any sampling error."""
    steps, pools = random_plant(seed, hours=400)
    ours, theirs = simulate(steps, pools, compiled=False), simpy_run(steps, pools)
    waits = ours.start - ours.ready
    assert len(steps) > 100
    assert np.mean(waits[steps.queued] > 1e-6) > 0.1
    for name in ("ready", "start", "end"):
        assert getattr(ours, name) == pytest.approx(getattr(theirs, name), abs=1e-6)


@pytest.mark.parametrize("seed", range(10))
def test_simpy_says_the_same_of_lines_with_limits_and_batches(seed: int) -> None:
    random, n, depth = np.random.default_rng(seed), 300, 4
    free = steps_of(
        np.cumsum(random.exponential(1.1, n)),
        [np.full(n, pool) for pool in range(depth)],
        [random.exponential(1.0, n) for _ in range(depth)],
    )
    place = free.pool
    steps = replace(
        free,
        delay=random.exponential(0.5, n * depth) * (place > 0),
        room=place - 1,
        asks=np.where(place < depth - 1, place, -1),
        gather=np.where(place == 1, 0, -1),
    )
    size = int(random.integers(2, 4))
    held = Held((size,), tuple(random.integers(size, 6, depth - 1).tolist()))
    pools = [Pool(1, Calendar.always())] * depth
    ours, theirs = simulate(steps, pools, held=held), simpy_line(steps, held)
    done = np.isfinite(theirs.start)
    assert done.mean() > 0.5
    for name in ("ready", "start", "end"):
        assert getattr(ours, name) == pytest.approx(getattr(theirs, name), abs=1e-6)
    free_run = simulate(free, pools)
    assert np.mean(ours.start[done] > free_run.start[done] + 1e-6) > 0.3
