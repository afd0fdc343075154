"""A plain event-driven simulation of a plant: one heap, one queue per machine."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from .spec import Spec


@dataclass
class Visits:
    """One row per visit of a case at a stage, in order of entry; NaN where it has not happened by the end."""

    case: np.ndarray
    step: np.ndarray
    stage: np.ndarray
    entered: np.ndarray
    started: np.ndarray
    left: np.ndarray
    gave_up: np.ndarray
    """Whether the case lost patience before it was served."""


def simulate(spec: Spec, faster: tuple[int, float, float] | None = None) -> Visits:
    """Runs the plant to `spec.until`. `faster` = (machine, factor, from which hour on)."""
    machines, paths, draws = spec.machines, spec.paths, spec.draws
    shift = spec.shift if spec.shift is not None else float("inf")
    boosted, factor, since = faster or (-1, 1.0, float("inf"))
    heap: list[tuple[float, int, int, int, int]] = []  # moment, tie, what, case or machine, row
    waiting: list[list[tuple[float, int, int]]] = [[] for _ in machines]
    busy = [0] * len(machines)
    rows: list[tuple[int, int, int, float]] = []
    started: list[float] = []
    left: list[float] = []
    gave_up: list[bool] = []
    steps = [-1] * len(paths)
    tie = 0
    nan, until = float("nan"), spec.until
    for case, moment in enumerate(spec.arrivals.tolist()):
        heappush(heap, (moment, tie, 0, case, -1))
        tie += 1
    if spec.shift is not None:
        for index in range(len(machines)):
            heappush(heap, (shift, tie, 2, index, -1))
            tie += 1

    def start_waiting(index: int, now: float) -> None:
        nonlocal tie
        mean, servers = machines[index].at(now >= shift)
        hours, queue = machines[index].hours, waiting[index]
        while queue and busy[index] < servers:
            _, _, row = heappop(queue)
            if gave_up[row]:
                continue
            case, step = rows[row][0], rows[row][1]
            work = mean * draws[case][step]
            if index == boosted and now >= since:
                work /= factor
            begun = hours.worked(now)
            started[row] = max(now, hours.clock(begun)) if hours.days < 7 or hours.end < 24 else now
            done = hours.clock(begun + work) if hours.days < 7 or hours.end < 24 else now + work
            busy[index] += 1
            heappush(heap, (done, tie, 1, case, row))
            tie += 1

    while heap:
        now, _, what, who, row = heappop(heap)
        if now > until:
            break
        if what == 2:
            start_waiting(who, now)
            continue
        if what == 3:
            if started[row] != started[row]:  # still waiting
                left[row], gave_up[row] = now, True
                steps[who] = len(paths[who])
            continue
        if what == 1:
            left[row] = now
            index = rows[row][2]
            if machines[index].kind == "queue":
                busy[index] -= 1
                start_waiting(index, now)
        case = who
        steps[case] += 1
        step = steps[case]
        if step >= len(paths[case]):
            continue
        index = paths[case][step]
        machine = machines[index]
        row = len(rows)
        rows.append((case, step, index, now))
        started.append(nan)
        left.append(nan)
        gave_up.append(False)
        if machine.kind == "queue":
            rank = float(spec.ranks[case])
            key = {
                "fifo": 0.0,
                "random": (rank * 7919.0 + step * 0.37) % 1.0,
                "priority": 0.0 if rank < 0.2 else 1.0,
                "lifo": -float(row),
            }[machine.order]
            heappush(waiting[index], (key, row, row))
            if index in spec.patience:
                heappush(heap, (now + float(spec.patience[index][case]), tie, 3, case, row))
                tie += 1
            start_waiting(index, now)
        elif machine.kind == "delay":
            mean, _ = machine.at(now >= shift)
            started[row] = now
            heappush(heap, (now + mean * draws[case][step], tie, 1, case, row))
            tie += 1
        else:
            runs = spec.runs[index]
            at = int(np.searchsorted(runs, now, side="right"))
            if at < len(runs):
                started[row] = float(runs[at])
                spread = 0.02 * float(spec.ranks[case])
                heappush(heap, (float(runs[at]) + spread, tie, 1, case, row))
                tie += 1
    table = np.array(rows, dtype=float)
    begun = np.array(started)
    begun[begun > until] = nan
    return Visits(
        table[:, 0].astype(int),
        table[:, 1].astype(int),
        table[:, 2].astype(int),
        table[:, 3],
        begun,
        np.array(left),
        np.array(gave_up),
    )


def completed(spec: Spec, visits: Visits, since: float = -np.inf, until: float = np.inf) -> int:
    """Cases that were won by the end, or in [since, until) (hours)."""
    lengths = np.array([len(path) for path in spec.paths])
    ended = (visits.step == lengths[visits.case] - 1) & (visits.left >= since) & (visits.left < until) & ~visits.gave_up
    return int(spec.won[visits.case[ended]].sum())


def truth(spec: Spec, visits: Visits) -> tuple[str | None, dict[str, int]]:
    """The queue whose +25 % speed gains the most completed cases, clear by a factor of two; and all gains."""
    base = completed(spec, visits)
    since = spec.shift if spec.shift is not None else spec.until / 3
    gains = {
        machine.name: completed(spec, simulate(spec, (index, 1.25, since))) - base
        for index, machine in enumerate(spec.machines)
        if machine.kind == "queue"
    }
    first, second = ([*sorted(gains.values(), reverse=True), 0, 0])[:2]
    least = max(5, 0.005 * base)
    clear = first >= least and first >= 2 * max(second, 1)
    return (max(gains, key=lambda name: gains[name]) if clear else None), gains
