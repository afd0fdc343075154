"""What one simulated future brought: counts between its begin and its end, in plain numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factoryview.whatif.facts import Future
from factoryview.whatif.interventions import Setting
from factoryview.whatif.kernel import Run
from factoryview.whatif.log import Floats

WEEK_H = 168.0


@dataclass(frozen=True, eq=False)
class Measures:
    """Of one future."""

    throughput: float
    """Cases that ended well, a week."""
    lead_time: float
    """Their mean time from arrival to end, hours, each with its weight; NaN where none did."""
    on_time: float
    """Share of them within the promised time; NaN where none did."""
    wip: float
    """Cases in progress, the mean over the time."""
    losses: float
    """Cases that left because they waited, a week."""
    value: float
    """Value of the cases that ended well, a year; NaN where no values are known."""
    load: Floats
    """Per pool: work begun as a share of what its servers could do in their hours; NaN where nobody is."""
    queue: Floats
    """Per pool: the mean number of those who wait in it."""


def ends_of(future: Future, run: Run) -> tuple[Floats, NDArray[np.bool_]]:
    """Per case when it was over (∞: it is not), and whether it left because it waited."""
    steps, cases = future.replication.steps, len(future.donor)
    gave_up, left = run.gave_up, np.zeros(cases, dtype=np.bool_)
    left[steps.case[gave_up]] = True
    # A case that left has further steps that never become ready; it was over when it left.
    counts = np.isfinite(run.ready) | ~left[steps.case]
    over = np.full(cases, -np.inf)
    np.maximum.at(over, steps.case, np.where(counts, run.end, -np.inf))
    return np.where(np.isfinite(over), over, np.inf), left


def measured(future: Future, run: Run, setting: Setting, promise_h: float) -> Measures:
    """What a future brought between its begin and its end. promise_h: the lead time within which a case is in time."""
    begin, end = setting.begin, setting.end
    steps, pools = future.replication.steps, future.replication.pools
    over, left = ends_of(future, run)
    done = (over > begin) & (over <= end)
    good = done & ~left & setting.facts.won[future.donor]
    lead, weight = (over - future.replication.arrived)[good], future.weight[good]
    weeks = (end - begin) / WEEK_H
    there = np.clip(np.minimum(over, end) - np.maximum(future.replication.arrived, begin), 0.0, None).sum()
    worth = future.value[good]
    known = np.isfinite(worth)
    value = float(worth[known].mean() * good.sum()) if known.any() else (0.0 if not good.any() else np.nan)
    waited = np.flatnonzero(steps.queued & (run.ready < end))
    until = np.minimum(np.minimum(run.start[waited], run.end[waited]), end)
    waits = np.maximum(until - np.maximum(run.ready[waited], begin), 0.0)
    queue = np.bincount(steps.pool[waited], waits, len(pools)) / (end - begin)
    begun = waited[(run.start[waited] >= begin) & (run.start[waited] < end)]
    work = np.bincount(steps.pool[begun], steps.work[begun], len(pools))
    load = np.full(len(pools), np.nan)
    for place, pool in enumerate(pools):
        edges = np.array([begin, *(hour for hour, _ in pool.changes if hour < end), end])
        heads = np.array([pool.servers, *(number for hour, number in pool.changes if hour < end)])
        able = float((np.diff(pool.calendar.worked(edges)) * heads).sum())
        if able > 0:
            load[place] = work[place] / able
    return Measures(
        throughput=float(good.sum()) / weeks,
        lead_time=float(np.average(lead, weights=weight)) if len(lead) else np.nan,
        on_time=float(np.average(lead <= promise_h, weights=weight)) if len(lead) else np.nan,
        wip=float(there) / (end - begin),
        losses=float((left & done).sum()) / weeks,
        value=value / weeks * 365.25 / 7,
        load=load,
        queue=queue,
    )
