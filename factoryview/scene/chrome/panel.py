"""The plain grounds on which words and charts stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pygame

from factoryview.scene.ui.look import Canvas, Look


@dataclass(frozen=True)
class Panel(Look):
    """A filled box with a line along one edge."""

    edge: Literal["top", "bottom"]
    line: int
    """Pixels."""

    @property
    def opaque(self) -> bool:
        return True

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme = on.art.theme
        on.surface.fill(theme.panel, rect)
        top = rect.top if self.edge == "top" else rect.bottom - self.line
        on.surface.fill(theme.panel_edge, (rect.x, top, rect.w, self.line))
