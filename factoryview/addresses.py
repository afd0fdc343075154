"""How little of its addresses a process reserves: libraries reserve gigabytes ahead, of which they use a hundredth.

That counts where somebody bounds what a process may reserve, and where reading bounds its own memory. Called before
the libraries are imported, for they look at the environment once. Sources: mallopt(3), M_ARENA_MAX; the environment
variables of Arrow and of OpenBLAS.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress


def are_bounded() -> bool:
    """Whether it is bounded how many addresses this process may reserve."""
    if sys.platform != "linux":
        return False
    import resource

    return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY


def reserve_little() -> None:
    """Arrow keeps no heap of 1 GB of its own. Where addresses are bounded, all threads share two heaps as well, where
    each would take 64 MB and more for its own, and calculations start no threads.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    if are_bounded():
        import ctypes

        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        with suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL(None).mallopt(-8, 2)
