"""The order of service as a log shows it, of queues that were served in a known one."""

from __future__ import annotations

import numpy as np
import pytest

from factoryview.whatif.calendar import Calendar
from factoryview.whatif.calibration import calibrate
from factoryview.whatif.delays import EXACT_SHARE
from factoryview.whatif.discipline import discipline
from factoryview.whatif.kernel import ORDERS, Order, Pool, Steps, simulate
from factoryview.whatif.log import log_of_steps

FIRST = 0.3
"""Share of those who are served before the others."""


def served(order: Order, load: float = 0.9, n: int = 2_000) -> tuple[Steps, np.ndarray, np.ndarray]:
    random = np.random.default_rng(5)
    steps = Steps(
        case=np.arange(n),
        pool=np.zeros(n, dtype=np.int64),
        parent=np.full(n, -1),
        release=np.cumsum(random.exponential(1 / load / 2, n)),
        delay=np.zeros(n),
        work=random.exponential(1.0, n),
        queued=np.ones(n, dtype=bool),
        priority=(random.random(n) >= FIRST).astype(float),
    )
    run = simulate(steps, [Pool(2, Calendar.always(), order=order)], 3, compiled=False)
    return steps, run.ready, run.start


@pytest.mark.parametrize("order", ORDERS)
def test_the_order_is_found(order: Order) -> None:
    _, ready, start = served(order)
    assert discipline(ready, start)[0] == order


def test_who_is_served_before_others_is_found() -> None:
    steps, ready, start = served("priority")
    _, priority = discipline(ready, start)
    waited = start - ready > 1.0
    assert np.mean(priority[waited] == steps.priority[waited]) > 0.95
    assert np.mean(priority == 0) == pytest.approx(FIRST, abs=0.05)


@pytest.mark.parametrize("order", ["priority", "random"])
def test_a_queue_that_is_nearly_always_full_is_not_taken_for_foreign_delays(order: Order) -> None:
    steps, ready, start = served(order, load=1.05, n=1_000)
    log = log_of_steps("A", steps.case, steps.pool, start, start + steps.work, arrived=ready)
    calibration = calibrate(log, calendar=Calendar.always())
    assert calibration.delays[0].exact < EXACT_SHARE
    assert calibration.pools[0].order == order
    assert calibration.delays[0].mean < 0.1


def test_where_nobody_waits_nothing_is_said() -> None:
    _, ready, start = served("random", load=0.02)
    assert discipline(ready, start)[0] == "first come"


def test_a_few_mistakes_of_a_log_are_no_order() -> None:
    _, ready, start = served("first come")
    waits = np.flatnonzero(start - ready > 1.0)[::60]
    start[waits], start[waits + 1] = start[waits + 1], start[waits]
    assert discipline(ready, np.maximum(start, ready))[0] == "first come"
