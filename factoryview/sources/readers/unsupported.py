"""Kinds of files that are recognised and cannot be read: the error says what to do instead."""

from __future__ import annotations

from typing import NoReturn

import duckdb

from factoryview.errors import InputError
from factoryview.sources.events import ReadOptions
from factoryview.sources.files import InputFile
from factoryview.sources.readers import xes
from factoryview.sources.rejects import Rejects

_KINDS: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "is a ZIP file, but no Excel workbook (.xlsx).", "Unpack it, or save the sheet as .xlsx or CSV."),
    (b"\xd0\xcf\x11\xe0", "is an old or an encrypted Excel file.", "Save it as .xlsx without a password, or as CSV."),
    (b"%PDF", "is a PDF.", "Export the events as CSV."),
    (b"BZh", "is compressed with bzip2.", "Unpack it, or use gzip."),
    (b"\xfd7zXZ", "is compressed with xz.", "Unpack it, or use gzip."),
    (b"(\xb5/\xfd", "is compressed with zstd.", "Unpack it, or use gzip."),
    (b"7z\xbc\xaf", "is a 7-Zip file.", "Unpack it."),
    (b"MIME-Version:", "is a web archive.", "Save it as .xlsx or CSV."),
)


def sniff(source: InputFile) -> bool:
    """Whether the beginning is the mark of a kind that cannot be read."""
    return _found(source) is not None


def load(source: InputFile, connection: duckdb.DuckDBPyConnection, rejects: Rejects, options: ReadOptions) -> NoReturn:  # noqa: ARG001
    """Raises InputError with the kind and what to do."""
    what, cure = _found(source) or ("is of no known kind.", "")
    raise InputError(what, where=source.name, cure=cure)


def _found(source: InputFile) -> tuple[str, str] | None:
    for mark, what, cure in _KINDS:
        if source.head.startswith(mark):
            return what, cure
    head = source.text_head.lstrip()
    if head.startswith(b"<") and xes.LOG.search(head) is None:
        return "is XML but not XES.", "Export the log as XES or CSV."
    return None
