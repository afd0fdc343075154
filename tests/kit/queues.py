"""Queues that theory knows, as steps and pools for the simulator; times in hours, mean service 1."""

from __future__ import annotations

from math import factorial

import numpy as np

from factoryview.whatif.calendar import Calendar
from factoryview.whatif.kernel import Pool, Steps

ALWAYS = Calendar.always()


def steps_of(
    release: np.ndarray, pools: list[np.ndarray], work: list[np.ndarray], visited: list[np.ndarray] | None = None
) -> Steps:
    """Cases that go through steps 0, 1, … one after the other: per step the pool and the work of each case, and
    whether it comes so far (a case that does not is over)."""
    n, depth = len(release), len(pools)
    at = np.arange(n * depth).reshape(n, depth)
    keep = np.column_stack(visited).ravel() if visited else np.ones(n * depth, dtype=bool)
    place = np.cumsum(keep) - 1
    parent = np.where(np.arange(depth) == 0, -1, place[at - 1]).ravel()
    return Steps(
        case=np.repeat(np.arange(n), depth)[keep],
        pool=np.column_stack(pools).ravel()[keep],
        parent=parent[keep],
        release=np.repeat(release, depth)[keep],
        delay=np.zeros(int(keep.sum())),
        work=np.column_stack(work).ravel()[keep],
        queued=np.ones(int(keep.sum()), dtype=bool),
        priority=np.zeros(int(keep.sum())),
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


def jackson(load: float, customers: int, seed: int, rounds: int = 12) -> tuple[Steps, list[Pool]]:
    """Two pools of several servers; after the second a share goes back to the first. Both are used to the same load.

    After `rounds` nobody goes back any more: a case in 2 million.
    """
    random = np.random.default_rng(seed)
    visits = 1 / (1 - JACKSON_AGAIN)
    release = np.cumsum(random.exponential(visits / (load * JACKSON_SERVERS[0]), customers))
    mean = (1.0, JACKSON_SERVERS[1] / JACKSON_SERVERS[0])
    pools, work, visited = [], [], []
    here = np.ones(customers, dtype=bool)
    for _ in range(rounds):
        for pool in (0, 1):
            pools.append(np.full(customers, pool))
            work.append(random.exponential(mean[pool], customers))
            visited.append(here)
        here = here & (random.random(customers) < JACKSON_AGAIN)
    return steps_of(release, pools, work, visited), [Pool(number, ALWAYS) for number in JACKSON_SERVERS]


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
