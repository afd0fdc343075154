"""Parquet files, by DuckDB; every column becomes text, so that the same rules apply as elsewhere."""

from __future__ import annotations

import duckdb

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.sources.events import ReadOptions
from factoryview.sources.files import InputFile, literal
from factoryview.sources.limits import MOST_COLUMNS, MOST_ROWS
from factoryview.sources.rejects import Rejects
from factoryview.sources.table import RAW, TextTable, too_many_rows

_FILE = "read_parquet($path, hive_partitioning=false)"


def sniff(source: InputFile) -> bool:
    """Whether the file begins with the mark of Parquet."""
    return source.head.startswith(b"PAR1")


def load(source: InputFile, connection: duckdb.DuckDBPyConnection, rejects: Rejects, options: ReadOptions) -> TextTable:  # noqa: ARG001
    """The table of text. Raises InputError for a broken file."""
    path = literal(source.plain())
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {_FILE}", {"path": path}).fetchall()
        names = [str(row[0]) for row in described]
        if len(names) > MOST_COLUMNS:
            raise InputError(
                said("error.too_many_columns", most=MOST_COLUMNS), where=source.name, cure=said("error.fewer_columns")
            )
        kinds = [str(row[1]) for row in described]
        count = "SELECT coalesce(sum(num_rows), 0) FROM parquet_file_metadata($path)"
        if connection.execute(count, {"path": path}).fetchall()[0][0] > MOST_ROWS:
            raise too_many_rows(source.name)
        listing = ", ".join(
            f"{_as_text(name, kind)} AS c{i}" for i, (name, kind) in enumerate(zip(names, kinds, strict=True))
        )
        connection.execute(f"CREATE OR REPLACE TABLE {RAW} AS SELECT {listing} FROM {_FILE}", {"path": path})
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        raise InputError(said("error.broken_parquet"), where=source.name, cure=said("error.write_again")) from error
    return TextTable(connection, source.name, names)


def _as_text(name: str, kind: str) -> str:
    quoted = '"' + name.replace('"', '""') + '"'
    if kind.startswith("TIMESTAMP") and "TIME ZONE" not in kind:
        quoted = f"CAST({quoted} AS TIMESTAMP)"
    return f"CAST({quoted} AS VARCHAR)"
