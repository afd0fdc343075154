"""What stands below a hall without a yard: crates on its apron or tray, wrecks on their siding; where losses are told.

All in u of the floor.
"""

from __future__ import annotations

from math import ceil

from factoryview.layout.plan import BELT, PALLET, SIDING, Block, Rect
from factoryview.scene.floor.yards import FEW_STEPS, GAP, TEN, divided

TRAY = 100
"""u from a hall's left edge that crates before it take, at the most."""
_LOOSE = 22
"""u of a loose crate before a hall, at the most."""
_ROW = SIDING[1] // 2
"""u of a row below a hall, of crates or of wrecks."""


def siding_of(block: Block, *, below: bool = False) -> Rect:
    """Where wrecks stand: below the hall from its left edge to the next belt, in a row. below: a second row, because
    a tray stands in the first."""
    hall = block.hall
    left, top = hall.x + 2, hall.bottom + 2 + (_ROW if below else 0)
    ends = [port.point.x - BELT // 2 - 4 for port in block.ports if port.side == "bottom" and port.point.x > left]
    return Rect(left, top, max(SIDING[0], min([hall.right - 2, *ends]) - left), _ROW - 2)


def bin_of(block: Block, *, standing: int) -> Rect:
    """Where losses are told: below the hall's right edge, as far to the left as neither belt nor tray stands; at least
    `Block.bin`. standing: u to where something stands on the tray; 0: nothing does."""
    least, hall = block.bin, block.hall
    assert least is not None, "a stage that loses nothing has no bin"
    ends = [port.point.x + BELT // 2 + 4 for port in block.ports if port.side == "bottom" and port.point.x < least.x]
    ends += [standing + 4] if standing else []
    # where all of the block is drawn larger, belts are not
    middle = hall.centre.x
    ends = [max(end, middle + ceil((end - middle) / block.factor)) for end in ends]
    left = min(least.x, max([hall.x + 60, *ends]))
    return Rect(left, least.y, least.right - left, least.h)


def tray_of(block: Block, count: int, *, wrecks: bool = False) -> list[Rect]:
    """Before a hall without a yard: places below its left edge for so many crates that do not fit on the belt. Up to
    nine lie on one, each as large as there is room, the others on pallets. Where
    room is kept for wrecks, these are one row as large as those of a yard if that is enough, else two of small ones.
    wrecks: they take the second row and the room of the bin."""
    hall = block.hall
    if count < TEN:
        return [_for_few(block, count, one_row=wrecks or not block.siding)]
    if not block.siding:
        return [Rect(hall.x + 2 + 32 * i, hall.bottom + 5, 29, 28) for i in range(3)]
    siding = siding_of(block)
    right = min(siding.right, block.bin.x - 4) if block.bin and not wrecks else siding.right
    large = (right - siding.x + GAP) // (PALLET[0] + GAP)
    if not wrecks and count <= TEN * large:
        return [Rect(hall.x + 2 + (PALLET[0] + GAP) * i, hall.bottom + 4, *PALLET) for i in range(large)]
    across = max(3, (right - siding.x + 4) // 33)
    return [Rect(hall.x + 2 + 33 * i, hall.bottom + 3 + _ROW * row, 29, 23)
            for row in range(1 if wrecks else 2) for i in range(across)]  # fmt: skip


def apron_places(few: Rect, many: Rect, count: int) -> list[Rect]:
    """Places on the free floor below a hall, the first at its upper left: one for up to nine loose crates, else pallets
    as large as there is room; above four hundred there are racks as well."""
    if count < TEN:
        return [_for_loose(few, count)]
    step = next((step for step in FEW_STEPS if TEN * step >= count), FEW_STEPS[-1])
    return divided(many, step, count)


def _for_few(block: Block, count: int, *, one_row: bool) -> Rect:
    """A place for up to nine loose crates, no wider than they need."""
    hall = block.hall
    ends = [port.point.x - BELT // 2 - 4 for port in block.ports if port.side == "bottom" and port.point.x > hall.x]
    wide = min([TRAY - 2, *(end - hall.x - 2 for end in ends)])
    if block.bin:
        wide = min(wide, block.bin.x - 6 - hall.x)
    return _for_loose(Rect(hall.x + 2, hall.bottom + 4, wide, 24 if one_row else 2 * _ROW - 4), count)


def _for_loose(room: Rect, count: int) -> Rect:
    """The part of a room, at its upper left, that so many loose crates take, as large as they find room."""
    side = loose_side(room, count)
    columns = max(1, min(count, (room.w + 3) // (side + 3)))
    return Rect(room.x, room.y, columns * (side + 3) - 3, ceil(count / columns) * (side + 3) - 3)


def loose_side(room: Rect, count: int) -> int:
    """u of loose crates in a room for so many."""
    sides = range(_LOOSE, 7, -1)
    return next((s for s in sides if (room.w + 3) // (s + 3) * ((room.h + 3) // (s + 3)) >= count), 7)
