"""The test card: what the display cuts off, what can be read from where, whether colours and motion come through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pygame

from factoryview.language import Language
from factoryview.plant.wall_file import Wall
from factoryview.scene.art.art import Art
from factoryview.scene.chrome.large import say
from factoryview.scene.chrome.loading import Blank
from factoryview.scene.colour import Colour
from factoryview.scene.text import fit, width
from factoryview.scene.theme import ThemeName
from factoryview.scene.themes import THEMES
from factoryview.scene.ui.compositor import Compositor
from factoryview.scene.ui.look import Canvas, Look
from factoryview.scene.ui.node import Node, group
from factoryview.wall.clock import WallClock
from factoryview.wall.layout import least_em

DISTANCES = (2.0, 4.0, 6.0, 8.0, 10.0)
"""Metres for which a line is written."""
CROPPED = (0.0, 1.5, 3.0, 5.0)
"""Per cent of width and height at which frames stand: televisions crop up to five."""
_SWEEP = 4.0
"""Seconds in which the bar crosses the screen."""


@dataclass(frozen=True)
class EdgeLook(Look):
    """A frame."""

    thick: int
    ink: Colour

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        pygame.draw.rect(on.surface, self.ink, rect, self.thick)


@dataclass(frozen=True)
class TagLook(Look):
    """What a frame means, on the ground's own colour so that no line crosses it."""

    words: str
    em: int
    ink: Colour

    @property
    def opaque(self) -> bool:
        return True

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        on.surface.fill(on.art.theme.floor, rect)
        say(on, self.words, rect, self.em, self.ink, align="centre")


@dataclass(frozen=True)
class SampleLook(Look):
    """A line in the least size that can be read from a distance; nothing where it would not fit."""

    words: str
    em: int

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        if fit(self.words, (rect.w, 10**6), self.em, self.em) is not None:
            say(on, self.words, rect, self.em, on.art.theme.headline)


@dataclass(frozen=True)
class PatchLook(Look):
    """One colour."""

    colour: Colour

    @property
    def opaque(self) -> bool:
        return True

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        on.surface.fill(self.colour, rect)


def card_tree(size: tuple[int, int], wall: Wall, language: Language, theme: ThemeName, seconds: float) -> Node:
    """All of it. seconds: on a clock that never jumps, for what moves."""
    whole = pygame.Rect((0, 0), size)
    parts = (*_edges(whole, wall, language, theme), *_samples(whole, wall, language), *_patches(whole, theme),
             *_motion(whole, theme, seconds))  # fmt: skip
    return Node("screen", whole, children=(Node("ground", whole, Blank(), "image"), group("card", whole, parts)))


def _edges(whole: pygame.Rect, wall: Wall, language: Language, theme: ThemeName) -> Iterator[Node]:
    em = max(12, min(whole.size) // 48)
    colours, safe = THEMES[theme], wall.screen.safe_area_percent
    shares = sorted({*CROPPED, safe})
    tags = []
    for place, share in enumerate(shares):
        rect = whole.inflate(-2 * round(whole.w * share / 100), -2 * round(whole.h * share / 100))
        words = language.text(
            "testcard.safe" if share == safe and share else "testcard.edge", n=_written(share, language)
        )
        ink = colours.good if share == safe else colours.text_muted
        yield Node(f"edge/{share:g}", rect, EdgeLook(max(1, em // 12), ink), "image", words)
        tag = pygame.Rect(0, rect.y, width(words, em) + em, round(1.1 * em))
        tag.centerx = whole.x + round(whole.w * (place + 0.5) / len(shares))
        tags.append(Node(f"tag/{share:g}", tag, TagLook(words, em, ink), "text", words))
    yield from tags


def _samples(whole: pygame.Rect, wall: Wall, language: Language) -> Iterator[Node]:
    y = whole.y + round(whole.h * 0.2)
    for metres in sorted({*DISTANCES, wall.screen.distance_m, *map(wall.distance_of, wall.view)}):
        em = least_em(whole.size, wall.screen, metres)
        said = [language.text(name, n=_written(metres, language)) for name in ("testcard.read", "testcard.from")]
        wide = round(whole.w * 0.84)
        words = next((words for words in said if width(words, em) <= wide), said[-1])
        high = round(1.15 * em)
        if y + high > whole.h * 0.78:
            break
        rect = pygame.Rect(whole.x + round(whole.w * 0.08), y, wide, high)
        yield Node(f"sample/{metres:g}", rect, SampleLook(words, em), "text", words)
        y += high


def _written(value: float, language: Language) -> str:
    """`8`, `1.5`."""
    return language.number(value, 0 if value == round(value) else 1)


def _patches(whole: pygame.Rect, theme: ThemeName) -> Iterator[Node]:
    colours = THEMES[theme]
    greys: list[Colour] = [(level, level, level) for level in (0, 8, 16, 32, 64, 128, 192, 235, 255)]
    shown: list[Colour] = [*greys, *colours.signal, *colours.hues, colours.good]
    left, wide = whole.x + round(whole.w * 0.08), round(whole.w * 0.84)
    for i, colour in enumerate(shown):
        x0, x1 = left + wide * i // len(shown), left + wide * (i + 1) // len(shown)
        rect = pygame.Rect(x0, whole.y + round(whole.h * 0.8), x1 - x0, round(whole.h * 0.06))
        yield Node(f"patch/{i}", rect, PatchLook(colour), "image")


def _motion(whole: pygame.Rect, theme: ThemeName, seconds: float) -> Iterator[Node]:
    left, wide = whole.x + round(whole.w * 0.08), round(whole.w * 0.84)
    share = seconds / _SWEEP % 2
    share = share if share <= 1 else 2 - share
    side = max(4, round(whole.h * 0.04))
    rect = pygame.Rect(left + round((wide - side) * share), whole.y + round(whole.h * 0.88), side, side)
    yield Node("motion", rect, PatchLook(THEMES[theme].headline), "image")


class TestCard:
    """The card in the place of a wall."""

    def __init__(self, wall: Wall, language: Language, theme: ThemeName, clock: WallClock | None = None) -> None:
        self._wall, self._language, self._theme = wall, language, theme
        self._clock = clock or WallClock()
        self._art, self._compositor = Art(THEMES[theme]), Compositor()

    def begin(self) -> None:
        """Nothing is followed."""

    def frame(self, surface: pygame.Surface, seconds: float) -> list[pygame.Rect]:  # noqa: ARG002
        tree = card_tree(surface.get_size(), self._wall, self._language, self._theme, self._clock.seconds())
        return self._compositor.paint(surface, tree, self._art)

    def spare(self, seconds: float) -> None:
        """Nothing comes next."""

    def forget(self) -> None:
        self._compositor.forget()

    def stop(self) -> None:
        """Nothing goes on."""
