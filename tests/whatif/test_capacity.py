"""Pools, hours, servers and saturation, against what made the logs and against plain counts."""

from __future__ import annotations

import numpy as np
import pytest

from factoryview.whatif.calendar import Calendar
from factoryview.whatif.capacity import (
    IDLE_H,
    calendar_of,
    found_pool,
    group_stages,
    idle_spans,
    last_idle,
    saturation,
    servers_seen,
)
from factoryview.whatif.kernel import Pool, Steps, simulate
from factoryview.whatif.log import Log, log_of_steps
from factoryview.whatif.structure import structure_of

OFFICE = Calendar.of_days(range(5), 9, 17)


def queue(servers: int, load: float, steps: int = 3_000, seed: int = 1) -> Log:
    """A log of one stage in office hours, used to `load` by so many people, first come, first served."""
    rng = np.random.default_rng(seed)
    release = OFFICE.moment(np.cumsum(rng.exponential(1 / (load * servers), size=steps)))
    n = np.arange(steps)
    work = rng.gamma(4.0, 0.25, size=steps)
    run = simulate(
        Steps(n, np.zeros_like(n), np.full(steps, -1), release, np.zeros(steps), work, n >= 0, np.zeros(steps)),
        [Pool(servers, OFFICE)],
    )
    return log_of_steps(["Work"], n, np.zeros(steps), run.start, run.end, arrived=release)


def test_stages_of_the_same_people_are_one_pool() -> None:
    stage = [0, 0, 1, 1, 2, 2]
    log = log_of_steps("ABC", range(6), stage, range(6), range(1, 7), person=[1, 2, 2, 1, 3, 1])
    assert group_stages(log) == ((0, 1, 2),), "half of C is done by 1, who does half of A"
    log = log_of_steps("ABC", range(6), stage, range(6), range(1, 7), person=[1, 2, 2, 1, 3, 3])
    assert group_stages(log) == ((0, 1), (2,))
    log = log_of_steps("ABC", range(6), stage, range(6), range(1, 7))
    assert group_stages(log) == ((0,), (1,), (2,)), "nobody is named"


def test_office_hours_are_found_and_few_moments_say_nothing() -> None:
    moments = OFFICE.moment(np.random.default_rng(0).random(3_000) * 400)
    assert calendar_of(moments) == OFFICE
    assert calendar_of(moments[:50]) == Calendar.always()


@pytest.mark.parametrize("servers", [1, 3, 6])
def test_servers_and_saturation_of_a_full_queue(servers: int) -> None:
    log = queue(servers, 0.92)
    assert servers_seen(log.start, log.end) == servers
    pool = found_pool(log, structure_of(log), [0], OFFICE, {}, None)
    waited = OFFICE.next_open(log.arrived) < log.start - 1e-6
    assert pool.constrained
    assert pool.kappa == pytest.approx(waited.mean(), abs=0.03)


def test_an_empty_queue_is_not_constrained() -> None:
    for log in (queue(4, 0.25), queue(1, 0.95, steps=40)):  # the second has too few steps to tell
        assert not found_pool(log, structure_of(log), [0], OFFICE, {}, None).constrained


def test_the_plan_is_believed_as_of_now() -> None:
    log = queue(2, 0.9)
    plan = {0: ((-np.inf, 5), (log.now - 1, 2), (log.now + 1, 7))}
    pool = found_pool(log, structure_of(log), [0], OFFICE, plan, OFFICE)
    assert (pool.servers, pool.counted) == (2, "plan")


def test_idle_spans_by_counting() -> None:
    rng = np.random.default_rng(3)
    start = np.sort(rng.integers(0, 200, 60) / 4)
    end = start + rng.integers(0, 9, 60) / 4
    always = Calendar.always()
    begins, ends = idle_spans(start, end, ((-np.inf, 2),), always)
    for at in rng.random(300) * 60:
        busy = int(((start <= at) & (at < end)).sum())
        assert bool(((begins <= at) & (at < ends)).any()) == (busy < 2)
    last, now = last_idle(start, begins, ends, always)
    full = saturation(start, begins, ends, always)
    for step, at in enumerate(start):
        just = [at - IDLE_H * share for share in (1e-3, 0.5, 0.999)]
        idle = [bool(((start <= moment) & (moment < end)).sum() < 2) for moment in just]
        assert now[step] == (not full[step]) == all(idle)
        assert last[step] == at if now[step] else last[step] <= at


def test_a_gap_over_night_is_not_idle() -> None:
    """The one server stops at 17:00 with the end of a case and begins the next at 9:00."""
    log = log_of_steps(["Work"], [0, 1], [0, 0], [9.0, 33.0], [17.0, 34.0])
    begins, ends = idle_spans(log.start, log.end, ((-np.inf, 1),), OFFICE)
    assert saturation(log.start, begins, ends, OFFICE).tolist() == [False, True]
