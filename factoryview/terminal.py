"""What is printed, so that no terminal is steered by it and no encoding stumbles over it."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from factoryview.errors import FactoryviewError
from factoryview.language.said import said

_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Control characters, ends of lines that are none to a program, and what turns the direction of writing."""


def plain(text: str) -> str:
    """The text with a blank for everything that would steer a terminal instead of being shown.

    >>> plain("a\\x1b[31mb\\x07")
    'a [31mb '
    """
    return _STEERING.sub(" ", text)


class Unwritten(FactoryviewError):
    """Standard output takes no more."""


class Plain:
    """A text stream that writes `plain` text, otherwise as the one it stands for."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Raises Unwritten, and BrokenPipeError when nobody reads."""
        with _words():
            return self.stream.write(plain(text))

    def flush(self) -> None:
        """Raises Unwritten, and BrokenPipeError when nobody reads."""
        with _words():
            self.stream.flush()

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@contextmanager
def _words() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Unwritten(said("error.output_unwritten", why=error)) from error


def steered(stream: TextIO) -> TextIO:
    """The stream below: for whoever draws on a terminal, and cares for `plain` by itself."""
    return stream.stream if isinstance(stream, Plain) else stream


@contextmanager
def plain_streams() -> Iterator[None]:
    """While inside, standard output and error are `Plain`, write whatever their encoding is, and are there.

    Where one was closed before the program began, the next file opened would take its place: a store, perhaps.
    """
    before = sys.stdout, sys.stderr
    for name, number in (("stdout", 1), ("stderr", 2)):
        stream: TextIO | None = getattr(sys, name)
        if stream is None:
            stream = into_nothing(number)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
        setattr(sys, name, Plain(stream))
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def into_nothing(number: int) -> TextIO:
    """A stream of that number whose text goes nowhere; what still goes into the stream of before does, too."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    if nowhere != number:
        os.dup2(nowhere, number)
        os.close(nowhere)
    return os.fdopen(number, "w", encoding="utf-8", closefd=False)
