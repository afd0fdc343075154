"""Which face a text is written in: the program's own, or one of the system where that lacks letters.

The own face has the letters of Latin scripts. For Greek, Cyrillic, Hebrew, Arabic, Thai, Chinese, Japanese, Korean,
arrows and symbols the system is asked for a face that people usually have; what no face has is told by `missing`.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from importlib.resources import files

import pygame

_FAMILIES = (
    "notosans", "dejavusans", "segoeui", "arialunicodems", "arial", "tahoma", "freesans", "notosanscjksc",
    "notosanscjkjp", "notosanscjkkr", "sourcehansans", "wenquanyizenhei", "droidsansfallback", "microsoftyahei",
    "yugothic", "msgothic", "malgungothic", "pingfangsc", "hiraginosans", "applesdgothicneo", "notosansarabic",
    "notosanshebrew", "notosansthai", "leelawadeeui", "thonburi", "notosanssymbols", "notosanssymbols2",
    "segoeuisymbol", "applesymbols", "symbola", "unifont",
)  # fmt: skip
"""What faces with letters beyond Latin are called by the common systems, the plainest first."""
_SIZE = 24
_NOWHERE = "\uffff"
"""In no face."""


@lru_cache(maxsize=4096)
def path_for(text: str, weight: str) -> str:
    """The file of the face that has all letters of the text, else of the one that lacks fewest."""
    own = _own(weight)
    fewest = len(_lacking(own, text))
    if not fewest:
        return own
    best = own
    for path in _of_the_system(weight in ("SemiBold", "Bold")):
        lacking = len(_lacking(path, text))
        if lacking < fewest:
            best, fewest = path, lacking
        if not lacking:
            break
    return best


@lru_cache
def _own(weight: str) -> str:
    """The file of the program's own face."""
    return str(files("fontpkg_barlow_condensed") / "files" / f"BarlowCondensed-{weight}.ttf")


def missing(text: str) -> str:
    """The letters of the text that are drawn as boxes, each once: no face at hand has them."""
    lacking = _lacking(path_for(text, "SemiBold"), text)
    return "".join(dict.fromkeys(letter for letter in text if letter in lacking))


@lru_cache(maxsize=64)
def _face(path: str) -> pygame.Font:
    if not pygame.font.get_init():
        pygame.font.init()
    return pygame.font.Font(path, _SIZE)


def _lacking(path: str, text: str) -> frozenset[str]:
    """Letters of the text without a glyph in a face; blanks, marks that join and controls need none."""
    seen = {letter for letter in text if letter > "~" and unicodedata.category(letter)[0] not in "CZM"}
    return frozenset(letter for letter in seen if _drawn(path, letter) == _drawn(path, _NOWHERE))


@lru_cache(maxsize=4096)
def _drawn(path: str, letter: str) -> bytes:
    """How a face draws a letter; all that it lacks look alike, and the face says nothing else of them."""
    return pygame.image.tobytes(_face(path).render(letter, False, (255, 255, 255)), "RGBA")


@lru_cache(maxsize=2)
def _of_the_system(bold: bool) -> tuple[str, ...]:
    """The files of the faces that the system has; asked only once somebody needs one."""
    found = (pygame.font.match_font(family, bold=bold) or pygame.font.match_font(family) for family in _FAMILIES)
    return tuple(dict.fromkeys(path for path in found if path))
