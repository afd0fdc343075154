"""What stands where at a moment: the law of the picture, as a pure function.

Every present stay is one crate, and every crate is in exactly one place: inside the machine, on the belt it came
by, or in the pile beside the intake. Nothing here depends on what was asked before: seeking equals playing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factoryview.store.window import FOREVER, UNKNOWN, StayArrays

SPACING = 0.5
"""Tiles from crate to crate in a standing queue."""
BELT_SPEED = 4.0
"""Tiles a crate rides in one second of display time."""
_RIDE_SHARE = 0.7
"""At most this share of a stay is spent riding, the rest is seen standing or inside the machine."""
_CHUNK = 2_048


@dataclass(frozen=True)
class Way:
    """A belt as the standing needs it: which stage it feeds and how long it is, in tiles."""

    stage: int
    length: float


@dataclass(frozen=True)
class OnBelt:
    """The crates of one belt, front first."""

    id: NDArray[np.int64]
    position: NDArray[np.float64]
    """Tiles from the belt's beginning."""
    hue: NDArray[np.int8]
    standing: int
    """The first so many stand still at the front."""


@dataclass(frozen=True)
class AtStage:
    """Cases (weights) of one stage at the moment; `wip = on_belt + in_pile + in_machine`."""

    wip: float
    on_belt: float
    in_pile: float
    in_machine: float
    crates: int


@dataclass(frozen=True)
class Standing:
    """All that stands at `at` (µs UTC)."""

    at: int
    stages: tuple[AtStage, ...]
    belts: tuple[OnBelt, ...]


class _Lane:
    """The stays that came one way into one stage, in order of arrival, ready to be counted at any moment."""

    def __init__(self, stays: StayArrays, chosen: NDArray[np.intp], length: float, shown: bool) -> None:
        self.length = length
        self.capacity = int(length / SPACING + 1e-9) + 1 if shown else 0
        self.entered = stays.entered[chosen]
        self.left = stays.left[chosen]
        started = stays.started[chosen]
        self.known = started != UNKNOWN
        self.started = np.where(self.known, started, self.left)
        """When waiting ends: the start, or where it is unknown the end of the stay."""
        self.id = stays.id[chosen]
        self.hue = stays.hue[chosen]
        weight = stays.weight[chosen]
        self.weight = weight
        self._arrived = np.concatenate([[0.0], np.cumsum(weight)])
        self._left, self._left_order = _sorted_weights(self.left, weight)
        self._begun, self._begun_order = _sorted_weights(
            np.where(self.known, np.minimum(started, self.left), FOREVER), weight
        )
        self._known_left, self._known_left_order = _sorted_weights(np.where(self.known, self.left, FOREVER), weight)

    def wip(self, at: int) -> tuple[float, int]:
        """Weight and number of stays with entered ≤ at < left."""
        come = int(np.searchsorted(self.entered, at, side="right"))
        gone = int(np.searchsorted(self._left, at, side="right"))
        return float(self._arrived[come] - self._left_order[gone]), come - gone

    def working(self, at: int) -> float:
        """Weight of stays whose work is known to be under way: started ≤ at < left."""
        begun = np.searchsorted(self._begun, at, side="right")
        done = np.searchsorted(self._known_left, at, side="right")
        return float(self._begun_order[begun] - self._known_left_order[done])

    def waiting(self, at: int, most: int) -> NDArray[np.intp]:
        """The first `most` stays, by arrival, that wait at the moment (entered ≤ at < started)."""
        come = int(np.searchsorted(self.entered, at, side="right"))
        found: list[NDArray[np.intp]] = []
        missing = most
        for start in range(0, come, _CHUNK):
            if missing <= 0:
                break
            chunk = np.flatnonzero(self.started[start : min(come, start + _CHUNK)] > at)[:missing] + start
            found.append(chunk)
            missing -= len(chunk)
        return np.concatenate(found) if found else np.empty(0, dtype=np.intp)

    def reached(self, chosen: NDArray[np.intp], pace: float) -> NDArray[np.float64]:
        """When each is at the intake: after a ride of display time, but never longer than its wait. µs UTC."""
        ride = max(self.length, SPACING) / BELT_SPEED * pace
        ends = self.started[chosen]
        entered = self.entered[chosen]
        wait = np.where(ends == FOREVER, np.inf, ends.astype(float) - entered)
        share = np.where(self.known[chosen], 1.0, _RIDE_SHARE)
        return np.asarray(entered + np.maximum(np.minimum(ride, share * wait), 1.0))


