"""The strip that stands in every view: the headline, the clock of the data, and how old they are."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import pygame

from factoryview.language import Language
from factoryview.scene.chrome.large import Headline, LineLook, Phrase, Veil
from factoryview.scene.picture import Banner, Moment
from factoryview.scene.theme import CALM
from factoryview.scene.ui.node import Node, Role
from factoryview.view.health import FeedHealth
from factoryview.wall.layout import WallLayout

ALTERNATE = 6.0
"""Seconds for which each of two headlines stands that find no room beside each other."""

_REACH = 0.59
"""em from the middle of a row of words to the end of what hangs below it, and of the dots above capitals."""


@dataclass(frozen=True)
class Strip:
    """What it says, as written."""

    banners: tuple[Banner, ...]
    clock: str
    """Of the data."""
    age: str
    """How old the data is; that it is a replay."""
    old: bool
    """Something of it is late."""
    title: str
    wall_clock: str
    """What the wall's own clock says."""
    beside: str
    """The same; empty beside a recording, where two clocks are a riddle."""


def strip_of(
    moment: Moment, health: FeedHealth, language: Language, *, title: str, wall_now: int, lapse: str = "",
    cheers: tuple[Banner, ...] = (),
) -> Strip:  # fmt: skip
    """The strip of a moment. wall_now: the wall's own clock, µs UTC. lapse: what a time lapse is called. cheers: what
    is to be said above all for some seconds.
    """
    feeds = health.feeds(moment.at)
    ages = [feed.age for feed in feeds if feed.age is not None]
    late = any(feed.late_since is not None for feed in feeds) or bool(health.trouble)
    if not feeds:
        age = language.text("kiosk.replay")
    elif ages:
        age = language.text("feed.ago", span=language.since(min(ages)))
    else:
        age = language.text("feed.no_data_yet")
    clock = language.date(wall_now, "date.time")
    banners, beside = (*cheers, *moment.banners), clock if feeds else ""
    return Strip(banners, moment.clock, lapse or age, late, title, clock, beside)


def strip_node(strip: Strip, layout: WallLayout, seconds: float) -> Node:
    """seconds: on the clock that never jumps; where two headlines find no room, each stands in turn."""
    boxes = headline_boxes(strip.banners, layout, seconds)
    parts = [
        Node(f"strip/headline/{i}", box, Headline(banner, layout.head, layout.rows), _role(banner), _words(banner))
        for i, banner, box in boxes
    ]
    age, beside, em = Phrase(strip.age, "slow" if strip.old else None), Phrase(strip.beside), layout.em
    clock, title, none = Phrase(strip.clock, strong=True), Phrase(strip.title), Phrase("")
    upper, lower = (_whole_letters(each, em) for each in _halves(layout.line))
    line = _whole_letters(layout.line, em)
    if layout.beside:
        parts += [
            Node("strip/age", upper, LineLook((title,), age, layout.least, largest=em), "status", strip.age),
            Node("strip/clock", lower, LineLook((clock,), beside, em), "text", strip.clock),
            Node("strip/wall_clock", lower, None, "text", strip.wall_clock),
        ]
    elif layout.upright:
        parts += [
            Node("strip/clock", upper, LineLook((clock,), none, em), "text", strip.clock),
            Node("strip/age", lower, LineLook((age,), beside, em), "status", strip.age),
            Node("strip/wall_clock", lower, None, "text", strip.wall_clock),
        ]
    else:
        parts += [
            Node("strip/clock", line, LineLook((clock, age, title), beside, em), "text", strip.clock),
            Node("strip/age", line, None, "status", strip.age),
            Node("strip/wall_clock", line, None, "text", strip.wall_clock),
        ]
    return Node("strip", layout.strip, Veil(), children=tuple(parts))


def headline_boxes(
    banners: tuple[Banner, ...], layout: WallLayout, seconds: float
) -> list[tuple[int, Banner, pygame.Rect]]:
    """Which headlines stand where: of two each half of the time, so that each is in sight at least half of it."""
    if not banners:
        return []
    count = min(2, len(banners))
    shown = int(seconds // ALTERNATE) % count
    return [(shown, banners[shown], layout.headline)]


def _halves(rect: pygame.Rect) -> tuple[pygame.Rect, pygame.Rect]:
    upper = pygame.Rect(rect.x, rect.y, rect.w, rect.h // 2)
    return upper, pygame.Rect(rect.x, upper.bottom, rect.w, rect.h - upper.h)


def _whole_letters(row: pygame.Rect, em: int) -> pygame.Rect:
    """With what of letters reaches beyond a row that is hardly higher than they are."""
    return row.inflate(0, max(0, 2 * ceil(_REACH * em) - row.h))


def _role(banner: Banner) -> Role:
    return "status" if banner.dress in CALM else "alert"


def _words(banner: Banner) -> str:
    return ": ".join(part for part in (banner.title, banner.detail) if part)
