"""Durations in the unit that fits."""

from __future__ import annotations

from typing import Literal

Unit = Literal["days", "hours", "minutes", "seconds"]
_SIZES: tuple[tuple[Unit, float], ...] = (
    ("days", 86_400e6),
    ("hours", 3_600e6),
    ("minutes", 60e6),
    ("seconds", 1e6),
)
_NEARLY = 0.995
"""So much of a unit is written as one of it."""


def fitting(span: float) -> tuple[Unit, float]:
    """The largest unit of which a span (µs) has at least one, else seconds; and how many.

    >>> fitting(36 * 3_600e6), fitting(0.5e6)
    (('days', 1.5), ('seconds', 0.5))
    """
    unit, size = next((each for each in _SIZES if span >= _NEARLY * each[1]), _SIZES[-1])
    return unit, span / size
