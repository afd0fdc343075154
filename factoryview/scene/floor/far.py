"""The floor from afar: halls as plain blocks with their count in large digits, belts as ribbons.

A ribbon is as wide as its flow and as loud as its state.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import pygame

from factoryview.layout.plan import Belt
from factoryview.scene.colour import mix
from factoryview.scene.floor.camera import Camera
from factoryview.scene.text import fit, leave_out, render, stamp
from factoryview.scene.theme import Dress, Level
from factoryview.scene.ui.look import Canvas, Look

_NARROW, _WIDE = 8, 46
"""u of the ribbon of a belt nobody rides, and of the strongest."""


@dataclass(frozen=True)
class Ribbons(Look):
    """All belts."""

    levels: tuple[Level, ...]
    belts: tuple[Belt, ...] = field(compare=False)
    camera: Camera

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:  # noqa: ARG002
        theme = on.art.theme
        most = max((belt.share for belt in self.belts), default=0.0) or 1.0
        for belt, level in sorted(zip(self.belts, self.levels, strict=True), key=lambda pair: pair[1]):
            wide = max(2, round((_NARROW + (_WIDE - _NARROW) * belt.share / most) * self.camera.k))
            colour = theme.signal[level] if level else mix(theme.belt.calm, theme.rail_shine.calm, 0.35)
            points = [self.camera.point(point.x, point.y) for point in belt.points]
            for (x0, y0), (x1, y1) in pairwise(points):
                box = (min(x0, x1) - wide // 2, min(y0, y1) - wide // 2, abs(x1 - x0) + wide, abs(y1 - y0) + wide)
                on.surface.fill(colour, box)


@dataclass(frozen=True)
class FarStation(Look):
    """A hall as a block with its count."""

    count: str
    dress: Dress
    smallest: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        look = on.art.theme.station.of(self.dress)
        radius, line = max(1, rect.h // 9), max(1, rect.h // 24)
        pygame.draw.rect(on.surface, look.roof, rect, border_radius=radius)
        pygame.draw.rect(on.surface, look.sign_edge, rect, line, border_radius=radius)
        ink = on.art.theme.headline if self.dress == "calm" else look.name if self.dress != "alarm" else look.digits
        size = fit(self.count, (rect.w - 4 * line, rect.h), round(rect.h * 0.8), 4, "Bold")
        if size is None or size < self.smallest * 0.7:
            leave_out(self.count, rect)
            return
        words = render(self.count, size, ink, "Bold")
        stamp(
            on.surface, words, (rect.centerx - words.get_width() // 2, rect.centery - round(words.get_height() * 0.54))
        )
