"""Text tables with any delimiter: CSV, TSV, semicolons. Clean files are read by DuckDB, odd ones line by line."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb

from factoryview.errors import InputError
from factoryview.sources import times
from factoryview.sources.events import Finding, ReadOptions
from factoryview.sources.files import Source, as_utf8, encoding_of, literal
from factoryview.sources.rejects import Rejects
from factoryview.sources.table import RAW, WIDEST, Filler, TextTable

_DELIMITERS = ",;\t|~^:\x1f"
_CONTROL = bytes(byte for byte in range(32) if byte not in b"\t\n\r\x1f\x0c")
_FIELD_LIMIT = 1 << 26
_RECORD_LINES = 200
"""A quoted field that runs on for more lines than this is an open quote."""
_PREAMBLE = 30


@dataclass(frozen=True)
class Dialect:
    """How the text is laid out: the delimiter, the header, and how many lines stand before the first row."""

    delimiter: str
    names: list[str]
    skip: int
    headed: bool
    plain_header: bool
    """Whether DuckDB can skip what stands above the rows by counting lines."""


def sniff(source: Source) -> bool:
    """Whether this is text at all: few control characters in its beginning."""
    head = source.head[:8192]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or head[1::2].count(0) > 0.4 * len(head[1::2]):
        return True
    if head[::2].count(0) > 0.4 * len(head[::2]):
        return True
    return len(head) - len(head.translate(None, _CONTROL)) <= 0.02 * len(head) + 2


def load(source: Source, connection: duckdb.DuckDBPyConnection, rejects: Rejects, options: ReadOptions) -> TextTable:  # noqa: ARG001
    """The table of text of a delimited file; rows that do not fit its header are set aside.

    Raises InputError when no delimiter gives a table.
    """
    first = encoding_of(source, certain=False)
    dialect, path, findings = _layout(source, first)
    table = _fast(path, source, dialect, connection)
    if table is None and (sure := encoding_of(source)) != first:
        dialect, path, findings = _layout(source, sure)
        table = _fast(path, source, dialect, connection)
    if table is None:
        table = _careful(path, source, dialect, connection, rejects)
    table.delimiter = dialect.delimiter
    table.findings[:0] = findings
    return table


def _layout(source: Source, encoding: str) -> tuple[Dialect, Path, list[Finding]]:
    """How the text is laid out, a file with it in UTF-8, and what is to be said of both."""
    findings: list[Finding] = []
    path = source.plain()
    if encoding not in ("utf-8", "utf-8-sig"):
        path = as_utf8(source, encoding)
        name = "Windows-1252" if encoding == "cp1252" else encoding.upper()
        findings.append(Finding("info", source.name, f"Read as {name}, because it is not UTF-8."))
    with path.open("r", encoding="utf-8-sig", errors="replace", newline="") as file:
        head = file.read(1 << 18)
        whole = not file.read(1)
    dialect = find_dialect(head, whole, source.name)
    if not dialect.headed:
        text = "There is no header; the columns are numbered."
        findings.append(Finding("warning", source.name, text, "Add a first line with names."))
    return dialect, path, findings


def find_dialect(head: str, whole: bool, file: str) -> Dialect:
    """The delimiter that gives a constant number of fields, the header row and what stands above it."""
    lines = list(io.StringIO(head, newline=None))
    if not whole and len(lines) > 1:
        lines.pop()
    best: tuple[float, str, int] | None = None
    declared = lines[0].strip() if lines else ""
    wish = declared[4:5] if declared.lower().startswith("sep=") else ""
    first = 1 if wish else 0
    for delimiter in wish or _DELIMITERS:
        widths = Counter(len(row) for row in _rows(lines[first:400], delimiter) if any(map(str.strip, row)))
        if not widths:
            continue
        width, hits = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
        share = hits / widths.total()
        score = share * min(width, 8) ** 0.5 * (0.3 if delimiter == ":" else 1)
        if width > 1 and (best is None or score > best[0]):
            best = (score, delimiter, width)
    if best is None:
        raise InputError(
            "no delimiter separates it into columns.",
            where=file,
            cure="Save it as CSV with a header such as case,activity,timestamp.",
        )
    _, delimiter, width = best
    if width > WIDEST:
        raise InputError(f"has more than {WIDEST} columns.", where=file, cure="Export fewer of them.")
    above = 0
    for row in _rows(lines[first : first + _PREAMBLE], delimiter):
        if len(row) == width or (len(row) == width + 1 and not row[-1].strip()):
            break
        if len(row) == 1 or not any(map(str.strip, row)):
            above += 1
        else:
            break
    reader = csv.reader(lines[first + above :], delimiter=delimiter)
    header_row = next(reader, [])
    header_lines = reader.line_num
    rows = list(islice(_rows(lines[first + above + header_lines :], delimiter), 50))
    header = [cell.strip().strip("\ufeff") for cell in header_row]
    headed = not _is_data(header, rows)
    names = header if headed else [f"column {i + 1}" for i in range(len(header))]
    names = [name or f"column {i + 1}" for i, name in enumerate(names)]
    top = lines[: first + above + 1]
    plain = header_lines == 1 and all(line.strip() for line in top) and not any('"' in line for line in top[:-1])
    return Dialect(delimiter, names, first + above + (header_lines if headed else 0), headed, plain)


def _is_data(header: list[str], rows: list[list[str]]) -> bool:
    """Whether the first row is a row like the others: it holds a moment where the next ones do, too."""
    for index, cell in enumerate(header):
        below = [row[index] for row in rows[:20] if index < len(row)]
        if below and times.looks_like_time(cell) and times.looks_like_time(below[0]):
            return True
    return False


def _rows(lines: list[str], delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(_FIELD_LIMIT)
    try:
        yield from csv.reader(lines, delimiter=delimiter)
    except csv.Error:
        return


def _fast(path: Path, source: Source, dialect: Dialect, connection: duckdb.DuckDBPyConnection) -> TextTable | None:
    """The whole file by DuckDB, strictly; None when it refuses anything."""
    if not dialect.plain_header:
        return None
    columns = "{" + ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(dialect.names))) + "}"
    try:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {RAW} AS SELECT * FROM read_csv($path, auto_detect=false, "
            f"columns={columns}, header=false, skip={dialect.skip}, delim=$delimiter, quote='\"', escape='\"', "
            "strict_mode=true, null_padding=false, ignore_errors=false, compression='none', hive_partitioning=false)",
            {"path": literal(path), "delimiter": dialect.delimiter},
        )
    except duckdb.Error:
        return None
    table = TextTable(connection, source.name, dialect.names, line=f"rowid + {dialect.skip + 1}")

    def settle(rejects: Rejects) -> TextTable:
        if _line_count(path) == table.rows + dialect.skip:
            return table
        return _careful(path, source, dialect, connection, rejects)

    table.settle = settle
    return table


def _line_count(path: Path) -> int:
    """Lines of a file, a last one without an end included."""
    count, last = 0, b"\n"
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            count += chunk.count(b"\n")
            last = chunk[-1:]
    return count + (last != b"\n")


def _careful(
    path: Path, source: Source, dialect: Dialect, connection: duckdb.DuckDBPyConnection, rejects: Rejects
) -> TextTable:
    """The whole file line by line; what does not have the header's number of fields is set aside."""
    filler = Filler(connection, source.name, dialect.names)
    width = len(dialect.names)
    for line, raw, row in _records(path, dialect):
        if row is None:
            rejects.add(line, "a quoted field is not closed", raw)
            continue
        while len(row) > width and not row[-1].strip():
            row.pop()
        if not any(map(str.strip, row)):
            continue
        if "\ufffd" in raw:
            rejects.add(line, "bytes that are no text in UTF-8", raw)
        elif len(row) != width:
            rejects.add(line, f"{len(row)} fields instead of {width}", raw, "wrong number of fields")
        else:
            filler.add(line, row)
    return filler.table([])


