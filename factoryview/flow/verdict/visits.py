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
            here = self.leaving[(self.leaving >= begin) & (self.leaving < end)] - begin
            count = max(end - begin, 0)
        else:
            places = np.cumsum(chosen, dtype=np.int32)
            here = places[self.leaving[chosen[self.leaving]]] - 1
            count = int(places[-1]) if size else 0
        parts = (part[:count] if not any(part.strides) else part[chosen] if len(part) else part for part in self._parts)
        return replace(Visits(*parts), sorted=here)

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
        told = part.left if not len(part.known) else part.known
        return replace(
            part,
            started=part.started
            if not any(part.started.strides)
            else np.where(part.started <= at, part.started, np.nan),
            left=np.where(part.left <= at, part.left, np.inf),
            next=np.where(told <= at, part.next, np.int16(-1)),
            sorted=part.leaving[:over],
        )

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
