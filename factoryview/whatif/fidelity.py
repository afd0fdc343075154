"""A period simulated as a log of it would show it, to be held beside what happened: cases begun and ended within it.

Of a log that is an excerpt, cut in the midst of its cases, what comes is one, too: what was done by the end of the
period, whatever was still to do.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from factoryview.whatif.calibration import Calibration
from factoryview.whatif.distances import Happened
from factoryview.whatif.facts import future_of, known_of
from factoryview.whatif.kernel import simulate
from factoryview.whatif.log import Ints, Log, Waiting
from factoryview.whatif.replication import Replication, draw, joined
from factoryview.whatif.today import Today


def simulated(
    calibration: Calibration, seed: int, begin: float, end: float, *, known: Calibration | None = None,
    today: Today | None = None,
) -> Happened:  # fmt: skip
    """One run over [begin, end]: cases that came in it and were done by its end; of an excerpt, what was done by then.

    Stages as in the calibration's log.

    known, today: what was known at its begin, with the cases then in progress; absent, the plant is empty then.
    """
    made = waited_for(calibration, draw(calibration, seed, begin, (end - begin) / 24.0, level=True), seed)
    if known is not None and today is not None:
        going = waited_for(known, draw(known, seed, begin, 0.0, level=True, today=today), seed)
        made = joined(going, made)
    run = simulate(made.steps, made.pools, seed)
    left = np.zeros(len(made.arrived), dtype=np.bool_)
    left[made.steps.case[run.gave_up]] = True
    never = left[made.steps.case] & ~np.isfinite(run.ready)  # what would have come after a case left
    last = np.full(len(made.arrived), -np.inf)
    np.maximum.at(last, made.steps.case[~never], run.end[~never])
    done = run.end <= end if calibration.log.excerpt else (last <= end)[made.steps.case]
    kept = done & ~made.open[made.steps.case] & ~never
    start = run.start
    if calibration.log.entered is not None:  # what such a log shows of a step is when its case came
        parent = made.steps.parent
        start = np.where(parent >= 0, run.end[parent], made.arrived[made.steps.case])
    return Happened(made.steps.case[kept], made.stage[kept], start[kept], run.end[kept])


def waited_for(calibration: Calibration, made: Replication, seed: int) -> Replication:
    """The same with cases that leave a queue, in a log in which some did: all that were over and never begun there."""
    log = calibration.log
    if log.entered is None:
        return made
    over, unknown = np.isfinite(log.closed), np.full(log.cases, np.nan)
    facts = known_of(calibration, (), np.full(log.cases, -1), unknown, over, over)
    return future_of(calibration, facts, made, seed).replication


def happened(log: Log, begin: float, end: float) -> Happened:
    """What a log shows of the cases that came in [begin, end] and were done by its end."""
    whole = np.ones(log.cases, dtype=np.bool_)
    whole[log.case[~log.over]] = False
    chosen = whole & (log.arrived >= begin) & (log.closed <= end)
    return shown(log, chosen[log.case])


def shown(log: Log, kept: NDArray[np.bool_]) -> Happened:
    """Some of the steps of a log as it shows them: from their start or, where it has entries, from the entry."""
    start = log.start if log.entered is None else log.entered
    return Happened(log.case[kept], log.stage[kept], start[kept], log.end[kept])


def shifted(past: Happened, weeks: int) -> Happened:
    """The naive copy: what happened, so many whole weeks later."""
    return replace(past, start=past.start + 168.0 * weeks, end=past.end + 168.0 * weeks)


def known_at(log: Log, at: float) -> Log:
    """A log as it was at an earlier moment: nothing later is in it."""
    closed = np.where(log.closed <= at, log.closed, np.inf)
    seen = log.arrived <= at if log.open_seen else np.isfinite(closed)
    number = np.cumsum(seen) - 1
    came = log.start if log.entered is None else log.entered
    kept = seen[log.case] & (came <= at)
    begun = kept & (log.start <= at)
    waiting = [
        Waiting(int(number[log.case[k]]), int(log.stage[k]), float(came[k])) for k in np.flatnonzero(kept & ~begun)
    ]
    waiting += [one._replace(case=int(number[one.case])) for one in log.waiting if one.since <= at and seen[one.case]]
    end = np.where(log.end <= at, log.end, np.inf)
    return replace(
        log,
        case=number[log.case[begun]],
        stage=log.stage[begun],
        start=log.start[begun],
        end=end[begun],
        person=log.person[begun],
        arrived=log.arrived[seen],
        closed=closed[seen],
        now=at,
        entered=None if log.entered is None else log.entered[begun],
        waiting=tuple(waiting),
    )


def only(log: Log, cases: Ints) -> Log:
    """A log that has completed some of its cases only; all others are open, so that none of them is a donor."""
    closed = np.full(log.cases, np.inf)
    closed[cases] = log.closed[cases]
    return replace(log, closed=closed)
