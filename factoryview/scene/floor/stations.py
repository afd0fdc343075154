"""A station: the hall with its machine, the number of cases, the sign, the people at the roof's edge.

Everything that belongs to a machine stands in one block of 236 × 172 u. All functions paint at a scale of `k` pixels
per u of the block, and nothing outside the rectangles that `layout.plan.Block` keeps free.

It is long, for all that stands in one block is measured against it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from math import ceil, cos, sin, tau

import pygame

from factoryview.layout.plan import BELT, Side
from factoryview.scene.art.art import Art
from factoryview.scene.art.drawings import Value
from factoryview.scene.art.motifs import motif, motif_of
from factoryview.scene.art.raster import clear
from factoryview.scene.colour import Colour, mix
from factoryview.scene.picture import StationNow
from factoryview.scene.text import (
    fit,
    is_recording,
    leave_out,
    lines_for,
    lines_parted,
    render,
    shortened,
    stamp,
    width,
)
from factoryview.scene.theme import Dress, Level, StationColours
from factoryview.scene.ui.look import Canvas, Look

_AIR = 12
"""u around the drawing of a hall."""
_TABLE = (50, 39)
"""Middle of the turntable."""
_RING = 90
_MACHINE = (11, -22, 78, 93)
"""Where the machine stands: it rises above the roof."""
_DISPLAY = (100, 8, 128, 70)
_LAMPS = (102, 79.5, 124, 4.5)
"""The row of lamps below the display, and how many there are."""
_COUNT_OF_LAMPS = 4
_SIGN, _TALL_SIGN = (5, 86, 226, 50), (5, 82, 226, 86)
_RATES = (9, 137, 218, 31)
_DEPOT_SIGN, _DEPOT_LINE = (7, 68, 222, 54), (9, 124, 218, 42)
_DIGITS, _DEPOT_DIGITS, _NAME, _TALL_NAME, _LINE, _SINCE = 80, 54, 48, 54, 28, 30
"""Em of the face in u: cap heights of 56, 38, 34, 38, 20 and 21 u."""
_SMALLEST_NAME = 30
_ONE_ROW = 40
"""Em in u at which a name must fit in one row, else it takes the line of rates for a second one."""
_NEAR = 1.3
"""How much larger than the least that can be read the rates must be to have the log's own code before them."""
_AFAR = 29 / 18
"""How much larger than the least that can be read a name is to be read from four metres."""
_LARGE = 0.86
"""Share of the largest size at which no name is parted to be larger still."""
_TIGHT = 1.15
"""How much higher than a sign's face rows may be before a name is cut: its letters then reach the rim."""
_CAPITALS, _STEPS_DOWN, _DESCENT = 0.7, (0.0, 0.85, 0.8), 0.16
"""Height of capitals, from row to row of one, two and three rows, and below the line, as shares of the em."""
_FIGURE = (24, 40)
_CHAIR = (38, 53)
_STEPS = 24
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
    k, look, depot = box.w / 236, art.theme.station.of(now.dress), now.dress == "depot"
    _people(surface, box, k, now, art)
    name, parts = ("station/depot", _DEPOT_PARTS) if depot else ("station/hall", _PARTS)
    hall = art.drawn(now.dress, name, _size(260, 196, k), lambda: _colours(look, parts))
    surface.blit(hall, (box.x - round(_AIR * k), box.y - round(_AIR * k)))
    if depot:
        _machine(surface, box, k, now, look, art)
        _depot(surface, box, k, now, look, smallest)
    else:
        _words(surface, box, k, now, look, smallest)


def _living(surface: pygame.Surface, box: pygame.Rect, now: StationNow, art: Art, smallest: float) -> None:
    """What changes while cases pass: the machine and the number."""
    if now.dress != "depot":
        _working(surface, box, now, art)
        _count(surface, box, box.w / 236, now, art.theme.station.of(now.dress), smallest)


def _working(surface: pygame.Surface, box: pygame.Rect, now: StationNow, art: Art) -> None:
    """The machine, and the chair that nobody sits on."""
    k = box.w / 236
    look = art.theme.station.of(now.dress)
    _machine(surface, box, k, now, look, art)
    _lamps(surface, box, k, now, look, art)
    if now.vacancies:
        _chair(surface, box, k, now, art)


