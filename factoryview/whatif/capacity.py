"""Who works where and when: pools of stages that share people, their working hours, their servers, and saturation.

A pool is *idle* while fewer of its servers work than it has, for more than two seconds of its working time; at the
instant between one end and the next start it is not. It is *constrained* if a tenth of its steps began when it had not
been idle immediately before: only there does one more server change anything that this log can show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factoryview.whatif.absence import Heads, heads_during, staffed
from factoryview.whatif.calendar import Calendar
from factoryview.whatif.kernel import Order
from factoryview.whatif.log import Floats, Ints, Log
from factoryview.whatif.structure import Structure

SHARED = 0.5
"""Stages whose people are the same by this share are one pool."""
RARE_DAY, RARE_HOUR, RARE_CELL, CELL_ENOUGH = 0.02, 0.005, 0.02, 40
OWN_CALENDAR = 400
"""Steps from which on a pool has a calendar of its own."""
FULL_QUANTILE = 0.995
KAPPA, KAPPA_STEPS = 0.10, 50
IDLE_H = 2.0 / 3600
MULTITASKING = 0.02
STEADY, STEADY_STEPS = 0.5, 20


@dataclass(frozen=True, eq=False)
class PoolFound:
    """Stages that share servers, as the log shows them."""

    stages: tuple[int, ...]
    calendar: Calendar
    servers: int
    kappa: float
    """Share of its steps that began when it had not been idle immediately before."""
    steps: int
    constrained: bool
    """Whether a queue before it can be seen to be limited by its servers."""
    counted: str
    """How the servers were found: "plan" (the plant says it), "people" (each seen at work), "rate" (what explains best
    when cases leave), "peak" (the most at work at once)."""
    heads: Heads
    """How many there were from which hour on: as the plant says it, or less those who can be seen to have been away."""
    idle_begins: Floats
    """Idle spans, in hours since the Monday; ascending."""
    idle_ends: Floats
    order: Order = "first come"
    """Who is served next, of those who wait."""


def group_stages(log: Log) -> tuple[tuple[int, ...], ...]:
    """Stages that share people, by the smallest first."""
    if log.entered is not None:
        return tuple((stage,) for stage in range(len(log.stages)))
    named = log.person >= 0
    kinds, people = len(log.stages), int(log.person.max(initial=-1)) + 1
    work = np.zeros((kinds, max(people, 1)))
    np.add.at(work, (log.stage[named], log.person[named]), 1.0)
    share = work / np.maximum(work.sum(axis=1, keepdims=True), 1.0)
    root = list(range(kinds))

    def find(stage: int) -> int:
        while root[stage] != stage:
            stage = root[stage]
        return stage

    for one in range(kinds):
        for other in range(one + 1, kinds):
            if np.minimum(share[one], share[other]).sum() >= SHARED:
                low, high = sorted((find(one), find(other)))
                root[high] = low
    members: dict[int, list[int]] = {}
    for stage in range(kinds):
        members.setdefault(find(stage), []).append(stage)
    return tuple(tuple(group) for group in members.values())


def calendar_of(moments: Floats) -> Calendar:
    """The weekly hours in which these moments lie: weekdays with at least 2 % of them, hours with at least 0.5 %.

    Of cells that should hold 40 and more, those with less than a fiftieth of it are closed, too. Where nothing is left,
    or there are fewer than 100, around the clock.
    """
    cell = np.floor(np.mod(moments[np.isfinite(moments)], 168.0)).astype(np.int64)
    if len(cell) < 100:
        return Calendar.always()
    counts = np.bincount(cell, minlength=168).reshape(7, 24).astype(np.float64)
    days = counts.sum(axis=1) >= RARE_DAY * counts.sum()
    hours = counts[days].sum(axis=0) >= RARE_HOUR * counts[days].sum()
    table = days[:, None] & hours[None, :]
    usual = counts[table].mean() if table.any() else 0.0
    if usual >= CELL_ENOUGH:
        table &= counts >= RARE_CELL * usual
    return Calendar.of_hours(table) if table.any() else Calendar.always()


def running_after(start: Floats, end: Floats) -> Ints:
    """How many are at work just after each start."""
    return np.searchsorted(np.sort(start), start, side="right") - np.searchsorted(np.sort(end), start, side="right")


def servers_seen(start: Floats, end: Floats) -> int:
    """The 99.5 % quantile over the starts of those at work just after; at least one."""
    return max(1, int(np.quantile(running_after(start, end), FULL_QUANTILE, method="higher"))) if len(start) else 1


def people_seen(log: Log, chosen: Ints, calendar: Calendar) -> int | None:
    """The number of those who work on these steps, where each is steadily seen and does one thing at a time."""
    person, start, end = log.person[chosen], calendar.worked(log.start[chosen]), calendar.worked(log.end[chosen])
    if not len(chosen) or (person < 0).any() or np.bincount(person).max() == 0:
        return None
    known = np.unique(person)
    order = np.lexsort((start, person))
    person, start, end = person[order], start[order], end[order]
    same = person[1:] == person[:-1]
    overlap = np.maximum(np.minimum(end[:-1], end[1:]) - start[1:], 0.0)[same].sum()
    if overlap > MULTITASKING * max(float((end - start).sum()), 1e-9):
        return None
    week = np.floor(log.start[chosen][order] / 168.0).astype(np.int64)
    weeks = len(np.unique(week))
    seen = np.array([len(np.unique(week[person == who])) for who in known.tolist()])
    steps = np.bincount(person)[known]
    steady = (seen >= STEADY * weeks) & (steps >= STEADY_STEPS)
    return len(known) if steady.all() else None


def idle_spans(start: Floats, end: Floats, heads: Heads, calendar: Calendar) -> tuple[Floats, Floats]:
    """When fewer than were there were at work, for more than two seconds of working time: begins and ends, hours.

    Before the first start the pool is idle, and after the last end. end: infinite for work that goes on.
    """
    end, turns = end[np.isfinite(end)], np.array([at for at, _ in heads if np.isfinite(at)])
    moments = np.concatenate([start, end, turns])
    steps = np.concatenate([np.ones(len(start)), -np.ones(len(end)), np.zeros(len(turns))]).astype(np.int64)
    order = np.lexsort((steps, moments))
    moments, at_work = moments[order], np.cumsum(steps[order])
    last = np.concatenate([moments[1:] != moments[:-1], [True]])
    moments, idle = moments[last], at_work[last] < heads_during(heads, moments[last])
    turns = np.flatnonzero(np.concatenate([[not idle[0]], idle[1:] != idle[:-1]]))
    begins = np.concatenate([[-np.inf], moments[turns[idle[turns]]]])
    ends = np.concatenate([moments[turns[~idle[turns]]], [np.inf]])[: len(begins)]
    worked = np.where(
        np.isfinite(begins) & np.isfinite(ends),
        calendar.worked(np.nan_to_num(ends, posinf=0.0)) - calendar.worked(np.nan_to_num(begins, neginf=0.0)),
        np.inf,
    )
    kept = worked > IDLE_H
    return begins[kept], ends[kept]


def last_idle(moments: Floats, begins: Floats, ends: Floats, calendar: Calendar) -> tuple[Floats, NDArray[np.bool_]]:
    """Per moment the last working moment before it at which the pool was idle, and whether it was so right up to then.

    A pool that became idle less than two seconds of working time ago was not. −∞ if it never was.
    """
    span = np.searchsorted(begins, moments, side="left") - 1
    inside = (span >= 0) & (moments <= ends[np.maximum(span, 0)])
    begun = begins[np.maximum(span, 0)]
    ago = calendar.worked(moments) - calendar.worked(np.where(np.isfinite(begun), begun, moments - 1e4))
    now = inside & (ago > IDLE_H)
    earlier = np.where(inside, span - 1, span)
    before = np.where(earlier >= 0, ends[np.maximum(earlier, 0)], -np.inf)
    last = np.where(now, moments, before)
    finite = np.isfinite(last)
    working = calendar.moment(calendar.worked(np.where(finite, last, 0.0)))
    return np.where(finite, np.minimum(last, working), last), now


def saturation(start: Floats, begins: Floats, ends: Floats, calendar: Calendar) -> NDArray[np.bool_]:
    """Per start whether the pool had not been idle immediately before."""
    return np.asarray(~last_idle(start, begins, ends, calendar)[1])


def found_pool(
    log: Log, structure: Structure, stages: Sequence[int], plant: Calendar, plan: Mapping[int, Heads],
    given: Calendar | None, guess: Mapping[int, Heads] | None = None,
) -> PoolFound:  # fmt: skip
    """What the log shows of stages that share servers.

    plant: working hours of all together; given: those the plant file says; plan: the servers it says, by stage;
    guess: those assumed where nobody says anything.
    """
    mine = np.flatnonzero(np.isin(log.stage, stages))
    over = mine[log.over[mine]]
    start, end = log.start[mine], log.end[mine]
    if given is not None:
        calendar = given
    elif len(over) >= OWN_CALENDAR and log.entered is None:
        calendar = calendar_of(np.concatenate([log.start[over], log.end[over]]))
    else:
        calendar = plant
    counted, servers, changed = "peak", servers_seen(start, end), -np.inf
    heads: Heads | None = None
    people = people_seen(log, over, calendar)
    if guess and all(stage in guess for stage in stages):
        counted, servers = "rate", max(1, sum(heads_at(guess[stage], log.now) for stage in stages))
    elif all(stage in plan for stage in stages):
        counted, servers = "plan", max(1, sum(heads_at(plan[stage], log.now) for stage in stages))
        turns = sorted({at for stage in stages for at, _ in plan[stage]})
        heads = tuple((at, sum(heads_at(plan[stage], at) for stage in stages)) for at in turns if at <= log.now)
        changed = max(at for stage in stages for at, _ in plan[stage] if at <= log.now or at == -np.inf)
    elif people is not None:
        counted, servers = "people", people
    if heads is None and log.entered is None:
        heads = staffed(log, structure, mine, servers, calendar)
        servers = max(1, heads[-1][1])
    heads = heads or ((-np.inf, servers),)
    begins, ends = idle_spans(start, end, heads, calendar) if len(start) else (start, end)
    if log.entered is not None:
        full = calendar.next_open(log.entered[mine]) < start
    else:
        full = saturation(start, begins, ends, calendar)
    lately = start >= max(changed, log.complete_from)
    lately = lately if lately.sum() >= KAPPA_STEPS else np.ones(len(start), dtype=np.bool_)
    kappa = float(full[lately].mean()) if lately.any() else 0.0
    worked = log.delay is None or not log.delay[list(stages)].any()
    constrained = worked and kappa >= KAPPA and len(mine) >= KAPPA_STEPS
    return PoolFound(tuple(stages), calendar, servers, kappa, len(mine), constrained, counted, heads, begins, ends)


def heads_at(steps: Heads, moment: float) -> int:
    """How many work at a moment; before the first known, the first."""
    return next((number for at, number in reversed(steps) if at <= moment), steps[0][1])
