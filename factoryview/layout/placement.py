"""Which machine stands in which cell: annealing with a fixed seed and a fixed number of moves."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from random import Random

from .floorplan import FloorRequest
from .lattice import Lattice

Cell = tuple[int, int]
"""Column and row of the lattice."""

_MOVED = 9.0
"""What it costs to take a machine out of the cell it had before."""

_MAY_MOVE = 0.12
"""Share of the machines known before that may move at all."""


def flow_order(request: FloorRequest) -> list[str]:
    """The stages along the process: sources' targets first, rework not counted, loops cut where least flows.

    Greedy cycle breaking after Eades, Lin and Smyth (1993).
    """
    names = [stage.name for stage in request.stages]
    place = {name: i for i, name in enumerate(names)}
    out: dict[str, dict[str, float]] = {name: {} for name in names}
    into: dict[str, dict[str, float]] = {name: {} for name in names}
    fed = dict.fromkeys(names, 0.0)
    for belt in request.belts:
        if belt.origin not in place:
            fed[belt.target] += belt.share + 1e-6
        elif belt.origin != belt.target and not belt.rework:
            out[belt.origin][belt.target] = out[belt.origin].get(belt.target, 0.0) + belt.share + 1e-6
            into[belt.target][belt.origin] = out[belt.origin][belt.target]
    left, first, last = set(names), [], []
    while left:
        sinks = [n for n in names if n in left and not any(m in left for m in out[n])]
        sinks = [n for n in sinks if any(m in left for m in into[n])]
        if sinks:
            last.append(sinks[-1])
            left.discard(sinks[-1])
            continue

        def pull(name: str) -> tuple[bool, float, int]:
            arriving = sum(share for m, share in into[name].items() if m in left)
            leaving = sum(share for m, share in out[name].items() if m in left)
            return (arriving == 0, fed[name] + leaving - arriving, -place[name])

        best = max((n for n in names if n in left), key=pull)
        first.append(best)
        left.discard(best)
    return first + last[::-1]


class _Board:
    """Machines as numbers on cells, and what their belts cost there."""

    def __init__(self, request: FloorRequest, lattice: Lattice) -> None:
        self.lattice = lattice
        self.names = [stage.name for stage in request.stages]
        number = {name: i for i, name in enumerate(self.names)}
        self.block = [lattice.blocks[stage.zone] for stage in request.stages]
        self.edges: list[tuple[int, int, float, bool]] = []
        self.entry = [0.0] * len(self.names)
        for belt in request.belts:
            weight = 0.35 + 0.65 * belt.share
            if belt.origin not in number:
                self.entry[number[belt.target]] += 7 * weight
            elif belt.origin != belt.target:
                self.edges.append((number[belt.origin], number[belt.target], weight, belt.rework))
        self.at_node: list[list[int]] = [[] for _ in self.names]
        for i, (a, b, _, _) in enumerate(self.edges):
            self.at_node[a].append(i)
            self.at_node[b].append(i)
        self.cells: list[Cell] = []
        self.holder: dict[Cell, int] = {}
        self.home: list[Cell | None] = [None] * len(self.names)
        self.count_crossings = len(self.names) <= 20

    def set(self, cells: Sequence[Cell]) -> None:
        self.cells = list(cells)
        self.holder = {cell: i for i, cell in enumerate(cells)}

    def edge_cost(self, index: int) -> float:
        a, b, weight, rework = self.edges[index]
        (ax, ay), (bx, by) = self.cells[a], self.cells[b]
        dx, dy = bx - ax, by - ay
        across, down = abs(dx), abs(dy)
        if rework:
            cost = 0.8 * (10 * across + 8 * down + 8)
        elif dx > 0:
            cost = 16 * dx - 4 + 8 * down + (6 if dy else 0) + (3 if dy < 0 else 0)
        elif dx == 0:
            cost = 14 + 8 * down if dy > 0 else 46 + 9 * down
        elif dy > 0:
            cost = 20 + 4 * across + 9 * down
        else:
            cost = 30 + 16 * across + 8 * down
        if dy == 0 and across > 1:
            step = 1 if dx > 0 else -1
            cost += 7 * sum((x, ay) in self.holder for x in range(ax + step, bx, step))
        elif dx == 0 and down > 1:
            step = 1 if dy > 0 else -1
            cost += 5 * sum((ax, y) in self.holder for y in range(ay + step, by, step))
        return cost * weight

    def crossings(self, index: int) -> int:
        """How many other belts the straight line of this one crosses."""
        cells = self.cells
        a, b, _, _ = self.edges[index]
        (ax, ay), (bx, by) = cells[a], cells[b]
        ux, uy = bx - ax, by - ay
        found = 0
        for c, d, _, _ in self.edges:
            (cx, cy), (dx, dy) = cells[c], cells[d]
            if (ux * (cy - ay) - uy * (cx - ax)) * (ux * (dy - ay) - uy * (dx - ax)) < 0:
                vx, vy = dx - cx, dy - cy
                if (vx * (ay - cy) - vy * (ax - cx)) * (vx * (by - cy) - vy * (bx - cx)) < 0:
                    found += 1
        return found

    def node_cost(self, node: int) -> float:
        home = self.home[node]
        moved = _MOVED if home is not None and home != self.cells[node] else 0.0
        return moved + self.entry[node] * (self.cells[node][0] + 0.3 * self.cells[node][1])

    def away(self) -> int:
        """How many machines are not in the cell they had before."""
        return sum(home is not None and home != cell for home, cell in zip(self.home, self.cells, strict=True))

    def local(self, nodes: Sequence[int]) -> float:
        edges = dict.fromkeys(index for node in nodes for index in self.at_node[node])
        cost = sum(self.edge_cost(index) for index in edges) + sum(self.node_cost(node) for node in nodes)
        if self.count_crossings:
            cost += 6 * sum(self.crossings(index) for index in edges)
        return cost

    def total(self) -> float:
        cost = sum(self.edge_cost(i) for i in range(len(self.edges)))
        cost += sum(self.node_cost(node) for node in range(len(self.names)))
        if self.count_crossings:
            cost += 3 * sum(self.crossings(i) for i in range(len(self.edges)))
        return cost

    def move(self, node: int, cell: Cell) -> int | None:
        """Put a machine on a cell; whoever stands there takes its old one and is returned."""
        other = self.holder.get(cell)
        old = self.cells[node]
        self.cells[node], self.holder[cell] = cell, node
        if other is None:
            del self.holder[old]
        else:
            self.cells[other], self.holder[old] = old, other
        return other


def _starts(board: _Board, order: list[int]) -> list[list[Cell]]:
    """First arrangements: along rows, along columns, and along columns to and fro."""
    found = []
    for way in ("rows", "columns", "serpentine"):
        cells: list[Cell] = [(0, 0)] * len(order)
        taken: dict[object, int] = {}
        for node in order:
            block = board.block[node]
            k = taken.get(block, 0)
            taken[block] = k + 1
            if way == "rows":
                row, column = divmod(k, block.columns)
            else:
                column, row = divmod(k, block.rows)
                if way == "serpentine" and column % 2:
                    row = block.rows - 1 - row
            cells[node] = (block.column + column, block.row + row)
        found.append(cells)
    return found


def _old_cells(board: _Board, order: list[int], old: dict[str, Cell]) -> tuple[list[Cell], int]:
    """The arrangement as before, newcomers in free cells near their neighbours, and how many are new."""
    cells: dict[int, Cell] = {}
    for node in order:
        block = board.block[node]
        column, row = old.get(board.names[node], (-1, -1))
        cell = (block.column + column, block.row + row)
        if 0 <= column < block.columns and 0 <= row < block.rows and cell not in cells.values():
            cells[node] = cell
            board.home[node] = cell
    missing = [node for node in order if node not in cells]
    for node in missing:
        block = board.block[node]
        near = [
            cells[other]
            for index in board.at_node[node]
            for other in board.edges[index][:2]
            if other != node and other in cells
        ]
        free = [
            (block.column + column, block.row + row)
            for column in range(block.columns)
            for row in range(block.rows)
            if (block.column + column, block.row + row) not in cells.values()
        ]
        cells[node] = min(free, key=lambda cell: (sum(abs(cell[0] - x) + abs(cell[1] - y) for x, y in near), cell))
    return [cells[i] for i in range(len(board.names))], len(missing)


def arrange(
    request: FloorRequest, lattice: Lattice, old: dict[str, Cell] | None = None, seed: int = 0
) -> dict[str, Cell]:
    """A cell of the lattice for each stage.

    `old` are cells within the zones of an earlier floor: machines known there stay if they can.
    Another `seed` may give another arrangement that is about as good.
    """
    board = _Board(request, lattice)
    number = {name: i for i, name in enumerate(board.names)}
    order = [number[name] for name in flow_order(request)]
    moves, heat, cold = (1200 if len(order) <= 14 else 2500), 18.0, 0.4
    if old:
        cells, missing = _old_cells(board, order, old)
        board.set(cells)
        if missing == 0:
            moves = 0
        moves, heat = moves // 3, 4.0
    else:
        starts = []
        for cells in _starts(board, order):
            board.set(cells)
            starts.append((board.total(), cells))
        board.set(min(starts)[1])
    _anneal(board, moves, heat, cold, seed)
    return dict(zip(board.names, board.cells, strict=True))


def _anneal(board: _Board, moves: int, heat: float, cold: float, seed: int) -> None:
    """Simulated annealing; leaves the best arrangement met on the board."""
    random = Random(len(board.names) * 7919 + seed)
    best_cells, now, best = list(board.cells), 0.0, 0.0
    may_move = max(board.away(), _MAY_MOVE * sum(home is not None for home in board.home))
    for step in range(moves):
        temperature = heat * (cold / heat) ** (step / moves)
        node = random.randrange(len(board.names))
        block = board.block[node]
        if board.at_node[node] and random.random() < 0.5:
            a, b, _, _ = board.edges[random.choice(board.at_node[node])]
            x, y = board.cells[b if a == node else a]
            dx, dy = random.choice(((1, 0), (-1, 0), (0, 1), (0, -1)))
            cell = (
                min(max(x + dx, block.column), block.column + block.columns - 1),
                min(max(y + dy, block.row), block.row + block.rows - 1),
            )
        else:
            cell = (
                block.column + random.randrange(block.columns),
                block.row + random.randrange(block.rows),
            )
        old = board.cells[node]
        if cell == old:
            continue
        other = board.holder.get(cell)
        nodes = (node,) if other is None else (node, other)
        before = board.local(nodes)
        board.move(node, cell)
        change = board.local(nodes) - before
        if board.away() > may_move:
            board.move(node, old)
        elif change <= 0 or random.random() < exp(-change / temperature):
            now += change
            if now < best - 1e-9:
                best, best_cells = now, list(board.cells)
        else:
            board.move(node, old)
    board.set(best_cells)
