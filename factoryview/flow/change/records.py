"""What each stage did, case by case with its working day: what changes, comparisons and forecasts are counted from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from factoryview.factory.staff import Staff
from factoryview.flow.change.capacity import Queue
from factoryview.flow.moment.workdays import Workdays, workdays
from factoryview.flow.verdict.evidence import Evidence, gather, good_outcomes
from factoryview.flow.verdict.stations import Kind, Station, stations
from factoryview.flow.verdict.visits import Visits
from factoryview.language.dates import local
from factoryview.plant.models import Plant
from factoryview.store.database import Store
from factoryview.store.engine import Columns
from factoryview.store.scroll import laid, let_go, pieces
from factoryview.time import DAY, HOUR, ahead_of_utc

_TOGETHER, _UNKNOWN = 40, 0.2
"""Where of so many that left one after the other nobody knows of more than that share what came next, losses end."""
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_LAST, _RECENT = 0.99, 2_000
"""What began later than that share of the newest so many spans last, is not looked at: the long ones are still open."""


@dataclass(frozen=True)
class Samples:
    """One number a case, in order of time. day: the working day it belongs to, counted from the log's first."""

    values: Floats
    days: Ints
    """Ascending."""

    def within(self, since: int, until: int) -> Samples:
        """Those of the working days [since, until)."""
        here = slice(*np.searchsorted(self.days, (since, until)).tolist())
        return Samples(self.values[here], self.days[here])

    def let_go(self) -> None:
        """What of many has been looked at takes no memory any more (see `scroll.let_go`)."""
        let_go(self.values)
        let_go(self.days)


@dataclass(frozen=True)
class Record:
    """What one stage did until the end of the evidence. Durations in hours: waits and stays of elapsed time, work of
    working time.
    """

    stage: str
    kind: Kind
    staff: Staff | None
    weight: float
    """Cases per stay, on average."""
    starts_known: bool
    arrivals: Ints
    """Stays that began on each working day."""
    came_until: int
    """Working days of which all that came is known: where a stay shows when it ends, or its work begins, those who
    stand in the queue are not."""
    entrance: bool
    """Most of them are the first of their case: the plant's door."""
    departures: Ints
    gone: Samples
    """How long each case that left had stayed, by the day it left."""
    waited: Samples
    """How long each had waited for its start, by the day it left; empty where no start is known."""
    worked: Samples
    """How long each was worked on, by the day its work began; empty where no start is known."""
    paced: Samples
    """What the departures leave for the work on each case, as if it was served in turn, by the day it left; of queues
    only, where no start is known."""
    stayed: Samples
    """How long each stayed, by the day it came."""
    lost: Samples
    """1 for each case that left into a bad end, 0 for the others of which it is known, by the day it left."""
    at_work: Samples
    """How many were worked on at once at most on each working day; empty where no start is known."""
    people: Ints
    """Resources that did something there on each working day; all 0 where nobody is named."""
    queue: Queue | None
    """Who came and left, where `paced` is known."""


@dataclass(frozen=True)
class Records:
    """All stages of a log up to a moment."""

    plant: Plant
    days: Ints
    """When each working day begins, µs UTC; the last may not be over."""
    over: int
    """The first so many working days are over."""
    stages: tuple[Record, ...]
    begun: Floats
    """Cases that were first seen on each working day."""
    ended: Floats
    """Cases that ended on each."""
    won: Floats
    """Of these, those that ended well."""
    won_on: Mapping[date, float]
    """Those again, by the local date on which they ended: `won` has those of free days on the next working day."""
    end: int
    """µs UTC."""

    @cached_property
    def by_name(self) -> dict[str, Record]:
        return {record.stage: record for record in self.stages}

    @cached_property
    def dates(self) -> tuple[date, ...]:
        """The local date of each working day."""
        zone = ZoneInfo(self.plant.timezone)
        return tuple(local(at, zone).date() for at in self.days.tolist())

    @cached_property
    def weekdays(self) -> Ints:
        """The weekday of each working day, 0 = Monday."""
        return np.array([day.weekday() for day in self.dates], dtype=np.int64)

    def day_of(self, at: int) -> int:
        """The working day that is going on at a moment (µs UTC), or the next one."""
        return int(np.searchsorted(self.days, at, side="right") - 1)


def records_of(store: Store, plant: Plant, until: int | None = None) -> Records:
    """What is known at a moment (µs UTC; None: the end of the log). Raises InputError if no event has a time."""
    return records_from(gather(store, plant, until=None if until is None else until / HOUR), store)


