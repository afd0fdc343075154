"""The embedded database in which a log is read and kept."""

from __future__ import annotations

import duckdb

from factoryview.addresses import are_bounded
from factoryview.sources.limits import ENGINE_MEMORY
from factoryview.sources.scratch import scratch_folder


def connect(**settings: str | int) -> duckdb.DuckDBPyConnection:
    """An empty database in memory, which fetches no extension from anywhere. settings: further ones of DuckDB.

    What is more than `ENGINE_MEMORY` lies in the temporary folder while the database is open. Where addresses are
    bounded it has no threads of its own: one that finds none left when it begins ends the process without a word.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": ENGINE_MEMORY,
        "temp_directory": str(scratch_folder()),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        **({"threads": 1} if are_bounded() else {}),
        **settings,
    }
    return duckdb.connect(config=config)
