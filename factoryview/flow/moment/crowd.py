"""Who stands at one stage at the end of each working day, and who of them has waited how long."""

from __future__ import annotations

from dataclasses import InitVar, dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.moment.slowest import over, slowest_tenth
from factoryview.flow.order import stable_order
from factoryview.store.scroll import pieces

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Indexes = NDArray[np.intp]
Steps = NDArray[np.int32]

NEVER = int(np.iinfo(np.int32).max)
"""The step at which a case becomes a wreck that never becomes one."""
OVERTAKEN, OF_THEM_LEFT = 10.0, 0.25
"""Cases that came later, and the share of them that has left, from which on a case is overtaken."""
LONG, LONGEST = 2.5, 3.0
"""A wreck is older than so many usual stays, and than so many working days."""
_AGES = 5
"""Ages looked at for whether anybody so old still leaves: the least for a wreck, and so many doublings."""
_STILL_LEAVES, _MONTH_HALF = 0.1, 10.0
"""Nobody of an age leaves: fewer than this share of those older left in so many working days (or the age, if more)."""
_LONGEST_LOOK = 250.0
"""Working days over which departures are counted at most."""
_LOOKED_BACK = 20_000
"""Later arrivals that are looked at at most."""
_TOGETHER = 4_000
"""About so many departures are looked at together for the steps that they lie behind."""
FEW_GONE, LATELY = 5.0, 10.0
"""Fewer departures than this in the last working days say nothing of how late they were."""


@dataclass(frozen=True)
class _Behind:
    """The departures behind each of some steps, counted over as long as they stayed."""

    first: int
    """The first of the steps."""
    bounds: Indexes
    """Where they begin and where they end among all, in order of leaving, as two rows."""
    days: Floats
    """Working days over which they are counted."""
    slow: Floats
    """The stay that only the slowest tenth exceed."""
    above: Floats
    """By how much they do, times weight."""

    def part(self, chosen: slice) -> _Behind:
        return _Behind(
            self.first + chosen.start, self.bounds[:, chosen], self.days[chosen], self.slow[chosen], self.above[chosen]
        )


_NOTHING = _Behind(0, np.zeros((2, 0), np.intp), np.zeros(0), np.zeros(0), np.zeros(0))


