"""The stays that came one way into one stage: who is present, who waits and who is at work, at any moment."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.moment.ride import SPACING, ride_time
from factoryview.store.windows import FOREVER, UNKNOWN, StayArrays

_RIDE_SHARE = 0.7
"""At most this share of a stay is spent riding, the rest is seen standing or inside the machine."""
_CHUNK = 2_048


class Counted(NamedTuple):
    """What a lane holds at a moment."""

    present: float
    """Weight of entered ≤ at < left."""
    number: int
    """Of them, how many stays."""
    at_work: float
    """Weight of those known to be at work: started ≤ at < left, and no wrecks."""
    wrecks: float
    wrecked: int
    """Stays that are wrecks."""
    until: int
    """When any of this, or who waits, changes next."""


def capacity(length: float) -> int:
    """How many crates stand on a belt of that length between its `EDGE`s, in u."""
    return int(length / SPACING + 1e-9) + 1


class Lane:
    """The stays that came one way into one stage, in order of arrival, ready to be counted at any moment."""

    def __init__(
        self, stays: StayArrays, chosen: NDArray[np.intp], length: float, shown: bool, given_up: NDArray[np.int64]
    ) -> None:
        """chosen: which of the stays. given_up: of each of the stays, when nobody works on it any more; `FOREVER` if
        that never is.
        """
        self.chosen = chosen
        self.length = length
        self.shared: dict[int, float] = {}
        """Lane of the same stage → u of belt they share."""
        self.capacity = capacity(length) if shown else 0
        self.entered = stays.entered[chosen]
        self.left = stays.left[chosen]
        started = stays.started[chosen]
        self.known = started != UNKNOWN
        self.started = np.where(self.known, started, self.left)
        """When waiting ends: the start, or where it is unknown the end of the stay."""
        wrecked = np.where(given_up[chosen] < self.left, given_up[chosen], FOREVER)
        self.waits_until = np.minimum(self.started, wrecked)
        """When who waits begins, leaves or is given up."""
        self.id = stays.id[chosen]
        self.hue = stays.hue[chosen]
        weight = stays.weight[chosen]
        self.weight = weight
        self._arrived = np.concatenate([[0.0], np.cumsum(weight)])
        self._left, self._left_order = _sorted_weights(self.left, weight, self.left < FOREVER)
        works_until = np.minimum(self.left, wrecked)
        works = self.known & (started < works_until)
        self._begun, self._begun_order = _sorted_weights(started, weight, works)
        self._known_left, self._known_left_order = _sorted_weights(works_until, weight, works & (works_until < FOREVER))
        self._wrecked, self._wrecked_order = _sorted_weights(wrecked, weight, wrecked < FOREVER)
        self._cleared, self._cleared_order = _sorted_weights(self.left, weight, wrecked < FOREVER)

    def counts(self, at: int) -> Counted:
        """What is present and at work, and when that changes."""
        come = int(self.entered.searchsorted(at, side="right"))
        gone = int(self._left.searchsorted(at, side="right"))
        begun = int(self._begun.searchsorted(at, side="right"))
        done = int(self._known_left.searchsorted(at, side="right"))
        lost = int(self._wrecked.searchsorted(at, side="right"))
        back = int(self._cleared.searchsorted(at, side="right"))
        ahead = [
            int(times[k])
            for times, k in ((self.entered, come), (self._left, gone), (self._begun, begun), (self._wrecked, lost))
            if k < len(times)
        ]
        return Counted(
            float(self._arrived[come] - self._left_order[gone]),
            come - gone,
            float(self._begun_order[begun] - self._known_left_order[done]),
            float(self._wrecked_order[lost] - self._cleared_order[back]),
            lost - back,
            min(ahead, default=FOREVER),
        )

    def waiting(self, at: int, most: int) -> NDArray[np.intp]:
        """The first `most` stays, by arrival, that wait at the moment (entered ≤ at < started) and are no wrecks."""
        come = int(self.entered.searchsorted(at, side="right"))
        found: list[NDArray[np.intp]] = []
        missing = most
        for start in range(0, come, _CHUNK):
            if missing <= 0:
                break
            chunk = (self.waits_until[start : min(come, start + _CHUNK)] > at).nonzero()[0][:missing] + start
            found.append(chunk)
            missing -= len(chunk)
        return np.concatenate(found) if found else np.empty(0, dtype=np.intp)

    def reached(self, chosen: NDArray[np.intp], pace: float) -> NDArray[np.float64]:
        """When each is at the intake: after a ride of display time, but never longer than its wait. µs UTC."""
        ride = ride_time(self.length, pace)
        ends = self.started[chosen]
        entered = self.entered[chosen]
        wait = np.where(ends == FOREVER, np.inf, ends.astype(float) - entered)
        share = np.where(self.known[chosen], 1.0, _RIDE_SHARE)
        return np.asarray(entered + np.maximum(np.minimum(ride, share * wait), 1.0))


def _sorted_weights(
    at: NDArray[np.int64], weight: NDArray[np.float64], chosen: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The moments of those chosen, ascending, and the running totals of their weights, from 0."""
    at, weight = at[chosen], weight[chosen]
    order = np.argsort(at, kind="stable")
    ordered = at[order]
    totals = np.concatenate([[0.0], np.cumsum(weight[order])])
    return ordered, totals
