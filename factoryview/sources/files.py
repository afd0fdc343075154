"""Opening a file of any kind: is it there, is it compressed, in which encoding, what does it begin with."""

from __future__ import annotations

import codecs
import gzip
import os
import re
import stat
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from factoryview.errors import InputError

HEAD_BYTES = 1 << 17
_CHUNK = 1 << 20
_BOMB_RATIO, _BOMB_BYTES = 300, 1 << 30


@dataclass
class Source:
    """A file that exists, can be read and is not empty; what is unpacked is removed on closing."""

    path: Path
    head: bytes
    """The first bytes, unpacked."""
    packed: bool
    _plain: Path | None = field(default=None, repr=False)
    _folder: TemporaryDirectory[str] | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def suffix(self) -> str:
        """The extension in lower case, without a final `.gz`."""
        name = self.path.name.lower().removesuffix(".gz")
        return Path(name).suffix

    @property
    def stem(self) -> str:
        """The name without its extension and `.gz`: `log` of `log.csv.gz`."""
        name = self.path.name
        name = name[:-3] if name.lower().endswith(".gz") else name
        return Path(name).stem or name

    def plain(self) -> Path:
        """A file with the unpacked bytes: the file itself unless it is compressed."""
        if self._plain is None:
            self._plain = self._unpack() if self.packed else self.path
        return self._plain

    def scratch(self, name: str) -> Path:
        """A path in the folder that is removed when the source is closed."""
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="factoryview-")
        return Path(self._folder.name) / name

    def close(self) -> None:
        """Removes what was unpacked."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _unpack(self) -> Path:
        target = self.scratch("unpacked")
        limit = max(_BOMB_BYTES, self.path.stat().st_size * _BOMB_RATIO)
        size = 0
        try:
            with gzip.open(self.path) as packed, target.open("wb") as plain:
                while chunk := packed.read(_CHUNK):
                    plain.write(chunk)
                    size += len(chunk)
                    if size > limit:
                        raise InputError(
                            f"unpacks to more than {_BOMB_RATIO} times its size.",
                            where=self.name,
                            cure="Unpack it by hand if that is meant.",
                        )
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise _cut(self.path) from error
        return target


def _cut(path: Path) -> InputError:
    return InputError("the compressed file is cut off or damaged.", where=path.name, cure="Copy or export it again.")


def open_source(path: Path) -> Source:
    """The source at `path`, with its beginning read.

    Raises InputError for what is missing, a folder, no ordinary file, unreadable, empty or badly compressed.
    """
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise InputError("does not exist.", where=str(path), cure="Check the name and the folder.") from None
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be opened ({_why(error)}).", where=str(path), cure="Check the name.") from None
    if stat.S_ISDIR(mode):
        raise InputError("is a folder.", where=str(path), cure="Name the file in it.")
    if not stat.S_ISREG(mode):
        raise InputError("is not an ordinary file.", where=str(path), cure="Save its content in a file.")
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise InputError(f"cannot be read ({_why(error)}).", where=str(path), cure="Check the permissions.") from None
    packed = head.startswith(b"\x1f\x8b")
    if packed:
        try:
            with gzip.open(path) as file:
                head = file.read(HEAD_BYTES)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise _cut(path) from error
    if not head.strip():
        raise InputError("is empty.", where=path.name, cure="Export it again.")
    return Source(path, head, packed)


def literal(path: Path) -> str:
    """The path as DuckDB takes it for this one file: it would expand patterns, and `~` at the beginning.

    >>> literal(Path("/data/a[1]*.csv"))
    '/data/a[[]1][*].csv'
    """
    return re.sub(r"([*?[])", r"[\1]", os.path.abspath(path))


def _why(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)).lower()


def encoding_of(source: Source, certain: bool = True) -> str:
    """The encoding of a text file: by its byte-order mark, by zero bytes (UTF-16), by validity (UTF-8), else cp1252.

    Unless `certain`, UTF-8 is judged by the beginning alone, for readers that notice when it goes wrong later.
    A file that is nearly all valid UTF-8 stays UTF-8; its broken lines are then set aside one by one.
    """
    head = source.head
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    probe = head[:4096]
    if len(probe) >= 8:
        even, odd = probe[::2].count(0) / len(probe[::2]), probe[1::2].count(0) / len(probe[1::2])
        if odd > 0.4 and even < 0.05:
            return "utf-16-le"
        if even > 0.4 and odd < 0.05:
            return "utf-16-be"
    if (not certain and _valid_head(head)) or is_utf8(source.plain()):
        return "utf-8"
    valid = broken = 0
    with source.plain().open("rb") as file:
        for line in file:
            text = line.decode("utf-8", "replace")
            wrong = text.count("\ufffd")
            broken += wrong
            valid += len(text) - len(text.encode("ascii", "ignore")) - wrong
    return "utf-8" if valid > broken else "cp1252"


def _valid_head(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=False)
    except UnicodeDecodeError:
        return False
    return True


def is_utf8(path: Path) -> bool:
    """Whether the whole file is valid UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def as_utf8(source: Source, encoding: str) -> Path:
    """A UTF-8 copy of the unpacked file, line ends kept; bytes without a meaning become U+FFFD."""
    target = source.scratch("utf8.txt")
    errors = "replace" if encoding.startswith("utf") else "factoryview-latin1"
    with (
        source.plain().open("r", encoding=encoding, errors=errors, newline="") as text,
        target.open("w", encoding="utf-8", newline="") as copy,
    ):
        while chunk := text.read(_CHUNK):
            copy.write(chunk)
    return target


def _latin1(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("factoryview-latin1", _latin1)
