"""The sprites of the picture: SVG sources under `assets/`, coloured by the theme, drawn at the size needed.

A source names its colours and a few lengths as placeholders, `{body}` or `{rail}`; they are replaced as text
before the drawing is rasterised. Everything drawn is kept in a cache bounded by its bytes. Sprites are shared:
never draw onto one.
"""

from __future__ import annotations

import io
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Literal

import pygame

from factoryview.scene.art.drawings import Value, filled, palette
from factoryview.scene.art.raster import clear, ready
from factoryview.scene.kept import Kept
from factoryview.scene.theme import Level, Theme

Size = tuple[int, int]

_CACHE_BYTES = 96 << 20


class Art:
    """Draws and keeps sprites in one theme. All sizes are pixels."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._kept: Kept[Hashable] = Kept(_CACHE_BYTES)
        self._latest: dict[str, OrderedDict[Hashable, pygame.Surface]] = {}

    def sprite(self, name: str, size: Size, **colours: Value) -> pygame.Surface:
        """The drawing `assets/NAME.svg` at a size, e.g. `sprite("sign/play", (64, 64), icon=theme.text)`.

        Placeholders that `colours` leaves out take the theme's calm colour of that name; one that nobody
        names raises KeyError. A drawing that is not there raises InputError.
        """
        return self._draw(name, size, 0, **colours)

    def drawn(self, key: Hashable, name: str, size: Size, values: Callable[[], Mapping[str, Value]]) -> pygame.Surface:
        """As `sprite`, with values that are found only where the drawing is not at hand. key: all that they rest on."""
        what = (name, size, key)
        return self.keep(what, lambda: _rasterised(filled(name, palette(self.theme, 0) | dict(values())), size))

    def sign(
        self, name: Literal["alarm", "well", "time", "play", "pause"], px: int, level: Level = 2
    ) -> pygame.Surface:
        """A sign to be read at a glance; `level` colours the alarm triangle."""
        return self._draw(f"sign/{name}", (px, px), level, icon=self.theme.headline)

    def _draw(self, name: str, size: Size, level: Level, **values: Value) -> pygame.Surface:
        key = (name, size, level, tuple(sorted(values.items())))
        return self.keep(key, lambda: _rasterised(filled(name, palette(self.theme, level) | values), size))

    def keep(self, key: Hashable, make: Callable[[], pygame.Surface]) -> pygame.Surface:
        """What `make` drew for this key, from the bounded cache."""
        return self._kept.of(key, lambda: ready(make()))

    def latest(self, name: str, key: Hashable, make: Callable[[], pygame.Surface], *, most: int = 1) -> pygame.Surface:
        """What was drawn for this key, if it is among the `most` wanted last under a name; else what `make` draws now.
        For whole machines: they change seldom or to and fro, and are laid over belts that move beneath their edges in
        every frame."""
        kept = self._latest.setdefault(name, OrderedDict())
        found = kept.get(key)
        if found is None:
            found = kept[key] = ready(make())
            if len(kept) > most:
                kept.popitem(last=False)
        else:
            kept.move_to_end(key)
        return found

    def has_latest(self, name: str, key: Hashable) -> bool:
        """Whether that is kept under a name."""
        return key in self._latest.get(name, ())


def _rasterised(svg: str, size: Size) -> pygame.Surface:
    """The drawing in the middle of a surface of that size, as large as its proportions allow."""
    drawing = pygame.image.load_sized_svg(io.BytesIO(svg.encode()), size)
    if drawing.get_size() == size:
        return drawing
    surface = clear(size)
    surface.blit(drawing, drawing.get_rect(center=surface.get_rect().center))
    return surface
