"""A small discrete-event simulation of an office: stations, people with office hours, customers with patience.

Every visit of a case at a station draws from a substream of its own (seed, case, station, number of the visit),
so that two runs that differ in one setting share all other chances (common random numbers).
"""

from __future__ import annotations

import math
import random
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from heapq import heapify, heappop, heappush
from itertools import count
from typing import NamedTuple, Protocol

from factoryview.demo.worktime import WorkingTime


class Case(NamedTuple):
    """One enquiry or application."""

    id: str
    arrived: int
    channel: str
    value: int
    kind: str = ""


class NextStep(NamedTuple):
    """Where a case goes next. Several stations at once are a fork; a name that is no station is an outcome."""

    to: tuple[str, ...]
    reason: str = ""
    picked_up: bool = True
    """False: the case arrives, but nobody there ever learns of it."""


class Draw(NamedTuple):
    """The chances of one visit: a standard normal for the work, uniforms for the rest."""

    work: float
    route: float
    reason: float
    patience: float


@dataclass(frozen=True)
class Workplace:
    """Where cases stay. `spread` is the sigma of the lognormal processing time."""

    name: str
    spread: float = 0.5
    staffed: bool = True
    """False: a pure delay, nobody's capacity is needed."""
    patience: float | None = None
    """Mean working hours a customer waits unserved before giving up (exponential)."""


@dataclass(frozen=True)
class Employee:
    """One person or robot at a station, from `since` to `until`, both days included."""

    station: str
    cost_per_hour: float
    since: date | None = None
    until: date | None = None
    robot: bool = False
    id: str = ""

    def named(self, name: str) -> Employee:
        return replace(self, id=name)


@dataclass(frozen=True)
class Lift:
    """What if that station worked `factor` times as fast on everything begun in since ≤ t < until?"""

    station: str
    factor: float
    since: int
    until: int


class Story(Protocol):
    """What the simulator must know of a plant."""

    @property
    def time(self) -> WorkingTime: ...
    @property
    def stations(self) -> Sequence[Workplace]: ...
    @property
    def staff(self) -> Sequence[Employee]: ...
    @property
    def entrance(self) -> str: ...
    @property
    def join(self) -> str | None:
        """The station that a forked case enters only when all branches are done."""

    @property
    def goal(self) -> str:
        """The station whose arrivals are the plant's output (orders, decisions)."""

    def cases(self, seed: int) -> list[Case]: ...
    def hours(self, case: Case, station: str, number: int, moment: int) -> float:
        """Mean processing time in working hours, for work begun at the moment."""

    def route(self, case: Case, station: str, moment: int, draw: Draw) -> NextStep: ...
    def give_up(self, case: Case, station: str) -> NextStep: ...


@dataclass(eq=False, slots=True)
class Visit:
    """One stay: started and left are None while unknown at the end of the run."""

    case: Case
    station: str
    number: int
    entered: int
    order: int
    draw: Draw
    started: int | None = None
    left: int | None = None
    resource: str = ""


class CaseEnd(NamedTuple):
    """A case is over."""

    case: Case
    outcome: str
    time: int
    reason: str
    order: int


@dataclass
class SimulatedRun:
    """What happened: stays and ends in the order in which they began."""

    visits: list[Visit] = field(default_factory=list)
    ends: list[CaseEnd] = field(default_factory=list)
    forgotten: list[Visit] = field(default_factory=list)
    """Visits that nobody ever learns of."""


