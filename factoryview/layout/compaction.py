"""Making the floor small: grid lines that only straight belts cross are taken out; and wide again where air is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .boxes import boxes_of
from .floorplan import BeltPath, Floorplan, FloorRequest, MachinePlace, Rect

_EMPTY, _CROSSED, _FULL = range(3)
"""What a line finds on a tile: nothing, a belt running straight over the line, anything else."""


def turned(plan: Floorplan) -> Floorplan:
    """The floor mirrored at its diagonal, so that rows can be treated as columns."""

    def rect(box: Rect) -> Rect:
        return Rect(box.y, box.x, box.h, box.w)

    belts = tuple(replace(belt, tiles=tuple((y, x) for x, y in belt.tiles)) for belt in plan.belts)
    return _mapped(plan, rect, lambda x, y: (y, x), belts, plan.height, plan.width)


def _mapped(
    plan: Floorplan,
    rect: Callable[[Rect], Rect],
    tile: Callable[[int, int], tuple[int, int]],
    belts: tuple[BeltPath, ...],
    width: int,
    height: int,
) -> Floorplan:
    """The floor with every box and chute put through a map."""

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
        sources={name: rect(box) for name, box in plan.sources.items()},
        machines={name: machine(place) for name, place in plan.machines.items()},
        belts=belts,
    )


def _lines(plan: Floorplan, strip: bool) -> NDArray[np.int8]:
    """What each column of tiles finds on each of its tiles; `strip`: the name strips count as built over."""
    found = np.zeros((plan.width, plan.height), np.int8)
    for belt in plan.belts:
        last = len(belt.tiles) - 1
        for i, (x, y) in enumerate(belt.tiles):
            straight = 0 < i < last and belt.tiles[i - 1][1] == y == belt.tiles[i + 1][1]
            found[x, y] = max(found[x, y], _CROSSED if straight else _FULL)
    boxes = [box for place in plan.machines.values() for _, box in boxes_of(place)]
    for box in [*boxes, *plan.sources.values()]:
        found[box.x : box.right, box.y : box.bottom] = _FULL
    for zone in plan.zones.values():
        edges = [zone.x - 1, zone.right]
        if strip:
            edges += [zone.right - 1, zone.right - 2]
        for x in edges:
            if not 0 <= x < plan.width:
                continue
            wall = found[x, zone.y : zone.bottom]
            wall[wall == _EMPTY] = _FULL
    return found


_BELT, _PILE, _THING = 1, 2, 4
"""Things that must not touch when a line is taken out; only a belt may run right beside a pile."""


def _things(plan: Floorplan, lines: NDArray[np.int8]) -> NDArray[np.int8]:
    """What stands on each tile."""
    things = np.where(lines == _FULL, np.int8(_THING), np.int8(0))
    for belt in plan.belts:
        for x, y in belt.tiles:
            things[x, y] = _BELT
    for place in plan.machines.values():
        if place.pile:
            things[place.pile.x : place.pile.right, place.pile.y : place.pile.bottom] = _PILE
    return things


def _minimum(length: int, queue: bool) -> int:
    """The length below which a belt may not shrink."""
    return min(length, 12 if queue else 6)


def _removable(plan: Floorplan, queues: list[bool], strip: bool, first: int) -> list[int]:
    """Columns of tiles (from `first` on) that may be taken out."""
    lines = _lines(plan, strip)
    free = (lines != _FULL).all(axis=1)
    things = _things(plan, lines)
    for x in range(plan.width):
        inner = 0 < x < plan.width - 1
        if not inner or x < first:
            free[x] = False
        elif free[x]:
            left, right = things[x - 1], things[x + 1]
            touch = (left > 0) & (right > 0) & (left + right != _BELT + _PILE)
            free[x] = not (touch & (things[x] == 0)).any()
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


def _without(plan: Floorplan, gone: int) -> Floorplan:
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
    return _mapped(plan, rect, lambda x, y: (x - (x > gone), y), belts, plan.width - 1, plan.height)


def _with_more(plan: Floorplan, at: int, more: int) -> Floorplan:
    """The floor with column `at`, which only straight belts cross, repeated `more` times."""

    def rect(box: Rect) -> Rect:
        left = box.x + more * (box.x > at)
        return Rect(left, box.y, box.right + more * (box.right > at) - left, box.h)

    def belt(path: BeltPath) -> BeltPath:
        tiles: list[tuple[int, int]] = []
        new: dict[int, int] = {}
        for i, (x, y) in enumerate(path.tiles):
            new[i] = len(tiles)
            if x != at:
                tiles.append((x + more * (x > at), y))
            else:
                run = [(at + k, y) for k in range(more + 1)]
                tiles += run if path.tiles[i - 1][0] < x else run[::-1]
        return replace(
            path,
            tiles=tuple(tiles),
            underpasses=frozenset(new[i] for i in path.underpasses),
            merges=None if path.merges is None else new[path.merges],
        )

    belts = tuple(map(belt, plan.belts))
    return _mapped(plan, rect, lambda x, y: (x + more * (x > at), y), belts, plan.width + more, plan.height)


def _queues(plan: Floorplan, request: FloorRequest) -> list[bool]:
    """For each belt of the floor whether work stands on it."""
    waiting = {(belt.origin, belt.target, belt.rework) for belt in request.belts if belt.queue}
    return [(belt.origin, belt.target, belt.rework) in waiting for belt in plan.belts]


def compact(plan: Floorplan, request: FloorRequest, first: tuple[int, int] = (0, 0)) -> Floorplan:
    """Take out lines in the dimension that decides the size of the tiles, then let air into the other.

    `first`: column and row before which nothing may move.
    """
    queues = _queues(plan, request)
    while True:
        wide = plan.width / request.aspect >= plan.height
        view = plan if wide else turned(plan)
        lines = _removable(view, queues, not wide, first[0] if wide else first[1])
        if not lines:
            return plan
        runs = _runs(lines)
        widest = max(runs, key=lambda run: (len(run), -run[0]))
        view = _without(view, widest[len(widest) // 2])
        plan = view if wide else turned(view)


def _runs(lines: list[int]) -> list[list[int]]:
    """Adjacent lines together."""
    runs: list[list[int]] = []
    for x in lines:
        if runs and runs[-1][-1] == x - 1:
            runs[-1].append(x)
        else:
            runs.append([x])
    return runs


def air(plan: Floorplan, request: FloorRequest, first: tuple[int, int] = (0, 0)) -> Floorplan:
    """Widen the narrowest corridors until the floor has the shape of the screen."""
    wide = plan.width / request.aspect < plan.height
    view = plan if wide else turned(plan)
    size = round(plan.height * request.aspect) if wide else round(plan.width / request.aspect)
    queues = _queues(plan, request)
    while view.width < size:
        lines = _lines(view, not wide)
        free = (lines != _FULL).all(axis=1)
        begin = max(1, first[0] if wide else first[1])
        runs = _runs([x for x in range(begin, view.width - 1) if free[x]])
        if not runs:
            return plan
        short = {
            x
            for belt, queue in zip(view.belts, queues, strict=True)
            if queue and len(belt.tiles) < 12
            for x, _ in belt.tiles
        }

        def narrow(run: list[int], short: set[int] = short) -> tuple[int, int]:
            return (len(run) - 4 * (not short.isdisjoint(run)), run[0])

        chosen = min(runs, key=narrow)
        view = _with_more(view, chosen[len(chosen) // 2], 1)
        plan = view if wide else turned(view)
    return plan
