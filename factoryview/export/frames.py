"""Frames of a plant on a surface of their own: the window may be open, or there is none."""

from __future__ import annotations

import pygame

from factoryview.errors import UsageError
from factoryview.language.said import said
from factoryview.scene.art.raster import opaque
from factoryview.scene.chrome.logo import logo_node
from factoryview.scene.floor.camera import Camera
from factoryview.scene.painter import SMALLEST_TEXT, Painter
from factoryview.scene.picture import Facts
from factoryview.scene.theme import Theme
from factoryview.scene.ui.composition import Composition, composed, with_logo
from factoryview.scene.ui.node import Node
from factoryview.view.health import SILENT, FeedHealth
from factoryview.view.presentation import Presentation


class Frames:
    """Draws one plant at any moments, as a window of that size would show them."""

    def __init__(
        self,
        presentation: Presentation,
        size: tuple[int, int],
        theme: Theme,
        *,
        camera: Camera | None = None,
        smallest_text: float = SMALLEST_TEXT,
        low_motion: bool = False,
        logo: pygame.Surface | None = None,
        scale: float = 1.0,
    ) -> None:
        """size: pixels. camera: by default the whole floor is seen. logo: stands at the left of the header. scale: of
        all that is not floor.

        smallest_text: size below which text on the floor is left out, as a share of the picture's height.
        """
        facts, self.composition = presentation.facts, composed(size, scale)
        self._logo: tuple[Node, ...] = ()
        if logo is not None:
            self.composition = with_logo(self.composition, logo.width / logo.height)
            self._logo = (logo_node(logo, self.composition),)
        self._presentation = presentation
        self.camera = camera or whole_floor(facts, self.composition)
        """From where it is seen unless something else is asked for."""
        self._painter = Painter(facts, theme, smallest_text=smallest_text, low_motion=low_motion)
        self.surface = opaque(size)
        """The last frame; the next is painted over it."""

    def at(
        self,
        at: int,
        pace: float,
        *,
        playing: bool = False,
        health: FeedHealth = SILENT,
        camera: Camera | None = None,
        overlay: tuple[Node, ...] = (),
    ) -> pygame.Surface:
        """The frame of a moment (µs UTC). pace: data µs per second of display. health: of the live sources then.

        camera: instead of the usual one. overlay: what lies over the plant.
        """
        moment = self._presentation.moment(at, pace, playing=playing, health=health)
        over, ribbon = (*self._logo, *overlay), self._presentation.ribbon()
        self._painter.paint(self.surface, moment, camera or self.camera, self.composition, over, ribbon)
        return self.surface

    def taken(self, camera: Camera | None = None, stage: str = "") -> tuple[pygame.Rect, ...]:
        """Where machines are seen, with all about them, signs of sources and boards; what is of a stage counts several
        times.
        """
        seen, plan = camera or self.camera, self._presentation.facts.floor.plan
        found = [seen.rect(part) for part in (*(sign.rect for sign in plan.signs), *plan.boards)]
        for name, block in plan.blocks.items():
            parts = (block.room, *(part for part in (block.people, block.bin, block.siding) if part is not None))
            first, *others = (seen.rect(part) for part in parts)
            found += [first.unionall(others)] * (_ABOUT if name == stage else 1)
        return tuple(found)


_ABOUT = 4
"""How much more it weighs to cover the machine that is talked about than another."""


def whole_floor(facts: Facts, composition: Composition) -> Camera:
    """The camera that sees everything."""
    return Camera.fit(facts.floor.plan, composition.view)


def camera_at(facts: Facts, composition: Composition, zoom: float, stage: str | None) -> Camera:
    """Nearer than the whole floor by a factor, with a stage in the middle of the view.

    Raises UsageError for a stage there is not.
    """
    camera = whole_floor(facts, composition)
    if stage is not None:
        blocks = facts.floor.plan.blocks
        if stage not in blocks:
            raise UsageError(said("error.no_such_stage", stage=stage, known=", ".join(blocks)))
        x, y = blocks[stage].hall.centre
        camera = Camera(x, y, camera.k, camera.view)
    view = camera.view
    return camera if zoom == 1.0 else camera.zoomed(zoom, (view.x + view.w // 2, view.y + view.h // 2))
