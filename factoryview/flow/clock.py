"""Working time, discovered from when work is finished: nights, weekends and holidays do not count.

Rule tried on simulated plants: a weekday with less than 2 % and an hour of the day with less than 0.5 % of all
departures is free time. Source of the idea: Lashkevich et al. 2023, doi 10.1007/978-3-031-34560-9_11.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.evidence import Floats

RARE_DAY, RARE_HOUR = 0.02, 0.005
ENOUGH = 150
"""Departures from which on a pattern can be trusted."""


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

    def moment(self, worked: float) -> float:
        """The first moment at which so many working hours have passed."""
        hour = int(np.clip(np.searchsorted(self.total, worked, side="right") - 1, 0, len(self.open_hours) - 1))
        return self.begin + hour + (worked - float(self.total[hour]))


def always(begin: float, end: float) -> Clock:
    """A clock that never rests."""
    return _clock(begin, end, np.ones(24, bool), np.ones(7, bool))


def _clock(begin: float, end: float, day: NDArray[np.bool_], week: NDArray[np.bool_]) -> Clock:
    first = np.floor(begin)
    hours = np.arange(first, np.ceil(end) + 2).astype(np.int64)
    open_hours = day[hours % 24] & week[(hours // 24 + 3) % 7]  # 1970-01-01 was a Thursday
    return Clock(float(first), open_hours, np.concatenate([[0.0], np.cumsum(open_hours)]))


def discover(departures: Floats, begin: float, end: float) -> Clock:
    """The working clock behind these departures; one that never rests when they are too few to tell."""
    if len(departures) < ENOUGH or end - begin < 14 * 24:
        return always(begin, end)
    hours = np.floor(departures).astype(np.int64)
    day = np.bincount(hours % 24, minlength=24) / len(hours) >= RARE_HOUR
    week = np.bincount((hours // 24 + 3) % 7, minlength=7) / len(hours) >= RARE_DAY
    return _clock(begin, end, day, week)
