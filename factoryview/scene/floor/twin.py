"""The picture of another plant inside this one: painted on a surface of its own, and laid there as it is."""

from __future__ import annotations

from dataclasses import dataclass, field

import pygame

from factoryview.scene.ui.look import Canvas, Look


@dataclass(frozen=True)
class TwinLook(Look):
    """A surface that holds a picture. number: of what it holds now; another one is another picture."""

    number: int
    surface: pygame.Surface = field(compare=False)

    @property
    def opaque(self) -> bool:
        return True

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        on.surface.blit(self.surface, rect)
