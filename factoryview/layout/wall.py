"""Signs at the left wall: stacked in groups, one for each stage they feed, with upright collectors beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .plan import BELT, SIGN, Rect

LEFT = 4
"""Left edge of the signs."""
LANE = BELT + 7
"""From one collector to the next."""
_GAP = 6
_COLLECTOR = LEFT + SIGN[0] + 2 + BELT // 2


@dataclass(frozen=True)
class Stack:
    """The signs of one group."""

    signs: tuple[Rect, ...]
    heights: tuple[int, ...]
    """At which the belt of each sign leaves it."""
    collector: int
    """Where the group's collector runs."""


def width(groups: Sequence[int], lanes: int = 1) -> int:
    """What signs and collectors take from the left, for groups of so many signs."""
    if not groups:
        return 0
    collected = max(groups) > 1 or len(groups) > 1
    return LEFT + SIGN[0] + (2 + BELT + (lanes - 1) * LANE if collected else 0)


def least_height(groups: Sequence[int]) -> int:
    """Height of the floor at which the signs have their full size."""
    return sum(groups) * (SIGN[1] + _GAP) + 2 * _GAP


def stack(exits: Sequence[tuple[int, int]], height: int) -> tuple[list[Stack], int]:
    """Stacks for groups, from above, each as (height of its exit, number of signs); and how many lanes they need."""
    count = sum(number for _, number in exits)
    if not count:
        return [], 1
    tall = min(SIGN[1], (height - 2 * _GAP) // count - _GAP)
    sizes = [number * (tall + _GAP) for _, number in exits]
    tops: list[float] = []
    for (y, _), size in zip(exits, sizes, strict=True):
        tops.append(max(y - (size - _GAP) / 2, tops[-1] + sizes[len(tops) - 1] if tops else _GAP))
    limit = float(height)
    for i in reversed(range(len(exits))):
        tops[i] = min(tops[i], limit - sizes[i])
        limit = tops[i]
    made: list[Stack] = []
    spans: list[list[tuple[int, int]]] = []
    for (y, number), top in zip(exits, tops, strict=True):
        signs = tuple(Rect(LEFT, round(top) + i * (tall + _GAP), SIGN[0], tall) for i in range(number))
        heights = tuple(_leave(sign, y) for sign in signs)
        span = min(y, *heights), max(y, *heights)
        lane = next((i for i, taken in enumerate(spans) if not _meets(span, taken)), len(spans))
        if lane == len(spans):
            spans.append([])
        spans[lane].append(span)
        made.append(Stack(signs, heights, _COLLECTOR + lane * LANE))
    return made, len(spans)


def _meets(span: tuple[int, int], taken: Sequence[tuple[int, int]]) -> bool:
    return any(span[0] < b + BELT + 4 and a < span[1] + BELT + 4 for a, b in taken)


def _leave(sign: Rect, exit_: int) -> int:
    """The height at which a belt leaves a sign: that of the exit, else the middle, but never just beside the exit."""
    spare = (sign.h - BELT) // 2
    middle = sign.y + sign.h // 2
    if abs(exit_ - middle) <= spare:
        return exit_
    if abs(exit_ - middle) < BELT + 8:
        return middle + spare if exit_ < middle else middle - spare
    return middle
