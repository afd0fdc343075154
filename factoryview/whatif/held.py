"""What holds cases back beside servers: batches, as a log shows them and as they might be, and limits on belts."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from factoryview.whatif.calibration import Calibration
from factoryview.whatif.facts import Future
from factoryview.whatif.kernel import Steps
from factoryview.whatif.log import Floats, Ints, Log

TOGETHER_H = 2.0 / 3600
"""Steps of a stage are of one batch if each begins (in a log of entries: ends) so soon after the one before it."""
BATCHED = 0.5
"""A stage works in batches if so many of its steps are of one with others."""


@dataclass(frozen=True, eq=False)
class Batches:
    """The batches of a log."""

    size: Ints
    """Per step, how many are of its batch; 1: none other is."""
    complete: Floats
    """Per step, when the last of its batch was released, hours."""

    def share(self, log: Log, stage: int) -> float:
        """Share of the steps of a stage that are of a batch with others."""
        here = log.stage == stage
        return float((self.size[here] > 1).mean()) if here.any() else 0.0


def batches_of(calibration: Calibration) -> Batches:
    """Steps of a stage that are begun together; where a log has no begins, those that end together."""
    log, enabled = calibration.log, calibration.structure.enabled
    at = log.start if log.entered is None else np.where(log.over, log.end, np.nan)
    size, complete = np.ones(len(at), dtype=np.int64), enabled.copy()
    for stage in range(len(log.stages)):
        mine = np.flatnonzero((log.stage == stage) & np.isfinite(at))
        mine = mine[np.argsort(at[mine], kind="stable")]
        if not len(mine):
            continue
        lot = np.cumsum(np.concatenate([[0], np.diff(at[mine]) > TOGETHER_H]))
        last = np.full(int(lot[-1]) + 1, -np.inf)
        np.maximum.at(last, lot, enabled[mine])
        size[mine], complete[mine] = np.bincount(lot)[lot], np.minimum(last[lot], at[mine])
    return Batches(size, np.maximum(complete, enabled))


def batched(calibration: Calibration, stage: str) -> bool:
    """Whether a stage can be seen to work in batches."""
    log = calibration.log
    return stage in log.stages and batches_of(calibration).share(log, log.stages.index(stage)) >= BATCHED


def in_hand(steps: Steps) -> NDArray[np.bool_]:
    """Per step, whether work on it had begun before the simulation does."""
    return steps.in_hand if len(steps.in_hand) else np.zeros(len(steps), dtype=np.bool_)


def in_batches(future: Future, calibration: Calibration, stage: str, size: int) -> Future:
    """The future with cases of a stage that wait until so many are together; for those with whom they were worked on
    in the past they wait no longer. Whose work has begun goes on with it.
    """
    log, replication = calibration.log, future.replication
    code, steps = log.stages.index(stage), replication.steps
    here = replication.stage == code
    source = replication.source
    found = batches_of(calibration)
    begin = calibration.structure.enabled[source]
    delay, work = steps.delay, steps.work
    if log.entered is None:
        delay = np.where(here & ~steps.queued, np.maximum(delay - (found.complete[source] - begin), 0.0), delay)
    else:
        clock = calibration.pools[next(k for k, pool in enumerate(calibration.pools) if code in pool.stages)].calendar
        waited = clock.worked(np.nan_to_num(found.complete[source])) - clock.worked(begin)
        work = np.where(here & ~steps.queued, np.maximum(work - waited, 0.0), work)
    steps = replace(steps, delay=delay, work=work)
    held = replication.held
    if size > 1:
        gather = steps.gather if len(steps.gather) else np.full(len(steps), -1)
        steps = replace(steps, gather=np.where(here & ~in_hand(steps), len(held.batches), gather))
        held = replace(held, batches=(*held.batches, size))
    return replace(future, replication=replace(replication, steps=steps, held=held))


def forward(log: Log) -> NDArray[np.bool_]:
    """Stage × stage: whether the second comes later on the way, by the mean place of both in their cases."""
    length = np.diff(log.first)[log.case]
    place = (np.arange(len(log.case)) - log.first[log.case] + 0.5) / length
    count = np.bincount(log.stage, minlength=len(log.stages))
    mean = np.bincount(log.stage, place, len(log.stages)) / np.maximum(count, 1)
    return np.asarray(mean[:, None] < mean[None, :])


def feeding(calibration: Calibration, stage: str) -> bool:
    """Whether anything comes to a stage from one before it, so that it could be held back there."""
    log, parent = calibration.log, calibration.structure.parent
    code = log.stages.index(stage)
    here = np.flatnonzero((log.stage == code) & (parent >= 0))
    return bool(forward(log)[log.stage[parent[here]], code].any())


def with_limit(future: Future, calibration: Calibration, stage: str, most: int) -> Future:
    """The future in which only so many are between the begin of the step before and their own at a stage.

    Whoever would bring one more does not begin. What comes back from further on must be let in, else nothing would
    ever move again; and nobody can stop who comes from outside. Whose work has begun goes on with it: it need not ask
    for the room that it is going to need, and has left the one in which it waited.
    """
    replication, log = future.replication, calibration.log
    steps, code = replication.steps, log.stages.index(stage)
    of, parent, begun = replication.stage, steps.parent, in_hand(steps)
    before = np.maximum(parent, 0)
    here = (of == code) & ~begun & np.where(parent >= 0, forward(log)[of[before], code], replication.open[steps.case])
    asks = steps.asks.copy() if len(steps.asks) else np.full(len(steps), -1)
    room = steps.room.copy() if len(steps.room) else np.full(len(steps), -1)
    held, inner = replication.held, np.flatnonzero(here & (parent >= 0))
    _, one_each = np.unique(parent[inner], return_index=True)
    inner = inner[one_each]
    inner = inner[asks[parent[inner]] < 0]
    asking = parent[inner]
    asks[asking[~begun[asking]]] = len(held.rooms)
    room[inner] = len(held.rooms)
    room[here & (parent < 0)] = len(held.rooms)
    steps = replace(steps, asks=asks, room=room)
    held = replace(held, rooms=(*held.rooms, most))
    return replace(future, replication=replace(replication, steps=steps, held=held))
