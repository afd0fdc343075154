"""Each belt alone: its line, its ends, its join, and what it runs through."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

from factoryview.layout.plan import HALL, Belt, Plan, Point, Rect
from factoryview.layout.verifier.lines import APART, divide, half_width, length, name_of, own_part, strips_of
from factoryview.layout.verifier.pairs import pair
from factoryview.layout.verifier.solids import things_of

_KEEP = {"block": 4, "yard": 4, "gate": 4, "sign": 1}
"""Least distance of a belt from what it does not belong to; none from boards and names."""


def belts(plan: Plan) -> Iterator[str]:
    things = things_of(plan)
    floor = Rect(0, 0, plan.width, plan.height)
    sound: dict[int, tuple[Point, ...]] = {}
    for i, belt in enumerate(plan.belts):
        wrong = list(_line(belt))
        yield from (f"{name_of(belt)} {one}" for one in wrong)
        if wrong:
            continue
        own = own_part(belt)
        sound[i] = own
        yield from (f"{name_of(belt)} {one}" for one in _ends(plan, belt))
        yield from (f"{name_of(belt)} {one}" for one in _join(plan, belt, i))
        for rect, _ in strips_of(own, half_width(belt)):
            if not floor.contains(rect):
                yield f"{name_of(belt)} leaves the floor"
        yield from _through(plan, belt, own, things)
        if _meets_itself(own, half_width(belt)):
            yield f"{name_of(belt)} runs over itself"
    for (i, a), (k, b) in combinations(sound.items(), 2):
        yield from pair(plan, i, k, a, b)
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
    if belt.join and not 0 <= belt.join.distance <= length(belt.points):
        yield "joins outside its way"


def _ends(plan: Plan, belt: Belt) -> Iterator[str]:
    half = half_width(belt)
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
        yield f"joins {name_of(other)}"
        return
    if other.join is not None and belt.join.other_distance > other.join.distance:
        yield f"joins {name_of(other)} after that has joined another one"
    if not 0 <= belt.join.other_distance < length(other.points):
        yield f"joins {name_of(other)} outside its way"
        return
    mine, its = divide(belt.points, belt.join.distance)[1], divide(other.points, belt.join.other_distance)[1]
    if _cornered(mine) != _cornered(its):
        yield f"does not go the way of {name_of(other)} after it joins"


def _cornered(points: tuple[Point, ...]) -> tuple[Point, ...]:
    return tuple(
        p for i, p in enumerate(points)
        if i in (0, len(points) - 1) or (points[i - 1].x == p.x) != (p.x == points[i + 1].x)
    )  # fmt: skip


def _through(plan: Plan, belt: Belt, own: tuple[Point, ...], things: list[tuple[str, str, Rect]]) -> Iterator[str]:
    """Things that a belt runs through, or too near to."""
    strips = strips_of(own, half_width(belt))
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
                    yield f"{name_of(belt)} runs through {name}"
            elif owner in gates or owner in signs:
                if strip.meets(rect):
                    yield f"{name_of(belt)} runs through {name}"
            elif strip.grown(_KEEP.get(owner.split()[0], 0)).meets(rect):
                yield f"{name_of(belt)} runs through {name} or touches it"


def _meets_itself(points: tuple[Point, ...], half: int) -> bool:
    strips = [strip for strip, _ in strips_of(points, half)]
    return any(a.grown(APART - 1).meets(b) for i, a in enumerate(strips) for b in strips[i + 2 :])
