"""Where the parts of a screen stand, computed from any rectangle: on a desk, on a wall, upright, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pygame

from factoryview.layout.floorplan import Rect

HEADER, LEGEND, TIMELINE = 10.5, 3.4, 12.0
"""Heights in units: the unit is one per cent of the height of a lying screen, or of the width of an upright one."""


@dataclass(frozen=True)
class Composition:
    """The parts of one plant's picture; all of them lie inside `rect` and cover it."""

    rect: pygame.Rect
    unit: float
    """Pixels: the measure of everything that is not floor."""
    header: pygame.Rect
    floor: Rect
    legend: pygame.Rect
    """Without height where there is none."""
    timeline: pygame.Rect

    @property
    def upright(self) -> bool:
        """Whether it is higher than wide: the header has a second row."""
        return self.rect.h > self.rect.w


@lru_cache(maxsize=16)
def composed(size: tuple[int, int]) -> Composition:
    """One plant on a whole surface of that size."""
    return fitted(pygame.Rect((0, 0), size))


def fitted(rect: pygame.Rect) -> Composition:
    """One plant in any rectangle, lying or upright as that is."""
    return portrait(rect) if rect.h > rect.w else desk(rect)


def desk(rect: pygame.Rect) -> Composition:
    """Everything, for somebody who sits before it."""
    return _stacked(rect, rect.h / 100, HEADER, LEGEND)


def wall(rect: pygame.Rect) -> Composition:
    """For people who pass by: no legend, nobody steps near enough to read it."""
    return _stacked(rect, rect.h / 100, HEADER, 0.0)


def portrait(rect: pygame.Rect) -> Composition:
    """On an upright screen headlines have a row of their own."""
    return _stacked(rect, min(rect.w, rect.h) / 100, 2 * HEADER, LEGEND)


def side_by_side(rect: pygame.Rect, count: int) -> tuple[Composition, ...]:
    """So many plants in equal parts of a rectangle, beside each other or, on an upright one, below each other."""
    parts = []
    for k in range(count):
        if rect.h > rect.w:
            top, bottom = rect.y + rect.h * k // count, rect.y + rect.h * (k + 1) // count
            parts.append(pygame.Rect(rect.x, top, rect.w, bottom - top))
        else:
            left, right = rect.x + rect.w * k // count, rect.x + rect.w * (k + 1) // count
            parts.append(pygame.Rect(left, rect.y, right - left, rect.h))
    return tuple(map(fitted, parts))


def _stacked(rect: pygame.Rect, unit: float, header: float, legend: float) -> Composition:
    """Header, floor, legend and timeline below each other; the floor takes what is left."""
    top = min(rect.h, round(unit * header))
    low = min(rect.h - top, round(unit * TIMELINE))
    middle = min(rect.h - top - low, round(unit * legend))
    timeline = pygame.Rect(rect.x, rect.bottom - low, rect.w, low)
    explained = pygame.Rect(rect.x, timeline.y - middle, rect.w, middle)
    floor = Rect(rect.x, rect.y + top, rect.w, explained.y - rect.y - top)
    return Composition(rect, unit, pygame.Rect(rect.x, rect.y, rect.w, top), floor, explained, timeline)