def records_from(evidence: Evidence, store: Store) -> Records:
    """The same, of evidence that was gathered from the store already."""
    plant = evidence.plant
    begin, end = round(evidence.begin * HOUR), round(evidence.end * HOUR)
    shown = evidence.shown
    departures = [np.round(part.departures * HOUR).astype(np.int64) for part in shown]
    calendar = _Calendar(workdays(departures, begin, end, plant.timezone, plant.calendar), end)
    del departures
    people = _people(store, plant, calendar, end)
    found = stations(evidence)
    names = evidence.stages
    ended, won, won_on = _ended(store, plant, calendar, end)
    return Records(
        plant=plant,
        days=calendar.begins,
        over=calendar.over,
        stages=tuple(
            _record(evidence, station, shown[index], calendar, people.get(names[index]))
            for index, station in enumerate(found)
        ),
        begun=calendar.sum(store.ask("change/begun", until=end)),
        ended=ended,
        won=won,
        won_on=won_on,
        end=end,
    )


def _ended(store: Store, plant: Plant, calendar: _Calendar, end: int) -> tuple[Floats, Floats, dict[date, float]]:
    """See `Records.ended`, `won` and `won_on`."""
    known = sorted(name for name, _ in store.rows("counts/outcomes"))
    cases = store.ask("change/ended", until=end, outcomes=known)
    kinds, kind = np.unique(np.asarray(cases["outcome"]), return_inverse=True)
    well = np.array(good_outcomes(plant, [known[code] for code in kinds.tolist()]), dtype=bool)[kind]
    return calendar.sum(cases), calendar.sum(cases, well), calendar.by_date(cases, well, ZoneInfo(plant.timezone))


class _Calendar:
    """The working days of a log, and on which a moment falls."""

    def __init__(self, clock: Workdays, end: int) -> None:
        open_ = clock.open if clock.unit == DAY else np.zeros(len(clock.open), bool)
        begun = clock.edges[:-1] <= end
        self._edges = clock.edges
        self._total = np.concatenate([[0], np.cumsum(open_ & begun)])
        self.begins: Ints = clock.edges[:-1][open_ & begun]
        self.edges: Ints = np.append(self.begins, clock.edges[-1])
        """When each working day begins, and the last one ends."""
        self.over = int(open_[: clock.complete].sum())

    @property
    def number(self) -> int:
        return len(self.begins)

    def days(self, hours: Floats) -> Ints:
        """The working day of each moment (hours since 1970 UTC); what happens on a free day is of the next one."""
        found = np.empty(len(hours), np.int64)
        for some in pieces(len(hours)):
            slot = self._slots(np.round(hours[some] * HOUR).astype(np.int64))
            found[some] = np.minimum(self._total[slot], max(self.number - 1, 0))
        return found

    def _slots(self, at: Ints) -> Ints:
        """The slot of time, working or free, of each moment (µs UTC)."""
        return np.clip(np.searchsorted(self._edges, at, side="right") - 1, 0, len(self._edges) - 2)

    def count(self, hours: Floats) -> Ints:
        """How many of the moments fall on each working day."""
        return np.bincount(self.days(hours), minlength=self.number)[: self.number].astype(np.int64)

    def sum(self, columns: Columns, chosen: NDArray[np.bool_] | None = None) -> Floats:
        """The weights of what happened (`at` in µs) on each working day."""
        at = np.asarray(columns["at"], dtype=np.int64) / HOUR
        weight = np.asarray(columns["weight"], dtype=float) * (1.0 if chosen is None else chosen)
        return np.bincount(self.days(at), weight, minlength=self.number)[: self.number].astype(float)

    def by_date(self, columns: Columns, chosen: NDArray[np.bool_], zone: ZoneInfo) -> dict[date, float]:
        """The weights of what happened on each local date, be it a working day or not."""
        slots = self._slots(np.asarray(columns["at"], dtype=np.int64)[chosen])
        weights = np.bincount(slots, np.asarray(columns["weight"], dtype=float)[chosen])
        found: dict[date, float] = {}
        for slot in np.flatnonzero(weights).tolist():
            day = local(int(self._edges[slot]), zone).date()
            found[day] = found.get(day, 0.0) + float(weights[slot])
        return found


