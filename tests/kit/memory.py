"""How much memory a process holds."""

from __future__ import annotations

import os
from pathlib import Path


def resident() -> float:
    """MB this process holds; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
