"""Where the eye is: which point of the plan stands at which pixel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import pygame

from factoryview.layout.plan import Plan, Rect

NEAREST, FARTHEST = 6.0, 0.08
"""Pixels per u."""
_STEP = 1 / 64
"""Scales are whole multiples of this, so that what is drawn for a scale can be used again."""


def eased(share: float) -> float:
    """How far a movement has come, 0 to 1, that is slow at both ends (smoothstep). share: of its time."""
    share = min(1.0, max(0.0, share))
    return share * share * (3 - 2 * share)


@dataclass(frozen=True)
class Camera:
    """k: pixels per u. (x, y): the point of the plan, in u, at the middle of `view`, where the floor is seen."""

    x: float
    y: float
    k: float
    view: pygame.Rect

    @classmethod
    def fit(cls, plan: Plan, view: pygame.Rect) -> Camera:
        """See the whole floor."""
        k = min(view.w / max(1, plan.width), view.h / max(1, plan.height))
        return cls(plan.width / 2, plan.height / 2, min(NEAREST, max(FARTHEST, k)), view)

    @cached_property
    def corner(self) -> tuple[int, int]:
        """The pixel of the floor's upper left corner; everything else lies whole pixels from it."""
        return (
            round(self.view.x + self.view.w / 2 - self.x * self.k),
            round(self.view.y + self.view.h / 2 - self.y * self.k),
        )

    def point(self, x: float, y: float) -> tuple[int, int]:
        """The pixel of a point of the plan."""
        left, top = self.corner
        return left + round(x * self.k), top + round(y * self.k)

    def rect(self, box: Rect) -> pygame.Rect:
        """The pixels of a rectangle of the plan; its edges are rounded each for itself."""
        x0, y0 = self.point(box.x, box.y)
        x1, y1 = self.point(box.right, box.bottom)
        return pygame.Rect(x0, y0, x1 - x0, y1 - y0)

    def floor_at(self, pixel: tuple[int, int]) -> tuple[float, float]:
        """The point of the plan under a pixel."""
        return (
            (pixel[0] - self.view.x - self.view.w / 2) / self.k + self.x,
            (pixel[1] - self.view.y - self.view.h / 2) / self.k + self.y,
        )

    def zoomed(self, factor: float, about: tuple[int, int]) -> Camera:
        """Nearer (factor > 1) or farther; the point of the plan under the pixel stays there."""
        k = min(NEAREST, max(FARTHEST, round(self.k * factor / _STEP) * _STEP))
        x, y = self.floor_at(about)
        ratio = self.k / k
        return replace(self, k=k, x=x + (self.x - x) * ratio, y=y + (self.y - y) * ratio)

    def through(self, view: pygame.Rect) -> Camera:
        """The floor stays where it is, seen through another part of the screen."""
        x, y = view.x + view.w / 2 - self.view.x - self.view.w / 2, view.y + view.h / 2 - self.view.y - self.view.h / 2
        return replace(self, x=self.x + x / self.k, y=self.y + y / self.k, view=view)

    def instead(self, home: Camera, other: Camera) -> Camera:
        """The same point of the floor in the middle of another view, and as much nearer than all of it.

        home, other: what sees the whole floor through this camera's view, and through the other one.
        """
        if self == home or home.view == other.view:
            return other if self == home else self
        return replace(other, x=self.x, y=self.y, k=round(self.k / home.k * other.k / _STEP) * _STEP)

    def showing(self, box: Rect, rim: int) -> Camera:
        """Moved as little as shows a rectangle of the plan with a rim of pixels; its upper left corner at the least."""
        seen, inner = self.rect(box), self.view.inflate(-2 * rim, -2 * rim)
        right, down = min(0, inner.right - seen.right), min(0, inner.bottom - seen.bottom)
        right, down = max(right, inner.x - seen.x), max(down, inner.y - seen.y)
        return self.panned((right, down)) if (right, down) != (0, 0) else self

    def panned(self, pixels: tuple[int, int]) -> Camera:
        """The floor moved by so many pixels."""
        return replace(self, x=self.x - pixels[0] / self.k, y=self.y - pixels[1] / self.k)

    def towards(self, other: Camera, share: float) -> Camera:
        """On the way to another camera of the same view: at share 0 this one, at 1 the other. Equal steps of the share
        bring it nearer by equal factors.
        """
        if share <= 0 or share >= 1:
            return self if share <= 0 else other
        k = round(self.k * (other.k / self.k) ** share / _STEP) * _STEP
        # so that a point of the floor moves over the picture in a straight line
        way = share if other.k == self.k else (1 / k - 1 / self.k) / (1 / other.k - 1 / self.k)
        return replace(self, k=k, x=self.x + (other.x - self.x) * way, y=self.y + (other.y - self.y) * way)

    def inside(self, plan: Plan) -> Camera:
        """Moved so far that it sees no more than the floor, as far as that is possible."""
        wide, high = self.view.w / self.k / 2, self.view.h / self.k / 2
        x = min(max(self.x, wide), plan.width - wide) if plan.width > 2 * wide else plan.width / 2
        y = min(max(self.y, high), plan.height - high) if plan.height > 2 * high else plan.height / 2
        return replace(self, x=x, y=y)
