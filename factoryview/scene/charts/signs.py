"""Small signs on a time scale: a triangle for what changed, a flag for a note, a ring for the day something was due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pygame

from factoryview.scene.charts.axes import Written
from factoryview.scene.charts.marks import Placed, placed
from factoryview.scene.charts.scale import TimeScale
from factoryview.scene.colour import Colour
from factoryview.scene.picture import Sign
from factoryview.scene.theme import Theme
from factoryview.scene.ui.look import Canvas, Look
from factoryview.scene.ui.node import Action, Node

_SIDES = {1: 13, 2: 17, 3: 22}
"""Width of a sign by its size, in u."""
_RIM = 2
"""u of the line around it."""


def together(
    marks: Sequence[Written], signs: Sequence[Sign], scale: TimeScale, inside: tuple[int, int], u: float, rows: int
) -> list[Placed]:
    """The marks with their words, and the words of as many signs as take none of them away, the largest first."""
    chosen = sorted(marks)
    kept = placed(chosen, scale, inside, u, rows)
    for sign in sorted(signs, key=lambda each: (each.kind != "change", -each.size)):
        more = sorted([*chosen, (sign.at, sign.label)])
        found = placed(more, scale, inside, u, rows)
        shown = {(mark.at, mark.words): mark.shown for mark in found}
        if shown[sign.at, sign.label] == sign.label and all(shown[old.at, old.words] == old.shown for old in kept):
            chosen, kept = more, found
    return kept


def sign_nodes(name: str, signs: Sequence[Sign], scale: TimeScale, bars: pygame.Rect, u: float) -> Iterator[Node]:
    """The signs at the upper edge of the bars; pressing one goes to its moment, and pointing at it says all of it."""
    free = bars.x - 1
    for k, sign in enumerate(signs):
        side = max(5, round(_SIDES[sign.size] * u))
        rect = pygame.Rect(0, 0, side, side)
        rect.center = (scale.column(sign.at), bars.y + side // 2)
        rect.x = max(rect.x, min(free, rect.x + side))  # beside the one before, not over it
        free = rect.right
        look = SignLook(sign.kind, sign.worse, max(1, round(_RIM * u)))
        yield Node(f"{name}/{k}", rect, look, "mark", sign.said or sign.label, Action("to", (sign.at,)))


@dataclass(frozen=True)
class SignLook(Look):
    """Up and red: for the worse; down and calm: for the better. A note has a flag, a day on which it was due a ring."""

    kind: str
    worse: int
    rim: int

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme = on.art.theme
        ink, rim = _ink(theme, self.worse), theme.panel
        if self.kind == "due":
            pygame.draw.circle(on.surface, rim, rect.center, rect.w // 2)
            pygame.draw.circle(on.surface, ink, rect.center, max(2, rect.w // 2 - 1), max(2, rect.w // 5))
            return
        left, top, right, low = rect.x, rect.y, rect.right - 1, rect.bottom - 1
        if self.kind == "note":
            corners = [(left, top), (right, rect.y + rect.h // 3), (left, rect.y + 2 * rect.h // 3)]
            on.surface.fill(rim, (left - self.rim, top, 2 * self.rim + 1, rect.h))
            pygame.draw.polygon(on.surface, ink, corners)
            on.surface.fill(ink, (left, top, max(1, self.rim), rect.h))
            return
        corners = [(left, low), (rect.centerx, top), (right, low)]
        if self.worse < 0:
            corners = [(left, top), (rect.centerx, low), (right, top)]
        elif self.worse == 0:
            corners = [(rect.centerx, top), (right, rect.centery), (rect.centerx, low), (left, rect.centery)]
        pygame.draw.polygon(on.surface, ink, corners)
        pygame.draw.polygon(on.surface, rim, corners, self.rim)


def _ink(theme: Theme, worse: int) -> Colour:
    if worse > 0:
        return theme.brick
    return theme.work if worse < 0 else theme.headline
