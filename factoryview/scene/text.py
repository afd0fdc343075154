"""Type: one family, rendered once per string and kept in a bounded cache; whoever asks is told what was written."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import Literal, NamedTuple

import pygame

from factoryview.scene import faces
from factoryview.scene.colour import Colour
from factoryview.scene.directions import runs
from factoryview.scene.hyphens import SOFT, joints
from factoryview.scene.kept import Kept

Weight = Literal["Regular", "Medium", "SemiBold", "Bold"]
Align = Literal["left", "centre", "right"]

_MOST_TEXTS, _MOST_BYTES = 600, 32 << 20
"""What is kept of rendered lines: a hundred large ones of a wall are as many bytes as thousands of small ones."""
_LONGEST_TEXT = 1_000
"""Characters of a line; a longer one finds room nowhere."""
_JOINERS = "\u200c\u200d"
"""Signs without a width that shape the letters beside them."""
_CAPITALS_MIDDLE = 0.54
"""Where the middle of capitals and digits lies in a line, from its top, as a share of the line's height."""
_SEEN = re.compile("[!-~]")
"""What is never without a width, in whatever face."""
_UNIT = re.compile(r"(?:%|€|T€|d|h|min|s)\W*")
"""What no line begins with behind a number."""
_DOT = "·"
"""What no line begins with at all."""
_LINE_STEP = 0.86
"""From line to line, as a share of a line's height."""
_MOST_FACES = 96
"""Faces at a size that are held open: more than any view has. Each keeps all that was ever drawn of it, half a megabyte
of a large one, and on a wall a number that is fitted into its place finds another size now and then, for weeks."""
_MOST_WORDS = 2048
"""What is kept of measured and broken texts: more than any picture has. On a wall, whose clock writes other texts all
the time, what is kept is full after an hour or two, and memory is flat from then on.
"""
_texts: Kept[tuple[str, int, str, Colour]] = Kept(_MOST_BYTES, _MOST_TEXTS)


class Written(NamedTuple):
    """A line of text as it stands on a surface; boxes in pixels."""

    text: str
    size: int
    """Of the face, as given to `font`."""
    colour: Colour
    ground: Colour
    """The commonest colour beneath it."""
    ink: pygame.Rect
    """The letters themselves, without the line's blank rows."""
    clip: pygame.Rect
    """Where it may be seen: ink outside is cut off."""


@dataclass
class Page:
    """All text of a picture: what was written, and what found no room (with the box it should have stood in)."""

    written: list[Written] = field(default_factory=list)
    left_out: list[tuple[str, pygame.Rect]] = field(default_factory=list)


_page: Page | None = None


@contextmanager
def recording() -> Iterator[Page]:
    """Everything that is written meanwhile, in the order in which it is drawn."""
    global _page
    before, _page = _page, Page()
    try:
        yield _page
    finally:
        _page = before


def font(size: int, weight: Weight = "SemiBold", text: str = "", *, leftward: bool = False) -> pygame.Font:
    """The face for a text at a size in pixels (of the em: cap height ÷ 0.7). leftward: it is read from the right."""
    return _font(faces.path_for(text, weight), max(4, size), leftward)


@lru_cache(maxsize=_MOST_FACES)
def _font(path: str, size: int, leftward: bool) -> pygame.Font:
    found = faces.opened(path, size)
    if leftward:
        found.set_direction(pygame.DIRECTION_RTL)
    return found


_APART = "\u200c"


def drawable(text: str) -> str:
    """The text as it can be drawn: no controls, no half characters, not endless; a dash where nothing can be seen.

    >>> drawable("a\\x07b"), drawable("\u200b")
    ('a b', '–')
    """
    plain = len(text) <= _LONGEST_TEXT and text.isascii() and text.isprintable()
    return text if plain else _drawable(text)


