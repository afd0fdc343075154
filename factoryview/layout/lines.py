"""A floor as its lines of tiles see it, and floors put through a map; shared by compacting and airing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .boxes import boxes_of
from .floorplan import BeltPath, Floorplan, FloorRequest, MachinePlace, Rect

EMPTY, CROSSED, FULL = range(3)
"""What a line finds on a tile: nothing, a belt running straight over the line, anything else."""


def turned(plan: Floorplan) -> Floorplan:
    """The floor mirrored at its diagonal, so that rows can be treated as columns."""

    def rect(box: Rect) -> Rect:
        return Rect(box.y, box.x, box.h, box.w)

    belts = tuple(replace(belt, tiles=tuple((y, x) for x, y in belt.tiles)) for belt in plan.belts)
    return mapped(plan, rect, lambda x, y: (y, x), belts, plan.height, plan.width)


def mapped(
    plan: Floorplan,
    rect: Callable[[Rect], Rect],
    tile: Callable[[int, int], tuple[int, int]],
    belts: tuple[BeltPath, ...],
    width: int,
    height: int,
    sources: dict[str, Rect] | None = None,
) -> Floorplan:
    """The floor with every box and chute put through a map; `sources` if they move otherwise."""

    def machine(place: MachinePlace) -> MachinePlace:
        return MachinePlace(
            rect(place.box),
            rect(place.plate),
            rect(place.badge),
            rect(place.numbers),
            place.pile and rect(place.pile),
            place.bin and rect(place.bin),
            place.bin_text and rect(place.bin_text),
            tuple(tile(x, y) for x, y in place.chute),
        )

    return replace(
        plan,
        width=width,
        height=height,
        zones={name: rect(zone) for name, zone in plan.zones.items()},
        sources=sources or {name: rect(box) for name, box in plan.sources.items()},
        machines={name: machine(place) for name, place in plan.machines.items()},
        belts=belts,
    )


def lines_of(plan: Floorplan, strip: bool) -> NDArray[np.int8]:
    """What each column of tiles finds on each of its tiles; `strip`: the name strips count as built over."""
    found = np.zeros((plan.width, plan.height), np.int8)
    for belt in plan.belts:
        last = len(belt.tiles) - 1
        for i, (x, y) in enumerate(belt.tiles):
            straight = 0 < i < last and belt.tiles[i - 1][1] == y == belt.tiles[i + 1][1]
            found[x, y] = max(found[x, y], CROSSED if straight else FULL)
    boxes = [box for place in plan.machines.values() for _, box in boxes_of(place)]
    loose = loose_sources(plan) if strip else {}
    for box in [*boxes, *(box for name, box in plan.sources.items() if name not in loose)]:
        found[box.x : box.right, box.y : box.bottom] = FULL
    for zone in plan.zones.values():
        edges = [zone.x - 1, zone.right]
        if strip:
            edges += [zone.right - 1, zone.right - 2]
        for x in edges:
            if not 0 <= x < plan.width:
                continue
            wall = found[x, zone.y : zone.bottom]
            wall[wall == EMPTY] = FULL
    return found


def loose_sources(plan: Floorplan) -> dict[str, int]:
    """On a turned floor the sources that can slide along the edge, with the line on which their belts leave."""
    if len({box.y for box in plan.sources.values()}) > 1:
        return {}
    lines: dict[str, set[int]] = {name: set() for name in plan.sources}
    for belt in plan.belts:
        if belt.origin in lines:
            x, y = belt.tiles[0]
            lines[belt.origin] |= {x} if y == plan.sources[belt.origin].bottom else {x, -1}
    return {name: line.pop() for name, line in lines.items() if len(line) == 1}


def slid(plan: Floorplan, rect: Callable[[Rect], Rect], moved: Callable[[int], int]) -> dict[str, Rect]:
    """The sources after lines were taken out or put in: the loose ones go with their belts."""
    loose = loose_sources(plan)
    return {
        name: Rect(box.x - loose[name] + moved(loose[name]), box.y, box.w, box.h) if name in loose else rect(box)
        for name, box in plan.sources.items()
    }


def queues_of(plan: Floorplan, request: FloorRequest) -> list[bool]:
    """For each belt of the floor whether work stands on it."""
    waiting = {(belt.origin, belt.target, belt.rework) for belt in request.belts if belt.queue}
    return [(belt.origin, belt.target, belt.rework) in waiting for belt in plan.belts]
