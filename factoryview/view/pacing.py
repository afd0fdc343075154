"""How display time is spread over a log: evenly, by what happens, by what is of interest; free time may take none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.moment.history import History
from factoryview.flow.moment.workdays import Workdays

Pace = Literal["time", "events", "interest"]
PACES: tuple[Pace, ...] = ("time", "events", "interest")
_LEAST = 0.08
"""Share of its even part of the display that a stretch without any event gets."""
_NEAR, _CALM = 3.0, 0.4
"""How much longer than usual it plays at what is of interest, and far from it."""
_WIDE = 60
"""What is of interest reaches this part of the log to either side."""


@dataclass(frozen=True, eq=False)
class Pacing:
    """How long each stretch of a log is shown, compared with how long it is. Takes no note of where one is."""

    edges: NDArray[np.int64]
    """Where stretches begin and end, µs UTC, ascending."""
    shown: NDArray[np.float64]
    """Display time from the first edge to each, in µs of the log at an even pace."""

    def on(self, at: int, amount: float) -> int:
        """The moment after so much display time (in µs of the log at an even pace); beyond the log it is even."""
        first, last = int(self.edges[0]), int(self.edges[-1])
        if not first <= at < last:
            return at + round(amount)
        goal = float(np.interp(at, self.edges, self.shown)) + amount
        if goal >= self.shown[-1]:
            return max(at, last)
        after = int(np.searchsorted(self.shown, goal, side="right"))
        low, high = self.shown[after - 1], self.shown[after]
        begin, end = int(self.edges[after - 1]), int(self.edges[after])
        return max(at, begin + round((end - begin) * float((goal - low) / (high - low))))


def pacing_of(
    past: History, clock: Workdays, pace: Pace, interest: Iterable[int] = (), *, skipping: bool = False
) -> Pacing | None:
    """The pacing of a log; None where it is even. interest: moments, µs UTC. skipping: free time takes none."""
    if pace == "time" and not skipping:
        return None
    buckets = past.origin + past.width * np.arange(past.buckets + 1, dtype=np.int64)
    edges = np.clip(np.concatenate([buckets, clock.begins, clock.closes]), past.first, past.last)
    edges = np.unique(np.concatenate([edges, [past.first, past.last]]))
    if len(edges) < 2:
        return None
    middles, long = (edges[1:] + edges[:-1]) // 2, np.diff(edges).astype(float)
    weight = np.ones(len(long))
    if pace == "events":
        number = (past.arrivals + past.departures).sum(axis=0)
        of = number[np.clip((middles - past.origin) // past.width, 0, past.buckets - 1)]
        weight = np.maximum(_LEAST, of / max(float(of.mean()), 1e-9))
    elif pace == "interest":
        reach = max(1.0, (past.last - past.first) / _WIDE)
        for moment in interest:
            weight = np.maximum(weight, 1 + (_NEAR / _CALM - 1) * np.exp(-(((middles - moment) / reach) ** 2)))
    weight *= long.sum() / float((weight * long).sum())
    if skipping and clock.open.any():
        weight = np.where(_at_work(clock, middles), weight, 0.0)
    if not weight.any():
        return None
    return Pacing(edges, np.concatenate([[0.0], np.cumsum(weight * long)]))


def _at_work(clock: Workdays, moments: NDArray[np.int64]) -> NDArray[np.bool_]:
    slot = np.clip(np.searchsorted(clock.edges, moments, side="right") - 1, 0, len(clock.open) - 1)
    inside = (moments >= clock.begins[slot]) & (moments < clock.closes[slot])
    return np.asarray(clock.open[slot] & inside)
