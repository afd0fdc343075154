"""What limited the plant along a time scale: thin while nothing piles up, higher as the queue grows, then thinner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pygame

from factoryview.scene.charts.scale import TimeScale
from factoryview.scene.colour import mix
from factoryview.scene.picture import Limit
from factoryview.scene.ui.look import Canvas, Look
from factoryview.scene.ui.node import Action, Node

_PALE = 0.62
"""How much what is to come has of the panel's colour; as the bars above it."""


def limit_nodes(name: str, limits: Sequence[Limit], scale: TimeScale, lane: pygame.Rect, now: int) -> Iterator[Node]:
    """A shape for each span; pointing at it says whose it is, pressing it goes to its beginning."""
    for k, limit in enumerate(limits):
        left, right = (min(max(scale.column(at), lane.x), lane.right) for at in (limit.since, limit.until))
        rect = pygame.Rect(left, lane.y, max(2, right - left - 1), lane.h)
        late, peak = (None if at is None else scale.column(at) - left for at in (limit.late, limit.peak))
        past = min(max(scale.column(now) - left, 0), rect.w)
        yield Node(f"{name}/{k}", rect, LimitLook(late, peak, past), "mark", limit.said, Action("to", (limit.since,)))


@dataclass(frozen=True)
class LimitLook(Look):
    """Columns from the left edge: where the queue began to grow, where it was longest, and where now is."""

    late: int | None
    peak: int | None
    past: int

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, thin = on.art.theme, max(1, rect.h // 4)
        low, right = rect.bottom - 1, rect.right - 1
        shape = [(rect.x, low), (rect.x, low - thin)]
        if self.late is not None and self.peak is not None:
            shape += [(rect.x + self.late, low - thin), (rect.x + max(self.peak, self.late), rect.y)]
        shape += [(right, low - thin), (right, low)]
        before = on.surface.get_clip()
        gone = pygame.Rect(rect.x, rect.y, self.past, rect.h)
        ahead = pygame.Rect(gone.right, rect.y, rect.w - self.past, rect.h)
        for part, colour in ((gone, theme.brick), (ahead, mix(theme.brick, theme.panel, _PALE))):
            on.surface.set_clip(part.clip(before))
            pygame.draw.polygon(on.surface, colour, shape)
        on.surface.set_clip(before)
