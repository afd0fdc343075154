"""What was asked for, against what stands there."""

from __future__ import annotations

from collections.abc import Iterator

from factoryview.layout.plan import THIN, FloorRequest, Plan
from factoryview.layout.verifier.lines import name_of


def requested(plan: Plan, request: FloorRequest) -> Iterator[str]:
    names = [stage.name for stage in request.stages]
    if list(plan.blocks) != names:
        yield f"blocks are {list(plan.blocks)}, not {names}"
    wanted = [(belt.origin, belt.target) for belt in request.belts if (belt.origin, belt.target) not in plan.unrouted]
    if [(belt.origin, belt.target) for belt in plan.belts] != wanted:
        yield "the belts are not those of the request in its order"
    for origin, target in plan.unrouted:
        yield f"belt {origin} → {target} is unrouted"
    specs = {(belt.origin, belt.target): belt for belt in request.belts}
    queues = {yard.belt for yard in plan.yards}
    shares: dict[tuple[bool, str, str], float] = {}
    for asked in request.belts:
        key = (asked.origin in request.sources, "" if asked.origin in request.sources else asked.origin, asked.target)
        shares[key] = shares.get(key, 0.0) + asked.share
    for i, belt in enumerate(plan.belts):
        spec = specs.get((belt.origin, belt.target))
        if spec is None:
            yield f"belt {belt.origin} → {belt.target} was not asked for"
            continue
        if (spec.share, spec.rework) != (belt.share, belt.rework):
            yield f"{name_of(belt)} has another share or kind than asked for"
        source = belt.origin in request.sources
        seldom = shares[source, "" if source else belt.origin, belt.target] < THIN
        if belt.thin != (seldom and i not in queues and belt.origin != belt.target):
            yield f"{name_of(belt)} is {'thin' if belt.thin else 'wide'} with a share of {belt.share}"
    fed = sorted((belt.origin, belt.target) for belt in request.belts if belt.origin in request.sources)
    if sorted((sign.source, sign.target) for sign in plan.signs) != fed:
        yield "the signs are not one for each source and stage it feeds"
    for size, whole in ((plan.width, request.width), (plan.height, request.height)):
        if not 0 <= whole / plan.scale - size < 1.001:
            yield f"the floor is {plan.width} × {plan.height} at scale {plan.scale}, not what was asked for"
    fed_by_belt = {belt.target for belt in request.belts if belt.origin != belt.target}
    slow = [stage.name for stage in request.stages if stage.slow and stage.name in fed_by_belt]
    if sorted(yard.stage for yard in plan.yards) != sorted(slow):
        yield f"yards are of {sorted(yard.stage for yard in plan.yards)}, not of {sorted(slow)}"
    taken: set[tuple[int, int]] = set()
    for stage in request.stages:
        block = plan.blocks.get(stage.name)
        if block is None:
            continue
        if block.cell in taken:
            yield f"two blocks stand in slot {block.cell}"
        taken.add(block.cell)
        if stage.position is not None:
            asked_cell = min(stage.position[0], plan.columns - 1), min(stage.position[1], plan.rows - 1)
            same = [other.name for other in request.stages if other.position == stage.position]
            if block.cell != asked_cell and same[0] == stage.name:
                yield f"{stage.name} stands in slot {block.cell}, not in {asked_cell} as set by hand"
