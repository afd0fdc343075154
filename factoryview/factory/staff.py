"""How many work at a stage, as the plant file says: a step function of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from factoryview.plant.models import Plant
from factoryview.time import hours_of

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Staff:
    """Heads from each moment (hours since 1970 UTC) to the next."""

    since: Floats
    heads: Floats
    posts: int | None

    def at(self, moments: Floats) -> Floats:
        """Heads at each moment; before the first one known, the first."""
        return self.heads[np.maximum(np.searchsorted(self.since, moments, side="right") - 1, 0)]


def staff_of(plant: Plant, stage: str) -> Staff | None:
    """People and robots at a stage along time; the posts where no worker is named; None where neither is."""
    zone = ZoneInfo(plant.timezone)
    known = plant.stage(stage)
    posts = known.posts if known is not None else None
    workers = [worker for worker in plant.workers if worker.stage == stage]
    if not workers:
        return None if not posts else Staff(np.array([-np.inf]), np.array([float(posts)]), posts)
    changes: list[tuple[float, int]] = []
    for worker in workers:
        start = -np.inf
        if worker.since is not None:
            start = hours_of(datetime.combine(worker.since, time(), zone))
        changes.append((start, worker.count))
        if worker.until is not None:
            stop = datetime.combine(worker.until + timedelta(days=1), time(), zone)
            changes.append((hours_of(stop), -worker.count))
    moments = np.unique([moment for moment, _ in changes])
    heads = np.array([sum(change for at, change in changes if at <= moment) for moment in moments], dtype=float)
    return Staff(moments, heads, posts)
