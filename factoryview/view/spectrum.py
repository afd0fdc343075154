"""The performance spectrum of a belt: a line for every case from when it came to when it left, and what that shows.

After Denisov, Fahland, van der Aalst 2018, The Performance Spectrum Miner (doi 10.1007/978-3-319-98648-7_9).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factoryview.store.windows import FOREVER
from factoryview.time import MINUTE
from factoryview.view.charts import Stretch
from factoryview.view.connections import ENTRANCE
from factoryview.view.series import StageLog

_TOGETHER = 3
"""Cases that leave in the same minute are a batch from so many on."""
_MOST_LINES = 700


@dataclass(frozen=True)
class Spectrum:
    """Lines as shares of the stretch, where each came and left; beyond 1: it has not left by the moment."""

    lines: tuple[tuple[float, float, bool], ...]
    """Came, left, and whether it took longer than three of four."""
    every: int
    """One line for so many cases."""
    cases: int
    overtaken: float | None
    """Share of the cases that somebody who came later left before; None of nothing."""
    batched: float | None
    """Share of those that left which left in one minute with at least two others."""


def way_of(log: StageLog, origin: str) -> NDArray[np.intp]:
    """The stays that came by the belt of an origin: a stage, or a source as it is called on the floor."""
    if origin.startswith(ENTRANCE):
        channel = origin.removeprefix(ENTRANCE)
        place = log.channels.index(channel) + 1 if channel in log.channels else 0
        return np.flatnonzero((log.via == 0) & (log.channel == place))
    return np.flatnonzero(log.via == (log.names.index(origin) + 1 if origin in log.names else -1))


def spectrum(log: StageLog, origin: str, over: Stretch) -> Spectrum:
    """Of the cases that were on the way or at the stage during the stretch, as far as known at its moment."""
    way = way_of(log, origin)
    chosen = way[(log.entered[way] <= over.now) & (log.left[way] > over.since)]
    came, left = log.entered[chosen], np.where(log.left[chosen] <= over.now, log.left[chosen], FOREVER)
    gone = left < FOREVER
    if not len(chosen):
        return Spectrum((), 1, 0, None, None)
    after = np.append(np.minimum.accumulate(left[::-1])[::-1][1:], FOREVER)
    minutes = left[gone] // MINUTE
    _, place, size = np.unique(minutes, return_inverse=True, return_counts=True)
    spans = np.minimum(left, over.now) - came
    slow = spans > np.quantile(spans, 0.75)
    every = -(-len(chosen) // _MOST_LINES)
    length = over.until - over.since
    begin = ((came - over.since) / length).round(6)
    end = np.where(gone, (np.minimum(left, over.until) - over.since) / length, 2.0).round(6)
    lines = tuple(zip(begin[::every].tolist(), end[::every].tolist(), slow[::every].tolist(), strict=True))
    batched = float((size[place] >= _TOGETHER).mean()) if gone.any() else None
    return Spectrum(lines, every, len(chosen), float((after < left).mean()), batched)
