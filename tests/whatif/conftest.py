"""The compiled simulator is compiled once before any test: by one worker, while the others wait for it."""

from __future__ import annotations

import fcntl
import tempfile
from pathlib import Path

import pytest

from factoryview.whatif.kernel import prepare


@pytest.fixture(scope="session", autouse=True)
def compiled() -> None:
    """Several that compile into one cache at once break each other's."""
    with (Path(tempfile.gettempdir()) / "factoryview-compiling").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        prepare()
