"""A view on the display: drifted by some pixels, as bright as the hour asks for; and the camera on its way."""

from __future__ import annotations

from dataclasses import dataclass

import pygame

from factoryview.scene.floor.camera import eased
from factoryview.wall.buffers import Buffer
from factoryview.wall.director import GLIDE, seen_part


@dataclass(frozen=True)
class Glide:
    """The camera on its way from the whole to a part of it, or back."""

    began: float
    """Seconds on the clock that never jumps."""
    nearer: bool

    def is_over(self, seconds: float) -> bool:
        return seconds - self.began >= GLIDE

    def paint(
        self, surface: pygame.Surface, wide: Buffer, near: Buffer, seconds: float, offset: tuple[int, int]
    ) -> None:
        """The floor at a moment, enlarged out of the picture of the whole. offset: of the display in the picture."""
        cameras = [buffer.scene.seen_by for buffer in (wide, near) if buffer.scene and buffer.scene.seen_by]
        if len(cameras) < 2:
            return
        share = eased((seconds - self.began) / GLIDE)
        part = seen_part(cameras[0], cameras[1], share if self.nearer else 1 - share)
        view = cameras[0].view
        if part.w > 1 and part.h > 1:
            enlarged = pygame.transform.scale(wide.canvas.subsurface(part), view.size)
            surface.blit(enlarged, view.move(-offset[0], -offset[1]))


class Panel:
    """What is on the display: only what differs is laid there, unless all of it has to be."""

    def __init__(self) -> None:
        self._whole = True
        self._placed: tuple[object, ...] = ()

    def forget(self) -> None:
        """All of the display has to be painted."""
        self._whole = True

    def lay(
        self, surface: pygame.Surface, canvas: pygame.Surface, rects: list[pygame.Rect], offset: tuple[int, int],
        dim: float, *, moving: bool,
    ) -> list[pygame.Rect]:  # fmt: skip
        """Lay what changed of a view's picture onto the display; where that is there.

        rects: what changed, in pixels of the picture. offset: of the display in the picture, which is larger. dim: how
        bright it will be, 1: as it was drawn. moving: the camera is on its way, so that all changes.
        """
        placed = (offset, dim)
        whole = self._whole or placed != self._placed or moving
        self._placed, self._whole = placed, False
        found = []
        for rect in [surface.get_rect().move(offset)] if whole else rects:
            place = rect.move(-offset[0], -offset[1]).clip(surface.get_rect())
            if place:
                surface.blit(canvas, place, place.move(offset))
                found.append(place)
        return found


def darken(surface: pygame.Surface, places: list[pygame.Rect], dim: float) -> None:
    """Take light from these parts of the display."""
    if dim < 1:
        level = round(255 * dim)
        for place in places:
            surface.fill((level, level, level), place, pygame.BLEND_RGB_MULT)