def drawn(now: StationNow, *, still: bool) -> StationNow:
    """As much of a station as can be seen: the ring has so many steps. still: the machine does not move."""
    busy = round(min(max(now.busy, 0.0), 1.0) * _STEPS) / _STEPS
    return replace(now, busy=busy, inside=0, frame=0 if still else now.frame)


@dataclass(frozen=True)
class StationLook(Look):
    """A station with the hoods of its belts."""

    name: str
    now: StationNow
    hall: pygame.Rect
    """As it is drawn, in pixels."""
    ports: tuple[tuple[Side, tuple[int, int], Level], ...]
    """Side and pixel where each belt ends, and the level it shows."""
    k: float
    """Pixels per u of the floor."""
    smallest: float
    _kept: tuple[Art, pygame.Surface] | None = field(default=None, init=False, repr=False, compare=False)
    """Its picture, once it has been painted: it stays so while it lies where it does."""

    def __hash__(self) -> int:
        return hash(self.now)

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        """From a picture of the whole station, kept as long as it looks the same wherever it lies."""
        if is_recording():
            self._paint(on.surface, (0, 0), on.art)
            return
        if self._kept is None or self._kept[0] is not on.art:
            name, key = f"station/{self.name}", self._key(rect, self.now)
            picture = on.art.latest(name, key, lambda: self._baked(rect, on.art))
            object.__setattr__(self, "_kept", (on.art, picture))
        assert self._kept is not None
        on.surface.blit(self._kept[1], rect)

    def _baked(self, rect: pygame.Rect, art: Art) -> pygame.Surface:
        """The number on a picture of the machine, and that on one of the rest; each is kept for itself."""
        x, y = rect.topleft
        hall, now = self.hall.move(-x, -y), self.now
        if now.dress == "depot":
            return self._still(rect, art)
        silent = replace(now, count="", dim=False)
        surface = art.latest(f"working/{self.name}", self._key(rect, silent), lambda: self._at_work(rect, art)).copy()
        _count(surface, hall, hall.w / 236, now, art.theme.station.of(now.dress), self.smallest)
        return surface

    def _at_work(self, rect: pygame.Rect, art: Art) -> pygame.Surface:
        """The machine on a picture of what stands still."""
        still = replace(self.now, busy=0.0, frame=0, count="", dim=False)
        surface = art.latest(f"standing/{self.name}", self._key(rect, still), lambda: self._still(rect, art)).copy()
        _working(surface, self.hall.move(-rect.x, -rect.y), self.now, art)
        return surface

    def _still(self, rect: pygame.Rect, art: Art) -> pygame.Surface:
        surface = clear(rect.size)
        self._paint_standing(surface, rect.topleft, art)
        return surface

    def _key(self, rect: pygame.Rect, now: StationNow) -> tuple[object, ...]:
        """All that a picture of it rests on, wherever it lies."""
        x, y = rect.topleft
        ports = tuple((side, (px - x, py - y), level) for side, (px, py), level in self.ports)
        return now, tuple(self.hall.move(-x, -y)), rect.size, ports, self.k, self.smallest

    def _paint(self, surface: pygame.Surface, corner: tuple[int, int], art: Art) -> None:
        """corner: the pixel of the picture at the surface's upper left."""
        self._paint_standing(surface, corner, art)
        _living(surface, self.hall.move(-corner[0], -corner[1]), self.now, art, self.smallest)

    def _paint_standing(self, surface: pygame.Surface, corner: tuple[int, int], art: Art) -> None:
        x, y = corner
        hall = self.hall.move(-x, -y)
        ports = [(side, (px - x, py - y), level) for side, (px, py), level in self.ports]
        _paint_hoods(surface, ports, hall, self.k, self.now.dress, art)
        _standing(surface, hall, self.now, art, self.smallest)


def _paint_hoods(surface: pygame.Surface, ports: Sequence[tuple[Side, tuple[int, int], Level]], hall: pygame.Rect,
                 k: float, dress: Dress, art: Art) -> None:  # fmt: skip
    """Where belts go in and out: from the belt's end to the hall as it is drawn."""
    look = art.theme.station.of(dress)
    across = round((BELT + 10) * k)
    if across < 8:
        return
    deep, width = max(4, round(16 * k)), round(BELT * k)
    for side, (x, y), level in ports:
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


