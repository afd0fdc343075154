"""How much a process may reserve while it reads, and while a database that keeps to a limit of its own does."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from factoryview.errors import InputError
from factoryview.sources import memory

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="no other system can be held to that")


def reserve(share: float) -> None:
    """So much, times `MEMORY`, without ever touching it."""
    assert len(np.empty(int(share * memory.MEMORY), np.int8)) > 0


def test_a_database_may_reserve_twice_as_much_but_not_more() -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_DATA)
    with pytest.raises(InputError, match="memory"), memory.bounded("a file"):
        reserve(1.5)
    with memory.bounded("a file"):
        with memory.roomier():
            reserve(1.5)
            with pytest.raises(MemoryError):
                reserve(2.5)
        with pytest.raises(MemoryError):
            reserve(1.5)
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


def test_nobody_reserves_more_than_whoever_started_the_program_allows() -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (memory._private_bytes() + memory.MEMORY // 2, before[1]))
    try:
        with memory.bounded("a file"), memory.roomier(), pytest.raises(MemoryError):
            reserve(0.75)
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)
