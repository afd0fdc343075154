"""The lead-time ladder: for each stage of the main road waiting above and work below, to scale.

In a low strip its words stand at the left of the rungs, in a high one above them.
"""

from __future__ import annotations

from dataclasses import dataclass

import pygame

from factoryview.scene.art.art import Art
from factoryview.scene.chrome.panel import Panel
from factoryview.scene.colour import Colour, mix
from factoryview.scene.picture import LadderPicture, RungPicture
from factoryview.scene.text import leave_out, render, stamp, width
from factoryview.scene.theme import Dress, Theme
from factoryview.scene.ui.composition import Composition
from factoryview.scene.ui.look import Canvas, Look
from factoryview.scene.ui.node import Node

_TITLE, _WIDE_TITLE, _TOTAL = 34, 46, 64
"""Em in u of words (where there is room beside the rungs) and of numbers."""
_RUNG = 29
"""Em in u of what is written on the rungs."""
_LEFT, _MOST, _APART = 640, 0.45, 24
"""u that the sentence takes beside the rungs, and as a share of the strip at the most; u between them."""
_CAPITALS = 0.35
"""em from the middle of a line to the foot of its capitals."""
_SMALLER = 0.5
"""How much smaller words are set at most, to find room."""
_HIGH = 120
"""u from which a strip is high."""


def ladder_node(ladder: LadderPicture | None, composition: Composition, least: int = 0) -> Node:
    """The strip beside or above the timeline; empty where no case has gone the whole way yet. least: pixels of type
    that can be read from where its viewers stand.
    """
    said: tuple[Node, ...] = ()
    if ladder is not None and ladder.rungs:
        rim = round(24 * composition.u)
        box = composition.ladder.inflate(-2 * rim, 0)
        words = f"{ladder.title}: {ladder.total}, {ladder.work}"
        said = (
            Node(
                "ladder/rungs",
                box,
                LadderLook(ladder, composition.u, max(least, round(_RUNG * composition.u))),
                "image",
                words,
            ),
        )
    return Node("ladder", composition.ladder, Panel(), children=said)


@dataclass(frozen=True)
class LadderLook(Look):
    """See `paint_ladder`."""

    ladder: LadderPicture
    u: float
    em: int
    """Pixels of the type on the rungs."""

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        if rect.h >= _HIGH * self.u:
            _paint_high(on.surface, rect, self.ladder, on.art, self.u, self.em)
        else:
            left = round(min(_LEFT * self.u, _MOST * rect.w))
            paint_ladder(on.surface, rect, self.ladder, on.art, self.u, left, self.em)


def _paint_high(surface: pygame.Surface, box: pygame.Rect, ladder: LadderPicture, art: Art, u: float, em: int) -> None:
    """Two numbers with what they mean, the rungs below. u: pixels per u."""
    words = max(_TITLE, min(_WIDE_TITLE, round(em / u))) if em > round(_RUNG * u) else _TITLE
    _sentence(surface, pygame.Rect(box.x, box.y, box.w, round(64 * u)), ladder, art, u, words)
    _rungs(surface, pygame.Rect(box.x, box.y + round(64 * u), box.w, round(78 * u)), ladder, art.theme, u, em)


def _sentence(surface: pygame.Surface, box: pygame.Rect, ladder: LadderPicture, art: Art, u: float, title: int) -> None:
    """How long a case takes and how much of that is work, in one line, set smaller where there is no room. title: em in
    u of its words."""
    theme, x, middle, gap = art.theme, box.x, box.centery, round(10 * u)
    parts = (
        (ladder.total, _TOTAL, theme.headline, "Bold"),
        (ladder.per_case or ladder.title, title, theme.text_muted, "Medium"),
        (ladder.share, _TOTAL, theme.work, "Bold"),
        (ladder.of_it, title, theme.work, "SemiBold"),
    )
    said = [(text, em, weight) for text, em, _, weight in parts if text]
    between = gap * (len(said) - 1)

    def wide(share: float) -> int:
        return sum(width(text, max(1, int(em * u * share + 0.5)), weight) for text, em, weight in said)

    steps = (k / 50 for k in range(50, round(50 * _SMALLER), -1))
    share = next((each for each in steps if wide(each) + between <= box.w), _SMALLER)
    for text, em, ink, weight in parts:
        line = render(text, max(1, int(em * u * share + 0.5)), ink, weight) if text else None  # type: ignore[arg-type]
        if line is None:
            continue
        if x + line.get_width() > box.right:
            leave_out(text, box)
            break
        lower = (_TOTAL - em) * _CAPITALS * u * share  # words stand on the line of the numbers
        stamp(surface, line, (x, middle + round(lower - line.get_height() * 0.54)))
        x += line.get_width() + gap