_DEPOT_PARTS = ("roof_light", "roof", "roof_dark", "wall", "rib", "edge_light", "contour")
_PARTS = (*_DEPOT_PARTS, "glass", "glass_edge")


def _colours(look: StationColours, parts: Sequence[str]) -> dict[str, Value]:
    return {name: getattr(look, name) for name in parts}


def _size(width: float, height: float, k: float) -> tuple[int, int]:
    return max(1, round(width * k)), max(1, round(height * k))


def _spot(box: pygame.Rect, k: float, x: float, y: float) -> tuple[int, int]:
    return box.x + round(x * k), box.y + round(y * k)


def _part(box: pygame.Rect, k: float, part: tuple[float, float, float, float]) -> pygame.Rect:
    x0, y0 = _spot(box, k, part[0], part[1])
    x1, y1 = _spot(box, k, part[0] + part[2], part[1] + part[3])
    return pygame.Rect(x0, y0, x1 - x0, y1 - y0)


def _machine(
    surface: pygame.Surface, box: pygame.Rect, k: float, now: StationNow, look: StationColours, art: Art
) -> None:
    """Turntable with the load ring, and the machine on it with its shadow; on a depot's roof stands its flag alone."""
    steps = round(min(max(now.busy, 0.0), 1.0) * _STEPS)
    if now.dress != "depot":
        ring = art.drawn((now.dress, steps), "station/ring", _size(_RING, _RING, k), lambda: _ring(look, steps))
        surface.blit(ring, _spot(box, k, _TABLE[0] - _RING / 2, _TABLE[1] - _RING / 2))
    picture, shadow = motif(art, motif_of(now.icon), _size(_MACHINE[2], _MACHINE[3] * 1.0, k), now.dress, now.frame)
    x, y = _spot(box, k, _MACHINE[0], _MACHINE[1])
    drop = max(1, round(4 * k))
    surface.blit(shadow, (x + drop, y + drop))
    surface.blit(picture, (x, y))


def _ring(look: StationColours, steps: int) -> dict[str, Value]:
    return {
        "arc": _arc(steps / _STEPS), "arc_colour": mix(look.edge_light, look.digits, 0.6),
        "track": mix(look.contour, look.roof, 0.55),
        "contour": look.contour, "roof_dark": look.roof_dark, "wall": look.wall,
    }  # fmt: skip


def _lamps(surface: pygame.Surface, box: pygame.Rect, k: float, now: StationNow, look: StationColours,
           art: Art) -> None:  # fmt: skip
    """The ring once more, as lights: as many burn as places are taken, one where any is."""
    row = _part(box, k, _LAMPS)
    if row.h < 3:
        return
    lit, step = ceil(min(max(now.busy, 0.0), 1.0) * _COUNT_OF_LAMPS), row.w / _COUNT_OF_LAMPS
    for i in range(_COUNT_OF_LAMPS):
        lamp = pygame.Rect(row.x + round(i * step), row.y, round(step * 0.8), row.h)
        surface.fill(art.theme.lamp if i < lit else mix(look.wall, look.contour, 0.5), lamp)


def _arc(share: float) -> str:
    """Clockwise from noon over a share of the ring; nothing for none."""
    if share <= 0:
        return "M0 0"
    ends = (share / 2, share) if share > 0.4 else (share,)
    steps = [f"A38.5 38.5 0 0 1 {38.5 * sin(tau * end):.2f} {-38.5 * cos(tau * end):.2f}" for end in ends]
    return f"M0 -38.5{''.join(steps)}"


def _people(surface: pygame.Surface, box: pygame.Rect, k: float, now: StationNow, art: Art) -> None:
    """Who works here stands at the roof's edge: those with a case in hand bright, the others grey. Many stand closer
    together; more than six are a number.
    """
    size = _size(*_FIGURE, k)
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
        surface.blit(figure, _spot(box, k, 132 + step * i, -27))
    if count > most:
        number = render(f"{now.at_work}/{count}", max(6, round(_LINE * k)), theme.text, "SemiBold")
        stamp(surface, number, _spot(box, k, 160, -28))


