"""What was worked out of a log, kept in this user's cache folder: plain data, no code, and arrays that are read where
they lie, so that of long ones only what is looked at takes memory.

A file holds a mark, the CRC-32 of all that follows, the length of a text, that text (JSON, in which an array stands as
its type, shape and place), and the arrays. What is damaged, of another kind, or cannot be written is as if it had never
been kept.
"""

from __future__ import annotations

import json
import mmap
import os
import sys
import tempfile
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import fields
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from duckdb import __version__ as engine_version

from factoryview import __version__
from factoryview.store.scroll import let_go, pieces

_MARK = b"factoryview kept 2\n"
_SUMMED = len(_MARK) + 4
"""Where that begins which the checksum is of."""
_PIECE = 1 << 20
"""Bytes that are summed up at a time."""
_ALIGNED = 64
_PACKAGE = Path(__file__).parents[1]
_MOST = 24
"""Files that are kept: those that were used last."""


@cache
def program() -> str:
    """What tells this program from any that might count otherwise: its files, and what it reckons with."""
    there = (os.path.join(folder, name) for folder, _, names in os.walk(_PACKAGE) for name in names)
    files = sorted(file for file in there if file.endswith((".py", ".sql"))) or [sys.executable]
    seen = [(file, state.st_size, state.st_mtime_ns) for file in files for state in (os.stat(file),)]
    return sha256(repr((seen, __version__, np.__version__, engine_version)).encode()).hexdigest()


def digest(*what: object) -> str:
    """A name for what is said in full by its `repr`."""
    return sha256(repr(what).encode()).hexdigest()[:32]


def state_of(files: Path) -> str:
    """What changes with the content of a file, or of all in a folder, and with this program: a digest of the place and
    the size of each, and of when it was written last and touched at all: only the former can be set by hand.
    """
    there = sorted(files.rglob("*")) if os.path.isdir(files) else [files, Path(f"{files}.wal")]
    found = []
    for file in there:
        with suppress(OSError, ValueError):  # whoever reads it says what is wrong with it
            state = file.stat()
            found.append((os.path.realpath(file), state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino))
    return digest(found, program())


def cache_folder() -> Path:
    """Where programs of this user keep what they can make again.

    Linux: XDG Base Directory Specification; macOS: Library/Caches; Windows: %LOCALAPPDATA%. A user without a home has
    a folder in which nothing can be kept.
    """
    try:
        home = Path.home()
    except RuntimeError:
        home = Path(os.devnull)
    if sys.platform == "win32":
        folder = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        folder = home / "Library" / "Caches"
    else:
        said = os.environ.get("XDG_CACHE_HOME", "")
        folder = Path(said) if said.startswith("/") else home / ".cache"
    return folder / "factoryview"


class Shelf:
    """Values under keys, in a folder that is this user's alone."""

    def __init__(self, folder: Path, classes: Iterable[type]) -> None:
        """classes: dataclasses and named tuples that a value may be made of, beside numbers, texts, tuples, lists,
        dictionaries, numpy arrays of numbers, and None.
        """
        self._folder = folder
        self._classes = {each.__name__: each for each in classes}

    def find(self, key: str) -> Any | None:
        """What was kept under a key, its arrays not to be written to; None where nothing was."""
        path, begin = self._path(key), _SUMMED + 8
        try:
            with path.open("rb") as file:
                if file.read(_SUMMED) != _MARK + _sum_of(file):
                    return None
                held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            end = begin + int.from_bytes(held[_SUMMED:begin], "little")
            found = _Reader(held, _aligned(end), self._classes).value(json.loads(held[begin:end]))
            os.utime(path)
        except (OSError, ValueError, LookupError, TypeError):
            return None
        return found

    def keep(self, key: str, value: object) -> None:
        """Keep a value under a key, in the place of what was kept there. Raises TypeError for what it may not hold."""
        writer = _Writer(self._classes)
        text = json.dumps(writer.plain(value), separators=(",", ":")).encode()
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            number, name = tempfile.mkstemp(dir=self._folder)  # nobody else may read it
            try:
                with os.fdopen(number, "w+b") as file:
                    file.write(bytes(_SUMMED) + len(text).to_bytes(8, "little") + text)
                    for array in writer.arrays:
                        file.write(bytes(_aligned(file.tell()) - file.tell()))
                        for some in pieces(len(array)):
                            file.write(array[some].data)
                            let_go(array)
                    file.seek(_SUMMED)
                    mark = _MARK + _sum_of(file)
                    file.seek(0)
                    file.write(mark)
                os.replace(name, self._path(key))
            except OSError:
                os.unlink(name)
            files = sorted(self._folder.glob("*.kept"), key=lambda file: file.stat().st_mtime)
            for file_used_long_ago in files[:-_MOST]:
                file_used_long_ago.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.kept"


