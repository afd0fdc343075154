"""The cases in progress at a moment, each going on as a past case like it did: a simulation begins with the real queue.

A donor is a completed case with the same stages so far, else one with the same last stage; its further steps are taken.
Only donors that agree with what is known fit: work that goes on took them longer than was worked by now, and what has
not begun had not begun with them either. Who waits before a queue was ready no earlier than its *front*: the last
moment at which the pool was idle and, first come first served, the latest at which any who has begun was surely ready.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factoryview.whatif.calibration import Calibration
from factoryview.whatif.capacity import last_idle
from factoryview.whatif.delays import ready_before
from factoryview.whatif.kernel import Steps
from factoryview.whatif.log import Floats, Ints

TICK_H = 1e-7
"""Between those who were ready before the simulation begins, so that they keep their order."""
DONORS, MOST_DONORS, AHEAD = 4_000, 400, 4
"""Donors that are looked at, those that weigh most; of one case; steps after the last common one that may be due."""


@dataclass(frozen=True, eq=False)
class Current:
    """Steps of open cases that go on at the moment or wait to be begun."""

    case: Ints
    step: Ints
    """Place in the log; −1: it waits."""
    position: Ints
    """How many steps of the case came before."""
    stage: Ints
    done: Floats
    """Hours worked on it by now, in its pool's clock."""
    lasted: Floats
    """Hours since it began, by a clock that never rests."""
    since: Floats
    """When it began, or came."""


@dataclass(frozen=True, eq=False)
class Today:
    """The open cases of a calibration with the donors that fit; `first[i]` to `first[i + 1]` are those of case i."""

    case: Ints
    first: Ints
    step: Ints
    """The donor's step that is the last common one (of a case that waits: the one it waits for)."""
    alike: NDArray[np.bool_]
    """All stages so far are the same, not only the last."""
    weight: Floats
    fresh: Ints
    """Open cases of which nothing has begun and nobody knows what comes first: as if they came now."""
    given_up: int
    """Open cases that nothing in the past is like: nobody works on them any more."""
    front: Floats
    """Per pool: who is not begun was not ready before, hours."""
    current: Current


def current_of(calibration: Calibration) -> Current:
    """What goes on and what waits at the moment of a calibration."""
    log = calibration.log
    clocks = [*(pool.calendar for pool in calibration.pools)]
    running = np.flatnonzero(~log.over & ~np.isfinite(log.closed[log.case]))
    done = np.zeros(len(running))
    for place, step in enumerate(running.tolist()):
        pool = int(calibration.pool[step])
        span = np.array([log.start[step], log.now])
        done[place] = np.diff(clocks[pool].worked(span) if pool < len(clocks) else span)[0]
    waits = [one for one in log.waiting if not np.isfinite(log.closed[one.case])]
    case = np.concatenate([log.case[running], np.array([one.case for one in waits], dtype=np.int64)])
    steps = np.concatenate([running, np.full(len(waits), -1, dtype=np.int64)])
    position = np.where(steps >= 0, steps - log.first[case], log.first[case + 1] - log.first[case])
    stage = np.concatenate([log.stage[running], np.array([one.stage for one in waits], dtype=np.int64)])
    since = np.concatenate([log.start[running], np.array([one.since for one in waits])])
    none = np.zeros(len(waits))
    lasted = np.concatenate([log.now - log.start[running], none])
    return Current(case, steps, position, stage, np.concatenate([done, none]), lasted, since)


def fronts(calibration: Calibration) -> Floats:
    """Per pool the moment before which nobody was ready who has not begun; the last entry is for work outside hours."""
    log, structure = calibration.log, calibration.structure
    found = np.full(len(calibration.pools) + 1, -np.inf)
    for number, pool in enumerate(calibration.pools):
        if not pool.constrained:
            continue
        found[number] = last_idle(np.array([log.now]), pool.idle_begins, pool.idle_ends, pool.calendar)[0][0]
        mine = np.flatnonzero(np.isin(log.stage, pool.stages))
        if log.entered is None and any(calibration.delays[stage].first_come for stage in pool.stages):
            low = np.array([calibration.delays[int(log.stage[k])].low[calibration.place[k]] for k in mine.tolist()])
            found[number] = max(found[number], ready_before(log.start[mine], structure.enabled[mine] + low).max())
    return np.asarray(np.minimum(found, log.now))


def passed(calibration: Calibration) -> Floats:
    """Per pool that serves by priority the moment up to which whoever waits still was overtaken; −∞ for all others."""
    log, structure = calibration.log, calibration.structure
    found = np.full(len(calibration.pools) + 1, -np.inf)
    for number, pool in enumerate(calibration.pools):
        if pool.order == "priority":
            found[number] = structure.enabled[np.isin(log.stage, pool.stages)].max(initial=-np.inf)
    return found


