"""Belts on which work stands get longer by loops into free floor."""

from __future__ import annotations

from dataclasses import replace

from .boxes import NAME_STRIP, QUEUE_LENGTH, solid_boxes
from .floorplan import BeltPath, Floorplan, FloorRequest

_RUN_IN = 4
_SHALLOWEST, _DEPTH = 3, 7
Tile = tuple[int, int]


def snake(plan: Floorplan, request: FloorRequest) -> Floorplan:
    """The floor with its short queue belts bent into loops where the floor beside them is free."""
    wanted = {(belt.origin, belt.target, belt.rework) for belt in request.belts if belt.queue}
    belts = list(plan.belts)
    taken = {tile for box in solid_boxes(plan) for tile in _tiles(box.x, box.y, box.right, box.bottom)}
    for zone in plan.zones.values():
        taken.update(_tiles(zone.x, zone.bottom - NAME_STRIP, zone.right, zone.bottom))
        for x in (zone.x - 1, zone.right):
            taken.update(_tiles(x, zone.y, x + 1, zone.bottom))
        for y in (zone.y - 1, zone.bottom):
            taken.update(_tiles(zone.x, y, zone.right, y + 1))
    for i, belt in enumerate(belts):
        key = (belt.origin, belt.target, belt.rework)
        alone = belt.merges is None and all(b.merges is None for b in belts if b.target == belt.target)
        if key in wanted and alone and len(belt.tiles) < QUEUE_LENGTH - 1:
            others = {tile for k, other in enumerate(belts) if k != i for tile in other.tiles}
            belts[i] = _longer(belt, taken | others, plan.width, plan.height)
    return replace(plan, belts=tuple(belts))


def _tiles(left: int, top: int, right: int, bottom: int) -> list[Tile]:
    return [(x, y) for x in range(left, right) for y in range(top, bottom)]


def _longer(belt: BeltPath, taken: set[Tile], width: int, height: int) -> BeltPath:
    """The belt with the shallowest loop that makes it long enough, else the deepest that fits."""
    need = (QUEUE_LENGTH - len(belt.tiles) + 1) // 2
    best: tuple[int, int, int, BeltPath] | None = None
    for start in range(1, len(belt.tiles) - _RUN_IN):
        for wide in (2, 3, 4):
            end = start + wide
            if end > len(belt.tiles) - _RUN_IN:
                break
            (ax, ay), (bx, by) = belt.tiles[start], belt.tiles[end]
            if abs(ax - bx) + abs(ay - by) != wide or (ax != bx and ay != by):
                continue
            if any(start <= k <= end for k in belt.underpasses):
                continue
            for sx, sy in ((0, 1), (0, -1)) if ay == by else ((1, 0), (-1, 0)):
                depth = _depth(belt, start, end, (sx, sy), taken, width, height)
                if depth < _SHALLOWEST:
                    continue
                depth = min(depth, max(need, _SHALLOWEST))
                rank = (-min(depth, need), wide, -start)
                if best is None or rank < best[:3]:
                    best = (*rank, _looped(belt, start, end, (sx, sy), depth))
    return best[3] if best else belt


def _depth(belt: BeltPath, start: int, end: int, side: Tile, taken: set[Tile], width: int, height: int) -> int:
    """How far a loop may reach aside: its tiles and those around them free."""
    row = [*belt.tiles[start - 1 : start], *belt.tiles[start : end + 1], *belt.tiles[end + 1 : end + 2]]
    own = set(belt.tiles)
    for depth in range(1, _DEPTH + 2):
        for x, y in row:
            tile = (x + side[0] * depth, y + side[1] * depth)
            if tile in taken or tile in own or not (1 <= tile[0] < width - 1 and 1 <= tile[1] < height - 1):
                return depth - 2
    return _DEPTH


def _looped(belt: BeltPath, start: int, end: int, side: Tile, depth: int) -> BeltPath:
    (ax, ay), (bx, by) = belt.tiles[start], belt.tiles[end]
    out = [(ax + side[0] * d, ay + side[1] * d) for d in range(1, depth)]
    across = [(x + side[0] * depth, y + side[1] * depth) for x, y in belt.tiles[start : end + 1]]
    back = [(bx + side[0] * d, by + side[1] * d) for d in range(depth - 1, 0, -1)]
    tiles = (*belt.tiles[: start + 1], *out, *across, *back, *belt.tiles[end:])
    more = len(tiles) - len(belt.tiles)
    dives = frozenset(k if k < start else k + more for k in belt.underpasses)
    return replace(belt, tiles=tiles, underpasses=dives)
