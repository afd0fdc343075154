"""Named queries: SQL files in folders beside this module, each beginning with a sentence that says what it answers."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def sql(name: str) -> str:
    """The text of the query FOLDER/NAME, like "stays/window"."""
    return (Path(__file__).parent / "sql" / f"{name}.sql").read_text(encoding="utf-8")
