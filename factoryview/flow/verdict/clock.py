"""Working time, discovered from when work is finished: nights, weekends and holidays do not count.

Rule tried on simulated plants: a weekday with less than 2 % and an hour of the day with less than 0.5 % of all
departures is free time. Source of the idea: Lashkevich et al. 2023, doi 10.1007/978-3-031-34560-9_11.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.verdict.evidence import Evidence, Floats
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

    def worked(self, moments: Floats) -> Floats:
        """Working hours from `begin` to each moment; infinite moments stay infinite."""
        since = moments - self.begin
        finite = np.isfinite(since)
        hour = np.clip(np.where(finite, since, 0), 0, len(self.open_hours) - 1).astype(np.int64)
        part = np.clip(np.where(finite, since, 0) - hour, 0, 1)
        return np.where(finite, self.total[hour] + part * self.open_hours[hour], np.inf)


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

    def index(self, moments: Floats) -> NDArray[np.int64]:
        return np.clip(np.floor(moments).astype(np.int64) - self.first, 0, len(self.of_day) - 1)

    def clock(self, open_hours: NDArray[np.bool_]) -> Clock:
        return Clock(float(self.first), open_hours, np.concatenate([[0.0], np.cumsum(open_hours)]))


def hours_of_log(evidence: Evidence) -> Hours:
    """The wall clock of a log, from its first to its last moment."""
    plant, departures = evidence.plant, np.concatenate([part.departures for part in evidence.visits])
    first = int(np.floor(evidence.begin))
    hours = np.arange(first, int(np.ceil(evidence.end)) + 2)
    local = hours + _offsets(plant.timezone, hours)
    day = local // 24
    weekday = (day + 3) % 7  # 1970-01-01 was a Thursday
    counts = np.bincount(day[np.clip(np.floor(departures).astype(np.int64) - first, 0, len(day) - 1)] - day[0],
                         minlength=int(day[-1] - day[0]) + 1)  # fmt: skip
    of_weekday = (np.arange(len(counts)) + day[0] + 3) % 7
    usual = np.array(
        [np.median(counts[of_weekday == which]) if (of_weekday == which).any() else 0 for which in range(7)]
    )
    off = (counts == 0) & (usual[of_weekday] >= SURELY)
    return Hours(first, local % 24, weekday, off[day - day[0]], _planned(plant, day, local % 24, weekday))


def _offsets(timezone: str, hours: NDArray[np.int64]) -> NDArray[np.int64]:
    """Whole hours that local time is ahead of UTC, looked up once a day."""
    zone = ZoneInfo(timezone)
    days = np.unique(hours // 24)
    noons = (datetime.fromtimestamp(int(day) * 86400 + 43200, UTC).astimezone(zone) for day in days)
    ahead = [round((noon.utcoffset() or timedelta()) / HOUR) for noon in noons]
    return np.array(ahead, dtype=np.int64)[np.searchsorted(days, hours // 24)]


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
    never_rests = hours.clock(np.ones(len(hours.of_day), bool))
    if not len(departures):
        return never_rests
    at = hours.index(departures)
    if hours.planned is not None and hours.planned[at].mean() >= KEPT:
        return hours.clock(hours.planned)
    if len(departures) < ENOUGH or len(hours.of_day) < 14 * 24:
        return never_rests
    day = np.bincount(hours.of_day[at], minlength=24) / len(at) >= RARE_HOUR
    week = np.bincount(hours.weekday[at], minlength=7) / len(at) >= RARE_DAY
    return hours.clock(day[hours.of_day] & week[hours.weekday] & ~hours.closed)
