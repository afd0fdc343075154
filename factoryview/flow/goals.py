"""Goals by now: what has been reached today, what is usual at this time of day, and what the day will bring.

Everything is counted from arrivals up to the moment. "0 of 8" at nine in the morning says nothing; "2, by now 1" does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from math import log, log1p, sqrt
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.office_hours import is_working_day, office_hours
from factoryview.plant.models import Calendar
from factoryview.store.windows import Tally
from factoryview.time import DAY

WEEKS = 8
"""The past that is looked at."""
ENOUGH = 30.0
"""Arrivals from which on a profile of the day is believed; of the same weekday, else of all working days."""
RARE = 0.1
"""Without a calendar, a weekday with a smaller share of the busiest one's arrivals is no working day."""
FEWESTDAYS = 5
"""Working days from which on a forecast is made."""
BAND = 0.8
"""The day ends inside the band so often."""


@dataclass(frozen=True)
class GoalByNow:
    """A goal at a moment of a local day."""

    per_day: float
    """The target of a working day."""
    actual: float
    """Arrivals since local midnight."""
    open: bool
    """Today is a working day; else nothing is planned."""
    passed: float
    """Share of a usual day's arrivals that has come by this time of day, 0 to 1."""
    plan: float
    """The target by now: the day's target × `passed`."""
    forecast: float | None
    """Expected arrivals of the whole day; None where the past is too short, or nobody works today."""
    low: float | None
    high: float | None
    """Between these the day ends with a chance of `BAND`."""
    takt: float | None
    """Available working time ÷ demand: µs of working time for each arrival, if the target is met; None where the plant
    names no working hours, or is closed."""
    pace: float | None
    """µs of today's working time for each arrival so far; None before the first."""

    @property
    def difference(self) -> float:
        """Actual − plan by now."""
        return self.actual - self.plan


