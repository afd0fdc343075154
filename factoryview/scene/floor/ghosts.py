"""The sign of what is tried at a machine and is not there yet: who would come or go, and what would change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pygame

from factoryview.scene.colour import Colour, mix
from factoryview.scene.text import cut, render, stamp, width
from factoryview.scene.ui.look import Canvas, Look

_EM, _FIGURE, _PAD, _HIGH = 24, (18, 30), 12, 40
"""Of words; of a figure; rim and height of the sign, in u."""
_MOST_FIGURES = 4


@dataclass(frozen=True)
class GhostSign(Look):
    """What would change, with a figure for each who would come."""

    words: str
    figures: tuple[str, ...]
    """`person` or `robot`."""
    u: float
    ink: Literal["ghost", "text"] = "ghost"
    """`text`: of what is not tried, beside what is."""

    def size(self, most: int) -> tuple[int, int]:
        """Pixels it needs, at most so wide."""
        wide = width(self.words, self._em, "SemiBold") + self._figures_wide() + 2 * round(_PAD * self.u)
        return min(most, wide), round(_HIGH * self.u)

    @property
    def _em(self) -> int:
        return max(4, round(_EM * self.u))

    def _figures_wide(self) -> int:
        return round(_FIGURE[0] * self.u * min(len(self.figures), _MOST_FIGURES)) + (
            round(6 * self.u) if self.figures else 0
        )

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, radius, pad = on.art.theme, round(8 * self.u), round(_PAD * self.u)
        pygame.draw.rect(on.surface, theme.panel, rect, border_radius=radius)
        ink: Colour = getattr(theme, self.ink)
        pygame.draw.rect(on.surface, ink, rect, max(1, round(2 * self.u)), border_radius=radius)
        x, size = rect.x + pad, (max(4, round(_FIGURE[0] * self.u)), max(6, round(_FIGURE[1] * self.u)))
        for kind in self.figures[:_MOST_FIGURES]:
            figure = on.art.sprite(f"figure/{kind}", size, body=theme.ghost,
                                   shine=mix(theme.ghost, theme.headline, 0.5), contour=theme.contour.calm)  # fmt: skip
            on.surface.blit(figure, (x, rect.centery - size[1] // 2))
            x += size[0]
        x += round(6 * self.u) if self.figures else 0
        words = render(cut(self.words, rect.right - pad - x, self._em), self._em, ink, "SemiBold")
        stamp(on.surface, words, (x, round(rect.centery - 0.54 * words.get_height())))
