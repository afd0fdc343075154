"""The header: title and clock, and the banners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pygame

from factoryview.scene.chrome.banner import paint_banner
from factoryview.scene.chrome.panel import Panel
from factoryview.scene.picture import Banner, Facts, Moment
from factoryview.scene.text import fit, fitting, render, stamp
from factoryview.scene.theme import CALM
from factoryview.scene.ui.composition import Composition
from factoryview.scene.ui.look import Canvas, Look
from factoryview.scene.ui.node import Action, Node, group

_NAME, _CLOCK = 56, 50
"""Em in u."""
_NAME_AT, _CLOCK_AT = 0.27, 0.77
"""Where the middle of a row lies, as a share of the height."""


def header_node(facts: Facts, moment: Moment, composition: Composition, banners: tuple[Node, ...]) -> Node:
    """Everything above the floor. banners: see `banners_node`."""
    look = TitleLook(facts.title, moment.clock, composition.u)
    title = Node("title", composition.title, look, "text", f"{facts.title} · {moment.clock}")
    return Node("header", composition.header, Panel(), children=(*banners, title))


def banners_node(banners: Sequence[Banner], composition: Composition) -> Node:
    """The banners alone: they stay while the clock goes on."""
    found, u = [], composition.u
    for i, (box, banner) in enumerate(zip(banner_boxes(composition, len(banners)), banners, strict=False)):
        action = Action("select", (f"stage/{banner.stage}",)) if banner.stage else None
        words = ": ".join(part for part in (banner.title, banner.said) if part)
        look = BannerLook(banner, u, first=i == 0)
        found.append(Node(f"banner/{i}", box, look, "status" if banner.dress in CALM else "alert", words, action))
    return group("banners", composition.header, tuple(found))


def banner_boxes(composition: Composition, count: int) -> list[pygame.Rect]:
    """Where the banners stand: one takes all, of two the first takes most."""
    whole, second = composition.banner, composition.second
    if count < 2:
        return [whole][:count]
    wide = whole.w if composition.upright else second.x - whole.x - round(10 * composition.u)
    return [pygame.Rect(whole.x, whole.y, wide, whole.h), second]


@dataclass(frozen=True)
class BannerLook(Look):
    """One sentence; see `paint_banner`."""

    banner: Banner
    u: float
    first: bool

    @property
    def opaque(self) -> bool:
        return True

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        paint_banner(on.surface, rect, self.banner, on.art, self.u, first=self.first)


@dataclass(frozen=True)
class TitleLook(Look):
    """The plant's name above date and time."""

    name: str
    clock: str
    u: float

    def differing(self, rect: pygame.Rect, before: TitleLook) -> Sequence[pygame.Rect]:
        """Only the lower row, where it is the clock that says something else."""
        if (before.name, before.u) != (self.name, self.u):
            return (rect,)
        above = max(0, round(rect.h * _CLOCK_AT - _CLOCK * self.u))
        return (pygame.Rect(rect.x, rect.y + above, rect.w, rect.h - above),)

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, u = on.art.theme, self.u
        size = fit(self.name, rect.size, round(_NAME * u), 6, "Bold")
        if size is not None:
            _stamp(on, rect, render(self.name, size, theme.headline, "Bold"), _NAME_AT)
        clock = fitting(self.clock, rect.size, round(_CLOCK * u), 6, theme.text, "Medium")
        if clock is not None:
            _stamp(on, rect, clock, _CLOCK_AT)


def _stamp(on: Canvas, box: pygame.Rect, line: pygame.Surface, middle: float) -> None:
    stamp(on.surface, line, (box.x, box.y + round(box.h * middle - line.get_height() * 0.54)))
