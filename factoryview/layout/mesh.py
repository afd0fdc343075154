"""The lines on which belts may run. Between slots lie numbered tracks that have no width until a belt uses one.

Vertical lines from left to right: the tracks of gap 0, three port lines of column 0, the tracks of gap 1, … Horizontal
lines likewise: the tracks of corridor 0, three hall lines of row 0, … Their crossings are the nodes of the search.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from .seating import Seating
from .shapes import Shape
from .task import Task

RIGHT, DOWN, LEFT, UP = range(4)

PORT_X = (-79, 0, 79)
"""Where the port lines of a column lie, from the middle of its halls."""
PORT_Y = (-54, 0, 54)
"""Where the hall lines of a row lie, from the middle of its halls."""
_TRACK, _PORT, _HALL = 2.4, 7.9, 6.6
"""Nominal distances, in units of 10 u, by which the search measures ways."""


@dataclass(frozen=True)
class Exit:
    """A port: the node next to it, the way a belt moves there, and what using it costs."""

    node: int
    way: int
    cost: float
    line: tuple[int, int]
    """Side and which of its three ports: (RIGHT, 0) is the upper right one."""


_BESIDE_A_BIN = 1.0
"""What it costs that a belt in the middle takes the room in which a bin says what is lost."""


class Mesh:
    """The lines of a grid with its items seated.

    Nodes are numbered row by row, `nx` in each, of which the last is closed, as is a last row: the search needs no
    other frame, since a step off the upper edge comes to the last row by a negative index.
    """

    def __init__(self, task: Task, shape: Shape, seating: Seating, tracks: int, corridors: int) -> None:
        self.task, self.shape, self.cells = task, shape, seating.cells
        self.k, self.kh = tracks, corridors
        self.columns, self.rows = shape.columns, shape.rows
        self.nx = (self.columns + 1) * tracks + 3 * self.columns + 1
        self.ny = (self.rows + 1) * corridors + 3 * self.rows
        self.size = self.nx * (self.ny + 1)
        self.moves = (1, self.nx, -1, -self.nx)
        self.x_track = [x % (tracks + 3) < tracks for x in range(self.nx - 1)] + [False]
        self.y_track = [y % (corridors + 3) < corridors for y in range(self.ny)]
        self.x_at = _spread(self.x_track, _PORT)
        self.y_at = _spread(self.y_track, _HALL)
        self.closed = bytearray(self.size)
        for y in range(self.ny):
            self.closed[self.nx * y + self.nx - 1] = 1
        for x in range(self.nx):
            self.closed[self.nx * self.ny + x] = 1
        self._exits: dict[tuple[int, bool], list[Exit]] = {}
        self._entries: dict[tuple[int, bool], list[Exit]] = {}
        self.toll = [0.0] * self.size
        self.owner = {cell: d for d, cells in enumerate(shape.zones) for cell in cells}
        self.owner |= {cell: task.items[i].department for i, cell in enumerate(self.cells)}
        self.item_at = {cell: i for i, cell in enumerate(self.cells)}
        for column in range(self.columns):
            for row in range(self.rows):
                for i in range(3):
                    for j in range(3):
                        node = self.node(self.port(column, i), self.hall(row, j))
                        if (column, row) in self.item_at:
                            self.closed[node] = 1
                        else:
                            self.toll[node] = 1.5

    def track(self, gap: int, i: int) -> int:
        """Vertical line: track i (from the left; −1: the last) of the gap before column `gap`."""
        return gap * (self.k + 3) + i % self.k

    def port(self, column: int, i: int) -> int:
        """Vertical line: port line i of a column."""
        return column * (self.k + 3) + self.k + i

    def corridor(self, gap: int, i: int) -> int:
        """Horizontal line: track i (from above; −1: the last) of the corridor above row `gap`."""
        return gap * (self.kh + 3) + i % self.kh

    def hall(self, row: int, i: int) -> int:
        """Horizontal line: hall line i of a row."""
        return row * (self.kh + 3) + self.kh + i

    def node(self, x: int, y: int) -> int:
        """Number of a crossing."""
        return y * self.nx + x

    def exits(self, item: int, rework: bool) -> list[Exit]:
        """Ports by which a belt may leave an item."""
        if (item, rework) not in self._exits:
            self._exits[item, rework] = self._find_exits(item, rework)
        return self._exits[item, rework]

    def _find_exits(self, item: int, rework: bool) -> list[Exit]:
        mid = (1.0, 0.0, 0.7)
        found = self._side(item, RIGHT, mid)
        found += self._side(item, LEFT, tuple(3.5 - 2.0 * rework + m for m in mid))
        found += self._side(item, DOWN, (1.6, 1.5, 1.6)) + self._side(item, UP, (3.6, 3.5, 3.6))
        return found

    def entries(self, item: int, rework: bool) -> list[Exit]:
        """Ports by which a belt may come to an item; node and way are those of the last step towards it."""
        if (item, rework) not in self._entries:
            self._entries[item, rework] = self._find_entries(item, rework)
        return self._entries[item, rework]

    def _find_entries(self, item: int, rework: bool) -> list[Exit]:
        mid = (0.0 + rework, 1.0 * rework, 0.7 + 0.8 * rework) if rework else (1.0, 0.0, 0.7)
        found = self._side(item, LEFT, mid)
        found += self._side(item, RIGHT, tuple(3.0 - 1.5 * rework + m for m in mid))
        found += self._side(item, UP, (2.1, 2.0, 2.1)) + self._side(item, DOWN, (3.1, 3.0, 3.1))
        return [Exit(e.node, (e.way + 2) % 4, e.cost, e.line) for e in found]

    def _side(self, item: int, way: int, costs: tuple[float, ...]) -> list[Exit]:
        column, row = self.cells[item]
        shut, spec = self._shut(item), self.task.items[item].spec
        found = []
        for i, cost in enumerate(costs):
            if (way, i) in shut:
                continue
            if (way, i) == (DOWN, 1) and spec is not None and spec.loses:
                cost += _BESIDE_A_BIN
            if way in (RIGHT, LEFT):
                x = self.track(column + 1, 0) if way == RIGHT else self.track(column, -1)
                node = self.node(x, self.hall(row, i))
            else:
                y = self.corridor(row + 1, 0) if way == DOWN else self.corridor(row, -1)
                node = self.node(self.port(column, i), y)
            if not self.closed[node]:
                found.append(Exit(node, way, cost, (way, i)))
        return found

    def _shut(self, item: int) -> set[tuple[int, int]]:
        """Ports behind a bin, a siding, or the hall's own loop."""
        thing = self.task.items[item]
        if thing.spec is None:
            return set()
        shut = set()
        if thing.spec.loses:
            shut.add((DOWN, 2))
        if thing.spec.wrecks:
            shut.add((DOWN, 0))
        if any(self.task.request.belts[i].origin == thing.spec.name for i in self.task.loops):
            shut.add((UP, 0))
        return shut

    def distance(self, item: int, nodes: Iterable[int] = ()) -> list[float]:
        """Nominal way from each node to the least rectangle around an item's hall and the given nodes."""
        column, row = self.cells[item]
        left, right = self.x_at[self.port(column, 0)] - _PORT, self.x_at[self.port(column, 2)] + _PORT
        top, bottom = self.y_at[self.hall(row, 0)] - _HALL, self.y_at[self.hall(row, 2)] + _HALL
        for node in nodes:
            x, y = self.x_at[node % self.nx], self.y_at[node // self.nx]
            left, right, top, bottom = min(left, x), max(right, x), min(top, y), max(bottom, y)
        across = [max(left - x, x - right, 0.0) for x in self.x_at]
        down = [max(top - y, y - bottom, 0.0) for y in self.y_at]
        return [a + d for d in down for a in across]


def _spread(tracks: list[bool], wide: float) -> list[float]:
    """Nominal coordinates of lines: narrow between tracks, wide beside ports."""
    at = [0.0]
    for before, after in pairwise(tracks):
        at.append(at[-1] + (_TRACK if before and after else wide if not before and not after else wide / 2 + 1.2))
    return at
