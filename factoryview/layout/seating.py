"""Which item stands in which slot: what a seating costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .shapes import Cell, Shape
from .task import WALL, Kind, Task

_JUMP_ROW, _JUMP_COLUMN = 8.0, 7.0
"""A machine between the ends of a link in one row or column."""
_CROSSING = 7.0
_FEW = 150
"""Pairs of lines up to which counting them one by one is quicker."""
_FACING = 60.0
"""Two corridor yards, or two slow rings, that want the same strip."""

Ints = NDArray[Any]


@dataclass(frozen=True)
class Seating:
    """A slot for every item."""

    cells: tuple[Cell, ...]
    cost: float


class Crossings:
    """Which straight lines of two links cross inside. A link from slot a to slot b has the number a · slots + b."""

    def __init__(self, columns: int, slots: int) -> None:
        self._slots, self._columns = slots, columns
        count = slots * slots
        self._table = np.zeros((count, count), dtype=np.uint8)
        self._rows: list[bytes | None] = [None] * count
        numbers = np.arange(count)
        self._ends = [(ends % columns, ends // columns) for ends in (numbers // slots, numbers % slots)]

    def of(self, link: int) -> bytes:
        """For every other link, 1 where it crosses this one, else 0."""
        found = self._rows[link]
        if found is None:
            (cx, cy), (dx, dy) = self._ends
            ax, ay, bx, by = (ends[axis][link] for ends in self._ends for axis in (0, 1))
            here = _side(ax, ay, bx, by, cx, cy) * _side(ax, ay, bx, by, dx, dy) < 0
            there = _side(cx, cy, dx, dy, ax, ay) * _side(cx, cy, dx, dy, bx, by) < 0
            self._table[link] = here & there
            found = self._rows[link] = self._table[link].tobytes()
        return found

    def among(self, own: Sequence[int], lines: Sequence[int]) -> int:
        """How often links of the one list cross those of the other."""
        rows = [self.of(link) for link in own]
        if len(own) * len(lines) < _FEW:
            return sum(row[line] for row in rows for line in lines)
        return int(self._table[np.array(own)[:, None], np.array(lines)].sum())


def _side(px: Ints, py: Ints, qx: Ints, qy: Ints, rx: Ints, ry: Ints) -> Ints:
    """On which side of the line from p to q the point r lies: −1, 0, 1."""
    return np.asarray(np.sign((qx - px) * (ry - py) - (qy - py) * (rx - px)))


class Board:
    """The grid's tables: what a link from slot a to slot b costs, which slots lie between, which links cross.

    A slot is numbered row · columns + column.
    """

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows, self.size = columns, rows, columns * rows
        n = self.size
        pairs = [(a, b) for a in range(n) for b in range(n)]
        self.forward = [_forward(*self._delta(a, b)) for a, b in pairs]
        self.rework = [_rework(*self._delta(a, b)) for a, b in pairs]
        self.to_yard = [_to_yard(*self._delta(a, b)) for a, b in pairs]
        self.from_yard = [_from_yard(*self._delta(a, b)) for a, b in pairs]
        self.between = [self._between(a, b) for a, b in pairs]
        self.crossings = Crossings(columns, n)

    def _delta(self, a: int, b: int) -> tuple[int, int]:
        return b % self.columns - a % self.columns, b // self.columns - a // self.columns

    def _between(self, a: int, b: int) -> int:
        dx, dy = self._delta(a, b)
        if (dx and dy) or a == b:
            return 0
        step = (dx > 0) - (dx < 0) + self.columns * ((dy > 0) - (dy < 0))
        return sum(1 << slot for slot in range(a + step, b, step))


@lru_cache(maxsize=12)
def board_of(columns: int, rows: int) -> Board:
    """The tables of a grid; they depend on nothing else."""
    return Board(columns, rows)


def _forward(dx: int, dy: int) -> float:
    cost = 12.0 * abs(dx) + 10.0 * abs(dy) - 10.0 + 5.0 * (dx != 0 and dy != 0) + 5.0 * (dy != 0)
    if dx < 0:
        cost += 9.0 + 4.0 * -dx if dy == 0 else 4.0 + 3.0 * -dx
    if dy < 0:
        cost += 3.0 - dy
    return cost


def _rework(dx: int, dy: int) -> float:
    return 0.8 * (12.0 * abs(dx) + 10.0 * abs(dy) - 10.0 + 5.0 * (dx != 0 and dy != 0)) + 2.0


def _to_yard(dx: int, dy: int) -> float:
    """The way to a yard may be long and lead back: the queue can use it."""
    cost = 5.0 * max(0, abs(dx) - 2) + 6.0 * max(0, dx - 1)
    cost += (8.0 if dy == 0 else 4.0) + 8.0 * max(0, abs(dy) - 1)
    return cost + (3.0 - 2.0 * dy if dy < 0 else 0.0)


def _from_yard(dx: int, dy: int) -> float:
    if dy == 0 and dx == 1:
        return 0.0
    return 7.0 if dy == 0 and dx == -1 else 60.0 + 12.0 * (abs(dx) + abs(dy))


class Placer:
    """Seats the items of a task on a shape."""

    def __init__(self, task: Task, shape: Shape) -> None:
        self.task, self.shape = task, shape
        self.board = board = board_of(shape.columns, shape.rows)
        self.number = {(c, r): r * shape.columns + c for c in range(shape.columns) for r in range(shape.rows)}
        self.slots = [[self.number[cell] for cell in cells] for cells in shape.zones]
        self.links: list[tuple[int, int, list[float], float]] = []
        """Origin, target, table, weight."""
        first: list[float] = [0.0] * len(task.items)
        for link in task.links:
            weight = 0.3 + 0.7 * link.weight
            origin, target, table = link.origin, link.target, board.rework if link.rework else board.forward
            if link.queue and (yard := task.yard_of(target)) is not None:
                target, table = yard, board.to_yard
            if origin == WALL or task.items[origin].kind == Kind.GATE:
                entry = target if origin == WALL else origin
                first[entry] = max(first[entry], 9.0 * (0.4 + 0.6 * link.weight))
            if origin != WALL:
                self.links.append((origin, target, table, weight))
        for yard, item in enumerate(task.items):
            if item.kind == Kind.YARD:
                self.links.append((yard, item.stage, board.from_yard, 1.0))
        if not any(link.origin == WALL or task.items[link.origin].kind == Kind.GATE for link in task.links):
            first[0] = 4.0
        self.by_item: list[list[int]] = [[] for _ in task.items]
        for i, (origin, target, _, _) in enumerate(self.links):
            self.by_item[origin].append(i)
            self.by_item[target].append(i)
        place = [slot % shape.columns + 0.25 * (slot // shape.columns) for slot in range(board.size)]
        self.single: list[list[float] | None] = [[weight * p for p in place] if weight else None for weight in first]
        last = shape.columns - 1
        for i, item in enumerate(task.items):
            if item.kind == Kind.DEPOT:
                out = [2.5 * (last - slot % shape.columns) for slot in range(board.size)]
                self.single[i] = [a + b for a, b in zip(self.single[i] or [0.0] * board.size, out, strict=True)]
        self.queued = task.queued
        self.yard = {item.stage: i for i, item in enumerate(task.items) if item.kind == Kind.YARD}
        self.home = {i: self._pin(item.pinned) for i, item in enumerate(task.items) if item.pinned}
        self._waiting = [(item, self.yard.get(item, item), task.items[item].department) for item in self.queued]
        self._touched: dict[tuple[int, ...], list[int]] = {}

    def _pin(self, position: tuple[int, int]) -> int:
        column, row = min(position[0], self.shape.columns - 1), min(position[1], self.shape.rows - 1)
        return self.number[column, row]

    # ---- cost ----------------------------------------------------------------------------------------------------

    def ways(self, at: Sequence[int], taken: int, items: Sequence[int] | None = None) -> float:
        """What all links cost but for crossings, or only those at some items."""
        n, between, columns = self.board.size, self.board.between, self.shape.columns
        cost = 0.0
        links = self.links
        if items is not None:
            links = [links[i] for i in self._links_at(items)]
        for origin, target, table, weight in links:
            a, b = at[origin], at[target]
            pair = a * n + b
            cost += weight * table[pair]
            jumped = between[pair]
            if jumped:
                jumped &= taken
                if jumped:
                    upright = (a - b) % columns == 0
                    cost += (_JUMP_COLUMN if upright else _JUMP_ROW) * jumped.bit_count()
        for item in range(len(at)) if items is None else items:
            alone = self.single[item]
            if alone is not None:
                cost += alone[at[item]]
        if len(self.queued) > 1:
            cost += self._facing(at)
        return cost

    def _facing(self, at: Sequence[int]) -> float:
        """Yards that hang below row 0 and stand above row 1 in the same columns get into each other's way, as
        do those of two departments with a border between."""
        columns = self.shape.columns
        rows: tuple[list[tuple[int, int, int]], list[tuple[int, int, int]]] = ([], [])
        for item, yard, department in self._waiting:
            row, a = divmod(at[item], columns)
            if row < 2:
                b = at[yard] % columns
                rows[row].append((a, b, department) if a < b else (b, a, department))
        found = 0
        for first, last, department in rows[0]:
            for begin, end, other in rows[1]:
                if other != department or (first <= end and begin <= last):
                    found += 1
        return _FACING * found

    def _links_at(self, items: Sequence[int]) -> list[int]:
        """The links at some items, each once; costs are always added up in the same order."""
        key = tuple(items)
        found = self._touched.get(key)
        if found is None:
            found = self._touched[key] = list({i for item in items for i in self.by_item[item]})
        return found

    def crossings(self, at: Sequence[int], items: Sequence[int]) -> float:
        """What crossings of the links at these items cost, with each other and with all others."""
        n, crossings = self.board.size, self.board.crossings
        mine = self._links_at(items)
        lines = [at[origin] * n + at[target] for origin, target, _, _ in self.links]
        own = [lines[i] for i in mine]
        if not own:
            return 0.0
        return _CROSSING * (crossings.among(own, lines) - crossings.among(own, own) / 2)

    def total(self, at: Sequence[int]) -> float:
        """The cost of a seating."""
        taken = sum(1 << slot for slot in at)
        return self.ways(at, taken) + self.crossings(at, range(len(at)))

    def pinned(self, at: list[int]) -> list[int]:
        """The seating after whoever stands where a pinned item belongs has changed places with it."""
        fixed: set[int] = set()
        columns = self.shape.columns

        def far(a: int, b: int) -> tuple[int, int]:
            return abs(a % columns - b % columns) + abs(a // columns - b // columns), b

        for item, wanted in self.home.items():
            slot = min(set(range(self.board.size)) - fixed, key=lambda other: far(wanted, other))
            if slot in at:
                at[at.index(slot)] = at[item]
            at[item] = slot
            fixed.add(slot)
        return at