class _Writer:
    """Makes plain data of a value, and gathers its arrays."""

    def __init__(self, classes: Mapping[str, type]) -> None:
        self._classes = classes
        self.arrays: list[np.ndarray[Any, Any]] = []
        self._end = 0

    def plain(self, value: Any) -> Any:
        """As JSON has it."""
        if isinstance(value, np.generic):
            value = value.item()
        if value is None or isinstance(value, str | bool | int | float):
            return value
        if isinstance(value, np.ndarray):
            return self._placed(value)
        if isinstance(value, dict):
            return {"pairs": [[self.plain(part) for part in pair] for pair in value.items()]}
        if isinstance(value, list):
            return [self.plain(part) for part in value]
        if type(value) in self._classes.values():
            if isinstance(value, tuple):
                parts = list(value)
            else:
                parts = [getattr(value, each.name) for each in fields(value) if each.init]
            return {"of": type(value).__name__, "parts": [self.plain(part) for part in parts]}
        if type(value) is tuple:
            return {"tuple": [self.plain(part) for part in value]}
        raise TypeError(f"{type(value).__name__} is not kept")

    def _placed(self, array: np.ndarray[Any, Any]) -> dict[str, Any]:
        if array.dtype.kind not in "biuf":
            raise TypeError(f"an array of {array.dtype} is not kept")
        begin = _aligned(self._end)
        self._end = begin + array.nbytes
        self.arrays.append(np.ascontiguousarray(array))
        return {"array": array.dtype.str, "shape": array.shape, "at": begin}


class _Reader:
    """Makes a value of plain data again."""

    def __init__(self, held: mmap.mmap, begin: int, classes: Mapping[str, type]) -> None:
        """begin: where its arrays begin."""
        self._held, self._begin, self._classes = held, begin, classes

    def value(self, plain: Any) -> Any:
        """Raises ValueError, LookupError or TypeError for what no value was kept as."""
        if isinstance(plain, list):
            return [self.value(part) for part in plain]
        if not isinstance(plain, dict):
            return plain
        if "array" in plain:
            kind, shape = np.dtype(plain["array"]), plain["shape"]
            count = int(np.prod(shape, dtype=np.int64))
            if not count:
                return np.zeros(shape, kind)
            return np.frombuffer(self._held, kind, count, self._begin + plain["at"]).reshape(shape)
        if "pairs" in plain:
            return {self.value(name): self.value(part) for name, part in plain["pairs"]}
        if "tuple" in plain:
            return tuple(self.value(part) for part in plain["tuple"])
        return self._classes[plain["of"]](*(self.value(part) for part in plain["parts"]))


def _sum_of(file: BinaryIO) -> bytes:
    """The CRC-32 of a file, from where it stands to its end."""
    found = 0
    while piece := file.read(_PIECE):
        found = zlib.crc32(piece, found)
    return found.to_bytes(4, "little")


def _aligned(place: int) -> int:
    return -(-place // _ALIGNED) * _ALIGNED
