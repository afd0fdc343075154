"""Beyond noise, the same rule everywhere: means of days that follow one another, and the false discovery rate.

Block bootstrap (Künsch 1989, in circles: Politis and Romano 1992); Benjamini and Hochberg 1995 for many at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DRAWS = 1_000
SHORTEST, PARTS = 5, 8
"""Working days of a block at least; blocks in a span at least."""


@dataclass(frozen=True)
class Mean:
    """A mean, how far it may be off, and how many blocks of days say so."""

    value: float
    error: float
    """Standard error."""
    blocks: float


def mean_of(sums: Floats, counts: Floats, seed: int = 0) -> Mean | None:
    """The mean of what happened on some working days, Σ sums ÷ Σ counts; None of nothing, or of too few days.

    sums, counts: of each day; for a daily rate the counts are 1.
    """
    n = len(sums)
    if n < SHORTEST * 2 or counts.sum() <= 0:
        return None
    value = float(sums.sum() / counts.sum())
    length = _block(sums - value * counts)
    rng = np.random.default_rng(seed)
    number = -(-n // length)
    starts = rng.integers(0, n, (DRAWS, number))
    both = []
    for column in (sums, counts):
        total = np.concatenate([[0.0], np.cumsum(np.concatenate([column, column[:length]]))])
        both.append((total[starts + length] - total[starts]).sum(axis=1))
    drawn = both[0] / np.maximum(both[1], 1e-9 * counts.sum())
    blocks = n / length
    few = sqrt(blocks / (blocks - 1))  # what is drawn of few blocks varies too little, as a sample's variance does
    return Mean(value, float(drawn.std(ddof=1)) * few, blocks)


def _block(rest: Floats) -> int:
    """Days that are kept together: as many as it takes until days have nothing to do with one another."""
    n = len(rest)
    longest = max(SHORTEST, n // PARTS)
    power = float((rest**2).sum())
    if power <= 0:
        return min(SHORTEST, longest)
    noise, following = 2 / sqrt(n), 0.0
    for lag in range(1, longest + 1):
        alike = float((rest[:-lag] * rest[lag:]).sum()) / power
        if alike < noise:
            break
        following += alike
    return int(np.clip(np.ceil(1 + 2 * following), SHORTEST, longest))


def difference_of(first: Mean, second: Mean, chance: float = 0.05) -> tuple[float, float, float]:
    """Of the difference second − first: low and high end of its interval, and the chance of one as large if there is
    none (Welch's t, with the blocks as observations). chance: how often the interval may miss.
    """
    squares = first.error**2, second.error**2
    error = sqrt(sum(squares))
    difference = second.value - first.value
    if error <= 0:
        return difference, difference, 0.0 if difference else 1.0
    parts = zip(squares, (first.blocks, second.blocks), strict=True)
    free = max(1.5, sum(squares) ** 2 / sum(square**2 / max(blocks - 1, 1.0) for square, blocks in parts if square))
    reach = _quantile(chance, free) * error
    return difference - reach, difference + reach, chance_of(difference / error, free)


def chance_of(t: float, free: float) -> float:
    """Two-sided chance of Student's t at least as far from 0 (Wallace 1959).

    >>> round(chance_of(2.228, 10), 2), round(chance_of(1.96, 1e9), 3)
    (0.05, 0.05)
    """
    normal = (8 * free + 1) / (8 * free + 3) * sqrt(free * np.log1p(t * t / free))
    return erfc(normal / sqrt(2))


def _quantile(chance: float, free: float) -> float:
    low, high = 0.0, 1e4
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if chance_of(middle, free) > chance else (low, middle)
    return high


def discovered(chances: Sequence[float], rate: float) -> list[bool]:
    """Which of many differences are told, so that of those told at most that share is none (Benjamini–Hochberg).

    >>> discovered([0.001, 0.04, 0.03, 0.9], 0.05)
    [True, False, False, False]
    """
    order = np.argsort(chances, kind="stable")
    passed = np.asarray(chances)[order] <= rate * np.arange(1, len(order) + 1) / max(len(order), 1)
    most = int(np.flatnonzero(passed)[-1]) + 1 if passed.any() else 0
    told = np.zeros(len(order), bool)
    told[order[:most]] = True
    return told.tolist()
