"""Work that stands: pallets of ten and loose crates in a yard or before a hall, and wrecks on their siding.

Whatever stands is drawn crate by crate in its channel's hue, in order of arrival, so that the pile can be counted:
full pallets first, then loose crates. On a pallet those of one channel stand together: mixed, they are specks. A rack
holds a hundred and stands only where pallets would not fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from math import ceil

import numpy as np
import pygame
from numpy.typing import NDArray

from factoryview.layout.plan import Rect, Yard
from factoryview.scene.art.crates import STANDING, crate, quiet
from factoryview.scene.art.raster import opaque, ready
from factoryview.scene.colour import Colour, mix
from factoryview.scene.kept import Kept
from factoryview.scene.theme import Theme
from factoryview.scene.ui.look import Canvas, Look

TEN, HUNDRED = 10, 100
_COLUMNS, _ROWS = 5, 2


@dataclass(frozen=True)
class PileLook(Look):
    """Crates on their places; see `paint_pile`."""

    hues: bytes
    places_: tuple[pygame.Rect, ...]
    in_yard: bool
    k: float
    """Pixels per u."""
    quiet: bool = False
    """Something else is the news: however many stand here, they do not call."""

    def __hash__(self) -> int:
        return hash(self.hues)

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme = quiet(on.art.theme, STANDING) if self.quiet else on.art.theme
        if self.in_yard:
            mark_yard(on.surface, rect, self.k, mix(theme.floor, theme.marking, 0.25 if self.quiet else 0.7))
        few = len(self.hues) < TEN and not self.in_yard
        paint_pile(on.surface, self.places_, self.hues, theme, theme.floor, room_for=1 if few else TEN - 1)


def piles(count: int, places: int) -> list[int]:
    """How many crates stand on each place, in order: tens and the rest, or racks of a hundred as far as needed.

    >>> piles(34, 6), piles(34, 3), piles(234, 8)
    ([10, 10, 10, 4], [10, 10, 14], [100, 100, 10, 10, 10, 4])
    """
    places = max(1, places)
    # a rack stands for ten pallets, on one place
    racks = min(max(0, -(-(-(-count // TEN) - places) // (HUNDRED // TEN - 1))), count // HUNDRED)
    full, loose = divmod(count - racks * HUNDRED, TEN)
    found = [HUNDRED] * racks + [TEN] * full + ([loose] if loose else [])
    if len(found) > places:  # neither fits: what is left shares the last place
        found[places - 1 :] = [sum(found[places - 1 :])]
    return found


def paint_pile(
    surface: pygame.Surface, places: Sequence[pygame.Rect], hues: bytes, theme: Theme, ground: Colour,
    *, room_for: int = TEN - 1,
) -> None:  # fmt: skip
    """Crates on the places, the first come first. hues: one channel index a crate, in order of arrival.

    room_for: loose crates are so large that so many would find room on their place.
    """
    done, channels = 0, hues.translate(_channels(len(theme.hues)))
    racks: dict[tuple[int, tuple[int, int]], list[tuple[pygame.Rect, bytes]]] = {}
    for spot, count in zip(places, piles(len(hues), len(places)), strict=False):
        part = channels[done : done + count]
        done += count
        if count < TEN:
            _loose(surface, spot, part, theme, ground, room_for)
        elif count == TEN:
            surface.blit(_pallet(spot.size, bytes(sorted(part)), theme.hues, (theme.pallet, theme.shadow)), spot)
        else:
            racks.setdefault((count, spot.size), []).append((spot, part))
    for (count, size), group in racks.items():
        stored = b"".join([part for _, part in group])
        made_of = theme.hues, theme.steel_dark, theme.shadow
        picture = _shelves.of((size, stored, count, made_of), partial(_racks, size, stored, count, *made_of))
        surface.blits([(picture, spot, (0, i * size[1], *size)) for i, (spot, _) in enumerate(group)], False)


@lru_cache
def _channels(count: int) -> bytes:
    """For each number of a channel that of its hue, where there are so many."""
    return bytes(channel % count for channel in range(256))


def _hue(theme: Theme, channel: int) -> Colour:
    return theme.hues[channel % len(theme.hues)]


_pallets: Kept[tuple[object, ...]] = Kept(8 << 20, 1000)
"""There are hundreds of ways in which ten crates of some hues can stand on one. Small ones are bounded by their number:
each is a kilobyte beside its pixels, and a fast replay fills its bytes only after hours."""


def _pallet(
    size: tuple[int, int], channels: bytes, hues: tuple[Colour, ...], made_of: tuple[Colour, Colour]
) -> pygame.Surface:
    """A pallet of ten: small piles change at their ends, most of one stays as it is. channels: in their order, those of
    one stand together. made_of: wood and shadow.
    """
    return _pallets.of((size, channels, hues, made_of), lambda: _two_rows(size, channels, hues, *made_of))


def _two_rows(
    size: tuple[int, int], channels: bytes, hues: tuple[Colour, ...], wood: Colour, shadow: Colour
) -> pygame.Surface:
    """Two rows of five on wood, filled from the left."""
    surface = opaque(size)
    spot = surface.get_rect()
    edge = max(1, min(spot.size) // 20)
    surface.fill(mix(wood, shadow, 0.5), spot)
    surface.fill(wood, spot.inflate(-2 * edge, -2 * edge))
    inner = spot.inflate(-4 * edge, -4 * edge)
    gap = max(1, spot.w // 40)
    spots = cells(inner, _COLUMNS, _ROWS, gap)
    from_left = (spots[row * _COLUMNS + column] for column in range(_COLUMNS) for row in range(_ROWS))
    blocks = zip(from_left, channels, strict=False)
    surface.fblits([(_block(cell.size, hues[channel]), cell) for cell, channel in blocks])
    return ready(surface)


_shelves: Kept[tuple[object, ...]] = Kept(16 << 20, 400)
"""The racks of whole piles: a floor that is moved under the camera shows them again."""


def _racks(
    size: tuple[int, int], channels: bytes, each: int, hues: tuple[Colour, ...], steel_dark: Colour, shadow: Colour
) -> pygame.Surface:
    """Racks of so many crates each, one below the other: steel shelves of ten by ten (or as many rows as it takes),
    every crate there. All at once: where cases come and go, no rack of a large pile stays as it is.
    """
    box = pygame.Rect(0, 0, *size)
    edge = max(1, box.w // 20)
    inner = box.inflate(-3 * edge, -3 * edge)
    columns = 10
    while columns * columns < each:
        columns += 5
    gap, rows = 1 if inner.w > 3 * columns else 0, -(-each // columns)
    first = first_cell(inner, columns, rows, gap)
    steel, frame = len(hues), len(hues) + 1
    crates = np.full((len(channels) // each, rows * columns), steel, np.uint8)
    crates[:, :each] = np.sort(np.frombuffer(channels, np.uint8).reshape(-1, each), axis=1)
    wide, high = first.w + gap, first.h + gap
    shelves = crates.reshape(-1, rows, columns).repeat(high, axis=1).repeat(wide, axis=2)
    if gap:
        shelves[:, first.h :: high] = shelves[:, :, first.w :: wide] = steel
    racks = np.full((len(crates), *reversed(size)), frame, np.uint8)
    _put(racks, steel, box.inflate(-edge, -edge))
    _put(racks, shelves, pygame.Rect(first.topleft, (columns * wide - gap, rows * high - gap)))
    surface = opaque((size[0], size[1] * len(crates)))
    colours = (*hues, steel_dark, mix(steel_dark, shadow, 0.4))
    pixels = np.array([surface.map_rgb(colour) for colour in colours], np.uint32)
    surface.get_buffer().write(pixels[racks].tobytes())
    return surface


def _put(pictures: NDArray[np.uint8], what: NDArray[np.uint8] | int, rect: pygame.Rect) -> None:
    """Put the same or one each into many pictures, as far as it lies inside."""
    seen = rect.clip((0, 0, pictures.shape[2], pictures.shape[1]))
    inside = slice(seen.top - rect.top, seen.bottom - rect.top), slice(seen.left - rect.left, seen.right - rect.left)
    part = what if isinstance(what, int) else what[:, *inside]
    pictures[:, seen.top : seen.bottom, seen.left : seen.right] = part


def _loose(surface: pygame.Surface, spot: pygame.Rect, hues: Sequence[int], theme: Theme, ground: Colour,
           room_for: int) -> None:  # fmt: skip
    """Up to nine crates as they lie on a belt, on the floor, so large that so many would find room."""
    side, columns = _largest(spot.w, spot.h, max(room_for, len(hues)))
    for i, channel in enumerate(hues):
        x = spot.x + (i % columns) * (side + max(1, side // 8))
        y = spot.y + (i // columns) * (side + max(1, side // 8))
        surface.blit(crate(side, _hue(theme, channel), ground), (x, y))


def _largest(wide: int, high: int, count: int) -> tuple[int, int]:
    """The largest side at which so many squares with gaps find room, and how many stand beside each other."""
    for side in range(min(wide, high), 2, -1):
        step = side + max(1, side // 8)
        columns, rows = (wide + step - side) // step, (high + step - side) // step
        if columns * rows >= count:
            return side, columns
    return 2, max(1, wide // 3)


@lru_cache(maxsize=256)
def _block(size: tuple[int, int], hue: Colour) -> pygame.Surface:
    """A crate as it lies on a pallet."""
    (wide, high), surface = size, opaque(size)
    surface.fill(hue)
    if min(size) >= 5:
        edge = max(1, min(size) // 7)
        surface.fill(mix(hue, (255, 255, 255), 0.26), (0, 0, wide, edge))
        surface.fill(mix(hue, (0, 0, 0), 0.3), (0, high - edge, wide, edge))
    return ready(surface)


def cells(area: pygame.Rect, columns: int, rows: int, gap: int) -> Sequence[pygame.Rect]:
    """Equal boxes in whole pixels, row by row, centred in the area, `gap` pixels apart; at least one pixel each."""
    return _cells(tuple(area), columns, rows, gap)


@lru_cache(maxsize=32)
def _cells(box: tuple[int, int, int, int], columns: int, rows: int, gap: int) -> Sequence[pygame.Rect]:
    first = first_cell(pygame.Rect(box), columns, rows, gap)
    return [
        first.move(column * (first.w + gap), row * (first.h + gap)) for row in range(rows) for column in range(columns)
    ]


def first_cell(area: pygame.Rect, columns: int, rows: int, gap: int) -> pygame.Rect:
    """The box at the upper left of `cells`."""
    width = max(1, (area.width - (columns - 1) * gap) // columns)
    height = max(1, (area.height - (rows - 1) * gap) // rows)
    left = area.left + (area.width - columns * width - (columns - 1) * gap) // 2
    top = area.top + (area.height - rows * height - (rows - 1) * gap) // 2
    return pygame.Rect(left, top, width, height)


GAP = 5
"""u between places."""
_LARGEST_CRATE = 24
"""u of a crate on a pallet in a yard, at the most: about as large as on a belt."""
_SMALLEST_PLACE = 20
_STEPS = (4, 6, 9, 12, 15, 20, 25, 30, 40)
"""Pallets that a yard is divided for: not anew for each that comes."""
FEW_STEPS = (1, 2, *_STEPS)
"""The same of an apron."""
_RACKS_FROM = 400


def yard_places(yard: Yard, count: int) -> list[Rect]:
    """Places for a pile of so many crates, the one nearest the intake first: as large as the yard allows, so that a
    pile fills it, with crates no larger than on a belt; above four hundred there are racks as well, which are square.
    """
    inner = yard.rect.grown(-10)
    first = yard.places[0].centre if yard.places else yard.rect.centre
    from_right, from_below = first.x > yard.rect.centre.x, first.y > yard.rect.centre.y
    step = next((step for step in _STEPS if TEN * step >= count), _STEPS[-1])
    return divided(inner, step, count, from_right=from_right, from_below=from_below)


def side_of(inner: Rect, count: int) -> float:
    """u of a crate, where so many stand on pallets in a rectangle."""
    return _widest(inner, ceil(count / TEN), _COLUMNS, _ROWS)


@lru_cache(maxsize=512)
def _widest(inner: Rect, places: int, across: int, down: int) -> float:
    """u of a crate where so many places with so many crates each share a rectangle, in as many columns as leaves them
    the largest.
    """
    columns = np.arange(1, places + 1)
    rows = -(-places // columns)
    wide, high = ((inner.w + GAP) / columns - GAP) / across, ((inner.h + GAP) / rows - GAP) / down
    return float(min(np.minimum(wide, high).max(), _LARGEST_CRATE))


def divided(inner: Rect, pallets: int, count: int, *, from_right: bool = False, from_below: bool = False) -> list[Rect]:
    """A rectangle divided into equal places for so many pallets, or for racks where more than four hundred stand."""
    if count > _RACKS_FROM:
        needed, across, down = -(-count // HUNDRED) + 1, TEN, TEN
    else:
        needed, across, down = pallets, _COLUMNS, _ROWS
    side = _widest(inner, needed, across, down)
    wide = max(_SMALLEST_PLACE, int(side * across))
    high = max(_SMALLEST_PLACE * down // across, int(side * down))
    columns, rows = (inner.w + GAP) // (wide + GAP), (inner.h + GAP) // (high + GAP)
    found = []
    for column in range(columns):
        for row in range(rows):
            x, y = column * (wide + GAP), row * (high + GAP)
            found.append(Rect(inner.right - wide - x if from_right else inner.x + x,
                              inner.bottom - high - y if from_below else inner.y + y, wide, high))  # fmt: skip
    return found


def places_of(rects: Sequence[Rect], k: float, corner: tuple[int, int]) -> list[pygame.Rect]:
    """Places of the plan in pixels."""
    found = []
    for rect in rects:
        x0, y0, x1, y1 = (round(side * k) for side in (rect.x, rect.y, rect.right, rect.bottom))
        found.append(pygame.Rect(corner[0] + x0, corner[1] + y0, x1 - x0, y1 - y0))
    return found


def mark_yard(surface: pygame.Surface, box: pygame.Rect, k: float, ink: Colour) -> None:
    """Dashes of worn paint around a yard or the part of it in which something stands. k: pixels per u."""
    dash, thick = max(4, round(18 * k)), max(1, round(3 * k))
    for x in range(box.left, box.right, 2 * dash):
        for y in (box.top, box.bottom - thick):
            surface.fill(ink, (x, y, min(dash, box.right - x), thick))
    for y in range(box.top, box.bottom, 2 * dash):
        for x in (box.left, box.right - thick):
            surface.fill(ink, (x, y, thick, min(dash, box.bottom - y)))


def marked(yard: Yard, places: Sequence[Rect], used: int) -> Rect:
    """The part of a yard with its frame: from the intake to the last column of places that something stands on."""
    last = places[max(0, min(used, len(places)) - 1)]
    if places[0].x - yard.rect.x < yard.rect.right - places[0].right:
        return Rect(yard.rect.x, yard.rect.y, min(yard.rect.right, last.right + 10) - yard.rect.x, yard.rect.h)
    left = max(yard.rect.x, last.x - 10)
    return Rect(left, yard.rect.y, yard.rect.right - left, yard.rect.h)
