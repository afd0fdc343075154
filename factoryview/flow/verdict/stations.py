"""What each stage is: a queue before servers, a pure delay, or a batch that runs on a schedule.

At a true queue the time a case stays grows with the work it meets on arrival; at a pure delay (a customer thinks it
over) it does not; a batch lets many go at once. Only the first can be a constraint of capacity. Measured twice:
with each case's own stay, and, so that it holds for any order of service, pairing the k-th arrival with the k-th
departure (Newell's cumulative curves). Own: a queue gives about 1, a delay 0. Paired: a queue 1, a delay ≤ 0.6.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from factoryview.factory.staff import Staff, staff_of
from factoryview.flow.order import neighbours
from factoryview.flow.verdict.clock import Clock, Hours, clock_of
from factoryview.flow.verdict.evidence import Evidence
from factoryview.flow.verdict.handovers import forgotten
from factoryview.flow.verdict.visits import Floats, Ints, Visits

Kind = Literal["queue", "delay", "batch"]

OWN_SLOPE, PAIRED_SLOPE = 0.3, 0.67
BURSTS, BURSTS_COUNTED = 0.03, 0.25
FEW = 30
"""Arrivals below which nothing is said about a stage."""
FEW_THERE = 60
"""Visits in a stretch below which its servers are not counted anew."""
FULL = 0.1
"""Share of the working time with all servers at work, above which there are only so many (pure delays: ≤ 1 %)."""
DOUBT = 6.0
"""Difference of log likelihoods that makes one believe in another number of servers."""
SAMPLE = 20_000
"""The newest visits are enough to tell what a stage is."""


@dataclass(frozen=True)
class Station:
    """A stage with its nature, clock and servers."""

    name: str
    kind: Kind
    count: Callable[[], int] = field(compare=False)
    """Counts the servers."""
    clock: Clock
    blind: bool
    """The log does not show when most cases came here, so a queue before this stage cannot be seen."""
    visits: Visits
    staff: Staff | None = None
    """Who works here, where the plant says it."""

    @cached_property
    def servers(self) -> int:
        """How many cases are worked on at once; of what is no queue it is counted only where it is asked for."""
        return self.count()


def stations(evidence: Evidence) -> list[Station]:
    """All stages of a log, in its order; kinds the plant names are believed."""
    hours = evidence.hours
    return [_station(evidence, index, hours) for index in range(len(evidence.stages))]


def _station(evidence: Evidence, index: int, hours: Hours) -> Station:
    name, every = evidence.stages[index], evidence.visits[index]
    clock = clock_of(hours.gone[index], hours)
    lost = forgotten(every, clock, evidence.end) if evidence.meaning != "kpi" else np.zeros(len(every.left), bool)
    visits = every.only(~lost) if lost.any() else every
    recent, known = newest(visits), evidence.plant.stage(name)
    counted = evidence.meaning == "kpi"
    if known is not None and known.kind is not None:
        kind: Kind = known.kind
    elif counted:
        paired = slopes(recent, clock, evidence.end)[1]
        burst = burstiness(visits.departures)
        kind = "batch" if burst < BURSTS_COUNTED else "queue" if paired >= PAIRED_SLOPE else "delay"
    elif is_queue(recent, clock, evidence.end):
        kind = "queue"
    else:
        kind = "batch" if burstiness(visits.departures) < BURSTS else "delay"
    seen_first = float(np.mean(visits.first)) if len(visits.first) else 0.0
    blind = evidence.meaning in ("completion", "interval") and seen_first > 0.5
    if blind and evidence.meaning == "completion" and (known is None or known.kind is None):
        kind = "delay"  # the first wait is not in the log: nothing can be measured
    if evidence.meaning == "interval" and np.isfinite(visits.started).any():
        at_once, full = concurrency(visits)
        count = partial(int, at_once)
        if known is None or known.kind is None:
            if blind:
                kind = "queue" if full >= FULL else "delay"
            elif _waits(visits, evidence.end):
                kind = "queue" if kind == "queue" or burstiness(visits.departures) >= BURSTS else "batch"
            elif kind != "batch":
                kind = "delay"
    else:
        count = partial(count_servers, recent, clock, lost=evidence.lost)
    staff = staff_of(evidence.plant, name) if kind == "queue" else None
    if staff is not None:
        count = partial(max, 1, round(float(staff.at(np.array([evidence.end]))[0])))
    return Station(name, kind, count, clock, blind, visits, staff)


def is_queue(visits: Visits, clock: Clock, end: float) -> bool:
    """Whether cases stay the longer, the more work they meet on arrival. end: hours since 1970 UTC, of the log."""
    own, paired = slopes(visits, clock, end, until=(OWN_SLOPE, PAIRED_SLOPE))
    return paired >= PAIRED_SLOPE or own >= OWN_SLOPE


def _waits(visits: Visits, end: float) -> bool:
    """Whether starts show a wait worth the name: more than 2 % of the time stayed."""
    waited = np.where(np.isfinite(visits.started), visits.started, end) - visits.entered
    stayed = np.where(np.isfinite(visits.left), visits.left, end) - visits.entered
    return bool(waited.sum() > 0.02 * stayed.sum())


def burstiness(departures: Floats) -> float:
    """Median ÷ mean gap between departures: about 0.7 for a steady trickle, 0 when many leave at once."""
    gaps = np.diff(departures)
    if len(gaps) < 10 or gaps.mean() <= 0:
        return 1.0
    low, high = neighbours(gaps, (len(gaps) - 1) // 2, len(gaps) // 2)
    return float((low + high) / 2 / gaps.mean())


def slopes(
    visits: Visits, clock: Clock, end: float, *, until: tuple[float, float] = (-np.inf, -np.inf)
) -> tuple[float, float]:
    """Growth of the stay with the work met on arrival, in departures' worth of time: own stays, paired stays.

    The least of what it is in elapsed and in working time. until: once both are less than these, that is enough.
    """
    visits = newest(visits)
    entered, leaving = visits.entered, visits.leaving
    if len(entered) < FEW or len(leaving) < FEW:
        return 0.0, 0.0
    still = np.ones(len(entered), bool)
    still[leaving] = False
    settled = len(entered) - _open_tail(still)
    own, paired = np.inf, np.inf
    pairs = len(leaving)
    since = entered[:pairs] - entered[0]
    weeks = np.unique(since.searchsorted(168.0 * np.arange(since[-1] // 168 + 1)))
    """Where those that came in each week begin, of weeks in which somebody came."""
    counts = np.diff(weeks, append=pairs)
    for worked in (False, True) if clock.rests else (False,):
        arrived, departed, now = (
            clock.worked(moments) if worked else moments for moments in (entered, visits.departures, np.array([end]))
        )
        if departed[-1] <= departed[0]:
            return 0.0, 0.0
        # those that left and came while nobody worked did so at once
        before = np.searchsorted(departed, arrived, side="right") if worked else visits.gone_before
        met = (np.arange(len(arrived)) - before).astype(np.float64)
        rate = len(departed) / (departed[-1] - departed[0])
        if worked:
            stay = now[0] - arrived
            stay[leaving] = departed - arrived[leaving]
        else:
            stay = np.where(still, end, visits.left) - arrived
        own = min(own, _slope(met[:settled], stay[:settled]) * rate)
        virtual = np.maximum(departed - arrived[:pairs], 0.0)
        paired = min(paired, _slope(met[:pairs], virtual) * rate)
        if len(weeks) >= 6:
            means = [np.add.reduceat(values, weeks) / counts for values in (met[:pairs], virtual)]
            paired = min(paired, _slope(*means) * rate)
        if own < until[0] and paired < until[1]:
            break
    return own, paired


def _open_tail(still: np.ndarray) -> int:
    """How many of the newest arrivals form a tail in which most are still open."""
    waiting = len(still) - np.flatnonzero(still)[::-1]  # of each that is open, how many are as new
    twice = 2 * np.arange(1, len(waiting) + 1)
    longest = np.minimum(twice, np.append(waiting[1:] - 1, len(still)))
    return int(longest[waiting <= twice].max(initial=0))


def _slope(x: Floats, y: Floats) -> float:
    """Least squares; 0 where x does not vary."""
    if len(x) < 3:
        return 0.0
    x, y = x - x.mean(), y - y.mean()
    y *= x
    x *= x
    spread = float(x.sum())
    return float(y.sum()) / spread if spread > 0 else 0.0


def presence(
    visits: Visits, clock: Clock, since: float, until: float, lost: NDArray[np.bool_] | None = None
) -> tuple[Floats, Ints]:
    """Work in progress over [since, until): working hours spent at each level, and the level before each departure.

    lost: per way; departures that go there are left out, for some of them may never have been served.
    """
    steps = visits.steps
    low, high = (int(place) for place in np.searchsorted(steps.moments, [since, until]))
    high = max(low, high)
    edges = np.concatenate([[since], steps.moments[low:high], [until]])
    levels = np.concatenate([[int(steps.level[low - 1]) if low else 0], steps.level[low:high]])
    worked = np.diff(clock.worked(edges))
    time = np.bincount(np.maximum(levels, 0), worked).astype(np.float64)
    before = steps.level[low:high][steps.away[low:high]] + 1
    if lost is not None:
        first = int(np.searchsorted(visits.departures, since))
        way = visits.next[visits.leaving[first : first + len(before)]]
        before = before[~(lost[np.maximum(way, 0)] & (way >= 0))]
    return time, before


def count_servers(
    visits: Visits, clock: Clock, *, before: int | None = None, lost: NDArray[np.bool_] | None = None
) -> int:
    """How many cases the stage works on at once: the c that best explains departures at rate ∝ min(WIP, c).

    Maximum likelihood over Σ N_w ln min(w, c) − N ln Σ T_w min(w, c), T_w the working time at WIP w and N_w the
    departures from it. `before`: what was counted over a longer time, kept unless this stretch speaks against it
    (a stage that always has a queue says nothing about its servers). `lost`: ways of cases that may have left unserved.
    """
    visits = newest(visits)
    if not len(visits.entered):
        return before or 1
    begin = float(visits.entered[0])
    end = float(max(visits.entered[-1], visits.latest[-1]))
    return _most_likely(*presence(visits, clock, begin, end, lost), before)


def count_servers_between(
    visits: Visits, clock: Clock, since: float, until: float, *, before: int, lost: NDArray[np.bool_]
) -> int:
    """As `count_servers`, of those that were there in a stretch of time, as long as they were."""
    low, high = np.searchsorted(visits.entered, [since, until]).tolist()
    over = int(np.searchsorted(visits.departures, since))
    if high - over < FEW_THERE:
        return before
    begin = since if low > over else float(visits.entered[low])
    if high - over > SAMPLE:
        there = visits.left[:high] >= since
        there[low:] = True
        visits = newest(visits.only(slice(high)).only(there))
        begin, high = max(since, float(visits.entered[0])), len(visits.entered)
    end = min(until, float(max(visits.entered[high - 1], visits.latest[high - 1])))
    return _most_likely(*presence(visits, clock, begin, end, lost), before)


def newest(visits: Visits) -> Visits:
    """So many as are enough to tell what a stage is."""
    return visits.only(slice(len(visits.entered) - SAMPLE, None)) if len(visits.entered) > SAMPLE else visits


def _most_likely(time: Floats, leaving: Ints, before: int | None) -> int:
    """See `count_servers`. time, leaving: of `presence`."""
    top = len(time) - 1
    if top < 1 or not len(leaving):
        return before or 1
    counts = np.bincount(np.clip(leaving, 1, None), minlength=len(time))[: len(time)]
    choices = _choices(top, before or 1)
    busy = np.minimum(np.arange(len(time), dtype=float), choices[:, None])
    work = np.maximum(busy @ time, 1e-12)
    likelihood = np.log(busy[:, 1:]) @ counts[1:] - counts[1:].sum() * np.log(work)
    best = int(np.argmax(likelihood))
    if before is not None and likelihood[best] - likelihood[int(np.searchsorted(choices, before))] < DOUBT:
        return before
    return int(choices[best])


@lru_cache(4_000)
def _choices(top: int, before: int) -> Floats:
    """Numbers of servers that are tried."""
    return np.unique(np.concatenate([np.arange(1, min(top, 20) + 1), np.geomspace(1, top, 40).round(), [before]]))


def concurrency(visits: Visits) -> tuple[int, float]:
    """Servers where starts are known, and the share of the busy time in which all of them work.

    Servers: the number at work at once that is exceeded in 0.5 % of the busy time.
    """
    begun = visits.started[np.isfinite(visits.started)][-SAMPLE:]
    done = np.where(np.isfinite(visits.started), visits.left, np.nan)
    done = done[np.isfinite(done) & np.isfinite(visits.left)][-SAMPLE:]
    if not len(begun):
        return 1, 0.0
    moments = np.concatenate([begun, done])
    steps = np.concatenate([np.ones(len(begun), np.int64), -np.ones(len(done), np.int64)])
    order = np.lexsort((steps, moments))
    level = np.maximum(np.cumsum(steps[order])[:-1], 0)
    span = np.diff(moments[order])
    time = np.bincount(level, span, minlength=1)
    time[0] = 0.0
    share = np.cumsum(time) / max(time.sum(), 1e-12)
    servers = max(1, int(np.searchsorted(share, 0.995)))
    return servers, float(time[servers:].sum() / max(time.sum(), 1e-12))
