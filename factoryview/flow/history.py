"""The whole log in buckets: arrivals, departures and work in progress of every stage along time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factoryview.store.database import Store

SECOND = 1_000_000
MINUTE, HOUR, DAY = 60 * SECOND, 3_600 * SECOND, 86_400 * SECOND
WEEK = 7 * DAY

_WIDTHS = (
    SECOND,
    10 * SECOND,
    MINUTE,
    5 * MINUTE,
    15 * MINUTE,
    HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    WEEK,
)
_MOST_BUCKETS = 1_600

Grid = NDArray[np.float64]
"""Stages × buckets."""


@dataclass(frozen=True)
class Rate:
    """How a throughput is said: so many per `unit`, counted over the last `window` (both µs)."""

    unit: int
    window: int


@dataclass(frozen=True)
class History:
    """Counts per stage and bucket. Bucket i covers [origin + i·width, origin + (i+1)·width) µs UTC."""

    stages: tuple[str, ...]
    origin: int
    width: int
    first: int
    last: int
    arrivals: Grid
    departures: Grid
    stayed: Grid
    """Total time the departed had spent in the stage, µs × weight."""

    @property
    def buckets(self) -> int:
        return self.arrivals.shape[1]

    @property
    def wip(self) -> Grid:
        """Work in progress at the end of each bucket."""
        return np.asarray(np.cumsum(self.arrivals - self.departures, axis=1))

    def index(self, moment: int) -> int:
        """The bucket a moment lies in, clipped to the log."""
        return int(np.clip((moment - self.origin) // self.width, 0, self.buckets - 1))

    @property
    def rate(self) -> Rate:
        """Per day over the last week; for short logs per hour over the last day, or per minute over the last hour."""
        span = self.last - self.first
        if span >= 21 * DAY:
            return Rate(DAY, 7 * DAY)
        if span >= DAY:
            return Rate(HOUR, DAY)
        return Rate(MINUTE, HOUR)

    def lately(self, grid: Grid, moment: int) -> NDArray[np.float64]:
        """Sum per stage over the last `rate.window` before the bucket of the moment began."""
        end = int(np.clip((moment - self.origin) // self.width, 0, self.buckets))
        start = max(0, end - max(1, self.rate.window // self.width))
        return np.asarray(grid[:, start:end].sum(axis=1))

    def throughput(self, moment: int) -> NDArray[np.float64]:
        """Departures per `rate.unit` of each stage, over the last `rate.window`."""
        elapsed = min(self.rate.window, max(self.width, self.index(moment) * self.width))
        return self.lately(self.departures, moment) * self.rate.unit / elapsed

    def mean_stay(self, moment: int) -> NDArray[np.float64]:
        """Mean time spent by those that left over the last `rate.window`, µs; NaN where none left."""
        gone = self.lately(self.departures, moment)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(np.where(gone > 0, self.lately(self.stayed, moment) / gone, np.nan))


def bucket_width(span: int) -> int:
    """The finest usual width that needs no more than 1,600 buckets."""
    return next((w for w in _WIDTHS if span / w < _MOST_BUCKETS), WEEK * (1 + span // (WEEK * _MOST_BUCKETS)))


def history(store: Store, stages: tuple[str, ...]) -> History:
    """Count the whole log in one pass of the engine."""
    first, last = store.span()
    width = bucket_width(last - first)
    origin = first // width * width
    shape = (len(stages), int((last - origin) // width) + 1)
    columns = store.ask("counts", width=width, origin=origin)
    code = {name: i for i, name in enumerate(stages)}
    row = np.array([code[name] for name in columns["stage"]], dtype=np.intp)
    column = np.asarray(columns["bucket"], dtype=np.intp)
    grids = []
    for name in ("arrivals", "departures", "stayed"):
        grid = np.zeros(shape)
        np.add.at(grid, (row, column), np.asarray(columns[name], dtype=float))
        grids.append(grid)
    return History(stages, origin, width, first, last, *grids)
