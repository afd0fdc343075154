"""The simulator compiled by numba. Imported only where it is used: importing numba takes a second.

It is long, for what is compiled shares its arrays in one function.
"""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factoryview.whatif.calendar import Floats
from factoryview.whatif.compiled_parts import above, after, compiled, next_open, pop, push
from factoryview.whatif.kernel import Held, Ints, Plan, Steps

_END, _CHANGE, _READY, _OPEN, _LEAVE = range(5)


@compiled
def _stay_outside(
    step: int, line: int, counts: Ints, turn: Ints, following: Ints, out_first: Ints, out_last: Ints
) -> None:
    """A step waits for room, in the line of its pool: behind all others, or if it has waited before, in its turn."""
    before, after_it = out_last[line] if out_first[line] >= 0 else -1, -1
    if turn[step] < 0:
        turn[step] = counts[3]
        counts[3] += 1
    else:
        before, after_it = -1, out_first[line]
        while after_it >= 0 and turn[after_it] < turn[step]:
            before, after_it = after_it, following[after_it]
    following[step] = after_it
    if before < 0:
        out_first[line] = step
    else:
        following[before] = step
    if after_it < 0:
        out_last[line] = step


@compiled
def _enter(
    joining: int, freed: int, now: float, until: float, size: int, counts: Ints, pool_of: Ints, child: Ints,
    sibling: Ints, work: Floats, queued: NDArray[np.bool_], priority: Floats, patience: Floats, gather: Ints,
    room_of: Ints, asks: Ints, order: Ints, period: Floats, first_span: Ints, begins: Floats, ends: Floats,
    before: Floats, rooms: Ints, there: Ints, share: Ints, line: Ints, rank: Floats, came: Ints, who: Ints, tail: Ints,
    arrived: Ints, following: Ints, number: Ints, turn: Ints, back_first: Ints, out_first: Ints, out_last: Ints,
    times: Floats, keys: Ints, width: int, stack: Ints, base: Floats, touched: Ints,
    is_touched: NDArray[np.bool_], ready: Floats, start: Floats, end: Floats,
) -> int:  # fmt: skip
    """A chain of steps comes before its pools, and whoever waited for a room that was freed; the heap's new size."""
    housed, asking, lines = len(room_of) > 0, len(asks) > 0, len(order) + 1
    while True:
        if freed >= 0:
            if there[freed] < rooms[freed]:  # the first of each pool, in their turn, go before all others
                woken = -1
                for line_of in range(freed * lines, (freed + 1) * lines):
                    step = out_first[line_of]
                    while step >= 0 and end[step] < inf:  # it left meanwhile
                        step = following[step]
                    out_first[line_of] = following[step] if step >= 0 else -1
                    if step >= 0:
                        earlier, later = -1, woken
                        while later >= 0 and turn[later] < turn[step]:
                            earlier, later = later, following[later]
                        following[step] = later
                        if earlier < 0:
                            woken = step
                        else:
                            following[earlier] = step
                if woken >= 0:
                    step = woken
                    while following[step] >= 0:
                        step = following[step]
                    following[step] = joining
                    joining = woken
            freed = -1
        if joining < 0:
            return size
        step = joining
        joining = following[step] if len(following) > 1 else -1
        fresh = ready[step] == inf
        if fresh:
            ready[step] = now
        pool = pool_of[step]
        if queued[step]:
            first = share[pool]
            if asking and fresh:
                number[step] = arrived[pool]
            if order[pool] == 1:
                place = arrived[pool] if fresh else number[step]
                who[first + place] = step
                tail[pool] = push(rank[first:], came[first:], tail[pool], priority[step], place)
            elif order[pool] == 0 and not fresh:
                earlier, later = -1, back_first[pool]
                while later >= 0 and turn[later] < turn[step]:
                    earlier, later = later, following[later]
                following[step] = later
                if earlier < 0:
                    back_first[pool] = step
                else:
                    following[earlier] = step
            else:
                line[first + tail[pool]] = step
                tail[pool] += 1
            if fresh:
                arrived[pool] += 1
                gathers = len(gather) > 0 and gather[step] >= 0  # then it was asked for since it came
                if not gathers and len(patience) > 0 and patience[step] < inf and now + patience[step] <= until:
                    size = push(times, keys, size, now + patience[step], _LEAVE * width + step)
            if not is_touched[pool]:
                is_touched[pool] = True
                touched[counts[0]] = pool
                counts[0] = counts[0] + 1 if counts[0] + 1 < len(touched) else 0
                counts[2] += 1
            continue
        asked = asks[step] if asking else -1
        if asked >= 0 and there[asked] >= rooms[asked]:
            _stay_outside(step, (asked + 1) * lines - 1, counts, turn, following, out_first, out_last)
            continue
        low, high = first_span[pool], first_span[pool + 1]
        begin = next_open(now, period[pool], begins, ends, low, high)
        done = inf
        if begin <= until:
            start[step] = begin
            done = after(begin, work[step], period[pool], begins, ends, before, low, high, pool)
            if done <= until:
                end[step] = done
        below = child[step]
        while below >= 0:
            if housed and room_of[below] >= 0:
                there[room_of[below]] += 1
            if done <= until:
                stack[counts[1]], base[counts[1]] = below, done
                counts[1] += 1
            below = sibling[below]
        if housed and room_of[step] >= 0:
            freed = room_of[step]
            there[freed] -= 1


