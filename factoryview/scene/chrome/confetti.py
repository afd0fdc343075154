"""Small crates that rain for some seconds: a goal has been met."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sin

import pygame

from factoryview.scene.ui.look import Canvas, Look

PIECES = 240
_GOLDEN = 0.618_034
"""Multiples of it, modulo 1, lie evenly and in no order."""
_FALL = 2.6
"""Seconds from edge to edge, of the slowest."""


@dataclass(frozen=True)
class Confetti(Look):
    """The rain, so many seconds after it began; it thins out towards its end."""

    elapsed: float
    seconds: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        before = on.surface.get_clip()
        on.surface.set_clip(rect.clip(before))
        size = max(4, min(rect.size) // 54)
        for piece in range(PIECES):
            chance = (piece + 1) * _GOLDEN % 1.0
            begun = self.seconds * (1 - _FALL / self.seconds) * piece / PIECES
            fallen = (self.elapsed - begun) / (_FALL * (0.7 + 0.3 * (chance * 7 % 1)))
            if not 0.0 <= fallen < 1.0:
                continue
            swing = size * sin(2 * pi * (fallen * 2 + chance))
            turned = abs(sin(2 * pi * (fallen * 3 + chance * 5)))
            box = pygame.Rect(0, 0, size, max(2, round(size * turned)))
            box.center = round(rect.x + chance * rect.w + swing), round(rect.y + fallen * (rect.h + size) - size / 2)
            on.surface.fill(on.art.theme.hue(piece), box)
        on.surface.set_clip(before)
