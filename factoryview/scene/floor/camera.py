"""Where the eye is: which tile stands at which pixel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import pygame

from factoryview.layout.floorplan import Rect

NEAREST, FARTHEST = 160.0, 3.0


@dataclass(frozen=True)
class Camera:
    """tile: pixels per tile. (x, y): the floor point, in tiles, at the middle of `view`, where the floor is seen."""

    x: float
    y: float
    tile: float
    view: Rect

    @classmethod
    def fit(cls, width: int, height: int, view: Rect, margin: float = 0.5) -> Camera:
        """See the whole floor of width × height tiles."""
        tile = min(view.w / (width + 2 * margin), view.h / (height + 2 * margin))
        return cls(width / 2, height / 2, max(FARTHEST, float(int(tile))), view)

    @cached_property
    def offset(self) -> tuple[int, int]:
        """The pixel of the floor's upper left corner; everything else lies whole pixels from it."""
        return (
            round(self.view.x + self.view.w / 2 - self.x * self.tile),
            round(self.view.y + self.view.h / 2 - self.y * self.tile),
        )

    def point(self, x: float, y: float) -> tuple[int, int]:
        """The pixel of a floor point."""
        left, top = self.offset
        return left + round(x * self.tile), top + round(y * self.tile)

    def rect(self, box: Rect) -> pygame.Rect:
        """The pixels of a box of tiles."""
        left, top = self.offset
        tile = int(self.tile)
        return pygame.Rect(left + box.x * tile, top + box.y * tile, box.w * tile, box.h * tile)

    def tile_at(self, pixel: tuple[int, int]) -> tuple[float, float]:
        """The floor point under a pixel."""
        return (
            (pixel[0] - self.view.x - self.view.w / 2) / self.tile + self.x,
            (pixel[1] - self.view.y - self.view.h / 2) / self.tile + self.y,
        )

    def zoomed(self, factor: float, about: tuple[int, int]) -> Camera:
        """Nearer (factor > 1) or farther, in whole pixels per tile; the floor point under the pixel stays there."""
        tile = min(NEAREST, max(FARTHEST, float(round(self.tile * factor))))
        x, y = self.tile_at(about)
        ratio = self.tile / tile
        return replace(self, tile=tile, x=x + (self.x - x) * ratio, y=y + (self.y - y) * ratio)

    def panned(self, pixels: tuple[int, int]) -> Camera:
        """The floor moved by so many pixels."""
        return replace(self, x=self.x - pixels[0] / self.tile, y=self.y - pixels[1] / self.tile)
