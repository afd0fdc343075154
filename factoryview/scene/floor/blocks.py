"""What stands around a hall: the sign of a source, the bin for losses, the siding for wrecks."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import pygame

from factoryview.scene.art.art import Art
from factoryview.scene.art.crates import crate
from factoryview.scene.colour import Colour, mix
from factoryview.scene.floor.station_parts import is_near
from factoryview.scene.picture import BinNow, WrecksNow
from factoryview.scene.text import cut, fit, leave_out, render, stamp, width
from factoryview.scene.ui.look import Canvas, Look

_NEAR = 26
"""u of type that is read by those who step near."""
_CAPITALS = 0.35
"""em from the middle of a line to the top of its capitals."""
_CRATE = 26
"""u of the crate on a sign."""
_WIDE, _WIDE_NAME, _RATED_NAME = 2.2, 46, 38
"""How many times wider than high a sign is on which crate, name and rate stand beside one another, and the em of its
name in u, alone and beside a rate.
"""
_SUNK = 14
"""Of the 75 in the drawing of a skip by which what is in it lies lower when next to nothing does."""
_WRECKS = 28
"""Em in u of the words at wrecks."""


@dataclass(frozen=True)
class SkipLook(Look):
    """See `paint_skip`."""

    tenths: int
    """How full it is."""

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        paint_skip(on.surface, rect, self.tenths, on.art)


@dataclass(frozen=True)
class SignLook(Look):
    """See `paint_sign`."""

    label: str
    rate: str
    hue: int
    k: float
    smallest: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        hue = on.art.theme.hue(self.hue)
        paint_sign(on.surface, rect, self.label, self.rate, hue, on.art, self.k, self.smallest)


@dataclass(frozen=True)
class BinLook(Look):
    """See `paint_bin`."""

    now: BinNow
    worded: bool
    """On this floor losses say that they are some, not only how large."""
    k: float
    smallest: float

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        paint_bin(on.surface, rect, self.now, on.art, self.k, self.smallest, worded=self.worded)


@dataclass(frozen=True)
class SidingLook(Look):
    """See `paint_siding`."""

    now: WrecksNow
    k: float
    smallest: float
    told: bool = False
    """The first headline speaks of them."""

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        paint_siding(on.surface, rect, self.now, on.art, self.k, self.smallest, told=self.told)


def paint_sign(surface: pygame.Surface, box: pygame.Rect, label: str, rate: str, hue: Colour, art: Art, k: float,
               smallest: float) -> None:  # fmt: skip
    """A source: a dark panel with an edge in its channel's hue, one of its crates above the name; near by what
    comes below it. A name that finds no room as large as the viewers' distance asks for is whole for those who step
    near rather than three letters for all.
    """
    theme = art.theme
    near = is_near(k, smallest)
    radius, line = round(9 * k), max(1, round(3 * k))
    pygame.draw.rect(surface, theme.board, box, border_radius=radius)
    pygame.draw.rect(surface, hue, box, line, border_radius=radius)
    if box.w >= _WIDE * box.h:
        _in_a_row(surface, box, label, rate if near else "", hue, art, k, smallest)
    else:
        _stacked(surface, box, label, rate if near else "", hue, art, k, smallest, crated=not near)


def _in_a_row(surface: pygame.Surface, box: pygame.Rect, label: str, rate: str, hue: Colour, art: Art, k: float,
              smallest: float) -> None:  # fmt: skip
    """Crate, name and rate of a wide sign, beside one another."""
    theme, gap, side = art.theme, round(10 * k), round(_CRATE * k)
    room = box.inflate(-2 * gap, 0)
    least = max(4, ceil(smallest))
    if side >= 7:
        surface.blit(crate(side, hue, theme.board), (room.x, box.centery - side // 2))
        room = pygame.Rect(room.x + side + gap, room.y, room.w - side - gap, room.h)
    said = fit(rate, room.size, round(28 * k), max(least, round(22 * k)), "SemiBold") if rate else None
    if said is not None:
        words = render(rate, said, mix(hue, theme.headline, 0.45), "SemiBold")
        stamp(surface, words, (room.right - words.get_width(), box.centery - round(words.get_height() * 0.54)))
        room = pygame.Rect(room.x, room.y, max(1, room.w - words.get_width() - gap), room.h)
    elif rate:
        leave_out(rate, box)
    size = fit(label, room.size, round((_RATED_NAME if said else _WIDE_NAME) * k), least, "SemiBold")
    text = label if size is not None else cut(label, room.w, least)
    if size is None:
        leave_out(label, box)
    words = render(text, size or least, theme.text, "SemiBold")
    if words.get_width() <= room.w and words.get_height() <= 1.4 * box.h:
        stamp(surface, words, (room.x, box.centery - round(words.get_height() * 0.54)))


def _stacked(surface: pygame.Surface, box: pygame.Rect, label: str, rate: str, hue: Colour, art: Art, k: float,
             smallest: float, *, crated: bool) -> None:  # fmt: skip
    """Crate, name and rate above one another. crated: with a crate, where it finds room."""
    theme = art.theme
    room, lines = (box.w - round(10 * k), box.h), []
    side = round(_CRATE * k)
    for text, em, ink in ((label, 34, theme.text), (rate, 28, mix(hue, theme.headline, 0.45))):
        largest = max(round(em * k), ceil(smallest)) if text == label else round(em * k)
        size = fit(text, room, largest, max(4, round(22 * k)), "SemiBold") if text else None
        if size is not None and size >= smallest:
            lines.append(render(text, size, ink, "SemiBold"))
        elif text:
            leave_out(text, box)
    least = max(4, ceil(smallest))
    smaller = max(4, ceil(max(_NEAR * k, smallest / 2)))
    if not lines and label and (size := fit(label, room, least, smaller, "SemiBold")):
        lines.append(render(label, size, theme.text, "SemiBold"))
    if not lines and label and width(label[:3] + "…", least) <= room[0] and least <= box.h:
        lines.append(render(cut(label, room[0], least), least, theme.text, "SemiBold"))
    high = max(smallest, round(34 * k)) * _CAPITALS  # of all signs alike, so that all have a crate or none
    crated = crated and side >= 7 and box.h * 0.27 + side / 2 <= box.h * 0.69 - high
    if crated:
        row = box.y + round(box.h * 0.27)
        surface.blit(crate(side, hue, theme.board), (box.centerx - side // 2, row - side // 2))
    for words, middle in zip(lines, (0.31, 0.72) if len(lines) > 1 else (0.69 if crated else 0.5,), strict=False):
        stamp(surface, words, (box.centerx - words.get_width() // 2,
                               box.y + round(box.h * middle - words.get_height() * 0.54)))  # fmt: skip


def paint_skip(surface: pygame.Surface, box: pygame.Rect, tenths: int, art: Art) -> None:
    """What is lost, as it is seen from afar: pieces in an open skip at the machine. tenths: how full it is, of ten."""
    theme, calm = art.theme, art.theme.station.calm
    colours = {"dark": theme.brick, "body": mix(theme.brick, theme.loss_text, 0.4), "light": theme.loss_text}
    colours |= {"chute": calm.rib, "wall": calm.wall, "edge": calm.edge_light, "contour": calm.contour}
    surface.blit(art.sprite("station/skip", box.size, sunk=_SUNK * (10 - tenths) / 10, **colours), box)


def paint_bin(surface: pygame.Surface, box: pygame.Rect, now: BinNow, art: Art, k: float, smallest: float, *,
              worded: bool = True) -> None:  # fmt: skip
    """At the right of its box the share that is lost, beside a small bin that it fills; muted, so that it does not
    compete with the jam. Where there is no room for the bin too, only the words. worded: with a noun."""
    theme = art.theme
    side, gap = min(box.h, round(24 * k)), round(6 * k)
    tub = pygame.Rect(box.x, box.y + (box.h - side) // 2, round(side * 1.05), side)
    words = None
    for text, beside in (*((now.said, each) for each in (tub.w + gap, 0) if worded), (now.share, tub.w + gap)):
        size = _said_at(text, (box.w - beside, box.h), k, smallest)
        if size is not None:
            words = render(text, size, theme.loss_text, "SemiBold")
            break
    if words is None:
        leave_out(now.said, box)
    else:
        stamp(surface, words, (box.right - words.get_width(), box.centery - round(words.get_height() * 0.54)))
        if not beside:
            return
        tub.right = box.right - words.get_width() - gap
    line = max(1, round(2.5 * k))
    pygame.draw.rect(surface, mix(theme.floor, theme.shadow, 0.45), tub, border_radius=max(1, round(4 * k)))
    inner = tub.inflate(-2 * line, -2 * line)
    high = round(inner.h * min(1.0, max(0.0, now.fill)))
    surface.fill(theme.brick, (inner.x, inner.bottom - high, inner.w, high))
    pygame.draw.rect(surface, mix(theme.loss_text, theme.floor, 0.35), tub, line, border_radius=max(1, round(4 * k)))


def has_words(now: BinNow, size: tuple[int, int], k: float, smallest: float) -> bool:
    """Whether a loss finds room for its noun in a box of that size, in pixels."""
    return _said_at(now.said, size, k, smallest) is not None


def _said_at(text: str, size: tuple[int, int], k: float, smallest: float) -> int | None:
    return fit(text, size, round(31 * k), max(4, ceil(smallest * 0.98)), "SemiBold")


def paint_siding(surface: pygame.Surface, box: pygame.Rect, now: WrecksNow, art: Art, k: float,
                 smallest: float, *, told: bool = False) -> None:  # fmt: skip
    """A side track with dusty crates: cases that nobody works on any more, how many, and since when."""
    theme, gap = art.theme, round(8 * k)
    side, step = max(3, round(18 * k)), max(4, round(21 * k))
    words = None
    for text in (now.lying, now.left, f"{now.count} {now.day}", now.count):
        size = fit(text, (box.w - step - gap, round(_WRECKS * k)), round(_WRECKS * k), max(4, ceil(smallest)), "Bold")
        if size is not None:
            words = render(text, size, theme.signal_text.amber if told else theme.dust_text, "Bold")
            break
    taken = words.get_width() + gap if words else 0
    shown = max(1, min(now.crates, (box.w - taken) // step))
    rails = pygame.Rect(box.x, box.y + (box.h - round(22 * k)) // 2, shown * step, round(22 * k))
    rail = max(1, round(2 * k))
    for y in (rails.y + round(3 * k), rails.bottom - round(5 * k)):
        surface.fill(theme.belt_edge.calm, (rails.x, y, rails.w, rail))
    for x in range(rails.x, rails.right - rail, max(3, round(10 * k))):
        surface.fill(mix(theme.belt_edge.calm, theme.floor, 0.5), (x, rails.y, rail, rails.h))
    for i in range(shown):
        surface.blit(crate(side, theme.dust, theme.floor), (rails.x + i * step, rails.y + round(2 * k)))
    if words is None:
        leave_out(now.text, box)
        return
    stamp(surface, words, (rails.right + gap, box.centery - round(words.get_height() * 0.58)))
