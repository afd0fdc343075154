"""How a text is laid out as a table: its delimiter, its quotes, its header and what stands above it."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.sources import times
from factoryview.sources.limits import MOST_COLUMNS

_DELIMITERS = ",;\t|~^:\x1f"
_QUOTES = "\"'"
_COMMENTS = ("#", "//", "--", "%")
_FIELD_LIMIT = 1 << 26
_PREAMBLE = 40
_SAMPLE = 400
"""Lines by which a dialect is judged."""
_PARTED_BY_BLANKS = re.compile(r'"[^"]*"(?: "[^"]*")+')
"""A header that R writes: names in quotes with a blank between."""
_FILLED = 0.7
"""A header has a name for so many of the columns."""

_HEADED = 1.2
"""A delimiter that takes the first line apart as well is likelier by so much: rows may be short, and hold others."""


@dataclass(frozen=True)
class Quoting:
    """How fields are quoted that hold a delimiter, a quote or a line break."""

    quote: str = '"'
    escape: str = ""
    """What makes a quote inside a field plain; empty: it is doubled."""
    spaced: bool = False
    """Whether blanks stand before opening quotes."""
    wrapped: bool = False
    """Whether every line as a whole is one quoted field."""

    def rows(self, lines: Sequence[str] | Iterator[str], delimiter: str) -> Iterator[list[str]]:
        """The fields of every record; ends where the text cannot be one."""
        csv.field_size_limit(_FIELD_LIMIT)
        try:
            yield from csv.reader(
                map(self.unwrapped, lines) if self.wrapped else map(self._blanked, lines) if self.escape else lines,
                delimiter=delimiter, quotechar=self.quote, escapechar=self.escape or None, skipinitialspace=self.spaced,
            )  # fmt: skip
        except csv.Error:
            return

    def fields(self, record: str, delimiter: str) -> list[str]:
        """The fields of one record; raises csv.Error."""
        if not self.wrapped and self.quote not in record and not (self.escape and self.escape in record):
            return record.split(delimiter)
        return next(self.rows(io.StringIO(record, newline=""), delimiter), [])

    def is_open(self, text: str, delimiter: str) -> bool:
        """Whether a record begins a quoted field that its line does not close."""
        opening = rf"(?:^|{re.escape(delimiter)})\s*{re.escape(self.quote)}"
        return self.odd(text) and re.search(opening, text) is not None and not self._ends(text, delimiter)

    def _ends(self, text: str, delimiter: str) -> bool:
        """Whether a record ends with its line although its quotes are odd, as in `"12" pipe"`."""
        below = io.StringIO(text.rstrip("\n") + "\nx\n", newline="")
        return len(list(islice(self.rows(below, delimiter), 2))) > 1

    def odd(self, text: str) -> bool:
        """Whether the quotes of a text are odd in number."""
        plain = re.sub(r"\\.", "", text) if self.escape else text
        return plain.count(self.quote) % 2 == 1

    def unwrapped(self, line: str) -> str:
        """The line that was quoted as a whole; one that is not, a blank one too, as it is."""
        return next(iter(next(csv.reader([line]), [])), line)

    def _blanked(self, line: str) -> str:
        """Without the mark of databases for nothing, which would be a plain N."""
        return re.sub(r"(?<![^,;\t|])\\N(?![^,;\t|\r\n])", "", line)


@dataclass(frozen=True)
class Dialect:
    """How the text is laid out."""

    delimiter: str
    names: list[str]
    skip: int
    """Lines before the first row."""
    headed: bool
    plain_header: bool
    """Whether what stands above the rows can be skipped by counting lines."""
    quoting: Quoting = Quoting()
    numbered: bool = False
    """Whether rows begin with a name that the header has no column for, as R writes them."""


def find_dialect(head: str, whole: bool, file: str) -> Dialect:
    """The delimiter that gives a constant number of fields, the header row and what stands above it."""
    lines = list(io.StringIO(head, newline=None))
    if not whole and len(lines) > 1:
        lines.pop()
    declared = lines[0].strip() if lines else ""
    wish = declared[4:5] if declared.lower().startswith("sep=") else ""
    first = 1 if wish else 0
    wish = wish or (" " if _PARTED_BY_BLANKS.fullmatch(declared) else "")
    delimiter, quoting, width = _delimiter(lines[first : first + _SAMPLE], wish, file)
    above, header, named = _header(lines, first, delimiter, quoting, width)
    body = list(islice(quoting.rows(lines[above + named :], delimiter), 50))
    numbered = _is_numbered(header, body)
    headed = not _is_data(["", *header] if numbered else header, body)
    cells = ["", *header] if numbered else header
    names = [(cell if headed else "") or f"column {i + 1}" for i, cell in enumerate(cells)]
    if numbered and headed:
        names[0] = "row name"
    top = lines[: above + 1]
    plain = named == 1 and all(line.strip() for line in top) and not any(quoting.quote in line for line in top[:-1])
    skip = above + (named if headed else 0)
    return Dialect(delimiter, names, skip, headed, plain and not quoting.wrapped, quoting, numbered and headed)


def _delimiter(lines: list[str], wish: str, file: str) -> tuple[str, Quoting, int]:
    """The delimiter with its quoting, and up to which column most rows go."""
    best: tuple[float, str, Quoting, int] | None = None
    quoted = any(quote in line for line in lines for quote in _QUOTES)
    for delimiter in wish or _DELIMITERS:
        for quoting in _quotings(lines, delimiter):
            rows = [row for row in quoting.rows(lines, delimiter) if any(map(str.strip, row))]
            widths = Counter(map(len, rows))
            if not rows:
                continue
            width, hits = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
            headed = len(rows[0]) >= width
            most = max(width + 1, len(rows[0]))
            several = sum(n for each, n in widths.items() if 1 < each <= most)
            share = (0.7 * hits + 0.3 * several) / widths.total()
            left = sum(any(map(_has_quotes_left, row)) for row in rows) / len(rows) if quoted else 0.0
            score = (
                share
                * min(width, 8) ** 0.5
                * (_HEADED if headed else 1)
                * (0.3 if delimiter == ":" else 1)
                * (1 - 0.9 * left)
            )
            if width > 1 and (best is None or score > best[0] * 1.0001):
                best = (score, delimiter, quoting, width)
    if best is None:
        raise InputError(
            said("error.no_delimiter"),
            where=file,
            cure=said("error.save_with_header"),
        )
    _, delimiter, quoting, width = best
    if width > MOST_COLUMNS:
        raise InputError(
            said("error.too_many_columns", most=MOST_COLUMNS), where=file, cure=said("error.fewer_columns")
        )
    filled = Counter(_filled(row) for row in quoting.rows(lines, delimiter))
    return delimiter, quoting, max(filled, key=lambda each: (filled[each] * (each > 1), each))


def _has_quotes_left(cell: str) -> bool:
    """Whether a field still has the quotes that a reader takes away; a double one at its end alone may be inches."""
    cell = cell.strip()
    if cell.startswith('="') and cell.endswith('"'):  # so that a spreadsheet takes it for a text
        return False
    return len(cell) > 1 and (cell[0] in _QUOTES or cell[-1] == "'")


def _filled(row: list[str]) -> int:
    """Cells of a row up to the last one that is not blank."""
    return max((place for place, cell in enumerate(row, 1) if cell.strip()), default=0)


def _quotings(lines: list[str], delimiter: str) -> Iterator[Quoting]:
    """Ways of quoting that the lines show, the usual one first."""
    text = "".join(lines)
    usual = Quoting(spaced=re.search(rf'{re.escape(delimiter)} +"', text) is not None)
    yield usual
    if '\\"' in text or "\\" + delimiter in text:
        yield replace(usual, escape="\\")
    if '"' not in text and "'" not in text:
        return
    filled = [line.rstrip("\r\n") for line in lines if line.strip()]
    field = rf"(?:^|{re.escape(delimiter)}) *'(?:[^'\\]|''|\\.)*' *(?={re.escape(delimiter)}|$)"
    if sum(bool(re.search(field, line)) for line in filled) > 0.8 * len(filled):
        single = replace(usual, quote="'", spaced=any(re.search(rf"{re.escape(delimiter)} +'", line) for line in lines))
        yield single
        if any("\\'" in line for line in lines):
            yield replace(single, escape="\\")
    if len(filled) > 1 and sum(_is_wrapped(line, delimiter) for line in filled) > 0.8 * len(filled):
        yield Quoting(wrapped=True)


def _is_wrapped(line: str, delimiter: str) -> bool:
    if not (line.startswith('"') and line.endswith('"') and delimiter in line):
        return False
    return len(next(csv.reader([line], delimiter=delimiter), [])) == 1


def _header(lines: list[str], first: int, delimiter: str, quoting: Quoting, width: int) -> tuple[int, list[str], int]:
    """Lines above the header, its cells, and how many lines it takes.

    It is the first row with names for most columns; comments stand above it, unless data follow at once.
    """
    place = fallback = first
    for _ in range(_PREAMBLE):
        if place >= len(lines):
            break
        cells, taken = _record(lines[place:], delimiter, quoting)
        filled = sum(map(bool, cells))
        if filled >= max(2, _FILLED * width) and not _is_comment(cells, lines[place + taken :], delimiter, quoting):
            cells[0] = cells[0].lstrip("#").lstrip() or cells[0]
            return place, cells, taken
        if filled > 1 and fallback == first and not lines[place].lstrip().startswith(_COMMENTS):
            fallback = place
        place += taken
    cells, taken = _record(lines[fallback:], delimiter, quoting)
    return fallback, cells, taken


def _record(lines: list[str], delimiter: str, quoting: Quoting) -> tuple[list[str], int]:
    """The first record of the lines, and how many of them it takes."""
    reader = csv.reader(
        map(quoting.unwrapped, lines) if quoting.wrapped else lines,
        delimiter=delimiter, quotechar=quoting.quote, escapechar=quoting.escape or None,
        skipinitialspace=quoting.spaced,
    )  # fmt: skip
    try:
        row = next(reader, [])
    except csv.Error:
        row = lines[0].split(delimiter)
    return [cell.strip().strip("\ufeff") for cell in row], max(reader.line_num, 1)


def _is_comment(cells: list[str], below: list[str], delimiter: str, quoting: Quoting) -> bool:
    """Whether a row that is as wide as the table is a comment above it all the same: no data follow."""
    if not cells[0].startswith(_COMMENTS):
        return False
    following = next((row for row in quoting.rows(below[:5], delimiter) if any(map(str.strip, row))), [])
    return not any(times.looks_like_time(cell) or cell.strip().isdigit() for cell in following)


def _is_numbered(header: list[str], body: list[list[str]]) -> bool:
    """Whether rows have one cell more than the header has names, and it is no blank at their end."""
    wide = [row for row in body if len(row) == len(header) + 1]
    if not body or len(wide) < 0.9 * len(body) or not any(row[-1].strip() for row in wide):
        return False
    firsts = [row[0] for row in wide]
    return len(set(firsts)) == len(firsts)


def _is_data(header: list[str], rows: list[list[str]]) -> bool:
    """Whether the first row is a row like the others: it holds a moment where the next ones do, too."""
    for index, cell in enumerate(header):
        below = [row[index] for row in rows[:20] if index < len(row)]
        if below and times.looks_like_time(cell) and times.looks_like_time(below[0]):
            return True
    return False
