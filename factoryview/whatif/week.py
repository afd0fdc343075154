"""The plant's own week: moments as hours since a Monday 00:00 of its zone, and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import ArrayLike, NDArray

from factoryview.time import DAY, HOUR, WEEK, utc

_FIRST_MONDAY = 4 * DAY
"""1970-01-05."""


@dataclass(frozen=True)
class LocalWeek:
    """Hours of the wall clock since a Monday. In the hour that a clock is put back, moments are an hour too late."""

    timezone: str
    monday: int
    """µs of that Monday as if its zone were UTC."""

    @classmethod
    def before(cls, moment: int, timezone: str) -> LocalWeek:
        """That of the Monday before a moment (µs UTC)."""
        return cls(timezone, (moment - _FIRST_MONDAY) // WEEK * WEEK + _FIRST_MONDAY - WEEK)

    def hours(self, moments: ArrayLike) -> NDArray[np.float64]:
        """Hours since the Monday of moments in µs UTC."""
        at = np.asarray(moments, dtype=np.int64)
        return np.asarray((at + self._ahead(at) - self.monday) / HOUR)

    def moments(self, hours: ArrayLike) -> NDArray[np.int64]:
        """The inverse: µs UTC."""
        local = np.round(np.asarray(hours, dtype=np.float64) * HOUR).astype(np.int64) + self.monday
        return np.asarray(local - self._ahead(local - self._ahead(local)))

    def _ahead(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        """µs that local time is ahead of UTC, looked up once an hour that occurs."""
        hours, place = np.unique(at // HOUR, return_inverse=True)
        days, day = np.unique(hours // 24, return_inverse=True)
        begin, end = self._offsets(days * 24), self._offsets(days * 24 + 24)
        turning = np.flatnonzero((begin != end)[day])
        ahead = begin[day]
        ahead[turning] = self._offsets(hours[turning])
        return np.asarray(ahead[place]).reshape(at.shape)

    def _offsets(self, hours: NDArray[np.int64]) -> NDArray[np.int64]:
        zone = ZoneInfo(self.timezone)
        found = (utc(int(hour) * HOUR).astimezone(zone).utcoffset() or timedelta() for hour in hours)
        return np.array([offset // timedelta(microseconds=1) for offset in found], dtype=np.int64)
