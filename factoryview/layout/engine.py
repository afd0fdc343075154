"""From request to finished floor: try lattices, place, route, compact, verify."""

from __future__ import annotations

from .compaction import air, compact
from .floorplan import Floorplan, FloorRequest
from .ground import break_ground
from .lattice import Lattice, lattices
from .placement import arrange
from .routing import route
from .verifier import violations


def lay_out(request: FloorRequest, previous: Floorplan | None = None) -> Floorplan:
    """Place every machine and source of `request` and lay all its belts.

    The same request (and `previous`) gives the same floor. Machines that stood on `previous` keep
    their cells if they can.
    """
    old = previous.cells if previous else None
    best: tuple[float, Floorplan] | None = None
    for lattice in _promising(request, old):
        plan = _build(request, lattice, old, gaps=(4, 6))
        if plan is not None:
            value = _value(plan, request)
            if best is None or value < best[0]:
                best = (value, plan)
    if best is not None:
        return best[1]
    for gap in (8, 12, 18, 27):
        for lattice in lattices(request)[:3]:
            plan = _build(request, lattice, old, gaps=(gap,))
            if plan is not None:
                return plan
    raise AssertionError("no floor holds this request")


def _promising(request: FloorRequest, old: dict[str, tuple[int, int]] | None) -> list[Lattice]:
    """The lattices worth trying: the two with the largest tiles, or the one that keeps the old cells."""
    found = lattices(request)[:6]
    if not old:
        return found[:2]
    zones = {stage.name: stage.zone for stage in request.stages}

    def kept(lattice: Lattice) -> int:
        blocks = lattice.blocks
        return sum(
            name in zones and column < blocks[zones[name]].columns and row < blocks[zones[name]].rows
            for name, (column, row) in old.items()
        )

    return sorted(found, key=lambda lattice: -kept(lattice))[:1]


def _build(
    request: FloorRequest, lattice: Lattice, old: dict[str, tuple[int, int]] | None, gaps: tuple[int, ...]
) -> Floorplan | None:
    """A verified floor on this lattice, or None."""
    cells, _ = arrange(request, lattice, old)
    for gap in gaps:
        plan = route(break_ground(request, lattice, cells, gap), request)
        if plan is None:
            continue
        plan = air(compact(plan, request), request)
        if not violations(plan, request):
            return plan
    return None


def _value(plan: Floorplan, request: FloorRequest) -> float:
    """Lower is better: the size of the floor on the screen, then crossings and bends."""
    size = max(plan.width / request.aspect, plan.height)
    dives = sum(len(belt.underpasses) for belt in plan.belts)
    return size * (1 + 0.01 * dives)
