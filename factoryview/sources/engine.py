"""The embedded database in which a log is read and kept."""

from __future__ import annotations

import duckdb

MEMORY = "60%"
"""Of the machine's memory, at most; beyond it the engine works on disk."""


def connect(**settings: str | int) -> duckdb.DuckDBPyConnection:
    """An empty database in memory, which fetches no extension from anywhere. settings: further ones of DuckDB."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        **settings,
    }
    return duckdb.connect(config=config)
