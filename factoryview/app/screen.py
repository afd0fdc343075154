"""What fills the window: one screen at a time, painted and asked."""

from __future__ import annotations

from collections import deque
from typing import Protocol

import pygame

from factoryview.scene.art.art import Art
from factoryview.scene.ui.compositor import Compositor
from factoryview.scene.ui.node import Node


class Screen(Protocol):
    """One thing that fills the window: loading, a plant, a wall."""

    wishes: deque[str]
    """What it asks of the window: `quit`, `fullscreen`."""

    @property
    def art(self) -> Art:
        """What it is painted with."""

    def advance(self, seconds: float) -> None:
        """So many seconds of display have passed."""

    def tree(self, size: tuple[int, int]) -> Node:
        """Everything there is to see now, on a surface of that size."""

    def handle(self, event: pygame.Event, tree: Node) -> None:
        """A key, a click, a touch. tree: what is seen."""


class Screens:
    """One screen at a time, painted by one compositor."""

    def __init__(self, first: Screen) -> None:
        self.top = first
        """The screen that is shown."""
        self._compositor = Compositor()

    def replace(self, screen: Screen) -> None:
        """Show another screen."""
        self.top = screen

    def frame(self, surface: pygame.Surface, seconds: float) -> list[pygame.Rect]:
        """Advance and paint; the rectangles that changed."""
        self.top.advance(seconds)
        return self.paint(surface)

    def paint(self, surface: pygame.Surface) -> list[pygame.Rect]:
        """Paint what is on top now; the rectangles that changed."""
        return self._compositor.paint(surface, self.top.tree(surface.get_size()), self.top.art)

    def forget(self) -> None:
        """What was painted is gone: all of it is painted again."""
        self._compositor.forget()

    def tree(self) -> Node:
        """What was painted last."""
        return self._compositor.root

    def handle(self, event: pygame.Event) -> None:
        """A key, a click, a touch."""
        self.top.handle(event, self.tree())
