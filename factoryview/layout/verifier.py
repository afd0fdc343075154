"""The independent check of a finished floor: what is wrong with it, in words. Shares nothing with the router."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, pairwise

from .floorplan import BeltPath, Floorplan, FloorRequest, MachinePlace, Rect

Tile = tuple[int, int]

_SIZES = {
    "box": (4, 4),
    "badge": (4, 2),
    "numbers": (4, 2),
    "pile": (4, 3),
    "bin": (2, 2),
    "bin_text": (4, 2),
}


def violations(floorplan: Floorplan, request: FloorRequest) -> list[str]:
    """Every broken rule of the floor as a sentence; an empty list means that it may be shown.

    Checked: everything asked for is there and complete, sizes and positions of boxes, nothing overlaps, all inside
    the floor and each machine inside its zone, zones apart and with a free strip for their name, belts connected,
    between the right machines, on free ground, sharing tiles only as straight perpendicular underpasses or
    after a merge into the same target.
    """
    found: list[str] = []
    found += _missing(floorplan, request)
    if found:
        return found
    for stage in request.stages:
        found += _machine(stage.name, floorplan.machines[stage.name], stage.pile, stage.loses)
    for name, box in floorplan.sources.items():
        if (box.w, box.h) != (5, 3):
            found.append(f"source {name} is {box.w}×{box.h} tiles, not 5×3")
    boxes = _all_boxes(floorplan)
    found += _overlaps(boxes, floorplan)
    found += _zones(floorplan, request, boxes)
    solid = {tile: label for label, _, box in boxes for tile in _tiles(box)}
    for belt in floorplan.belts:
        found += _belt(belt, floorplan, solid)
    return found + _sharing(floorplan)


def _missing(plan: Floorplan, request: FloorRequest) -> list[str]:
    found = []
    for kind, there, asked in (
        ("machine", set(plan.machines), {stage.name for stage in request.stages}),
        ("source", set(plan.sources), set(request.sources)),
        (
            "zone",
            set(plan.zones),
            {request.zones[s.zone] for s in request.stages if s.zone < len(request.zones)},
        ),
    ):
        found += [f"{kind} {name} is missing" for name in sorted(asked - there)]
        found += [f"{kind} {name} was not asked for" for name in sorted(there - asked)]
    wanted = Counter((belt.origin, belt.target, belt.rework) for belt in request.belts)
    laid = Counter((belt.origin, belt.target, belt.rework) for belt in plan.belts)
    found += [f"belt {a} → {b} is missing" for a, b, _ in (wanted - laid)]
    found += [f"belt {a} → {b} was not asked for" for a, b, _ in (laid - wanted)]
    found += [f"belt {a} → {b} is unrouted" for a, b in plan.unrouted]
    return found


def _machine(name: str, place: MachinePlace, pile: bool, loses: bool) -> list[str]:
    """Sizes and positions of the boxes that belong to one machine."""
    found = []
    box = place.box
    for kind, size in _SIZES.items():
        part = getattr(place, kind)
        if part is not None and (part.w, part.h) != size:
            found.append(f"{kind} of {name} is {part.w}×{part.h} tiles, not {size[0]}×{size[1]}")
    plate = place.plate
    if plate.h != 2 or not 6 <= plate.w <= 9 or plate.bottom != box.y:
        found.append(f"plate of {name} is not 6 to 9 × 2 tiles directly above the machine")
    if plate.x > box.x or plate.right < box.right:
        found.append(f"plate of {name} is not over the machine")
    if place.badge.bottom != plate.y or place.badge.x >= plate.right or place.badge.right <= plate.x:
        found.append(f"badge of {name} is not directly above the plate")
    if (place.numbers.x, place.numbers.y) != (box.right, box.y):
        found.append(f"numbers of {name} are not at the right of the machine")
    if pile != (place.pile is not None):
        found.append(f"pile of {name} is missing or too many")
    if place.pile is not None and not _touch(place.pile, box):
        found.append(f"pile of {name} is not beside the machine")
    parts = (place.bin is not None, place.bin_text is not None, bool(place.chute))
    if parts != (loses,) * 3:
        found.append(f"bin, bin text or chute of {name} is missing or too many")
    elif place.bin is not None and place.bin_text is not None:
        chain = [Rect(x, y, 1, 1) for x, y in place.chute]
        chain = [box, *chain, place.bin]
        if not all(_touch(a, b) for a, b in pairwise(chain)):
            found.append(f"chute of {name} does not lead from the machine to the bin")
        if not _touch(place.bin, place.bin_text):
            found.append(f"bin text of {name} is not beside the bin")
    return found


def _touch(a: Rect, b: Rect) -> bool:
    """Whether two boxes share an edge (not only a corner) or overlap."""
    across = min(a.right, b.right) - max(a.x, b.x)
    along = min(a.bottom, b.bottom) - max(a.y, b.y)
    return (across > 0 and along >= 0) or (across >= 0 and along > 0)


def _all_boxes(plan: Floorplan) -> list[tuple[str, str, Rect]]:
    """(what, whose, box) of every machine's boxes and every source."""
    boxes = [(f"source {name}", name, box) for name, box in plan.sources.items()]
    for name, place in plan.machines.items():
        boxes.append((f"machine {name}", name, place.box))
        for kind in ("plate", "badge", "numbers", "pile", "bin", "bin_text"):
            part = getattr(place, kind)
            if part is not None:
                boxes.append((f"{kind.replace('_', ' ')} of {name}", name, part))
        boxes += [(f"chute of {name}", name, Rect(x, y, 1, 1)) for x, y in place.chute]
    return boxes


