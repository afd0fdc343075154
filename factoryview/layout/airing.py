"""Filling the screen: where the floor is narrower than the screen, corridors get wider."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .boxes import NAME_STRIP, QUEUE_LENGTH, boxes_of, hull
from .floorplan import BeltPath, Floorplan, FloorRequest, Rect
from .lines import FULL, lines_of, loose_sources, mapped, queues_of, slid, turned


def air(plan: Floorplan, request: FloorRequest) -> Floorplan:
    """Widen the narrowest gaps, one by one, until the floor has the shape of the screen."""
    wide = plan.width / request.aspect < plan.height
    view = plan if wide else turned(plan)
    size = round(plan.height * request.aspect) if wide else round(plan.width / request.aspect)
    queues = queues_of(plan, request)
    while view.width < size:
        cut = _narrowest(view, queues, not wide)
        if cut is None:
            break
        view = _widened(view, cut, not wide)
    return view if wide else turned(view)


def _spans(plan: Floorplan, rows: bool) -> list[tuple[int, int]]:
    """First and last column of tiles of everything that must not be torn apart."""
    loose = loose_sources(plan) if rows else {}
    spans = []
    for place in plan.machines.values():
        around = hull(box for _, box in boxes_of(place))
        spans.append((around.x, around.right - 1))
    spans += [(box.x, box.right - 1) for name, box in plan.sources.items() if name not in loose]
    for zone in plan.zones.values():
        spans += [(zone.x - 1, zone.x), (zone.right - 1 - NAME_STRIP * rows, zone.right)]
    for belt in plan.belts:
        origin = plan.sources.get(belt.origin) or plan.machines[belt.origin].box
        for (x, _), box in ((belt.tiles[0], origin), (belt.tiles[-1], plan.machines[belt.target].box)):
            if x < box.x:
                spans.append((x, box.x))
            elif x >= box.right:
                spans.append((box.right - 1, x))
    return spans


def _narrowest(plan: Floorplan, queues: list[bool], rows: bool) -> int | None:
    """The column of tiles before which a new one is needed most: least free ground beside it."""
    whole = np.ones(plan.width + 1, bool)
    whole[0] = whole[-1] = False
    for first, last in _spans(plan, rows):
        whole[max(first + 1, 0) : max(last + 1, 0)] = False
    busy = (lines_of(plan, rows) == FULL).any(axis=1)
    short = np.zeros(plan.width + 1, bool)
    for belt, queue in zip(plan.belts, queues, strict=True):
        if queue and len(belt.tiles) < QUEUE_LENGTH:
            xs = [x for x, _ in belt.tiles]
            short[min(xs) + 1 : max(xs) + 1] = True
    best: tuple[int, int] | None = None
    for cut in np.flatnonzero(whole).tolist():
        left, right = cut - 1, cut
        while left >= 0 and not busy[left]:
            left -= 1
        while right < plan.width and not busy[right]:
            right += 1
        edge = 2 * (left < 0 or right >= plan.width)
        rank = (right - left - 1 + edge - 9 * bool(short[cut]), cut)
        if best is None or rank < best:
            best = rank
    return None if best is None else best[1]


def _widened(plan: Floorplan, cut: int, rows: bool) -> Floorplan:
    """The floor with an empty column of tiles before column `cut`; belts that cross it get a tile longer."""

    def rect(box: Rect) -> Rect:
        left = box.x + (box.x >= cut)
        return Rect(left, box.y, box.right + (box.right > cut) - left, box.h)

    def belt(path: BeltPath) -> BeltPath:
        tiles: list[tuple[int, int]] = []
        new: list[int] = []
        before = path.tiles[0][0]
        for x, y in path.tiles:
            if (before < cut) != (x < cut):
                tiles.append((cut, y))
            new.append(len(tiles))
            tiles.append((x + (x >= cut), y))
            before = x
        return replace(
            path,
            tiles=tuple(tiles),
            underpasses=frozenset(new[i] for i in path.underpasses),
            merges=None if path.merges is None else new[path.merges],
        )

    belts = tuple(map(belt, plan.belts))
    sources = slid(plan, rect, lambda x: x + (x >= cut)) if rows else None
    return mapped(plan, rect, lambda x, y: (x + (x >= cut), y), belts, plan.width + 1, plan.height, sources)
