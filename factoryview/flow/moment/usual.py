"""How long cases usually stay at a stage: the late end of the stays of past cohorts, as known at each moment.

A cohort is what came in one stretch of time. Cohorts are of entries, not of departures: those who leave early would
speak for all. A cohort spans at least what it measures, so that the cycle of a batch is always whole in it. The lower
quartile of the cohorts is usual, so that a jam of up to three quarters of a year hardly raises its own bar.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from factoryview.flow.moment.crowd import Crowd, Floats
from factoryview.flow.order import nth, stable_order

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


@dataclass
class _Cohort:
    """The stays of what came in one stretch; numbers in working days."""

    entered: Floats
    left: Floats
    weight: Floats
    hidden: bool
    """Those that have not left are not known either."""
    known: float = np.inf
    usual: float = np.nan
    longest: float = np.inf
    settled: bool = False
    """All have left and been read."""
    _gone: tuple[int, Floats, Floats] = (0, np.zeros(0), np.zeros(0))
    """So many had left when it was looked at last, how long they had stayed, and what they count."""
    _read: int = -1
    """So many had left when it was read last."""

    def __post_init__(self) -> None:
        self._stays = self.left - self.entered
        self._size = float(self.weight.sum())
        same = len(self.weight) and self.weight.min() == self.weight.max()
        self._each = float(self.weight[0]) if same else None
        """What every member counts, if that is the same."""

    def size(self, at: float) -> float:
        """Members known by then."""
        return self._left_by(at) if self.hidden else self._size

    def share_left(self, at: float) -> float:
        return self._left_by(at) / self.size(at)

    def _left_by(self, at: float) -> float:
        gone = self.left <= at
        return float(self.weight[gone].sum()) if self._each is None else self._each * int(np.count_nonzero(gone))

    def _gone_by(self, at: float) -> tuple[int, Floats, Floats]:
        """How many had left by then, how long they had stayed, and what they count."""
        gone = self.left <= at
        number = int(np.count_nonzero(gone))
        if self._gone[0] != number:
            self._gone = number, self._stays[gone], self.weight[gone]
        return self._gone

    def quantile(self, at: float, share: float, *, of_all: bool = False) -> float:
        """Of the stays of those that had left by then; of_all: of all members, infinite where too few had left."""
        number, stays, weight = self._gone_by(at)
        if not number:
            return np.inf
        left = float(weight.sum()) if self._each is None else self._each * number
        goal = share * (self._size if of_all and not self.hidden else left) * (1 - 1e-12)
        if self._each is not None:  # nothing has to be put in order
            place = max(0, ceil(goal / self._each) - 1)
            return nth(stays, place) if place < number else np.inf
        order = stable_order(stays)
        place = int(np.searchsorted(np.cumsum(weight[order]), goal))
        return float(stays[order[place]]) if place < number else np.inf

    def tail(self, at: float, beyond: float) -> tuple[float, float]:
        """Days beyond so many that those that had left by then stayed in all, and their number."""
        if self.usual <= beyond and self.settled and self.longest <= beyond:
            return 0.0, self._size
        _, stays, weight = self._gone_by(at)
        return float(np.maximum(stays - beyond, 0.0) @ weight), float(weight.sum())

    def read(self, at: float) -> None:
        """Look again at those that have left by then, and whether it is known how long one stays."""
        number = self._gone_by(at)[0]
        if not np.isfinite(self.known):
            stay = self.quantile(at, _LEFT, of_all=True)
            if at < self.entered[-1] + 2 * stay:
                return
            self.known = at
        elif number == self._read:  # nobody has left since
            return
        self._read = number
        self.usual = self.quantile(at, _LATE)
        self.settled = number == len(self.left)
        self.longest = float(self._stays.max()) if self.settled else np.inf


@dataclass(frozen=True)
class Usual:
    """What is usual at a stage at a moment."""

    stay: float
    """Working days within which nine of ten leave."""
    _calm: tuple[_Cohort, ...]
    """The calmer half of the cohorts."""
    _at: float

    def tail(self, beyond: float) -> float:
        """Mean time that a case in calm times stays beyond so many working days."""
        sums = np.array([cohort.tail(self._at, beyond) for cohort in self._calm])
        return float(sums[:, 0].sum() / sums[:, 1].sum())


class Cohorts:
    """The cohorts of one stage, in blocks of so many working days; asked at ever later moments."""

    def __init__(self, crowd: Crowd, block: int) -> None:
        self._crowd, self._block = crowd, block
        self._closed: list[_Cohort] = []
        self._unsettled: list[_Cohort] = []
        self._next, self._from, self._to = block, 0, 0
        """End of the block to be looked at next; members before it that are in no cohort yet."""

    def usual(self, at: float) -> Usual | None:
        """What is usual as known at the end of a working day; None where history is missing."""
        self._close(at)
        for cohort in self._unsettled:
            cohort.read(at)
        self._unsettled = [cohort for cohort in self._unsettled if not cohort.settled]
        known = [cohort for cohort in self._closed if np.isfinite(cohort.known)]
        if len(known) < _KNOWN:
            return None
        recent = [cohort for cohort in known if cohort.known > at - _RECENT] or known[-_KNOWN:]
        stays = sorted(cohort.usual for cohort in recent)
        place, part = divmod(0.25 * (len(stays) - 1), 1)
        lower = stays[int(place)] + part * (stays[int(place) + 1] - stays[int(place)]) if len(stays) > 1 else stays[0]
        middle = stays[(len(stays) - 1) // 2]
        return Usual(lower, tuple(cohort for cohort in recent if cohort.usual <= middle), at)

    def _middle(self) -> float:
        """The median of what was usual in the cohorts so far: a cohort is no shorter than what it measures."""
        usual = sorted(cohort.usual for cohort in self._closed)
        return usual[len(usual) // 2] if usual else 0.0

    def _close(self, at: float) -> None:
        """Join blocks that are over by then to cohorts."""
        crowd = self._crowd
        while self._next <= at:
            self._to = int(np.searchsorted(crowd.entered, self._next, side="left"))
            step = 1 if crowd.hidden else max(1, (self._to - self._from) // _SAMPLE)
            chosen = slice(self._from, self._to, step)
            cohort = _Cohort(crowd.entered[chosen], crowd.left[chosen], crowd.weight[chosen] * step, crowd.hidden)
            if cohort.size(at) >= _FEWEST:
                going = cohort.share_left(at) < _GOING
                if going and at < cohort.entered[-1] + _RECENT:
                    return
                if going:  # most of them never leave: they say nothing of how long one stays
                    self._from = self._to
                else:
                    cohort.usual = cohort.quantile(at, _LATE)
                    if cohort.entered[-1] - cohort.entered[0] >= max(cohort.usual, self._middle()):
                        self._closed.append(cohort)
                        self._unsettled.append(cohort)
                        self._from = self._to
            self._next += self._block
