"""The ground: zones, slots, borders."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from factoryview.layout.plan import FloorRequest, Plan, Rect
from factoryview.layout.verifier.lines import half_width, name_of, strips_of
from factoryview.layout.verifier.solids import things_of


def ground(plan: Plan, request: FloorRequest) -> Iterator[str]:
    rects = [(zone.department, rect) for zone in plan.zones for rect in zone.rects]
    left = min((rect.x for _, rect in rects), default=0)
    if left and left > max((sign.rect.right for sign in plan.signs if sign.gate is None), default=-99) + 120:
        yield "the zones begin far from the signs at the wall"
    if sum(rect.w * rect.h for _, rect in rects) != (plan.width - left) * plan.height:
        yield "the zones do not cover the floor"
    for (d, a), (e, b) in combinations(rects, 2):
        if a.meets(b):
            yield f"zone {d} overlaps zone {e}"
    if sum(r.w * r.h for column in plan.slots for r in column) != (plan.width - left) * plan.height:
        yield "the slots do not cover the floor"
    department = {stage.name: stage.department for stage in request.stages}
    for name, block in plan.blocks.items():
        for part in block.parts():
            if not _inside(part, [rect for d, rect in rects if d == department.get(name)]):
                yield f"{name} is not on the floor of its department"
    for yard in plan.yards:
        if not _inside(yard.rect, [rect for d, rect in rects if d == department.get(yard.stage)]):
            yield f"yard of {yard.stage} is not on the floor of its department"
    if sorted(zone.department for zone in plan.zones) != sorted(set(department.values())):
        yield "zones are not those of the departments with stages"
    for zone in plan.zones:
        if not _inside(zone.label, list(zone.rects)):
            yield f"name of department {zone.department} is not on its floor"
        if zone.label.w < 60 or zone.label.h < 20:
            yield f"name of department {zone.department} has no room"
        for name, block in plan.blocks.items():
            if block.rising and block.rising.meets(zone.label):
                yield f"name of department {zone.department} is behind the machine of {name}"
    solid = [(name, rect) for owner, name, rect in things_of(plan)]
    for p, q in plan.borders:
        line = Rect(min(p.x, q.x), min(p.y, q.y), max(1, abs(p.x - q.x)), max(1, abs(p.y - q.y)))
        if (p.x == q.x) == (p.y == q.y):
            yield "a border is slanted"
        for name, rect in solid:
            if line.meets(rect.grown(-1)):
                yield f"a border runs through {name}"
        for belt in plan.belts:
            for run, upright in strips_of(belt.points, half_width(belt)):
                if upright == (p.x == q.x) and run.meets(line):
                    yield f"a border runs along {name_of(belt)}"


def _inside(rect: Rect, parts: list[Rect]) -> bool:
    """Whether disjoint rectangles together hold a rectangle."""
    area = 0
    for part in parts:
        w = min(rect.right, part.right) - max(rect.x, part.x)
        h = min(rect.bottom, part.bottom) - max(rect.y, part.y)
        area += max(0, w) * max(0, h)
    return area == rect.w * rect.h
