"""Points at what they cost and how long they take: a front of those than which no other is better."""

from __future__ import annotations

from dataclasses import dataclass

import pygame

from factoryview.scene.colour import mix
from factoryview.scene.text import put, render, stamp, width
from factoryview.scene.ui.look import Canvas, Look

_EM, _RADIUS = 22, 15
"""Of words, and of a dot, in u."""


@dataclass(frozen=True)
class Dot:
    """A scenario."""

    x: float
    """Cost."""
    y: float
    """Lead time."""
    name: str
    """A number, or a word for the plant as it is."""
    front: bool
    """None is better in all."""
    chosen: bool


@dataclass(frozen=True)
class FrontLook(Look):
    """Dots over two axes, dearer to the right, longer above; those of the front are joined."""

    dots: tuple[Dot, ...]
    along: tuple[str, str]
    """The least and the most cost, in words."""
    upwards: tuple[str, str]
    x_title: str
    y_title: str
    u: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, size, box = on.art.theme, max(4, round(_EM * self.u)), self.plot(rect)
        line, ink = max(1, round(self.u)), theme.text_muted
        pygame.draw.line(on.surface, theme.panel_edge, box.bottomleft, box.bottomright, line)
        pygame.draw.line(on.surface, theme.panel_edge, box.topleft, box.bottomleft, line)
        title = pygame.Rect(rect.x, rect.y, rect.w, round(28 * self.u))
        put(on.surface, self.y_title, title, ink, largest=size, weight="Medium", align="left")
        left = pygame.Rect(rect.x, box.y, box.x - rect.x - round(8 * self.u), round(26 * self.u))
        put(on.surface, self.upwards[1], left, ink, largest=size, weight="Medium", align="right")
        left.bottom = box.bottom
        put(on.surface, self.upwards[0], left, ink, largest=size, weight="Medium", align="right")
        foot = pygame.Rect(box.x, box.bottom + round(2 * self.u), box.w, rect.bottom - box.bottom - round(2 * self.u))
        third = foot.w // 3
        for words, x, align in ((self.along[0], foot.x, "left"), (self.x_title, foot.x + third, "centre"),
                                (self.along[1], foot.right - third, "right")):  # fmt: skip
            part = pygame.Rect(x, foot.y, third, foot.h)
            put(on.surface, words, part, ink, largest=size, weight="Medium", align=align)  # type: ignore[arg-type]
        boxes = dot_boxes(self, rect)
        joined = sorted((dot.x, box.center) for dot, box in zip(self.dots, boxes, strict=True) if dot.front)
        if len(joined) > 1:
            pygame.draw.aalines(on.surface, mix(theme.ghost, theme.panel, 0.4), False, [at for _, at in joined])
        for dot, place in zip(self.dots, boxes, strict=True):
            self._dot(on, dot, place)

    def _dot(self, on: Canvas, dot: Dot, place: pygame.Rect) -> None:
        theme, radius, size = on.art.theme, place.w // 2, max(4, round(_EM * self.u))
        ground = theme.ghost if dot.front else theme.board
        pygame.draw.circle(on.surface, ground, place.center, radius)
        edge = theme.headline if dot.chosen else theme.ghost if dot.name.isdigit() else theme.text_muted
        pygame.draw.circle(on.surface, edge, place.center, radius, max(1, round((3 if dot.chosen else 1.5) * self.u)))
        ink = theme.panel if dot.front else theme.text
        words = render(dot.name, size, ink if dot.name.isdigit() else theme.text_muted, "SemiBold")
        x = place.centerx - words.get_width() // 2
        if not dot.name.isdigit():
            x = place.right + round(4 * self.u)
        stamp(on.surface, words, (x, round(place.centery - 0.54 * words.get_height())))

    def plot(self, rect: pygame.Rect) -> pygame.Rect:
        """Where the dots lie."""
        size, u = max(4, round(_EM * self.u)), self.u
        left = max(width(words, size, "Medium") for words in self.upwards) + round(14 * u)
        return pygame.Rect(rect.x + left, rect.y + round(30 * u), max(1, rect.w - left),
                           max(1, rect.h - round(62 * u)))  # fmt: skip


def dot_boxes(look: FrontLook, rect: pygame.Rect) -> list[pygame.Rect]:
    """Where each dot of a front lies in a rectangle; one that would lie on another stands to its right."""
    box, radius = look.plot(rect), round(_RADIUS * look.u)
    inner = box.inflate(-4 * radius, -3 * radius)
    xs, ys = [dot.x for dot in look.dots], [dot.y for dot in look.dots]

    def share(value: float, values: list[float]) -> float:
        low, high = min(values), max(values)
        return (value - low) / (high - low) if high > low else 0.5

    found: list[pygame.Rect] = []
    for dot in look.dots:
        place = pygame.Rect(0, 0, 2 * radius, 2 * radius)
        place.center = (inner.x + round(share(dot.x, xs) * inner.w), inner.bottom - round(share(dot.y, ys) * inner.h))
        while place.collidelist(found) >= 0 and place.right + 2 * radius <= box.right:
            place.x += radius
        found.append(place)
    return found
