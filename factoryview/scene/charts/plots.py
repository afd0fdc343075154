"""Plots: curves, bars, cells and shares as looks that know numbers, and colours by what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import pygame

from factoryview.scene.colour import Colour, mix
from factoryview.scene.text import cut, leave_out, render, stamp, width
from factoryview.scene.theme import Theme
from factoryview.scene.ui.look import Canvas, Look

Ink = Literal["line", "other", "calm", "slow", "alarm", "known", "quiet", "limit"]
"""What a mark means: what is looked at, what it is compared with, a level, what stands back, what is wanted."""
_TITLE, _SMALL = 26, 22
"""Em in u."""
_STROKE = 2.6
"""Breadth of a curve in u."""
_DASH = 9
"""u of a dash, and of the gap after it."""
_CAPITALS_MIDDLE = 0.54


def ink_of(theme: Theme, ink: Ink) -> Colour:
    """The colour of a meaning."""
    return {
        "line": theme.headline,
        "other": theme.work,
        "calm": theme.rung,
        "slow": theme.signal.amber,
        "alarm": theme.signal.red,
        "known": theme.brick,
        "quiet": theme.text_muted,
        "limit": theme.signal.amber,
    }[ink]


@dataclass(frozen=True)
class Curve:
    """A line through points: shares of the width (0 to 1) and values. A gap is where two stand for it."""

    points: tuple[tuple[float, float], ...]
    ink: Ink
    filled: bool = False
    """The ground below it is tinted."""
    spots: tuple[int, ...] = ()
    """Points that are marked, because they stand out."""


@dataclass(frozen=True)
class Rule:
    """A dashed line across the plot, at a value, or upright at a share of the width."""

    at: float
    ink: Ink
    words: str = ""
    """What is written at its end, where it finds room."""


@dataclass(frozen=True)
class LineChart(Look):
    """Curves over a ground line, and rules. top: the value at the upper edge; low: at the ground."""

    curves: tuple[Curve, ...]
    rules: tuple[Rule, ...]
    top: float
    u: float
    low: float = 0.0
    between: bool = False
    """The ground between the first two curves is tinted."""

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, high = on.art.theme, self._height(rect)
        _grid(on.surface, rect, theme, self.u)
        clip = on.surface.get_clip()
        on.surface.set_clip(rect.clip(clip))
        if self.between and len(self.curves) > 1:
            self._tint(on, rect, self._pixels(self.curves[0], rect), self._pixels(self.curves[1], rect), "other")
        for curve in self.curves:
            pixels = self._pixels(curve, rect)
            if curve.filled and len(pixels) > 1:
                ground = [(pixels[0][0], rect.bottom), (pixels[-1][0], rect.bottom)]
                self._tint(on, rect, pixels, ground, curve.ink)
        for rule in self.rules:
            y = round(rect.bottom - (rule.at - self.low) * high)
            _dashes(on.surface, (rect.x, y), (rect.right, y), ink_of(theme, rule.ink), self.u)
        for curve in self.curves:
            self._stroke(on, rect, curve)
        on.surface.set_clip(clip)

    def _stroke(self, on: Canvas, rect: pygame.Rect, curve: Curve) -> None:
        colour, broad = ink_of(on.art.theme, curve.ink), max(1, round(_STROKE * self.u))
        pixels = self._pixels(curve, rect)
        for a, b in pairwise(pixels):
            pygame.draw.aaline(on.surface, colour, a, b, broad)
        if len(pixels) == 1:
            pygame.draw.circle(on.surface, colour, pixels[0], broad)
        for k in curve.spots:
            pygame.draw.circle(on.surface, ink_of(on.art.theme, "alarm"), pixels[k], round(5 * self.u))

    def _pixels(self, curve: Curve, rect: pygame.Rect) -> list[tuple[int, int]]:
        high = self._height(rect)
        return [(round(rect.x + x * (rect.w - 1)), round(rect.bottom - 1 - (y - self.low) * high))
                for x, y in curve.points]  # fmt: skip

    def _height(self, rect: pygame.Rect) -> float:
        return (rect.h - 2) / max(1e-9, self.top - self.low)

    @staticmethod
    def _tint(on: Canvas, rect: pygame.Rect, one: Sequence[tuple[int, int]], other: Sequence[tuple[int, int]],
              ink: Ink) -> None:  # fmt: skip
        theme = on.art.theme
        outline = [*one, *reversed(other)]
        if len(outline) > 2 and rect.w:
            pygame.draw.polygon(on.surface, mix(ink_of(theme, ink), theme.panel, 0.72), outline)


@dataclass(frozen=True)
class BarChart(Look):
    """BarChart beside each other from left to right, with upright rules."""

    heights: tuple[float, ...]
    inks: tuple[Ink, ...]
    rules: tuple[Rule, ...]
    u: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, count = on.art.theme, len(self.heights)
        head = round(1.15 * _SMALL * self.u) if any(rule.words for rule in self.rules) else 0
        box = pygame.Rect(rect.x, rect.y + head, rect.w, max(1, rect.h - head))
        _grid(on.surface, box, theme, self.u)
        tallest = max(self.heights, default=0.0) or 1.0
        for k, height in enumerate(self.heights):
            x0, x1 = box.x + box.w * k // count, box.x + box.w * (k + 1) // count
            high = round((box.h - 1) * height / tallest) or (1 if height else 0)
            gap = 1 if x1 - x0 >= 4 else 0
            on.surface.fill(ink_of(theme, self.inks[k]), (x0, box.bottom - high, x1 - x0 - gap, high))
        taken: list[tuple[int, int]] = []
        xs = [round(box.x + min(1.0, rule.at) * (box.w - 1)) for rule in self.rules]
        for rule, x in zip(self.rules, xs, strict=True):
            _dashes(on.surface, (x, rect.y), (x, box.bottom), ink_of(theme, rule.ink), self.u)
        for rule, x in sorted(zip(self.rules, xs, strict=True), key=lambda each: each[0].ink != "limit"):
            self._words(on, rect, rule, x, taken)

    def _words(self, on: Canvas, rect: pygame.Rect, rule: Rule, x: int, taken: list[tuple[int, int]]) -> None:
        """What is written at the head of an upright rule, right or left of it. taken: by other words."""
        size, gap = max(4, round(_SMALL * self.u)), round(6 * self.u)
        wide = width(rule.words, size, "Medium")
        places = [
            place for place in (x + gap, x - gap - wide)
            if rect.x <= place and place + wide <= rect.right
            and all(place + wide + gap <= begin or end + gap <= place for begin, end in taken)
        ]  # fmt: skip
        if not rule.words or not places:
            if rule.words:
                leave_out(rule.words, rect)
            return
        start = places[0]
        line = render(rule.words, size, ink_of(on.art.theme, rule.ink), "Medium")
        on.surface.fill(on.art.theme.panel, (start - 1, rect.y, wide + 2, line.get_height() - round(2 * self.u)))
        stamp(on.surface, line, (start, rect.y - round(3 * self.u)))
        taken.append((start, start + wide))


@dataclass(frozen=True)
class Threads(Look):
    """A line for each case: from where it came, at the upper edge, to where it left, at the lower one."""

    lines: tuple[tuple[float, float, bool], ...]
    """Shares of the width, and whether it stands out; one that ends beyond 1 has not left yet and hangs half-way."""
    u: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, clip = on.art.theme, on.surface.get_clip()
        _grid(on.surface, rect, theme, self.u)
        on.surface.set_clip(rect.clip(clip))
        colours = mix(theme.work, theme.panel, 0.35), theme.brick, theme.text_muted
        for loud in (False, True):
            for came, left, slow in self.lines:
                if slow == loud:
                    x = rect.x + came * rect.w
                    if left > 1:
                        end, colour = (x, rect.y + rect.h // 3), colours[1 if slow else 2]
                    else:
                        end, colour = (rect.x + left * rect.w, rect.bottom), colours[1 if slow else 0]
                    pygame.draw.aaline(on.surface, colour, (x, rect.y), end, max(1, round(1.3 * self.u)))
        on.surface.set_clip(clip)


@dataclass(frozen=True)
class HeatMap(Look):
    """A heat map: rows of numbers from pale (0) to strong (the most), with a word before each row and over columns."""

    rows: tuple[tuple[float, ...], ...]
    names: tuple[str, ...]
    heads: tuple[tuple[int, str], ...]
    """Column and what is written over it."""
    u: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, size = on.art.theme, max(4, round(_SMALL * self.u))
        most = max((max(row, default=0.0) for row in self.rows), default=0.0) or 1.0
        left = rect.x + max((width(name, size, "Medium") for name in self.names), default=0) + round(10 * self.u)
        top, columns = rect.y + round(1.1 * size), max(1, len(self.rows[0]) if self.rows else 1)
        wide, high = rect.right - left, rect.bottom - top
        for column, words in self.heads:
            line = render(words, size, theme.text_muted, "Medium")
            stamp(on.surface, line, (left + wide * column // columns, rect.y - round(4 * self.u)))
        for r, row in enumerate(self.rows):
            y0, y1 = top + high * r // len(self.rows), top + high * (r + 1) // len(self.rows)
            line = render(self.names[r], size, theme.text_muted, "Medium")
            stamp(on.surface, line, (rect.x, (y0 + y1) // 2 - round(_CAPITALS_MIDDLE * line.get_height())))
            for c, value in enumerate(row):
                x0, x1 = left + wide * c // columns, left + wide * (c + 1) // columns
                strength = 0.06 + 0.94 * value / most if value else 0.06
                colour = mix(theme.panel, theme.work, strength)
                on.surface.fill(colour, (x0, y0, max(1, x1 - x0 - 1), max(1, y1 - y0 - 1)))


@dataclass(frozen=True)
class ShareRow(Look):
    """A name over a bar of its share, and what is written at the right."""

    words: str
    share: float
    values: tuple[str, ...]
    u: float
    ink: Ink = "calm"
    columns: int = 96
    """u that each value takes."""

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, size = on.art.theme, max(4, round(_TITLE * self.u))
        room = rect.w - round(self.columns * self.u) * len(self.values)
        bar = pygame.Rect(rect.x, rect.y + 1, max(1, round(room * min(1.0, self.share))), max(1, rect.h - 3))
        colour = mix(ink_of(theme, self.ink), theme.panel, 0.55)
        if self.share:
            pygame.draw.rect(on.surface, colour, bar, border_radius=round(4 * self.u))
        words, inner = self.words, room - round(14 * self.u)
        while len(words) > 2 and width(words, size) > inner:
            words = words[:-2].rstrip() + "…"
        line = render(words, size, theme.headline)
        stamp(on.surface, line, (rect.x + round(9 * self.u), _middle(rect, line)))
        for k, value in enumerate(self.values):
            line = render(value, size, theme.text if k == 0 else theme.work, "SemiBold")
            right = rect.right - round(self.columns * self.u) * (len(self.values) - 1 - k)
            stamp(on.surface, line, (right - line.get_width(), _middle(rect, line)))


@dataclass(frozen=True)
class Heading(Look):
    """What a chart shows, and at the right its number now."""

    title: str
    value: str
    u: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, size = on.art.theme, max(4, round(_TITLE * self.u))
        title = render(cut(self.title, rect.w, size), size, theme.text, "SemiBold")
        stamp(on.surface, title, (rect.x, _middle(rect, title)))
        room = rect.w - title.get_width() - round(14 * self.u)
        sizes = (size, round(0.9 * size), round(0.8 * size))
        small = next((each for each in sizes if width(self.value, each, "Medium") <= room), 0)
        if not small:
            leave_out(self.value, rect)
        elif self.value:
            value = render(self.value, small, theme.text_muted, "Medium")
            stamp(on.surface, value, (rect.right - value.get_width(), _middle(rect, value)))


def _middle(rect: pygame.Rect, line: pygame.Surface) -> int:
    return round(rect.centery - _CAPITALS_MIDDLE * line.get_height())


def _grid(surface: pygame.Surface, rect: pygame.Rect, theme: Theme, u: float) -> None:
    """The ground line, and two fainter ones above."""
    faint, line = mix(theme.panel_edge, theme.panel, 0.55), max(1, round(u))
    for part in (0.0, 0.5):
        surface.fill(faint, (rect.x, rect.y + round(part * rect.h), rect.w, line))
    surface.fill(theme.panel_edge, (rect.x, rect.bottom - line, rect.w, line))


def _dashes(surface: pygame.Surface, a: tuple[int, int], b: tuple[int, int], colour: Colour, u: float) -> None:
    dash, line = max(2, round(_DASH * u)), max(1, round(2 * u))
    along = b[0] > a[0]
    length = b[0] - a[0] if along else b[1] - a[1]
    for begin in range(0, length, 2 * dash):
        part = min(dash, length - begin)
        surface.fill(colour, (a[0] + begin, a[1], part, line) if along else (a[0], a[1] + begin, line, part))
