"""What is seen while a log is being read: a bar that fills, and what is being done."""

from __future__ import annotations

import pygame

from factoryview.scene.text import render, stamp
from factoryview.scene.theme import Theme


def paint_loading(surface: pygame.Surface, theme: Theme, share: float, doing: str) -> None:
    """Fill the surface with a progress bar. share: 0 to 1."""
    width, height = surface.get_size()
    surface.fill(theme.floor)
    bar = pygame.Rect(0, 0, width // 2, max(8, height // 60))
    bar.center = (width // 2, height // 2)
    pygame.draw.rect(surface, theme.panel, bar, border_radius=bar.h // 2)
    done = bar.copy()
    done.w = max(bar.h, round(bar.w * min(1.0, max(0.0, share))))
    pygame.draw.rect(surface, theme.robot, done, border_radius=bar.h // 2)
    title = render("factoryview", height // 14, theme.headline, "Bold")
    stamp(surface, title, title.get_rect(midbottom=(width // 2, bar.top - height // 30)))
    if doing:
        line = render(doing, height // 36, theme.text_muted, "Medium")
        stamp(surface, line, line.get_rect(midtop=(width // 2, bar.bottom + height // 40)))
