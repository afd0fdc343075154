"""What belongs to a machine and where around it: plate, badge, numbers, pile, chute, bin and its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import ceil
from typing import NamedTuple

from .floorplan import Floorplan, MachinePlace, Rect, StageSpec

MACHINE = 4
"""Width and height of a machine in tiles."""
SOURCE = (5, 3)
"""Width and height of a source in tiles."""
NAME_STRIP = 2
"""Rows at the foot of a zone that carry its name in large letters."""

QUEUE_LENGTH = 12
"""Tiles a belt should have on which work stands."""


class Style(NamedTuple):
    """Where bins hang and piles stand: beside the machine's lowest row, or below the machine."""

    bins_below: bool = False
    piles_below: bool = False


class Reach(NamedTuple):
    """How many tiles the boxes of a machine reach beyond its 4×4 body on each side."""

    left: int
    up: int
    right: int
    down: int


BESIDE = Style()


def plate_width(label: str) -> int:
    """Width in tiles of the plate for a label that may be broken into two lines: 6 to 9.

    >>> plate_width("Offer"), plate_width("Determine confirmation of receipt")
    (6, 9)
    """
    words = label.split()
    longest = min(
        (max(len(" ".join(words[:i])), len(" ".join(words[i:]))) for i in range(1, len(words))),
        default=len(label),
    )
    length = len(label) if len(label) <= 10 else longest
    return max(6, min(9, ceil(length / 2) + 2))


def place_machine(stage: StageSpec, x: int, y: int, style: Style = BESIDE) -> MachinePlace:
    """The boxes of `stage` when its machine's upper left tile is (x, y)."""
    width = plate_width(stage.label or stage.name)
    place = MachinePlace(
        box=Rect(x, y, MACHINE, MACHINE),
        plate=Rect(x - (width - MACHINE) // 2, y - 2, width, 2),
        badge=Rect(x, y - 4, 4, 2),
        numbers=Rect(x + MACHINE, y, 4, 2),
        pile=Rect(*((x - 2, y + 4) if style.piles_below else (x - 4, y + 3)), 4, 3) if stage.pile else None,
    )
    if not stage.loses:
        return place
    chute = (x + 3, y + 4) if style.bins_below else (x + 4, y + 3)
    bin_x, bin_y = (x + 3, y + 5) if style.bins_below else (x + 5, y + 3)
    return replace(
        place,
        bin=Rect(bin_x, bin_y, 2, 2),
        bin_text=Rect(bin_x + 2, bin_y, 4, 2),
        chute=(chute,),
    )


def boxes_of(place: MachinePlace) -> Iterator[tuple[str, Rect]]:
    """Every box of a machine with its kind, the chute tile by tile."""
    for kind in ("box", "plate", "badge", "numbers", "pile", "bin", "bin_text"):
        box = getattr(place, kind)
        if box is not None:
            yield kind, box
    for x, y in place.chute:
        yield "chute", Rect(x, y, 1, 1)


def hull(boxes: Iterator[Rect] | list[Rect]) -> Rect:
    """The smallest box around all boxes."""
    every = list(boxes)
    left, top = min(b.x for b in every), min(b.y for b in every)
    return Rect(left, top, max(b.right for b in every) - left, max(b.bottom for b in every) - top)


def reach(stage: StageSpec, style: Style = BESIDE) -> Reach:
    """How far the boxes of `stage` reach beyond its machine."""
    around = hull(box for _, box in boxes_of(place_machine(stage, 0, 0, style)))
    return Reach(-around.x, -around.y, around.right - MACHINE, around.bottom - MACHINE)


def style_of(plan: Floorplan) -> Style:
    """How bins hang and piles stand on a floor."""
    places = plan.machines.values()
    return Style(
        any(place.bin is not None and place.bin.y >= place.box.bottom for place in places),
        any(place.pile is not None and place.pile.y >= place.box.bottom for place in places),
    )


def solid_boxes(plan: Floorplan) -> list[Rect]:
    """Everything a belt may not run over: all boxes of all machines and the sources."""
    found = [box for place in plan.machines.values() for _, box in boxes_of(place)]
    return found + list(plan.sources.values())
