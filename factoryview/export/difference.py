"""A plant with what is different in a second span: an arrow at each machine, and beside the floor in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pygame

from factoryview.export.filming import Format, known_by
from factoryview.export.frames import whole_floor
from factoryview.flow.change.compare import Comparison, Difference, Span
from factoryview.flow.change.sentences import comparison_sentences, difference_sentence, spans_sentence, written
from factoryview.language import Language
from factoryview.scene.art.raster import opaque
from factoryview.scene.chrome.board_panel import Board, Item, board_node
from factoryview.scene.painter import Painter
from factoryview.scene.text import render, stamp
from factoryview.scene.ui.composition import composed, with_panel
from factoryview.scene.ui.look import Canvas, Look
from factoryview.scene.ui.node import Node
from factoryview.time import DAY
from factoryview.view.presentation import Presentation

_WORSE = {"waiting": 1, "work": 1, "losses": 1, "throughput": 0}
_HINT_LINES = 8
_TEXT, _HIGH = 28, 36
"""Em of a badge's words and its height, in u."""


def draw_difference(
    presentation: Presentation, found: Comparison, spans: tuple[Span, Span], form: Format
) -> pygame.Surface:
    """The plant of the second span at its end, and what is different since the first."""
    facts, composition = presentation.facts, with_panel(composed(form.size))
    at = spans[1].end
    known_by(presentation, at)
    painter = Painter(facts, form.theme, smallest_text=form.smallest_text, low_motion=form.low_motion)
    camera = whole_floor(facts, composition)
    moment = presentation.moment(at, DAY / 10)
    bare = painter.tree(moment, camera, composition)
    over = (*badges(bare, found.differences, presentation.language, composition.view, composition.u),
            board_node(_board(presentation, found, spans), composition))  # fmt: skip
    surface = opaque(form.size)
    painter.paint(surface, moment, camera, composition, over)
    return surface


def badges(
    root: Node, differences: Sequence[Difference], language: Language, view: pygame.Rect, u: float
) -> Iterator[Node]:
    """Below each machine an arrow for each difference, with its number in the list. root: plant. view: its floor."""
    said: dict[str, list[tuple[int, Difference]]] = {}
    for k, each in enumerate(differences, start=1):
        said.setdefault(each.stage, []).append((k, each))
    for stage, own in said.items():
        hall = root.find(f"stage/{stage}/hall") or root.find(f"stage/{stage}")
        if hall is None:
            continue
        high, gap = round(_HIGH * u), max(1, round(4 * u))
        wide = round(1.5 * high)
        row = pygame.Rect(0, 0, len(own) * (wide + gap) - gap, high)
        row.topleft = hall.rect.x, hall.rect.bottom + gap
        row.clamp_ip(view)
        for place, (number, each) in enumerate(own):
            rect = pygame.Rect(row.x + place * (wide + gap), row.y, wide, high)
            sign = 1 if each.difference > 0 else -1
            look = Badge(str(number), sign, sign * _WORSE[each.measure], max(4, round(_TEXT * u)))
            yield Node(f"difference/{stage}/{each.measure}", rect, look, "status", short(each, language))


def short(difference: Difference, language: Language) -> str:
    """`waiting +3.9 d`"""
    name = "stay" if difference.measure == "waiting" and not difference.waits else difference.measure
    sign = "+" if difference.difference > 0 else "−"
    return (
        f"{language.text(f'became.{name}')} {sign}{written(difference.measure, abs(difference.difference), language)}"
    )


def _board(presentation: Presentation, found: Comparison, spans: tuple[Span, Span]) -> Board:
    language, plant = presentation.language, presentation.model.factory.plant
    rows = [
        Item(str(k), difference_sentence(each, plant, language), sign=str(k + 1))
        for k, each in enumerate(found.differences)
    ]
    *_, noise = comparison_sentences(found, plant, language)
    hint = f"{spans_sentence(spans, language)} {noise}"
    return Board(language.text("compare.title"), "", hint, tuple(rows), language.text("compare.none"),
                 hint_lines=_HINT_LINES)  # fmt: skip


@dataclass(frozen=True)
class Badge(Look):
    """An arrow and a number on a ground of their own."""

    words: str
    sign: int
    """1: more, −1: less."""
    worse: int
    """1: for the worse, −1: for the better, 0: neither."""
    size: int

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme = on.art.theme
        ink = theme.brick_text if self.worse > 0 else theme.work if self.worse < 0 else theme.headline
        pygame.draw.rect(on.surface, theme.panel, rect, border_radius=rect.h // 3)
        pygame.draw.rect(on.surface, ink, rect, max(1, rect.h // 16), border_radius=rect.h // 3)
        middle, half = rect.x + round(0.55 * rect.h), round(0.22 * rect.h)
        tip, foot = rect.centery - self.sign * half, rect.centery + self.sign * half
        pygame.draw.polygon(on.surface, ink, [(middle - half, foot), (middle, tip), (middle + half, foot)])
        words = render(self.words, self.size, ink, "Bold")
        stamp(on.surface, words, (middle + round(1.8 * half), rect.centery - words.get_height() // 2))
