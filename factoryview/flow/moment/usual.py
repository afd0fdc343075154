"""How long cases usually stay at a stage: the late end of the stays of past cohorts, as known at each moment.

A cohort is what came in one stretch of time. Cohorts are of entries, not of departures: those who leave early would
speak for all. A cohort spans at least what it measures, so that the cycle of a batch is always whole in it. The lower
quartile of the cohorts is usual, so that a jam of up to three quarters of a year hardly raises its own bar.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.moment.crowd import Crowd, Floats
from factoryview.flow.order import stable_order

BLOCK, YOUNG_BLOCK = 20, 5
"""Working days that are joined to cohorts; the shorter ones until three cohorts of the longer are known."""
READ = 20
"""Stays are read again every so many working days."""
_FEWEST = 30
"""Entries of a cohort."""
_LATE = 0.9
"""So many of a cohort leave within its usual stay."""
_LEFT, _GOING = 0.75, 0.5
"""A cohort is known when this share has left, and is no longer joined to what came later when this share has."""
_RECENT, _KNOWN = 250, 3
"""Cohorts that became known in the last so many working days count; fewer cohorts than this are no history."""
_SAMPLE = 2_000
"""Of a larger cohort every n-th member is looked at."""


class _Cohort:
    """The stays of what came in one stretch; numbers in working days."""

    def __init__(self, crowd: Crowd, chosen: slice) -> None:
        self.entered, self.left, self.hidden = crowd.entered[chosen], crowd.left[chosen], crowd.hidden
        """hidden: those that have not left are not known either."""
        self._weights, self._times = crowd.weight[chosen], float(chosen.step)
        self._each = None if crowd.each is None else crowd.each * self._times
        """What every member counts, if that is the same."""
        self._size = float(self._weight.sum()) if self._each is None else self._each * len(self.left)
        self.known, self.usual, self.longest, self.settled = np.inf, np.nan, np.inf, False
        """When it became known; what is usual; the longest stay, once all have left and been read."""
        self._gone: tuple[float, int, Floats, NDArray[np.bool_] | None] = (-np.inf, 0, self.left[:0], None)
        """When it was looked at last, so many had left then, how long they had stayed, and who of all; None: all."""
        self._sorted: tuple[int, Floats] = (-1, self.left)
        self._read = -1
        """So many had left when it was read last."""

    @property
    def _stays(self) -> Floats:
        return self.left - self.entered

    @cached_property
    def _weight(self) -> Floats:
        return self._weights * self._times

    def size(self, at: float) -> float:
        """Members known by then."""
        return self._left_by(at) if self.hidden else self._size

    def share_left(self, at: float) -> float:
        return self._left_by(at) / self.size(at)

    def _left_by(self, at: float) -> float:
        if self._each is not None:
            return self._each * self._gone_by(at)[0]
        return float(self._weight[self.left <= at].sum())

    def _gone_by(self, at: float) -> tuple[int, Floats, NDArray[np.bool_] | None]:
        """How many had left by then, how long they had stayed, and who of all; None: all."""
        looked, number, stays, gone = self._gone
        if at != looked and (at < looked or number < len(self.left)):
            gone, before = self.left <= at, number
            number = int(np.count_nonzero(gone))
            if number == len(self.left):
                stays, gone = self._stays, None
            elif number != before:
                stays = self._stays[gone]
            self._gone = at, number, stays, gone
        return number, stays, gone

    def quantile(self, at: float, share: float, *, of_all: bool = False) -> float:
        """Of the stays of those that had left by then; of_all: of all members, infinite where too few had left."""
        number, stays, gone = self._gone_by(at)
        if not number:
            return np.inf
        if self._each is not None:
            goal = share * (self._size if of_all and not self.hidden else self._each * number) * (1 - 1e-12)
            place = max(0, ceil(goal / self._each) - 1)
            if place >= number:
                return np.inf
            if self._sorted[0] != number:
                self._sorted = number, np.sort(stays)
            return float(self._sorted[1][place])
        weight = self._weight if gone is None else self._weight[gone]
        goal = share * (self._size if of_all and not self.hidden else float(weight.sum())) * (1 - 1e-12)
        order = stable_order(stays)
        place = int(np.searchsorted(np.cumsum(weight[order]), goal))
        return float(stays[order[place]]) if place < number else np.inf

    def tail(self, at: float, beyond: float, *, settled: bool) -> tuple[float, float]:
        """Days beyond so many that those that had left by then stayed in all, and their number.

        settled: all had left and been read.
        """
        if settled and self.longest <= beyond:
            return 0.0, self._size
        _, stays, gone = self._gone_by(at)
        weight = self._weight if gone is None else self._weight[gone]
        return float(np.maximum(stays - beyond, 0.0) @ weight), float(weight.sum())

    def read(self, at: float) -> None:
        """Look again at those that have left by then, and whether it is known how long one stays."""
        number = self._gone_by(at)[0]
        if self.known == np.inf:
            stay = self.quantile(at, _LEFT, of_all=True)
            if at < self.entered[-1] + 2 * stay:
                return
            self.known = at
        elif number == self._read:  # nobody has left since
            return
        self._read = number
        self.usual = self.quantile(at, _LATE)
        if number == len(self.left):
            self.settled, self.longest = True, float(self._stays.max())


@dataclass(frozen=True)
class Usual:
    """What is usual at a stage at a moment."""

    stay: float
    """Working days within which nine of ten leave."""
    _calm: tuple[tuple[_Cohort, bool], ...]
    """The calmer half of the cohorts, and which of them were settled."""
    _at: float

    def tail(self, beyond: float) -> float:
        """Mean time that a case in calm times stays beyond so many working days."""
        days, number = zip(
            *(cohort.tail(self._at, beyond, settled=settled) for cohort, settled in self._calm), strict=True
        )
        return float(np.add.reduce(days) / np.add.reduce(number))


class Cohorts:
    """The cohorts of one stage, in blocks of so many working days; asked at ever later moments."""

    def __init__(self, crowd: Crowd, block: int) -> None:
        self._crowd, self._block = crowd, block
        self._closed: list[_Cohort] = []
        self._unsettled: list[_Cohort] = []
        self._past, self._most = 0, 0.0
        """The first so many have been known for long; the most that was usual in any."""
        self._next, self._from, self._to = block, 0, 0
        """End of the block to be looked at next; members before it that are in no cohort yet."""

    def usual(self, at: float) -> Usual | None:
        """What is usual as known at the end of a working day; None where history is missing."""
        self._close(at)
        if self._unsettled:
            for cohort in self._unsettled:
                cohort.read(at)
                self._most = max(self._most, cohort.usual)
            self._unsettled = [cohort for cohort in self._unsettled if not cohort.settled]
        long_ago = at - _RECENT
        while self._past < len(self._closed) and self._closed[self._past].known <= long_ago:
            self._past += 1
        known = [cohort for cohort in self._closed[self._past :] if cohort.known <= at]
        if self._past + len(known) < _KNOWN:
            return None
        recent = [cohort for cohort in known if cohort.known > long_ago]
        if not recent:
            recent = [*self._closed[: self._past], *known][-_KNOWN:]
        stays = sorted([cohort.usual for cohort in recent])
        place, part = divmod(0.25 * (len(stays) - 1), 1)
        lower = stays[int(place)] + part * (stays[int(place) + 1] - stays[int(place)]) if len(stays) > 1 else stays[0]
        middle = stays[(len(stays) - 1) // 2]
        return Usual(lower, tuple([(cohort, cohort.settled) for cohort in recent if cohort.usual <= middle]), at)

    def _long(self, cohort: _Cohort) -> bool:
        """Whether it is no shorter than what it measures: what is usual in it, and in the middle one so far."""
        span = float(cohort.entered[-1] - cohort.entered[0])
        if span < cohort.usual or span >= self._most:
            return span >= cohort.usual
        usual = sorted([each.usual for each in self._closed])
        return span >= usual[len(usual) // 2]

    def _close(self, at: float) -> None:
        """Join blocks that are over by then to cohorts."""
        crowd = self._crowd
        while self._next <= at:
            self._to = int(crowd.entered.searchsorted(self._next))
            if self._to > self._from:
                step = 1 if crowd.hidden else max(1, (self._to - self._from) // _SAMPLE)
                cohort = _Cohort(crowd, slice(self._from, self._to, step))
                if cohort.size(at) >= _FEWEST and self._leaves(cohort, at):
                    return
            self._next += self._block

    def _leaves(self, cohort: _Cohort, at: float) -> bool:
        """Close a cohort if it is one; whether one has to wait for those who have not left yet."""
        if cohort.share_left(at) < _GOING:
            if at < cohort.entered[-1] + _RECENT:
                return True
            self._from = self._to  # most of them never leave: they say nothing of how long one stays
            return False
        cohort.usual = cohort.quantile(at, _LATE)
        if self._long(cohort):
            self._closed.append(cohort)
            self._unsettled.append(cohort)
            self._most = max(self._most, cohort.usual)
            self._from = self._to
        return False
