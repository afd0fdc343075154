"""Opening a file of any kind: is it there, is it compressed, in which encoding, what does it begin with."""

from __future__ import annotations

import codecs
import gzip
import os
import re
import shutil
import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import mkdtemp
from typing import TextIO

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.sources.limits import LONGEST_LINE, UNPACKED_BYTES, UNPACKED_RATIO
from factoryview.sources.scratch import scratch_folder

HEAD_BYTES = 1 << 17
_CHUNK = 1 << 20
_WIDE = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
"""How a text in UTF-16 begins; without a mark only XML is known by its first letter."""


@dataclass
class InputFile:
    """A file that exists, can be read and is not empty; what is unpacked is removed on closing."""

    path: Path
    head: bytes
    """The first bytes, unpacked."""
    packed: bool
    encoding: str | None = None
    """Of its text, as the user said."""
    _plain: Path | None = field(default=None, repr=False)
    _folder: Path | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def stem(self) -> str:
        """The name without its extension and `.gz`: `log` of `log.csv.gz`."""
        name = self.path.name
        name = name[:-3] if name.lower().endswith(".gz") else name
        return Path(name).stem or name

    @cached_property
    def text_head(self) -> bytes:
        """The beginning of a text, in UTF-8 and without a byte-order mark where it is UTF-16 or UTF-8."""
        for mark, encoding in _WIDE:
            if self.head.startswith(mark):
                return self.head.decode(encoding, "ignore").lstrip("\ufeff").encode("utf-8", "ignore")
        return self.head.removeprefix(codecs.BOM_UTF8)

    def plain(self) -> Path:
        """A file with the unpacked bytes: the file itself unless it is compressed or has a name that is no text."""
        if self._plain is None:
            self._plain = self._unpack() if self.packed else self.path
            if not _is_text(str(self._plain)):
                self._plain = self.scratch("named")
                shutil.copyfile(self.path, self._plain)
        return self._plain

    def scratch(self, name: str) -> Path:
        """A path in the folder that is removed when the source is closed."""
        if self._folder is None:
            self._folder = Path(mkdtemp(dir=scratch_folder()))
        return self._folder / name

    def close(self) -> None:
        """Removes what was unpacked."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _unpack(self) -> Path:
        target = self.scratch("unpacked")
        limit = most_unpacked(self.path.stat().st_size)
        size = 0
        try:
            with gzip.open(self.path) as packed, target.open("wb") as plain:
                while chunk := packed.read(_CHUNK):
                    plain.write(chunk)
                    size += len(chunk)
                    if size > limit:
                        raise InputError(
                            said("error.unpacks", ratio=UNPACKED_RATIO),
                            where=self.name,
                            cure=said("error.unpack_by_hand"),
                        )
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise _cut(self.path) from error
        return target


def _is_text(name: str) -> bool:
    """Whether a name of a file can be written in UTF-8, as the database asks for it."""
    return not any("\ud800" <= letter <= "\udfff" for letter in name)


def most_unpacked(packed: int) -> int:
    """Bytes to which so many packed ones may unpack."""
    return max(UNPACKED_BYTES, packed * UNPACKED_RATIO)


def _cut(path: Path) -> InputError:
    return InputError(said("error.cut_off"), where=path.name, cure=said("error.copy_again"))


def open_source(path: Path) -> InputFile:
    """The source at `path`, with its beginning read.

    Raises InputError for what is missing, a folder, no ordinary file, unreadable, empty or badly compressed.
    """
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(said("error.does_not_exist"), where=str(path), cure=said("error.check_name_folder")) from None
    except (OSError, ValueError) as error:
        raise InputError(said("error.not_opened", why=error), where=str(path), cure=said("error.check_name")) from None
    if stat.S_ISDIR(mode):
        raise InputError(said("error.is_a_folder"), where=str(path), cure=said("error.name_file_in_it"))
    if not stat.S_ISREG(mode):
        raise InputError(said("error.is_special"), where=str(path), cure=said("error.save_content"))
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise InputError(
            said("error.unreadable", why=error), where=str(path), cure=said("error.check_rights")
        ) from None
    packed = head.startswith(b"\x1f\x8b")
    if packed:
        try:
            with gzip.open(path) as file:
                head = file.read(HEAD_BYTES)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise _cut(path) from error
    if not head.strip():
        raise InputError(said("error.is_empty"), where=path.name, cure=said("error.export_again"))
    return InputFile(path, head, packed)


def literal(path: Path) -> str:
    """The path as DuckDB takes it for this one file: it would expand patterns, and `~` at the beginning.

    >>> literal(Path("/data/a[1]*.csv"))
    '/data/a[[]1][*].csv'
    """
    return re.sub(r"([*?[])", r"[\1]", os.path.abspath(path))


def text_lines(file: TextIO) -> Iterator[tuple[str, bool]]:
    """The lines of a text, each with whether it is whole: of a longer one than `LONGEST_LINE` the beginning."""
    while line := file.readline(LONGEST_LINE):
        whole = len(line) < LONGEST_LINE or line.endswith("\n")
        yield line, whole
        while not whole:
            rest = file.readline(LONGEST_LINE)
            whole = len(rest) < LONGEST_LINE or rest.endswith("\n")
