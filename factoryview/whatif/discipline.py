"""In which order a pool serves, as its starts show it: first come first served, some before others, or anyone.

Who begins while another has waited longer overtakes it. Nobody does where the first to come is served first. Where some
have priority, those who overtake are of one class and the overtaken of the other; where anyone at hand is taken, many
are both. It can be told only where the log shows since when steps wait, that is, without foreign delays before them.
"""

from __future__ import annotations

from bisect import bisect_left, insort

import numpy as np
from numpy.typing import NDArray

from factoryview.whatif.kernel import Order
from factoryview.whatif.log import Floats

CHOICES, NEWEST = 30, 5_000
"""Starts while somebody else waits, below which nothing is said; steps that are looked at."""
RARELY = 0.05
"""Share of the choices that overtake, and of the overtakers that are overtaken, which may be mistakes of the log."""
TESTED = 20


def discipline(ready: Floats, start: Floats) -> tuple[Order, Floats]:
    """The order of a pool, and the priority of each step where that is by priority: 0 is served before 1.

    ready: since when each step waits. Steps that show nothing of their class are given one by chance.
    """
    newest = np.argsort(start, kind="stable")[-NEWEST:]
    overtook, overtaken, tested, choices = _overtaking(ready[newest], start[newest])
    priority = np.zeros(len(start))
    if choices < CHOICES or overtook.sum() < RARELY * choices:
        return "first come", priority
    if (overtook & overtaken).sum() >= RARELY * overtook.sum():
        return "random", priority
    known = overtook | overtaken
    share = float(overtook[tested].mean() if tested.sum() >= TESTED else overtook.sum() / known.sum())
    rest = (share * len(newest) - overtook.sum()) / max((~known).sum(), 1)
    priority[:] = np.random.default_rng(len(start)).random(len(start)) >= rest
    priority[newest[overtook]], priority[newest[overtaken]] = 0.0, 1.0
    return "priority", priority


def _overtaking(ready: Floats, start: Floats) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_], int]:
    """Per step whether it overtook others, whether it was overtaken, and whether it came while one that had been
    overtaken waited; and the number of starts at which another one waited, too."""
    overtook, overtaken, tested = (np.zeros(len(start), dtype=np.bool_) for _ in range(3))
    coming = np.argsort(ready, kind="stable").tolist()
    waiting: list[tuple[float, int]] = []
    choices = passed = come = 0
    for step in np.lexsort((ready, start)).tolist():
        while come < len(coming) and ready[coming[come]] <= start[step]:
            insort(waiting, (float(ready[coming[come]]), coming[come]))
            tested[coming[come]] = passed > 0
            come += 1
        choices += len(waiting) > 1
        longer = bisect_left(waiting, (float(ready[step]), -1))
        for _, other in waiting[:longer]:
            passed += not overtaken[other]
            overtaken[other] = True
        overtook[step] = longer > 0
        passed -= int(overtaken[step])
        waiting.pop(bisect_left(waiting, (float(ready[step]), step)))
    return overtook, overtaken, tested, choices
