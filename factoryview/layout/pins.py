"""Machines set by hand: they stand where they were put, the others make room."""

from __future__ import annotations

from dataclasses import replace

from .boxes import BESIDE, NAME_STRIP, SOURCE, Style, boxes_of, hull, place_machine, reach, style_of
from .floorplan import Floorplan, FloorRequest, MachinePlace, Rect, StageSpec
from .ground import break_ground
from .lattice import Lattice, lattices
from .placement import Cell, arrange

_MARGIN = 2
"""Free tiles around a machine that was moved, so that a belt can pass."""


def grown(box: Rect, by: int) -> Rect:
    """The box with `by` more tiles on each side."""
    return Rect(box.x - by, box.y - by, box.w + 2 * by, box.h + 2 * by)


def near(a: MachinePlace, b: MachinePlace, margin: int) -> bool:
    """Whether boxes of two machines come closer than `margin` tiles."""
    return footprint(a).meets(grown(footprint(b), margin)) and any(
        grown(first, margin).meets(second) for _, first in boxes_of(a) for _, second in boxes_of(b)
    )


def footprint(place: MachinePlace) -> Rect:
    """The smallest box around all boxes of a machine."""
    return hull(box for _, box in boxes_of(place))


def pinned_places(request: FloorRequest, style: Style = BESIDE) -> dict[str, MachinePlace]:
    """Where the machines set by hand stand.

    One whose labels would lie outside the floor, or on those of one set before it, moves right and down until they fit.
    """
    found: dict[str, MachinePlace] = {}
    for stage in request.stages:
        if stage.position is None:
            continue
        around = reach(stage, style)
        x, y = max(stage.position[0], around.left), max(stage.position[1], around.up)
        place = place_machine(stage, x, y, style)
        while clash := next((other for other in found.values() if near(place, other, 0)), None):
            x = max(x, footprint(clash).right + around.left) + 1
            place = place_machine(stage, x, y, style)
        found[stage.name] = place
    return found


def pin_in_place(plan: Floorplan, request: FloorRequest) -> Floorplan | None:
    """The floor (belts taken up) with the pinned machines moved; None if it would have to be laid out anew.

    Machines in the way go to the nearest free place of their zone; a zone grows if nothing else is in its way.
    """
    style = style_of(plan)
    pinned = pinned_places(request, style)
    stages = {stage.name: stage for stage in request.stages}
    zone_of = {s.name: request.zones[s.zone] for s in request.stages if s.zone < len(request.zones)}
    machines = {**plan.machines, **pinned}
    plan = _grow_floor(replace(plan, machines=machines, belts=(), unrouted=()), pinned)
    zones = dict(plan.zones)
    for name, place in pinned.items():
        if name in zone_of:
            zones[zone_of[name]] = _around(zones[zone_of[name]], footprint(place))
    for name, zone in zones.items():
        if any(zone.meets(other) for key, other in zones.items() if key != name):
            return None
    plan = replace(plan, zones=zones)
    for box in plan.sources.values():
        if any(grown(footprint(place), 1).meets(box) for place in pinned.values()):
            return None
    settled = dict(pinned)
    for name, place in plan.machines.items():
        if name in pinned:
            continue
        if any(near(place, other, 1) for other in pinned.values()):
            room = zones.get(zone_of.get(name, ""), Rect(0, 0, plan.width, plan.height))
            others = [footprint(settled.get(key, other)) for key, other in plan.machines.items() if key != name]
            moved = _nearest(stages[name], style, place, room, [*others, *plan.sources.values()])
            if moved is None:
                return None
            place = moved
        settled[name] = place
    return replace(plan, machines={name: settled[name] for name in plan.machines})


def _around(zone: Rect, box: Rect) -> Rect:
    """The zone, grown until it holds the box, a free tile around it and the strip for its name."""
    left, top = min(zone.x, max(0, box.x - 1)), min(zone.y, max(0, box.y - 1))
    right, bottom = max(zone.right, box.right + 1), max(zone.bottom, box.bottom + NAME_STRIP + 1)
    return Rect(left, top, right - left, bottom - top)


def _grow_floor(plan: Floorplan, pinned: dict[str, MachinePlace]) -> Floorplan:
    """The floor and the zones at its right and lower edge, grown until the pinned machines are on it."""
    width = max(plan.width, *(footprint(place).right + 3 for place in pinned.values()))
    height = max(plan.height, *(footprint(place).bottom + NAME_STRIP + 2 for place in pinned.values()))
    zones = {
        name: Rect(
            zone.x,
            zone.y,
            (width if zone.right == plan.width else zone.right) - zone.x,
            (height if zone.bottom == plan.height else zone.bottom) - zone.y,
        )
        for name, zone in plan.zones.items()
    }
    return replace(plan, width=width, height=height, zones=zones)


def _nearest(stage: StageSpec, style: Style, old: MachinePlace, room: Rect, others: list[Rect]) -> MachinePlace | None:
    """The free place for a machine in `room` that is nearest to where it stood."""
    inner = Rect(room.x + 1, room.y + 1, room.w - 2, room.h - 1 - NAME_STRIP)
    spots = sorted(
        (abs(x - old.box.x) + abs(y - old.box.y), x, y)
        for x in range(inner.x, inner.right)
        for y in range(inner.y, inner.bottom)
    )
    around = reach(stage, style)
    for _, x, y in spots:
        body = Rect(x - around.left, y - around.up, 4 + around.left + around.right, 4 + around.up + around.down)
        if hull([body, inner]) != inner:
            continue
        if not any(grown(body, _MARGIN).meets(other) for other in others):
            return place_machine(stage, x, y, style)
    return None


