"""What is written on a station: the number, the sign with the name, the line of rates; of a depot how many since when.

All functions paint at a scale of `k` pixels per u of the block, from the upper left corner of its hall.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import ceil
from typing import Literal

import pygame

from factoryview.scene.colour import Colour, mix
from factoryview.scene.floor.station_parts import LINE, area_at, is_near
from factoryview.scene.picture import StationNow
from factoryview.scene.text import fit, leave_out, lines_for, lines_parted, render, shortened_within, stamp, width
from factoryview.scene.theme import StationColours

_DISPLAY = (100, 8, 128, 70)
_SIGN, _WIDE_SIGN, _TALL_SIGN = (5, 86, 226, 50), (5, 84, 226, 58), (5, 82, 226, 86)
_RATES = (9, 137, 218, 31)
_DEPOT_SIGN, _TALL_DEPOT_SIGN, _DEPOT_LINE = (7, 68, 222, 54), (7, 42, 222, 80), (9, 124, 218, 42)
_DIGITS, _DEPOT_DIGITS, _NAME, _TALL_NAME, _SINCE = 80, 54, 48, 54, 30
"""Em of the face in u: cap heights of 56, 38, 34, 38 and 21 u."""
_OVER_LINE = 30
"""u by which a line of digits is higher than the display."""
_SMALLEST_NAME = 30
_ONE_ROW = 40
"""Em in u at which a name must fit in one row, else it takes the line of rates for a second one."""
_AFAR = 29 / 18
"""How much larger than the least that can be read a name is to be read from four metres."""
_LARGE = 0.86
"""Share of the largest size at which no name is parted to be larger still."""
_TIGHT = 1.15
"""How much higher than a sign's face rows may be before a name is cut: its letters then reach the rim."""
_QUIET_NAME = 0.8
"""How far a name sinks towards the ink of rates while the headline speaks of another machine."""
_CAPITALS, _STEPS_DOWN, _DESCENT = 0.7, (0.0, 0.85, 0.8), 0.16
"""Height of capitals, from row to row of one, two and three rows, and below the line, as shares of the em."""


def number_room(box: pygame.Rect, k: float) -> pygame.Rect:
    """Where the number may be painted: a little higher than the display, for what hangs below the line."""
    return area_at(box, k, _DISPLAY).inflate(2, max(2, round(_OVER_LINE * k)))


def paint_count(surface: pygame.Surface, box: pygame.Rect, k: float, now: StationNow, look: StationColours,
           smallest: float) -> None:  # fmt: skip
    """How many stand here: the largest thing on the machine. Long numbers are set narrower, not lower."""
    display = area_at(box, k, _DISPLAY)
    size = max(4, round(_DIGITS * k))
    if size < smallest:
        leave_out(now.count, display)
        return
    sunk = 0.0 if not now.quiet else 0.9 if now.excused else 0.6 if now.dress == "calm" else 0.35
    ink = look.dim if now.dim else mix(look.digits, look.dim, sunk)
    line = render(now.count, size, ink, "Bold")
    room = display.w - round(10 * k)
    if line.get_width() > room:
        line = render(now.count, size, ink, "SemiBold")
        size = min(size, max(4, int(size * room / line.get_width())))
        line = render(now.count, size, ink, "SemiBold")
    stamp(surface, line, (display.right - round(6 * k) - line.get_width(),
                          display.centery - round(line.get_height() * 0.54)))  # fmt: skip


def paint_depot_words(surface: pygame.Surface, box: pygame.Rect, k: float, now: StationNow, look: StationColours,
           smallest: float) -> None:  # fmt: skip
    """The end of a line says its name and, in a sentence below it, how many have come since when: nothing waits."""
    one_row = lines_for(
        now.label, _face(area_at(box, k, _DEPOT_SIGN), k).w, max(round(_SMALLEST_NAME * k), ceil(smallest)), 1
    )
    sign, line = area_at(box, k, _DEPOT_SIGN if one_row else _TALL_DEPOT_SIGN), max(1, round(1.6 * k))
    radius = max(1, round(8 * k))
    pygame.draw.rect(surface, look.sign, sign, border_radius=radius)
    pygame.draw.rect(surface, look.sign_edge, sign, line, border_radius=radius)
    _name(surface, _face(sign, k), k, now, look, smallest, round(_NAME * k))
    room, size, gap = area_at(box, k, _DEPOT_LINE).inflate(-round(12 * k), 0), round(_DEPOT_DIGITS * k), round(8 * k)
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