def _chair(surface: pygame.Surface, box: pygame.Rect, k: float, now: StationNow, art: Art) -> None:
    """The post that nobody holds, beside the machine."""
    theme = art.theme
    size = _size(*_CHAIR, k)
    seat = theme.vacancy if now.dress in ("alarm", "slow", "known") else theme.chair
    chair = art.sprite("figure/chair", size, body=seat, shine=mix(seat, (255, 255, 255), 0.6),
                       dark=mix(seat, (0, 0, 0), 0.72), contour=theme.contour.calm)  # fmt: skip
    surface.blit(chair, _spot(box, k, 88, -36))


def _count(surface: pygame.Surface, box: pygame.Rect, k: float, now: StationNow, look: StationColours,
           smallest: float) -> None:  # fmt: skip
    """How many stand here: the largest thing on the machine. Long numbers are set narrower, not lower."""
    display = _part(box, k, _DISPLAY)
    size = max(4, round(_DIGITS * k))
    if size < smallest:
        leave_out(now.count, display)
        return
    line = render(now.count, size, look.dim if now.dim else look.digits, "Bold")
    room = display.w - round(10 * k)
    if line.get_width() > room:
        line = render(now.count, size, look.dim if now.dim else look.digits, "SemiBold")
        size = min(size, max(4, int(size * room / line.get_width())))
        line = render(now.count, size, look.dim if now.dim else look.digits, "SemiBold")
    stamp(surface, line, (display.right - round(6 * k) - line.get_width(),
                          display.centery - round(line.get_height() * 0.54)))  # fmt: skip


def _depot(surface: pygame.Surface, box: pygame.Rect, k: float, now: StationNow, look: StationColours,
           smallest: float) -> None:  # fmt: skip
    """The end of a line says its name and, in a sentence below it, how many have come since when: nothing waits."""
    sign, line = _part(box, k, _DEPOT_SIGN), max(1, round(1.6 * k))
    radius = max(1, round(8 * k))
    pygame.draw.rect(surface, look.sign, sign, border_radius=radius)
    pygame.draw.rect(surface, look.sign_edge, sign, line, border_radius=radius)
    _name(surface, _face(sign, k), k, now, look, smallest, round(_NAME * k))
    room, size, gap = _part(box, k, _DEPOT_LINE).inflate(-round(12 * k), 0), round(_DEPOT_DIGITS * k), round(8 * k)
    if size < smallest:
        leave_out(now.count, room)
        return
    parts, said = [render(now.count, size, look.name, "Bold")], now.old or now.since
    left = max(1, room.w - parts[0].get_width() - gap)
    since = fit(said, (left, room.h), round(_SINCE * k), max(5, ceil(smallest)), "Medium") if said else None
    if since is not None:
        parts.append(render(said, since, look.rates, "Medium"))
    elif said:
        leave_out(said, room)
    x = room.centerx - (sum(part.get_width() + gap for part in parts) - gap) // 2
    base = room.centery + round(size * _CAPITALS / 2)
    for part, em in zip(parts, (size, since or 0), strict=False):
        # the middle of capitals is a little below that of the rendered line
        stamp(surface, part, (x, base - round(em * _CAPITALS / 2) - round(part.get_height() * 0.54)))
        x += part.get_width() + gap


