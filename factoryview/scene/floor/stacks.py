"""Work that stands beside a machine: crates on pallets of ten, pallets in racks of a hundred.

Both are frames of two rows of five, the pattern in which people see ten without counting. They are drawn in
whole pixels and opaque, with little contrast inside and one outline around.
"""

from __future__ import annotations

from collections.abc import Iterator

import pygame

from factoryview.scene.art.raster import opaque
from factoryview.scene.theme import Colour, Theme, mix

_COLUMNS, _ROWS = 5, 2
_SMALLEST_OPEN_RACK = 56


def pallet(theme: Theme, px: int, hue: Colour) -> pygame.Surface:
    """Ten crates on a wooden pallet, a square of `px` pixels."""
    surface = _outlined(theme, px, hue, theme.pallet)
    area = surface.get_rect().inflate(-4, -4) if px >= 20 else surface.get_rect().inflate(-2, -2)
    for cell in cells(area, _COLUMNS, _ROWS, 1 if px < 40 else 2):
        _crate(surface, cell, mix(hue, theme.pallet, 0.25))
    return surface


def rack(theme: Theme, px: int, hue: Colour) -> pygame.Surface:
    """A hundred crates in a rack of steel, a square of `px` pixels."""
    steel, dark = theme.steel, mix(theme.steel, (0, 0, 0), 0.5)
    surface = _outlined(theme, px, hue, steel)
    frame = 1 + max(1, px // 24)
    area = surface.get_rect().inflate(-2 * frame, -2 * frame)
    quiet = mix(hue, dark, 0.2)
    for slot in cells(area, _COLUMNS, _ROWS, max(1, px // 32)):
        surface.fill(dark, slot)
        if px < _SMALLEST_OPEN_RACK:
            surface.fill(quiet, slot.inflate(-2, -2) if min(slot.size) > 4 else slot)
            continue
        for cell in cells(slot.inflate(-2, -2), _ROWS, _COLUMNS, 1):
            surface.fill(quiet, cell)
    return surface


def cells(area: pygame.Rect, columns: int, rows: int, gap: int) -> Iterator[pygame.Rect]:
    """Equal boxes in whole pixels, row by row, centred in the area, `gap` pixels apart.

    A box is at least one pixel wide and high, even where the area is too small for that.
    """
    width = max(1, (area.width - (columns - 1) * gap) // columns)
    height = max(1, (area.height - (rows - 1) * gap) // rows)
    left = area.left + (area.width - columns * width - (columns - 1) * gap) // 2
    top = area.top + (area.height - rows * height - (rows - 1) * gap) // 2
    for row in range(rows):
        for column in range(columns):
            yield pygame.Rect(left + column * (width + gap), top + row * (height + gap), width, height)


def _outlined(theme: Theme, px: int, hue: Colour, ground: Colour) -> pygame.Surface:
    surface = opaque((px, px))
    surface.fill(mix(theme.outline_of(hue), ground, 0.25))
    surface.fill(ground, (1, 1, px - 2, px - 2))
    return surface


def _crate(surface: pygame.Surface, cell: pygame.Rect, colour: Colour) -> None:
    surface.fill(colour, cell)
    if min(cell.size) >= 4:
        edge = max(1, min(cell.size) // 8)
        surface.fill(mix(colour, (255, 255, 255), 0.22), (cell.x, cell.y, cell.width, edge))
        surface.fill(mix(colour, (0, 0, 0), 0.2), (cell.x, cell.bottom - edge, cell.width, edge))
