"""How late the cases of one stage are at the end of each working day, against what is usual there or its target."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.moment.beyond import left_late, older
from factoryview.flow.moment.crowd import FEW_GONE, LATELY, NEVER, Crowd, Floats, Ints
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

    def hot(self, steps: slice | Ints) -> NDArray[np.bool_]:
        """Whether the stage is so late that what is usual may not rise."""
        live, excess = self.live[steps], np.maximum(self.late[steps] - self.expected[steps], 0.0)
        share = np.divide(excess, live, out=np.zeros_like(live), where=live > 0)
        return np.asarray((excess >= _HOT_EXCESS) & (share >= _HOT_SHARE) & (self.leaving[steps] >= _HOT_LEAVING))

    def measure(self, crowd: Crowd, edges: Ints, stays: Floats, tails: Floats) -> None:
        """Fill in the steps from the first edge to the last. Of each stretch between two edges: what is usual, and how
        much longer a case in calm times stays on average.
        """
        first, until, last = int(edges[0]), int(edges[-1]), len(self.usual) - 1
        here, steps, each = slice(first, until), np.arange(first, until), np.diff(edges)
        come, gone = crowd.known(last)
        self.usual[here] = np.repeat(stays, each)
        if crowd.hidden:
            for (begin, end), stay in zip(pairwise(edges.tolist()), stays.tolist(), strict=True):
                self.live[begin:end], self.late[begin:end] = crowd.passing(begin, end, stay)
        else:
            self.late[here] = older(crowd, edges, stays)
        lately = come[here] - come[np.maximum(steps - _COMING, 0)]
        self.expected[here] = np.repeat(tails, each) * lately / np.minimum(steps, _COMING)
        before = steps - int(LATELY)
        number = gone[here] - np.where(before >= 0, gone[np.maximum(before, 0)], 0.0)
        late = left_late(crowd, edges, stays)
        self.leaving[here] = np.where(number < FEW_GONE, 1.0, late / np.maximum(number, FEW_GONE))


def readings(steps: int) -> list[int]:
    """The steps at the end of which what is usual is read again, and the last step."""
    return [*(k for k in range(steps) if k % (YOUNG_BLOCK if k < _YOUNG else READ) == 0), steps]


def against_target(crowd: Crowd, steps: int, target: float) -> Lateness:
    """Against a target (working days). Wrecks are those that `against_past` marked."""
    found = Lateness.empty(steps)
    edges = np.array(readings(steps) if crowd.hidden else [0, steps]) + 1
    if not crowd.hidden:
        found.live[1:] = _live(crowd, steps)[1:]
    found.measure(crowd, edges, np.full(len(edges) - 1, target), np.zeros(len(edges) - 1))
    return found


def against_past(crowd: Crowd, steps: int, least: float = 0.0, *, together: int | None = None) -> Lateness:
    """Against the stage's own past; marks the wrecks of the crowd. least: the usual stay for a wreck, at the least.

    together: so many stretches are measured at once as if nobody were late in them (None: all); where somebody is, so
    that what is usual may not rise, it goes on stretch by stretch. What is found does not depend on it.
    """
    found = Lateness.empty(steps)
    edges, cohorts = np.array(readings(steps)) + 1, _History(crowd)
    usual = [cohorts.usual(edge - 1) for edge in edges[:-1].tolist()]
    stay, tail, place, ahead = np.nan, 0.0, 0, together or len(usual)
    while place < len(usual):
        first, until = edges[place : place + 2].tolist()
        new, new_tail = _next(usual[place], stay, tail)
        if (new > stay or new_tail > tail) and found.hot(slice(first - 1, first)).all():
            stay = min(new, stay)
            known = usual[place]
            tail = min(tail, known.tail(stay)) if known is not None else tail
            _follow(crowd, found, np.array([first, until]), [stay], [tail], least)
            cool = np.flatnonzero(~found.hot(slice(first, until)))
            place, ahead = place + 1, 1
            if not len(cool):
                continue
            first += int(cool[0]) + 1
            crowd.wrecked[crowd.wrecked >= first] = NEVER
            stay, tail = new, new_tail
            if first < until:
                _follow(crowd, found, np.array([first, until]), [stay], [tail], least)
            continue
        stays, tails = [new], [new_tail]
        for each in usual[place + 1 : place + ahead]:
            new, new_tail = _next(each, stays[-1], tails[-1])
            stays.append(new)
            tails.append(new_tail)
        there = edges[place : place + len(stays) + 1]
        _follow(crowd, found, there, stays, tails, least)
        rises = (np.diff(stays) > 0) | (np.diff(tails) > 0)
        jams = np.flatnonzero(rises & found.hot(there[1:-1] - 1))
        calm, ahead = (int(jams[0]) + 1, 1) if len(jams) else (len(stays), 2 * ahead)
        if len(jams):
            crowd.wrecked[crowd.wrecked >= there[calm]] = NEVER
        stay, tail, place = stays[calm - 1], tails[calm - 1], place + calm
    return found


def _next(usual: Usual | None, stay: float, tail: float) -> tuple[float, float]:
    """What is usual from a reading on, and how much longer a case stays on average; as before where nobody knows."""
    if usual is None:
        return stay, tail
    new = max(usual.stay, _LEAST_USUAL)
    return new, usual.tail(new)


class _History:
    """What is usual as far as it is known: by long cohorts, as long as there are few of them by short ones."""

    def __init__(self, crowd: Crowd) -> None:
        self._long, self._short = (Cohorts(crowd, n) for n in (BLOCK, YOUNG_BLOCK))
        self._grown = False

    def usual(self, at: int) -> Usual | None:
        found = self._long.usual(at)
        self._grown = self._grown or found is not None
        return found if self._grown else self._short.usual(at)


def _live(crowd: Crowd, steps: int) -> Floats:
    """Cases that stand there at each step and are no wrecks."""
    return np.asarray((crowd.present(steps) - crowd.wrecks(steps)).round(9))


def _follow(crowd: Crowd, found: Lateness, edges: Ints, stays: list[float], tails: list[float], least: float) -> None:
    """Mark wrecks and measure over some stretches; what is usual is not known in the first of them, or in none."""
    usual, first = np.array(stays), int(edges[0])
    known = int(np.count_nonzero(np.isnan(usual)))
    if not crowd.hidden:
        crowd.mark_wrecks(edges, np.fmax(usual, least) if least else np.where(np.isfinite(usual), usual, 0.0))
        found.live[first : edges[-1]] = _live(crowd, len(found.live) - 1)[first : edges[-1]]
    else:
        for begin, end in pairwise(edges[: known + 1].tolist()):
            found.live[begin:end] = crowd.passing(begin, end, 0.0)[0]
    if known < len(usual):
        found.measure(crowd, edges[known:], usual[known:], np.array(tails[known:]))
