"""Everything that is wrong with a plan. Looks at finished rectangles and lines only, not at the engine."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

from .plan import (
    BELT,
    BIN,
    ENLARGED,
    HALL,
    PEOPLE,
    SIDING,
    SIGN,
    THIN,
    THIN_BELT,
    Belt,
    Block,
    FloorRequest,
    Plan,
    Point,
    Rect,
    StageSpec,
)

_KEEP = {"block": 4, "yard": 4, "gate": 4, "sign": 1}
"""Least distance of a belt from what it does not belong to; none from boards and names."""
_APART = 3
"""Least distance of two belts side by side."""
_PLACES = 6
"""Fewest places of a yard."""

Strip = tuple[Rect, bool]
"""A straight run of a belt with its corners, and whether it is upright."""


def faults(plan: Plan, request: FloorRequest) -> list[str]:
    """Every violation of the rules of a floor, in words; none for a good plan."""
    return [
        *_asked(plan, request),
        *_shapes(plan, request),
        *_solids(plan),
        *_belts(plan),
        *_ground(plan, request),
    ]


# ---- what was asked for ------------------------------------------------------------------------------------------


def _asked(plan: Plan, request: FloorRequest) -> Iterator[str]:
    names = [stage.name for stage in request.stages]
    if list(plan.blocks) != names:
        yield f"blocks are {list(plan.blocks)}, not {names}"
    wanted = [(belt.origin, belt.target) for belt in request.belts if (belt.origin, belt.target) not in plan.unrouted]
    if [(belt.origin, belt.target) for belt in plan.belts] != wanted:
        yield "the belts are not those of the request in its order"
    for origin, target in plan.unrouted:
        yield f"belt {origin} → {target} is unrouted"
    specs = {(belt.origin, belt.target): belt for belt in request.belts}
    queues = {yard.belt for yard in plan.yards}
    shares: dict[tuple[bool, str, str], float] = {}
    for asked in request.belts:
        key = (asked.origin in request.sources, "" if asked.origin in request.sources else asked.origin, asked.target)
        shares[key] = shares.get(key, 0.0) + asked.share
    for i, belt in enumerate(plan.belts):
        spec = specs.get((belt.origin, belt.target))
        if spec is None:
            yield f"belt {belt.origin} → {belt.target} was not asked for"
            continue
        if (spec.share, spec.rework) != (belt.share, belt.rework):
            yield f"{_name(belt)} has another share or kind than asked for"
        source = belt.origin in request.sources
        seldom = shares[source, "" if source else belt.origin, belt.target] < THIN
        if belt.thin != (seldom and i not in queues and belt.origin != belt.target):
            yield f"{_name(belt)} is {'thin' if belt.thin else 'wide'} with a share of {belt.share}"
    fed = sorted((belt.origin, belt.target) for belt in request.belts if belt.origin in request.sources)
    if sorted((sign.source, sign.target) for sign in plan.signs) != fed:
        yield "the signs are not one for each source and stage it feeds"
    for size, whole in ((plan.width, request.width), (plan.height, request.height)):
        if not 0 <= whole / plan.scale - size < 1.001:
            yield f"the floor is {plan.width} × {plan.height} at scale {plan.scale}, not what was asked for"
    fed_by_belt = {belt.target for belt in request.belts if belt.origin != belt.target}
    slow = [stage.name for stage in request.stages if stage.slow and stage.name in fed_by_belt]
    if sorted(yard.stage for yard in plan.yards) != sorted(slow):
        yield f"yards are of {sorted(yard.stage for yard in plan.yards)}, not of {sorted(slow)}"
    taken: set[tuple[int, int]] = set()
    for stage in request.stages:
        block = plan.blocks.get(stage.name)
        if block is None:
            continue
        if block.cell in taken:
            yield f"two blocks stand in slot {block.cell}"
        taken.add(block.cell)
        if stage.position is not None:
            asked_cell = min(stage.position[0], plan.columns - 1), min(stage.position[1], plan.rows - 1)
            same = [other.name for other in request.stages if other.position == stage.position]
            if block.cell != asked_cell and same[0] == stage.name:
                yield f"{stage.name} stands in slot {block.cell}, not in {asked_cell} as set by hand"


# ---- single things -----------------------------------------------------------------------------------------------


def _shapes(plan: Plan, request: FloorRequest) -> Iterator[str]:
    for stage in request.stages:
        block = plan.blocks.get(stage.name)
        if block is not None:
            yield from (f"{stage.name}: {wrong}" for wrong in _block(plan, block, stage))
            if block.kind != stage.kind:
                yield f"{stage.name} is drawn as a {block.kind}"
    for sign in plan.signs:
        if sign.rect.w != SIGN[0] or not 30 <= sign.rect.h <= SIGN[1]:
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
    x, y, near = (rect.x, rect.right), (rect.y, rect.bottom), range(_half(belt) + 6, _half(belt) + 13)
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


def _solids(plan: Plan) -> Iterator[str]:
    """Things that must not overlap, and must lie on the floor."""
    things = _things(plan)
    floor = Rect(0, 0, plan.width, plan.height)
    for _, name, rect in things:
        if not floor.contains(rect):
            yield f"{name} is not on the floor: {rect}"
        if rect.w <= 0 or rect.h <= 0:
            yield f"{name} has no area: {rect}"
    for (owner, name, rect), (other, its, box) in combinations(things, 2):
        if owner != other and rect.meets(box):
            yield f"{name} overlaps {its}"
    for a, b in combinations(plan.signs, 2):
        if a.rect.meets(b.rect):
            yield f"sign {a.source} overlaps sign {b.source}"


def _things(plan: Plan) -> list[tuple[str, str, Rect]]:
    """Owner, name and place of everything solid; what has one owner may touch itself."""
    found: list[tuple[str, str, Rect]] = []
    for name, block in plan.blocks.items():
        kinds = ("hall", block.hall), ("people", block.people), ("bin", block.bin), ("siding", block.siding)
        here = [kind for kind, part in kinds if part]
        found += [(f"block {name}", f"{kind} of {name}", part) for kind, part in zip(here, block.parts(), strict=True)]
    found += [(f"yard {yard.stage}", f"yard of {yard.stage}", yard.rect) for yard in plan.yards]
    found += [(f"gate {i}", f"gate {i}", rect) for i, rect in enumerate(plan.gates)]
    walled = [sign for sign in plan.signs if sign.gate is None]
    found += [(f"sign {sign.source}/{sign.target}", f"sign {sign.source}", sign.rect) for sign in walled]
    found += [(f"board {i}", f"board {i}", rect) for i, rect in enumerate(plan.boards)]
    found += [(f"label {zone.department}", f"name of department {zone.department}", zone.label) for zone in plan.zones]
    return found


# ---- belts -------------------------------------------------------------------------------------------------------


def _belts(plan: Plan) -> Iterator[str]:
    things = _things(plan)
    floor = Rect(0, 0, plan.width, plan.height)
    sound: dict[int, tuple[Point, ...]] = {}
    for i, belt in enumerate(plan.belts):
        wrong = list(_line(belt))
        yield from (f"{_name(belt)} {one}" for one in wrong)
        if wrong:
            continue
        own = _own_part(belt)
        sound[i] = own
        yield from (f"{_name(belt)} {one}" for one in _ends(plan, belt))
        yield from (f"{_name(belt)} {one}" for one in _join(plan, belt, i))
        for rect, _ in _strips(own, _half(belt)):
            if not floor.contains(rect):
                yield f"{_name(belt)} leaves the floor"
        yield from _through(plan, belt, own, things)
        if _meets_itself(own, _half(belt)):
            yield f"{_name(belt)} runs over itself"
    for (i, a), (k, b) in combinations(sound.items(), 2):
        yield from _pair(plan, i, k, a, b)
    for name, block in plan.blocks.items():
        asked = sorted(
            [(i, True, belt.points[0]) for i, belt in enumerate(plan.belts) if belt.origin == name and belt.points]
            + [(i, False, belt.points[-1]) for i, belt in enumerate(plan.belts)
               if belt.target == name and belt.join is None and belt.points]
        )  # fmt: skip
        if sorted((port.belt, port.out, port.point) for port in block.ports) != asked:
            yield f"the ports of {name} are not those of its belts"
        points = [port.point for port in block.ports]
        if len(set(points)) < len(points):
            yield f"two belts use one port of {name}"


def _name(belt: Belt) -> str:
    return f"belt {belt.origin} → {belt.target}"


def _half(belt: Belt) -> int:
    return (THIN_BELT if belt.thin else BELT) // 2


def _line(belt: Belt) -> Iterator[str]:
    if len(belt.points) < 2:
        yield "has no way"
    for a, b in pairwise(belt.points):
        if (a.x == b.x) == (a.y == b.y):
            yield f"is slanted or stands still at {a.x}, {a.y}"
            return
    for a, b, c in zip(belt.points, belt.points[1:], belt.points[2:], strict=False):
        if (a.x == b.x) == (b.x == c.x):
            yield f"has no corner at {b.x}, {b.y}"
            return
    if belt.join and not 0 <= belt.join.distance <= _length(belt.points):
        yield "joins outside its way"


def _length(points: tuple[Point, ...]) -> int:
    return sum(abs(a.x - b.x) + abs(a.y - b.y) for a, b in pairwise(points))


def _own_part(belt: Belt) -> tuple[Point, ...]:
    """The corners until the belt joins another one."""
    return belt.points if belt.join is None else _divide(belt.points, belt.join.distance)[0]


def _divide(points: tuple[Point, ...], distance: int) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """A line up to a distance, and from there on."""
    before = [points[0]]
    for i, (a, b) in enumerate(pairwise(points)):
        run = abs(a.x - b.x) + abs(a.y - b.y)
        if distance <= run:
            at = Point(a.x + (b.x - a.x) * distance // run, a.y + (b.y - a.y) * distance // run)
            rest = (at, *points[i + 1 :]) if at != b else points[i + 1 :]
            return (tuple(before) if at == a else (*before, at)), tuple(rest)
        before.append(b)
        distance -= run
    return tuple(before), (points[-1],)


def _strips(points: tuple[Point, ...], half: int, ends: bool = False) -> list[Strip]:
    """Straight runs as rectangles, inner corners included."""
    made = []
    last = len(points) - 2
    for i, (a, b) in enumerate(pairwise(points)):
        before, after = half * (i > 0 or ends), half * (i < last or ends)
        (low, more), (high, most) = ((a, before), (b, after)) if (a.x, a.y) < (b.x, b.y) else ((b, after), (a, before))
        if a.x == b.x:
            made.append((Rect(a.x - half, low.y - more, 2 * half, high.y - low.y + more + most), True))
        else:
            made.append((Rect(low.x - more, a.y - half, high.x - low.x + more + most, 2 * half), False))
    return made


def _ends(plan: Plan, belt: Belt) -> Iterator[str]:
    half = _half(belt)
    origin = plan.blocks.get(belt.origin)
    if origin is not None:
        if not _touches(origin.room, belt.points[0], belt.points[1], half):
            yield f"does not begin at {belt.origin}"
    else:
        sign = next((s for s in plan.signs if (s.source, s.target) == (belt.origin, belt.target)), None)
        if sign is None:
            yield f"has no sign {belt.origin}"
        elif sign.gate is None:
            if not _touches(sign.rect, belt.points[0], belt.points[1], half) or belt.points[0].x != sign.rect.right:
                yield f"does not begin at sign {belt.origin}"
        elif not _touches(plan.gates[sign.gate], belt.points[0], belt.points[1], half):
            yield f"does not begin at gate {sign.gate}"
        elif not _at_port(_hall_of(plan.gates[sign.gate]), belt.points[0], belt.points[1]):
            yield f"does not begin at a port of gate {sign.gate}"
    loop = belt.origin == belt.target
    if origin is not None and not loop and not _at_port(origin.hall, belt.points[0], belt.points[1]):
        yield f"does not begin at a port of {belt.origin}"
    target = plan.blocks.get(belt.target)
    if target is not None and not _touches(target.room, belt.points[-1], belt.points[-2], half):
        yield f"does not end at {belt.target}"
    if target is not None and not loop and not _at_port(target.hall, belt.points[-1], belt.points[-2]):
        yield f"does not end at a port of {belt.target}"


def _touches(rect: Rect, at: Point, inner: Point, half: int) -> bool:
    """Whether a belt's end lies on an edge of a rectangle, with its whole width, and runs away from it squarely."""
    if rect.y + half <= at.y <= rect.bottom - half and at.y == inner.y:
        return (at.x == rect.right and inner.x > at.x) or (at.x == rect.x and inner.x < at.x)
    if rect.x + half <= at.x <= rect.right - half and at.x == inner.x:
        return (at.y == rect.bottom and inner.y > at.y) or (at.y == rect.y and inner.y < at.y)
    return False


