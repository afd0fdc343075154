"""The temporary folder of this process: gone when it ends, and when it was killed, gone when the next one starts."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from threading import Lock

_PREFIX, _OWNER = "factoryview-", "owner"
_YOUNG = 60.0
"""Seconds in which a folder may not have its lock yet."""
_turn = Lock()
_own: Path | None = None


def scratch_folder() -> Path:
    """A folder for what this process unpacks and for what does not fit into memory. Raises OSError."""
    global _own
    with _turn:
        if _own is None or not _own.is_dir():
            remove_abandoned()
            _own = Path(tempfile.mkdtemp(prefix=_PREFIX))
            _lock(os.open(_own / _OWNER, os.O_CREAT | os.O_RDWR))
            atexit.register(shutil.rmtree, _own, ignore_errors=True)
        return _own


def remove_abandoned() -> None:
    """Remove such folders of processes that are no more."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        owner = folder / _OWNER
        try:
            mine = sys.platform == "win32" or folder.lstat().st_uid == os.getuid()
            if not mine or folder.is_symlink() or time.time() - owner.lstat().st_mtime < _YOUNG:
                continue
            with owner.open("rb+") as file:
                abandoned = _lock(file.fileno())
        except OSError:
            continue
        if abandoned:
            shutil.rmtree(folder, ignore_errors=True)


def _lock(file: int) -> bool:
    """Whether an open file is now locked by this process, until it is closed or the process ends."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
