"""Rows of a panel: sentences in several lines, buttons beside each other, and rows of a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pygame

from factoryview.scene.text import Weight, cut, fit, put, render, stamp, width, words_of
from factoryview.scene.theme import Theme
from factoryview.scene.ui.look import Canvas, Look

_CAPITALS_MIDDLE = 0.54
_CELL = 25
"""Em in u."""
_SMALLEST, _SMALLEST_WORDS, _USUAL_WORDS = 0.6, 0.72, 0.88
"""Shares of the em down to which a number is written smaller before it is left out, and words before they are cut; in a
table of which some are longer, the others are so large."""
_GAP = 10
"""u between the cells of a row."""


def wrapped(text: str, room: int, size: int, weight: Weight = "Medium") -> tuple[str, ...]:
    """A text in lines of at most `room` pixels; a word that is longer has a line of its own."""
    lines: list[str] = []
    for word in words_of(text):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, weight) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


@dataclass(frozen=True)
class Lines(Look):
    """Lines below one another, each as high as the rect is for all of them."""

    lines: tuple[str, ...]
    size: int
    """Em in pixels."""
    ink: str = "text"
    """Name of the theme's colour; `red`, `amber` and `known` are those of words about a level."""
    weight: Weight = "Medium"

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        for k, words in enumerate(self.lines):
            line = render(words, self.size, _ink(on.art.theme, self.ink), self.weight)
            middle = rect.y + rect.h * (2 * k + 1) // (2 * len(self.lines))
            stamp(on.surface, line, (rect.x, round(middle - _CAPITALS_MIDDLE * line.get_height())))


@dataclass(frozen=True)
class Press(Look):
    """A button that does something at once; pale where it cannot."""

    words: str
    u: float
    pale: bool = False

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, radius, size = on.art.theme, round(8 * self.u), max(4, round(25 * self.u))
        pygame.draw.rect(on.surface, theme.banner, rect, border_radius=radius)
        edge = theme.panel_edge if self.pale else theme.ghost
        pygame.draw.rect(on.surface, edge, rect, max(1, round(2 * self.u)), border_radius=radius)
        ink = theme.text_muted if self.pale else theme.headline
        inner = rect.inflate(-2 * round(8 * self.u), -2 * round(3 * self.u))
        put(on.surface, self.words, inner, ink, largest=size, smallest=round(0.6 * size), weight="Medium")


@dataclass(frozen=True)
class TableRow(Look):
    """Cells of a table: the first from the left, the others to the right edge of their column."""

    cells: tuple[str, ...]
    shares: tuple[float, ...]
    """Of the width, for each cell."""
    u: float
    inks: tuple[str, ...] = ()
    """Of each cell; absent: the first is muted, the others stand out."""
    chosen: bool = False
    words: int = 1
    """So many cells begin at the left, and are cut where they do not fit."""
    sizes: tuple[int, ...] = ()
    """The largest em of each cell in pixels, as `alike` finds them; absent, each is as large as fits."""

    def rooms(self, rect: pygame.Rect) -> Iterator[pygame.Rect]:
        """Where each cell is written."""
        gap, x = round(_GAP * self.u), float(rect.x)
        for k, share in enumerate(self.shares):
            wide, left = share * rect.w, k < self.words
            room = pygame.Rect(round(x) + (gap // 2 if left else gap), rect.y, max(1, round(wide) - gap), rect.h)
            room.w -= gap // 2 if self.chosen and k == len(self.cells) - 1 else 0
            yield room
            x += wide

    def fitting(self, rect: pygame.Rect) -> tuple[int, ...]:
        """The em in which each cell fits, the least of its kind where none does."""
        largest, found = max(4, round(_CELL * self.u)), []
        for k, (cell, room) in enumerate(zip(self.cells, self.rooms(rect), strict=True)):
            least = round((_SMALLEST_WORDS if k < self.words else _SMALLEST) * largest)
            size = fit(cell, room.size, largest, least, "Medium" if k < self.words else "SemiBold") if cell else largest
            found.append(least if size is None else size)
        return tuple(found)

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, em = on.art.theme, max(4, round(_CELL * self.u))
        if self.chosen:
            pygame.draw.rect(on.surface, theme.banner, rect, border_radius=round(6 * self.u))
            line = max(1, round(2 * self.u))
            pygame.draw.rect(on.surface, theme.ghost, rect, line, border_radius=round(6 * self.u))
        inks = self.inks or ("text_muted", *["headline"] * (len(self.cells) - 1))
        for k, (cell, room) in enumerate(zip(self.cells, self.rooms(rect), strict=True)):
            left, largest = k < self.words, self.sizes[k] if self.sizes else em
            smallest = min(round((_SMALLEST_WORDS if left else _SMALLEST) * em), largest)
            too_long = left and width(cell, smallest, "Medium") > room.w
            words = cut(cell, room.w, smallest) if too_long else cell
            put(on.surface, words, room, _ink(theme, inks[k]), largest=largest, smallest=smallest,
                weight="Medium" if left else "SemiBold", align="left" if left else "right")  # fmt: skip


def alike(rows: Sequence[TableRow], wide: int, high: int) -> list[TableRow]:
    """The rows of one table, each column in one size: that of the cell that fits the least. wide, high: of a row.

    Words that are too long for it are smaller still, down to where they are cut.
    """
    if not rows:
        return []
    found = np.array([row.fitting(pygame.Rect(0, 0, wide, high)) for row in rows]).min(axis=0)
    words = rows[0].words
    found[:words] = np.maximum(found[:words], round(_USUAL_WORDS * _CELL * rows[0].u))
    return [replace(row, sizes=tuple(found.tolist())) for row in rows]


def _ink(theme: Theme, name: str) -> tuple[int, int, int]:
    found: tuple[int, int, int] = (
        getattr(theme.signal_text, name) if name in ("red", "amber", "known") else getattr(theme, name)
    )
    return found
