"""The legend: what colours and heaps mean; beside it the live sources with the age of their data."""

from __future__ import annotations

from dataclasses import dataclass

import pygame

from factoryview.scene.art.art import Art
from factoryview.scene.art.raster import opaque
from factoryview.scene.chrome.panel import Panel
from factoryview.scene.picture import Facts, FeedNow, Legend, Moment
from factoryview.scene.text import render, stamp
from factoryview.scene.ui.composition import Composition
from factoryview.scene.ui.look import Canvas, Look
from factoryview.scene.ui.node import Node


def legend_node(facts: Facts, moment: Moment, composition: Composition) -> Node:
    """The strip between floor and timeline."""
    box, u = composition.legend, composition.unit
    words = " · ".join((*facts.legend.levels, *(label for label, _ in facts.legend.channels)))
    said = Node("legend/words", box, LegendLook(facts.legend, moment.feeds, u), "text", words)
    return Node("legend", box, Panel("top", max(1, round(u / 6))), children=(said,))


@dataclass(frozen=True)
class LegendLook(Look):
    """From left to right as far as there is room; the live sources at the right."""

    legend: Legend
    feeds: tuple[FeedNow, ...]
    unit: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        art, u = on.art, self.unit
        end = self._feeds(on, rect)
        x = rect.x + round(2 * u)
        for picture, words in self._entries(art):
            line = render(words, round(2.3 * u), art.theme.text_muted, "Medium")
            if x + picture.get_width() + round(0.7 * u) + line.get_width() > end:
                return
            on.surface.blit(picture, picture.get_rect(midleft=(x, rect.centery)))
            x += picture.get_width() + round(0.7 * u)
            stamp(on.surface, line, line.get_rect(midleft=(x, rect.centery)))
            x += line.get_width() + round(2.4 * u)

    def _entries(self, art: Art) -> list[tuple[pygame.Surface, str]]:
        theme, side = art.theme, max(1, round(2 * self.unit))
        entries: list[tuple[pygame.Surface, str]] = []
        for level, words in enumerate(self.legend.levels):
            swatch = opaque((2 * side, side))
            swatch.fill(theme.floor)
            for x in (0, side):
                piece = art.belt_piece("straight", max(8, side), level, level == 2, "e")  # type: ignore[arg-type]
                swatch.blit(piece, (x, 0))
            entries.append((swatch, words))
        crate = max(1, round(1.5 * self.unit))
        entries += [(art.crate(crate, theme.hue(hue)), words) for words, hue in self.legend.channels]
        grey, heap = theme.hues[3], max(6, side)
        entries += [(art.pallet(heap, grey), self.legend.pallet), (art.rack(heap, grey), self.legend.rack)]
        return [*entries, (art.bin(heap, 0.5), self.legend.bins)] if self.legend.bins else entries

    def _feeds(self, on: Canvas, rect: pygame.Rect) -> int:
        """The live sources with the age of their data, from the right; a ring for a late one, a disc for the others.

        The column at which the first begins.
        """
        surface, theme, u = on.surface, on.art.theme, self.unit
        x, size = rect.right - round(2 * u), round(2.3 * u)
        radius, gap = max(2, round(0.55 * u)), round(0.7 * u)
        for k, feed in enumerate(self.feeds):
            ink = theme.headline if feed.late else theme.text_muted
            line = render(feed.text, size, ink, "Bold" if feed.late else "Medium")
            left = x - line.get_width() - gap - 2 * radius
            if (left < rect.x + round(6 * u) and k + 1 < len(self.feeds)) or left < rect.x:
                more = render(f"+{len(self.feeds) - k}", size, ink, "Medium")
                stamp(surface, more, more.get_rect(midright=(x, rect.centery)))
                return x - more.get_width()
            ring = max(1, radius // 2) if feed.late else 0
            pygame.draw.circle(surface, ink, (left + radius, rect.centery), radius, ring)
            stamp(surface, line, line.get_rect(midright=(x, rect.centery)))
            x = left - round(2.4 * u)
        return x