@lru_cache(maxsize=1024)
def _drawable(text: str) -> str:
    text = _without_lost_symbols(text[:_LONGEST_TEXT])
    text = text.replace(SOFT, "") or text
    if text.isprintable():
        return text
    kept = _JOINERS + "\u00a0\u202f"
    seen = "".join(letter if letter.isprintable() or letter in kept else " " for letter in text)
    return seen if seen.strip(kept + " ") else "–"


def _without_lost_symbols(text: str) -> str:
    """The text without pictures (emoji) that no face has, unless there is nothing else in it."""
    if not any(letter > "~" and unicodedata.category(letter)[0] == "S" for letter in text):
        return text
    lost = [letter for letter in faces.missing(text) if unicodedata.category(letter)[0] == "S"]
    left = "".join(letter for letter in text if letter not in lost and letter != "\ufe0f").strip() if lost else ""
    return left or text


def render(text: str, size: int, colour: Colour, weight: Weight = "SemiBold") -> pygame.Surface:
    """The text as a surface; do not draw on it, it is shared."""
    text = drawable(text)

    def line() -> pygame.Surface:
        seen = not text or _SEEN.search(text) or width(text, size, weight)
        return _line(text if seen else "–", size, colour, weight)

    return _texts.of((text, size, weight, colour), line)


def _line(text: str, size: int, colour: Colour, weight: Weight) -> pygame.Surface:
    """A line, its pieces on one base line."""
    pieces = _pieces(text, size, weight)
    drawn = [face.render(piece, True, colour) for face, piece in pieces]
    if len(drawn) == 1:
        return drawn[0]
    above = max(face.get_ascent() for face, _ in pieces)
    below = max(line.get_height() - face.get_ascent() for line, (face, _) in zip(drawn, pieces, strict=True))
    whole = pygame.Surface((sum(line.get_width() for line in drawn), above + below), pygame.SRCALPHA)
    x = 0
    for line, (face, _) in zip(drawn, pieces, strict=True):
        whole.blit(line, (x, above - face.get_ascent()))
        x += line.get_width()
    return whole


def _pieces(text: str, size: int, weight: Weight) -> list[tuple[pygame.Font, str]]:
    """The text from left to right, in pieces of one face and one direction: what a face lacks is of another."""
    found: list[tuple[pygame.Font, str]] = []
    for run in runs(text):
        lost = faces.lacking(run.text, weight)
        parts = ["".join(part) for _, part in groupby(run.text, key=lost.__contains__)] if lost else [run.text]
        ordered = reversed(parts) if run.leftward else parts
        found += [(font(size, weight, part, leftward=run.leftward), part) for part in ordered]
    return found


def stamp(surface: pygame.Surface, line: pygame.Surface, spot: tuple[int, int] | pygame.Rect) -> None:
    """Lay a rendered line onto the surface. Every text of the picture comes this way, so that it can be recorded."""
    if _page is not None and line.get_width():
        text, size, _, colour = _texts.key_of(line)
        ink = line.get_bounding_rect().move(spot[0], spot[1])
        _page.written.append(Written(text, size, colour, _ground(surface, ink), ink, surface.get_clip()))
    surface.blit(line, spot)


def is_recording() -> bool:
    """Whether somebody wants to know what is written: then everything is written where it stands."""
    return _page is not None


def leave_out(text: str, box: pygame.Rect) -> None:
    """Say that a text is not written because it finds no room."""
    if _page is not None:
        _page.left_out.append((text, box.copy()))


def _ground(surface: pygame.Surface, box: pygame.Rect) -> Colour:
    seen = box.clip(surface.get_clip())
    if not seen:
        return (0, 0, 0)
    red, green, blue = pygame.surfarray.array3d(surface.subsurface(seen)).reshape(-1, 3).T.tolist()
    return Counter(zip(red, green, blue, strict=True)).most_common(1)[0][0]


@lru_cache(maxsize=_MOST_WORDS)
def width(text: str, size: int, weight: Weight = "SemiBold") -> int:
    """Pixels the text is wide."""
    return sum(face.size(piece)[0] for face, piece in _pieces(drawable(text), size, weight))


