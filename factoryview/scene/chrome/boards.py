"""Boards on free floor: goals by now, and what is lost. As many rows as can be read."""

from __future__ import annotations

from dataclasses import dataclass

import pygame

from factoryview.scene.art.art import Art
from factoryview.scene.art.raster import clear
from factoryview.scene.colour import mix
from factoryview.scene.picture import BoardPicture, GoalRow, LossRow
from factoryview.scene.text import fit, leave_out, render, stamp, width
from factoryview.scene.ui.look import Canvas, Look

_PAD, _HEAD, _GOAL, _FLAT, _LOSS = 18, 44, 96, 62, 60
"""u: rim, title, one row of a goal (of a goal on a wide board), one row of a loss."""
_WIDE = 380
"""u from which a goal stands in one line."""
_LINE, _CELL = 88, 310
"""u: height of a board whose rows stand beside each other in one line, and the least width of each."""
_LABEL, _ACTUAL, _PLAN, _TITLE = 42, 56, 35, 29
"""Em in u."""
_LEAST_ACTUAL = 42
LEAST_TEXT = 36
"""Em in u of the smallest words that a board must not lack; a board on which they could not be read is not drawn."""
_SMALLEST = 0.6
"""Share of their usual size down to which words are written smaller before they are left out."""
_MOST = 430
"""u: no board needs to be wider."""


@dataclass(frozen=True)
class BoardLook(Look):
    """See `paint_board`."""

    board: BoardPicture
    u: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        paint_board(on.surface, rect, self.board, on.art, self.u)


def row_height(width: float, board: BoardPicture) -> int:
    """u of one row on a board of that width (u)."""
    if board.rows and isinstance(board.rows[0], GoalRow):
        return _FLAT if width >= _WIDE else _GOAL
    return _LOSS