def today_of(calibration: Calibration) -> Today:
    """The open cases with the donors that fit what is known of them."""
    log, donors, current = calibration.log, calibration.donors, current_of(calibration)
    front, overtaken, stage = fronts(calibration), passed(calibration), log.stage.tolist()
    worth = np.zeros(log.cases)
    worth[donors.case] = donors.weight
    waits = {
        int(case): int(at) for case, at, step in zip(current.case, current.stage, current.step, strict=True) if step < 0
    }
    open_ = np.flatnonzero(~np.isfinite(log.closed))
    untouched = np.array(
        [log.first[case] == log.first[case + 1] and case not in waits for case in open_.tolist()], bool
    )
    fresh, open_ = open_[untouched], open_[~untouched]
    ways = {
        case: (*stage[int(log.first[case]) : int(log.first[case + 1])], *([waits[case]] if case in waits else []))
        for case in open_.tolist()
    }
    heavy = donors.case[np.argsort(-donors.weight, kind="stable")[:DONORS]]
    same = _steps_after(calibration, heavy, set(ways.values()))
    looked = np.zeros(log.cases, dtype=np.bool_)
    looked[heavy] = True
    of_donor = np.flatnonzero(looked[log.case])
    at_stage = {code: of_donor[log.stage[of_donor] == code] for code in set(stage)}
    rng = np.random.default_rng(len(heavy))
    found: list[tuple[int, Ints, bool, Floats]] = []
    given_up = 0
    for case, way in ways.items():
        rows = np.flatnonzero(current.case == case)
        for alike, steps in ((True, same.get(way)), (False, at_stage.get(way[-1]) if way else None)):
            if steps is None or not len(steps):
                continue
            tried = steps if len(steps) <= MOST_DONORS else rng.choice(steps, MOST_DONORS, replace=False)
            weight = worth[log.case[tried]] * fit(
                calibration, current, rows, case, tried, front, overtaken, alike=alike
            )
            if (weight > 0).any():
                kept = weight > 0
                found.append((case, tried[kept], alike, weight[kept]))
                break
        else:
            given_up += 1
    lengths = [len(steps) for _, steps, _, _ in found]
    return Today(
        np.array([case for case, *_ in found], dtype=np.int64),
        np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        np.concatenate([np.zeros(0, dtype=np.int64), *(steps for _, steps, _, _ in found)]),
        np.repeat(np.array([alike for _, _, alike, _ in found], dtype=np.bool_), lengths),
        np.concatenate([np.zeros(0), *(weight for *_, weight in found)]),
        fresh,
        given_up,
        front,
        current,
    )


def _steps_after(calibration: Calibration, donors: Ints, ways: set[tuple[int, ...]]) -> dict[tuple[int, ...], Ints]:
    """Sequence of stages → the donors' steps that ended just it."""
    log, found = calibration.log, dict[tuple[int, ...], list[int]]()
    stage, depth = log.stage.tolist(), max((len(way) for way in ways), default=0)
    for case in donors.tolist():
        low, high = int(log.first[case]), int(log.first[case + 1])
        for step in range(low, min(high, low + depth)):
            way = tuple(stage[low : step + 1])
            if way in ways:
                found.setdefault(way, []).append(step)
    return {way: np.array(steps, dtype=np.int64) for way, steps in found.items()}


def fit(
    calibration: Calibration, current: Current, rows: Ints, case: int, steps: Ints, front: Floats, overtaken: Floats,
    *, alike: bool,
) -> Floats:  # fmt: skip
    """How well each donor's step fits what is known of a case as its last: 0 not at all, 1 surely.

    rows: the case's own in `current`.
    """
    log, structure = calibration.log, calibration.structure
    begin = log.first[log.case[steps]]
    good = np.ones(len(steps))
    last = int(log.first[case + 1] - log.first[case]) - 1 + int((current.step[rows] < 0).any())
    for row in rows.tolist():
        if not alike and current.position[row] != last:
            continue
        like = begin + current.position[row] if alike else steps
        if current.step[row] >= 0:
            outside = calibration.pool[like] == len(calibration.pools)
            good *= calibration.work[like] > np.where(outside, current.lasted[row], current.done[row])
        elif not calibration.queued[like].any():
            good *= structure.gap[like] > log.now - current.since[row]
    going = np.zeros(last + 1, dtype=np.bool_)
    going[current.position[rows]] = True
    if not len(rows):
        good *= steps + 1 < log.first[log.case[steps] + 1]
    for ahead in range(1, AHEAD):
        later = np.minimum(steps + ahead, len(log.case) - 1)
        parent = structure.parent[later]
        due = (log.case[later] == log.case[steps]) & (later > steps) & (parent <= steps)
        place = np.where(parent >= 0, parent - begin, -1) if alike else np.full(len(steps), last)
        due &= ~going[np.clip(place, 0, last)] | (place < 0)
        if not due.any():
            continue
        known = np.clip(place, 0, int(log.first[case + 1] - log.first[case]) - 1)
        released = np.where(place >= 0, log.end[log.first[case] + known], log.arrived[case])
        good *= np.where(due, _not_begun(calibration, later, released, front, overtaken), 1.0)
    return good


