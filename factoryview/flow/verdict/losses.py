"""Cases that left because they waited: told from those that were served and turned down."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.verdict.evidence import Evidence, Floats, Visits
from factoryview.flow.verdict.ways import Settled

FEWEST = 20
"""Losses below which nothing is said of why."""
LEAST, SURELY = 10.0, 3.0
"""Losses out of turn beyond chance: at least so many, and so many standard errors."""
ERRORS = 2.0
"""Standard errors by which losses grow with the wait, to believe that they do."""
MOSTLY = 0.3
"""Stages that send this share of what goes on to a stage are those its wait is seen from."""
NONE = np.zeros(0)


def out_of_turn(visits: Visits, bad: NDArray[np.bool_], servers: int) -> tuple[Floats, float]:
    """When cases left a stage, lost, while as many as it has servers that came before still stood there: they cannot
    have been served; and the weight of each, so that those that others leave out of turn, too, do not count.

    bad: per way whether a case that goes there is lost.
    """
    gone = np.isfinite(visits.left) & (visits.next >= 0)
    lost = gone & bad[np.maximum(visits.next, 0)]
    if lost.sum() < FEWEST:
        return NONE, 0.0
    ahead = _still_ahead(visits.left)
    early = ahead >= servers
    well = gone & ~lost
    chance = float(early[well].mean()) if well.any() else 0.0
    number = int((lost & early).sum())
    excess = number - chance * float(lost.sum())
    if excess < max(LEAST, SURELY * np.sqrt(chance * float(lost.sum()) + 1)):
        return NONE, 0.0
    return np.sort(visits.left[lost & early]), excess / number


def _still_ahead(left: Floats) -> NDArray[np.int64]:
    """Of each visit in order of entry how many that came before it leave after it."""
    ends: list[float] = []
    ahead = np.zeros(len(left), np.int64)
    for i, end in enumerate(left.tolist()):
        ahead[i] = len(ends) - bisect_right(ends, end)
        insort(ends, end)
    return ahead


def with_the_wait(
    evidence: Evidence, stage: int, settled: Settled, held_up: Callable[[Floats], Floats]
) -> tuple[Floats, Floats]:
    """When cases set out for a stage, and how many of each never come because of the wait there.

    Regression of "never came back" on how many are held up at the moment, of settled completions that lead there.
    """
    n = len(evidence.stages)
    onward = settled.ways.share[:, :n].sum(axis=1)
    origins = np.flatnonzero((settled.ways.share[:, stage] >= MOSTLY * onward) & (onward > 0))
    moments, lost, every = [NONE], [NONE], [NONE]
    for origin in origins:
        shown, chosen = evidence.shown[origin], settled.chosen[origin]
        moments.append(shown.left[chosen])
        lost.append((shown.next[chosen] < 0).astype(float))
        every.append(shown.left[np.isfinite(shown.left)])
    at, gone, leaving = np.concatenate(moments), np.concatenate(lost), np.sort(np.concatenate(every))
    if gone.sum() < FEWEST or len(at) < 3:
        return NONE, NONE
    x = held_up(at)
    spread = float(((x - x.mean()) ** 2).sum())
    if spread <= 0:
        return NONE, NONE
    slope = float(((x - x.mean()) * (gone - gone.mean())).sum()) / spread
    level = float(gone.mean() - slope * x.mean())
    rest = gone - level - slope * x
    error = float(np.sqrt((rest @ rest) / (len(x) - 2) / spread))
    if slope <= ERRORS * error:
        return NONE, NONE
    return leaving, np.maximum(level + slope * held_up(leaving) - max(level, 0.0), 0.0)
