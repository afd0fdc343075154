"""The embedded engine: DuckDB in this process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from factoryview.sources.engine import connect
from factoryview.store.engine import Columns, Parameters


class DuckDB:
    """Answers queries in a database of its own; each on a cursor of its own, so that threads need not wait."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def columns(self, query: str, parameters: Parameters) -> Columns:
        """See `Engine.columns`."""
        with self.connection.cursor() as cursor:
            answer = cursor.execute(query, dict(parameters) or None).fetchnumpy()
        return {name: np.asanyarray(values) for name, values in answer.items()}

    def rows(self, query: str, parameters: Parameters) -> list[tuple[Any, ...]]:
        """See `Engine.rows`."""
        with self.connection.cursor() as cursor:
            return cursor.execute(query, dict(parameters) or None).fetchall()

    def close(self) -> None:
        """See `Engine.close`."""
        self.connection.close()


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as Parquet. Raises OSError."""
    with connect() as connection:
        try:
            connection.from_df(frame).write_parquet(str(path))
        except duckdb.IOException as error:
            raise OSError(str(error)) from error
