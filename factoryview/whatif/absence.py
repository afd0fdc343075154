"""When fewer worked than usual: days in a row on which a pool never had all its servers at work, though cases waited.

A pool that is often full is so on most days. If for many days in a row it never was, and more waited before it than on
half of the other days, somebody was away; by chance that happens in one of a thousand logs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from factoryview.whatif.calendar import Calendar
from factoryview.whatif.log import Floats, Ints, Log
from factoryview.whatif.structure import Structure

DAY_H = 24.0
FEWEST_DAYS = 5
BY_CHANCE = 1e-3
Heads = tuple[tuple[float, int], ...]
"""(hour, how many work from then on), ascending."""


def staffed(log: Log, structure: Structure, mine: Ints, servers: int, calendar: Calendar) -> Heads:
    """How many servers a pool had from when on.

    mine: its steps. servers: how many there are when nobody is away.
    """
    days: Floats = np.arange(np.ceil(log.complete_from / DAY_H), np.floor(log.now / DAY_H)).astype(np.float64) * DAY_H
    days = days[calendar.worked(days + DAY_H) > calendar.worked(days)]
    if len(days) < 2 * FEWEST_DAYS or len(mine) == 0:
        return ((-np.inf, servers),)
    most = _most_at_work(log.start[mine], log.end[mine], days)
    rested, chance = not_begun(log, structure, mine)
    evening = days + DAY_H
    came, begun = _number(np.sort(structure.enabled[mine]), evening), _number(np.sort(log.start[mine]), evening)
    waiting = came - begun + np.array([chance[rested <= moment].sum() for moment in evening.tolist()])
    full = most >= servers
    heads: list[tuple[float, int]] = [(-np.inf, servers)]
    for first, last in _runs(~full):
        length = last - first
        rest = np.ones(len(days), dtype=np.bool_)
        rest[first:last] = False
        if length < FEWEST_DAYS or not rest.any():
            continue
        by_chance = len(days) * (1.0 - full[rest].mean()) ** length
        if by_chance < BY_CHANCE and waiting[first:last].mean() > np.median(waiting[rest]):
            heads.append((float(days[first]), int(most[first:last].max())))
            if last < len(days):
                heads.append((float(days[last]), servers))
    return tuple(heads)


def not_begun(log: Log, structure: Structure, mine: Ints) -> tuple[Floats, Floats]:
    """Since when each open case rests on which nobody works, and the chance that it waits for one of these steps."""
    kinds, led = len(log.stages), structure.parent[mine]
    onward = np.zeros(len(log.case), dtype=np.bool_)
    onward[structure.parent[structure.parent >= 0]] = True
    settled = log.over & (onward | np.isfinite(log.closed[log.case]))
    share = np.bincount(log.stage[led[led >= 0]], minlength=kinds) / np.maximum(
        np.bincount(log.stage[settled], minlength=kinds), 1
    )
    order = np.lexsort((log.end, log.case))
    some = np.flatnonzero(np.diff(log.first) > 0)
    last = order[log.first[some + 1] - 1]
    last = last[log.over[last] & ~np.isfinite(log.closed[log.case[last]])]
    untouched = np.flatnonzero((np.diff(log.first) == 0) & ~np.isfinite(log.closed))
    first = float((led < 0).sum()) / max(len(some), 1)
    return (
        np.concatenate([log.end[last], log.arrived[untouched]]),
        np.concatenate([np.minimum(share[log.stage[last]], 1.0), np.full(len(untouched), min(first, 1.0))]),
    )


def heads_during(heads: Heads, moments: Floats) -> Ints:
    """How many there were at each moment; before the first known, the first."""
    since = np.array([at for at, _ in heads])
    number = np.array([many for _, many in heads], dtype=np.int64)
    return np.asarray(number[np.maximum(np.searchsorted(since, moments, side="right") - 1, 0)])


def _most_at_work(start: Floats, end: Floats, days: Floats) -> Ints:
    """Per day the most at work at once."""
    starts, ends = np.sort(start), np.sort(end)
    found = _number(starts, days) - _number(ends, days)
    day = np.searchsorted(days, starts, side="right") - 1
    inside = (day >= 0) & (starts < days[np.maximum(day, 0)] + DAY_H)
    np.maximum.at(found, day[inside], (_number(starts, starts) - _number(ends, starts))[inside])
    return found


def _number(sorted_: Floats, moments: Floats) -> Ints:
    """How many are not after each moment."""
    return np.searchsorted(sorted_, moments, side="right").astype(np.int64)


def _runs(true: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """[first, last) of every run of true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], true, [False]])))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
