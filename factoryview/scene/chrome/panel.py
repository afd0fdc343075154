"""The plain ground on which words and charts stand."""

from __future__ import annotations

from dataclasses import dataclass

import pygame

from factoryview.scene.ui.look import Canvas, Look


@dataclass(frozen=True)
class Panel(Look):
    """A filled box."""

    @property
    def opaque(self) -> bool:
        return True

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        on.surface.fill(on.art.theme.panel, rect)


@dataclass(frozen=True)
class Edge(Look):
    """The line between two grounds."""

    @property
    def opaque(self) -> bool:
        return True

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        on.surface.fill(on.art.theme.panel_edge, rect)