def _hall_of(gate: Rect) -> Rect:
    return Rect(gate.x, gate.bottom - HALL[1], *HALL)


def _at_port(hall: Rect, at: Point, inner: Point) -> bool:
    """Whether a belt's end lies at one of the three places of a side at which hoods are drawn."""
    across, down = at.x - hall.x - hall.w // 2, at.y - hall.y - hall.h // 2
    return down in (-54, 0, 54) if at.y == inner.y else across in (-79, 0, 79)


def _join(plan: Plan, belt: Belt, index: int) -> Iterator[str]:
    if belt.join is None:
        return
    if not 0 <= belt.join.belt < len(plan.belts) or belt.join.belt == index:
        yield "joins nothing"
        return
    seen, at = {index}, belt.join.belt
    while (further := plan.belts[at].join) is not None and at not in seen:
        seen.add(at)
        at = further.belt
    if at in seen:
        yield "joins in a circle"
    other = plan.belts[belt.join.belt]
    if other.target != belt.target:
        yield f"joins {_name(other)}"
        return
    if other.join is not None and belt.join.other_distance > other.join.distance:
        yield f"joins {_name(other)} after that has joined another one"
    if not 0 <= belt.join.other_distance < _length(other.points):
        yield f"joins {_name(other)} outside its way"
        return
    mine, its = _divide(belt.points, belt.join.distance)[1], _divide(other.points, belt.join.other_distance)[1]
    if _cornered(mine) != _cornered(its):
        yield f"does not go the way of {_name(other)} after it joins"


