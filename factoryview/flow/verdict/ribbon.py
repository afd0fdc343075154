"""The bottleneck along the whole log: who limits the plant when, and on which day that changed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.verdict.basis import UNKNOWN, Basis
from factoryview.flow.verdict.lift import Gain, lift
from factoryview.flow.verdict.visits import Floats, Ints
from factoryview.time import DAY_H, WEEK_H

QUARTER = 1.25
"""The speed tried at every stage."""
USED = 0.84
"""A stage whose servers rest for more than a sixth of their time limits nothing."""
LEAST, NOTICEABLE = 0.3, 0.006
"""Extra cases, on average over the window, and their share of the completed ones, below which a gain is chance."""
STEPS = 400
"""Moments at which the whole log is judged."""
SHIFT = 10
"""At most so many of them in half a window."""
LATELY = 8
"""Half windows that are judged at least, to find since when the last phase holds."""


@dataclass(frozen=True)
class Phase:
    """A stretch of time with the same bottleneck (or none); hours since 1970 UTC."""

    stage: str | None
    since: float
    until: float


def matters(gain: Gain) -> NDArray[np.bool_]:
    """Per window and stage: whether it gains more than chance does."""
    return (gain.mean > LEAST) & (gain.mean > NOTICEABLE * gain.completed[:, None])


def winners(gain: Gain) -> Ints:
    """Per window the stage that gains most; −1 where it gains too little or its servers rest too often."""
    best = gain.mean.argmax(axis=1)
    rows = np.arange(len(best))
    sure = matters(gain)[rows, best] & (gain.used[rows, best] >= USED)
    return np.where(sure, best, -1)


def ribbon(basis: Basis, begin: int = 0) -> list[Phase]:
    """The bottleneck along the log, from a bin on: by windows of 15 days (half the usual window) around each moment."""
    bins, stages = basis.bins, basis.evidence.stages
    count = len(bins.departures)
    size = max(1, min(bins.per_window // 2, count))
    step = max(1, count // STEPS, size // SHIFT)
    centres = np.arange(begin // step * step, count, step)
    found = _calmed(_winners(basis, centres, size), max(1, size // step))
    starts = np.flatnonzero(np.append(True, np.diff(found) != 0))
    bounds = _dated(basis, int(centres[0]), centres[starts[1:]], found[starts], size)
    edges = bins.edges[np.concatenate([centres[:1], bounds, [count]])]
    return [
        Phase(stages[found[start]] if found[start] >= 0 else None, float(since), float(until))
        for start, since, until in zip(starts, edges[:-1], edges[1:], strict=True)
    ]


def _winners(basis: Basis, centres: Ints, size: int) -> Ints:
    """The winners of the windows around some bins, each looked for once."""
    known, count = basis.winners, len(basis.winners)
    new = centres[known[centres] == UNKNOWN]
    if len(new):
        first = np.clip(new - size // 2, 0, count - size)
        known[new] = winners(lift(basis.bins, basis.evidence, basis.stations, first, size, QUARTER))
    return known[centres]


def last_phases(basis: Basis) -> list[Phase]:
    """The end of the ribbon, as far back as the phase before the last one: cheaper than the whole of it."""
    count = len(basis.bins.departures)
    reach = LATELY * max(1, basis.bins.per_window // 2)
    while reach < count:
        found = ribbon(basis, count - reach)
        if found[-1].since > basis.bins.edges[count - reach + basis.bins.per_window]:
            return found
        reach *= 2
    return ribbon(basis)


def _calmed(found: Ints, least: int) -> Ints:
    """Runs shorter than `least` moments take the verdict of the longer neighbour, the shortest first."""
    calm = found.copy()
    while True:
        starts = np.flatnonzero(np.append(True, np.diff(calm) != 0))
        lengths = np.diff(np.append(starts, len(calm)))
        if len(starts) < 2 or lengths.min() >= least:
            return calm
        k = int(lengths.argmin())
        left = lengths[k - 1] if k > 0 else -1
        right = lengths[k + 1] if k + 1 < len(lengths) else -1
        calm[starts[k] : starts[k] + lengths[k]] = calm[starts[k] - 1] if left >= right else calm[starts[k + 1]]


def _dated(basis: Basis, begin: int, bounds: Ints, found: Ints, reach: int) -> Ints:
    """Each change put on the day on which the gains of the two stages changed their level.

    Short windows (a week, or a quarter of the window) on every day around the change; the day is the split of the
    difference between the new and the old stage's gain into two levels with the least squares.
    """
    bins = basis.bins
    count = len(bins.departures)
    width = float(bins.edges[1] - bins.edges[0])
    size = max(1, min(round(WEEK_H / width), reach // 2))
    step = max(1, round(DAY_H / width)) if size > round(DAY_H / width) else 1
    dated = bounds.copy()
    for k, bound in enumerate(bounds):
        low = int(dated[k - 1]) + 1 if k else max(size // 2, begin)
        high = int(bounds[k + 1]) - 1 if k + 1 < len(bounds) else count - size // 2 - 1
        centres = np.arange(max(low, bound - reach), min(high, bound + reach) + 1, step)
        if len(centres) < 4:
            continue
        first = np.clip(centres - size // 2, 0, count - size)
        gain = lift(bins, basis.evidence, basis.stations, first, size, QUARTER).final
        before, after = (gain[:, stage] if stage >= 0 else np.zeros(len(gain)) for stage in found[k : k + 2])
        dated[k] = centres[_split(after - before)]
    return dated


def _split(values: Floats) -> int:
    """The first index of the second of two levels that fit the values best.

    >>> _split(np.array([0.0, 0.2, 0.1, 3.0, 2.9, 3.2]))
    3
    """
    n = len(values)
    before = np.arange(1, n)
    total = np.cumsum(values)
    left, right = total[:-1] / before, (total[-1] - total[:-1]) / (n - before)
    return int(np.argmax(before * left**2 + (n - before) * right**2)) + 1
