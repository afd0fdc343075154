"""Where cases leave the floor: the docks of the outcomes, and what the stages lose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factoryview.factory.privacy import Gate
from factoryview.flow.moment.standing import BELT_SPEED, SPACING, OnBelt
from factoryview.store.database import Store
from factoryview.store.windows import Tally


@dataclass(frozen=True)
class Ending:
    """Cases that went from one stage to one outcome, in order of time (µs UTC)."""

    at: NDArray[np.int64]
    hue: NDArray[np.int8]
    tally: Tally
    reason_at: NDArray[np.int64]
    reasons: tuple[str, ...]
    """Since each of these moments (µs UTC), ascending, the reason given most often has been this one."""

    def by(self, moment: int) -> float:
        """Cases (weight) that had gone by then."""
        return self.tally.by(moment)

    def reason(self, moment: int) -> str:
        """The reason given most often by then; empty where none was given by enough cases."""
        known = int(np.searchsorted(self.reason_at, moment, side="right"))
        return self.reasons[known - 1] if known else ""

    def riding(self, at: int, pace: float, length: float) -> OnBelt:
        """Those still on the belt to the dock. They are done and in no stage; what finds no room is not drawn.

        pace: data µs per second of display. length: tiles of the belt.
        """
        ride = max(1.0, length / BELT_SPEED * pace)
        first, last = np.searchsorted(self.at, [at - round(ride), at], side="right")
        chosen = np.arange(max(first, last - 4 * int(length / SPACING + 1)), last)
        want = (at - self.at[chosen]) / ride * length
        steps = np.arange(len(chosen)) * SPACING
        room = np.minimum.accumulate(want + steps) - steps if len(chosen) else want
        shown = room >= 0
        return OnBelt(-1 - chosen[shown], room[shown], self.hue[chosen][shown], 0)


_NEVER: NDArray[np.int64] = np.empty(0, np.int64)
NO_ENDING = Ending(_NEVER, np.empty(0, np.int8), Tally.of(_NEVER, np.empty(0, np.float64)), _NEVER, ())
"""Of a way that nobody went."""


def endings(store: Store, channels: tuple[str, ...], gate: Gate) -> dict[tuple[str | None, str], Ending]:
    """All endings by (stage left, outcome). channels: their hues are their indexes, 0 where not listed.

    gate: a reason is told where enough cases gave it.
    """
    found = store.ask("counts/deliveries", channels=list(channels), smallest=gate.smallest)
    names = ("via", "outcome", "at", "hue", "weight", "reason_at", "reason")
    return {
        (via if isinstance(via, str) else None, outcome): Ending(
            at, hue, Tally.of(at, weight), np.asarray(reason_at, dtype=np.int64), tuple(reason)
        )
        for via, outcome, at, hue, weight, reason_at, reason in zip(*(found[name] for name in names), strict=True)
    }
