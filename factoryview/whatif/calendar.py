"""When a pool works: weekly open hours, and the clock that runs only in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
WEEK_H = 168.0


@dataclass(frozen=True)
class Calendar:
    """Open spans, repeated for ever. All times are hours since a Monday 00:00 of the plant's own time."""

    spans: tuple[tuple[float, float], ...]
    """[begin, end) in hours, ascending, apart from each other, within the weeks of `weeks`."""
    weeks: int = 1
    """After how many weeks they repeat; more than one holds holidays."""

    def __post_init__(self) -> None:
        flat = [edge for span in self.spans for edge in span]
        if not flat or flat[0] < 0 or flat[-1] > self.period_h or any(a >= b for a, b in pairwise(flat)):
            raise ValueError(f"spans are not ascending within {self.weeks} weeks: {self.spans}")

    @classmethod
    def always(cls) -> Calendar:
        """Around the clock."""
        return cls(((0.0, WEEK_H),))

    @classmethod
    def of_hours(cls, open_: ArrayLike) -> Calendar:
        """From a table of 7 weekdays (Monday first) × 24 hours, true where open; with more rows, of several weeks.

        >>> Calendar.of_hours([[8 <= hour < 16 for hour in range(24)] for day in range(7)]).spans[1]
        (32.0, 40.0)
        """
        table = np.asarray(open_, dtype=np.bool_)
        edges = np.flatnonzero(np.diff(np.concatenate([[False], table.ravel(), [False]])))
        return cls(tuple((float(a), float(b)) for a, b in edges.reshape(-1, 2)), len(table) // 7)

    @classmethod
    def of_days(cls, days: Iterable[int], begin_h: float, end_h: float) -> Calendar:
        """The same hours on each of the weekdays (0 Monday); an end not after the begin is that of the next day."""
        end_h = end_h if end_h > begin_h else end_h + 24
        parts: list[tuple[float, float]] = []
        for day in sorted(set(days)):
            low, high = 24 * day + begin_h, 24 * day + end_h
            parts += [(low, min(high, WEEK_H))] + ([(0.0, high - WEEK_H)] if high > WEEK_H else [])
        joined: list[tuple[float, float]] = []
        for low, high in sorted(parts):
            if joined and low <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
            else:
                joined.append((low, high))
        return cls(tuple(joined))

    def without(self, days: Iterable[float], until: float) -> Calendar:
        """The same with days closed, each said by the hour at which it begins; of these up to `until` (h)."""
        weeks = max(int(np.ceil(until / self.period_h)), 1)
        shut = set(days)
        spans = [
            (low + week * self.period_h, high + week * self.period_h)
            for week in range(weeks)
            for low, high in self.spans
        ]
        kept = tuple(span for span in spans if 24.0 * np.floor(span[0] / 24.0) not in shut)
        return Calendar(kept, weeks * self.weeks) if shut and kept else self

    @property
    def period_h(self) -> float:
        return self.weeks * WEEK_H

    @cached_property
    def begins(self) -> Floats:
        return np.array([begin for begin, _ in self.spans], dtype=np.float64)

    @cached_property
    def ends(self) -> Floats:
        return np.array([end for _, end in self.spans], dtype=np.float64)

    @cached_property
    def before(self) -> Floats:
        """Working hours before each span and after the last, one more than there are spans."""
        return np.concatenate([[0.0], np.cumsum(self.ends - self.begins)])

    @property
    def hours_a_week(self) -> float:
        return float(self.before[-1]) / self.weeks

    def worked(self, at: ArrayLike) -> Floats:
        """Working hours up to each moment: τ. Hours since the Monday; negative before it."""
        moments = np.asarray(at, dtype=np.float64)
        period = np.floor(moments / self.period_h)
        inside = moments - period * self.period_h
        span = np.maximum(np.searchsorted(self.begins, inside, side="right") - 1, 0)
        part = np.clip(inside - self.begins[span], 0.0, self.ends[span] - self.begins[span])
        return np.asarray(period * self.before[-1] + (self.before[span] + part))

    def moment(self, worked: ArrayLike) -> Floats:
        """The first moment at which so many working hours have passed: τ⁻¹, a close rather than the next begin."""
        hours = np.asarray(worked, dtype=np.float64)
        total = self.before[-1]
        period = np.ceil(hours / total) - 1
        inside = hours - period * total
        span = np.clip(np.searchsorted(self.before, inside, side="left") - 1, 0, len(self.spans) - 1)
        return np.asarray(period * self.period_h + (self.begins[span] + (inside - self.before[span])))

    def next_open(self, at: ArrayLike) -> Floats:
        """The first open moment not before each."""
        moments = np.asarray(at, dtype=np.float64)
        period = np.floor(moments / self.period_h)
        inside = moments - period * self.period_h
        span = np.searchsorted(self.ends, inside, side="right")
        following = np.concatenate([self.begins, [self.period_h + self.begins[0]]])[span]
        return np.where(following <= inside, moments, period * self.period_h + following)
