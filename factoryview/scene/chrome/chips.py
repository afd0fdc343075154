"""The filters that hold, in sight above the floor: a chip for each, with × to take it away, and how many cases fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pygame

from factoryview.scene.art.crates import crate
from factoryview.scene.chrome.panel import Panel
from factoryview.scene.text import cut, render, stamp, width
from factoryview.scene.ui.look import Canvas, Look
from factoryview.scene.ui.node import Action, Node

_SIZE, _HIGH, _PAD, _GAP = 26, 42, 18, 10
"""Em, height, rim and distance of chips, in u."""
_CAPITALS_MIDDLE = 0.54


def filters_node(chips: Sequence[tuple[str, str, Action]], count: str, row: pygame.Rect, u: float) -> Node:
    """The row of filters. chips: words, what a press does in words, and the action. count: how many cases fit."""
    return Node("filters", row, Panel(), "list", count, None, tuple(_parts(chips, count, row, u)))


def lens_node(title: str, meaning: str, hues: Sequence[tuple[int, str]], row: pygame.Rect, u: float) -> Node:
    """The row of what the hues mean. title: the lens; meaning: what a press on it does; hues: number and words."""
    size, high, pad, gap = max(4, round(_SIZE * u)), round(_HIGH * u), round(_PAD * u), round(_GAP * u)
    inside = row.inflate(-2 * round(24 * u), 0)
    y = row.y + (row.h - high) // 2
    head = pygame.Rect(inside.x, y, min(inside.w // 3, width(title, size) + 2 * pad + round(1.2 * size)), high)
    parts = [Node("lens/name", head, Chip(title, u), "button", meaning, Action("lens", ("channel",)))]
    x, room = head.right + gap, max(1, (inside.right - head.right) // max(1, len(hues)) - gap)
    for hue, words in hues:
        box = pygame.Rect(x, y, min(room, width(words, size) + high + pad), high)
        parts.append(Node(f"lens/{hue}", box, Swatch(hue, words, u), "text", words))
        x = box.right + gap
    return Node("lens", row, Panel(), "list", title, None, tuple(parts))


def future_node(words: str, meaning: str, beside: str, row: pygame.Rect, u: float) -> Node:
    """The row that says that a simulated future is shown. meaning: what a press does; beside: what is to be known."""
    size, high, pad, gap = max(4, round(_SIZE * u)), round(_HIGH * u), round(_PAD * u), round(_GAP * u)
    inside = row.inflate(-2 * round(24 * u), 0)
    y = row.y + (row.h - high) // 2
    chip = pygame.Rect(inside.x, y, min(inside.w, width(words, size) + 2 * pad + round(1.2 * size)), high)
    rest = pygame.Rect(chip.right + gap, y, max(1, inside.right - chip.right - gap), high)
    parts = (
        Node("future/chip", chip, Chip(words, u, ghost=True), "button", meaning, Action("future")),
        Node("future/beside", rest, Chip(beside, u, plain=True, ghost=True), "status", beside),
    )
    return Node("future", row, Panel(), "list", words, None, parts)


def _parts(chips: Sequence[tuple[str, str, Action]], count: str, row: pygame.Rect, u: float) -> Iterator[Node]:
    """Chips from the left, cut where they find no room, and after them the count."""
    size, high, pad, gap = max(4, round(_SIZE * u)), round(_HIGH * u), round(_PAD * u), round(_GAP * u)
    inside = row.inflate(-2 * round(24 * u), 0)
    wide = width(count, size) + pad
    room = max(1, (inside.w - wide) // len(chips) - gap)
    x, y = inside.x, row.y + (row.h - high) // 2
    for k, (words, meaning, action) in enumerate(chips):
        box = pygame.Rect(x, y, min(room, width(words, size) + 2 * pad + round(1.2 * size)), high)
        yield Node(f"filter/{k}", box, Chip(words, u), "button", meaning, action)
        x = box.right + gap
    yield Node("filters/count", pygame.Rect(x, y, wide, high), Chip(count, u, plain=True), "status", count)


@dataclass(frozen=True)
class Chip(Look):
    """A filter; plain: only words on the same ground."""

    words: str
    u: float
    plain: bool = False
    ghost: bool = False
    """It says of what is shown that it has not happened."""

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, radius, size = on.art.theme, rect.h // 2, max(4, round(_SIZE * self.u))
        inner = rect.inflate(-round(_PAD * self.u) * (1 if self.plain else 2), 0)
        if self.plain:
            line = render(cut(self.words, inner.w, size), size, theme.ghost if self.ghost else theme.work)
            stamp(on.surface, line, (inner.x, round(rect.centery - _CAPITALS_MIDDLE * line.get_height())))
            return
        edge = theme.ghost if self.ghost else theme.work
        pygame.draw.rect(on.surface, edge, rect, max(1, round(2 * self.u)), border_radius=radius)
        sign = render("×", size, theme.text_muted)
        line = render(cut(self.words, inner.w - 2 * sign.get_width(), size), size, theme.headline)
        for part, x in ((line, inner.x), (sign, inner.right - sign.get_width())):
            stamp(on.surface, part, (x, round(rect.centery - _CAPITALS_MIDDLE * part.get_height())))


@dataclass(frozen=True)
class Swatch(Look):
    """A crate of a hue, and what that says."""

    hue: int
    words: str
    u: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, size = on.art.theme, max(4, round(_SIZE * self.u))
        side = round(0.62 * rect.h)
        on.surface.blit(crate(side, theme.hue(self.hue), theme.banner), (rect.x, rect.centery - side // 2))
        left = rect.x + side + round(8 * self.u)
        line = render(cut(self.words, max(1, rect.right - left), size), size, theme.text)
        stamp(on.surface, line, (left, round(rect.centery - _CAPITALS_MIDDLE * line.get_height())))
