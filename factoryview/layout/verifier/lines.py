"""The geometry of a belt: strips, lengths, parts."""

from __future__ import annotations

from itertools import pairwise

from factoryview.layout.plan import BELT, THIN_BELT, Belt, Point, Rect

APART = 3
"""Least distance of two belts side by side."""

Strip = tuple[Rect, bool]
"""A straight run of a belt with its corners, and whether it is upright."""


def name_of(belt: Belt) -> str:
    return f"belt {belt.origin} → {belt.target}"


def half_width(belt: Belt) -> int:
    return (THIN_BELT if belt.thin else BELT) // 2


def length(points: tuple[Point, ...]) -> int:
    return sum(abs(a.x - b.x) + abs(a.y - b.y) for a, b in pairwise(points))


def own_part(belt: Belt) -> tuple[Point, ...]:
    """The corners until the belt joins another one."""
    return belt.points if belt.join is None else divide(belt.points, belt.join.distance)[0]


def divide(points: tuple[Point, ...], distance: int) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
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


def strips_of(points: tuple[Point, ...], half: int, ends: bool = False) -> list[Strip]:
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
