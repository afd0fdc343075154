"""Those who wait outside a machine, lined up on its belts: nobody overtakes, nobody overlaps, the rest is the pile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.moment.lane import Lane
from factoryview.flow.moment.ride import SPACING, lined_up


class OnBelt(NamedTuple):
    """The crates of one belt, front first."""

    id: NDArray[np.int64]
    position: NDArray[np.float64]
    """u from the belt's first `EDGE`."""
    hue: NDArray[np.int8]
    standing: int
    """The first so many stand still at the front."""


@dataclass(frozen=True)
class Waiting:
    """Those who wait outside the machine on one lane, in order of arrival."""

    id: NDArray[np.int64]
    hue: NDArray[np.int8]
    weight: NDArray[np.float64]
    entered: NDArray[np.int64]
    reach: NDArray[np.float64]
    """When each is at the intake, if nobody is before it; see `Lane.reached`."""

    @classmethod
    def of(cls, lane: Lane, chosen: NDArray[np.intp], reach: NDArray[np.float64]) -> Waiting:
        return cls(lane.id[chosen], lane.hue[chosen], lane.weight[chosen], lane.entered[chosen], reach)

    def ridden(self, at: int) -> NDArray[np.float64]:
        """Share of the way to the intake that each would have come if it were alone."""
        return np.minimum((at - self.entered) / (self.reach - self.entered), 1.0)


def line_up(lane: Lane, waiting: Waiting, at: int) -> OnBelt:
    """Line them up: nobody overtakes, nobody overlaps; whoever finds no room is left to the pile."""
    room = lined_up(waiting.ridden(at) * lane.length)
    front = lane.length - np.arange(len(room)) * SPACING
    return on_belt(lane, waiting, room, int(np.count_nonzero(room >= front - 1e-9)))


def on_belt(lane: Lane, waiting: Waiting, room: NDArray[Any], standing: int) -> OnBelt:
    """Those who find room. room: u from the belt's first `EDGE`, negative where there is none."""
    fits = min(int(np.count_nonzero(room >= -1e-9)), lane.capacity)
    return OnBelt(waiting.id[:fits], np.maximum(room[:fits], 0.0), waiting.hue[:fits], min(standing, fits))


def merged(
    wishes: list[tuple[NDArray[np.float64], NDArray[np.float64]]], group: list[int], lanes: list[Lane]
) -> list[NDArray[np.float64]]:
    """Line up lanes that share a stretch before the intake: like one queue where they are one belt, apart before that.

    wishes: per lane of the group, distances from the intake wished for and moments of reaching it, in order of
    arrival. Returns room as in `line_up`. Nobody is nearer to another than `SPACING` where they share a belt.
    """
    apart = [[lanes[a].shared.get(b, 0.0) + SPACING / 2 for b in group] for a in group]
    rooms = [np.empty(len(wish)) for wish, _ in wishes]
    order = sorted((distance, reach, g, n) for g, (wish, when) in enumerate(wishes)
                   for n, (distance, reach) in enumerate(zip(wish.tolist(), when.tolist(), strict=True)))  # fmt: skip
    last = [-SPACING] * len(group)
    last_shared = [[-SPACING] * len(group) for _ in group]
    for distance, _, g, n in order:
        spot = max(distance, last[g] + SPACING)
        for other in range(len(group)):
            if other != g and spot < apart[g][other]:
                spot = max(spot, last_shared[g][other] + SPACING)
        rooms[g][n] = lanes[group[g]].length - spot
        last[g] = spot
        for other in range(len(group)):
            if spot < apart[g][other]:
                last_shared[other][g] = spot
    return rooms
