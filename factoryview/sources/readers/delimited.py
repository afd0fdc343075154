"""Text tables with any delimiter: CSV, TSV, semicolons. Clean files are read by DuckDB, odd ones line by line."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import duckdb

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.sources.encodings import Encoding, as_utf8, encoding_of, is_valid_beginning
from factoryview.sources.events import Finding, ReadOptions
from factoryview.sources.files import InputFile, literal, text_lines
from factoryview.sources.limits import LONGEST_LINE, MOST_OPEN_QUOTES
from factoryview.sources.readers.dialect import Dialect, find_dialect
from factoryview.sources.rejects import Rejects
from factoryview.sources.table import RAW, Filler, TextTable

_CONTROL = bytes(byte for byte in range(32) if byte not in b"\t\n\r\x1f\x0c")
_RECORD_LINES = 200
"""A quoted field that runs on for more lines than this is an open quote."""
_OPEN_QUOTE = said("reading.open_quote")


def sniff(source: InputFile) -> bool:
    """Whether this is text at all: few control characters in its beginning, or valid UTF-8 with some more."""
    head = source.head[:8192]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or head[1::2].count(0) > 0.4 * len(head[1::2]):
        return True
    if head[::2].count(0) > 0.4 * len(head[::2]):
        return True
    controls = len(head) - len(head.translate(None, _CONTROL))
    return controls <= 0.02 * len(head) + 2 or (
        controls <= 0.2 * len(head) and b"\0" not in head and is_valid_beginning(head)
    )


def load(source: InputFile, connection: duckdb.DuckDBPyConnection, rejects: Rejects, options: ReadOptions) -> TextTable:  # noqa: ARG001
    """The table of text of a delimited file; rows that do not fit its header are rejected.

    Raises InputError when no delimiter gives a table.
    """
    encoding = encoding_of(source, certain=False)
    dialect, path = _layout(source, encoding)
    table = _fast(path, source, dialect, connection)
    if table is None and encoding.is_utf8 and (sure := encoding_of(source)) != encoding:
        encoding = sure
        dialect, path = _layout(source, encoding)
        table = _fast(path, source, dialect, connection)
    if table is None:
        table = _careful(path, source, dialect, connection, rejects)
    table.delimiter = dialect.delimiter
    if formulas := [i for i, cells in enumerate(table.sample_counts) if any(map(_is_text_formula, cells))]:
        table = table.changed(lambda table: _without_formulas(table, formulas))
    findings, table.guesses = encoding.report(source.name)
    if not dialect.headed:
        text = said("reading.no_header")
        findings.append(Finding("warning", source.name, text, said("reading.add_header")))
    if dialect.numbered:
        findings.append(Finding("info", source.name, said("reading.row_names")))
    table.findings[:0] = findings
    return table


def _is_text_formula(cell: str) -> bool:
    """Whether a cell is a formula whose only part is a text, `="007"`, as those write who want zeros to stay."""
    return len(cell) > 2 and cell.startswith('="') and cell.endswith('"')


def _without_formulas(table: TextTable, columns: list[int]) -> TextTable:
    table.names = [name[2:-1] if _is_text_formula(name) else name for name in table.names]
    for column in columns:
        cell = f"c{column}"
        table.connection.execute(f"UPDATE {RAW} SET {cell} = {cell}[3:-2] WHERE {cell} LIKE '=\"%\"'")
    table.forget_sample()
    return table


def _layout(source: InputFile, encoding: Encoding) -> tuple[Dialect, Path]:
    """How the text is laid out, and a file with it in UTF-8."""
    path = source.plain() if encoding.is_utf8 else as_utf8(source, encoding.name)
    with path.open("r", encoding="utf-8-sig", errors="replace", newline="") as file:
        head = file.read(1 << 18)
        whole = not file.read(1)
    return find_dialect(head, whole, source.name), path


def _fast(path: Path, source: InputFile, dialect: Dialect, connection: duckdb.DuckDBPyConnection) -> TextTable | None:
    """The whole file by DuckDB, strictly; None when it refuses anything."""
    if not dialect.plain_header or dialect.quoting.spaced:
        return None
    columns = "{" + ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(dialect.names))) + "}"
    try:
        connection.execute(
            f"CREATE OR REPLACE TABLE {RAW} AS SELECT * FROM read_csv($path, auto_detect=false, "
            f"columns={columns}, header=false, skip={dialect.skip}, delim=$delimiter, quote=$quote, "
            "escape=$escape, nullstr='\\N', strict_mode=true, null_padding=false, ignore_errors=false, "
            "compression='none', hive_partitioning=false)",
            {
                "path": literal(path),
                "delimiter": dialect.delimiter,
                "quote": dialect.quoting.quote,
                "escape": dialect.quoting.escape or dialect.quoting.quote,
            },
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
    path: Path, source: InputFile, dialect: Dialect, connection: duckdb.DuckDBPyConnection, rejects: Rejects
) -> TextTable:
    """The whole file line by line; rows that end early are filled up, longer ones are rejected."""
    filler = Filler(connection, source.name, dialect.names)
    width, short = len(dialect.names), 0
    for line, raw, row in _records(path, dialect):
        if isinstance(row, str):
            rejects.add(line, row, raw)
            if rejects.reasons.get(_OPEN_QUOTE, 0) > MOST_OPEN_QUOTES:
                raise InputError(
                    said("error.open_quotes", most=MOST_OPEN_QUOTES),
                    where=source.name,
                    cure=said("error.quotes_right"),
                )
            continue
        while len(row) > width and not row[-1].strip():
            row.pop()
        if not any(map(str.strip, row)):
            continue
        if "\ufffd" in raw:
            rejects.add(line, said("reading.no_text"), raw)
        elif len(row) > width or len(row) == 1:
            rejects.add(line, said("reading.fields", n=len(row), width=width), raw, said("reading.wrong_fields"))
        else:
            short += len(row) < width
            filler.add(line, row + [""] * (width - len(row)))
    findings = []
    if short:
        text = said("reading.short_rows", n=short)
        findings.append(Finding("info", source.name, text))
    return filler.table(findings)


def _records(path: Path, dialect: Dialect) -> Iterator[tuple[int, str, list[str] | str]]:
    """Line number, text and fields of every record below the header; instead of fields, why there are none."""
    quoting, delimiter = dialect.quoting, dialect.delimiter
    with path.open("r", encoding="utf-8-sig", errors="replace", newline=None) as file:
        every = ((number, text, whole) for number, (text, whole) in enumerate(text_lines(file), 1))
        lines = islice(every, dialect.skip, None)
        waiting: deque[tuple[int, str, bool]] = deque()
        while (entry := waiting.popleft() if waiting else next(lines, None)) is not None:
            number, text, whole = entry
            if not whole:
                yield number, text, said("reading.long_line", n=LONGEST_LINE)
                continue
            taken: list[tuple[int, str, bool]] = []
            long, still_open = len(text), quoting.is_open(text, delimiter)
            while still_open and len(taken) < _RECORD_LINES and long < LONGEST_LINE:
                more = waiting.popleft() if waiting else next(lines, None)
                if more is None:
                    break
                long += len(more[1])
                taken.append(more)
                still_open = not quoting.odd(more[1])
            if still_open:
                waiting.extendleft(reversed(taken))
                yield number, text.rstrip("\n"), _OPEN_QUOTE
                continue
            record = (text + "".join(piece for _, piece, _ in taken)).rstrip("\n")
            yield number, record, quoting.fields(record, delimiter)
