"""The messages in the lines of a file that may still grow: JSON lines, or CSV with a header."""

from __future__ import annotations

import csv
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from hashlib import blake2b
from typing import Protocol

from factoryview.language.said import said
from factoryview.sources.feeds.feed import Message, messages_of, shortened
from factoryview.sources.feeds.file.progress import Progress, State

LONGEST_LINE = 1 << 20
"""Bytes; a longer line is no event."""
_RECORD_LINES = 200
"""A quoted field that runs on for more lines than this is an open quote."""
_TRIES = 20
"""A file whose first lines are neither JSON nor a header is left alone after so many of them."""
_FIELD_LIMIT = 1 << 26
_DELIMITERS = ",;\t|"
_JSON_NAMES = (".jsonl", ".ndjson", ".json")
_DATABASES = (b"SQLite format 3\0", b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83", b"\x18\xe2\x2d\x00", b"\xd9\xd5\x05\xf9")
"""How SQLite's files begin: databases, write-ahead logs, their index, journals. Source: "Database File Format"."""
_QUOTED = re.compile(r'"[^"]*"')


class ByteFile(Protocol):
    """A file of bytes, packed or not."""

    def readline(self, size: int, /) -> bytes: ...
    def seek(self, offset: int, /) -> int: ...


class Lines:
    """Reads on in one open file and moves its progress.

    quiet: it has not changed for a while, so a last line that is a whole JSON text is taken without its end.
    still: that has been so for long, so a CSV row with all its fields is, too. settled: besides nobody is expected to
    write on, and a quoted field that is open at the end stays open.
    """

    def __init__(self, file: ByteFile, progress: Progress, *, quiet: bool, still: bool, settled: bool) -> None:
        self._file, self.progress = file, progress
        self._quiet, self._still, self._settled = quiet, still or settled, settled
        csv.field_size_limit(_FIELD_LIMIT)
        self.ended = False
        """Whether all that can be read now has been given."""
        self.failed: OSError | EOFError | zlib.error | None = None
        """Why no more can be read."""

    def take(self, most: int, size: int) -> list[Message]:
        """At most so many messages, from about so many bytes."""
        found: list[Message] = []
        begin = self.progress.offset
        try:
            self._file.seek(begin)
            while not self.ended and len(found) < most and self.progress.offset - begin < size:
                found += self._next(most - len(found))
        except (OSError, EOFError, zlib.error) as error:
            self.failed, self.ended = error, True
        return [replace(message, again=True) for message in found] if self.progress.again else found

    def _next(self, most: int) -> list[Message]:
        """What the next record gives: nothing (a header, an empty line), one message, or several."""
        here = self.progress
        raw = b"" if here.state == "unreadable" else self._file.readline(LONGEST_LINE + 1)
        if not raw:
            return self._wait()
        if here.offset == 0 and raw.startswith(_DATABASES):
            return self._poison(raw, "this is a database, not lines of events", "unreadable", shown=raw[:4])
        if here.state in ("skipping", "unended"):
            return self._rest(raw)
        if not raw.endswith(b"\n"):
            if len(raw) > LONGEST_LINE:
                return self._poison(raw, "the line is longer than 1 MB", "skipping")
            if not self._is_whole(raw):
                return self._wait()
        if not raw.strip():
            return self._past(raw)
        if here.layout == "json" or (not here.layout and self._is_json(raw)):
            here.layout = "json"
            return self._json(raw, most)
        return self._csv(raw)

    def _json(self, raw: bytes, most: int) -> list[Message]:
        here = self.progress
        found = messages_of(raw.removeprefix(b"\xef\xbb\xbf"), self._key(raw))[here.part :]
        if len(found) > most:
            here.part += most
            self._file.seek(here.offset)
            return found[:most]
        self._past(raw)
        return found

    def _csv(self, raw: bytes) -> list[Message]:
        here = self.progress
        text = self._text(raw)
        if not here.header and (text is None or "\0" in text):
            return self._no_header(raw)
        if text is None:
            return self._poison(raw, said("trouble.no_utf"))
        delimiter = here.layout or _delimiter(text)
        if not here.header and text[:4].lower() == "sep=" and len(text.rstrip()) == 5:
            here.layout = text[4]
            return self._past(raw)
        if not delimiter:
            return self._no_header(raw)
        record = self._record(raw, text, delimiter)
        if record is None:
            return self._wait()
        row, whole, trouble = record
        if trouble:
            return self._poison(whole, trouble)
        if here.header:
            return self._row(row, whole)
        here.layout, here.header = delimiter, [name.strip() for name in row]
        return self._past(whole)

    def _no_header(self, raw: bytes) -> list[Message]:
        last = self.progress.line >= _TRIES
        return self._poison(raw, said("trouble.no_header"), "unreadable" if last else None)

    def _row(self, row: list[str], raw: bytes) -> list[Message]:
        header = self.progress.header
        while len(row) > len(header) and not row[-1].strip():
            row.pop()
        if not any(map(str.strip, row)) or [cell.strip() for cell in row] == header:
            return self._past(raw)
        if raw.startswith(b"{") and not messages_of(raw)[0].trouble:
            return self._no_csv(raw)
        if len(row) != len(header):
            return self._poison(raw, said("trouble.fields", found=len(row), wanted=len(header)))
        message = Message(dict(zip(header, row, strict=True)), shortened(raw), self._key(raw))
        self._past(raw)
        return [message]

    def _no_csv(self, raw: bytes) -> list[Message]:
        """A JSON object below what was taken for a header: that was a broken line among JSON lines."""
        here = self.progress
        broken = shortened(here.layout.join(here.header))
        key = f"{here.label}:header-{_hash(broken.encode())}"
        here.layout, here.header = "json", []
        return [Message({}, broken, key, said("trouble.no_header")), *self._json(raw, 1)]

    def _record(self, raw: bytes, text: str, delimiter: str) -> tuple[list[str], bytes, str] | None:
        """Fields, bytes and trouble of the record that begins with a line; None: its end is not written yet."""
        taken, cut = [raw], ""

        def pulled() -> Iterator[str]:
            nonlocal cut
            yield text
            while len(taken) < _RECORD_LINES and sum(map(len, taken)) <= LONGEST_LINE:
                more = self._file.readline(LONGEST_LINE + 1)
                if not more or (not more.endswith(b"\n") and not self._still):
                    cut = "end"
                    return
                taken.append(more)
                if (line := self._text(more)) is None:
                    cut = said("trouble.no_utf")
                    return
                yield line
            cut = "long"

        try:
            quoted = '"' in text
            row = next(csv.reader(pulled(), delimiter=delimiter)) if quoted else text.rstrip("\r\n").split(delimiter)
        except csv.Error as error:
            return [], b"".join(taken), said("trouble.no_csv", why=error)
        if cut == "long" or (cut == "end" and self._settled and raw.endswith(b"\n")):
            self._file.seek(self.progress.offset + len(raw))
            return [], raw, said("trouble.open_quote")
        unfinished = not taken[-1].endswith(b"\n") and len(row) != len(self.progress.header)
        return None if cut == "end" or unfinished else (row, b"".join(taken), cut)

    def _text(self, raw: bytes) -> str | None:
        """A line in UTF-8, or in cp1252 unless UTF-8 is sure; None if it is neither."""
        here = self.progress
        if here.offset == 0 and raw.startswith(b"\xef\xbb\xbf"):
            raw, here.encoding = raw[3:], "utf-8"
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            return None if here.encoding else _cp1252(raw)
        if not here.encoding and not raw.isascii():
            here.encoding = "utf-8"
        return text

    def _is_json(self, raw: bytes) -> bool:
        name = self.progress.label.lower().removesuffix(".gz")
        return name.endswith(_JSON_NAMES) or raw.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"["))

    def _is_whole(self, raw: bytes) -> bool:
        """Whether a last line without its end may be a whole record; a CSV row must have all its fields besides."""
        here = self.progress
        if not self._quiet or not raw.strip():
            return False
        if here.layout == "json" or (not here.layout and self._is_json(raw)):
            return raw.rstrip().endswith((b"}", b"]")) and not messages_of(raw)[0].trouble
        return self._still and bool(here.header)

    def _rest(self, raw: bytes) -> list[Message]:
        """The rest of a line of which something was given before."""
        here = self.progress
        if here.state == "skipping" or not raw.strip():
            return self._past(raw, "" if raw.endswith(b"\n") else here.state)
        if not raw.endswith(b"\n") and len(raw) <= LONGEST_LINE:
            return self._wait()
        return self._poison(
            raw,
            said("trouble.went_on"),
            None if raw.endswith(b"\n") else "skipping",
        )

    def _poison(
        self, raw: bytes, trouble: str, state: State | None = None, shown: bytes | None = None
    ) -> list[Message]:
        message = Message({}, shortened(raw if shown is None else shown), self._key(raw), trouble)
        self._past(raw, state)
        return [message]

    def _past(self, raw: bytes, state: State | None = None) -> list[Message]:
        """Step over what was read; `state` is what stands there then, unless it is plain."""
        here = self.progress
        here.offset += len(raw)
        here.line += raw.count(b"\n")
        here.part = 0
        here.state = state if state is not None else "" if raw.endswith(b"\n") else "unended"
        return []

    def _wait(self) -> list[Message]:
        self.ended = True
        return []

    def _key(self, raw: bytes) -> str:
        """File, line, byte and a hash of what stands there: the same only when the same line is read again."""
        here = self.progress
        return f"{here.label}:{here.line}@{here.offset}-{_hash(raw.rstrip())}"


def _hash(raw: bytes) -> str:
    return blake2b(raw, digest_size=6).hexdigest()


def _cp1252(raw: bytes) -> str | None:
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return None


def _delimiter(header: str) -> str:
    """What separates the names of a header; empty if nothing does."""
    counts = {one: _QUOTED.sub("", header).count(one) for one in _DELIMITERS}
    best = max(counts, key=lambda one: counts[one])
    return best if counts[best] else ""
