"""Open cases that were never picked up, told apart from those that merely wait: they are no queue.

A case is forgotten when it has stood far longer than usual while many that came after it have left.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.verdict.clock import Clock
from factoryview.flow.verdict.visits import Visits

FAR = 3.0
"""Times the 99th percentile of the usual stay."""
OVERTAKEN = 30
"""Later arrivals that have left."""


def forgotten(visits: Visits, clock: Clock, end: float) -> NDArray[np.bool_]:
    """Which open stays are beyond any usual wait although later arrivals have left."""
    still = ~np.isfinite(visits.left)
    closed = ~still
    lost = np.zeros(len(still), bool)
    if not still.any() or closed.sum() < 2 * OVERTAKEN:
        return lost
    entered = clock.worked(visits.entered)
    now = float(clock.worked(np.array([end]))[0])
    stays = clock.worked(visits.left[closed]) - entered[closed]
    limit = max(FAR * float(np.quantile(stays, 0.99)), 1e-9)
    later_gone = closed[::-1].cumsum()[::-1]
    lost[:] = still & (now - entered > limit) & (later_gone >= OVERTAKEN)
    return lost
