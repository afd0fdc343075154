"""Why these: what the cases have in common that take longer at a stage than others that came in the same week.

For every value of every trait: is it over-represented among the slower half of each week? The weeks are strata, so that
a trait that became common when a queue grew is not taken for its cause (Cochran 1954, Mantel and Haenszel 1959). Of all
that is asked at once, the share of false answers is held (Benjamini and Hochberg 1995).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
from numpy.typing import NDArray

from factoryview.factory.privacy import Gate
from factoryview.time import WEEK

FEWEST = 100
"""Cases from which on anything is said."""
_FALSE = 0.01
"""Share of false ones among those that are named, at most."""
_FEWEST_IN_WEEK = 4
_Z = 1.96

Floats = NDArray[np.float64]
Codes = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Trait:
    """What is known of the case of every stay, in their order."""

    name: str
    codes: Codes
    """Places in `values`; −1: nobody wrote it down."""
    values: tuple[str, ...]


@dataclass(frozen=True)
class Contributor:
    """A value that slow cases have more often than others."""

    trait: str
    value: str
    cases: int
    """Stays with it that were looked at."""
    share: float
    """Of the slower half of each week, those that have it."""
    lift: float
    """That share ÷ the share of all."""
    extra: float
    """How much longer they stay than the others of their week, µs on average."""
    low: float
    high: float
    """Between these `extra` lies with a confidence of 95 %."""


def contributors(
    traits: Sequence[Trait], entered: NDArray[np.int64], left: NDArray[np.int64], since: int, at: int, gate: Gate
) -> tuple[Contributor, ...]:
    """The values that are over-represented, of the stays that began in [since, at); those that cost most time first.

    entered, left: of every stay, µs UTC. Nothing after `at` is looked at: who is still there has stayed until then, and
    a week of whose slower half not all is known is left out. Empty where there are fewer than `FEWEST` cases.
    """
    chosen = np.flatnonzero((entered >= since) & (entered < at))
    weeks = (entered[chosen] - since) // WEEK
    spans = (np.minimum(left[chosen], at) - entered[chosen]).astype(float)
    slow, known = _slower(weeks, spans, left[chosen] > at)
    chosen, weeks, spans, slow = chosen[known], weeks[known], spans[known], slow[known]
    if len(chosen) < FEWEST:
        return ()
    found: list[tuple[float, Contributor | None]] = []
    for trait in traits:
        codes = trait.codes[chosen]
        for code in np.unique(codes[codes >= 0]).tolist():
            has = codes == code
            if gate.enough(float(has.sum())) and gate.enough(float((~has).sum())):
                found.append(_asked(trait.name, trait.values[code], has, slow, weeks, spans))
    found.sort(key=lambda one: one[0])
    named = max((k for k, (p, _) in enumerate(found, start=1) if p <= _FALSE * k / len(found)), default=0)
    over = [one for _, one in found[:named] if one is not None and one.low > 0]
    return tuple(sorted(over, key=lambda one: (-one.extra * one.cases, one.trait, one.value)))


def _slower(
    weeks: NDArray[np.int64], spans: Floats, open_: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Of each stay whether it took longer than the middle one of its week, and whether that is known."""
    slow, known = np.zeros(len(weeks), bool), np.zeros(len(weeks), bool)
    for week in np.unique(weeks):
        here = np.flatnonzero(weeks == week)
        middle = float(np.median(np.where(open_[here], np.inf, spans[here]))) if len(here) else np.inf
        if len(here) < _FEWEST_IN_WEEK or not np.isfinite(middle) or (open_[here] & (spans[here] <= middle)).any():
            continue
        slow[here], known[here] = spans[here] > middle, True
    return slow, known


def _asked(
    trait: str, value: str, has: NDArray[np.bool_], slow: NDArray[np.bool_], weeks: NDArray[np.int64], spans: Floats
) -> tuple[float, Contributor | None]:
    """How likely so many of the slow have it by chance, and what there is to say of it."""
    _, place = np.unique(weeks, return_inverse=True)

    def of_weeks(weights: NDArray[np.generic]) -> Floats:
        return np.asarray(np.bincount(place, np.asarray(weights, dtype=float)), dtype=float)

    every, late, mine, both = of_weeks(np.ones(len(has))), of_weeks(slow), of_weeks(has), of_weeks(has & slow)
    expected = late * mine / every
    varies = late * (every - late) * mine * (every - mine) / (every**2 * np.maximum(every - 1, 1))
    if varies.sum() <= 0:
        return 1.0, None
    p = 0.5 * erfc(float(both.sum() - expected.sum()) / sqrt(2 * float(varies.sum())))
    others = every - mine
    ours, theirs = of_weeks(spans * has), of_weeks(spans * ~has)
    usable = (mine > 1) & (others > 1)
    if not usable.any():
        return p, None
    mine, others, ours, theirs = mine[usable], others[usable], ours[usable], theirs[usable]
    squares = of_weeks(spans**2 * has)[usable], of_weeks(spans**2 * ~has)[usable]
    spread = [np.maximum(square - total**2 / n, 0) / (n - 1) / n
              for square, total, n in zip(squares, (ours, theirs), (mine, others), strict=True)]  # fmt: skip
    weight = mine * others / (mine + others)
    extra = float((weight * (ours / mine - theirs / others)).sum() / weight.sum())
    error = sqrt(float((weight**2 * (spread[0] + spread[1])).sum())) / float(weight.sum())
    share = float(both.sum() / late.sum())
    lift = share / float(has.sum() / len(has))
    return p, Contributor(trait, value, int(has.sum()), share, lift, extra, extra - _Z * error, extra + _Z * error)
