"""Where the parts of a screen stand, computed from any rectangle: on a desk, on a wall, upright, side by side."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache

import pygame

HEADER, LADDER, TIMELINE = 124, 76, 168
"""Heights in u: a u is 1/1080 of the height of a lying screen, or of the width of an upright one."""
_BESIDE = 520
"""u of a lying screen's lowest strip that the ladder takes; the timeline has the rest."""
_TITLE = 505
"""u of a header that title and clock take."""
_FIRST = 0.66
"""Share of a lying header's banner that the first of two headlines takes."""
_LEFT = 150
"""u left of the bars: play sign and speed."""
_FILTERS = 60
"""Height of the row of filters in u."""
_PANEL, _MOST_OF = 600, 0.42
"""Width of an open panel in u, and at most as a share of the screen."""
LARGE = 1.25
"""How much larger letters are for those who want them so."""
_LOGO = 0.18
"""Of the width that a logo takes at most."""
_GAP = 4
"""u between two plants beside each other."""
_FOOT = 30
"""u of the lowest line."""


@dataclass(frozen=True)
class Composition:
    """The parts of one plant's picture; together they cover `rect`.

    Header and floor lie below each other. On a lying screen ladder and timeline share one strip, so that the floor
    has the height; on an upright one they lie below each other.
    """

    rect: pygame.Rect
    u: float
    """Pixels: the measure of everything that is not floor."""
    header: pygame.Rect
    floor: pygame.Rect
    ladder: pygame.Rect
    """Without height where there is none."""
    timeline: pygame.Rect
    panel: pygame.Rect = field(default_factory=lambda: pygame.Rect(0, 0, 0, 0))
    """What is open beside the floor; without width where nothing is."""
    filters: pygame.Rect = field(default_factory=lambda: pygame.Rect(0, 0, 0, 0))
    """The row of filters above the floor; without height where there are none."""
    lens: pygame.Rect = field(default_factory=lambda: pygame.Rect(0, 0, 0, 0))
    """The row of what the hues of crates say; without height where that is the channel."""
    logo: pygame.Rect = field(default_factory=lambda: pygame.Rect(0, 0, 0, 0))
    """Beside the header, for the sign of whoever shows it; without width where there is none."""

    beside: pygame.Rect = field(default_factory=lambda: pygame.Rect(0, 0, 0, 0))
    """Where another plant is seen beside this one's floor; without width where none is."""

    @property
    def upright(self) -> bool:
        """Whether the header has a second row, because title and banner find no room beside each other."""
        return self.rect.w < 1.2 * self.rect.h

    @property
    def unit(self) -> float:
        """One per cent of the shorter side, in pixels: the measure of dialogs."""
        return 10.8 * self.u

    @property
    def title(self) -> pygame.Rect:
        """Name of the plant and clock."""
        left, row = self._of(24), self._row
        wide = min(row.w - left, self._of(_TITLE)) - left
        return pygame.Rect(row.x + left, row.y + self._of(8), max(0, wide), max(0, row.h - self._of(16)))

    @property
    def banner(self) -> pygame.Rect:
        """Where the headlines stand."""
        row = self._row
        if self.upright:
            row = row.move(0, row.h)
        left = self._of(12) if self.upright else self._of(_TITLE + 15)
        wide = row.w - left - self._of(12)
        return pygame.Rect(row.x + left, row.y + self._of(10), max(0, wide), max(0, row.h - self._of(16)))

    @property
    def second(self) -> pygame.Rect:
        """Where a second headline stands: on an upright screen beside title and clock, so that the first has a row of
        its own, else at the right of the first.
        """
        row, whole, gap = self._row, self.banner, self._of(10)
        if self.upright:
            left = min(row.w, self._of(_TITLE + 15))
            return pygame.Rect(
                row.x + left, row.y + gap, max(0, whole.right - row.x - left), max(0, row.h - self._of(16))
            )
        left = whole.x + round(whole.w * _FIRST) + gap
        return pygame.Rect(left, whole.y, max(0, whole.right - left), whole.h)

    @property
    def view(self) -> pygame.Rect:
        """The part of the floor in which the plant is seen: all but a narrow rim."""
        rim = self._of(8)
        return pygame.Rect(self.floor.x + rim, self.floor.y, max(1, self.floor.w - 2 * rim),
                           max(1, self.floor.h - self._of(4)))  # fmt: skip

    @property
    def aspect(self) -> float:
        """Width ÷ height of the view."""
        return self.view.w / self.view.h

    @property
    def bars(self) -> pygame.Rect:
        """The part of the timeline on which time runs from left to right."""
        box, left = self.timeline, self._of(_LEFT)
        high = max(0, min(self._of(44), box.h - self._of(60)))
        return pygame.Rect(box.x + left, box.y + self._of(60), max(0, box.w - left - self._of(24)), high)

    @property
    def foot(self) -> pygame.Rect:
        """The lowest line: notes and the age of sources."""
        box, rim, high = self.timeline, self._of(24), self._of(_FOOT)
        return pygame.Rect(box.x + rim, box.bottom - high, max(0, box.w - 2 * rim), high)

    @property
    def _row(self) -> pygame.Rect:
        return pygame.Rect(self.header.x, self.header.y, self.header.w, self.header.h // (2 if self.upright else 1))

    def _of(self, length: float) -> int:
        return round(length * self.u)


@lru_cache(maxsize=16)
def composed(size: tuple[int, int], scale: float = 1.0) -> Composition:
    """One plant on a whole surface of that size. scale: of all that is not floor, like `LARGE`."""
    return fitted(pygame.Rect((0, 0), size), scale)


def fitted(rect: pygame.Rect, scale: float = 1.0) -> Composition:
    """One plant in any rectangle, lying or upright as that is; upright, headlines have a row of their own."""
    return _stacked(rect, HEADER * (2 if rect.w < 1.2 * rect.h else 1), LADDER, scale)


def with_filters(whole: Composition) -> Composition:
    """The same with a row above the floor."""
    floor = whole.floor
    high = min(floor.h, round(_FILTERS * whole.u))
    return replace(
        whole,
        floor=pygame.Rect(floor.x, floor.y + high, floor.w, floor.h - high),
        filters=pygame.Rect(floor.x, floor.y, floor.w, high),
    )


def with_logo(whole: Composition, aspect: float) -> Composition:
    """The same with room for a logo at the left of the header. aspect: its width ÷ height."""
    box, row = whole.header, whole._row
    wide = round(min(_LOGO * box.w, row.h * max(0.25, aspect)))
    return replace(
        whole,
        header=pygame.Rect(box.x + wide, box.y, box.w - wide, box.h),
        logo=pygame.Rect(box.x, box.y, wide, box.h),
    )


def with_lens(whole: Composition) -> Composition:
    """The same with a row above the floor that says what the hues mean."""
    floor = whole.floor
    high = min(floor.h, round(_FILTERS * whole.u))
    return replace(
        whole,
        floor=pygame.Rect(floor.x, floor.y + high, floor.w, floor.h - high),
        lens=pygame.Rect(floor.x, floor.y, floor.w, high),
    )


def with_panel(whole: Composition) -> Composition:
    """The same with a panel at the right of the floor; on an upright screen in the lower half of the floor."""
    floor = whole.floor
    if whole.upright:
        high = floor.h // 2
        panel = pygame.Rect(floor.x, floor.bottom - high, floor.w, high)
        return replace(whole, floor=pygame.Rect(floor.x, floor.y, floor.w, floor.h - high), panel=panel)
    wide = min(round(_PANEL * whole.u), round(_MOST_OF * floor.w))
    panel = pygame.Rect(floor.right - wide, floor.y, wide, floor.h)
    return replace(whole, floor=pygame.Rect(floor.x, floor.y, floor.w - wide, floor.h), panel=panel)


def with_beside(whole: Composition) -> Composition:
    """The same with a half of the floor for another plant: the left one, on a narrow floor the upper one."""
    floor = whole.floor
    gap = max(1, round(_GAP * whole.u))
    if floor.w >= floor.h:
        wide = (floor.w - gap) // 2
        left, right = (pygame.Rect(x, floor.y, wide, floor.h) for x in (floor.x, floor.right - wide))
        return replace(whole, floor=right, beside=left)
    high = (floor.h - gap) // 2
    upper, lower = (pygame.Rect(floor.x, y, floor.w, high) for y in (floor.y, floor.bottom - high))
    return replace(whole, floor=lower, beside=upper)


def _stacked(rect: pygame.Rect, header: float, ladder: float, scale: float) -> Composition:
    """The parts of a rectangle; the floor takes what is left."""
    u = scale * min(rect.w, rect.h) / 1080
    top = min(rect.h, round(u * header))
    low = min(rect.h - top, round(u * TIMELINE))
    timeline = pygame.Rect(rect.x, rect.bottom - low, rect.w, low)
    if rect.w >= 1.2 * rect.h:
        wide = round(u * _BESIDE)
        rungs = pygame.Rect(rect.x, timeline.y, wide, low)
        timeline.x, timeline.w = rect.x + wide, rect.w - wide
    else:
        middle = min(rect.h - top - low, round(u * ladder))
        rungs = pygame.Rect(rect.x, timeline.y - middle, rect.w, middle)
    floor = pygame.Rect(rect.x, rect.y + top, rect.w, rungs.y - rect.y - top)
    return Composition(rect, u, pygame.Rect(rect.x, rect.y, rect.w, top), floor, rungs, timeline)
