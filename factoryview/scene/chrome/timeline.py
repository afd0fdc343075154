"""The timeline: the whole log from left to right, where it jammed, what happened, the playhead, and the foot line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import pygame

from factoryview.scene.charts.ahead import FutureGround
from factoryview.scene.charts.axes import time_axis
from factoryview.scene.charts.limits import limit_nodes
from factoryview.scene.charts.marks import ROW, mark_nodes
from factoryview.scene.charts.scale import TimeScale
from factoryview.scene.charts.signs import sign_nodes, together
from factoryview.scene.chrome.banner import edge_of
from factoryview.scene.chrome.panel import Panel
from factoryview.scene.colour import Colour, mix
from factoryview.scene.picture import Bar, Facts, FeedNow, Moment
from factoryview.scene.text import fit, leave_out, render, stamp, width
from factoryview.scene.theme import Dress, Theme
from factoryview.scene.ui.composition import Composition
from factoryview.scene.ui.look import Canvas, Look
from factoryview.scene.ui.node import Action, Node

_SPEED, _FOOT = 30, 28
"""Em in u."""
_PACE = 28
"""Em in u of how fast it plays."""
_SPAN = 6
"""u of the line that shows since when."""
_LIMITS = 20
"""u below the bars for what limited the plant, where that is known."""
_SPACE = 20
"""u between what has happened and the words for what is still to be played."""
_PALE = 0.78
"""How pale bars are that have not been played."""
_HATCH = 14
"""u from stroke to stroke where nothing has been counted yet."""
_BARE = 34
"""u above the bars where nothing happened that is to be written there."""


def scale_of(facts: Facts, composition: Composition) -> TimeScale:
    """Where moments stand on the timeline."""
    bars = composition.bars
    return TimeScale(facts.first, facts.last, bars.x, bars.w)


def timeline_node(facts: Facts, moment: Moment, composition: Composition) -> Node:
    """Everything that shows time."""
    return Node("timeline", composition.timeline, Panel(), children=tuple(_parts(facts, moment, composition)))


def _parts(facts: Facts, moment: Moment, composition: Composition) -> Iterator[Node]:
    box, u, bars, scale = composition.timeline, composition.u, composition.bars, scale_of(facts, composition)
    playhead = scale.column(moment.at)
    rows, low = 2, composition.foot.y
    if not facts.notes and not moment.feeds:
        low = box.bottom
        bars = pygame.Rect(bars.x, bars.y, bars.w, bars.h + min(round(ROW * u), max(0, box.bottom - bars.bottom)))
    sign_at = bars.centery - box.y
    if not facts.marks and not facts.signs:
        top = min(bars.y, box.y + round(_BARE * u))
        bars = pygame.Rect(bars.x, top, bars.w, bars.bottom - top)
    below = bars.bottom
    if facts.limits:
        bars = pygame.Rect(bars.x, bars.y, bars.w, max(1, bars.h - round(_LIMITS * u)))
    count = len(facts.bars)
    past = bisect_right(range(count), playhead, key=lambda i: bars.x + bars.w * (i + 1) // count)
    yield Node("timeline/bars", bars, Bars(facts.bars, past), "image")
    if facts.counted is not None and facts.counted < facts.last:
        begin = min(max(bars.x, scale.column(facts.counted)), bars.right - 1)
        uncounted = pygame.Rect(begin, bars.y, bars.right - begin, bars.h)
        yield Node("timeline/uncounted", uncounted, FutureGround(max(4, round(_HATCH * u))), "image", facts.ahead)
    first = moment.banners[0] if moment.banners else None
    if first is not None and first.begun is not None:
        begin, thick = max(bars.x, scale.column(first.begun)), max(2, round(_SPAN * u))
        span = pygame.Rect(begin, bars.bottom - thick // 2, max(0, min(bars.right, playhead) - begin), thick)
        yield Node("timeline/since", span, SinceLook(first.dress), "image", first.since)
    lane = pygame.Rect(bars.x, bars.bottom + round(4 * u), bars.w, max(3, below - bars.bottom - round(4 * u)))
    wide, high = max(0, box.right - round(8 * u) - bars.x), max(0, low - below)
    axis = pygame.Rect(bars.x, below, wide, high)
    yield time_axis("timeline/axis", facts.ticks, scale, axis, u)
    inside = (bars.x, box.right - round(8 * u))
    marks = together([(mark.at, mark.label) for mark in facts.marks], facts.signs, scale, inside, u, rows)
    strokes_and_words = tuple(mark_nodes("timeline/mark", marks, box.y, bars.bottom, u, now=moment.at, rows=rows))
    yield from strokes_and_words[:1]
    if facts.ahead and not moment.live and not moment.feeds:
        wide = width(facts.ahead, max(4, round(_FOOT * u)), "Medium")
        words = pygame.Rect(bars.right - wide, bars.y - round(ROW * u), wide, round(ROW * u))
        beside = (mark.end for mark in marks if mark.at <= moment.at and box.y + (mark.row + 1) * ROW * u > words.y)
        taken = max([playhead, *beside])
        if words.x >= taken + round(_SPACE * u):
            yield Node("timeline/ahead", words, Ahead(facts.ahead, u), "text", facts.ahead)
    if facts.loop is not None:
        left, right = (scale.column(at) for at in facts.loop)
        looped = pygame.Rect(left, below, max(2, right - left), max(3, round(5 * u)))
        yield Node("timeline/loop", looped, Looped(), "image")
    thick, over = max(2, round(4 * u)), round(6 * u)
    line = pygame.Rect(playhead - thick // 2, bars.y - over, thick, bars.h + over + round(4 * u))
    if facts.first <= moment.at <= facts.last or not facts.zoomed:
        yield Node("timeline/playhead", line, PlayheadLook(), "image")
    notes = (*moment.notes, *facts.notes)
    yield Node("timeline/foot", composition.foot, Foot(notes, moment.feeds, u), "text", " · ".join(notes))
    beyond = pygame.Rect(bars.right, box.y, max(0, box.right - bars.right), box.h)
    yield Node("timeline/end", beyond, None, "button", "", Action("seek", (1.0,)))
    whole = pygame.Rect(bars.x, box.y, bars.w, box.h)
    yield Node("timeline/track", whole, None, "slider", "", Action("seek"))
    if facts.zoomed:
        yield Node("timeline/grip", axis, None, "slider", "", Action("ribbon_pan"))
    yield from strokes_and_words[1:]
    yield from limit_nodes("timeline/limit", facts.limits, scale, lane, moment.at)
    yield from sign_nodes("timeline/sign", facts.signs, scale, bars, u)
    button = pygame.Rect(box.x, box.y, bars.x - box.x, composition.foot.y - box.y)
    back = facts.to_live if moment.feeds and not moment.live else ""
    replay = "" if moment.live or moment.feeds else facts.replay
    sign = Speed(moment.speed, moment.playing, moment.live, back, replay, sign_at, u)
    said = Node("timeline/speed", button, None, "status", moment.speed)
    yield Node("timeline/play", button, sign, "button", moment.speed, Action("play"), (said,))


@dataclass(frozen=True)
class Speed(Look):
    """What a press would do and how fast it plays, or that it is live, or how to come back; at rest that it is a
    replay, else a date of long ago looks like a clock that has stopped.
    """

    speed: str
    playing: bool
    live: bool
    back: str
    replay: str
    middle: int
    """Pixels from the upper edge."""
    u: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, u = on.art.theme, self.u
        x, middle = rect.x + round(24 * u), rect.y + self.middle
        if not self.live and (side := round(44 * u)) > 0:
            sign = on.art.sign("pause" if self.playing else "play", side)
            on.surface.blit(sign, (x - round(6 * u), middle - side // 2))
            x += side
        if self.live:
            words = render(self.speed, max(4, round(_SPEED * u)), theme.headline, "Bold")
            stamp(on.surface, words, (x, middle - words.get_height() // 2))
        elif self.back:
            back = render(self.back, max(4, round(_FOOT * u)), theme.signal_text.amber, "Medium")
            stamp(on.surface, back, (x, middle - back.get_height() // 2))
        below = self.speed if self.playing else self.replay
        if below and not self.live and not self.back:
            room = rect.w - round(26 * u)
            size = fit(below, (room, rect.h), max(4, round(_PACE * u)), 4, "Medium")
            if size is None:
                leave_out(below, rect)
                return
            words = render(below, size, theme.text_muted, "Medium")
            lower = middle + round(38 * u) + words.get_height() // 2 <= rect.bottom
            row = middle + round((38 if lower else -44) * u)
            stamp(on.surface, words, (rect.x + round(18 * u), row - words.get_height() // 2))


@dataclass(frozen=True)
class Bars(Look):
    """Cases in progress over the log, in the colour of the worst jam then; what is to come is pale."""

    bars: tuple[Bar, ...]
    past: int
    """How many of them are over: what is in the others is not known yet."""

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, count = on.art.theme, len(self.bars)
        tallest = max((bar.height for bar in self.bars), default=0.0) or 1.0
        for i, bar in enumerate(self.bars):
            x0, x1 = rect.x + rect.w * i // count, rect.x + rect.w * (i + 1) // count
            gap = 1 if x1 - x0 >= 4 else 0
            high = max(1, round(rect.h * 0.96 * bar.height / tallest))
            colour = bar_colour(theme, bar.level, fresh=bar.fresh)
            colour = colour if i < self.past else mix(theme.rung, theme.panel, _PALE)
            on.surface.fill(colour, (x0, rect.bottom - high, x1 - x0 - gap, high))


@dataclass(frozen=True)
class Ahead(Look):
    """Over the bars that come later, that they are not played yet: what is shown is a recording, nothing foreseen."""

    words: str
    u: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        line = render(self.words, max(4, round(_FOOT * self.u)), on.art.theme.text_muted, "Medium")
        stamp(on.surface, line, (rect.right - line.get_width(), rect.centery - line.get_height() // 2))


@dataclass(frozen=True)
class SinceLook(Look):
    """A line below the bars, from when the headline says to now, in the headline's colour."""

    dress: Dress

    @property
    def opaque(self) -> bool:
        return True

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        on.surface.fill(edge_of(on.art.theme, self.dress), rect)


