"""The simulator in plain Python: for those without numba, and to hold the compiled one against."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from heapq import heappop, heappush
from math import ceil, floor, inf

from factoryview.whatif.calendar import Floats
from factoryview.whatif.kernel import Held, Plan, Steps

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
        self.back: list[tuple[int, int]] = []
        self.line: deque[int] = deque()
        self.heap: list[tuple[float, int, int]] = []
        self.some: list[int] = []
        self.came: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self.back) + len(self.line) + len(self.heap) + len(self.some)

    def add(self, step: int, priority: float, turn: int = 0) -> None:
        """One who comes, or who comes back because there is room now: first come, first served, before all others and
        in its turn."""
        if self.order == 0 and step in self.came:
            heappush(self.back, (turn, step))
        elif self.order == 0:
            self.line.append(step)
        elif self.order == 1:
            heappush(self.heap, (priority, self.came.get(step, len(self.came)), step))
        else:
            self.some.append(step)
        self.came.setdefault(step, len(self.came))

    def take(self, draw: _Draw) -> int:
        """The next one; perhaps one that has left."""
        if self.order == 0:
            return heappop(self.back)[1] if self.back else self.line.popleft()
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


class _Rooms:
    """Where only so many may be: how many are there, and who waits for room."""

    def __init__(self, steps: Steps, held: Held) -> None:
        n = len(steps)
        self.room: list[int] = steps.room.tolist() or [-1] * n
        self.asks: list[int] = steps.asks.tolist() or [-1] * n
        self.most = held.rooms
        self.there = [0 for _ in held.rooms]
        self.outside: list[dict[int, list[tuple[int, int]]]] = [{} for _ in held.rooms]
        """Per room and pool (−1: of those that need no server) who waits for it, with the turn."""
        self.pool = [pool if queued else -1 for pool, queued in zip(steps.pool.tolist(), steps.queued, strict=True)]
        self.turn: dict[int, int] = {}
        self.takes: list[list[int]] = [[] for _ in range(n)]
        for room, parent in zip(self.room, steps.parent.tolist(), strict=True):
            if room >= 0 and parent >= 0:
                self.takes[parent].append(room)
            elif room >= 0:
                self.there[room] += 1

    def refused(self, step: int) -> bool:
        """Whether a step may not begin yet; it waits then until it is let in, in the turn of its first time."""
        asked = self.asks[step]
        if asked < 0 or self.free(asked):
            return False
        line = self.outside[asked].setdefault(self.pool[step], [])
        heappush(line, (self.turn.setdefault(step, len(self.turn)), step))
        return True

    def free(self, room: int) -> bool:
        return self.there[room] < self.most[room]

    def begun(self, step: int) -> None:
        for room in self.takes[step]:
            self.there[room] += 1


def simulate(
    steps: Steps, plan: Plan, held: Held, seed: int, until: float, ready: Floats, start: Floats, end: Floats, /
) -> None:
    """See `kernel.Implementation`."""
    pool_of, queued = steps.pool.tolist(), steps.queued.tolist()
    delay, work, priority = steps.delay.tolist(), steps.work.tolist(), steps.priority.tolist()
    patience: list[float] = steps.patience.tolist() or [inf] * len(steps)
    gather: list[int] = steps.gather.tolist() or [-1] * len(steps)
    gathered: list[list[int]] = [[] for _ in held.batches]
    rooms = _Rooms(steps, held)
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
    touched: deque[int] = deque()

    def held_back(step: int) -> bool:
        """Whether anything but servers may hold a step, so that it must wait for its turn."""
        return gather[step] >= 0 or rooms.room[step] >= 0 or rooms.asks[step] >= 0 or bool(rooms.takes[step])

    def release(step: int, base: float) -> None:
        """A step becomes ready some time after `base`; what needs no server is done with at once."""
        todo = [(step, base)]
        while todo:
            step, base = todo.pop()
            at = base + delay[step]
            if at > until:
                continue
            if queued[step] or held_back(step):
                heappush(events, (at, _READY, step))
                continue
            ready[step] = at
            done = freely(step, at)
            if done <= until:
                todo += [(child, done) for child in reversed(children[step])]

    def freely(step: int, at: float) -> float:
        """Begin what needs no server; when it is done."""
        begin = clocks[pool_of[step]].next_open(at)
        if begin > until:
            return inf
        start[step] = begin
        done: float = clocks[pool_of[step]].after(begin, work[step])
        if done <= until:
            end[step] = done
        return done

    def touch(pool: int) -> None:
        if pool not in touched:
            touched.append(pool)

    def join(step: int, now: float) -> None:
        """A step that nothing but servers and rooms hold back any more waits for them."""
        ready[step] = now
        if not queued[step]:
            begin_freely(step, now)
            return
        waiting[pool_of[step]].add(step, priority[step])
        if gather[step] < 0:
            lose_patience(step, now)
        touch(pool_of[step])

    def lose_patience(step: int, now: float) -> None:
        if queued[step] and now + patience[step] <= until and patience[step] < inf:
            heappush(events, (now + patience[step], _LEAVE, step))

    def begin_freely(step: int, now: float) -> None:
        if rooms.refused(step):
            return
        done = freely(step, now)
        begun(step, now)
        if done <= until:
            for child in children[step]:
                release(child, done)

    def begun(step: int, now: float) -> None:
        """Its children take their rooms, and it leaves its own."""
        rooms.begun(step)
        leave_room(rooms.room[step], now)

    def leave_room(room: int, now: float) -> None:
        if room >= 0:
            rooms.there[room] -= 1
            let_in(room, now)

    def let_in(room: int, now: float) -> None:
        """The first of each pool who wait for room may try again, in their turn, if there is any: nobody stays outside
        because somebody before has no server now."""
        if not rooms.free(room):
            return
        woken: list[tuple[int, int]] = []
        for line in rooms.outside[room].values():
            while line and end[line[0][1]] < inf:  # it left meanwhile
                heappop(line)
            if line:
                woken.append(heappop(line))
        for turn, step in sorted(woken):
            if queued[step]:
                waiting[pool_of[step]].add(step, priority[step], turn)
                touch(pool_of[step])
            else:
                begin_freely(step, now)

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
                if rooms.asks[step] >= 0:  # it may have been let in, and leaves that to the next
                    let_in(rooms.asks[step], now)
                continue
            if rooms.refused(step):
                continue
            busy[pool] += 1
            start[step] = now
            done = clocks[pool].after(now, work[step])
            if done <= until:
                heappush(events, (done, _END, step))
            begun(step, now)

    for step, (parent, at) in enumerate(zip(steps.parent.tolist(), steps.release.tolist(), strict=True)):
        if parent < 0:
            release(step, at)
    for pool in pools:
        for change in range(int(plan.first_change[pool]), int(plan.first_change[pool + 1])):
            if plan.change_at[change] <= until:
                heappush(events, (float(plan.change_at[change]), _CHANGE, change))
    owner = [pool for pool in pools for _ in range(int(plan.first_change[pool + 1] - plan.first_change[pool]))]
    while events:
        now, kind, item = heappop(events)
        if kind == _END:
            end[item] = now
            busy[pool_of[item]] -= 1
            for child in children[item]:
                release(child, now)
            touch(pool_of[item])
        elif kind == _CHANGE:
            servers[owner[item]] = int(plan.change_to[item])
            touch(owner[item])
        elif kind == _READY:
            place = gather[item]
            if place < 0:
                join(item, now)
            else:
                gathered[place].append(item)
                lose_patience(item, now)
                if len(gathered[place]) == held.batches[place]:
                    together, gathered[place] = gathered[place], []
                    for step in together:
                        join(step, now)
        elif kind == _LEAVE:
            if start[item] == inf:
                end[item] = now
                if ready[item] == inf:
                    gathered[gather[item]].remove(item)
                    ready[item] = now - patience[item]
                leave_room(rooms.room[item], now)
            touch(pool_of[item])
        else:
            opened[item] = now
            touch(item)
        if not events or events[0][0] > now:
            while touched:
                serve(touched.popleft(), now)
