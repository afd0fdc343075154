"""What lies over a plant for a while: dialogs with rows and an entry, notices, and the ring around what the keyboard
would press.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pygame

from factoryview.scene.chrome.rows import wrapped
from factoryview.scene.text import put, width
from factoryview.scene.ui.composition import Composition
from factoryview.scene.ui.look import Canvas, Look
from factoryview.scene.ui.node import Action, Node

_ROW, _ENTRY, _PAD = 4.0, 6.4, 2.0
"""Heights of rows and of the entry, and the rim, in units."""
_SENTENCE, _APART = 2.6, 3.2
"""Letters of a sentence, and from one line of it to the next, in units."""
_ALONG = 0.55
"""Of the screen's width that a line of a sentence takes at most."""


@dataclass(frozen=True)
class Row:
    """A line of a dialog: what it says, what stands before or behind it, and what choosing it does."""

    name: str
    words: str
    key: str = ""
    action: Action | None = None
    chosen: bool = False


def table_dialog(
    name: str, title: str, rows: Sequence[Row], composition: Composition, columns: int
) -> tuple[Node, ...]:
    """Rows in columns under a title, keys before words; a press beside the dialog closes it."""
    u = composition.unit
    deep = -(-len(rows) // columns)
    box = _box(composition, 66.0 * columns, _ENTRY + _ROW * deep + 2 * _PAD)
    inner = box.inflate(-2 * round(_PAD * u), -2 * round(_PAD * u))
    head, row = round(_ENTRY * u), min(round(_ROW * u), max(1, (inner.h - round(_ENTRY * u)) // max(1, deep)))
    parts = [
        Node(
            f"{name}/title", pygame.Rect(inner.x, inner.y, inner.w, head), Words(title, 4.0 * u, "left"), "text", title
        )
    ]
    for k, line in enumerate(rows):
        column, at = divmod(k, deep)
        wide = inner.w // columns
        rect = pygame.Rect(inner.x + column * wide, inner.y + head + at * row, wide, row)
        parts.append(_row(name, line, rect, Keyed(line.key, line.words, u), "item"))
    return _dialog(name, title, box, tuple(parts), composition)


def entry_dialog(name: str, title: str, typed: str, rows: Sequence[Row], composition: Composition) -> tuple[Node, ...]:
    """An entry with rows under it, of which one is chosen; a press beside the dialog closes it."""
    u = composition.unit
    box = _box(composition, 70.0, _ENTRY + _ROW * max(1, len(rows)) + 2 * _PAD)
    inner = box.inflate(-2 * round(_PAD * u), -2 * round(_PAD * u))
    head = round(_ENTRY * u)
    entry = pygame.Rect(inner.x, inner.y, inner.w, round(0.8 * head))
    parts = [Node(f"{name}/entry", entry, Entry(typed, title, u), "entry", typed)]
    for k, line in enumerate(rows):
        rect = pygame.Rect(inner.x, inner.y + head + k * round(_ROW * u), inner.w, round(_ROW * u))
        parts.append(_row(name, line, rect, Choice(line.words, line.key, line.chosen, u), "button"))
    return _dialog(name, title, box, tuple(parts), composition)


def notice_node(words: str, composition: Composition) -> Node:
    """A sentence that is gone after a while, above what stands at the foot."""
    floor = composition.floor
    foot = (floor.x + floor.w // 2, floor.bottom - round(composition.unit))
    return _sentence("notice", words, foot, composition)


def tip_node(words: str, about: pygame.Rect, composition: Composition) -> Node:
    """What is said of something while the pointer is on it, above it."""
    return _sentence("tip", words, (about.centerx, about.top - round(composition.unit / 2)), composition)


def _sentence(name: str, words: str, foot: tuple[int, int], composition: Composition) -> Node:
    """A box with a sentence that stands on a pixel, but inside the screen; a long one has several lines."""
    u, whole = composition.unit, composition.rect
    size = max(1, round(_SENTENCE * u))
    lines = wrapped(words, min(whole.w - round(8 * u), max(round(_ALONG * whole.w), round(60 * u))), size)
    lines = lines or (words,)
    wide = min(whole.w, max(width(line, size, "Medium") for line in lines) + round(6 * u))
    rect = pygame.Rect(0, 0, wide, min(whole.h, round((6 + _APART * (len(lines) - 1)) * u)))
    rect.midbottom = foot
    return Node(name, rect.clamp(whole), Notice(lines, u), "status", words)


def focus_node(around: pygame.Rect, composition: Composition) -> Node:
    """A ring around what Enter would press."""
    line = max(2, round(composition.unit / 3))
    return Node("focus", around.inflate(2 * line, 2 * line), Outline(line), "image")


def _box(composition: Composition, wide: float, high: float) -> pygame.Rect:
    """A box in the middle, of so many units, but no larger than the screen."""
    whole, u = composition.rect, composition.unit
    box = pygame.Rect(0, 0, min(round(wide * u), round(0.96 * whole.w)), min(round(high * u), round(0.96 * whole.h)))
    box.center = whole.center
    return box


def _dialog(
    name: str, title: str, box: pygame.Rect, parts: tuple[Node, ...], composition: Composition
) -> tuple[Node, ...]:
    beside = Node(f"{name}/beside", composition.rect, None, "button", "", Action("close"))
    line = max(1, round(composition.unit / 4))
    return beside, Node(name, box, Box(line, round(1.5 * composition.unit)), "dialog", title, None, parts)


def _row(name: str, line: Row, rect: pygame.Rect, look: Look, role: str) -> Node:
    return Node(f"{name}/{line.name}", rect, look, role, line.words, line.action)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Box(Look):
    """The ground of a dialog."""

    line: int
    radius: int

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme = on.art.theme
        pygame.draw.rect(on.surface, theme.panel, rect, border_radius=self.radius)
        pygame.draw.rect(on.surface, theme.text_muted, rect, self.line, border_radius=self.radius)


@dataclass(frozen=True)
class Words(Look):
    """A title."""

    words: str
    size: float
    align: str

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        ink = on.art.theme.headline
        put(on.surface, self.words, rect, ink, largest=max(1, round(self.size)), weight="Bold", align=self.align)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Keyed(Look):
    """Keys in a column, what they do beside it."""

    keys: str
    words: str
    unit: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, largest = on.art.theme, max(1, round(2.6 * self.unit))
        keys = pygame.Rect(rect.x, rect.y, round(0.32 * rect.w), rect.h)
        words = pygame.Rect(keys.right, rect.y, rect.right - keys.right, rect.h)
        put(on.surface, self.keys, keys.inflate(-round(self.unit), 0), theme.headline, largest=largest, align="left")
        put(on.surface, self.words, words, theme.text, largest=largest, weight="Medium", align="left")


@dataclass(frozen=True)
class Entry(Look):
    """What was typed, with a cursor; before that, what may be typed."""

    typed: str
    hint: str
    unit: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, u = on.art.theme, self.unit
        pygame.draw.rect(on.surface, theme.floor, rect, border_radius=round(u))
        inner, largest = rect.inflate(-round(2 * u), 0), max(1, round(3.2 * u))
        ink = theme.headline if self.typed else theme.text_muted
        put(on.surface, self.typed or self.hint, inner, ink, largest=largest, weight="Medium", align="left")
        x = inner.x + (min(inner.w, width(self.typed, largest, "Medium")) if self.typed else 0)
        on.surface.fill(theme.headline, (x, inner.centery - round(1.6 * u), max(1, round(u / 4)), round(3.2 * u)))


@dataclass(frozen=True)
class Choice(Look):
    """Something that can be chosen, with its key at the right."""

    words: str
    key: str
    chosen: bool
    unit: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, u, largest = on.art.theme, self.unit, max(1, round(2.6 * self.unit))
        if self.chosen:
            pygame.draw.rect(on.surface, theme.panel_edge, rect, border_radius=round(0.8 * u))
        inner = rect.inflate(-round(2 * u), 0)
        words = pygame.Rect(inner.x, inner.y, round(0.74 * inner.w), inner.h)
        keys = pygame.Rect(words.right, inner.y, inner.right - words.right, inner.h)
        ink = theme.headline if self.chosen else theme.text
        put(on.surface, self.words, words, ink, largest=largest, weight="Medium", align="left")
        put(on.surface, self.key, keys, theme.text_muted, largest=largest, weight="Medium", align="right")


@dataclass(frozen=True)
class Notice(Look):
    """A sentence in a box, line by line."""

    lines: tuple[str, ...]
    unit: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, u = on.art.theme, self.unit
        pygame.draw.rect(on.surface, theme.panel, rect, border_radius=round(u))
        pygame.draw.rect(on.surface, theme.text_muted, rect, max(1, round(u / 6)), border_radius=round(u))
        inner = rect.inflate(-round(3 * u), 0)
        high = rect.h - _APART * u * (len(self.lines) - 1)
        for k, line in enumerate(self.lines):
            row = pygame.Rect(inner.x, rect.y + round(k * _APART * u), inner.w, round(high))
            put(on.surface, line, row, theme.headline, largest=max(1, round(_SENTENCE * u)), weight="Medium")


def sides(rect: pygame.Rect, line: int) -> tuple[pygame.Rect, ...]:
    """The four sides of a frame of so many pixels inside a rectangle."""
    return (
        pygame.Rect(rect.x, rect.y, rect.w, line),
        pygame.Rect(rect.x, rect.bottom - line, rect.w, line),
        pygame.Rect(rect.x, rect.y, line, rect.h),
        pygame.Rect(rect.right - line, rect.y, line, rect.h),
    )


@dataclass(frozen=True)
class Dashes(Look):
    """A dashed frame in a colour of the theme; pixels of the line and of a dash."""

    ink: Literal["work", "ghost"]
    line: int
    dash: int

    def places(self, rect: pygame.Rect) -> Sequence[pygame.Rect]:
        return sides(rect, self.line)

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        ink = on.art.theme.ghost if self.ink == "ghost" else on.art.theme.work
        for side in self.places(rect):
            along = side.w > side.h
            length = side.w if along else side.h
            count = max(1, round(length / (2 * self.dash)))
            for k in range(count):
                begin, end = length * k // count, length * k // count + self.dash
                box = (side.x + begin, side.y, end - begin, self.line) if along else (
                    side.x, side.y + begin, self.line, end - begin)  # fmt: skip
                on.surface.fill(ink, pygame.Rect(box).clip(side))


@dataclass(frozen=True)
class Outline(Look):
    """A frame of some pixels."""

    line: int

    def places(self, rect: pygame.Rect) -> Sequence[pygame.Rect]:
        return sides(rect, self.line)

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        for place in self.places(rect):
            on.surface.fill(on.art.theme.headline, place)
