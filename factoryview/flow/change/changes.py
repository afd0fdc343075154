"""Since when a stage does not do what it did before: change points with size, interval and cause.

What drives a stage is tested (its work, its people, what comes to it, what it loses; at a stage that merely takes its
time, the stay), each against its own chance; what follows from that (waiting, throughput) is measured before and after.
A queue near saturation wanders for weeks although nothing changed, so that its waiting by itself is no change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from factoryview.flow.change.capacity import placed
from factoryview.flow.change.points import BLOCK, LEAST, Point, change_points, normal_scores
from factoryview.flow.change.records import Floats, Ints, Record, Records, Samples
from factoryview.time import DAY, HOUR

Cause = Literal["work", "people", "arrivals", "contention", "losses"]
"""What changed: work a case, people at work, cases that come, what of all that is left when a stage without known
starts or people lets fewer or more go, and the share that is lost.
"""
Measure = Literal["waiting", "work", "throughput", "losses"]

FALSE = 0.02
"""How often a plant without a change may be said to have one."""
SEEN = 60
"""Working days before and after a change over which its size is measured, up to the next change of the stage."""
TOGETHER = 5
"""Working days within which changes of one stage are one."""
BEFORE, AFTER = 4, 15
"""Working days before and after the change of another stage within which what comes to a stage follows from it."""
FILLING = 10
"""Working days at the begin of a log in which what comes to a stage only begins to come: the plant is still empty."""
FEWEST = 40
"""Cases from which on a series is looked at."""
SMALLEST = 0.15
"""Relative differences below which nobody need be told."""
_MONTH = 20
"""Working days of a month."""
_DRAWS, _BLOCK, _BAND = 600, 5, (0.025, 0.975)


@dataclass(frozen=True)
class Effect:
    """One measure before and after. Waiting and work in µs (work: of working time), throughput in cases a working day,
    losses as a share.
    """

    before: float
    after: float
    low: float
    """The difference lies between `low` and `high` with 95 % (block bootstrap by working days)."""
    high: float

    @property
    def difference(self) -> float:
        return self.after - self.before

    @property
    def sure(self) -> bool:
        """Beyond noise: the interval of the difference has no zero in it."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Change:
    """Something that is different at a stage since a day."""

    stage: str
    at: int
    """Begin of the first working day, µs UTC."""
    since: int
    until: int
    """It began on one of the days from `since` to `until` (their begins, µs UTC)."""
    cause: Cause
    effects: Mapping[Measure, Effect]
    contention: float | None
    """Of how much longer (or shorter) cases stay, the share that they wait for their turn, 0 to 1; None where no start
    is known, or the two parts go opposite ways."""
    waits: bool
    """`waiting` is the wait for the start; else the whole stay, for no start is known."""

    @property
    def main(self) -> Measure | None:
        """The measure that is to be named first; None: what changed shows in none of them beyond noise."""
        order: tuple[Measure, ...] = ("waiting", "work", "throughput", "losses")
        if self.cause == "losses":
            order = ("losses", *order)
        sure = [measure for measure in order if measure in self.effects and self.effects[measure].sure]
        return sure[0] if sure else None

    @property
    def weight(self) -> float:
        """Effect × volume, in cases: of durations how many more or fewer are there at once (Little's law), of losses
        and throughput how many it is in a month of working days.
        """
        main, passed = self.main, self.effects.get("throughput")
        if main is None or passed is None:
            return 0.0
        size, volume = abs(self.effects[main].difference), (passed.before + passed.after) / 2
        if main in ("waiting", "work"):
            return size / DAY * volume
        return _MONTH * size * (volume if main == "losses" else 1.0)


def weightiest(found: Iterable[Change], most: int) -> list[Change]:
    """The changes of most weight, in order of time."""
    kept = sorted(found, key=lambda change: -change.weight)[:most]
    return sorted(kept, key=lambda change: change.at)


_Spans = tuple[tuple[int, int], tuple[int, int]]
"""Working days [since, until) before and after."""
_Driver = Literal[Cause, "stay", "passed on"]
"""What is tested; stay: how long cases stay at what seems to be a queue; passed on: what comes from other stages. Both
follow themselves for weeks.
"""
_FOLLOWING: Mapping[_Driver, tuple[int, float]] = {"stay": (20, 0.05), "arrivals": (20, 0.2), "passed on": (20, 0.02)}
"""Where what is measured follows itself for weeks: working days that are taken together, and the share of the level."""
_ORDER: tuple[_Driver, ...] = ("work", "people", "contention", "losses", "arrivals", "passed on", "stay")
"""Of several that change together, the first is the cause."""
_COUNTED: tuple[_Driver, ...] = ("arrivals", "passed on")


@dataclass(frozen=True)
class _Event:
    place: int
    cause: _Driver
    point: Point


