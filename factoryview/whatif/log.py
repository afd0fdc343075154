"""The steps of a log as a calibration sees them at a moment: numbers in hours of the plant's own week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WEEK_H = 168.0
CROWDED, OTHERS, SURE = 1.5, 0.1, 0.95
"""A log begins in the midst of its cases if in its first week so many times as many begin as would of whole cases, and
so large a share of them more than by chance with other stages than later ones; both with this confidence."""


class Waiting(NamedTuple):
    """A case that waits to be begun at a stage."""

    case: int
    stage: int
    since: float
    """When it came there, hours."""


@dataclass(frozen=True, eq=False)
class Log:
    """One entry per step, ordered by case, start and end. Times are hours since a Monday 00:00 of the plant's zone.

    Nothing in it is later than `now`: what went on then is open, what had not begun is not there.
    """

    stages: tuple[str, ...]
    case: Ints
    """0 … cases − 1, without gaps."""
    stage: Ints
    """Places in `stages`."""
    start: Floats
    end: Floats
    """Infinite while the step lasts."""
    person: Ints
    """Who did it, as a number; −1 unknown."""
    arrived: Floats
    """Per case: when it was first seen or, where that is known, created."""
    closed: Floats
    """Per case: when it was done; infinite while it is open."""
    now: float
    since: float
    """From when on the log was kept: cases that began earlier are not in it."""
    entered: Floats | None = None
    """Where a log has entries and no starts: when each case came; `start` is then worked out from the servers."""
    open_seen: bool = True
    """Whether open cases are in the log, too; if not, it holds only those that began and ended in its span."""
    waiting: tuple[Waiting, ...] = ()
    """Of a log with entries: those not begun yet. Where only work is logged, nobody knows what a case waits for."""
    delay: NDArray[np.bool_] | None = None
    """Of a log with entries, per stage: nobody of the plant works there (a customer thinks it over)."""

    @property
    def cases(self) -> int:
        return len(self.arrived)

    @property
    def span_h(self) -> float:
        """How long the log is."""
        return self.now - self.since

    @cached_property
    def first(self) -> Ints:
        """Per case the place of its first step, and behind the last the number of steps."""
        return np.searchsorted(self.case, np.arange(self.cases + 1)).astype(np.int64)

    @cached_property
    def complete_from(self) -> float:
        """From when on nearly all who were at work are in the log: cases begun before it was kept are gone by then.

        Until the log is as old as all but a fiftieth of the cases get, a third of it at most. Before, pools may look
        idle that work.
        """
        length = (self.closed - self.arrived)[np.isfinite(self.closed)]
        return self.since + min(float(np.quantile(length, 0.98)) if len(length) else 0.0, self.span_h / 3)

    @cached_property
    def excerpt(self) -> bool:
        """Whether it is what was done in a span, begun and ended in the midst of cases, instead of whole cases.

        Of cases that began and ended in the span, one that takes d hours began at any time of its first span − d hours
        alike. Where those in progress are cut off at its begin, they seem to begin in its first week, too, with what
        they came to then. (A demand that falls has more of the first week, too, but they begin as all do.)
        """
        early = self.arrived - self.since < WEEK_H
        if self.open_seen or self.span_h < 4 * WEEK_H or early.all():
            return False
        room = self.span_h - (self.closed - self.arrived)
        chance = np.minimum(WEEK_H / np.maximum(room, WEEK_H), 1.0)
        fair, spread = chance.sum(), np.sqrt((chance * (1 - chance)).sum())
        if early.sum() < max(CROWDED * fair, fair + NormalDist().inv_cdf(SURE) * spread):
            return False
        begun = self.stage[self.first[:-1]]
        every = np.bincount(begun, minlength=len(self.stages))
        dealt = np.random.default_rng(0).multivariate_hypergeometric(every, int(early.sum()), size=1000)
        mine = np.bincount(begun[early], minlength=len(self.stages))
        shares = np.vstack([mine, dealt])
        apart = np.abs(shares / early.sum() - (every - shares) / (~early).sum()).sum(axis=1) / 2
        return bool(apart[0] > max(np.quantile(apart[1:], SURE), apart[1:].mean() + OTHERS))

    @property
    def over(self) -> NDArray[np.bool_]:
        """Per step: whether it has ended."""
        return np.isfinite(self.end)


def log_of_steps(
    stages: Sequence[str],
    case: ArrayLike,
    stage: ArrayLike,
    start: ArrayLike,
    end: ArrayLike,
    *,
    person: ArrayLike | None = None,
    arrived: ArrayLike | None = None,
    closed: ArrayLike | None = None,
    entered: ArrayLike | None = None,
    now: float | None = None,
    since: float | None = None,
    open_seen: bool = True,
) -> Log:
    """A log of plain columns, one entry per step in any order; times in hours since a Monday 00:00.

    case: numbers 0 … n − 1, each with a step unless arrived and closed are given. arrived, closed: per case; absent,
    the first start and the last end (infinite where a step lasts). now: absent, the last end; since: the first start.
    """
    cases, begins = np.asarray(case, dtype=np.int64), np.asarray(start, dtype=np.float64)
    ends = np.maximum(np.asarray(end, dtype=np.float64), begins)
    order = np.lexsort((ends, begins, cases))
    cases, begins, ends = cases[order], begins[order], ends[order]
    bounds = np.unique(cases, return_index=True)[1]
    here = np.minimum.reduceat(begins, bounds) if arrived is None else np.asarray(arrived, dtype=np.float64)
    done = np.maximum.reduceat(ends, bounds) if closed is None else np.asarray(closed, dtype=np.float64)
    finite = ends[np.isfinite(ends)]
    return Log(
        tuple(stages),
        cases,
        np.asarray(stage, dtype=np.int64)[order],
        begins,
        ends,
        np.full(len(cases), -1) if person is None else np.asarray(person, dtype=np.int64)[order],
        here,
        done,
        float(max(finite.max(initial=-np.inf), begins.max())) if now is None else now,
        float(here.min()) if since is None else since,
        None if entered is None else np.asarray(entered, dtype=np.float64)[order],
        open_seen,
    )
