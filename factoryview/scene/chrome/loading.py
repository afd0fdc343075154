"""What is seen while a log is being read: a bar that fills, and what is being done."""

from __future__ import annotations

from dataclasses import dataclass

import pygame

from factoryview.scene.text import render, stamp
from factoryview.scene.ui.look import Canvas, Look
from factoryview.scene.ui.node import Node, group


def loading_tree(size: tuple[int, int], share: float, doing: str) -> Node:
    """The screen with its bar. share: 0 to 1. doing: in words; empty: nothing is said."""
    whole = pygame.Rect((0, 0), size)
    bar = Node("loading", whole, LoadingLook(round(share * 1000), doing), "status", doing)
    return Node("screen", whole, children=(Node("ground", whole, Blank(), "image"), group("overlay", whole, (bar,))))


@dataclass(frozen=True)
class Blank(Look):
    """Nothing but the floor's colour."""

    @property
    def opaque(self) -> bool:
        return True

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        on.surface.fill(on.art.theme.floor, rect)


@dataclass(frozen=True)
class LoadingLook(Look):
    """The program's name, a bar, and below it what is being done."""

    thousandths: int
    doing: str

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, surface = on.art.theme, on.surface
        bar = pygame.Rect(0, 0, rect.w // 2, max(8, rect.h // 60))
        bar.center = rect.center
        pygame.draw.rect(surface, theme.panel, bar, border_radius=bar.h // 2)
        done = bar.copy()
        done.w = max(bar.h, round(bar.w * min(1000, max(0, self.thousandths)) / 1000))
        pygame.draw.rect(surface, theme.robot, done, border_radius=bar.h // 2)
        title = render("factoryview", rect.h // 14, theme.headline, "Bold")
        stamp(surface, title, title.get_rect(midbottom=(bar.centerx, bar.top - rect.h // 30)))
        if self.doing:
            line = render(self.doing, rect.h // 36, theme.text_muted, "Medium")
            stamp(surface, line, line.get_rect(midtop=(bar.centerx, bar.bottom + rect.h // 40)))
