"""Floors of departments: rounded where they end, in one piece where their parts meet."""

from __future__ import annotations

import pygame

from factoryview.layout.plan import Rect
from factoryview.scene.floor.districts import floor_parts

AISLE, TINT = (0, 0, 0), (200, 0, 0)
L_SHAPE = (Rect(0, 0, 100, 60), Rect(0, 60, 40, 60))


def painted(rects: tuple[Rect, ...], inset: int, radius: int) -> pygame.Surface:
    surface = pygame.Surface((120, 140))
    surface.fill(AISLE)
    for part in floor_parts(rects):
        part.paint(surface, pygame.Rect(*part.rect), inset, radius, TINT, AISLE)
    return surface


def test_the_floor_ends_so_far_from_its_border_on_every_side_and_nowhere_else() -> None:
    inset, shown = 5, painted(L_SHAPE, 5, 0)
    inside = {(x, y) for rect in L_SHAPE for x in range(rect.x, rect.right) for y in range(rect.y, rect.bottom)}
    for x in range(120):
        for y in range(140):
            near = {(x + dx, y + dy) for dx in (-inset, 0, inset) for dy in (-inset, 0, inset)}
            # within a pixel of where it ends it may be either
            if all({(u + a, v + b) for a in (-1, 0, 1) for b in (-1, 0, 1)} <= inside for u, v in near):
                assert shown.get_at((x, y))[:3] == TINT, (x, y)
            if not near & inside or (x, y) not in inside:
                assert shown.get_at((x, y))[:3] == AISLE, (x, y)


def test_corners_are_round() -> None:
    shown = painted((Rect(0, 0, 100, 100),), 4, 12)
    assert [shown.get_at(spot)[:3] for spot in ((4, 4), (95, 4), (95, 95), (4, 95))] == [AISLE] * 4
    assert [shown.get_at(spot)[:3] for spot in ((16, 5), (5, 16), (94, 83), (9, 9))] == [TINT] * 4


def test_the_cells_of_a_floor_cover_it_once() -> None:
    parts = [part.rect for part in floor_parts(L_SHAPE)]
    assert sum(rect.w * rect.h for rect in parts) == sum(rect.w * rect.h for rect in L_SHAPE)
    assert not any(a.meets(b) for i, a in enumerate(parts) for b in parts[i + 1 :])
