"""The sprites of the picture: SVG sources under `assets/`, coloured by the theme, drawn at the size needed.

A source names its colours and a few lengths as placeholders, `{body}` or `{rail}`; they are replaced as text
before the drawing is rasterised. Everything drawn is kept in a cache bounded by its bytes. Sprites are shared:
never draw onto one.
"""

from __future__ import annotations

import io
from collections import OrderedDict
from collections.abc import Callable, Hashable
from math import cos, sin, tau
from typing import Literal

import pygame

from factoryview.scene.art.drawings import Value, filled, palette
from factoryview.scene.art.raster import clear, opaque, ready, soft_box, turned, within
from factoryview.scene.floor import stacks
from factoryview.scene.floor.rails import Rails
from factoryview.scene.theme import Colour, Level, Theme, mix

Size = tuple[int, int]
Heading = Literal["e", "s", "w", "n"]
"""The way cases travel: east, south, west, north."""
BeltKind = Literal[
    "straight",
    "left",
    "right",
    "tee_left",
    "tee_right",
    "fork",
    "join",
    "cross",
    "start",
    "end",
    "under_in",
    "under_out",
]
LampKind = Literal["person", "robot", "vacancy", "working", "starved", "blocked", "idle"]

DISH_CENTRE = (0.5, 108 / 256)
"""Centre of a machine's dish and ring, as shares of the machine's box."""
LAMP_SLOT = (27 / 256, 200 / 256, 154 / 256, 36 / 256)
"""Left, top, width and height of the slot for the workers' lamps, as shares of the machine's box."""
STATUS_SPOT = (212 / 256, 217 / 256)
"""Centre of the status lamp, as shares of the machine's box; it may be up to an eighth of the box wide."""
CRATE = 0.35
"""Side of a crate as a share of a tile: two lanes fit on a belt."""

_CACHE_BYTES = 96 << 20
_ICON = 92 / 256
_DETAIL = 8
"""Fewest pixels in which the lid of a crate can be told from a plain square."""
_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)
_RING, _RING_STEPS = 71, 60
_QUARTERS: dict[Heading, int] = {"e": 0, "s": 3, "w": 2, "n": 1}
_PIECES: dict[BeltKind, tuple[str, bool, int]] = {
    "straight": ("straight", False, 0),
    "right": ("corner", False, 0),
    "left": ("corner", True, 0),
    "tee_right": ("tee", False, 0),
    "tee_left": ("tee", True, 0),
    "fork": ("tee", False, 3),
    "join": ("tee", False, 1),
    "cross": ("cross", False, 0),
    "start": ("straight", False, 2),
    "end": ("straight", False, 0),
    "under_in": ("straight", False, 0),
    "under_out": ("straight", False, 2),
}
"""For each kind of belt its drawing, whether it is mirrored top to bottom, and how far it is turned."""


def turn(entering: Heading, leaving: Heading) -> BeltKind:
    """The belt piece on which cases enter heading one way and leave heading another.

    >>> turn("e", "s"), turn("n", "n"), turn("s", "e")
    ('right', 'straight', 'left')
    """
    quarters = (_QUARTERS[entering] - _QUARTERS[leaving]) % 4
    if quarters == 2:
        raise ValueError(f"a belt cannot turn back from {entering} to {leaving} within a tile")
    kinds: dict[int, BeltKind] = {0: "straight", 1: "right", 3: "left"}
    return kinds[quarters]


def belt_lane(px: int) -> tuple[int, int]:
    """Where the moving part of a belt lies across a tile of `px`: the first pixel row, and the number of rows."""
    rails = Rails.of(px)
    return rails.inner, px - 2 * rails.inner