class Chances:
    """Substreams of one seed. What was drawn is kept, so that further runs of the same seed are quick."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._drawn: dict[tuple[str, str, int], Draw] = {}

    def of(self, case: str, station: str, number: int) -> Draw:
        key = (case, station, number)
        found = self._drawn.get(key)
        if found is None:
            uniform = random.Random(f"{self.seed}/{case}/{station}/{number}").random
            found = self._drawn[key] = Draw(normal(uniform(), uniform()), uniform(), uniform(), uniform())
        return found


def normal(first: float, second: float) -> float:
    """A standard normal from two uniforms (Box and Muller); only `random()` itself is stable by contract."""
    return math.sqrt(-2.0 * math.log(1.0 - first)) * math.cos(2.0 * math.pi * second)


def lognormal(z: float, mean: float, spread: float) -> float:
    """A lognormal with that mean and sigma from a standard normal."""
    return mean * math.exp(spread * z - spread * spread / 2.0)


_ARRIVE, _DONE, _GIVE_UP, _OPEN, _JOIN, _LEAVE = range(6)


class Simulator:
    """One run of a story. Cases are served first in, first out; who was idle longest takes the next one."""

    def __init__(self, story: Story, chances: Chances, cases: Sequence[Case], lifts: Sequence[Lift]) -> None:
        self.story, self.chances, self.cases, self.lifts = story, chances, cases, lifts
        self.time = story.time
        self.end = story.time.moment(story.time.last + timedelta(days=1))
        self.stations: Mapping[str, Workplace] = {station.name: station for station in story.stations}
        self.queues: dict[str, deque[Visit]] = {name: deque() for name in self.stations}
        self.idle: dict[str, deque[Employee]] = {name: deque() for name in self.stations}
        self.people: Mapping[str, Employee] = {person.id: person for person in story.staff}
        self.gone: set[str] = set()
        self.branches: dict[str, int] = {}
        self.numbers: dict[tuple[str, str], int] = {}
        self.order, self.tick = count(), count()
        self.events: list[tuple[int, int, int, object]] = []
        self.run = SimulatedRun()

    def simulate(self, until: int | None = None) -> SimulatedRun:
        """Plays all events before `until`, or before the end of the story."""
        end = self.end if until is None else min(until, self.end)
        tick = self.tick
        begin = self.time.moment(self.time.first)
        self.events = [(case.arrived, next(tick), _ARRIVE, case) for case in self.cases]
        for person in self.story.staff:
            since = self.time.moment(person.since) if person.since else begin
            self.events.append((since, next(tick), _JOIN, person))
            if person.until:
                leaves = self.time.moment(person.until + timedelta(days=1))
                self.events.append((leaves, next(tick), _LEAVE, person))
        self.events += [(opening, next(tick), _OPEN, None) for opening in self.time.openings()]
        heapify(self.events)
        while self.events and self.events[0][0] < end:
            moment, _, kind, what = heappop(self.events)
            if isinstance(what, Case):
                self._enter(what, self.story.entrance, moment)
            elif isinstance(what, Visit):
                if kind == _DONE:
                    self._finish(what, moment)
                elif what.started is None:
                    self._give_up(what, moment)
            elif isinstance(what, Employee):
                self._staff_change(what, moment, joins=kind == _JOIN)
            else:
                for name in self.stations:
                    self._dispatch(name, moment)
        return self.run

    def _push(self, moment: int, kind: int, what: object) -> None:
        heappush(self.events, (moment, next(self.tick), kind, what))

    def _enter(self, case: Case, name: str, moment: int, picked_up: bool = True) -> None:
        station = self.stations[name]
        number = self.numbers[case.id, name] = self.numbers.get((case.id, name), 0) + 1
        draw = self.chances.of(case.id, name, number)
        visit = Visit(case, name, number, moment, next(self.order), draw)
        self.run.visits.append(visit)
        if not picked_up:
            self.run.forgotten.append(visit)
        elif station.staffed:
            self.queues[name].append(visit)
            if station.patience is not None:
                waits = -math.log(1.0 - draw.patience) * station.patience * 3600
                self._push(self.time.after(moment, max(60, round(waits))), _GIVE_UP, visit)
            self._dispatch(name, moment)
        else:
            self._start(visit, moment)

    def _dispatch(self, name: str, moment: int) -> None:
        queue, idle = self.queues[name], self.idle[name]
        if not queue or not idle or not self.time.is_open(moment):
            return
        while queue and idle:
            visit = queue.popleft()
            if visit.left is None:
                visit.resource = idle.popleft().id
                self._start(visit, moment)

    def _start(self, visit: Visit, moment: int) -> None:
        station = self.stations[visit.station]
        mean = self.story.hours(visit.case, visit.station, visit.number, moment)
        hours = lognormal(visit.draw.work, mean, station.spread)
        for lift in self.lifts:
            if lift.station == visit.station and lift.since <= moment < lift.until:
                hours /= lift.factor
        visit.started = moment
        self._push(self.time.after(moment, max(60, round(hours * 3600))), _DONE, visit)

    def _finish(self, visit: Visit, moment: int) -> None:
        visit.left = moment
        self._move(visit.case, self.story.route(visit.case, visit.station, moment, visit.draw), moment)
        if visit.resource and visit.resource not in self.gone:
            self.idle[visit.station].append(self.people[visit.resource])
            self._dispatch(visit.station, moment)

    def _give_up(self, visit: Visit, moment: int) -> None:
        visit.left = moment
        self._move(visit.case, self.story.give_up(visit.case, visit.station), moment)

    def _move(self, case: Case, step: NextStep, moment: int) -> None:
        if len(step.to) > 1:
            self.branches[case.id] = len(step.to)
        for name in step.to:
            if name not in self.stations:
                self.run.ends.append(CaseEnd(case, name, moment, step.reason, next(self.order)))
            elif name == self.story.join and self.branches.get(case.id, 1) > 1:
                self.branches[case.id] -= 1
            else:
                self._enter(case, name, moment, step.picked_up)

    def _staff_change(self, person: Employee, moment: int, *, joins: bool) -> None:
        if joins:
            self.idle[person.station].append(person)
            self._dispatch(person.station, moment)
        else:
            self.gone.add(person.id)
            if person in self.idle[person.station]:
                self.idle[person.station].remove(person)


def simulate(
    story: Story,
    seed: int,
    *,
    lifts: Sequence[Lift] = (),
    chances: Chances | None = None,
    cases: Sequence[Case] | None = None,
) -> SimulatedRun:
    """Runs the story. `chances` and `cases` of an earlier run of the same seed make this one quicker."""
    return Simulator(story, chances or Chances(seed), story.cases(seed) if cases is None else cases, lifts).simulate()
