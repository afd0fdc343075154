"""A plant as its log shows it at a moment: what a simulation of it needs, and what of that is a guess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.whatif.absence import Heads
from factoryview.whatif.calendar import Calendar
from factoryview.whatif.capacity import PoolFound, calendar_of, found_pool, group_stages
from factoryview.whatif.delays import Delays, bounds, estimate, expected, on_calendar, ready_before, turnbull
from factoryview.whatif.discipline import discipline
from factoryview.whatif.donors import Donors, counted_over, donors_of
from factoryview.whatif.holidays import Holidays, holidays_of
from factoryview.whatif.kernel import Order
from factoryview.whatif.log import Floats, Ints, Log
from factoryview.whatif.structure import Structure, structure_of

FEWEST_CASES = 20
"""Completed cases below which nothing is simulated."""
NO_DELAY = 0.05
"""Share of all gaps up to which foreign delays are none, so that it can be seen who waits since when."""


@dataclass(frozen=True, eq=False)
class Calibration:
    """What was found in a log, per step, pool and stage."""

    log: Log
    structure: Structure
    calendar: Calendar
    """Of the whole plant."""
    pools: tuple[PoolFound, ...]
    delays: tuple[Delays, ...]
    """Per stage: delays that nobody's work causes, before it."""
    donors: Donors
    pool: Ints
    """Per step the place of its pool; `len(pools)`: done outside the pool's hours, on a clock that never rests."""
    work: Floats
    """Per step, in hours of its pool's clock; NaN while it lasts."""
    place: Ints
    """Per step its place among the steps of its stage, in `delays`."""
    priority: Floats
    """Per step: lower ones are served first, in pools that serve by priority."""

    @property
    def capacity_visible(self) -> bool:
        """Whether any queue can be seen to be limited by its servers; if not, more people change nothing here."""
        return any(pool.constrained for pool in self.pools)

    @property
    def guessed(self) -> tuple[PoolFound, ...]:
        """Pools that limit, whose servers nobody said and who are not seen at work one by one."""
        return tuple(pool for pool in self.pools if pool.constrained and pool.counted in ("peak", "rate"))

    @property
    def starts_known(self) -> bool:
        """Whether the log says when work began; if not, waiting and work were told apart by the number of servers."""
        return self.log.entered is None

    def names(self, pool: PoolFound) -> tuple[str, ...]:
        """The stages of a pool."""
        return tuple(self.log.stages[stage] for stage in pool.stages)

    def pool_of(self, stage: str) -> PoolFound | None:
        """The pool in which a stage is worked on; None for a stage there is not."""
        code = self.log.stages.index(stage) if stage in self.log.stages else -1
        return next((pool for pool in self.pools if code in pool.stages), None)

    @cached_property
    def holidays(self) -> Holidays:
        """On which fewer cases come."""
        return holidays_of(self.log, self.calendar)

    @cached_property
    def a_week(self) -> float:
        """Cases that come in a week without holidays; `donors.rate` is that of the weeks as they were."""
        since = counted_over(self.log)
        of_day = np.zeros(7)
        np.add.at(of_day, np.floor(self.donors.hour / 24.0).astype(np.int64), self.donors.weight)
        return self.donors.rate / (1.0 - self.holidays.taken(since, self.log.now, of_day))

    @cached_property
    def queued(self) -> NDArray[np.bool_]:
        """Per step: whether it waits for a server; all others begin as long after their release as they did."""
        constrained = np.array([*(pool.constrained for pool in self.pools), False])
        return np.asarray(constrained[self.pool])

    @cached_property
    def load(self) -> Floats:
        """Per pool the share of its servers' hours of the log that they worked; NaN where there are none."""
        work = np.bincount(self.pool, np.nan_to_num(self.work), len(self.pools) + 1)[:-1]
        hours = [one.servers * float(np.diff(one.calendar.worked(np.array([self.log.since, self.log.now])))[0])
                 for one in self.pools]  # fmt: skip
        able = np.array(hours, dtype=np.float64)
        return np.asarray(np.divide(work, able, out=np.full(len(work), np.nan), where=able > 0))


