"""Buttons of a panel: tabs and choices, of which one is pressed; and the words at its head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pygame

from factoryview.scene.colour import Colour
from factoryview.scene.text import Weight, cut, put, render, stamp, width
from factoryview.scene.theme import Theme
from factoryview.scene.ui.look import Canvas, Look
from factoryview.scene.ui.node import Action, Node

_CAPITALS_MIDDLE = 0.54
_NUMBER = 66
"""Width of a column of numbers in u."""


def tab_nodes(
    name: str, tabs: Sequence[tuple[str, str]], chosen: str, command: str, rect: pygame.Rect, u: float, size: float
) -> tuple[Node, ...]:
    """Buttons beside each other that fill a row, each as wide as its words ask for.

    tabs: (name, words) of each. command: what a press runs, with the name. size: em in u.
    """
    em = max(4, round(size * u))
    own = [width(words, em) for _, words in tabs]
    while sum(own) + 4 * len(own) > rect.w and em > 6:
        em -= 1
        own = [width(words, em) for _, words in tabs]
    spare = max(0, rect.w - sum(own)) // max(1, len(tabs))
    x, nodes = rect.x, []
    for (tab, words), wide in zip(tabs, own, strict=True):
        box = pygame.Rect(x, rect.y, wide + spare, rect.h)
        look = Tab(words, tab == chosen, em, u)
        nodes.append(Node(f"{name}/{tab}", box, look, "button", words, Action(command, (tab,))))
        x += box.w
    return tuple(nodes)


@dataclass(frozen=True)
class Tab(Look):
    """One of several."""

    words: str
    chosen: bool
    size: int
    u: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, radius = on.art.theme, round(8 * self.u)
        box = rect.inflate(-round(4 * self.u), -round(4 * self.u))
        if self.chosen:
            pygame.draw.rect(on.surface, theme.banner, box, border_radius=radius)
            pygame.draw.rect(on.surface, theme.text_muted, box, max(1, round(1.5 * self.u)), border_radius=radius)
        line = render(self.words, self.size, theme.headline if self.chosen else theme.text_muted)
        stamp(on.surface, line, (rect.centerx - line.get_width() // 2,
                                 round(rect.centery - _CAPITALS_MIDDLE * line.get_height())))  # fmt: skip


def _pressable(on: Canvas, rect: pygame.Rect, pressed: bool, u: float) -> None:
    """The ground of a button that stays pressed."""
    theme, radius = on.art.theme, round(8 * u)
    ground, edge = (theme.banner, theme.work) if pressed else (theme.panel, theme.panel_edge)
    pygame.draw.rect(on.surface, ground, rect, border_radius=radius)
    pygame.draw.rect(on.surface, edge, rect, max(1, round(2 * u)), border_radius=radius)


@dataclass(frozen=True)
class Toggle(Look):
    """A button that stays pressed."""

    words: str
    pressed: bool
    u: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, size = on.art.theme, max(4, round(25 * self.u))
        _pressable(on, rect, self.pressed, self.u)
        ink = theme.headline if self.pressed else theme.text
        inner = rect.inflate(-2 * round(12 * self.u), 0)
        smallest = round(0.6 * size)
        put(on.surface, self.words, inner, ink, largest=size, smallest=smallest, weight="Medium", align="left")


def _columns(on: Canvas, rect: pygame.Rect, words: Sequence[str], inks: Sequence[Colour], u: float) -> int:
    """Write them below each other in columns; the pixel at which what follows begins."""
    x, step, size = rect.x + round(8 * u), round(_NUMBER * u), max(4, round(24 * u))
    for each, ink in zip(words, inks, strict=True):
        box = pygame.Rect(x, rect.y, step - round(10 * u), rect.h)
        put(on.surface, each, box, ink, largest=size, smallest=round(0.6 * size), weight="Medium", align="right")
        x += step
    return x + round(8 * u)


@dataclass(frozen=True)
class WayHead(Look):
    """What the numbers of `WayRow`s are, and the ways."""

    numbers: tuple[str, ...]
    words: str
    u: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        ink, size = on.art.theme.text_muted, max(4, round(24 * self.u))
        x = _columns(on, rect, self.numbers, [ink] * len(self.numbers), self.u)
        put(on.surface, self.words, pygame.Rect(x, rect.y, max(1, rect.right - x), rect.h), ink,
            largest=size, smallest=round(0.6 * size), weight="Medium", align="left")  # fmt: skip


@dataclass(frozen=True)
class WayRow(Look):
    """A button that stays pressed, with numbers below each other in columns, and the way that they are of."""

    numbers: tuple[str, ...]
    ways: tuple[str, ...]
    """The same way said longer and shorter; the first that fits is written, the last is cut."""
    pressed: bool
    u: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, size = on.art.theme, max(4, round(24 * self.u))
        _pressable(on, rect, self.pressed, self.u)
        inks = [theme.text_muted if k else theme.headline for k in range(len(self.numbers))]
        x = _columns(on, rect, self.numbers, inks, self.u)
        room = rect.right - round(10 * self.u) - x
        words = next((each for each in self.ways if width(each, size, "Medium") <= room), self.ways[-1])
        least = round(0.75 * size)
        words = words if width(words, least, "Medium") <= room else cut(words, room, least)
        ink = theme.headline if self.pressed else theme.text
        put(on.surface, words, pygame.Rect(x, rect.y, room, size + 2).move(0, (rect.h - size - 2) // 2), ink,
            largest=size, smallest=least, weight="Medium", align="left")  # fmt: skip


@dataclass(frozen=True)
class HeadLine(Look):
    """A line of words, cut where they do not fit."""

    words: str
    size: float
    """Em in u."""
    u: float
    ink: str = "headline"
    """Name of the theme's colour; `red`, `amber` and `known` are those of words about a level."""
    weight: Weight = "Bold"
    right: bool = False

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        largest = max(4, round(self.size * self.u))
        size = next((each for each in range(largest, round(0.6 * largest), -1)
                     if width(self.words, each, self.weight) <= rect.w), max(4, round(0.6 * largest)))  # fmt: skip
        line = render(cut(self.words, rect.w, size), size, _ink(on.art.theme, self.ink), self.weight)
        x = rect.right - line.get_width() if self.right else rect.x
        stamp(on.surface, line, (x, round(rect.centery - _CAPITALS_MIDDLE * line.get_height())))


def _ink(theme: Theme, name: str) -> Colour:
    found: Colour = getattr(theme.signal_text, name) if name in ("red", "amber", "known") else getattr(theme, name)
    return found
