"""What fills the window: a stack of screens, of which the top one is seen and asked."""

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
    """The stack. One compositor paints whatever is on top."""

    def __init__(self, bottom: Screen) -> None:
        self._stack = [bottom]
        self._compositor = Compositor()

    @property
    def top(self) -> Screen:
        return self._stack[-1]

    def push(self, screen: Screen) -> None:
        """Put a screen over the others."""
        self._stack.append(screen)

    def pop(self) -> Screen:
        """Take the top screen away; the last one stays."""
        return self._stack.pop() if len(self._stack) > 1 else self.top

    def replace(self, screen: Screen) -> None:
        """Another screen in the place of the top one."""
        self._stack[-1] = screen

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
