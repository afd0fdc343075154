"""Helpers: write a file, read it, look at its events."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from factoryview.sources import EventLog, ReadOptions, read

REAL = Path(__file__).parents[2] / ".." / "shared" / "data"


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Writes text (UTF-8) or bytes to a file and gives its path."""

    def write(content: str | bytes, name: str = "log.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def log_of(written: Callable[..., Path]) -> Callable[..., EventLog]:
    """Writes and reads in one step."""

    def make(content: str | bytes, name: str = "log.csv", **options: object) -> EventLog:
        return read(written(content, name), ReadOptions(**options))  # type: ignore[arg-type]

    return make


@pytest.fixture
def real() -> Path:
    """The folder of real logs beside the repository; the test is skipped where it is missing."""
    if not REAL.is_dir():
        pytest.skip(f"needs the real logs in {REAL}")
    return REAL


def events(log: EventLog, columns: str = '"case", stage, time') -> list[tuple[object, ...]]:
    """Rows of the events in file order."""
    return log.connection.execute(f"SELECT {columns} FROM events ORDER BY row").fetchall()


def findings(log: EventLog, severity: str = "") -> str:
    """All lines of the report of a severity, joined."""
    return "\n".join(f"{f.place}: {f.text} {f.cure}" for f in log.findings if severity in ("", f.severity))
