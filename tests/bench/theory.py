"""Mean waits in the simulator beside the formulas: M/M/1, M/M/c, M/D/1, tandem and a Jackson network with feedback.

Near saturation a mean wait is told from chance only after tens of millions of customers. What chance did is known,
though: the gap to the next arrival, a work time and a way back have known means, whatever the queues are just then.
Their deviations, times the waits of that moment, are martingales of mean zero that explain nearly all of the noise
(control variates; Henderson and Glynn 2002, "Approximating martingales for variance reduction").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from factoryview.whatif.kernel import Pool, Run, Steps, simulate_all
from tests.kit.queues import JACKSON_AGAIN, JACKSON_SERVERS, jackson, single, tandem, wait_md1, wait_mmc

LOADS = (0.5, 0.7, 0.8, 0.9, 0.95)
SIZE = 100_000
"""Customers a run."""
WARM_UP = 0.1
"""Share of the customers of a run that are not counted: the queue is empty at first."""
BATCH, RUNS_A_CONTROL = 8, 4
"""Runs at once; runs for every control before it is relied on."""
PRECISE = 0.005
"""Runs are added until the half width of the 95 % interval is under this share of the theory."""


@dataclass(frozen=True)
class Queue:
    """A queue that theory knows, at a load."""

    made: Callable[[int], tuple[Steps, list[Pool]]]
    """From a seed."""
    waits: tuple[float, ...]
    """Per pool, in hours."""
    gap: float
    """Mean between arrivals from outside."""
    work: tuple[float, ...]
    """Mean per pool."""
    again: float = 0.0
    """Chance to go back after the last pool."""


def queues(load: float) -> dict[str, Queue]:
    """Every queue at this load."""
    found = {
        f"M/M/{c}": Queue(lambda seed, c=c: single(c, load, SIZE, seed), (wait_mmc(c, load),), 1 / load / c, (1.0,))
        for c in (1, 3, 10)
    }
    found["M/D/1"] = Queue(lambda seed: single(1, load, SIZE, seed, constant=True), (wait_md1(load),), 1 / load, (1.0,))
    found["tandem"] = Queue(lambda seed: tandem(load, SIZE, seed), (wait_mmc(1, load),) * 3, 1 / load, (1.0,) * 3)
    work = (1.0, JACKSON_SERVERS[1] / JACKSON_SERVERS[0])
    found["Jackson"] = Queue(
        lambda seed: jackson(load, SIZE, seed),
        tuple(wait_mmc(c, load, mean) for c, mean in zip(JACKSON_SERVERS, work, strict=True)),
        1 / (1 - JACKSON_AGAIN) / (load * JACKSON_SERVERS[0]), work, JACKSON_AGAIN,
    )  # fmt: skip
    return found


def measured(queue: Queue, steps: Steps, run: Run) -> tuple[list[float], list[float]]:
    """Of one run the mean wait per pool, and the controls: means that are zero but for chance."""
    counted = steps.case >= WARM_UP * SIZE
    wait = run.start - run.ready
    pools = range(len(queue.waits))
    at = [np.flatnonzero(steps.pool == pool) for pool in pools]
    at = [mine[np.argsort(run.ready[mine], kind="stable")] for mine in at]

    def lately(pool: int, moments: np.ndarray, side: str) -> np.ndarray:
        """The wait of the last that came to a pool by each moment: it depends on nothing later."""
        place = np.searchsorted(run.ready[at[pool]], moments, side=side) - 1  # type: ignore[call-overload]
        return np.where(place >= 0, wait[at[pool][np.maximum(place, 0)]], 0.0)

    controls: list[float] = []

    def control(surprise: np.ndarray, waits: list[np.ndarray]) -> None:
        controls.extend([float(surprise.mean()), *(float((surprise * one).mean()) for one in waits)])

    came = np.sort(steps.release[(steps.parent < 0) & counted])
    control(np.diff(came) - queue.gap, [lately(pool, came[:-1], "right") for pool in pools])
    for pool in pools:
        mine = at[pool][counted[at[pool]]]
        others = [wait[mine] if one == pool else lately(one, run.start[mine], "right") for one in pools]
        control(steps.work[mine] - queue.work[pool], others)
    if queue.again:
        done = at[-1][counted[at[-1]]]
        goes_on = np.append(steps.parent[1:] == np.arange(len(steps) - 1), False)
        control(goes_on[done] - queue.again, [lately(pool, run.end[done], "left") for pool in pools])
    return [float(wait[mine[counted[mine]]].mean()) for mine in at], controls


def estimate(wait: np.ndarray, controls: np.ndarray) -> tuple[float, float]:
    """Mean and half width (95 %) of a column, less what the controls explain."""
    varied = controls[:, controls.std(axis=0) > 1e-12]
    design = np.column_stack([np.ones(len(wait)), varied / varied.std(axis=0)])
    solved, *_ = np.linalg.lstsq(design, wait, rcond=None)
    rest = wait - design @ solved
    variance = rest @ rest / (len(wait) - design.shape[1])
    spread = np.sqrt(variance * np.linalg.inv(design.T @ design)[0, 0])
    return float(solved[0]), float(1.96 * spread)


def run(seconds: int = 120, percent: int = 0) -> dict[str, object]:
    """percent: only that utilisation; 0: all. seconds: at most, of a queue at a load."""
    found = []
    for load in (percent / 100,) if percent else LOADS:
        for name, queue in queues(load).items():
            begin, waits, controls = perf_counter(), list[list[float]](), list[list[float]]()
            while True:
                jobs = [(*queue.made(round(1e5 * load) + len(waits) + k), 0) for k in range(BATCH)]
                for (steps, _, _), done in zip(jobs, simulate_all(jobs), strict=True):
                    one, chance = measured(queue, steps, done)
                    waits.append(one)
                    controls.append(chance)
                if len(waits) < RUNS_A_CONTROL * len(controls[0]):
                    continue
                estimates = [estimate(column, np.array(controls)) for column in np.array(waits).T]
                narrow = all(half < PRECISE * wait for (_, half), wait in zip(estimates, queue.waits, strict=True))
                if narrow or perf_counter() - begin > seconds:
                    break
            for pool, ((mean, half), wait) in enumerate(zip(estimates, queue.waits, strict=True)):
                off = 100 * (mean / wait - 1)
                found.append(
                    {
                        "queue": name if len(estimates) == 1 else f"{name} {pool + 1}", "load": load,
                        "theory": round(wait, 5), "simulated": round(mean, 5),
                        "half_width_percent": round(100 * half / wait, 2), "off_percent": round(off, 2),
                        "within_1_percent": abs(off) + 100 * half / wait <= 1, "customers": len(waits) * SIZE,
                        "seconds": round(perf_counter() - begin, 1),
                    }
                )  # fmt: skip
    covered = sum(abs(row["off_percent"]) <= row["half_width_percent"] for row in found)  # type: ignore[operator]
    return {
        "rows": found,
        "all_within_1_percent": all(row["within_1_percent"] for row in found),
        "share_within_half_width": round(covered / len(found), 2),
    }
