"""The visits to one stage as plain arrays, in the order of entry, and who left when.

Times are hours since 1970 UTC as float64 (exact to a microsecond for centuries); +inf where a stay is open.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.order import stable_order

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Steps:
    """Entries and departures of a stage in the order of time; of one moment the departures first."""

    moments: Floats
    away: NDArray[np.bool_]
    """Somebody left; the departures are in the order of `Visits.leaving`."""
    level: Ints
    """How many are there after it."""


@dataclass(frozen=True)
class Visits:
    """The dated stays at one stage, ordered by entry. `next` is a code of `Evidence.ways`, −1 unknown or open."""

    entered: Floats
    started: Floats
    """NaN where unknown."""
    left: Floats
    """+inf while open."""
    next: NDArray[np.integer]
    first: NDArray[np.bool_]
    """The case was first seen here, so nobody knows how long it had waited."""
    known: Floats = field(default_factory=lambda: np.zeros(0))
    """When `next` was seen; in logs that show a stay only when it is over, later than `left`. Empty: when it left."""
    sorted: NDArray[np.integer] | None = None
    """`leaving`, where somebody knows it."""

    @cached_property
    def leaving(self) -> NDArray[np.integer]:
        """Which visits are over, in the order in which they left; those that left together as they came."""
        if self.sorted is not None:
            return self.sorted
        return stable_order(self.left)[: np.count_nonzero(np.isfinite(self.left))].astype(np.int32)

    @cached_property
    def departures(self) -> Floats:
        """Moments of leaving, ascending."""
        return np.asarray(self.left[self.leaving])

    @cached_property
    def gone_before(self) -> Ints:
        """How many had left when each came, those of the same moment included."""
        return np.asarray(np.searchsorted(self.departures, self.entered, side="right"))

    @cached_property
    def latest(self) -> Floats:
        """When the last of those left that had come up to each visit; −inf where all of them are still there."""
        return np.maximum.accumulate(np.where(np.isfinite(self.left), self.left, -np.inf))

    @cached_property
    def steps(self) -> Steps:
        """What came and went, one after the other."""
        gone = self.departures
        come = np.arange(len(self.entered)) + self.gone_before
        away = np.ones(len(come) + len(gone), bool)
        away[come] = False
        moments = np.empty(len(away))
        moments[come], moments[away] = self.entered, gone
        return Steps(moments, away, np.cumsum(np.where(away, -1, 1)))

    def only(self, chosen: NDArray[np.bool_] | slice) -> Visits:
        """Some of the visits."""
        size = len(self.entered)
        if isinstance(chosen, slice):
            begin, end, _ = chosen.indices(size)
            if (begin, end) == (0, size):
                return self
            here = self.leaving[(self.leaving >= begin) & (self.leaving < end)] - begin
            rows, count = None, max(end - begin, 0)
        else:
            rows = np.flatnonzero(chosen)
            count = len(rows)
            if count == size:
                return self
            places = np.empty(size, np.int32)
            places[rows] = np.arange(count, dtype=np.int32)
            here = places.take(self.leaving[chosen.take(self.leaving)])

        def some(part: NDArray[Any]) -> NDArray[Any]:
            if not any(part.strides):
                return part[:count]
            return part[begin:end] if rows is None else part.take(rows) if len(part) else part

        return replace(Visits(*map(some, self._parts)), sorted=here)

    @property
    def _parts(self) -> tuple[NDArray[Any], ...]:
        return self.entered, self.started, self.left, self.next, self.first, self.known

    @property
    def seen(self) -> Floats:
        """When the log first shows each visit, where it shows none before it begins or, without starts, is over."""
        return np.where(np.isfinite(self.started), self.started, self.left)

    def until(self, at: float, *, hidden: bool = False) -> Visits:
        """What was known at that moment: later entries are gone, later departures open.

        hidden: the log shows a visit only when it begins or is over, and where a case goes only when it is seen there.
        """
        come = slice(int(np.searchsorted(self.entered, at, side="right")))
        part = self.only(self.seen <= at if hidden else come)
        over = int(part.departures.searchsorted(at, side="right"))
        started, left, later = part.started, part.left, part.leaving[over:]
        if any(started.strides):
            started = np.where(started <= at, started, np.nan)
        if len(later):
            left = left.copy()
            left[later] = np.inf
        told = left if not len(part.known) else part.known
        next_ = np.where(told <= at, part.next, np.int16(-1))
        return replace(part, started=started, left=left, next=next_, sorted=part.leaving[:over])

    def joined(self, entered: Floats) -> Visits:
        """With open visits that began at these moments."""
        if not len(entered):
            return self
        n = len(entered)
        order = stable_order(np.concatenate([self.entered, entered]))
        place = np.empty(len(order), np.int32)
        place[order] = np.arange(len(order), dtype=np.int32)
        more = (entered, np.full(n, np.nan), np.full(n, np.inf), np.full(n, -1), np.zeros(n, bool), np.full(n, np.inf))
        both = zip(self._parts, more, strict=True)
        parts = (np.concatenate([part, new])[order] if len(part) else part for part, new in both)
        return replace(Visits(*parts), sorted=place[self.leaving])
