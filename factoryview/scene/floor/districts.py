"""The floor of a department as a soft panel: rounded where it ends, without a seam where its parts meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import pygame

from factoryview.layout.plan import Rect
from factoryview.scene.colour import Colour


@dataclass(frozen=True)
class FloorPart:
    """A rectangle of a department's floor, and on which of its sides that ends: left, top, right, bottom."""

    rect: Rect
    ends: tuple[bool, bool, bool, bool]
    notches: tuple[bool, bool, bool, bool]
    """Where no side ends and yet the floor has a corner: upper left, upper right, lower right, lower left."""

    def paint(self, on: pygame.Surface, box: pygame.Rect, inset: int, radius: int, colour: Colour,
              beyond: Colour) -> None:  # fmt: skip
        """Leave `inset` pixels free at sides that end, with rounded corners where two of them meet."""
        left, top, right, bottom = (inset if end else 0 for end in self.ends)
        inner = pygame.Rect(box.x + left, box.y + top, box.w - left - right, box.h - top - bottom)
        corners = (left and top, right and top, right and bottom, left and bottom)
        upper_left, upper_right, lower_right, lower_left = (max(0, radius) if corner else 0 for corner in corners)
        pygame.draw.rect(on, colour, inner, 0, 0, upper_left, upper_right, lower_left, lower_right)
        spots = ((box.x, box.y), (box.right - inset, box.y), (box.right - inset, box.bottom - inset),
                 (box.x, box.bottom - inset))  # fmt: skip
        for spot, notch in zip(spots, self.notches, strict=True):
            if notch:
                on.fill(beyond, (*spot, inset, inset))


def floor_parts(rects: Sequence[Rect]) -> list[FloorPart]:
    """Disjoint rectangles cut into cells of one grid, each with the sides on which none of the others goes on."""
    xs = sorted({side for rect in rects for side in (rect.x, rect.right)})
    ys = sorted({side for rect in rects for side in (rect.y, rect.bottom)})

    def within(c: int, r: int) -> bool:
        if not (0 <= c < len(xs) - 1 and 0 <= r < len(ys) - 1):
            return False
        return any(rect.x <= xs[c] < rect.right and rect.y <= ys[r] < rect.bottom for rect in rects)

    found = []
    for c, r in product(range(len(xs) - 1), range(len(ys) - 1)):
        if within(c, r):
            left, top, right, bottom = ends = (
                not within(c - 1, r), not within(c, r - 1), not within(c + 1, r), not within(c, r + 1),
            )  # fmt: skip
            notches = (
                not left and not top and not within(c - 1, r - 1),
                not right and not top and not within(c + 1, r - 1),
                not right and not bottom and not within(c + 1, r + 1),
                not left and not bottom and not within(c - 1, r + 1),
            )
            box = Rect(xs[c], ys[r], xs[c + 1] - xs[c], ys[r + 1] - ys[r])
            found.append(FloorPart(box, ends, notches))
    return found
