"""The embedded engine: DuckDB in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np

from factoryview.sources.engine import connect, watched
from factoryview.store.engine import Columns, Fetched, Parameters
from factoryview.store.queries import sql

if TYPE_CHECKING:
    import pandas as pd


_RESTING = "32MB"
"""As much may be held while nobody asks."""
_VECTORS = 100
"""Of 2,048 rows each, in a piece of an answer."""


class DuckDB:
    """Answers queries in a database of its own; each on a cursor of its own, so that threads need not wait."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        what = "select current_database(), current_setting('memory_limit')"
        [(self._database, self._memory)] = connection.execute(what).fetchall()
        self._closed = False
        self._tell: Callable[[float], None] | None = None
        self.fetched = Fetched()

    def columns(self, query: str, parameters: Parameters, only: str | None = None) -> Columns:
        """See `Engine.columns`."""
        with self._cursor(only) as cursor:
            answer = cursor.execute(query, dict(parameters) or None).fetchnumpy()
        found = {name: np.asanyarray(values) for name, values in answer.items()}
        self.fetched.count(len(next(iter(found.values()), ())), found.values())
        return found

    def pieces(self, query: str, parameters: Parameters, only: str | None = None) -> Iterator[Columns]:
        """See `Engine.pieces`."""
        with self._cursor(only) as cursor:
            cursor.execute(query, dict(parameters) or None)
            while len(frame := cursor.fetch_df_chunk(_VECTORS)):
                found = {str(name): frame[name].to_numpy() for name in frame}
                self.fetched.count(len(frame), found.values())
                yield found

    def rows(self, query: str, parameters: Parameters, only: str | None = None) -> list[tuple[Any, ...]]:
        """See `Engine.rows`."""
        with self._cursor(only) as cursor:
            rows = cursor.execute(query, dict(parameters) or None).fetchall()
        self.fetched.count_rows(rows)
        return rows

    @contextmanager
    def told(self, tell: Callable[[float], None]) -> Iterator[None]:
        """See `Engine.told`."""
        self._tell = tell
        try:
            yield
        finally:
            self._tell = None

    def rest(self) -> None:
        """See `Engine.rest`."""
        with self._cursor(None) as cursor:
            with suppress(duckdb.OutOfMemoryException):  # others are asking just now: as far as it goes
                cursor.execute(f"set memory_limit = '{_RESTING}'")
            cursor.execute(f"set memory_limit = '{self._memory}'")

    def keep(self, name: str, query: str, parameters: Parameters) -> None:
        """See `Engine.keep`."""
        with self._cursor(None) as cursor:
            cursor.execute(f"create or replace table {name} as {query}", dict(parameters) or None)

    def drop(self, name: str) -> None:
        """See `Engine.drop`."""
        if not self._closed:
            with self._cursor(None) as cursor:
                cursor.execute(f"drop table if exists {name}")

    def close(self) -> None:
        """See `Engine.close`."""
        self._closed = True
        self.connection.close()

    @contextmanager
    def _cursor(self, only: str | None) -> Iterator[duckdb.DuckDBPyConnection]:
        with self.connection.cursor() as cursor:
            if only is not None:  # temporary views belong to the cursor and come before tables of their names
                cursor.execute(sql("selection/views").format(database=self._database, only=only))
            with nullcontext() if self._tell is None else watched(cursor, self._tell):
                yield cursor


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as Parquet. Raises OSError."""
    with connect() as connection:
        try:
            connection.from_df(frame).write_parquet(str(path))
        except duckdb.IOException as error:
            raise OSError(str(error)) from error