def _cornered(points: tuple[Point, ...]) -> tuple[Point, ...]:
    return tuple(
        p for i, p in enumerate(points)
        if i in (0, len(points) - 1) or (points[i - 1].x == p.x) != (p.x == points[i + 1].x)
    )  # fmt: skip


def _through(plan: Plan, belt: Belt, own: tuple[Point, ...], things: list[tuple[str, str, Rect]]) -> Iterator[str]:
    """Things that a belt runs through, or too near to."""
    strips = _strips(own, _half(belt))
    origin, target = f"block {belt.origin}", f"block {belt.target}"
    gates = {f"gate {s.gate}" for s in plan.signs if s.source == belt.origin and s.gate is not None}
    signs = {f"sign {s.source}/{s.target}" for s in plan.signs if s.target == belt.target}
    last = len(strips) - 1
    for owner, name, rect in things:
        for i, (strip, upright) in enumerate(strips):
            first, final = owner == origin and i == 0, owner == target and i == last and belt.join is None
            if first or final:
                room = plan.blocks[belt.origin if first else belt.target].room
                over = name.startswith("people") and upright
                if strip.meets(room if name.startswith("hall") else rect) and not over:
                    yield f"{_name(belt)} runs through {name}"
            elif owner in gates or owner in signs:
                if strip.meets(rect):
                    yield f"{_name(belt)} runs through {name}"
            elif strip.grown(_KEEP.get(owner.split()[0], 0)).meets(rect):
                yield f"{_name(belt)} runs through {name} or touches it"


