"""How badly each stage jams along time, judged at the end of each working day from what had happened by then.

Not how much stands there, but how late it is: of the cases that wait now, how many wait longer than nine of ten used
to (or than the target), beyond those that always do; is that a good part of the queue and of the plant; and does what
leaves now leave late, too? Cases on which nobody works any more (wrecks) are counted apart. A log that is cut has the
same levels before the cut, as long as it is counted in the same unit (`workdays`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.moment.batches import next_release
from factoryview.flow.moment.crowd import NEVER, Crowd, Floats, Indexes, Ints, Steps
from factoryview.flow.moment.lateness import Lateness, against_past, against_target
from factoryview.flow.moment.workdays import Workdays

NEUTRAL, AMBER, RED = 0, 1, 2

_ON, _OFF, _RELEASE = 3, 5, 0.75
"""A level begins after so many days in a row, and ends after so many below this share of one of its thresholds."""
_TRUST = 3.0
"""The excess is more than so many standard errors of what is always late."""
_PLANT_DAYS = 20
"""The plant is at least as large as in the middle of the last so many days."""
_OLD, _FEW_OLD, _GOES = 60, 20.0, 0.2
"""Fewer than this share of the cases older than so many working days (at least so many) has left: an outcome."""


class LevelReason(IntEnum):
    """Why a stage has its level."""

    CALM = 0
    LATE = 1
    """Far longer than usual here."""
    OVER_TARGET = 2
    """Longer than the target."""
    WITHIN_TARGET = 3
    """Unusual here, but within the target; at most amber."""
    DELAY = 4
    """Late, but at a stage where nobody can work faster (a customer thinks); at most amber."""
    PASSED = 5
    """Old ones wait while what leaves is not late: amber, not red."""
    UNKNOWN = 6
    """Not judged yet: history is missing."""
    OUTCOME = 7
    """Hardly anything ever leaves: an outcome rather than a queue."""


@dataclass(frozen=True)
class Nature:
    """What the plant says of a stage."""

    target: float | None = None
    """Working days."""
    delay: bool = False


@dataclass(frozen=True)
class _Rule:
    share: float
    excess: float
    of_plant: float
    leaving: float
    stops: float
    """Below this share of late departures the level may end."""


_OWN = {AMBER: _Rule(1 / 3, 5.0, 0.05, 0.0, 0.0), RED: _Rule(1 / 2, 10.0, 0.1, 1 / 4, 1 / 8)}
_TARGET = {AMBER: _Rule(1 / 6, 5.0, 0.05, 0.0, 0.0), RED: _Rule(1 / 3, 10.0, 0.1, 1 / 4, 1 / 8)}


@dataclass(frozen=True)
class Levels:
    """Arrays over stages × steps. Step k is the end of working day k; step 0 is the beginning, where all is calm."""

    stages: tuple[str, ...]
    workdays: Workdays
    level: NDArray[np.int8]
    reason: NDArray[np.int8]
    excess: Floats
    """Late cases beyond those that always are."""
    late: Floats
    live: Floats
    """Cases that are no wrecks."""
    wrecks: Floats
    usual: Floats
    """Working days within which nine of ten leave, or the target; NaN where history is missing."""
    due: Floats
    """Working day of the next release of a batch, NaN where there is none; in the past: overdue."""
    wrecked: tuple[tuple[Indexes, Steps], ...] = field(repr=False)
    """Of each stage which stays, in order of entry, become wrecks, and since which step. Let go of once `judge` has
    made `Wrecks` of it.
    """

    @cached_property
    def moments(self) -> Ints:
        """When each step is, µs UTC; the first is long before the log."""
        return np.concatenate([[np.iinfo(np.int64).min], self.workdays.ends])

    @property
    def steps(self) -> int:
        return int(self.level.shape[1])

    def at(self, moment: int) -> int:
        """The last step that was over at a moment (µs UTC): what is known then."""
        return int(self.moments.searchsorted(moment, side="right")) - 1

    @cached_property
    def judged(self) -> NDArray[np.bool_]:
        return np.asarray(~np.isin(self.reason, (LevelReason.UNKNOWN, LevelReason.OUTCOME)))

    def since(self, stage: int, step: int) -> int:
        """The step at which the level that holds then (or a worse one) began."""
        return int(self._starts[int(self.level[stage, step])][stage, step])

    @cached_property
    def _starts(self) -> tuple[NDArray[np.intp], ...]:
        """Per level: since which step every stage has been at it or worse, for each step."""
        after = np.arange(1, self.steps + 1)
        return tuple(np.maximum.accumulate(np.where(self.level < k, after, 0), axis=1) for k in (NEUTRAL, AMBER, RED))

    def worst(self, step: int) -> int | None:
        """The stage that jams most: of the worst level the one with the largest excess; None where none jams."""
        level = self.level[:, step]
        if not len(level) or level.max() == NEUTRAL:
            return None
        return int(np.argmax(np.where(level == level.max(), self.excess[:, step], -1.0)))


def levels(
    crowds: Mapping[str, Crowd] | Iterable[tuple[str, Crowd]],
    workdays: Workdays,
    natures: Mapping[str, Nature] | None = None,
) -> Levels:
    """Judge every stage at the end of every working day that is over.

    crowds: stages with their stays in working days (`Workdays.passed`); each is asked for once, as of a large log there
    is room for one at a time. natures: what the plant says.
    """
    steps = len(workdays.ends)
    known = natures or {}
    own, target, outcome, wrecks, due, wrecked = {}, {}, {}, [], [], []
    for name, crowd in crowds.items() if isinstance(crowds, Mapping) else crowds:
        limit = known.get(name, Nature()).target
        own[name] = against_past(crowd, steps, limit or 0.0)
        if limit is not None:
            target[name] = against_target(crowd, steps, limit)
        outcome[name] = _outcome_like(crowd, steps) & (name not in target)
        wrecks.append(crowd.wrecks(steps))
        due.append(next_release(crowd, steps))
        marked = np.flatnonzero(crowd.wrecked != NEVER)
        wrecked.append((marked, crowd.wrecked[marked]))
        del crowd  # before the next is made
    size = _plant_size(own, outcome, steps)
    rows = {
        name: _stage(own[name], target.get(name), outcome[name], size, known.get(name, Nature()).delay) for name in own
    }
    spoken = {name: target.get(name, own[name]) for name in own}
    shape = (len(own), steps + 1)

    def grid(values: list[NDArray[np.float64]]) -> Floats:
        return np.array(values).reshape(shape)

    return Levels(
        tuple(own),
        workdays,
        np.array([row[0] for row in rows.values()], dtype=np.int8).reshape(shape),
        np.array([row[1] for row in rows.values()], dtype=np.int8).reshape(shape),
        grid([found.excess for found in spoken.values()]),
        grid([found.late for found in spoken.values()]),
        grid([found.live for found in own.values()]),
        grid(wrecks),
        grid([found.usual for found in spoken.values()]),
        grid(due),
        tuple(wrecked),
    )


def _outcome_like(crowd: Crowd, steps: int) -> NDArray[np.bool_]:
    """Per step: cases come and hardly ever leave."""
    come, gone = crowd.known(steps)
    old = np.concatenate([np.zeros(min(_OLD, steps + 1)), come])[: steps + 1]
    return np.asarray((old >= _FEW_OLD) & (gone < _GOES * old))


def _plant_size(own: Mapping[str, Lateness], outcome: Mapping[str, NDArray[np.bool_]], steps: int) -> Floats:
    """Live cases of the plant without outcome-like stages, at least as many as in the middle of the last days."""
    total = np.zeros(steps + 1)
    for name, found in own.items():
        total += np.where(outcome[name], 0.0, found.live)
    early = [float(np.median(total[:k])) for k in range(1, min(_PLANT_DAYS, len(total) + 1))]
    later = np.lib.stride_tricks.sliding_window_view(total, _PLANT_DAYS) if len(total) >= _PLANT_DAYS else None
    middle = np.concatenate([early, [] if later is None else np.median(later, axis=1)])
    return np.asarray(np.maximum(total, middle))


def _stage(
    own: Lateness, target: Lateness | None, outcome: NDArray[np.bool_], size: Floats, delay: bool
) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """Level and reason of one stage along the steps."""
    by_past = {level: _lasting(own, rule, size) & ~outcome for level, rule in _OWN.items()}
    level = np.where(by_past[RED], RED, np.where(by_past[AMBER], AMBER, NEUTRAL))
    reason = np.where(level > NEUTRAL, LevelReason.LATE, LevelReason.CALM)
    passed = (level == AMBER) & (own.share >= _OWN[RED].share) & (own.leaving < _OWN[RED].leaving)
    reason = np.where(passed, LevelReason.PASSED, reason)
    if target is not None:
        by_target = {step: _lasting(target, rule, size) for step, rule in _TARGET.items()}
        over = np.where(by_target[RED], RED, np.where(by_target[AMBER], AMBER, NEUTRAL))
        reason = np.where(
            over > NEUTRAL, LevelReason.OVER_TARGET, np.where(level > NEUTRAL, LevelReason.WITHIN_TARGET, reason)
        )
        level = np.maximum(over, np.minimum(level, AMBER))
    else:
        reason = np.where(np.isfinite(own.usual), reason, LevelReason.UNKNOWN)
        reason = np.where(outcome, LevelReason.OUTCOME, reason)
        level = np.where(np.isfinite(own.usual), level, NEUTRAL)
    if delay:
        reason = np.where(level > AMBER, LevelReason.DELAY, reason)
        level = np.minimum(level, AMBER)
    return level.astype(np.int8), reason.astype(np.int8)


def _lasting(found: Lateness, rule: _Rule, size: Floats) -> NDArray[np.bool_]:
    """Where the rule has held long enough, until it has not held for long enough."""
    excess, share = found.excess, found.share
    least = np.maximum(rule.excess, rule.of_plant * size)
    judged = np.isfinite(found.usual)
    on = judged & (share >= rule.share) & (excess >= least) & (found.leaving >= rule.leaving)
    on &= excess >= _TRUST * np.sqrt(found.expected + 1)
    off = ~judged | (share < _RELEASE * rule.share) | (excess < _RELEASE * least) | (found.leaving < rule.stops)
    begins, ends = _in_a_row(on, _ON), _in_a_row(off, _OFF) | (found.late == 0)
    steps = np.arange(len(on))
    latest = np.maximum.accumulate(np.where(begins | ends, steps, -1))
    return np.asarray((latest >= 0) & begins[np.maximum(latest, 0)])


def _in_a_row(held: NDArray[np.bool_], days: int) -> NDArray[np.bool_]:
    """Whether it has held on that day and on the days before, `days` in all."""
    total = np.concatenate([np.zeros(days, np.int64), np.cumsum(held)])
    return np.asarray(total[days:] - total[:-days] == days)
