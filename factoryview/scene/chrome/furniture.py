"""What frames the floor: the header with clock, goals and headline; the timeline with playhead, speed and legend."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import partial

import pygame

from factoryview.layout.floorplan import Rect
from factoryview.scene.art.art import Art
from factoryview.scene.items import Item
from factoryview.scene.picture import Facts, Goal, Headline, Moment
from factoryview.scene.text import fit, leave_out, put, render, stamp, width
from factoryview.scene.theme import Level

HEADER, LEGEND, TIMELINE = 0.105, 0.034, 0.12
"""Shares of the screen's height."""


@dataclass(frozen=True)
class Screen:
    """Where things stand on a screen of so many pixels."""

    width: int
    height: int

    @property
    def unit(self) -> float:
        """One per cent of the height: the measure of everything that is not floor."""
        return self.height / 100

    @property
    def header(self) -> pygame.Rect:
        return pygame.Rect(0, 0, self.width, round(self.height * HEADER))

    @property
    def timeline(self) -> pygame.Rect:
        high = round(self.height * TIMELINE)
        return pygame.Rect(0, self.height - high, self.width, high)

    @property
    def legend(self) -> pygame.Rect:
        high = round(self.height * LEGEND)
        return pygame.Rect(0, self.timeline.top - high, self.width, high)

    @property
    def floor(self) -> Rect:
        """What is left for the floor."""
        return Rect(0, self.header.bottom, self.width, self.legend.top - self.header.bottom)

    @property
    def bars(self) -> pygame.Rect:
        """The part of the timeline on which time runs from left to right."""
        box, u = self.timeline, self.unit
        left = round(13 * u)
        return pygame.Rect(left, box.y + round(2.9 * u), self.width - left - round(3 * u), round(5.6 * u))

    def moment_at(self, x: int, facts: Facts) -> int:
        """The moment under a pixel column of the timeline, clipped to the log."""
        bars = self.bars
        share = min(1.0, max(0.0, (x - bars.x) / max(1, bars.w)))
        return facts.first + round(share * (facts.last - facts.first))

    def column_of(self, at: int, facts: Facts) -> int:
        """The pixel column of a moment."""
        share = (at - facts.first) / max(1, facts.last - facts.first)
        return self.bars.x + round(min(1.0, max(0.0, share)) * self.bars.w)


def furniture_items(facts: Facts, moment: Moment, screen: Screen, art: Art) -> Iterator[Item]:
    """Header and timeline, in parts."""
    header, u = screen.header, screen.unit
    pad = round(2 * u)
    wide = min(round(62 * u), round(screen.width * 0.36))
    left = header.right - pad + round(1.2 * u)
    for i, line in enumerate(moment.headlines):
        box = pygame.Rect(0, 0, wide, header.h - round(2.2 * u))
        box.midright = (left - round(1.2 * u), header.centery)
        left = box.left
        yield Item(f"headline {i}", box, line, partial(_headline, box=box, line=line, art=art, u=u))
    for i, goal in reversed(list(enumerate(moment.goals))):
        box = pygame.Rect(0, 0, round(23 * u), header.h - round(2.2 * u))
        box.midright = (left - round(1.2 * u), header.centery)
        if box.left < screen.width * 0.3:
            break
        left = box.left
        yield Item(f"goal {i}", box, goal, partial(_goal, box=box, goal=goal, art=art, u=u))
    title = pygame.Rect(pad, 0, left - 2 * pad, header.h)
    key: Hashable = (moment.clock, facts.notes)
    yield Item("title", title, key, partial(_title, box=title, facts=facts, clock=moment.clock, art=art, u=u))
    box = screen.legend
    legend = partial(_legend, box=box, facts=facts, moment=moment, art=art, u=u)
    yield Item("legend", box, (facts.legend, moment.feeds), legend)
    box = screen.timeline
    playhead = screen.column_of(moment.at, facts)
    state = (playhead, moment.playing, moment.speed, moment.live, bool(moment.feeds))
    key = (*state, facts.first, facts.last, facts.bars, facts.marks)
    yield Item(
        "timeline", box, key, partial(_timeline, screen=screen, facts=facts, moment=moment, playhead=playhead, art=art)
    )


def paint_frame(surface: pygame.Surface, screen: Screen, art: Art) -> None:
    """The empty panels beneath header and timeline."""
    theme = art.theme
    line = max(1, round(screen.unit / 6))
    for box, edge in (
        (screen.header, screen.header.bottom - line),
        (screen.legend, screen.legend.top),
        (screen.timeline, screen.timeline.top),
    ):
        surface.fill(theme.panel, box)
        surface.fill(theme.panel_edge, (0, edge, screen.width, line))


