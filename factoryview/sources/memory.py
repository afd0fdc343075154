"""A bound on the memory that reading may take, for all that no single limit foresees."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.sources.limits import MEMORY

_SIGNS = (
    "bad alloc", "out of memory", "cannot allocate memory", "can't start new thread", "without exception set",
    "without an exception set",
)  # fmt: skip
"""What libraries say when there is no memory left; the last ones are Python's of a C function that gave up."""


@contextmanager
def bounded(where: str) -> Iterator[None]:
    """Inside, the process may take `MEMORY` more than it has; on systems that can hold it to that (Linux).

    where: what is read. Raises InputError when it is not enough, there or elsewhere.
    """
    with _held(MEMORY):
        try:
            yield
        except (MemoryError, duckdb.Error, SystemError, RuntimeError, OSError) as error:
            if not is_exhausted(error):
                raise
            raise exhausted(where) from None


@contextmanager
def roomier() -> Iterator[None]:
    """Inside of `bounded`, the process may reserve twice as much: for a database that keeps to a limit of its own and
    works on disk beyond it. What it gives back is not held any more, but stays reserved.
    """
    with _held(2 * MEMORY, roomier=True):
        yield


def exhausted(where: str = "") -> InputError:
    """The error for an input that takes more memory than there is."""
    return InputError(
        said("error.memory", size=MEMORY / 1000000000.0),
        where=where,
        cure=said("error.shorter_or_fewer"),
    )


def is_exhausted(error: BaseException) -> bool:
    """Whether an error means that there is no memory left."""
    if isinstance(error, MemoryError | duckdb.OutOfMemoryException):
        return True
    return any(sign in str(error).lower() for sign in _SIGNS)


_outer: list[int] = []
"""The limits that there were before."""


@contextmanager
def _held(more: int, *, roomier: bool = False) -> Iterator[None]:
    """The process's private memory is held to what it is now and so many bytes more.

    roomier: that may be more than `bounded` allows, but not more than whoever started the program does.
    """
    limits: Any = None
    if sys.platform.startswith("linux"):
        import resource as limits
    taken = _private_bytes()
    if limits is None or not taken:
        yield
        return
    soft, hard = limits.getrlimit(limits.RLIMIT_DATA)
    ceiling = _outer[0] if roomier and _outer else soft
    known = [limit for limit in (ceiling, hard) if limit != limits.RLIM_INFINITY]
    limits.setrlimit(limits.RLIMIT_DATA, (min([taken + more, *known]), hard))
    _outer.append(soft)
    try:
        yield
    finally:
        _outer.pop()
        limits.setrlimit(limits.RLIMIT_DATA, (soft, hard))


def _private_bytes() -> int:
    """What RLIMIT_DATA counts; 0 where that is not known."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    found = next((line for line in status.splitlines() if line.startswith("VmData:")), "VmData: 0")
    return int(found.split()[1]) * 1024