def bar_colour(theme: Theme, level: int, *, fresh: bool) -> Colour:
    """Vermilion only while an alarm is new; the rest of a jam is brick, slow is a quiet amber."""
    if level == 2:
        return theme.signal.red if fresh else theme.brick
    return mix(theme.signal.amber, theme.panel, 0.4) if level == 1 else theme.rung


@dataclass(frozen=True)
class PlayheadLook(Look):
    """The moment shown."""

    @property
    def opaque(self) -> bool:
        return True

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        on.surface.fill(on.art.theme.headline, rect)


@dataclass(frozen=True)
class Looped(Look):
    """The span that plays again and again, or its begin."""

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        on.surface.fill(on.art.theme.work, rect)


@dataclass(frozen=True)
class Foot(Look):
    """Notes from the left, live sources with the age of their data from the right."""

    notes: tuple[str, ...]
    feeds: tuple[FeedNow, ...]
    u: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, u = on.art.theme, self.u
        size, gap = max(4, round(_FOOT * u)), round(26 * u)
        end, x = self._feeds(on, rect, size, gap), rect.x
        for note in self.notes:
            line = render(note, size, theme.text_muted, "Medium")
            if x + line.get_width() > end:
                leave_out(note, pygame.Rect(x, rect.y, line.get_width(), rect.h))
                break
            stamp(on.surface, line, (x, rect.centery - line.get_height() // 2))
            x += line.get_width() + gap

    def _feeds(self, on: Canvas, rect: pygame.Rect, size: int, gap: int) -> int:
        """A ring for a late one, a disc for the others; the column at which the first begins."""
        theme, end, radius = on.art.theme, rect.right, max(2, round(6 * self.u))
        for i, feed in enumerate(self.feeds):
            ink = theme.headline if feed.late else theme.text_muted
            line = render(feed.text, size, ink, "Bold" if feed.late else "Medium")
            left = end - line.get_width() - 4 * radius
            if left < rect.x + round(60 * self.u):
                more = render(f"+{len(self.feeds) - i}", size, ink, "Medium")
                stamp(on.surface, more, (end - more.get_width(), rect.centery - more.get_height() // 2))
                return end - more.get_width() - gap
            ring = max(1, radius // 2) if feed.late else 0
            pygame.draw.circle(on.surface, ink, (left + radius, rect.centery), radius, ring)
            stamp(on.surface, line, (end - line.get_width(), rect.centery - line.get_height() // 2))
            end = left - gap
        return end
