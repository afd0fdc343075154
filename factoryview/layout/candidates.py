"""What is worth routing: seated shapes, the most promising first, anew or kept from an earlier plan."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from .annealing import anneal, starts
from .plan import FloorRequest, Plan
from .seating import Placer, Seating
from .shapes import Cell, Shape, judge, shapes_of
from .task import Kind, Task, tasks_of

MANY = 14
"""Above so many stages fewer candidates are tried."""


@dataclass(frozen=True)
class Candidate:
    """A seated shape, and how good it promises to be."""

    task: Task
    shape: Shape
    seating: Seating
    promise: float


def fresh(request: FloorRequest) -> list[Candidate]:
    """The two best seatings of every promising shape."""
    many = len(request.stages) > MANY
    shapes = [(task, shape) for task in tasks_of(request) for shape in shapes_of(task, 4 if many else 7)]
    shapes.sort(key=lambda pair: -pair[1].estimate)
    found: list[Candidate] = []
    for rank, (task, shape) in enumerate(shapes[: 4 if many else 9]):
        placer = Placer(task, shape)
        begin = starts(placer)
        moves, seeds = (1200, 3) if many else (350, 4 if rank < 4 else 2)
        seatings = {anneal(placer, begin[seed % 2], moves, seed) for seed in range(seeds)}
        ranked = sorted(seatings, key=lambda seating: (seating.cost, seating.cells))
        found += [Candidate(task, shape, seating, _promise(task, shape, seating)) for seating in ranked[:2]]
    return _distinct(found)


def _distinct(candidates: list[Candidate]) -> list[Candidate]:
    """The most promising first, each seating once."""
    found: dict[tuple[object, ...], Candidate] = {}
    for candidate in sorted(candidates, key=lambda candidate: -candidate.promise):
        task, shape = candidate.task, candidate.shape
        found.setdefault((task.slot_yards, task.gates, shape.columns, shape.rows, candidate.seating.cells), candidate)
    return list(found.values())


def _promise(task: Task, shape: Shape, seating: Seating) -> float:
    """Expected value of the plan. The exponents were found by comparing promise and value on random plants."""
    detours = max(0.1, 1 - 0.03 * seating.cost / max(1, len(task.links)))
    corridor = 0.9 if task.queued and not task.slot_yards else 1.0
    return corridor * detours * shape.estimate * sqrt(shape.estimate)


def kept(request: FloorRequest, previous: Plan) -> list[Candidate]:
    """Seatings in which everything keeps its slot; what is new takes a free one, or one of a column or row put in."""
    found = []
    tasks = tasks_of(request)
    same = [task for task in tasks if task.gates == bool(previous.gates)
            and (not previous.yards or task.slot_yards == any(yard.cell for yard in previous.yards))]  # fmt: skip
    for task in same or tasks:
        old = _old_cells(task, previous)
        for columns, rows, cells in _grids(task, old, previous):
            made = _seat(task, columns, rows, cells)
            if made is not None:
                found.append(made)
    return _distinct(found)


def _old_cells(task: Task, previous: Plan) -> dict[int, Cell]:
    """Slots on the earlier plan of the items that stood there."""
    yards = {yard.stage: yard.cell for yard in previous.yards}
    targets = {sign.gate: sign.target for sign in previous.signs if sign.gate is not None}
    gates = {target: previous.gate_cells[gate] for gate, target in targets.items()}
    found: dict[int, Cell | None] = {}
    for i, item in enumerate(task.items):
        name = task.request.stages[item.stage if item.stage >= 0 else i].name
        if item.kind == Kind.YARD:
            found[i] = yards.get(name)
        elif item.kind == Kind.GATE:
            found[i] = gates.get(name)
        elif name in previous.blocks:
            found[i] = previous.blocks[name].cell
    return {i: cell for i, cell in found.items() if cell is not None}


def _grids(task: Task, old: dict[int, Cell], previous: Plan) -> list[tuple[int, int, dict[int, Cell]]]:
    """The earlier grid, if it has room, else with one more column or row anywhere."""
    columns, rows = previous.columns, previous.rows
    new = len(task.items) - len(old)
    if len(task.items) <= columns * rows:
        return [(columns, rows, old)]
    found = []
    wide, tall = -(-new // rows), -(-new // columns)
    for at in range(columns + 1):
        found.append((columns + wide, rows, {i: (c + wide * (c >= at), r) for i, (c, r) in old.items()}))
    for at in range(rows + 1):
        found.append((columns, rows + tall, {i: (c, r + tall * (r >= at)) for i, (c, r) in old.items()}))
    return found


def _seat(task: Task, columns: int, rows: int, cells: dict[int, Cell]) -> Candidate | None:
    """New items on the free slots, the others where they are."""
    taken = set(cells.values())
    free = [(c, r) for c in range(columns) for r in range(rows) if (c, r) not in taken]
    new = [i for i in range(len(task.items)) if i not in cells]
    departments = max(item.department for item in task.items) + 1
    own: list[list[Cell]] = [[] for _ in range(departments)]
    for i, cell in cells.items():
        own[task.items[i].department].append(cell)
    loose = tuple((*sorted(cells), *free) for cells in own)
    placer = Placer(task, judge(task, columns, rows, loose, True))
    at = [-1] * len(task.items)
    for i, cell in (*cells.items(), *zip(new, free, strict=False)):
        at[i] = placer.number[cell]
    seating = anneal(placer, placer.pinned(at), 300 if new else 0, 0, frozenset(cells))
    shape = judge(task, columns, rows, _zones(task, columns, rows, seating, departments), True)
    return Candidate(task, shape, seating, _promise(task, shape, seating))


def _zones(task: Task, columns: int, rows: int, seating: Seating, departments: int) -> tuple[tuple[Cell, ...], ...]:
    """Every slot to the department of who stands there, or of the nearest."""
    owner = {cell: task.items[i].department for i, cell in enumerate(seating.cells)}
    zones: list[list[Cell]] = [[] for _ in range(departments)]
    for c in range(columns):
        for r in range(rows):
            nearest = min(owner, key=lambda cell: (abs(cell[0] - c) + abs(cell[1] - r), cell))
            zones[owner[nearest]].append((c, r))
    return tuple(tuple(zone) for zone in zones)
