"""HTML with tables, as many programs write it under the name .xls, and the XML that Excel 2003 wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from xml.parsers import expat

import duckdb

from factoryview.errors import InputError
from factoryview.language.said import said
from factoryview.sources.encodings import as_utf8, encoding_of, known
from factoryview.sources.events import ReadOptions
from factoryview.sources.files import InputFile
from factoryview.sources.limits import DEEPEST_XML, LONGEST_LINE, MOST_COLUMNS
from factoryview.sources.readers import sheets
from factoryview.sources.readers.objects import too_deep
from factoryview.sources.readers.sheets import Cells, Measured
from factoryview.sources.readers.xml_text import xml_file
from factoryview.sources.rejects import Rejects
from factoryview.sources.table import TextTable

_CHUNK = 1 << 20
_MOST_TABLES = 1_000
_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    rb"<(?:!doctype html|html|head|body|table|meta|style|div|h[1-6]|p|font|center)\b",
    re.IGNORECASE | re.DOTALL,
)
_WORKBOOK = re.compile(rb"<(?:\w+:)?Workbook[\s>]")
_OFFICE = b"urn:schemas-microsoft-com:office:spreadsheet"
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)

TableRow = tuple[str, int, Cells]
"""Title of the table, number of the row in it, cells."""


def sniff(source: InputFile) -> bool:
    """Whether this is a web page or a workbook in XML."""
    return _PAGE.match(source.text_head) is not None or _is_workbook(source)


def load(source: InputFile, connection: duckdb.DuckDBPyConnection, rejects: Rejects, options: ReadOptions) -> TextTable:  # noqa: ARG001
    """The table that looks most like a log, or was said, as text.

    Raises InputError where there is no table, or what holds it is broken.
    """
    measured: dict[str, Measured] = {}
    for title, _, cells in _every(source):
        if title not in measured:
            if len(measured) >= _MOST_TABLES:
                raise InputError(
                    said("error.too_many_tables", most=_MOST_TABLES), where=source.name, cure=said("error.export_one")
                )
            measured[title] = Measured()
        measured[title].add(cells)
    measured = {title: found for title, found in measured.items() if found.filled} or measured
    if not measured:
        raise InputError(said("error.no_table_in_page"), where=source.name, cure=said("error.events_as_csv"))

    def rows_of(title: str) -> Iterator[tuple[int, Cells]]:
        return ((number, cells) for found, number, cells in _every(source) if found == title)

    return sheets.read(measured, rows_of, {}, options.sheet, source, connection)


def _is_workbook(source: InputFile) -> bool:
    head = source.text_head
    return head.lstrip().startswith(b"<") and _OFFICE in head and _WORKBOOK.search(head) is not None


def _every(source: InputFile) -> Iterator[TableRow]:
    """The rows of every table."""
    if _is_workbook(source):
        path, encoding = xml_file(source)
        workbook = _Workbook(source.name, encoding)
        try:
            with path.open("rb") as raw:
                while data := raw.read(_CHUNK):
                    workbook.parser.Parse(data)
                    yield from _taken(workbook.rows)
                workbook.parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise InputError(
                said("error.broken_xml", line=error.lineno), where=source.name, cure=said("error.export_again")
            ) from None
        yield from _taken(workbook.rows)
        return
    declared = _CHARSET.search(source.text_head)
    name = encoding_of(source, certain=False)
    path = source.plain()
    if source.encoding is None and declared is not None and not name.is_utf8:
        path = as_utf8(source, known(declared[1].decode("ascii")))
    elif not name.is_utf8:
        path = as_utf8(source, name.name)
    page = _Page()
    with path.open("r", encoding="utf-8-sig", errors="replace") as file:
        while text := file.read(_CHUNK):
            page.feed(text)
            if len(page.rawdata) > LONGEST_LINE or page.too_large:
                raise InputError(said("error.broken_html"), where=source.name, cure=said("error.events_as_csv"))
            yield from _taken(page.rows)
    page.close()
    page.end_row()
    yield from _taken(page.rows)


def _taken(rows: list[TableRow]) -> list[TableRow]:
    found = rows[:]
    rows.clear()
    return found


class _Page(HTMLParser):
    """Collects the rows of tables; a table inside a cell of another is a table of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[TableRow] = []
        self.too_large = False
        self._tables = 0
        self._open: list[_Table] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._tables += 1
            self._open.append(_Table(f"table {self._tables}"))
            self.too_large = self.too_large or len(self._open) > DEEPEST_XML
        elif tag in ("style", "script"):
            self._hidden += 1
        elif not self._open:
            return
        elif tag == "tr":
            self.end_row()
        elif tag in ("td", "th"):
            said = {name: value or "" for name, value in attrs}
            self._open[-1].begin(_span(said.get("colspan")), _span(said.get("rowspan")))
        elif tag == "br":
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script"):
            self._hidden = max(0, self._hidden - 1)
        elif not self._open:
            return
        elif tag in ("td", "th"):
            self._open[-1].end()
        elif tag == "tr":
            self.end_row()
        elif tag == "table":
            self.end_row()
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and not self._hidden:
            self._open[-1].text(data)

    def end_row(self) -> None:
        """The row at hand is complete."""
        if self._open:
            table = self._open[-1]
            if (cells := table.row()) is not None:
                self.rows.append((table.title, table.number, cells))


