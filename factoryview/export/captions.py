"""Captions that somebody wrote for a film, one on each line: `2025-06-18 09:00|The new form`.

Films of Gource are captioned with such files, too; there a moment is in seconds since 1970.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from factoryview.errors import InputError, UsageError
from factoryview.language.said import said
from factoryview.scene.text import drawable
from factoryview.time import SECOND
from factoryview.view.moments import parse_moment

SECONDS = 5.0
"""Of display that a caption stands, unless another follows sooner."""
MOST, LONGEST = 2_000, 160
"""Captions in a file; letters of one."""
_SINCE_1970 = re.compile(r"\d{8,11}(\.\d+)?")


class Caption(NamedTuple):
    """What is said of a moment (µs UTC)."""

    at: int
    text: str


class Shown(NamedTuple):
    """The frames of a film, from the first to the one after the last, over which a caption stands."""

    begin: int
    end: int
    text: str


def read_captions(path: Path, first: int, last: int, timezone: str) -> list[Caption]:
    """In order of time. first, last: of the log, of which a moment may be a share.

    Raises InputError for a file that cannot be read, and for a line that is no caption.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(said("error.captions_not_read", why=error), where=str(path)) from error
    found = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            where = said("error.place_line", place=path, line=number)
            found.append(_caption(line, where, (first, last), timezone))
    if len(found) > MOST:
        raise InputError(said("error.many_captions", most=MOST), where=str(path))
    return sorted(found, key=lambda caption: caption.at)


def _caption(line: str, where: str, span: tuple[int, int], timezone: str) -> Caption:
    typed, bar, words = (part.strip() for part in line.partition("|"))
    text = drawable(words)[:LONGEST]
    if not bar or not text:
        raise InputError(said("error.no_caption", text=line[:60]), where=where, cure=said("error.caption_line"))
    if _SINCE_1970.fullmatch(typed):
        return Caption(round(float(typed) * SECOND), text)
    try:
        return Caption(parse_moment(typed, *span, timezone), text)
    except UsageError as error:
        raise InputError(
            said("error.no_caption", text=line[:60]), where=where, cure=said("error.caption_line")
        ) from error


def shown(captions: Sequence[Caption], moments: Sequence[int], fps: float) -> list[Shown]:
    """Over which frames each stands, one at a time. moments: of the frames, µs UTC.

    >>> shown([Caption(5, "a"), Caption(7, "b"), Caption(99, "c")], range(0, 20, 2), 1.0)
    [Shown(begin=3, end=4, text='a'), Shown(begin=4, end=9, text='b')]
    """
    begins = [(bisect_left(moments, caption.at), caption.text) for caption in captions if caption.at >= moments[0]]
    begins = [(begin, text) for begin, text in begins if begin < len(moments)]
    long = max(1, round(SECONDS * fps))
    return [
        Shown(begin, min(begin + long, after), text)
        for (begin, text), (after, _) in pairwise([*begins, (len(moments), "")])
        if after > begin
    ]
