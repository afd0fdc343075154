"""Axes: which ticks find room, and how they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import pygame

from factoryview.scene.charts.scale import TimeScale
from factoryview.scene.text import render, stamp, width
from factoryview.scene.ui.look import Canvas, Look
from factoryview.scene.ui.node import Node

Written = tuple[int, str]
"""A moment (µs UTC) and what is written at it."""
_SIZE, _GAP = 28, 16
"""Em, and room between words, in u."""


def time_axis(name: str, levels: Sequence[Sequence[Written]], scale: TimeScale, rect: pygame.Rect, u: float) -> Node:
    """The axis below a chart of that scale, at the finest level whose words do not touch. levels: coarsest first."""
    size, gap = max(4, round(_SIZE * u)), round(_GAP * u)
    for level in reversed(levels):
        ticks = [(scale.column(at), words) for at, words in level]
        if all(one[0] + gap + width(one[1], size, "Medium") <= other[0] for one, other in pairwise(ticks)):
            return Node(name, rect, TimeAxis(tuple(ticks), u), "image")
    coarsest = [(scale.column(at), words) for at, words in levels[0]] if levels else []
    return Node(name, rect, TimeAxis(tuple(_thinned(coarsest, size, gap)), u), "image")


def _thinned(ticks: list[tuple[int, str]], size: int, gap: int) -> list[tuple[int, str]]:
    """Those from the left that do not touch the one before."""
    kept: list[tuple[int, str]] = []
    for x, words in ticks:
        if not kept or kept[-1][0] + gap + width(kept[-1][1], size, "Medium") <= x:
            kept.append((x, words))
    return kept


@dataclass(frozen=True)
class TimeAxis(Look):
    """Ticks with words at their right; the last has none where these would run over the edge."""

    ticks: tuple[tuple[int, str], ...]
    """Column and words."""
    u: float

    @property
    def size(self) -> int:
        """Em of the words, px."""
        return max(4, round(_SIZE * self.u))

    def written(self, right: int) -> list[tuple[int, str]]:
        """Where words begin, and which: those that end before a column."""
        begin = round(5 * self.u)
        return [(x + begin, words) for x, words in self.ticks if x + begin + width(words, self.size, "Medium") <= right]

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, u = on.art.theme, self.u
        for x, _ in self.ticks:
            on.surface.fill(theme.panel_edge, (x, rect.y, max(1, round(u)), round(8 * u)))
        for x, words in self.written(rect.right):
            stamp(on.surface, render(words, self.size, theme.text_muted, "Medium"), (x, rect.y - round(u)))
