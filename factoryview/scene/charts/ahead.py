"""The part of a time scale that has not happened: hatched."""

from __future__ import annotations

from dataclasses import dataclass

import pygame

from factoryview.scene.colour import mix
from factoryview.scene.ui.look import Canvas, Look


@dataclass(frozen=True)
class FutureGround(Look):
    """Slanted strokes and an edge where the future begins. step: pixels from stroke to stroke."""

    step: int

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, clip = on.art.theme, on.surface.get_clip()
        on.surface.set_clip(rect.clip(clip))
        ink = mix(theme.ghost, theme.panel, 0.45)
        for x in range(rect.x - rect.h, rect.right, max(3, self.step)):
            pygame.draw.line(on.surface, ink, (x, rect.bottom), (x + rect.h, rect.y))
        on.surface.fill(theme.ghost, (rect.x, rect.y, max(1, self.step // 4), rect.h))
        on.surface.set_clip(clip)