def changes(records: Records, level: float = FALSE) -> tuple[Change, ...]:
    """Every change until the end of the records, in order of time. level: how often a plant in which nothing changed
    may be said to have changed.

    Of records up to a moment it knows nothing later; the last ten working days cannot show a change yet. Asked of a
    whole log it looks back from its end, and that is to be said beside it.
    """
    tested = [(place, cause, sample) for place, record in enumerate(records.stages)
              for cause, sample in _drivers(record)]  # fmt: skip
    if not tested:
        return ()
    each = level / len(tested)
    events = [
        _Event(place, cause, point)
        for place, cause, sample in tested
        for point in _points(cause, sample, records, each)
    ]
    kept = sorted(_roots(records, _dated(records, _joined(events))), key=lambda event: (event.point.day, event.place))
    return tuple(_change(records, event, kept) for event in kept)


def _drivers(record: Record) -> Iterator[tuple[_Driver, Samples]]:
    """What is tested of a stage."""
    if record.kind == "queue" and len(record.worked.values) >= FEWEST and record.starts_known:
        yield "work", record.worked
    if (record.kind == "queue" or record.entrance) and len(record.at_work.values) >= 2 * LEAST:
        yield "people", record.at_work  # at the door nobody writes down who waits, so that no queue is seen there
    if record.kind == "queue" and len(record.paced.values) >= FEWEST:
        yield "contention", record.paced
    if record.kind != "batch" and len(record.stayed.values) >= FEWEST:
        yield "work" if record.kind == "delay" else "stay", record.stayed
    days = np.arange(record.came_until, dtype=np.int64)
    if record.arrivals[FILLING : record.came_until].sum() >= FEWEST:
        came = Samples(record.arrivals[FILLING : record.came_until].astype(float), days[FILLING:])
        yield "arrivals" if record.entrance else "passed on", came
    share = record.lost.values
    mean = float(share.mean()) if len(share) >= FEWEST else 0.0
    record.lost.let_go()
    if 0 < mean < 1:
        yield "losses", record.lost


def _points(cause: _Driver, sample: Samples, records: Records, level: float) -> list[Point]:
    values = sample.values
    if cause in ("work", "people", "contention", "stay"):
        values = normal_scores(values)
    elif cause in _COUNTED:
        values = _seasoned(np.sqrt(values + 0.375), sample.days, records)
    block, share = _FOLLOWING.get(cause, (BLOCK, 1.0))
    found = change_points(values, sample.days, level * share, block=block)
    edges = [0, *(point.day for point in found), records.over + 1]
    large = [point for k, point in enumerate(found) if _large(sample, edges[k], point.day, edges[k + 2])]
    sample.let_go()
    return large


def _large(sample: Samples, since: int, day: int, until: int) -> bool:
    """Whether the levels before and after differ by more than the smallest difference that is told."""
    before, after = sample.within(since, day).values, sample.within(day, until).values
    if not len(before) or not len(after):
        return False
    low, high = sorted((float(before.mean()), float(after.mean())))
    return high - low >= SMALLEST * max(low, 1e-12)


def _seasoned(values: Floats, days: Ints, records: Records) -> Floats:
    """Without what is usual on each weekday."""
    weekday = records.weekdays[days]
    mean = np.bincount(weekday, values, minlength=7) / np.maximum(np.bincount(weekday, minlength=7), 1)
    return np.asarray(values - mean[weekday])


def _joined(events: list[_Event]) -> list[_Event]:
    """Changes of one stage within a few days are one: that of the cause that says most, on the day that is known best.

    The stay of a queue changes in the weeks after what drives it.
    """
    found: list[_Event] = []
    for event in sorted(events, key=lambda each: (each.cause == "stay", -each.point.strength)):
        apart = AFTER if event.cause == "stay" else TOGETHER
        same = next((k for k, other in enumerate(found) if other.place == event.place
                     and abs(other.point.day - event.point.day) <= apart), None)  # fmt: skip
        if same is None:
            found.append(event)
            continue
        both = found[same], event
        cause = min((each.cause for each in both), key=_ORDER.index)
        point = min((each.point for each in both), key=lambda point: point.high - point.low)
        found[same] = _Event(event.place, cause, point)
    return found


def _dated(records: Records, events: list[_Event]) -> list[_Event]:
    """Changes of a capacity that no starts show, on the day that the queue before it speaks for.

    A stage that merely takes its time, and since that day another time, looks like a queue only over both.
    """
    found = []
    for event in events:
        record, day = records.stages[event.place], event.point.day
        if event.cause in ("contention", "stay") and record.queue is not None:
            own = [other.point.day for other in events if other.place == event.place and other is not event]
            since = max([day - SEEN, 0, *(other for other in own if other < day)])
            until = min([day + SEEN, records.over, *(other for other in own if other > day)])
            queue, paced = record.queue, record.paced.within(since, until)
            if queue.seen(since, day) or queue.seen(day, until):
                event = replace(event, point=placed(queue, paced.values, paced.days, event.point, since, until))
            else:
                event = replace(event, cause="work")
        found.append(event)
    return found


