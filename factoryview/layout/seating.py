"""Which item stands in which slot: simulated annealing over the slots of each department."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log
from random import Random

from .shapes import Cell, Shape
from .task import WALL, Kind, Task

_HOT, _COLD = 16.0, 0.4
_JUMP_ROW, _JUMP_COLUMN = 8.0, 7.0
"""A machine between the ends of a link in one row or column."""
_CROSSING = 7.0
_FACING = 60.0
"""Two corridor yards, or two slow rings, that want the same strip."""


@dataclass(frozen=True)
class Seating:
    """A slot for every item."""

    cells: tuple[Cell, ...]
    cost: float


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
        self._crossed: dict[int, bool] = {}

    def _delta(self, a: int, b: int) -> tuple[int, int]:
        return b % self.columns - a % self.columns, b // self.columns - a // self.columns

    def _between(self, a: int, b: int) -> int:
        dx, dy = self._delta(a, b)
        if (dx and dy) or a == b:
            return 0
        step = (dx > 0) - (dx < 0) + self.columns * ((dy > 0) - (dy < 0))
        return sum(1 << slot for slot in range(a + step, b, step))

    def crossing(self, first: int, second: int) -> bool:
        """Whether the straight lines of two links, each a · size + b, cross inside."""
        key = first * self.size * self.size + second
        found = self._crossed.get(key)
        if found is None:
            found = self._crossed[key] = self._cross(first, second)
        return found

    def _cross(self, first: int, second: int) -> bool:
        n, w = self.size, self.columns
        ends = [(slot % w, slot // w) for slot in (*divmod(first, n), *divmod(second, n))]
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = ends

        def side(px: int, py: int, qx: int, qy: int, rx: int, ry: int) -> int:
            turn = (qx - px) * (ry - py) - (qy - py) * (rx - px)
            return (turn > 0) - (turn < 0)

        return (
            side(ax, ay, bx, by, cx, cy) * side(ax, ay, bx, by, dx, dy) < 0
            and side(cx, cy, dx, dy, ax, ay) * side(cx, cy, dx, dy, bx, by) < 0
        )


@lru_cache(maxsize=64)
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

    def _pin(self, position: tuple[int, int]) -> int:
        column, row = min(position[0], self.shape.columns - 1), min(position[1], self.shape.rows - 1)
        return self.number[column, row]

    # ---- cost ----------------------------------------------------------------------------------------------------

    def _ways(self, at: Sequence[int], taken: int) -> float:
        """What all links cost but for crossings."""
        n, between, columns = self.board.size, self.board.between, self.shape.columns
        cost = 0.0
        for origin, target, table, weight in self.links:
            a, b = at[origin], at[target]
            pair = a * n + b
            cost += weight * table[pair]
            jumped = between[pair]
            if jumped:
                jumped &= taken
                if jumped:
                    upright = (a - b) % columns == 0
                    cost += (_JUMP_COLUMN if upright else _JUMP_ROW) * jumped.bit_count()
        for item, table_ in enumerate(self.single):
            if table_ is not None:
                cost += table_[at[item]]
        if len(self.queued) > 1:
            cost += self._facing(at)
        return cost

    def _facing(self, at: Sequence[int]) -> float:
        """Yards that hang below row 0 and stand above row 1 in the same columns get into each other's way."""
        columns, spans = self.shape.columns, []
        for item in self.queued:
            yard = self.yard.get(item, item)
            a, b = at[item] % columns, at[yard] % columns
            spans.append((at[item] // columns, min(a, b), max(a, b)))
        return _FACING * sum(
            one[0] == 0 and other[0] == 1 and one[1] <= other[2] and other[1] <= one[2]
            for one in spans
            for other in spans
        )

    def _crossings(self, at: Sequence[int], items: tuple[int, ...]) -> float:
        """Crossings of the links at these items with all others."""
        n, crossing = self.board.size, self.board.crossing
        mine = {i for item in items for i in self.by_item[item]}
        lines = [at[origin] * n + at[target] for origin, target, _, _ in self.links]
        found = 0
        for i in mine:
            line = lines[i]
            for k, other in enumerate(lines):
                if (k > i or k not in mine) and k != i and crossing(line, other):
                    found += 1
        return _CROSSING * found

    def total(self, at: Sequence[int]) -> float:
        """The cost of a seating."""
        taken = sum(1 << slot for slot in at)
        return self._ways(at, taken) + self._crossings(at, tuple(range(len(at))))

    # ---- moves ---------------------------------------------------------------------------------------------------

    def start(self) -> list[list[int]]:
        """Seatings in the order of the flow: along rows, along columns, each also as a serpentine; the best first."""
        order = self._flow_order()
        columns = self.shape.columns
        starts = []
        for upright in (False, True):
            for snake in (False, True):
                at = [-1] * len(self.task.items)

                def key(slot: int, upright: bool = upright, snake: bool = snake) -> tuple[int, int]:
                    major, minor = (slot % columns, slot // columns) if upright else (slot // columns, slot % columns)
                    return major, -minor if snake and major % 2 else minor

                for department, slots in enumerate(self.slots):
                    free = sorted(slots, key=key)
                    members = [i for i in order if self.task.items[i].department == department]
                    for item, slot in zip(members, free, strict=False):
                        at[item] = slot
                starts.append(self._with_pins(at))
        return sorted(starts, key=self.total)

    def _flow_order(self) -> list[int]:
        """Stages as they come, each yard before its stage, each gate before the stage it feeds."""
        task = self.task
        before: dict[int, list[int]] = {}
        for i, item in enumerate(task.items):
            if item.stage >= 0:
                before.setdefault(item.stage, []).append(i)
        return [i for stage in range(task.stages) for i in (*reversed(before.get(stage, [])), stage)]

    def _with_pins(self, at: list[int]) -> list[int]:
        """Whoever stands where a pinned item belongs changes places with it."""
        fixed: set[int] = set()
        for item, slot in self.home.items():
            if slot in fixed:
                slot = min(set(range(self.board.size)) - fixed, key=lambda other: (self._far(slot, other), other))
            if slot in at:
                at[at.index(slot)] = at[item]
            at[item] = slot
            fixed.add(slot)
        return at

    def _far(self, a: int, b: int) -> int:
        columns = self.shape.columns
        return abs(a % columns - b % columns) + abs(a // columns - b // columns)

    def anneal(self, at: list[int], moves: int, seed: int, fixed: frozenset[int] = frozenset()) -> Seating:
        """The best seating found from a start in so many moves; `fixed` items stay."""
        random = Random(seed)
        chance, below = random.random, random.randrange
        task, n, columns, rows = self.task, self.board.size, self.shape.columns, self.shape.rows
        fixed = fixed | frozenset(self.home)
        movable = [i for i in range(len(at)) if i not in fixed]
        allowed: list[list[int]] = []
        for thing in task.items:
            slots = self.slots[thing.department]
            allowed.append(slots)
        member = [set(slots) for slots in self.slots]
        home = [-1] * n
        for piece, slot in enumerate(at):
            home[slot] = piece
        at = list(at)
        taken = sum(1 << slot for slot in at)
        ways = self._ways(at, taken)
        now = self.total(at)
        best, best_at = now, list(at)
        if not movable:
            return self._seating(best_at, best)
        cooling = (_COLD / _HOT) ** (1 / max(1, moves))
        temperature = _HOT
        for _ in range(moves):
            temperature *= cooling
            piece = movable[below(len(movable))]
            department = task.items[piece].department
            slot = -1
            if self.by_item[piece] and chance() < 0.5:
                links = self.by_item[piece]
                origin, target, _, _ = self.links[links[below(len(links))]]
                other = at[target if origin == piece else origin]
                c, r = other % columns, other // columns
                if chance() < 0.5:
                    c += 1 if chance() < 0.5 else -1
                else:
                    r += 1 if chance() < 0.5 else -1
                if 0 <= c < columns and 0 <= r < rows:
                    slot = r * columns + c
                    if slot not in member[department]:
                        slot = -1
            if slot < 0:
                slots = allowed[piece]
                slot = slots[below(len(slots))]
            old = at[piece]
            if slot == old:
                continue
            there = home[slot]
            if there >= 0 and (there in fixed or task.items[there].department != department):
                continue
            moved = (piece,) if there < 0 else (piece, there)
            at[piece] = slot
            mask = taken
            if there < 0:
                mask = taken & ~(1 << old) | 1 << slot
            else:
                at[there] = old
            new_ways = self._ways(at, mask)
            bound = -temperature * log(1.0 - chance())
            change = new_ways - ways
            if change <= bound + 21.0:
                after = self._crossings(at, moved)
                at[piece] = old
                if there >= 0:
                    at[there] = slot
                change += after - self._crossings(at, moved)
                if change <= bound:
                    at[piece] = slot
                    if there >= 0:
                        at[there] = old
                    home[slot], home[old] = piece, there
                    taken, ways = mask, new_ways
                    now += change
                    if now < best - 1e-9:
                        best, best_at = now, list(at)
            else:
                at[piece] = old
                if there >= 0:
                    at[there] = slot
        return self._seating(best_at, best)

    def _seating(self, at: list[int], cost: float) -> Seating:
        columns = self.shape.columns
        return Seating(tuple((slot % columns, slot // columns) for slot in at), cost)
