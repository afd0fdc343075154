"""From request to finished plan: shapes, seatings, belts, coordinates; the best of a few, judged as a picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import sqrt
from typing import NamedTuple

from .boards import COARSE, FINE, deal_boards, solid
from .candidates import MANY, Candidate, fresh, kept
from .compose import Composer
from .measure import Measures, measure
from .mesh import Mesh
from .plan import CRATE, FloorRequest, Plan
from .rings import Ring, lay_rings
from .shapes import LARGEST
from .task import Task
from .wiring import Route, Wiring
from .zones import Ground

_TRACKS = ((3, 5), (3, 6), (4, 6), (6, 7), (8, 9), (12, 12))
"""Tracks in a gap and in a corridor, more if belts do not fit."""
_ENOUGH, _TOO_MUCH = 30_000, 120_000
"""Steps of the search after which no more candidates are tried, and after which belts are left out."""
_READABLE = 0.901
"""Below this scale (a tile of 27 pixels at 1920 × 1080) names become too small from afar."""
_PORTS = 12
"""Three on each side."""


@dataclass(frozen=True)
class _Routed:
    """Belts that found their way, to be measured again."""

    candidate: Candidate
    mesh: Mesh
    routes: list[Route]
    rings: list[Ring]

    def plan(self, largest: float = LARGEST, roomy: tuple[bool, int] | None = None) -> tuple[Plan, float, float]:
        """The plan, its value, and how wide it is for its height; see `measure`."""
        found = measure(self.mesh, self.routes, self.rings, largest, roomy)
        return *_finish(self.candidate, self.mesh, self.routes, self.rings, found), found.wide


class _Found(NamedTuple):
    """A plan with what it was made of."""

    value: float
    plan: Plan
    routed: _Routed


@dataclass
class _Work:
    """What the search has done for one plan, counted so that the same request always ends at the same point."""

    steps: int = 0


def plan_floor(request: FloorRequest, previous: Plan | None = None) -> Plan:
    """Place everything of `request` and lay all its belts; the same request (and `previous`) gives the same plan.

    previous: what stood there keeps its place in the order of columns and rows, as long as all yards find room.
    More belts than stages have ports for end in `unrouted`, those with the least share first.
    Raises ValueError if there is no stage, if a name is used twice, or if a belt names neither.
    """
    check(request)
    within = _within_ports(request)
    while True:
        plan = _plan(within, previous)
        if plan is not None:
            break
        within = _without_weakest(within)
    dropped = [(belt.origin, belt.target) for belt in request.belts if belt not in within.belts]
    return replace(plan, unrouted=tuple(dropped))


def _plan(request: FloorRequest, previous: Plan | None) -> Plan | None:
    """The plan of a request whose belts find room; None if they do not."""
    if previous is not None:
        best = _best(kept(request, previous), 3)
        if best is not None and len(best.plan.yards) == len(best.routed.candidate.task.queued):
            return _with_boards(best.plan)
    best = _best(fresh(request), 9 if len(request.stages) <= MANY else 3)
    return _with_boards(_with_room(best)) if best is not None else None


def _with_room(best: _Found) -> Plan:
    """The plan or, where it is larger than it needs to be and has no place for a board, one that has."""
    plan, mesh = best.plan, best.routed.mesh
    if plan.boards or plan.scale <= 1 or not best.routed.candidate.task.request.boards:
        return plan
    channels = [(True, gap) for gap in range(1, mesh.columns)] + [(False, row) for row in range(mesh.rows + 1)]
    others = [best.routed.plan(1.0, roomy)[:2] for roomy in channels]
    roomier = [(value, -i, other) for i, (other, value) in enumerate(others) if other.boards]
    return max(roomier)[2] if roomier else plan


def _best(candidates: list[Candidate], limit: int) -> _Found | None:
    """The best plan of the first candidates, with its value; fewer are tried where the search has much to do."""
    best: _Found | None = None
    work = _Work()
    for candidate in candidates[:limit]:
        if best is not None and (work.steps > _ENOUGH or candidate.promise < 0.55 * best.value):
            continue
        for found in _build(candidate, work, best.value if best is not None else 0.0):
            if best is None or found.value > best.value:
                best = found
        if best is None and work.steps > _TOO_MUCH:
            return None
    return best


def _within_ports(request: FloorRequest) -> FloorRequest:
    """The request without belts for which a stage has no port; belts into a stage may join, belts out may not."""
    free = {}
    for stage in request.stages:
        looped = any(belt.origin == belt.target == stage.name for belt in request.belts)
        free[stage.name] = _PORTS - stage.loses - stage.wrecks - looped - (3 if stage.slow else 0)
    fed = {belt.target for belt in request.belts if belt.origin != belt.target}
    kept: set[int] = set()
    for i in sorted(range(len(request.belts)), key=lambda i: (-request.belts[i].share, i)):
        belt = request.belts[i]
        if belt.origin in free and belt.origin != belt.target:
            if free[belt.origin] <= (belt.origin in fed):
                continue
            free[belt.origin] -= 1
        kept.add(i)
    return replace(request, belts=tuple(belt for i, belt in enumerate(request.belts) if i in kept))


def _without_weakest(request: FloorRequest) -> FloorRequest:
    """The request without a fifth of its belts, those with the least share."""
    order = sorted(range(len(request.belts)), key=lambda i: (request.belts[i].share, -i))
    gone = set(order[: -(-len(order) // 5)])
    return replace(request, belts=tuple(belt for i, belt in enumerate(request.belts) if i not in gone))


def _with_boards(plan: Plan) -> Plan:
    """The plan with its boards measured finely."""
    things = solid(plan.blocks.values(), plan.belts, plan.yards, plan.signs, plan.gates)
    boards, _ = deal_boards((plan.width, plan.height), plan.scale, FINE, things, plan.borders, plan.zones)
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


def _build(candidate: Candidate, work: _Work, bar: float) -> Iterator[_Found]:
    """Plans of a candidate; none if its belts find no way. bar: the best value so far.

    Prices of tracks depend on whether width or height decides the scale. Where that turns out other than expected, and
    the plan comes near the best, it is routed once more with the right prices.
    """
    wide = _class(candidate.shape.wide)
    for number in _TRACKS[:2] if bar else _TRACKS:
        routed = _wire(candidate, number, wide, work)
        if routed is None:
            continue
        plan, value, real = routed.plan()
        yield _Found(value, plan, routed)
        if _class(real) != wide and value > 0.85 * bar:
            again = _wire(candidate, number, _class(real), work)
            if again is not None:
                plan, value, _ = again.plan()
                yield _Found(value, plan, again)
        return


def _class(wide: float) -> int:
    return 1 if wide > 1.05 else -1 if wide < 0.95 else 0


def _wire(candidate: Candidate, tracks: tuple[int, int], wide: int, work: _Work) -> _Routed | None:
    """The belts of a candidate; None if some belt finds no way."""
    mesh = Mesh(candidate.task, candidate.shape, candidate.seating, *tracks)
    rings, _ = lay_rings(mesh)
    wiring = Wiring(mesh, rings, wide)
    routed = wiring.run()
    work.steps += wiring.work
    if not routed:
        return None
    return _Routed(candidate, mesh, [route for net in wiring.nets for route in net.routes.values()], rings)


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
    boards, empty = deal_boards((found.width, found.height), found.scale, COARSE, things, borders, zones)
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
    fault = 2.0 * max(0.0, empty - 0.12)
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
            crates = plan.belts[yard.belt].length / CRATE
            fault += 0.5 * max(0.0, 1 - crates / 42) + 0.05 * (crates < 40)
        fault += 0.15 * max(0.0, 1 - len(yard.places) / 16)
    fault += 0.4 * (len(task.queued) - len(plan.yards)) + 0.05 * (plan.scale < _READABLE)
    scale = plan.scale if plan.scale < 1 else 1 + (min(plan.scale, 1.4) - 1) / 2
    return scale * scale * min(1.0, plan.scale / _READABLE) * (1 - min(0.8, fault)) * (1.1 if plan.boards else 1.0)