def paint_ladder(
    surface: pygame.Surface, box: pygame.Rect, ladder: LadderPicture, art: Art, u: float, left: int, em: int
) -> None:
    """left: pixels kept for title and total. u: pixels per u."""
    _sentence(surface, pygame.Rect(box.x, box.y, left - round(_APART * u), box.h), ladder, art, u, _WIDE_TITLE)
    _rungs(surface, pygame.Rect(box.x + left, box.y, box.w - left, box.h), ladder, art.theme, u, em)


def _rungs(surface: pygame.Surface, box: pygame.Rect, ladder: LadderPicture, theme: Theme, u: float, em: int) -> None:
    whole = sum(rung.waiting + rung.work for rung in ladder.rungs)
    if whole <= 0:
        return
    gap = max(1, round((4 if box.w > 700 * u else 2) * u))
    room = box.w - gap * ((2 if ladder.work else 1) * len(ladder.rungs) - 1)
    scale = room / whole
    high = max(round(0.44 * box.h), min(round(1.1 * em), round(0.66 * box.h)))
    upper = pygame.Rect(0, box.y + round(3 * u), 0, high)
    lower = pygame.Rect(
        0, upper.bottom + round(3 * u), 0, min(round(0.32 * box.h), box.bottom - upper.bottom - round(3 * u))
    )
    x = float(box.x)
    for rung in ladder.rungs:
        wait, work = rung.waiting * scale, rung.work * scale
        colour, ink = rung_colour(theme, rung.dress), theme.on_longest if rung.dress == "longest" else theme.on_rung
        first = pygame.Rect(round(x), upper.y, max(1, round(x + wait) - round(x)), upper.h)
        surface.fill(colour, first)
        side = _mark(surface, first, rung, theme, u)
        inside = pygame.Rect(first.x + side, first.y, first.w - side, first.h)
        said = f"{rung.label} {rung.text}"
        for text in ((f"{said} · {rung.change}",) if rung.change else ()) + (said, rung.label):
            line = render(text, em, ink, "SemiBold")
            if line.get_width() + round(12 * u) <= inside.w:
                stamp(surface, line, line.get_rect(center=inside.center))
                break
        x += wait + gap
        if not ladder.work:
            continue
        surface.fill(theme.work, (round(x), lower.y, max(max(1, round(3 * u)), round(work)), lower.h))
        x += work + gap


def rung_colour(theme: Theme, dress: Dress) -> Colour:
    """Of the time that cases wait at a stage."""
    muted = mix(theme.signal.amber, theme.panel, 0.45)
    return {"alarm": theme.brick, "known": theme.brick, "slow": muted, "longest": theme.longest}.get(dress, theme.rung)


def _mark(surface: pygame.Surface, box: pygame.Rect, rung: RungPicture, theme: Theme, u: float) -> int:
    """An arrow at the left of a rung whose stage has become slower (up) or faster; the pixels that it takes."""
    side, rim = round(16 * u), round(8 * u)
    if not rung.longer or box.w < side + 2 * rim:
        return 0
    left, right, middle = box.x + rim, box.x + rim + side, box.x + rim + side // 2
    foot, tip = (box.centery + side // 2, box.centery - side // 2)[:: rung.longer]
    pygame.draw.polygon(surface, theme.on_rung, [(left, foot), (right, foot), (middle, tip)])
    return side + rim
