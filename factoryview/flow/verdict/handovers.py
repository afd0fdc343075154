"""Open cases that were never picked up, told apart from those that merely wait: they are no queue.

A case is forgotten when it has stood far longer than usual while many that came after it have left.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.order import quantile
from factoryview.flow.verdict.clock import Clock
from factoryview.flow.verdict.visits import Visits

FAR = 3.0
"""Times the 99th percentile of the usual stay."""
OVERTAKEN = 30
"""Later arrivals that have left."""


def forgotten(visits: Visits, clock: Clock, end: float) -> NDArray[np.bool_]:
    """Which open stays are beyond any usual wait although later arrivals have left."""
    lost = np.zeros(len(visits.left), bool)
    gone = visits.leaving
    if len(gone) == len(lost) or len(gone) < 2 * OVERTAKEN:
        return lost
    still = np.ones(len(lost), bool)
    still[gone] = False
    waiting = np.flatnonzero(still)
    waiting = waiting[len(gone) - (waiting - np.arange(len(waiting))) >= OVERTAKEN]
    if not len(waiting):
        return lost
    entered = clock.worked(visits.entered)
    now = float(clock.worked(np.array([end]))[0])
    stays = clock.worked(visits.departures) - entered[gone]
    limit = max(FAR * quantile(stays, 0.99), 1e-9)
    lost[waiting] = now - entered[waiting] > limit
    return lost