def _meets_itself(points: tuple[Point, ...], half: int) -> bool:
    strips = [strip for strip, _ in _strips(points, half)]
    return any(a.grown(_APART - 1).meets(b) for i, a in enumerate(strips) for b in strips[i + 2 :])


def _pair(plan: Plan, i: int, k: int, a: tuple[Point, ...], b: tuple[Point, ...]) -> Iterator[str]:
    """Two belts: apart, joined, or crossing at right angles where both run straight."""
    one, other = plan.belts[i], plan.belts[k]
    names = f"{_name(one)} and {_name(other)}"
    told = {c.at for c in one.crossings if c.belt == k}
    if told != {c.at for c in other.crossings if c.belt == i}:
        yield f"{names} do not agree where they cross"
    for c in one.crossings:
        if c.belt == k and [d.over for d in other.crossings if d.belt == i and d.at == c.at] != [not c.over]:
            yield f"{names} cross at {c.at.x}, {c.at.y} without one above the other"
    if len(a) < 2 or len(b) < 2:
        return
    joint = _joint(one, i, other, k)
    found = set()
    for rect, upright in _strips(a, _half(one)):
        for box, level in _strips(b, _half(other)):
            if not rect.grown(_APART - 1).meets(box):
                continue
            if joint is not None and _near(rect, box, joint, _half(one) + _half(other) + _APART):
                continue
            at = Point(rect.centre.x, box.centre.y) if upright else Point(box.centre.x, rect.centre.y)
            if upright == level or not (_across(rect, box, upright) and _across(box, rect, level)):
                yield f"{names} meet at {at.x}, {at.y} other than straight across"
            else:
                found.add(at)
    if found != told:
        yield f"{names} cross at {sorted(found)}, not at {sorted(told)}"


