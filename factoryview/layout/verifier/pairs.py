"""Two belts: apart, joined, or crossing at right angles where both run straight."""

from __future__ import annotations

from collections.abc import Iterator

from factoryview.layout.plan import Belt, Plan, Point, Rect
from factoryview.layout.verifier.lines import APART, half_width, name_of, own_part, strips_of


def pair(plan: Plan, i: int, k: int, a: tuple[Point, ...], b: tuple[Point, ...]) -> Iterator[str]:
    """Two belts: apart, joined, or crossing at right angles where both run straight."""
    one, other = plan.belts[i], plan.belts[k]
    names = f"{name_of(one)} and {name_of(other)}"
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
    for rect, upright in strips_of(a, half_width(one)):
        for box, level in strips_of(b, half_width(other)):
            if not rect.grown(APART - 1).meets(box):
                continue
            if joint is not None and _near(rect, box, joint, half_width(one) + half_width(other) + APART):
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
        return own_part(one)[-1]
    if other.join and other.join.belt == i:
        return own_part(other)[-1]
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
