"""The simulator compiled by numba. Imported only where it is used: importing numba takes a second."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor, inf
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from factoryview.whatif.calendar import Floats
from factoryview.whatif.kernel import Ints, Plan, Steps

_F = TypeVar("_F", bound=Callable[..., object])
_END, _CHANGE, _READY, _OPEN, _LEAVE = range(5)


def _compiled(function: _F) -> _F:
    """Kept on disk between runs; lets other threads run meanwhile. No fast maths: both simulators say the same."""
    return cast(_F, numba.njit(cache=True, nogil=True)(function))


@_compiled
def _above(values: NDArray[Any], low: int, high: int, value: float) -> int:
    """Index of the first of values[low:high] above a value."""
    while low < high:
        middle = (low + high) // 2
        if values[middle] <= value:
            low = middle + 1
        else:
            high = middle
    return low


@_compiled
def _not_below(values: Floats, low: int, high: int, value: float) -> int:
    """Index of the first of values[low:high] not below a value."""
    while low < high:
        middle = (low + high) // 2
        if values[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@_compiled
def _next_open(at: float, period: float, begins: Floats, ends: Floats, low: int, high: int) -> float:
    number = floor(at / period)
    inside = at - number * period
    span = _above(ends, low, high, inside)
    if span == high:
        return float((number + 1) * period + begins[low])
    if begins[span] <= inside:
        return at
    return float(number * period + begins[span])


@_compiled
def _after(
    at: float, work: float, period: float, begins: Floats, ends: Floats, before: Floats, low: int, high: int, pool: int
) -> float:
    """The moment when so much work is done that begins at an open moment."""
    number = floor(at / period)
    inside = at - number * period
    span = max(_above(begins, low, high, inside) - 1, low)
    length = ends[span] - begins[span]
    part = min(max(inside - begins[span], 0.0), length)
    if part + work <= length:
        return at + work
    total = before[high + pool]
    hours = (before[span + pool] + part) + work
    periods = ceil(hours / total) - 1
    rest = hours - periods * total
    span = min(max(_not_below(before, low + pool, high + pool + 1, rest) - 1 - pool, low), high - 1)
    return max(at, float((number + periods) * period + (begins[span] + (rest - before[span + pool]))))


@_compiled
def _push(times: Floats, keys: Ints, size: int, time: float, key: int) -> int:
    """Onto a heap in two arrays, the earliest first, then the smallest key; the new size."""
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if times[above] < time or (times[above] == time and keys[above] < key):
            break
        times[at] = times[above]
        keys[at] = keys[above]
        at = above
    times[at] = time
    keys[at] = key
    return size + 1


@_compiled
def _pop(times: Floats, keys: Ints, size: int) -> int:
    """Drop the first of a heap; the new size."""
    size -= 1
    time = times[size]
    key = keys[size]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        other = below + 1
        if other < size and (
            times[other] < times[below] or (times[other] == times[below] and keys[other] < keys[below])
        ):
            below = other
        if time < times[below] or (time == times[below] and key < keys[below]):
            break
        times[at] = times[below]
        keys[at] = keys[below]
        at = below
    times[at] = time
    keys[at] = key
    return size


@_compiled
def _run(
    pool_of: Ints, parent_of: Ints, release: Floats, delay: Floats, work: Floats, queued: NDArray[np.bool_],
    priority: Floats, patience: Floats, servers_at_first: Ints, order: Ints, period: Floats, first_span: Ints,
    begins: Floats, ends: Floats, before: Floats, first_change: Ints, change_at: Floats, change_to: Ints,
    state: Any, until: float, arrivals: Ints, ready: Floats, start: Floats, end: Floats,
) -> None:  # fmt: skip
    n, pools, changes = len(pool_of), len(order), len(change_at)
    # The children of each step, in their order.
    child = np.full(n, -1, dtype=np.int64)
    sibling = np.full(n, -1, dtype=np.int64)
    room = np.zeros(pools + 1, dtype=np.int64)
    for step in range(n - 1, -1, -1):
        if parent_of[step] >= 0:
            sibling[step] = child[parent_of[step]]
            child[parent_of[step]] = step
        if queued[step]:
            room[pool_of[step] + 1] += 1
    room = np.cumsum(room)
    # Those who wait before a pool have room[pool]:room[pool + 1] of these for themselves.
    line = np.empty(max(room[pools], 1), dtype=np.int64)
    rank = np.empty(max(room[pools], 1), dtype=np.float64)
    came = np.empty(max(room[pools], 1), dtype=np.int64)
    who = np.empty(n, dtype=np.int64)  # in pools by priority: the step of each that came, from room[pool] on
    head = np.zeros(pools, dtype=np.int64)
    tail = np.zeros(pools, dtype=np.int64)
    arrived = np.zeros(pools, dtype=np.int64)
    servers = servers_at_first.copy()
    busy = np.zeros(pools, dtype=np.int64)
    opened = np.full(pools, -inf)
    called = np.full(pools, -inf)
    # An event's key says its kind and what it is of; kinds at the same moment come in their order.
    width = max(n, changes, pools, 1)
    times = np.empty(n + len(patience) + changes + pools + 1)
    keys = np.empty(n + len(patience) + changes + pools + 1, dtype=np.int64)
    size = 0
    stack = np.empty(n + 1, dtype=np.int64)
    base = np.empty(n + 1)
    touched = np.empty(pools, dtype=np.int64)
    is_touched = np.zeros(pools, dtype=np.bool_)
    touches = 0

    for change in range(changes):
        if change_at[change] <= until:
            size = _push(times, keys, size, change_at[change], _CHANGE * width + change)
    arrival = 0  # of those who come from outside, the next
    root = 0
    now = -inf
    kind = -1
    item = 0
    while True:
        # What becomes ready after this event: at first all that come from outside and need no server.
        top = 0
        if kind == _END:
            step = child[item]
            while step >= 0:
                stack[top], base[top] = step, now
                top += 1
                step = sibling[step]
        elif kind == -1:
            while root < n and (parent_of[root] >= 0 or queued[root]):
                root += 1
            if root < n:
                stack[0], base[0] = root, release[root]
                top = 1
                root += 1
            else:
                kind = -2
        while top > 0:
            top -= 1
            step = stack[top]
            at = base[top] + delay[step]
            if at > until:
                continue
            if queued[step]:
                size = _push(times, keys, size, at, _READY * width + step)
                continue
            ready[step] = at
            pool = pool_of[step]
            low, high = first_span[pool], first_span[pool + 1]
            begin = _next_open(at, period[pool], begins, ends, low, high)
            if begin > until:
                continue
            start[step] = begin
            done = _after(begin, work[step], period[pool], begins, ends, before, low, high, pool)
            if done <= until:
                end[step] = done
                following = child[step]
                while following >= 0:
                    stack[top], base[top] = following, done
                    top += 1
                    following = sibling[following]
        if kind == -1:
            continue
        # When all events of a moment are known, whoever waits is taken.
        coming = inf
        if arrival < len(arrivals):
            coming = release[arrivals[arrival]] + delay[arrivals[arrival]]
            if coming > until:
                coming = inf
        if touches > 0 and coming > now and (size == 0 or times[0] > now):
            for place in range(touches):
                pool = touched[place]
                is_touched[pool] = False
                if head[pool] == tail[pool] or busy[pool] >= servers[pool]:
                    continue
                low, high = first_span[pool], first_span[pool + 1]
                if opened[pool] != now:
                    opening = _next_open(now, period[pool], begins, ends, low, high)
                    if opening > now:
                        if called[pool] < opening and opening <= until:
                            called[pool] = opening
                            size = _push(times, keys, size, opening, _OPEN * width + pool)
                        continue
                first = room[pool]
                while head[pool] < tail[pool] and busy[pool] < servers[pool]:
                    if order[pool] == 0:
                        step = line[first + head[pool]]
                        head[pool] += 1
                    elif order[pool] == 1:
                        step = who[first + came[first]]
                        tail[pool] = _pop(rank[first:], came[first:], tail[pool])
                    else:
                        state = state + np.uint64(0x9E3779B97F4A7C15)
                        mixed = state
                        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
                        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
                        drawn = float((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(11)) * 2.0**-53
                        chosen = first + int(drawn * tail[pool])
                        step = line[chosen]
                        tail[pool] -= 1
                        line[chosen] = line[first + tail[pool]]
                    if end[step] < inf:
                        continue
                    busy[pool] += 1
                    start[step] = now
                    done = _after(now, work[step], period[pool], begins, ends, before, low, high, pool)
                    if done <= until:
                        size = _push(times, keys, size, done, _END * width + step)
            touches = 0
        if coming < inf and (
            size == 0 or coming < times[0] or (coming == times[0] and _READY * width + arrivals[arrival] < keys[0])
        ):
            now = coming
            kind = _READY
            item = arrivals[arrival]
            arrival += 1
        elif size > 0:
            now = times[0]
            kind = keys[0] // width
            item = keys[0] - kind * width
            size = _pop(times, keys, size)
        else:
            break
        if kind == _END:
            pool = pool_of[item]
            end[item] = now
            busy[pool] -= 1
        elif kind == _CHANGE:
            pool = _above(first_change, 0, pools + 1, item) - 1
            servers[pool] = change_to[item]
        elif kind == _READY:
            pool = pool_of[item]
            ready[item] = now
            first = room[pool]
            if order[pool] == 1:
                who[first + arrived[pool]] = item
                tail[pool] = _push(rank[first:], came[first:], tail[pool], priority[item], arrived[pool])
                arrived[pool] += 1
            else:
                line[first + tail[pool]] = item
                tail[pool] += 1
            if len(patience) > 0 and patience[item] < inf and now + patience[item] <= until:
                size = _push(times, keys, size, now + patience[item], _LEAVE * width + item)
        elif kind == _LEAVE:
            pool = pool_of[item]
            if start[item] == inf:
                end[item] = now
        else:
            pool = item
            opened[pool] = now
        if not is_touched[pool]:
            is_touched[pool] = True
            touched[touches] = pool
            touches += 1


def simulate(steps: Steps, plan: Plan, seed: int, until: float, ready: Floats, start: Floats, end: Floats, /) -> None:
    """See `kernel.Implementation`."""
    release, delay, queued = _own(steps.release), _own(steps.delay), _own(steps.queued, np.bool_)
    parent = _own(steps.parent, np.int64)
    outside = np.flatnonzero((parent < 0) & queued)
    _run(
        _own(steps.pool, np.int64), parent, release, delay, _own(steps.work), queued, _own(steps.priority),
        _own(steps.patience),
        plan.servers, plan.order, plan.period, plan.first_span, plan.begins, plan.ends, plan.before,
        plan.first_change, plan.change_at, plan.change_to, np.uint64(seed & 0xFFFFFFFFFFFFFFFF), until,
        outside[np.argsort(release[outside] + delay[outside], kind="stable")], ready, start, end,
    )  # fmt: skip


def _own(values: NDArray[Any], dtype: type[np.generic] = np.float64) -> NDArray[Any]:
    """The one kind of array that is compiled for."""
    return np.require(values, dtype, ("C", "W"))
