"""Those who wait on many lanes as one table, so that all are lined up at once: a frame asks for most of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from factoryview.flow.moment.lane import Lane
from factoryview.flow.moment.lining import OnBelt, Waiting
from factoryview.flow.moment.ride import SPACING

_DUST = 1e-9


class Riding:
    """A row for each lane. What it says of a row is what `line_up` says of that lane."""

    def __init__(self, lanes: Sequence[Lane]) -> None:
        self._waiting: list[Waiting | None] = [None] * len(lanes)
        self._length = np.array([[lane.length] for lane in lanes]).reshape(-1, 1)
        self._capacity = np.array([lane.capacity for lane in lanes])
        self._entered: NDArray[np.int64] = np.empty((len(lanes), 0), np.int64)
        self._span: NDArray[np.float64] = np.empty((len(lanes), 0))
        """Of each its way's time; before the first and beyond the last of a row, who would never find room."""
        self._steps: NDArray[np.float64] = np.empty(0)

    def put(self, row: int, waiting: Waiting) -> None:
        """Who waits on a lane from now on."""
        count = len(waiting.id)
        if count > len(self._steps):
            more = (0, 0), (0, count - len(self._steps))
            self._entered = np.pad(self._entered, more)
            self._span = np.pad(self._span, more, constant_values=-1.0)
            self._steps = np.asarray(np.arange(count) * SPACING)
        self._waiting[row] = waiting
        self._entered[row, :count] = waiting.entered
        self._span[row, :count] = waiting.reach - waiting.entered
        self._entered[row, count:] = 0
        self._span[row, count:] = -1.0

    def line_up(self, rows: Sequence[int], at: int) -> list[OnBelt]:
        """The belts of some lanes at a moment (µs UTC after 1970)."""
        if not rows:
            return []
        chosen = list(rows)
        length, capacity = self._length[chosen], self._capacity[chosen]
        ridden = np.minimum((at - self._entered[chosen]) / self._span[chosen], 1.0)
        room = np.minimum.accumulate(ridden * length + self._steps, axis=1) - self._steps
        fits = np.minimum((room >= -_DUST).sum(axis=1), capacity).tolist()
        still = (room >= length - self._steps - _DUST).sum(axis=1).tolist()
        position = np.maximum(room, 0.0)
        found = []
        for k, row in enumerate(chosen):
            waiting, count = self._waiting[row], fits[k]
            assert waiting is not None, "nobody has been put there"
            found.append(OnBelt(waiting.id[:count], position[k, :count], waiting.hue[:count], min(still[k], count)))
        return found
