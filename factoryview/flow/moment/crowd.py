"""Who stands at one stage at the end of each working day, and who of them has waited how long."""

from __future__ import annotations

from dataclasses import InitVar, dataclass

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.moment.slowest import over, slowest_tenth
from factoryview.flow.order import stable_order

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Indexes = NDArray[np.intp]

NEVER = np.iinfo(np.int64).max
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
    order: InitVar[Indexes | None] = None
    """Those that left, in order of `left`, equals as they stand; None: not known yet."""

    def __post_init__(self, order: Indexes | None) -> None:
        if order is None:
            order = stable_order(self.left)
            order = order[np.isfinite(self.left[order])]
        self._gone = self.left[order]
        self._stayed = self._gone - self.entered[order]
        self._gone_weight = self.weight[order]
        self._stays = np.concatenate([[0.0], np.cumsum(self._stayed)])
        self.wrecked: Ints = np.full(len(self.entered), NEVER)
        """Of each stay the step from which on nobody works on it any more, until it leaves."""
        self._there: tuple[int, int, Indexes] = (0, 0, np.zeros(0, np.intp))
        """The step that was asked for last, how many had come by the last step of those, and who was there."""
        self._looked = _NOTHING
        self._come = np.concatenate([[0.0], np.cumsum(self.weight)])
        self._went = np.concatenate([[0.0], np.cumsum(self._gone_weight)])

    def arrival_days(self, steps: int) -> Ints:
        """Of each step up to `steps` how many days had arrivals, as far as was known then."""
        seen = np.ceil(self.left if self.hidden else self.entered)
        day = np.floor(self.entered[seen <= steps]).astype(np.int64)
        seen = np.maximum(seen[seen <= steps], day + 1).astype(np.int64)
        earliest = np.full(steps + 1, steps + 1)
        np.minimum.at(earliest, day, seen)
        return np.cumsum(np.bincount(earliest, minlength=steps + 2)[: steps + 1])

    def arrived(self, moments: Floats) -> Floats:
        """Cases known to have come by each moment."""
        if self.hidden:
            return self.departed(moments)
        return self._come[np.searchsorted(self.entered, moments, side="right")]

    def departed(self, moments: Floats) -> Floats:
        """Cases that had left by each moment."""
        return self._went[np.searchsorted(self._gone, moments, side="right")]

    def there(self, first: int, until: int) -> Indexes:
        """Stays present at one of the steps [first, until)."""
        come = int(np.searchsorted(self.entered, until - 1, side="right"))
        since, seen, stayed = self._there
        if first < since or come < seen:
            since, seen, stayed = first, 0, stayed[:0]
        still = stayed if first == since else stayed[self.left[stayed] > first]
        found = np.concatenate([still, seen + np.flatnonzero(self.left[seen:come] > first)])
        self._there = first, come, found
        return found

    def standing(self, chosen: Indexes, first: int, until: int, older: float = -1.0, *, wrecks: bool = True) -> Floats:
        """Cases (of the chosen stays) that stand there at each step of [first, until) and are older than that."""
        if older > 0:  # who came later is not so old at any of the steps
            before = np.searchsorted(self.entered, until - older, side="right")
            chosen = chosen[: np.searchsorted(chosen, before)]
        begins = np.floor(self.entered[chosen] + older) + 1 if older >= 0 else np.ceil(self.entered[chosen])
        ends = np.ceil(self.left[chosen])
        if not wrecks:
            ends = np.minimum(ends, self.wrecked[chosen])
        steps = until - first
        begin = np.clip(begins - first, 0, steps).astype(np.intp)
        end = np.clip(ends - first, 0, steps).astype(np.intp)
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

    def mark_wrecks(self, chosen: Indexes, first: int, until: int, usual: float) -> None:
        """Find those of the chosen stays on which nobody works any more at some step of [first, until).

        A wreck is old, overtaken by what came later, and of an age at which nobody leaves.
        """
        least = max(LONG * usual, LONGEST)
        entered, left = self.entered[chosen], self.left[chosen]
        unmarked = chosen[(entered < until - 1 - least) & (left - entered > least) & (self.wrecked[chosen] == NEVER)]
        if not len(unmarked):
            return
        limit = self._nobody_leaves_at(chosen, first, until, least)
        oldest = float(self.entered[unmarked[0]])
        for step in (np.flatnonzero(limit < np.arange(first, until) - oldest) + first).tolist():
            waiting = unmarked[(self.entered[unmarked] < step - limit[step - first]) & (self.left[unmarked] > step)]
            if len(waiting):
                lost = waiting[self._overtaken(waiting, step, usual)]
                self.wrecked[lost] = step
                if len(lost):
                    unmarked = unmarked[self.wrecked[unmarked] == NEVER]
            if not len(unmarked):
                return

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