def _overlaps(boxes: list[tuple[str, str, Rect]], plan: Floorplan) -> list[str]:
    found = []
    floor = Rect(0, 0, plan.width, plan.height)
    for label, _, box in boxes:
        if not _inside(box, floor):
            found.append(f"{label} is not on the floor")
    ordered = sorted(boxes, key=lambda entry: entry[2].x)
    for i, (label, _, box) in enumerate(ordered):
        for other, _, second in ordered[i + 1 :]:
            if second.x >= box.right:
                break
            if box.meets(second):
                found.append(f"{label} overlaps {other}")
    return found


def _zones(plan: Floorplan, request: FloorRequest, boxes: list[tuple[str, str, Rect]]) -> list[str]:
    found = []
    floor = Rect(0, 0, plan.width, plan.height)
    for name, zone in plan.zones.items():
        if not _inside(zone, floor):
            found.append(f"zone {name} is not on the floor")
    for (a, first), (b, second) in combinations(plan.zones.items(), 2):
        if first.meets(second):
            found.append(f"zone {a} overlaps zone {b}")
    home = {s.name: request.zones[s.zone] for s in request.stages if s.zone < len(request.zones)}
    strips = {name: (Rect(z.x, z.bottom - 2, z.w, 2), Rect(z.x, z.y, z.w, 2)) for name, z in plan.zones.items()}
    for name, (bottom, top) in strips.items():
        if any(bottom.meets(box) for _, _, box in boxes) and any(top.meets(box) for _, _, box in boxes):
            found.append(f"zone {name} has no free strip for its name")
    for label, owner, box in boxes:
        if owner in home and not _inside(box, plan.zones[home[owner]]):
            found.append(f"{label} is not inside zone {home[owner]}")
        for name, zone in plan.zones.items():
            if box.meets(zone) and not _inside(box, zone):
                found.append(f"{label} lies on the edge of zone {name}")
    return found


def _inside(box: Rect, outer: Rect) -> bool:
    return (
        box.w > 0
        and box.h > 0
        and box.x >= outer.x
        and box.y >= outer.y
        and box.right <= outer.right
        and box.bottom <= outer.bottom
    )


def _tiles(box: Rect) -> list[Tile]:
    return [(x, y) for y in range(box.y, box.bottom) for x in range(box.x, box.right)]


