"""What a station is built of: the machine in its lit bay, the lit windows, who works there, the empty chair.

All functions paint at a scale of `k` pixels per u of the block, from the upper left corner of its hall.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import ceil

import pygame

from factoryview.scene.art.art import Art
from factoryview.scene.art.drawings import Value
from factoryview.scene.art.motifs import Drawn, motif, motif_of
from factoryview.scene.art.raster import soft
from factoryview.scene.colour import Colour, mix
from factoryview.scene.picture import StationNow
from factoryview.scene.text import render, stamp
from factoryview.scene.theme import StationColours, Theme

AIR = 12
"""u around the drawing of a hall."""
OVERHANG = 46
"""u above a hall that its machine, its people and an empty chair may cover."""
STEPS = 4
"""Of the load that its lights show."""
_BAY = (5, 5, 92, 76)
_MACHINE = (-1, -45, 104, 124)
"""Where the machine stands: it rises above the roof, so that each kind has an outline of its own."""
_LOW_MACHINE = (20, 5, 62, 74)
ROOF = 118
"""u from a hall's left edge that its machine may cover of what lies above the roof."""
_FLAG = (11, -22, 78, 93)
"""On the roof of a depot."""
_LAMPS, _WINDOWS = (102, 79.5, 124, 4.5), (16, 149, 213, 10)
"""The row of lamps below the display, and that of windows below the sign."""
_FIGURE = (24, 40)
_CHAIR = (46, 61)
_PEOPLE, _BESIDE_CHAIR, _CHAIR_AT = 132, 158, 108
"""u from the left where people begin to stand, where beside an empty chair, and where that stands."""
LINE = 28
"""Em in u of small print."""
DEPOT_PARTS = ("roof_light", "roof", "roof_dark", "wall", "rib", "edge_light", "contour")
PARTS = (*DEPOT_PARTS, "glass", "glass_edge")


_NEAR = 1.3


def is_near(k: float, smallest: float) -> bool:
    """Whether small print is so much larger than the least that can be read that those who step near may have it: rates
    of machines that are well, the log's own codes, losses, what comes by a source.
    """
    return round(LINE * k) >= _NEAR * smallest


def colours_of(look: StationColours, parts: Sequence[str]) -> dict[str, Value]:
    return {name: getattr(look, name) for name in parts}


def size_at(width: float, height: float, k: float) -> tuple[int, int]:
    return max(1, round(width * k)), max(1, round(height * k))


def spot_at(box: pygame.Rect, k: float, x: float, y: float) -> tuple[int, int]:
    return box.x + round(x * k), box.y + round(y * k)


def area_at(box: pygame.Rect, k: float, part: tuple[float, float, float, float]) -> pygame.Rect:
    x0, y0 = spot_at(box, k, part[0], part[1])
    x1, y1 = spot_at(box, k, part[0] + part[2], part[1] + part[3])
    return pygame.Rect(x0, y0, x1 - x0, y1 - y0)


def paint_machine(
    surface: pygame.Surface, box: pygame.Rect, k: float, now: StationNow, look: StationColours, art: Art
) -> None:
    """The bay, lit while there is work, and the machine in it with its shadow; a depot's roof has its flag alone."""
    if now.dress != "depot":
        lit = now.busy > 0
        bay = art.drawn((now.dress, lit), "station/bay", size_at(*_BAY[2:], k), lambda: _bay(look, art.theme, lit=lit))
        surface.blit(bay, spot_at(box, k, _BAY[0], _BAY[1]))
    picture, shadow = machine(art, now, k)
    x, y = spot_at(box, k, *_place(now)[:2])
    drop = max(1, round(4 * k))
    surface.blit(shadow, (x + drop, y + drop))
    surface.blit(picture, (x, y))


def machine(art: Art, now: StationNow, k: float) -> Drawn:
    """What stands in the bay, with its shadow."""
    return motif(art, motif_of(now.icon), size_at(*_place(now)[2:], k), now.dress, now.frame)


def moving_parts(box: pygame.Rect, k: float, now: StationNow, *, lights: bool) -> list[pygame.Rect]:
    """What a machine that works is painted on: the bay, the machine with its shadow, and the lights."""
    drop = max(1, round(4 * k))
    place = area_at(box, k, _place(now)).inflate(2 * drop, 2 * drop)
    rows = [area_at(box, k, row).inflate(2, 2) for row in (_LAMPS, _WINDOWS)] if lights else []
    return [place.union(area_at(box, k, _BAY)), *rows]