def paint_words(surface: pygame.Surface, box: pygame.Rect, k: float, now: StationNow, look: StationColours,
           smallest: float) -> None:  # fmt: skip
    """The sign with the name; below it what `below_name` says."""
    below, fitting = below_name(now, box, k, smallest)
    line_size, row = round(LINE * k), area_at(box, k, _RATES)
    sign = area_at(box, k, {"rates": _SIGN, "windows": _WIDE_SIGN, "name": _TALL_SIGN}[below])
    radius, line = max(1, round(5 * k)), max(1, round(1.6 * k))
    pygame.draw.rect(surface, look.contour, sign, border_radius=radius)
    pygame.draw.rect(surface, look.sign, sign.inflate(-2 * line, -2 * line), border_radius=radius)
    pygame.draw.rect(surface, look.sign_edge, sign.inflate(-2 * line, -2 * line), line, border_radius=radius)
    if now.quiet and now.dress == "calm":
        look = replace(look, name=mix(look.name, look.rates, _QUIET_NAME))
    _name(surface, _face(sign, k), k, now, look, smallest, round((_NAME if below == "rates" else _TALL_NAME) * k))
    if below == "rates":
        words = render(fitting, _line(fitting, row, line_size, smallest) or line_size, look.rates, "Medium")
        stamp(surface, words, (row.centerx - words.get_width() // 2, row.centery - round(words.get_height() * 0.54)))
    elif _rates(now) and not fitting and _speaks(now, k, smallest):
        leave_out(_rates(now), row)


Below = Literal["rates", "windows", "name"]
"""What stands below the name: a line of rates, lit windows, or more of the name, which needs the room."""


def below_name(now: StationNow, box: pygame.Rect, k: float, smallest: float) -> tuple[Below, str]:
    """What stands below the name of a station, and the rates that find room there."""
    line_size, row = round(LINE * k), area_at(box, k, _RATES)
    said = _shorter(now, near=is_near(k, smallest)) if _speaks(now, k, smallest) else ()
    fitting = next((each for each in said if _line(each, row, line_size, smallest) is not None), "")
    one_row = lines_for(now.label, round((_SIGN[2] - 12) * k), max(round(_ONE_ROW * k), round(smallest)), 1, "SemiBold")
    if one_row is None and not (now.old and fitting):
        return "name", fitting
    return "rates" if fitting else "windows", fitting


def _rates(now: StationNow) -> str:
    return now.old or " · ".join(part for part in (now.code, now.rates) if part)


def _speaks(now: StationNow, k: float, smallest: float) -> bool:
    """Whether it says more than name and number: what is well says that only to those who step near."""
    return now.dress != "calm" or bool(now.old) or now.excused or is_near(k, smallest)


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
    largest = max(size, least) if least * _CAPITALS <= row.h else size
    return next((em for em in range(largest, least - 1, -1) if width(text, em, "Medium") <= row.w), None)


def _face(sign: pygame.Rect, k: float) -> pygame.Rect:
    """The part of a sign on which letters stand clear of its edge."""
    return sign.inflate(-round(10 * k), -round(6 * k))


def _name(surface: pygame.Surface, sign: pygame.Rect, k: float, now: StationNow, look: StationColours,
          smallest: float, largest: int) -> None:  # fmt: skip
    """As large as it fits, in up to three rows, so that it is read from afar; else smaller, never too small to be read.

    A word is parted only where the name would otherwise be smaller. Where it is too long for that, too, a shorter name
    stands for it, if there is one, else it is cut.
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
    for label in now.shorter:
        for size in range(afar, least - 1, -1):
            found = _set(label, sign, size, parted=False)
            if found:
                _rows(surface, found, sign, size, look.name)
                return
    rows = max((n for n in (1, 2, 3) if _height(n) * least <= sign.h * 1.04), default=1)
    if _height(1) * least > sign.h * 1.2:
        leave_out(now.label, sign)
        return
    _rows(surface, shortened_within(now.label, sign.w, least, rows), sign, least, look.name)


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
