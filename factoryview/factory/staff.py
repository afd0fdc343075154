"""Who works at a stage, as the plant file says: on a day, and as a step function of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from factoryview.plant.models import Plant, Worker
from factoryview.time import hours_of

Floats = NDArray[np.float64]


def workers_on(plant: Plant, stage: str, day: date) -> tuple[Worker, ...]:
    """Those who work at a stage on a day; `until` is the last day."""
    return tuple(
        worker
        for worker in plant.workers
        if worker.stage == stage
        and (worker.since is None or worker.since <= day)
        and (worker.until is None or day <= worker.until)
    )


def heads_on(plant: Plant, stage: str, day: date) -> tuple[int, int]:
    """How many people and how many robots work at a stage on a day."""
    count = {"person": 0, "robot": 0}
    for worker in workers_on(plant, stage, day):
        count[worker.kind] += worker.count
    return count["person"], count["robot"]


@dataclass(frozen=True)
class Staff:
    """Heads (people and robots) from each moment to the next; moments in hours since 1970 UTC, the first may be −∞."""

    since_h: Floats
    heads: Floats
    posts: int | None

    def at(self, moments_h: Floats) -> Floats:
        """Heads at each moment (hours); before the first one known, the first."""
        return self.heads[np.maximum(np.searchsorted(self.since_h, moments_h, side="right") - 1, 0)]


def staff_of(plant: Plant, stage: str) -> Staff | None:
    """Heads at a stage along time; the posts where no worker is named; None where neither is."""
    known = plant.stage(stage)
    posts = known.posts if known is not None else None
    workers = [worker for worker in plant.workers if worker.stage == stage]
    if not workers:
        return None if not posts else Staff(np.array([-np.inf]), np.array([float(posts)]), posts)
    begun = {worker.since or date.min for worker in workers}
    ended = {worker.until + timedelta(days=1) for worker in workers if worker.until is not None}
    days = sorted(begun | ended)
    heads = [float(sum(heads_on(plant, stage, day))) for day in days]
    return Staff(np.array([_midnight_h(plant, day) for day in days]), np.array(heads), posts)


def _midnight_h(plant: Plant, day: date) -> float:
    return -np.inf if day == date.min else hours_of(datetime.combine(day, time(), ZoneInfo(plant.timezone)))
