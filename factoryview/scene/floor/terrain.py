"""What lies beneath everything and never moves: the lit floor, the districts, shadows. Baked in square chunks.

A chunk is drawn once for a scale and then only blitted, so that a moved camera costs a few blits and what has come into
sight. The light is a low-resolution map of soft pools around the machines, smoothed and dithered so that no band shows.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
import pygame
from numpy.typing import NDArray

from factoryview.layout.plan import BELT, Plan, Rect
from factoryview.scene.art.art import Art
from factoryview.scene.art.raster import clear, opaque, ready, soft
from factoryview.scene.colour import Colour, mix
from factoryview.scene.floor.camera import Camera
from factoryview.scene.floor.districts import floor_parts
from factoryview.scene.floor.yards import mark_yard
from factoryview.scene.picture import FloorNow
from factoryview.scene.text import render, width
from factoryview.scene.theme import Dress, Level, Theme
from factoryview.scene.ui.look import Canvas, Look

Place = Callable[[Rect], pygame.Rect]
"""Where a rectangle of the plan lies on a chunk."""

_CHUNK = 512
"""Pixels."""
_MOST_CHUNKS = 96
_BAND = 32
"""Rows of a chunk that are lit at a time: what is reckoned meanwhile stays near the processor."""
_GRAIN = 8
"""u per cell of the light map."""
_SLAB = 60
"""u of a slab of floor."""
_ROUGH, _RIM = 4, 64
"""Shadows are blurred at a quarter of the resolution, with so many pixels of their surroundings."""
_GLOW, _POOL = 12, 110
"""u that the constraint shines around itself, and that its light reaches on the floor."""
_DEPTH = 12
"""u a hall's shadow falls to the lower right."""
NAME = 28
"""u of the em of a department's name."""
APART = "\u2009"
"""Between the letters of departments' names, where there is room for all."""
_AISLE, _ROUND = 5, 14
"""u from a department's floor to the border, and the radius of its corners."""


class Shine(NamedTuple):
    """What the first headline speaks of, in pixels: it lights the floor around it."""

    hall: pygame.Rect
    yard: pygame.Rect | None
    level: Level

    def __hash__(self) -> int:
        return hash((tuple(self.hall), self.level))


class Halo(NamedTuple):
    """Light around a box."""

    box: pygame.Rect
    reach: int
    """Pixels."""
    colour: Colour
    opacity: int
    """Of 255, at the box."""

    def picture(self, art: Art) -> pygame.Surface:
        """Larger than the box by its reach on every side."""
        size = self.box.size
        return art.keep(("glow", size, *self[1:]), partial(hall_glow, size, *self[1:]))


_LEVELS: dict[Dress, Level] = {"longest": 0, "slow": 1, "alarm": 2, "known": 3}


@dataclass(frozen=True)
class Ground(Look):
    """The lowest layer: the terrain under a camera, and the glow of the constraint beneath belts and halls."""

    camera: Camera
    glowing: tuple[Shine, ...]
    terrain: Terrain

    @classmethod
    def of(cls, terrain: Terrain, now: FloorNow, camera: Camera, *, glows: bool) -> Ground:
        """glows: near enough to see it."""
        found: list[Shine] = []
        for (name, block), station in zip(terrain.plan.blocks.items(), now.stations, strict=True):
            shown = glows and (station.leading or station.dress == "longest")
            level = _LEVELS.get(station.dress) if shown else None
            if level is not None:
                yards = [camera.rect(yard.rect) for yard in terrain.plan.yards if yard.stage == name]
                found.append(Shine(camera.rect(block.room), yards[0] if yards else None, level))
        return cls(camera, tuple(found), terrain)

    @property
    def opaque(self) -> bool:
        return True

    def differing(self, rect: pygame.Rect, before: Ground) -> Sequence[pygame.Rect]:
        """Only where the floor is seen, while it is seen there."""
        view = self.camera.view
        return (view.clip(rect),) if before.camera.view == view else (rect,)

    def prepare(self, art: Art, rect: pygame.Rect) -> Iterator[None]:  # noqa: ARG002
        for place in self.terrain.places(self.camera, self.camera.view):
            self.terrain.bake(self.camera.k, *place)
            yield
        for halo in self._halos():
            halo.picture(art)
            yield

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        before = on.surface.get_clip()
        if not self.camera.view.contains(before):
            on.surface.fill(self.terrain.theme.panel, rect)
        on.surface.set_clip(self.camera.view.clip(before))
        self.terrain.paint(on.surface, self.camera, self.camera.view)
        for halo in self._halos():
            pixels = halo.reach
            on.surface.blit(
                halo.picture(on.art), halo.box.move(-pixels, -pixels), special_flags=pygame.BLEND_PREMULTIPLIED
            )
        on.surface.set_clip(before)

    def _halos(self) -> Iterator[Halo]:
        for hall, yard, level in self.glowing:
            colour = self.terrain.theme.signal[level] if level else self.terrain.theme.longest
            # where nothing jams it lights the floor and does not glow
            for box, reach, opacity in ((hall, _POOL, 88), (yard, _POOL, 40), (hall, _GLOW, 150 if level else 60)):
                if box is not None:
                    yield Halo(box, max(2, round(reach * self.camera.k)), colour, opacity)