@compiled
def _run(
    pool_of: Ints, parent_of: Ints, release: Floats, delay: Floats, work: Floats, queued: NDArray[np.bool_],
    priority: Floats, patience: Floats, gather: Ints, room_of: Ints, asks: Ints, servers_at_first: Ints, order: Ints,
    period: Floats, first_span: Ints, begins: Floats, ends: Floats, before: Floats, first_change: Ints,
    change_at: Floats, change_to: Ints, batches: Ints, rooms: Ints, state: Any, until: float, arrivals: Ints,
    ready: Floats, start: Floats, end: Floats,
) -> None:  # fmt: skip
    n, pools, changes = len(pool_of), len(order), len(change_at)
    gathers, housed, asking = len(gather) > 0, len(room_of) > 0, len(asks) > 0
    free = not (gathers or housed or asking)
    # The children of each step, in their order.
    child = np.full(n, -1, dtype=np.int64)
    sibling = np.full(n, -1, dtype=np.int64)
    share = np.zeros(pools + 1, dtype=np.int64)
    special = np.zeros(n, dtype=np.bool_)  # anything but servers may hold it
    there = np.zeros(len(rooms), dtype=np.int64)
    for step in range(n - 1, -1, -1):
        if parent_of[step] >= 0:
            sibling[step] = child[parent_of[step]]
            child[parent_of[step]] = step
        if queued[step]:
            share[pool_of[step] + 1] += 1
        if gathers and gather[step] >= 0:
            special[step] = True
        if asking and asks[step] >= 0:
            special[step] = True
        if housed and room_of[step] >= 0:
            special[step] = True
            if parent_of[step] >= 0:
                special[parent_of[step]] = True
            else:
                there[room_of[step]] += 1
    share = np.cumsum(share)
    # Those who wait before a pool have share[pool]:share[pool + 1] of these for themselves.
    line = np.empty(max(share[pools], 1), dtype=np.int64)
    rank = np.empty(max(share[pools], 1), dtype=np.float64)
    came = np.empty(max(share[pools], 1), dtype=np.int64)
    who = np.empty(n, dtype=np.int64)  # in pools by priority: the step of each that came, from share[pool] on
    head = np.zeros(pools, dtype=np.int64)
    tail = np.zeros(pools, dtype=np.int64)
    arrived = np.zeros(pools, dtype=np.int64)
    servers = servers_at_first.copy()
    busy = np.zeros(pools, dtype=np.int64)
    opened = np.full(pools, -inf)
    called = np.full(pools, -inf)
    # Chains of steps, each in one of them at most: who came back before a pool, who waits for room, who gathers.
    following = np.full(n if gathers or asking or housed else 1, -1, dtype=np.int64)
    number = np.full(n if asking else 1, -1, dtype=np.int64)  # the how manieth it came to its pool
    turn = np.full(n if asking else 1, -1, dtype=np.int64)  # the how manieth it had to wait for room
    back_first = np.full(pools, -1, dtype=np.int64)
    # Per room and pool, and last of those that need no server.
    out_first = np.full(len(rooms) * (pools + 1), -1, dtype=np.int64)
    out_last = np.full(len(rooms) * (pools + 1), -1, dtype=np.int64)
    lot_first, lot_last = np.full(len(batches), -1, dtype=np.int64), np.full(len(batches), -1, dtype=np.int64)
    lot = np.zeros(len(batches), dtype=np.int64)
    # An event's key says its kind and what it is of; kinds at the same moment come in their order.
    width = max(n, changes, pools, 1)
    times = np.empty(n + len(patience) + changes + pools + 1)
    keys = np.empty(n + len(patience) + changes + pools + 1, dtype=np.int64)
    size = 0
    stack = np.empty(n + 1, dtype=np.int64)
    base = np.empty(n + 1)
    top = 0
    touched = np.empty(pools, dtype=np.int64)
    is_touched = np.zeros(pools, dtype=np.bool_)
    last, pending = 0, 0  # of the touched, a ring
    # last, top and pending, where another function changes them; how many had to wait for room so far
    counts = np.zeros(4, dtype=np.int64)

    for change in range(changes):
        if change_at[change] <= until:
            size = push(times, keys, size, change_at[change], _CHANGE * width + change)
    arrival = 0  # of those who come from outside, the next
    root = 0
    now = -inf
    kind = -1
    item = 0
    while True:
        # What becomes ready after this event: at first all that come from outside and need no server.
        if kind == _END:
            step = child[item]
            while step >= 0:
                stack[top], base[top] = step, now
                top += 1
                step = sibling[step]
            kind = -2
        elif kind == -1:
            while root < n and (parent_of[root] >= 0 or queued[root]):
                root += 1
            if root < n:
                stack[top], base[top] = root, release[root]
                top += 1
                root += 1
            else:
                kind = -2
        while top > 0:
            top -= 1
            step = stack[top]
            at = base[top] + delay[step]
            if at > until:
                continue
            if queued[step] or special[step]:
                size = push(times, keys, size, at, _READY * width + step)
                continue
            ready[step] = at
            pool = pool_of[step]
            low, high = first_span[pool], first_span[pool + 1]
            begin = next_open(at, period[pool], begins, ends, low, high)
            if begin > until:
                continue
            start[step] = begin
            done = after(begin, work[step], period[pool], begins, ends, before, low, high, pool)
            if done <= until:
                end[step] = done
                below = child[step]
                while below >= 0:
                    stack[top], base[top] = below, done
                    top += 1
                    below = sibling[below]
        if kind == -1:
            continue
        # When all events of a moment are known, whoever waits is taken.
        coming = inf
        if arrival < len(arrivals):
            coming = release[arrivals[arrival]] + delay[arrivals[arrival]]
            if coming > until:
                coming = inf
        if pending and coming > now and (size == 0 or times[0] > now):
            while pending:
                pool = touched[last - pending if last >= pending else last - pending + pools]
                pending -= 1
                is_touched[pool] = False
                if (head[pool] == tail[pool] and back_first[pool] < 0) or busy[pool] >= servers[pool]:
                    continue
                low, high = first_span[pool], first_span[pool + 1]
                if opened[pool] != now:
                    opening = next_open(now, period[pool], begins, ends, low, high)
                    if opening > now:
                        if called[pool] < opening and opening <= until:
                            called[pool] = opening
                            size = push(times, keys, size, opening, _OPEN * width + pool)
                        continue
                first = share[pool]
                while (head[pool] < tail[pool] or back_first[pool] >= 0) and busy[pool] < servers[pool]:
                    if back_first[pool] >= 0:
                        step = back_first[pool]
                        back_first[pool] = following[step]
                    elif order[pool] == 0:
                        step = line[first + head[pool]]
                        head[pool] += 1
                    elif order[pool] == 1:
                        step = who[first + came[first]]
                        tail[pool] = pop(rank[first:], came[first:], tail[pool])
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
                    if free:
                        if end[step] == inf:
                            busy[pool] += 1
                            start[step] = now
                            done = after(now, work[step], period[pool], begins, ends, before, low, high, pool)
                            if done <= until:
                                size = push(times, keys, size, done, _END * width + step)
                        continue
                    asked = asks[step] if asking else -1
                    freed = -1
                    if end[step] < inf:
                        freed = asked  # it may have been let in, and leaves that to the next
                    elif asked >= 0 and there[asked] >= rooms[asked]:
                        _stay_outside(step, asked * (pools + 1) + pool, counts, turn, following, out_first, out_last)
                        continue
                    else:
                        busy[pool] += 1
                        start[step] = now
                        done = after(now, work[step], period[pool], begins, ends, before, low, high, pool)
                        if done <= until:
                            size = push(times, keys, size, done, _END * width + step)
                        if housed:
                            below = child[step]
                            while below >= 0:
                                if room_of[below] >= 0:
                                    there[room_of[below]] += 1
                                below = sibling[below]
                            if room_of[step] >= 0:
                                freed = room_of[step]
                                there[freed] -= 1
                    if freed >= 0:
                        counts[0], counts[1], counts[2] = last, top, pending
                        size = _enter(
                            -1, freed, now, until, size, counts, pool_of, child, sibling, work, queued, priority,
                            patience, gather, room_of, asks, order, period, first_span, begins, ends, before, rooms,
                            there, share, line, rank, came, who, tail, arrived, following, number, turn, back_first,
                            out_first, out_last, times, keys, width, stack, base, touched, is_touched,
                            ready, start, end,
                        )  # fmt: skip
                        last, top, pending = counts[0], counts[1], counts[2]
        if top > 0:
            continue
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
            size = pop(times, keys, size)
        else:
            break
        pool, joining, freed = -1, -1, -1
        if kind == _END:
            pool = pool_of[item]
            end[item] = now
            busy[pool] -= 1
        elif kind == _CHANGE:
            pool = above(first_change, 0, pools + 1, item) - 1
            servers[pool] = change_to[item]
        elif kind == _READY:
            place = gather[item] if gathers else -1
            if free or not special[item]:
                pool = pool_of[item]
                ready[item] = now
                first = share[pool]
                if order[pool] == 1:
                    who[first + arrived[pool]] = item
                    tail[pool] = push(rank[first:], came[first:], tail[pool], priority[item], arrived[pool])
                    arrived[pool] += 1
                else:
                    line[first + tail[pool]] = item
                    tail[pool] += 1
                if len(patience) > 0 and patience[item] < inf and now + patience[item] <= until:
                    size = push(times, keys, size, now + patience[item], _LEAVE * width + item)
            elif place >= 0:
                following[item] = -1
                if lot_first[place] < 0:
                    lot_first[place] = item
                else:
                    following[lot_last[place]] = item
                lot_last[place] = item
                lot[place] += 1
                if queued[item] and len(patience) > 0 and patience[item] < inf and now + patience[item] <= until:
                    size = push(times, keys, size, now + patience[item], _LEAVE * width + item)
                if lot[place] == batches[place]:
                    joining = lot_first[place]
                    lot_first[place] = -1
                    lot[place] = 0
            else:
                joining = item
                if len(following) > 1:
                    following[item] = -1
        elif kind == _LEAVE:
            pool = pool_of[item]
            if start[item] == inf:
                end[item] = now
                if ready[item] == inf:  # from among those who gather
                    ready[item] = now - patience[item]
                    place = gather[item]
                    lot[place] -= 1
                    step, below = -1, lot_first[place]
                    while below != item:
                        step, below = below, following[below]
                    if step < 0:
                        lot_first[place] = following[item]
                    else:
                        following[step] = following[item]
                    if lot_last[place] == item:
                        lot_last[place] = step
                if housed and room_of[item] >= 0:
                    freed = room_of[item]
                    there[freed] -= 1
        else:
            pool = item
            opened[pool] = now
        if joining >= 0 or freed >= 0:
            counts[0], counts[1], counts[2] = last, top, pending
            size = _enter(
                joining, freed, now, until, size, counts, pool_of, child, sibling, work, queued, priority, patience,
                gather, room_of, asks, order, period, first_span, begins, ends, before, rooms, there, share, line,
                rank, came, who, tail, arrived, following, number, turn, back_first, out_first, out_last, times, keys,
                width, stack, base, touched, is_touched, ready, start, end,
            )  # fmt: skip
            last, top, pending = counts[0], counts[1], counts[2]
        if pool >= 0 and not is_touched[pool]:
            is_touched[pool] = True
            touched[last] = pool
            last = last + 1 if last + 1 < pools else 0
            pending += 1


