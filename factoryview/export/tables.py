"""Tables as files: .csv, .parquet or .json."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from factoryview.errors import InputError, UsageError
from factoryview.language.said import said
from factoryview.output import defused, replacing
from factoryview.store.engine.duckdb import write_parquet


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a table; the ending of the name decides the format.

    .csv: RFC 4180 in UTF-8, with a header; text that a spreadsheet would run as a formula gets an apostrophe.
    .json: one object per row, moments in ISO 8601 with their offset, missing numbers null. .parquet: as it is.
    Raises UsageError for another ending, InputError if the file cannot be written.
    """
    writers = {".csv": _write_csv, ".json": _write_json, ".parquet": write_parquet}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise UsageError(said("error.table_format", name=path.name, endings=", ".join(writers)))
    try:
        with replacing(path) as beside:
            writer(frame, beside)
    except OSError as error:
        raise InputError(said("error.table_unwritten", why=error), where=str(path)) from error


def _write_csv(frame: pd.DataFrame, path: Path) -> None:
    safe = frame.rename(columns=_defused)
    for column in safe.select_dtypes(["object", "str", "category"]):
        safe[column] = safe[column].astype(object).map(_defused)
    safe.to_csv(path, index=False, encoding="utf-8", lineterminator="\r\n")


def _defused(cell: object) -> object:
    return defused(cell) if isinstance(cell, str) else cell


def _write_json(frame: pd.DataFrame, path: Path) -> None:
    rows = frame.copy()
    for column in rows.select_dtypes(["datetime", "datetimetz"]):
        rows[column] = rows[column].map(pd.Timestamp.isoformat)
    rows.to_json(path, orient="records", force_ascii=False, double_precision=15, indent=1)
