"""Delays that nobody's work causes, kept apart from queues: an estimate from intervals.

Between the moment a step was released (E) and its start lies a foreign delay D (a customer, the post, a timer) and
then, perhaps, a queue. D is at most the whole gap U. While the pool was idle after E + D the step would have begun, so
D is at least (last idle moment − E); if it was idle right up to the start, D is the whole gap. The distribution of D
given such intervals is found by self-consistency (Turnbull 1976, J. R. Stat. Soc. B 38, 290): p_j = mean_i w_ij with
w_ij ∝ p_j over the support points within [L_i, U_i].

First come, first served says more: who began later was not ready earlier, so E + D ≥ the largest E + L of those that
began before. Whether the discipline is that one is tested: where both estimates disagree by more than 2.5 times
although enough delays are known exactly, or the few that are would all be so short by a rare chance, it is not, and the
estimate without it is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from factoryview.whatif.calendar import Calendar
from factoryview.whatif.capacity import PoolFound, last_idle
from factoryview.whatif.log import Floats, Ints

POINTS, ROUNDS = 80, 200
TRUST = 2.5
EXACT_LEAST, EXACT_SHARE, BY_CHANCE = 10, 0.02, 0.01


@dataclass(frozen=True, eq=False)
class Delays:
    """The delays before one stage: a distribution, and between what each of its steps' own delay lies. Hours."""

    support: Floats
    chance: Floats
    """Of each support point; sums to one."""
    low: Floats
    high: Floats
    """Per step of the stage."""
    first_come: bool
    """Whether the order of service was taken to be that of arrival."""

    @cached_property
    def lowest(self) -> Ints:
        """Per step the first support point that it allows."""
        return self._covered[0]

    @cached_property
    def beyond(self) -> Ints:
        """Per step the first one after it that it does not."""
        return self._covered[1]

    @cached_property
    def _covered(self) -> tuple[Ints, Ints]:
        return _cover(self.support, self.low, self.high)

    @cached_property
    def _kinds(self) -> Kinds:
        return Kinds.of(self.lowest, self.beyond, len(self.support))

    @cached_property
    def none(self) -> bool:
        """Nobody ever waited for anything but servers."""
        return not len(self.high) or float(self.high.max()) <= 0.0

    @property
    def mean(self) -> float:
        """Of all steps, each within its own bounds."""
        return float(expected(self).mean()) if len(self.low) else 0.0

    @property
    def exact(self) -> float:
        """Share of the steps whose delay is known exactly."""
        return float((self.low >= self.high).mean()) if len(self.low) else 1.0

    def reweighted(self, weights: Floats) -> Floats:
        """Chances of the support points with other weights of the steps (Bayesian bootstrap: exponential ones)."""
        sums = np.bincount(self._kinds.of_step, weights, len(self._kinds.lowest)).astype(np.float64)
        return self._kinds.round(self.chance, sums)

    def drawn(self, chance: Floats, steps: Ints, uniform: Floats, least: Floats | None = None) -> Floats:
        """A delay for each of the steps (places in `low`), within its own bounds; uniform: in [0, 1).

        least: where more is known of a step than its bounds: it lasts at least so long.
        """
        total = np.concatenate([[0.0], np.cumsum(chance)])
        low, first, beyond = self.low[steps], self.lowest[steps], self.beyond[steps]
        if least is not None:
            low = np.maximum(low, least)
            first = np.clip(np.searchsorted(self.support, low, side="left"), first, beyond - 1)
        aim = total[first] + uniform * (total[beyond] - total[first])
        point = np.clip(np.searchsorted(total, aim, side="right") - 1, first, beyond - 1)
        return np.asarray(np.clip(self.support[point], low, np.maximum(low, self.high[steps])))


def expected(delays: Delays) -> Floats:
    """Per step the mean of its delay within its own bounds."""
    total = np.concatenate([[0.0], np.cumsum(delays.chance)])
    moment = np.concatenate([[0.0], np.cumsum(delays.chance * delays.support)])
    weight = total[delays.beyond] - total[delays.lowest]
    inside = moment[delays.beyond] - moment[delays.lowest]
    middle = np.where(weight > 0, inside / np.where(weight > 0, weight, 1.0), delays.low)
    return np.clip(middle, delays.low, delays.high)


