"""A view on a surface of its own, so that the next is wholly drawn before the present one leaves."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pygame

from factoryview.scene.art.raster import opaque
from factoryview.scene.ui.compositor import Compositor
from factoryview.scene.ui.node import Node
from factoryview.wall.views import Now, Scene

_PARTS = (6, 6)
"""Columns and rows in which a view is drawn ahead, so that no step holds up a frame."""

_PATIENCE = 2.0
"""Seconds for which what a view needs of the log is waited for; after that a frame waits."""


class Buffer:
    """A surface with what is painted on it. It is used again for the next view but one."""

    def __init__(self) -> None:
        self.scene: Scene | None = None
        self.canvas = opaque((1, 1))
        self._compositor = Compositor()
        self.waiting = False
        """What is to be drawn is still being fetched."""
        self._steps: Iterator[None] | None = None

    @property
    def ready(self) -> bool:
        """It is wholly drawn."""
        return self.scene is not None and self._steps is None

    @property
    def tree(self) -> Node:
        """What was painted last."""
        return self._compositor.root

    def take(self, scene: Scene, now: Now, *, patient: bool = True) -> None:
        """Hold another view; it is drawn in the steps to come. patient: what it needs of the log may be waited for."""
        size = scene.layout.whole.size
        if self.canvas.get_size() != size:
            self.canvas = opaque(size)
        self.scene = scene
        self._steps, self.waiting = self._prepare(scene, now, patient=patient), False

    def drop(self) -> None:
        """Hold nothing."""
        self.scene = self._steps = None
        self.waiting = False

    def step(self) -> bool:
        """Go on drawing; whether there is still something to do."""
        if self._steps is not None and next(self._steps, self) is self:
            self._steps = None
        return self._steps is not None

    def finish(self) -> None:
        """Draw the rest at once."""
        while self.step():
            pass

    def paint(self, now: Now) -> list[pygame.Rect]:
        """Bring it up to date; the rectangles that changed."""
        assert self.scene is not None, "nothing is held"
        return self._compositor.paint(self.canvas, self.scene.tree(now), self.scene.art)

    def _prepare(self, scene: Scene, now: Now, *, patient: bool) -> Iterator[None]:
        until = time.monotonic() + (_PATIENCE if patient else 0.0)
        while (waiting := not scene.at_hand()) and time.monotonic() < until:
            self.waiting = waiting
            yield
        self.waiting = False
        tree = scene.tree(now)
        yield
        yield from self._compositor.paint_in_parts(self.canvas, tree, scene.art, _PARTS)
