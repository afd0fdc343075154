"""JSON of any size, value by value: only the one at hand is in memory."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, TextIO

from factoryview.language.said import said
from factoryview.sources.limits import LARGEST_PART

_CHUNK = 1 << 20
_DEEPEST = 6
"""Objects inside one another that are taken apart."""
_NUMBER = re.compile(r"-?\d[-+.\deE]*")
_BLANK = re.compile(r"[ \t\n\r]*")


class TooLarge(ValueError):
    """A single value is larger than `LARGEST_PART`."""


class Broken(ValueError):
    """This is not JSON; says in which line."""


def parts(file: TextIO) -> Iterator[tuple[str, Any, bool]]:
    """The parts of a document: (key, value, listed).

    Of an array its elements, without a key; of an object its values, and of values that are arrays their elements,
    which are `listed`; of anything else the value itself. What follows the document is not looked at.
    Raises Broken, TooLarge, or RecursionError where values are nested too deeply.
    """
    window = _Window(file)
    match window.peek():
        case "[":
            for value in window.elements():
                yield "", value, True
        case "{":
            for key in window.members():
                if window.peek() == "[":
                    for value in window.elements():
                        yield key, value, True
                else:
                    yield key, window.value(), False
        case _:
            yield "", window.value(), False


def leaves(file: TextIO) -> Iterator[tuple[str, Any, bool]]:
    """The values of a document that is an object: (path, value, listed), objects inside others taken apart.

    The path is that of the keys, joined by dots. Of values that are arrays their elements are given, which are
    `listed`; objects inside arrays stay whole. If anything follows the document, it ends with ("", None, True).
    Raises as `parts`.
    """
    window = _Window(file)
    yield from _leaves(window, "", 0)
    if window.peek():
        yield "", None, True


def _leaves(window: _Window, before: str, depth: int) -> Iterator[tuple[str, Any, bool]]:
    for key in window.members():
        match window.peek():
            case "[":
                for value in window.elements():
                    yield before + key, value, True
            case "{" if depth < _DEEPEST:
                yield from _leaves(window, f"{before}{key}.", depth + 1)
            case _:
                yield before + key, window.value(), False


def documents(file: TextIO) -> Iterator[Any]:
    """The values of a text that stand one after the other. Raises as `parts`."""
    window = _Window(file)
    while window.peek():
        yield window.value()
        if window.peek() == ",":
            window.skip()


class _Window:
    """The part of a text that is at hand."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._text, self._at = "", 0
        self._lines = 0
        self._ended = False
        self._decode = json.JSONDecoder().raw_decode

    def peek(self) -> str:
        """The next letter that is no blank; empty at the end."""
        while True:
            if self._text[self._at : self._at + 1] > " ":
                return self._text[self._at]
            self._at = _BLANK.match(self._text, self._at).end()  # type: ignore[union-attr]  # matches always
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def skip(self) -> None:
        """Over the letter that `peek` showed."""
        self._at += 1

    def elements(self) -> Iterator[Any]:
        """The elements of an array that begins here."""
        return (self.value() for _ in self._items("[", "]"))

    def members(self) -> Iterator[str]:
        """The keys of an object that begins here; the value of each has to be taken before the next."""
        for _ in self._items("{", "}"):
            key = self.value()
            if not isinstance(key, str):
                raise self._broken()
            self._take(":")
            yield key

    def value(self) -> Any:
        """The value that begins here."""
        self.peek()
        while True:
            try:
                value, end = self._decode(self._text, self._at)
            except json.JSONDecodeError:
                if not self._more():
                    raise self._broken() from None
                continue
            number = _NUMBER.match(self._text, self._at)
            if number and number.end() == len(self._text) and self._more():
                continue  # it may go on
            self._at = end
            return value

    def _items(self, opening: str, closing: str) -> Iterator[None]:
        self._take(opening)
        if self.peek() == closing:
            self._at += 1
            return
        while True:
            yield
            if self.peek() == closing:
                self._at += 1
                return
            self._take(",")

    def _take(self, letter: str) -> None:
        if self.peek() != letter:
            raise self._broken()
        self._at += 1

    def _more(self) -> bool:
        """Read on, as much again as is left over; False at the end."""
        self._lines += self._text.count("\n", 0, self._at)
        self._text = self._text[self._at :]
        self._at = 0
        if len(self._text) > LARGEST_PART:
            raise TooLarge(said("error.large_value", size=LARGEST_PART >> 20))
        chunk = "" if self._ended else self._file.read(max(_CHUNK, len(self._text)))
        self._ended = not chunk
        self._text += chunk
        return bool(chunk)

    def _broken(self) -> Broken:
        return Broken(said("error.in_line", line=self._lines + self._text.count(chr(10), 0, self._at) + 1))
