"""A station: the hall with its machine, the number of cases, the sign, the people at the roof's edge.

Everything that belongs to a machine stands in one block of 236 × 172 u. All functions paint at a scale of `k` pixels
per u of the block, and nothing outside the rectangles that `layout.plan.Block` keeps free.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from math import ceil
from typing import NamedTuple

import pygame

from factoryview.layout.plan import BELT, Side
from factoryview.scene.art.art import Art
from factoryview.scene.art.raster import clear
from factoryview.scene.floor.station_parts import (
    AIR,
    DEPOT_PARTS,
    PARTS,
    STEPS,
    colours_of,
    machine,
    moving_parts,
    paint_chair,
    paint_lamps,
    paint_machine,
    paint_people,
    size_at,
)
from factoryview.scene.floor.station_words import below_name, number_room, paint_count, paint_depot_words, paint_words
from factoryview.scene.picture import StationNow
from factoryview.scene.text import is_recording
from factoryview.scene.theme import Dress, Level, StationColours
from factoryview.scene.ui.look import Canvas, Look

_TO_AND_FRO = 3
"""Pictures kept of each machine: as many as a working one has, and as many as people begin and rest by turns."""
_TURNS = {"left": 0, "bottom": 1, "right": 2, "top": 3}
"""Quarters, against the clock, that turn a hood on the left to a side."""


def paint_station(surface: pygame.Surface, box: pygame.Rect, now: StationNow, art: Art, *, smallest: float) -> None:
    """A station whose hall covers `box`.

    smallest: em in pixels below which text is left out; where that hides the
    line of rates, the sign with the name takes its room.
    """
    _standing(surface, box, now, art, smallest)
    _living(surface, box, now, art, smallest)


def _standing(surface: pygame.Surface, box: pygame.Rect, now: StationNow, art: Art, smallest: float) -> None:
    """What seldom changes: hall, people and words; of a depot all."""
    k, look = box.w / 236, art.theme.station.of(now.dress)
    paint_people(surface, box, k, now, art)
    surface.blit(_hall(art, now, k), (box.x - round(AIR * k), box.y - round(AIR * k)))
    if now.dress == "depot":
        paint_machine(surface, box, k, now, look, art)
        paint_depot_words(surface, box, k, now, look, smallest)
    else:
        paint_words(surface, box, k, now, look, smallest)


def _hall(art: Art, now: StationNow, k: float) -> pygame.Surface:
    """The drawing of a hall or of a depot, with air around it."""
    name, parts = ("station/depot", DEPOT_PARTS) if now.dress == "depot" else ("station/hall", PARTS)
    return art.drawn(now.dress, name, size_at(260, 196, k), lambda: colours_of(art.theme.station.of(now.dress), parts))


def _living(surface: pygame.Surface, box: pygame.Rect, now: StationNow, art: Art, smallest: float) -> None:
    """What changes while cases pass: the machine and the number."""
    if now.dress != "depot":
        _working(surface, box, now, art, smallest)
        paint_count(surface, box, box.w / 236, now, art.theme.station.of(now.dress), smallest)


def _working(surface: pygame.Surface, box: pygame.Rect, now: StationNow, art: Art, smallest: float) -> None:
    """The machine, the lights, and the chair that nobody sits on."""
    k = box.w / 236
    look = art.theme.station.of(now.dress)
    paint_machine(surface, box, k, now, look, art)
    windows = below_name(now, box, k, smallest)[0] == "windows"
    paint_lamps(surface, box, k, now, look, art, windows=windows)
    if now.vacancies:
        paint_chair(surface, box, k, now, art)


def drawn(now: StationNow, *, still: bool, low: bool = False) -> StationNow:
    """As much of a station as can be seen: so many lights. still: the machine does not move. low: it does not rise
    above the roof.
    """
    busy = ceil(min(max(now.busy, 0.0), 1.0) * STEPS) / STEPS
    return replace(now, busy=busy, inside=0, frame=0 if still else now.frame, low=low)


class Mouth(NamedTuple):
    """Where a belt goes in or out of a hall."""

    side: Side
    at: tuple[int, int]
    """The pixel where the belt ends."""
    level: Level
    width: int
    """Pixels."""

    def seen_from(self, x: int, y: int) -> Mouth:
        """The same in the pixels of a picture whose upper left corner lies there."""
        return self._replace(at=(self.at[0] - x, self.at[1] - y))


@dataclass(frozen=True)
class StationLook(Look):
    """A station with the hoods of its belts."""

    name: str
    now: StationNow
    hall: pygame.Rect
    """As it is drawn, in pixels."""
    ports: tuple[Mouth, ...]
    k: float
    """Pixels per u of the floor."""
    smallest: float
    _kept: tuple[Art, pygame.Surface, pygame.Rect | None] | None = field(
        default=None, init=False, repr=False, compare=False
    )
    """Its picture, once it has been painted: it stays so while it lies where it does. Where the number still has to be
    written beside it.
    """
    _laid: tuple[pygame.Rect, tuple[object, ...]] | None = field(default=None, init=False, repr=False, compare=False)
    """Where it lies, and what its pictures rest on beside what is to be seen."""

    def __hash__(self) -> int:
        return hash(self.now)

    def prepare(self, art: Art, rect: pygame.Rect) -> Iterator[None]:
        """Its largest drawings, then what stands still, the machine and the number, each on the one before."""
        if is_recording() or art.has_latest(self._named("station"), self._key(rect, self.now)):
            return
        for draw in (_hall, machine):
            draw(art, self.now, self.hall.w / 236)
            yield
        for draw_whole in (self._still, self._at_work, self._picture):
            draw_whole(rect, art)
            yield

    def differing(self, rect: pygame.Rect, before: StationLook) -> Sequence[pygame.Rect]:
        """Only the number, or also the machine and its lights, where the rest stays as it is."""
        now, was, k = self.now, before.now, self.hall.w / 236
        if now.dress == "depot" or self._around() != before._around() or now.at_rest != was.at_rest:
            return (rect,)
        parts = []
        if (now.busy, now.frame) != (was.busy, was.frame):
            parts += moving_parts(self.hall, k, now, lights=now.busy != was.busy)
        if (now.count, now.dim) != (was.count, was.dim):
            parts.append(number_room(self.hall, k))
        return parts

    def _around(self) -> tuple[object, ...]:
        return self.name, self.hall, self.ports, self.k, self.smallest

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        """From a picture of it, kept as long as it looks the same wherever it lies. Of what is painted in part the
        number is written beside it: as long as it lies there, that is what changes most.
        """
        if is_recording():
            self._paint(on.surface, (0, 0), on.art)
            return
        clip, kept = on.surface.get_clip(), self._kept
        whole = bool(clip.contains(rect))
        if kept is None or kept[0] is not on.art or (whole and kept[2] is not None):
            picture = self._picture(rect, on.art) if whole else self._at_work(rect, on.art)
            beside = None if whole or self.now.dress == "depot" else number_room(self.hall, self.hall.w / 236)
            kept = on.art, picture, beside.clip(self.hall) if beside else None
            object.__setattr__(self, "_kept", kept)
        on.surface.blit(kept[1], rect)
        if kept[2] is not None and clip.colliderect(kept[2]):
            self._paint_number(on.surface, self.hall, on.art)

    def _paint_number(self, surface: pygame.Surface, hall: pygame.Rect, art: Art) -> None:
        look = art.theme.station.of(self.now.dress)
        paint_count(surface, hall, hall.w / 236, self.now, look, self.smallest)

    def _picture(self, rect: pygame.Rect, art: Art) -> pygame.Surface:
        """The number on a picture of the machine, and that on one of the rest; each is kept for itself."""

        def draw() -> pygame.Surface:
            below = self._at_work(rect, art)
            if self.now.dress == "depot":
                return below
            surface = below.copy()
            self._paint_number(surface, self.hall.move(-rect.x, -rect.y), art)
            return surface

        return art.latest(self._named("station"), self._key(rect, self.now), draw)

    def _at_work(self, rect: pygame.Rect, art: Art) -> pygame.Surface:
        """The machine on a picture of what stands still; of a depot all does."""

        def draw() -> pygame.Surface:
            surface = self._still(rect, art).copy()
            _working(surface, self.hall.move(-rect.x, -rect.y), self.now, art, self.smallest)
            return surface

        if self.now.dress == "depot":
            return self._still(rect, art)
        key = self._key(rect, self.now.unnumbered)
        return art.latest(self._named("working"), key, draw, most=_TO_AND_FRO)

    def _still(self, rect: pygame.Rect, art: Art) -> pygame.Surface:
        def draw() -> pygame.Surface:
            surface = clear(rect.size)
            self._paint_standing(surface, rect.topleft, art)
            return surface

        still = self.now if self.now.dress == "depot" else self.now.at_rest
        return art.latest(self._named("standing"), self._key(rect, still), draw, most=_TO_AND_FRO)

    def _named(self, what: str) -> str:
        return f"{what}/{self.name}"

    def _key(self, rect: pygame.Rect, now: object) -> tuple[object, ...]:
        """All that a picture of it rests on, wherever it lies. now: what is seen of it there."""
        if self._laid is None or self._laid[0] != rect:
            x, y = rect.topleft
            ports = tuple([port.seen_from(x, y) for port in self.ports])
            laid = tuple(self.hall.move(-x, -y)), rect.size, ports, self.k, self.smallest
            object.__setattr__(self, "_laid", (rect, laid))
        assert self._laid is not None
        return now, self._laid[1]

    def _paint(self, surface: pygame.Surface, corner: tuple[int, int], art: Art) -> None:
        """corner: the pixel of the picture at the surface's upper left."""
        self._paint_standing(surface, corner, art)
        _living(surface, self.hall.move(-corner[0], -corner[1]), self.now, art, self.smallest)

    def _paint_standing(self, surface: pygame.Surface, corner: tuple[int, int], art: Art) -> None:
        x, y = corner
        hall = self.hall.move(-x, -y)
        ports = [port.seen_from(x, y) for port in self.ports]
        _paint_hoods(surface, ports, hall, self.k, self.now.dress, art)
        _standing(surface, hall, self.now, art, self.smallest)


