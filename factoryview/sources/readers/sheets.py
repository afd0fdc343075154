"""Files that hold several tables, each a sheet: which one is read, and where in it the table begins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from itertools import chain, islice
from typing import Any

import duckdb

from factoryview.errors import InputError
from factoryview.language.said import either, said
from factoryview.sources.columns.roles import listed
from factoryview.sources.events import Finding, Guess
from factoryview.sources.files import InputFile
from factoryview.sources.limits import MOST_COLUMNS
from factoryview.sources.table import Filler, TextTable
from factoryview.sources.times import looks_like_time

_PROBE = 200
"""Rows among which the header is looked for and the width of the table is measured."""

Cells = Sequence[object]
Rows = Iterator[tuple[int, Cells]]


class Measured:
    """How much a sheet holds."""

    def __init__(self) -> None:
        self.filled = 0
        """Filled cells in the rows that have at least two."""
        self._times: Counter[int] = Counter()
        self._cells: Counter[int] = Counter()
        self._rows = 0

    def add(self, cells: Cells) -> None:
        filled = sum(cell is not None for cell in cells)
        self.filled += filled if filled > 1 else 0
        if filled > 1 and self._rows < _PROBE:
            self._rows += 1
            for place, cell in enumerate(cells):
                if cell is not None:
                    self._cells[place] += 1
                    self._times[place] += isinstance(cell, date) or (isinstance(cell, str) and looks_like_time(cell))

    @property
    def timed(self) -> bool:
        """Whether a column of the sheet holds moments below its header."""
        return any(self._times[place] >= 0.8 * max(1, self._cells[place] - 1) > 0 for place in self._times
                   if self._times[place])  # fmt: skip


def read(
    sheets: Mapping[str, Measured],
    rows_of: Callable[[str], Rows],
    hidden: Mapping[str, Any],
    wish: str | None,
    source: InputFile,
    connection: duckdb.DuckDBPyConnection,
) -> TextTable:
    """The table of one sheet as text, with what is to be said of the choice.

    sheets: by title, in the order of the file. hidden: read only when they are wished for. wish: a title or a number.
    Raises InputError where there is no such sheet, or no table in it.
    """
    if wish is not None:
        return _table(_wished([*sheets, *hidden], wish, source), rows_of, source, connection)
    if not sheets:
        raise InputError(said("error.no_sheet_table"), where=source.name, cure=said("error.table_as_csv"))
    timed = [title for title, measured in sheets.items() if measured.timed]
    best = max(timed or sheets, key=lambda title: sheets[title].filled)
    table = _table(best, rows_of, source, connection)
    others = [title for title in sheets if title != best]
    if len(timed) > 1:
        options = tuple(f'--sheet "{title}"' for title in timed if title != best)
        text = said("reading.sheet_guessed", best=best, others=listed(others))
        table.findings.insert(
            0, Finding("ask", source.name, text, said("reading.say_if_not", options=either(options[:3])))
        )
        table.guesses.append(Guess("sheet", best, options))
    elif others:
        why = said("reading.has_times") if timed else said("reading.is_largest")
        text = said("reading.sheet", best=best, why=why, others=listed(others))
        table.findings.insert(0, Finding("info", source.name, text, said("reading.say_another_sheet")))
    return table


def _wished(titles: Sequence[str], wish: str, source: InputFile) -> str:
    alike = [title for title in titles if title.strip().casefold() == wish.strip().casefold()]
    if wish in titles or len(alike) == 1:
        return wish if wish in titles else alike[0]
    if wish.isdecimal() and 0 < int(wish) <= len(titles):
        return titles[int(wish) - 1]
    raise InputError(
        said("error.no_sheet", name=wish), where=source.name, cure=said("error.it_has", names=listed(titles))
    )


def _table(
    title: str, rows_of: Callable[[str], Rows], source: InputFile, connection: duckdb.DuckDBPyConnection
) -> TextTable:
    rows = rows_of(title)
    probe = list(islice(rows, _PROBE))
    head = header_row([cells for _, cells in probe])
    if head is None:
        raise InputError(
            said("error.empty_sheet", name=title),
            where=source.name,
            cure=said("error.needs_names"),
        )
    place, headed = head
    used = [i for i, cell in enumerate(probe[place][1]) if cell is not None]
    columns = list(range(used[0], used[-1] + 1))
    if len(columns) > MOST_COLUMNS:
        raise InputError(
            said("error.too_many_columns", most=MOST_COLUMNS), where=source.name, cure=said("error.fewer_columns")
        )
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
        text = said("reading.no_header")
        findings.append(Finding("warning", source.name, text, said("reading.add_header")))
    elif place:
        text = said("reading.begins_in_row", n=probe[place][0])
        findings.append(Finding("info", source.name, text))
    if beyond:
        text = said("reading.beside", n=beyond)
        findings.append(Finding("info", source.name, text))
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
            return place, all(isinstance(cell, str) and not looks_like_time(cell) for cell in filled)
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
