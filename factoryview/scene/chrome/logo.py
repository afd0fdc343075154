"""The sign of whoever shows a film, at the left of the header, where it covers nothing."""

from __future__ import annotations

from dataclasses import dataclass

import pygame

from factoryview.scene.ui.composition import Composition
from factoryview.scene.ui.look import Canvas, Look
from factoryview.scene.ui.node import Node

_RIM = 0.12
"""Of the row's height, left free on every side."""


def logo_node(picture: pygame.Surface, composition: Composition) -> Node:
    """The picture in the place that `composition` has for it."""
    return Node("logo", composition.logo, LogoLook(picture), "image")


@dataclass(frozen=True)
class LogoLook(Look):
    """A picture on the ground of the header. Pictures are equal that are the same."""

    picture: pygame.Surface

    @property
    def opaque(self) -> bool:
        return True

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        pygame.draw.rect(on.surface, on.art.theme.panel, rect)
        rim = round(_RIM * rect.h)
        box = rect.inflate(-2 * rim, -2 * rim)
        wide, high = self.picture.get_size()
        scale = min(box.w / wide, box.h / high)
        if scale <= 0:
            return
        small = pygame.transform.smoothscale(self.picture, (max(1, round(wide * scale)), max(1, round(high * scale))))
        on.surface.blit(small, small.get_rect(midleft=box.midleft))
