"""Excel workbooks (.xlsx, .xlsm): the sheet with the largest table, read row by row with openpyxl."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import chain, islice
from typing import Any
from xml.etree.ElementTree import ParseError

import duckdb

from factoryview.errors import InputError
from factoryview.sources.columns.roles import listed
from factoryview.sources.events import Finding, ReadOptions
from factoryview.sources.files import Source, most_unpacked
from factoryview.sources.limits import LARGEST_PART, LAST_SHEET_ROW, MOST_CELLS, MOST_COLUMNS, UNPACKED_RATIO
from factoryview.sources.rejects import Rejects
from factoryview.sources.table import Filler, TextTable

_PROBE = 200
"""Rows among which the header is looked for and the width of the table is measured."""
_BROKEN = (
    zipfile.BadZipFile, zlib.error, ParseError, EOFError, LookupError, ValueError, TypeError, AttributeError,
    OverflowError, RuntimeError, ArithmeticError, AssertionError,
)  # fmt: skip
"""What openpyxl lets through when a workbook is damaged."""

Cells = Sequence[object]


def sniff(source: Source) -> bool:
    """Whether this is a ZIP file with the workbook of Excel in it."""
    if not source.head.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(source.plain()) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except _BROKEN:
        return False


def load(source: Source, connection: duckdb.DuckDBPyConnection, rejects: Rejects, options: ReadOptions) -> TextTable:  # noqa: ARG001
    """The largest table of the workbook as text; dates become `2025-12-31`, moments `2025-12-31 14:05:00`.

    Raises InputError if openpyxl is not installed, the workbook is damaged, or no sheet holds a table.
    """
    try:
        import openpyxl
    except ImportError:
        raise InputError(
            "is an Excel file, and the part that reads it is not installed.",
            where=source.name,
            cure="pip install 'factoryview[excel]', or save the sheet as CSV.",
        ) from None
    _check_parts(source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(source.plain(), read_only=True, data_only=True)
            try:
                return _largest(book, source, connection)
            finally:
                book.close()
    except _BROKEN as error:
        raise InputError(
            "is a damaged Excel file.", where=source.name, cure="Open and save it again in Excel."
        ) from error


def _check_parts(source: Source) -> None:
    """Refuses what would unpack without end, is encrypted, or brings a DTD or entities."""
    try:
        with zipfile.ZipFile(source.plain()) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > most_unpacked(source.path.stat().st_size):
                raise InputError(
                    f"unpacks to more than {UNPACKED_RATIO} times its size.",
                    where=source.name,
                    cure="Save the sheet as CSV if that is meant.",
                )
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    as_stream = part.filename.startswith(("xl/worksheets/", "xl/sharedStrings"))
                    if part.file_size > LARGEST_PART and not as_stream:
                        raise InputError(
                            f"has a part of more than {LARGEST_PART >> 20} MB that is no table ({part.filename}).",
                            where=source.name,
                            cure="Save the sheet as CSV.",
                        )
                    with archive.open(part) as stream:
                        if b"<!DOCTYPE" in stream.read(4096):
                            raise InputError(
                                "has a DTD or entities.", where=source.name, cure="Save it again in Excel."
                            )
    except _BROKEN as error:
        raise InputError("is a damaged Excel file.", where=source.name, cure="Save it again in Excel.") from error


def _largest(book: Any, source: Source, connection: duckdb.DuckDBPyConnection) -> TextTable:
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
    for sheet in visible:
        sheet.reset_dimensions()
    best = visible[0] if len(visible) == 1 else max(visible, key=lambda sheet: _size(sheet, source), default=None)
    if best is None:
        raise InputError("holds no sheet with a table.", where=source.name, cure="Save the table as CSV.")
    table = _table(best, source, connection)
    others = [str(sheet.title) for sheet in visible if sheet is not best]
    if others:
        table.findings.insert(0, _of(source, f'The sheet "{best.title}" is read; it is the largest. Not read: '
                                     f"{listed(others)}.", "Save another one in a file of its own."))  # fmt: skip
    return table


def _size(sheet: Any, source: Source) -> int:
    """Filled cells in the rows that have at least two."""
    counts = (sum(cell is not None for cell in row) for _, row in _rows(sheet, source))
    return sum(filled for filled in counts if filled > 1)


def _rows(sheet: Any, source: Source) -> Iterator[tuple[int, Cells]]:
    """The rows of a sheet, numbered from 1. Raises InputError where there are more than a sheet can have."""
    cells = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        cells += len(row)
        if number > LAST_SHEET_ROW or cells > MOST_CELLS:
            raise InputError(
                f"has more than {LAST_SHEET_ROW:,} rows or {MOST_CELLS:,} cells in a sheet.",
                where=source.name,
                cure="Open and save it again in Excel, or save the sheet as CSV.",
            )
        yield number, row


def _table(sheet: Any, source: Source, connection: duckdb.DuckDBPyConnection) -> TextTable:
    rows = _rows(sheet, source)
    probe = list(islice(rows, _PROBE))
    head = header_row([cells for _, cells in probe])
    if head is None:
        raise InputError(
            f'the sheet "{sheet.title}" holds no table.',
            where=source.name,
            cure="It needs a row with names such as case, activity, timestamp, and rows below it.",
        )
    place, headed = head
    used = [i for i, cell in enumerate(probe[place][1]) if cell is not None]
    columns = list(range(used[0], used[-1] + 1))
    if len(columns) > MOST_COLUMNS:
        raise InputError(f"has more than {MOST_COLUMNS} columns.", where=source.name, cure="Export fewer of them.")
    header = probe[place][1]
    names = [cell_text(header[i]).strip() if headed else "" for i in columns]
    filler = Filler(connection, source.name, [name or f"column {i + 1}" for i, name in enumerate(names)])
    beyond = 0
    for line, cells in chain(probe[place + headed :], rows):
        values = [cell_text(cells[i]) if i < len(cells) else "" for i in columns]
        if any(map(str.strip, values)):
            filler.add(line, values)
        beyond += any(cell is not None for i, cell in enumerate(cells) if i < columns[0] or i > columns[-1])
    findings = []
    if not headed:
        text = "There is no header; the columns are numbered."
        findings.append(Finding("warning", source.name, text, "Add a first line with names."))
    elif place:
        findings.append(_of(source, f"The table begins in row {place + 1}; what stands above is left out."))
    if beyond:
        findings.append(_of(source, f"{beyond:,} rows have cells beside the table; they are left out."))
    return filler.table(findings)


def header_row(rows: Sequence[Cells]) -> tuple[int, bool] | None:
    """Where the table begins, and whether it begins with names; None where there is no table.

    The header is the first row nearly as wide as most, all in text; without one the first such row is data.

    >>> header_row([("Export of May", None), ("case", "time"), ("1", 2.5)])
    (1, True)
    """
    widths = Counter(width for row in rows if (width := sum(cell is not None for cell in row)) > 1)
    if not widths:
        return None
    usual = max(widths, key=lambda width: (widths[width], width))
    for place, row in enumerate(rows):
        filled = [cell for cell in row if cell is not None]
        if len(filled) >= max(2, 0.7 * usual):
            return place, all(isinstance(cell, str) for cell in filled)
    return None


def cell_text(value: object) -> str:
    """A cell as it would stand in a CSV file.

    >>> cell_text(3.0), cell_text(datetime(2025, 1, 2)), cell_text(True)
    ('3', '2025-01-02', 'true')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).encode("utf-8", "replace").decode()


def _of(source: Source, text: str, cure: str = "") -> Finding:
    return Finding("info", source.name, text, cure)