def _words(surface: pygame.Surface, box: pygame.Rect, k: float, now: StationNow, look: StationColours,
           smallest: float) -> None:  # fmt: skip
    """The sign with the name; below it demand and capacity, unless they are too small or the name needs two rows."""
    line_size, row = round(_LINE * k), _part(box, k, _RATES)
    rates = now.old or " · ".join(part for part in (now.code, now.rates) if part)
    said = _shorter(now, near=line_size >= _NEAR * smallest)
    fitting = next((each for each in said if _line(each, row, line_size, smallest) is not None), "")
    one_row = lines_for(now.label, round((_SIGN[2] - 12) * k), max(round(_ONE_ROW * k), round(smallest)), 1, "SemiBold")
    tall = not fitting or (one_row is None and not now.old)
    sign = _part(box, k, _TALL_SIGN if tall else _SIGN)
    radius, line = max(1, round(5 * k)), max(1, round(1.6 * k))
    pygame.draw.rect(surface, look.contour, sign, border_radius=radius)
    pygame.draw.rect(surface, look.sign, sign.inflate(-2 * line, -2 * line), border_radius=radius)
    pygame.draw.rect(surface, look.sign_edge, sign.inflate(-2 * line, -2 * line), line, border_radius=radius)
    _name(surface, _face(sign, k), k, now, look, smallest, round((_TALL_NAME if tall else _NAME) * k))
    if not tall:
        words = render(fitting, _line(fitting, row, line_size, smallest) or line_size, look.rates, "Medium")
        stamp(surface, words, (row.centerx - words.get_width() // 2, row.centery - round(words.get_height() * 0.54)))
    elif rates and not fitting:
        leave_out(rates, row)


def _shorter(now: StationNow, *, near: bool) -> Iterator[str]:
    """What a machine may say below its name: near by with the log's own code, without, in fewer letters."""
    if now.old:
        yield now.old
        return
    if now.code and near:
        yield " · ".join(part for part in (now.code, now.rates) if part)
    yield from (each for each in (now.rates, now.rates_in_short) if each)


def _line(text: str, row: pygame.Rect, size: int, smallest: float) -> int | None:
    """The em in pixels at which a line of rates fits; None: at none that can be read."""
    least = max(5, ceil(smallest))
    return next((em for em in range(size, least - 1, -1) if width(text, em, "Medium") <= row.w), None)


def _face(sign: pygame.Rect, k: float) -> pygame.Rect:
    """The part of a sign on which letters stand clear of its edge."""
    return sign.inflate(-round(10 * k), -round(6 * k))


def _name(surface: pygame.Surface, sign: pygame.Rect, k: float, now: StationNow, look: StationColours,
          smallest: float, largest: int) -> None:  # fmt: skip
    """As large as it fits, in up to three rows, so that it is read from afar; else smaller, never too small to be read.

    A word is parted only where the name would otherwise be smaller, and cut only where it is too long for that, too.
    """
    least = max(3, round(_SMALLEST_NAME * k), ceil(smallest))
    afar = max(least, min(round(_LARGE * largest), ceil(_AFAR * smallest)))
    for sizes in (range(max(largest, least), afar - 1, -1), range(afar - 1, least - 1, -1)):
        for parted in (False, True):
            for size in sizes:
                found = _set(now.label, sign, size, parted=parted)
                if found:
                    _rows(surface, found, sign, size, look.name)
                    return
    tight = next(
        filter(None, (_set(now.label, sign, least, parted=parted, slack=_TIGHT) for parted in (False, True))), None
    )
    if tight:
        _rows(surface, tight, sign, least, look.name)
        return
    rows = max((n for n in (1, 2, 3) if _height(n) * least <= sign.h * 1.04), default=1)
    if _height(1) * least > sign.h * 1.2:
        leave_out(now.label, sign)
        return
    _rows(surface, shortened(now.label, sign.w, least, rows), sign, least, look.name)


def _set(label: str, sign: pygame.Rect, size: int, *, parted: bool, slack: float = 1.0) -> list[str] | None:
    """The rows of a name at a size, as few as can be; None if it does not fit. parted: words may be parted. slack: how
    much higher than the sign's face they may be.
    """
    for count in (1, 2, 3):
        if _height(count) * size > sign.h * slack:
            return None
        lines = (lines_parted if parted else lines_for)(label, sign.w, size, count, "SemiBold")
        if lines:
            return lines
    return None


def _height(count: int) -> float:
    """Of so many rows, in em."""
    return _CAPITALS + _STEPS_DOWN[count - 1] * (count - 1) + _DESCENT


def _rows(surface: pygame.Surface, lines: list[str], box: pygame.Rect, size: int, colour: Colour) -> None:
    """Rows in the middle of a box, a little higher, so that descenders stay in it."""
    step = _STEPS_DOWN[min(len(lines), 3) - 1] * size
    top = box.centery - step * (len(lines) - 1) / 2 - _DESCENT * size / 3
    for i, text in enumerate(lines):
        row = render(text, size, colour, "SemiBold")
        stamp(surface, row, (box.centerx - row.get_width() // 2, round(top + i * step - row.get_height() * 0.54)))