def _paint_hoods(surface: pygame.Surface, ports: Sequence[Mouth], hall: pygame.Rect,
                 k: float, dress: Dress, art: Art) -> None:  # fmt: skip
    """Where belts go in and out: from the belt's end to the hall as it is drawn."""
    look = art.theme.station.of(dress)
    across = round((BELT + 10) * k)
    if across < 8:
        return
    deep = max(4, round(16 * k))
    for side, (x, y), level, width in ports:
        hood = art.keep(("hood", across, deep, dress, side), partial(_hood, across, deep, side, look, art))
        if side in ("left", "right"):
            begin, end = (x, hall.left + 2) if side == "left" else (hall.right - 2, x)
            _stub(surface, pygame.Rect(begin, y - width // 2, max(0, end - begin), width), art, level, along=True)
            edge = hall.left - deep // 2 if side == "left" else hall.right - deep // 2
            surface.blit(hood, (edge, y - across // 2))
        else:
            begin, end = (y, hall.top + 2) if side == "top" else (hall.bottom - 2, y)
            _stub(surface, pygame.Rect(x - width // 2, begin, width, max(0, end - begin)), art, level, along=False)
            edge = hall.top - deep // 2 if side == "top" else hall.bottom - deep // 2
            surface.blit(hood, (x - across // 2, edge))


def _stub(surface: pygame.Surface, box: pygame.Rect, art: Art, level: Level, *, along: bool) -> None:
    """The last bit of belt between the room that is kept for a hall and the hall."""
    surface.fill(art.theme.belt[level], box)
    rail = max(1, (box.h if along else box.w) // 11)
    for edge in (0, (box.h if along else box.w) - rail):
        surface.fill(art.theme.belt_edge[level], (box.x, box.y + edge, box.w, rail) if along
                     else (box.x + edge, box.y, rail, box.h))  # fmt: skip


def _hood(across: int, deep: int, side: str, look: StationColours, art: Art) -> pygame.Surface:
    colours = {name: getattr(look, name) for name in ("contour", "roof", "edge_light", "rib")}
    picture = art.sprite("station/hood", (deep, across), **colours)
    return pygame.transform.rotate(picture, 90 * _TURNS[side])
