"""What has an area: nothing overlaps, everything lies on the floor."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from factoryview.layout.plan import Plan, Rect


def solids(plan: Plan) -> Iterator[str]:
    """Things that must not overlap, and must lie on the floor."""
    things = things_of(plan)
    floor = Rect(0, 0, plan.width, plan.height)
    for _, name, rect in things:
        if not floor.contains(rect):
            yield f"{name} is not on the floor: {rect}"
        if rect.w <= 0 or rect.h <= 0:
            yield f"{name} has no area: {rect}"
    for (owner, name, rect), (other, its, box) in combinations(things, 2):
        if owner != other and rect.meets(box):
            yield f"{name} overlaps {its}"
    for a, b in combinations(plan.signs, 2):
        if a.rect.meets(b.rect):
            yield f"sign {a.source} overlaps sign {b.source}"


def things_of(plan: Plan) -> list[tuple[str, str, Rect]]:
    """Owner, name and place of everything solid; what has one owner may touch itself."""
    found: list[tuple[str, str, Rect]] = []
    for name, block in plan.blocks.items():
        kinds = ("hall", block.hall), ("people", block.people), ("bin", block.bin), ("siding", block.siding)
        here = [kind for kind, part in kinds if part]
        found += [(f"block {name}", f"{kind} of {name}", part) for kind, part in zip(here, block.parts(), strict=True)]
    found += [(f"yard {yard.stage}", f"yard of {yard.stage}", yard.rect) for yard in plan.yards]
    found += [(f"gate {i}", f"gate {i}", rect) for i, rect in enumerate(plan.gates)]
    walled = [sign for sign in plan.signs if sign.gate is None]
    found += [(f"sign {sign.source}/{sign.target}", f"sign {sign.source}", sign.rect) for sign in walled]
    found += [(f"board {i}", f"board {i}", rect) for i, rect in enumerate(plan.boards)]
    found += [(f"label {zone.department}", f"name of department {zone.department}", zone.label) for zone in plan.zones]
    return found