def _belt(belt: BeltPath, plan: Floorplan, solid: dict[Tile, str]) -> list[str]:
    """One belt for itself: connected, from its origin to its target, on free ground."""
    name = f"belt {belt.origin} → {belt.target}"
    if not belt.tiles:
        return [f"{name} has no tiles"]
    found = []
    for x, y in belt.tiles:
        if not (0 <= x < plan.width and 0 <= y < plan.height):
            found.append(f"{name} leaves the floor at {x}, {y}")
        if (x, y) in solid:
            found.append(f"{name} runs through {solid[x, y]}")
    if any(abs(a - c) + abs(b - d) != 1 for (a, b), (c, d) in pairwise(belt.tiles)):
        found.append(f"{name} is not in one piece")
    if len(set(belt.tiles)) != len(belt.tiles):
        found.append(f"{name} runs over itself")
    start = plan.sources[belt.origin] if belt.origin in plan.sources else plan.machines[belt.origin].box
    for end, tile, box in (
        ("begin", belt.tiles[0], start),
        ("end", belt.tiles[-1], plan.machines[belt.target].box),
    ):
        if not _touch(Rect(*tile, 1, 1), box):
            found.append(f"{name} does not {end} at {belt.origin if end == 'begin' else belt.target}")
    if any(not 0 <= i < len(belt.tiles) for i in belt.underpasses):
        found.append(f"{name} has an underpass outside its tiles")
    if belt.merges is not None and not 0 < belt.merges < len(belt.tiles):
        found.append(f"{name} merges outside its tiles")
    return found


def _straight(belt: BeltPath, index: int) -> str:
    """'across' or 'along' if the belt passes this tile straight, else ''."""
    if not 0 < index < len(belt.tiles) - 1:
        return ""
    (a, b), (c, d) = belt.tiles[index - 1], belt.tiles[index + 1]
    return "across" if b == d and a != c else "along" if a == c and b != d else ""


def _sharing(plan: Floorplan) -> list[str]:
    """Tiles with several belts: only tails into one target, or one straight underpass of two streams."""
    found = []
    users: dict[Tile, list[tuple[BeltPath, int]]] = {}
    for belt in plan.belts:
        for index, tile in enumerate(belt.tiles):
            users.setdefault(tile, []).append((belt, index))
    for tile, here in users.items():
        streams: dict[str, list[tuple[BeltPath, int]]] = {}
        for belt, index in here:
            streams.setdefault(belt.target, []).append((belt, index))
        for target, members in streams.items():
            if len({belt.tiles[index:] for belt, index in members}) > 1:
                found.append(f"belts into {target} share tile {tile} but not the way on")
        where = f"at {tile[0]}, {tile[1]}"
        diving = [target for target, ms in streams.items() if any(i in b.underpasses for b, i in ms)]
        if len(streams) == 1:
            if diving:
                found.append(f"belt into {diving[0]} dives {where} under nothing")
        elif len(streams) > 2:
            found.append(f"belts into {', '.join(sorted(streams))} meet {where}")
        else:
            ways = [{_straight(belt, index) for belt, index in members} for members in streams.values()]
            if sorted(map(sorted, ways)) != [["across"], ["along"]]:
                found.append(f"belts into {' and '.join(sorted(streams))} meet {where}, not straight across")
            whole = [t for t, ms in streams.items() if all(i in b.underpasses for b, i in ms)]
            if len(diving) != 1 or whole != diving:
                found.append(f"belts into {' and '.join(sorted(streams))} cross {where} without an underpass")
    for belt in plan.belts:
        shared = [
            index
            for index, tile in enumerate(belt.tiles)
            if any(other is not belt and other.target == belt.target for other, _ in users[tile])
        ]
        if belt.merges is None:
            continue
        if not shared or shared[0] > belt.merges:
            found.append(f"belt {belt.origin} → {belt.target} merges with nothing")
    return found + _unmarked(users)


def _unmarked(users: dict[Tile, list[tuple[BeltPath, int]]]) -> list[str]:
    """Of the belts that share a tile into the same target all but one must say that they merged."""
    found = []
    for tile, here in users.items():
        streams: dict[str, list[BeltPath]] = {}
        for belt, index in here:
            if belt.merges is None or index < belt.merges:
                streams.setdefault(belt.target, []).append(belt)
        for target, own in streams.items():
            if len(own) > 1:
                found.append(f"belts into {target} share tile {tile} without a merge")
    return found
