"""How long cases usually stay at a stage: the late end of the stays of past cohorts, as known at each moment.

A cohort is what came in one stretch of time. Cohorts are of entries, not of departures: those who leave early would
speak for all. A cohort spans at least what it measures, so that the cycle of a batch is always whole in it. The lower
quartile of the cohorts is usual, so that a jam of up to three quarters of a year hardly raises its own bar.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BLOCK, YOUNG_BLOCK = 20, 5
"""Working days that are joined to cohorts; the shorter ones until three cohorts of the longer are known."""
READ = 20
"""Stays are read again every so many working days."""
_FEWEST = 30
"""Entries of a cohort."""
_LATE = 0.9
"""So many of a cohort leave within its usual stay."""
_LEFT, _GOING = 0.75, 0.5
"""A cohort is known when this share has left, and is no longer joined to what came later when this share has."""
_RECENT, _KNOWN = 250, 3
"""Cohorts that became known in the last so many working days count; fewer cohorts than this are no history."""
_SAMPLE = 2_000
"""Of a larger cohort every n-th member is looked at."""


@dataclass
class _Cohort:
    """The stays of what came in one stretch; numbers in working days."""

    entered: Floats
    left: Floats
    weight: Floats
    known: float = np.inf
    usual: float = np.nan
    settled: bool = False
    """All have left and been read."""

    def share_left(self, at: float) -> float:
        return float(self.weight[self.left <= at].sum() / self.weight.sum())

    def quantile(self, at: float, share: float, *, of_all: bool = False) -> float:
        """Of the stays of those that had left by then; of_all: of all members, infinite where too few had left."""
        gone = self.left <= at
        if not gone.any():
            return np.inf
        return _quantile(self.left[gone] - self.entered[gone], self.weight[gone], share,
                         float(self.weight.sum()) if of_all else None)  # fmt: skip

    def read(self, at: float) -> None:
        """Look again at those that have left by then, and whether it is known how long one stays."""
        if self.settled:
            return
        if not np.isfinite(self.known):
            stay = self.quantile(at, _LEFT, of_all=True)
            if at < self.entered[-1] + 2 * stay:
                return
            self.known = at
        self.usual = self.quantile(at, _LATE)
        self.settled = bool((self.left <= at).all())


def _quantile(values: Floats, weight: Floats, share: float, total: float | None = None) -> float:
    """The least value that a share of the weight (or of `total`) does not exceed; infinite where there is none."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weight[order])
    place = int(np.searchsorted(reached, share * (reached[-1] if total is None else total) * (1 - 1e-12)))
    return float(values[order[place]]) if place < len(values) else np.inf


@dataclass(frozen=True)
class Usual:
    """What is usual at a stage at a moment."""

    stay: float
    """Working days within which nine of ten leave."""
    calm: tuple[Floats, Floats] = field(repr=False)
    """Stays and weights of those that left of the calmer half of the cohorts."""

    def tail(self, beyond: float) -> float:
        """Mean time that a case in calm times stays beyond so many working days."""
        stays, weight = self.calm
        return float((np.maximum(stays - beyond, 0.0) * weight).sum() / weight.sum()) if len(stays) else 0.0


class Cohorts:
    """The cohorts of one stage; asked at ever later moments. entered, left: working days, in order of entry."""

    def __init__(self, entered: Floats, left: Floats, weight: Floats, block: int) -> None:
        self._members = entered, left, weight
        self._block = block
        self._closed: list[_Cohort] = []
        self._next, self._from, self._to = block, 0, 0
        """End of the block to be looked at next; members before it that are in no cohort yet."""

    def usual(self, at: float) -> Usual | None:
        """What is usual as known at the end of a working day; None where history is missing."""
        self._close(at)
        for cohort in self._closed:
            cohort.read(at)
        known = [cohort for cohort in self._closed if np.isfinite(cohort.known)]
        if len(known) < _KNOWN:
            return None
        recent = [cohort for cohort in known if cohort.known > at - _RECENT] or known[-_KNOWN:]
        stays = np.array([cohort.usual for cohort in recent])
        middle = float(np.median(stays))
        calm = [cohort for cohort in recent if cohort.usual <= middle]
        gone = [cohort.left <= at for cohort in calm]
        return Usual(
            float(np.quantile(stays, 0.25)),
            (
                np.concatenate([(c.left - c.entered)[g] for c, g in zip(calm, gone, strict=True)]),
                np.concatenate([c.weight[g] for c, g in zip(calm, gone, strict=True)]),
            ),
        )

    def _middle(self) -> float:
        """The median of what was usual in the cohorts so far: a cohort is no shorter than what it measures."""
        usual = sorted(cohort.usual for cohort in self._closed)
        return usual[len(usual) // 2] if usual else 0.0

    def _close(self, at: float) -> None:
        """Join blocks that are over by then to cohorts."""
        entered, left, weight = self._members
        while self._next <= at:
            self._to = int(np.searchsorted(entered, self._next, side="left"))
            step = max(1, (self._to - self._from) // _SAMPLE)
            chosen = slice(self._from, self._to, step)
            cohort = _Cohort(entered[chosen], left[chosen], weight[chosen] * step)
            if len(cohort.entered) and cohort.weight.sum() >= _FEWEST:
                going = cohort.share_left(at) < _GOING
                if going and at < cohort.entered[-1] + _RECENT:
                    return
                if going:  # most of them never leave: they say nothing of how long one stays
                    self._from = self._to
                else:
                    cohort.usual = cohort.quantile(at, _LATE)
                    if cohort.entered[-1] - cohort.entered[0] >= max(cohort.usual, self._middle()):
                        self._closed.append(cohort)
                        self._from = self._to
            self._next += self._block
