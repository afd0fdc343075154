"""Where cases leave the floor: the docks of the outcomes, and what the stages lose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.moment.lining import OnBelt
from factoryview.flow.moment.ride import SPACING, lined_up, ride_time
from factoryview.flow.order import order_by
from factoryview.store.database import Store
from factoryview.store.windows import Tally


@dataclass(frozen=True)
class Ending:
    """Cases that went from one stage to one outcome, in order of time (µs UTC)."""

    at: NDArray[np.int64]
    hue: NDArray[np.int8]
    tally: Tally
    reason: NDArray[np.int32]
    """Of each case, the place of the reason given in `reasons`."""
    reasons: tuple[str, ...]
    """Empty where none is given."""

    def reasons_in(self, since: int, until: int) -> dict[str, float]:
        """Cases (weight) that went in [since, until), µs UTC, by the reason given."""
        first, last = np.searchsorted(self.at, [since, until])
        weight = np.diff(self.tally.total[first : last + 1])
        count = np.bincount(self.reason[first:last], weight, minlength=len(self.reasons))
        return {self.reasons[code]: float(count[code]) for code in np.flatnonzero(count)}

    def riding(self, at: int, pace: float, length: float) -> OnBelt:
        """Those still on the belt to the dock. They are done and in no stage; what finds no room is not drawn.

        pace: data µs per second of display. length: u of the belt between its `EDGE`s.
        """
        ride = ride_time(length, pace)
        first, last = self.at.searchsorted([at - round(ride), at], side="right")
        if first == last:
            return _NOBODY
        chosen = np.arange(max(first, last - 4 * int(length / SPACING + 1)), last)
        room = lined_up((at - self.at[chosen]) / ride * length)
        shown = room >= 0
        return OnBelt(-1 - chosen[shown], room[shown], self.hue[chosen][shown], 0)


_NOBODY = OnBelt(np.empty(0, np.int64), np.empty(0), np.empty(0, np.int8), 0)
_NEVER: NDArray[np.int64] = np.empty(0, np.int64)
NO_ENDING = Ending(_NEVER, np.empty(0, np.int8), Tally.of(_NEVER, np.empty(0, np.float64)), np.empty(0, np.int32), ())
"""Of a way that nobody went."""


def endings(store: Store, channels: tuple[str, ...]) -> dict[tuple[str | None, str], Ending]:
    """All endings by (stage left, outcome). channels: their hues are their indexes, 0 where not listed."""
    found = store.each("counts/deliveries", by=("at", "place"), channels=list(channels))
    order = order_by(np.asarray(found["at"]), np.asarray(found["place"]))
    at, hue, weight, way, why = (np.asarray(found[name])[order] for name in ("at", "hue", "weight", "way", "why"))
    ended = []
    for number in np.unique(way):
        rows = np.flatnonzero(way == number)
        [via], [outcome] = (found[name][order[rows[:1]]].tolist() for name in ("via", "outcome"))
        _, one, reason = _told_apart(why[rows])
        reasons = tuple(found["reason"][order[rows[one]]].tolist())
        parts = at[rows], hue[rows].astype(np.int8), Tally.of(at[rows], weight[rows]), reason.astype(np.int32), reasons
        ended.append(((via, outcome), Ending(*parts)))
    return dict(sorted(ended, key=lambda each: int(each[1].at[0])))


def _told_apart(codes: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.intp], NDArray[np.intp]]:
    """The codes that there are, of each the first place, and which of them stands at each place."""
    if (codes == codes[0]).all():
        return codes[:1], np.zeros(1, np.intp), np.zeros(len(codes), np.intp)
    return np.unique(codes, return_index=True, return_inverse=True)
