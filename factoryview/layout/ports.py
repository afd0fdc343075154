"""Where belts may leave and enter: tiles around a machine, each with a direction and a penalty."""

from __future__ import annotations

from typing import NamedTuple

from .floorplan import BeltSpec, Rect

RIGHT, DOWN, LEFT, UP = range(4)
STEP = ((1, 0), (0, 1), (-1, 0), (0, -1))
"""Column and row change of each direction."""


class Port(NamedTuple):
    """A tile outside a machine or source, the way a belt moves there, and how little it is liked."""

    x: int
    y: int
    way: int
    penalty: float


_MAIN_ROW = 2
_INTO_LEFT = {2: 0.0, 1: 1.5, 3: 1.5, 0: 3.0}
_OUT_RIGHT = {2: 0.0, 3: 1.0}


def out_ports(box: Rect, belt: BeltSpec, source: bool) -> list[Port]:
    """Where `belt` may leave its origin."""
    if source:
        middle = box.h // 2
        right = [Port(box.right, box.y + i, RIGHT, 2.0 * abs(i - middle)) for i in range(box.h)]
        below = [Port(box.x + i, box.bottom, DOWN, 12.0) for i in range(1, box.w - 1)]
        above = [Port(box.x + i, box.y - 1, UP, 12.0) for i in range(1, box.w - 1)]
        return right + below + above
    if belt.origin == belt.target:
        return [
            Port(box.x + 3, box.bottom, DOWN, 0.0),
            Port(box.right, box.y + 3, RIGHT, 1.0),
            Port(box.x + 2, box.bottom, DOWN, 2.0),
            Port(box.right, box.y + 2, RIGHT, 3.0),
        ]
    rework = belt.rework
    ports = [Port(box.right, box.y + i, RIGHT, p + (2.0 if rework else 0.0)) for i, p in _OUT_RIGHT.items()]
    bottom = 0.0 if rework else 4.0
    ports += [Port(box.x + i, box.bottom, DOWN, bottom + 0.3 * (3 - i)) for i in range(box.w)]
    return ports + [Port(box.x - 1, box.y + i, LEFT, (7.0 if rework else 14.0) + 0.5 * (3 - i)) for i in range(box.h)]


def in_ports(box: Rect, belt: BeltSpec) -> list[Port]:
    """Where `belt` may enter its target; `way` is the direction in which it runs into the machine."""
    if belt.origin == belt.target:
        return [
            Port(box.x, box.bottom, UP, 0.0),
            Port(box.x - 1, box.y + 3, RIGHT, 1.0),
            Port(box.x + 1, box.bottom, UP, 6.0),
            Port(box.x - 1, box.y + 1, RIGHT, 3.0),
        ]
    rework = belt.rework
    ports = [
        Port(box.x - 1, box.y + i, RIGHT, (2.0 - 0.5 * i if i == _MAIN_ROW else p) if rework else p)
        for i, p in _INTO_LEFT.items()
    ]
    bottom = 0.0 if rework else 12.0
    ports += [Port(box.x + i, box.bottom, UP, bottom + 0.3 * i) for i in range(box.w)]
    return ports + [Port(box.right, box.y + i, LEFT, 5.0 if rework else 14.0) for i in (2, 3)]
