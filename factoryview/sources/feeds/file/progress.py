"""How far a file has been read, and whether a file is still the one that was read."""

from __future__ import annotations

import os
import zlib
from dataclasses import asdict, dataclass, field, fields
from gzip import BadGzipFile, GzipFile
from hashlib import blake2b
from typing import IO, Any, Literal

_SPAN = 4096
"""So many bytes at most of its beginning, and before the place reached, tell a file from another."""

State = Literal["", "skipping", "unended", "unreadable"]


@dataclass(slots=True)
class Progress:
    """How far one file has been read. Kept as text in the feed's position, without what is as it was at first."""

    label: str
    """The name it had when it was first seen, as it is shown: what its messages are known by, also after a rename."""
    inode: int = 0
    offset: int = 0
    """Bytes read, unpacked: all records before it were given, none after it."""
    line: int = 1
    """The number of the line at `offset`."""
    part: int = 0
    """Messages already given of the line at `offset`, which holds a list of them."""
    layout: str = ""
    """"json", or the delimiter of a CSV; empty: not known yet."""
    header: list[str] = field(default_factory=list)
    encoding: str = ""
    """"utf-8" once it is sure, by a byte-order mark or by letters that are not ASCII."""
    state: State = ""
    """At `offset` there is: a new line; the rest of one that is too long; of one that seemed complete without its end;
    or nothing that can be read."""
    head: str = ""
    """Length and hash of its beginning."""
    tail: str = ""
    """Length and hash of what stands before `offset`; empty for a packed file."""
    again: bool = False
    """Another file was read under this name before: a new edition of it, perhaps."""

    @property
    def is_telling(self) -> bool:
        """Whether something beyond a header was read, so that a file which begins with the same is a copy."""
        if self.layout == "json":
            return self.offset > 0
        return self.line > 2 or (self.line == 2 and self.state == "unended")

    def replaced(self, label: str) -> Progress:
        """That of another file in the place of this one."""
        return Progress(label, again=self.again or self.offset > 0)

    def written(self) -> dict[str, Any]:
        """What `read` makes the same progress of, as JSON has it."""
        fresh = Progress("")
        return {key: value for key, value in asdict(self).items() if value != getattr(fresh, key)}

    @classmethod
    def read(cls, written: dict[str, Any]) -> Progress:
        """The inverse of `written`. Raises TypeError for what is none."""
        known = {one.name: type(getattr(cls(""), one.name)) for one in fields(cls)}
        if any(not isinstance(value, known.get(key, ())) for key, value in written.items()):
            raise TypeError(f"no progress in a file: {sorted(written)}")
        return cls(**written)

    def seal(self, file: IO[bytes], packed: bool) -> None:
        """Remember what the file that was read looks like; it stays where it is. Raises OSError."""
        place, status = file.tell(), os.fstat(file.fileno())
        self.inode = status.st_ino
        self.head = _marked(file, 0, _power(min(status.st_size if packed else self.offset, _SPAN)))
        length = 0 if packed else min(self.offset, _SPAN)
        self.tail = _marked(file, self.offset - length, length)
        file.seek(place)

    def fits(self, file: IO[bytes], packed: bool) -> bool:
        """Whether an open file holds what was read, so that reading goes on at `offset`.

        A packed file is compared packed with what was read packed, else unpacked. Raises OSError.
        """
        content = GzipFile(fileobj=file) if packed and self.tail else file
        file.seek(0)
        length = _length(self.tail)
        try:
            return (
                (packed or os.fstat(file.fileno()).st_size >= self.offset)
                and _marked(content, 0, _length(self.head)) == self.head
                and _marked(content, self.offset - length, length) == self.tail
            )
        except (EOFError, zlib.error, BadGzipFile):
            return False


def beginnings(file: IO[bytes], packed: bool) -> frozenset[str]:
    """Every `head` the progress in this file, or in what is packed in it, might have. Raises OSError."""
    found = set()
    for content in (file, GzipFile(fileobj=file))[: 1 + packed]:
        file.seek(0)
        try:
            text = content.read(_SPAN)
        except (EOFError, zlib.error, BadGzipFile):
            continue
        found |= {_mark(text[: 1 << power]) for power in range(len(text).bit_length())}
    return frozenset(found)


def is_packed(name: str) -> bool:
    """Whether the name of a file says that it is packed by gzip."""
    return name.lower().endswith(".gz")


def _marked(content: IO[bytes] | GzipFile, start: int, length: int) -> str:
    """The length and the hash of a piece of a file; the empty text for no length."""
    content.seek(start)
    return _mark(content.read(length))


def _mark(text: bytes) -> str:
    return f"{len(text)}:{blake2b(text, digest_size=12).hexdigest()}" if text else ""


def _length(mark: str) -> int:
    return int(mark.partition(":")[0] or 0)


def _power(length: int) -> int:
    """The largest power of two that is not above it, so that few lengths occur."""
    return 1 << (length.bit_length() - 1) if length else 0
