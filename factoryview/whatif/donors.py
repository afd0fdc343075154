"""Which past cases stand for future ones, and how many come: completed cases, drawn whole.

Recent ones weigh more (half-life in the time of completion). Long ones are seen less often, because a case of length d
is complete only if it began d before the end of the log: each weighs Φ(H) ÷ Φ(H − d), Φ(x) = ∫₀ˣ ½^(u/h) du, H the
length of the log (inverse probability of being seen; Horvitz and Thompson 1952), ten times at most.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log as ln

import numpy as np

from factoryview.whatif.log import Floats, Ints, Log

HALF_LIFE_H = 12 * 168.0
MOST = 10.0
LATELY_H, FURTHER_H, CHANGED = 12 * 168.0, 4 * 168.0, 2.0
"""Arrivals are counted over so much time before the end, and further back in such steps until their number differs by
so many standard errors."""
WEEK_H = 168.0


@dataclass(frozen=True, eq=False)
class Donors:
    """Completed cases and what they weigh."""

    case: Ints
    weight: Floats
    """Sums to one."""
    length: Floats
    """From arrival to completion, hours."""
    hour: Floats
    """Of the week at which it came."""
    rate: float
    """Cases that come a week."""
    counted: float
    """Cases from which that is known: its uncertainty is that of a count."""

    def drawn(self, number: int, rng: np.random.Generator, weight: Floats) -> Ints:
        """So many cases, each drawn on its own."""
        total = np.cumsum(weight)
        place = np.searchsorted(total, rng.random(number) * total[-1], side="right")
        return np.asarray(self.case[np.minimum(place, len(total) - 1)])

    def dealt(self, number: int, weeks: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
        """So many cases by systematic sampling, and a week for each: the same mix, with less noise.

        They are sampled along their lengths and, among those of like length, along the hours of the week at which they
        came, there and back again; those of like length are spread over the weeks.
        """
        order = np.argsort(self.length, kind="stable")
        strata = max(round(np.sqrt(number)), 1)
        total = np.cumsum(self.weight[order])
        stratum = np.minimum((strata * total / total[-1] * (1 - 1e-12)).astype(np.int64), strata - 1)
        hour = self.hour[order] * np.where(stratum % 2 == 0, 1.0, -1.0)
        order = order[np.lexsort((hour, stratum))]
        total = np.cumsum(self.weight[order])
        place = np.searchsorted(total, (rng.random() + np.arange(number)) / max(number, 1) * total[-1], side="right")
        rounds = [rng.permutation(weeks) for _ in range(number // weeks + 1)]
        return self.case[order[np.minimum(place, len(order) - 1)]], np.concatenate(rounds)[:number]


def steady_h(log: Log) -> float:
    """For how long before the end of a log that shows open cases, too, as many came as come now, hours."""
    window = min(LATELY_H, max(log.span_h, 1.0))
    while window + FURTHER_H <= log.span_h:
        age = log.now - log.arrived
        expected = float((age < window).sum()) * FURTHER_H / window
        before = float(((age >= window) & (age < window + FURTHER_H)).sum())
        if abs(before - expected) > CHANGED * np.sqrt(max(expected, 1.0) * (1 + FURTHER_H / window)):
            break
        window += FURTHER_H
    return window


def counted_over(log: Log) -> float:
    """From which hour on arrivals are counted."""
    return log.now - steady_h(log) if log.open_seen else log.since


def donors_of(log: Log, half_life_h: float = HALF_LIFE_H) -> Donors:
    """The completed cases of a log; none, where it has none."""
    whole = np.ones(log.cases, dtype=np.bool_)
    whole[log.case[~log.over]] = False
    whole[np.diff(log.first) == 0] = False
    case = np.flatnonzero(whole & (log.closed <= log.now))
    length = log.closed[case] - log.arrived[case]

    def seen(span_h: Floats) -> Floats:
        return (1.0 - np.exp2(-np.maximum(span_h, 0.0) / half_life_h)) * half_life_h / ln(2)

    most = seen(np.array([max(log.span_h, 1.0)]))
    recent = np.exp2(-(log.now - log.closed[case]) / half_life_h)
    share = recent / np.maximum(seen(log.span_h - length), most / MOST)
    if log.open_seen:
        since = counted_over(log)
        counted = float((log.arrived > since).sum())
        rate = counted / (log.now - since) * WEEK_H
    else:
        counted, rate = float(len(case)), float(share.sum()) * WEEK_H
    hour = np.mod(log.arrived[case], WEEK_H)
    return Donors(case, share / share.sum() if len(case) else share, length, hour, rate, counted)
