"""What is read from afar: headline, lines, boards and notices, no letter smaller than the viewers' distance asks for.

`em` is always the least size of type, in pixels, that can be read from there. What does not fit at that size is cut at
a word and said to be left out, never written smaller.

It is long, for all its parts are cut by the same rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pygame

from factoryview.scene.chrome.banner import edge_of, sign_of, soft_of
from factoryview.scene.chrome.ladder import rung_colour
from factoryview.scene.colour import Colour, mix
from factoryview.scene.picture import Banner, GoalRow, GoalScale, LadderPicture, LossRow, RungPicture
from factoryview.scene.text import Align, Weight, cut, fit, leave_out, lines_for, render, shortened, stamp, width
from factoryview.scene.theme import CALM, Dress, Theme
from factoryview.scene.ui.look import Canvas, Look

ROW, LINE = 1.3, 1.02
"""Height of a board's row and of a line of words, in em."""
TITLE = 1.25
"""The sentence of a headline above what else is said, as a multiple of em."""
_MIDDLE = 0.54
"""Where the middle of capitals lies in a line of type, as a share of its height."""
_LARGER = 1.25
"""Numbers, as a multiple of em."""
STACKED = 15
"""em of width below which a row's words stand above its numbers."""
_TAKT = 0.5
"""The most of a row that words of the takt take."""
_REASON = 6
"""em of room from which a loss says its reason, though cut."""
_SHARE = 10
"""A share that is lost stands to scale under its words, in a line of an em ÷ so many."""


