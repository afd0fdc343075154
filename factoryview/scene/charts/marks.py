"""Marks on a time scale: what happened, each with its words where these can be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

import pygame

from factoryview.scene.charts.axes import Written
from factoryview.scene.charts.scale import TimeScale
from factoryview.scene.colour import mix
from factoryview.scene.text import leave_out, render, stamp, width
from factoryview.scene.ui.look import Canvas, Look
from factoryview.scene.ui.node import Action, Node

ROW, _RIM = 29, 2
"""Height of a row of marks and of the rim above the first, in u."""
_SIZE, _SPACE, _STROKE = 26, 6, 2.5
"""Em of the words, their distance from the stroke, and its breadth, in u."""
_LEAST = 0.9
"""Share of its letters that is left of a name that is cut, at the least."""


@dataclass(frozen=True)
class Placed:
    """Where a mark stands: pixels from the left of the scale's screen, and its row from the top."""

    at: int
    words: str
    shown: str
    """What finds room of the words; empty: nothing does."""
    column: int
    row: int
    start: int
    """Where the shown words begin."""
    end: int
    """Where it ends: its words or, where these stand at the left, its stroke."""


def placed(
    marks: Sequence[Written], scale: TimeScale, inside: tuple[int, int], u: float, rows: int = 2
) -> list[Placed]:
    """Every mark in one of so many rows. inside: the columns between which words may stand.

    The words stand at the right of the stroke or, where there is no room, at its left; where there is none in any row
    either, they are cut or left out. A stroke begins at the row of its words, so a word belongs to the one that touches
    it: no words lie over others or over a stroke, and in the last row every word leaves room for the next stroke, so
    that there is a place for each.
    """
    done: list[Placed] = []
    columns = [scale.column(at) for at, _ in marks]
    for k, ((at, words), column) in enumerate(zip(marks, columns, strict=True)):
        following = next((after for after in columns[k + 1 :] if after > column), None)
        done.append(_best(at, words, column, done, following, inside, u, rows))
    return done


def _best(
    at: int, words: str, column: int, done: list[Placed], following: int | None, inside: tuple[int, int],
    u: float, rows: int,
) -> Placed:  # fmt: skip
    space, size = max(1, round(_SPACE * u)), max(4, round(_SIZE * u))
    wide = width(words, size)
    right = column + space
    found: Placed | None = None
    for row in range(rows):
        before = max((max(p.end, p.column) + space for p in done if p.row == row), default=inside[0])
        if before > column or _through(column, row, done):
            continue
        limit = inside[1] if row < rows - 1 or following is None else min(inside[1], following - space)
        if right + wide <= limit:
            return Placed(at, words, words, column, row, right, right + wide)
        if column - space - wide >= before and not _crosses(column - space - wide, column, row, done):
            return Placed(at, words, words, column, row, column - space - wide, column)
        shorter = _shortened(words, limit - right, size)
        if shorter and (found is None or len(shorter) > len(found.shown)):
            found = Placed(at, words, shorter, column, row, right, right + width(shorter, size))
    return found or Placed(at, words, "", column, rows - 1, column, column)


def _through(column: int, row: int, done: list[Placed]) -> bool:
    """Whether a stroke that begins in this row would run through words of a lower one."""
    return any(p.row > row and min(p.start, p.column) < column <= max(p.end, p.column) for p in done)


def _crosses(start: int, end: int, row: int, done: list[Placed]) -> bool:
    """Whether words here would lie over a stroke that comes down from a higher row."""
    return any(p.row < row and start <= p.column < end for p in done)


def _shortened(words: str, room: int, size: int) -> str:
    """As many whole words as find room, with dots; nothing if these are too few to be read."""
    for count in (i for i in range(len(words) - 1, ceil(_LEAST * len(words)) - 1, -1) if words[i] == " "):
        shorter = words[:count].rstrip(" ,:;-–") + "…"
        if width(shorter, size) <= room:
            return shorter
    return ""


def mark_nodes(
    name: str, marks: Sequence[Placed], top: int, bottom: int, u: float, now: int, rows: int = 2
) -> Iterator[Node]:
    """Strokes from `top` to `bottom`, and over them the marks as nodes; pressing one goes to its moment.

    now: the moment shown (µs UTC); what happened later is a short stroke below all rows of words.
    """
    if not marks:
        return
    columns = [mark.column for mark in marks]
    high = max(1, round(ROW * u))
    whole = pygame.Rect(min(columns), top + round(_RIM * u), 0, 0)
    whole.w, whole.h = max(columns) + max(1, round(_STROKE * u)) - whole.x, max(0, bottom - whole.y)
    strokes = tuple(
        (mark.column - whole.x, high * (rows if mark.at > now else mark.row), mark.at > now) for mark in marks
    )
    yield Node(f"{name}/strokes", whole, Strokes(strokes, u), "image")
    for k, mark in enumerate(marks):
        left, right = min(mark.start, mark.column), max(mark.end, mark.column)
        rect = pygame.Rect(left - 1, top + round(_RIM * u) + mark.row * high, right - left + 3, high)
        look = MarkLook(mark.words, mark.shown, mark.start - rect.x, u, ahead=mark.at > now)
        yield Node(f"{name}/{k}", rect, look, "mark", mark.words, Action("to", (mark.at,)))


@dataclass(frozen=True)
class Strokes(Look):
    """A stroke for everything that happened."""

    strokes: tuple[tuple[int, int, bool], ...]
    """From the left, from above, and whether it lies after the moment shown."""
    u: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, wide = on.art.theme, max(1, round(_STROKE * self.u))
        for x, y, ahead in self.strokes:
            colour = mix(theme.rung, theme.panel, 0.4) if ahead else mix(theme.work, theme.panel, 0.35)
            on.surface.fill(colour, (rect.x + x, rect.y + y, wide, rect.h - y))


@dataclass(frozen=True)
class MarkLook(Look):
    """The words of what has happened. What lies ahead of the moment shown has only its stroke, until it happens."""

    words: str
    shown: str
    start: int
    """Where they begin, from the left."""
    u: float
    ahead: bool
    """It lies after the moment shown."""

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        if self.ahead:
            return
        if not self.shown:
            leave_out(self.words, rect)
            return
        line = render(self.shown, max(4, round(_SIZE * self.u)), on.art.theme.work, "SemiBold")
        stamp(on.surface, line, (rect.x + self.start, rect.y - round(2 * self.u)))