def calibrate(
    log: Log,
    *,
    calendar: Calendar | None = None,
    heads: Mapping[str, Heads] | None = None,
    assumed: Mapping[str, Heads] | None = None,
) -> Calibration:
    """The calibration of a log.

    calendar: the plant's working hours, where its file says them; heads: how many work at a stage from which hour on,
    where it says so; assumed: the same as a guess.
    Raises InputError where fewer than `FEWEST_CASES` cases are complete.
    """
    donors = donors_of(log)
    if len(donors.case) < FEWEST_CASES:
        raise InputError(
            said("error.too_few_cases", found=len(donors.case), least=FEWEST_CASES),
            cure=said("error.longer_log"),
        )
    structure = structure_of(log)
    whole = calendar or calendar_of(np.concatenate([log.start, log.end[log.over]]))
    plan = {log.stages.index(name): steps for name, steps in (heads or {}).items() if name in log.stages}
    guess = {log.stages.index(name): steps for name, steps in (assumed or {}).items() if name in log.stages}
    pools = [found_pool(log, structure, stages, whole, plan, calendar, guess) for stages in group_stages(log)]
    pool, work = np.zeros(len(log.case), dtype=np.int64), np.full(len(log.case), np.nan)
    delays: list[Delays | None] = [None] * len(log.stages)
    place, priority = np.zeros(len(log.case), dtype=np.int64), np.zeros(len(log.case))
    for number, found in enumerate(pools):
        mine = np.flatnonzero(np.isin(log.stage, found.stages))
        pool[mine], work[mine] = _worked(log, mine, found, number, len(pools))
        low, high = bounds(log.start[mine], structure.enabled[mine], structure.gap[mine], found)
        low = np.where(structure.enabled[mine] + low < log.complete_from, 0.0, low)
        if log.entered is not None and found.constrained:
            low = high = np.zeros(len(mine))  # its starts were worked out so that nothing else is waited for
        order: Order = "first come"
        if found.constrained and log.entered is None:
            order, rank = discipline(structure.enabled[mine], log.start[mine])
        front = ready_before(log.start[mine], structure.enabled[mine] + low)
        tight = np.clip(front - structure.enabled[mine], low, high)
        if order == "priority":  # foreign delays would not leave two classes apart: who came first need not be first
            tight = low
        for stage in found.stages:
            here = log.stage[mine] == stage
            place[mine[here]] = np.arange(here.sum())
            delays[stage] = (
                estimate(low[here], high[here], tight[here])
                if found.constrained
                else turnbull(high[here], high[here])
            )  # fmt: skip
        foreign = sum(float(expected(one).sum()) for stage in found.stages if (one := delays[stage]) is not None)
        if order != "first come" and foreign <= NO_DELAY * structure.gap[mine].sum():
            pools[number], priority[mine] = replace(found, order=order), rank
    every = tuple(one for one in delays if one is not None)
    return Calibration(log, structure, whole, tuple(pools), every, donors, pool, work, place, priority)


def _worked(log: Log, mine: Ints, found: PoolFound, number: int, outside: int) -> tuple[Ints, Floats]:
    """The pool and the work of steps: in the pool's clock if they begin on its calendar, else wall-clock outside it.

    Where only the end lies off the calendar, what was worked after hours counts as work.
    """
    start, end, over = log.start[mine], log.end[mine], log.over[mine]
    ends = np.where(over, end, start)
    began, ended = on_calendar(start, found.calendar), on_calendar(ends, found.calendar)
    inside = found.calendar.worked(ends) - found.calendar.worked(start)
    if found.constrained:
        late = np.where(ended, 0.0, ends - found.calendar.moment(found.calendar.worked(ends)))
        regular, worked = began, inside + np.minimum(late, ends - start - inside)
    else:
        regular, worked = began & ended, inside
    work = np.where(over, np.where(regular, worked, ends - start), np.nan)
    return np.where(regular | ~over, number, outside), np.maximum(work, 0.0)
