"""Queues that theory knows, as steps and pools for the simulator; times in hours, mean service 1."""

from __future__ import annotations

from math import factorial

import numpy as np

from factoryview.whatif.calendar import Calendar
from factoryview.whatif.kernel import Pool, Steps

ALWAYS = Calendar.always()


def steps_of(release: np.ndarray, pools: list[np.ndarray], work: list[np.ndarray]) -> Steps:
    """Cases that go through steps 0, 1, … one after the other: per step the pool and the work of each case."""
    n, depth = len(release), len(pools)
    at = np.arange(n * depth).reshape(n, depth)
    return Steps(
        case=np.repeat(np.arange(n), depth),
        pool=np.column_stack(pools).ravel(),
        parent=np.where(np.arange(depth) == 0, -1, at - 1).ravel(),
        release=np.repeat(release, depth),
        delay=np.zeros(n * depth),
        work=np.column_stack(work).ravel(),
        queued=np.ones(n * depth, dtype=bool),
        priority=np.zeros(n * depth),
    )


def single(servers: int, load: float, customers: int, seed: int, *, constant: bool = False) -> tuple[Steps, list[Pool]]:
    """M/M/c, or M/D/c where the service is constant. load: utilisation."""
    random = np.random.default_rng(seed)
    release = np.cumsum(random.exponential(1 / (load * servers), customers))
    work = np.ones(customers) if constant else random.exponential(1.0, customers)
    return steps_of(release, [np.zeros(customers, dtype=int)], [work]), [Pool(servers, ALWAYS)]


def tandem(load: float, customers: int, seed: int) -> tuple[Steps, list[Pool]]:
    """Three M/M/1 in a row: by Burke's theorem each is as if alone."""
    random = np.random.default_rng(seed)
    release = np.cumsum(random.exponential(1 / load, customers))
    pools = [np.full(customers, pool) for pool in range(3)]
    return steps_of(release, pools, [random.exponential(1.0, customers) for _ in pools]), [Pool(1, ALWAYS)] * 3


JACKSON_AGAIN = 0.3
"""Share that goes back to the first pool after the second."""
JACKSON_SERVERS = (2, 3)


def jackson(load: float, customers: int, seed: int) -> tuple[Steps, list[Pool]]:
    """Two pools of several servers; after the second a share goes back to the first. Both are used to the same load."""
    random = np.random.default_rng(seed)
    rounds = random.geometric(1 - JACKSON_AGAIN, customers)
    release = np.cumsum(random.exponential(1 / (1 - JACKSON_AGAIN) / (load * JACKSON_SERVERS[0]), customers))
    case = np.repeat(np.arange(customers), 2 * rounds)
    first = np.concatenate([[True], case[1:] != case[:-1]])
    number = np.arange(len(case))
    pool = (number - np.maximum.accumulate(np.where(first, number, 0))) % 2
    mean = np.array([1.0, JACKSON_SERVERS[1] / JACKSON_SERVERS[0]])
    steps = Steps(
        case=case,
        pool=pool,
        parent=np.where(first, -1, number - 1),
        release=release[case],
        delay=np.zeros(len(case)),
        work=random.exponential(mean[pool]),
        queued=np.ones(len(case), dtype=bool),
        priority=np.zeros(len(case)),
    )
    return steps, [Pool(number, ALWAYS) for number in JACKSON_SERVERS]


def erlang_c(servers: int, load: float) -> float:
    """Chance to wait in M/M/c."""
    offered = servers * load
    full = offered**servers / factorial(servers) / (1 - load)
    return full / (sum(offered**k / factorial(k) for k in range(servers)) + full)


def wait_mmc(servers: int, load: float, service: float = 1.0) -> float:
    """Mean wait in M/M/c, in mean services."""
    return service * erlang_c(servers, load) / (servers * (1 - load))


def wait_md1(load: float) -> float:
    """Mean wait in M/D/1 (Pollaczek and Khinchine)."""
    return load / (2 * (1 - load))