def fit(text: str, box: tuple[int, int], largest: int, smallest: int, weight: Weight = "SemiBold") -> int | None:
    """The largest size up to `largest` at which the text fits the box (width, height); None if not even `smallest`."""
    size = min(largest, int(box[1] / 0.95))
    while size >= smallest:
        wide = width(text, size, weight)
        if wide <= box[0]:
            return size
        if size == smallest:
            break
        size = max(smallest, min(size - 1, int(size * box[0] / wide)))
    return None


def fitting(
    text: str, box: tuple[int, int], largest: int, smallest: int, colour: Colour, weight: Weight = "SemiBold"
) -> pygame.Surface | None:
    """The text as `render` draws it at the size that `fit` finds. Of one that fits at once, and is another in every
    frame, it is drawn without having been measured."""
    size = min(largest, int(box[1] / 0.95))
    line = render(text, size, colour, weight) if size >= smallest else None
    if line is None or line.get_width() <= box[0]:
        return line
    found = fit(text, box, largest, smallest, weight)
    return None if found is None else render(text, found, colour, weight)


@lru_cache(maxsize=1024)
def in_two_lines(text: str) -> tuple[str, str] | None:
    """Break a label at the space (or hyphen) nearest its middle."""
    cuts = [i for i, letter in enumerate(text) if letter in " -/&" and 0 < i < len(text) - 1]
    if not cuts:
        return None
    cut = min(cuts, key=lambda i: abs(i - len(text) / 2))
    return text[: cut + 1].rstrip(), text[cut + 1 :].lstrip()


def words_of(text: str) -> list[str]:
    """The parts between which a line may end: words, numbers with their unit, and whatever a dot follows.

    >>> words_of("erst 27 %, dann 3,3 h (2 von 3) · oft")
    ['erst', '27 %,', 'dann', '3,3 h', '(2', 'von', '3) ·', 'oft']
    """
    found: list[str] = []
    for word in text.split():
        if found and (word == _DOT or (_UNIT.fullmatch(word) and found[-1][-1].isdigit())):
            found[-1] = f"{found[-1]} {word}"
        else:
            found.append(word)
    return found


@lru_cache(maxsize=_MOST_WORDS)
def lines_for(text: str, room: int, size: int, rows: int, weight: Weight = "SemiBold") -> list[str] | None:
    """The text at that size in at most so many rows of `room` pixels, as even as can be; None if it does not fit."""
    words = words_of(text)
    if rows == 1 or len(words) == 1:
        return [text] if width(text, size, weight) <= room else None
    if width(text, size, weight) <= room:
        return [text]
    best: list[str] | None = None
    for cut in range(1, len(words)):
        head = " ".join(words[:cut])
        if width(head, size, weight) > room:
            break
        rest = lines_for(" ".join(words[cut:]), room, size, rows - 1, weight)
        if rest and (best is None or _widest([head, *rest], size, weight) < _widest(best, size, weight)):
            best = [head, *rest]
    return best


@lru_cache(maxsize=_MOST_WORDS)
def lines_parted(text: str, room: int, size: int, rows: int, weight: Weight = "SemiBold") -> list[str] | None:
    """As `lines_for`, but words may be parted, as few as can be, and none twice."""
    found = _parted(text, room, size, rows, weight)
    return list(found[2]) if found else None


@lru_cache(maxsize=_MOST_WORDS)
def _parted(text: str, room: int, size: int, rows: int, weight: Weight) -> tuple[int, int, tuple[str, ...]] | None:
    """How many words are parted, how wide the widest row is, and the rows."""
    whole = width(text, size, weight)
    if whole <= room:
        return 0, whole, (text,)
    if rows == 1:
        return None
    best: tuple[int, int, tuple[str, ...]] | None = None
    words = text.split()
    for i, word in enumerate(words):
        before, after = words[:i], words[i + 1 :]
        ends = [((*before,), (word, *after), 0)] if before else []
        ends += [((*before, first), (second, *after), 1) for first, second in joints(word)]
        for head, rest, parts in ends:
            row = " ".join(head)
            wide = width(row, size, weight)
            below = _parted(" ".join(rest), room, size, rows - 1, weight) if wide <= room else None
            if below is not None:
                made = parts + below[0], max(wide, below[1]), (row, *below[2])
                best = made if best is None else min(best, made)
    return best