def _record(evidence: Evidence, station: Station, visits: Visits, calendar: _Calendar, people: Ints | None) -> Record:
    gone = visits.leaving
    entered, started, left = visits.entered[gone], visits.started[gone], visits.departures
    starts_known = bool(np.isfinite(started).any())
    counted = evidence.meaning == "kpi"
    blind = station.blind and evidence.meaning == "completion"
    none = Samples(np.zeros(0), np.zeros(0, np.int64))
    worked = waited = pace = none
    queue = None
    clock = station.clock
    left_on = laid(calendar.days(left))
    at_once = none
    if starts_known:
        begun = np.sort(visits.started[np.isfinite(visits.started)])
        over = np.searchsorted(np.sort(left[np.isfinite(started)]), begun, side="right")
        at_once = most_of_days(Samples(np.arange(1, len(begun) + 1) - over.astype(float), calendar.days(begun)))
        some = np.isfinite(started)
        waited = Samples(laid(np.maximum(started - entered, 0.0)[some]), laid(left_on[some]))
        work = clock.worked(left[some]) - clock.worked(started[some])
        worked = _by_start(started[some], left[some], work, evidence.end, calendar)
    elif station.kind == "queue" and not counted and not blind:
        pace = Samples(laid(paced(clock.worked(visits.entered), clock.worked(left), station.servers)), left_on)
        queue = Queue(visits, clock, calendar.edges / HOUR)
    known = np.flatnonzero(visits.next[gone] >= 0)
    known = known[known < _known_until(visits.next[gone] < 0)]
    lost = np.isin(visits.next[gone][known], np.flatnonzero(evidence.lost)).astype(float)
    return Record(
        stage=station.name,
        kind=station.kind,
        staff=station.staff,
        weight=evidence.weight,
        starts_known=starts_known,
        arrivals=calendar.count(visits.entered),
        came_until=_all_came(evidence, visits, calendar),
        entrance=bool(len(visits.first)) and float(np.mean(visits.first)) > 0.5,
        departures=calendar.count(left),
        gone=Samples(laid(left - entered), left_on),
        waited=waited,
        worked=worked,
        paced=pace,
        at_work=at_once,
        stayed=none if blind else _by_start(entered, left, left - entered, evidence.end, calendar),
        lost=Samples(laid(lost), left_on if len(known) == len(left) else laid(left_on[known])),
        people=people if people is not None else np.zeros(calendar.number, np.int64),
        queue=queue,
    )


def _by_start(begun: Floats, left: Floats, spans: Floats, end: float, calendar: _Calendar) -> Samples:
    """Spans by the day they began; the newest are left out, of which only the short ones are over."""
    if not len(begun):
        return Samples(np.zeros(0), np.zeros(0, np.int64))
    order = np.argsort(begun, kind="stable")
    begun, left, spans = begun[order], left[order], np.maximum(spans[order], 0.0)
    longest = float(np.quantile((left - begun)[-_RECENT:], _LAST))
    kept = begun <= end - longest
    return Samples(laid(spans[kept]), laid(calendar.days(begun[kept])))


def _known_until(unknown: NDArray[np.bool_]) -> int:
    """So many of the first that left, of which it is known where they went.

    Of the others only those are known that were lost at once, while those handed on wait before a queue that is long.
    """
    if len(unknown) <= _TOGETHER:
        return len(unknown)
    total = np.concatenate([[0], np.cumsum(unknown)])
    share = (total[_TOGETHER:] - total[:-_TOGETHER]) / _TOGETHER
    many = np.flatnonzero(share > _UNKNOWN)
    return int(many[0]) if len(many) else len(unknown)


def _all_came(evidence: Evidence, visits: Visits, calendar: _Calendar) -> int:
    """See `Record.came_until`."""
    if evidence.meaning not in ("interval", "completion") or len(visits.entered) < _TOGETHER:
        return calendar.over
    newest = np.sort(visits.entered)[-_TOGETHER:]
    return min(calendar.over, int(calendar.days(newest[:1])[0]))


def most_of_days(sample: Samples) -> Samples:
    """The largest value of each day that has any. Days ascend.

    How many can be worked on at once shows in the most of a day, while the mean follows what there is to do.
    """
    if not len(sample.values):
        return sample
    begins = np.flatnonzero(np.diff(sample.days, prepend=-1))
    return Samples(np.maximum.reduceat(sample.values, begins), sample.days[begins])


def paced(arrived: Floats, left: Floats, servers: int) -> Floats:
    """What time the k-th departure leaves for one case's work, if that began at max(a_k, D_(k−c)).

    arrived, left: ascending working hours; pairing the k-th with the k-th holds for any order of service (Newell's
    cumulative curves). servers: c, cases worked on at once.
    """
    n = len(left)
    free = np.concatenate([np.full(min(servers, n), -np.inf), left[: max(n - servers, 0)]])
    return np.asarray(np.maximum(left - np.maximum(arrived[:n], free), 0.0))


def _people(store: Store, plant: Plant, calendar: _Calendar, end: int) -> dict[str, Ints]:
    """Stage → resources at work on each working day."""
    if not calendar.number:
        return {}
    begins = calendar.begins
    clocks = ahead_of_utc(ZoneInfo(plant.timezone), min(int(begins[0]), end), end)
    since, ahead = np.array(clocks, dtype=np.int64).T
    before = np.append(since[1:], end + 1)
    columns = store.ask("change/people", since=since.tolist(), before=before.tolist(), ahead=ahead.tolist(), until=end)
    stage = np.asarray(columns["stage"]).astype(str)
    day = np.asarray(columns["day"], dtype=np.int64)
    count = np.asarray(columns["people"], dtype=np.int64)
    days = (begins + ahead[np.searchsorted(since, begins, side="right") - 1]) // DAY
    found: dict[str, Ints] = {}
    for name in dict.fromkeys(stage.tolist()):
        here = stage == name
        place = np.searchsorted(days, day[here])
        same = (place < len(days)) & (days[np.minimum(place, len(days) - 1)] == day[here])
        row = np.zeros(calendar.number, np.int64)
        row[place[same]] = count[here][same]
        found[name] = row
    return found