def _place(now: StationNow) -> tuple[int, int, int, int]:
    """Where a machine stands, or a depot's flag."""
    return _FLAG if now.dress == "depot" else _LOW_MACHINE if now.low else _MACHINE


def _bay(look: StationColours, theme: Theme, *, lit: bool) -> dict[str, Value]:
    back = mix(look.wall, look.contour, 0.25)
    return {
        "back": back, "lit": mix(look.roof, theme.lamp, 0.5) if lit else look.wall,
        "ground": mix(back, theme.lamp, 0.2) if lit else mix(back, look.contour, 0.4),
        "edge": look.edge_light, "contour": look.contour,
    }  # fmt: skip


def paint_lamps(surface: pygame.Surface, box: pygame.Rect, k: float, now: StationNow, look: StationColours,
                art: Art, *, windows: bool) -> None:  # fmt: skip
    """Of four lights as many burn as places are taken, one where any is. windows: those of the hall's front, not only
    a row of lamps below the display.
    """
    row = area_at(box, k, _WINDOWS if windows else _LAMPS)
    if row.h < 3:
        return
    lit, step = ceil(min(max(now.busy, 0.0), 1.0) * STEPS), row.w / STEPS
    dark = mix(look.wall, look.contour, 0.5)
    for i in range(STEPS):
        lamp = pygame.Rect(row.x + round(i * step), row.y, round(step * 0.8), row.h)
        pygame.draw.rect(surface, art.theme.lamp if i < lit else dark, lamp, border_radius=row.h // 3)


def paint_people(surface: pygame.Surface, box: pygame.Rect, k: float, now: StationNow, art: Art) -> None:
    """Who works here stands at the roof's edge: those with a case in hand bright, the others grey. Many stand closer
    together; more than six are a number.
    """
    size = size_at(*_FIGURE, k)
    if size[1] < 9:
        return
    theme = art.theme
    most, count = 6, now.people + now.robots
    first = _BESIDE_CHAIR if now.vacancies else _PEOPLE
    step = min(25, (232 - first - _FIGURE[0]) / max(1, count - 1))
    kinds = ["person"] * min(now.people, most) + ["robot"] * min(now.robots, most)
    shown = kinds if count <= most else kinds[:1]
    for i, kind in enumerate(shown):
        works = i < now.at_work
        body = theme.person if kind == "person" else theme.robot
        body = body if works else mix(body, theme.floor, 0.55)
        shine = mix(body, (255, 255, 255), 0.6 if works else 0.15)
        values = partial(dict[str, Value], body=body, shine=shine, contour=theme.contour.calm)
        figure = art.drawn(works, f"figure/{kind}", size, values)
        surface.blit(figure, spot_at(box, k, first + step * i, -27))
    if count > most:
        number = render(f"{now.at_work}/{count}", max(6, round(LINE * k)), theme.text, "SemiBold")
        stamp(surface, number, spot_at(box, k, first + 28, -28))


def paint_chair(surface: pygame.Surface, box: pygame.Rect, k: float, now: StationNow, art: Art) -> None:
    """The post that nobody holds, beside the machine."""
    theme = art.theme
    size = size_at(*_CHAIR, k)
    seat = theme.vacancy if now.dress in ("alarm", "slow", "known") else theme.chair
    chair = art.sprite("figure/chair", size, body=seat, shine=mix(seat, (255, 255, 255), 0.6),
                       dark=mix(seat, (0, 0, 0), 0.72), contour=theme.contour.calm)  # fmt: skip
    x, y = spot_at(box, k, _CHAIR_AT, -OVERHANG)
    if now.leading:
        light = art.keep(("vacancy", size), partial(_lit, size, seat))
        surface.blit(light, (x - size[0] // 2, y - size[1] // 2), special_flags=pygame.BLEND_PREMULTIPLIED)
    surface.blit(chair, (x, y))


def _lit(size: tuple[int, int], colour: Colour) -> pygame.Surface:
    """A soft light twice as large as what stands in it, premultiplied."""

    def draw(surface: pygame.Surface, scale: float) -> None:
        box = surface.get_rect().inflate(-round(scale * size[0]), -round(scale * size[1]))
        pygame.draw.ellipse(surface, (*colour, 120), box)

    return soft((2 * size[0], 2 * size[1]), size[0] // 4, draw)
