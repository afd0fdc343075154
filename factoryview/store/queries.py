"""Named queries: SQL files beside this module."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def sql(name: str) -> str:
    """The text of a named query."""
    return (Path(__file__).parent / "sql" / f"{name}.sql").read_text(encoding="utf-8")