def _widest(lines: list[str], size: int, weight: Weight) -> int:
    return max(width(line, size, weight) for line in lines)


def cut(text: str, room: int, size: int) -> str:
    """The words that fit the room (pixels) at a size, and an ellipsis; all of them if they do."""
    if width(text, size) <= room:
        return text
    words = text.split()
    while len(words) > 1 and width(" ".join(words) + " …", size) > room:
        words.pop()
    short = " ".join(words) + " …"
    while len(short) > 2 and width(short, size) > room:
        short = short.rstrip("…").rstrip()[:-1] + "…"
    return short


def shortened(text: str, room: int, size: int, rows: int) -> list[str]:
    """The text in so many rows of `room` pixels at a size, as many words as fit; what is left off is an ellipsis."""
    words, found = words_of(text), []
    for _ in range(rows - 1):
        head = [words[0]]
        while len(head) < len(words) and width(" ".join([*head, words[len(head)]]), size) <= room:
            head.append(words[len(head)])
        if len(head) == len(words) or width(words[0], size) > room:
            break
        found.append(" ".join(head))
        words = words[len(head) :]
    return [*found, cut(" ".join(words), room, size)]


def shortened_within(text: str, room: int, size: int, rows: int) -> list[str]:
    """As `shortened`, but what is left off stands before the last words: names that begin alike often end otherwise."""
    found = shortened(text, room, size, rows)
    words = words_of(text)
    if len(found) < 2 or len(words) < 3:
        return found
    head = sum(len(words_of(row)) for row in found[:-1])
    tails = (f"… {' '.join(words[i:])}" for i in range(head + 1, len(words)))
    tail = next((tail for tail in tails if width(tail, size) <= room), None)
    return found if tail is None else [*found[:-1], tail]


@lru_cache(maxsize=_MOST_WORDS)
def broken(
    text: str, box: tuple[int, int], largest: int, smallest: int, weight: Weight = "SemiBold"
) -> tuple[int, tuple[str, ...]] | None:
    """The size and the lines (one or two) in which a text fits a box best; None if not even at `smallest`."""
    size = fit(text, box, largest, smallest, weight)
    halves = in_two_lines(text)
    if halves and (size is None or size < 0.75 * largest):
        sizes = [fit(line, (box[0], box[1] // 2), largest, smallest, weight) for line in halves]
        two = None if None in sizes else min(s for s in sizes if s is not None)
        if two is not None and (size is None or two > size):
            return two, halves
    return None if size is None else (size, (text,))


def put(
    surface: pygame.Surface,
    text: str,
    box: pygame.Rect,
    colour: Colour,
    *,
    largest: int,
    smallest: int = 1,
    weight: Weight = "SemiBold",
    align: Align = "centre",
) -> bool:
    """Write the text into the box, in one line or two. False (and nothing drawn) if it would be too small to read."""
    found = broken(text, box.size, largest, smallest, weight)
    if found is None:
        leave_out(text, box)
        return False
    size, lines = found
    rows = [render(line, size, colour, weight) for line in lines]
    top = box.centery - rows[0].get_height() * (_CAPITALS_MIDDLE + _LINE_STEP * (len(rows) - 1) / 2)
    for row in rows:
        x = {"left": box.x, "centre": box.centerx - row.get_width() // 2, "right": box.right - row.get_width()}[align]
        stamp(surface, row, (x, round(top)))
        top += row.get_height() * _LINE_STEP
    return True
