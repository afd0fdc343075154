"""Crates as they lie on belts and on the floor: opaque, rounded by the colour beneath, one hue a channel."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import pygame

from factoryview.scene.art.raster import opaque, ready
from factoryview.scene.colour import Colour, mix
from factoryview.scene.theme import Level, Theme

_MOST_SIDES = 64
"""Sides and levels of which the crates are at hand."""
_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)


MOVING, STANDING = 0.3, 0.6
"""How far crates on belts and in piles sink into the floor while the headline speaks of another machine: work that
flows is seen to flow, a pile does not call."""


def quiet(theme: Theme, sunk: float) -> Theme:
    """The same with crates and wood that do not call."""
    hues = tuple(mix(hue, theme.floor, sunk) for hue in theme.hues)
    return replace(theme, hues=hues, pallet=mix(theme.pallet, theme.floor, sunk))


class Crates:
    """The crates of one theme."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._on_belt: dict[tuple[int, Level], list[pygame.Surface]] = {}

    def on_belt(self, side: int, level: Level) -> list[pygame.Surface]:
        """One crate a channel, for a belt of that level. side: pixels."""
        found = self._on_belt.get((side, level))
        if found is None:
            if len(self._on_belt) >= _MOST_SIDES:
                self._on_belt.clear()
            found = self._on_belt[side, level] = [crate(side, hue, self.theme.belt[level]) for hue in self.theme.hues]
        return found


@lru_cache(maxsize=512)
def crate(side: int, hue: Colour, ground: Colour) -> pygame.Surface:
    """A crate of `side` pixels seen from above, its corners in the colour of what it lies on."""
    surface = opaque((side, side))
    rim, light, dark = mix(hue, _BLACK, 0.62), mix(hue, _WHITE, 0.32), mix(hue, _BLACK, 0.24)
    if side < 7:
        surface.fill(hue)
        if side >= 4:
            surface.fill(mix(hue, _BLACK, 0.4), (0, side - 1, side, 1))
        return ready(surface)
    line = max(1, round(side / 16))
    surface.fill(rim)
    inner = surface.get_rect().inflate(-2 * line, -2 * line)
    surface.fill(hue, inner)
    surface.fill(light, (inner.x, inner.y, inner.w, line))
    surface.fill(light, (inner.x, inner.y, line, inner.h))
    surface.fill(dark, (inner.x, inner.bottom - line, inner.w, line))
    surface.fill(dark, (inner.right - line, inner.y, line, inner.h))
    if side >= 12:
        band = max(2, round(side * 0.16))
        label = pygame.Rect(inner.x + round(inner.w * 0.22), inner.centery - band // 2, round(inner.w * 0.56), band)
        surface.fill(mix(hue, _BLACK, 0.38), label)
        surface.fill(mix(hue, _WHITE, 0.45), (label.x, label.bottom, label.w, max(1, line // 2)))
    for x in (0, side - line):
        for y in (0, side - line):
            surface.fill(ground, (x, y, line, line))
    if side >= 14:
        for x, y in ((0, 0), (side - 1, 0), (0, side - 1), (side - 1, side - 1)):
            dx, dy = (1 if x == 0 else -1), (1 if y == 0 else -1)
            surface.set_at((x + dx * line, y), mix(ground, rim, 0.5))
            surface.set_at((x, y + dy * line), mix(ground, rim, 0.5))
    return ready(surface)
