"""Excel workbooks (.xlsx, .xlsm): one sheet, read row by row with openpyxl."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from xml.etree.ElementTree import ParseError

import duckdb

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.sources.events import ReadOptions
from factoryview.sources.files import InputFile, most_unpacked
from factoryview.sources.limits import LARGEST_PART, LAST_SHEET_ROW, MOST_CELLS, UNPACKED_RATIO
from factoryview.sources.readers import sheets
from factoryview.sources.readers.sheets import Cells, Measured
from factoryview.sources.rejects import Rejects
from factoryview.sources.table import TextTable

_BROKEN = (
    zipfile.BadZipFile, zlib.error, ParseError, EOFError, LookupError, ValueError, TypeError, AttributeError,
    OverflowError, RuntimeError, ArithmeticError, AssertionError,
)  # fmt: skip
"""What openpyxl lets through when a workbook is damaged."""


def sniff(source: InputFile) -> bool:
    """Whether this is a ZIP file with the workbook of Excel in it."""
    if not source.head.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(source.plain()) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except _BROKEN:
        return False


def load(source: InputFile, connection: duckdb.DuckDBPyConnection, rejects: Rejects, options: ReadOptions) -> TextTable:  # noqa: ARG001
    """The table of the sheet that looks most like a log, or was said, as text.

    Dates become `2025-12-31`, moments `2025-12-31 14:05:00`.

    Raises InputError if openpyxl is not installed, the workbook is damaged, or there is no such sheet or table.
    """
    try:
        import openpyxl
    except ImportError:
        raise InputError(
            said("error.no_excel"),
            where=source.name,
            cure=said("error.install_excel"),
        ) from None
    _check_parts(source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with (
                source.plain().open("rb") as stream,
                closing(openpyxl.load_workbook(stream, read_only=True, data_only=True)) as book,
            ):
                return _chosen(book, source, connection, options.sheet)
    except _BROKEN as error:
        raise InputError(said("error.damaged_excel"), where=source.name, cure=said("error.open_and_save")) from error


def _check_parts(source: InputFile) -> None:
    """Refuses what would unpack without end, is encrypted, or brings a DTD or entities."""
    try:
        with zipfile.ZipFile(source.plain()) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > most_unpacked(source.path.stat().st_size):
                raise InputError(
                    said("error.unpacks", ratio=UNPACKED_RATIO),
                    where=source.name,
                    cure=said("error.sheet_if_meant"),
                )
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    as_stream = part.filename.startswith(("xl/worksheets/", "xl/sharedStrings"))
                    if part.file_size > LARGEST_PART and not as_stream:
                        raise InputError(
                            said("error.large_part", size=LARGEST_PART >> 20, name=part.filename),
                            where=source.name,
                            cure=said("error.sheet_as_csv"),
                        )
                    with archive.open(part) as stream:
                        if b"<!DOCTYPE" in stream.read(4096):
                            raise InputError(said("error.has_dtd"), where=source.name, cure=said("error.save_in_excel"))
    except _BROKEN as error:
        raise InputError(said("error.damaged_excel"), where=source.name, cure=said("error.save_in_excel")) from error


def _chosen(book: Any, source: InputFile, connection: duckdb.DuckDBPyConnection, wish: str | None) -> TextTable:
    every = {str(sheet.title): sheet for sheet in book.worksheets}
    for sheet in every.values():
        sheet.reset_dimensions()
    visible = {title: sheet for title, sheet in every.items() if sheet.sheet_state == "visible"} or every
    measured = {title: Measured() for title in visible}
    if len(visible) > 1 and wish is None:
        for title, sheet in visible.items():
            for _, cells in _rows(sheet, source):
                measured[title].add(cells)
    hidden = {title: sheet for title, sheet in every.items() if title not in visible}
    return sheets.read(measured, lambda title: _rows(every[title], source), hidden, wish, source, connection)


def _rows(sheet: Any, source: InputFile) -> Iterator[tuple[int, Cells]]:
    """The rows of a sheet, numbered from 1. Raises InputError where there are more than a sheet can have."""
    cells = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        cells += len(row)
        if number > LAST_SHEET_ROW or cells > MOST_CELLS:
            raise InputError(
                said("error.large_sheet", rows=LAST_SHEET_ROW, cells=MOST_CELLS),
                where=source.name,
                cure=said("error.save_or_csv"),
            )
        yield number, row
