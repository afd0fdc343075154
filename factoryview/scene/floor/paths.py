"""The way of one case over the floor: where it has been as a line, where it will go as dashes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import hypot

import pygame

from factoryview.scene.ui.look import Canvas, Look

_WIDE, _DASH = 6, 22
"""u of the line and of a dash."""
Leg = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class PathLook(Look):
    """Lines in pixels."""

    past: tuple[Leg, ...]
    ahead: tuple[Leg, ...]
    u: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:  # noqa: ARG002
        wide, dash = max(2, round(_WIDE * self.u)), max(4, round(_DASH * self.u))
        for leg in self.past:
            for a, b in pairwise(leg):
                pygame.draw.line(on.surface, on.art.theme.work, a, b, wide)
        for leg in self.ahead:
            for a, b in pairwise(leg):
                _dashed(on.surface, on.art.theme.headline, a, b, dash, max(1, wide // 2))


def _dashed(
    surface: pygame.Surface, ink: tuple[int, int, int], a: tuple[int, int], b: tuple[int, int], dash: int, wide: int
) -> None:
    length = hypot(b[0] - a[0], b[1] - a[1])
    for k in range(0, int(length), 2 * dash):
        ends = (k / length, min(1.0, (k + dash) / length))
        one, other = ((round(a[0] + t * (b[0] - a[0])), round(a[1] + t * (b[1] - a[1]))) for t in ends)
        pygame.draw.line(surface, ink, one, other, wide)