def _sorted_weights(
    at: NDArray[np.int64], weight: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    order = np.argsort(at, kind="stable")
    ordered = at[order]
    totals = np.concatenate([[0.0], np.cumsum(weight[order])])
    return ordered, totals


class Floor:
    """Stays of a window sorted into the lanes of a floor. Build once per window, ask at any moment in it."""

    def __init__(self, stays: StayArrays, ways: Sequence[Way], stages: int) -> None:
        self.since, self.until = stays.since, stays.until
        self._lanes: list[_Lane] = []
        by_belt = _groups(stays.belt, len(ways))
        for way, chosen in zip(ways, by_belt, strict=True):
            self._lanes.append(_Lane(stays, chosen, way.length, shown=True))
        self._stage_lanes: list[list[int]] = [[] for _ in range(stages)]
        for i, way in enumerate(ways):
            self._stage_lanes[way.stage].append(i)
        other = np.flatnonzero(stays.belt < 0)
        for stage, chosen in enumerate(_groups(stays.stage[other], stages)):
            if len(chosen):
                self._stage_lanes[stage].append(len(self._lanes))
                self._lanes.append(_Lane(stays, other[chosen], 0.0, shown=False))
        self._shown = len(ways)

    def stand(self, at: int, pace: float, servers: Sequence[int]) -> Standing:
        """Where everything stands.

        at: µs UTC inside the window. pace: data µs per second of display. servers: how many cases each stage can
        hold inside while starts are unknown; where starts are known the log decides.
        Raises ValueError outside the window.
        """
        if not self.since <= at < self.until:
            raise ValueError(f"{at} is outside the window [{self.since}, {self.until})")
        fronts = [lane.waiting(at, lane.capacity + servers[stage]) for lane, stage in self._lane_stages()]
        reached = [lane.reached(front, pace) for lane, front in zip(self._lanes, fronts, strict=True)]
        inside = [np.zeros(len(front), dtype=bool) for front in fronts]
        for stage, lanes in enumerate(self._stage_lanes):
            self._admit(lanes, fronts, reached, inside, at, servers[stage])
        belts = []
        on_belt = []
        for i, lane in enumerate(self._lanes):
            waiting = fronts[i][~inside[i]]
            entered = lane.entered[waiting]
            ride = np.minimum((at - entered) / (reached[i][~inside[i]] - entered), 1.0)
            belt = _queue(lane, waiting, ride)
            on_belt.append(float(lane.weight[waiting[: len(belt.id)]].sum()))
            belts.append(belt)
        stages = []
        for lanes in self._stage_lanes:
            counts = [self._lanes[i].wip(at) for i in lanes]
            wip = _exact(sum(weight for weight, _ in counts))
            machine = _exact(
                sum(self._lanes[i].working(at) for i in lanes)
                + sum(float(self._lanes[i].weight[fronts[i][inside[i]]].sum()) for i in lanes)
            )
            riding = _exact(sum(on_belt[i] for i in lanes))
            crates = sum(number for _, number in counts)
            stages.append(AtStage(wip, riding, _exact(wip - riding - machine), machine, crates))
        return Standing(at, tuple(stages), tuple(belts[: self._shown]))

    def _lane_stages(self) -> list[tuple[_Lane, int]]:
        stage_of = {lane: stage for stage, lanes in enumerate(self._stage_lanes) for lane in lanes}
        return [(lane, stage_of[i]) for i, lane in enumerate(self._lanes)]

    def _admit(
        self,
        lanes: list[int],
        fronts: list[NDArray[np.intp]],
        reached: list[NDArray[np.float64]],
        inside: list[NDArray[np.bool_]],
        at: int,
        servers: int,
    ) -> None:
        """Let those of unknown start into the machine that reached it first, as many as it has servers.

        Who is inside stays inside: nobody who comes to the intake later goes before.
        """
        at_intake = [
            (float(reached[i][n]), int(lane.id[fronts[i][n]]), i, n)
            for i in lanes
            for lane in [self._lanes[i]]
            for ready in [np.flatnonzero((reached[i] <= at) & ~lane.known[fronts[i]])]
            for n in ready[np.argsort(reached[i][ready], kind="stable")[:servers]].tolist()
        ]
        for _, _, i, n in sorted(at_intake)[:servers]:
            inside[i][n] = True


def _exact(weight: float) -> float:
    """Without the dust of floating point: a whole number of cases is whole, nothing is 0."""
    return round(weight, 9) + 0.0


def _groups(codes: NDArray[np.int16], count: int) -> list[NDArray[np.intp]]:
    """Indexes per code 0..count−1, each in the order given."""
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(count + 1))
    return [order[bounds[i] : bounds[i + 1]] for i in range(count)]


def _queue(lane: _Lane, waiting: NDArray[np.intp], ride: NDArray[np.float64]) -> OnBelt:
    """Line them up: nobody overtakes, nobody overlaps; whoever finds no room is left to the pile."""
    steps = np.arange(len(waiting)) * SPACING
    room = np.minimum.accumulate(ride * lane.length + steps) - steps if len(waiting) else steps
    fits = min(int(np.count_nonzero(room >= -1e-9)), lane.capacity)
    shown = waiting[:fits]
    at_front = np.abs(room[:fits] - (lane.length - steps[:fits])) < 1e-9
    standing = fits if at_front.all() else int(np.argmin(at_front))
    return OnBelt(lane.id[shown], np.maximum(room[:fits], 0.0), lane.hue[shown], standing)
