"""How late the cases of one stage are at the end of each working day, against what is usual there or its target."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.moment.crowd import FEW_GONE, LATELY, NEVER, Crowd, Floats
from factoryview.flow.moment.usual import BLOCK, READ, YOUNG_BLOCK, Cohorts, Usual

_LEAST_USUAL = 1.0
"""What is usual is taken to be at least a working day."""
_COMING = 20
"""Working days whose arrivals say how many come."""
_HOT_EXCESS, _HOT_SHARE, _HOT_LEAVING = 7.5, 0.375, 0.125
"""While a stage is so late, what is usual there may not rise: nobody gets used to a jam."""
_YOUNG = 100
"""Up to this step what is usual is read every `YOUNG_BLOCK` working days, later every `READ`."""


@dataclass(frozen=True)
class Lateness:
    """Arrays over steps: entry k is the end of working day k, entry 0 the beginning. Cases are weights."""

    usual: Floats
    """Working days within which nine of ten used to leave, or the target; NaN where history is missing."""
    live: Floats
    """Cases that stand there and are no wrecks."""
    late: Floats
    """Of these, how many are older than usual."""
    expected: Floats
    """How many are older than usual in calm times, too."""
    leaving: Floats
    """Share of the departures of the last ten days that had stayed longer than usual; 1 if under five left."""

    @classmethod
    def empty(cls, steps: int) -> Lateness:
        zeros = (np.zeros(steps + 1) for _ in range(4))
        return cls(np.full(steps + 1, np.nan), *zeros)

    @property
    def excess(self) -> Floats:
        """Late cases beyond those expected: each is a case-day a day too much."""
        return np.asarray(np.maximum(self.late - self.expected, 0.0))

    @property
    def share(self) -> Floats:
        """Excess ÷ live cases."""
        return np.divide(self.excess, self.live, out=np.zeros_like(self.live), where=self.live > 0)

    def hot(self, steps: slice) -> NDArray[np.bool_]:
        """Whether the stage is so late that what is usual may not rise."""
        excess, share, leaving = self.excess[steps], self.share[steps], self.leaving[steps]
        return np.asarray((excess >= _HOT_EXCESS) & (share >= _HOT_SHARE) & (leaving >= _HOT_LEAVING))

    def measure(self, crowd: Crowd, first: int, until: int, stay: float, tail: float) -> None:
        """Fill in the steps [first, until): stay is usual, and a case in calm times stays `tail` longer on average."""
        here = slice(first, until)
        steps = np.arange(first, until)
        self.usual[here] = stay
        if crowd.hidden:
            self.live[here], self.late[here] = crowd.passing(first, until, stay)
        else:
            there = crowd.there(first, until)
            self.live[here] = crowd.standing(there, first, until, wrecks=False)
            self.late[here] = crowd.standing(there, first, until, stay, wrecks=False)
        come = crowd.arrived(steps.astype(float)) - crowd.arrived(np.maximum(steps - _COMING, 0).astype(float))
        self.expected[here] = tail * come / np.minimum(steps, _COMING)
        gone, late = crowd.leaving_late(first, until, stay, LATELY)
        self.leaving[here] = np.where(gone < FEW_GONE, 1.0, late / np.maximum(gone, FEW_GONE))


def readings(steps: int) -> list[int]:
    """The steps at the end of which what is usual is read again, and the last step."""
    return [*(k for k in range(steps) if k % (YOUNG_BLOCK if k < _YOUNG else READ) == 0), steps]


def against_target(crowd: Crowd, steps: int, target: float) -> Lateness:
    """Against a target (working days). Wrecks are those that `against_past` marked."""
    found = Lateness.empty(steps)
    bounds = readings(steps) if crowd.hidden else [0, steps]
    for read, last in pairwise(bounds):
        found.measure(crowd, read + 1, last + 1, target, 0.0)
    return found


def against_past(crowd: Crowd, steps: int, least: float = 0.0) -> Lateness:
    """Against the stage's own past; marks the wrecks of the crowd. least: the usual stay for a wreck, at the least."""
    found = Lateness.empty(steps)
    stay, tail = np.nan, 0.0
    cohorts = _History(crowd)
    for read, last in pairwise(readings(steps)):
        usual, first = cohorts.usual(read), read + 1
        new = max(usual.stay, _LEAST_USUAL) if usual is not None else stay
        new_tail = usual.tail(new) if usual is not None else tail
        if (new > stay or new_tail > tail) and found.hot(slice(read, first)).all():
            stay = min(new, stay)
            tail = min(tail, usual.tail(stay)) if usual is not None else tail
            _follow(crowd, found, first, last + 1, stay, tail, least)
            cool = np.flatnonzero(~found.hot(slice(first, last + 1)))
            if not len(cool):
                continue
            first += int(cool[0]) + 1
            crowd.wrecked[crowd.wrecked >= first] = NEVER
        stay, tail = new, new_tail
        _follow(crowd, found, first, last + 1, stay, tail, least)
    return found


class _History:
    """What is usual as far as it is known: by long cohorts, as long as there are few of them by short ones."""

    def __init__(self, crowd: Crowd) -> None:
        self._long, self._short = (Cohorts(crowd, n) for n in (BLOCK, YOUNG_BLOCK))
        self._grown = False

    def usual(self, at: int) -> Usual | None:
        found = self._long.usual(at)
        self._grown = self._grown or found is not None
        return found if self._grown else self._short.usual(at)


def _follow(crowd: Crowd, found: Lateness, first: int, until: int, stay: float, tail: float, least: float) -> None:
    """Mark wrecks and measure over the steps [first, until)."""
    if first >= until:
        return
    longest = max(least, stay if np.isfinite(stay) else 0.0)
    if longest and not crowd.hidden:
        crowd.mark_wrecks(crowd.there(first, until), first, until, longest)
    if np.isfinite(stay):
        found.measure(crowd, first, until, stay, tail)
    elif crowd.hidden:
        found.live[first:until] = crowd.passing(first, until, 0.0)[0]
    else:
        found.live[first:until] = crowd.standing(crowd.there(first, until), first, until, wrecks=False)