def _span(text: str | None) -> int:
    found = (text or "").strip()
    return max(1, min(int(found), MOST_COLUMNS)) if found.isdecimal() and len(found) < 6 else 1


class _Table:
    """The row of a table that is being written."""

    def __init__(self, title: str) -> None:
        self.title, self.number = title, 0
        self._cells: list[str | None] = []
        self._pieces: list[str] | None = None
        self._span = (1, 1)
        self._below: dict[int, tuple[int, str | None]] = {}
        """Column → for how many rows more a cell above reaches down, and its text."""
        self._begun = False

    def begin(self, columns: int, rows: int) -> None:
        self.end()
        self._begun = True
        self._pieces, self._span = [], (columns, rows)

    def text(self, data: str) -> None:
        if self._pieces is not None:
            self._pieces.append(data)

    def end(self) -> None:
        if self._pieces is None:
            return
        text = " ".join("".join(self._pieces).split()) or None
        columns, rows = self._span
        self._pieces = None
        self._fill()
        if len(self._cells) + columns > MOST_COLUMNS * 2:
            return
        for place in range(columns):
            value = text if place == 0 else None
            if rows > 1:
                self._below[len(self._cells)] = (rows - 1, value)
            self._cells.append(value)

    def _fill(self) -> None:
        """What cells above say of the columns that come next."""
        while (found := self._below.get(len(self._cells))) is not None:
            left, value = found
            if left > 1:
                self._below[len(self._cells)] = (left - 1, value)
            else:
                del self._below[len(self._cells)]
            self._cells.append(value)

    def row(self) -> list[str | None] | None:
        self.end()
        if not self._begun:
            return None
        self._fill()
        cells, self._cells, self._begun = self._cells, [], False
        self.number += 1
        return cells


class _Workbook:
    """Collects the rows of the sheets of a workbook in XML (SpreadsheetML 2003)."""

    def __init__(self, file: str, encoding: str | None) -> None:
        self.rows: list[TableRow] = []
        self._file, self._title = file, ""
        self._number = self._depth = 0
        self._cells: list[object] = []
        self._pieces: list[str] | None = None
        self._column = self._across = 0
        self._kind = ""
        self.parser = expat.ParserCreate(encoding)
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse

    def _refuse(self, *_: object) -> None:
        raise InputError(said("error.has_dtd"), where=self._file, cure=said("error.save_in_excel"))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST_XML:
            raise too_deep(self._file)
        said = {name.rpartition(":")[2]: value for name, value in attributes.items()}
        match tag.rpartition(":")[2]:
            case "Worksheet":
                self._title, self._number = said.get("Name", "") or f"sheet at {self.parser.CurrentLineNumber}", 0
            case "Row":
                self._number = max(self._number + 1, _span(said.get("Index")))
                self._cells, self._column = [], 0
            case "Cell":
                self._column = max(self._column, _span(said.get("Index")) - 1)
                self._across = _span(said.get("MergeAcross")) if said.get("MergeAcross", "0") != "0" else 0
            case "Data":
                self._pieces, self._kind = [], said.get("Type", "String")

    def _text(self, data: str) -> None:
        if self._pieces is not None:
            self._pieces.append(data)

    def _end(self, tag: str) -> None:
        self._depth -= 1
        match tag.rpartition(":")[2]:
            case "Data" if self._pieces is not None:
                text = "".join(self._pieces)
                while len(self._cells) <= min(self._column, MOST_COLUMNS):
                    self._cells.append(None)
                self._cells[min(self._column, MOST_COLUMNS)] = _typed(text, self._kind)
                self._pieces = None
            case "Cell":
                self._column += 1 + self._across
            case "Row":
                self.rows.append((self._title, self._number, self._cells))


def _typed(text: str, kind: str) -> object:
    """A cell of a kind; numbers and dates are none of a header."""
    if kind == "Number":
        try:
            return float(text)
        except ValueError:
            return text
    if kind == "DateTime":
        return text.removesuffix(".000").replace("T00:00:00", "")
    return text or None
