"""Where the parts of a wall stand: the strip in every view, below it the view itself, all inside the safe area."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pygame

from factoryview.plant.wall_file import WallScreen
from factoryview.scene.chrome.large import LINE, TITLE
from factoryview.scene.legibility import CAPITALS, Viewing
from factoryview.scene.ui.composition import Composition

LEAST_EM = 56
"""u below which no strip is written, however near its viewers stand."""
_LADDER, _HIGH_LADDER, _FOOT = 84, 148, 26
"""u; on an upright screen the ladder's sentence stands above its rungs, as large as elsewhere."""
_CLOCK = 11
"""em in which name, date and time of a plant find room one above the other."""
_BESIDE = 0.36
"""The most of the width that they take at the left of the headline; else they stand in a row below it."""


@dataclass(frozen=True)
class WallLayout:
    """The parts of one view, in pixels of the picture."""

    whole: pygame.Rect
    """All of the picture, with the rim by which it drifts."""
    content: pygame.Rect
    """The safe area: whatever must be read stands in it."""
    strip: pygame.Rect
    """Edge to edge; what it says stands inside the content."""
    headline: pygame.Rect
    line: pygame.Rect
    """Clock and age of the data: the row under the headline, or two rows at its left."""
    body: pygame.Rect
    least: int
    """The least size of type that can be read."""
    em: int
    """The size of type of the strip and all that is read from afar: at least that."""
    head: int
    """The size of type of headline and notices, which are read by all who look at the wall, however near the view."""
    rows: int
    """Rows of the headline, and of what stands beside it."""
    u: float

    @property
    def beside(self) -> bool:
        """Name and clock stand at the left of the headline."""
        return self.line.y == self.headline.y

    @property
    def upright(self) -> bool:
        return self.content.w < 1.2 * self.content.h

    def floor(self, *, ladder: bool, below: int = 0) -> Composition:
        """The body as a plant's picture: floor, perhaps the ladder and a foot line, and so many pixels left below."""
        body = self.body
        rungs = round((_HIGH_LADDER if self.upright else _LADDER) * self.u) if ladder else 0
        foot = round(_FOOT * self.u)
        low = pygame.Rect(body.x, body.bottom - foot, body.w, foot)
        middle = pygame.Rect(body.x, low.y - below - rungs, body.w, rungs)
        floor = pygame.Rect(body.x, body.y, body.w, middle.y - body.y)
        return Composition(self.whole, self.u, self.strip, floor, middle, low)


@lru_cache(maxsize=64)
def wall_layout(size: tuple[int, int], screen: WallScreen, distance: float) -> WallLayout:
    """The parts of a view that is read from so many metres, on a display of that size (pixels)."""
    width, height = size
    drift = screen.drift_px
    whole = pygame.Rect(0, 0, width + 2 * drift, height + 2 * drift)
    rim_x = 2 * drift + round(width * screen.safe_area_percent / 100)
    rim_y = 2 * drift + round(height * screen.safe_area_percent / 100)
    content = pygame.Rect(rim_x, rim_y, max(1, whole.w - 2 * rim_x), max(1, whole.h - 2 * rim_y))
    u = min(content.size) / 1080
    em = least_em(size, screen, distance)
    pad = round(10 * u)
    first = max(em, round(LEAST_EM * u))
    head = max(first, least_em(size, screen, max(distance, screen.distance_m)))
    top = pygame.Rect(content.x + pad, content.y + pad, content.w - 2 * pad, 0)
    beside = round(_CLOCK * first)
    if beside <= _BESIDE * top.w and content.w >= 1.2 * content.h:
        rows, high = 2, round(LINE * (TITLE + 1) * head + 0.3 * head)
        line = pygame.Rect(top.x, top.y, beside, high)
        headline = pygame.Rect(line.right + pad, top.y, top.right - line.right - pad, high)
        bottom = headline.bottom
    else:
        rows = 2 if content.w < 1.2 * content.h else 1
        headline = pygame.Rect(top.x, top.y, top.w, round(head * LINE * rows + 0.2 * head))
        line = pygame.Rect(top.x, headline.bottom + pad // 2, top.w, round(first * 1.06) * rows)
        bottom = line.bottom
    strip = pygame.Rect(0, 0, whole.w, bottom + pad // 2)
    body = pygame.Rect(content.x, strip.bottom, content.w, max(1, content.bottom - strip.bottom))
    return WallLayout(whole, content, strip, headline, line, body, em, first, head, rows, u)


def least_em(size: tuple[int, int], screen: WallScreen, distance: float) -> int:
    """The least size of type, in pixels, that can be read from so many metres."""
    viewing = viewing_of(size, screen, distance)
    return -int(-(viewing.capitals() / CAPITALS * size[1] + 0.5) // 1)


def viewing_of(size: tuple[int, int], screen: WallScreen, distance: float) -> Viewing:
    """The wall's screen and those who look at it from there."""
    return Viewing(screen.inches, distance, size[0] / size[1])
