"""The free floor below a hall: what does not fit on its belts stands there if it has no yard, and what it loses.

An apron lies below its hall and is clear of all that stands or runs on the floor, so that a pile there hides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from factoryview.layout.plan import Block, Plan, Rect
from factoryview.scene.floor.trays import loose_side
from factoryview.scene.floor.yards import TEN, side_of

_AIR, _HIGH, _OVERLAP = 6, 130, 60
"""u to all that is there; an apron's height at the most; how much of its width lies below its hall at the least."""
_RIM = 12
"""u to the edge of the floor of a department."""
_LARGER = 1.1
"""How much larger than in the plan a hall may be drawn, about its middle."""
_USUAL = 40
"""Crates for which the room for many is chosen."""
_LOWER = 0.75
"""What the size of crates counts that do not stand right below their hall: one must see whose they are."""
_BOARDS = 2
"""So many boards are hung at the most, the first of the plan."""
_LEAST = (60, 22)
"""u below which there is no apron."""
_SKIP = (150, 75)
"""u of a skip for what is lost, at the most."""


class Apron(NamedTuple):
    """Where up to nine crates lie, and where more stand on pallets."""

    few: Rect
    many: Rect


def aprons(plan: Plan) -> dict[str, Apron]:
    """Of each stage without a yard the floor before it, where there is any."""
    yards = {yard.stage for yard in plan.yards}
    stages = {name: block for name, block in plan.blocks.items() if block.kind == "stage" and name not in yards}
    taken = tuple(_taken(plan, plan.boards[:_BOARDS]))
    given: dict[str, Apron] = {}
    for name, block in stages.items():
        own = [block.bin] if block.bin else []
        others = [rect for apron in given.values() for rect in apron]
        rooms = list(_rooms(block, [rect for of, rect in taken if of != name] + own + others, _zone(plan, block)))
        if rooms:
            top = rooms[0].y

            def told(room: Rect, size: float, top: int = top) -> tuple[float, int, int]:
                return round(size * (1.0 if room.y == top else _LOWER), 2), -room.y, -room.x

            given[name] = Apron(max(rooms, key=lambda room: told(room, loose_side(room, TEN - 1))),
                                max(rooms, key=lambda room: told(room, side_of(room, _USUAL))))  # fmt: skip
    return given


def skip_of(plan: Plan, name: str, apron: Apron | None, boards: Sequence[Rect]) -> Rect:
    """Where the skip of a stage that loses cases stands: below its hall, at the right, as large as there is room.

    apron: of the same stage, where crates stand on it. boards: those that hang.
    """
    block = plan.blocks[name]
    assert block.bin is not None, "a stage that loses nothing has no skip"
    taken = [rect for of, rect in _taken(plan, boards) if of != name and rect != block.bin]
    rooms = _rooms(block, [*taken, *(apron or ())], _zone(plan, block))

    def size(room: Rect) -> tuple[int, int]:
        return min(_SKIP[0], room.w, room.h * _SKIP[0] // _SKIP[1]), room.x

    room = max(rooms, key=size, default=block.bin)
    wide = size(room)[0]
    if wide * _SKIP[1] // _SKIP[0] <= block.bin.h:
        return block.bin
    return Rect(room.right - wide, block.hall.bottom, wide, wide * _SKIP[1] // _SKIP[0])


def _taken(plan: Plan, boards: Sequence[Rect]) -> Iterator[tuple[str, Rect]]:
    """All that stands or runs, with the stage whose own it is."""
    for name, block in plan.blocks.items():
        yield from ((name, part) for part in (_largest(block), *block.parts()))
        if block.rising:
            yield name, block.rising
        if block.bin:
            yield "", block.bin
    for belt in plan.belts:
        yield from (("", strip) for strip in belt.strips())
    others = (*(sign.rect for sign in plan.signs), *plan.gates, *(yard.rect for yard in plan.yards))
    yield from (("", rect) for rect in (*others, *boards, *(zone.label for zone in plan.zones)))


def _largest(block: Block) -> Rect:
    """A hall as large as it may be drawn."""
    return block.hall.scaled(max(block.factor, _LARGER), block.hall.centre)


def _zone(plan: Plan, block: Block) -> Rect:
    """The piece of a department's floor on which a hall stands, else the whole floor."""
    middle = block.hall.centre
    pieces = (piece for zone in plan.zones for piece in zone.rects)
    return next(
        (piece for piece in pieces if piece.x <= middle.x < piece.right and piece.y <= middle.y < piece.bottom),
        Rect(0, 0, plan.width, plan.height),
    )


def _rooms(block: Block, taken: list[Rect], floor: Rect) -> Iterator[Rect]:
    """Free rectangles below a hall, the uppermost first."""
    hall = _largest(block)
    left, right = max(floor.x + _RIM, block.hall.x), min(floor.right - _RIM, hall.right)
    lowest = min(floor.bottom - _RIM, hall.bottom + _HIGH)
    for top in (hall.bottom + _AIR, *([block.bin.bottom + _AIR] if block.bin else [])):
        ends = [rect.y - _AIR for rect in taken if top < rect.y - _AIR < lowest]
        for bottom in sorted({lowest, *ends}):
            for x0, x1 in _gaps(left, right, top, bottom, taken):
                if bottom - top >= _LEAST[1] and x1 - x0 >= _LEAST[0] and min(x1, hall.right) - x0 >= _OVERLAP:
                    yield Rect(x0, top, x1 - x0, bottom - top)


def _gaps(left: int, right: int, top: int, bottom: int, taken: list[Rect]) -> Iterator[tuple[int, int]]:
    """The free spans of a strip of floor from left to right."""
    x = left
    for rect in sorted((r for r in taken if r.y < bottom and r.bottom > top), key=lambda r: r.x):
        if rect.x - _AIR > x:
            yield x, min(right, rect.x - _AIR)
        x = max(x, rect.right + _AIR)
    if x < right:
        yield x, right
