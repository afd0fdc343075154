"""Time counted in working days: nights, weekends, holidays and closures take no time.

A slot of time (a local day; in short logs an hour or a minute) is known to be working time at its end, from nothing
later than that. So a log that is cut has the same slots before the cut.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from factoryview.plant.models import Calendar
from factoryview.store.scroll import PIECE, pieces
from factoryview.time import DAY, HOUR, MINUTE

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SHORTEST = {DAY: 14 * DAY, HOUR: 14 * HOUR, MINUTE: 0}
"""A log of at least this span is counted in this unit. µs."""
_RARE = 0.1
"""A weekday (in short logs an hour of the day) with a smaller share of the busiest one's departures is free time."""
_BUSY = 10.0
"""Departures in a usual slot, from which on a slot without any is no chance: the plant was closed."""
_ENOUGH = 150
"""Departures from which on the hours of the day show when work is done."""
_REGULAR, _AFTER, _FEWEST = 0.8, 20, 3
"""At least so many stages that let something go in this share of the slots, after so many slots, show closures: the
plant rests when fewer than half of them do."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Workdays:
    """Slots of wall-clock time, and which of them are working time. Times in µs since 1970 UTC."""

    unit: int
    """Length of a usual slot: `DAY`, `HOUR` or `MINUTE`."""
    edges: Ints
    """Where slots begin and end, one more than slots; the last slot may not be over yet."""
    open: Flags
    """Per slot: whether it is working time."""
    complete: int
    """The first so many slots are over."""
    begins: Ints
    closes: Ints
    """Of each slot, when work begins and ends in it."""

    @property
    def ends(self) -> Ints:
        """The end of each working slot that is over: step k (from 1) is at `ends[k - 1]`."""
        return np.asarray(self.edges[1 : self.complete + 1][self.open[: self.complete]])

    @property
    def next_end(self) -> int:
        """When the slot ends that is not over yet, µs UTC."""
        return int(self.edges[min(self.complete + 1, len(self.edges) - 1)])

    def passed(self, moments: Ints) -> Floats:
        """Working slots from the beginning to each moment, parts included."""
        total = np.concatenate([[0], np.cumsum(self.open)])
        slot = np.clip(np.searchsorted(self.edges, moments, side="right") - 1, 0, len(self.open) - 1)
        part = np.clip((moments - self.begins[slot]) / (self.closes - self.begins)[slot], 0.0, 1.0)
        return np.asarray(total[slot] + part * self.open[slot], dtype=float)

    def passed_in_order(self, moments: Ints) -> Floats:
        """As `passed`, of moments in ascending order, which takes a fraction of the time."""
        if len(moments) > PIECE:
            every = np.empty(len(moments))
            for some in pieces(len(moments)):
                every[some] = self.passed_in_order(moments[some])
            return every
        number = np.diff(np.searchsorted(moments, self.edges[1:-1]), prepend=0, append=len(moments))
        spans = np.where(self.open, (self.closes - self.begins).astype(np.float64), np.inf)
        before = np.concatenate([[0.0], np.cumsum(self.open[:-1])])
        passed = (moments - np.repeat(self.begins, number)).astype(np.float64)
        passed /= np.repeat(spans, number)
        np.clip(passed, 0.0, 1.0, out=passed)
        passed += np.repeat(before, number)
        return passed

    def length(self, span: float) -> float:
        """How many slots a span (µs) is meant to be: "2 d" are two working days, "4 h" are four hours of one."""
        whole, rest = divmod(span, self.unit)
        usual = float(np.median((self.closes - self.begins)[self.open])) if self.open.any() else self.unit
        return whole + min(rest / usual, 1.0)

    def after(self, passed: float) -> int:
        """The end of the slot in which so many working slots have passed; beyond the log as if it went on so."""
        total = np.cumsum(self.open)
        slot = int(np.searchsorted(total, np.ceil(passed), side="left"))
        if slot < len(total):
            return int(self.edges[slot + 1])
        share = max(float(total[-1]) / len(total), 1 / 7) if len(total) else 1.0
        return int(self.edges[-1] + (np.ceil(passed) - float(total[-1])) / share * self.unit)


def unit_of(span: int) -> int:
    """The slot in which a log of that span (µs) is counted: days, in logs under two weeks hours or minutes."""
    return next(unit for unit, shortest in _SHORTEST.items() if span >= shortest)


def workdays(departures: Iterable[Ints], first: int, last: int, timezone: str, calendar: Calendar) -> Workdays:
    """The working time between two moments (µs UTC).

    departures: of each stage, ascending µs; each is asked for once. The plant's calendar is believed; without one the
    departures show it.
    """
    unit = unit_of(last - first)
    zone = ZoneInfo(timezone)
    edges, day, hour = _slots(unit, first, last, zone)
    hours = np.minimum(edges[:-1, None] + HOUR * np.arange(24), edges[1:, None]).ravel()
    rows, gone_by, number = [], np.zeros(len(hours), np.int64), 0
    for gone in departures:
        rows.append(np.diff(np.searchsorted(gone, edges)))
        if unit == DAY:
            gone_by += _gone_by(gone, hours)
        number += len(gone)
    counts = np.array(rows).reshape(-1, len(edges) - 1)
    complete = int(np.searchsorted(edges[1:], last, side="right"))
    weekday = (day + 3) % 7  # 1970-01-01 was a Thursday
    if calendar.days:
        planned = _planned(calendar, unit, day, hour)
        opens, shuts = calendar.start.hour * 60 + calendar.start.minute, calendar.end.hour * 60 + calendar.end.minute
        if unit < DAY or shuts <= opens:
            return Workdays(unit, edges, planned, complete, edges[:-1], edges[1:])
        return Workdays(unit, edges, planned, complete, edges[:-1] + opens * MINUTE, edges[:-1] + shuts * MINUTE)
    every = counts.sum(axis=0)
    usual = _common(every, weekday) if unit >= HOUR else np.ones(len(every), bool)
    if unit == HOUR:
        usual &= _common(every, hour)
    open_ = usual & ~_closed(every, usual)
    open_ &= ~_resting(counts, open_)
    open_[complete:] = usual[complete:]
    begins, closes = edges[:-1], edges[1:]
    if unit == DAY:
        begins, closes = _office_hours(np.diff(gone_by, append=number), edges)
    return Workdays(unit, edges, open_, complete, begins, closes)


def _slots(unit: int, first: int, last: int, zone: ZoneInfo) -> tuple[Ints, Ints, Ints]:
    """Edges of the slots that cover both moments; of each slot the local day since 1970 and the hour of the day."""
    if unit == DAY:
        begin, end = (datetime.fromtimestamp(at // 1_000_000, UTC).astimezone(zone).date() for at in (first, last))
        days = range((end - begin).days + 2)
        midnights = [datetime.combine(begin + timedelta(n), datetime.min.time(), zone) for n in days]
        edges = np.array([round(midnight.timestamp()) * 1_000_000 for midnight in midnights], dtype=np.int64)
        day = np.arange(len(edges) - 1) + (begin - date(1970, 1, 1)).days
        return edges, day, np.zeros(len(day), np.int64)
    begin_at = first // unit * unit
    edges = begin_at + unit * np.arange((last - begin_at) // unit + 2)
    ahead = datetime.fromtimestamp(first // 1_000_000, UTC).astimezone(zone).utcoffset() or timedelta()
    local = edges[:-1] + round(ahead.total_seconds()) * 1_000_000
    return edges, local // DAY, local % DAY // HOUR


def _office_hours(gone: Ints, edges: Ints) -> tuple[Ints, Ints]:
    """When work begins and ends on each day, by the hours at which so far something left; at first the whole day.

    gone: how many left in each hour of each day.
    """
    counts = gone.reshape(-1, 24).cumsum(axis=0)
    common = counts >= _RARE * counts.max(axis=1, keepdims=True)
    known = counts.sum(axis=1) >= _ENOUGH
    begin = np.where(known, common.argmax(axis=1), 0)
    end = np.where(known, 24 - common[:, ::-1].argmax(axis=1), 24)
    return edges[:-1] + begin * HOUR, np.where(end == 24, edges[1:], edges[:-1] + end * HOUR)


def _gone_by(departures: Ints, hours: Ints) -> Ints:
    """How many departures were before each of these moments, which are whole hours from one another."""
    origin, many = int(hours[0]), int((hours[-1] - hours[0]) // HOUR) + 1
    if ((hours - origin) % HOUR).any():  # a clock that is changed by half an hour
        return np.asarray(np.searchsorted(departures, hours))
    counts = np.zeros(many + 1, np.int64)
    begin, end = departures.searchsorted([origin, origin + many * HOUR]).tolist()
    counts[0] = begin
    for some in pieces(end - begin):
        counts[1:] += np.bincount((departures[begin:end][some] - origin) // HOUR, minlength=many)
    return np.asarray(counts.cumsum()[(hours - origin) // HOUR])


def _planned(calendar: Calendar, unit: int, day: Ints, hour: Ints) -> Flags:
    weekdays = [WEEKDAYS.index(name) for name in calendar.days]
    off = [(holiday - date(1970, 1, 1)).days for holiday in calendar.holidays]
    planned = np.isin((day + 3) % 7, weekdays) & ~np.isin(day, off)
    begin, end = calendar.start.hour, calendar.end.hour + (calendar.end.minute > 0)
    if unit < DAY and end > begin:
        planned &= (hour >= begin) & (hour < end)
    return np.asarray(planned)


def _common(counts: Ints, kind: Ints) -> Flags:
    """Slots of a kind (a weekday, an hour) at which so far, they included, enough of the departures happened."""
    so_far = np.cumsum(np.where(kind == np.arange(kind.max() + 1)[:, None], counts, 0), axis=1)
    own = so_far[kind, np.arange(len(kind))]
    return np.asarray(own >= _RARE * so_far.max(axis=0))


def _closed(every: Ints, usual: Flags) -> Flags:
    """Slots without any departure in a plant that has many in each."""
    before = np.concatenate([[0], np.cumsum(every)[:-1]])
    slots = np.maximum(np.concatenate([[0], np.cumsum(usual & (every > 0))[:-1]]), 1)
    return np.asarray((every == 0) & (before / slots >= _BUSY))


def _resting(counts: Ints, open_: Flags) -> Flags:
    """Slots at which most of the stages that nearly always let something go let nothing go."""
    if not len(counts):
        return np.zeros(len(open_), bool)
    slots = np.concatenate([[0], np.cumsum(open_)[:-1]])
    active = np.cumsum((counts > 0) & open_, axis=1)
    before = np.concatenate([np.zeros((len(counts), 1), np.int64), active[:, :-1]], axis=1)
    regular = (before >= _REGULAR * slots) & (slots >= _AFTER)
    number = regular.sum(axis=0)
    return np.asarray((number >= _FEWEST) & ((regular & (counts > 0)).sum(axis=0) < number / 2))
