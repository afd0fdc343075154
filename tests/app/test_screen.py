"""The stack of screens: the top one is advanced, painted and asked; below it, nothing happens."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import pygame

from factoryview.app.screen import Screens
from factoryview.scene.art.art import Art
from factoryview.scene.themes import NIGHT
from factoryview.scene.ui.look import Canvas, Look
from factoryview.scene.ui.node import Node

SIZE = (40, 30)
KEY = pygame.Event(pygame.KEYDOWN, key=pygame.K_SPACE)
Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Fill(Look):
    colour: Colour

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        on.surface.fill(self.colour, rect)


class One:
    """A screen of one colour that counts what it is asked."""

    def __init__(self, name: str, colour: Colour) -> None:
        self.name, self.colour, self.art = name, colour, Art(NIGHT)
        self.wishes: deque[str] = deque()
        self.seconds, self.handled = 0.0, 0

    def advance(self, seconds: float) -> None:
        self.seconds += seconds

    def tree(self, size: tuple[int, int]) -> Node:
        whole = pygame.Rect((0, 0), size)
        ground = Node("ground", whole, Fill((0, 0, 0)))
        return Node(self.name, whole, children=(ground, Node(f"{self.name}/fill", whole, Fill(self.colour))))

    def handle(self, event: pygame.Event, tree: Node) -> None:
        assert event is KEY
        assert tree.id == self.name, "what it is asked about is what it shows"
        self.handled += 1


def test_the_screen_that_is_shown_is_advanced_painted_and_asked_alone() -> None:
    one, other = One("one", (200, 0, 0)), One("other", (0, 0, 200))
    screens, surface = Screens(one), pygame.Surface(SIZE, 0, 32)

    def frame() -> Colour:
        assert screens.frame(surface, 0.5)
        screens.handle(KEY)
        return surface.get_at((20, 15))[:3]

    assert frame() == one.colour
    screens.replace(other)
    assert frame() == other.colour
    assert screens.top is other
    assert [(each.seconds, each.handled) for each in (one, other)] == [(0.5, 1), (0.5, 1)]