def simulate(
    steps: Steps, plan: Plan, held: Held, seed: int, until: float, ready: Floats, start: Floats, end: Floats, /
) -> None:
    """See `kernel.Implementation`."""
    release, delay, queued = _own(steps.release), _own(steps.delay), _own(steps.queued, np.bool_)
    parent = _own(steps.parent, np.int64)
    outside = np.flatnonzero((parent < 0) & queued)
    _run(
        _own(steps.pool, np.int64), parent, release, delay, _own(steps.work), queued, _own(steps.priority),
        _own(steps.patience), _own(steps.gather, np.int64), _own(steps.room, np.int64), _own(steps.asks, np.int64),
        plan.servers, plan.order, plan.period, plan.first_span, plan.begins, plan.ends, plan.before,
        plan.first_change, plan.change_at, plan.change_to, np.array(held.batches, dtype=np.int64),
        np.array(held.rooms, dtype=np.int64), np.uint64(seed & 0xFFFFFFFFFFFFFFFF), until,
        outside[np.argsort(release[outside] + delay[outside], kind="stable")], ready, start, end,
    )  # fmt: skip


def _own(values: NDArray[Any], dtype: type[np.generic] = np.float64) -> NDArray[Any]:
    """The one kind of array that is compiled for."""
    return np.require(values, dtype, ("C", "W"))
