"""The timeline: the whole log from left to right, where it jammed, what happened, and the playhead."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import pygame

from factoryview.scene.charts.scale import TimeScale
from factoryview.scene.chrome.panel import Panel
from factoryview.scene.picture import Bar, Facts, Moment
from factoryview.scene.text import put, render, stamp
from factoryview.scene.theme import Level
from factoryview.scene.ui.composition import Composition
from factoryview.scene.ui.look import Canvas, Look
from factoryview.scene.ui.node import Action, Node


def bars_of(composition: Composition) -> pygame.Rect:
    """The part of the timeline on which time runs from left to right."""
    box, u = composition.timeline, composition.unit
    left = round(13 * u)
    return pygame.Rect(box.x + left, box.y + round(2.9 * u), max(0, box.w - left - round(3 * u)), round(5.6 * u))


def scale_of(facts: Facts, composition: Composition) -> TimeScale:
    """Where moments stand on the timeline."""
    bars = bars_of(composition)
    return TimeScale(facts.first, facts.last, bars.x, bars.w)


def timeline_node(facts: Facts, moment: Moment, composition: Composition) -> Node:
    """Everything below the floor."""
    panel = Panel("top", max(1, round(composition.unit / 6)))
    return Node("timeline", composition.timeline, panel, children=tuple(_parts(facts, moment, composition)))


def _parts(facts: Facts, moment: Moment, composition: Composition) -> Iterator[Node]:
    box, u, bars, scale = composition.timeline, composition.unit, bars_of(composition), scale_of(facts, composition)
    side, playhead = round(4.4 * u), scale.column(moment.at)
    button = pygame.Rect(box.x, box.y, bars.x - box.x, box.h)
    sign = PlaySign(moment.playing, side, (box.x + round(2 * u), bars.centery - side // 2))
    speed = pygame.Rect(box.x + round(2 * u) + side, bars.y, bars.x - box.x - side - round(3 * u), bars.h)
    back = facts.to_live if moment.feeds and not moment.live else ""
    said = Node("timeline/speed", speed, Speed(moment.speed, moment.live, back, u), "status", moment.speed)
    yield Node("timeline/play", button, sign, "button", moment.speed, Action("play"), (said,))
    count = len(facts.bars)
    past = bisect_right(range(count), playhead, key=lambda i: bars.x + bars.w * i // count)
    yield Node("timeline/bars", bars, Bars(facts.bars, past), "image")
    axis = pygame.Rect(bars.x, bars.bottom, max(0, box.right - round(u) - bars.x), max(0, box.bottom - bars.bottom))
    ticks = tuple((scale.column(at), label) for at, label in facts.ticks)
    yield Node("timeline/ticks", axis, Ticks(ticks, u), "image")
    marks = tuple((scale.column(mark.at), mark.label) for mark in facts.marks)
    above = pygame.Rect(box.x, box.y + round(0.5 * u), box.w, round(2.4 * u))
    yield Node("timeline/marks", above, Marks(marks, u), "image")
    thick, over = max(2, round(u / 4)), round(0.4 * u)
    line = pygame.Rect(playhead - max(1, round(u / 8)), bars.y - over, thick, bars.h + round(0.8 * u))
    yield Node("timeline/playhead", line, Playhead(), "image")
    beyond = pygame.Rect(bars.right, box.y, max(0, box.right - bars.right), box.h)
    yield Node("timeline/end", beyond, None, "button", "", Action("seek", (1.0,)))
    whole = pygame.Rect(bars.x, box.y, bars.w, box.h)
    yield Node("timeline/track", whole, None, "slider", "", Action("seek"))


@dataclass(frozen=True)
class PlaySign(Look):
    """What a press would do: play or pause."""

    playing: bool
    side: int
    spot: tuple[int, int]

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:  # noqa: ARG002
        if self.side > 0:
            on.surface.blit(on.art.sign("pause" if self.playing else "play", self.side), self.spot)


@dataclass(frozen=True)
class Speed(Look):
    """How fast it plays, or that it is live, or how to come back to that."""

    speed: str
    live: bool
    back: str
    unit: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, u, box = on.art.theme, self.unit, rect.copy()
        if self.back:
            box.h = round(0.55 * rect.h)
            below = pygame.Rect(box.x, box.bottom, box.w, rect.bottom - box.bottom)
            put(on.surface, self.back, below, theme.signal_text.amber, largest=round(2.3 * u), weight="Medium")
        ink, weight = (theme.headline, "Bold") if self.live else (theme.text, "Medium")
        put(on.surface, self.speed, box, ink, largest=round(2.8 * u), weight=weight)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Bars(Look):
    """Cases in progress over the log, in the colour of the worst jam then; what is to come is pale."""

    bars: tuple[Bar, ...]
    past: int
    """How many of them have begun."""

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, count = on.art.theme, len(self.bars)
        tallest = max((bar.height for bar in self.bars), default=0.0) or 1.0
        for i, bar in enumerate(self.bars):
            x0, x1 = rect.x + rect.w * i // count, rect.x + rect.w * (i + 1) // count
            gap = 1 if x1 - x0 >= 4 else 0
            high = max(1, round(rect.h * 0.94 * bar.height / tallest))
            level: Level = bar.level  # type: ignore[assignment]
            colour = theme.signal[level]
            if i >= self.past:
                colour = tuple((2 * c + 5 * p) // 7 for c, p in zip(colour, theme.panel, strict=True))  # type: ignore[assignment]
            on.surface.fill(colour, (x0, rect.bottom - high, x1 - x0 - gap, high))


@dataclass(frozen=True)
class Ticks(Look):
    """Dates below the bars."""

    ticks: tuple[tuple[int, str], ...]
    """Column and words."""
    unit: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, u = on.art.theme, self.unit
        for x, label in self.ticks:
            line = render(label, round(2.5 * u), theme.text_muted, "Medium")
            if x + line.get_width() <= rect.right:
                on.surface.fill(theme.panel_edge, (x, rect.y, max(1, round(u / 8)), round(0.9 * u)))
                stamp(on.surface, line, (x + round(0.5 * u), rect.y + round(0.1 * u)))


@dataclass(frozen=True)
class Marks(Look):
    """A diamond for everything that happened; its words where they have room before the next."""

    marks: tuple[tuple[int, str], ...]
    """Column and words."""
    unit: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, u, top = on.art.theme, self.unit, rect.y
        side = round(1.6 * u)
        columns = [x for x, _ in self.marks]
        free = 0
        for i, (x, label) in enumerate(self.marks):
            middle = top + side // 2
            points = [(x, top), (x + side // 2, middle), (x, top + side), (x - side // 2, middle)]
            pygame.draw.polygon(on.surface, theme.robot, points)
            line = render(label, round(2.3 * u), theme.text, "Medium")
            start = x + round(1.3 * u)
            after = columns[i + 1] - side if i + 1 < len(columns) else rect.right - round(u)
            if start >= free and start + line.get_width() <= after:
                stamp(on.surface, line, line.get_rect(midleft=(start, middle)))
                free = start + line.get_width()


@dataclass(frozen=True)
class Playhead(Look):
    """The moment shown."""

    @property
    def opaque(self) -> bool:
        return True

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        on.surface.fill(on.art.theme.headline, rect)
