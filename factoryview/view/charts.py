"""What the charts of a stage show over a stretch of time, as numbers: nothing later than the moment.

Cumulative curves after Newell 1982; the process behaviour chart (XmR) after Wheeler 1993, Understanding Variation.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np

from factoryview.factory.factory import Factory
from factoryview.factory.privacy import REST, Gate
from factoryview.flow.office_hours import OfficeHours
from factoryview.language.dates import local
from factoryview.time import DAY, HOUR, WEEK, micros_of
from factoryview.view.series import Floats, Moments, StageLog, counted, percentile

POINTS = 160
"""Points of a curve."""
_SPANS = {"day": DAY, "week": WEEK, "month": 30 * DAY, "quarter": 91 * DAY}
_FINE = 16
"""Parts of a point to which the moment is rounded where no curve is drawn."""
_AHEAD, _STEP = 16, 8
"""The moment stands at least 1/16 of a stretch before its end; a stretch begins at whole eighths of its length."""
_LIMIT = 2.66
"""Natural process limits: so many mean moving ranges from the mean."""
_FEWEST = 6
"""Values from which on limits are drawn."""
_MOST_BUCKETS = 40
_BINS = 24


@dataclass(frozen=True)
class Stretch:
    """What a chart shows from left to right, µs UTC, and how far into it something is known."""

    since: int
    until: int
    at: int
    """The moment, rounded down to a point of the curves."""
    now: int
    """The moment, rounded down less."""

    @classmethod
    def around(cls, span: str, at: int, first: int, last: int) -> Stretch:
        """The stretch of that name in which a moment lies, with room after it; a log that is shorter is shown whole."""
        length = _SPANS.get(span, last - first)
        if span not in _SPANS or length >= last - first:
            since, until = first, max(last, first + 1)
        else:
            step = length // _STEP
            until = -(-(at + length // _AHEAD) // step) * step
            since, until = (until - length, until) if until - length > first else (first, first + length)
        point = max(_FINE, (until - since) // POINTS)
        past = max(0, at - since)
        fine = max(1, point // _FINE)
        return cls(since, until, min(at, since + past // point * point), min(at, since + past // fine * fine))

    def share(self, at: int) -> float:
        """Where a moment stands, 0 to 1."""
        return min(1.0, max(0.0, (at - self.since) / (self.until - self.since)))


@dataclass(frozen=True)
class Series:
    """Values at moments, as (share of the stretch, value)."""

    points: tuple[tuple[float, float], ...]

    @property
    def most(self) -> float:
        return max((value for _, value in self.points), default=0.0)


def queue(log: StageLog, over: Stretch) -> Series:
    """Cases at the stage."""
    moments = _moments(over)
    return _series(over, moments, log.wip(moments))


def cumulative(log: StageLog, over: Stretch) -> tuple[Series, Series]:
    """All that have come and all that have gone, counted from those that had gone when the stretch began."""
    moments = _moments(over)
    before = log.gone.by(over.since)
    here = log.wip(moments)
    gone = np.array([log.gone.by(moment) for moment in moments.tolist()]) - before
    return _series(over, moments, gone + here), _series(over, moments, gone)


def sojourn_now(log: StageLog, at: int) -> int | None:
    """How long ago as many had come as have gone by now, µs: the horizontal distance of the cumulative curves."""
    come, gone = log.come, log.gone.by(at)
    if not gone or gone >= come.by(at) or not len(come.at):
        return None
    place = int(np.searchsorted(come.total, gone + 1e-9, side="right")) - 1
    return at - int(come.at[min(place, len(come.at) - 1)])


@dataclass(frozen=True)
class Passing:
    """What came and went in each bucket that is over, a unit of working time."""

    unit: str
    """"day" or "hour": what it is counted per."""
    come: Series
    go: Series


def passing(log: StageLog, over: Stretch, hours: OfficeHours, zone: ZoneInfo) -> Passing:
    """Arrivals and departures along a stretch, in hours of a day, else in days or weeks; each a working day.

    Buckets without working time are left out. They begin at local hours, midnights, Mondays.
    """
    edges, unit = buckets(over, zone)
    if len(edges) < 2:
        return Passing(unit, Series(()), Series(()))
    days = np.array([hours.days(a, b) if unit == "day" else 1.0 for a, b in pairwise(edges.tolist())])
    middle = (edges[:-1] + edges[1:]) // 2
    worked = days > 0
    found = []
    for tally in (log.come, log.gone):
        values = counted(tally, edges)[worked] / days[worked]
        found.append(_series(over, middle[worked], values))
    return Passing(unit, *found)


def buckets(over: Stretch, zone: ZoneInfo) -> tuple[Moments, str]:
    """Where the buckets that are over begin and end, µs, and of what they are: "day" or "hour"."""
    edges, unit = _edges(over, zone)
    return edges[edges <= over.at], unit


@dataclass(frozen=True)
class Phase:
    """A stretch of a process behaviour chart between two interventions: its own mean and natural limits."""

    first: int
    """Places of its values: [first, last)."""
    last: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Behaviour:
    """A process behaviour chart: values, and the mean and limits of the last phase; None where values are too few."""

    values: Series
    mean: float | None
    low: float | None
    high: float | None
    outside: tuple[int, ...]
    """Places of the values beyond the limits of their phase."""
    phases: tuple[Phase, ...] = ()


def behaviour(values: Series, interventions: Sequence[float] = ()) -> Behaviour:
    """Individual values with mean ± 2.66 × mean moving range; a rate is never below 0.

    interventions: shares of the stretch at which something was changed on purpose; from each on the limits are
    reckoned anew, once there are enough values for that. Until then those before hold.
    """
    shares, numbers = [share for share, _ in values.points], [value for _, value in values.points]
    if len(numbers) < _FEWEST:
        return Behaviour(values, None, None, None, ())
    cuts = [0]
    for place in sorted({bisect_left(shares, share) for share in interventions}):
        if place - cuts[-1] >= _FEWEST and len(numbers) - place >= _FEWEST:
            cuts.append(place)
    phases = tuple(_phase(numbers, first, last) for first, last in pairwise([*cuts, len(numbers)]))
    outside = tuple(
        k for phase in phases for k in range(phase.first, phase.last) if not phase.low <= numbers[k] <= phase.high
    )
    latest = phases[-1]
    return Behaviour(values, latest.mean, latest.low, latest.high, outside, phases)


def _phase(numbers: list[float], first: int, last: int) -> Phase:
    own = numbers[first:last]
    mean = sum(own) / len(own)
    moving = sum(abs(b - a) for a, b in pairwise(own)) / (len(own) - 1)
    return Phase(first, last, mean, max(0.0, mean - _LIMIT * moving), mean + _LIMIT * moving)


def interventions(factory: Factory, stage: str, over: Stretch) -> tuple[float, ...]:
    """When somebody changed something at a stage on purpose, as shares of the stretch and known by its moment: people
    who come or go, measures against its alarms, and what the plant marks.
    """
    plant = factory.plant
    zone = ZoneInfo(plant.timezone)
    days = {worker.since for worker in plant.workers if worker.stage == stage}
    days |= {worker.until + timedelta(1) for worker in plant.workers if worker.stage == stage and worker.until}
    said = [answer.said for answer in factory.answers if answer.stage == stage and answer.state != "seen"]
    moments = [datetime(day.year, day.month, day.day, tzinfo=zone) for day in days if day is not None]
    moments += [moment if moment.tzinfo else moment.replace(tzinfo=zone) for moment in said]
    moments += [mark.at if mark.at.tzinfo else mark.at.replace(tzinfo=zone) for mark in plant.marks]
    found = sorted(micros_of(moment) for moment in moments)
    return tuple(over.share(at) for at in dict.fromkeys(found) if over.since < at <= over.now)


@dataclass(frozen=True)
class Spread:
    """How long cases took: bars of equal width from 0 to `top` (µs), and percentiles."""

    cases: float
    top: float
    bars: tuple[float, ...]
    """Cases in each; the last also holds those beyond."""
    median: float | None
    high: float | None
    """Within which 85 % lie."""


def waiting(log: StageLog, over: Stretch, gate: Gate, target: int | None) -> Spread | None:
    """Of those that left in the stretch by the moment: how long they had waited, or stayed where no start is known.

    None where they are fewer than the smallest group.
    """
    ask = log.waited if log.starts_known else log.departed
    spans, weights = ask(over.since, over.now)
    if not gate.enough(float(weights.sum())):
        return None
    return _spread(spans, weights, target)


def ageing(log: StageLog, at: int, given_up: Mapping[int, int], target: int | None) -> Spread:
    """Of those at the stage on which somebody works: how long they have been there."""
    live = log.live(at, given_up)
    return _spread((at - log.entered[live]).astype(float), log.weight[live], target)


WEEK_HOURS = 7, 24


def rhythm(log: StageLog, over: Stretch, zone: ZoneInfo) -> tuple[tuple[float, ...], ...]:
    """Arrivals in the stretch by the moment, by local weekday (from Monday) and hour of the day."""
    here = (log.entered >= over.since) & (log.entered <= over.now)
    import pandas as pd  # here, for it takes a seventh of a second, and only this page needs it

    moments = pd.DatetimeIndex(log.entered[here].astype("datetime64[us]"), tz="UTC").tz_convert(zone)
    place = np.asarray(moments.day_of_week) * 24 + np.asarray(moments.hour)
    counts = np.bincount(place, log.weight[here], minlength=7 * 24).reshape(WEEK_HOURS)
    return tuple(tuple(row) for row in counts.tolist())


@dataclass(frozen=True)
class Part:
    """A group and how many cases it has, of all."""

    name: str
    cases: float
    share: float


def parts(groups: Mapping[str, float], gate: Gate) -> tuple[Part, ...]:
    """Groups with their shares, the largest first; those of too few cases together as `REST`, or not at all."""
    whole, together = sum(groups.values()), gate.merged(groups)
    found = [Part(name, cases, cases / whole) for name, cases in groups.items() if name not in together]
    found.sort(key=lambda part: (-part.cases, part.name))
    rest = sum(groups[name] for name in together)
    return (*found, Part(REST, rest, rest / whole)) if rest and gate.enough(rest) else tuple(found)


def _spread(spans: Floats, weights: Floats, target: int | None) -> Spread:
    if not len(spans):
        return Spread(0.0, float(target or DAY), (0.0,) * _BINS, None, None)
    far = percentile(spans, weights, 0.98) or 0.0
    top = _round_up(max(far * 1.02, 1.15 * (target or 0), 60e6))
    places = np.minimum((spans / top * _BINS).astype(np.intp), _BINS - 1)
    bars = np.bincount(places, weights, minlength=_BINS)
    return Spread(
        float(weights.sum()), top, tuple(bars.tolist()), percentile(spans, weights, 0.5),
        percentile(spans, weights, 0.85),
    )  # fmt: skip


def _round_up(span: float) -> float:
    """The next span that is round in its unit."""
    unit = next((size for size in (DAY, HOUR, 60e6) if span >= 2 * size), 60e6)
    count = span / unit
    step = 10 ** np.floor(np.log10(count)) / 2
    return float(np.ceil(count / step) * step * unit)


def _moments(over: Stretch) -> Moments:
    point = max(1, (over.until - over.since) // POINTS)
    return np.arange(over.since, over.at + 1, point, dtype=np.int64)


def _series(over: Stretch, moments: Moments, values: Floats) -> Series:
    shares = (moments - over.since) / (over.until - over.since)
    return Series(tuple(zip(shares.round(6).tolist(), values.round(6).tolist(), strict=True)))


def _edges(over: Stretch, zone: ZoneInfo) -> tuple[Moments, str]:
    """Where the buckets of a stretch begin and end: hours, local midnights, Mondays, or every so many weeks."""
    length = over.until - over.since
    if length <= 2 * DAY:
        first = -(-over.since // HOUR) * HOUR
        return np.arange(first, over.until + 1, HOUR, dtype=np.int64), "hour"
    begin = local(over.since, zone).date()
    step = 1 if length <= _MOST_BUCKETS * DAY else 7 * max(1, -(-length // (_MOST_BUCKETS * 2 * WEEK)))
    if step > 1:
        begin -= timedelta(begin.weekday())
    days = (begin + timedelta(n) for n in range(0, length // DAY + step + 2, step))
    edges = [round(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()) * 1_000_000 for day in days]
    return np.array([edge for edge in edges if over.since <= edge <= over.until], dtype=np.int64), "day"
