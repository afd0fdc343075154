"""The banner: a dark field with an edge in the colour of the machine it speaks of, readable from six metres."""

from __future__ import annotations

import pygame

from factoryview.scene.art.art import Art
from factoryview.scene.colour import Colour, mix
from factoryview.scene.picture import Banner
from factoryview.scene.text import Weight, cut, fit, leave_out, render, shortened, stamp, width
from factoryview.scene.theme import Dress, Theme

TITLE, ACTION, DETAIL, _LASTS = 63, 47, 42, 36
"""Em in u: cap heights of 44, 33, 29 and 25 u."""
_BESIDES = 46
"""Em in u of the sentence of a second headline."""
_APART = 26
"""u between what is to be done and what else there is to say."""
_ROWS = (0.255, 0.737)
"""Middles of two rows, as shares of the height: descenders of the upper one stay clear of the lower, and those of the
lower one on the banner."""
_LEAST = 0.7
"""Share of its size below which the sentence takes the room of what stands beside it."""


_SMALLEST = 0.66
"""Share of its size below which words are cut instead."""
_LARGE = 0.97
"""Share of its size below which only the first of the details is said: one thing that is read in passing says more than
two that are not."""


def paint_banner(
    surface: pygame.Surface, box: pygame.Rect, banner: Banner, art: Art, u: float, *, first: bool = True
) -> None:
    """u: pixels per u. first: whatever else is said, is said without a sign and smaller, so that one thing leads."""
    theme = art.theme
    surface.fill(theme.banner, box)
    edge = round(8 * u)
    colour = theme.good if banner.well else edge_of(theme, banner.dress)
    surface.fill(colour, (box.x, box.y, edge, box.h))
    x = box.x + edge + round(18 * u)
    sign = sign_of(art, banner, round(76 * u)) if first else None
    if sign is not None:
        surface.blit(sign, (x, box.centery - sign.get_height() // 2))
        x += sign.get_width() + round(20 * u)
    right = box.right - round(18 * u)
    one_row = _in_one_row(banner, art, u) if first and banner.said else None
    if one_row is not None:
        needed = one_row.get_width() + round(40 * u) + width(banner.title, round(TITLE * u), "Bold")
        one_row = one_row if needed <= right - x else None
    alone = one_row is not None
    beside = [(one_row, _ROWS[0])] if one_row is not None else _beside(banner, art, u)
    words = max((line.get_width() for line, _ in beside), default=0)
    if words and width(banner.title, round(_LEAST * TITLE * u), "Bold") > right - x - words - round(24 * u):
        leave_out(banner.lasts, box)
        beside, words = [], 0
    for line, middle in beside:
        stamp(surface, line, (right - line.get_width(), box.y + round(box.h * middle - line.get_height() * 0.54)))
    end = right - words - (round(24 * u) if words else 0)
    room = max(1, end - x)
    middles = _ROWS if banner.said else (0.5,)
    em = TITLE if first else _BESIDES
    title: Part = (_title(banner, room, em, u), em, theme.headline, "Bold")
    if _written(surface, pygame.Rect(x, box.y, room, box.h), title, middles[0], u) is None:
        _in_two_rows(surface, banner.title, pygame.Rect(x, box.y, room, box.h), round(DETAIL * u), theme.headline)
        return
    detail: Part = (banner.detail, DETAIL, soft_of(theme, banner.dress), "SemiBold")
    room = max(1, right - x) if alone else room
    row = pygame.Rect(x, box.y, room, box.h)
    share, beside_action = _beside_action(banner, room, u)
    action: Part = (banner.action, round(ACTION * share), theme.headline, "Bold")
    if banner.action and (wide := _written(surface, row, action, middles[-1], u)) is not None:
        detail = (beside_action, *detail[1:])
        if beside_action != banner.detail:
            leave_out(banner.detail.removeprefix(f"{beside_action} · "), row)
        row = pygame.Rect(x + wide + round(_APART * u), box.y, max(0, room - wide - round(_APART * u)), box.h)
        if banner.detail and _written(surface, row, detail, middles[-1], u) is None:
            leave_out(banner.detail, row)
        return
    whole: Part = (banner.said, *detail[1:])
    if banner.said and _written(surface, row, whole, middles[-1], u) is None:
        _cut_short(surface, row, whole, middles[-1], u)


def _title(banner: Banner, room: int, em: int, u: float) -> str:
    """The sentence, or where the whole would take the row of what is to be done the same with a shorter name, or what
    stands before its last comma."""
    least = max(6, round(em * u * _SMALLEST))
    less = (*banner.shorter, banner.title.rpartition(", ")[0]) if banner.action else ()
    said = (words for words in (banner.title, *less) if words and width(words, least, "Bold") <= room)
    return next(said, banner.title)


def _beside_action(banner: Banner, room: int, u: float) -> tuple[float, str]:
    """The largest share of its size at which what is to be done leaves room for the details, and these: as many as find
    room while all of it stays large, else the first. 1 and all of them where not even one does.
    """
    parts = banner.detail.split(" · ")
    for count in range(len(parts), 0, -1):
        detail = " · ".join(parts[:count])
        smallest, shares = (_LARGE, (1.0,)) if count > 1 else (_SMALLEST, (1.0, 0.9, 0.8, 0.7, 0.6))
        least = width(detail, max(6, round(DETAIL * u * smallest)), "SemiBold") + round(_APART * u)
        for share in shares:
            if width(banner.action, round(round(ACTION * share) * u), "Bold") + least <= room:
                return share, detail
    return 1.0, banner.detail


Part = tuple[str, int, Colour, Weight]
"""Words, their em in u, their ink and their weight."""


def _written(surface: pygame.Surface, box: pygame.Rect, part: Part, middle: float, u: float) -> int | None:
    """Write it as large as finds room; how wide it is. None, and nothing written, below `_SMALLEST` of its size."""
    text, em, ink, weight = part
    size = fit(text, (max(1, box.w), box.h), round(em * u), max(6, round(em * u * _SMALLEST)), weight)
    if size is None:
        return None
    line = render(text, size, ink, weight)
    stamp(surface, line, (box.x, box.y + round(box.h * middle - line.get_height() * 0.54)))
    return line.get_width()


def _cut_short(surface: pygame.Surface, box: pygame.Rect, part: Part, middle: float, u: float) -> None:
    """What finds no room is cut at a word."""
    text, em, ink, weight = part
    size = max(6, round(em * u * _SMALLEST))
    leave_out(text, box)
    line = render(cut(text, box.w, size), size, ink, weight)
    stamp(surface, line, (box.x, box.y + round(box.h * middle - line.get_height() * 0.54)))


def _in_two_rows(surface: pygame.Surface, text: str, box: pygame.Rect, size: int, ink: Colour) -> None:
    """A sentence too long for one row takes both; what still finds no room is cut at a word."""
    rows = shortened(text, box.w, size, 2)
    for row, middle in zip(rows, _ROWS if len(rows) == 2 else (0.5,), strict=True):
        line = render(row, size, ink, "SemiBold")
        stamp(surface, line, (box.x, box.y + round(box.h * middle - line.get_height() * 0.54)))


def _in_one_row(banner: Banner, art: Art, u: float) -> pygame.Surface | None:
    """Since when, in one line: beside the sentence, so that the row below is free."""
    if not banner.lasts:
        return None
    return render(banner.lasts, round(_LASTS * u), mix(art.theme.text_muted, art.theme.text, 0.3), "SemiBold")


def _beside(banner: Banner, art: Art, u: float) -> list[tuple[pygame.Surface, float]]:
    """Since when, for the right, each row with the height of its middle as a share of the banner."""
    theme, both = art.theme, bool(banner.begins and banner.since)
    return [
        (render(text, round(em * u), ink, "SemiBold"), middle if both else 0.5)
        for text, em, ink, middle in (
            (banner.begins, _LASTS - 6, theme.text_muted, 0.36),
            (banner.since, _LASTS - 3, mix(theme.text_muted, theme.text, 0.5), 0.7),
        )
        if text
    ]


def sign_of(art: Art, banner: Banner, side: int) -> pygame.Surface | None:
    """What a headline means, to be seen before it is read: a triangle, a clock or a tick, `side` pixels wide."""
    if banner.dress in ("alarm", "slow"):
        return art.sign("alarm", side, 2 if banner.dress == "alarm" else 1)
    if banner.dress == "longest":
        return art.sign("time", side)
    return art.sign("well", side) if banner.well else None


def edge_of(theme: Theme, dress: Dress) -> Colour:
    """The one colour that banner, machine and ribbon share."""
    colours = {"alarm": theme.signal.red, "slow": theme.signal.amber, "known": theme.brick, "longest": theme.longest}
    return colours.get(dress, theme.panel_edge)


def soft_of(theme: Theme, dress: Dress) -> Colour:
    """Words in the same meaning."""
    return {"alarm": theme.signal_text.red, "slow": theme.signal_text.amber, "known": theme.brick_text}.get(
        dress, theme.text_muted
    )
