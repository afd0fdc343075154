"""The header: title and clock, goals, headlines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pygame

from factoryview.scene.chrome.panel import Panel
from factoryview.scene.picture import Facts, Goal, Headline, Moment
from factoryview.scene.text import fit, leave_out, put, render, stamp, width
from factoryview.scene.theme import Level
from factoryview.scene.ui.composition import Composition
from factoryview.scene.ui.look import Canvas, Look
from factoryview.scene.ui.node import Action, Node


def header_node(facts: Facts, moment: Moment, composition: Composition) -> Node:
    """Everything above the floor."""
    u = composition.unit
    panel = Panel("bottom", max(1, round(u / 6)))
    return Node("header", composition.header, panel, children=tuple(_parts(facts, moment, composition)))


def _parts(facts: Facts, moment: Moment, composition: Composition) -> Iterator[Node]:
    header, u = composition.header, composition.unit
    row = header if not composition.upright else pygame.Rect(header.x, header.y, header.w, header.h // 2)
    below = row.move(0, row.h)
    pad, gap = round(2 * u), round(1.2 * u)
    high, left = row.h - round(2.2 * u), row.right - pad + gap
    wide = min(round(62 * u), round(row.w * 0.36))
    if composition.upright:
        wide = (row.w - 2 * pad - gap * (len(moment.headlines) - 1)) // max(1, len(moment.headlines))
    edge = left
    for i, line in enumerate(moment.headlines):
        box = pygame.Rect(0, 0, wide, high)
        box.midright = (edge - gap, below.centery if composition.upright else row.centery)
        edge = box.left
        action = Action("select", (f"stage/{line.stage}",)) if line.stage else None
        words = f"{line.title}: {line.detail}"
        yield Node(f"headline/{i}", box, HeadlineLook(line, u), "alert" if line.level else "status", words, action)
    if not composition.upright:
        left = edge
    for i, goal in reversed(list(enumerate(moment.goals))):
        box = pygame.Rect(0, 0, round(23 * u), high)
        box.midright = (left - gap, row.centery)
        if box.left < row.x + row.w * 0.3:
            break
        left = box.left
        yield Node(f"goal/{i}", box, GoalLook(goal, u), "status", f"{goal.label}: {goal.count} / {goal.target}")
    title = pygame.Rect(row.x + pad, row.y, max(0, left - row.x - 2 * pad), row.h)
    look = TitleLook(facts.title, moment.clock, facts.notes, u)
    yield Node("title", title, look, "text", f"{facts.title} · {moment.clock}")


@dataclass(frozen=True)
class TitleLook(Look):
    """The plant's name, below it the clock and what must be said beside it."""

    title: str
    clock: str
    notes: tuple[str, ...]
    unit: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        surface, theme, u = on.surface, on.art.theme, self.unit
        top = pygame.Rect(rect.x, rect.y + round(1.0 * u), rect.w, round(4.6 * u))
        put(surface, self.title, top, theme.headline, largest=round(4.4 * u), weight="Bold", align="left")
        bottom = pygame.Rect(rect.x, top.bottom - round(0.2 * u), rect.w, round(4.4 * u))
        put(surface, self.clock, bottom, theme.text, largest=round(4.0 * u), weight="Medium", align="left")
        x = rect.x + width(self.clock, round(4.0 * u), "Medium") + round(3 * u)
        for note in self.notes:
            line = render(note, round(2.6 * u), theme.signal_text.amber, "Medium")
            if x + line.get_width() > rect.right:
                leave_out(note, pygame.Rect(x, bottom.y, line.get_width(), bottom.h))
                break
            stamp(surface, line, (x, bottom.centery - line.get_height() // 2))
            x += line.get_width() + round(2.4 * u)


@dataclass(frozen=True)
class GoalLook(Look):
    """A target with what is reached of it."""

    goal: Goal
    unit: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        surface, theme, u, goal = on.surface, on.art.theme, self.unit, self.goal
        pygame.draw.rect(surface, theme.panel_edge, rect, max(1, round(u / 6)), border_radius=round(u))
        inner = rect.inflate(-round(2.4 * u), -round(1.2 * u))
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
            colour = theme.good if goal.share >= 1 else theme.text_muted
            pygame.draw.rect(surface, colour, done, border_radius=bar.h // 2)


@dataclass(frozen=True)
class HeadlineLook(Look):
    """What is worst, in two lines."""

    line: Headline
    unit: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        surface, theme, u, line = on.surface, on.art.theme, self.unit, self.line
        level: Level = line.level  # type: ignore[assignment]
        radius = round(u)
        if level:
            pygame.draw.rect(surface, theme.body_dark[level], rect, border_radius=radius)
            pygame.draw.rect(surface, theme.signal[level], rect, max(1, round(u / 4)), border_radius=radius)
            side = round(5.2 * u)
            surface.blit(on.art.sign("alarm", side, level), (rect.x + round(1.2 * u), rect.centery - side // 2))
            words = pygame.Rect(rect.x + side + round(2.4 * u), rect.y, rect.w - side - round(3.4 * u), rect.h)
        else:
            pygame.draw.rect(surface, theme.panel_edge, rect, max(1, round(u / 6)), border_radius=radius)
            words = rect.inflate(-round(3 * u), 0)
        top = pygame.Rect(words.x, words.y + round(0.5 * u), words.w, round(4.4 * u))
        one_line = fit(line.title, top.size, round(4.2 * u), 1, "Bold") or 1
        put(surface, line.title, top, theme.headline, largest=one_line, weight="Bold", align="left")
        bottom = pygame.Rect(words.x, top.bottom - round(0.3 * u), words.w, words.bottom - top.bottom - round(0.2 * u))
        put(surface, line.detail, bottom, theme.text, largest=round(3.1 * u), weight="Medium", align="left")
