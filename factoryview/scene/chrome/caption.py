"""What a film says of what is seen: one caption at a time, at the foot of the floor if it covers nothing there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pygame

from factoryview.scene.text import put, width
from factoryview.scene.ui.composition import Composition
from factoryview.scene.ui.look import Canvas, Look
from factoryview.scene.ui.node import Node

_TITLE, _DETAIL = 4.6, 3.0
"""Sizes of type in hundredths of the shorter side."""
_ACROSS, _DOWN = (0.5, 0.0, 1.0, 0.25, 0.75), (1.0, 0.0, 0.75, 0.5, 0.25)
"""Where a caption may stand, in shares of the room it leaves free; the first of those that cover as much is taken."""
_ALIKE = 0.1
"""Places that cover so little more of things, as a share of the caption, are as good."""


def caption_node(title: str, detail: str, composition: Composition, taken: Sequence[pygame.Rect] = ()) -> Node:
    """Title and, under it, a detail, where least of the floor is `taken`: at its foot if it can be, else at its top."""
    u, floor = composition.unit, composition.floor
    words = max(width(title, round(_TITLE * u), "Bold"), width(detail, round(_DETAIL * u), "Medium") if detail else 0)
    box = pygame.Rect(0, 0, min(floor.w, words + round(6 * u)), round((11.0 if detail else 7.0) * u))
    inner = floor.inflate(-round(3 * u), -round(3 * u))
    places = [
        box.move(inner.x + round(x * (inner.w - box.w)), inner.y + round(y * (inner.h - box.h)))
        for y in _DOWN
        for x in _ACROSS
    ]

    def covered(place: pygame.Rect) -> int:
        return round(sum(part.w * part.h for part in map(place.clip, taken)) / (_ALIKE * box.w * box.h))

    place = min(places, key=covered)
    return Node("caption", place, Caption(title, detail, u), "status", " · ".join(filter(None, (title, detail))))


@dataclass(frozen=True)
class Caption(Look):
    """Two lines in a box."""

    title: str
    detail: str
    unit: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, u = on.art.theme, self.unit
        pygame.draw.rect(on.surface, theme.panel, rect, border_radius=round(u))
        pygame.draw.rect(on.surface, theme.panel_edge, rect, max(1, round(u / 5)), border_radius=round(u))
        inner = rect.inflate(-round(4 * u), -round(1.6 * u))
        head = pygame.Rect(inner.x, inner.y, inner.w, round(5.4 * u) if self.detail else inner.h)
        foot = pygame.Rect(inner.x, head.bottom, inner.w, max(0, inner.bottom - head.bottom))
        put(on.surface, self.title, head, theme.headline, largest=round(_TITLE * u), weight="Bold")
        if self.detail:
            put(on.surface, self.detail, foot, theme.text, largest=round(_DETAIL * u), weight="Medium")