def _title(surface: pygame.Surface, box: pygame.Rect, facts: Facts, clock: str, art: Art, u: float) -> None:
    top = pygame.Rect(box.x, box.y + round(1.0 * u), box.w, round(4.6 * u))
    put(surface, facts.title, top, art.theme.headline, largest=round(4.4 * u), weight="Bold", align="left")
    bottom = pygame.Rect(box.x, top.bottom - round(0.2 * u), box.w, round(4.4 * u))
    put(surface, clock, bottom, art.theme.text, largest=round(4.0 * u), weight="Medium", align="left")
    x = box.x + width(clock, round(4.0 * u), "Medium") + round(3 * u)
    for note in facts.notes:
        line = render(note, round(2.6 * u), art.theme.signal_text.amber, "Medium")
        if x + line.get_width() > box.right:
            leave_out(note, pygame.Rect(x, bottom.y, line.get_width(), bottom.h))
            break
        stamp(surface, line, (x, bottom.centery - line.get_height() // 2))
        x += line.get_width() + round(2.4 * u)


def _goal(surface: pygame.Surface, box: pygame.Rect, goal: Goal, art: Art, u: float) -> None:
    theme = art.theme
    pygame.draw.rect(surface, theme.panel_edge, box, max(1, round(u / 6)), border_radius=round(u))
    inner = box.inflate(-round(2.4 * u), -round(1.2 * u))
    label = pygame.Rect(inner.x, inner.y, inner.w, round(3 * u))
    put(surface, goal.label, label, theme.text_muted, largest=round(2.7 * u), weight="Medium", align="left")
    count = pygame.Rect(inner.x, label.bottom, inner.w, inner.bottom - label.bottom)
    big = render(goal.count, round(4.2 * u), theme.headline, "Bold")
    small = render(f"/ {goal.target}", round(2.9 * u), theme.text_muted, "Medium")
    stamp(surface, big, (count.x, count.centery - big.get_height() // 2))
    x = count.x + big.get_width() + round(0.7 * u)
    stamp(surface, small, (x, count.centery - small.get_height() // 2 + round(0.4 * u)))
    x += small.get_width() + round(1.4 * u)
    bar = pygame.Rect(x, count.centery - round(0.55 * u), max(0, inner.right - x), round(1.1 * u))
    pygame.draw.rect(surface, theme.groove.calm, bar, border_radius=bar.h // 2)
    done = bar.copy()
    done.w = round(bar.w * min(1.0, goal.share))
    if done.w > bar.h:
        pygame.draw.rect(surface, theme.good if goal.share >= 1 else theme.text_muted, done, border_radius=bar.h // 2)


def _headline(surface: pygame.Surface, box: pygame.Rect, line: Headline, art: Art, u: float) -> None:
    theme = art.theme
    level: Level = line.level  # type: ignore[assignment]
    radius = round(u)
    if level:
        pygame.draw.rect(surface, theme.body_dark[level], box, border_radius=radius)
        pygame.draw.rect(surface, theme.signal[level], box, max(1, round(u / 4)), border_radius=radius)
        side = round(5.2 * u)
        surface.blit(art.sign("alarm", side, level), (box.x + round(1.2 * u), box.centery - side // 2))
        words = pygame.Rect(box.x + side + round(2.4 * u), box.y, box.w - side - round(3.4 * u), box.h)
    else:
        pygame.draw.rect(surface, theme.panel_edge, box, max(1, round(u / 6)), border_radius=radius)
        words = box.inflate(-round(3 * u), 0)
    top = pygame.Rect(words.x, words.y + round(0.5 * u), words.w, round(4.4 * u))
    one_line = fit(line.title, top.size, round(4.2 * u), 1, "Bold") or 1
    put(surface, line.title, top, theme.headline, largest=one_line, weight="Bold", align="left")
    bottom = pygame.Rect(words.x, top.bottom - round(0.3 * u), words.w, words.bottom - top.bottom - round(0.2 * u))
    put(surface, line.detail, bottom, theme.text, largest=round(3.1 * u), weight="Medium", align="left")


def _timeline(surface: pygame.Surface, screen: Screen, facts: Facts, moment: Moment, playhead: int, art: Art) -> None:
    theme, box, bars, u = art.theme, screen.timeline, screen.bars, screen.unit
    side = round(4.4 * u)
    surface.blit(art.sign("pause" if moment.playing else "play", side), (round(2 * u), bars.centery - side // 2))
    speed = pygame.Rect(round(2 * u) + side, bars.y, bars.x - side - round(3 * u), bars.h)
    if moment.feeds and not moment.live:
        speed.h = round(0.55 * bars.h)
        back = pygame.Rect(speed.x, speed.bottom, speed.w, bars.bottom - speed.bottom)
        put(surface, facts.to_live, back, theme.signal_text.amber, largest=round(2.3 * u), weight="Medium")
    ink = theme.headline if moment.live else theme.text
    put(surface, moment.speed, speed, ink, largest=round(2.8 * u), weight="Bold" if moment.live else "Medium")
    count = len(facts.bars)
    tallest = max((bar.height for bar in facts.bars), default=0.0) or 1.0
    for i, bar in enumerate(facts.bars):
        x0, x1 = bars.x + bars.w * i // count, bars.x + bars.w * (i + 1) // count
        gap = 1 if x1 - x0 >= 4 else 0
        high = max(1, round(bars.h * 0.94 * bar.height / tallest))
        level: Level = bar.level  # type: ignore[assignment]
        colour = theme.signal[level]
        if x0 > playhead:
            colour = tuple((2 * c + 5 * p) // 7 for c, p in zip(colour, theme.panel, strict=True))  # type: ignore[assignment]
        surface.fill(colour, (x0, bars.bottom - high, x1 - x0 - gap, high))
    for at, label in facts.ticks:
        x = screen.column_of(at, facts)
        line = render(label, round(2.5 * u), theme.text_muted, "Medium")
        if x + line.get_width() <= box.right - round(u):
            surface.fill(theme.panel_edge, (x, bars.bottom, max(1, round(u / 8)), round(0.9 * u)))
            stamp(surface, line, (x + round(0.5 * u), bars.bottom + round(0.1 * u)))
    _marks(surface, screen, facts, art)
    surface.fill(theme.headline, (playhead - max(1, round(u / 8)), bars.y - round(0.4 * u),
                                  max(2, round(u / 4)), bars.h + round(0.8 * u)))  # fmt: skip


def _legend(surface: pygame.Surface, box: pygame.Rect, facts: Facts, moment: Moment, art: Art, u: float) -> None:
    """What colours and heaps mean, from left to right as far as there is room; the live sources at the right."""
    theme, side = art.theme, round(2 * u)
    end = _feeds(surface, box, moment, art, u)
    entries: list[tuple[pygame.Surface, str]] = []
    for level, words in enumerate(facts.legend.levels):
        swatch = pygame.Surface((2 * side, side))
        px = max(8, side)
        swatch.fill(theme.floor)
        for x in (0, side):
            swatch.blit(art.belt_piece("straight", px, level, level == 2, "e"), (x, 0))  # type: ignore[arg-type]
        entries.append((swatch, words))
    entries += [(art.crate(round(1.5 * u), theme.hue(hue)), words) for words, hue in facts.legend.channels]
    grey = theme.hues[3]
    entries += [(art.pallet(side, grey), facts.legend.pallet), (art.rack(side, grey), facts.legend.rack)]
    if facts.legend.bins:
        entries.append((art.bin(side, 0.5), facts.legend.bins))
    x = round(2 * u)
    for picture, words in entries:
        line = render(words, round(2.3 * u), theme.text_muted, "Medium")
        if x + picture.get_width() + round(0.7 * u) + line.get_width() > end:
            return
        surface.blit(picture, picture.get_rect(midleft=(x, box.centery)))
        x += picture.get_width() + round(0.7 * u)
        stamp(surface, line, line.get_rect(midleft=(x, box.centery)))
        x += line.get_width() + round(2.4 * u)


def _feeds(surface: pygame.Surface, box: pygame.Rect, moment: Moment, art: Art, u: float) -> int:
    """The live sources with the age of their data, from the right; a ring for a late one, a disc for the others.

    The column at which the first begins.
    """
    theme, x, size = art.theme, box.right - round(2 * u), round(2.3 * u)
    radius, gap = max(2, round(0.55 * u)), round(0.7 * u)
    for k, feed in enumerate(moment.feeds):
        ink = theme.headline if feed.late else theme.text_muted
        line = render(feed.text, size, ink, "Bold" if feed.late else "Medium")
        left = x - line.get_width() - gap - 2 * radius
        if (left < box.x + round(6 * u) and k + 1 < len(moment.feeds)) or left < box.x:
            more = render(f"+{len(moment.feeds) - k}", size, ink, "Medium")
            stamp(surface, more, more.get_rect(midright=(x, box.centery)))
            return x - more.get_width()
        pygame.draw.circle(surface, ink, (left + radius, box.centery), radius, max(1, radius // 2) if feed.late else 0)
        stamp(surface, line, line.get_rect(midright=(x, box.centery)))
        x = left - round(2.4 * u)
    return x


def _marks(surface: pygame.Surface, screen: Screen, facts: Facts, art: Art) -> None:
    """A diamond for everything that happened; its words where they have room before the next."""
    theme, box, u = art.theme, screen.timeline, screen.unit
    side, top = round(1.6 * u), box.y + round(0.5 * u)
    columns = [screen.column_of(mark.at, facts) for mark in facts.marks]
    free = 0
    for i, (mark, x) in enumerate(zip(facts.marks, columns, strict=True)):
        middle = top + side // 2
        points = [(x, top), (x + side // 2, middle), (x, top + side), (x - side // 2, middle)]
        pygame.draw.polygon(surface, theme.robot, points)
        line = render(mark.label, round(2.3 * u), theme.text, "Medium")
        start = x + round(1.3 * u)
        after = columns[i + 1] - side if i + 1 < len(columns) else box.right - round(u)
        if start >= free and start + line.get_width() <= after:
            stamp(surface, line, line.get_rect(midleft=(start, middle)))
            free = start + line.get_width()
