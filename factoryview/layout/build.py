"""From request to finished plan: shapes, seatings, belts, coordinates; the best of a few, judged as a picture."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

from .boards import COARSE, FINE, deal_boards, solid
from .candidates import MANY, Candidate, fresh, kept
from .compose import Composer
from .measure import Measures, measure
from .mesh import Mesh
from .plan import CRATE, FloorRequest, Plan
from .rings import Ring, lay_rings
from .task import Task
from .wiring import Route, Wiring
from .zones import Ground

_TRACKS = ((3, 5), (3, 6), (4, 6), (6, 7), (8, 9), (12, 12))
"""Tracks in a gap and in a corridor, more if belts do not fit."""


def plan_floor(request: FloorRequest, previous: Plan | None = None) -> Plan:
    """Place everything of `request` and lay all its belts; the same request (and `previous`) gives the same plan.

    previous: what stood there keeps its place in the order of columns and rows, as long as all yards find room.
    Raises ValueError if there is no stage, if a name is used twice, or if a belt names neither.
    """
    check(request)
    if previous is not None:
        best = _best(kept(request, previous), 3)
        if best is not None and len(best[1].yards) == len({link.target for link in best[2].links if link.queue}):
            return _with_boards(best[1])
    best = _best(fresh(request), 5 if len(request.stages) <= MANY else 2)
    assert best is not None
    return _with_boards(best[1])


def _best(candidates: list[Candidate], limit: int) -> tuple[float, Plan, Task] | None:
    """The best plan of the first candidates that can be wired, with its value."""
    best: tuple[float, Plan, Task] | None = None
    tried = 0
    for candidate in candidates:
        if tried >= limit and best is not None:
            break
        if best is not None and candidate.promise < 0.55 * best[0]:
            continue
        made = _build(candidate)
        if made is None:
            continue
        tried += 1
        plan, value = made
        if best is None or value > best[0]:
            best = value, plan, candidate.task
    return best


def _with_boards(plan: Plan) -> Plan:
    """The plan with its boards measured finely."""
    things = solid(plan.blocks.values(), plan.belts, plan.yards, plan.signs, plan.gates)
    boards, _ = deal_boards((plan.width, plan.height), FINE, things, plan.borders, plan.zones)
    return replace(plan, boards=boards)


def check(request: FloorRequest) -> None:
    """Raises ValueError for a request that cannot be laid out."""
    stages = [stage.name for stage in request.stages]
    names = [*stages, *request.sources]
    if not stages:
        raise ValueError("a floor needs at least one stage")
    if len(set(names)) < len(names):
        raise ValueError("stages and sources need names of their own")
    for belt in request.belts:
        if belt.origin not in names or belt.target not in stages:
            raise ValueError(f"belt {belt.origin} → {belt.target} does not lead from a stage or source to a stage")


def _build(candidate: Candidate) -> tuple[Plan, float] | None:
    """The plan of a candidate and its value; None if its belts find no way."""
    wide = _class(candidate.shape.wide)
    for tracks, corridors in _TRACKS:
        wired = _wire(candidate, tracks, corridors, wide)
        if wired is None:
            continue
        mesh, routes, rings, found = wired
        real = _class(found.wide)
        if real != wide:
            again = _wire(candidate, tracks, corridors, real)
            if again is not None and again[3].scale > found.scale:
                mesh, routes, rings, found = again
        return _finish(candidate, mesh, routes, rings, found)
    return None


def _class(wide: float) -> int:
    return 1 if wide > 1.05 else -1 if wide < 0.95 else 0


def _wire(
    candidate: Candidate, tracks: int, corridors: int, wide: int
) -> tuple[Mesh, list[Route], list[Ring], Measures] | None:
    mesh = Mesh(candidate.task, candidate.shape, candidate.seating, tracks, corridors)
    rings, _ = lay_rings(mesh)
    wiring = Wiring(mesh, rings, wide)
    if not wiring.run():
        return None
    routes = [route for net in wiring.nets for route in net.routes.values()]
    return mesh, routes, rings, measure(mesh, routes, rings)


def _finish(
    candidate: Candidate, mesh: Mesh, routes: list[Route], rings: list[Ring], found: Measures
) -> tuple[Plan, float]:
    request = candidate.task.request
    composer = Composer(mesh, routes, rings, found)
    belts, blocks, yards = composer.belts(), composer.with_ports(), composer.yards()
    signs, gates = tuple(composer.signs), tuple(composer.gates)
    ground = Ground(composer, blocks, belts, yards, signs, gates)
    borders, zones = ground.borders(), ground.zones(request.departments)
    things = solid(blocks.values(), belts, yards, signs, gates)
    boards, empty = deal_boards((found.width, found.height), COARSE, things, borders, zones)
    plan = Plan(
        width=found.width, height=found.height, scale=found.scale, blocks=blocks, signs=signs, gates=gates,
        yards=yards, belts=belts, zones=zones, borders=borders, boards=boards,
        columns=mesh.columns, rows=mesh.rows, gate_cells=tuple(composer.gate_cells), slots=ground.slots(),
    )  # fmt: skip
    return plan, _value(plan, candidate.task, empty)


def _value(plan: Plan, task: Task, empty: float) -> float:
    """How good a plan is as a picture: large, without crossings and detours, with long queues and nothing empty.

    What hinders reading counts more on belts that carry much: they are the main road.
    """
    weights = {belt: link.weight for link in task.links for belt in link.belts}
    fault = 1.2 * max(0.0, empty - 0.13)
    length = 0.0
    queues = {yard.belt for yard in plan.yards}
    for i, belt in enumerate(plan.belts):
        weight = weights.get(i, 0.0)
        fault += (0.006 + 0.012 * weight) * len(belt.crossings)
        fault += (0.003 + 0.004 * weight * (i not in queues)) * max(0, len(belt.points) - 2)
        length += belt.own_length * (0.35 if belt.thin else 1.0)
        if belt.origin in plan.blocks and not belt.rework and belt.origin != belt.target:
            (c, r), (column, row) = plan.blocks[belt.origin].cell, plan.blocks[belt.target].cell
            fault += (0.015 + 0.03 * weight * (i not in queues)) * (column < c)
            fault += weight * (0.022 * (row < r) + 0.012 * (row > r))
    fault += 0.06 * length / 1000 / sqrt(len(plan.blocks))
    for yard in plan.yards:
        if yard.belt is not None:
            fault += 0.5 * max(0.0, 1 - plan.belts[yard.belt].length / CRATE / 42)
        fault += 0.15 * max(0.0, 1 - len(yard.places) / 16)
    fault += 0.4 * (len(task.queued) - len(plan.yards))
    scale = plan.scale if plan.scale < 1 else 1 + (min(plan.scale, 1.4) - 1) / 2
    return scale * scale * (1 - min(0.8, fault)) * (1.1 if plan.boards else 1.0)
