"""Making the floor small: grid lines that only straight belts cross are taken out."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .boxes import NAME_STRIP, QUEUE_LENGTH
from .floorplan import BeltPath, Floorplan, FloorRequest, Rect
from .lines import FULL, lines_of, loose_sources, mapped, queues_of, slid, turned


def _apart(plan: Floorplan, gone: int) -> bool:
    """Whether the sources still stand apart and inside their zones if a line is taken out."""

    def rect(box: Rect) -> Rect:
        return Rect(box.x - (box.x > gone), box.y, box.w, box.h)

    after = list(slid(plan, rect, lambda x: x - (x > gone)).values())
    edges = {line for zone in plan.zones.values() for line in (zone.x, zone.right - (zone.right > gone))}
    edges |= {line - NAME_STRIP for line in edges}
    ordered = sorted(after)
    return all(a.right < b.x for a, b in pairwise(ordered)) and not any(
        box.x - 1 < line < box.right + 1 for box in after for line in edges
    )


_BELT, _PILE, _THING = 1, 2, 4
"""Things that must not touch when a line is taken out; only a belt may run right beside a pile."""


def _things(plan: Floorplan, lines: NDArray[np.int8]) -> NDArray[np.int8]:
    """What stands on each tile."""
    things = np.where(lines == FULL, np.int8(_THING), np.int8(0))
    for belt in plan.belts:
        for x, y in belt.tiles:
            things[x, y] = _BELT
    for place in plan.machines.values():
        if place.pile:
            things[place.pile.x : place.pile.right, place.pile.y : place.pile.bottom] = _PILE
    return things


def _minimum(length: int, queue: bool) -> int:
    """The length below which a belt may not shrink."""
    return min(length, QUEUE_LENGTH if queue else 6)


def _removable(plan: Floorplan, queues: list[bool], strip: bool, first: int) -> list[int]:
    """Columns of tiles (from `first` on) that may be taken out."""
    lines = lines_of(plan, strip)
    free = (lines != FULL).all(axis=1)
    things = _things(plan, lines)
    slide = strip and bool(loose_sources(plan))
    for x in range(plan.width):
        inner = 0 < x < plan.width - 1
        if not inner or x < first:
            free[x] = False
        elif free[x]:
            left, right = things[x - 1], things[x + 1]
            touch = (left > 0) & (right > 0) & (left + right != _BELT + _PILE)
            free[x] = not (touch & (things[x] == 0)).any() and (not slide or _apart(plan, x))
    for belt, queue in zip(plan.belts, queues, strict=True):
        length, least = len(belt.tiles), _minimum(len(belt.tiles), queue)
        if length <= least:
            for x, _ in belt.tiles:
                free[x] = False
        run, y = 1, belt.tiles[-1][1]
        while run < length and belt.tiles[-1 - run][1] == y:
            run += 1
        if run <= 4 and run > 1:
            for i in range(1, run + 1):
                free[belt.tiles[-i][0]] = False
        run, y = 1, belt.tiles[0][1]
        while run < length and belt.tiles[run][1] == y:
            run += 1
        if 1 < run <= 2:
            for i in range(run):
                free[belt.tiles[i][0]] = False
    return [x for x in range(plan.width) if free[x]]


def _without(plan: Floorplan, gone: int, slide: bool) -> Floorplan:
    """The floor without one column of tiles."""

    def rect(box: Rect) -> Rect:
        left = box.x - (box.x > gone)
        return Rect(left, box.y, box.right - (box.right > gone) - left, box.h)

    def belt(path: BeltPath) -> BeltPath:
        kept = [i for i, (x, _) in enumerate(path.tiles) if x != gone]
        number = {old: new for new, old in enumerate(kept)}
        merges = path.merges
        if merges is not None:
            merges = sum(i < merges for i in kept)
        return replace(
            path,
            tiles=tuple((x - (x > gone), y) for x, y in (path.tiles[i] for i in kept)),
            underpasses=frozenset(number[i] for i in path.underpasses),
            merges=merges,
        )

    belts = tuple(map(belt, plan.belts))
    sources = slid(plan, rect, lambda x: x - (x > gone)) if slide else None
    return mapped(plan, rect, lambda x, y: (x - (x > gone), y), belts, plan.width - 1, plan.height, sources)


def compact(plan: Floorplan, request: FloorRequest, first: tuple[int, int] = (0, 0)) -> Floorplan:
    """Take out all lines that can be spared, first in the dimension that decides the size of the tiles.

    `first`: column and row before which nothing may move.
    """
    queues = queues_of(plan, request)
    stuck: set[bool] = set()
    while len(stuck) < 2:
        wide = plan.width / request.aspect >= plan.height
        wide = wide if wide not in stuck else not wide
        view = plan if wide else turned(plan)
        lines = _removable(view, queues, not wide, first[0] if wide else first[1])
        if not lines:
            stuck.add(wide)
            continue
        widest = max(_runs(lines), key=lambda run: (len(run), -run[0]))
        view = _without(view, widest[len(widest) // 2], not wide)
        plan = view if wide else turned(view)
    return plan


def _runs(lines: list[int]) -> list[list[int]]:
    """Adjacent lines together."""
    runs: list[list[int]] = []
    for x in lines:
        if runs and runs[-1][-1] == x - 1:
            runs[-1].append(x)
        else:
            runs.append([x])
    return runs
