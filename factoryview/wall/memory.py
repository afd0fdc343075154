"""How much memory this process holds, and that it gives back what it does not need."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

_TRIM, _MAP, _ARENAS = -1, -3, -8
"""`M_TRIM_THRESHOLD` and `M_MMAP_THRESHOLD` (bytes), and `M_ARENA_MAX` of mallopt(3)."""
_SETTINGS = {_MAP: 256 << 10, _TRIM: 4 << 20, _ARENAS: 2}


def resident_mb() -> float:
    """Resident size in MB; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    except (OSError, ValueError):
        return 0.0


def give_back() -> bool:
    """Let memory that is freed go back to the system from now on; whether there is an allocator that can be told so.

    glibc learns from large arrays that come and go to keep room for them, in every thread that ever made one: a wall
    whose plant is counted anew all day on threads then holds a hundred megabytes of nothing. What is small lies in
    arenas, up to eight for each processor, and what one of them has free no other uses: threads share one here.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    return mallopt is not None and all(mallopt(which, size) for which, size in _SETTINGS.items())


def trim() -> bool:
    """Give back what is free in the midst of the heap, too; whether anything was. It takes some milliseconds.

    What is kept for long comes to lie between what goes soon; of pages that hold nothing any more the allocator gives
    back those at the end of the heap alone.
    """
    found = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    return found is not None and bool(found(0))