class Art:
    """Draws and keeps sprites in one theme. All sizes are pixels."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._kept: OrderedDict[Hashable, pygame.Surface] = OrderedDict()
        self._bytes = 0

    def sprite(self, name: str, size: Size, **colours: Colour) -> pygame.Surface:
        """The drawing `assets/NAME.svg` at a size, e.g. `sprite("icons/phone", (64, 64), icon=theme.text)`.

        Placeholders that `colours` leaves out take the theme's calm colour of that name; one that nobody
        names raises KeyError. A drawing that is not there raises InputError.
        """
        return self._draw(name, size, 0, **colours)

    def icon(self, name: str, px: int, colour: Colour | None = None) -> pygame.Surface:
        """A square icon from `assets/icons`, by default in the colour of text."""
        return self._draw(f"icons/{name}", (px, px), 0, icon=colour or self.theme.text)

    def machine(self, tile_px: int, level: Level, icon: str) -> pygame.Surface:
        """A machine of 4×4 tiles with its icon, without lamps, ring and shadow."""

        def make() -> pygame.Surface:
            side = 4 * tile_px
            surface = self._draw("machine/body", (side, side), level).copy()
            px = round(side * _ICON)
            picture = self.icon(icon, px, self.theme.icon[level])
            surface.blit(picture, picture.get_rect(center=_spot(side, DISH_CENTRE)))
            return surface

        return self._keep(("machine", tile_px, level, icon), make)

    def ring(self, tile_px: int, share: float, level: Level = 0) -> pygame.Surface:
        """How busy a machine is, 0 to 1, as an arc to lay over `machine` at the same place."""
        steps = round(min(max(share, 0.0), 1.0) * _RING_STEPS)
        side = 4 * tile_px
        if not steps:
            return self._keep(("no ring", side), lambda: clear((side, side)))
        arc = _arc(steps / _RING_STEPS)
        return self._draw("machine/ring", (side, side), level, arc=arc)

    def source(self, tile_px: int, hue: Colour) -> pygame.Surface:
        """The dock of a channel, 4×3 tiles, open to the east; its dark panel is free for words."""
        return self._draw("machine/source", (4 * tile_px, 3 * tile_px), 0, hue=hue)

    def crate(self, px: int, hue: Colour) -> pygame.Surface:
        """One case (or `weight` of them): an opaque square, outlined to stand out from every belt."""

        def make() -> pygame.Surface:
            line = max(1, round(px / 12))
            inside = px - 2 * line
            surface = opaque((px, px))
            surface.fill(self.theme.outline_of(hue))
            if inside >= _DETAIL:
                shades = {"hue": hue, "hue_light": mix(hue, _WHITE, 0.25), "hue_dark": mix(hue, _BLACK, 0.3)}
                surface.blit(self._draw("crate/crate", (inside, inside), 0, **shades), (line, line))
            elif inside > 0:
                surface.fill(hue, (line, line, inside, inside))
            return surface

        return self._keep(("crate", px, hue), make)

    def pallet(self, px: int, hue: Colour) -> pygame.Surface:
        """Ten crates as two rows of five: opaque and quiet, with one outline, so that pallets can be counted."""
        return self._keep(("pallet", px, hue), lambda: stacks.pallet(self.theme, px, hue))

    def rack(self, px: int, hue: Colour) -> pygame.Surface:
        """A hundred crates: ten pallets in a frame of steel, two rows of five. At 56 px and more each crate shows."""
        return self._keep(("rack", px, hue), lambda: stacks.rack(self.theme, px, hue))

    def belt_piece(
        self, kind: BeltKind, px: int, level: Level = 0, hatch: bool = False, heading: Heading = "e"
    ) -> pygame.Surface:
        """One tile of belt, without chevrons; clear beside the rails.

        `heading` is the way cases enter the tile. `left` and `right` turn; a `tee_left` or `tee_right` runs
        straight on and is open to that side as well (a merge or a split); a `fork` is open to both sides and
        closed ahead, a `join` open to both sides and closed behind; `start` comes out of a machine, `end` runs
        into one; `under_in` dives below another belt and `under_out` comes up. `hatch` marks a belt at rest.
        """
        key = ("belt", kind, px, level, hatch, heading)
        return self._keep(key, lambda: self._belt_piece(kind, px, level, hatch, heading))

    def chevron(self, px: int, direction: Heading, level: Level = 0) -> pygame.Surface:
        """One arrow of a belt's pattern, centred in a clear tile of `px`."""
        quarters = _QUARTERS[direction]
        return self._keep(
            ("chevron", px, direction, level),
            lambda: turned(self._draw("belt/chevron", (px, px), level), quarters),
        )

    def lamp(self, kind: LampKind, px: int) -> pygame.Surface:
        """A worker (person: disc, robot: square, vacancy: dashed) or a status (disc, ring, bar, dash)."""
        shine = mix(self.theme.person, _WHITE, 0.7)
        return self._draw(f"lamp/{kind}", (px, px), 0, shine=shine)

    def bin(self, px: int, fill: float) -> pygame.Surface:
        """The bin of lost cases, filled from 0 to 1."""
        rows = round(min(max(fill, 0.0), 1.0) * 96 / 128 * px)

        def make() -> pygame.Surface:
            loss = self.theme.loss
            shades = {"loss_light": mix(loss, _WHITE, 0.14), "loss_dark": mix(loss, _BLACK, 0.25)}
            surface = self._draw("machine/bin", (px, px), 0).copy()
            brim = round(118 / 128 * px)
            area = pygame.Rect(0, brim - rows, px, rows)
            surface.blit(self._draw("machine/bin-full", (px, px), 0, **shades), area, area)
            return surface

        return self._keep(("bin", px, rows), make)

    def chute(self, px: int, heading: Heading) -> pygame.Surface:
        """One tile of the way into a bin."""
        quarters = _QUARTERS[heading]
        return self._keep(("chute", px, heading), lambda: turned(self._draw("machine/chute", (px, px), 0), quarters))

    def sign(self, name: Literal["alarm", "play", "pause"], px: int, level: Level = 2) -> pygame.Surface:
        """A sign to be read at a glance; `level` colours the alarm triangle."""
        return self._draw(f"sign/{name}", (px, px), level, icon=self.theme.headline)

    def shadow(self, size: Size, reach: int) -> pygame.Surface:
        """The soft shadow of a box of `size`, falling to the lower right; blit it `reach` up and left of the box."""
        drop = max(1, reach // 3)
        return self._keep(("shadow", size, reach), lambda: soft_box(size, reach, (drop, drop), self.theme.shadow, 150))

    def glow(self, size: Size, reach: int, level: Level = 2) -> pygame.Surface:
        """A halo around a box of `size`; blit it `reach` up and left of the box, before the box."""
        return self._keep(
            ("glow", size, reach, level), lambda: soft_box(size, reach, (0, 0), self.theme.signal[level], 120)
        )

    def _belt_piece(self, kind: BeltKind, px: int, level: Level, hatch: bool, heading: Heading) -> pygame.Surface:
        drawing, flipped, quarters = _PIECES[kind]
        quarters += _QUARTERS[heading]
        rails = Rails.of(px)
        theme = self.theme

        def layer(name: str, **colours: Value) -> pygame.Surface:
            values = rails.lengths() | {"belt": "none", "rail": "none"} | colours
            flat = self._draw(f"belt/{name}", (rails.frame, rails.frame), level, **values)
            return turned(pygame.transform.flip(flat, False, True) if flipped else flat, quarters)

        surface = layer(drawing, belt=theme.belt[level]).copy()
        if hatch:
            stripes = self._draw("belt/hatch", (rails.frame, rails.frame), level, **rails.lengths())
            surface.blit(within(stripes, layer(drawing, belt=_WHITE)), (0, 0))
        shade = layer(drawing, rail=theme.shadow).copy()
        shade.set_alpha(110)
        surface.blit(shade, (rails.drop, rails.drop))
        edge = layer(drawing, rail=theme.belt_edge[level])
        surface.blit(edge, (0, 0))
        if rails.shine:
            unlit = clear(edge.get_size())
            unlit.blit(edge, (rails.shine, rails.shine))
            surface.blit(layer(drawing, rail=theme.rail_shine[level]), (0, 0))
            surface.blit(within(unlit, layer(drawing, rail=_WHITE)), (0, 0))
        if kind in ("start", "end"):
            surface.blit(layer("mouth"), (0, 0))
        if kind in ("under_in", "under_out"):
            surface.blit(layer("hood"), (0, 0))
        tile = clear((px, px))
        tile.blit(surface, (0, 0), (rails.overscan, rails.overscan, px, px))
        return tile

    def _draw(self, name: str, size: Size, level: Level, **values: Value) -> pygame.Surface:
        key = (name, size, level, tuple(sorted(values.items())))
        return self._keep(key, lambda: _rasterised(filled(name, palette(self.theme, level) | values), size))

    def _keep(self, key: Hashable, make: Callable[[], pygame.Surface]) -> pygame.Surface:
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        surface = ready(make())
        self._kept[key] = surface
        self._bytes += _weight(surface)
        while self._bytes > _CACHE_BYTES and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= _weight(oldest)
        return surface


def _rasterised(svg: str, size: Size) -> pygame.Surface:
    """The drawing in the middle of a surface of that size, as large as its proportions allow."""
    drawing = pygame.image.load_sized_svg(io.BytesIO(svg.encode()), size)
    if drawing.get_size() == size:
        return drawing
    surface = clear(size)
    surface.blit(drawing, drawing.get_rect(center=surface.get_rect().center))
    return surface


def _arc(share: float) -> str:
    """A path in the units of `machine/ring.svg`, clockwise from noon over a share (above 0, up to 1) of the ring."""
    x, y = (256 * part for part in DISH_CENTRE)
    ends = (min(share, 0.5), share) if share > 0.5 else (share,)
    steps = [
        f"A{_RING} {_RING} 0 0 1 {x + _RING * sin(tau * end):.2f} {y - _RING * cos(tau * end):.2f}" for end in ends
    ]
    return f"M{x:g} {y - _RING:g}{''.join(steps)}"


def _spot(side: int, shares: tuple[float, float]) -> tuple[int, int]:
    return round(side * shares[0]), round(side * shares[1])


def _weight(surface: pygame.Surface) -> int:
    return surface.get_width() * surface.get_height() * surface.get_bytesize()
