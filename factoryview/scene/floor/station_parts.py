"""What a station is built of: the machine on its turntable, the lit windows, who works there, the empty chair.

All functions paint at a scale of `k` pixels per u of the block, from the upper left corner of its hall.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import ceil, cos, sin, tau

import pygame

from factoryview.scene.art.art import Art
from factoryview.scene.art.drawings import Value
from factoryview.scene.art.motifs import Drawn, motif, motif_of
from factoryview.scene.art.raster import soft
from factoryview.scene.colour import Colour, mix
from factoryview.scene.picture import StationNow
from factoryview.scene.text import render, stamp
from factoryview.scene.theme import StationColours

AIR = 12
"""u around the drawing of a hall."""
OVERHANG = 46
"""u above a hall that its machine, its people and an empty chair may cover."""
STEPS = 24
"""Of the load ring."""
_TABLE = (50, 39)
"""Middle of the turntable."""
_RING = 90
_MACHINE = (11, -22, 78, 93)
"""Where the machine stands: it rises above the roof."""
_LAMPS, _WINDOWS = (102, 79.5, 124, 4.5), (16, 148, 213, 13)
"""The row of lamps below the display, that of windows below the sign, and how many there are."""
_COUNT_OF_LAMPS = 4
_FIGURE = (24, 40)
_CHAIR = (46, 64)
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
    """Turntable with the load ring, and the machine on it with its shadow; on a depot's roof stands its flag alone."""
    steps = round(min(max(now.busy, 0.0), 1.0) * STEPS)
    if now.dress != "depot":
        ring = art.drawn((now.dress, steps), "station/ring", size_at(_RING, _RING, k), lambda: _ring(look, steps))
        surface.blit(ring, spot_at(box, k, _TABLE[0] - _RING / 2, _TABLE[1] - _RING / 2))
    picture, shadow = machine(art, now, k)
    x, y = spot_at(box, k, _MACHINE[0], _MACHINE[1])
    drop = max(1, round(4 * k))
    surface.blit(shadow, (x + drop, y + drop))
    surface.blit(picture, (x, y))


def machine(art: Art, now: StationNow, k: float) -> Drawn:
    """What stands on the turntable, with its shadow."""
    return motif(art, motif_of(now.icon), size_at(*_MACHINE[2:], k), now.dress, now.frame)


def _ring(look: StationColours, steps: int) -> dict[str, Value]:
    return {
        "arc": _arc(steps / STEPS), "arc_colour": mix(look.edge_light, look.digits, 0.6),
        "track": mix(look.contour, look.roof, 0.55),
        "contour": look.contour, "roof_dark": look.roof_dark, "wall": look.wall,
    }  # fmt: skip


def paint_lamps(surface: pygame.Surface, box: pygame.Rect, k: float, now: StationNow, look: StationColours,
                art: Art, *, windows: bool) -> None:  # fmt: skip
    """The ring once more, as lights: as many burn as places are taken, one where any is. windows: those of the hall's
    front, not only a row of lamps below the display.
    """
    row = area_at(box, k, _WINDOWS if windows else _LAMPS)
    if row.h < 3:
        return
    lit, step = ceil(min(max(now.busy, 0.0), 1.0) * _COUNT_OF_LAMPS), row.w / _COUNT_OF_LAMPS
    dark = mix(look.wall, look.contour, 0.5)
    for i in range(_COUNT_OF_LAMPS):
        lamp = pygame.Rect(row.x + round(i * step), row.y, round(step * 0.8), row.h)
        surface.fill(art.theme.lamp if i < lit else dark, lamp)
        if windows and row.h >= 5:
            line = max(1, round(2 * k))
            for share in (1 / 3, 2 / 3):
                surface.fill(look.contour, (lamp.x + round(lamp.w * share) - line // 2, lamp.y, line, lamp.h))
            surface.fill(mix(look.wall, look.edge_light, 0.4), (lamp.x, lamp.bottom, lamp.w, line))


def _arc(share: float) -> str:
    """Clockwise from noon over a share of the ring; nothing for none."""
    if share <= 0:
        return "M0 0"
    ends = (share / 2, share) if share > 0.4 else (share,)
    steps = [f"A38.5 38.5 0 0 1 {38.5 * sin(tau * end):.2f} {-38.5 * cos(tau * end):.2f}" for end in ends]
    return f"M0 -38.5{''.join(steps)}"


def paint_people(surface: pygame.Surface, box: pygame.Rect, k: float, now: StationNow, art: Art) -> None:
    """Who works here stands at the roof's edge: those with a case in hand bright, the others grey. Many stand closer
    together; more than six are a number.
    """
    size = size_at(*_FIGURE, k)
    if size[1] < 9:
        return
    theme = art.theme
    most, count = 6, now.people + now.robots
    step = min(25, (100 - _FIGURE[0]) / max(1, count - 1))
    kinds = ["person"] * min(now.people, most) + ["robot"] * min(now.robots, most)
    shown = kinds if count <= most else kinds[:1]
    for i, kind in enumerate(shown):
        works = i < now.at_work
        body = theme.person if kind == "person" else theme.robot
        body = body if works else mix(body, theme.floor, 0.55)
        shine = mix(body, (255, 255, 255), 0.6 if works else 0.15)
        values = partial(dict[str, Value], body=body, shine=shine, contour=theme.contour.calm)
        figure = art.drawn(works, f"figure/{kind}", size, values)
        surface.blit(figure, spot_at(box, k, 132 + step * i, -27))
    if count > most:
        number = render(f"{now.at_work}/{count}", max(6, round(LINE * k)), theme.text, "SemiBold")
        stamp(surface, number, spot_at(box, k, 160, -28))


def paint_chair(surface: pygame.Surface, box: pygame.Rect, k: float, now: StationNow, art: Art) -> None:
    """The post that nobody holds, beside the machine."""
    theme = art.theme
    size = size_at(*_CHAIR, k)
    seat = theme.vacancy if now.dress in ("alarm", "slow", "known") else theme.chair
    chair = art.sprite("figure/chair", size, body=seat, shine=mix(seat, (255, 255, 255), 0.6),
                       dark=mix(seat, (0, 0, 0), 0.72), contour=theme.contour.calm)  # fmt: skip
    x, y = spot_at(box, k, 82, -OVERHANG)
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
