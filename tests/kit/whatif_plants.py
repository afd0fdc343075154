"""Random plants whose rules are not all those of the simulator: several calendars, priorities, delays of any shape.

A plain event loop over people at desks, sharing nothing with `factoryview.whatif`. What a case will do (route, work,
delays) is fixed by when it comes, so that a change of the plant changes nothing but what it changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from heapq import heappop, heappush
from random import Random

import numpy as np

from factoryview.whatif.log import Log, log_of_steps

WARM_H, LOG_H, AHEAD_H = 8 * 168.0, 16 * 168.0, 60 * 24.0
CUT_H = WARM_H + LOG_H
_HOURS = {"office": (5, 9, 17), "long": (6, 7, 19), "always": (7, 0, 24)}


@dataclass(frozen=True)
class Desk:
    """A stage: people who are alike, when they work, and whom they take next."""

    people: int
    hours: str
    order: str
    """first, priority or any."""
    work: float
    """Mean hours."""
    shape: float
    delay: float
    """Mean hours before it that nobody works on; 0: none."""
    long_tail: bool
    """Its delays are lognormal, else gamma."""
    skipped: float
    """Share of the cases that do not come here."""


@dataclass(frozen=True)
class Plant:
    """A plant and what is done to it from the cut on."""

    seed: int
    desks: tuple[Desk, ...]
    rework: tuple[int, int, float]
    """From one desk back to another, with this chance."""
    a_week: float
    busiest: int
    named: bool
    """The log names who did it."""
    surge: tuple[float, float, float] = (0.0, 0.0, 1.0)
    """[since, until) in hours in which so many times as many come."""
    away: tuple[int, float, float] = (0, 0.0, 0.0)
    """At a desk, one person fewer in [since, until) in hours."""
    more_people: tuple[int, int] = (0, 0)
    """At a desk, so many more from the cut on."""
    faster: tuple[int, float] = (0, 1.0)
    """At a desk, work begun after the cut takes so many times as long."""
    more_cases: float = 1.0


def plant(seed: int) -> Plant:
    """One of the plants."""
    dice = Random(seed)
    count, a_week = dice.randint(4, 6), dice.uniform(40, 100)
    busiest = dice.randrange(count)
    hours = dice.choice(["office", "office", "long", "always"])
    back = sorted(dice.sample(range(count), 2))
    rework, desks = dice.uniform(0.05, 0.15), []
    for number in range(count):
        own = hours if dice.random() < 0.6 else dice.choice(list(_HOURS))
        days, begin, end = _HOURS[own]
        people = dice.randint(1, 5)
        load = dice.uniform(0.85, 0.95) if number == busiest else dice.uniform(0.30, 0.70)
        skipped = 0.0 if number == busiest else dice.choice([0.0, 0.0, 0.2, 0.4])
        visits = (1 - skipped) * (1 / (1 - rework) if back[0] <= number <= back[1] else 1.0)
        desks.append(
            Desk(
                people, own, dice.choice(["first", "first", "priority", "any"]),
                load * people * days * (end - begin) / (a_week * visits), dice.uniform(1.0, 4.0),
                dice.uniform(8, 90) if dice.random() < 0.5 else 0.0, dice.random() < 0.5, skipped,
            )
        )  # fmt: skip
    return Plant(seed, tuple(desks), (back[1], back[0], rework), a_week, busiest, dice.random() < 0.5)


def elsewhere(of: Plant) -> int:
    """The least used other desk."""
    return next(k for k in range(len(of.desks)) if k != of.busiest)


@dataclass(frozen=True)
class Done:
    """What happened: rows of (case, desk, person, start, end) of work begun, and per case when it came and was done."""

    rows: list[tuple[int, int, int, float, float]]
    came: list[float]
    done: list[float]
    visits: list[tuple[int, float, float]]
    """(desk, when the case was released to it, when it was done there); infinite what did not happen."""


def run(of: Plant, future: int, until: float = CUT_H + AHEAD_H) -> Done:
    """The plant from an empty start to `until`; the past is the same in every future."""
    came = _arrivals(of, future, until)
    cases = [_fate(of, at, number if at < CUT_H else (future + 1) * 10**6) for number, at in enumerate(came)]
    desks, agenda, tie = of.desks, list[tuple[float, int, str, int, int]](), 0
    free = [list(range(desk.people)) for desk in desks]
    lines: list[list[tuple[float, float, int, int]]] = [[] for _ in desks]
    rows, done = [], [float("inf")] * len(came)
    person_of: dict[tuple[int, int], int] = {}
    at_work: dict[tuple[int, int], int] = {}
    visits: list[tuple[int, float, float]] = []
    dice = Random(of.seed + 77)

    def plan(at: float, what: str, one: int, two: int) -> None:
        nonlocal tie
        tie += 1
        heappush(agenda, (at, tie, what, one, two))

    def next_step(case: int, step: int, now: float) -> None:
        if step == len(cases[case][1]):
            done[case] = now
        else:
            at_work[case, step] = len(visits)
            visits.append((cases[case][1][step][0], now, float("inf")))
            plan(now + cases[case][1][step][1], "ready", case, step)

    for case, at in enumerate(came):
        next_step(case, 0, at)
    if of.more_people[1]:
        plan(CUT_H, "more", of.more_people[0], 0)
    leaving, gone = set[int](), dict[int, int]()
    if of.away[1] < of.away[2]:
        plan(of.away[1], "away", of.away[0], 0)
        plan(of.away[2], "back", of.away[0], 0)
    while agenda and agenda[0][0] <= until:
        now, _, what, one, two = heappop(agenda)
        if what == "ready":
            desk = cases[one][1][two][0]
            heappush(lines[desk], (cases[one][0] if desks[desk].order == "priority" else 0.0, now, one, two))
        elif what == "end":
            desk = cases[one][1][two][0]
            person = person_of.pop((one, two))
            if desk in leaving:  # who goes does so when what was begun is done
                leaving.remove(desk)
                gone[desk] = person
            else:
                free[desk].append(person)
            visits[at_work[one, two]] = (*visits[at_work[one, two]][:2], now)
            next_step(one, two + 1, now)
        elif what == "more":
            desk = one
            free[desk] += range(desks[desk].people, desks[desk].people + of.more_people[1])
        elif what == "away":
            desk = one
            if free[desk]:
                gone[desk] = free[desk].pop()
            else:
                leaving.add(desk)
        elif what == "back":
            desk = one
            if desk in gone:
                free[desk].append(gone.pop(desk))
            else:
                leaving.remove(desk)
        else:
            desk = one
        opening = _opening(desks[desk].hours, now)
        if lines[desk] and free[desk] and opening > now:
            plan(opening, "open", desk, 0)
        while lines[desk] and free[desk] and opening == now:
            if desks[desk].order == "any":  # whoever is at hand
                _, _, case, step = lines[desk].pop(dice.randrange(len(lines[desk])))
            else:
                _, _, case, step = heappop(lines[desk])
            person = free[desk].pop(dice.randrange(len(free[desk])))
            work = cases[case][1][step][2] * (of.faster[1] if desk == of.faster[0] and now >= CUT_H else 1.0)
            end = _worked(desks[desk].hours, now, work)
            person_of[case, step] = person
            rows.append((case, desk, person, now, end))
            plan(end, "end", case, step)
    return Done(rows, came, done, visits)


def _arrivals(of: Plant, future: int, until: float) -> list[float]:
    """By day, at working hours of the first desk; in the future others, and more of them where the plant is told so."""
    found = []
    for since, before, dice in (
        (0.0, CUT_H, Random(of.seed + 1)),
        (CUT_H, until, Random(of.seed + 1000 * (future + 1))),
    ):
        days, begin, end = _HOURS[of.desks[0].hours]
        pace = of.a_week / (days * (end - begin))
        most = pace * max(1.0, of.surge[2]) * 1.5
        at = since
        while (at := at + dice.expovariate(most)) < before:
            keep, extra = dice.random(), of.more_cases if at >= CUT_H else 1.0
            extra *= of.surge[2] if of.surge[0] <= at < of.surge[1] else 1.0
            if _opening(of.desks[0].hours, at) == at and keep < pace * extra / most:
                found.append(at)
    return found


def _fate(of: Plant, at: float, number: int) -> tuple[float, list[tuple[int, float, float]]]:
    """Priority and steps (desk, delay before, work) of a case."""
    dice = Random(f"{of.seed} {number} {at:.6f}")
    rank = float(dice.random() < 0.7)
    steps, desk, again = [], 0, 0
    skips = [dice.random() < one.skipped for one in of.desks]
    while desk < len(of.desks):
        one = of.desks[desk]
        delay = 0.0
        if one.delay:
            delay = (
                dice.lognormvariate(np.log(one.delay) - 0.32, 0.8)
                if one.long_tail
                else dice.gammavariate(2, one.delay / 2)
            )
        if not skips[desk]:
            steps.append((desk, delay if steps else 0.0, dice.gammavariate(one.shape, one.work / one.shape)))
        if desk == of.rework[0] and again < 5 and dice.random() < of.rework[2]:
            desk, again = of.rework[1], again + 1
        else:
            desk += 1
    return rank, steps


def _opening(hours: str, at: float) -> float:
    """The first moment from `at` on at which work is done."""
    days, begin, end = _HOURS[hours]
    if hours == "always":
        return at
    day, hour = int(at // 24), at % 24
    while True:
        if day % 7 < days and hour < end:
            return max(at, day * 24.0 + begin)
        day, hour = day + 1, 0.0


def _worked(hours: str, at: float, work: float) -> float:
    """When so much work is done that begins at a working moment."""
    if hours == "always":
        return at + work
    end = _HOURS[hours][2]
    while work > (left := (at // 24) * 24 + end - at):
        work -= left
        at = _opening(hours, (at // 24) * 24 + 24)
    return at + work


def log_at(of: Plant, happened: Done, at: float = CUT_H) -> Log:
    """What is known at a moment of the weeks since the warm-up: cases that came then, in any order of their rows."""
    known = [case for case, came in enumerate(happened.came) if WARM_H <= came <= at]
    number = {case: place for place, case in enumerate(known)}
    rows = [row for row in happened.rows if row[0] in number and row[3] <= at]
    Random(1).shuffle(rows)
    done = np.array([happened.done[case] for case in known])
    case, desk, person, start, end = zip(*rows, strict=True)
    ends = np.array(end)
    return log_of_steps(
        [f"Desk {k}" for k in range(len(of.desks))],
        [number[one] for one in case],
        desk,
        start,
        np.where(ends <= at, ends, np.inf),
        person=[10 * d + p if of.named else -1 for d, p in zip(desk, person, strict=True)],
        arrived=[happened.came[one] for one in known],
        closed=np.where(done <= at, done, np.inf),
        now=at,
        since=WARM_H,
    )


def changed(of: Plant, **changes: object) -> Plant:
    """The plant with something done to it."""
    return replace(of, **changes)  # type: ignore[arg-type]
