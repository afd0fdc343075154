"""How crates ride a belt, into a stage or out of the plant: one rule. Lengths in u (see `layout.plan`)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SPACING = 24.0
"""From crate to crate in a standing queue."""
EDGE = 14.0
"""Between the middle of a belt's first or last crate and the belt's end, so that all of a crate lies on the belt."""
BELT_SPEED = 120.0
"""What a crate rides in one second of display time."""


def ride_time(length: float, pace: float) -> float:
    """How long a crate rides a belt of that length, in data µs; at least one. pace: data µs per second of display."""
    return max(max(length, SPACING) / BELT_SPEED * pace, 1.0)


def lined_up(wishes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where crates are that wish to be so far along a belt, the first in front: nobody overtakes, nobody overlaps.

    Who finds no room is before the belt's beginning, at a negative place.

    >>> lined_up(np.array([48.0, 90.0, 30.0])).tolist()
    [48.0, 24.0, 0.0]
    """
    if not len(wishes):
        return wishes
    steps = np.arange(len(wishes)) * SPACING
    return np.asarray(np.minimum.accumulate(wishes + steps) - steps)
