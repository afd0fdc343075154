"""Which way a text runs: pieces from left to right, of which some are read from right to left."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple


class Run(NamedTuple):
    """A piece of a text that runs one way."""

    text: str
    leftward: bool
    """It is read from right to left."""


_FIRST_LEFTWARD = "\u0590"
"""No letter before it is read from right to left."""


def runs(text: str) -> tuple[Run, ...]:
    """The pieces of a text as they stand from left to right. Numbers within Hebrew or Arabic keep their own way.

    >>> [run.text for run in runs("abc")], [run.text for run in runs("אב 12")]
    (['abc'], ['12', 'אב '])
    """
    return (Run(text, leftward=False),) if max(text, default="") < _FIRST_LEFTWARD else _parted(text)


@lru_cache(maxsize=1024)
def _parted(text: str) -> tuple[Run, ...]:
    kinds = [_kind(letter) for letter in text]
    if "R" not in kinds:
        return (Run(text, leftward=False),)
    base = next(kind for kind in kinds if kind in ("L", "R"))
    settled = _settled(kinds, base)
    places = groupby(range(len(text)), key=lambda place: settled[place] == "R")
    found = [Run("".join(text[place] for place in piece), leftward) for leftward, piece in places]
    return tuple(reversed(found)) if base == "R" else tuple(found)


def _kind(letter: str) -> str:
    """L and R: letters of either way; N: a digit; M: a mark on the letter before; empty: whatever stands around."""
    found = unicodedata.bidirectional(letter)
    return {"L": "L", "R": "R", "AL": "R", "EN": "N", "AN": "N", "NSM": "M"}.get(found, "")


def _settled(kinds: list[str], base: str) -> list[str]:
    """L or R of every letter: a number after Latin letters goes with them, a blank with what stands on both sides."""
    strong = base
    found: list[str] = []
    for kind in kinds:
        strong = kind if kind in ("L", "R") else strong
        found.append(found[-1] if kind == "M" and found else "L" if kind == "N" and strong == "L" else kind)
    for start, kind in enumerate(found):
        if kind in ("", "M"):
            end = next((place for place in range(start, len(found)) if found[place] not in ("", "M")), len(found))
            before = _side(found[start - 1], base) if start else base
            after = _side(found[end], base) if end < len(found) else base
            found[start:end] = [before if before == after else base] * (end - start)
    return found


def _side(kind: str, base: str) -> str:
    """For what stands beside it, a number is a letter that is read as the whole is: of `most at NAME: 28` it is the
    sentence's, not the name's.
    """
    return base if kind == "N" else kind
