"""How badly each belt jams along time: expected wait against the target, with hysteresis.

Density alone says nothing: a full moving belt is healthy. What counts is how long the work that stands there now
will take at the pace it has lately been leaving (occupancy ÷ movement = duration), against the plant's target or,
where there is none, against the stage's own history.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.moment.history import DAY, HOUR, MINUTE, WEEK, Grid, History

NEUTRAL, AMBER, RED = 0, 1, 2
_RED = 2.0
"""Red begins at so many times the wait at which amber begins."""
_RELEASE = 0.75
"""A level is left only when the wait falls below this share of the threshold that raised it."""
_FEWEST = 5.0
"""Fewer waiting cases than this are no jam, however slow the stage."""
_PARTS = 3
"""Without a target, a stage's usual stay is the median of the calmest of so many equal parts of its history: so a jam
of most of the log stands out, and so does a pile that only ever grows."""
_UNUSUAL = 5.0
"""Without a target, amber begins at so many times the usual stay (three times the median of a steady stage)."""
_SHARE_OF_WAY = 0.1
"""Without a target, a wait below this share of the way through the whole plant is no jam."""
_BUCKETS = 20
"""Without a target, a stage that was at work in fewer buckets than this has no history to be judged by."""
_SCALES = ((WEEK, WEEK, DAY), (DAY, DAY, HOUR), (0, HOUR, 10 * MINUTE))
"""For logs of at least this span: the pace is counted over this window, a jam lasts this long. µs."""


@dataclass(frozen=True)
class Thresholds:
    """Expected waits at which a stage turns amber and red, µs; and whether the plant set them."""

    amber: float
    red: float
    from_target: bool


@dataclass(frozen=True)
class Congestion:
    """Levels per stage and bucket of a history: 0 neutral, 1 amber, 2 red."""

    levels: NDArray[np.int8]
    waits: Grid
    """Expected wait: work in progress ÷ recent departures, its least of the last working day (in logs under a week:
    hour), µs; infinite where nothing leaves."""
    thresholds: tuple[Thresholds, ...]

    def level(self, bucket: int) -> NDArray[np.int8]:
        """The level of every stage in that bucket."""
        return np.asarray(self.levels[:, bucket])

    def since(self, stage: int, bucket: int) -> int:
        """The bucket in which the level that holds then (or a worse one) began."""
        return int(self._starts[int(self.levels[stage, bucket])][stage, bucket])

    @cached_property
    def _starts(self) -> tuple[NDArray[np.intp], ...]:
        """Per level: since when every stage has been at it or worse, for each bucket."""
        after = np.arange(1, self.levels.shape[1] + 1)
        return tuple(np.maximum.accumulate(np.where(self.levels < k, after, 0), axis=1) for k in (NEUTRAL, AMBER, RED))


def congestion(history: History, targets: dict[str, timedelta]) -> Congestion:
    """Levels along the whole log. targets: the plant's target waits by stage; amber begins there, red at twice that."""
    _, window, lasts = next(scale for scale in _SCALES if history.last - history.first >= scale[0])
    likely, surely = (_lasting(waits, history, lasts) for waits in _expected(history, window))
    thresholds = _thresholds(history, window, targets)
    levels = _rising(surely, history.wip, [limit.amber for limit in thresholds])
    levels += _rising(surely, history.wip, [limit.red for limit in thresholds])
    return Congestion(levels, likely, thresholds)


def _expected(history: History, window: int) -> tuple[Grid, Grid]:
    """Work in progress ÷ departure rate over the last `window`, per stage and bucket, µs: likely, and at the least.

    0 where nothing stands, and before anything has ever left: there is no pace yet to expect anything from.
    At the least: n departures are chance, so the pace may be that of (√n + ½)², one standard error of √n more.
    """
    counted = np.minimum(np.arange(1, history.buckets + 1) * history.width, max(window, history.width)).astype(float)
    recent = _rolling_sum(history.departures, window // history.width)
    wip = history.wip
    nothing = (wip <= 0) | (np.cumsum(history.departures, axis=1) <= 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        likely = np.where(nothing, 0.0, wip * counted / recent)
    return likely, np.where(nothing, 0.0, wip * counted / (np.sqrt(recent) + 0.5) ** 2)


def _lasting(waits: Grid, history: History, period: int) -> Grid:
    """The least wait of the last working period: a pile that is gone by noon was a night's post, not a jam.

    Only buckets in which the plant works (anything departs anywhere) count; at rest the last value holds.
    """
    at_work = np.flatnonzero(history.departures.sum(axis=0) > 0)
    if not len(at_work):
        return waits
    periods = len(np.unique(at_work * history.width // period))
    least = _rolling_minimum(waits[:, at_work], max(1, round(len(at_work) / periods)))
    held = np.searchsorted(at_work, np.arange(history.buckets), side="right") - 1
    return np.asarray(np.where(held >= 0, least[:, held], waits))


def _rolling_sum(grid: Grid, length: int) -> Grid:
    total = np.cumsum(grid, axis=1)
    total[:, max(1, length) :] -= total[:, : -max(1, length)].copy()
    return np.maximum(total, 0.0)


def _rolling_minimum(grid: Grid, length: int) -> Grid:
    least = grid.copy()
    for shift in range(1, min(length, grid.shape[1])):
        np.minimum(least[:, shift:], grid[:, :-shift], out=least[:, shift:])
    return least


def _thresholds(history: History, window: int, targets: dict[str, timedelta]) -> tuple[Thresholds, ...]:
    """The target, else what is unusual for the stage and matters in the plant.

    In a steady stage the expected wait is the mean stay (Little's law), so that is what it is compared with.
    Percentiles of the worst times would not do: some share of any log would always be red, and a long jam would
    raise the bar by which it is measured.
    """
    length = window // history.width
    gone, stayed = _rolling_sum(history.departures, length), _rolling_sum(history.stayed, length)
    spans = [(stay[left > 0] / left[left > 0]) for stay, left in zip(stayed, gone, strict=True)]
    usual = [
        min(float(np.median(part)) for part in np.array_split(span, _PARTS)) if len(span) >= _BUCKETS else np.inf
        for span in spans
    ]
    way = float(sum(span.mean() for span in spans if len(span)))
    result = []
    for name, own in zip(history.stages, usual, strict=True):
        target = targets.get(name)
        amber = target.total_seconds() * 1e6 if target is not None else max(_UNUSUAL * own, _SHARE_OF_WAY * way)
        result.append(Thresholds(amber, _RED * amber, target is not None))
    return tuple(result)


def _rising(waits: Grid, wip: Grid, thresholds: list[float]) -> NDArray[np.int8]:
    """1 from where wait and work in progress rise to the threshold until one falls below `_RELEASE` of it, else 0."""
    limit = np.array(thresholds)[:, None]
    up = (waits >= limit) & (wip >= _FEWEST)
    down = (waits < _RELEASE * limit) | (wip < _RELEASE * _FEWEST)
    buckets = np.arange(waits.shape[1])
    latest = np.maximum.accumulate(np.where(up | down, buckets, -1), axis=1)
    return np.asarray((latest >= 0) & np.take_along_axis(up, np.maximum(latest, 0), axis=1), dtype=np.int8)
