"""From request to finished floor: try lattices, place, route, compact, verify."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from .airing import air
from .boxes import Style, style_of
from .compaction import compact
from .floorplan import BeltSpec, Floorplan, FloorRequest
from .ground import break_ground
from .lattice import Lattice, grown_lattice, lattices
from .pins import pin_apart, pin_in_band, pin_in_place
from .placement import Cell, arrange
from .routing import route
from .snake import snake
from .verifier import violations

_GAPS = (4, 6, 8, 12, 18, 27)
"""Width of the corridors between boxes before compaction, wider if belts do not fit."""


_EMPTY = 0.3
"""How much a floor of empty cells would be worse than a full one."""
_PORTS = 9
"""How many belts may leave a machine without pile and bin; one port is left for those that come."""


def lay_out(request: FloorRequest, previous: Floorplan | None = None) -> Floorplan:
    """Place every machine and source of `request` and lay all its belts.

    The same request (and `previous`) gives the same floor, and `violations` finds nothing on it. Machines
    that stood on `previous` keep their cells if they can. A position set by hand wins, as long as the labels
    are on the floor and the zones apart. More belts than a machine has ports for (more than seven to nine out of one
    stage) end in `unrouted`, those with the least share first.

    Raises ValueError if there is no stage, if a name is used twice, or if a belt names neither.
    """
    _check(request)
    kept = _within_ports(request)
    plan = _lay_out(replace(request, belts=kept), previous)
    dropped = tuple((belt.origin, belt.target) for belt in request.belts if belt not in kept)
    return replace(plan, unrouted=plan.unrouted + dropped) if dropped else plan


def _within_ports(request: FloorRequest) -> tuple[BeltSpec, ...]:
    """The belts for which the stages have ports: of too many out of one those with the largest shares."""
    kept: set[int] = set()
    ports = {stage.name: _PORTS - stage.pile - stage.loses for stage in request.stages}
    for index in sorted(range(len(request.belts)), key=lambda i: (-request.belts[i].share, i)):
        origin = request.belts[index].origin
        ports[origin] = ports.get(origin, _PORTS) - 1
        if ports[origin] >= 0:
            kept.add(index)
    return tuple(request.belts[index] for index in sorted(kept))


def _lay_out(request: FloorRequest, previous: Floorplan | None) -> Floorplan:
    """`lay_out` for a request whose stages have ports for all belts."""
    free = replace(request, stages=tuple(replace(stage, position=None) for stage in request.stages))
    base = _free(free, previous)
    if free == request:
        return base
    for plan in _pinned(base, request, previous):
        routed = route(plan, request)
        if routed is None:
            continue
        boxes = [plan.machines[stage.name].box for stage in request.stages if stage.position is not None]
        first = max(box.right for box in boxes) + 8, max(box.bottom for box in boxes) + 4
        routed = snake(compact(routed, request, first), request)
        if not violations(routed, request):
            return routed
    return route(pin_apart(request, _GAPS[-1]), request, partial=True) or base


def _pinned(base: Floorplan, request: FloorRequest, previous: Floorplan | None) -> Iterator[Floorplan]:
    """Floors without belts that honour the positions set by hand, the one most like `base` first."""
    moved = pin_in_place(base, request)
    if moved is not None:
        yield moved
    free = replace(request, stages=tuple(replace(stage, position=None) for stage in request.stages))
    for lattice in _promising(free, None) + _promising(free, previous):
        for gap in (3, 2):
            banded = pin_in_band(request, lattice, arrange(free, lattice), gap)
            if banded is not None:
                yield banded
    for gap in _GAPS:
        yield pin_apart(request, gap)


def _check(request: FloorRequest) -> None:
    stages = [stage.name for stage in request.stages]
    names = [*stages, *request.sources]
    if not stages:
        raise ValueError("a floor needs at least one stage")
    if len(set(names)) < len(names):
        raise ValueError("stages and sources need names of their own")
    for belt in request.belts:
        if belt.origin not in names or belt.target not in stages:
            raise ValueError(f"belt {belt.origin} → {belt.target} does not lead from a stage or source to a stage")


def _free(request: FloorRequest, previous: Floorplan | None) -> Floorplan:
    """The best floor found for a request without positions set by hand."""
    old = previous.cells if previous else None
    shapes = _promising(request, previous)
    sites = [(lattice, arrange(request, lattice, old)) for lattice in shapes]
    if not old and len(request.belts) <= 20:
        sites.insert(1, (shapes[0], arrange(request, shapes[0], seed=1)))
    trials: list[tuple[float, int, Lattice, dict[str, Cell], Style]] = []
    for i, (lattice, cells) in enumerate(sites):
        if (lattice, cells) in sites[:i]:
            continue
        for style in _styles(request, previous):
            bare = break_ground(request, lattice, cells, 2, style)
            size = max(0.96 * bare.width / request.aspect, bare.height + 1.5 * lattice.rows)
            trials.append((size, len(trials), lattice, cells, style))
    trials.sort(key=lambda trial: trial[:2])
    found: list[tuple[float, int, Floorplan]] = []
    for _, _, lattice, cells, style in trials[: max(2, min(4, 72 // (1 + len(request.belts))))]:
        plan = _build(request, break_ground(request, lattice, cells, _GAPS[0], style))
        if plan is not None:
            empty = 1 - len(request.stages) / (lattice.columns * lattice.rows)
            found.append((_value(plan, request) * (1 + _EMPTY * empty), len(found), plan))
    if found:
        return min(found)[2]
    for gap in _GAPS[1:]:
        for lattice, cells in sites:
            plan = _build(request, break_ground(request, lattice, cells, gap))
            if plan is not None:
                return plan
    lattice, cells = sites[0]
    bare = break_ground(request, lattice, cells, _GAPS[-1])
    plan = route(bare, request, partial=True)
    assert plan is not None
    return air(compact(plan, request), request)


def _promising(request: FloorRequest, previous: Floorplan | None) -> list[Lattice]:
    """The lattices worth trying: the earlier one if it can be kept, else those with the largest tiles."""
    grown = grown_lattice(request, previous) if previous else None
    return [grown] if grown else lattices(request)[: 3 if len(request.stages) <= 20 else 2]


def _styles(request: FloorRequest, previous: Floorplan | None) -> list[Style]:
    """The ways to hang bins and stand piles that make a difference for the request."""
    if previous:
        return [style_of(previous)]
    bins = (False, True) if any(stage.loses for stage in request.stages) else (False,)
    piles = (False, True) if any(stage.pile for stage in request.stages) else (False,)
    return [Style(b, p) for b in bins for p in piles]


def _build(request: FloorRequest, bare: Floorplan) -> Floorplan | None:
    """The bare floor with belts, compacted; None if they do not fit."""
    plan = route(bare, request)
    if plan is None:
        return None
    plan = air(compact(plan, request), request)
    for finished in (snake(plan, request), plan):
        if not violations(finished, request):
            return finished
    return None


def _value(plan: Floorplan, request: FloorRequest) -> float:
    """Lower is better: the size of the floor on the screen, more for crossings, bends, ways and backward ends."""
    size = max(plan.width / request.aspect, plan.height)
    shares = {(belt.origin, belt.target): belt.share for belt in request.belts}
    fault = 0.0
    for belt in plan.belts:
        steps = [(c - a, d - b) for (a, b), (c, d) in pairwise(belt.tiles)]
        fault += 0.01 * len(belt.underpasses) + 0.004 * sum(a != b for a, b in pairwise(steps))
        fault += 0.001 * len(belt.tiles) * (0.35 + 0.65 * shares[belt.origin, belt.target])
        if not belt.rework and belt.origin in plan.machines:
            origin, target = plan.machines[belt.origin].box, plan.machines[belt.target].box
            fault += 0.06 * (belt.tiles[0][0] < origin.x) + 0.06 * (belt.tiles[-1][0] >= target.x)
    return size * (1 + fault)
