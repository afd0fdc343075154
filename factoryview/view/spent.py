"""What cases have cost so far: the visits that each had behind it, at what a visit to the stage costs by a moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factoryview.factory.factory import Factory
from factoryview.flow.ladder import Work
from factoryview.flow.moment.history import History
from factoryview.flow.work import work_of
from factoryview.time import HOUR, utc
from factoryview.view.counts import Counts

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Spent:
    """How often the case of each stay had been at each stage before it came there."""

    factory: Factory
    past: History
    work: Work
    stages: tuple[str, ...]
    """Those that somebody works at who costs something."""
    id: NDArray[np.int64]
    """Of stays, ascending."""
    before: NDArray[np.int16]
    """Stays × stages."""

    def prices(self, at: int) -> Floats:
        """What a visit to each stage costs: time at work × the mean hourly cost of those who work there that day, over
        the window of a moment (µs UTC). NaN where one of them is not known, or too few cases left to say so.
        """
        from factoryview.flow.verdict.experiences import hourly_cost  # a first picture does not wait for it

        window, gate = self.past.window(at), self.factory.gate
        places = [self.past.stages.index(stage) for stage in self.stages]
        hours = self.work.per_visit(window)[places] / HOUR
        served = self.work.served[:, window.buckets].sum(axis=1)[places]
        hourly = [hourly_cost(self.factory.plant, stage, utc(at)) for stage in self.stages]
        each = np.array([np.nan if price is None else price for price in hourly], dtype=float) * hours
        return np.where([gate.enough(float(count)) for count in served], each, np.nan)

    def until(self, stays: NDArray[np.int64], at: int) -> Floats:
        """What the cases of some stays had cost before these; NaN where a visit has no price."""
        place = np.minimum(np.searchsorted(self.id, stays), max(len(self.id) - 1, 0))
        if not len(self.id):
            return np.full(len(stays), np.nan)
        return np.where(self.id[place] == stays, self._cost(self.before[place], at), np.nan)

    def in_the_end(self, at: int) -> Floats:
        """The same of all stays."""
        return self._cost(self.before, at)

    def _cost(self, visits: NDArray[np.int16], at: int) -> Floats:
        prices = self.prices(at)
        cost = visits @ np.nan_to_num(prices)
        unknown = (visits[:, ~np.isfinite(prices)] > 0).any(axis=1)
        return np.asarray(np.where(unknown, np.nan, cost))


def spent_of(factory: Factory, counts: Counts) -> Spent:
    """Ask the store; any thread may. counts: of all cases."""
    paid = {worker.stage for worker in factory.plant.workers if worker.cost_per_hour is not None}
    stages = tuple(stage for stage in counts.topology.stages if stage in paid)
    found = factory.store.ask("series/visits_before", names=list(stages))
    at: NDArray[Any] = np.asarray(found["stage"])
    each = (at[:, None] == np.arange(1, len(stages) + 1)).astype(np.int32)
    so_far = np.cumsum(each, axis=0) - each
    number = np.asarray(found["number"])
    begins = np.flatnonzero(np.diff(number, prepend=-1)) if len(number) else np.zeros(0, np.intp)
    lengths = np.diff(np.append(begins, len(number)))
    before = (so_far - np.repeat(so_far[begins], lengths, axis=0)).clip(max=np.iinfo(np.int16).max)
    order = np.argsort(np.asarray(found["id"]), kind="stable")
    work = work_of(factory.store, factory.plant, counts.history, counts.jams.wrecks)
    return Spent(factory, counts.history, work, stages, np.asarray(found["id"])[order], before[order].astype(np.int16))
