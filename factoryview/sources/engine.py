"""The embedded database in which a log is read and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Event

import duckdb

from factoryview import background
from factoryview.addresses import are_bounded
from factoryview.sources.limits import ENGINE_MEMORY, ENGINE_MEMORY_BESIDE
from factoryview.sources.scratch import scratch_folder

_memory = ContextVar("memory", default=ENGINE_MEMORY)


@contextmanager
def sparing() -> Iterator[None]:
    """Inside, on this thread, what is opened keeps less in memory: another database is open beside it."""
    before = _memory.set(ENGINE_MEMORY_BESIDE)
    try:
        yield
    finally:
        _memory.reset(before)


def connect(**settings: str | int) -> duckdb.DuckDBPyConnection:
    """An empty database in memory, which fetches no extension from anywhere. settings: further ones of DuckDB.

    What is more than `ENGINE_MEMORY` (inside of `sparing`, less) lies in the temporary folder while the database is
    open. Where addresses are bounded it has no threads of its own: one that finds none left when it begins ends the
    process without a word.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": _memory.get(),
        "temp_directory": str(scratch_folder()),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        **({"threads": 1} if are_bounded() else {}),
        **settings,
    }
    return duckdb.connect(config=config)


_EVERY = 0.1
"""Seconds after which somebody is told again."""


@contextmanager
def watched(connection: object, tell: Callable[[float], None]) -> Iterator[None]:
    """While statements run on a connection, `tell` is told on another thread which share of the present one is done.

    What it raises ends the statement, and comes out here. Of a session on a server nothing is told, nor where there
    may be no thread for it (see `connect`).
    """
    if are_bounded() or not isinstance(connection, duckdb.DuckDBPyConnection):
        yield
        return
    connection.execute("set enable_progress_bar = true; set enable_progress_bar_print = false")  # else it does not know
    over, raised = Event(), list[BaseException]()

    def watch() -> None:
        while not over.wait(_EVERY):
            if raised:
                connection.interrupt()  # again and again: between two statements nothing hears it
                continue
            try:
                tell(max(0.0, connection.query_progress()) / 100)
            except BaseException as error:  # noqa: BLE001  (raised by whoever waits)
                raised.append(error)

    thread = background.begin(watch, "watching", stop=over.set)
    try:
        yield
    except duckdb.InterruptException:
        if not raised:
            raise
    finally:
        over.set()
        thread.join()
    if raised:
        raise raised[0]
