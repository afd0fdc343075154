"""How long things take when some are not over yet: Kaplan and Meier 1958, doi 10.1080/01621459.1958.10501452."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.order import stable_order
from factoryview.flow.verdict.visits import Floats


@dataclass(frozen=True)
class Survival:
    """The share that is still there after each moment (same unit as the durations given)."""

    times: Floats
    share: Floats

    def after(self, duration: Floats) -> Floats:
        """Share still there after each duration."""
        at = np.searchsorted(self.times, duration, side="right") - 1
        return np.where(at >= 0, self.share[np.maximum(at, 0)] if len(self.share) else 1.0, 1.0)

    @property
    def never(self) -> float:
        """The share that never ends, as far as anybody has watched."""
        return float(self.share[-1]) if len(self.share) else 1.0

    def quantile(self, q: float) -> float:
        """The duration by which a share q has ended; infinite when so many never do."""
        reached = np.flatnonzero(self.share <= 1 - q + 1e-12)
        return float(self.times[reached[0]]) if len(reached) else float("inf")

    def within(self, age: Floats, deadline: float) -> Floats:
        """Probability that what is already so old ends by the deadline; 0 where the deadline has passed."""
        now, then = self.after(age), self.after(np.maximum(age, deadline))
        return np.where(age < deadline, 1 - np.divide(then, now, out=np.ones_like(then), where=now > 0), 0.0)


def kaplan_meier(durations: Floats, ended: NDArray[np.bool_]) -> Survival:
    """The estimate from durations, of which some have ended and the others are still going on.

    >>> curve = kaplan_meier(np.array([1.0, 2.0, 3.0, 4.0]), np.array([True, False, True, True]))
    >>> curve.times.tolist(), curve.share.round(3).tolist()
    ([1.0, 3.0, 4.0], [0.75, 0.375, 0.0])
    """
    order = stable_order(durations)
    durations, ended = durations[order], ended[order]
    first = np.flatnonzero(np.append(np.ones(len(durations[:1]), bool), durations[1:] != durations[:-1]))
    times = durations[first]
    at_risk = len(durations) - first
    events = np.add.reduceat(ended.astype(float), first) if len(first) else np.zeros(0)
    share = np.cumprod(1 - events / np.maximum(at_risk, 1)).astype(np.float64)
    some = events > 0
    return Survival(times[some], share[some])