class Terrain:
    """The ground of one plan in one theme."""

    def __init__(self, plan: Plan, theme: Theme, names: Mapping[int, str]) -> None:
        """names: department → what is written on its floor."""
        self.plan, self.theme, self.names = plan, theme, names
        self._light = _light_map(plan, theme)
        self._chunks: OrderedDict[tuple[float, int, int], pygame.Surface] = OrderedDict()
        self._scale = 0.0
        """At which it was painted last."""

    def paint(self, surface: pygame.Surface, camera: Camera, view: pygame.Rect) -> None:
        """The ground in `view`, a part of the surface. Where nothing was missing it bakes one chunk beside it, so that
        a camera that moves on finds a whole row of them.
        """
        clip = surface.get_clip()
        surface.set_clip(view.clip(clip))
        (left, top), missing = camera.corner, self._missing(camera, view)
        for column, row in self.places(camera, view):
            surface.blit(self.bake(camera.k, column, row), (left + column * _CHUNK, top + row * _CHUNK))
        surface.set_clip(clip)
        if camera.k == self._scale and missing is None:
            around = self._missing(camera, view.inflate(_CHUNK, _CHUNK))
            if around is not None:
                self.bake(camera.k, *around)
        self._scale = camera.k

    def _missing(self, camera: Camera, view: pygame.Rect) -> tuple[int, int] | None:
        """A chunk in `view` that has not been baked yet."""
        return next((place for place in self.places(camera, view) if (camera.k, *place) not in self._chunks), None)

    def places(self, camera: Camera, view: pygame.Rect) -> Iterator[tuple[int, int]]:
        """Column and row of every chunk in `view`, a part of the surface."""
        left, top = camera.corner
        for column in range((view.left - left) // _CHUNK, (view.right - 1 - left) // _CHUNK + 1):
            for row in range((view.top - top) // _CHUNK, (view.bottom - 1 - top) // _CHUNK + 1):
                yield column, row

    def bake(self, k: float, column: int, row: int) -> pygame.Surface:
        """A chunk at a scale, as it is kept; not to be drawn on."""
        key = (k, column, row)
        found = self._chunks.get(key)
        if found is None:
            found = self._chunks[key] = self._bake(k, column, row)
            if len(self._chunks) > _MOST_CHUNKS:
                self._chunks.popitem(last=False)
        else:
            self._chunks.move_to_end(key)
        return found

    def _bake(self, k: float, column: int, row: int) -> pygame.Surface:
        area = pygame.Rect(column * _CHUNK, row * _CHUNK, _CHUNK, _CHUNK)
        chunk = opaque(area.size)
        chunk.fill(self.theme.aisle)

        def place(box: Rect) -> pygame.Rect:
            x0, y0 = round(box.x * k), round(box.y * k)
            return pygame.Rect(x0 - area.x, y0 - area.y, round(box.right * k) - x0, round(box.bottom * k) - y0)

        self._districts(chunk, place, k)
        _slabs(chunk, area, k, self.theme)
        for gate in self.plan.gates:
            _plate(chunk, place(gate), k, self.theme)
        for yard in self.plan.yards:
            mark_yard(chunk, place(yard.rect), k, mix(self.theme.floor, self.theme.marking, 0.16))
        self._shadows(chunk, area, k, place)
        self._lit(chunk, area, k)
        self._names(chunk, place, k)
        return ready(chunk)

    def _districts(self, chunk: pygame.Surface, place: Place, k: float) -> None:
        """Each department's floor with a fine edge in its own tint, an aisle between it and the next."""
        theme, edge = self.theme, max(1, round(1.5 * k))
        for i, zone in enumerate(self.plan.zones):
            tint, line = theme.zones[i % len(theme.zones)], theme.zone_edges[i % len(theme.zone_edges)]
            parts = floor_parts(zone.rects)
            aisle, radius, rim = round(_AISLE * k), round(_ROUND * k), mix(tint, line, 0.6)
            for part in parts:
                part.paint(chunk, place(part.rect), aisle, radius, rim, theme.aisle)
            for part in parts:
                part.paint(chunk, place(part.rect), aisle + edge, radius - edge, tint, rim)

    def _shadows(self, chunk: pygame.Surface, area: pygame.Rect, k: float, place: Place) -> None:
        """Soft shadows of halls and signs to the lower right, of belts right beneath them."""
        rough, rim = _ROUGH, _RIM
        side = (area.w + 2 * rim) // rough
        veil = clear((side, side))

        def coarse(box: pygame.Rect, drop: float) -> pygame.Rect:
            return pygame.Rect((box.x + rim + drop) // rough, (box.y + rim + drop) // rough,
                               max(1, box.w // rough), max(1, box.h // rough))  # fmt: skip

        drop, ink = _DEPTH * k, (*self.theme.shadow, 150)
        reach = max(1, round(3 * k))
        for belt in self.plan.belts:
            if not belt.thin:
                points = [((round(p.x * k) - area.x + rim + reach) // rough,
                           (round(p.y * k) - area.y + rim + reach) // rough) for p in belt.points]  # fmt: skip
                width = max(1, round((BELT + 8) * k / rough))
                pygame.draw.lines(veil, (*self.theme.shadow, 130), False, points, width)
        for block in self.plan.blocks.values():
            pygame.draw.rect(veil, ink, coarse(place(block.hall), drop), border_radius=max(1, round(10 * k / rough)))
        for sign in self.plan.signs:
            pygame.draw.rect(veil, ink, coarse(place(sign.rect), drop / 2), border_radius=max(1, round(8 * k / rough)))
        veil = pygame.transform.gaussian_blur(veil, max(1, round(6 * k / rough)))
        full = pygame.transform.smoothscale(veil, (side * rough, side * rough))
        chunk.blit(full, (-rim, -rim))

    def _lit(self, chunk: pygame.Surface, area: pygame.Rect, k: float) -> None:
        """Multiply by the light; the fraction below a step of grey is dithered."""
        rows = np.clip((np.arange(area.h) + area.y + 0.5) / k / _GRAIN, 0, self._light.shape[1] - 1.001)
        columns = np.clip((np.arange(area.w) + area.x + 0.5) / k / _GRAIN, 0, self._light.shape[0] - 1.001)
        grid = _Between(self._light, columns, rows)
        grain = _noise(area.w, area.h)
        pixels = pygame.surfarray.pixels2d(chunk).transpose().view(np.int32)
        middle, warmth = np.float32(sum(self.theme.light[:2]) / 2 + 0.2), np.float32(self.theme.warmth)
        lit, step = np.empty((_BAND, area.w), np.float32), np.empty((_BAND, area.w), np.int32)
        for top in range(0, area.h, _BAND):
            band = slice(top, top + _BAND)
            light, was = grid.rows(band), pixels[band].copy()
            tint = (light - middle) * warmth
            pixels[band] = 0
            for shift, warm in zip(chunk.get_shifts(), (tint + 1, None, 1 - tint), strict=False):
                np.copyto(lit, np.bitwise_and(np.right_shift(was, shift, out=step), 255, out=step))
                lit *= light if warm is None else np.multiply(warm, light, out=warm)
                lit += grain[band]
                np.copyto(step, np.minimum(lit, 255, out=lit), casting="unsafe")
                pixels[band] |= np.left_shift(step, shift, out=step)

    def _names(self, chunk: pygame.Surface, place: Place, k: float) -> None:
        size = round(NAME * k)
        if size < 9:
            return
        said = [self.names.get(zone.department, "").upper() for zone in self.plan.zones]
        wide = [width(APART.join(words), size, "SemiBold") for words in said]
        between = APART if all(w <= zone.label.w * k for w, zone in zip(wide, self.plan.zones, strict=True)) else ""
        for i, (zone, words) in enumerate(zip(self.plan.zones, said, strict=True)):
            box = place(zone.label)
            if not words or not box.colliderect(chunk.get_rect()):
                continue
            line = render(between.join(words), size, self.theme.zone_names[i % len(self.theme.zone_names)], "SemiBold")
            chunk.blit(line, (box.x + round(8 * k), box.centery + round(3 * k) - line.get_height() // 2))


def _slabs(chunk: pygame.Surface, area: pygame.Rect, k: float, theme: Theme) -> None:
    """Faint seams between the slabs of the floor."""
    step = _SLAB * k
    if step < 16:
        return
    seam = clear(area.size)
    ink, shine = (*theme.shadow, 26), (255, 255, 255, 7)
    for i in range(int(area.x / step), int(area.right / step) + 1):
        x = round(i * step) - area.x
        pygame.draw.line(seam, ink, (x, 0), (x, area.h))
        pygame.draw.line(seam, shine, (x + 1, 0), (x + 1, area.h))
    for i in range(int(area.y / step), int(area.bottom / step) + 1):
        y = round(i * step) - area.y
        pygame.draw.line(seam, ink, (0, y), (area.w, y))
        pygame.draw.line(seam, shine, (0, y + 1), (area.w, y + 1))
    chunk.blit(seam, (0, 0))


def _plate(chunk: pygame.Surface, box: pygame.Rect, k: float, theme: Theme) -> None:
    """The platform on which the signs of a gate stand; its belt begins at the edge."""
    if box.colliderect(chunk.get_rect()):
        radius, line = max(2, round(10 * k)), max(1, round(2 * k))
        pygame.draw.rect(chunk, mix(theme.floor, theme.contour.calm, 0.22), box, border_radius=radius)
        pygame.draw.rect(chunk, mix(theme.floor, theme.belt_edge.calm, 0.4), box, line, border_radius=radius)


def _light_map(plan: Plan, theme: Theme) -> NDArray[np.float32]:
    """Factors of brightness, columns × rows of `_GRAIN` u: pools at the halls, darker towards the edges."""
    x = (np.arange(plan.width // _GRAIN + 2) * _GRAIN)[:, None]
    y = (np.arange(plan.height // _GRAIN + 2) * _GRAIN)[None, :]
    pools = np.zeros((x.shape[0], y.shape[1]))
    for block in plan.blocks.values():
        cx, cy = block.hall.centre
        pools = np.maximum(pools, np.exp(-(((x - cx) / 230) ** 2 + ((y - cy) / 190) ** 2)))
    edge = ((x - plan.width / 2) / (plan.width / 2)) ** 2 * 0.5 + ((y - plan.height / 2) / (plan.height / 2)) ** 2 * 0.5
    dim, gain, vignette = theme.light
    return np.asarray(dim + gain * pools - vignette * np.clip(edge, 0, 1) ** 1.5, dtype=np.float32)


class _Between:
    """The values of a grid (columns × rows) between its points, rows × columns."""

    def __init__(self, grid: NDArray[np.float32], x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
        x0, y0 = x.astype(int), y.astype(int)
        fx, fy = (x - x0)[:, None].astype(np.float32), (y - y0)[:, None].astype(np.float32)
        near = grid[:, y0[0] : y0[-1] + 2]
        self._across = np.ascontiguousarray((near[x0] * (1 - fx) + near[x0 + 1] * fx).T)
        self._above, self._part = y0 - y0[0], fy

    def rows(self, band: slice) -> NDArray[np.float32]:
        """Of some rows."""
        above, part = self._above[band], self._part[band]
        found: NDArray[np.float32] = self._across[above]
        found *= 1 - part
        below = self._across[above + 1]
        below *= part
        found += below
        return found


_grains: dict[tuple[int, int], NDArray[np.float32]] = {}


def _noise(width: int, height: int) -> NDArray[np.float32]:
    """The same grain for every chunk, rows × columns: less than a step of grey, which hides where one grey ends and the
    next begins."""
    key = (width, height)
    if key not in _grains:
        _grains[key] = np.ascontiguousarray(np.random.default_rng(7).uniform(0.0, 1.6, key).astype(np.float32).T)
    return _grains[key]


def hall_glow(size: tuple[int, int], reach: int, colour: Colour, opacity: int) -> pygame.Surface:
    """A halo around a hall of `size` pixels, `reach` larger on every side; premultiplied, so that it never brightens
    more than its colour. Blit with BLEND_PREMULTIPLIED."""

    def draw(surface: pygame.Surface, scale: float) -> None:
        rim, width, height = (round(scale * each) for each in (reach - reach // 4, *(n + reach // 2 for n in size)))
        pygame.draw.rect(surface, (*colour, opacity), (rim, rim, width, height), border_radius=round(scale * reach))

    return soft((size[0] + 2 * reach, size[1] + 2 * reach), reach // 3, draw)
