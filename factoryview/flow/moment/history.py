"""The whole log in buckets: arrivals, departures and work in progress of every stage along time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.moment.presence import Presence, presence
from factoryview.store.database import Store
from factoryview.store.scroll import pieces
from factoryview.store.windows import FOREVER, Tally
from factoryview.time import DAY, HOUR, MINUTE, SECOND, WEEK

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

RECENT = 30 * DAY
"""Shares, comings and goings of the present are counted over so long, or over what the log has of it by then."""

Grid = NDArray[np.float64]
"""Stages × buckets."""


@dataclass(frozen=True)
class Rate:
    """How a throughput is said: so many per `unit`, counted over the last `window` (µs, as all here)."""

    unit: int
    window: int
    base: int = 0
    """A count is divided by this time at least: a few cases in the first seconds are no hundreds in it."""


@dataclass(frozen=True)
class Window:
    """The stretch over which the shares and rates of a moment are counted: whole buckets that had ended by then."""

    since: int
    until: int
    """µs UTC; half open. Empty in the first bucket of a log."""
    buckets: slice


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
    live: bool = False
    """More is to come: what has been seen so far is little, not all."""

    @property
    def buckets(self) -> int:
        return int(self.arrivals.shape[1])

    @property
    def wip(self) -> Grid:
        """Work in progress at the end of each bucket."""
        return np.asarray(np.cumsum(self.arrivals - self.departures, axis=1))

    def index(self, moment: int) -> int:
        """The bucket a moment lies in, clipped to the log."""
        return int(min(max((moment - self.origin) // self.width, 0), self.buckets - 1))

    @property
    def rate(self) -> Rate:
        """Per day over the last week; for short logs per hour over the last day, or per minute over the last hour.

        A young live plant is no short log: it begins with hours, and a whole one is counted over.
        """
        span = self.last - self.first
        if span >= 21 * DAY:
            return Rate(DAY, 7 * DAY)
        if span >= DAY:
            return Rate(HOUR, DAY)
        return Rate(HOUR, DAY, HOUR) if self.live else Rate(MINUTE, HOUR, MINUTE)

    def window(self, moment: int) -> Window:
        """The last `RECENT` before the bucket of the moment began, or what the log has of it."""
        found = self._last(moment, RECENT)
        since = max(self.first, self.origin + found.start * self.width)
        return Window(since, max(since, self.origin + found.stop * self.width), found)

    def _recent(self, moment: int) -> slice:
        """The buckets of the last `rate.window` before the bucket of the moment began; none before the first."""
        return self._last(moment, self.rate.window)

    def _last(self, moment: int, length: int) -> slice:
        end = min(max((moment - self.origin) // self.width, 0), self.buckets)
        return slice(max(0, end - max(1, length // self.width)), end)

    def lately(self, grid: Grid, moment: int) -> NDArray[np.float64]:
        """Sum per stage over the last `rate.window` before the bucket of the moment began."""
        return np.asarray(grid[:, self._recent(moment)].sum(axis=1))

    def throughput(self, moment: int) -> NDArray[np.float64]:
        """Departures per `rate.unit` of each stage, over the last `rate.window` (or what the log has of it)."""
        return self._rate(self.departures, moment)

    def _rate(self, grid: Grid, moment: int) -> NDArray[np.float64]:
        return np.asarray(self.lately(grid, moment) * self.rate.unit / self._counted_over(moment))

    def clears_in(self, stage: int, waiting: float, moment: int) -> float | None:
        """In what time (µs) so many are worked off at the pace of the last `rate.window`; None: nothing leaves."""
        gone = float(self.lately(self.departures, moment)[stage])
        return waiting * self.rate.window / gone if gone else None

    def rate_of(self, tally: Tally, moment: int) -> float:
        """What a tally counts per `rate.unit`, over the same buckets as the throughput of a stage."""
        recent = self._recent(moment)
        since, until = (self.origin + bucket * self.width for bucket in (recent.start, recent.stop))
        return (tally.by(until - 1) - tally.by(since - 1)) * self.rate.unit / self._counted_over(moment)

    def _counted_over(self, moment: int) -> int:
        """By how long a count of the last `rate.window` is divided, µs."""
        recent = self._recent(moment)
        return int(max(self.rate.base, self.width, (recent.stop - recent.start) * self.width))

    def mean_stay(self, moment: int) -> NDArray[np.float64]:
        """Mean time spent by those that left in the `window` of a moment, µs; NaN where none left."""
        buckets = self.window(moment).buckets
        stayed, gone = (grid[:, buckets].sum(axis=1) for grid in (self.stayed, self.departures))
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(np.where(gone > 0, stayed / gone, np.nan))


def bucket_width(span: int) -> int:
    """The finest usual width that needs no more than 1,600 buckets."""
    return next((w for w in _WIDTHS if span / w < _MOST_BUCKETS), WEEK * (1 + span // (WEEK * _MOST_BUCKETS)))


def history(
    store: Store,
    stages: tuple[str, ...],
    until: int = 0,
    *,
    along: History | None = None,
    known: Presence | None = None,
    span: tuple[int, int] | None = None,
) -> History:
    """Count the whole log, up to its end or, if that is later, `until` (µs): then it is live.

    along: of a log of which the store holds a part; the same buckets are counted. known: the stays at the stages, if
    they have been fetched. Raises InputError if no event has a time and there is no `until`: a live plant may have
    forgotten all.
    """
    stays = known or presence(store, stages)
    first, last = span or ((until, until) if stays.span is None and until else stays.span or store.span())
    first, last = (first, max(last, until)) if along is None else (along.first, along.last)
    width = bucket_width(last - first)
    origin = first // width * width
    buckets = int((last - origin) // width) + 1
    live = until > 0 if along is None else along.live
    arrivals, departures, stayed = (np.zeros((len(stages), buckets)) for _ in range(3))
    for code in range(len(stages)):  # one after the other: what is reckoned with stays near the processor
        here = stays.of(code)
        weighs = stays.weight[here]
        each = float(weighs[0]) if len(weighs) and not any(weighs.strides) else None
        """What every stay counts, if that is known to be the same."""
        for some in pieces(here.stop - here.start):
            entered, left, weight = stays.entered[here][some], stays.left[here][some], weighs[some]
            arrivals[code] += _counted((entered - origin) // width, weight, each, buckets)
            gone = left < FOREVER
            if not gone.all():
                entered, left, weight = entered[gone], left[gone], weight[gone]
            went, spent = (left - origin) // width, left - entered
            departures[code] += _counted(went, weight, each, buckets)
            stayed[code] += np.bincount(went, spent if each == 1.0 else weight * spent, minlength=buckets)
        stays.rest()
    return History(stages, origin, width, first, last, arrivals, departures, stayed, live)


def _counted(places: NDArray[np.int64], weight: NDArray[np.float64], each: float | None, buckets: int) -> Grid:
    """What comes into each bucket. each: what every one counts, if that is the same."""
    if each is None:
        return np.asarray(np.bincount(places, weight, minlength=buckets))
    return np.asarray(each * np.bincount(places, minlength=buckets))