def pin_in_band(request: FloorRequest, lattice: Lattice, cells: dict[str, Cell], gap: int) -> Floorplan | None:
    """A floor without belts whose columns and rows are pushed right and down to where machines are pinned.

    Each pinned machine takes the cell of its zone that is nearest among those left of and above its position;
    None if there is none.
    """
    cells = dict(cells)
    wanted = {name: place.box for name, place in pinned_places(request).items()}
    for stage in request.stages:
        if stage.name not in wanted:
            continue
        box, block = wanted[stage.name], lattice.blocks[stage.zone]
        plan = break_ground(_set(request, wanted), lattice, cells, gap)
        columns = {cells[n][0]: p.box.x for n, p in plan.machines.items() if n not in wanted}
        rows = {cells[n][1]: p.box.y for n, p in plan.machines.items() if n not in wanted}
        holder = {cell: name for name, cell in cells.items()}
        options = [
            (box.x - columns[c] + box.y - rows[r], (c, r))
            for c in range(block.column, block.column + block.columns)
            for r in range(block.row, block.row + block.rows)
            if columns.get(c, box.x + 1) <= box.x and rows.get(r, box.y + 1) <= box.y
            if holder.get((c, r)) == stage.name or holder.get((c, r)) not in wanted
        ]
        if options:
            _, cell = min(options)
            if cell in holder:
                cells[holder[cell]] = cells[stage.name]
            cells[stage.name] = cell
    plan = break_ground(_set(request, wanted), lattice, cells, gap)
    return plan if all(plan.machines[name].box == box for name, box in wanted.items()) else None


def _set(request: FloorRequest, wanted: dict[str, Rect]) -> FloorRequest:
    """The request with positions at which the labels are on the floor."""
    stages = tuple(replace(s, position=wanted[s.name][:2] if s.name in wanted else None) for s in request.stages)
    return replace(request, stages=stages)


def pin_apart(request: FloorRequest, gap: int) -> Floorplan:
    """A floor without belts on which each zone with pinned machines is a block of its own, the rest below them.

    Where such blocks would overlap the zone named later gives way.
    """
    pinned = pinned_places(request)
    zones: dict[str, Rect] = {}
    machines: dict[str, MachinePlace] = {}
    for index in sorted({stage.zone for stage in request.stages}):
        members = [stage for stage in request.stages if stage.zone == index]
        fixed = {stage.name: pinned[stage.name] for stage in members if stage.name in pinned}
        if not fixed:
            continue
        for below in (False, True):
            block, places = _block(members, fixed, gap, below)
            near = [*zones.values(), *(grown(footprint(p), 1) for n, p in pinned.items() if n not in fixed)]
            if not any(grown(block, 1).meets(other) for other in near):
                machines.update(places)
                if index < len(request.zones):
                    zones[request.zones[index]] = block
                break
    bottom = max((zone.bottom for zone in zones.values()), default=0)
    bottom = max([bottom, *(footprint(place).bottom + gap for place in machines.values())])
    rest = tuple(stage for stage in request.stages if stage.name not in machines)
    names = {stage.name for stage in rest} | set(request.sources)
    belts = tuple(b for b in request.belts if b.origin in names and b.target in names)
    right = max((box.right for box in zones.values()), default=0)
    right = max([right, *(footprint(place).right + gap for place in machines.values())])
    if not rest:
        low = bottom + gap
        sources = {name: Rect(1, low + i * (SOURCE[1] + 1), *SOURCE) for i, name in enumerate(request.sources)}
        height = low + len(sources) * (SOURCE[1] + 1)
        return Floorplan(right + gap, height + 1, zones, sources, _ordered(machines, request), ())
    part = replace(request, stages=rest, belts=belts)
    lattice = lattices(part)[0]
    ground = break_ground(part, lattice, arrange(part, lattice), gap)
    low = bottom + 1
    zones |= {name: Rect(z.x, z.y + low, z.w, z.h) for name, z in ground.zones.items()}
    sources = {name: Rect(s.x, s.y + low, s.w, s.h) for name, s in ground.sources.items()}
    for stage in rest:
        box = ground.machines[stage.name].box
        machines[stage.name] = place_machine(stage, box.x, box.y + low)
    width = max(right + 1, ground.width)
    return Floorplan(width, ground.height + low, zones, sources, _ordered(machines, request), (), cells=ground.cells)


def _ordered(machines: dict[str, MachinePlace], request: FloorRequest) -> dict[str, MachinePlace]:
    return {stage.name: machines[stage.name] for stage in request.stages}


def _block(
    members: list[StageSpec], fixed: dict[str, MachinePlace], gap: int, below: bool
) -> tuple[Rect, dict[str, MachinePlace]]:
    """A zone around its pinned machines, the others in a row at their right or below them."""
    places = dict(fixed)
    around = hull(footprint(place) for place in fixed.values())
    x = around.x if below else around.right + gap
    for stage in members:
        if stage.name in fixed:
            continue
        far = reach(stage)
        x += far.left
        y = around.bottom + gap + far.up if below else around.y + far.up
        places[stage.name] = place_machine(stage, x, y)
        x += 4 + far.right + gap
    every = hull(footprint(place) for place in places.values())
    left, top = max(0, every.x - gap), max(0, every.y - gap)
    return Rect(left, top, every.right + gap - left, every.bottom + NAME_STRIP + 1 - top), places
