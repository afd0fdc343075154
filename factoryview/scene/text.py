"""Type: one family, rendered once per string and kept in a bounded cache."""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import pygame

from factoryview.scene.theme import Colour

Weight = Literal["Regular", "Medium", "SemiBold", "Bold"]
Align = Literal["left", "centre", "right"]

_MOST_TEXTS = 2_000
_texts: OrderedDict[tuple[str, int, str, Colour], pygame.Surface] = OrderedDict()


@lru_cache(maxsize=256)
def font(size: int, weight: Weight = "SemiBold") -> pygame.Font:
    """The face at a size in pixels (line height, about cap height ÷ 0.6)."""
    if not pygame.font.get_init():
        pygame.font.init()
    path = files("fontpkg_barlow") / "files" / f"Barlow-{weight}.ttf"
    return pygame.font.Font(str(path), max(4, size))


def render(text: str, size: int, colour: Colour, weight: Weight = "SemiBold") -> pygame.Surface:
    """The text as a surface; do not draw on it, it is shared."""
    key = (text, size, weight, colour)
    found = _texts.get(key)
    if found is None:
        found = _texts[key] = font(size, weight).render(text, True, colour)
        if len(_texts) > _MOST_TEXTS:
            _texts.popitem(last=False)
    else:
        _texts.move_to_end(key)
    return found


@lru_cache(maxsize=4096)
def width(text: str, size: int, weight: Weight = "SemiBold") -> int:
    """Pixels the text is wide."""
    return font(size, weight).size(text)[0]


def fit(text: str, box: tuple[int, int], largest: int, smallest: int, weight: Weight = "SemiBold") -> int | None:
    """The largest size up to `largest` at which the text fits the box (width, height); None if not even `smallest`."""
    size = min(largest, int(box[1] / 0.95))
    while size >= smallest:
        wide = width(text, size, weight)
        if wide <= box[0]:
            return size
        size = min(size - 1, int(size * box[0] / wide))
    return None


@lru_cache(maxsize=1024)
def in_two_lines(text: str) -> tuple[str, str] | None:
    """Break a label at the space (or hyphen) nearest its middle."""
    cuts = [i for i, letter in enumerate(text) if letter in " -/&" and 0 < i < len(text) - 1]
    if not cuts:
        return None
    cut = min(cuts, key=lambda i: abs(i - len(text) / 2))
    return text[: cut + 1].rstrip(), text[cut + 1 :].lstrip()


def put(
    surface: pygame.Surface,
    text: str,
    box: pygame.Rect,
    colour: Colour,
    *,
    largest: int,
    smallest: int = 1,
    weight: Weight = "SemiBold",
    align: Align = "centre",
) -> bool:
    """Write the text into the box, in one line or two. False (and nothing drawn) if it would be too small to read."""
    lines: tuple[str, ...] = (text,)
    size = fit(text, box.size, largest, smallest, weight)
    broken = in_two_lines(text)
    if broken and (size is None or size < 0.75 * largest):
        half = (box.w, box.h // 2)
        sizes = [fit(line, half, largest, smallest, weight) for line in broken]
        two = None if None in sizes else min(s for s in sizes if s is not None)
        if two is not None and (size is None or two > size):
            size, lines = two, broken
    if size is None:
        return False
    rows = [render(line, size, colour, weight) for line in lines]
    top = box.centery - sum(row.get_height() for row in rows) * 0.92 / 2
    for row in rows:
        x = {"left": box.x, "centre": box.centerx - row.get_width() // 2, "right": box.right - row.get_width()}[align]
        surface.blit(row, (x, round(top)))
        top += row.get_height() * 0.86
    return True
