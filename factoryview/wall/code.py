"""The code of the phone page on the wall: a QR code on a white card, with the address under it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pygame

from factoryview.language import Language
from factoryview.scene.text import put
from factoryview.scene.ui.look import Canvas, Look
from factoryview.scene.ui.node import Node

QUIET = 4
"""Light modules around a QR code (ISO/IEC 18004)."""
SHARE = 0.5
"""Of the shorter side of the room, taken by the code."""
_PAPER, _INK = (255, 255, 255), (0, 0, 0)


@dataclass(frozen=True)
class CodeLook(Look):
    """A white card with a code and lines of text below it."""

    modules: tuple[bytes, ...]
    """Rows of 0 (light) and 1 (dark), without the quiet zone; none: only text."""
    lines: tuple[str, ...]
    em: int
    """The largest size of the text, pixels."""

    @property
    def opaque(self) -> bool:
        return True

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        on.surface.fill(_PAPER, rect)
        size, corner = self.module(rect.w), code_corner(rect, len(self.modules))
        for y, row in enumerate(self.modules):
            for x, dark in enumerate(row):
                if dark:
                    on.surface.fill(_INK, (corner[0] + x * size, corner[1] + y * size, size, size))
        row_height = round(1.25 * self.em)
        top = rect.bottom - row_height * len(self.lines) - self.em // 3
        for i, line in enumerate(self.lines):
            box = pygame.Rect(rect.x + self.em // 2, top + i * row_height, rect.w - self.em, row_height)
            put(on.surface, line, box, _INK, largest=self.em, smallest=8, align="centre")

    def module(self, width: int) -> int:
        """Pixels of a module on a card so wide."""
        return module_size(width, len(self.modules))


@dataclass(frozen=True)
class PhoneCode:
    """The code of one phone page."""

    url: str
    """With the token."""
    address: str
    """Without it, for people to read."""
    only_here: bool
    """The page is served to this computer only."""

    def nodes(self, room: pygame.Rect, em: int, language: Language) -> tuple[Node, ...]:
        """The card in the lower right corner of `room` (pixels). em: the least size of type that can be read."""
        modules = _modules(self.url)
        key = "remote.code_local" if self.only_here else "remote.code_how"
        lines = (language.text(key), self.address if modules else self.url)
        least = min(em, room.h // 12)
        text_height = round(1.25 * least) * len(lines) + least // 3
        size = module_size(round(min(room.w, room.h - text_height) * SHARE), len(modules))
        width = size * (len(modules) + 2 * QUIET) if modules else round(room.w * SHARE)
        card = pygame.Rect(0, 0, width, (width if modules else least // 3) + text_height)
        card.bottomright = room.bottomright[0] - least, room.bottomright[1] - least
        return (Node("code", card, CodeLook(modules, lines, least), "image", " · ".join(lines)),)


def module_size(width: int, modules: int) -> int:
    """Whole pixels for a module of a code with its quiet zone that is at most so wide."""
    return max(2, width // (modules + 2 * QUIET))


def code_corner(card: pygame.Rect, modules: int) -> tuple[int, int]:
    """Where the first module of the code stands on its card."""
    margin = QUIET * module_size(card.w, modules)
    return card.x + margin, card.y + margin


@cache
def _modules(text: str) -> tuple[bytes, ...]:
    """The modules of a QR code; none where the library that makes them is not installed (`factoryview[wall]`)."""
    try:
        import segno
    except ImportError:
        return ()
    return tuple(bytes(row) for row in segno.make_qr(text, error="m").matrix)
