"""Files people asked for: written whole or not at all, and never over what is read or lies elsewhere."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from factoryview.errors import InputError, UsageError
from factoryview.language.said import said

_STORE = b"SQLite format 3\0"
_FORMULA = re.compile(
    r"""(\A|(?!\A)[;,|\t\n\r]"*)                  # where a cell begins, whatever separates them
    (?=\ *[=+\-@\t\r])                           # with what a spreadsheet takes for a formula
    (?!(?<!\A)[+-][\d.,]+(?:[;|\t"\r\n]|\Z))     # a number inside a row does no harm""",
    re.VERBOSE,
)


def defused(text: str) -> str:
    """The text so that a spreadsheet shows it instead of computing it, whatever separator it splits lines at.

    >>> defused("=1+1"), defused("a;=1+1"), defused("a - b"), defused("c1;-5")
    ("'=1+1", "a;'=1+1", 'a - b', 'c1;-5')
    """
    return _FORMULA.sub(r"\1'", text)


def check_output(path: Path, inputs: Iterable[Path] = (), *, fresh: bool = False) -> None:
    """Refuse a place where writing would destroy something.

    inputs: files that are read; a hard link to one is the same file. fresh: nothing may stand there at all.
    Raises UsageError for a link, a folder, a device, an input, a recorded store, and for any file if `fresh`.
    """
    try:
        found = path.lstat()
    except (OSError, ValueError):
        return
    if stat.S_ISLNK(found.st_mode):
        raise UsageError(said("error.output_link", path=path))
    if stat.S_ISDIR(found.st_mode):
        raise UsageError(said("error.output_folder", path=path))
    if not stat.S_ISREG(found.st_mode):
        raise UsageError(said("error.output_special", path=path))
    if any(_same(found, file) for file in inputs):
        raise UsageError(said("error.output_is_input", path=path))
    if _is_store(path):
        raise UsageError(said("error.output_store", path=path))
    if fresh:
        raise UsageError(said("error.output_exists", path=path))


def check_folder(path: Path) -> None:
    """Raise InputError where a file cannot be written because of its folder, before work is done for it."""
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise InputError(
            said("error.no_such_folder", folder=path.parent), where=str(path), cure=said("error.writable_folder")
        )


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path beside `path` with the same ending, to write to; it takes the place of `path` when all went well.

    It is on disk then, whole also after a power cut. A link at `path` is replaced, never followed. Raises OSError where
    the folder cannot be written to.
    """
    beside = path.with_name(f".{path.stem[:60]}.{os.getpid()}{path.suffix}")
    try:
        yield beside
        with beside.open("r+b") as written:
            os.fsync(written.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    _keep_names(path.parent)


@contextmanager
def creating(path: Path) -> Iterator[Path]:
    """As `replacing`, but never in the place of a file. Raises FileExistsError where one is there by then."""
    beside = path.with_name(f".{path.stem[:60]}.{os.getpid()}{path.suffix}")
    try:
        yield beside
        with beside.open("r+b") as written:
            os.fsync(written.fileno())
        try:
            os.link(beside, path)
        except FileExistsError:
            raise
        except OSError:  # a drive that knows no links
            if os.path.lexists(path):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    _keep_names(path.parent)


def _keep_names(folder: Path) -> None:
    """The names in a folder are on disk, where its system can be asked for that (not on Windows)."""
    if os.name != "posix":
        return
    with suppress(OSError):  # some network drives cannot: the file is in its place all the same
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


@contextmanager
def replacing_long(path: Path) -> Iterator[BinaryIO]:
    """As `replacing`, for what takes minutes to write: an open file without a name until it is whole.

    A program that is killed meanwhile leaves nothing behind, where the system knows files without names (Linux).
    """
    try:
        file: BinaryIO = os.fdopen(os.open(path.parent, os.O_TMPFILE | os.O_RDWR, 0o666), "w+b")
    except (AttributeError, OSError):
        with replacing(path) as beside, beside.open("w+b") as named:
            yield named
        return
    with file, replacing(path) as beside:
        yield file
        file.flush()
        # a directory, which an absolute path does not need, makes Python follow the link to the file without a name
        os.link(f"/proc/self/fd/{file.fileno()}", beside, src_dir_fd=file.fileno(), follow_symlinks=True)


def _same(found: os.stat_result, file: Path) -> bool:
    try:
        return os.path.samestat(found, file.stat())
    except (OSError, ValueError):
        return False


def _is_store(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_STORE)) == _STORE
    except OSError:
        return False