@dataclass
class Crowd:
    """The stays of one stage in order of entry; moments in working days, `left` infinite while open."""

    entered: Floats
    left: Floats
    weight: Floats
    hidden: bool = False
    """The log shows a stay only when it is over: with completions nobody knows before where a case waits."""
    leaving: InitVar[tuple[NDArray[np.signedinteger[Any]], Floats] | None] = None
    """Those that left, in order of `left`, equals as they stand, and when they did; None: not known yet."""

    def __post_init__(self, leaving: tuple[NDArray[np.signedinteger[Any]], Floats] | None) -> None:
        if leaving is None:
            order = stable_order(self.left)
            order = order[np.isfinite(self.left[order])]
            leaving = order, self.left[order]
        self._order: NDArray[np.signedinteger[Any]] = leaving[0]
        self._gone = leaving[1]
        self.wrecked: Steps = np.full(len(self.entered), NEVER, np.int32)
        """Of each stay the step from which on nobody works on it any more, until it leaves."""
        same = len(self.weight) > 0 and self.weight.min() == self.weight.max()
        self.each = float(self.weight[0]) if same else None
        """What every stay counts, if that is the same."""
        if self.each is not None:  # of a long log it has no room
            self.weight = np.broadcast_to(np.float64(self.each), len(self.weight))
        self._known: tuple[Floats, Floats] | None = None
        self._looked = _NOTHING

    def longer(self, some: slice, limit: float) -> NDArray[np.bool_]:
        """Which of some stays are longer than that."""
        return np.asarray(self.left[some] - self.entered[some] > limit)

    @cached_property
    def _stayed(self) -> Floats:
        """How long those that left had stayed, in order of leaving."""
        found = self._gone.copy()
        for some in pieces(len(found)):
            found[some] -= self.entered[self._order[some]]
        return found

    @cached_property
    def _gone_weight(self) -> Floats:
        return self.weight[: len(self._order)] if self.each is not None else self.weight[self._order]

    @cached_property
    def _stays(self) -> Floats:
        return np.concatenate([[0.0], np.cumsum(self._stayed)])

    @cached_property
    def _come(self) -> Floats:
        return np.concatenate([[0.0], np.cumsum(self.weight)])

    @cached_property
    def _went(self) -> Floats:
        return np.concatenate([[0.0], np.cumsum(self._gone_weight)])

    def arrival_days(self, steps: int) -> Ints:
        """Of each step up to `steps` how many days had arrivals, as far as was known then."""
        if not self.hidden:
            some = np.diff(np.searchsorted(self.entered, np.arange(steps + 1.0))) > 0
            return np.concatenate([[0], np.cumsum(some)])
        seen = np.ceil(self.left)
        day = np.floor(self.entered[seen <= steps]).astype(np.int64)
        seen = np.maximum(seen[seen <= steps], day + 1).astype(np.int64)
        earliest = np.full(steps + 1, steps + 1)
        np.minimum.at(earliest, day, seen)
        return np.cumsum(np.bincount(earliest, minlength=steps + 2)[: steps + 1])

    def arrived(self, moments: Floats) -> Floats:
        """Cases known to have come by each moment."""
        return self.departed(moments) if self.hidden else self._by(self.entered, moments)

    def departed(self, moments: Floats) -> Floats:
        """Cases that had left by each moment."""
        return self._by(self._gone, moments)

    def _by(self, events: Floats, moments: Floats) -> Floats:
        number = np.searchsorted(events, moments, side="right")
        if self.each is not None:
            return np.asarray(number * self.each, dtype=np.float64)
        return (self._went if events is self._gone else self._come)[number]

    def known(self, steps: int) -> tuple[Floats, Floats]:
        """Cases known to have come, and to have left, by each step up to `steps`; the last answer is kept."""
        if self._known is None or len(self._known[0]) != steps + 1:
            moments = np.arange(steps + 1.0)
            self._known = self.arrived(moments), self.departed(moments)
        return self._known

    def present(self, steps: int) -> Floats:
        """Cases that stand there at each step up to `steps`, wrecks among them."""
        if self.each is not None:
            come, gone = self.known(steps)
            return np.asarray((come - gone).round(9))
        begins, ends = (
            np.minimum(np.ceil(moments), steps + 1).astype(np.intp) for moments in (self.entered, self.left)
        )
        change = np.bincount(begins, self.weight, minlength=steps + 2)
        change -= np.bincount(ends, self.weight, minlength=steps + 2)
        return np.asarray(np.cumsum(change[: steps + 1]).round(9))

    def wrecks(self, steps: int) -> Floats:
        """Cases that are wrecks at each step up to `steps`."""
        marked = np.flatnonzero(self.wrecked <= steps)
        if not len(marked):
            return np.zeros(steps + 1)
        begins = self.wrecked[marked]
        ends = np.clip(np.ceil(self.left[marked]), 0, steps + 1).astype(np.int64)
        change = np.bincount(begins, self.weight[marked], minlength=steps + 2)
        change -= np.bincount(np.maximum(ends, begins), self.weight[marked], minlength=steps + 2)
        return np.asarray(np.cumsum(change)[: steps + 1].round(9))

    def standing(self, chosen: Indexes, first: int, until: int, older: float) -> Floats:
        """Cases (of the chosen stays) that stand there at each step of [first, until) and are older than that."""
        before = np.searchsorted(self.entered, until - older, side="right")  # who came later is not so old at any step
        chosen = chosen[: np.searchsorted(chosen, before)]
        steps = until - first
        begin = np.clip(np.floor(self.entered[chosen] + older) + 1 - first, 0, steps).astype(np.intp)
        end = np.clip(np.ceil(self.left[chosen]) - first, 0, steps).astype(np.intp)
        real = end > begin
        weight = self.weight[chosen][real]
        change = np.bincount(begin[real], weight, minlength=steps + 1)
        change -= np.bincount(end[real], weight, minlength=steps + 1)
        return np.asarray(np.cumsum(change[:steps]).round(9))

    def passing(self, first: int, until: int, beyond: float) -> tuple[Floats, Floats]:
        """Cases that stand there at each step of [first, until), and of them those older than `beyond`, as the latest
        departures show it: L = λW, counted over as long as they stayed, at least the last ten days.

        The slowest tenth of the stays is taken as the next slowest, so that a single old case does not stand for many.
        """
        behind = self._behind(first, until)
        bounds = behind.bounds
        low = int(bounds[0].min())
        gone = slice(low, int(bounds[1, -1]))
        stays, weight = self._stayed[gone], self._gone_weight[gone]
        bounds = bounds - low
        live = over(stays * weight, bounds) - behind.above
        late = over(np.maximum(stays - beyond, 0.0) * weight, bounds) - behind.above
        late = np.where(behind.slow > beyond, late, 0.0)
        return (live / behind.days).round(9) + 0.0, (late / behind.days).round(9) + 0.0  # no zero below zero

    def _behind(self, first: int, until: int) -> _Behind:
        """What lies behind each step of [first, until). It is found for many steps at once, as they are asked for in
        turn, of few at a time."""
        since = self._looked.first
        if not since <= first < until <= since + len(self._looked.days):
            many = max(1, _TOGETHER // max(1, int(self.departed(np.array([float(until)]))[0]) // max(1, until)))
            last = int(np.ceil(self._gone[-1])) + 1 if len(self._gone) else until
            self._looked = self._look_behind(first, max(until, min(first + many, last)))
            since = first
        return self._looked.part(slice(first - since, until - since))

    def _look_behind(self, first: int, until: int) -> _Behind:
        steps = np.arange(first, until)
        lately, ends = np.searchsorted(self._gone, np.stack([steps - LATELY, steps]), side="right")
        mean = (self._stays[ends] - self._stays[lately]) / np.maximum(ends - lately, 1)
        within = np.clip(mean, LATELY, _LONGEST_LOOK)
        begins = np.where(ends > lately, np.searchsorted(self._gone, steps - within, side="right"), ends)
        bounds = np.stack([begins, ends])
        low = int(begins.min())
        gone = slice(low, int(ends[-1]))
        slow, above = slowest_tenth(self._stayed[gone], self._gone_weight[gone], bounds - low)
        return _Behind(first, bounds, np.minimum(within, steps), slow, above)

    def leaving_late(self, first: int, until: int, beyond: float, within: float) -> tuple[Floats, Floats]:
        """Of each step of [first, until): departures of the last `within` days, and of them those that had stayed
        longer than `beyond`."""
        low = int(np.searchsorted(self._gone, first - within, side="right"))
        high = int(np.searchsorted(self._gone, until - 1, side="right"))
        gone, weight = self._gone[low:high], self._gone_weight[low:high]
        late = np.concatenate([[0.0], np.cumsum(np.where(self._stayed[low:high] > beyond, weight, 0.0))])
        every = np.concatenate([[0.0], np.cumsum(weight)])
        steps = np.arange(first, until)
        begin, end = (np.searchsorted(gone, moments, side="right") for moments in (steps - within, steps))
        return every[end] - every[begin], late[end] - late[begin]

    def mark_wrecks(self, edges: Ints, usual: Floats) -> None:
        """Find those on which nobody works any more at some step of some stretches.

        edges: the first step of each stretch, and the end of the last; usual: what is usual in each, 0: nobody knows.
        A wreck is old, overtaken by what came later, and of an age at which nobody leaves.
        """
        least = np.where(usual > 0, np.maximum(LONG * usual, LONGEST), np.inf)
        shortest = float(least.min(initial=np.inf))
        come = int(np.searchsorted(self.entered, edges[-1] - 1 - shortest)) if np.isfinite(shortest) else 0
        parts = [
            np.flatnonzero(self.longer(some, shortest) & (self.left[some] > edges[0])) + some.start
            for some in pieces(come)
        ]
        old = np.concatenate(parts) if parts else np.zeros(0, np.intp)
        new = old[self.wrecked[old] == NEVER]
        begun = np.searchsorted(edges[1:] - 1 - shortest, self.entered[new], side="right")
        over = np.searchsorted(edges[:-1], self.left[new])
        many = len(usual) + 1
        some = np.cumsum(np.bincount(begun, minlength=many) - np.bincount(np.maximum(over, begun), minlength=many)) > 0
        for place in np.flatnonzero(some[:-1] & (usual > 0)).tolist():
            first, until = edges[place : place + 2].tolist()
            there = old[: np.searchsorted(self.entered[old], until - 1, side="right")]
            there = there[self.left[there] > first]
            if self._mark_wrecks(there, first, until, float(usual[place]), float(least[place])):
                new = new[self.wrecked[new] == NEVER]
                if not len(new):
                    return

    def _mark_wrecks(self, chosen: Indexes, first: int, until: int, usual: float, least: float) -> bool:
        """Find those of the chosen stays that become wrecks at a step of [first, until); whether there are any."""
        entered, left = self.entered[chosen], self.left[chosen]
        unmarked = chosen[(entered < until - 1 - least) & (left - entered > least) & (self.wrecked[chosen] == NEVER)]
        if not len(unmarked):
            return False
        limit, found = self._nobody_leaves_at(chosen, first, until, least), False
        oldest = float(self.entered[unmarked[0]])
        for step in (np.flatnonzero(limit < np.arange(first, until) - oldest) + first).tolist():
            waiting = unmarked[(self.entered[unmarked] < step - limit[step - first]) & (self.left[unmarked] > step)]
            if len(waiting):
                lost = waiting[self._overtaken(waiting, step, usual)]
                self.wrecked[lost] = step
                if len(lost):
                    found = True
                    unmarked = unmarked[self.wrecked[unmarked] == NEVER]
            if not len(unmarked):
                break
        return found

    def _nobody_leaves_at(self, chosen: Indexes, first: int, until: int, least: float) -> Floats:
        """Of each step the least age from which on nobody leaves; infinite where even the oldest do."""
        limit = np.full(until - first, np.inf)
        oldest = until - 1 - float(self.entered[chosen[0]])
        for age in least * 2.0 ** np.arange(_AGES)[::-1]:
            if age >= oldest:
                continue
            older = self.standing(chosen, first, until, age)
            if older.any():
                _, gone = self.leaving_late(first, until, age, max(_MONTH_HALF, age))
                limit[(older > 0) & (gone < _STILL_LEAVES * older)] = age
        return limit

    def _overtaken(self, waiting: Indexes, step: int, usual: float) -> NDArray[np.bool_]:
        last = int(np.searchsorted(self.entered, step - usual, side="right"))
        begin = max(int(waiting[0]), last - _LOOKED_BACK)
        weight = self.weight[begin:last]
        later = np.concatenate([np.cumsum(weight[::-1])[::-1], [0.0]])
        gone = np.concatenate([np.cumsum(np.where(self.left[begin:last] <= step, weight, 0.0)[::-1])[::-1], [0.0]])
        place = np.clip(waiting + 1 - begin, 0, len(weight))
        return np.asarray((later[place] >= OVERTAKEN) & (gone[place] >= OF_THEM_LEFT * later[place]))
