"""Which face a text is written in: the program's own, or where that lacks letters one of the system or of an extra.

The own face has the letters of Latin scripts. For Greek, Cyrillic, Hebrew, Arabic, Thai, Chinese, Japanese, Korean,
arrows and symbols the system is asked for a face that people usually have, then the packages of the extra `letters`;
what no face has is told by `missing`.
"""

from __future__ import annotations

import io
import mmap
import os
import unicodedata
import warnings
from functools import lru_cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pygame

from factoryview.scene.directions import runs

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_FAMILIES = (
    "notosans", "dejavusans", "segoeui", "arialunicodems", "arial", "tahoma", "freesans", "notosanscjksc",
    "notosanscjkjp", "notosanscjkkr", "sourcehansans", "wenquanyizenhei", "droidsansfallback", "microsoftyahei",
    "yugothic", "msgothic", "malgungothic", "pingfangsc", "hiraginosans", "applesdgothicneo", "notosansarabic",
    "notosanshebrew", "notosansthai", "leelawadeeui", "thonburi", "notosanssymbols", "notosanssymbols2",
    "segoeuisymbol", "applesymbols", "symbola", "unifont",
)  # fmt: skip
"""What faces with letters beyond Latin are called by the common systems, the plainest first."""
_PACKAGES = ("manimgx_fonts", "noto_cjk_sans_jp_regular")
"""Packages with faces of Noto: some twenty scripts, and Chinese, Japanese and Korean."""
_NO_NAMES = ("Italic", "Emoji")
_SIZE = 24
_SMALL = 1 << 20
"""Bytes of a face that is held in memory."""
_NOWHERE = "\uffff"
"""In no face."""


def path_for(text: str, weight: str) -> str:
    """The file of the face that has all letters of the text, else of the one that lacks fewest."""
    own = _own(weight)
    return own if text.isascii() or not _lacking(own, text) else _elsewhere(text, weight)


@lru_cache(maxsize=1024)
def _elsewhere(text: str, weight: str) -> str:
    """`path_for` a text of which the own face lacks letters."""
    best = own = _own(weight)
    fewest = len(_lacking(own, text))
    for path in _others(weight in ("SemiBold", "Bold")):
        lost = len(_lacking(path, text))
        if lost < fewest:
            best, fewest = path, lost
        if not lost:
            break
    return best


@lru_cache
def _own(weight: str) -> str:
    """The file of the program's own face."""
    return str(files("fontpkg_barlow_condensed") / "files" / f"BarlowCondensed-{weight}.ttf")


def lacking(text: str, weight: str) -> frozenset[str]:
    """The letters of the text that its face does not have: another may."""
    return _lacking(path_for(text, weight), text)


def missing(text: str) -> str:
    """The letters of the text that are drawn as boxes, each once: no face at hand has them."""
    lost = {letter for run in runs(text) for letter in lacking(run.text, "SemiBold") if lacking(letter, "SemiBold")}
    return "".join(dict.fromkeys(letter for letter in text if letter in lost))


def opened(path: str, size: int) -> pygame.Font:
    """A face of a file at a size. All sizes of a file share one open file and one piece of memory: what runs for months
    does not hold a file more for every size that is asked for.
    """
    if not pygame.font.get_init():
        pygame.font.init()
    contents = _contents(path)
    shared = io.BytesIO(contents) if isinstance(contents, bytes) else io.BufferedReader(_Reading(contents))
    return pygame.font.Font(shared, size)


@lru_cache(maxsize=64)
def _contents(path: str) -> bytes | mmap.mmap:
    """A small face is held in memory, which all that read it share, and is drawn faster from there."""
    with Path(path).open("rb") as file:
        if os.fstat(file.fileno()).st_size <= _SMALL:
            return file.read()
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


class _Reading(io.RawIOBase):
    """A file that was read already, with a place of its own in it."""

    def __init__(self, contents: mmap.mmap) -> None:
        self._contents, self._at = contents, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        room = memoryview(buffer)
        found = self._contents[self._at : self._at + len(room)]
        room[: len(found)] = found
        self._at += len(found)
        return len(found)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = (0, self._at, len(self._contents))[whence] + offset
        return self._at

    def tell(self) -> int:
        return self._at


@lru_cache(maxsize=64)
def _face(path: str) -> pygame.Font:
    return opened(path, _SIZE)


def _lacking(path: str, text: str) -> frozenset[str]:
    """Letters of the text without a glyph in a face; blanks, marks that join and controls need none. The own face has
    all of ASCII, those of other scripts may not even have a colon.
    """
    plain = "~" if "BarlowCondensed" in path else ""
    seen = {letter for letter in text if letter > plain and unicodedata.category(letter)[0] not in "CZM"}
    return frozenset(letter for letter in seen if _is_lost(path, letter))


@lru_cache(maxsize=4096)
def _is_lost(path: str, letter: str) -> bool:
    """Whether a face lacks a letter: all that it lacks look alike, and the face says nothing else of them."""
    return _drawn(path, letter) == _box(path)


@lru_cache(maxsize=64)
def _box(path: str) -> bytes:
    """How a face draws what it lacks."""
    return _drawn(path, _NOWHERE)


def _drawn(path: str, letter: str) -> bytes:
    return pygame.image.tobytes(_face(path).render(letter, False, (255, 255, 255)), "RGBA")


def _others(bold: bool) -> tuple[str, ...]:
    """The files of all faces but the own one, in the order in which they are asked."""
    return (*_of_the_system(bold), *_of_the_extra())


@lru_cache
def _of_the_extra() -> tuple[str, ...]:
    """The files of the faces that the extra `letters` has brought, the plainest first."""
    found: list[Path] = []
    for package in _PACKAGES:
        spec = find_spec(package)
        folder = Path(spec.origin).parent if spec is not None and spec.origin else None
        faces = sorted(folder.glob("*.[ot]tf"), key=lambda path: path.name) if folder is not None else []
        found += [path for path in faces if not any(word in path.name for word in _NO_NAMES)]
    return tuple(str(path) for path in found)


@lru_cache(maxsize=2)
def _of_the_system(bold: bool) -> tuple[str, ...]:
    """The files of the faces that the system has; asked only once somebody needs one. None where it has no fontconfig,
    of which pygame would warn: what no face has is told by `missing`.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*fonts cannot", UserWarning)
        found = [pygame.font.match_font(family, bold=bold) or pygame.font.match_font(family) for family in _FAMILIES]
    return tuple(dict.fromkeys(path for path in found if path))