@dataclass
class Goal:
    """A target of so many arrivals a working day. Remembers the past of the day last asked about; answers do not
    depend on it.
    """

    arrivals: Tally
    per_day: float
    timezone: str
    calendar: Calendar
    _last: tuple[date, _Past] | None = None

    def by_now(self, at: int) -> GoalByNow:
        """How it stands at a moment (µs UTC); nothing later is looked at."""
        today = datetime.fromtimestamp(at // 1_000_000, UTC).astimezone(ZoneInfo(self.timezone)).date()
        midnight = begin_of(today, self.timezone)
        actual = self.arrivals.by(at) - self.arrivals.by(midnight - 1)
        past = self._past(today)
        if not is_working_day(self.calendar, today) or today.weekday() not in past.weekdays:
            return GoalByNow(self.per_day, actual, False, 0.0, 0.0, None, None, None, None, None)
        usual = past.usual
        begin, close = _hours(today, self.timezone, self.calendar)
        passed = usual.passed(at - midnight) if usual else float(np.clip((at - begin) / (close - begin), 0.0, 1.0))
        forecast, low, high = usual.forecast(actual, passed) if usual else (None, None, None)
        known, elapsed = bool(self.calendar.days), min(max(at - begin, 0), close - begin)
        return GoalByNow(
            per_day=self.per_day,
            actual=actual,
            open=True,
            passed=passed,
            plan=self.per_day * passed,
            forecast=forecast,
            low=low,
            high=high,
            takt=(close - begin) / self.per_day if known else None,
            pace=elapsed / actual if known and actual else None,
        )

    def of_day(self, day: date) -> GoalByNow:
        """How it stood when a local day was over."""
        return self.by_now(begin_of(day + timedelta(days=1), self.timezone) - 1)

    def _past(self, today: date) -> _Past:
        last = self._last
        if last is None or last[0] != today:
            last = self._last = today, _past(self.arrivals, today, self.timezone, self.calendar)
        return last[1]


@dataclass(frozen=True)
class _Usual:
    """What some past working days brought."""

    arrivals: Tally
    midnights: NDArray[np.int64]
    totals: NDArray[np.float64]
    varying: float
    """Variance of a day's level ÷ its mean², beyond chance."""

    def passed(self, elapsed: int) -> float:
        """Share of their arrivals that had come so long (µs) after midnight."""
        until = np.searchsorted(self.arrivals.at, self.midnights + elapsed, side="right")
        return float((self.arrivals.total[until].sum() - self._before) / self._all)

    def forecast(self, actual: float, passed: float) -> tuple[float | None, float | None, float | None]:
        """Expected total of a day that has brought so much so far, and its band: today's level is unknown, and is
        learnt from the past days and from today (gamma prior by moments, so the rest is negative binomial).
        """
        if len(self.totals) < FEWESTDAYS:
            return None, None, None
        mean, shape = self._level
        learnt = shape + actual
        rest = learnt / (shape / mean + passed) * (1.0 - passed)
        low, high = quantiles(rest, learnt, ((1 - BAND) / 2, (1 + BAND) / 2))
        return actual + rest, actual + low, actual + high

    @cached_property
    def _level(self) -> tuple[float, float]:
        """Mean and shape of the gamma distributed level of a day; that the mean is that of few days is part of it."""
        mean = float(self.totals.mean())
        return mean, 1.0 / (self.varying + (self.varying + 1.0 / mean) / len(self.totals))

    @cached_property
    def _before(self) -> float:
        return float(self.arrivals.total[np.searchsorted(self.arrivals.at, self.midnights, side="left")].sum())

    @cached_property
    def _all(self) -> float:
        return float(self.totals.sum())


@dataclass(frozen=True)
class _Past:
    """What of the weeks before today is to be known today."""

    weekdays: frozenset[int]
    """Which days of the week are worked."""
    usual: _Usual | None
    """Working days like today; None where too little is known."""


def _past(arrivals: Tally, today: date, timezone: str, calendar: Calendar) -> _Past:
    """The last weeks up to yesterday, as far as there are arrivals before them or in them.

    Days like today are those of the same weekday, if enough came on them, else all working days.
    """
    every = [today - timedelta(days=n) for n in range(7 * WEEKS, 0, -1)]
    midnights = np.array([begin_of(day, timezone) for day in (*every, today)], dtype=np.int64)
    begun = midnights[1:] > (arrivals.at[0] if len(arrivals.at) else np.inf)
    counts = np.diff(arrivals.total[np.searchsorted(arrivals.at, midnights, side="left")])
    weekday = np.array([day.weekday() for day in every])
    busy = np.bincount(weekday, counts, minlength=7)
    weekdays = range(7) if calendar.days else np.flatnonzero(busy >= RARE * busy.max()).tolist()
    worked = np.isin(weekday, list(weekdays)) & np.array([is_working_day(calendar, day) for day in every])
    for like in (worked & begun & (weekday == today.weekday()), worked & begun):
        if counts[like].sum() >= ENOUGH:
            varying = _varying(counts[worked & begun], weekday[worked & begun])
            return _Past(frozenset(weekdays), _Usual(arrivals, midnights[:-1][like], counts[like], varying))
    return _Past(frozenset(weekdays), None)


def _varying(totals: NDArray[np.float64], weekday: NDArray[np.int64]) -> float:
    """How much days of the same weekday differ beyond chance, as variance ÷ mean²: by moments over all of them."""
    days = np.bincount(weekday, minlength=7)
    means = np.bincount(weekday, totals, minlength=7) / np.maximum(days, 1)
    free = np.maximum(days - 1, 0)
    beyond = float(((totals - means[weekday]) ** 2).sum() - (free * means).sum())
    return max(beyond, 0.0) / max(float((free * means**2).sum()), 1e-12)


@lru_cache(maxsize=1024)
def begin_of(day: date, timezone: str) -> int:
    """When a local day begins, µs UTC."""
    return round(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(timezone)).timestamp()) * 1_000_000


@lru_cache(maxsize=64)
def _hours(day: date, timezone: str, calendar: Calendar) -> tuple[int, int]:
    """Begin and end of a working day, µs UTC."""
    midnight = begin_of(day, timezone)
    found = office_hours(calendar, timezone, midnight, midnight).day(midnight + DAY - 1)
    assert found is not None, "today is a working day"
    return found


def quantiles(mean: float, shape: float, chances: tuple[float, ...]) -> tuple[float, ...]:
    """The least counts that are not exceeded with these chances: negative binomial of that mean and shape, which is a
    Poisson whose mean is gamma distributed.

    >>> quantiles(3.0, 1e9, (0.1, 0.5)), quantiles(0.0, 2.0, (0.9,))
    ((1.0, 3.0), (0.0,))
    """
    if mean <= 0:
        return (0.0,) * len(chances)
    before = np.arange(int(mean + 12 * sqrt(mean + mean * mean / shape) + 20), dtype=float)
    steps = np.log((before + shape) / (before + 1)) + log(mean / (shape + mean))
    by = np.cumsum(np.exp(-shape * log1p(mean / shape) + np.concatenate([[0.0], np.cumsum(steps)])))
    return tuple(np.searchsorted(by, chances).astype(float).tolist())
