"""Working time, discovered from when work is finished: nights, weekends and holidays do not count.

Rule tried on simulated plants: a weekday with less than 2 % and an hour of the day with less than 0.5 % of all
departures is free time. Source of the idea: Lashkevich et al. 2023, doi 10.1007/978-3-031-34560-9_11.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.verdict.evidence import Evidence
from factoryview.flow.verdict.visits import Floats
from factoryview.plant.models import Plant
from factoryview.plant.words import WEEKDAYS

RARE_DAY, RARE_HOUR = 0.02, 0.005
ENOUGH = 150
"""Departures from which on a pattern can be trusted."""
SURELY = 12
"""Departures usual on a weekday, so that a day with none is a day off and not chance."""
KEPT = 0.97
"""Share of departures within the plant's calendar that makes it the stage's clock."""
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Clock:
    """Counts only working hours. `open_hours[h]` tells whether the h-th hour after `begin` is worked."""

    begin: float
    open_hours: NDArray[np.bool_]
    total: Floats
    """Working hours before each of those hours, one entry more than hours."""

    @property
    def share(self) -> float:
        """Working time ÷ time."""
        return float(self.total[-1]) / max(len(self.open_hours), 1)

    @cached_property
    def rests(self) -> bool:
        return not bool(self.open_hours.all())

    def worked(self, moments: Floats) -> Floats:
        """Working hours from `begin` to each moment; infinite moments stay infinite."""
        since = moments - self.begin
        finite = np.isfinite(since)
        never = None if finite.all() else ~finite
        if never is not None:
            since[never] = 0.0
        if self.rests:
            hour = np.clip(since, 0, len(self.open_hours) - 1).astype(np.intp)
            since -= hour
            np.clip(since, 0, 1, out=since)
            since *= self.open_hours[hour]
            since += self.total[hour]
        else:
            np.clip(since, 0, len(self.open_hours), out=since)
        if never is not None:
            since[never] = np.inf
        return since


@dataclass(frozen=True)
class Hours:
    """The hours of a log as the plant's wall clock shows them; arrays run along the hours since `first`."""

    first: int
    """Hours since 1970 UTC."""
    of_day: NDArray[np.int64]
    weekday: NDArray[np.int64]
    """0 = Monday."""
    closed: NDArray[np.bool_]
    """Days on which nothing was done although the weekday is a working day: holidays."""
    planned: NDArray[np.bool_] | None
    """The plant's own calendar, where it has one."""
    gone: tuple[NDArray[np.int64], ...] = ()
    """Of each stage how many departures are in each hour."""

    @cached_property
    def every(self) -> NDArray[np.int64]:
        """All departures in each hour."""
        return np.asarray(sum(self.gone, np.zeros(len(self.of_day), np.int64)))

    def index(self, moments: Floats) -> NDArray[np.int64]:
        hours = (moments - self.first).astype(np.int64)
        return np.clip(hours, 0, len(self.of_day) - 1, out=hours)

    def counts(self, moments: Floats) -> NDArray[np.int64]:
        """How many moments are in each hour."""
        return np.asarray(np.bincount(self.index(moments), minlength=len(self.of_day)))

    @cached_property
    def always(self) -> Clock:
        """The clock that never rests."""
        return self.clock(np.ones(len(self.of_day), bool))

    def clock(self, open_hours: NDArray[np.bool_]) -> Clock:
        return Clock(float(self.first), open_hours, np.concatenate([[0.0], np.cumsum(open_hours)]))


def hours_of_log(evidence: Evidence) -> Hours:
    """The wall clock of a log, from its first to its last moment."""
    plant = evidence.plant
    first = int(np.floor(evidence.begin))
    hours = np.arange(first, int(np.ceil(evidence.end)) + 2)
    local = hours + _offsets(plant.timezone, hours)
    day = local // 24
    weekday = (day + 3) % 7  # 1970-01-01 was a Thursday
    found = Hours(first, local % 24, weekday, np.zeros(len(day), bool), _planned(plant, day, local % 24, weekday))
    found = replace(found, gone=tuple(found.counts(part.departures) for part in evidence.visits))
    counts = np.bincount(day - day[0], found.every)
    of_weekday = (np.arange(len(counts)) + day[0] + 3) % 7
    usual = np.array(
        [np.median(counts[of_weekday == which]) if (of_weekday == which).any() else 0 for which in range(7)]
    )
    off = (counts == 0) & (usual[of_weekday] >= SURELY)
    return replace(found, closed=off[day - day[0]])


def _offsets(timezone: str, hours: NDArray[np.int64]) -> NDArray[np.int64]:
    """Whole hours that local time is ahead of UTC, looked up once a day."""
    days = np.arange(hours[0] // 24, hours[-1] // 24 + 1)
    ahead = np.array([_ahead(timezone, day) for day in days.tolist()], dtype=np.int64)
    return np.asarray(ahead[hours // 24 - days[0]])


@lru_cache(200_000)
def _ahead(timezone: str, day: int) -> int:
    """As `_offsets`, at noon of a day since 1970."""
    noon = datetime.fromtimestamp(day * 86400 + 43200, UTC).astimezone(ZoneInfo(timezone))
    return round((noon.utcoffset() or timedelta()) / HOUR)


def _planned(
    plant: Plant, day: NDArray[np.int64], of_day: NDArray[np.int64], weekday: NDArray[np.int64]
) -> NDArray[np.bool_] | None:
    calendar = plant.calendar
    if not calendar.days:
        return None
    working = np.isin(weekday, [WEEKDAYS.index(name) for name in calendar.days])
    off = [(date_ - date(1970, 1, 1)).days for date_ in calendar.holidays]
    start, end = calendar.start.hour, calendar.end.hour + (calendar.end.minute > 0)
    inside = (of_day >= start) & (of_day < end) if end > start else np.ones(len(day), bool)
    return np.asarray(working & inside & ~np.isin(day, off))


def discover(departures: Floats, hours: Hours) -> Clock:
    """The working clock behind these departures.

    The plant's calendar where nearly all departures keep it, else what their weekdays and hours show, else one that
    never rests because they are too few to tell.
    """
    return clock_of(hours.counts(departures), hours)


def clock_of(gone: NDArray[np.int64], hours: Hours) -> Clock:
    """As `discover`, of as many departures in each hour."""
    every = int(gone.sum())
    if not every:
        return hours.always
    if hours.planned is not None and gone[hours.planned].sum() / every >= KEPT:
        return hours.clock(hours.planned)
    if every < ENOUGH or len(hours.of_day) < 14 * 24:
        return hours.always
    day = np.bincount(hours.of_day, gone, minlength=24) / every >= RARE_HOUR
    week = np.bincount(hours.weekday, gone, minlength=7) / every >= RARE_DAY
    if day.all() and week.all() and not hours.closed.any():
        return hours.always
    return hours.clock(day[hours.of_day] & week[hours.weekday] & ~hours.closed)
