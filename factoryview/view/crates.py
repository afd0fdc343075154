"""The crates on the belts one by one: which one is where, and the way that its case has come."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from factoryview.factory.factory import Factory
from factoryview.flow.moment.lining import OnBelt
from factoryview.flow.moment.ride import EDGE
from factoryview.layout.plan import Belt

_SIDE = 20.0
"""u of a crate."""


@dataclass(frozen=True)
class Visited:
    """A stay of a case."""

    stage: str
    entered: int
    left: int | None
    """None while it lasts."""
    id: int = -1


@dataclass(frozen=True)
class Journey:
    """The way of a case, its stays in order."""

    case: str | None
    """None where the plant does not allow to show it."""
    stays: tuple[Visited, ...]

    def until(self, at: int) -> Journey:
        """As it was known at a moment, µs UTC."""
        known = (stay for stay in self.stays if stay.entered <= at)
        return Journey(
            self.case,
            tuple(replace(stay, left=None) if stay.left is not None and stay.left > at else stay for stay in known),
        )


def place_of(belt: Belt, on: OnBelt, stay: int) -> tuple[float, float] | None:
    """The middle of the crate of a stay on a belt, in u of the plan; None where it is not there."""
    found = np.flatnonzero(on.id == stay)
    if not len(found):
        return None
    x, y = _points(belt, on.position[found])
    return float(x[0]), float(y[0])


def crate_at(belt: Belt, on: OnBelt, x: float, y: float) -> int | None:
    """The stay whose crate lies over a point of the plan; None where none does, or it stands for no single case."""
    xs, ys = _points(belt, on.position)
    near = np.maximum(np.abs(xs - x), np.abs(ys - y))
    if not len(near) or near.min() > _SIDE / 2:
        return None
    stay = int(on.id[int(near.argmin())])
    return stay if stay >= 0 else None


def journey(factory: Factory, stay: int) -> Journey | None:
    """The way of the case of a stay; None for counts, whose cases are not told apart."""
    store = factory.store
    if store.counted_after is not None and stay > store.counted_after:
        return None
    rows = store.rows("series/journey", id=stay)
    stays = tuple(
        Visited(stage, int(entered), None if left is None else int(left), int(number))
        for _, stage, entered, left, number in rows
    )
    return Journey(factory.gate.case(str(rows[0][0])), stays) if rows else None


def _points(belt: Belt, position: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    line = np.array(belt.points, dtype=float)
    knots = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(line, axis=0)).sum(axis=1))])
    along = position + EDGE
    return np.interp(along, knots, line[:, 0]), np.interp(along, knots, line[:, 1])
