"""Mean waits in the simulator beside the formulas: M/M/1, M/M/c, M/D/1, tandem and a Jackson network with feedback."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np

from factoryview.whatif.kernel import Pool, Steps, simulate_all
from tests.kit.queues import JACKSON_SERVERS, jackson, single, tandem, wait_md1, wait_mmc

LOADS = (0.5, 0.7, 0.8, 0.9, 0.95)
WARM_UP = 0.1
"""Share of the customers of a run that are not counted: the queue is empty at first."""
Queue = tuple[Callable[[float, int], tuple[Steps, list[Pool]]], Callable[[float], tuple[float, ...]], int]

QUEUES: dict[str, Queue] = {
    "M/M/1": (lambda load, seed: single(1, load, SIZE, seed), lambda load: (wait_mmc(1, load),), 1),
    "M/M/3": (lambda load, seed: single(3, load, SIZE, seed), lambda load: (wait_mmc(3, load),), 1),
    "M/M/10": (lambda load, seed: single(10, load, SIZE, seed), lambda load: (wait_mmc(10, load),), 1),
    "M/D/1": (lambda load, seed: single(1, load, SIZE, seed, constant=True), lambda load: (wait_md1(load),), 1),
    "tandem": (lambda load, seed: tandem(load, SIZE, seed), lambda load: (wait_mmc(1, load),) * 3, 3),
    "Jackson": (
        lambda load, seed: jackson(load, SIZE, seed),
        lambda load: tuple(wait_mmc(c, load, mean) for c, mean in zip(JACKSON_SERVERS, (1.0, 1.5), strict=True)),
        2,
    ),
}  # fmt: skip
SIZE = 400_000
"""Customers a run."""


def _measured(steps: Steps, waits: np.ndarray, pool: int) -> tuple[float, float, float]:
    """Mean wait at a pool in one run, and the mean work and the pace there, whose true means are known."""
    counted = steps.case >= WARM_UP * SIZE
    here = counted & (steps.pool == pool)
    release = steps.release[steps.parent < 0]
    span = float(release[-1] - release[int(WARM_UP * SIZE)])
    return float(waits[here].mean()), float(steps.work[here].mean()), float(here.sum()) / span


def _estimate(rows: np.ndarray, expected: tuple[float, float]) -> tuple[float, float]:
    """Mean and half width (95 %) of the first column, less what the others' known means explain (control variates)."""
    wait, controls = rows[:, 0], rows[:, 1:] - expected
    controls = controls[:, controls.std(axis=0) > 1e-12]
    design = np.column_stack([np.ones(len(rows)), controls])
    solved, *_ = np.linalg.lstsq(design, wait, rcond=None)
    rest = wait - design @ solved
    variance = rest @ rest / (len(rows) - design.shape[1])
    spread = np.sqrt(variance * np.linalg.inv(design.T @ design)[0, 0])
    return float(solved[0]), float(1.96 * spread)


def run(seconds: int = 120, percent: int = 0) -> dict[str, object]:
    """percent: only that utilisation; 0: all. Runs are added until the half width is under 1 % of the theory, or so
    many seconds of a queue at a load are over."""
    found = []
    loads = (percent / 100,) if percent else LOADS
    for name, (make, theory, pools) in QUEUES.items():
        for load in loads:
            begin, rows, seed = perf_counter(), [list[tuple[float, float, float]]() for _ in range(pools)], 0
            expected = theory(load)
            while True:
                jobs = [(*make(load, round(1e5 * load) + seed + k), 0) for k in range(4)]
                seed += 4
                for (steps, _, _), done in zip(jobs, simulate_all(jobs), strict=True):
                    for pool in range(pools):
                        rows[pool].append(_measured(steps, done.start - done.ready, pool))
                known = [(1.0, load * jobs[0][1][0].servers) if name != "Jackson" else
                         ((1.0, 1.5)[pool], load * JACKSON_SERVERS[pool] / (1.0, 1.5)[pool])
                         for pool in range(pools)]  # fmt: skip
                if seed < 12:
                    continue
                estimates = [_estimate(np.array(rows[pool]), known[pool]) for pool in range(pools)]
                if perf_counter() - begin > seconds or all(
                    half < 0.01 * wait for (_, half), wait in zip(estimates, expected, strict=True)
                ):
                    break
            for pool, ((mean, half), wait) in enumerate(zip(estimates, expected, strict=True)):
                off = 100 * (mean / wait - 1)
                found.append(
                    {
                        "queue": name if pools == 1 else f"{name} {pool + 1}", "load": load, "theory": round(wait, 5),
                        "simulated": round(mean, 5), "half_width_percent": round(100 * half / wait, 2),
                        "off_percent": round(off, 2), "within_1_percent": abs(off) <= 1, "customers": seed * SIZE,
                    }
                )  # fmt: skip
    covered = sum(abs(row["off_percent"]) <= row["half_width_percent"] for row in found)  # type: ignore[operator]
    return {
        "rows": found,
        "all_within_1_percent": all(row["within_1_percent"] for row in found),
        "share_within_half_width": round(covered / len(found), 2),
    }
