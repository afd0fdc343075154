"""How badly each belt jams along time: expected wait against the target, with hysteresis.

Density alone says nothing: a full moving belt is healthy. What counts is how long the work that stands there now
will take at the pace it has lately been leaving (occupancy ÷ movement = duration), against the plant's target or,
where there is none, against the stage's own history.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.history import DAY, Grid, History

NEUTRAL, AMBER, RED = 0, 1, 2
_RELEASE = 0.75
"""A level is left only when the wait falls below this share of the threshold that raised it."""
_FEWEST = 5.0
"""Fewer waiting cases than this are no jam, however slow the stage."""


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
    """Expected wait: work in progress ÷ recent departures, its least of the last working day, µs; infinite where
    nothing leaves."""
    thresholds: tuple[Thresholds, ...]

    def level(self, bucket: int) -> NDArray[np.int8]:
        """The level of every stage in that bucket."""
        return np.asarray(self.levels[:, bucket])


def expected_waits(history: History) -> Grid:
    """Work in progress ÷ departure rate over the last `rate.window`, per stage and bucket, µs.

    0 where nothing stands, and before anything has ever left: there is no pace yet to expect anything from.
    """
    window = max(1, history.rate.window // history.width)
    gone = np.cumsum(history.departures, axis=1)
    before = np.zeros_like(gone)
    before[:, window:] = gone[:, :-window]
    counted = np.minimum(np.arange(1, history.buckets + 1), window) * float(history.width)
    wip = history.wip
    with np.errstate(divide="ignore", invalid="ignore"):
        waits = wip * counted / (gone - before)
    return np.asarray(np.where((wip <= 0) | (gone <= 0), 0.0, waits))


def congestion(history: History, targets: dict[str, timedelta]) -> Congestion:
    """Levels along the whole log. targets: the plant's target waits by stage."""
    wip = history.wip
    waits = _lasting(expected_waits(history), history)
    thresholds = tuple(_thresholds(waits[i], wip[i], targets.get(name)) for i, name in enumerate(history.stages))
    levels = np.zeros(waits.shape, dtype=np.int8)
    for i, limit in enumerate(thresholds):
        levels[i] = _with_hysteresis(waits[i], wip[i], limit)
    return Congestion(levels, waits, thresholds)


def _lasting(waits: Grid, history: History) -> Grid:
    """The least wait of the last working day: a pile that is gone by noon was a night's post, not a jam.

    Only buckets in which the plant works (anything departs anywhere) count; at rest the last value holds.
    """
    at_work = np.flatnonzero(history.departures.sum(axis=0) > 0)
    if not len(at_work):
        return waits
    days = len(np.unique(at_work * history.width // DAY))
    least = _rolling_minimum(waits[:, at_work], max(1, round(len(at_work) / days)))
    held = np.searchsorted(at_work, np.arange(history.buckets), side="right") - 1
    return np.asarray(np.where(held >= 0, least[:, held], waits))


def _rolling_minimum(grid: Grid, length: int) -> Grid:
    least = grid.copy()
    for shift in range(1, min(length, grid.shape[1])):
        np.minimum(least[:, shift:], grid[:, :-shift], out=least[:, shift:])
    return least


def _thresholds(waits: NDArray[np.float64], wip: NDArray[np.float64], target: timedelta | None) -> Thresholds:
    if target is not None:
        limit = target.total_seconds() * 1e6
        return Thresholds(limit, 2 * limit, True)
    usual = waits[np.isfinite(waits) & (wip > 0)]
    if len(usual) < 20:
        return Thresholds(np.inf, np.inf, False)
    half, most, nearly_all = np.percentile(usual, [50, 85, 95])
    return Thresholds(float(max(most, 2 * half)), float(max(nearly_all, 3 * half)), False)


def _with_hysteresis(waits: NDArray[np.float64], wip: NDArray[np.float64], limit: Thresholds) -> NDArray[np.int8]:
    """Step along time: rise at a threshold, fall only below `_RELEASE` of it."""
    levels = np.zeros(len(waits), dtype=np.int8)
    level = NEUTRAL
    for i, (wait, standing) in enumerate(zip(waits.tolist(), wip.tolist(), strict=True)):
        if standing < _FEWEST:
            level = NEUTRAL
        elif wait >= limit.red:
            level = RED
        elif wait >= limit.amber:
            level = RED if level == RED and wait >= _RELEASE * limit.red else AMBER
        elif level and wait < _RELEASE * limit.amber:
            level = NEUTRAL
        elif level == RED and wait < _RELEASE * limit.red:
            level = AMBER
        levels[i] = level
    return levels


def since(levels: NDArray[np.int8], bucket: int) -> int:
    """The bucket in which the level that holds in `bucket` (or a worse one) began."""
    start = bucket
    while start > 0 and levels[start - 1] >= levels[bucket]:
        start -= 1
    return start
