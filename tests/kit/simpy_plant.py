"""Random plants, and how SimPy simulates steps and pools: the independent count of the simulator's results."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy

from factoryview.whatif.calendar import Calendar
from factoryview.whatif.kernel import Held, Pool, Run, Steps


def random_plant(seed: int, hours: float) -> tuple[Steps, list[Pool]]:
    """Four to seven stages with skips, one rework loop and foreign delays, the busiest used to 90 %; every other plant
    works in office hours only."""
    random = np.random.default_rng(seed)
    stages = int(random.integers(4, 8))
    calendar = Calendar.always() if seed % 2 else Calendar.of_days(range(5), 9, 17)
    open_share = calendar.hours_a_week / 168
    rate = random.uniform(0.3, 0.8) * open_share  # cases an hour of the day and night
    servers = random.integers(1, 5, stages)
    busiest = random.integers(stages)
    load = np.where(np.arange(stages) == busiest, 0.9, random.uniform(0.3, 0.7, stages))
    work_mean = load * servers * open_share / rate / 1.1
    taken, back = random.uniform(0.7, 1.0, stages), random.uniform(0.05, 0.15)
    delay = random.uniform(8, 90, stages) * (random.random(stages) < 0.5)
    rows: list[tuple[int, int, int, float, float, float]] = []
    at = 0.0
    case = 0
    while (at := at + random.exponential(1 / rate)) < hours:
        route = [stage for stage in range(stages) if random.random() < taken[stage]]
        if len(route) > 2 and random.random() < back:
            route = [*route[:2], *route]
        parent = -1
        for stage in route:
            waited = random.exponential(delay[stage]) if delay[stage] else 0.0
            rows.append((case, stage, parent, at, waited, random.gamma(2.0, work_mean[stage] / 2)))
            parent = len(rows) - 1
        case += 1
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    n = len(rows)
    steps = Steps(*columns, queued=random.random(n) < 0.95, priority=np.zeros(n))
    return steps, [Pool(int(number), calendar) for number in servers]


def simpy_run(steps: Steps, pools: list[Pool]) -> Run:
    """The same steps in SimPy: a process a step, a `Resource` a pool. For pools that take who comes first."""
    environment = simpy.Environment()
    resources = [simpy.Resource(environment, capacity=pool.servers) for pool in pools]
    ready, start, end = (np.full(len(steps), np.inf) for _ in range(3))
    children: dict[int, list[int]] = {}
    for step, parent in enumerate(steps.parent.tolist()):
        children.setdefault(parent, []).append(step)
    pool_of, work, delay = steps.pool.tolist(), steps.work.tolist(), steps.delay.tolist()
    release, queued = steps.release.tolist(), steps.queued.tolist()
    always = [pool.calendar == Calendar.always() for pool in pools]

    def working(step: int) -> Generator[simpy.Event, Any, None]:
        pool = pool_of[step]
        if always[pool]:
            start[step] = environment.now
            yield environment.timeout(work[step])
        else:
            calendar = pools[pool].calendar
            yield environment.timeout(float(calendar.next_open(environment.now)) - environment.now)
            start[step] = environment.now
            done = float(calendar.moment(calendar.worked(environment.now) + work[step]))
            yield environment.timeout(max(done - environment.now, 0.0))
        end[step] = environment.now

    def doing(step: int, since: float) -> Generator[simpy.Event, Any, None]:
        yield environment.timeout(since - environment.now + delay[step])
        ready[step] = environment.now
        if queued[step]:
            with resources[pool_of[step]].request() as request:
                yield request
                yield from working(step)
        else:
            yield from working(step)
        for child in children.get(step, ()):
            environment.process(doing(child, environment.now))

    for step in children[-1]:
        environment.process(doing(step, release[step]))
    environment.run()
    return Run(ready, start, end)


def simpy_line(steps: Steps, held: Held) -> Run:
    """A line of single servers around the clock, step k at server k, every case through all of them, in SimPy: cases
    gather in lots, and nobody begins who would find no room at the next server.
    """
    environment = simpy.Environment()
    depth = int(steps.pool.max()) + 1
    servers = [simpy.Resource(environment) for _ in range(depth)]
    rooms = [simpy.Container(environment, capacity=most, init=most) for most in held.rooms]
    ready, start, end = (np.full(len(steps), np.inf) for _ in range(3))
    gathered: dict[int, list[simpy.Event]] = {}
    gather = steps.gather if len(steps.gather) else np.full(len(steps), -1)

    def case(first: int) -> Generator[simpy.Event, Any, None]:
        yield environment.timeout(steps.release[first])
        for step in range(first, first + depth):
            yield environment.timeout(steps.delay[step])
            if gather[step] >= 0:
                lot = gathered.setdefault(int(gather[step]), [])
                lot.append(environment.event())
                mine = lot[-1]
                if len(lot) == held.batches[gather[step]]:
                    for event in lot:
                        event.succeed()
                    gathered[int(gather[step])] = []
                yield mine
            ready[step] = environment.now
            with servers[step - first].request() as request:
                yield request
                if steps.asks[step] >= 0:
                    yield rooms[steps.asks[step]].get(1)
                start[step] = environment.now
                if steps.room[step] >= 0:
                    yield rooms[steps.room[step]].put(1)
                yield environment.timeout(start[step] + steps.work[step] - environment.now)
            end[step] = environment.now

    for first in np.flatnonzero(steps.parent < 0).tolist():
        environment.process(case(first))
    environment.run()
    return Run(ready, start, end)
