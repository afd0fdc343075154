"""When a plant works, by its calendar: the one measure of working days and hours for what is said beside the floor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from factoryview.plant.models import Calendar
from factoryview.plant.words import WEEKDAYS

Moments = NDArray[np.int64]
"""µs since 1970 UTC."""


@dataclass(frozen=True)
class OfficeHours:
    """The stretches in which a plant works, one a working day: [begins, closes), ascending."""

    begins: Moments
    closes: Moments
    known: bool
    """The plant names its calendar; else every day is worked around the clock."""

    @cached_property
    def _worked(self) -> Moments:
        return np.concatenate([[0], np.cumsum(self.closes - self.begins)])

    def worked(self, moments: Moments) -> Moments:
        """Working time (µs) from the first day to each moment."""
        day = np.searchsorted(self.begins, moments, side="right") - 1
        inside = np.minimum(moments, self.closes[day]) - self.begins[day]
        return np.where(day < 0, 0, self._worked[np.maximum(day, 0)] + inside)

    def days(self, since: int, until: int) -> float:
        """Working days in [since, until), parts included: by the share of their hours that lies in it."""
        low = np.clip(self.begins, since, until)
        high = np.clip(self.closes, since, until)
        return float(((high - low) / (self.closes - self.begins)).sum())

    def day(self, at: int) -> tuple[int, int] | None:
        """Begin and end of the working day that is going on, or the last before the moment; None before the first."""
        found = int(np.searchsorted(self.begins, at, side="right")) - 1
        return None if found < 0 else (int(self.begins[found]), int(self.closes[found]))


@lru_cache(32)
def office_hours(calendar: Calendar, timezone: str, first: int, last: int) -> OfficeHours:
    """The working days that touch [first, last] (µs UTC), whole ones at both ends."""
    zone = ZoneInfo(timezone)
    begin, end = (datetime.fromtimestamp(at // 1_000_000, UTC).astimezone(zone).date() for at in (first, last))
    days = [begin + timedelta(n) for n in range(-1, (end - begin).days + 1)]
    open_ = [_hours(day, calendar, zone) for day in days if is_working_day(calendar, day)]
    begins, closes = (np.array(column, dtype=np.int64) for column in (zip(*open_, strict=True) if open_ else ((), ())))
    return OfficeHours(begins, closes, bool(calendar.days))


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Whether a plant works on a day; without a calendar it works on all but holidays."""
    return (not calendar.days or WEEKDAYS[day.weekday()] in calendar.days) and day not in calendar.holidays


def _hours(day: date, calendar: Calendar, zone: ZoneInfo) -> tuple[int, int]:
    low = datetime.combine(day, calendar.start, zone)
    high = datetime.combine(day, calendar.end, zone)
    if calendar.end <= calendar.start:
        high = datetime.combine(day + timedelta(days=1), calendar.end, zone)
    return round(low.timestamp()) * 1_000_000, round(high.timestamp()) * 1_000_000
