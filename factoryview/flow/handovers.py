"""Cases that were handed over and never picked up, told apart from those that are merely still open.

How long pick-up usually takes is estimated with open cases counted as open, not as lost (Kaplan and Meier 1958).
A case is forgotten when it stands far longer than nearly all stays while those that came after it have long left.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.clock import Clock
from factoryview.flow.evidence import Floats, Visits

FAR = 3.0
"""Times the 99th percentile of the stays."""
OVERTAKEN = 30
"""Later arrivals that have left."""


def survival(durations: Floats, ended: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Kaplan–Meier: moments (ascending, where something ended) and the share still there after each.

    >>> times, share = survival(np.array([1.0, 2.0, 3.0, 4.0]), np.array([True, False, True, True]))
    >>> times.tolist(), share.round(3).tolist()
    ([1.0, 3.0, 4.0], [0.75, 0.375, 0.0])
    """
    order = np.argsort(durations, kind="stable")
    durations, ended = durations[order], ended[order]
    times, first = np.unique(durations, return_index=True)
    at_risk = len(durations) - first
    events = np.add.reduceat(ended.astype(float), first) if len(first) else np.zeros(0)
    share = np.cumprod(1 - events / np.maximum(at_risk, 1)).astype(np.float64)
    some = events > 0
    return times[some], share[some]


def quantile(times: Floats, share: Floats, q: float) -> float:
    """The duration by which a share q has ended; infinite when so many never do."""
    reached = np.flatnonzero(share <= 1 - q + 1e-12)
    return float(times[reached[0]]) if len(reached) else float("inf")


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
