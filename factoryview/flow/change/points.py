"""Where the level of a series changes: binary segmentation by a CUSUM test, in no unit of time.

Test: the largest |partial sum| of what deviates from the mean, against the supremum of a Brownian bridge, the long-run
variance taken from sums of whole blocks of days, so that what follows one another for days does not count as a change
(Csörgő and Horváth 1997, Limit Theorems in Change-Point Analysis). Place: the likelihood ratio of one step, with the
places that are nearly as likely as its interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST = 10
"""Days on either side of a change."""
BLOCK = 5
"""Days that are taken together for the long-run variance."""
NEARLY = 11.0
"""Twice the log likelihood by which a place may be less likely and still lies in the interval: about 95 %."""
_LOOKED_UP = 4_001
"""Quantiles; what lies between two of them is interpolated."""


@dataclass(frozen=True)
class Point:
    """A change of level. Days are those the series was given with."""

    day: int
    """The first day of the new level."""
    low: int
    high: int
    """First and last day on which it may have begun."""
    strength: float
    """The test's statistic; 1.36 is exceeded by chance in 5 % of all series."""


def normal_scores(values: Floats) -> Floats:
    """Each value as the normal quantile of its rank (van der Waerden), equal ones alike: no outlier leads.

    >>> normal_scores(np.array([3.0, 1.0, 900.0])).round(2).tolist()
    [0.0, -0.67, 0.67]
    """
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    rank = np.cumsum(counts) - (counts - 1) / 2
    return _quantiles(rank, len(values))[place]


def _quantiles(rank: Floats, n: int) -> Floats:
    """The normal quantiles of some of the ranks 1, 1.5, 2 … n."""
    shares, normal = _known(n)
    return np.interp(rank / (n + 1), shares, normal)


@lru_cache(maxsize=64)
def _known(n: int) -> tuple[Floats, Floats]:
    """Shares between 0 and 1 and their normal quantiles: those of all ranks of n values, where these are not too many
    to be looked up one by one.
    """
    if 2 * n - 1 <= _LOOKED_UP:
        shares = np.arange(1.0, n + 0.25, 0.5) / (n + 1)
    else:
        shares = np.linspace(0.5 / (n + 1), 1 - 0.5 / (n + 1), _LOOKED_UP)
    normal = NormalDist()
    return shares, np.array([normal.inv_cdf(share) for share in shares.tolist()])


def chance_of(statistic: float) -> float:
    """How often the supremum of a Brownian bridge is larger (Kolmogorov's distribution).

    >>> round(chance_of(1.358), 3)
    0.05
    """
    if statistic < 0.3:
        return 1.0
    terms = np.arange(1, 101)
    return float(min(1.0, 2 * np.sum((-1.0) ** (terms - 1) * np.exp(-2 * terms**2 * statistic**2))))


def change_points(values: Floats, days: Ints, level: float, least: int = LEAST, block: int = BLOCK) -> list[Point]:
    """Every change of level of a series, in order of time.

    values: in order of time, any number to a day. days: of each value, ascending. level: how often a series without a
    change may show one. least: days on either side of a change.
    """
    found: list[Point] = []
    parts = [(0, len(values))]
    while parts:
        low, high = parts.pop()
        point = _strongest(values[low:high], days[low:high], level, least, block)
        if point is None:
            continue
        at = int(np.searchsorted(days, point.day))
        found.append(point)
        parts += [(low, at), (at, high)]
    found.sort(key=lambda point: point.day)
    return [_placed(values, days, found, k, level, least, block) for k in range(len(found))]


def _placed(values: Floats, days: Ints, found: list[Point], k: int, level: float, least: int, block: int) -> Point:
    """The change looked at again between its neighbours, for others had been in sight when it was found."""
    low = int(np.searchsorted(days, found[k - 1].day)) if k else 0
    high = int(np.searchsorted(days, found[k + 1].day)) if k + 1 < len(found) else len(values)
    return _strongest(values[low:high], days[low:high], level, least, block) or found[k]


def _strongest(values: Floats, days: Ints, level: float, least: int, block: int) -> Point | None:
    if not len(values) or days[-1] - days[0] + 1 < 2 * least:
        return None
    n = len(values)
    ends = np.flatnonzero(np.diff(days)) + 1  # where a new day begins
    inside = ends[(days[ends] - days[0] >= least) & (days[-1] + 1 - days[ends] >= least)]
    if not len(inside):
        return None
    sums, ratio = _steps(values, inside)
    best = int(inside[int(np.argmax(ratio))])
    variance = _variance(values, days, (best, _second(values, inside, best)), block)
    within = NEARLY * variance
    if variance <= 1e-12 * max(1.0, float(np.abs(values).max())) ** 2:  # without any noise a step is a step
        if ratio.max() <= 1e-9:
            return None
        variance, within = float(ratio.max()) / n, 0.0
    strength = float(np.abs(sums).max()) / float(np.sqrt(variance * n))
    if chance_of(strength) > level:
        return None
    near = inside[ratio >= ratio.max() - within - 1e-12]
    return Point(int(days[best]), int(days[near[0]]), int(days[near[-1]]), strength)


def _steps(values: Floats, places: Ints) -> tuple[Floats, Floats]:
    """Before each place what is summed of the deviations from the mean, and what a step there explains of them."""
    sums, n = np.cumsum(values - values.mean())[places - 1], len(values)
    return sums, sums**2 * n / (places * (n - places))


def step_likelihood(values: Floats, days: Ints, grid: Ints, block: int = BLOCK) -> Floats:
    """The logarithm of the likelihood of one step on each day of a grid, beside that of none; −∞ where none can be.

    values: in order of time. days: of each value.
    """
    found = np.full(len(grid), -np.inf)
    places = np.searchsorted(days, grid)
    able = (places > 0) & (places < len(values))
    if not able.any():
        return found
    inside = np.unique(places[able])
    found[able] = _steps(values, places[able])[1]
    best = int(places[int(np.argmax(found))])
    found[able] /= 2 * max(_variance(values, days, (best, _second(values, inside, best)), block), 1e-12)
    return found


def _variance(values: Floats, days: Ints, steps: tuple[int, int], block: int) -> float:
    """The long-run variance of a value around the levels between two places: two, for one step hides another."""
    rest = values.copy()
    edges = (0, *sorted(steps), len(values))
    for low, high in pairwise(edges):
        if high > low:
            rest[low:high] -= rest[low:high].mean()
    blocks = (days - days[0]) // block
    sums = np.bincount(blocks, rest)
    used = max(1, len(np.unique(blocks)) - 3)
    together = float((sums**2).sum()) / len(values) * (used + 3) / used
    return max(together, float((rest**2).mean())) * (used + 3) / max(used - 1, 1)


def _second(values: Floats, inside: Ints, first: int) -> int:
    """The best place for another step, beside a first one."""
    best, gain = first, 0.0
    for low, high in ((0, first), (first, len(values))):
        places = inside[(inside > low) & (inside < high)] - low
        if not len(places):
            continue
        ratio = _steps(values[low:high], places)[1]
        if float(ratio.max()) > gain:
            best, gain = int(places[int(np.argmax(ratio))]) + low, float(ratio.max())
    return best