def bounds(start: Floats, enabled: Floats, gap: Floats, pool: PoolFound) -> tuple[Floats, Floats]:
    """Between what the delay of each step lies, hours."""
    last, now = last_idle(start, pool.idle_begins, pool.idle_ends, pool.calendar)
    low = np.where(now & (last >= start), gap, np.clip(last - enabled, 0.0, gap))
    return low, gap


def ready_before(start: Floats, earliest: Floats) -> Floats:
    """Per step the latest moment at which any that began no later was certainly ready. earliest: E + L of each."""
    order = np.argsort(start, kind="stable")
    front = np.empty(len(start))
    front[order] = np.maximum.accumulate(earliest[order])
    return front


def estimate(low: Floats, high: Floats, tight: Floats) -> Delays:
    """The delays of one stage. tight: the lower bounds if the pool serves in order of arrival."""
    loose = turnbull(low, high)
    if not (tight > low).any():
        return loose
    strict = turnbull(tight, high, first_come=True)
    known = high[low >= high]
    if strict.mean <= TRUST * loose.mean:
        return strict
    if len(known) < max(EXACT_LEAST, EXACT_SHARE * len(low)):
        as_short = float(strict.chance[strict.support <= known.max(initial=0.0)].sum())
        return strict if as_short ** len(known) >= BY_CHANCE else loose
    return loose


def turnbull(low: Floats, high: Floats, *, first_come: bool = False) -> Delays:
    """The distribution of delays that lie within [low, high], by self-consistency."""
    if not len(low):
        return Delays(np.zeros(1), np.ones(1), low, high, first_come)
    support = np.unique(np.concatenate([[0.0], np.quantile(np.concatenate([low, high]), np.linspace(0, 1, POINTS))]))
    lowest, beyond = _cover(support, low, high)
    kinds = Kinds.of(lowest, beyond, len(support))
    chance, steps = np.full(len(support), 1.0 / len(support)), np.bincount(kinds.of_step).astype(np.float64)
    for _ in range(ROUNDS if (beyond - lowest > 1).any() else 1):
        chance = kinds.round(chance, steps)
    return Delays(support, chance, low, high, first_come)


def _cover(support: Floats, low: Floats, high: Floats) -> tuple[Ints, Ints]:
    """Per step the support points within its bounds, as [first, beyond); the nearest where there is none."""
    first = np.searchsorted(support, low, side="left")
    beyond = np.searchsorted(support, high, side="right")
    none = beyond <= first
    below, above = np.clip(first - 1, 0, len(support) - 1), np.clip(first, 0, len(support) - 1)
    nearest = np.where(low - support[below] <= support[above] - high, below, above)
    return np.where(none, nearest, first), np.where(none, nearest + 1, beyond)


@dataclass(frozen=True, eq=False)
class Kinds:
    """Steps that allow the same support points, counted as one: there are few, however many steps there are."""

    of_step: Ints
    lowest: Ints
    beyond: Ints

    @classmethod
    def of(cls, lowest: Ints, beyond: Ints, points: int) -> Kinds:
        codes, place = np.unique(lowest * (points + 1) + beyond, return_inverse=True)
        return cls(place.astype(np.int64), codes // (points + 1), codes % (points + 1))

    def round(self, chance: Floats, weights: Floats) -> Floats:
        """One round: the share of every step is spread over the points it allows, in proportion to their chance.

        weights: of each kind, the sum over its steps.
        """
        total = np.concatenate([[0.0], np.cumsum(chance)])
        share = weights / np.maximum(total[self.beyond] - total[self.lowest], 1e-300)
        spread = np.bincount(self.lowest, share, len(total)) - np.bincount(self.beyond, share, len(total))
        found = chance * np.maximum(np.cumsum(spread)[:-1], 0.0)
        return np.asarray(found / found.sum())


def on_calendar(moments: Floats, calendar: Calendar) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether each moment is a working one; the close of a day counts as such."""
    return np.asarray((calendar.next_open(moments) == moments) | (calendar.moment(calendar.worked(moments)) >= moments))
