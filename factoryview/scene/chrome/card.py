"""What is said of a thing while the pointer is on it: a card of rows beside it; and the ring around what is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pygame

from factoryview.scene.chrome.dialog import Dashes
from factoryview.scene.text import leave_out, render, stamp, width
from factoryview.scene.ui.composition import Composition
from factoryview.scene.ui.look import Canvas, Look
from factoryview.scene.ui.node import Node

_TITLE, _SIZE = 30, 26
"""Em in u."""
_HEAD, _ROW, _PAD, _GAP, _COLUMNS = 46, 37, 20, 18, 40
"""Height of the title and of a row, rim, room between a label and its value, and between columns, in u."""
_CAPITALS_MIDDLE = 0.54
"""Where the middle of capitals lies in a line, from its top, as a share of the line's height."""


@dataclass(frozen=True)
class CardRow:
    """One number: what it is, and how it is written."""

    name: str
    """The last part of its node's id."""
    label: str
    value: str
    loud: bool = False
    """It is beyond what is wanted."""


@dataclass(frozen=True)
class Card:
    """A title with what stands beside it, and rows in columns, from the top of the first to the foot of the last."""

    title: str
    beside: str = ""
    rows: tuple[CardRow, ...] = ()
    columns: int = 2

    @property
    def deep(self) -> int:
        """Rows of the longest column."""
        return -(-len(self.rows) // self.columns)

    def words(self) -> str:
        """All it says, in one line."""
        return " · ".join([f"{self.title} {self.beside}".strip(), *(f"{row.label}: {row.value}" for row in self.rows)])


def card_node(card: Card, about: pygame.Rect, inside: pygame.Rect, u: float, avoid: Iterable[pygame.Rect]) -> Node:
    """The card beside a rectangle, where it covers least of it and of others.

    inside: where it must stand. avoid: what it should rather not cover.
    """
    look = CardLook(card, u)
    size = look.size(inside.w)
    others = list(avoid)
    places = [place for place in _places(about, size, round(10 * u)) if inside.contains(place)]
    places = places or [place.clamp(inside) for place in _places(about, size, round(10 * u))]
    box = min(places, key=lambda place: (_area(place.clip(about)), sum(_area(place.clip(other)) for other in others)))
    return Node("card", box, look, "tip", card.words(), None, tuple(look.nodes(box)))


def _places(about: pygame.Rect, size: tuple[int, int], gap: int) -> Sequence[pygame.Rect]:
    """Right, left, above and below, in the order of preference."""
    right, left, above, below = (pygame.Rect((0, 0), size) for _ in range(4))
    right.midleft = (about.right + gap, about.centery)
    left.midright = (about.left - gap, about.centery)
    above.midbottom = (about.centerx, about.top - gap)
    below.midtop = (about.centerx, about.bottom + gap)
    return [place.move(x, y) for place in (right, left, above, below) for x, y in _shifts(place)]


def _shifts(place: pygame.Rect) -> Sequence[tuple[int, int]]:
    return (0, 0), (0, -place.h // 2), (0, place.h // 2), (-place.w // 2, 0), (place.w // 2, 0)


def _area(rect: pygame.Rect) -> int:
    return rect.w * rect.h


@dataclass(frozen=True)
class CardLook(Look):
    """A card as it is written."""

    card: Card
    u: float

    def size(self, most: int) -> tuple[int, int]:
        """Pixels it needs, no wider than `most`."""
        pad, gap, card = 2 * self._of(_PAD), self._of(_COLUMNS), self.card
        columns = [sum(self._widths(column)) + self._of(_GAP) for column in self._columns()]
        title = width(card.title, self._of(_TITLE), "Bold")
        title += (self._of(_COLUMNS) + width(card.beside, self._of(_SIZE), "SemiBold")) if card.beside else 0
        wide = max(title, sum(columns) + gap * max(0, len(columns) - 1))
        rows = self._of(_ROW) * card.deep
        return min(most, wide + pad), self._of(_HEAD) + rows + self._of(_PAD)

    def nodes(self, rect: pygame.Rect) -> Iterable[Node]:
        """What it says, for whoever cannot see it."""
        yield Node("card/title", rect, None, "text", self.card.title)
        if self.card.beside:
            yield Node("card/beside", rect, None, "text", self.card.beside)
        for row, box in self._boxes(rect):
            yield Node(f"card/{row.name}", box, None, "text", row.value)

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, card, radius = on.art.theme, self.card, self._of(10)
        pygame.draw.rect(on.surface, theme.panel, rect, border_radius=radius)
        pygame.draw.rect(on.surface, theme.text_muted, rect, max(1, self._of(1.5)), border_radius=radius)
        pad = self._of(_PAD)
        head = pygame.Rect(rect.x + pad, rect.y + self._of(4), rect.w - 2 * pad, self._of(_HEAD))
        title = render(card.title, self._of(_TITLE), theme.headline, "Bold")
        _at(on, title, head.x, head)
        if card.beside:
            beside = render(card.beside, self._of(_SIZE), theme.text, "SemiBold")
            if title.get_width() + beside.get_width() + self._of(_GAP) <= head.w:
                _at(on, beside, head.right - beside.get_width(), head)
            else:
                leave_out(card.beside, head)
        for row, box in self._boxes(rect):
            RowLook(row, self.u).paint(on, box)

    def _boxes(self, rect: pygame.Rect) -> Iterable[tuple[CardRow, pygame.Rect]]:
        pad, x = self._of(_PAD), rect.x + self._of(_PAD)
        columns = self._columns()
        own = [sum(self._widths(column)) + self._of(_GAP) for column in columns]
        spare = rect.w - 2 * pad - sum(own) - self._of(_COLUMNS) * max(0, len(own) - 1)
        for column, wide in zip(columns, own, strict=True):
            wide += spare // len(columns)
            for k, row in enumerate(column):
                y = rect.y + self._of(_HEAD) + k * self._of(_ROW)
                yield row, pygame.Rect(x, y, wide, self._of(_ROW))
            x += wide + self._of(_COLUMNS)

    def _columns(self) -> list[tuple[CardRow, ...]]:
        deep = self.card.deep
        return [self.card.rows[k : k + deep] for k in range(0, len(self.card.rows), deep)] if deep else []

    def _widths(self, column: Sequence[CardRow]) -> tuple[int, int]:
        size = self._of(_SIZE)
        return max(width(row.label, size, "Medium") for row in column), max(width(row.value, size) for row in column)

    def _of(self, length: float) -> int:
        return max(1, round(length * self.u))


@dataclass(frozen=True)
class RowLook(Look):
    """A label at the left and its value at the right."""

    row: CardRow
    u: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, row, largest = on.art.theme, self.row, max(1, round(_SIZE * self.u))
        gap = round(8 * self.u)
        size = largest
        while size > 4 and width(row.label, size, "Medium") + gap + width(row.value, size) > rect.w:
            size -= 1
        _at(on, render(row.label, size, theme.text_muted, "Medium"), rect.x, rect)
        value = render(row.value, size, theme.signal_text.red if row.loud else theme.headline, "SemiBold")
        _at(on, value, rect.right - value.get_width(), rect)


def _at(on: Canvas, line: pygame.Surface, x: int, box: pygame.Rect) -> None:
    """A line in the middle of a box's height."""
    stamp(on.surface, line, (x, round(box.centery - _CAPITALS_MIDDLE * line.get_height())))


def ring_node(around: pygame.Rect, composition: Composition, name: str = "chosen") -> Node:
    """A dashed ring around what is chosen. name: the id of its node."""
    line = max(2, round(3.5 * composition.u))
    rim = line + round(5 * composition.u)
    return Node(
        name, around.inflate(2 * rim, 2 * rim), Dashes("work", line, max(4, round(14 * composition.u))), "image"
    )
