"""Where cases leave the floor: the docks of the outcomes, and what the stages lose."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.standing import BELT_SPEED, SPACING, OnBelt
from factoryview.store.database import Store
from factoryview.store.window import Tally


@dataclass(frozen=True)
class Ending:
    """Cases that went from one stage to one outcome, in order of time (µs UTC)."""

    at: NDArray[np.int64]
    hue: NDArray[np.int8]
    tally: Tally
    reason: str
    """The reason given most often, empty if none."""

    def by(self, moment: int) -> float:
        """Cases (weight) that had gone by then."""
        return self.tally.by(moment)

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


NO_ENDING = Ending(
    np.empty(0, np.int64), np.empty(0, np.int8), Tally.of(np.empty(0, np.int64), np.empty(0, np.float64)), ""
)
"""Of a way that nobody went."""


def endings(store: Store, channels: tuple[str, ...]) -> dict[tuple[str | None, str], Ending]:
    """All endings by (stage left, outcome). channels: their hues are their indexes, 0 where not listed."""
    columns = store.ask("deliveries")
    at = np.asarray(columns["at"], dtype=np.int64)
    weight = np.asarray(columns["weight"], dtype=float)
    hue_of = {name: i for i, name in enumerate(channels)}
    hue = np.array([hue_of.get(name or "", 0) for name in _texts(columns["channel"])], dtype=np.int8)
    reasons = np.array(_texts(columns["reason"]), dtype=object)
    ways: dict[tuple[str | None, str], list[int]] = {}
    for i, way in enumerate(zip(_texts(columns["via"]), _texts(columns["outcome"]), strict=True)):
        ways.setdefault((way[0], str(way[1])), []).append(i)
    found: dict[tuple[str | None, str], Ending] = {}
    for way, rows in ways.items():
        chosen = np.array(rows, dtype=np.intp)
        given = Counter(reason for reason in reasons[chosen] if reason)
        most = min(given, key=lambda reason: (-given[reason], reason)) if given else ""
        found[way] = Ending(at[chosen], hue[chosen], Tally.of(at[chosen], weight[chosen]), most)
    return found


def _texts(column: NDArray[np.object_]) -> list[str | None]:
    return [text if isinstance(text, str) else None for text in column.tolist()]