def _joint(one: Belt, i: int, other: Belt, k: int) -> Point | None:
    """Where one of two belts joins the other, or both a third one."""
    if one.join and (one.join.belt == k or (other.join and other.join.belt == one.join.belt)):
        return _own_part(one)[-1]
    if other.join and other.join.belt == i:
        return _own_part(other)[-1]
    return None


def _near(rect: Rect, box: Rect, at: Point, reach: int) -> bool:
    """Whether what two strips have in common lies at the joint."""
    left, right = max(rect.x, box.x), min(rect.right, box.right)
    top, bottom = max(rect.y, box.y), min(rect.bottom, box.bottom)
    return at.x - reach <= left and right <= at.x + reach and at.y - reach <= top and bottom <= at.y + reach


def _across(strip: Rect, other: Rect, upright: bool) -> bool:
    """Whether a strip runs on beyond the other one on both sides."""
    if upright:
        return strip.y < other.y and other.bottom < strip.bottom
    return strip.x < other.x and other.right < strip.right


# ---- the ground --------------------------------------------------------------------------------------------------


def _ground(plan: Plan, request: FloorRequest) -> Iterator[str]:
    rects = [(zone.department, rect) for zone in plan.zones for rect in zone.rects]
    left = min((rect.x for _, rect in rects), default=0)
    if left and left > max((sign.rect.right for sign in plan.signs if sign.gate is None), default=-99) + 120:
        yield "the zones begin far from the signs at the wall"
    if sum(rect.w * rect.h for _, rect in rects) != (plan.width - left) * plan.height:
        yield "the zones do not cover the floor"
    for (d, a), (e, b) in combinations(rects, 2):
        if a.meets(b):
            yield f"zone {d} overlaps zone {e}"
    if sum(r.w * r.h for column in plan.slots for r in column) != (plan.width - left) * plan.height:
        yield "the slots do not cover the floor"
    department = {stage.name: stage.department for stage in request.stages}
    for name, block in plan.blocks.items():
        for part in block.parts():
            if not _inside(part, [rect for d, rect in rects if d == department.get(name)]):
                yield f"{name} is not on the floor of its department"
    for yard in plan.yards:
        if not _inside(yard.rect, [rect for d, rect in rects if d == department.get(yard.stage)]):
            yield f"yard of {yard.stage} is not on the floor of its department"
    if sorted(zone.department for zone in plan.zones) != sorted(set(department.values())):
        yield "zones are not those of the departments with stages"
    for zone in plan.zones:
        if not _inside(zone.label, list(zone.rects)):
            yield f"name of department {zone.department} is not on its floor"
        if zone.label.w < 60 or zone.label.h < 20:
            yield f"name of department {zone.department} has no room"
    solid = [(name, rect) for owner, name, rect in _things(plan)]
    for p, q in plan.borders:
        line = Rect(min(p.x, q.x), min(p.y, q.y), max(1, abs(p.x - q.x)), max(1, abs(p.y - q.y)))
        if (p.x == q.x) == (p.y == q.y):
            yield "a border is slanted"
        for name, rect in solid:
            if line.meets(rect.grown(-1)):
                yield f"a border runs through {name}"
        for belt in plan.belts:
            for run, upright in _strips(belt.points, _half(belt)):
                if upright == (p.x == q.x) and run.meets(line):
                    yield f"a border runs along {_name(belt)}"


def _inside(rect: Rect, parts: list[Rect]) -> bool:
    """Whether disjoint rectangles together hold a rectangle."""
    area = 0
    for part in parts:
        w = min(rect.right, part.right) - max(rect.x, part.x)
        h = min(rect.bottom, part.bottom) - max(rect.y, part.y)
        area += max(0, w) * max(0, h)
    return area == rect.w * rect.h