def rows_in(size: tuple[float, float], board: BoardPicture) -> int:
    """How many of its rows a board of that size (u) can show."""
    below = int((size[1] - _HEAD - _PAD / 2) // row_height(size[0], board))
    beside = int((size[0] - _PAD) // (_CELL + _PAD)) if below < 1 and size[1] >= _LINE else 0
    return max(0, min(len(board.rows), max(below, beside)))


def told_in(wide: int, board: BoardPicture, u: float) -> bool:
    """Whether a board of that width (pixels) says what each row is of in letters that it must not lack."""
    room = wide - 2 * round(_PAD * u)
    kept = 0.0 if board.rows and isinstance(board.rows[0], GoalRow) and wide / u < _WIDE else _LABEL * 3 * u
    return all(width(row.label, round(LEAST_TEXT * u)) + kept <= room for row in board.rows[:1])


def named_in(wide: int, board: BoardPicture, u: float) -> bool:
    """Whether a board of that width (pixels) says of the first losses where they are, in letters as small as they may
    become.
    """
    room = wide - 2 * round(_PAD * u) - round(12 * u)
    losses = [row for row in board.rows if isinstance(row, LossRow)]
    return all(
        width(row.label, max(6, round(_SMALLEST * 36 * u))) + width(row.share, round(44 * u), "Bold") <= room
        for row in losses[:2]
    )


def _in_line(size: tuple[float, float], board: BoardPicture) -> bool:
    """Whether the rows of a board of that size (u) stand beside each other, because it is too low for one below."""
    return size[1] < _HEAD + _PAD / 2 + row_height(size[0], board)


def board_box(room: pygame.Rect, board: BoardPicture, u: float) -> pygame.Rect:
    """The part of the free floor that a board covers: no higher and wider than what it says."""
    wide = min(room.w, round(_MOST * u))
    count = rows_in((wide / u, room.h / u), board)
    if _in_line((wide / u, room.h / u), board):
        count = rows_in((room.w / u, room.h / u), board)
        wide = min(room.w, round((_PAD + count * (_CELL + 70 + _PAD)) * u))
        return pygame.Rect(room.x, room.y, wide, min(room.h, round((_LINE + 8) * u)))
    high = min(room.h, round((_HEAD + _PAD + row_height(wide / u, board) * count) * u))
    return pygame.Rect(room.x, room.y, wide, high)


def paint_board(surface: pygame.Surface, box: pygame.Rect, board: BoardPicture, art: Art, u: float) -> None:
    """The board fills its box. u: pixels per u."""
    theme = art.theme
    radius, line = round(8 * u), max(1, round(2 * u))
    shade = clear(box.size)
    pygame.draw.rect(shade, (*theme.board, 235), shade.get_rect(), border_radius=radius)
    pygame.draw.rect(shade, (*theme.panel_edge, 255), shade.get_rect(), line, border_radius=radius)
    surface.blit(shade, box)
    inner = box.inflate(-2 * round(_PAD * u), 0)
    for title in ("\u200a".join(board.title), board.title):
        head = render(title, round(_TITLE * u), theme.text_muted, "SemiBold")
        if head.get_width() <= inner.w:
            stamp(surface, head, (inner.x, box.y + round((_HEAD / 2 + 4) * u) - head.get_height() // 2))
            break
    y = box.y + round(_HEAD * u)
    size = (box.w / u, box.h / u)
    if _in_line(size, board):
        _beside(surface, pygame.Rect(inner.x, box.bottom - round(58 * u), inner.w, round(54 * u)), board, art, u)
        return
    high = round(row_height(size[0], board) * u)
    for row in board.rows[: rows_in(size, board)]:
        place = pygame.Rect(inner.x, y, inner.w, high)
        if isinstance(row, LossRow):
            _loss(surface, place, row, art, u)
        elif size[0] >= _WIDE:
            _flat_goal(surface, place, row, art, u)
        else:
            _goal(surface, place, row, art, u)
        y += high


def _beside(surface: pygame.Surface, box: pygame.Rect, board: BoardPicture, art: Art, u: float) -> None:
    """As many rows as find room, beside each other."""
    count = rows_in(((box.w + 2 * round(_PAD * u)) / u, _LINE), board)
    gap = round(2.4 * _PAD * u)
    for i, row in enumerate(board.rows[:count]):
        left = box.x + (box.w + gap) * i // count
        place = pygame.Rect(left, box.y, box.x + (box.w + gap) * (i + 1) // count - gap - left, box.h)
        (_loss if isinstance(row, LossRow) else _flat_goal)(surface, place, row, art, u)  # type: ignore[arg-type]


def _goal(surface: pygame.Surface, box: pygame.Rect, row: GoalRow, art: Art, u: float) -> None:
    """What is meant; below it how many, how many it should be by now, and at the right the difference."""
    theme = art.theme
    top = pygame.Rect(box.x, box.y, box.w, round(44 * u))
    low = pygame.Rect(box.x, top.bottom, box.w, round(46 * u))
    _left(surface, row.label, top, round(_LABEL * u), theme.text, "SemiBold")
    said = (f"{row.plan} · {row.forecast}",) if row.forecast else ()
    best = next((fitting for words in (*said, row.plan) if (fitting := _side_by_side(row, words, box.w, u))), None)
    em, plan_em, words = best or (_LEAST_ACTUAL, _PLAN, "")
    x = box.x + _left(surface, row.actual, low, round(em * u), theme.headline, "Bold") + round(10 * u)
    if row.difference:
        ink = theme.good if row.good else theme.shortfall
        line = render(row.difference, round(em * u), ink, "Bold")
        stamp(surface, line, (box.right - line.get_width(), low.centery - round(line.get_height() * 0.54)))
    if words:
        line = render(words, round(plan_em * u), theme.text_muted, "Medium")
        stamp(surface, line, (x, low.centery - round(line.get_height() * 0.44)))
    elif row.plan:
        leave_out(row.plan, low)
    surface.fill(mix(theme.panel_edge, theme.board, 0.5), (box.x, box.bottom - round(4 * u), box.w, max(1, round(u))))


def _side_by_side(row: GoalRow, words: str, room: int, u: float) -> tuple[int, int, str] | None:
    """The largest em (u) of the numbers and of the words between them at which all stand in one line; None: none."""
    for em, plan in ((_ACTUAL, _PLAN), (48, 29), (_LEAST_ACTUAL, 26)):
        numbers = width(row.actual, round(em * u), "Bold") + width(row.difference, round(em * u), "Bold")
        if numbers + width(words, round(plan * u), "Medium") + 18 * u <= room:
            return em, plan, words
    return None


def _flat_goal(surface: pygame.Surface, box: pygame.Rect, row: GoalRow, art: Art, u: float) -> None:
    """The same in one line, from the right: difference, plan, how many; the rest is for what is meant."""
    theme, end = art.theme, box.right
    ink = theme.good if row.good else theme.shortfall
    for text, em, colour, weight in (
        (row.difference, _ACTUAL - 4, ink, "Bold"),
        (row.plan, _PLAN, theme.text_muted, "Medium"),
        (row.actual, _ACTUAL, theme.headline, "Bold"),
    ):
        if text:
            line = render(text, round(em * u), colour, weight)  # type: ignore[arg-type]
            end -= line.get_width()
            drop = 0.54 if weight == "Bold" else 0.42
            stamp(surface, line, (end, box.centery - round(line.get_height() * drop)))
            end -= round(10 * u)
    room = pygame.Rect(box.x, box.y, max(1, end - box.x), box.h)
    _left(surface, row.label, room, round(_LABEL * u), theme.text, "SemiBold")


def _loss(surface: pygame.Surface, box: pygame.Rect, row: LossRow, art: Art, u: float) -> None:
    theme = art.theme
    share = render(row.share, round(44 * u), theme.loss_text, "Bold")
    stamp(surface, share, (box.right - share.get_width(), box.centery - round(share.get_height() * 0.54)))
    room = pygame.Rect(box.x, box.y, box.w - share.get_width() - round(12 * u), box.h)
    wide = _left(surface, row.label, room, round(36 * u), theme.text, "SemiBold")
    rest = pygame.Rect(room.x + wide + round(10 * u), room.y + round(3 * u), room.w - wide - round(10 * u), room.h)
    if row.reason and rest.w > round(60 * u):
        _left(surface, row.reason, rest, round(27 * u), theme.text_muted, "Medium", least=round(26 * u))


def _left(surface: pygame.Surface, text: str, box: pygame.Rect, size: int, ink: tuple[int, int, int], weight: str,
          *, least: int | None = None) -> int:  # fmt: skip
    """Written from the left, smaller if it must; how wide it is."""
    found = fit(text, (box.w, 10**6), size, least or max(6, round(size * _SMALLEST)), weight)  # type: ignore[arg-type]
    if found is None:
        leave_out(text, box)
        return 0
    line = render(text, found, ink, weight)  # type: ignore[arg-type]
    stamp(surface, line, (box.x, box.centery - round(line.get_height() * 0.54)))
    return line.get_width()
