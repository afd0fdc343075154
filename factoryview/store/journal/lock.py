"""One program at a time records into a store."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import BinaryIO

from factoryview.errors import InputError
from factoryview.language.said import said


class StoreInUse(InputError):
    """Another program records into this store."""


class Lock:
    """Held by the one program that records into a store; given up by itself when that program ends, however it does."""

    def __init__(self, path: Path) -> None:
        """Raises StoreInUse if another program holds it, OSError if it cannot be made."""
        self._path = path.with_name(path.name + ".lock")
        while True:
            self._file = self._path.open("ab")
            if not _locked(self._file):
                self._file.close()
                raise StoreInUse(
                    said("error.store_in_use"),
                    where=str(path),
                    cure=said("error.end_that_one"),
                )
            if self._is_current():
                return
            self._file.close()

    def release(self) -> None:
        if sys.platform != "win32":
            self._path.unlink(missing_ok=True)
        self._file.close()

    def _is_current(self) -> bool:
        """Whether the file that was locked still is the one that others would open."""
        try:
            return os.path.samestat(os.fstat(self._file.fileno()), self._path.stat())
        except FileNotFoundError:
            return False


def _locked(file: BinaryIO) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
