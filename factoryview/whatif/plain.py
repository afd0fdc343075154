"""The simulator in plain Python: for those without numba, and to hold the compiled one against."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from heapq import heappop, heappush
from math import ceil, floor, inf

from factoryview.whatif.calendar import Floats
from factoryview.whatif.kernel import Plan, Steps

_END, _CHANGE, _READY, _OPEN, _LEAVE = range(5)
_MASK = (1 << 64) - 1


class _Clock:
    """A pool's calendar, for one moment at a time; the same arithmetic as in the compiled simulator."""

    def __init__(self, plan: Plan, pool: int) -> None:
        low, high = int(plan.first_span[pool]), int(plan.first_span[pool + 1])
        self.begins: list[float] = plan.begins[low:high].tolist()
        self.ends: list[float] = plan.ends[low:high].tolist()
        self.before: list[float] = plan.before[low + pool : high + pool + 1].tolist()
        self.period = float(plan.period[pool])

    def next_open(self, at: float) -> float:
        period = floor(at / self.period)
        inside = at - period * self.period
        span = bisect_right(self.ends, inside)
        if span == len(self.ends):
            return (period + 1) * self.period + self.begins[0]
        return at if self.begins[span] <= inside else period * self.period + self.begins[span]

    def after(self, at: float, work: float) -> float:
        """The moment when so much work is done that begins at an open moment."""
        period = floor(at / self.period)
        inside = at - period * self.period
        span = max(bisect_right(self.begins, inside) - 1, 0)
        part = min(max(inside - self.begins[span], 0.0), self.ends[span] - self.begins[span])
        if part + work <= self.ends[span] - self.begins[span]:
            return at + work
        total = self.before[-1]
        hours = (self.before[span] + part) + work
        periods = ceil(hours / total) - 1
        rest = hours - periods * total
        span = min(max(bisect_left(self.before, rest) - 1, 0), len(self.begins) - 1)
        return max(at, (period + periods) * self.period + (self.begins[span] + (rest - self.before[span])))


class _Waiting:
    """Those who wait before a pool."""

    def __init__(self, order: int) -> None:
        self.order = order
        self.line: deque[int] = deque()
        self.heap: list[tuple[float, int, int]] = []
        self.some: list[int] = []
        self.came = 0

    def __len__(self) -> int:
        return len(self.line) + len(self.heap) + len(self.some)

    def add(self, step: int, priority: float) -> None:
        if self.order == 0:
            self.line.append(step)
        elif self.order == 1:
            heappush(self.heap, (priority, self.came, step))
            self.came += 1
        else:
            self.some.append(step)

    def take(self, draw: _Draw) -> int:
        """The next one; perhaps one that has left."""
        if self.order == 0:
            return self.line.popleft()
        if self.order == 1:
            return heappop(self.heap)[2]
        at = int(draw.next() * len(self.some))
        taken, self.some[at] = self.some[at], self.some[-1]
        self.some.pop()
        return taken


class _Draw:
    """SplitMix64: uniform numbers in [0, 1), the same wherever they are drawn."""

    def __init__(self, seed: int) -> None:
        self.state = seed & _MASK

    def next(self) -> float:
        self.state = (self.state + 0x9E3779B97F4A7C15) & _MASK
        mixed = self.state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return float((mixed ^ (mixed >> 31)) >> 11) * 2.0**-53


def simulate(steps: Steps, plan: Plan, seed: int, until: float, ready: Floats, start: Floats, end: Floats, /) -> None:
    """See `kernel.Implementation`."""
    pool_of, queued = steps.pool.tolist(), steps.queued.tolist()
    delay, work, priority = steps.delay.tolist(), steps.work.tolist(), steps.priority.tolist()
    patience: list[float] = steps.patience.tolist() or [inf] * len(steps)
    children: list[list[int]] = [[] for _ in range(len(steps))]
    for step, parent in enumerate(steps.parent.tolist()):
        if parent >= 0:
            children[parent].append(step)
    pools = range(len(plan.servers))
    servers, busy = plan.servers.tolist(), [0 for _ in pools]
    clocks, waiting = [_Clock(plan, pool) for pool in pools], [_Waiting(order) for order in plan.order.tolist()]
    opened, called = [-inf for _ in pools], [-inf for _ in pools]
    draw = _Draw(seed)
    events: list[tuple[float, int, int]] = []

    def release(step: int, base: float) -> None:
        """A step becomes ready some time after `base`; what needs no server is done with at once."""
        todo = [(step, base)]
        while todo:
            step, base = todo.pop()
            at = base + delay[step]
            if at > until:
                continue
            if queued[step]:
                heappush(events, (at, _READY, step))
                continue
            ready[step] = at
            begin = clocks[pool_of[step]].next_open(at)
            if begin > until:
                continue
            start[step] = begin
            done = clocks[pool_of[step]].after(begin, work[step])
            if done <= until:
                end[step] = done
                todo += [(child, done) for child in reversed(children[step])]

    def serve(pool: int, now: float) -> None:
        """Whoever waits is taken, as far as there are servers and they are at work."""
        if not waiting[pool] or busy[pool] >= servers[pool]:
            return
        opening = now if opened[pool] == now else clocks[pool].next_open(now)
        if opening > now:
            if called[pool] < opening <= until:
                called[pool] = opening
                heappush(events, (opening, _OPEN, pool))
            return
        while waiting[pool] and busy[pool] < servers[pool]:
            step = waiting[pool].take(draw)
            if end[step] < inf:
                continue
            busy[pool] += 1
            start[step] = now
            done = clocks[pool].after(now, work[step])
            if done <= until:
                heappush(events, (done, _END, step))

    for step, (parent, at) in enumerate(zip(steps.parent.tolist(), steps.release.tolist(), strict=True)):
        if parent < 0:
            release(step, at)
    for pool in pools:
        for change in range(int(plan.first_change[pool]), int(plan.first_change[pool + 1])):
            if plan.change_at[change] <= until:
                heappush(events, (float(plan.change_at[change]), _CHANGE, change))
    owner = [pool for pool in pools for _ in range(int(plan.first_change[pool + 1] - plan.first_change[pool]))]
    touched: list[int] = []
    while events:
        now, kind, item = heappop(events)
        if kind == _END:
            pool = pool_of[item]
            end[item] = now
            busy[pool] -= 1
            for child in children[item]:
                release(child, now)
        elif kind == _CHANGE:
            pool = owner[item]
            servers[pool] = int(plan.change_to[item])
        elif kind == _READY:
            pool = pool_of[item]
            ready[item] = now
            waiting[pool].add(item, priority[item])
            if now + patience[item] <= until and patience[item] < inf:
                heappush(events, (now + patience[item], _LEAVE, item))
        elif kind == _LEAVE:
            pool = pool_of[item]
            if start[item] == inf:
                end[item] = now
        else:
            pool = item
            opened[pool] = now
        if pool not in touched:
            touched.append(pool)
        if not events or events[0][0] > now:
            for pool in touched:
                serve(pool, now)
            touched.clear()