def _records(path: Path, dialect: Dialect) -> Iterator[tuple[int, str, list[str] | None]]:
    """Line number, text and fields of every record below the header; None for one whose quote never closes."""
    csv.field_size_limit(_FIELD_LIMIT)
    opening = re.compile(f'(?:^|{re.escape(dialect.delimiter)})\\s*"')
    with path.open("r", encoding="utf-8-sig", errors="replace", newline=None) as file:
        lines = islice(enumerate(file, 1), dialect.skip, None)
        waiting: deque[tuple[int, str]] = deque()
        while (entry := waiting.popleft() if waiting else next(lines, None)) is not None:
            number, text = entry
            taken: list[tuple[int, str]] = []
            still_open = text.count('"') % 2 == 1 and opening.search(text) is not None
            while still_open and len(taken) < _RECORD_LINES:
                more = waiting.popleft() if waiting else next(lines, None)
                if more is None:
                    break
                taken.append(more)
                still_open = more[1].count('"') % 2 == 0
            if still_open:
                waiting.extendleft(reversed(taken))
                yield number, text.rstrip("\n"), None
                continue
            record = (text + "".join(piece for _, piece in taken)).rstrip("\n")
            yield number, record, _fields(record, dialect.delimiter)


def _fields(record: str, delimiter: str) -> list[str]:
    if '"' not in record:
        return record.split(delimiter)
    return next(csv.reader(io.StringIO(record, newline=""), delimiter=delimiter), [])
