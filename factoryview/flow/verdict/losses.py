"""Cases that left because they waited: told from those that were served and turned down."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.verdict.evidence import Evidence
from factoryview.flow.verdict.visits import Floats, Visits
from factoryview.flow.verdict.ways import Settled

FEWEST = 20
"""Losses below which nothing is said of why."""
LEAST, SURELY = 10.0, 3.0
"""Losses out of turn beyond chance: at least so many, and more than so many standard errors."""
MOST_TRIED = 12
"""Servers up to which every number is tried."""
ERRORS = 2.0
"""Standard errors by which losses grow with the wait, to believe that they do."""
MOSTLY = 0.3
"""Stages that send this share of what goes on to a stage are those its wait is seen from."""
FREE = 0.5
"""Held up fewer than so many: whoever is lost then is not lost by waiting."""
NONE = np.zeros(0)


def out_of_turn(visits: Visits, bad: NDArray[np.bool_], servers: int | Floats) -> tuple[Floats, float]:
    """When cases left a stage, lost, while so many that came before still stood there that they cannot have been
    served; and the weight of each, so that those that others leave out of turn, too, do not count.

    Whoever was not served has at least as many ahead as there are servers, those served have that only by chance. As
    it is not sure how many servers there are, fewer are tried, too; what tells most clearly counts.

    bad: per way whether a case that goes there is lost. servers: of all times, or of each visit when it left.
    """
    gone = np.isfinite(visits.left) & (visits.next >= 0)
    lost = gone & bad[np.maximum(visits.next, 0)]
    well = gone & ~lost
    every = float(lost.sum())
    if every < FEWEST or not well.any():
        return NONE, 0.0
    ahead = _still_ahead(visits.left)
    most = int(np.max(servers))
    best, found = SURELY, (NONE, 0.0)
    for least in (servers, *range(1, min(most, MOST_TRIED) + 1)):
        early = ahead >= least
        chance = float(early[well].mean())
        excess = float((lost & early).sum()) - chance * every
        clear = excess / np.sqrt(chance * every + 1)
        if excess >= LEAST and clear > best and chance < 1:
            gave_up = min(excess / (1 - chance), float((lost & early).sum()))
            best, found = clear, (np.sort(visits.left[lost & early]), gave_up / float((lost & early).sum()))
    return found


def _still_ahead(left: Floats) -> NDArray[np.int64]:
    """Of each visit in order of entry how many that came before it leave after it."""
    rank = np.unique(left, return_inverse=True)[1].astype(np.int32)
    ahead, here = np.zeros(len(left), np.int32), np.arange(len(left), dtype=np.int32)
    begins = np.zeros(min(len(left), 1), np.intp)
    """Those whose ranks begin alike stand together, in order of entry: `here` is who they are."""
    for bit in range(int(rank.max(initial=0)).bit_length() - 1, -1, -1):
        high = ((rank[here] >> bit) & 1).astype(np.bool_)
        so_far = np.concatenate([[0], np.cumsum(high)])
        sizes = np.diff(begins, append=len(left))
        more = so_far[begins + sizes] - so_far[begins]
        before = so_far[:-1] - np.repeat(so_far[begins], sizes)  # of each those that came before it and leave later
        low, places = np.flatnonzero(~high), np.flatnonzero(high)
        ahead[here[low]] += before[low]
        to = np.arange(len(left)) - before
        to[places] = np.repeat(begins + sizes - more, more) + before[places]
        moved = np.empty_like(here)
        moved[to] = here
        here = moved
        begins = np.stack([begins, begins + sizes - more], axis=1)[np.stack([sizes > more, more > 0], axis=1)]
    return ahead.astype(np.int64)


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
        shown, chosen = evidence.shown[origin], settled.every[origin]
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
    free = x < FREE
    base = float(gone[free].mean()) if free.sum() >= FEWEST else max(level, 0.0)  # the line is too high at its foot
    return leaving, np.maximum(level + slope * held_up(leaving) - base, 0.0)