def say(
    on: Canvas, text: str, box: pygame.Rect, em: int, ink: Colour, weight: Weight = "SemiBold", align: Align = "left",
    *, largest: int | None = None, rows: int = 1,
) -> int:  # fmt: skip
    """Write into the box, in so many rows, not smaller than em; how many pixels wide it is."""
    if not text or box.w <= 0:
        return 0
    size = (fit(text, box.size, largest, em, weight) if largest else None) or em
    lines = lines_for(text, box.w, size, rows, weight)
    if lines is None:
        lines = shortened(text, box.w, em, rows) if rows > 1 else [cut(text, box.w, em)]
        leave_out(text, box)
    drawn = [render(line, size, ink, weight) for line in lines]
    step = size * LINE
    top = box.centery - step * (len(drawn) - 1) / 2 - drawn[0].get_height() * _MIDDLE
    for line in drawn:
        x = {"left": box.x, "centre": box.centerx - line.get_width() // 2, "right": box.right - line.get_width()}[align]
        stamp(on.surface, line, (x, round(top)))
        top += step
    return max(line.get_width() for line in drawn)


@dataclass(frozen=True)
class Veil(Look):
    """A filled box, or one through which what lies beneath can still be told."""

    alpha: int = 255

    @property
    def opaque(self) -> bool:
        return self.alpha == 255

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        if self.alpha == 255:
            on.surface.fill(on.art.theme.panel, rect)
            return
        seen = rect.clip(on.surface.get_clip())  # of a large one it is often a corner that is painted again
        if seen:
            shade = pygame.Surface(seen.size, pygame.SRCALPHA)
            shade.fill((*on.art.theme.panel, self.alpha))
            on.surface.blit(shade, seen)


@dataclass(frozen=True)
class Headline(Look):
    """The one sentence, with an edge in the colour of the machine it speaks of."""

    banner: Banner
    em: int
    rows: int = 1

    @property
    def opaque(self) -> bool:
        return True

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, em, banner = on.art.theme, self.em, self.banner
        on.surface.fill(theme.banner, rect)
        edge = max(3, em // 7)
        on.surface.fill(
            theme.good if banner.glad or banner.well else edge_of(theme, banner.dress), (rect.x, rect.y, edge, rect.h)
        )
        x = rect.x + edge + em // 4
        sign = sign_of(on.art, banner, round(em * (1 + 0.2 * (self.rows > 1))))
        if sign is not None:
            on.surface.blit(sign, (x, rect.centery - sign.get_height() // 2))
            x += sign.get_width() + em // 4
        room = pygame.Rect(x, rect.y, rect.right - em // 5 - x, rect.h)
        ink = theme.good if banner.glad else theme.headline
        title = self._title(room.w)
        below = self._below(title, room.w) if self.rows > 1 else ""
        if below:
            room, rest = _parted(room, TITLE / (TITLE + 1))
            wide = say(on, title, room, em, ink, "Bold", largest=round(TITLE * em))
            self._lasting(on, pygame.Rect(room.x + wide + em, room.y, room.w - wide - em, room.h))
        else:
            wide = say(on, title, room, em, ink, "Bold", rows=self.rows)
            below = "" if self.rows > 1 else self._said_in(room.w - wide - em // 2)
            rest = pygame.Rect(room.right - self._wide(below), room.y, self._wide(below), room.h)
        action = _action_in(banner, below)
        done = say(on, action, rest, em, theme.headline, "Bold")
        rest = pygame.Rect(rest.x + done, rest.y, rest.w - done, rest.h)
        soft = theme.text if banner.dress in CALM else soft_of(theme, banner.dress)
        say(on, below.removeprefix(action), rest, em, soft, "Medium")

    def _lasting(self, on: Canvas, room: pygame.Rect) -> None:
        """Since when, at the right of the sentence, where it finds room."""
        if self.banner.lasts and width(self.banner.lasts, self.em, "Medium") <= room.w:
            say(on, self.banner.lasts, room, self.em, on.art.theme.text_muted, "Medium", "right")

    def _title(self, room: int) -> str:
        """The sentence, or where it finds no room, or would take that of what is to be done, the same with a shorter
        name, or what stands before its last comma, if that does."""
        whole = self.banner.title
        main = whole.rpartition(", ")[0] or whole
        both, rows = (whole, *self.banner.shorter, main), range(1 if self.banner.action else self.rows, self.rows + 1)
        fit = (words for n in rows for words in both if lines_for(words, room, self.em, n, "Bold") is not None)
        return next(fit, whole)

    def _below(self, title: str, room: int) -> str:
        """What stands under a sentence of one line; empty: nothing, or the sentence needs both lines."""
        return self._said_in(room) if width(title, self.em, "Bold") <= room else ""

    def _wide(self, said: str) -> int:
        """Pixels of what else is said; what is to be done is bold."""
        action = _action_in(self.banner, said)
        return width(action, self.em, "Bold") + width(said.removeprefix(action), self.em, "Medium")

    def _said_in(self, room: int) -> str:
        """What else is said, as many of its parts as find room, the first before the others."""
        banner = self.banner
        parts = [part for part in (banner.action, *banner.detail.split(" · ")) if part]
        said = (" · ".join(parts[:count]) for count in range(len(parts), 0, -1))
        return next((words for words in (*said, banner.lasts) if words and self._wide(words) <= room), "")


def _action_in(banner: Banner, said: str) -> str:
    """What is to be done, where that is what is said first."""
    return banner.action if banner.action and said.startswith(banner.action) else ""


@dataclass(frozen=True)
class Phrase:
    """A part of a line."""

    text: str
    dress: Dress | None = None
    """None: as ever; else the colour that has a meaning."""
    strong: bool = False
    muted: bool = False


@dataclass(frozen=True)
class LineLook(Look):
    """Phrase from the left and one from the right; those that find no room are left out, the last first."""

    left: tuple[Phrase, ...]
    right: Phrase
    em: int
    rows: int = 1
    """Lines into which a phrase may be broken."""
    largest: int | None = None
    """Where there is room, phrases are as large as that; em otherwise."""

    def finds_room(self, wide: int) -> bool:
        """Whether all of it stands in a line of so many pixels."""
        phrases = [words for words in (*self.left, self.right) if words.text]
        gaps = round(0.7 * self.em) * (len(phrases) - 1)
        return sum(width(words.text, self.em, _weight(words)) for words in phrases) + gaps <= wide

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, gap = on.art.theme, round(0.7 * self.em)
        end, x = rect.right, rect.x
        if self.right.text:
            end -= self._write(on, self.right, rect, "right", theme) + gap
        for words in self.left:
            room = pygame.Rect(x, rect.y, end - x, rect.h)
            if width(words.text, self.em, _weight(words)) > room.w and words is not self.left[0]:
                leave_out(words.text, room)
                break
            x += self._write(on, words, room, "left", theme) + gap

    def _write(self, on: Canvas, words: Phrase, box: pygame.Rect, align: Align, theme: Theme) -> int:
        ink = theme.headline if words.strong else theme.text_muted if words.muted else theme.text
        if words.dress is not None:
            ink = soft_of(theme, words.dress)
        return say(on, words.text, box, self.em, ink, _weight(words), align, largest=self.largest, rows=self.rows)


def _weight(words: Phrase) -> Weight:
    return "Bold" if words.strong else "Medium"


def row_height(em: int, *, stacked: bool = False) -> int:
    """Pixels of one row of a board. stacked: words above numbers."""
    return round(em * (ROW * 2 if stacked else ROW))


@dataclass(frozen=True)
class GoalLine(Look):
    """A goal by now, as on a score board: what, how many, of how many by now, the difference, what the day brings."""

    row: GoalRow
    columns: tuple[int, int, int, int]
    """Pixels of actual, plan, difference and forecast, the same in every row."""
    em: int
    rule: bool = True
    """A line under it."""
    whose: str = ""
    """The department whose goal it is, said beside its name where there is room."""
    ahead: bool = False
    """It is to come."""

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, em, row = on.art.theme, self.em, self.row
        low, end = rect, rect.right
        if rect.h > 2 * em:
            top, low = _halves(rect)
            self._name(on, top)
        ink = theme.good if row.good else theme.shortfall
        actual, plan, difference, forecast = self.columns
        for text, room, colour, weight, most in (
            (row.forecast, forecast, theme.text_muted, "Medium", em),
            (row.difference, difference, ink, "Bold", round(_LARGER * em)),
            (row.plan, plan, theme.text_muted, "Medium", em),
            (row.actual, actual, theme.headline, "Bold", round(_LARGER * em)),
        ):
            if room:
                box = pygame.Rect(end - room, low.y, room, low.h)
                say(on, text, box, em, colour, weight, "right", largest=most)  # type: ignore[arg-type]
                end -= room + em // 2
        if low is rect:
            self._name(on, pygame.Rect(rect.x, rect.y, end - rect.x, rect.h))
        if self.rule:
            _rule(on, rect)

    def _name(self, on: Canvas, room: pygame.Rect) -> None:
        theme, em = on.art.theme, self.em
        wide = say(on, self.row.label, room, em, theme.text_muted if self.ahead else theme.text) + em // 2
        rest = pygame.Rect(room.x + wide, room.y, room.w - wide, room.h)
        if self.whose and width(self.whose, em, "Medium") <= rest.w:
            say(on, self.whose, rest, em, theme.text_muted, "Medium")


@dataclass(frozen=True)
class GoalBar(Look):
    """A goal to scale under its words: what came, where the plan stands by now, where the day is to end; the takt is
    beside it, in a row for two lines below it.
    """

    row: GoalRow
    scale: GoalScale
    takt: int
    """Pixels kept for the takt, the same in every row; 0: it is not said."""
    em: int
    least: int
    """Size of type of the takt."""

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, em, row, scale = on.art.theme, self.em, self.row, self.scale
        stacked = rect.h > 2 * em
        bar, words = _halves(rect) if stacked else (rect, rect)
        if self.takt:
            say(on, row.takt, words, self.least, theme.text_muted, "Medium", "right")
        high, beside = round(0.5 * em), 0 if stacked or not self.takt else self.takt + em
        track = pygame.Rect(rect.x, bar.centery - high // 2, rect.w - beside, high)
        whole = max(scale.target, scale.actual, scale.high, 1e-9)
        on.surface.fill(theme.rung, track)
        low, until = (track.x + round(track.w * end / whole) for end in (scale.low, scale.high))
        on.surface.fill(mix(theme.rung, theme.text, 0.32), (low, track.y, until - low, high))
        ink = theme.good if row.good else theme.shortfall
        on.surface.fill(ink, (track.x, track.y, round(track.w * scale.actual / whole), high))
        line = max(2, em // 12)
        for end, beyond in ((scale.plan, round(0.22 * em)), (scale.target, 0)):
            x = min(track.x + round(track.w * end / whole), track.right - line)
            on.surface.fill(theme.headline, (x, track.y - beyond, line, high + 2 * beyond))
        _rule(on, rect)


def goal_columns(rows: Sequence[GoalRow], em: int) -> tuple[int, int, int, int]:
    """Pixels of actual, plan, difference and forecast."""
    large = round(_LARGER * em)
    return (
        max((width(row.actual, large, "Bold") for row in rows), default=0),
        max((width(row.plan, em, "Medium") for row in rows), default=0),
        max((width(row.difference, large, "Bold") for row in rows), default=0),
        max((width(row.forecast, em, "Medium") for row in rows), default=0),
    )


def takt_width(rows: Sequence[GoalRow], room: int, em: int) -> int:
    """Pixels kept for the takt of goals; 0 where it would leave their bars too little of the room."""
    longest = max((width(row.takt, em, "Medium") for row in rows), default=0)
    return longest if longest <= room * _TAKT else 0


def goals_width(rows: Sequence[GoalRow], em: int, *, stacked: bool) -> int:
    """Pixels in which goals find room with all they say."""
    label = 0 if stacked else max((width(row.label, em) for row in rows), default=0)
    return sum(goal_columns(rows, em)) + label + 2 * em


@dataclass(frozen=True)
class LossLine(Look):
    """What a stage loses: where, why most of it, which share, in words and to scale."""

    row: LossRow
    em: int

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, em, row = on.art.theme, self.em, self.row
        stacked = rect.h > 2 * em
        top, low = _halves(rect) if stacked else (rect, rect)
        share = say(on, row.share, low, em, theme.loss_text, "Bold", "right", largest=round(_LARGER * em))
        room = top if stacked else pygame.Rect(top.x, top.y, top.w - share - em, top.h)
        wide = say(on, row.label, room, em, theme.text)
        rest = pygame.Rect(room.x + wide + em, room.y, room.w - wide - em, room.h)
        if row.reason and rest.w >= min(_REASON * em, width(row.reason, em, "Medium")):
            say(on, row.reason, rest, em, theme.text_muted, "Medium")
        high = max(3, em // _SHARE)
        track = pygame.Rect(rect.x, rect.bottom - high, rect.w, high)
        on.surface.fill(theme.rung, track)
        on.surface.fill(theme.loss_text, (track.x, track.y, round(track.w * min(1.0, row.part)), high))


def loss_width(row: LossRow, em: int, *, stacked: bool) -> int:
    """Pixels in which a loss with its reason finds room."""
    share = width(row.share, round(_LARGER * em), "Bold")
    words = width(row.label, em) + (width(row.reason, em, "Medium") + em if row.reason else 0)
    return max(share, words) if stacked else share + em + words


@dataclass(frozen=True)
class RungLine(Look):
    """A stage of the lead-time ladder: how long cases stay, waiting and work to scale."""

    rung: RungPicture
    longest: float
    """Hours of the longest stay."""
    label: int
    """Pixels kept for the name."""
    em: int

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, em, rung = on.art.theme, self.em, self.rung
        stacked = rect.h > 2 * em
        top, low = _halves(rect) if stacked else (rect, rect)
        time = max(0 if stacked else round(3.2 * em), width(rung.text, em, "Bold"))
        label = top.w - time - em // 2 if stacked else self.label
        say(on, rung.label, pygame.Rect(top.x, top.y, label, top.h), em, theme.text)
        say(on, rung.text, top, em, theme.headline, "Bold", "right")
        room = low.w if stacked else low.w - label - time - em
        if room > em and self.longest > 0:
            x, high = (low.x if stacked else low.x + label + em // 2), round(0.56 * em)
            scale = (room - 2) / self.longest
            wait, work = round(rung.waiting * scale), max(2, round(rung.work * scale))
            bar = pygame.Rect(x, low.centery - high // 2, wait, high)
            on.surface.fill(rung_colour(theme, rung.dress), bar)
            on.surface.fill(theme.work, (bar.right, bar.y, work, high))
        _rule(on, rect)


def rungs_shown(ladder: LadderPicture, most: int) -> tuple[RungPicture, ...]:
    """So many rungs, those with the longest stays, in the order of the process."""
    chosen = sorted(range(len(ladder.rungs)), key=lambda i: -(ladder.rungs[i].waiting + ladder.rungs[i].work))[:most]
    return tuple(ladder.rungs[i] for i in sorted(chosen))


@dataclass(frozen=True)
class CalmNotice(Look):
    """A calm sentence in the middle, and under it what is known of it."""

    title: str
    detail: str
    em: int

    def paint(self, on: Canvas, rect: pygame.Rect) -> None:
        theme, em = on.art.theme, self.em
        upper, lower = _halves(rect) if self.detail else (rect, rect)
        say(on, self.title, upper, em, theme.headline, "Bold", "centre", largest=round(1.7 * em), rows=2)
        say(on, self.detail, lower, em, theme.text_muted, "Medium", "centre", rows=2)


def _halves(rect: pygame.Rect) -> tuple[pygame.Rect, pygame.Rect]:
    return _parted(rect, 0.5)


def _parted(rect: pygame.Rect, share: float) -> tuple[pygame.Rect, pygame.Rect]:
    """The upper part, of that share of the height, and the lower one."""
    top = pygame.Rect(rect.x, rect.y, rect.w, int(rect.h * share))
    return top, pygame.Rect(rect.x, top.bottom, rect.w, rect.h - top.h)


def _rule(on: Canvas, rect: pygame.Rect) -> None:
    theme = on.art.theme
    line = max(1, rect.h // 60)
    on.surface.fill(mix(theme.panel_edge, theme.panel, 0.3), (rect.x, rect.bottom - line, rect.w, line))