def _not_begun(calibration: Calibration, steps: Ints, released: Floats, front: Floats, overtaken: Floats) -> Floats:
    """The chance that steps like these, released at these moments, have not begun by now."""
    now = calibration.log.now
    chance = (calibration.structure.gap[steps] >= now - released).astype(np.float64)
    for place in np.flatnonzero(calibration.queued[steps]).tolist():
        step = int(steps[place])
        delays, own = calibration.delays[int(calibration.log.stage[step])], int(calibration.place[step])
        low, high = delays.low[own], delays.high[own]
        least = front[calibration.pool[step]] - released[place]
        if high < least:
            chance[place] = 0.0
        elif least <= low:
            chance[place] = 1.0
        else:
            inside = (delays.support >= low) & (delays.support <= high)
            mass = float(delays.chance[inside].sum())
            chance[place] = float(delays.chance[inside & (delays.support >= least)].sum()) / mass if mass > 0 else 1.0
    first = calibration.priority[steps] == 0  # it would have been served before who came later
    chance[calibration.queued[steps] & first & (released < overtaken[calibration.pool[steps]])] = 0.0
    return chance


@dataclass(frozen=True, eq=False)
class Going:
    """What open cases have yet to do, as steps of a simulation. `source`: the donor's step, per step."""

    steps: Steps
    source: Ints
    arrived: Floats


def go_on(
    calibration: Calibration, today: Today, weight: Floats, rng: np.random.Generator,
    delay_of: Callable[[Ints, Floats], Floats],
) -> Going:  # fmt: skip
    """One future of the open cases.

    weight: per case of the log, this replication's weight of it as a donor; delay_of: draws foreign delays for
    steps that last at least so long.
    """
    log, structure, current = calibration.log, calibration.structure, today.current
    total = np.concatenate([[0.0], np.cumsum(today.weight * weight[log.case[today.step]])])
    low, high = total[today.first[:-1]], total[today.first[1:]]
    aim = low + rng.random(len(today.case)) * (high - low)
    chosen = np.clip(np.searchsorted(total, aim, side="right") - 1, today.first[:-1], today.first[1:] - 1)
    step, alike = today.step[chosen], today.alike[chosen]
    number = np.full(log.cases, -1)
    number[today.case] = np.arange(len(today.case))
    here = np.flatnonzero(number[current.case] >= 0)
    mine = number[current.case[here]]
    like = np.where(alike[mine], log.first[log.case[step[mine]]] + current.position[here], step[mine])
    waits, runs = current.step[here] < 0, current.step[here] >= 0
    outside = calibration.pool[like] == len(calibration.pools)
    done = np.where(outside, current.lasted[here], current.done[here])
    rest = np.where(runs, np.maximum(calibration.work[like] - done, TICK_H), calibration.work[like])
    ready = np.where(waits & calibration.queued[like], current.since[here], -np.inf)
    later = np.where(waits & ~calibration.queued[like], current.since[here] + structure.gap[like], -np.inf)
    index = np.full(len(log.case) + 1, -1)
    index[current.step[here][runs]] = np.flatnonzero(runs)
    waiting = np.full(len(today.case), -1)
    waiting[mine[waits]] = np.flatnonzero(waits)

    length = log.first[log.case[step] + 1] - step - 1
    offset = np.concatenate([[0], np.cumsum(length)])
    of = np.repeat(np.arange(len(step)), length)
    source = np.arange(offset[-1]) - offset[of] + step[of] + 1
    parent = structure.parent[source]
    inner = parent > step[of]
    case = today.case[of]
    place = np.where(alike[of], parent - log.first[log.case[step[of]]], step[of] - log.first[log.case[step[of]]])
    known = log.first[case + 1] - log.first[case]
    place = np.where(alike[of], place, known - 1 + (waiting[of] >= 0))
    own = np.where((place >= 0) & (place < known), log.first[case] + np.minimum(place, known - 1), -1)
    before = np.where(own >= 0, index[own], np.where(place >= known, waiting[of], -1))
    released = np.where(own >= 0, log.end[own], log.arrived[case])
    queued, front = calibration.queued[source], today.front[calibration.pool[source]]
    outer = ~inner & (before < 0)
    delay = delay_of(source, np.where(outer, front - released, 0.0))
    drawn = np.where(queued, delay, np.maximum(delay, log.now - released))
    count = len(here)
    came = np.where(outer, released + drawn, -np.inf)
    release = np.concatenate([later, came])
    early = np.concatenate([ready, np.where(outer & (came < log.now), came, -np.inf)])
    order = np.argsort(np.argsort(early, kind="stable"), kind="stable")
    release = np.where(release < log.now, log.now + TICK_H * order / max(len(order), 1), release)
    every = np.concatenate([like, source])
    steps = Steps(
        case=np.concatenate([mine, of]),
        pool=calibration.pool[every],
        parent=np.concatenate(
            [np.full(count, -1), np.where(inner, count + offset[of] + parent - step[of] - 1, before)]
        ),
        release=release,
        delay=np.concatenate([np.zeros(count), np.where(outer, 0.0, delay)]),
        work=np.concatenate([rest, calibration.work[source]]),
        queued=np.concatenate([calibration.queued[like], queued]),
        priority=calibration.priority[every],
        in_hand=np.concatenate([runs, np.zeros(len(of), dtype=np.bool_)]),
    )
    return Going(steps, every, log.arrived[today.case])
