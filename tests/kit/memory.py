"""How much memory a process holds."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from functools import _lru_cache_wrapper
from pathlib import Path

from factoryview.scene.kept import Kept


def resident() -> float:
    """MB this process holds; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


class _Mallinfo(ctypes.Structure):
    """What glibc says of its heap."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in ("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "k")
    ]


def heap() -> float:
    """MB in use of the C library's heap; 0 where it does not say."""
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    ask = getattr(library, "mallinfo2", None)
    if ask is None:
        return 0.0
    ask.restype = _Mallinfo
    found = ask()
    return float(found.uordblks + found.hblkhd) / 1e6


def empty_bounded_caches() -> None:
    """Forget what the program keeps in caches that have a bound: what is left grows without one."""
    for name, module in list(sys.modules.items()):
        if name.startswith("factoryview"):
            for found in list(vars(module).values()):
                if isinstance(found, _lru_cache_wrapper) and found.cache_info().maxsize is not None:
                    found.cache_clear()
    for found in gc.get_objects():
        if isinstance(found, Kept):
            found.clear()
    gc.collect()
