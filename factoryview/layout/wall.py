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
_MOST_LANES = 3
"""Lanes among which those are looked for in which no belts run into one another."""
_CLEAR = BELT + 4
"""u between the middles of belts that do not touch."""
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
    signs = [
        tuple(Rect(LEFT, round(top) + i * (tall + _GAP), SIGN[0], tall) for i in range(number))
        for (_, number), top in zip(exits, tops, strict=True)
    ]
    groups = [_Group(y, tuple(_leave(sign, y) for sign in own)) for (y, _), own in zip(exits, signs, strict=True)]
    lanes = _lanes(groups)
    made = [
        Stack(own, group.heights, _COLLECTOR + lane * LANE)
        for own, group, lane in zip(signs, groups, lanes, strict=True)
    ]
    return made, max(lanes) + 1


@dataclass(frozen=True)
class _Group:
    """Where the belts of one group run to and from their collector."""

    exit: int
    heights: tuple[int, ...]

    def beside(self, other: _Group) -> bool:
        """Whether both may have one lane."""
        low, high = min(self.exit, *self.heights) - _CLEAR, max(self.exit, *self.heights) + _CLEAR
        return not (low < max(other.exit, *other.heights) and min(other.exit, *other.heights) < high)

    def before(self, other: _Group) -> bool:
        """Whether it may have a lane nearer to the signs: its way out crosses those into the other's collector."""
        return not any(abs(self.exit - height) < _CLEAR for height in other.heights)


def _lanes(groups: Sequence[_Group]) -> list[int]:
    """A lane for each group, as few as can be, so that no belts run into one another; where that cannot be, so that
    no collectors do.
    """
    for count in range(1, min(len(groups), _MOST_LANES) + 1):
        found = _chosen(groups, [], count, strict=True)
        if found is not None:
            return found
    return next(found for n in range(1, len(groups) + 1) if (found := _chosen(groups, [], n, strict=False)) is not None)


def _chosen(groups: Sequence[_Group], lanes: list[int], count: int, *, strict: bool) -> list[int] | None:
    """Lanes for the groups that have none yet, of so many."""
    if len(lanes) == len(groups):
        return lanes
    group = groups[len(lanes)]
    for lane in range(count):
        if all(
            group.beside(other) if lane == taken
            else not strict or (group.before(other) if lane < taken else other.before(group))
            for other, taken in zip(groups, lanes, strict=False)
        ):  # fmt: skip
            found = _chosen(groups, [*lanes, lane], count, strict=strict)
            if found is not None:
                return found
    return None


def _leave(sign: Rect, exit_: int) -> int:
    """The height at which a belt leaves a sign: that of the exit, else the middle, but never just beside the exit."""
    spare = (sign.h - BELT) // 2
    middle = sign.y + sign.h // 2
    if abs(exit_ - middle) <= spare:
        return exit_
    if abs(exit_ - middle) < BELT + 8:
        return middle + spare if exit_ < middle else middle - spare
    return middle