def _roots(records: Records, events: list[_Event]) -> Iterator[_Event]:
    """Without what merely comes to a stage otherwise since another one changed, or the plant's door; and without how
    many are worked on at once there, where that follows from what comes.
    """
    for event in events:
        followed = event.cause in _COUNTED or (event.cause == "people" and _demanded(records, event))
        day = event.point.day
        if not followed or not any(
            -BEFORE <= day - other.point.day <= AFTER and (other.cause not in _COUNTED or other.place < event.place)
            for other in events
            if other is not event and (event.cause in _COUNTED or other.place < event.place)
        ):
            yield event


def _demanded(records: Records, event: _Event) -> bool:
    """Whether more or fewer come to a stage since a day, as more or fewer are worked on at once."""
    record, day = records.stages[event.place], event.point.day
    since, until = max(0, day - SEEN), min(records.over, day + SEEN)
    means = []
    came = Samples(record.arrivals[: records.over].astype(float), np.arange(records.over))
    for sample in (came, record.at_work):
        before, after = sample.within(since, day).values, sample.within(day, until).values
        means.append(
            (float(after.mean()) + 1e-9) / (float(before.mean()) + 1e-9) if len(before) and len(after) else 1.0
        )
    more, worked = means
    return (more >= 1 + SMALLEST and worked > 1) or (more <= 1 / (1 + SMALLEST) and worked < 1)


def _change(records: Records, event: _Event, events: list[_Event]) -> Change:
    record, day = records.stages[event.place], event.point.day
    own = [other.point.day for other in events if other.place == event.place]
    since = max([day - SEEN, 0, *(other for other in own if other < day)])
    until = min([day + SEEN, records.over, *(other for other in own if other > day)])
    until = max(until, day + 1)
    spans = (since, day), (day, until)
    effects: dict[Measure, Effect] = {}
    waiting = record.waited if record.starts_known else record.gone
    for name, sample, unit in (("waiting", waiting, HOUR), ("work", record.worked, HOUR), ("losses", record.lost, 1.0)):
        effect = None if name == "work" and not record.starts_known else _mean(sample, spans, unit)
        if effect is not None:
            effects[name] = effect  # type: ignore[index]  # mypy does not narrow strings of a tuple to their values
    days = np.arange(records.over, dtype=np.int64)
    passed = Samples(record.departures[: records.over].astype(float) * record.weight, days)
    throughput = _mean(passed, spans, 1.0)
    if throughput is not None:
        effects["throughput"] = throughput
    begin = records.days
    last = len(begin) - 1
    return Change(
        stage=record.stage,
        at=int(begin[min(day, last)]),
        since=int(begin[min(event.point.low, last)]),
        until=int(begin[min(event.point.high, last)]),
        cause=_staffed(records, record, event, spans),
        effects=effects,
        contention=_contention(record, spans) if record.starts_known else None,
        waits=record.starts_known,
    )


def _staffed(records: Records, record: Record, event: _Event, spans: _Spans) -> Cause:
    """The cause; people, where the plant file says that their number changed in those days, or others are named."""
    if event.cause == "passed on":
        cause: Cause = "arrivals"
    else:
        cause = "contention" if event.cause == "stay" else event.cause
    if cause not in ("contention", "arrivals", "losses"):
        return cause
    if record.staff is not None:
        last = len(records.days) - 1
        low, high = (min(max(day, 0), last) for day in (event.point.low - 1, event.point.high + 1))
        heads = record.staff.at(np.array([records.days[low], records.days[high]]) / HOUR)
        if heads[0] != heads[1]:
            return "people"
    if cause == "contention" and record.people.any():
        days = np.arange(records.over, dtype=np.int64)
        heads_a_day = _mean(Samples(record.people[: records.over].astype(float), days), spans, 1.0)
        if heads_a_day is not None and heads_a_day.sure:
            return "people"
    return cause


def _contention(record: Record, spans: _Spans) -> float | None:
    """Share of the waiting in how much longer cases stay."""
    parts = []
    for sample in (record.waited, record.gone):
        means = [sample.within(*span).values for span in spans]
        if not len(means[0]) or not len(means[1]):
            return None
        parts.append(float(means[1].mean() - means[0].mean()))
    share = parts[0] / parts[1] if parts[1] else -1.0
    return share if 0 <= share <= 1 else None


def _mean(sample: Samples, spans: _Spans, unit: float) -> Effect | None:
    """The means of two spans and the interval of their difference; None where nothing is known of one of them."""
    means, drawn = [], []
    for k, (since, until) in enumerate(spans):
        chosen = sample.within(since, until)
        if not len(chosen.days):
            return None
        blocks = (chosen.days - since) // _BLOCK
        sums, counts = np.bincount(blocks, chosen.values), np.bincount(blocks)
        means.append(float(sums.sum() / counts.sum()))
        rng = np.random.default_rng(k)
        times = rng.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), _DRAWS)
        drawn.append((times @ sums) / np.maximum(times @ counts, 1e-9))
    low, high = np.quantile(drawn[1] - drawn[0], _BAND)
    return Effect(means[0] * unit, means[1] * unit, float(low) * unit, float(high) * unit)
