"""Single things: their sizes, their parts and their places beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

from factoryview.layout.plan import (
    BELT,
    BIN,
    ENLARGED,
    HALL,
    PEOPLE,
    SIDING,
    SIGN,
    Belt,
    Block,
    FloorRequest,
    Plan,
    Rect,
    StageSpec,
)
from factoryview.layout.verifier.lines import half_width

_PLACES = 6
"""Fewest places of a yard."""


def shapes(plan: Plan, request: FloorRequest) -> Iterator[str]:
    for stage in request.stages:
        block = plan.blocks.get(stage.name)
        if block is not None:
            yield from (f"{stage.name}: {wrong}" for wrong in _block(plan, block, stage))
            if block.kind != stage.kind:
                yield f"{stage.name} is drawn as a {block.kind}"
    for sign in plan.signs:
        widths = (SIGN[0], SIGN[0] if sign.gate is None else plan.gates[sign.gate].w)
        if sign.rect.w not in widths or not 30 <= sign.rect.h <= SIGN[1]:
            yield f"sign {sign.source} is {sign.rect.w} × {sign.rect.h}"
        if sign.gate is not None and not plan.gates[sign.gate].contains(sign.rect):
            yield f"sign {sign.source} is not in its gate"
    for yard in plan.yards:
        if len(yard.places) < _PLACES:
            yield f"yard of {yard.stage} has only {len(yard.places)} places"
        if not all(yard.rect.contains(place) for place in yard.places):
            yield f"yard of {yard.stage} has places outside"
        if any(a.meets(b) for a, b in combinations(yard.places, 2)):
            yield f"yard of {yard.stage} has places that overlap"
        fed = [i for i, belt in enumerate(plan.belts) if belt.target == yard.stage and belt.origin != belt.target]
        if yard.belt is None and fed:
            yield f"no belt leads round the yard of {yard.stage}"
        if yard.belt is not None and yard.belt not in fed:
            yield f"belt {yard.belt} round the yard of {yard.stage} leads elsewhere"
        block = plan.blocks.get(yard.stage)
        if block is not None and not yard.rect.meets(block.room.grown(80)):
            yield f"yard of {yard.stage} is not beside it"
        if yard.belt is not None and yard.belt in fed and _along(yard.rect, plan.belts[yard.belt]) < 2:
            yield f"no belt runs along two sides of the yard of {yard.stage}"


def _along(rect: Rect, belt: Belt) -> int:
    """Along how many sides of a rectangle a belt runs, 6 to 12 u away, over most of the side."""
    x, y, near = (rect.x, rect.right), (rect.y, rect.bottom), range(half_width(belt) + 6, half_width(belt) + 13)
    sides = set()
    for a, b in pairwise(belt.points):
        level = a.y == b.y
        (low, high), (start, end), at = (y, x, a.y) if level else (x, y, a.x)
        begin, finish = sorted((a.x, b.x) if level else (a.y, b.y))
        if min(finish, end) - max(begin, start) > 0.6 * (end - start):
            sides |= {(level, False)} if low - at in near else {(level, True)} if at - high in near else set()
    return len(sides)


def _block(plan: Plan, block: Block, stage: StageSpec) -> Iterator[str]:
    hall = block.hall
    if (hall.w, hall.h) != HALL:
        yield f"hall is {hall.w} × {hall.h}"
    if (block.people is None) != (block.kind == "depot"):
        yield "people where none work, or none where they do"
    if block.people is not None:
        people = block.people
        if people.bottom != hall.y or people.h != PEOPLE or not hall.x <= people.x < people.right <= hall.right:
            yield "people do not stand on the hall"
        elif people.w < 150:
            yield "people have no room"
    for part, asked, size, name in (
        (block.bin, stage.loses, BIN, "bin"),
        (block.siding, stage.wrecks, SIDING, "siding"),
    ):
        if (part is not None) != asked:
            yield f"{name} missing or too many"
        if part is not None and ((part.w, part.h) != size or part.y != hall.bottom):
            yield f"{name} does not hang below the hall"
        if part is not None and not hall.x <= part.x < part.right <= hall.right:
            yield f"{name} is not under the hall"
    if block.bin and block.siding and block.bin.x - block.siding.right < BELT:
        yield "no way out between bin and siding"
    if block.factor != (ENLARGED if stage.slow else 1.0):
        yield f"factor is {block.factor}"
    column, row = block.cell
    if not (0 <= column < len(plan.slots) and 0 <= row < len(plan.slots[column])):
        yield f"stands in slot {block.cell}, which is none"
    elif not plan.slots[column][row].contains(hall):
        yield f"stands outside slot {block.cell}"
