"""A panel beside the floor that says one thing in rows: a step of a meeting, or what is different of two spans."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pygame

from factoryview.scene.chrome.dialog import Entry
from factoryview.scene.chrome.panel import Edge, Panel
from factoryview.scene.chrome.tabs import HeadLine
from factoryview.scene.text import lines_for, render, stamp
from factoryview.scene.ui.composition import Composition
from factoryview.scene.ui.look import Canvas, Look
from factoryview.scene.ui.node import Action, Node

_RIM, _HEAD, _HINT, _ENTRY, _BUTTON = 22, 58, 26, 60, 62
"""u."""
_TEXT, _QUIET, _LEAST = 30, 24, 25
"""Em of the words, of what belongs to them, and the least, in u."""
_GAP, _STEP = 12, 1.16
_ROWS, _MORE = 4, 8
"""Lines of a row at most, and of what belongs to it."""


CodeNodes = Callable[[pygame.Rect], Sequence[Node]]


@dataclass(frozen=True)
class Item:
    """A row: words, what belongs to them, and a sign at its right."""

    name: str
    words: str
    more: str = ""
    sign: str = ""
    chosen: bool = False
    action: Action | None = None


@dataclass(frozen=True)
class Board:
    """All that the panel says."""

    title: str
    clock: str
    hint: str
    items: tuple[Item, ...]
    none: str = ""
    """What is said where there is no item."""
    entry: tuple[str, str] | None = None
    """What was typed, and what may be."""
    buttons: tuple[tuple[str, str, Action], ...] = ()
    """Name, words and what each does."""
    hint_lines: int = _ROWS
    """Of the hint, at most."""


def board_node(board: Board, composition: Composition, code: CodeNodes | None = None) -> Node:
    """The whole panel. code: makes the card with the code of the phone page, in the lower right of a room."""
    box, u = composition.panel, composition.u
    edge = pygame.Rect(box.x, box.y, max(1, round(1.5 * u)), box.h)
    parts = (Node("meeting/edge", edge, Edge(), "image"), *_parts(board, box.inflate(-2 * round(_RIM * u), 0), u, code))
    return Node("meeting", box, Panel(), "list", board.title, None, parts)


def _parts(board: Board, inner: pygame.Rect, u: float, code: CodeNodes | None) -> Iterator[Node]:
    head = pygame.Rect(inner.x, inner.y + round(8 * u), inner.w, round(_HEAD * u))
    wide = round(0.2 * head.w) if board.clock else 0
    yield Node("meeting/title", pygame.Rect(head.x, head.y, head.w - wide, head.h), HeadLine(board.title, 40, u),
               "text", board.title)  # fmt: skip
    if board.clock:
        rect = pygame.Rect(head.right - wide, head.y, wide, head.h)
        yield Node("meeting/clock", rect, HeadLine(board.clock, 40, u, right=True), "status", board.clock)
    hint = _wrapped(board.hint, inner.w, _HINT * u, board.hint_lines)
    top = head.bottom + round(4 * u)
    rect = pygame.Rect(inner.x, top, inner.w, round(_HINT * u * _STEP * len(hint)))
    yield Node("meeting/hint", rect, Lines(tuple(hint), round(_HINT * u), "text_muted"), "text", board.hint)
    low = inner.bottom - round(_GAP * u)
    if board.buttons:
        low -= round(_BUTTON * u)
        share = (inner.w + round(_GAP * u)) // len(board.buttons)
        for k, (name, words, action) in enumerate(board.buttons):
            place = pygame.Rect(inner.x + k * share, low, share - round(_GAP * u), round(_BUTTON * u))
            yield Node(f"meeting/{name}", place, Button(words, u), "button", words, action)
        low -= round(_GAP * u)
    if board.entry is not None:
        low -= round(_ENTRY * u)
        place = pygame.Rect(inner.x, low, inner.w, round(_ENTRY * u))
        yield Node("meeting/entry", place, Entry(board.entry[0], board.entry[1], 8.4 * u), "entry", board.entry[0])
        low -= round(_GAP * u)
    top = rect.bottom + round(_GAP * u)
    if code is not None:
        cards = code(pygame.Rect(inner.x, top, inner.w, max(0, low - top)))
        yield from cards
        low = min([low, *(card.rect.top for card in cards)]) - round(_GAP * u)
    yield from _rows(board, pygame.Rect(inner.x, top, inner.w, max(0, low - top)), u)


def _rows(board: Board, room: pygame.Rect, u: float) -> Iterator[Node]:
    """The rows around the chosen one, in a size in which as many as can be find room."""
    items = board.items or ((Item("none", board.none),) if board.none else ())
    sizes = range(round(_TEXT * u), max(4, round(_LEAST * u)) - 1, -1)
    pad = round(10 * u)
    for size in sizes:
        looks = [_look(item, room.w, size, u) for item in items]
        heights = [look.high + pad for look in looks]
        if sum(heights) <= room.h or size == sizes[-1]:
            break
    begin = _begin(board.items, heights, room.h)
    top = room.y
    for item, look, high in list(zip(items, looks, heights, strict=True))[begin:]:
        if top + high > room.bottom:
            return
        rect = pygame.Rect(room.x, top, room.w, high)
        said = " · ".join(part for part in (item.words, item.more, item.sign) if part)
        yield Node(f"meeting/item/{item.name}", rect, look, "button" if item.action else "item", said, item.action)
        top += high


def _begin(items: Sequence[Item], heights: Sequence[int], room: int) -> int:
    """The first row that is shown, so that the chosen one is."""
    at = next((k for k, item in enumerate(items) if item.chosen), 0)
    begin = 0
    while begin < at and sum(heights[begin : at + 1]) > room:
        begin += 1
    return begin


def _look(item: Item, wide: int, size: int, u: float) -> RowLook:
    quiet = max(4, round(size * _QUIET / _TEXT))
    inner = wide - round(28 * u) - (round(56 * u) if item.sign else 0)
    words, more = (
        _wrapped(item.words, inner, size, _ROWS),
        _wrapped(item.more, inner, quiet, _MORE) if item.more else [],
    )
    return RowLook(tuple(words), tuple(more), item.sign, item.chosen, size, quiet, round(14 * u))


def _wrapped(text: str, room: int, size: float, rows: int) -> list[str]:
    em = max(4, round(size))
    for count in range(1, rows + 1):
        found = lines_for(text, room, em, count, "Medium")
        if found is not None:
            return found
    words = text.split()
    while len(words) > 1:
        words.pop()
        found = lines_for(" ".join(words) + " …", room, em, rows, "Medium")
        if found is not None:
            return found
    return [text[: max(1, round(room / em))]]


@dataclass(frozen=True)
class RowLook(Look):
    """A row with its lines."""

    words: tuple[str, ...]
    more: tuple[str, ...]
    sign: str
    chosen: bool
    size: int
    quiet: int
    rim: int

    @property
    def high(self) -> int:
        """Pixels that its lines need."""
        return round(_STEP * (self.size * len(self.words) + self.quiet * len(self.more))) + self.rim // 2

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme = on.art.theme
        if self.chosen:
            pygame.draw.rect(on.surface, theme.panel_edge, rect.inflate(0, -4), border_radius=self.rim // 2)
        top = rect.y + self.rim // 2
        for lines, size, ink in ((self.words, self.size, theme.text), (self.more, self.quiet, theme.text_muted)):
            for line in lines:
                stamp(on.surface, render(line, size, ink, "Medium"), (rect.x + self.rim, top))
                top += round(_STEP * size)
        if self.sign:
            sign = render(self.sign, self.size, theme.work, "Bold")
            stamp(on.surface, sign, (rect.right - self.rim - sign.get_width(), rect.y + self.rim // 2))


@dataclass(frozen=True)
class Lines(Look):
    """Lines below each other."""

    lines: tuple[str, ...]
    size: int
    ink: str

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        for k, line in enumerate(self.lines):
            words = render(line, max(4, self.size), getattr(on.art.theme, self.ink), "Medium")
            stamp(on.surface, words, (rect.x, rect.y + round(k * self.size * _STEP)))


@dataclass(frozen=True)
class Button(Look):
    """Something to press."""

    words: str
    u: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme = on.art.theme
        pygame.draw.rect(on.surface, theme.panel_edge, rect, border_radius=round(10 * self.u))
        words = render(self.words, max(4, round(_TEXT * self.u)), theme.headline, "SemiBold")
        stamp(on.surface, words, words.get_rect(center=rect.center))
