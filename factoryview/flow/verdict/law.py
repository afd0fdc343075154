"""Little's law as a check on the log: work in progress = throughput × time in the stage, L = λW.

It holds over any window in which as much stands at the end as at the beginning. Where it does not, the window is
not stationary or exits are missing from the log, and averages of it should not be trusted. Source: J. D. C. Little,
Operations Research 9 (1961), doi 10.1287/opre.9.3.383.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from factoryview.flow.verdict.basis import Basis
from factoryview.flow.verdict.visits import Visits

TOLERANCE = 0.02
FEWEST = 30


@dataclass(frozen=True)
class Balance:
    """One stage over a window; times in hours."""

    standing: float
    """L: mean number of cases at the stage, counted along time."""
    rate: float
    """λ: departures per hour."""
    stay: float
    """W: mean stay of those that left in the window."""

    @property
    def mismatch(self) -> float:
        """(L − λW) ÷ L."""
        return (self.standing - self.rate * self.stay) / self.standing if self.standing else 0.0

    @property
    def holds(self) -> bool:
        return abs(self.mismatch) <= TOLERANCE


def balance(visits: Visits, since: float, until: float) -> Balance | None:
    """The three numbers of one stage over [since, until); None when fewer than 30 cases left."""
    gone = (visits.left >= since) & (visits.left < until)
    if gone.sum() < FEWEST:
        return None
    present = np.minimum(visits.left, until) - np.maximum(visits.entered, since)
    span = until - since
    stay = float((visits.left[gone] - visits.entered[gone]).mean())
    return Balance(float(np.maximum(present, 0.0).sum()) / span, float(gone.sum()) / span, stay)


def balances(basis: Basis, window: tuple[float, float]) -> dict[str, Balance]:
    """Little's law at every stage with enough departures in the window."""
    found = {station.name: balance(station.visits, *window) for station in basis.stations}
    return {name: each for name, each in found.items() if each is not None and each.standing > 0}
