"""Long columns of numbers that lie in a file and are read where they lie: they take memory only while they are looked
at.
"""

from __future__ import annotations

import mmap
import os
import tempfile
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from factoryview.sources.scratch import scratch_folder

PIECE = 1 << 20
"""Numbers that are reckoned with at a time."""
_SHORT = 1 << 20
"""Bytes up to which a column is held in memory."""


class Scroll:
    """A column that is written piece by piece, and then read. While all of it says the same, nothing is written."""

    def __init__(self, kind: DTypeLike) -> None:
        """kind: of its numbers."""
        self._kind = np.dtype(kind)
        self._alike: tuple[Any, int] | tuple[()] | None = ()
        """What all numbers say so far, and how many have come; None: they differ."""
        self._parts: list[NDArray[Any]] = []
        self._held = 0
        self._file: tempfile._TemporaryFileWrapper[bytes] | None = None

    def append(self, values: NDArray[Any]) -> None:
        """Write more. Raises OSError where there is no room."""
        part = np.ascontiguousarray(values, self._kind)
        if not len(part):
            return
        if self._alike is not None:
            first = self._alike[0] if self._alike else part[0]
            if (part == first).all() or (first != first and (part != part).all()):
                self._alike = first, len(part) + (self._alike[1] if self._alike else 0)
                return
            value, number = self._alike or (first, 0)
            self._alike = None
            for some in pieces(number):
                self._write(np.full(some.stop - some.start, value, self._kind))
        self._write(part)

    def _write(self, part: NDArray[Any]) -> None:
        if self._file is None and self._held + part.nbytes <= _SHORT:
            self._parts.append(part.copy())
            self._held += part.nbytes
            return
        if self._file is None:
            self._file = tempfile.NamedTemporaryFile(dir=scratch_folder(), prefix="scroll-")  # noqa: SIM115  (see `read`)
            for held in self._parts:
                self._file.write(held.data)
            self._parts = []
        self._file.write(part.data)

    def read(self) -> NDArray[Any]:
        """All of it, not to be written to; nothing may be appended any more."""
        if self._alike:
            return np.broadcast_to(self._alike[0], self._alike[1])
        if self._file is None:
            return np.concatenate(self._parts) if self._parts else np.empty(0, self._kind)
        self._file.flush()
        size = os.fstat(self._file.fileno()).st_size
        held = mmap.mmap(self._file.fileno(), size, access=mmap.ACCESS_READ)
        self._file.close()  # what is mapped stays until nobody looks at it any more
        return np.frombuffer(held, self._kind)


def laid(column: NDArray[Any]) -> NDArray[Any]:
    """The same numbers; many of them lie in a file. Raises OSError where there is no room for them."""
    if column.nbytes <= _SHORT:
        return column
    scroll = Scroll(column.dtype)
    for some in pieces(len(column)):
        scroll.append(column[some])
    return scroll.read()


def let_go(column: NDArray[Any]) -> None:
    """What of a column has been looked at takes no memory any more, if it lies in a file; it can be read again."""
    held: Any = column
    while isinstance(held, np.ndarray):
        held = held.base
    if isinstance(held, memoryview):
        held = held.obj
    if isinstance(held, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        held.madvise(mmap.MADV_DONTNEED)


def pieces(number: int) -> list[slice]:
    """So many rows in parts of `PIECE`, one after the other."""
    return [slice(begin, min(begin + PIECE, number)) for begin in range(0, number, PIECE)]


def is_ascending(column: NDArray[Any]) -> bool:
    """Whether no number is less than the one before it."""
    for some in pieces(len(column)):
        part = column[max(0, some.start - 1) : some.stop]
        if (part[1:] < part[:-1]).any():
            return False
    return True


def alike(column: NDArray[Any], value: int) -> slice:
    """Where in an ascending column of whole numbers a value stands."""
    begin, end = np.searchsorted(column, np.array([value, value + 1], column.dtype)).tolist()
    return slice(begin, end)
